//! Tasks for people.

use diesel::prelude::*;

use crate::crypto::Sealed;
use crate::db::schema::tasks;
use crate::db::{AlertId, DbConn, Instant, OrganisationId, StaffId, SurvivorId, TaskId, kept};
use crate::error::Result;
use crate::escalation::model::{TaskKind, TaskRow, TaskState};
use crate::http::page::Cursor;

pub fn insert_task(conn: &mut DbConn, row: TaskRow) -> Result<()> {
    diesel::insert_into(tasks::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_task(conn: &mut DbConn, id: TaskId) -> Result<Option<TaskRow>> {
    Ok(tasks::table.find(id).first(conn).optional()?)
}

/// Whether a task of a kind waits for an alert already.
pub fn has_open_task(conn: &mut DbConn, alert: AlertId, kind: TaskKind) -> Result<bool> {
    let open = tasks::table
        .filter(tasks::alert_id.eq(alert))
        .filter(tasks::kind.eq(kind))
        .filter(tasks::state.eq(TaskState::Open));
    Ok(open.count().get_result::<i64>(conn)? > 0)
}

/// Alerts that a task for a role of an organisation waits for.
pub fn list_alerts_of_tasks(conn: &mut DbConn, organisation: OrganisationId, role: &str) -> Result<Vec<AlertId>> {
    let waiting = tasks::table
        .filter(tasks::organisation_id.eq(organisation))
        .filter(tasks::for_role.eq(role))
        .filter(tasks::state.eq(TaskState::Open));
    let alerts: Vec<Option<AlertId>> = waiting.select(tasks::alert_id).distinct().load(conn)?;
    Ok(alerts.into_iter().flatten().collect())
}

/// Tasks about a survivor that no alert is behind and that wait.
pub fn list_tasks_without_alert(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<TaskKind>> {
    let waiting = tasks::table
        .filter(tasks::survivor_id.eq(survivor))
        .filter(tasks::alert_id.is_null())
        .filter(tasks::state.eq(TaskState::Open));
    Ok(waiting.select(tasks::kind).distinct().load(conn)?)
}

/// Gives the tasks of an alert that wait for one role to another; which those were.
pub fn give_tasks(conn: &mut DbConn, alert: AlertId, from: &str, to: &str) -> Result<Vec<TaskId>> {
    let waiting = tasks::table
        .filter(tasks::alert_id.eq(alert))
        .filter(tasks::for_role.eq(from))
        .filter(tasks::state.eq(TaskState::Open));
    let ids: Vec<TaskId> = waiting.select(tasks::id).load(conn)?;
    kept(diesel::update(waiting).set(tasks::for_role.eq(to))).execute(conn)?;
    Ok(ids)
}

/// Whether a task of a kind was ever made for an alert.
pub fn has_task(conn: &mut DbConn, alert: AlertId, kind: TaskKind) -> Result<bool> {
    let made = tasks::table.filter(tasks::alert_id.eq(alert)).filter(tasks::kind.eq(kind));
    Ok(made.count().get_result::<i64>(conn)? > 0)
}

/// Tasks of an organisation for some roles, newest first, without those about survivors who keep the caller out.
pub fn list_tasks(
    conn: &mut DbConn,
    organisation: OrganisationId,
    (roles, blocked): (Vec<String>, Vec<SurvivorId>),
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<TaskRow>> {
    let mut rows = tasks::table
        .filter(tasks::organisation_id.eq(organisation))
        .filter(tasks::for_role.eq_any(roles))
        .filter(tasks::survivor_id.ne_all(blocked))
        .into_boxed();
    if let Some((_, id)) = after {
        rows = rows.filter(tasks::id.lt(TaskId(id)));
    }
    Ok(rows.order(tasks::id.desc()).limit(limit + 1).load(conn)?)
}

/// Marks a task done; false when it was done already.
pub fn finish_task(conn: &mut DbConn, id: TaskId, by: StaffId, now: Instant, note: Option<Sealed>) -> Result<bool> {
    let open = tasks::table.find(id).filter(tasks::state.eq(TaskState::Open));
    let changed = kept(diesel::update(open).set((
        tasks::state.eq(TaskState::Done),
        tasks::done_at.eq(Some(now)),
        tasks::done_by.eq(Some(by)),
        tasks::note.eq(note),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}
