use super::*;
use crate::escalation::ladder;

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
