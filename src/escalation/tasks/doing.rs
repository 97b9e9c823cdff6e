//! Tasks as people see and do them: what waits, what is known of it now, and that it was done.

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::access;
use crate::contact::{self, CallNow, ChannelNowView, StaffSafeContactView};
use crate::crypto::{Keys, Private, SealedRow, seal};
use crate::db::{AlertId, Instant, StaffId, SurvivorId, TaskId};
use crate::error::{Error, Result, isolate};
use crate::escalation::alerts;
use crate::escalation::alerts::model::{AlertRow, TaskEnd, TaskKind, TaskRow, TaskState};
use crate::escalation::overrides::lapse;
use crate::escalation::police::script::{self, Script};
use crate::escalation::tasks::model::TasksQuery;
use crate::escalation::tasks::{ends, store};
use crate::http::page::Cursor;
use crate::http::{ListRequest, limits};
use crate::identity::{self, Role, Staff};
use crate::tx::{Subject, Tx};

/// A task, for those who may do it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// Id.
    pub id: TaskId,
    /// What it asks.
    pub kind: TaskKind,
    /// Whether it waits, is done, or ended with what it was about.
    pub state: TaskState,
    /// Why it ended.
    pub ended_because: Option<TaskEnd>,
    /// The role that it is for.
    #[schema(example = "supervisor")]
    pub for_role: String,
    /// The survivor.
    pub survivor_id: SurvivorId,
    /// The survivor's reference for people.
    #[schema(example = "SV-6F2K-8C3D-M")]
    pub survivor_reference: Option<String>,
    /// The alert.
    pub alert_id: Option<AlertId>,
    /// The alert's reference for people.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub alert_reference: Option<String>,
    /// What is known, as codes.
    #[schema(value_type = Object)]
    pub detail: Value,
    /// What to say to 999, sentence by sentence, as things stand now: while such a task waits. What is said once the police answer is
    /// with the alert (`person.once_police_answer`): a list names nobody.
    #[schema(example = json!(["This is a stalking case.", "Please ring us back at +44 114 496 0000."]))]
    pub script: Option<Vec<String>>,
    /// Who opened a place, where that is what it is about.
    #[schema(example = "Asha Rai")]
    pub opened_by: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// By when it is to be done.
    pub due_at: Option<Instant>,
    /// When it was done, or ended.
    pub done_at: Option<Instant>,
}

impl TaskView {
    pub(in crate::escalation) fn of(row: TaskRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            state: row.state,
            ended_because: row.ended_because,
            for_role: row.for_role,
            survivor_id: row.survivor_id,
            survivor_reference: None,
            alert_id: row.alert_id,
            alert_reference: None,
            detail: row.detail.0,
            script: None,
            opened_by: None,
            created_at: row.created_at,
            due_at: row.due_at,
            done_at: row.done_at,
        }
    }
}

/// Doing a task.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteTaskBody {
    /// What was done, or why not.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Called 999 at 20:20, log 812.")]
    note: Private,
}

/// A task as it was read, with what is true of it now while it waits.
pub struct ReadTask {
    row: TaskRow,
    survivor_reference: Option<String>,
    alert_reference: Option<String>,
    opened_by: Option<String>,
    known: Known,
}

/// What is true now about a task that waits.
#[derive(Default)]
struct Known {
    /// What to say to 999.
    script: Option<Script>,
    /// Whether the survivor may be rung.
    call: Option<CallNow>,
}

impl ReadTask {
    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.row.created_at, self.row.id.0)
    }

    /// What is shown of it. Where a record about it cannot be read, the task is shown all the same, and so are the others.
    pub fn view(keys: &Keys, task: &Self) -> Result<TaskView> {
        let mut view = TaskView::of(task.row.clone());
        view.survivor_reference.clone_from(&task.survivor_reference);
        view.alert_reference.clone_from(&task.alert_reference);
        view.opened_by.clone_from(&task.opened_by);
        view.script = task.known.script.as_ref().map(Script::lines);
        if let Some(call) = &task.known.call {
            let call = isolate(call.view(keys).map(Some), |error| {
                tracing::error!(task = %view.id, %error, "a task is shown without how its survivor may be rung");
                None
            })?;
            add_call(&mut view, call.as_ref());
        }
        Ok(view)
    }
}

/// Adds whether the survivor may be rung. The number is in the plan, and nowhere else.
fn add_call(view: &mut TaskView, call: Option<&ChannelNowView>) {
    if let (Some(call), Some(detail)) = (call, view.detail.as_object_mut()) {
        let plan = format!("/partner/v1/tasks/{}/safe-contact", view.id);
        detail.insert("call".to_owned(), json!({"now": call, "number_at": plan}));
    }
}

