//! What a page of administrators names by a code has its words.

use crate::escalation::Unreachable;
use crate::identity::{OrganisationKind, Role, TwoPersonAct};
use crate::webhooks::{DeliveryState, EndpointKind};
use crate::words::{self, Language, id_of};

#[track_caller]
fn is_said(language: Language, prefix: &str, code: &str) {
    assert!(words::find(language, &id_of(prefix, code), &[]).is_some(), "{language}: {prefix}-{code}");
}

#[test]
fn every_kind_role_and_act_has_its_words_in_both_languages() {
    for language in Language::ALL.iter().copied() {
        OrganisationKind::ALL.iter().for_each(|kind| is_said(language, "portal-organisation", kind.as_str()));
        Role::ALL.iter().for_each(|role| is_said(language, "portal-role", role.as_str()));
        TwoPersonAct::ALL.iter().for_each(|act| is_said(language, "portal-two-people", act.as_str()));
        EndpointKind::ALL.iter().for_each(|kind| is_said(language, "portal-endpoint", kind.as_str()));
        for reason in ["lost", "back", "not_safe"] {
            is_said(language, "portal-setup", reason);
        }
    }
}

#[test]
fn whatever_becomes_of_a_message_has_its_words() {
    for why in Unreachable::ALL {
        is_said(Language::English, "staff-unreached", why.as_str());
    }
    for state in DeliveryState::ALL {
        is_said(Language::English, "staff-delivery", state.as_str());
    }
    for outcome in ["received", "sent", "refused", "under_way", "timeout", "tls", "connect", "blocked_address", "other"]
    {
        is_said(Language::English, "staff-attempt", outcome);
    }
    let raised = ["raised", "updated", "escalated", "resolved", "withdrawn", "exercise"];
    for code in raised.map(|phase| format!("safety.alert.{phase}")) {
        is_said(Language::English, "staff-message", &code);
    }
    for code in ["endpoint.test", "watchdog", "other"] {
        is_said(Language::English, "staff-message", code);
    }
}
