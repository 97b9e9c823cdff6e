//! Rows and words of overrides: what is asked, what a review says, and what is shown of one.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::crypto::{Keys, Private, PrivateText, Sealed, open, sealed_row};
use crate::db::schema::police_overrides;
use crate::db::{AlertId, Instant, OrganisationId, OverrideId, StaffId, SurvivorId, text_enum};
use crate::error::Result;
use crate::http::{limits, list_query};
use crate::identity::ColleagueNames;

list_query! {
    /// Which decisions to list.
    pub struct OverridesQuery {
        /// Only those in this state.
        pub state: Option<OverrideState>,
        /// Only those about this survivor.
        pub survivor_id: Option<SurvivorId>,
        /// Only those about this alert.
        pub alert_id: Option<AlertId>,
    }
}

impl OverridesQuery {
    /// Those about an alert.
    #[must_use]
    pub fn of_alert(alert: AlertId) -> Self {
        Self { alert_id: Some(alert), ..Self::default() }
    }
}

text_enum! {
    /// On what the police are notified without the survivor's setting.
    pub enum OverrideBasis {
        /// Somebody's life is in danger.
        VitalInterests = "vital_interests",
        /// Safeguarding of individuals at risk.
        Safeguarding = "safeguarding",
        /// The law demands it.
        LegalObligation = "legal_obligation",
        /// A court ordered it.
        CourtOrder = "court_order",
        /// The police asked for a victim's information by law.
        InformationRequest = "information_request",
        /// A recognised legitimate interest (Data (Use and Access) Act 2025): `condition` says which.
        RecognisedLegitimateInterest = "recognised_legitimate_interest",
    }
}

text_enum! {
    /// The conditions of a recognised legitimate interest.
    pub enum InterestCondition {
        /// National security, public security or defence.
        Security = "security",
        /// An emergency.
        Emergency = "emergency",
        /// Detecting, investigating or preventing crime.
        Crime = "crime",
        /// Safeguarding a vulnerable individual.
        Safeguarding = "safeguarding",
        /// A request of somebody who needs it for a task in the public interest.
        PublicTask = "public_task",
    }
}

text_enum! {
    /// The state of an override.
    pub enum OverrideState {
        /// It does nothing until a second person has approved it.
        AwaitingSecondPerson = "awaiting_second_person",
        /// The police are notified on it.
        InForce = "in_force",
        /// Nobody is notified on it any more.
        Ended = "ended",
    }
}

text_enum! {
    /// What an override lets the police know.
    pub enum OverrideMatter {
        /// That there is an alert, what a message to police says of it, and what the survivor is called: an officer at a door
        /// has to ask for somebody.
        Alert = "alert",
        /// Who the survivor is (the day they were born, what they need), and who was reported.
        Identity = "identity",
    }
}

/// A decision to notify the police without the survivor's setting.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = police_overrides, treat_none_as_default_value = false)]
pub struct OverrideRow {
    /// Id.
    pub id: OverrideId,
    /// About whom.
    pub survivor_id: SurvivorId,
    /// About which alert.
    pub alert_id: AlertId,
    /// Of which support organisation.
    pub organisation_id: OrganisationId,
    /// The force that is notified.
    pub recipient_id: OrganisationId,
    /// Whether it says who the survivor is, and who was reported.
    pub opens_identity: bool,
    /// On what.
    pub basis: OverrideBasis,
    /// Which condition of a recognised legitimate interest.
    pub condition: Option<InterestCondition>,
    /// Why it is needed.
    pub necessity: Sealed,
    /// Whether it could not wait for the second person.
    pub is_imminent: bool,
    /// Its state.
    pub state: OverrideState,
    /// Whether the police know of the alert by it.
    pub governs: bool,
    /// Who asked for it.
    pub asked_by: StaffId,
    /// When.
    pub asked_at: Instant,
    /// The second person.
    pub approved_by: Option<StaffId>,
    /// When they approved.
    pub approved_at: Option<Instant>,
    /// Who reviewed it.
    pub reviewed_by: Option<StaffId>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// What they found.
    pub review_note: Option<Sealed>,
    /// Whether they found it right.
    pub is_upheld: Option<bool>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// The second person who found that it was not right, and so ended it.
    pub ended_by: Option<StaffId>,
    /// When the survivor was informed in person.
    pub told_at: Option<Instant>,
    /// Who decided that their phone shows nothing of it before that, however long it takes.
    pub withheld_by: Option<StaffId>,
    /// When.
    pub withheld_at: Option<Instant>,
    /// Why.
    pub withhold_reason: Option<Sealed>,
}
sealed_row!(OverrideRow, "police_overrides", survivor_id, id);

