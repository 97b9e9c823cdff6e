//! What is new beside alerts: incidents, check-ins with a concern, messages, questions and concerns of a case, tasks.
//!
//! A line is kept for each organisation that may be concerned, by the write that makes something new, and numbered after
//! its commit as changes of alerts are. It names a kind and an id, no more. Who may hear of it is asked when it is sent:
//! assignment, block, role and consent as they stand then, and whether the record is still there for them.

mod reach;
mod store;

use diesel::prelude::*;

use crate::access;
use crate::app::App;
use crate::db::schema::live_news;
use crate::db::{
    CaseId, DbConn, HistoryId, Instant, NewsId, OrganisationId, ParticipantId, SubjectId, SurvivorId, text_enum,
};
use crate::error::{Error, Result};
use crate::escalation;
use crate::events::Event;
use crate::identity::{self, Staff};
use crate::tx::{Actor, Subject, Tx};

/// Days for which lines are kept. They name records, which stay.
const KEPT_DAYS: i64 = 30;
/// Lines forgotten in one go.
const FORGOTTEN_AT_ONCE: i64 = 500;
/// News that a stream looks at to find where it begins.
const LOOKED_AT: i64 = 50;

text_enum! {
    /// What is new.
    pub enum NewsKind {
        /// A survivor reported an incident, or reported it again.
        Incident = "incident.reported",
        /// A check-in tells of a concern.
        Concern = "check_in.concern",
        /// A message between a survivor and their side.
        Message = "message.sent",
        /// A question or concern of a case was raised, taken up or answered.
        CaseConcern = "case_concern.changed",
        /// A task for the survivor's side.
        Task = "task.made",
        /// A task for the programme's side.
        ProgrammeTask = "programme_task.made",
    }
}

/// One line, for one organisation. Its number is given once it is committed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = live_news, treat_none_as_default_value = false)]
pub struct NewsRow {
    /// Id: what a reader comes back with.
    pub id: NewsId,
    /// What is new.
    pub kind: NewsKind,
    /// Which record.
    pub record_id: SubjectId,
    /// Whose staff may be concerned.
    pub organisation_id: OrganisationId,
    /// Whose record.
    pub survivor_id: Option<SurvivorId>,
    /// The case across which it may be seen.
    pub case_id: Option<CaseId>,
    /// The participant that it is about.
    pub participant_id: Option<ParticipantId>,
    /// The role that it is for, where it is for one.
    pub for_role: Option<String>,
    /// When.
    pub at: Instant,
    /// Its number.
    pub sequence: Option<i64>,
}

impl NewsRow {
    fn new(now: Instant, kind: NewsKind, record: impl Into<uuid::Uuid>, organisation_id: OrganisationId) -> Self {
        Self {
            id: NewsId::new(now),
            kind,
            record_id: SubjectId(record.into()),
            organisation_id,
            survivor_id: None,
            case_id: None,
            participant_id: None,
            for_role: None,
            at: now,
            sequence: None,
        }
    }

    /// Its number; it was read by it.
    pub fn number(&self) -> i64 {
        self.sequence.unwrap_or_default()
    }
}

/// Stores a line of news for each organisation whose staff should see an event in their portal at once.
pub fn record_news(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let now = tx.now;
    match event {
        Event::IncidentReported { survivor, incident, report } if !report.is_private => {
            of_survivor(tx, *survivor, (NewsKind::Incident, incident.0), !report.is_duress)
        }
        Event::ConcernRaised { survivor, check_in, is_duress, .. } => {
            of_survivor(tx, *survivor, (NewsKind::Concern, check_in.0), !is_duress)
        }
        Event::MessageSent { survivor, message } => of_survivor(tx, *survivor, (NewsKind::Message, message.0), false),
        Event::CaseConcernChanged { survivor, case, concern, sides } => {
            for side in sides {
                let row = NewsRow::new(now, NewsKind::CaseConcern, concern.0, *side);
                store::insert(tx, NewsRow { survivor_id: Some(*survivor), case_id: Some(*case), ..row })?;
            }
            Ok(())
        }
        Event::TaskMade { survivor, task, organisation, for_role } => {
            let row = NewsRow::new(now, NewsKind::Task, task.0, *organisation);
            store::insert(tx, NewsRow { survivor_id: Some(*survivor), for_role: Some((*for_role).to_owned()), ..row })
        }
        Event::ProgrammeTaskMade { participant, task, organisation } => {
            let row = NewsRow::new(now, NewsKind::ProgrammeTask, task.0, *organisation);
            store::insert(tx, NewsRow { participant_id: Some(*participant), ..row })
        }
        _ => Ok(()),
    }
}

