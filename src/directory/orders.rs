//! Orders that bind somebody for another's protection: their kinds with what the law asks for, and the codes of what they
//! forbid and demand. Words for a survivor stand in `words/*/orders.ftl`, for each kind and code in both languages.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::text_enum;
use crate::words::{Language, id_of, say};

text_enum! {
    /// Which kind of order. A court's, the police's, or what a sentence brings with it; short names stand next to the long
    /// ones that mean the same.
    pub enum OrderKind {
        /// A full Stalking Protection Order.
        Spo = "spo",
        /// An interim one.
        InterimSpo = "interim_spo",
        /// A restraining order.
        RestrainingOrder = "restraining_order",
        /// A non-molestation order.
        NonMolestationOrder = "non_molestation_order",
        /// The same by its short name.
        NonMolestation = "non_molestation",
        /// An occupation order.
        OccupationOrder = "occupation_order",
        /// A Domestic Abuse Protection Order.
        DomesticAbuseProtectionOrder = "domestic_abuse_protection_order",
        /// The same by its short name.
        Dapo = "dapo",
        /// A Domestic Abuse Protection Notice: the police's, for two days.
        DomesticAbuseProtectionNotice = "domestic_abuse_protection_notice",
        /// A Domestic Violence Protection Order.
        DomesticViolenceProtectionOrder = "domestic_violence_protection_order",
        /// The same by its short name.
        Dvpo = "dvpo",
        /// An injunction against harassment.
        HarassmentInjunction = "harassment_injunction",
        /// Another injunction.
        Injunction = "injunction",
        /// A non-harassment order of a Scottish court.
        NonHarassmentOrder = "non_harassment_order",
        /// A criminal behaviour order.
        CriminalBehaviourOrder = "criminal_behaviour_order",
        /// A sexual harm prevention order.
        SexualHarmPreventionOrder = "sexual_harm_prevention_order",
        /// A sexual risk order.
        SexualRiskOrder = "sexual_risk_order",
        /// A community order.
        CommunityOrder = "community_order",
        /// A suspended sentence with requirements.
        SuspendedSentence = "suspended_sentence",
        /// Conditions of bail.
        Bail = "bail",
        /// Conditions of a licence after release.
        Licence = "licence",
        /// Held in custody until trial or sentence.
        Remand = "remand",
        /// Serving a sentence in custody.
        Custody = "custody",
        /// Any other.
        Other = "other",
    }
}

/// What the law asks of whom an order binds, and its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Notification)]
pub struct NotificationDuty {
    /// Days within which the police are notified, the day of service counted as the first.
    pub within_days: i64,
    /// What is notified.
    #[schema(value_type = Vec<String>, example = json!(["names", "home_address"]))]
    pub what: &'static [&'static str],
    /// From when the days run.
    #[schema(example = "service")]
    pub runs_from: &'static str,
    /// The law.
    #[schema(example = "Stalking Protection Act 2019, s.9")]
    pub law: &'static str,
    /// Where that was read.
    #[schema(example = "https://www.legislation.gov.uk/ukpga/2019/9/section/9")]
    pub source: &'static str,
    /// When it was checked.
    #[schema(example = "2026-11-29")]
    pub checked_on: &'static str,
}

const STALKING: NotificationDuty = NotificationDuty {
    within_days: 3,
    what: &["names", "home_address"],
    runs_from: "service",
    law: "Stalking Protection Act 2019, s.9",
    source: "https://www.legislation.gov.uk/ukpga/2019/9/section/9",
    checked_on: "2026-11-29",
};

const DOMESTIC_ABUSE: NotificationDuty = NotificationDuty {
    within_days: 3,
    what: &["names", "home_address"],
    runs_from: "service",
    law: "Domestic Abuse Act 2021, s.41",
    source: "https://www.legislation.gov.uk/ukpga/2021/17/section/41",
    checked_on: "2026-11-29",
};

