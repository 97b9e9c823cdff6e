use proptest::prelude::*;

use super::*;
use crate::db::Instant;

fn noon() -> Instant {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// (index, minutes after noon, who) of each step taken.
fn table(taken: &[Taken]) -> Vec<(u32, i64, Vec<Audience>)> {
    taken
        .iter()
        .map(|step| {
            let minutes = step.due.seconds_since(noon()) / 60;
            (step.index, minutes, step.tell.clone())
        })
        .collect()
}

/// (index, minutes after noon) of what is taken by a worker that ticks every minute.
fn ticked(ladder: &Ladder, minutes: i64) -> Vec<(u32, i64)> {
    let mut position = Position::start(ladder, 1, noon());
    let mut all = Vec::new();
    for minute in 0..=minutes {
        let (taken, next) = climb(ladder, position, noon().plus_minutes(minute));
        all.extend(table(&taken).into_iter().map(|(index, at, _)| (index, at)));
        position = next;
    }
    all
}

#[test]
fn the_default_ladders_are_valid_and_have_their_own_codes() {
    let codes: Vec<String> = all().into_iter().map(|ladder| ladder.code).collect();
    assert_eq!(codes, ["standard", "high_risk", "fast", "emergency", "breach", "advocate_only", "review"]);
    for ladder in all() {
        assert_eq!(ladder.validate(), Ok(()), "{}", ladder.code);
    }
}

#[test]
fn the_default_ladders_climb_at_the_published_minutes() {
    let standard = ticked(&standard(), 3000);
    assert_eq!(standard, [(0, 0), (1, 0), (2, 60), (3, 180), (4, 1620)]);
    let high_risk = ticked(&high_risk(), 60);
    assert_eq!(high_risk, [(0, 0), (1, 10), (2, 20), (3, 30), (4, 45), (5, 60)]);
    let fast = ticked(&fast(), 36);
    assert_eq!(fast, [(0, 0), (1, 5), (2, 15), (3, 25), (4, 35)]);
    let emergency = ticked(&emergency(), 13);
    assert_eq!(emergency, [(0, 0), (1, 2), (2, 7), (3, 12)]);
    let breach = ticked(&breach(), 3000);
    assert_eq!(breach, [(0, 0), (1, 30), (2, 270), (3, 1710)]);
}

#[test]
fn an_emergency_tells_everybody_at_once_and_asks_for_999_first() {
    use Audience::{Advocate, Call999, Duty, NextPolice, Police, Supervisor};
    let ladder = emergency();
    let start = Position::start(&ladder, 1, noon());
    let everybody = vec![Call999, Duty, Advocate, Supervisor, Police];
    let (taken, position) = climb(&ladder, start, noon());
    assert_eq!(table(&taken), [(0, 0, everybody.clone())]);
    let (taken, _) = climb(&ladder, position, noon().plus_minutes(7));
    assert_eq!(table(&taken), [(1, 2, vec![NextPolice]), (2, 7, everybody)]);
}

#[test]
fn comparisons_are_inclusive_to_the_second() {
    let ladder = high_risk();
    let (_, position) = climb(&ladder, Position::start(&ladder, 1, noon()), noon());
    let due = noon().plus_minutes(10);
    assert_eq!(position.due, Some(due));
    assert!(climb(&ladder, position, due.plus_seconds(-1)).0.is_empty());
    assert_eq!(climb(&ladder, position, due).0.len(), 1);
}

#[test]
fn a_late_tick_postpones_no_later_step() {
    let ladder = high_risk();
    let (_, position) = climb(&ladder, Position::start(&ladder, 1, noon()), noon());
    let (taken, position) = climb(&ladder, position, noon().plus_minutes(19));
    assert_eq!(taken.len(), 1);
    assert_eq!(position.due, Some(noon().plus_minutes(20)));
}

#[test]
fn repeats_missed_in_an_outage_become_one_and_the_rhythm_stays() {
    let ladder = emergency();
    let start = Position::start(&ladder, 1, noon());
    let (taken, position) = climb(&ladder, start, noon().plus_minutes(7 * 24 * 60));
    let steps: Vec<u32> = taken.iter().map(|step| step.index).collect();
    assert_eq!(steps, [0, 1, 2]);
    let repeat = taken.last().unwrap().due;
    assert_eq!(repeat, noon().plus_minutes(7 * 24 * 60 - 3));
    assert_eq!(position.due, Some(repeat.plus_minutes(5)));
    assert_eq!(position.next, 3);
}

#[test]
fn a_stopped_climb_takes_nothing_and_resumes_where_it_was() {
    let ladder = high_risk();
    let (_, position) = climb(&ladder, Position::start(&ladder, 1, noon()), noon());
    let stopped = stop(position);
    let later = noon().plus_minutes(30);
    assert_eq!(climb(&ladder, stopped, later), (Vec::new(), stopped));
    let resumed = resume(&ladder, stopped, later);
    let (taken, position) = climb(&ladder, resumed, later);
    assert_eq!(table(&taken), [(1, 30, vec![Audience::SecondDuty])]);
    assert_eq!(position.due, Some(later.plus_minutes(10)));
}

#[test]
fn resuming_a_climb_that_goes_on_postpones_nothing() {
    let ladder = high_risk();
    let position = Position::start(&ladder, 1, noon());
    assert_eq!(resume(&ladder, position, noon().plus_minutes(5)), position);
}

#[test]
fn resuming_a_ladder_that_has_ended_begins_a_new_round() {
    let ladder = standard();
    let much_later = noon().plus_hours(72);
    let start = Position::start(&ladder, 1, noon());
    let (_, ended) = climb(&ladder, start, much_later);
    assert_eq!(ended.due, None);
    let resumed = resume(&ladder, ended, much_later);
    let round = Position { round: 2, next: 0, due: Some(much_later) };
    assert_eq!(resumed, round);
}

#[test]
fn a_further_trigger_restarts_at_once_even_after_an_acknowledgement() {
    let mut ladder = fast();
    ladder.steps[0].wait_minutes = 3;
    let acknowledged = stop(Position::start(&ladder, 1, noon()));
    let restarted = restart(&ladder, acknowledged, noon().plus_minutes(1));
    let (taken, position) = climb(&ladder, restarted, noon().plus_minutes(1));
    assert_eq!((taken[0].round, taken[0].index), (2, 0));
    assert_eq!(position.due, Some(noon().plus_minutes(6)));
}

#[test]
fn an_invalid_ladder_that_repeats_without_waiting_still_ends_each_climb() {
    let mut ladder = emergency();
    ladder.repeat.as_mut().unwrap().every_minutes = 0;
    let start = Position::start(&ladder, 1, noon());
    let (taken, position) = climb(&ladder, start, noon().plus_hours(5));
    assert_eq!(taken.len(), 3);
    assert!(position.due > Some(noon().plus_hours(5)));
}

#[test]
fn ladders_are_stored_under_the_words_of_the_design() {
    let words = [
        "nudge",
        "advocate",
        "duty",
        "second_duty",
        "supervisor",
        "supervisor_decision",
        "survivor_call",
        "call_999",
        "consider_999",
        "police",
        "next_police",
        "police_reminder",
        "trusted_contact",
    ];
    for word in words {
        let json = format!("\"{word}\"");
        let audience: Audience = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&audience).unwrap(), json);
    }
    for ladder in all() {
        let json = serde_json::to_string(&ladder).unwrap();
        assert_eq!(serde_json::from_str::<Ladder>(&json).unwrap(), ladder);
    }
}

