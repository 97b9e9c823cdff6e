//! What a message to police holds, as a receiver has it: codes, numbers and references.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::db::Instant;
use crate::escalation::alerts::model::Rule;
use crate::identity::RiskRating;

/// What is said of an alert to police.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertData {
    /// Its reference.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub alert: String,
    /// Counts the messages about this alert to this force.
    #[schema(minimum = 0, example = 1)]
    pub sequence: i32,
    /// Whether anybody is in danger.
    pub status: AlertDataStatus,
    /// What raised it.
    pub event: Rule,
    /// How grave it is, 1 to 4.
    #[schema(example = 4)]
    pub level: i32,
    /// How soon to act, in the words of the Common Alerting Protocol 1.2.
    pub urgency: AlertUrgency,
    /// How grave it may become, likewise.
    pub severity: AlertSeverity,
    /// How sure it is, likewise.
    pub certainty: AlertCertainty,
    /// When it was raised.
    pub raised_at: Instant,
    /// References of the police's own: those of court orders.
    pub police_references: Vec<HeldReference>,
    /// What helps a THRIVE judgement.
    pub facts: ThriveFacts,
    /// Whom to call.
    pub duty_desk: DutyDesk,
    /// The setting by which the survivor agreed.
    pub agreement: AlertAgreement,
    /// On what basis the police are notified, as a code.
    #[schema(example = "vital_interests")]
    pub lawful_basis: String,
    /// Where to say that an officer has it.
    #[schema(example = "https://holdfast.example/police/v1/alerts/AL-6F2K-8C3D-M/acknowledge")]
    pub acknowledge_url: String,
    /// Where an officer reads more.
    #[schema(example = "https://holdfast.example/police/v1/alerts/AL-6F2K-8C3D-M")]
    pub detail_url: String,
    /// By when an officer should have acknowledged.
    pub acknowledge_by: Option<Instant>,
    /// The force whose alert it is (data.police.uk slug); left out in a drill.
    #[schema(example = "south-yorkshire")]
    pub force: Option<String>,
    /// The reference of the case, where there is one.
    #[schema(example = "CA-6F2K-8C3D-M")]
    pub case: Option<String>,
    /// That there is a location, where the survivor released one.
    pub location: Option<LocationReleased>,
    /// Since when the survivor's phone is reported not to be in their hands.
    pub phone_reported_at: Option<Instant>,
    /// What to know of the phone, in English.
    pub phone_note: Option<String>,
    /// Stated where the phone must not be called or written to.
    pub do_not_contact_device: Option<bool>,
    /// `silent` where nobody may notice that help comes.
    #[schema(example = "silent")]
    pub approach: Option<String>,
    /// The `webhook-id` of the first message about this alert.
    #[schema(example = "msg_019aa0c46f2e7cc398c82d3a53a60b2f")]
    pub refers_to: Option<String>,
    /// `false` where the force is to do no more, and nobody has confirmed that the survivor is safe.
    pub safety_confirmed: Option<bool>,
    /// Which message of an alert a drill is in place of.
    pub phase: Option<Phase>,
}

/// What is left of an alert that was closed more than seven days ago.
#[derive(Debug, Serialize)]
pub struct PastAlertData {
    /// Its reference.
    pub alert: String,
    /// How grave it was, 1 to 4.
    pub level: i32,
    /// When it was raised.
    pub raised_at: Instant,
}

/// What a force that polls is given of an alert.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum PolledAlertData {
    /// All that a message holds.
    Present(Box<AlertData>),
    /// What is left of it.
    Past(PastAlertData),
}

/// One record, of which three fields are always there: generated clients read no choice between two.
impl PartialSchema for PolledAlertData {
    fn schema() -> RefOr<Schema> {
        let mut schema = AlertData::schema();
        if let RefOr::T(Schema::Object(data)) = &mut schema {
            let words =
                "What a message holds; of an alert that was closed more than seven days ago only what is required.";
            data.description = Some(words.to_owned());
            data.required = ["alert", "level", "raised_at"].map(str::to_owned).into();
        }
        schema
    }
}

impl ToSchema for PolledAlertData {
    fn name() -> Cow<'static, str> {
        "PolledAlertData".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("AlertData".to_owned(), AlertData::schema()));
        AlertData::schemas(schemas);
    }
}

/// Whether anybody is in danger.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertDataStatus {
    /// It is real.
    Actual,
    /// It is a drill: nobody is.
    Exercise,
}

