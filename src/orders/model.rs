//! Rows of orders. Courts, references and wordings are sealed under the participant.

use diesel::prelude::*;
use uuid::Uuid;

use super::{OrderBasis, OrderCorrectionRow, OrderEnd, OrderState};
use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{order_conditions, orders};
use crate::db::{ConditionId, Day, Instant, OrderId, ParticipantId};
use crate::directory::{ConditionKind, OrderKind};
use crate::http::list_query;
use crate::http::page::Cursor;

list_query! {
    /// Which orders to list.
    pub struct OrdersQuery {
        /// Only those in this state.
        pub state: Option<OrderState>,
    }
}

/// A court order. What it says never changes: what is varied is a new order in its place.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = orders)]
pub struct OrderRow {
    /// Id.
    pub id: OrderId,
    /// Against whom.
    pub participant_id: ParticipantId,
    /// Which kind.
    pub kind: OrderKind,
    /// The court that made it.
    pub court: Option<Sealed>,
    /// The police's own reference.
    pub police_reference: Option<Sealed>,
    /// The day it was made.
    pub made_on: Day,
    /// The day it was served.
    pub served_on: Option<Day>,
    /// Its last day; none: until further order.
    pub expires_on: Option<Day>,
    /// When it was recorded.
    pub created_at: Instant,
    /// What it was made on.
    pub basis: Option<OrderBasis>,
    /// The order whose place it takes.
    pub replaces_order_id: Option<OrderId>,
    /// Whether the participant notifies the police under another Act already.
    pub is_notified_otherwise: bool,
    /// The day on which the participant notified the police.
    pub notified_on: Option<Day>,
    /// The day on which it ended before its last day.
    pub ended_on: Option<Day>,
    /// How.
    pub ended_by: Option<OrderEnd>,
    /// Counts changes.
    pub version: i32,
}
sealed_row!(OrderRow, "orders", participant_id, id);

impl OrderRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }

    /// Whether it is in force on a day, its first and last included. An order that has not been served counts, too: telling
    /// somebody of a possible breach that was none costs less than the other way round.
    #[must_use]
    pub fn is_live_on(&self, day: jiff::civil::Date) -> bool {
        let last = [self.expires_on, self.ended_on].into_iter().flatten().min();
        is_live(self.made_on, last, Day(day))
    }
}

/// Whether something made on one day and lasting to another is in force on a third, the first and last included.
pub fn is_live(made_on: Day, expires_on: Option<Day>, day: Day) -> bool {
    made_on <= day && expires_on.is_none_or(|last| day <= last)
}

/// One prohibition or requirement of an order.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = order_conditions)]
pub struct ConditionRow {
    /// Id.
    pub id: ConditionId,
    /// Of which order.
    pub order_id: OrderId,
    /// Against whom.
    pub participant_id: ParticipantId,
    /// Its place in the order, from 0.
    pub position: i32,
    /// Prohibition or requirement.
    pub kind: ConditionKind,
    /// What it is about, as a code.
    pub code: String,
    /// The order's own words.
    pub wording: Sealed,
    /// Where it holds.
    pub area: Option<Sealed>,
    /// How near they may not come, in metres.
    pub distance_metres: Option<i32>,
}
sealed_row!(ConditionRow, "order_conditions", participant_id, id);

/// An order with its conditions, in their order.
#[derive(Clone, Debug)]
pub struct OrderWithConditions {
    /// The order.
    pub order: OrderRow,
    /// Its conditions.
    pub conditions: Vec<ConditionRow>,
    /// What was corrected of it, the latest first.
    pub corrections: Vec<OrderCorrectionRow>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn an_order_is_live_from_the_day_it_was_made_to_its_last_day() {
        let live = |on| is_live(day("2026-01-10"), Some(day("2028-01-10")), day(on));
        assert!(!live("2026-01-09"));
        assert!(live("2026-01-10"));
        assert!(live("2028-01-10"));
        assert!(!live("2028-01-11"));
    }

    proptest! {
        #[test]
        fn an_order_until_further_order_never_stops_being_live(days in 0i32..40_000) {
            let made = day("2026-01-10");
            let later = Day(made.0.checked_add(jiff::Span::new().days(days)).unwrap());
            prop_assert!(is_live(made, None, later));
            prop_assert_eq!(is_live(later, None, made), days == 0);
        }
    }
}