/// Tasks of the caller's organisation that are for a role of theirs; a supervisor sees all. The filters only narrow that.
/// `limit + 1` of them, each with the references of its survivor and its alert.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, asked: &ListRequest<TasksQuery>) -> Result<Vec<ReadTask>> {
    let own = |role: &&Role| staff.is(**role) || staff.is(Role::Supervisor);
    let roles = [Role::Advocate, Role::Supervisor].iter().filter(own).map(ToString::to_string).collect();
    let blocked = access::blocked_survivors(tx.conn, staff)?;
    let only = match asked.query.mine {
        mine @ Some(true) => Some(access::visible_survivors(tx.conn, staff, mine)?),
        _ => None,
    };
    let rows = store::list_tasks(tx.conn, staff.organisation()?, (roles, blocked), only, asked)?;
    let about = rows.iter().map(|row| row.survivor_id).collect();
    let references = identity::survivor_references(tx.conn, about)?;
    let about = rows.iter().filter_map(|row| row.alert_id).collect();
    let alerts = alerts::store::list_by_ids(tx.conn, about)?;
    let read = |row: TaskRow| {
        let alert = row.alert_id.and_then(|id| alerts.get(&id));
        let known = isolate(known_now(tx, &row, alert), |error| {
            tracing::error!(task = %row.id, %error, "a task is shown without what is known of it");
            Known::default()
        })?;
        let opened_by = isolate(opened_by(tx, &row), |_| None)?;
        let survivor_reference = references.get(&row.survivor_id).cloned();
        let alert_reference = alert.map(|alert| alert.reference.clone());
        Ok(ReadTask { survivor_reference, alert_reference, opened_by, known, row })
    };
    rows.into_iter().map(read).collect()
}

/// The name of the person who opened a place, where that is what a task is about.
fn opened_by(tx: &mut Tx<'_>, row: &TaskRow) -> Result<Option<String>> {
    let by = ends::id_in(row, "by").filter(|_| row.kind == TaskKind::PlaceOpened);
    let Some(by) = by else { return Ok(None) };
    Ok(identity::colleague(tx.conn, tx.keys, by)?.map(|colleague| colleague.name))
}

/// What to say to 999; whether the survivor may be rung.
fn known_now(tx: &mut Tx<'_>, row: &TaskRow, alert: Option<&AlertRow>) -> Result<Known> {
    let Some(alert) = alert.filter(|_| row.waits()) else { return Ok(Known::default()) };
    let script = if script::is_for(row.kind) { Some(Script::read(tx, alert)?) } else { None };
    let mut call = None;
    if row.kind == TaskKind::CallSurvivor {
        let is_silent = script::is_silent(tx, alert)?;
        call = Some(contact::call_now(tx, &alert.record(), is_silent)?);
    }
    Ok(Known { script, call })
}

/// A task that the caller may do.
fn find(tx: &mut Tx<'_>, staff: &Staff, id: TaskId) -> Result<TaskRow> {
    let own = staff.organisation()?;
    let row = store::find_task(tx.conn, id)?.filter(|task| task.organisation_id == own).ok_or(Error::NotFound)?;
    let may = staff.is(Role::Supervisor) || row.for_role == Role::Advocate.as_str();
    if !may || access::is_blocked(tx.conn, row.survivor_id, Some(staff.id), None)? {
        return Err(Error::NotFound);
    }
    Ok(row)
}

/// How the survivor may be reached, for the person who is to ring them, assigned or not; while the task waits and its alert is
/// open.
pub(in crate::escalation) fn safe_contact(tx: &mut Tx<'_>, staff: &Staff, id: TaskId) -> Result<StaffSafeContactView> {
    let row = find(tx, staff, id)?;
    let alert = match row.alert_id.filter(|_| row.kind == TaskKind::CallSurvivor && row.state == TaskState::Open) {
        Some(alert) => alerts::store::find(tx.conn, alert)?,
        None => None,
    };
    // Once the alert is closed nobody is to ring any more, and of a silent one nothing may show in the survivor's log.
    let alert = alert.filter(|alert| !alert.is_closed()).ok_or(Error::NotFound)?;
    if script::is_silent(tx, &alert)? {
        return Err(Error::NotFound);
    }
    let access = access::survivor_of_open_task(tx, staff, row.survivor_id)?;
    contact::safe_contact(tx, &access)
}

/// Marks a task done, with a note.
///
/// # Errors
/// 404 for one that is not the caller's to do; 403 where it watches what they did themselves; 409 where it does not wait any more,
/// or only the act that it asks for ends it.
pub(in crate::escalation) fn complete(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: TaskId,
    body: &CompleteTaskBody,
) -> Result<TaskRow> {
    let mut row = find(tx, staff, id)?;
    if row.kind.ends_by_its_act() {
        return Err(Error::wrong_state("this task ends with what it asks for: do that itself"));
    }
    // A second look is another person's.
    let watched: Option<StaffId> = row.kind.watches().and_then(|key| ends::id_in(&row, key));
    if let Some(watched) = watched {
        identity::is_another_person(tx, watched, staff)?;
    }
    let task = row.own_sealing(tx.keys);
    let note = seal!(task.note, &body.note)?;
    let end = TaskEnd::Completed;
    if !store::end_task(tx.conn, id, (end, Some(staff.id)), tx.now, Some(note))? {
        return Err(Error::wrong_state("this task does not wait any more"));
    }
    if row.kind == TaskKind::OverrideToTell {
        lapse::record_informed(tx, &row)?;
    }
    tx.about(Subject::of("task", id));
    (row.state, row.ended_because, row.done_at) = (end.state(), Some(end), Some(tx.now));
    Ok(row)
}
