//! Tasks of the programme provider: what waits for a person because time passed.
//!
//! A task is made once for a record and a kind, however often the step that makes it runs. It is closed by a person, or by
//! doing what it asks for. Staff are notified that something waits, in neutral words, by the ways they gave.

use std::collections::HashMap;

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{find_participant, participant_references};
use crate::access;
use crate::contact;
use crate::crypto::{Private, Sealed, SealedRow, seal, sealed_row};
use crate::db::schema::programme_tasks;
use crate::db::{Instant, OrganisationId, ParticipantId, ProgrammeTaskId, StaffId, SubjectId, text_enum};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::page::{Cursor, PageDsl as _};
use crate::http::{ListRequest, limits, list_query};
use crate::identity::Staff;
use crate::tx::Tx;

/// How urgent a notice is: nothing here is an alert.
const LEVEL: i32 = 2;

text_enum! {
    /// What is to be done.
    pub enum ProgrammeTaskKind {
        /// A referral waits for a practitioner.
        AllocationOverdue = "allocation_overdue",
        /// The participant is to notify the police of an order that was served.
        NotificationDue = "notification_due",
        /// No notification to police was recorded in time.
        NotificationOverdue = "notification_overdue",
        /// The police were not notified in time, which may breach the order: ask the police, and note what they decide.
        BreachProposed = "breach_proposed",
        /// An order ends in 60 days.
        OrderExpires60 = "order_expires_60",
        /// An order ends in 30 days.
        OrderExpires30 = "order_expires_30",
        /// An order ends in 7 days.
        OrderExpires7 = "order_expires_7",
        /// A participant asked to see their record, and is to be answered within a month.
        SubjectAccess = "subject_access",
    }
}

list_query! {
    /// Which tasks to list.
    pub struct ProgrammeTasksQuery {
        /// Only those that ask this.
        pub kind: Option<ProgrammeTaskKind>,
        /// Only those about this participant.
        pub participant_id: Option<ParticipantId>,
        /// With `true`, only those about participants to whom you are assigned.
        pub mine: Option<bool>,
    }
}

/// A task.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = programme_tasks)]
pub struct ProgrammeTaskRow {
    /// Id.
    pub id: ProgrammeTaskId,
    /// Whose staff it waits for.
    pub organisation_id: OrganisationId,
    /// The participant that it is about.
    pub participant_id: ParticipantId,
    /// What is to be done.
    pub kind: ProgrammeTaskKind,
    /// The record that it is about.
    pub subject_id: SubjectId,
    /// When it was made.
    pub created_at: Instant,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// By whom.
    pub done_by: Option<StaffId>,
    /// What they said about it.
    pub note: Option<Sealed>,
}
sealed_row!(ProgrammeTaskRow, "programme_tasks", participant_id, id);

impl ProgrammeTaskRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }
}

/// A task that waits.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ProgrammeTaskView {
    /// Id.
    pub id: ProgrammeTaskId,
    /// What is to be done.
    pub kind: ProgrammeTaskKind,
    /// The participant that it is about.
    pub participant_id: ParticipantId,
    /// The participant's reference for people.
    #[schema(example = "PT-6F2K-8C3D-M")]
    pub participant_reference: Option<String>,
    /// The referral, the order or the request that it is about.
    pub subject_id: SubjectId,
    /// Since when.
    pub created_at: Instant,
    /// When it was done.
    pub done_at: Option<Instant>,
}

impl From<ProgrammeTaskRow> for ProgrammeTaskView {
    fn from(row: ProgrammeTaskRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            participant_id: row.participant_id,
            participant_reference: None,
            subject_id: row.subject_id,
            created_at: row.created_at,
            done_at: row.done_at,
        }
    }
}

/// What was done about a task.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteProgrammeTaskBody {
    /// What was done.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Rang the officer in the case.")]
    #[serde(default)]
    note: Option<Private>,
}

/// What makes a task.
pub(crate) struct NewTask {
    pub organisation: OrganisationId,
    pub participant: ParticipantId,
    pub kind: ProgrammeTaskKind,
    pub subject: SubjectId,
}

/// Makes a task, unless there is one of that kind for that record.
pub(crate) fn open(tx: &mut Tx<'_>, new: &NewTask) -> Result<()> {
    let same = programme_tasks::table
        .filter(programme_tasks::subject_id.eq(new.subject))
        .filter(programme_tasks::kind.eq(new.kind));
    let known: Option<ProgrammeTaskId> = same.select(programme_tasks::id).first(tx.conn).optional()?;
    if known.is_some() {
        return Ok(());
    }
    let id = ProgrammeTaskId::new(tx.now);
    let row = ProgrammeTaskRow {
        id,
        organisation_id: new.organisation,
        participant_id: new.participant,
        kind: new.kind,
        subject_id: new.subject,
        created_at: tx.now,
        done_at: None,
        done_by: None,
        note: None,
    };
    diesel::insert_into(programme_tasks::table).values(row).execute(tx.conn)?;
    tx.emit(Event::ProgrammeTaskMade { participant: new.participant, task: id, organisation: new.organisation });
    Ok(())
}

