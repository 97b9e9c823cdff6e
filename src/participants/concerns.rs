//! What a practitioner fears that a participant will do. It reaches the advocates of every survivor who is linked to the
//! participant, at once where contact or harm is intended; the practitioner receives nothing of the survivor's.
//!
//! What it rests on stays on the programme's side. What the advocates need to keep a survivor safe is written for them.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{ConcernKind, ConcernRow};
use super::store;
use crate::access::{self, ParticipantAccess};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{ConcernId, DbConn, Instant, ParticipantId, StaffId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::tx::Tx;

/// A concern to record.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateConcernBody {
    /// What is feared.
    #[garde(skip)]
    kind: ConcernKind,
    /// Whether it may happen at any moment: an emergency.
    #[garde(skip)]
    #[serde(default)]
    is_imminent: bool,
    /// What the survivors' advocates read of it: what may happen and when, and nothing of the participant beyond that.
    /// Nobody's name, number or place; only where it is imminent is it not refused for them.
    /// Without them they learn what is feared and how soon, and no more.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Means to be at the school on Friday.")]
    #[serde(default)]
    words: Option<Private>,
    /// What it rests on; stays on the programme's side.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Said on leaving that it would end tonight.")]
    note: Private,
}

/// A concern, for the staff of the programme provider.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ConcernView {
    /// Id.
    pub id: ConcernId,
    /// What is feared.
    pub kind: ConcernKind,
    /// Whether it may happen at any moment.
    pub is_imminent: bool,
    /// What the survivors' advocates read of it; absent where it was recorded before they could.
    pub words: Option<String>,
    /// What it rests on.
    pub note: String,
    /// Who recorded it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}

impl ConcernView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &ConcernRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            is_imminent: row.is_imminent,
            words: open!(keys, row.words)?.shown(),
            note: open!(keys, row.note)?.shown(),
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

/// A practitioner's concern, as the advocates of a survivor who is linked to the participant read it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ToldConcernView {
    /// Id; the alert that it raised names it.
    pub id: ConcernId,
    /// What is feared.
    pub kind: ConcernKind,
    /// Whether it may happen at any moment.
    pub is_imminent: bool,
    /// What the practitioner wrote for the advocates; absent where it was recorded before they could.
    pub words: Option<String>,
    /// When it was recorded.
    pub created_at: Instant,
}

impl ToldConcernView {
    /// The view of a row: neither what it rests on nor who recorded it.
    pub fn of(keys: &Keys, row: &ConcernRow) -> Result<Self> {
        let words = open!(keys, row.words)?.shown();
        Ok(Self { id: row.id, kind: row.kind, is_imminent: row.is_imminent, words, created_at: row.created_at })
    }
}

/// A concern that was recorded. That, and whom, it was passed on to is the survivor's.
#[derive(Serialize, ToSchema)]
pub struct MadeConcernView {
    /// Id.
    pub id: ConcernId,
    /// When.
    pub created_at: Instant,
}

/// Records a concern and emits the event.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 422 for words that say who or where somebody is.
pub fn record(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateConcernBody,
) -> Result<MadeConcernView> {
    let access = access::participant(tx, by, participant)?;
    let id = ConcernId::new(tx.now);
    // An emergency is never kept waiting for its wording.
    if let Some(words) = body.words.as_ref().filter(|_| !body.is_imminent) {
        let participant = store::find_participant(tx.conn, access.id())?.ok_or(Error::NotFound)?;
        access::tells_nobody("/words", words, &participant.open_name(tx.keys)?)?;
    }
    let new = ConcernRow::sealing(tx.keys, access.id(), id);
    let row = ConcernRow {
        id,
        participant_id: access.id(),
        kind: body.kind,
        is_imminent: body.is_imminent,
        note: seal!(new.note, &body.note)?,
        created_by: by.id,
        created_at: tx.now,
        words: seal!(new.words, &body.words)?,
    };
    let made = MadeConcernView { id, created_at: row.created_at };
    store::insert_concern(tx.conn, row)?;
    tx.emit(Event::ParticipantConcern {
        participant: access.id(),
        concern: id,
        kind: body.kind.as_str(),
        is_intent: body.kind != ConcernKind::Other,
        is_imminent: body.is_imminent,
    });
    Ok(made)
}

/// A participant's concerns, newest first: `limit + 1` rows.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ConcernRow>> {
    let access = access::participant(tx, by, participant)?;
    store::list_concerns(tx.conn, &access, None, after, limit)
}

/// A participant's concerns since a moment, for anyone who may see their record across a case: newest first, `limit + 1`
/// rows.
pub fn list_concerns_since(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    since: Instant,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ConcernRow>> {
    store::list_concerns(conn, access, Some(since), after, limit)
}
