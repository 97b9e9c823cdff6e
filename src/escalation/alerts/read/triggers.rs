//! What raised an alert, or was added to it: each press of help-now is one.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::Instant;
use crate::escalation::alerts::history;
use crate::escalation::alerts::model::{HistoryKind, HistoryRow, Rule};
use crate::http::lenient;

/// Something that raised an alert or was added to it.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TriggerView {
    /// When it reached us.
    pub at: Instant,
    /// How it came: it raised the alert, was added to it, or raised its level.
    #[schema(example = "triggered_again")]
    pub kind: HistoryKind,
    /// By which rule.
    pub rule: Option<Rule>,
    /// The level that it left the alert at.
    #[schema(minimum = 1, maximum = 4)]
    pub level: i32,
    /// When the phone recorded it, by the phone's clock, where that could be read.
    pub recorded_at: Option<Instant>,
    /// When the phone that it came by was reported lost or taken, or a newer one took its place: its place may not be the survivor's.
    pub phone_reported_at: Option<Instant>,
    /// Whether nobody had confirmed the phone that it came by: its place may not be the survivor's.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub is_phone_unconfirmed: bool,
    /// JSON Pointers of what could not be read or kept of it, in part or at all; the empty one is the body as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["/location/accuracy_m"]))]
    pub dropped: Vec<String>,
}

/// The triggers among the lines of a history.
pub(super) fn of(lines: &[HistoryRow]) -> Vec<TriggerView> {
    lines.iter().filter(|line| line.kind.is_trigger()).map(view).collect()
}

fn view(line: &HistoryRow) -> TriggerView {
    let facts = history::facts_of(line).unwrap_or_default();
    TriggerView {
        at: line.at,
        kind: line.kind,
        rule: line.rule,
        level: line.level,
        recorded_at: facts.recorded_at,
        phone_reported_at: facts.phone_reported_at,
        is_phone_unconfirmed: facts.is_phone_unconfirmed,
        dropped: facts.dropped,
    }
}

/// What could not be read of any of them.
pub(super) fn dropped(triggers: &[TriggerView]) -> Vec<String> {
    let named: BTreeSet<String> = triggers.iter().flat_map(|trigger| trigger.dropped.iter().cloned()).collect();
    lenient::without_nested(&named)
}