/// Makes a task, or opens the one of that kind for that record again where it was closed. What was said of it stays.
pub(crate) fn open_again(tx: &mut Tx<'_>, new: &NewTask) -> Result<()> {
    let closed = programme_tasks::table
        .filter(programme_tasks::subject_id.eq(new.subject))
        .filter(programme_tasks::kind.eq(new.kind))
        .filter(programme_tasks::done_at.is_not_null());
    let known: Option<ProgrammeTaskId> = closed.select(programme_tasks::id).first(tx.conn).optional()?;
    match known {
        Some(id) => reopen(tx, id, new),
        None => open(tx, new),
    }
}

/// The same of a task by which a person decides: once one has, it stays decided.
pub(crate) fn open_unless_decided(tx: &mut Tx<'_>, new: &NewTask) -> Result<()> {
    let fell_away = programme_tasks::table
        .filter(programme_tasks::subject_id.eq(new.subject))
        .filter(programme_tasks::kind.eq(new.kind))
        .filter(programme_tasks::done_at.is_not_null())
        .filter(programme_tasks::done_by.is_null());
    let known: Option<ProgrammeTaskId> = fell_away.select(programme_tasks::id).first(tx.conn).optional()?;
    match known {
        Some(id) => reopen(tx, id, new),
        None => open(tx, new),
    }
}

fn reopen(tx: &mut Tx<'_>, id: ProgrammeTaskId, new: &NewTask) -> Result<()> {
    let undone = (programme_tasks::done_at.eq(None::<Instant>), programme_tasks::done_by.eq(None::<StaffId>));
    diesel::update(programme_tasks::table.find(id)).set(undone).execute(tx.conn)?;
    tx.emit(Event::ProgrammeTaskMade { participant: new.participant, task: id, organisation: new.organisation });
    Ok(())
}

/// Closes the task of a record, if one is open: what it asked for was done.
pub(crate) fn close(tx: &mut Tx<'_>, subject: SubjectId, kind: ProgrammeTaskKind, by: Option<StaffId>) -> Result<()> {
    let same = programme_tasks::table
        .filter(programme_tasks::subject_id.eq(subject))
        .filter(programme_tasks::kind.eq(kind))
        .filter(programme_tasks::done_at.is_null());
    diesel::update(same)
        .set((programme_tasks::done_at.eq(Some(tx.now)), programme_tasks::done_by.eq(by)))
        .execute(tx.conn)?;
    Ok(())
}

/// Tells a member of staff that something waits in the portal; the reference is all that is there.
pub(crate) fn notify_staff(tx: &mut Tx<'_>, staff: StaffId, participant: ParticipantId) -> Result<()> {
    if let Some(row) = find_participant(tx.conn, participant)? {
        contact::notify_staff(tx, staff, &row.reference, LEVEL)?;
    }
    Ok(())
}

/// The open tasks about participants whom the caller works with, newest first: `limit + 1` rows, and the participants'
/// references. The filters only narrow that.
pub(crate) fn list(tx: &mut Tx<'_>, by: &Staff, asked: &ListRequest<ProgrammeTasksQuery>) -> Result<ListedTasks> {
    let theirs = access::assigned_participants(tx, by, asked.query.mine)?;
    let mut rows = ProgrammeTaskRow::query()
        .filter(programme_tasks::organisation_id.eq(by.organisation()?))
        .filter(programme_tasks::participant_id.eq_any(theirs))
        .filter(programme_tasks::done_at.is_null())
        .into_boxed();
    if let Some(kind) = asked.query.kind {
        rows = rows.filter(programme_tasks::kind.eq(kind));
    }
    if let Some(participant) = asked.query.participant_id {
        rows = rows.filter(programme_tasks::participant_id.eq(participant));
    }
    let rows: Vec<ProgrammeTaskRow> =
        rows.page(programme_tasks::id, ProgrammeTaskId, asked.after, asked.limit).load(tx.conn)?;
    let about = rows.iter().map(|row| row.participant_id).collect();
    Ok((rows, participant_references(tx.conn, about)?))
}

/// Tasks, and the references of the participants whom they are about.
type ListedTasks = (Vec<ProgrammeTaskRow>, HashMap<ParticipantId, String>);

/// Closes a task.
///
/// # Errors
/// 404 for a task about somebody whom the caller does not work with, 409 for one that is closed.
pub(crate) fn complete(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: ProgrammeTaskId,
    body: &CompleteProgrammeTaskBody,
) -> Result<ProgrammeTaskView> {
    let found: Option<ProgrammeTaskRow> = ProgrammeTaskRow::query().find(id).first(tx.conn).optional()?;
    let row = found.ok_or(Error::NotFound)?;
    access::participant(tx, by, row.participant_id)?;
    if row.done_at.is_some() {
        return Err(Error::wrong_state("this task is closed"));
    }
    let task = row.own_sealing(tx.keys);
    let note = seal!(task.note, &body.note)?;
    let done = (
        programme_tasks::done_at.eq(Some(tx.now)),
        programme_tasks::done_by.eq(Some(by.id)),
        programme_tasks::note.eq(note),
    );
    diesel::update(programme_tasks::table.find(id)).set(done).execute(tx.conn)?;
    Ok(ProgrammeTaskRow { done_at: Some(tx.now), ..row }.into())
}