#[test]
fn an_unknown_field_or_audience_is_refused() {
    let step = r#"{"wait_minutes":0,"tell":["advocate"]}"#;
    let good = format!(r#"{{"code":"a","version":1,"steps":[{step}]}}"#);
    assert!(serde_json::from_str::<Ladder>(&good).is_ok());
    let misspelt = good.replace("\"version\":1", "\"version\":1,\"repeats\":null");
    let unknown = good.replace("advocate", "neighbour");
    let negative = good.replace("\"wait_minutes\":0", "\"wait_minutes\":-1");
    for bad in [misspelt, unknown, negative] {
        assert!(serde_json::from_str::<Ladder>(&bad).is_err(), "{bad}");
    }
}

/// The faults of the fast ladder after a change.
fn faults(change: impl FnOnce(&mut Ladder)) -> Vec<LadderFault> {
    let mut ladder = fast();
    change(&mut ladder);
    ladder.validate().err().unwrap_or_default()
}

#[test]
fn each_fault_of_form_is_named() {
    use LadderFault as F;
    assert_eq!(faults(|l| l.code = "Fast!".to_owned()), [F::Code]);
    assert_eq!(faults(|l| l.version = 0), [F::Version]);
    assert_eq!(faults(|l| l.steps[1].wait_minutes = 10_081), [F::WaitTooLong(1)]);
    assert_eq!(faults(|l| l.steps[1].wait_minutes = 10_080), []);
    assert_eq!(faults(|l| l.steps[1].tell.clear()), [F::TellsNobody(1)]);
    let twice = F::ToldTwice(2, Audience::Police);
    assert_eq!(faults(|l| l.steps[2].tell.push(Audience::Police)), [twice]);
    let every = |minutes| move |l: &mut Ladder| l.repeat.as_mut().unwrap().every_minutes = minutes;
    assert_eq!(faults(every(0)), [F::RepeatInterval]);
    assert_eq!(faults(every(10_081)), [F::RepeatInterval]);
    assert_eq!(faults(|l| l.repeat.as_mut().unwrap().tell.clear()), [F::TellsNobody(3)]);
    assert_eq!(faults(|l| l.steps = vec![l.steps[0].clone(); 51]), [F::TooManySteps]);
    assert_eq!(faults(|l| l.steps.clear()), [F::NoSteps]);
}

#[test]
fn each_fault_of_order_is_named() {
    use Audience::{Call999, NextPolice, Nudge, Police, PoliceReminder, SurvivorCall};
    use LadderFault as F;
    let police_first = faults(|l| l.steps[0].tell = vec![Police]);
    assert_eq!(police_first, [F::PoliceBeforeSupport(0)]);
    assert_eq!(faults(|l| l.steps[0].tell.push(Police)), []);
    let next_at_once = faults(|l| l.steps[2].tell = vec![Police, NextPolice]);
    assert_eq!(next_at_once, [F::NoPoliceBefore(2)]);
    let reminder_first = faults(|l| l.steps[1].tell.push(PoliceReminder));
    assert_eq!(reminder_first, [F::NoPoliceBefore(1)]);
    let nobody = faults(|l| {
        l.steps.truncate(1);
        l.steps[0].tell = vec![Nudge, SurvivorCall];
        l.repeat = None;
    });
    assert_eq!(nobody, [F::NobodyCanAcknowledge]);
    let ends = faults(|l| {
        l.steps[0].tell.push(Call999);
        l.repeat = None;
    });
    assert_eq!(ends, [F::EmergencyEnds]);
}

mod properties;
