//! Notes of the DBT consultation team, which anyone who works with the participant reads, and of clinical supervision, which
//! their author and the supervisor read and nobody else.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{PracticeNoteKind, PracticeNoteRow};
use super::store;
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{Day, Instant, ParticipantId, PracticeNoteId, StaffId, not_to_come};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{self, Role, Staff};
use crate::tx::Tx;

/// A note to write.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePracticeNoteBody {
    /// Where it comes from.
    #[garde(skip)]
    kind: PracticeNoteKind,
    /// On which day it was held.
    #[garde(skip)]
    held_on: Day,
    /// In words.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Agreed to slow the pace of sessions")]
    note: Private,
    /// The supervisor, for clinical supervision: a supervisor of your organisation; without one, you, if you are one.
    #[garde(skip)]
    #[serde(default)]
    supervisor_id: Option<StaffId>,
}

/// A note, for those who may read it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct PracticeNoteView {
    /// Id.
    pub id: PracticeNoteId,
    /// Where it comes from.
    pub kind: PracticeNoteKind,
    /// On which day it was held.
    pub held_on: Day,
    /// In words.
    pub note: String,
    /// The supervisor.
    pub supervisor_id: Option<StaffId>,
    /// Its author.
    pub created_by: StaffId,
    /// When it was written.
    pub created_at: Instant,
}

impl PracticeNoteView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &PracticeNoteRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            held_on: row.held_on,
            note: open!(keys, row.note)?.shown(),
            supervisor_id: row.supervisor_id,
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

/// A note that was written.
#[derive(Serialize, ToSchema)]
pub struct MadePracticeNoteView {
    /// Id.
    pub id: PracticeNoteId,
    /// Where it comes from.
    pub kind: PracticeNoteKind,
}

/// Writes a note.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 422 for a supervisor who is none of theirs.
pub fn write(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreatePracticeNoteBody,
) -> Result<MadePracticeNoteView> {
    let access = access::participant(tx, by, participant)?;
    not_to_come("/held_on", body.held_on, tx.now)?;
    let supervisor_id = supervisor(tx, by, body)?;
    let id = PracticeNoteId::new(tx.now);
    let new = PracticeNoteRow::sealing(tx.keys, access.id(), id);
    let row = PracticeNoteRow {
        id,
        participant_id: access.id(),
        kind: body.kind,
        held_on: body.held_on,
        note: seal!(new.note, &body.note)?,
        supervisor_id,
        created_by: by.id,
        created_at: tx.now,
    };
    store::insert_practice_note(tx.conn, row)?;
    Ok(MadePracticeNoteView { id, kind: body.kind })
}

fn supervisor(tx: &mut Tx<'_>, by: &Staff, body: &CreatePracticeNoteBody) -> Result<Option<StaffId>> {
    let refuse = |code, detail| Err(Error::field("/supervisor_id", code, detail));
    match (body.kind, body.supervisor_id) {
        (PracticeNoteKind::Consultation, None) => Ok(None),
        (PracticeNoteKind::Consultation, Some(_)) => refuse("not_allowed", "belongs to clinical supervision alone"),
        (PracticeNoteKind::Supervision, None) if by.is(Role::Supervisor) => Ok(Some(by.id)),
        (PracticeNoteKind::Supervision, None) => refuse("missing", "say who the supervisor is"),
        (PracticeNoteKind::Supervision, Some(named)) => {
            let known = identity::list_staff_with_role(tx.conn, by.organisation()?, Role::Supervisor)?;
            if known.contains(&named) { Ok(Some(named)) } else { refuse("unknown", "must be a supervisor of yours") }
        }
    }
}

/// The notes about a participant that the caller may read, the latest first: `limit + 1` rows.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<PracticeNoteRow>> {
    let access = access::participant(tx, by, participant)?;
    store::list_practice_notes(tx.conn, &access, by.id, after, limit)
}
