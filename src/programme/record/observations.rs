//! Observations: what a practitioner saw of a participant, in a session or elsewhere.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::ObservationRow;
use super::store;
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{Instant, ObservationId, ParticipantId, ProgrammeSessionId, StaffId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::programme::sessions;
use crate::tx::Tx;

/// An observation to record.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateObservationBody {
    /// What it is about, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "fixation")]
    kind: String,
    /// What was observed.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Came back to the same grievance three times")]
    note: Private,
    /// When; without one, now.
    #[garde(skip)]
    #[serde(default)]
    observed_at: Option<Instant>,
    /// In which session of theirs.
    #[garde(skip)]
    #[serde(default)]
    session_id: Option<ProgrammeSessionId>,
}

/// An observation, for staff.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ObservationView {
    /// Id.
    pub id: ObservationId,
    /// What it is about, as a code.
    #[schema(example = "fixation")]
    pub kind: String,
    /// What was observed.
    pub note: String,
    /// When.
    pub observed_at: Instant,
    /// In which session.
    pub session_id: Option<ProgrammeSessionId>,
    /// By whom.
    pub created_by: StaffId,
    /// When it was recorded.
    pub created_at: Instant,
}

impl ObservationView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &ObservationRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind.clone(),
            note: open!(keys, row.note)?.shown(),
            observed_at: row.observed_at,
            session_id: row.session_id,
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

/// An observation that was recorded.
#[derive(Serialize, ToSchema)]
pub struct MadeObservationView {
    /// Id.
    pub id: ObservationId,
    /// When it was observed.
    pub observed_at: Instant,
}

/// Records an observation.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 422 for a time to come or a session of somebody else.
pub fn record(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateObservationBody,
) -> Result<MadeObservationView> {
    let access = access::participant(tx, by, participant)?;
    let observed_at = body.observed_at.unwrap_or(tx.now);
    if observed_at > tx.now {
        return Err(Error::field("/observed_at", "not_allowed", "must not lie in the future"));
    }
    if let Some(session) = body.session_id
        && !sessions::is_of(tx.conn, &access, session)?
    {
        return Err(Error::field("/session_id", "unknown", "is no session of this participant"));
    }
    let id = ObservationId::new(tx.now);
    let new = ObservationRow::sealing(tx.keys, access.id(), id);
    let row = ObservationRow {
        id,
        participant_id: access.id(),
        session_id: body.session_id,
        kind: body.kind.clone(),
        note: seal!(new.note, &body.note)?,
        observed_at,
        created_by: by.id,
        created_at: tx.now,
    };
    store::insert_observation(tx.conn, row)?;
    Ok(MadeObservationView { id, observed_at })
}

/// What was observed of a participant, the latest observed first: `limit + 1` rows.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ObservationRow>> {
    let access = access::participant(tx, by, participant)?;
    store::list_observations(tx.conn, &access, after, limit)
}
