//! The kept history of referrals, enrolments and reports: each transition, with who made it, when and why. Append-only.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::ParticipantAccess;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::programme_transitions;
use crate::db::{DbConn, Instant, ParticipantId, ProgrammeTransitionId, StaffId, SubjectId};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};
use crate::identity::Staff;
use crate::tx::Tx;

/// One transition. Never changes.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = programme_transitions)]
pub struct TransitionRow {
    /// Id.
    pub id: ProgrammeTransitionId,
    /// Of what: `referral`, `enrolment` or `end_report`.
    pub subject_kind: String,
    /// Of which one.
    pub subject_id: SubjectId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// What was done.
    pub event: String,
    /// The state before.
    pub from_state: String,
    /// The state after.
    pub to_state: String,
    /// Why, as a code.
    pub reason: Option<String>,
    /// Why, in words.
    pub note: Option<Sealed>,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}
sealed_row!(TransitionRow, "programme_transitions", participant_id, id);

impl TransitionRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }
}

/// One transition of a record: who, when, from where to where, and why.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct TransitionView {
    /// Id.
    pub id: ProgrammeTransitionId,
    /// What was done, as a code.
    #[schema(example = "submit")]
    pub event: String,
    /// The state before.
    #[schema(example = "draft")]
    pub from: String,
    /// The state after.
    #[schema(example = "submitted")]
    pub to: String,
    /// Why, as a code.
    pub reason: Option<String>,
    /// Why, in words.
    pub note: Option<String>,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

impl TransitionView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: TransitionRow) -> Result<Self> {
        let note = open!(keys, row.note)?.shown();
        Ok(Self {
            id: row.id,
            event: row.event,
            from: row.from_state,
            to: row.to_state,
            reason: row.reason,
            note,
            by: row.created_by,
            at: row.created_at,
        })
    }
}

/// What made a transition.
pub(crate) struct TransitionCause<'a> {
    pub kind: &'static str,
    pub subject: SubjectId,
    pub event: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub reason: Option<&'a str>,
    pub note: Option<&'a Private>,
}

/// Writes one transition down.
pub(crate) fn write(tx: &mut Tx<'_>, by: &Staff, access: &ParticipantAccess, step: &TransitionCause<'_>) -> Result<()> {
    let id = ProgrammeTransitionId::new(tx.now);
    let new = TransitionRow::sealing(tx.keys, access.id(), id);
    let row = TransitionRow {
        id,
        subject_kind: step.kind.to_owned(),
        subject_id: step.subject,
        participant_id: access.id(),
        event: step.event.to_owned(),
        from_state: step.from.to_owned(),
        to_state: step.to.to_owned(),
        reason: step.reason.map(str::to_owned),
        note: seal!(new.note, &step.note)?,
        created_by: by.id,
        created_at: tx.now,
    };
    diesel::insert_into(programme_transitions::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The transitions of one record, newest first: `limit + 1` rows.
pub(crate) fn list(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    subject: SubjectId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<TransitionRow>> {
    let rows = TransitionRow::query()
        .filter(programme_transitions::subject_id.eq(subject))
        .filter(programme_transitions::participant_id.eq(access.id()))
        .into_boxed();
    Ok(rows.page(programme_transitions::id, ProgrammeTransitionId, after, limit).load(conn)?)
}
