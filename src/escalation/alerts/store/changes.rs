//! All SQL of following alerts.

use diesel::dsl::{exists, max};
use diesel::prelude::*;

use crate::db::schema::{alert_change_numbers, alert_changes, alert_history, alerts};
use crate::db::{AlertId, CaseId, DbConn, HistoryId, Instant, OrganisationId};
use crate::error::Result;
use crate::escalation::alerts::changes::{FOR_PROGRAMME, VisibleAlerts};
use crate::escalation::alerts::model::{AlertRow, HistoryKind, RuleGroup};

/// The one row of the numbers.
const NUMBERS: i32 = 1;
/// Lines numbered at a time.
const AT_A_TIME: i64 = 500;

/// A line of an alert's history that can be followed.
#[derive(Insertable)]
#[diesel(table_name = alert_changes)]
struct NewChange {
    history_id: HistoryId,
    alert_id: AlertId,
    organisation_id: OrganisationId,
}

/// Lets a line of an alert's history be followed.
pub fn insert_change(conn: &mut DbConn, line: HistoryId, alert: AlertId, organisation: OrganisationId) -> Result<()> {
    let row = NewChange { history_id: line, alert_id: alert, organisation_id: organisation };
    diesel::insert_into(alert_changes::table).values(row).execute(conn)?;
    Ok(())
}

/// Gives every line that was committed since its number. One at a time: anybody else who numbers waits for this transaction,
/// so no number is ever read before a lower one.
pub fn number_changes(conn: &mut DbConn) -> Result<()> {
    let waiting = alert_changes::table.filter(alert_changes::sequence.is_null());
    if !diesel::select(exists(waiting)).get_result::<bool>(conn)? {
        return Ok(());
    }
    number_after(conn, |conn, mut last| {
        loop {
            let next = waiting.order(alert_changes::history_id).limit(AT_A_TIME);
            let lines: Vec<HistoryId> = next.select(alert_changes::history_id).load(conn)?;
            for line in &lines {
                last += 1;
                let row = alert_changes::table.find(line);
                diesel::update(row).set(alert_changes::sequence.eq(Some(last))).execute(conn)?;
            }
            if lines.is_empty() {
                return Ok(last);
            }
        }
    })
}

/// Gives numbers, to alerts' lines and to whatever is followed beside them, from the one row: `number` is told the last one
/// given, and answers the last that it gave.
pub fn number_after(conn: &mut DbConn, number: impl FnOnce(&mut DbConn, i64) -> Result<i64>) -> Result<()> {
    let numbers = alert_change_numbers::table.find(NUMBERS);
    // Takes the row, so that the lines are read after anyone who numbered before has committed.
    let same = alert_change_numbers::last_number.eq(alert_change_numbers::last_number);
    diesel::update(numbers).set(same).execute(conn)?;
    let last = last_change_number(conn)?;
    let last = number(conn, last)?;
    diesel::update(numbers).set(alert_change_numbers::last_number.eq(last)).execute(conn)?;
    Ok(())
}

/// The last number given.
pub fn last_change_number(conn: &mut DbConn) -> Result<i64> {
    Ok(alert_change_numbers::table.find(NUMBERS).select(alert_change_numbers::last_number).first(conn)?)
}

/// The number of a line.
pub fn find_change_number(conn: &mut DbConn, line: HistoryId) -> Result<Option<i64>> {
    let number = alert_changes::table.find(line).select(alert_changes::sequence);
    Ok(number.first::<Option<i64>>(conn).optional()?.flatten())
}

/// A change, with its alert as it is now.
pub struct ChangeWithAlert {
    pub history_id: HistoryId,
    pub number: i64,
    pub level: i32,
    pub kind: HistoryKind,
    pub at: Instant,
    pub alert: AlertRow,
}

type AlertChangeRow = (HistoryId, Option<i64>, i32, HistoryKind, Instant, AlertRow);