/// What a message says of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertPhase)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// That there is one.
    Raised,
    /// That something happened again.
    Updated,
    /// That its level rose.
    Escalated,
    /// That it is over: done.
    Resolved,
    /// That it is over: safety confirmed; or that the force is to do no more about it, and nothing is confirmed.
    Withdrawn,
}

/// How soon to act.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertUrgency {
    /// At once.
    Immediate,
    /// Soon.
    Expected,
}

/// How grave it may become.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertSeverity {
    /// A life may be at risk.
    Extreme,
    /// A grave danger.
    Severe,
    /// A possible danger.
    Moderate,
}

/// How sure it is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertCertainty {
    /// More likely than not.
    Likely,
    /// Possible.
    Possible,
    /// Nobody can say.
    Unknown,
}

/// A reference that the police gave.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldReference {
    /// Of which kind of order, as a code.
    #[schema(example = "non_molestation_order")]
    pub kind: String,
    /// The reference.
    #[serde(rename = "ref")]
    #[schema(example = "14/NMO/2291")]
    pub reference: String,
}

/// Codes and numbers of what the survivor reported, as far as the police may know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThriveFacts {
    /// What was done, as codes of behaviours.
    pub threat: StatedCodes,
    /// What it did to the survivor.
    pub harm: StatedHarm,
    /// What is known of the risk.
    pub risk: ThriveRisk,
    /// What can be investigated.
    pub investigation: ThriveInvestigation,
    /// What makes the survivor vulnerable, as codes.
    #[schema(example = json!(["children_present"]))]
    pub vulnerability: Vec<String>,
    /// How to reach the survivor.
    pub engagement: ThriveEngagement,
}

/// What is known of the risk.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThriveRisk {
    /// As people assessed it.
    pub rating: StatedRating,
    /// How many incidents the last seven days had.
    pub incidents_7d: StatedNumber,
    /// Whether that is more than in the seven days before.
    pub trend: IncidentTrend,
}

/// What can be investigated.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThriveInvestigation {
    /// How many files the police may ask for.
    pub evidence_items: StatedNumber,
    /// Conditions of orders that may have been breached.
    pub possible_breach: Vec<PossibleBreach>,
}

/// A condition of an order that may have been breached.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PossibleBreach {
    /// The kind of order, as a code.
    #[schema(example = "non_molestation_order")]
    pub order: String,
    /// The condition, as a code.
    #[schema(example = "no_contact")]
    pub condition: String,
}

/// How to reach the survivor.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThriveEngagement {
    /// By whom.
    #[schema(example = "via_duty_desk")]
    pub contact: String,
    /// Whether the survivor wants police to speak to them.
    pub police_may_contact: bool,
}

/// Fear and impact, 0 to 4.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThriveHarm {
    /// The worst fear that was reported.
    pub fear: i32,
    /// By how much it changed the survivor's life.
    pub impact: StatedNumber,
}

/// Whom to call.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyDesk {
    /// Whose desk it is.
    #[schema(example = "Lighthouse")]
    pub organisation: String,
    /// Its number, or `not_stated`.
    #[schema(example = "+441144960000")]
    pub phone: String,
}

/// The setting by which the survivor agreed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertAgreement {
    /// Its name; `override` where people decided without one, `none` in a drill.
    #[schema(example = "alert.police.help_now")]
    pub setting: String,
}

/// That there is a location.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationReleased {
    /// Whether an officer can read it now.
    pub available: bool,
}

/// What is not known, or not the police's to know.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unstated {
    /// The one word for it.
    NotStated,
}

/// Whether incidents become more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IncidentTrend {
    /// More than in the week before.
    Rising,
    /// As many.
    Steady,
    /// Fewer.
    Falling,
    /// Not known, or not the police's to know.
    NotStated,
}

/// Codes, where they are stated.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum StatedCodes {
    /// The codes.
    Codes(Vec<String>),
    /// None are.
    Unstated(Unstated),
}

/// A number, where it is stated.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum StatedNumber {
    /// The number.
    Number(i64),
    /// It is not.
    Unstated(Unstated),
}

/// A rating, where it is stated.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum StatedRating {
    /// The rating.
    Rating(RiskRating),
    /// It is not.
    Unstated(Unstated),
}

/// Harm, where it is stated.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum StatedHarm {
    /// Fear and impact.
    Harm(ThriveHarm),
    /// They are not.
    Unstated(Unstated),
}

