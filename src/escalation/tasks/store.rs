//! Tasks for people.

use diesel::prelude::*;

use crate::crypto::Sealed;
use crate::db::schema::tasks;
use crate::db::{AlertId, DbConn, Instant, Json, OrganisationId, StaffId, SurvivorId, TaskId, cached};
use crate::error::Result;
use crate::escalation::alerts::model::{TaskEnd, TaskKind, TaskRow, TaskState};
use crate::escalation::tasks::model::TasksQuery;
use crate::http::ListRequest;
use crate::http::page::PageDsl as _;

pub fn insert_task(conn: &mut DbConn, row: TaskRow) -> Result<()> {
    diesel::insert_into(tasks::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_task(conn: &mut DbConn, id: TaskId) -> Result<Option<TaskRow>> {
    Ok(TaskRow::query().find(id).first(conn).optional()?)
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
    cached(diesel::update(waiting).set(tasks::for_role.eq(to))).execute(conn)?;
    Ok(ids)
}

/// Whether a task of a kind was ever made for an alert.
pub fn has_task(conn: &mut DbConn, alert: AlertId, kind: TaskKind) -> Result<bool> {
    let made = tasks::table.filter(tasks::alert_id.eq(alert)).filter(tasks::kind.eq(kind));
    Ok(made.count().get_result::<i64>(conn)? > 0)
}

/// Tasks of an organisation for some roles, newest first, as the filters ask, without those about survivors who keep the caller
/// out; on request only those about some survivors.
pub fn list_tasks(
    conn: &mut DbConn,
    organisation: OrganisationId,
    (roles, blocked): (Vec<String>, Vec<SurvivorId>),
    only: Option<Vec<SurvivorId>>,
    asked: &ListRequest<TasksQuery>,
) -> Result<Vec<TaskRow>> {
    let mut rows = TaskRow::query()
        .filter(tasks::organisation_id.eq(organisation))
        .filter(tasks::for_role.eq_any(roles))
        .filter(tasks::survivor_id.ne_all(blocked))
        .into_boxed();
    let query = &asked.query;
    if let Some(state) = query.state {
        rows = rows.filter(tasks::state.eq(state));
    }
    if let Some(kind) = query.kind {
        rows = rows.filter(tasks::kind.eq(kind));
    }
    if let Some(is_urgent) = query.is_urgent {
        let kinds = TaskKind::ALL.iter().copied().filter(|kind| kind.is_urgent() == is_urgent);
        rows = rows.filter(tasks::kind.eq_any(kinds.collect::<Vec<_>>()));
    }
    if let Some(survivor) = query.survivor_id {
        rows = rows.filter(tasks::survivor_id.eq(survivor));
    }
    if let Some(alert) = query.alert_id {
        rows = rows.filter(tasks::alert_id.eq(alert));
    }
    if let Some(since) = query.since {
        rows = rows.filter(tasks::created_at.ge(since));
    }
    if let Some(until) = query.until {
        rows = rows.filter(tasks::created_at.lt(until));
    }
    if let Some(only) = only {
        rows = rows.filter(tasks::survivor_id.eq_any(only));
    }
    Ok(rows.page(tasks::id, TaskId, asked.after, asked.limit).load(conn)?)
}

/// Tasks of a kind that wait about a survivor, the oldest first.
pub fn list_open_tasks(conn: &mut DbConn, survivor: SurvivorId, kind: TaskKind) -> Result<Vec<TaskRow>> {
    let waiting = TaskRow::query()
        .filter(tasks::survivor_id.eq(survivor))
        .filter(tasks::kind.eq(kind))
        .filter(tasks::state.eq(TaskState::Open));
    Ok(waiting.order(tasks::id).load(conn)?)
}

/// Tasks of a kind that were made about a survivor since an instant, done or not, the oldest first.
pub fn list_tasks_since(
    conn: &mut DbConn,
    survivor: SurvivorId,
    kind: TaskKind,
    since: Instant,
) -> Result<Vec<TaskRow>> {
    let made = TaskRow::query()
        .filter(tasks::survivor_id.eq(survivor))
        .filter(tasks::kind.eq(kind))
        .filter(tasks::created_at.ge(since));
    Ok(made.order(tasks::id).load(conn)?)
}

/// Replaces what is known about a task.
pub fn set_task_detail(conn: &mut DbConn, id: TaskId, detail: Json) -> Result<()> {
    cached(diesel::update(tasks::table.find(id)).set(tasks::detail.eq(detail))).execute(conn)?;
    Ok(())
}

/// Tasks that wait for an alert, the oldest first.
pub fn list_open_tasks_of_alert(conn: &mut DbConn, alert: AlertId) -> Result<Vec<TaskRow>> {
    let waiting = TaskRow::query().filter(tasks::alert_id.eq(alert)).filter(tasks::state.eq(TaskState::Open));
    Ok(waiting.order(tasks::id).load(conn)?)
}

/// Tasks that the clock has to look at.
pub fn list_due_tasks(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<TaskId>> {
    let due = tasks::table.filter(tasks::next_action_at.is_not_null()).filter(tasks::next_action_at.le(now));
    Ok(due.order(tasks::next_action_at).limit(limit).select(tasks::id).load(conn)?)
}

/// When the clock has to look at a task next.
pub fn next_due_task(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = tasks::table.filter(tasks::next_action_at.is_not_null()).order(tasks::next_action_at);
    let next: Option<Option<Instant>> = due.select(tasks::next_action_at).first(conn).optional()?;
    Ok(next.flatten())
}

/// Notes that the clock has looked at a task; false when it was not due any more.
pub fn claim_due_task(conn: &mut DbConn, id: TaskId, now: Instant) -> Result<bool> {
    let due = tasks::table.find(id).filter(tasks::next_action_at.le(now));
    Ok(cached(diesel::update(due).set(tasks::next_action_at.eq(None::<Instant>))).execute(conn)? == 1)
}

/// Ends a task; false when it had ended already.
pub fn end_task(
    conn: &mut DbConn,
    id: TaskId,
    (end, by): (TaskEnd, Option<StaffId>),
    now: Instant,
    note: Option<Sealed>,
) -> Result<bool> {
    let open = tasks::table.find(id).filter(tasks::state.eq(TaskState::Open));
    let changed = cached(diesel::update(open).set((
        tasks::state.eq(end.state()),
        tasks::ended_because.eq(Some(end)),
        tasks::done_at.eq(Some(now)),
        tasks::done_by.eq(by),
        tasks::note.eq(note),
        tasks::next_action_at.eq(None::<Instant>),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}
