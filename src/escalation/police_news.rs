//! What a survivor and their side see of the police's part: how far an alert has come with each force, and what they said
//! came of it.

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::forces::{AlertForce, Unreachable};
use super::model::{AlertRow, HistoryKind, HistoryRow};
use super::store;
use crate::access::SurvivorAccess;
use crate::crypto::Keys;
use crate::db::{AlertId, DbConn, Instant};
use crate::error::Result;
use crate::http::page::Cursor;
use crate::webhooks::{Delivery, Endpoint};

/// How far an alert has come with one force, for the survivor's own side.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertForceView {
    /// The force, by its data.police.uk id.
    #[schema(example = "south-yorkshire")]
    pub force_id: String,
    /// When it was first notified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notified_at: Option<Instant>,
    /// When a message was sent by mail, which nobody answers for having received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_by_mail_at: Option<Instant>,
    /// When a system of theirs received it, or one of them read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Instant>,
    /// When one of their officers acknowledged what has happened so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Instant>,
    /// Why it could not be reached when it was last to be notified. The home force is notified in its stead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<Unreachable>,
}

impl AlertForceView {
    /// The view of a force and what it was sent.
    fn of(row: AlertForce, sent: &[(Delivery, Endpoint)]) -> Self {
        let own = sent.iter().filter(|(_, endpoint)| Some(endpoint.organisation_id) == row.organisation_id);
        let received = own.clone().filter_map(|(delivery, endpoint)| delivery.received_at(endpoint.kind));
        let mailed = own.filter_map(|(delivery, endpoint)| delivery.mailed_at(endpoint.kind));
        Self {
            force_id: row.force_id,
            notified_at: row.notified_at,
            sent_by_mail_at: mailed.min(),
            delivered_at: row.read_at.into_iter().chain(received).min(),
            acknowledged_at: row.acknowledged_at,
            unreachable: row.unreachable,
        }
    }
}

/// The forces of an alert, in the order in which they were named.
pub(super) fn of_forces(forces: Vec<AlertForce>, sent: &[(Delivery, Endpoint)]) -> Vec<AlertForceView> {
    forces.into_iter().map(|force| AlertForceView::of(force, sent)).collect()
}

/// What the force calls the alert whose outcome was released; else what any force called it last.
pub(super) fn force_reference(conn: &mut DbConn, keys: &Keys, alert: &AlertRow) -> Result<Option<String>> {
    if alert.outcome.is_none() || alert.outcome_released_at.is_none() {
        return Ok(None);
    }
    let lines = store::list_history(conn, alert.id)?;
    let outcome = lines.iter().rev().find(|line| line.kind == HistoryKind::PoliceOutcome);
    let of = outcome.and_then(|line| line.detail.0.get("force"));
    let named = lines.iter().rev().filter(|line| line.force_reference.is_some());
    let own = named.clone().find(|line| line.detail.0.get("force") == of);
    let Some(line) = own.or_else(|| named.clone().next()) else { return Ok(None) };
    let place = HistoryRow::place(line.survivor_id, line.id, "force_reference");
    Ok(keys.open_opt(place, line.force_reference.as_ref())?.map(|text| text.expose_secret().to_owned()))
}

/// What the police said came of an alert, as it was released to the survivor.
pub struct ReleasedOutcome {
    /// The alert.
    pub alert_id: AlertId,
    /// Its reference.
    pub reference: String,
    /// What came of it, as a code.
    pub outcome: String,
    /// When it was released.
    pub at: Instant,
    /// What the force calls the alert.
    pub force_reference: Option<String>,
}

/// Outcomes that were released to a survivor, newest first: `limit + 1` rows. Never one of a silent alert.
///
/// # Errors
/// When they cannot be read.
pub fn list_released_outcomes(
    conn: &mut DbConn,
    keys: &Keys,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ReleasedOutcome>> {
    let mut outcomes = Vec::new();
    for row in store::list_released(conn, access.id(), after, limit)? {
        outcomes.push(ReleasedOutcome {
            alert_id: row.id,
            at: row.outcome_released_at.unwrap_or(row.updated_at),
            force_reference: force_reference(conn, keys, &row)?,
            reference: row.reference,
            outcome: row.outcome.unwrap_or_default(),
        });
    }
    Ok(outcomes)
}
