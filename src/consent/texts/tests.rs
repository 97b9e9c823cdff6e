use std::collections::HashSet;

use super::*;

const EMERGENCY: &str = "This is not an emergency service. Call 999; if you cannot speak, press 55.";

fn texts() -> impl Iterator<Item = (Scope, &'static str)> {
    let text_of = |scope| text(scope, CURRENT_VERSION).unwrap();
    Scope::ALL.into_iter().map(move |scope| (scope, text_of(scope)))
}

#[test]
fn every_scope_has_its_own_text() {
    let distinct: HashSet<&str> = texts().map(|(_, text)| text).collect();
    assert_eq!(distinct.len(), Scope::ALL.len());
}

#[test]
fn an_unknown_version_has_no_text() {
    for version in ["", "0", "2", "01", "1 ", "latest"] {
        assert_eq!(text(Scope::ServiceCore, version), None, "{version:?}");
    }
}

#[test]
fn each_text_is_two_to_four_plain_sentences_apart_from_the_emergency_words() {
    for (scope, text) in texts() {
        let own = text.replace(EMERGENCY, "");
        let sentences = own.matches(". ").count() + usize::from(own.trim_end().ends_with('.'));
        assert!((2..=4).contains(&sentences), "{scope}: {sentences}");
        assert!(!text.contains("  ") && !text.contains('\n'), "{scope}");
        assert!(text.is_ascii(), "{scope}");
    }
}

#[test]
fn each_text_says_what_on_and_off_mean_and_that_it_can_be_changed() {
    for (scope, text) in texts() {
        let lower = text.to_lowercase();
        for words in ["when this is on, ", "when it is off, ", "you can change this at any time"] {
            assert!(lower.contains(words), "{scope}: {words}");
        }
    }
}

#[test]
fn an_alert_setting_says_24_hours_and_promises_no_police() {
    for (scope, text) in texts() {
        let setting = scope.is_alert_setting();
        assert_eq!(text.contains("turning it off takes 24 hours"), setting, "{scope}");
        assert_eq!(text.contains("turning it off works at once"), !setting, "{scope}");
        assert!(!setting || text.contains("never a promise that they will come"), "{scope}");
        assert_eq!(text.contains("12 months"), scope.expires(), "{scope}");
        let tells_police = scope.as_str().starts_with("alert.police.");
        assert!(!tells_police || text.ends_with(EMERGENCY), "{scope}");
    }
}

#[test]
fn no_text_uses_a_word_that_the_product_does_not() {
    let never = [
        "he",
        "she",
        "him",
        "her",
        "his",
        "hers",
        "himself",
        "herself",
        "streak",
        "false",
        "victim",
        "stalker",
        "offender",
        "perpetrator",
        "duress",
        "pin",
        "guarantee",
        "always",
    ];
    for (scope, text) in texts() {
        let lower = text.to_lowercase();
        for word in lower.split(|letter: char| !letter.is_alphanumeric()) {
            let is_refusal = scope == Scope::ResearchFollowup && word == "always";
            assert!(is_refusal || !never.contains(&word), "{scope}: {word}");
        }
    }
}
