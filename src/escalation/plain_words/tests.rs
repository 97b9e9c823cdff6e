use super::*;
use crate::escalation::ladder;

fn alert(police_will_be_told: bool, delivered: bool, seen: bool) -> Raised {
    let at = Some("2026-11-21T12:00:00Z".parse().unwrap());
    Raised {
        id: crate::db::AlertId::new("2026-11-21T12:00:00Z".parse().unwrap()),
        reference: "AL-6F2K-8C3D-M".to_owned(),
        state: "open".to_owned(),
        level: 4,
        police_will_be_told,
        delivered_at: at.filter(|_| delivered),
        sent_by_mail_at: None,
        acknowledged_at: at.filter(|_| seen),
    }
}

#[test]
fn the_truth_about_an_alert_never_says_more_than_happened_and_never_promises_police() {
    for language in Language::ALL {
        let say = |id| say(*language, id);
        for (told, delivered, seen) in
            [(false, false, false), (true, false, false), (true, true, false), (true, true, true)]
        {
            let words = of_alert(&alert(told, delivered, seen), AlertState::Open, *language);
            let has = |id| words.contains(&say(id));
            assert!(has("alert-accepted") && has("emergency"), "{words:?}");
            assert_eq!(has("alert-person-seen"), seen, "{words:?}");
            assert_eq!(has("alert-person-waiting"), !seen, "{words:?}");
            assert_eq!(has("alert-police-delivered"), delivered, "{words:?}");
            assert_eq!(has("alert-police-off"), !told, "{words:?}");
            assert_eq!(has("alert-police-no-promise"), told, "{words:?}");
        }
        let closed = of_alert(&alert(true, true, true), AlertState::StoodDown, *language);
        assert!(closed.contains(&say("alert-stood_down")));
    }
}

#[test]
fn every_ladder_that_is_shipped_can_be_told_in_both_languages() {
    for shipped in ladder::all() {
        for language in Language::ALL {
            let words = of_ladder(&shipped, PoliceTold::Unreachable, *language);
            assert_eq!(words.len(), shipped.steps.len() + usize::from(shipped.repeat.is_some()) + 1, "{words:?}");
            let raw = ["audience-", "ladder-", "$"];
            assert!(words.iter().all(|line| raw.iter().all(|raw| !line.contains(raw))), "{words:?}");
        }
    }
}

#[test]
fn welsh_counts_minutes_as_welsh_does() {
    let who = [("minutes", 2.into()), ("who", "x".into())];
    assert_eq!(say_with(Language::Welsh, "ladder-after", &who), "Ar ôl 2 funud: x.");
    let who = [("minutes", 10.into()), ("who", "x".into())];
    assert_eq!(say_with(Language::Welsh, "ladder-after", &who), "Ar ôl 10 munud: x.");
    let who = [("minutes", 1.into()), ("who", "x".into())];
    assert_eq!(say_with(Language::English, "ladder-after", &who), "After 1 minute: x.");
}

#[test]
fn an_outcome_that_nobody_foresaw_is_told_in_general() {
    assert_eq!(of_outcome("arrest", Language::English), "The police told us that they have made an arrest.");
    assert_eq!(of_outcome("something_new", Language::Welsh), say(Language::Welsh, "outcome-other"));
}
