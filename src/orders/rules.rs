//! Rules of orders that come from law: how long they last, when the police are to be notified, when their end is near.
//!
//! Stalking Protection Act 2019, s.3 (a full order for a fixed period of at least two years, or until further order) and
//! s.9 (notification to the police within three days beginning with the date of service, but not where a full order
//! replaces an interim one, nor for somebody who notifies under Part 2 of the Sexual Offences Act 2003 already).

use jiff::{Span, civil::Time, tz::TimeZone};

use crate::db::{Day, Instant, text_enum};
use crate::directory::OrderKind;
use crate::error::{Error, FieldError, Result};
use crate::identity::Role;
use crate::transitions::{Mover, Transition, always};

/// Where courts sit and days begin.
const ZONE: &str = "Europe/London";
/// Years that a full order of a fixed period lasts at least (s.3).
const LEAST_YEARS: i64 = 2;
/// The hour at which a reminder comes.
const REMINDER_HOUR: i8 = 9;

text_enum! {
    /// What an order was made on.
    pub enum OrderBasis {
        /// An application.
        Application = "application",
        /// A conviction.
        Conviction = "conviction",
        /// An acquittal.
        Acquittal = "acquittal",
    }
}

text_enum! {
    /// How an order ended before its last day.
    pub enum OrderEnd {
        /// A court discharged it.
        Discharged = "discharged",
        /// Another order took its place.
        Superseded = "superseded",
    }
}

text_enum! {
    /// What is to be looked at because of an order.
    pub enum DutyKind {
        /// The participant is to notify the police.
        NotifyPolice = "notify_police",
        /// It ends in 60 days.
        Expires60 = "expires_60",
        /// It ends in 30 days.
        Expires30 = "expires_30",
        /// It ends in 7 days.
        Expires7 = "expires_7",
        /// Its last day is over.
        Expired = "expired",
    }
}

text_enum! {
    /// The state of an order, apart from its dates.
    pub enum OrderState {
        /// Made, and not served.
        Made = "made",
        /// Served.
        Served = "served",
        /// Served, and the police were notified.
        Notified = "notified",
        /// Discharged by a court.
        Discharged = "discharged",
        /// Another order took its place.
        Superseded = "superseded",
    }
}

text_enum! {
    /// What becomes of an order.
    pub enum OrderEvent {
        /// It is served.
        Serve = "serve",
        /// The police are notified.
        Notify = "notify",
        /// A court discharges it.
        Discharge = "discharge",
        /// Another order takes its place: done by recording that.
        Supersede = "supersede",
    }
}

/// Anyone who may record an order: the practitioner, or an officer of the home force.
const RECORDERS: &[Mover] = &[Mover::Role(Role::Practitioner), Mover::Role(Role::Police)];

/// Whether another order that takes its place is recorded in the same transaction.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderGuard {
    pub has_successor: bool,
}

fn successor(guard: &OrderGuard) -> Option<&'static str> {
    (!guard.has_successor).then_some("order")
}

pub type OrderTransition = Transition<OrderState, OrderEvent, OrderGuard>;

const fn row(from: OrderState, event: OrderEvent, to: OrderState) -> OrderTransition {
    Transition { from, event, to, by: RECORDERS, unmet: always }
}

const fn superseded(from: OrderState) -> OrderTransition {
    let (event, to) = (OrderEvent::Supersede, OrderState::Superseded);
    Transition { from, event, to, by: RECORDERS, unmet: successor }
}

/// Every transition of an order that is allowed.
pub const TABLE: &[OrderTransition] = &[
    row(OrderState::Made, OrderEvent::Serve, OrderState::Served),
    row(OrderState::Made, OrderEvent::Discharge, OrderState::Discharged),
    superseded(OrderState::Made),
    row(OrderState::Served, OrderEvent::Notify, OrderState::Notified),
    row(OrderState::Served, OrderEvent::Discharge, OrderState::Discharged),
    superseded(OrderState::Served),
    row(OrderState::Notified, OrderEvent::Discharge, OrderState::Discharged),
    superseded(OrderState::Notified),
];

/// Whether this is a full stalking protection order.
pub fn is_full(kind: OrderKind) -> bool {
    kind == OrderKind::Spo
}

fn plus_days(day: Day, days: i64) -> Day {
    day.0.checked_add(Span::new().days(days)).map_or(day, Day)
}

/// The last day on which the police may be notified within some days, the day of service counted as the first.
pub fn notification_due_on(served_on: Day, within_days: i64) -> Day {
    plus_days(served_on, within_days - 1)
}

