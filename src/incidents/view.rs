//! Incidents as they are shown: to the survivor (`own.rs`), and across to those whom they made them visible to.

mod own;

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Incident, IncidentState, IncidentVersion, Precision, Reported, ReportingWish, Visibility};
use crate::crypto::{Keys, Sealed};
use crate::db::{AlertId, ConditionId, EvidenceId, IncidentId, Instant};
use crate::error::Result;
use crate::tx::Raised;

pub use own::{
    IncidentVersionView, OwnIncidentDetailView, OwnIncidentVersionView, OwnIncidentView, PrivateNoteView, Shown,
    ToldView,
};

/// When something happened.
#[derive(Serialize, ToSchema)]
pub struct HappenedView {
    /// How well the time is known.
    pub precision: Precision,
    /// When it happened or began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// By when it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Instant>,
}

impl HappenedView {
    fn of(version: &IncidentVersion) -> Self {
        Self { precision: version.precision, from: version.happened_from, to: version.happened_to }
    }
}

fn open(keys: &Keys, version: &IncidentVersion, column: &'static str, sealed: &Sealed) -> Result<String> {
    let place = IncidentVersion::place(version.survivor_id, version.incident_id, version.version, column);
    Ok(keys.open_sealed(place, sealed)?.expose_secret().to_owned())
}

fn open_opt(
    keys: &Keys,
    version: &IncidentVersion,
    column: &'static str,
    sealed: Option<&Sealed>,
) -> Result<Option<String>> {
    sealed.map(|sealed| open(keys, version, column, sealed)).transpose()
}

/// An incident for staff. Has no room for the private note; the account and the place stand only where they may.
#[derive(Serialize, ToSchema)]
pub struct IncidentView {
    /// Id.
    pub id: IncidentId,
    /// Where it stands.
    pub state: IncidentState,
    /// 1 to 4.
    pub severity: i32,
    /// When it happened.
    pub happened: HappenedView,
    /// Behaviour codes.
    pub behaviours: Vec<String>,
    /// Whether it may breach a condition of an order.
    pub is_suspected_breach: bool,
    /// Which condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_condition_id: Option<ConditionId>,
    /// When it arrived.
    pub received_at: Instant,
    /// How often it was told: 1, and one more for each amendment.
    pub version: i32,
    /// What happened, in the survivor's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// How afraid they were, 0 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fear: Option<i32>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Whether it was going on as it was reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happening_now: Option<bool>,
    /// Whether police may speak to the survivor about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub police_may_contact: Option<bool>,
    /// Who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// How much it changed how they live, 0 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<i32>,
    /// Who saw or heard it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witnesses: Option<String>,
    /// Who else was targeted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub third_parties: Option<String>,
    /// Whether children were present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children_present: Option<bool>,
    /// What the police call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub police_reference: Option<String>,
    /// What they want about reporting it to the police.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting_wish: Option<ReportingWish>,
    /// Whether it came from a session under duress: then it may not be in their own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_duress: Option<bool>,
    /// Files that belong to it, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence_ids: Option<Vec<EvidenceId>>,
}

impl IncidentView {
    /// Codes and times alone: nothing that the survivor wrote.
    ///
    /// # Errors
    /// When the row does not hold what it should.
    pub fn summary(reported: &Reported) -> Result<Self> {
        let (incident, version) = (&reported.incident, &reported.version);
        Ok(Self {
            id: incident.id,
            state: incident.state,
            severity: incident.severity,
            happened: HappenedView::of(version),
            behaviours: reported.behaviours()?,
            is_suspected_breach: incident.order_condition_id.is_some(),
            order_condition_id: incident.order_condition_id,
            received_at: incident.received_at,
            version: incident.version,
            account: None,
            fear: None,
            place: None,
            happening_now: None,
            police_may_contact: None,
            visibility: None,
            impact: None,
            witnesses: None,
            third_parties: None,
            children_present: None,
            police_reference: None,
            reporting_wish: None,
            is_duress: None,
            evidence_ids: None,
        })
    }