/// What is either of a type, or the one word for what is not stated. The word is written out, for what is the one is never the
/// other.
macro_rules! stated {
    ($name:ident, $words:literal, $of:expr $(, $part:ty)?) => {
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let unstated = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["not_stated"]));
                OneOfBuilder::new().description(Some($words)).item($of).item(unstated).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            $(fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push((<$part>::name().into_owned(), <$part>::schema()));
                <$part>::schemas(schemas);
            })?
        }
    };
}
stated!(
    StatedCodes,
    "Codes, where they are stated",
    ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String))
);
stated!(StatedNumber, "A number, where it is stated", ObjectBuilder::new().schema_type(Type::Integer));
stated!(StatedRating, "A rating, where it is stated", Ref::from_schema_name("RiskRating"), RiskRating);
stated!(StatedHarm, "Harm, where it is stated", Ref::from_schema_name("ThriveHarm"), ThriveHarm);

/// That something is not stated.
pub(in crate::escalation) const UNSTATED: Unstated = Unstated::NotStated;

impl StatedNumber {
    /// A number that may be missing.
    pub(in crate::escalation) fn of(number: Option<i64>) -> Self {
        number.map_or(Self::Unstated(UNSTATED), Self::Number)
    }
}

impl ThriveFacts {
    /// Facts that state nothing.
    pub(in crate::escalation) fn unstated() -> Self {
        Self {
            threat: StatedCodes::Unstated(UNSTATED),
            harm: StatedHarm::Unstated(UNSTATED),
            risk: ThriveRisk {
                rating: StatedRating::Unstated(UNSTATED),
                incidents_7d: StatedNumber::of(None),
                trend: IncidentTrend::NotStated,
            },
            investigation: ThriveInvestigation { evidence_items: StatedNumber::of(None), possible_breach: Vec::new() },
            vulnerability: Vec::new(),
            engagement: ThriveEngagement { contact: VIA_DUTY_DESK.to_owned(), police_may_contact: false },
        }
    }
}

/// By whom a survivor is reached.
pub(in crate::escalation) const VIA_DUTY_DESK: &str = "via_duty_desk";

impl AlertData {
    /// One of nobody, as a message of a type may hold it.
    pub fn sample(message_type: &str, at: Instant) -> Self {
        let reference = "AL-6F2K-8C3D-M";
        let detail_url = format!("https://holdfast.example/police/v1/alerts/{reference}");
        let is_exercise = message_type.ends_with(".exercise");
        let is_first = message_type.ends_with(".raised");
        let mut facts = ThriveFacts::unstated();
        if !is_exercise {
            facts.threat = StatedCodes::Codes(vec!["attend_home".to_owned()]);
            facts.harm = StatedHarm::Harm(ThriveHarm { fear: 4, impact: StatedNumber::of(Some(3)) });
            facts.risk.rating = StatedRating::Rating(RiskRating::High);
        }
        Self {
            alert: reference.to_owned(),
            sequence: if is_first { 1 } else { 2 },
            status: if is_exercise { AlertDataStatus::Exercise } else { AlertDataStatus::Actual },
            event: if is_exercise { Rule::Exercise } else { Rule::HelpNow },
            level: 4,
            urgency: AlertUrgency::Immediate,
            severity: AlertSeverity::Extreme,
            certainty: AlertCertainty::Unknown,
            raised_at: at,
            police_references: Vec::new(),
            facts,
            duty_desk: DutyDesk { organisation: "Lighthouse".to_owned(), phone: "+441144960000".to_owned() },
            agreement: AlertAgreement {
                setting: if is_exercise { "none" } else { "alert.police.help_now" }.to_owned(),
            },
            lawful_basis: if is_exercise { "not_applicable" } else { "vital_interests" }.to_owned(),
            acknowledge_url: format!("{detail_url}/acknowledge"),
            detail_url,
            acknowledge_by: Some(at.plus_minutes(5)),
            force: (!is_exercise).then(|| "south-yorkshire".to_owned()),
            case: None,
            location: (!is_exercise).then_some(LocationReleased { available: true }),
            phone_reported_at: None,
            phone_note: None,
            do_not_contact_device: None,
            approach: None,
            refers_to: (!is_first).then(|| "msg_019aa0c46f2e7cc398c82d3a53a60b2f".to_owned()),
            safety_confirmed: None,
            phase: is_exercise.then_some(Phase::Raised),
        }
    }
}
