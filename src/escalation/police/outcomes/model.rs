//! What a force said came of an alert, as it is kept.

use diesel::prelude::*;

use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::police_outcomes;
use crate::db::{AlertId, Instant, OrganisationId, PoliceOutcomeId, StaffId, SurvivorId, text_enum};

text_enum! {
    /// What came of an alert.
    pub enum PoliceOutcome {
        /// Safe and well.
        SafeAndWell = "safe_and_well",
        /// Somebody was arrested.
        Arrest = "arrest",
        /// A breach of an order was recorded.
        OrderBreachRecorded = "order_breach_recorded",
        /// A crime was recorded.
        CrimeRecorded = "crime_recorded",
        /// The suspect was spoken to.
        SuspectSpokenTo = "suspect_spoken_to",
        /// Nobody was found.
        NoTrace = "no_trace",
        /// Nobody went.
        NotAttended = "not_attended",
        /// It was passed on.
        Referred = "referred",
    }
}

impl PoliceOutcome {
    /// Whether somebody was found, or dealt with: what says that nobody went, or found nobody, or passed it on, leaves the
    /// survivor as much in danger as before.
    pub(in crate::escalation) fn settles(self) -> bool {
        match self {
            Self::SafeAndWell
            | Self::Arrest
            | Self::OrderBreachRecorded
            | Self::CrimeRecorded
            | Self::SuspectSpokenTo => true,
            Self::NoTrace | Self::NotAttended | Self::Referred => false,
        }
    }
}

text_enum! {
    /// How far an outcome has come.
    pub enum OutcomeState {
        /// The force reported it to the survivor's side.
        Told = "told",
        /// The survivor can read it.
        Released = "released",
        /// The survivor's side keeps it from them for now, with a reason.
        Withheld = "withheld",
    }
}

/// What a force said came of an alert.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = police_outcomes, treat_none_as_default_value = false)]
pub struct OutcomeRow {
    pub id: PoliceOutcomeId,
    pub alert_id: AlertId,
    pub survivor_id: SurvivorId,
    /// Which force said so.
    pub organisation_id: Option<OrganisationId>,
    pub outcome: String,
    /// The grade that the force had given the alert.
    pub grade: Option<String>,
    /// What the force calls it.
    pub force_reference: Option<Sealed>,
    pub state: OutcomeState,
    pub told_at: Instant,
    /// When a task is made, unless somebody decides before.
    pub next_action_at: Option<Instant>,
    pub decided_at: Option<Instant>,
    pub decided_by: Option<StaffId>,
    /// Why it is withheld, as a code.
    pub reason: Option<String>,
    /// When the force said something else, or the alert began again.
    pub superseded_at: Option<Instant>,
}
sealed_row!(OutcomeRow, "police_outcomes", survivor_id, id);

impl OutcomeRow {
    /// Whether nobody has decided about it yet.
    pub(super) fn waits(&self) -> bool {
        self.state == OutcomeState::Told && self.superseded_at.is_none()
    }
}
