//! What happened to an incident: who did what and why, and how it stood after that. Lines are added and never changed.

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Incident, IncidentEvent, IncidentEventKind, IncidentState, IncidentVersion, Visibility};
use super::store;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{IncidentEventId, Instant, SubjectId};
use crate::error::Result;
use crate::tx::Tx;

/// Why an incident was opened that a silent alert opened: nothing of it may show on the phone while it is silent.
pub const SILENT: &str = "silent_alert";

impl IncidentEvent {
    /// Whether a silent alert opened the incident.
    fn is_silent(&self, keys: &Keys) -> Result<bool> {
        let is_release = self.kind == IncidentEventKind::Released;
        Ok(is_release && open!(keys, self.reason)?.is_some_and(|reason| reason.expose_secret() == SILENT))
    }
}

/// Adds a line about an incident as it is now.
pub(super) fn write(
    tx: &mut Tx<'_>,
    incident: &Incident,
    kind: IncidentEventKind,
    reason: Option<&str>,
    note: Option<&Private>,
) -> Result<()> {
    let id = IncidentEventId::new(tx.now);
    let new = IncidentEvent::sealing(tx.keys, incident.survivor_id, id);
    let reason = reason.map(Private::from);
    let row = IncidentEvent {
        id,
        incident_id: incident.id,
        survivor_id: incident.survivor_id,
        at: tx.now,
        kind,
        state: incident.state,
        version: incident.version,
        severity: incident.severity,
        visibility: incident.visibility,
        reason: seal!(new.reason, &reason)?,
        note: seal!(new.note, &note)?,
        actor_kind: tx.actor.kind().to_owned(),
        actor_id: tx.actor.id().map(SubjectId),
    };
    store::insert_event(tx, row)
}

/// Leaves out what a silent alert opened, and who could see the incident since because of it: each line shows how far the
/// survivor had opened it in the version of then.
pub fn hide_silent(
    keys: &Keys,
    events: Vec<IncidentEvent>,
    versions: &[IncidentVersion],
) -> Result<Vec<IncidentEvent>> {
    let mut shown = Vec::with_capacity(events.len());
    for mut event in events {
        if event.is_silent(keys)? {
            continue;
        }
        if let Some(told) = versions.iter().find(|told| told.version == event.version) {
            event.visibility = told.visibility;
        }
        shown.push(event);
    }
    Ok(shown)
}

/// One thing that happened, for staff of the survivor's side.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct IncidentEventView {
    /// Id.
    pub id: IncidentEventId,
    /// When.
    pub at: Instant,
    /// What.
    pub kind: IncidentEventKind,
    /// The state after it.
    pub state: IncidentState,
    /// The newest version then.
    pub version: i32,
    /// The severity after it, 1 to 4.
    pub severity: i32,
    /// Who could see it after that.
    pub visibility: Visibility,
    /// Why, as a code.
    #[schema(example = "context_learned")]
    pub reason: Option<String>,
    /// What staff wrote about it.
    pub note: Option<String>,
    /// Who did it.
    #[schema(example = "staff")]
    pub actor_kind: String,
    /// Their account.
    pub actor_id: Option<SubjectId>,
}

impl IncidentEventView {
    /// The view of a line.
    pub fn of(keys: &Keys, row: &IncidentEvent) -> Result<Self> {
        Ok(Self {
            id: row.id,
            at: row.at,
            kind: row.kind,
            state: row.state,
            version: row.version,
            severity: row.severity,
            visibility: row.visibility,
            reason: open!(keys, row.reason)?.shown(),
            note: open!(keys, row.note)?.shown(),
            actor_kind: row.actor_kind.clone(),
            actor_id: row.actor_id,
        })
    }
}

/// One thing that happened to your incident.
#[derive(Serialize, ToSchema)]
pub struct OwnIncidentEventView {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: IncidentEventKind,
    /// The state after it.
    pub state: IncidentState,
    /// The severity after it, 1 to 4.
    pub severity: i32,
    /// Who could see it after that.
    pub visibility: Visibility,
    /// Who did it: you, your side's staff, or the software.
    #[schema(example = "staff")]
    pub by: String,
}

impl OwnIncidentEventView {
    /// The view of a line, without what staff wrote to each other.
    #[must_use]
    pub fn of(row: &IncidentEvent) -> Self {
        Self {
            at: row.at,
            kind: row.kind,
            state: row.state,
            severity: row.severity,
            visibility: row.visibility,
            by: row.actor_kind.clone(),
        }
    }
}
