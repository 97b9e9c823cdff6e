//! Neutral reminders of a check-in: a quarter of an hour before it is due, and when it is. Never in quiet hours.

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::{QuietHours, Schedule};
use crate::app::App;
use crate::checkins::store;
use crate::contact::{self, ContactOutcome};
use crate::db::{CheckInId, Instant};
use crate::error::{Error, Result};
use crate::notify::Template;
use crate::tx::{Subject, Tx};

/// Minutes before due at which the first reminder is sent, where the window is open by then.
const BEFORE_MINUTES: i32 = 15;
/// Slots looked at in one go.
const BATCH: i64 = 500;

/// Queues the reminders that are due, each in a transaction of its own. Returns how many slots were looked at.
pub async fn remind(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_to_remind(conn, now, BATCH)).await?;
    Ok(app.each(due, "remind_of_check_in", remind_of).await)
}

fn remind_of(tx: &mut Tx<'_>, id: CheckInId) -> Result<bool> {
    let now = tx.now;
    let Some(slot) = store::find_to_remind(tx.conn, id, now)? else {
        tx.outcome("not_due");
        return Ok(false);
    };
    tx.about(Subject::of("survivor", slot.survivor_id));
    let schedule = match slot.schedule_id {
        Some(schedule) => store::find_schedule(tx.conn, schedule)?,
        None => None,
    };
    let due = slot.due_at.unwrap_or(slot.happened_at);
    let following = schedule.and_then(|schedule| next(&schedule, due, now));
    if !store::set_remind_at(tx.conn, &slot, following)? {
        tx.outcome("not_due");
        return Ok(false);
    }
    let template = if now < due { Template::ReminderBefore } else { Template::ReminderDue };
    let told = contact::enqueue_survivor(tx, slot.survivor_id, template)?;
    tx.outcome(match told {
        ContactOutcome::Queued => "queued",
        ContactOutcome::Throttled => "throttled",
        ContactOutcome::UnsafeContact => "unsafe_contact",
        ContactOutcome::NoConsent => "no_consent",
        ContactOutcome::NoChannel => "no_channel",
    });
    Ok(true)
}

/// Whether both ends are times of day, and apart.
pub fn check_quiet_hours(hours: &QuietHours) -> Result<()> {
    let (from, until) = (time(&hours.from), time(&hours.until));
    match (from, until) {
        (None, _) => Err(Error::field("/quiet_hours/from", "malformed_time", "must be HH:MM")),
        (_, None) => Err(Error::field("/quiet_hours/until", "malformed_time", "must be HH:MM")),
        (from, until) if from == until => {
            Err(Error::field("/quiet_hours/until", "empty", "must differ from the beginning"))
        }
        _ => Ok(()),
    }
}

fn time(text: &str) -> Option<Time> {
    let is_plain = text.len() == 5 && text.as_bytes().get(2) == Some(&b':');
    if is_plain { format!("{text}:00").parse().ok() } else { None }
}

/// When the first reminder of a slot is to be sent, if any is: of a decoy's slot none, since it is the survivor's own, of which
/// the phone is reminded already. One that is due already while its grace runs, as after a
/// pause or an outage, is reminded of at once.
pub fn first(schedule: &Schedule, due: Instant, now: Instant) -> Option<Instant> {
    if schedule.twin_of.is_some() {
        return None;
    }
    let is_asked = due <= now && now < due.plus_minutes(i64::from(schedule.grace_minutes));
    if is_asked && !is_quiet(schedule, now) { Some(now) } else { next(schedule, due, now) }
}

/// The next reminder of a slot strictly after `after`.
pub fn next(schedule: &Schedule, due: Instant, after: Instant) -> Option<Instant> {
    let before = schedule.opens_minutes_before.min(BEFORE_MINUTES);
    let reminders = [due.plus_minutes(-i64::from(before)), due];
    reminders.into_iter().find(|at| *at > after && !is_quiet(schedule, *at))
}

/// Whether an instant lies in the schedule's quiet hours, on its own wall clock.
fn is_quiet(schedule: &Schedule, at: Instant) -> bool {
    let Some(hours) = schedule.quiet_hours() else { return false };
    let (Some(from), Some(until), Ok(zone)) =
        (time(&hours.from), time(&hours.until), TimeZone::get(&schedule.time_zone))
    else {
        return false;
    };
    let local = zone.to_datetime(at.timestamp()).time();
    if from < until { from <= local && local < until } else { from <= local || local < until }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkins::schedule::ScheduleState;
    use crate::db::{Json, ScheduleId, StaffId, SurvivorId};

    fn schedule(opens: i32, quiet: Option<(&str, &str)>) -> Schedule {
        let nil = uuid::Uuid::nil();
        Schedule {
            id: ScheduleId(nil),
            survivor_id: SurvivorId(nil),
            time_zone: "Europe/London".to_owned(),
            local_times: Json(serde_json::json!(["21:00"])),
            weekdays: Json(serde_json::json!([])),
            opens_minutes_before: opens,
            grace_minutes: 30,
            state: ScheduleState::Active,
            created_by: StaffId(nil),
            created_at: at("2026-07-01T00:00:00Z"),
            rrule: None,
            starts_at_local: None,
            quiet_from: quiet.map(|(from, _)| from.to_owned()),
            quiet_until: quiet.map(|(_, until)| until.to_owned()),
            paused_until: None,
            next_action_at: None,
            state_reason: None,
            ended_at: None,
            version: 1,
            twin_of: None,
        }
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_slot_is_reminded_of_before_and_at_due() {
        let (row, due) = (schedule(60, None), at("2026-07-01T20:00:00Z"));
        let first = next(&row, due, at("2026-07-01T12:00:00Z"));
        assert_eq!(first, Some(at("2026-07-01T19:45:00Z")));
        assert_eq!(next(&row, due, first.unwrap()), Some(due));
        assert_eq!(next(&row, due, due), None);
        // A window that opens at due has one reminder only.
        assert_eq!(next(&schedule(0, None), due, at("2026-07-01T12:00:00Z")), Some(due));
    }

    #[test]
    fn a_slot_that_is_due_when_it_is_made_is_reminded_of_at_once_while_it_can_be_answered() {
        let due = at("2026-07-01T20:00:00Z");
        for (minutes, is_reminded) in [(0, true), (29, true), (30, false)] {
            let now = due.plus_minutes(minutes);
            assert_eq!(first(&schedule(60, None), due, now), is_reminded.then_some(now), "{minutes}");
        }
        assert_eq!(first(&schedule(60, Some(("20:00", "22:00"))), due, due), None);
    }

    #[test]
    fn quiet_hours_are_read_on_the_local_clock_and_may_span_midnight() {
        let due = at("2026-07-01T20:00:00Z");
        let noon = at("2026-07-01T12:00:00Z");
        assert_eq!(next(&schedule(60, Some(("21:00", "07:00"))), due, noon), Some(at("2026-07-01T19:45:00Z")));
        assert_eq!(next(&schedule(60, Some(("20:45", "21:00"))), due, noon), Some(due));
        assert_eq!(next(&schedule(60, Some(("20:00", "06:00"))), due, noon), None);
    }

    #[test]
    fn quiet_hours_that_cannot_be_are_refused() {
        let check = |from: &str, until: &str| check_quiet_hours(&QuietHours { from: from.into(), until: until.into() });
        assert!(check("23:00", "07:00").is_ok());
        for (from, until) in [("23:00", "23:00"), ("24:00", "07:00"), ("23:00", "7:00"), ("", "")] {
            assert!(check(from, until).is_err(), "{from} {until}");
        }
    }
}
