//! Incidents as they are shown: to the survivor, and across to those whom they made them visible to.

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Incident, IncidentState, IncidentVersion, Precision, Reported, Visibility};
use crate::crypto::{Keys, Sealed};
use crate::db::{AlertId, ConditionId, IncidentId, Instant};
use crate::error::Result;
use crate::tx::Raised;

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
        })
    }

    /// With the account, for the programme's side: without the place, which it never receives.
    ///
    /// # Errors
    /// When the survivor's record was erased.
    pub fn account(keys: &Keys, reported: &Reported) -> Result<Self> {
        let version = &reported.version;
        let account = open(keys, version, "account", &version.account)?;
        Ok(Self { account: Some(account), fear: Some(version.fear), ..Self::summary(reported)? })
    }

    /// With everything but the private note, for the survivor's own side.
    ///
    /// # Errors
    /// When the survivor's record was erased.
    pub fn full(keys: &Keys, reported: &Reported) -> Result<Self> {
        let version = &reported.version;
        Ok(Self {
            place: open_opt(keys, version, "place", version.place.as_ref())?,
            happening_now: Some(version.happening_now),
            police_may_contact: Some(version.police_may_contact),
            visibility: Some(version.visibility),
            ..Self::account(keys, reported)?
        })
    }
}

/// One of your own incidents.
#[derive(Serialize, ToSchema)]
pub struct OwnIncidentView {
    /// Id.
    pub id: IncidentId,
    /// Where it stands.
    pub state: IncidentState,
    /// The newest version.
    pub version: i32,
    /// 1 to 4.
    pub severity: i32,
    /// When it happened.
    pub happened: HappenedView,
    /// Behaviour codes.
    pub behaviours: Vec<String>,
    /// What happened.
    pub account: String,
    /// Your note for yourself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// 0 to 4.
    pub fear: i32,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The order condition that it may breach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_condition_id: Option<ConditionId>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whether it was going on as you reported it.
    pub happening_now: bool,
    /// Whether police may speak to you about it.
    pub police_may_contact: bool,
    /// When the phone recorded this version.
    pub recorded_at: Instant,
    /// When the first version arrived.
    pub received_at: Instant,
    /// When you took it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Instant>,
}

impl OwnIncidentView {
    /// The view of an incident in its newest version.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn of(keys: &Keys, reported: &Reported) -> Result<Self> {
        let (incident, version) = (&reported.incident, &reported.version);
        Ok(Self {
            id: incident.id,
            state: incident.state,
            version: incident.version,
            severity: incident.severity,
            happened: HappenedView::of(version),
            behaviours: reported.behaviours()?,
            account: open(keys, version, "account", &version.account)?,
            private_note: open_opt(keys, version, "private_note", version.private_note.as_ref())?,
            fear: version.fear,
            place: open_opt(keys, version, "place", version.place.as_ref())?,
            order_condition_id: version.order_condition_id,
            visibility: version.visibility,
            happening_now: version.happening_now,
            police_may_contact: version.police_may_contact,
            recorded_at: version.recorded_at,
            received_at: incident.received_at,
            withdrawn_at: incident.withdrawn_at,
        })
    }
}

/// One version of your own incident: when you told it, and how.
#[derive(Serialize, ToSchema)]
pub struct IncidentVersionView {
    /// Counts from 1.
    pub version: i32,
    /// When it arrived.
    pub received_at: Instant,
    /// Who could see it.
    pub visibility: Visibility,
    /// Behaviour codes.
    pub behaviours: Vec<String>,
    /// What happened.
    pub account: String,
}

impl IncidentVersionView {
    /// The view of a version.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn of(keys: &Keys, version: &IncidentVersion) -> Result<Self> {
        Ok(Self {
            version: version.version,
            received_at: version.received_at,
            visibility: version.visibility,
            behaviours: version.behaviours.read()?,
            account: open(keys, version, "account", &version.account)?,
        })
    }
}

/// One of your own incidents with all its versions.
#[derive(Serialize, ToSchema)]
pub struct OwnIncidentDetailView {
    /// As it stands.
    #[serde(flatten)]
    pub incident: OwnIncidentView,
    /// Every version, oldest first.
    pub versions: Vec<IncidentVersionView>,
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
        }
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
