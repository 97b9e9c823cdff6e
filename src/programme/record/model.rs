//! Rows and words of what is recorded of a participant.

use diesel::prelude::*;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{
    diary_ratings, formulations, observations, own_risk_ratings, practice_notes, supervisor_notices,
};
use crate::db::{
    Day, DiaryRatingId, FormulationId, GoalId, Instant, NoticeId, ObservationId, OrganisationId, OwnRiskId,
    ParticipantId, PracticeNoteId, ProgrammeSessionId, StaffId, text_enum,
};
use crate::http::list_query;
use crate::http::page::Cursor;

/// A diary rating: one day of a participant, as a practitioner entered it from the diary card.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = diary_ratings)]
pub struct DiaryRow {
    /// Id.
    pub id: DiaryRatingId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// For which day.
    pub rated_on: Day,
    /// The urge to make contact, 0 to 5.
    pub urge: i32,
    /// Whether they acted on it.
    pub acted_on_urge: bool,
    /// When, where that is known.
    pub acted_at: Option<Instant>,
    /// Distress, 0 to 5.
    pub distress: i32,
    /// The skill that was used, as a code.
    pub skill: Option<String>,
    /// What to note about it.
    pub note: Option<Sealed>,
    /// Who entered it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}
sealed_row!(DiaryRow, "diary_ratings", participant_id, id);

impl DiaryRow {
    /// Its place in a list, the latest entered first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }

    /// Between which instants it was: when the urge was acted on, where that is known, or else the whole day, as it is
    /// both in Greenwich and in British summer time.
    #[must_use]
    pub fn span(&self) -> (Instant, Instant) {
        if let Some(at) = self.acted_at {
            return (at, at);
        }
        match self.rated_on.0.to_zoned(TimeZone::UTC) {
            Ok(midnight) => {
                let midnight = Instant::from_timestamp(midnight.timestamp());
                (midnight.plus_hours(-1), midnight.plus_hours(24))
            }
            // The last day that there is.
            Err(_) => (self.created_at, self.created_at),
        }
    }
}

/// Something that a practitioner observed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = observations)]
pub struct ObservationRow {
    /// Id.
    pub id: ObservationId,
    /// Of whom.
    pub participant_id: ParticipantId,
    /// In which session, where it was in one.
    pub session_id: Option<ProgrammeSessionId>,
    /// What it is about, as a code.
    pub kind: String,
    /// In words.
    pub note: Sealed,
    /// When it was observed.
    pub observed_at: Instant,
    /// By whom.
    pub created_by: StaffId,
    /// When it was recorded.
    pub created_at: Instant,
}
sealed_row!(ObservationRow, "observations", participant_id, id);

impl ObservationRow {
    /// Its place in a list, the latest observed first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.observed_at, Uuid::from(self.id))
    }
}

list_query! {
    /// Which notices to list.
    pub struct NoticesQuery {
        /// Only those of this kind.
        pub kind: Option<NoticeKind>,
        /// Only those about this participant.
        pub participant_id: Option<ParticipantId>,
    }
}

text_enum! {
    /// A type of stalker by motivation and context: Mullen, Pathé, Purcell & Stuart, "Study of stalkers", American Journal
    /// of Psychiatry 156 (1999) 1244–1249.
    pub enum Typology {
        /// After a relationship ended: for reconciliation, revenge, or both.
        Rejected = "rejected",
        /// For a relationship with somebody who is loved from afar.
        IntimacySeeking = "intimacy_seeking",
        /// For a date, without regard for the other's wishes.
        IncompetentSuitor = "incompetent_suitor",
        /// To frighten, out of a grievance.
        Resentful = "resentful",
        /// In preparation of an attack.
        Predatory = "predatory",
        /// Not settled yet.
        Undetermined = "undetermined",
    }
}

/// One version of the formulation of a participant.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = formulations)]
pub struct FormulationRow {
    /// Id.
    pub id: FormulationId,
    /// Of whom.
    pub participant_id: ParticipantId,
    /// Which version, from 1; the highest counts.
    pub version: i32,
    /// The type of stalker.
    pub typology: Typology,
    /// In words.
    pub narrative: Sealed,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}
sealed_row!(FormulationRow, "formulations", participant_id, id, version);

text_enum! {
    /// How likely a participant is to harm themselves.
    pub enum OwnRiskRating {
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High: their supervisor is notified.
        High = "high",
    }
}

