//! All SQL of holds and silences.

use diesel::dsl;
use diesel::prelude::*;

use crate::db::schema::{alert_holds, alerts, silences};
use crate::db::{AlertId, DbConn, HoldId, Instant, OrganisationId, SilenceId, StaffId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::model::{AlertRow, RuleGroup};
use crate::escalation::ladder::hold::model::{AlertHoldRow, HoldReason};
use crate::escalation::ladder::silences::SilenceRow;
use crate::http::page::{Cursor, PageDsl as _};

pub fn insert_hold(conn: &mut DbConn, row: AlertHoldRow) -> Result<()> {
    diesel::insert_into(alert_holds::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_last_hold(conn: &mut DbConn, alert: AlertId) -> Result<Option<AlertHoldRow>> {
    let of = AlertHoldRow::query().filter(alert_holds::alert_id.eq(alert));
    Ok(of.order(alert_holds::id.desc()).first(conn).optional()?)
}

/// Moves the end of a hold: later while it lasts, to now when it is released.
pub fn set_hold_end(conn: &mut DbConn, id: HoldId, until: Instant) -> Result<()> {
    diesel::update(alert_holds::table.find(id)).set(alert_holds::until_at.eq(until)).execute(conn)?;
    Ok(())
}

/// How many survivors of an organisation had an alert of missed check-ins raised since an instant; counted up to `most`.
pub fn count_missed_survivors(
    conn: &mut DbConn,
    organisation: OrganisationId,
    since: Instant,
    most: usize,
) -> Result<usize> {
    let missed = alerts::table
        .filter(alerts::organisation_id.eq(organisation))
        .filter(alerts::rule_group.eq(RuleGroup::Missed))
        .filter(alerts::raised_at.ge(since));
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let found: Vec<SurvivorId> = missed.select(alerts::survivor_id).distinct().limit(limit).load(conn)?;
    Ok(found.len())
}

/// Emergencies that nobody has closed, drills apart.
#[dsl::auto_type]
fn open_emergencies() -> _ {
    let open = alerts::closed_at.is_null();
    alerts::table.filter(open).filter(alerts::level.ge(4_i32)).filter(alerts::is_exercise.eq(false))
}

/// Whether another alert of the same survivor and case is an emergency that nobody has closed; one of no case counts for all
/// of theirs. A drill mutes nothing, and one that the police may not hear of mutes none that they may.
pub fn has_open_emergency(conn: &mut DbConn, alert: &AlertRow) -> Result<bool> {
    let of = alerts::survivor_id.eq(alert.survivor_id);
    let mut open = open_emergencies().filter(of).filter(alerts::id.ne(alert.id)).into_boxed();
    if alert.police_allowed {
        open = open.filter(alerts::police_allowed.eq(true));
    }
    if let Some(case) = alert.case_id {
        open = open.filter(alerts::case_id.is_null().or(alerts::case_id.eq(case)));
    }
    Ok(open.select(alerts::id).first::<AlertId>(conn).optional()?.is_some())
}

/// Whether an emergency of a survivor is open.
pub fn is_in_emergency(conn: &mut DbConn, survivor: SurvivorId) -> Result<bool> {
    let open = open_emergencies().filter(alerts::survivor_id.eq(survivor));
    Ok(open.select(alerts::id).first::<AlertId>(conn).optional()?.is_some())
}

/// Until when silences cover an alert: the longest of those that do.
pub fn silenced_until(conn: &mut DbConn, alert: &AlertRow, now: Instant) -> Result<Option<Instant>> {
    let covering = silences::table
        .filter(silences::organisation_id.eq(alert.organisation_id))
        .filter(silences::ended_at.is_null())
        .filter(silences::until_at.gt(now))
        .filter(silences::survivor_id.is_null().or(silences::survivor_id.eq(alert.survivor_id)))
        .filter(silences::rule_group.is_null().or(silences::rule_group.eq(alert.rule_group)));
    Ok(covering.order(silences::until_at.desc()).select(silences::until_at).first(conn).optional()?)
}

/// The holds of an organisation's alerts for a reason that have not ended.
pub fn list_live_holds(
    conn: &mut DbConn,
    organisation: OrganisationId,
    reason: HoldReason,
    now: Instant,
) -> Result<Vec<AlertHoldRow>> {
    let held = AlertHoldRow::query()
        .filter(alert_holds::organisation_id.eq(organisation))
        .filter(alert_holds::reason.eq(reason))
        .filter(alert_holds::until_at.gt(now));
    Ok(held.order(alert_holds::id).load(conn)?)
}

/// Holds for a reason since an instant, with the survivor's organisation; all organisations, or one.
pub fn list_holds(
    conn: &mut DbConn,
    organisation: Option<OrganisationId>,
    reason: HoldReason,
    since: Instant,
) -> Result<Vec<AlertHoldRow>> {
    let mut holds = AlertHoldRow::query()
        .filter(alert_holds::reason.eq(reason))
        .filter(alert_holds::held_at.ge(since))
        .into_boxed();
    if let Some(organisation) = organisation {
        holds = holds.filter(alert_holds::organisation_id.eq(organisation));
    }
    Ok(holds.order(alert_holds::held_at).load(conn)?)
}

pub fn insert_silence(conn: &mut DbConn, row: SilenceRow) -> Result<()> {
    diesel::insert_into(silences::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_silence(conn: &mut DbConn, organisation: OrganisationId, id: SilenceId) -> Result<Option<SilenceRow>> {
    let own = SilenceRow::query().find(id).filter(silences::organisation_id.eq(organisation));
    Ok(own.first(conn).optional()?)
}

/// Silences of an organisation, newest first, those that are over too; none of survivors who keep the caller out.
pub fn list_silences(
    conn: &mut DbConn,
    organisation: OrganisationId,
    blocked: Vec<SurvivorId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<SilenceRow>> {
    let visible = silences::survivor_id.is_null().or(silences::survivor_id.ne_all(blocked));
    let rows = SilenceRow::query().filter(silences::organisation_id.eq(organisation)).filter(visible).into_boxed();
    Ok(rows.page(silences::id, SilenceId, after, limit).load(conn)?)
}

/// Ends a silence; false when it had ended.
pub fn end_silence(conn: &mut DbConn, id: SilenceId, by: StaffId, now: Instant) -> Result<bool> {
    let live = silences::table.find(id).filter(silences::ended_at.is_null()).filter(silences::until_at.gt(now));
    let changed =
        diesel::update(live).set((silences::ended_at.eq(Some(now)), silences::ended_by.eq(Some(by)))).execute(conn)?;
    Ok(changed == 1)
}
