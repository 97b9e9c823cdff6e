//! A moment, to the microsecond, as the databases keep it.

use std::fmt;
use std::str::FromStr;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::pg::data_types::PgTimestamp;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Timestamptz};
use diesel::sqlite::Sqlite;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::schema::DbInstant;

/// Microseconds between the Unix epoch and PostgreSQL's (2000-01-01T00:00:00Z).
const POSTGRES_EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;

/// A moment in UTC, truncated to microseconds when made, so that it reads back from either database as it was written.
///
/// In JSON: RFC 3339 ending in `Z`. Reading accepts any offset, and refuses a local time without one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = DbInstant)]
pub struct Instant(jiff::Timestamp);

impl Instant {
    /// From a timestamp; what is finer than a microsecond is cut off.
    #[must_use]
    pub fn from_timestamp(timestamp: jiff::Timestamp) -> Self {
        Self::from_microseconds(timestamp.as_microsecond())
    }

    /// From microseconds since the Unix epoch; beyond jiff's range the nearest end is taken.
    #[must_use]
    pub fn from_microseconds(microseconds: i64) -> Self {
        let end = if microseconds < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        Self(jiff::Timestamp::from_microsecond(microseconds).unwrap_or(end))
    }

    /// The timestamp itself.
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        self.0
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub fn microseconds(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Later (or, when negative, earlier) by so many seconds.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_microseconds(self.microseconds().saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Later by so many minutes.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// Later by so many hours.
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_minutes(hours.saturating_mul(60))
    }

    /// Later by so many days of 24 hours.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_hours(days.saturating_mul(24))
    }

    /// Seconds from `earlier` to this moment; negative when it came after.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.microseconds().saturating_sub(earlier.microseconds()) / 1_000_000
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that names no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnInstant;

impl fmt::Display for NotAnInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an instant of RFC 3339 with an offset")
    }
}

impl std::error::Error for NotAnInstant {}

/// Whether the time of day of an instant ends in the second 60, with or without colons.
fn has_leap_second(text: &str) -> bool {
    let time = text.split(['T', 't', ' ']).nth(1).unwrap_or_default();
    let digits = time.chars().take_while(|c| c.is_ascii_digit() || *c == ':').filter(char::is_ascii_digit);
    digits.skip(4).take(2).eq("60".chars())
}

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The parser takes a leap second for the one before it: no clock of ours shows one, so it is no instant.
        match text.parse() {
            Ok(timestamp) if !has_leap_second(text) => Ok(Self::from_timestamp(timestamp)),
            _ => Err(NotAnInstant),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Instant {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples(["2026-11-21T20:14:05Z"])
            .into()
    }
}

impl utoipa::ToSchema for Instant {}

impl ToSql<DbInstant, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.microseconds());
        Ok(IsNull::No)
    }
}

impl FromSql<DbInstant, Sqlite> for Instant {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <i64 as FromSql<BigInt, Sqlite>>::from_sql(value).map(Self::from_microseconds)
    }
}

impl ToSql<DbInstant, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let stamp = PgTimestamp(self.microseconds().saturating_sub(POSTGRES_EPOCH_MICROSECONDS));
        ToSql::<Timestamptz, Pg>::to_sql(&stamp, &mut out.reborrow())
    }
}

impl FromSql<DbInstant, Pg> for Instant {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let stamp = <PgTimestamp as FromSql<Timestamptz, Pg>>::from_sql(value)?;
        Ok(Self::from_microseconds(stamp.0.saturating_add(POSTGRES_EPOCH_MICROSECONDS)))
    }
}

super::forward_to_multi!(Instant, DbInstant);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_cut_to_microseconds_and_reads_back_from_json() {
        let instant: Instant = "2026-03-29T01:30:00.123456789Z".parse().unwrap();
        assert_eq!(serde_json::to_string(&instant).unwrap(), "\"2026-03-29T01:30:00.123456Z\"");
        assert_eq!(serde_json::from_str::<Instant>("\"2026-03-29T02:30:00.123456+01:00\"").unwrap(), instant);
    }

    #[test]
    fn a_local_time_or_an_impossible_one_is_refused() {
        for text in [
            "\"2026-03-29T01:30:00\"",
            "\"2026-02-30T01:30:00Z\"",
            "\"2026-03-29\"",
            "12",
            "\"\"",
            "\"2026-12-31T23:59:60Z\"",
            "\"2026-12-31t23:59:60.5z\"",
            "\"2026-12-31 23:59:60+01:00\"",
            "\"20261231T235960Z\"",
        ] {
            assert!(serde_json::from_str::<Instant>(text).is_err(), "{text}");
        }
    }
}
