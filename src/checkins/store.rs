//! All SQL of check-ins, except that of the sweep, which is in `overdue.rs`.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::{Answer, CheckIn, CheckInsQuery, ContactSinceLast, EffectiveState, ReviewState, StoredState};
use crate::access::SurvivorAccess;
use crate::audit::records;
use crate::crypto::Sealed;
use crate::db::schema::{alerts, check_in_reviews, check_ins};
use crate::db::{CheckInId, DbConn, Instant, ScheduleId, SurvivorId, cached};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::tx::Tx;

mod reviews;
mod schedules;
mod timers;

pub use reviews::{
    insert_question, insert_review, list_all_questions, list_questions, list_reviews, retire_question, update_review,
};
pub use schedules::{
    find_schedule, find_twin_schedule, has_schedule_to_end, insert_schedule, list_paused_out, list_schedules,
    list_twins, lock_mirrored, lock_schedule, next_resume, time_zone, update_schedule_state,
};
pub use timers::{
    find_own_timer, find_timer, find_timer_location, find_timer_start, insert_timer, known_offset, list_due_timers,
    list_timers, list_timers_ended_ahead, list_timers_of_the_future, next_timer, set_expired_timers_help_now,
    update_timer,
};

diesel::allow_columns_to_appear_in_same_group_by_clause!(check_ins::state, check_ins::answer, check_ins::is_proven);

/// An answer is a fact from then on; a slot that waits for one is none yet.
fn bind(tx: &mut Tx<'_>, row: &CheckIn) {
    let Some(answer) = row.answer else { return };
    records::check_ins(
        tx,
        row.id,
        [
            &row.survivor_id.0,
            &answer.as_str(),
            &row.feeling_safe,
            &row.contact_since_last.map(ContactSinceLast::as_str),
            &row.safe_to_contact,
            &row.in_touch,
            &row.note,
            &row.location,
            &row.recorded_at,
            &row.received_at,
            &row.device_id.map(|id| id.0),
            &row.recorded_by.map(|id| id.0),
        ],
    );
}

