//! Moments and stretches of time in words, by clocks in the United Kingdom.

use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::db::Instant;
use crate::portal::pages::reader::PageReader;

/// Where people look at the clock; the words say so.
const ZONE: &str = "Europe/London";

fn local(at: Instant) -> Zoned {
    at.timestamp().to_zoned(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC))
}

/// The time of day alone, for drawings; a table says the rest.
pub fn time(at: Instant) -> String {
    local(at).strftime("%H:%M").to_string()
}

/// The day of the month, for drawings.
pub fn day(at: Instant) -> String {
    local(at).strftime("%-d/%-m").to_string()
}

/// A moment with its day of the week.
fn moment(reader: &PageReader, at: Instant) -> String {
    let local = local(at);
    let weekday = reader.say(&format!("portal-weekday-{}", local.weekday().to_monday_one_offset()));
    format!("{weekday} {}", local.strftime("%-d/%-m/%Y %H:%M"))
}

/// A moment with its day of the week and the zone.
pub fn at(reader: &PageReader, at: Instant) -> String {
    reader.say_with("portal-at", &[("at", moment(reader, at).into())])
}

/// A stretch of time with the zone.
pub fn between(reader: &PageReader, from: Instant, to: Instant) -> String {
    let (from, to) = (moment(reader, from), moment(reader, to));
    reader.say_with("portal-between", &[("from", from.into()), ("to", to.into())])
}
