//! Rows and words of the programme. Narratives, names, courts and references are sealed under the participant.

use diesel::prelude::*;
use uuid::Uuid;

use super::concerns::ConcernKind;
use super::day::Day;
use super::orders::{OrderBasis, OrderEnd};
use crate::crypto::{Keys, Place, Private, Sealed};
use crate::db::schema::{
    goal_reviews, goals, order_conditions, orders, participant_concerns, participants, programme_sessions,
};
use crate::db::{
    ConcernId, ConditionId, GoalId, Instant, OrderId, OrganisationId, ParticipantId, ProgrammeSessionId, ReviewId,
    StaffId, text_enum,
};
use crate::error::Result;
use crate::http::page::Cursor;

/// A participant: the person reported, once referred. Never has an account.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = participants)]
pub struct ParticipantRow {
    /// Id.
    pub id: ParticipantId,
    /// Reference for people.
    pub reference: String,
    /// The programme provider that holds the record.
    pub organisation_id: OrganisationId,
    /// Their name.
    pub name: Sealed,
    /// The force (data.police.uk slug) whose officers may record their orders.
    pub home_force_id: String,
    /// The practitioner who was assigned first.
    pub practitioner_id: StaffId,
    /// Counts changes.
    pub version: i32,
    /// When it was made.
    pub created_at: Instant,
    /// The day they were born.
    pub date_of_birth: Option<Sealed>,
    /// Where they live.
    pub address: Option<Sealed>,
}

impl ParticipantRow {
    /// The place of one of its sealed columns.
    #[must_use]
    pub fn place(id: ParticipantId, column: &'static str, version: i32) -> Place {
        Place::new(id, "participants", column, id).at_version(version)
    }

    /// Their name.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn open_name(&self, keys: &Keys) -> Result<Private> {
        keys.open_sealed(Self::place(self.id, "name", self.version), &self.name)
    }
}

/// A court order. What it says never changes: what is varied is a new order in its place.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = orders)]
pub struct OrderRow {
    /// Id.
    pub id: OrderId,
    /// Against whom.
    pub participant_id: ParticipantId,
    /// Which kind, as a code: see [`CreateOrderBody`](super::CreateOrderBody).
    pub kind: String,
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

impl OrderRow {
    /// The place of one of its sealed columns.
    #[must_use]
    pub fn place(participant: ParticipantId, id: OrderId, column: &'static str) -> Place {
        Place::new(participant, "orders", column, id)
    }

    /// Where it stands in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }

    /// Whether it stands on a day, its first and last included. An order that has not been served counts, too: telling
    /// somebody of a possible breach that was none costs less than the other way round.
    #[must_use]
    pub fn is_live_on(&self, day: jiff::civil::Date) -> bool {
        let last = [self.expires_on, self.ended_on].into_iter().flatten().min();
        is_live(self.made_on, last, Day(day))
    }
}

fn is_live(made_on: Day, expires_on: Option<Day>, day: Day) -> bool {
    made_on <= day && expires_on.is_none_or(|last| day <= last)
}

text_enum! {
    /// What a condition of an order does (Stalking Protection Act 2019, s.2: prohibitions and requirements).
    pub enum ConditionKind {
        /// Forbids something.
        Prohibition = "prohibition",
        /// Demands something, such as attending a programme.
        Requirement = "requirement",
    }
}

/// One prohibition or requirement of an order.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = order_conditions)]
pub struct ConditionRow {
    /// Id.
    pub id: ConditionId,
    /// Of which order.
    pub order_id: OrderId,
    /// Against whom.
    pub participant_id: ParticipantId,
    /// Where it stands in the order, from 0.
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

impl ConditionRow {
    /// The place of one of its sealed columns.
    #[must_use]
    pub fn place(participant: ParticipantId, id: ConditionId, column: &'static str) -> Place {
        Place::new(participant, "order_conditions", column, id)
    }
}

/// An order with its conditions, in their order.
#[derive(Clone, Debug)]
pub struct OrderWithConditions {
    /// The order.
    pub order: OrderRow,
    /// Its conditions.
    pub conditions: Vec<ConditionRow>,
}

text_enum! {
    /// Where a goal stands.
    pub enum GoalState {
        /// Set by the practitioner; a supervisor has yet to approve it. May be reviewed already.
        Proposed = "proposed",
    }
}

/// A goal on the Goal Attainment Scale.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = goals)]
pub struct GoalRow {
    /// Id.
    pub id: GoalId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// What it is about, as a code.
    pub domain: String,
    /// What is to be reached, in the practitioner's words.
    pub statement: Sealed,
    /// How it makes the survivor safer or better.
    pub survivor_benefit: Sealed,
    /// The words that the participant is given.
    pub participant_wording: Option<Sealed>,
    /// What each of the five levels means, as one JSON text.
    pub levels: Sealed,
    /// The level at the start, -2 to 2.
    pub baseline: i32,
    /// How much it counts, 1 to 10.
    pub weight: i32,
    /// By when.
    pub target_on: Option<Day>,
    /// Where it stands.
    pub state: GoalState,
    /// When it was set.
    pub created_at: Instant,
}

impl GoalRow {
    /// The place of one of its sealed columns.
    #[must_use]
    pub fn place(participant: ParticipantId, id: GoalId, column: &'static str) -> Place {
        Place::new(participant, "goals", column, id)
    }

