//! What a page of officers names by a code has its words in both languages.

use super::alert_page::OUTCOMES;
use crate::directory;
use crate::escalation::PoliceOutcome;
use crate::participants::IdentifierKind;
use crate::words::{self, Language, id_of};

fn is_said(language: Language, prefix: &str, code: &str) -> bool {
    words::find(language, &id_of(prefix, code), &[]).is_some()
}

#[test]
fn every_outcome_that_a_force_may_record_can_be_chosen() {
    let codes: Vec<&str> = PoliceOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    let chosen: Vec<&str> = OUTCOMES.iter().map(|(code, _)| *code).filter(|code| !code.is_empty()).collect();
    assert_eq!(chosen, codes);
    for language in Language::ALL.iter().copied() {
        for (_, label) in OUTCOMES {
            assert!(words::find(language, label, &[]).is_some(), "{language}: {label}");
        }
    }
}

#[test]
fn every_way_to_be_known_and_every_kind_of_place_has_its_words() {
    for language in Language::ALL.iter().copied() {
        for kind in IdentifierKind::ALL {
            assert!(is_said(language, "portal-police-known", kind.as_str()), "{language}: {kind}");
        }
        for kind in ["home", "work", "education", "family", "refuge", "other"] {
            assert!(is_said(language, "portal-police-address", kind), "{language}: {kind}");
        }
    }
}

#[test]
fn every_condition_that_is_known_has_its_words_for_officers() {
    for code in ["no_contact", "approach_within_distance", "attend_home", "exclusion_zone", "curfew", "drones"] {
        assert!(directory::condition_code(code).is_some(), "{code}");
        assert!(is_said(Language::English, "staff-condition", code), "{code}");
    }
    for code in ["children_present", "child_at_risk"] {
        assert!(is_said(Language::English, "staff-vulnerable", code), "{code}");
    }
}
