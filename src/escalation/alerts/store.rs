//! All SQL of alerts.

mod changes;

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

pub use changes::*;

use super::model::{AlertReader, AlertRow, AlertsQuery, HistoryRow, RuleGroup};
use crate::access::SurvivorAccess;
use crate::audit::records;
use crate::db::schema::{alert_history, alerts};
use crate::db::{AlertId, CaseId, DbConn, Instant, OrganisationId, SurvivorId, cached};
use crate::error::{Error, Result};
use crate::http::ListRequest;
use crate::http::page::{Cursor, PageDsl as _};
use crate::identity;
use crate::tx::Tx;

/// Makes transactions about the same survivor's alerts wait for each other, so that two triggers never open two alerts
/// of a group.
pub fn lock_survivor(conn: &mut DbConn, survivor: SurvivorId) -> Result<()> {
    let turn = diesel::sql_query(
        "INSERT INTO alert_locks (survivor_id, turns) VALUES ($1, $2) \
         ON CONFLICT (survivor_id) DO UPDATE SET turns = alert_locks.turns + 1",
    )
    .bind::<crate::db::schema::DbUuid, _>(survivor)
    .bind::<BigInt, _>(1);
    cached(turn).execute(conn)?;
    Ok(())
}

/// Open alerts of a survivor that wait for a setting of theirs before the police may be notified.
pub fn list_withheld_from_police(conn: &mut DbConn, survivor: SurvivorId, setting: &str) -> Result<Vec<AlertRow>> {
    let open = AlertRow::query().filter(alerts::survivor_id.eq(survivor)).filter(alerts::closed_at.is_null());
    let kept = open.filter(alerts::police_setting.eq(setting)).filter(alerts::police_allowed.eq(false));
    Ok(kept.order(alerts::id).load(conn)?)
}

pub fn find_open(conn: &mut DbConn, survivor: SurvivorId, group: RuleGroup) -> Result<Option<AlertRow>> {
    let open = AlertRow::query()
        .filter(alerts::survivor_id.eq(survivor))
        .filter(alerts::rule_group.eq(group))
        .filter(alerts::closed_at.is_null());
    Ok(open.first(conn).optional()?)
}