pub fn insert_check_in(tx: &mut Tx<'_>, row: CheckIn) -> Result<()> {
    bind(tx, &row);
    diesel::insert_into(check_ins::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// A check-in of one survivor, by its id or, of a decoy, by that of the one that it mirrors.
pub fn find_check_in(conn: &mut DbConn, survivor: SurvivorId, id: CheckInId) -> Result<Option<CheckIn>> {
    let itself = check_ins::id.eq(id).and(check_ins::twin_of.is_null());
    let named = itself.or(check_ins::twin_of.eq(id).assume_not_null());
    Ok(CheckIn::query().filter(check_ins::survivor_id.eq(survivor)).filter(named).first(conn).optional()?)
}

/// The slot of a schedule at an instant.
pub fn find_slot_at(conn: &mut DbConn, schedule: ScheduleId, due: Instant) -> Result<Option<CheckInId>> {
    let slot = check_ins::table.filter(check_ins::schedule_id.eq(schedule)).filter(check_ins::due_at.eq(due));
    Ok(slot.select(check_ins::id).first(conn).optional()?)
}

/// The id by which the phone knows a decoy's slot at an instant, of the schedule that mirrors another.
pub fn find_twin_at(conn: &mut DbConn, schedule: ScheduleId, due: Instant) -> Result<Option<CheckInId>> {
    let Some(twin) = schedules::find_twin_schedule(conn, schedule)? else { return Ok(None) };
    let slot = check_ins::table.filter(check_ins::schedule_id.eq(twin.id)).filter(check_ins::due_at.eq(due));
    let shown: Option<Option<CheckInId>> = slot.select(check_ins::twin_of).first(conn).optional()?;
    Ok(shown.flatten())
}

/// The earliest slot of a survivor that waits for an answer, open or not.
pub fn find_waiting(conn: &mut DbConn, survivor: SurvivorId) -> Result<Option<CheckIn>> {
    let waiting =
        CheckIn::query().filter(check_ins::survivor_id.eq(survivor)).filter(check_ins::next_action_at.is_not_null());
    Ok(waiting.order(check_ins::next_action_at).first(conn).optional()?)
}

/// What an answer of a survivor's meets.
#[derive(Clone, Copy, Debug)]
pub struct AnswerContext {
    /// Whether a slot may be answered now.
    pub has_open_slot: bool,
    /// Whether an alert is open, drills apart.
    pub has_open_alert: bool,
}

/// Looks at all of it in one query: most answers meet nothing of it, and each look by itself is a round trip.
pub fn find_answer_context(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<AnswerContext> {
    let slot = check_ins::table
        .filter(check_ins::survivor_id.eq(survivor))
        .filter(check_ins::opens_at.le(now))
        .filter(check_ins::next_action_at.gt(now))
        .filter(check_ins::grace_ends_at.gt(now));
    let alert = alerts::table
        .filter(alerts::survivor_id.eq(survivor))
        .filter(alerts::is_exercise.eq(false))
        .filter(alerts::closed_at.is_null());
    let (has_open_slot, has_open_alert): (bool, bool) =
        diesel::select((exists(slot), exists(alert))).get_result(conn)?;
    Ok(AnswerContext { has_open_slot, has_open_alert })
}

/// The earliest of them that may be answered now.
pub fn find_open(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Option<CheckIn>> {
    let open = CheckIn::query()
        .filter(check_ins::survivor_id.eq(survivor))
        .filter(check_ins::opens_at.le(now))
        .filter(check_ins::next_action_at.gt(now))
        .filter(check_ins::grace_ends_at.gt(now));
    Ok(open.order(check_ins::next_action_at).first(conn).optional()?)
}

/// Keeps an answer, unless the row has changed from `was` meanwhile. In the place of a "safe" that nobody has proven as well.
pub fn update_answer(tx: &mut Tx<'_>, was: StoredState, row: &CheckIn) -> Result<bool> {
    let same = check_ins::table.find(row.id).filter(check_ins::state.eq(was));
    let same = same.filter(check_ins::answer.is_null().or(check_ins::is_proven.eq(false)));
    let changed = cached(diesel::update(same).set((
        check_ins::state.eq(row.state),
        check_ins::next_action_at.eq(row.next_action_at),
        check_ins::answer.eq(row.answer),
        check_ins::feeling_safe.eq(row.feeling_safe),
        check_ins::contact_since_last.eq(row.contact_since_last),
        check_ins::safe_to_contact.eq(row.safe_to_contact),
        check_ins::note.eq(&row.note),
        check_ins::location.eq(&row.location),
        check_ins::recorded_at.eq(row.recorded_at),
        check_ins::received_at.eq(row.received_at),
        check_ins::device_id.eq(row.device_id),
        check_ins::remind_at.eq(None::<Instant>),
        (
            check_ins::wellbeing.eq(&row.wellbeing),
            check_ins::answers.eq(&row.answers),
            check_ins::in_touch.eq(&row.in_touch),
            check_ins::clock_offset_seconds.eq(row.clock_offset_seconds),
            check_ins::recorded_by.eq(row.recorded_by),
            check_ins::battery.eq(row.battery),
            check_ins::is_proven.eq(row.is_proven),
        ),
    )))
    .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        bind(tx, row);
    }
    Ok(is_kept)
}

/// Slots that somebody is to be reminded of: one indexed query.
pub fn list_to_remind(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<CheckInId>> {
    let due = check_ins::table.filter(check_ins::remind_at.is_not_null()).filter(check_ins::remind_at.le(now));
    Ok(due.order(check_ins::remind_at).limit(limit).select(check_ins::id).load(conn)?)
}

/// One of them, if its reminder is still due.
pub fn find_to_remind(conn: &mut DbConn, id: CheckInId, now: Instant) -> Result<Option<CheckIn>> {
    Ok(CheckIn::query().find(id).filter(check_ins::remind_at.le(now)).first(conn).optional()?)
}

/// Moves a slot on to its next reminder; false when somebody else has.
pub fn set_remind_at(conn: &mut DbConn, slot: &CheckIn, next: Option<Instant>) -> Result<bool> {
    let same = check_ins::table.find(slot.id).filter(check_ins::remind_at.eq(slot.remind_at));
    Ok(cached(diesel::update(same).set(check_ins::remind_at.eq(next))).execute(conn)? == 1)
}

/// When the next reminder is due.
pub fn next_reminder(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = check_ins::table.filter(check_ins::remind_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(check_ins::remind_at).select(check_ins::remind_at).first(conn).optional()?;
    Ok(first.flatten())
}

/// Takes the slots of a schedule back that wait and are not due yet. One that staff have written about, while the clock was
/// fast, stays as they saw it: missed.
pub fn delete_waiting_slots(conn: &mut DbConn, schedule: ScheduleId, now: Instant) -> Result<()> {
    let waiting = check_ins::table
        .filter(check_ins::schedule_id.eq(schedule))
        .filter(check_ins::next_action_at.is_not_null())
        .filter(check_ins::due_at.gt(now));
    // What was said without a PIN stays as it was said: nobody is asked any more.
    diesel::update(waiting.filter(check_ins::answer.is_not_null()))
        .set((
            check_ins::state.eq(StoredState::Safe),
            check_ins::next_action_at.eq(None::<Instant>),
            check_ins::remind_at.eq(None::<Instant>),
        ))
        .execute(conn)?;
    let ids: Vec<CheckInId> = waiting.select(check_ins::id).load(conn)?;
    let reviewed = check_in_reviews::table.filter(check_in_reviews::check_in_id.eq_any(ids));
    let reviewed: Vec<CheckInId> = reviewed.select(check_in_reviews::check_in_id).load(conn)?;
    diesel::update(check_ins::table.filter(check_ins::id.eq_any(reviewed)))
        .set((
            check_ins::state.eq(StoredState::Missed),
            check_ins::missed_at.eq(Some(now)),
            check_ins::next_action_at.eq(None::<Instant>),
            check_ins::remind_at.eq(None::<Instant>),
        ))
        .execute(conn)?;
    diesel::delete(waiting).execute(conn)?;
    Ok(())
}

/// When the latest slot of a schedule is due, answered early or not.
pub fn latest_due(conn: &mut DbConn, schedule: ScheduleId) -> Result<Option<Instant>> {
    let slots = check_ins::table.filter(check_ins::schedule_id.eq(schedule));
    Ok(slots.select(diesel::dsl::max(check_ins::due_at)).first(conn)?)
}

/// When the next slot of a schedule is due after an instant of those that wait.
pub fn next_waiting(conn: &mut DbConn, schedule: ScheduleId, after: Instant) -> Result<Option<Instant>> {
    let waiting =
        check_ins::table.filter(check_ins::schedule_id.eq(schedule)).filter(check_ins::next_action_at.is_not_null());
    Ok(waiting.filter(check_ins::due_at.gt(after)).select(diesel::dsl::min(check_ins::due_at)).first(conn)?)
}

/// The slots of other schedules of the same survivor at the instant of one.
pub fn list_at_same_instant(conn: &mut DbConn, slot: &CheckIn) -> Result<Vec<CheckIn>> {
    let others = CheckIn::query()
        .filter(check_ins::survivor_id.eq(slot.survivor_id))
        // A slot happens when it is due, and by that there is an index.
        .filter(check_ins::happened_at.eq(slot.happened_at))
        .filter(check_ins::due_at.eq(slot.due_at))
        .filter(check_ins::schedule_id.is_not_null())
        .filter(check_ins::id.ne(slot.id));
    Ok(others.order(check_ins::id).load(conn)?)
}

/// Locks the slots at an instant: anyone who marks or answers another of them meanwhile waits, or has committed and is seen.
pub fn lock_slots(conn: &mut DbConn, ids: Vec<CheckInId>) -> Result<()> {
    cached(
        diesel::update(check_ins::table.filter(check_ins::id.eq_any(ids))).set(check_ins::state.eq(check_ins::state)),
    )
    .execute(conn)?;
    Ok(())
}

/// Slots that were marked missed under a clock that was fast: their grace is not over yet, and nobody has answered.
pub fn list_missed_ahead(conn: &mut DbConn, now: Instant) -> Result<Vec<CheckInId>> {
    let ahead = check_ins::table
        .filter(check_ins::state.eq(StoredState::Missed))
        .filter(check_ins::answer.is_null().or(check_ins::is_proven.eq(false)))
        .filter(check_ins::missed_at.gt(now))
        .filter(check_ins::grace_ends_at.gt(now));
    Ok(ahead.order(check_ins::grace_ends_at).select(check_ins::id).load(conn)?)
}

/// A slot that is still missed and unanswered.
pub fn find_missed(conn: &mut DbConn, id: CheckInId) -> Result<Option<CheckIn>> {
    let missed = CheckIn::query().find(id).filter(check_ins::state.eq(StoredState::Missed));
    let unanswered = check_ins::answer.is_null().or(check_ins::is_proven.eq(false));
    Ok(missed.filter(unanswered).first(conn).optional()?)
}

/// Lets a slot wait that was marked missed; false when it was answered meanwhile.
pub fn reopen_slot(conn: &mut DbConn, slot: &CheckIn, remind_at: Option<Instant>) -> Result<bool> {
    let same = check_ins::table.find(slot.id).filter(check_ins::state.eq(slot.state));
    let same = same.filter(check_ins::answer.is_null().or(check_ins::is_proven.eq(false)));
    let changed = cached(diesel::update(same).set((
        check_ins::state.eq(StoredState::Waiting),
        check_ins::missed_at.eq(None::<Instant>),
        check_ins::next_action_at.eq(slot.grace_ends_at),
        check_ins::remind_at.eq(remind_at),
        // What staff did about the miss is in its lines; of what is to come nothing is done yet.
        check_ins::review_state.eq(None::<ReviewState>),
        check_ins::reviewed_at.eq(None::<Instant>),
        check_ins::resolved_at.eq(None::<Instant>),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Whether a schedule has a slot at an instant, whatever became of it.
pub fn has_slot_at(conn: &mut DbConn, schedule: ScheduleId, due: Instant) -> Result<bool> {
    let there = check_ins::table.filter(check_ins::schedule_id.eq(schedule)).filter(check_ins::due_at.eq(due));
    Ok(diesel::select(exists(there)).get_result(conn)?)
}

/// The slots due between two moments that a survivor missed. For rules; reading for a person asks for access.
pub fn list_missed(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    (from, to): (Instant, Instant),
) -> Result<Vec<(CheckInId, Instant)>> {
    let missed = check_ins::table
        .filter(check_ins::survivor_id.eq(access.id()))
        .filter(check_ins::missed_at.is_not_null())
        .filter(check_ins::due_at.is_not_null())
        // A slot happens when it is due, and by that there is an index.
        .filter(check_ins::happened_at.between(from, to));
    Ok(missed.select((check_ins::id, check_ins::happened_at)).load(conn)?)
}

/// Keeps the check-ins that are in a state at a time, as `effective_state` says it of one.
macro_rules! in_state {
    ($rows:expr, $wanted:expr, $now:expr) => {{
        use check_ins::{answer, due_at, grace_ends_at, opens_at, resolved_at, state};
        let rows = $rows;
        let now = $now;
        let a_minute_ago = now.plus_minutes(-1);
        let is_over = state.eq(StoredState::Waiting).and(grace_ends_at.le(now));
        let waits = state.eq(StoredState::Waiting).and(grace_ends_at.is_null().or(grace_ends_at.gt(now)));
        let is_unsaid = answer.is_null().or(answer.ne(Answer::Safe));
        let is_not_due = due_at.is_null().or(due_at.gt(now));
        let live = resolved_at.is_null();
        match $wanted {
            EffectiveState::Resolved => rows.filter(resolved_at.is_not_null()),
            EffectiveState::Concern => rows.filter(live).filter(state.eq(StoredState::Concern)),
            EffectiveState::HelpNow => rows.filter(live).filter(state.eq(StoredState::HelpNow)),
            EffectiveState::Missed => rows.filter(live).filter(state.eq(StoredState::Missed).or(is_over)),
            EffectiveState::Safe => {
                rows.filter(live).filter(state.eq(StoredState::Safe).or(waits.and(answer.eq(Answer::Safe))))
            }
            EffectiveState::Late => rows.filter(live).filter(waits).filter(is_unsaid).filter(due_at.le(a_minute_ago)),
            EffectiveState::Due => {
                let is_this_minute = due_at.le(now).and(due_at.gt(a_minute_ago));
                rows.filter(live).filter(waits).filter(is_unsaid).filter(is_this_minute)
            }
            EffectiveState::Open => {
                rows.filter(live).filter(waits).filter(is_unsaid).filter(is_not_due).filter(opens_at.le(now))
            }
            EffectiveState::Scheduled => {
                let is_shut = opens_at.is_null().or(opens_at.gt(now));
                rows.filter(live).filter(waits).filter(is_unsaid).filter(is_not_due).filter(is_shut)
            }
        }
    }};
}

/// Check-ins of a survivor for their own staff, newest first.
pub fn list_for(conn: &mut DbConn, access: &SurvivorAccess, after: Option<Cursor>, limit: i64) -> Result<Vec<CheckIn>> {
    list(conn, access, (true, None), after, limit)
}

/// The same, as the filters ask at a time.
pub fn list_asked(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    asked: &ListRequest<CheckInsQuery>,
    now: Instant,
) -> Result<Vec<CheckIn>> {
    list(conn, access, (true, Some((&asked.query, now))), asked.after, asked.limit)
}

/// The same without what was said under duress: for the survivor's phone, which must not show it, and for the programme's side
/// of a case, which never hears of it.
pub fn list_without_duress(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CheckIn>> {
    list(conn, access, (false, None), after, limit)
}

fn list(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    (with_duress, filters): (bool, Option<(&CheckInsQuery, Instant)>),
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CheckIn>> {
    let mut rows = CheckIn::query().filter(check_ins::survivor_id.eq(access.id())).into_boxed();
    if !with_duress {
        rows = rows.filter(check_ins::is_duress.eq(false));
    }
    if let Some((query, now)) = filters {
        if let Some(wanted) = query.state {
            rows = in_state!(rows, wanted, now);
        }
        if let Some(since) = query.since {
            rows = rows.filter(check_ins::happened_at.ge(since));
        }
        if let Some(until) = query.until {
            rows = rows.filter(check_ins::happened_at.lt(until));
        }
    }
    if let Some((at, shown)) = after {
        // A place names a decoy's check-in as the phone does: it gives away no other id than the items do.
        let named = check_ins::table.filter(check_ins::survivor_id.eq(access.id()));
        let named = named.filter(check_ins::twin_of.eq(CheckInId(shown))).select(check_ins::id);
        let id = named.first(conn).optional()?.map_or(shown, |id: CheckInId| id.0);
        rows = rows.filter(
            check_ins::happened_at.lt(at).or(check_ins::happened_at.eq(at).and(check_ins::id.lt(CheckInId(id)))),
        );
    }
    Ok(rows.order((check_ins::happened_at.desc(), check_ins::id.desc())).limit(limit + 1).load(conn)?)
}

/// How a survivor's check-ins went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckInCounts {
    /// Answered before grace ended.
    pub answered: i64,
    /// Answered after that.
    pub late: i64,
    /// Never answered.
    pub missed: i64,
}

/// Counts a survivor's check-ins since an instant, for their own staff.
pub fn count_since(conn: &mut DbConn, access: &SurvivorAccess, since: Instant) -> Result<CheckInCounts> {
    count(conn, access, &[false, true], since)
}

/// The same for the programme's side of a case, without what was said under duress.
pub fn count_for_programme_since(conn: &mut DbConn, access: &SurvivorAccess, since: Instant) -> Result<CheckInCounts> {
    count(conn, access, &[false], since)
}

fn count(conn: &mut DbConn, access: &SurvivorAccess, is_duress: &[bool], since: Instant) -> Result<CheckInCounts> {
    let rows: Vec<(StoredState, Option<Answer>, bool, i64)> = check_ins::table
        .filter(check_ins::survivor_id.eq(access.id()))
        .filter(check_ins::is_duress.eq_any(is_duress.to_vec()))
        .filter(check_ins::happened_at.ge(since))
        .group_by((check_ins::state, check_ins::answer, check_ins::is_proven))
        .select((check_ins::state, check_ins::answer, check_ins::is_proven, diesel::dsl::count_star()))
        .load(conn)?;
    let mut counts = CheckInCounts::default();
    for (state, answer, is_proven, count) in rows {
        match (state, answer.filter(|_| is_proven)) {
            (StoredState::Waiting, _) => {}
            (StoredState::Missed, None) => counts.missed += count,
            (StoredState::Missed, Some(_)) => counts.late += count,
            _ => counts.answered += count,
        }
    }
    Ok(counts)
}

/// The sealed location that a check-in came with, for the one read that police are allowed of it.
pub fn find_location(conn: &mut DbConn, access: &SurvivorAccess, id: CheckInId) -> Result<Option<Sealed>> {
    Ok(find_check_in(conn, access.id(), id)?.and_then(|check_in| check_in.location))
}

/// When a phone recorded an answer by its own clock, and when that reached us.
pub fn find_times(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    id: CheckInId,
) -> Result<Option<(Option<Instant>, Instant)>> {
    let times = find_check_in(conn, access.id(), id)?;
    Ok(times.and_then(|check_in| Some((check_in.recorded_at, check_in.received_at?))))
}
