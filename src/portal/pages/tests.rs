//! What a page names by a code has its words.

use crate::escalation::{Rule, TaskKind};
use crate::identity::{Need, RiskRating};
use crate::participants::tasks::ProgrammeTaskKind;
use crate::words::{self, Language, id_of};

fn is_said(language: Language, prefix: &str, code: &str) -> bool {
    words::find(language, &id_of(prefix, code), &[]).is_some()
}

#[test]
fn every_rule_and_every_task_has_its_words() {
    for rule in Rule::ALL {
        assert!(is_said(Language::English, "staff-happened", rule.as_str()), "{rule}");
    }
    for kind in TaskKind::ALL {
        assert!(is_said(Language::English, "staff-task", kind.as_str()), "{kind}");
    }
    for kind in ProgrammeTaskKind::ALL {
        assert!(is_said(Language::English, "staff-programme", kind.as_str()), "{kind}");
    }
}

#[test]
fn every_act_and_every_outcome_has_its_words() {
    let acts = [
        "level_raised",
        "acknowledged",
        "police_acknowledged",
        "progress",
        "reopened",
        "police_outcome",
        "outcome_released",
        "outcome_withheld",
        "resolved",
        "stood_down",
    ];
    for act in acts {
        assert!(is_said(Language::English, "staff-act", act), "{act}");
    }
    let outcomes = ["safe_and_well", "arrest", "order_breach_recorded", "crime_recorded", "suspect_spoken_to"];
    for outcome in outcomes.into_iter().chain(["no_trace", "not_attended", "referred", "other"]) {
        assert!(is_said(Language::English, "staff-outcome", outcome), "{outcome}");
    }
}

#[test]
fn everybody_who_is_notified_and_what_came_of_it_has_its_words() {
    let audiences = [
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
        "administrator",
    ];
    for audience in audiences {
        assert!(is_said(Language::English, "staff-audience", audience), "{audience}");
    }
    let of_people = ["no_one", "shown_in_portal", "failed", "queued", "sent", "notified", "task", "gap", "told"];
    let of_others = ["withheld", "no_channel", "no_consent", "unsafe_contact", "throttled", "already_acknowledged"];
    let of_police = ["told_of_each", "already_on_its_way", "no_further_endpoint"];
    for outcome in of_people.into_iter().chain(of_others).chain(of_police) {
        assert!(is_said(Language::English, "staff-reached", outcome), "{outcome}");
    }
    for answer in ["safe", "safe_unproven", "concern", "help_now", "timer_ended", "unread"] {
        assert!(is_said(Language::English, "staff-answer", answer), "{answer}");
    }
}

#[test]
fn every_need_every_risk_and_every_channel_has_its_words_in_both_languages() {
    for language in Language::ALL.iter().copied() {
        for need in Need::ALL {
            assert!(is_said(language, "portal-need", need.as_str()), "{language}: {need}");
        }
        for risk in RiskRating::ALL {
            assert!(is_said(language, "portal-risk", risk.as_str()), "{language}: {risk}");
        }
        for known in Language::ALL {
            assert!(is_said(language, "portal-language", known.as_str()), "{language}: {known}");
        }
        for channel in ["push", "sms", "email", "voice"] {
            assert!(is_said(language, "portal-channel", channel), "{language}: {channel}");
        }
    }
}
