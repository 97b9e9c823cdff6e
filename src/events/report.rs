//! What rules look at of what a phone sent, and how it reached us.

use crate::db::{ConditionId, Instant};

/// The parts of an incident that rules look at. Codes only, no narrative.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentReport {
    /// Behaviour codes.
    pub behaviours: Vec<String>,
    /// The highest base severity among them, 1 to 4.
    pub base_severity: i32,
    /// Whether one of them happens in person.
    pub is_in_person: bool,
    /// 0 to 4.
    pub fear: i32,
    /// Whether it is going on as it is reported.
    pub is_happening_now: bool,
    /// Whether the survivor keeps it for themselves.
    pub is_private: bool,
    /// Whether its visibility reaches the police.
    pub is_for_police: bool,
    /// Whether police may speak to the survivor about it.
    pub police_may_contact: bool,
    /// Whether it came from a session under duress.
    pub is_duress: bool,
    /// The order condition that it may breach.
    pub condition: Option<ConditionId>,
    /// When it happened, as far as that was reported.
    pub happened_at: Instant,
    /// The force of its place, where that is known.
    pub force: Option<String>,
    /// How it reached us.
    pub heard: ReportArrival,
}

/// How something that a phone sent reached us.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportArrival {
    /// When the phone recorded it, where that could be read.
    pub recorded_at: Option<Instant>,
    /// JSON Pointers of what could not be read or kept: names, never values.
    pub dropped: Vec<String>,
    /// When the phone that sent it was reported lost or taken, or a newer one took its place, where that was so.
    pub reported_at: Option<Instant>,
    /// Whether nobody had confirmed the phone that sent it.
    pub is_unconfirmed: bool,
}