/// Refuses days that contradict each other, and a full order that is too short.
///
/// # Errors
/// 422 with the fields.
pub fn check_dates(
    kind: OrderKind,
    made_on: Day,
    (served_on, expires_on): (Option<Day>, Option<Day>),
    today: Day,
) -> Result<()> {
    let to_come = [("/made_on", Some(made_on)), ("/served_on", served_on)].into_iter();
    let to_come = to_come.filter(|(_, day)| day.is_some_and(|day| day > today)).map(|(at, _)| FieldError {
        pointer: at.to_owned(),
        code: "not_allowed",
        detail: "this day has not come yet".to_owned(),
    });
    let late = served_on.zip(expires_on).filter(|(served, last)| served > last).map(|_| FieldError {
        pointer: "/served_on".to_owned(),
        code: "too_late",
        detail: "must not be after expires_on".to_owned(),
    });
    let given = [("/served_on", served_on), ("/expires_on", expires_on)];
    let early = given.into_iter().filter(|(_, day)| day.is_some_and(|day| day < made_on)).map(|(at, _)| FieldError {
        pointer: at.to_owned(),
        code: "too_early",
        detail: "must not be before made_on".to_owned(),
    });
    let mut wrong: Vec<FieldError> = to_come.chain(early).chain(late).collect();
    if wrong.is_empty() && is_full(kind) && expires_on.is_some_and(|last| is_too_short(made_on, last)) {
        wrong.push(FieldError {
            pointer: "/expires_on".to_owned(),
            code: "too_short",
            detail: "a full order for a fixed period lasts at least two years; without a last day, until further order"
                .to_owned(),
        });
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}

/// A period of two years ends on the day before its anniversary.
fn is_too_short(made_on: Day, last: Day) -> bool {
    let years = made_on.0.checked_add(Span::new().years(LEAST_YEARS)).and_then(jiff::civil::Date::yesterday);
    years.is_ok_and(|least| last.0 < least)
}

/// The due points of an order's end, the first to come first.
pub fn expiry_points(expires_on: Day) -> [(DutyKind, Day); 4] {
    let before = |kind, days: i64| (kind, plus_days(expires_on, -days));
    [
        before(DutyKind::Expires60, 60),
        before(DutyKind::Expires30, 30),
        before(DutyKind::Expires7, 7),
        before(DutyKind::Expired, 0),
    ]
}

/// When staff are notified of a duty: of a notification to make and of an end, once the last day is over; of an end that is
/// near, on the morning of its due point.
pub fn next_action_at(kind: DutyKind, due_on: Day) -> Result<Instant> {
    let (day, hour) = match kind {
        DutyKind::NotifyPolice | DutyKind::Expired => (plus_days(due_on, 1), 0),
        _ => (due_on, REMINDER_HOUR),
    };
    let lost = |error: jiff::Error| Error::internal(error.to_string());
    let zone = TimeZone::get(ZONE).map_err(lost)?;
    let time = Time::new(hour, 0, 0, 0).map_err(lost)?;
    let at = day.0.to_datetime(time).to_zoned(zone).map_err(lost)?;
    Ok(Instant::from_timestamp(at.timestamp()))
}

/// The day it is now where courts sit.
pub fn today(now: Instant) -> Day {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    Day(now.timestamp().to_zoned(zone).date())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transitions::transition;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn an_order_is_neither_served_nor_over_before_it_was_made() {
        let (before, made, after) = (day("2026-01-09"), day("2026-01-10"), day("2026-01-11"));
        let check = |served, expires| check_dates(OrderKind::RestrainingOrder, made, (served, expires), after);
        assert!(check(None, None).is_ok());
        assert!(check(Some(made), Some(made)).is_ok());
        assert!(check(Some(after), Some(after)).is_ok());
        assert!(check(Some(before), None).is_err());
        assert!(check(None, Some(before)).is_err());
        // Nor is it made or served on a day to come, nor served after its last.
        assert!(check(Some(day("2026-01-12")), None).is_err());
        assert!(check(Some(after), Some(made)).is_err());
        assert!(check_dates(OrderKind::RestrainingOrder, after, (None, None), made).is_err());
        assert!(check(None, Some(day("2027-01-01"))).is_ok());
    }

    #[test]
    fn a_full_order_lasts_two_years_or_until_further_order() {
        let check =
            |kind, last: Option<&str>| check_dates(kind, day("2026-09-01"), (None, last.map(day)), day("2026-09-01"));
        assert!(check(OrderKind::Spo, None).is_ok());
        assert!(check(OrderKind::Spo, Some("2028-09-01")).is_ok());
        assert!(check(OrderKind::Spo, Some("2028-08-31")).is_ok());
        assert!(check(OrderKind::Spo, Some("2028-08-30")).is_err());
        assert!(check(OrderKind::InterimSpo, Some("2026-11-01")).is_ok());
        let leap = day("2028-02-29");
        assert!(check_dates(OrderKind::Spo, leap, (None, Some(day("2030-02-27"))), leap).is_ok());
        assert!(check_dates(OrderKind::Spo, leap, (None, Some(day("2030-02-26"))), leap).is_err());
    }

    #[test]
    fn three_days_begin_with_the_day_of_service() {
        assert_eq!(notification_due_on(day("2026-11-20"), 3), day("2026-11-22"));
        assert_eq!(notification_due_on(day("2028-02-28"), 3), day("2028-03-01"));
        // Told once the last day is over, by the clock of the court: summer time, then winter.
        let told = |due: &str| next_action_at(DutyKind::NotifyPolice, day(due)).unwrap().to_string();
        assert_eq!(told("2026-06-10"), "2026-06-10T23:00:00Z");
        assert_eq!(told("2026-11-22"), "2026-11-23T00:00:00Z");
    }

    #[test]
    fn the_end_is_told_of_sixty_thirty_and_seven_days_before() {
        let points = expiry_points(day("2026-12-31")).map(|(_, day)| day.to_string());
        assert_eq!(points, ["2026-11-01", "2026-12-01", "2026-12-24", "2026-12-31"]);
    }

    proptest! {
        #[test]
        fn any_sequence_outside_the_table_is_refused(picks in prop::collection::vec(0usize..4, 1..20)) {
            let mut now = OrderState::Made;
            for pick in picks {
                let event = OrderEvent::ALL[pick];
                let row = TABLE.iter().find(|row| row.from == now && row.event == event);
                match (transition(TABLE, now, event, RECORDERS, &OrderGuard { has_successor: true }), row) {
                    (Ok(next), Some(row)) => {
                        prop_assert_eq!(next, row.to);
                        now = next;
                    }
                    (Err(refused), None) => prop_assert_eq!(refused.code().word(), "wrong_state"),
                    (taken, row) => prop_assert_eq!(taken.is_ok(), row.is_some()),
                }
            }
        }
    }
}