/// One rating of a participant's risk to themselves: the first target of DBT (Linehan, "Cognitive-Behavioral Treatment of
/// Borderline Personality Disorder", 1993: life-threatening behaviour before all else).
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = own_risk_ratings)]
pub struct OwnRiskRow {
    /// Id.
    pub id: OwnRiskId,
    /// Of whom.
    pub participant_id: ParticipantId,
    /// Which version, from 1; the highest counts.
    pub version: i32,
    /// The rating.
    pub rating: OwnRiskRating,
    /// What it rests on.
    pub narrative: Sealed,
    /// Why it was lowered.
    pub reason: Option<Sealed>,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}
sealed_row!(OwnRiskRow, "own_risk_ratings", participant_id, id, version);

text_enum! {
    /// Where a note comes from.
    pub enum PracticeNoteKind {
        /// The DBT consultation team: read by anyone who works with the participant.
        Consultation = "consultation",
        /// Clinical supervision: read by its author and the supervisor alone.
        Supervision = "supervision",
    }
}

/// A note of consultation or of clinical supervision. Never changes.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = practice_notes)]
pub struct PracticeNoteRow {
    /// Id.
    pub id: PracticeNoteId,
    /// About whom.
    pub participant_id: ParticipantId,
    /// Where it comes from.
    pub kind: PracticeNoteKind,
    /// On which day it was held.
    pub held_on: Day,
    /// In words.
    pub note: Sealed,
    /// The supervisor, for clinical supervision.
    pub supervisor_id: Option<StaffId>,
    /// Its author.
    pub created_by: StaffId,
    /// When it was written.
    pub created_at: Instant,
}
sealed_row!(PracticeNoteRow, "practice_notes", participant_id, id);

text_enum! {
    /// What waits for a supervisor.
    pub enum NoticeKind {
        /// A participant may harm themselves.
        OwnRiskHigh = "own_risk_high",
        /// A goal's wording for the participant is to be checked.
        WordingToCheck = "wording_to_check",
        /// A goal that the participant agreed to is to be approved.
        GoalToApprove = "goal_to_approve",
    }
}

/// Something that waits for the supervisors of a programme provider.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = supervisor_notices)]
pub struct NoticeRow {
    /// Id.
    pub id: NoticeId,
    /// Whose supervisors.
    pub organisation_id: OrganisationId,
    /// About whom.
    pub participant_id: ParticipantId,
    /// What.
    pub kind: NoticeKind,
    /// About which goal.
    pub goal_id: Option<GoalId>,
    /// Since when.
    pub created_at: Instant,
    /// Until when.
    pub read_at: Option<Instant>,
    /// Who took it up.
    pub read_by: Option<StaffId>,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::crypto::{KeyRing, Keys, SealContext, SealedRow};
    use crate::db::SubjectId;

    fn rated(day: &str, acted_at: Option<&str>) -> DiaryRow {
        let now: Instant = "2026-11-21T12:00:00Z".parse().unwrap();
        DiaryRow {
            id: DiaryRatingId::new(now),
            participant_id: ParticipantId::new(now),
            rated_on: day.parse().unwrap(),
            urge: 4,
            acted_on_urge: true,
            acted_at: acted_at.map(|at| at.parse().unwrap()),
            distress: 3,
            skill: None,
            note: None,
            created_by: StaffId::new(now),
            created_at: now,
        }
    }

    #[test]
    fn a_rating_covers_its_whole_day_or_the_moment_that_is_known() {
        let instant = |text: &str| text.parse::<Instant>().unwrap();
        let day = rated("2026-11-20", None).span();
        assert_eq!(day, (instant("2026-11-19T23:00:00Z"), instant("2026-11-21T00:00:00Z")));
        let moment = rated("2026-11-20", Some("2026-11-20T18:30:00Z")).span();
        assert_eq!(moment, (instant("2026-11-20T18:30:00Z"), instant("2026-11-20T18:30:00Z")));
    }

    #[test]
    fn what_is_sealed_is_bound_to_its_row_and_to_the_version_where_that_is_part_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::new(Arc::new(KeyRing::open(folder.path()).unwrap().0));
        let (id, participant) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let place =
            |table, column, version| SealContext { subject: SubjectId(participant), table, column, row: id, version };
        let diary = rated("2026-11-20", None);
        let diary = DiaryRow { id: DiaryRatingId(id), participant_id: ParticipantId(participant), ..diary };
        assert_eq!(diary.own_sealing(&keys).place("note"), place("diary_ratings", "note", 1));
        let formulation = FormulationRow {
            id: FormulationId(id),
            participant_id: ParticipantId(participant),
            version: 7,
            typology: Typology::Rejected,
            narrative: Sealed::nothing(),
            created_by: diary.created_by,
            created_at: diary.created_at,
        };
        assert_eq!(formulation.own_sealing(&keys).place("narrative"), place("formulations", "narrative", 7));
    }
}