impl OrderKind {
    /// The duty to notify the police that goes with it, where one does.
    #[must_use]
    pub fn notification(self) -> Option<NotificationDuty> {
        match self {
            Self::Spo | Self::InterimSpo => Some(STALKING),
            Self::DomesticAbuseProtectionOrder | Self::Dapo => Some(DOMESTIC_ABUSE),
            Self::RestrainingOrder
            | Self::NonMolestationOrder
            | Self::NonMolestation
            | Self::OccupationOrder
            | Self::DomesticAbuseProtectionNotice
            | Self::DomesticViolenceProtectionOrder
            | Self::Dvpo
            | Self::HarassmentInjunction
            | Self::Injunction
            | Self::NonHarassmentOrder
            | Self::CriminalBehaviourOrder
            | Self::SexualHarmPreventionOrder
            | Self::SexualRiskOrder
            | Self::CommunityOrder
            | Self::SuspendedSentence
            | Self::Bail
            | Self::Licence
            | Self::Remand
            | Self::Custody
            | Self::Other => None,
        }
    }

    /// Whether it protects by itself, so that it may forbid and demand nothing beyond that.
    #[must_use]
    pub fn may_lack_conditions(self) -> bool {
        matches!(self, Self::Custody | Self::Remand | Self::Licence)
    }

    /// Whether it holds until a court decides on a full one.
    #[must_use]
    pub fn is_interim(self) -> bool {
        self == Self::InterimSpo
    }

    /// Which order it is, for the survivor.
    #[must_use]
    pub fn in_words(self, language: Language) -> String {
        say(language, &id_of("order-kind", self.as_str()))
    }
}

text_enum! {
    /// What a condition of an order does (Stalking Protection Act 2019, s.2: prohibitions and requirements).
    pub enum ConditionKind {
        /// Forbids something.
        Prohibition = "prohibition",
        /// Demands something, such as attending a programme.
        Requirement = "requirement",
    }
}

/// A code that a condition may have. Codes that stand here in no line are open: `[a-z0-9_]{1,64}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionCode {
    /// The code.
    pub code: &'static str,
    /// Whether it forbids or demands.
    pub kind: ConditionKind,
    /// Whether staying away from a session is a breach of it.
    pub counts_as_attendance: bool,
}

const fn forbids(code: &'static str) -> ConditionCode {
    ConditionCode { code, kind: ConditionKind::Prohibition, counts_as_attendance: false }
}

const fn demands(code: &'static str) -> ConditionCode {
    ConditionCode { code, kind: ConditionKind::Requirement, counts_as_attendance: false }
}

const fn attends(code: &'static str) -> ConditionCode {
    ConditionCode { code, kind: ConditionKind::Requirement, counts_as_attendance: true }
}

/// The known codes of conditions.
pub const CONDITION_CODES: &[ConditionCode] = &[
    forbids("no_contact"),
    forbids("contact_by_any_means"),
    forbids("no_contact_indirect"),
    forbids("approach_within_distance"),
    forbids("approach"),
    forbids("exclusion_zone"),
    forbids("enter_area"),
    forbids("attend_home"),
    forbids("attend_work"),
    forbids("attend_school"),
    forbids("follow"),
    forbids("watch"),
    forbids("loiter"),
    forbids("monitor"),
    forbids("track_device"),
    forbids("publish"),
    forbids("social_media"),
    forbids("violence"),
    forbids("damage_property"),
    forbids("drones"),
    forbids("devices"),
    demands("surrender_devices"),
    demands("register_devices"),
    attends("attend_programme"),
    attends("attend_intervention_programme"),
    attends("attend_intervention"),
    attends("attend_sessions"),
    attends("attend_assessment"),
    attends("attend_treatment"),
    attends("attend_appointments"),
    demands("report_to_police"),
    demands("notify_address"),
    demands("notify_police"),
    demands("electronic_monitoring"),
    demands("curfew"),
    demands("reside_at_address"),
];

/// The known code of a condition.
#[must_use]
pub fn condition_code(code: &str) -> Option<&'static ConditionCode> {
    CONDITION_CODES.iter().find(|known| known.code == code)
}

