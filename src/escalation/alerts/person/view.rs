//! What is shown of whom an alert is about.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contact::StaffSafeContactView;
use crate::db::Instant;
use crate::escalation::support::place_opened::PlaceOpeningView;
use crate::identity::{Need, RiskRating};
use crate::safety::HouseholdMemberView;

/// Whom an alert is about. What of it cannot be read is left out, and the rest is shown.
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize, ToSchema)]
pub struct AlertPersonView {
    /// Their reference.
    #[schema(example = "SV-6F2K-8C3D-M")]
    pub reference: String,
    /// What they want to be called.
    pub preferred_name: Option<String>,
    /// Their name as documents give it.
    pub full_name: Option<String>,
    /// The day they were born.
    #[schema(example = "1990-04-17")]
    pub date_of_birth: Option<String>,
    /// Their pronouns.
    pub pronouns: Option<String>,
    /// The language that they read.
    #[schema(example = "en")]
    pub language: String,
    /// What they need of people who speak with them.
    pub needs: Vec<Need>,
    /// Assessed risk.
    pub risk_rating: RiskRating,
    /// How it is safe to reach them, and what that means at this moment.
    pub safe_contact: Option<StaffSafeContactView>,
    /// What they wrote with what raised the alert, the latest first.
    pub words: Vec<SentWordsView>,
    /// The children of their household.
    pub children: Vec<HouseholdMemberView>,
    /// Whom they fear.
    pub fears: Vec<FearedView>,
    /// What to say of all this to 999 once the police answer, sentence by sentence; not to the operator who connects the call.
    #[schema(example = json!(["Their name is Samira Okafor.", "They fear Lee Marsh."]))]
    pub once_police_answer: Vec<String>,
    /// Who opened where they are, or may be found, since the alert was raised.
    pub places_opened: Vec<PlaceOpeningView>,
}

/// What somebody wrote with what raised an alert.
#[derive(Clone, Serialize, ToSchema)]
pub struct SentWordsView {
    /// When it reached us.
    pub at: Instant,
    /// Their words.
    #[schema(example = "At the back door")]
    pub words: String,
    /// Whether it came from a session under duress: then it may not be in their own words.
    pub is_duress: bool,
}

/// Somebody whom a survivor fears.
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize, ToSchema)]
pub struct FearedView {
    /// Their name.
    pub name: String,
    /// The day they were born.
    #[schema(value_type = Option<String>, example = "1984-02-29")]
    pub date_of_birth: Option<String>,
    /// Vehicles that they are known to use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vehicles: Vec<String>,
    /// Whether they work for the police: think of that before an officer reads who is reported.
    pub is_of_police: bool,
}
