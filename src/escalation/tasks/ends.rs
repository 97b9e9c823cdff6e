//! What ends a task besides a person who completes it: what it was about is over.

use std::str::FromStr;

use serde_json::Value;

use crate::app::App;
use crate::db::{DeviceId, IncidentId, StaffId, SurvivorId, TaskId};
use crate::error::Result;
use crate::escalation::alerts::model::{AlertRow, TaskEnd, TaskKind, TaskRow};
use crate::escalation::tasks::store;
use crate::events::Event;
use crate::tx::{Actor, Subject, Tx};

/// Tasks looked at in one go.
const BATCH: i64 = 500;

/// Ends one task.
pub(in crate::escalation) fn end(tx: &mut Tx<'_>, task: &TaskRow, end: TaskEnd, by: Option<StaffId>) -> Result<()> {
    if store::end_task(tx.conn, task.id, (end, by), tx.now, None)? {
        tx.note("end_task", Subject::of("task", task.id), end.as_str());
    }
    Ok(())
}

/// Who acts, where it is a member of staff.
fn actor(tx: &Tx<'_>) -> Option<StaffId> {
    match tx.actor {
        Actor::Staff { .. } => tx.actor.id().map(StaffId),
        _ => None,
    }
}

/// Ends the tasks that wait for an alert and ask for nothing any more: it is closed.
pub(in crate::escalation) fn with_alert(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<()> {
    for task in store::list_open_tasks_of_alert(tx.conn, alert.id)? {
        if task.kind.ends_with_alert() {
            end(tx, &task, TaskEnd::AlertClosed, None)?;
        }
    }
    Ok(())
}

/// Ends the tasks of a kind about a survivor whose detail fits.
pub(in crate::escalation) fn of_survivor(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    kind: TaskKind,
    because: TaskEnd,
    fits: impl Fn(&TaskRow) -> bool,
) -> Result<()> {
    let by = actor(tx).filter(|_| because.state() == crate::escalation::alerts::model::TaskState::Done);
    for task in store::list_open_tasks(tx.conn, survivor, kind)? {
        if fits(&task) {
            end(tx, &task, because, by)?;
        }
    }
    Ok(())
}

pub(in crate::escalation) fn says(task: &TaskRow, field: &str, value: &str) -> bool {
    task.detail.0.get(field).and_then(Value::as_str) == Some(value)
}

/// The id that a task's detail names.
pub(in crate::escalation) fn id_in<T: FromStr>(task: &TaskRow, field: &str) -> Option<T> {
    task.detail.0.get(field).and_then(Value::as_str)?.parse().ok()
}

/// A setting that was being turned off is on again.
pub(in crate::escalation) fn setting_on(tx: &mut Tx<'_>, survivor: SurvivorId, setting: &str) -> Result<()> {
    let kind = TaskKind::AlertSettingTurningOff;
    of_survivor(tx, survivor, kind, TaskEnd::SettingOn, |task| says(task, "setting", setting))?;
    // Nobody has to decide any more whether the police are notified without the survivor's setting.
    let kind = TaskKind::PoliceNotAllowed;
    of_survivor(tx, survivor, kind, TaskEnd::SettingOn, |task| says(task, "police_setting", setting))
}

/// A setting is off before its delay was over.
pub(in crate::escalation) fn setting_off(tx: &mut Tx<'_>, survivor: SurvivorId, setting: &str) -> Result<()> {
    let kind = TaskKind::AlertSettingTurningOff;
    of_survivor(tx, survivor, kind, TaskEnd::SettingOff, |task| says(task, "setting", setting))
}

/// Incidents of a survivor were read by their own side, or taken back.
pub(in crate::escalation) fn incidents(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    ids: &[IncidentId],
    because: TaskEnd,
) -> Result<()> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let fits = |task: &TaskRow| ids.iter().any(|id| says(task, "incident_id", id));
    of_survivor(tx, survivor, TaskKind::IncidentReleased, because, fits)
}

/// A plan, an assessment or an agreement was looked at again.
pub(in crate::escalation) fn reviewed(tx: &mut Tx<'_>, survivor: SurvivorId, what: &str) -> Result<()> {
    of_survivor(tx, survivor, TaskKind::SafetyReview, TaskEnd::Reviewed, |task| says(task, "what", what))
}

/// Check-ins of a survivor are watched over again.
pub(in crate::escalation) fn schedule_made(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    of_survivor(tx, survivor, TaskKind::ScheduleRanOut, TaskEnd::ScheduleMade, |_| true)
}

/// What was asked about a phone was done, or asks for nothing any more.
pub(in crate::escalation) fn of_phone(
    tx: &mut Tx<'_>,
    (survivor, device): (SurvivorId, DeviceId),
    kind: TaskKind,
    because: TaskEnd,
) -> Result<()> {
    let device = device.to_string();
    of_survivor(tx, survivor, kind, because, |task| says(task, "device_id", &device))
}

/// Somebody spoke to the survivor: nobody has to ring them for that any more.
pub(in crate::escalation) fn contact_recorded(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    of_survivor(tx, survivor, TaskKind::CallBack, TaskEnd::ContactRecorded, |_| true)
}

/// The same, said about an alert: its own call is done, too.
pub(in crate::escalation) fn contact_recorded_with(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<()> {
    let by = actor(tx);
    for task in store::list_open_tasks_of_alert(tx.conn, alert.id)? {
        if task.kind == TaskKind::CallSurvivor {
            end(tx, &task, TaskEnd::ContactRecorded, by)?;
        }
    }
    if alert.is_exercise { Ok(()) } else { contact_recorded(tx, alert.survivor_id) }
}

/// Looks at each task whose time has come. A setting that has gone off by now needs nobody to make sure any more; a
/// survivor whom nobody has rung in time is reported as unreviewed. Returns how many.
pub(in crate::escalation) async fn look_at_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due_tasks(conn, now, BATCH)).await?;
    Ok(app.each(due, "look_at_task", look_at).await)
}

fn look_at(tx: &mut Tx<'_>, id: TaskId) -> Result<bool> {
    let task = match store::claim_due_task(tx.conn, id, tx.now)? {
        true => store::find_task(tx.conn, id)?.filter(TaskRow::waits),
        false => None,
    };
    let Some(task) = task else {
        tx.outcome("not_due");
        return Ok(false);
    };
    tx.about(Subject::of("task", id));
    match task.kind {
        TaskKind::AlertSettingTurningOff => end(tx, &task, TaskEnd::SettingOff, None)?,
        kind @ TaskKind::OverrideToApprove => {
            tx.note("override_unapproved", Subject::of("survivor", task.survivor_id), "second_person");
            tx.emit(Event::TaskOverdue { survivor: task.survivor_id, task: id, kind: kind.as_str() });
        }
        kind => tx.emit(Event::TaskOverdue { survivor: task.survivor_id, task: id, kind: kind.as_str() }),
    }
    Ok(true)
}
