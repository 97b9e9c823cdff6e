//! SQL of schedules.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::audit::records;
use crate::checkins::schedule::model::{Schedule, ScheduleState};
use crate::db::schema::{check_ins, schedules};
use crate::db::{CheckInId, DbConn, Instant, ScheduleId, SurvivorId, cached};
use crate::error::Result;
use crate::tx::Tx;

fn bind(tx: &mut Tx<'_>, row: &Schedule, version: i32) {
    records::schedules(
        tx,
        row.id,
        version,
        [
            &row.survivor_id.0,
            &row.state.as_str(),
            &row.time_zone,
            &row.local_times,
            &row.weekdays,
            &row.rrule,
            &row.grace_minutes,
            &row.paused_until,
        ],
    );
}

pub fn insert_schedule(tx: &mut Tx<'_>, row: Schedule) -> Result<()> {
    bind(tx, &row, row.version);
    diesel::insert_into(schedules::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn find_schedule(conn: &mut DbConn, id: ScheduleId) -> Result<Option<Schedule>> {
    Ok(Schedule::query().find(id).first(conn).optional()?)
}

/// The decoy's schedule that mirrors another.
pub fn find_twin_schedule(conn: &mut DbConn, id: ScheduleId) -> Result<Option<Schedule>> {
    Ok(Schedule::query().filter(schedules::twin_of.eq(id)).first(conn).optional()?)
}

/// The schedules of a decoy, each with the id by which the phone knows it.
pub fn list_twins(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<(ScheduleId, Option<ScheduleId>)>> {
    let twins = schedules::table.filter(schedules::survivor_id.eq(survivor)).filter(schedules::twin_of.is_not_null());
    Ok(twins.select((schedules::id, schedules::twin_of)).load(conn)?)
}

/// A schedule, locked: anyone who changes it meanwhile waits, or has committed and is seen.
pub fn lock_schedule(conn: &mut DbConn, id: ScheduleId) -> Result<Option<Schedule>> {
    cached(diesel::update(schedules::table.find(id)).set(schedules::version.eq(schedules::version))).execute(conn)?;
    find_schedule(conn, id)
}

/// Locks the schedule that a decoy's slot mirrors, before anything of the decoy's is locked: all who change both go the same
/// way, and no cry for help waits for two that met.
pub fn lock_mirrored(conn: &mut DbConn, slot: CheckInId) -> Result<()> {
    let of_decoy = check_ins::table.find(slot).filter(check_ins::twin_of.is_not_null());
    let twin: Option<Option<ScheduleId>> = of_decoy.select(check_ins::schedule_id).first(conn).optional()?;
    let Some(twin) = twin.flatten() else { return Ok(()) };
    let own: Option<Option<ScheduleId>> =
        schedules::table.find(twin).select(schedules::twin_of).first(conn).optional()?;
    match own.flatten() {
        Some(own) => lock_schedule(conn, own).map(drop),
        None => Ok(()),
    }
}

/// A survivor's schedules, the newest first; there are few.
pub fn list_schedules(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Vec<Schedule>> {
    let own = Schedule::query().filter(schedules::survivor_id.eq(access.id()));
    Ok(own.order(schedules::id.desc()).limit(200).load(conn)?)
}

/// Whether check-ins of a survivor are watched over, or will be again.
pub fn has_schedule_to_end(conn: &mut DbConn, access: &SurvivorAccess) -> Result<bool> {
    Ok(list_schedules(conn, access)?.iter().any(|schedule| schedule.state != ScheduleState::Ended))
}

/// The time zone of a survivor's newest schedule: where they live, as far as is known.
pub fn time_zone(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Option<String>> {
    let own = schedules::table.filter(schedules::survivor_id.eq(access.id()));
    Ok(own.order(schedules::id.desc()).select(schedules::time_zone).first(conn).optional()?)
}

/// Keeps a schedule's new state, unless it changed since it was read.
pub fn update_schedule_state(tx: &mut Tx<'_>, row: &Schedule) -> Result<bool> {
    let same = schedules::table.find(row.id).filter(schedules::version.eq(row.version));
    let changed = cached(diesel::update(same).set((
        schedules::state.eq(row.state),
        schedules::paused_until.eq(row.paused_until),
        schedules::next_action_at.eq(row.next_action_at),
        schedules::state_reason.eq(&row.state_reason),
        schedules::ended_at.eq(row.ended_at),
        schedules::version.eq(row.version + 1),
    )))
    .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        bind(tx, row, row.version + 1);
    }
    Ok(is_kept)
}

/// Paused schedules whose pause is over: one indexed query.
pub fn list_paused_out(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<ScheduleId>> {
    let due =
        schedules::table.filter(schedules::next_action_at.is_not_null()).filter(schedules::next_action_at.le(now));
    let due = due.filter(schedules::state.eq(ScheduleState::Paused));
    Ok(due.order(schedules::next_action_at).limit(limit).select(schedules::id).load(conn)?)
}

/// When the next pause is over.
pub fn next_resume(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = schedules::table.filter(schedules::next_action_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(schedules::next_action_at).select(schedules::next_action_at).first(conn).optional()?;
    Ok(first.flatten())
}
