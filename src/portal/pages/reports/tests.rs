//! What reports name by a code has its words in both languages.

use crate::consent::Scope;
use crate::reporting::ReportName;
use crate::words::{self, Language, id_of};

fn is_said(language: Language, prefix: &str, code: &str) -> bool {
    words::find(language, &id_of(prefix, code), &[]).is_some()
}

const FIGURES: [&str; 26] = [
    "referrals",
    "referrals_by_source",
    "referrals_by_basis",
    "referrals_by_order",
    "referrals_allocated",
    "referrals_not_allocated",
    "sessions",
    "goal_change",
    "incidents",
    "check_ins",
    "alerts",
    "alerts_acknowledged",
    "alerts_acknowledged_in_time",
    "alerts_acknowledged_later",
    "alerts_not_acknowledged",
    "alerts_responded",
    "alerts_not_responded",
    "alerts_police_told",
    "alerts_police_not_told",
    "police_replied",
    "police_not_replied",
    "police_outcome_told",
    "police_outcome_not_told",
    "survivors",
    "consent_agreed",
    "consent_not_agreed",
];

#[test]
fn every_report_figure_and_measure_has_its_words() {
    let measures = [
        "people",
        "referrals",
        "sessions",
        "alerts",
        "check_ins",
        "incidents",
        "share",
        "lower_quartile",
        "median",
        "upper_quartile",
        "mean_at_start",
        "mean_at_end",
        "mean_change",
        "survivor_months",
        "rate",
    ];
    for language in Language::ALL.iter().copied() {
        for name in ReportName::ALL {
            assert!(is_said(language, "portal-report", name.as_str()), "{language}: {name}");
        }
        for figure in FIGURES {
            assert!(is_said(language, "portal-figure", figure), "{language}: {figure}");
        }
        for measure in measures {
            assert!(is_said(language, "portal-measure", measure), "{language}: {measure}");
        }
    }
}

#[test]
fn every_scope_that_is_counted_has_its_words() {
    for scope in Scope::ALL.into_iter().filter(|scope| *scope != Scope::StatsAggregate) {
        assert!(is_said(Language::English, "staff-scope", scope.as_str()), "{}", scope.as_str());
    }
}