    /// Where it stands in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }
}

/// A review of a goal: one score on its scale.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = goal_reviews)]
pub struct ReviewRow {
    /// Id.
    pub id: ReviewId,
    /// Of which goal.
    pub goal_id: GoalId,
    /// Whose goal.
    pub participant_id: ParticipantId,
    /// The level reached, -2 to 2.
    pub score: i32,
    /// What the score rests on.
    pub note: Sealed,
    /// The day it was reviewed.
    pub reviewed_on: Day,
    /// By whom.
    pub created_by: StaffId,
    /// When it was recorded.
    pub created_at: Instant,
}

impl ReviewRow {
    /// The place of its note.
    #[must_use]
    pub fn place(participant: ParticipantId, id: ReviewId) -> Place {
        Place::new(participant, "goal_reviews", "note", id)
    }

    /// Where it stands in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }
}

/// A goal with its reviews, oldest first.
#[derive(Clone, Debug)]
pub struct GoalWithReviews {
    /// The goal.
    pub goal: GoalRow,
    /// Its reviews.
    pub reviews: Vec<ReviewRow>,
}

/// What a practitioner fears that a participant will do. Never changes.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = participant_concerns)]
pub struct ConcernRow {
    /// Id.
    pub id: ConcernId,
    /// Of whom.
    pub participant_id: ParticipantId,
    /// What is feared.
    pub kind: ConcernKind,
    /// Whether it may happen at any moment.
    pub is_imminent: bool,
    /// What it rests on.
    pub note: Sealed,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}

impl ConcernRow {
    /// The place of its note.
    #[must_use]
    pub fn place(participant: ParticipantId, id: ConcernId) -> Place {
        Place::new(participant, "participant_concerns", "note", id)
    }
}

text_enum! {
    /// Whether the participant came to a session.
    pub enum Attendance {
        /// Came, on time.
        Attended = "attended",
        /// Came late.
        AttendedLate = "attended_late",
        /// Stayed away with an acceptable reason.
        NotAttendedAcceptable = "not_attended_acceptable",
        /// Stayed away without one.
        NotAttendedUnacceptable = "not_attended_unacceptable",
        /// The programme cancelled it.
        NotAttendedServiceCancelled = "not_attended_service_cancelled",
    }
}

text_enum! {
    /// Where a session stands.
    pub enum SessionState {
        /// Nobody has recorded attendance.
        Planned = "planned",
        /// It was attended, on time or late.
        Attended = "attended",
        /// It was not attended, for whichever reason.
        NotAttended = "not_attended",
    }
}

/// A session of the programme.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = programme_sessions)]
pub struct SessionRow {
    /// Id.
    pub id: ProgrammeSessionId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// Which one of the programme, from 1.
    pub number: i32,
    /// The module, as a code.
    pub module: String,
    /// How it is held, as a code.
    pub mode: String,
    /// When it is to be.
    pub planned_at: Instant,
    /// Whether the participant came; none: not recorded yet.
    pub attendance: Option<Attendance>,
    /// When that was recorded.
    pub attendance_recorded_at: Option<Instant>,
    /// By whom.
    pub attendance_recorded_by: Option<StaffId>,
    /// What the practitioner noted about it.
    pub note: Option<Sealed>,
    /// Counts changes.
    pub version: i32,
    /// When it was planned.
    pub created_at: Instant,
}

impl SessionRow {
    /// The place of its note.
    #[must_use]
    pub fn place(participant: ParticipantId, id: ProgrammeSessionId, version: i32) -> Place {
        Place::new(participant, "programme_sessions", "note", id).at_version(version)
    }

    /// Where it stands in a list, latest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.planned_at, Uuid::from(self.id))
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> SessionState {
        match self.attendance {
            None => SessionState::Planned,
            Some(Attendance::Attended | Attendance::AttendedLate) => SessionState::Attended,
            Some(_) => SessionState::NotAttended,
        }
    }
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
