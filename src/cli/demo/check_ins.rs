//! The year's check-ins: when each happens, and how it is answered.

use serde_json::json;

use super::DemoResult;
use super::calendar::{Calendar, EVENING_HOUR};
use super::client::{add, field};
use super::survivors::{Routine, SAM, WINDOW_MINUTES};
use super::world::World;
use crate::db::Instant;

/// The check-ins of a schedule with their numbers: all but the one that is missed on the evening that is told.
///
/// # Errors
/// When it is outside of the calendar.
pub fn slots(calendar: &Calendar, routine: &Routine) -> DemoResult<Vec<(usize, Instant)>> {
    let mut due = Vec::new();
    for days in (-1..=routine.from).rev() {
        if routine.weekday.is_none_or(|weekday| calendar.weekday(days) == Ok(weekday)) {
            due.push((days, calendar.at(days, routine.hour, 0)?));
        }
    }
    let is_told = |days: i32| days == 0 && routine.who == SAM.who && routine.hour == EVENING_HOUR;
    let numbered = due.into_iter().enumerate().filter(|(_, (days, _))| !is_told(*days));
    Ok(numbered.map(|(number, (_, due))| (number, due)).collect())
}

/// When a check-in is answered, or found missed; and which of the two.
pub fn happens(routine: &Routine, number: usize, due: Instant) -> (Instant, bool) {
    let (opens, grace) = WINDOW_MINUTES;
    if routine.missed.contains(&number) {
        return (due.plus_minutes(grace + 1), true);
    }
    // Some minutes after it opens, and some before it is due.
    (due.plus_minutes(5 - opens + i64::from(dice(routine, number, 50))), false)
}

/// A throw of dice that is the same in every demo (a multiplicative hash).
fn dice(routine: &Routine, number: usize, sides: u32) -> u32 {
    let seed = routine.who.bytes().fold(u32::from(routine.hour.unsigned_abs()), |sum, byte| sum * 31 + u32::from(byte));
    let number = u32::try_from(number).unwrap_or(0);
    (seed.wrapping_add(number).wrapping_mul(2_654_435_761) >> 12) % sides
}

/// Answers the check-in that is open, on the survivor's phone; whether that raised an alert.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn answer(world: &mut World, routine: &Routine, number: usize) -> DemoResult<bool> {
    let is_concern = routine.concerns.contains(&number);
    let status = if is_concern { "concern" } else { "safe" };
    let feeling = if is_concern { 1 } else { 2 + dice(routine, number, 2) };
    let contact = if is_concern { "yes" } else { "no" };
    let now = world.now();
    let mut body = json!({"status": status, "feeling_safe": feeling, "contact_since_last": contact,
        "safe_to_contact": true, "recorded_at": now});
    if is_concern {
        add(&mut body, "note", "There was contact again, and I would like to talk it through.");
    }
    let next = world.get(routine.who, "/app/v1/check-ins/next").await?;
    let made = world.post(routine.who, "/app/v1/check-ins", body).await?;
    made.must_be("/state", status)?;
    made.must_be("/id", next.text("/id")?)?;
    Ok(made.body.get("alert").is_some())
}

/// Answers the check-in that was missed last, which stays missed.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn answer_late(world: &mut World, who: &'static str) -> DemoResult<()> {
    let listed = world.get(who, "/app/v1/check-ins?limit=5").await?;
    let is_missed = |row: &&serde_json::Value| field(row, "state") == "missed" && row.get("answer").is_none();
    let missed = listed.list("/items")?.iter().find(is_missed).ok_or("no check-in is missed")?;
    let body = json!({"status": "safe", "check_in_id": field(missed, "id"), "feeling_safe": 2,
        "recorded_at": world.now()});
    world.post(who, "/app/v1/check-ins", body).await?.must_be("/state", "missed").map(drop)
}
