//! Whatever a page names by a code has its words.

use crate::escalation::{Rule, TaskKind};
use crate::identity::{Need, RiskRating};
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
fn every_need_every_risk_and_every_channel_has_its_words_in_both_languages() {
    for language in Language::ALL.iter().copied() {
        for need in Need::ALL {
            assert!(is_said(language, "portal-need", need.as_str()), "{language}: {need}");
        }
        for risk in RiskRating::ALL {
            assert!(is_said(language, "portal-risk", risk.as_str()), "{language}: {risk}");
        }
        for channel in ["push", "sms", "email", "voice"] {
            assert!(is_said(language, "portal-channel", channel), "{language}: {channel}");
        }
    }
}
