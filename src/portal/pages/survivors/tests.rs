//! What pages of a record name by a code has its words.

use crate::checkins::{ContactSinceLast, ReviewKind, ReviewState};
use crate::consent::Scope;
use crate::contact::RevokeReason;
use crate::escalation::AlertState;
use crate::evidence::EvidenceState;
use crate::identity::CodeState;
use crate::incidents::{IncidentEventKind, IncidentState, Precision, ReportingWish, Visibility};
use crate::words::{Language, find, id_of};

/// Every one of some codes has its words.
#[track_caller]
fn are_said(language: Language, prefix: &str, codes: impl IntoIterator<Item = &'static str>) {
    for code in codes {
        let id = id_of(prefix, code);
        assert!(find(language, &id, &[]).is_some(), "{language}: {id}");
    }
}

#[test]
fn every_state_and_every_act_has_its_words_in_both_languages() {
    for language in Language::ALL.iter().copied() {
        are_said(language, "portal-alert-state", AlertState::ALL.iter().map(|state| state.as_str()));
        are_said(language, "portal-answer-word", ContactSinceLast::ALL.iter().map(|word| word.as_str()));
        are_said(language, "portal-review", ReviewKind::ALL.iter().map(|kind| kind.as_str()));
        are_said(language, "portal-review-state", ReviewState::ALL.iter().map(|state| state.as_str()));
        are_said(language, "portal-code-state", CodeState::ALL.iter().map(|state| state.as_str()));
        are_said(language, "portal-revoke", RevokeReason::ALL.iter().map(|reason| reason.as_str()));
        are_said(language, "portal-incident-state", IncidentState::ALL.iter().map(|state| state.as_str()));
        are_said(language, "portal-incident-event", IncidentEventKind::ALL.iter().map(|kind| kind.as_str()));
        are_said(language, "portal-precision", Precision::ALL.iter().map(|word| word.as_str()));
        are_said(language, "portal-file", ["image", "video", "audio", "text", "other"]);
        are_said(language, "portal-severity", ["1", "2", "3", "4"]);
    }
}

#[test]
fn what_bears_on_safety_has_its_words() {
    let english = Language::English;
    are_said(english, "staff-scope", Scope::ALL.iter().map(|scope| scope.as_str()));
    are_said(english, "staff-visibility", Visibility::ALL.iter().map(|word| word.as_str()));
    are_said(english, "staff-wish", ReportingWish::ALL.iter().map(|word| word.as_str()));
    are_said(english, "staff-file-state", EvidenceState::ALL.iter().map(|state| state.as_str()));
    are_said(english, "staff-phone", ["in-use", "waits", "away", "cries", "revoked"]);
}