/// Lines that a caller may see, after one number and up to another, oldest first: for the support side those of alerts that are
/// theirs now.
pub fn list_changes(
    conn: &mut DbConn,
    seen: &VisibleAlerts,
    after: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<ChangeWithAlert>> {
    let joined = alert_changes::table
        .inner_join(alert_history::table.on(alert_history::id.eq(alert_changes::history_id)))
        .inner_join(alerts::table.on(alerts::id.eq(alert_changes::alert_id)))
        .filter(alert_changes::sequence.gt(after))
        .filter(alert_changes::sequence.le(until));
    let parts = (
        alert_changes::history_id,
        alert_changes::sequence,
        alert_history::level,
        alert_history::kind,
        alert_history::at,
        AlertRow::as_select(),
    );
    let rows: Vec<AlertChangeRow> = match seen {
        VisibleAlerts::Support(organisation, blocked) => joined
            .filter(alerts::organisation_id.eq(organisation))
            .filter(alerts::survivor_id.ne_all(blocked.clone()))
            .order(alert_changes::sequence)
            .limit(limit)
            .select(parts)
            .load(conn)?,
        VisibleAlerts::Programme(cases) => joined
            .filter(alerts::case_id.eq_any(cases.iter().copied().map(Some).collect::<Vec<_>>()))
            .filter(alerts::is_silent.eq(false))
            .filter(alerts::rule_group.ne_all(RuleGroup::NOT_FOR_PROGRAMME))
            .filter(alert_history::kind.eq_any(FOR_PROGRAMME))
            .order(alert_changes::sequence)
            .limit(limit)
            .select(parts)
            .load(conn)?,
    };
    let change = |(history_id, number, level, kind, at, alert): AlertChangeRow| ChangeWithAlert {
        history_id,
        number: number.unwrap_or_default(),
        level,
        kind,
        at,
        alert,
    };
    Ok(rows.into_iter().map(change).collect())
}

/// The latest line that a caller may see, with its number.
pub fn find_last_change(conn: &mut DbConn, seen: &VisibleAlerts) -> Result<Option<(HistoryId, i64)>> {
    let joined = alert_changes::table
        .inner_join(alert_history::table.on(alert_history::id.eq(alert_changes::history_id)))
        .inner_join(alerts::table.on(alerts::id.eq(alert_changes::alert_id)))
        .filter(alert_changes::sequence.is_not_null());
    let parts = (alert_changes::history_id, alert_changes::sequence);
    let found: Option<(HistoryId, Option<i64>)> = match seen {
        VisibleAlerts::Support(organisation, blocked) => joined
            .filter(alerts::organisation_id.eq(organisation))
            .filter(alerts::survivor_id.ne_all(blocked.clone()))
            .order(alert_changes::sequence.desc())
            .select(parts)
            .first(conn)
            .optional()?,
        VisibleAlerts::Programme(cases) => joined
            .filter(alerts::case_id.eq_any(cases.iter().copied().map(Some).collect::<Vec<_>>()))
            .filter(alerts::is_silent.eq(false))
            .filter(alerts::rule_group.ne_all(RuleGroup::NOT_FOR_PROGRAMME))
            .filter(alert_history::kind.eq_any(FOR_PROGRAMME))
            .order(alert_changes::sequence.desc())
            .select(parts)
            .first(conn)
            .optional()?,
    };
    Ok(found.and_then(|(id, number)| Some((id, number?))))
}

/// Whether an organisation's alerts changed after a number, or have lines that wait for theirs.
pub fn has_changes_of(conn: &mut DbConn, organisation: OrganisationId, after: i64) -> Result<bool> {
    let own = alert_changes::table.filter(alert_changes::organisation_id.eq(organisation));
    if diesel::select(exists(own.filter(alert_changes::sequence.is_null()))).get_result(conn)? {
        return Ok(true);
    }
    let last: Option<i64> = own.select(max(alert_changes::sequence)).first(conn)?;
    Ok(last.is_some_and(|last| last > after))
}

/// The cases whose alerts changed after a number, or have lines that wait for theirs.
pub fn list_changed_cases(conn: &mut DbConn, after: i64) -> Result<Vec<CaseId>> {
    let joined = alert_changes::table.inner_join(alerts::table.on(alerts::id.eq(alert_changes::alert_id)));
    let linked = joined.filter(alerts::case_id.is_not_null());
    let mut found: Vec<Option<CaseId>> =
        linked.filter(alert_changes::sequence.gt(after)).select(alerts::case_id).distinct().load(conn)?;
    let waiting: Vec<Option<CaseId>> =
        linked.filter(alert_changes::sequence.is_null()).select(alerts::case_id).distinct().load(conn)?;
    found.extend(waiting);
    Ok(found.into_iter().flatten().collect())
}
