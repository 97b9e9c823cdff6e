//! A calendar date: `YYYY-MM-DD` in JSON and in the database alike, and in no other form.

use std::fmt;
use std::io::Write;
use std::str::FromStr;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::db::Instant;
use crate::error::{Error, Result};

/// Days ahead at which something of a programme can be planned.
const MOST_DAYS_AHEAD: i64 = 2 * 366;

/// A calendar date as a column and in JSON. Has no time zone: a court makes an order on a day, not at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Day(pub Date);

impl Day {
    /// The day of an instant, by UTC.
    #[must_use]
    pub fn of(at: Instant) -> Self {
        Self(at.timestamp().to_zoned(TimeZone::UTC).date())
    }
}

/// The day of an instant by the calendar of the courts, by which orders are made and end.
#[must_use]
pub fn court_day(at: Instant) -> Date {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.timestamp().to_zoned(zone).date()
}

/// Refuses a day that has not come yet, by the calendar of the courts.
///
/// # Errors
/// 422 with the field.
pub fn not_to_come(pointer: &str, day: Day, now: Instant) -> Result<()> {
    if day.0 > court_day(now) {
        return Err(Error::field(pointer, "not_allowed", "this day has not come yet"));
    }
    Ok(())
}

/// Refuses a moment so far ahead that its year was hardly meant.
///
/// # Errors
/// 422 with the field.
pub fn within_two_years(pointer: &str, at: Instant, now: Instant) -> Result<()> {
    if at > now.plus_days(MOST_DAYS_AHEAD) {
        return Err(Error::field(pointer, "out_of_range", "must be within the next two years"));
    }
    Ok(())
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = &'static str;

    /// Stricter than jiff, which also reads `20260321` and takes the date out of a date with a time.
    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let fits = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
        if text.len() != 10 || !text.bytes().enumerate().all(fits) {
            return Err("not a date of the form YYYY-MM-DD");
        }
        text.parse().map(Self).map_err(|_| "not a day of the calendar")
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .examples(["2026-03-21"])
            .into()
    }
}

impl utoipa::ToSchema for Day {}

impl ToSql<Text, Sqlite> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<Text, Sqlite> for Day {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(<String as FromSql<Text, Sqlite>>::from_sql(value)?.parse()?)
    }
}

impl ToSql<Text, Pg> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        write!(out, "{self}")?;
        Ok(IsNull::No)
    }
}

impl FromSql<Text, Pg> for Day {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(<String as FromSql<Text, Pg>>::from_sql(value)?.parse()?)
    }
}

crate::db::forward_to_multi!(Day, Text);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_day_of_the_calendar_in_one_form_is_a_date() {
        assert_eq!(serde_json::from_str::<Day>("\"2028-02-29\"").unwrap().to_string(), "2028-02-29");
        for wrong in ["2026-02-29", "2026-13-01", "2026-2-1", "20260321", "2026-03-21T10:00:00", "+02026-03-1", " ", ""]
        {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_date_reads_back_and_its_text_sorts_like_it(a in 0i32..2_900_000, b in 0i32..2_900_000) {
            let day = |days: i32| Day(jiff::civil::date(1, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap());
            let (a, b) = (day(a), day(b));
            prop_assert_eq!(a.to_string().parse::<Day>().unwrap(), a);
            prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
        }
    }
}
