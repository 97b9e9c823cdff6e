//! What a survivor's side sees of the police's part: how far an alert has come with each force.

use serde::Serialize;
use utoipa::ToSchema;

use super::forces::{AlertForce, ForceUnreachable};
use crate::db::Instant;
use crate::webhooks::{Delivery, Endpoint};

/// How far an alert has come with one force, for the survivor's own side.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertForceView {
    /// The force, by its data.police.uk id.
    #[schema(example = "south-yorkshire")]
    pub force_id: String,
    /// When it was first notified.
    pub notified_at: Option<Instant>,
    /// When a message was sent by mail, which nobody answers for having received.
    pub sent_by_mail_at: Option<Instant>,
    /// When a system of theirs received it, or one of them read it.
    pub delivered_at: Option<Instant>,
    /// When one of their officers acknowledged what has happened so far.
    pub acknowledged_at: Option<Instant>,
    /// Why it could not be reached when it was last to be notified. The home force is notified in its stead.
    pub unreachable: Option<ForceUnreachable>,
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
pub(in crate::escalation) fn of_forces(forces: Vec<AlertForce>, sent: &[(Delivery, Endpoint)]) -> Vec<AlertForceView> {
    forces.into_iter().map(|force| AlertForceView::of(force, sent)).collect()
}
