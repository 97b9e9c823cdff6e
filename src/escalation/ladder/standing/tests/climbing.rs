//! Climbing a ladder by itself, without an alert.

mod properties;

use super::*;
use crate::escalation::ladder::{breach, emergency, fast, high_risk, standard};

fn noon() -> Instant {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// (index, minutes after noon, who) of each step taken.
fn table(taken: &[DueStep]) -> Vec<(u32, i64, Vec<Audience>)> {
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