/// What a condition means, for the survivor; one whose code nobody knows refers to the court's own words.
#[must_use]
pub fn condition_in_words(code: &str, kind: ConditionKind, language: Language) -> String {
    match condition_code(code) {
        Some(known) => say(language, &id_of("condition", known.code)),
        None => say(language, &format!("condition-other-{kind}")),
    }
}

/// A kind of order, for anybody.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderKindView {
    /// The code.
    pub code: OrderKind,
    /// Which order it is, in the reader's language.
    #[schema(example = "Stalking Protection Order")]
    pub in_words: String,
    /// The duty to notify the police that goes with it.
    pub notification: Option<NotificationDuty>,
    /// Whether it may forbid and demand nothing, since it protects by itself.
    pub may_lack_conditions: bool,
}

/// Every kind of order, in words of a language.
pub(super) fn kinds(language: Language) -> Vec<OrderKindView> {
    let view = |kind: &OrderKind| OrderKindView {
        code: *kind,
        in_words: kind.in_words(language),
        notification: kind.notification(),
        may_lack_conditions: kind.may_lack_conditions(),
    };
    OrderKind::ALL.iter().map(view).collect()
}

/// A code of a condition, for anybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConditionCodeView {
    /// The code.
    #[schema(example = "approach_within_distance")]
    pub code: &'static str,
    /// Whether it forbids or demands.
    pub kind: ConditionKind,
    /// What it means, in the reader's language.
    #[schema(example = "The person must not follow you.")]
    pub in_words: String,
    /// Whether staying away from a session of the programme is a breach of it.
    pub counts_as_attendance: bool,
}

/// Every known code of a condition, in words of a language.
pub(super) fn conditions(language: Language) -> Vec<ConditionCodeView> {
    let view = |known: &ConditionCode| ConditionCodeView {
        code: known.code,
        kind: known.kind,
        in_words: condition_in_words(known.code, known.kind, language),
        counts_as_attendance: known.counts_as_attendance,
    };
    CONDITION_CODES.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::limits;
    use crate::words::find;

    #[test]
    fn every_kind_and_every_code_has_words_in_both_languages() {
        for language in Language::ALL {
            for kind in OrderKind::ALL {
                let id = id_of("order-kind", kind.as_str());
                assert!(find(*language, &id, &[]).is_some(), "{language}: {id}");
                assert_eq!(
                    kind.in_words(*language).as_str() == OrderKind::Other.in_words(*language),
                    *kind == OrderKind::Other
                );
            }
            for known in CONDITION_CODES {
                let id = id_of("condition", known.code);
                assert!(find(*language, &id, &[]).is_some(), "{language}: {id}");
            }
            for kind in ConditionKind::ALL {
                assert!(find(*language, &format!("condition-other-{kind}"), &[]).is_some(), "{language}: {kind}");
            }
        }
    }

    #[test]
    fn codes_stand_once_and_only_a_requirement_counts_as_attendance() {
        let codes: BTreeSet<&str> = CONDITION_CODES.iter().map(|known| known.code).collect();
        assert_eq!(codes.len(), CONDITION_CODES.len());
        for known in CONDITION_CODES {
            assert!(limits::code(known.code, &()).is_ok(), "{}", known.code);
            assert!(!known.counts_as_attendance || known.kind == ConditionKind::Requirement, "{}", known.code);
        }
        let counts = |code| condition_code(code).is_some_and(|known| known.counts_as_attendance);
        assert!(counts("attend_programme") && counts("attend_intervention_programme"));
        assert!(!counts("attend_home") && !counts("attend_anything_else"));
    }

    #[test]
    fn stalking_and_domestic_abuse_protection_orders_are_notified_within_three_days() {
        let days = |kind: OrderKind| kind.notification().map(|duty| duty.within_days);
        for kind in OrderKind::ALL {
            let is_due = ["spo", "interim_spo", "dapo", "domestic_abuse_protection_order"].contains(&kind.as_str());
            assert_eq!(days(*kind), is_due.then_some(3), "{kind}");
        }
    }
}