    /// With the account, for the programme's side: without the place, which it never receives.
    pub fn account(keys: &Keys, reported: &Reported) -> Result<Self> {
        let version = &reported.version;
        let account = open(keys, version, "account", &version.account)?;
        let (fear, impact) = (Some(version.fear), version.impact);
        Ok(Self { account: Some(account), fear, impact, ..Self::summary(reported)? })
    }

    /// The same with the files that belong to it.
    #[must_use]
    pub fn with_files(self, files: Vec<EvidenceId>) -> Self {
        Self { evidence_ids: Some(files), ..self }
    }

    /// With everything but the private note, for the survivor's own side.
    pub fn full(keys: &Keys, reported: &Reported) -> Result<Self> {
        let version = &reported.version;
        Ok(Self {
            place: open_opt(keys, version, "place", version.place.as_ref())?,
            happening_now: Some(version.happening_now),
            police_may_contact: Some(version.police_may_contact),
            visibility: Some(reported.incident.visibility),
            witnesses: open_opt(keys, version, "witnesses", version.witnesses.as_ref())?,
            third_parties: open_opt(keys, version, "third_parties", version.third_parties.as_ref())?,
            children_present: version.children_present,
            police_reference: open_opt(keys, version, "police_reference", version.police_reference.as_ref())?,
            reporting_wish: version.reporting_wish,
            is_duress: Some(reported.incident.is_duress),
            ..Self::account(keys, reported)?
        })
    }
}

/// One version of an incident, for staff of the survivor's side: what was told then, by whom and why. Nobody but the
/// survivor ever changes one.
#[derive(Serialize, ToSchema)]
pub struct ToldVersionView {
    /// What was told.
    #[serde(flatten)]
    pub told: IncidentVersionView,
    /// Who told it: always the survivor.
    #[schema(example = "survivor")]
    pub told_by: &'static str,
}

impl ToldVersionView {
    /// The view of a version.
    pub fn of(keys: &Keys, version: &IncidentVersion) -> Result<Self> {
        Ok(Self { told: IncidentVersionView::of(keys, version)?, told_by: "survivor" })
    }
}

/// An alert that a report raised or added to.
#[derive(Serialize, ToSchema)]
pub struct IncidentAlertView {
    /// The alert.
    pub id: AlertId,
    /// Its state.
    #[schema(example = "open")]
    pub state: String,
}

/// An incident that was kept.
#[derive(Serialize, ToSchema)]
pub struct SubmittedIncidentView {
    /// The incident.
    pub id: IncidentId,
    /// Where it stands.
    pub state: IncidentState,
    /// 1 to 4.
    pub severity: i32,
    /// The newest version.
    pub version: i32,
    /// The gravest alert that it raised or added to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<IncidentAlertView>,
    /// JSON Pointers of what could not be read or kept of a danger that is happening, in part or at all; the empty one is the
    /// body as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["/behaviours/1"]))]
    pub dropped: Vec<String>,
}

impl SubmittedIncidentView {
    /// The view of an incident and the alerts that it raised.
    #[must_use]
    pub fn of(incident: &Incident, raised: &[Raised]) -> Self {
        let gravest = raised.iter().max_by_key(|alert| alert.level);
        Self {
            id: incident.id,
            state: incident.state,
            severity: incident.severity,
            version: incident.version,
            alert: gravest.map(|alert| IncidentAlertView { id: alert.id, state: alert.state.clone() }),
            dropped: Vec::new(),
        }
    }

    /// The view of one that is happening now, with pointers of what was dropped of it.
    #[must_use]
    pub fn heard((incident, dropped): (Incident, Vec<String>), raised: &[Raised]) -> Self {
        Self { dropped, ..Self::of(&incident, raised) }
    }
}

/// An incident that was taken back.
#[derive(Serialize, ToSchema)]
pub struct WithdrawnIncidentView {
    /// The incident.
    pub id: IncidentId,
    /// Where it stands: `withdrawn`.
    pub state: IncidentState,
}