/// A line for the survivor's own side, and one for the programme's side of each active case.
fn of_survivor(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    (kind, record): (NewsKind, uuid::Uuid),
    crosses: bool,
) -> Result<()> {
    let row = identity::find_survivor(tx.conn, survivor)?.ok_or_else(|| Error::internal("news of nobody"))?;
    let own = NewsRow::new(tx.now, kind, record, row.organisation_id);
    store::insert(tx, NewsRow { survivor_id: Some(survivor), ..own })?;
    if crosses {
        for case in access::active_cases_of(tx.conn, survivor)? {
            let theirs = NewsRow::new(tx.now, kind, record, case.programme_organisation_id);
            store::insert(tx, NewsRow { survivor_id: Some(survivor), case_id: Some(case.id), ..theirs })?;
        }
    }
    Ok(())
}

/// Gives every line that was committed since its number, after those of alerts.
pub fn number(conn: &mut DbConn) -> Result<()> {
    escalation::number_changes(conn)?;
    if store::has_waiting(conn)? {
        escalation::number_after(conn, store::number)?;
    }
    Ok(())
}

/// Forgets lines that nobody comes back for any more: a reader who does begins again. Returns how many.
pub async fn forget(app: &App) -> Result<usize> {
    let before = app.clock.now().plus_days(-KEPT_DAYS);
    if app.db.read(store::oldest).await?.is_none_or(|oldest| oldest > before) {
        return Ok(0);
    }
    let forget = move |tx: &mut Tx<'_>| store::forget(tx.conn, before, FORGOTTEN_AT_ONCE);
    app.transact(Actor::System, "forget_news", forget).await
}

/// The number of a line.
pub fn find_number(conn: &mut DbConn, id: HistoryId) -> Result<Option<i64>> {
    store::find_number(conn, NewsId(id.0))
}

/// Whether there are lines of the caller's organisation after a number, or some that wait for theirs.
pub fn has_news(conn: &mut DbConn, staff: &Staff, after: i64) -> Result<bool> {
    store::has_news_of(conn, staff.organisation()?, after)
}

/// The lines after one number and up to another that the caller may hear of now, and the number of the last one looked at
/// where there may be more. The sender records it ([`note_read`]).
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (after, until): (i64, i64),
    limit: i64,
) -> Result<(Vec<NewsRow>, Option<i64>)> {
    let rows = store::list(tx.conn, staff.organisation()?, (after, until), limit)?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let last = rows.last().map(NewsRow::number).filter(|_| is_full);
    let mut heard = Vec::with_capacity(rows.len());
    for row in rows {
        if reach::may_hear(tx, staff, &row)? {
            heard.push(row);
        }
    }
    tx.about(Subject::of("organisation", staff.organisation()?));
    Ok((heard, last))
}

/// Writes that these lines were sent, once for each survivor.
pub fn note_read(tx: &mut Tx<'_>, lines: &[NewsRow]) {
    let mut seen: Vec<SurvivorId> = lines.iter().filter_map(subject_of).collect();
    seen.sort_unstable();
    seen.dedup();
    for survivor in seen {
        tx.note("read_news", Subject::of("survivor", survivor), "live_updates");
    }
}

/// Whose record a line tells of, for their own log; that a task was made may belong to an alert that is silent.
fn subject_of(row: &NewsRow) -> Option<SurvivorId> {
    row.survivor_id.filter(|_| row.kind != NewsKind::Task)
}

/// The latest line that the caller may hear of, with its number.
pub fn latest(tx: &mut Tx<'_>, staff: &Staff) -> Result<Option<(NewsId, i64)>> {
    let rows = store::list_latest(tx.conn, staff.organisation()?, LOOKED_AT)?;
    for row in rows {
        if reach::may_hear(tx, staff, &row)? {
            return Ok(Some((row.id, row.number())));
        }
    }
    Ok(None)
}
