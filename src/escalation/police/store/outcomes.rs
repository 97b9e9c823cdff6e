//! What forces said came of alerts.

use diesel::prelude::*;

use crate::db::schema::{alerts, police_outcomes};
use crate::db::{AlertId, DbConn, Instant, OrganisationId, PoliceOutcomeId, StaffId, SurvivorId, cached};
use crate::error::Result;
use crate::escalation::police::outcomes::model::{OutcomeRow, OutcomeState};
use crate::http::page::Cursor;

pub fn insert_outcome(conn: &mut DbConn, row: OutcomeRow) -> Result<()> {
    diesel::insert_into(police_outcomes::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_outcome(conn: &mut DbConn, id: PoliceOutcomeId) -> Result<Option<OutcomeRow>> {
    Ok(OutcomeRow::query().find(id).first(conn).optional()?)
}

/// What was said of an alert, the oldest first.
pub fn list_outcomes(conn: &mut DbConn, alert: AlertId) -> Result<Vec<OutcomeRow>> {
    let rows = OutcomeRow::query().filter(police_outcomes::alert_id.eq(alert));
    Ok(rows.order(police_outcomes::id).load(conn)?)
}

/// Marks what holds no more: what one force said of an alert, or what anybody did.
pub fn supersede_outcomes(
    conn: &mut DbConn,
    alert: AlertId,
    force: Option<OrganisationId>,
    now: Instant,
) -> Result<usize> {
    let in_force = police_outcomes::table
        .filter(police_outcomes::alert_id.eq(alert))
        .filter(police_outcomes::superseded_at.is_null());
    let changed = (police_outcomes::superseded_at.eq(Some(now)), police_outcomes::next_action_at.eq(None::<Instant>));
    Ok(match force {
        Some(force) => {
            let theirs = police_outcomes::organisation_id.eq(force).or(police_outcomes::organisation_id.is_null());
            let theirs = in_force.filter(theirs);
            cached(diesel::update(theirs).set(changed)).execute(conn)?
        }
        None => cached(diesel::update(in_force).set(changed)).execute(conn)?,
    })
}

/// Keeps what was decided about an outcome.
pub fn decide_outcome(
    conn: &mut DbConn,
    id: PoliceOutcomeId,
    (state, by, reason): (OutcomeState, StaffId, Option<&str>),
    now: Instant,
) -> Result<()> {
    let decided = (
        police_outcomes::state.eq(state),
        police_outcomes::decided_at.eq(Some(now)),
        police_outcomes::decided_by.eq(Some(by)),
        police_outcomes::reason.eq(reason),
        police_outcomes::next_action_at.eq(None::<Instant>),
    );
    cached(diesel::update(police_outcomes::table.find(id)).set(decided)).execute(conn)?;
    Ok(())
}

/// Outcomes that nobody has decided about in time.
pub fn list_due_outcomes(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<PoliceOutcomeId>> {
    let due = police_outcomes::table.filter(police_outcomes::next_action_at.is_not_null());
    let due = due.filter(police_outcomes::next_action_at.le(now)).order(police_outcomes::next_action_at);
    Ok(due.limit(limit).select(police_outcomes::id).load(conn)?)
}

/// Notes that a task was made about an outcome; false when it was not due any more.
pub fn claim_due_outcome(conn: &mut DbConn, id: PoliceOutcomeId, now: Instant) -> Result<bool> {
    let due = police_outcomes::table.find(id).filter(police_outcomes::next_action_at.le(now));
    Ok(cached(diesel::update(due).set(police_outcomes::next_action_at.eq(None::<Instant>))).execute(conn)? == 1)
}

/// When the clock has to look at an outcome next.
pub fn next_due_outcome(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = police_outcomes::table
        .filter(police_outcomes::next_action_at.is_not_null())
        .order(police_outcomes::next_action_at);
    let next: Option<Option<Instant>> = due.select(police_outcomes::next_action_at).first(conn).optional()?;
    Ok(next.flatten())
}

/// Outcomes that were released to a survivor with the references of their alerts, newest first, never those of a silent
/// alert: `limit + 1` rows.
pub fn list_released(
    conn: &mut DbConn,
    survivor: SurvivorId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<(OutcomeRow, String)>> {
    let joined = police_outcomes::table.inner_join(alerts::table.on(police_outcomes::alert_id.eq(alerts::id)));
    let mut rows = joined
        .filter(police_outcomes::survivor_id.eq(survivor))
        .filter(police_outcomes::state.eq(OutcomeState::Released))
        .filter(alerts::is_silent.eq(false))
        .into_boxed();
    if let Some((at, id)) = after {
        let (before, same) = (police_outcomes::decided_at.lt(at), police_outcomes::decided_at.eq(at));
        rows = rows.filter(before.or(same.and(police_outcomes::id.lt(PoliceOutcomeId(id)))));
    }
    let rows = rows.order((police_outcomes::decided_at.desc(), police_outcomes::id.desc())).limit(limit + 1);
    Ok(rows.select((OutcomeRow::as_select(), alerts::reference)).load(conn)?)
}
