use super::*;

#[test]
fn the_default_ladders_are_valid_and_have_their_own_codes() {
    let codes: Vec<String> = all().into_iter().map(|ladder| ladder.code).collect();
    assert_eq!(codes, ["standard", "high_risk", "fast", "emergency", "breach", "advocate_only", "review"]);
    for ladder in all() {
        assert_eq!(ladder.validate(), Ok(()), "{}", ladder.code);
    }
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
