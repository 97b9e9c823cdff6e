//! Tasks for people: what software may not, or cannot, do by itself.

pub(super) mod doing;
pub(super) mod ends;
pub(super) mod evidence_tasks;
pub(super) mod leavers;
pub(super) mod model;
pub(super) mod notices;
pub(super) mod participant_news;
pub(super) mod store;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::alerts::model::{AlertRow, TaskKind, TaskRow, TaskState};
use crate::db::{AlertId, Instant, Json, OrganisationId, SurvivorId, TaskId};
use crate::directory;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::identity::{self, Role};
use crate::tx::Tx;

/// Working days are counted by this clock.
const ZONE: &str = "Europe/London";

/// Makes a task.
pub(super) fn make(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    role: Role,
    kind: TaskKind,
    about: (SurvivorId, Option<AlertId>),
    detail: Value,
) -> Result<()> {
    insert(tx, organisation, role, kind, about, (detail, None))
}

fn insert(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    role: Role,
    kind: TaskKind,
    (survivor, alert): (SurvivorId, Option<AlertId>),
    (detail, due_at): (Value, Option<Instant>),
) -> Result<()> {
    let id = TaskId::new(tx.now);
    let row = TaskRow {
        id,
        organisation_id: organisation,
        for_role: role.to_string(),
        kind,
        survivor_id: survivor,
        alert_id: alert,
        detail: Json(detail),
        state: TaskState::Open,
        created_at: tx.now,
        done_at: None,
        done_by: None,
        note: None,
        due_at,
        next_action_at: due_at,
        ended_because: None,
    };
    store::insert_task(tx.conn, row)?;
    tx.emit(Event::TaskMade { survivor, task: id, organisation, for_role: role.as_str() });
    Ok(())
}

/// Makes a task for the advocates of a survivor that no alert is behind and that the clock looks at when it is due.
pub(super) fn make_due(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    kind: TaskKind,
    detail: Value,
    due_at: Instant,
) -> Result<()> {
    make_for(tx, survivor, (Role::Advocate, kind), detail, Some(due_at))
}

/// Makes a task for a role of a survivor's side that no alert is behind; the clock looks at it where it has a time.
pub(super) fn make_for(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    (role, kind): (Role, TaskKind),
    detail: Value,
    due_at: Option<Instant>,
) -> Result<()> {
    let row = identity::find_survivor(tx.conn, survivor)?.ok_or_else(|| Error::internal("a task about nobody"))?;
    insert(tx, row.organisation_id, role, kind, (survivor, None), (detail, due_at))?;
    tx.notify_worker();
    Ok(())
}

/// Adds something to a list in the detail of a task that waits: it asks about that as well.
pub(super) fn add_to(tx: &mut Tx<'_>, task: TaskRow, list: &str, value: Value) -> Result<()> {
    let Json(mut detail) = task.detail;
    if let Some(map) = detail.as_object_mut()
        && let Some(values) = map.entry(list).or_insert_with(|| json!([])).as_array_mut()
    {
        values.push(value);
    }
    store::set_task_detail(tx.conn, task.id, Json(detail))
}

/// Makes a task about an alert, unless one of its kind waits already; true when it is new.
pub(super) fn make_for_alert(tx: &mut Tx<'_>, alert: &AlertRow, role: Role, kind: TaskKind) -> Result<bool> {
    if store::has_open_task(tx.conn, alert.id, kind)? {
        return Ok(false);
    }
    let detail = json!({"alert": alert.reference, "rule": alert.rule, "level": alert.level,
        "police_setting": alert.police_setting, "facts": alert.facts.0});
    make(tx, alert.organisation_id, role, kind, (alert.survivor_id, Some(alert.id)), detail)?;
    Ok(true)
}

/// Gives the tasks of an alert that wait for a supervisor to the advocates, since there is none any more; true when any did.
pub(super) fn give_to_advocates(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    let given = store::give_tasks(tx.conn, alert.id, Role::Supervisor.as_str(), Role::Advocate.as_str())?;
    for task in &given {
        let (survivor, organisation) = (alert.survivor_id, alert.organisation_id);
        tx.emit(Event::TaskMade { survivor, task: *task, organisation, for_role: Role::Advocate.as_str() });
    }
    Ok(!given.is_empty())
}

/// The same time of day on the next working day.
pub(super) fn a_working_day_later(now: Instant) -> Instant {
    let zoned = now.timestamp().to_zoned(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC));
    let next = directory::next_working_day(zoned.date());
    let later = next.to_datetime(zoned.time()).to_zoned(zoned.time_zone().clone());
    later.map_or_else(|_| now.plus_days(3), |later| Instant::from_timestamp(later.timestamp()))
}