/// Asking for the police to be notified of an alert without the survivor's setting.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOverrideBody {
    /// About whom.
    #[garde(skip)]
    pub survivor_id: SurvivorId,
    /// About which alert of theirs.
    #[garde(skip)]
    pub alert_id: AlertId,
    /// On what.
    #[garde(skip)]
    pub basis: OverrideBasis,
    /// Which condition of a recognised legitimate interest; needed with that basis alone.
    #[garde(skip)]
    #[serde(default)]
    pub condition: Option<InterestCondition>,
    /// Why it is needed, and why nothing less will do.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "They do not answer, and the participant is at the door.")]
    pub necessity: Private,
    /// Exactly what: the alert, and with it, where that is needed, who the survivor is.
    #[garde(custom(|what: &Vec<OverrideMatter>, context: &()| with_the_alert(what, context)))]
    #[schema(min_items = 1, max_items = 2)]
    pub what: Vec<OverrideMatter>,
    /// Exactly to whom: a police force.
    #[garde(skip)]
    pub recipient_organisation_id: OrganisationId,
    /// Whether it cannot wait for a second person: then it is in force at once.
    #[garde(skip)]
    pub is_imminent: bool,
}

fn with_the_alert(what: &[OverrideMatter], _: &()) -> garde::Result {
    let fits = matches!(what, [OverrideMatter::Alert] | [OverrideMatter::Alert, OverrideMatter::Identity]);
    limits::refuse_unless(fits, "must be the alert, and with it at most who the survivor is")
}

/// A review of an override.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewOverrideBody {
    /// Whether it was right; if not, it ends once a second person reviews it and finds the same.
    #[garde(skip)]
    pub is_upheld: bool,
    /// What you found.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Nothing less would have done.")]
    pub note: Private,
}

/// Keeping it off the survivor's phone that the police were notified.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithholdOverrideBody {
    /// Why the phone must not show it by itself.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "The participant reads their phone.")]
    pub reason: Private,
}

/// A decision to notify the police without the survivor's setting.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct OverrideView {
    /// Id.
    pub id: OverrideId,
    /// About whom.
    pub survivor_id: SurvivorId,
    /// About which alert.
    pub alert_id: AlertId,
    /// The force that is notified.
    pub recipient_organisation_id: OrganisationId,
    /// Exactly what it lets them know.
    pub what: Vec<OverrideMatter>,
    /// On what.
    pub basis: OverrideBasis,
    /// Which condition of a recognised legitimate interest.
    pub condition: Option<InterestCondition>,
    /// Why it is needed.
    pub necessity: String,
    /// Whether it could not wait for the second person.
    pub is_imminent: bool,
    /// Its state.
    pub state: OverrideState,
    /// Who asked for it.
    pub asked_by: StaffId,
    /// Their name, in a list.
    #[schema(example = "Asha Rai")]
    pub asked_by_name: Option<String>,
    /// When.
    pub asked_at: Instant,
    /// The second person.
    pub approved_by: Option<StaffId>,
    /// Their name, in a list.
    #[schema(example = "Ben Marsh")]
    pub approved_by_name: Option<String>,
    /// When they approved.
    pub approved_at: Option<Instant>,
    /// Who reviewed it.
    pub reviewed_by: Option<StaffId>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// What they found.
    pub review_note: Option<String>,
    /// Whether they found it right. One that they did not, and that has not ended, waits for a second person who finds the same.
    pub is_upheld: Option<bool>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// The second person who found that it was not right.
    pub ended_by: Option<StaffId>,
    /// When the survivor was informed in person.
    pub told_at: Option<Instant>,
    /// Who decided that their phone shows nothing of it before that, however long it takes.
    pub withheld_by: Option<StaffId>,
    /// When.
    pub withheld_at: Option<Instant>,
    /// Why.
    pub withhold_reason: Option<String>,
}

impl OverrideView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &OverrideRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            survivor_id: row.survivor_id,
            alert_id: row.alert_id,
            recipient_organisation_id: row.recipient_id,
            what: if row.opens_identity {
                vec![OverrideMatter::Alert, OverrideMatter::Identity]
            } else {
                vec![OverrideMatter::Alert]
            },
            basis: row.basis,
            condition: row.condition,
            necessity: open!(keys, row.necessity)?.shown(),
            is_imminent: row.is_imminent,
            state: row.state,
            asked_by: row.asked_by,
            asked_by_name: None,
            asked_at: row.asked_at,
            approved_by: row.approved_by,
            approved_by_name: None,
            approved_at: row.approved_at,
            reviewed_by: row.reviewed_by,
            reviewed_at: row.reviewed_at,
            review_note: open!(keys, row.review_note)?.shown(),
            is_upheld: row.is_upheld,
            ended_at: row.ended_at,
            ended_by: row.ended_by,
            told_at: row.told_at,
            withheld_by: row.withheld_by,
            withheld_at: row.withheld_at,
            withhold_reason: open!(keys, row.withhold_reason)?.shown(),
        })
    }

    /// The same with the names of who decided, for a list.
    pub fn named(keys: &Keys, row: &OverrideRow, names: &ColleagueNames) -> Result<Self> {
        let asked_by_name = names.name(keys, row.asked_by)?;
        let approved_by_name = names.name(keys, row.approved_by)?;
        Ok(Self { asked_by_name, approved_by_name, ..Self::of(keys, row)? })
    }
}
