//! What the page of a case names by a code has its words.

use crate::access::CaseState;
use crate::cases::{CaseConcernState, Reason, SignalKind, Withheld};
use crate::checkins::EffectiveState;
use crate::escalation::OverrideBasis;
use crate::participants::ConcernKind;
use crate::programme::{Attendance, GoalState};
use crate::words::{self, Language, id_of};

fn is_said(languages: &[Language], prefix: &str, code: &str) -> bool {
    languages.iter().all(|language| words::find(*language, &id_of(prefix, code), &[]).is_some())
}

#[test]
fn every_kind_and_every_state_has_its_words_in_both_languages() {
    let kinds = Withheld::ALL.iter().map(|kind| ("portal-kind", kind.as_str()));
    let cases = CaseState::ALL.iter().map(|state| ("portal-case-state", state.as_str()));
    let concerns = CaseConcernState::ALL.iter().map(|state| ("portal-concern-state", state.as_str()));
    let goals = GoalState::ALL.iter().map(|state| ("portal-goal-state", state.as_str()));
    let came = Attendance::ALL.iter().map(|came| ("portal-attendance", came.as_str()));
    for (prefix, code) in kinds.chain(cases).chain(concerns).chain(goals).chain(came) {
        assert!(is_said(Language::ALL, prefix, code), "{prefix}: {code}");
    }
    for severity in 1..=4 {
        assert!(is_said(Language::ALL, "portal-severity", &severity.to_string()), "{severity}");
    }
}

#[test]
fn every_word_of_safety_is_said_in_english() {
    let english = [Language::English];
    for reason in Reason::ALL {
        assert!(is_said(&english, "staff-withheld", reason.as_str()), "{reason}");
    }
    for signal in SignalKind::ALL {
        assert!(is_said(&english, "staff-signal", signal.as_str()), "{signal}");
    }
    for state in EffectiveState::ALL {
        assert!(is_said(&english, "staff-check-in", state.as_str()), "{state}");
    }
    for kind in ConcernKind::ALL {
        assert!(is_said(&english, "staff-fear", kind.as_str()), "{kind}");
    }
    for basis in OverrideBasis::ALL {
        assert!(is_said(&english, "staff-override-basis", basis.as_str()), "{basis}");
    }
}