/// Alerts of a survivor that nobody has closed, drills apart.
pub fn list_open_of(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<AlertRow>> {
    let open = AlertRow::query()
        .filter(alerts::survivor_id.eq(survivor))
        .filter(alerts::is_exercise.eq(false))
        .filter(alerts::closed_at.is_null());
    Ok(open.order(alerts::id).load(conn)?)
}

pub fn find(conn: &mut DbConn, id: AlertId) -> Result<Option<AlertRow>> {
    Ok(AlertRow::query().find(id).first(conn).optional()?)
}

/// The id of the alert with a reference; none of a decoy's, which nobody but its phone knows of.
pub fn find_id_by_reference(conn: &mut DbConn, reference: &str) -> Result<Option<AlertId>> {
    match find_by_reference(conn, reference)? {
        Some(alert) if !identity::is_decoy(conn, alert.survivor_id)? => Ok(Some(alert.id)),
        _ => Ok(None),
    }
}

/// Some alerts by their ids.
pub fn list_by_ids(conn: &mut DbConn, ids: Vec<AlertId>) -> Result<HashMap<AlertId, AlertRow>> {
    let rows: Vec<AlertRow> = AlertRow::query().filter(alerts::id.eq_any(ids)).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The alert with a reference.
pub fn find_by_reference(conn: &mut DbConn, reference: &str) -> Result<Option<AlertRow>> {
    Ok(AlertRow::query().filter(alerts::reference.eq(reference)).first(conn).optional()?)
}

fn bind(tx: &mut Tx<'_>, row: &AlertRow, version: i32) {
    records::alerts(
        tx,
        row.id,
        version,
        [
            &row.survivor_id.0,
            &row.rule_group.as_str(),
            &row.level,
            &row.state.as_str(),
            &row.is_silent,
            &row.police_setting,
            &row.police_allowed,
            &row.outcome,
            &row.acknowledged_at,
            &row.closed_at,
        ],
    );
}

pub fn insert(tx: &mut Tx<'_>, row: AlertRow) -> Result<()> {
    bind(tx, &row, row.version);
    diesel::insert_into(alerts::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Replaces what can change of an alert, unless it changed since it was read.
pub fn update(tx: &mut Tx<'_>, row: &AlertRow) -> Result<bool> {
    let same = alerts::table.find(row.id).filter(alerts::version.eq(row.version));
    let ladder = (
        alerts::ladder.eq(&row.ladder),
        alerts::ladder_round.eq(row.ladder_round),
        alerts::ladder_next.eq(row.ladder_next),
        alerts::next_action_at.eq(row.next_action_at),
    );
    let police = (
        alerts::police_setting.eq(&row.police_setting),
        alerts::police_allowed.eq(row.police_allowed),
        alerts::police_told_at.eq(row.police_told_at),
        alerts::police_acknowledged_at.eq(row.police_acknowledged_at),
        alerts::message_sequence.eq(row.message_sequence),
        alerts::outcome.eq(&row.outcome),
        alerts::outcome_released_at.eq(row.outcome_released_at),
    );
    let standing = (
        alerts::rule.eq(row.rule),
        alerts::level.eq(row.level),
        alerts::state.eq(row.state),
        alerts::facts.eq(&row.facts),
        alerts::is_silent.eq(row.is_silent),
        alerts::acknowledged_at.eq(row.acknowledged_at),
        alerts::closed_at.eq(row.closed_at),
        alerts::acknowledge_by.eq(row.acknowledge_by),
        alerts::updated_at.eq(row.updated_at),
        alerts::version.eq(row.version + 1),
        alerts::paged_at.eq(row.paged_at),
        alerts::unpaged_triggers.eq(row.unpaged_triggers),
    );
    let is_kept = cached(diesel::update(same).set((ladder, police, standing))).execute(tx.conn)? == 1;
    if is_kept {
        bind(tx, row, row.version + 1);
    }
    Ok(is_kept)
}

/// Alerts of an organisation that nobody has closed, drills included.
pub fn list_unclosed(conn: &mut DbConn, organisation: OrganisationId) -> Result<Vec<AlertId>> {
    let unclosed = alerts::table.filter(alerts::organisation_id.eq(organisation)).filter(alerts::closed_at.is_null());
    Ok(unclosed.order(alerts::id).select(alerts::id).load(conn)?)
}

/// Alerts whose time has come, the gravest first: one indexed query.
pub fn list_due(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<AlertId>> {
    let due = alerts::table.filter(alerts::next_action_at.is_not_null()).filter(alerts::next_action_at.le(now));
    Ok(due.order((alerts::level.desc(), alerts::next_action_at)).limit(limit).select(alerts::id).load(conn)?)
}

/// Has the emergencies looked at by `latest` that would otherwise be left alone for longer; how many those were.
pub fn bring_forward(conn: &mut DbConn, level: i32, latest: Instant) -> Result<usize> {
    let asleep = alerts::table.filter(alerts::next_action_at.is_not_null()).filter(alerts::next_action_at.gt(latest));
    let asleep = asleep.filter(alerts::level.ge(level));
    Ok(cached(diesel::update(asleep).set(alerts::next_action_at.eq(Some(latest)))).execute(conn)?)
}

/// Has the lower alerts looked at now that were last changed after now, by a clock that was fast; how many those were.
pub fn requeue_from_future(conn: &mut DbConn, level: i32, now: Instant) -> Result<usize> {
    let fast = alerts::table.filter(alerts::next_action_at.is_not_null()).filter(alerts::next_action_at.gt(now));
    let fast = fast.filter(alerts::level.lt(level)).filter(alerts::updated_at.gt(now));
    Ok(cached(diesel::update(fast).set(alerts::next_action_at.eq(Some(now)))).execute(conn)?)
}

/// When the next alert is to be looked at.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = alerts::table.filter(alerts::next_action_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(alerts::next_action_at).select(alerts::next_action_at).first(conn).optional()?;
    Ok(first.flatten())
}

/// Keeps those of some alerts that a caller asks for.
macro_rules! narrow {
    ($rows:expr, $query:expr) => {{
        let mut rows = $rows;
        let query = $query;
        if let Some(state) = query.state {
            rows = rows.filter(alerts::state.eq(state));
        }
        match query.is_closed {
            Some(true) => rows = rows.filter(alerts::closed_at.is_not_null()),
            Some(false) => rows = rows.filter(alerts::closed_at.is_null()),
            None => {}
        }
        if let Some(level) = query.least_level {
            rows = rows.filter(alerts::level.ge(level));
        }
        if let Some(since) = query.since {
            rows = rows.filter(alerts::raised_at.ge(since));
        }
        if let Some(until) = query.until {
            rows = rows.filter(alerts::raised_at.lt(until));
        }
        rows
    }};
}

/// Alerts of a support organisation, newest first, without those of survivors who keep the caller out; on request only those
/// of some survivors.
pub fn list_of_organisation(
    conn: &mut DbConn,
    organisation: OrganisationId,
    (blocked, only): (Vec<SurvivorId>, Option<Vec<SurvivorId>>),
    asked: &ListRequest<AlertsQuery>,
) -> Result<Vec<AlertRow>> {
    let mut rows = AlertRow::query()
        .filter(alerts::organisation_id.eq(organisation))
        .filter(alerts::survivor_id.ne_all(blocked))
        .into_boxed();
    if let Some(survivor) = asked.query.survivor_id {
        rows = rows.filter(alerts::survivor_id.eq(survivor));
    }
    if let Some(only) = only {
        rows = rows.filter(alerts::survivor_id.eq_any(only));
    }
    Ok(narrow!(rows, &asked.query).page(alerts::id, AlertId, asked.after, asked.limit).load(conn)?)
}

/// Alerts of cases, newest first; silent ones, and those of [`RuleGroup::NOT_FOR_PROGRAMME`], are for the survivor's side alone.
pub fn list_of_cases(conn: &mut DbConn, cases: Vec<CaseId>, asked: &ListRequest<AlertsQuery>) -> Result<Vec<AlertRow>> {
    let rows = AlertRow::query()
        .filter(alerts::case_id.eq_any(cases.into_iter().map(Some).collect::<Vec<_>>()))
        .filter(alerts::is_silent.eq(false))
        .filter(alerts::rule_group.ne_all(RuleGroup::NOT_FOR_PROGRAMME))
        .into_boxed();
    Ok(narrow!(rows, &asked.query).page(alerts::id, AlertId, asked.after, asked.limit).load(conn)?)
}

/// Alerts of a survivor, newest first, as far as a reader may see them.
pub fn list_of_survivor(
    conn: &mut DbConn,
    survivor: SurvivorId,
    reader: AlertReader,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<AlertRow>> {
    let mut rows = AlertRow::query().filter(alerts::survivor_id.eq(survivor)).into_boxed();
    if let AlertReader::Programme(case) = reader {
        // What another case's participant did, or that there is another, is not this practitioner's to know.
        let of_anybody = alerts::rule_group.ne_all([RuleGroup::Absence, RuleGroup::Participant]);
        rows = rows
            .filter(alerts::is_silent.eq(false))
            .filter(alerts::rule_group.ne_all(RuleGroup::NOT_FOR_PROGRAMME))
            .filter(of_anybody.or(alerts::case_id.eq(case)));
    }
    if let Some((at, id)) = after {
        rows = rows.filter(alerts::raised_at.lt(at).or(alerts::raised_at.eq(at).and(alerts::id.lt(AlertId(id)))));
    }
    Ok(rows.order((alerts::raised_at.desc(), alerts::id.desc())).limit(limit + 1).load(conn)?)
}

/// Alerts that a survivor's phone must not know of.
pub fn list_silent_ids(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<AlertId>> {
    let silent = alerts::table.filter(alerts::survivor_id.eq(survivor)).filter(alerts::is_silent.eq(true));
    Ok(silent.select(alerts::id).load(conn)?)
}

/// Whether an emergency is open that a survivor's phone must not know of; a drill is none.
pub fn is_silent(conn: &mut DbConn, access: &SurvivorAccess) -> Result<bool> {
    let open = alerts::table
        .filter(alerts::survivor_id.eq(access.id()))
        .filter(alerts::is_silent.eq(true))
        .filter(alerts::is_exercise.eq(false))
        .filter(alerts::closed_at.is_null());
    Ok(open.select(alerts::id).first::<AlertId>(conn).optional()?.is_some())
}

pub fn insert_history(tx: &mut Tx<'_>, row: HistoryRow) -> Result<()> {
    records::alert_history(
        tx,
        row.id,
        [
            &row.alert_id.0,
            &row.at,
            &row.kind.as_str(),
            &row.level,
            &row.detail,
            &row.note,
            &row.actor_kind,
            &row.actor_id,
            &row.force_reference,
        ],
    );
    diesel::insert_into(alert_history::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn list_history(conn: &mut DbConn, alert: AlertId) -> Result<Vec<HistoryRow>> {
    Ok(HistoryRow::query().filter(alert_history::alert_id.eq(alert)).order(alert_history::id).load(conn)?)
}

pub fn list_history_of(conn: &mut DbConn, alerts: &[AlertId]) -> Result<Vec<HistoryRow>> {
    let lines = HistoryRow::query().filter(alert_history::alert_id.eq_any(alerts.to_vec()));
    Ok(lines.order(alert_history::id).load(conn)?)
}

/// Keeps an alert as it now is.
pub(in crate::escalation) fn keep(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    alert.updated_at = tx.now;
    if !update(tx, alert)? {
        return Err(Error::write_conflict());
    }
    alert.version += 1;
    Ok(())
}
