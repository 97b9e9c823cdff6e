//! An incident as it is handed on: to the police with an alert, or in a bundle. What is between the survivor and their
//! advocate has no room in it; a bundle can reach the person reported, who must not learn that we can
//! recognise a session under duress.

use serde::Serialize;
use utoipa::ToSchema;

use super::HappenedView;
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{ConditionId, IncidentId, Instant};
use crate::error::Result;
use crate::incidents::model::{IncidentState, IncidentVersion, Reported};

/// An incident, for police.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct PoliceIncident {
    /// Id.
    pub id: IncidentId,
    /// Its state.
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
    pub order_condition_id: Option<ConditionId>,
    /// When it arrived.
    pub received_at: Instant,
    /// The number of its version: 1, and one more for each amendment.
    pub version: i32,
    /// What happened, in the survivor's words.
    pub account: String,
    /// How afraid they were, 0 to 4.
    pub fear: i32,
    /// Where.
    pub place: Option<String>,
    /// Whether it was going on as it was reported.
    pub happening_now: bool,
    /// Whether police may speak to the survivor about it.
    pub police_may_contact: bool,
    /// How much it changed how they live, 0 to 4.
    pub impact: Option<i32>,
    /// Who saw or heard it.
    pub witnesses: Option<String>,
    /// Who else was targeted.
    pub third_parties: Option<String>,
    /// Whether children were present.
    pub children_present: Option<bool>,
    /// What the police call it.
    pub police_reference: Option<String>,
    /// Whether a member of staff wrote it down for the survivor.
    pub is_recorded_by_staff: bool,
}

impl PoliceIncident {
    /// The view of an incident in its newest version. The caller checks consent.
    pub fn of(keys: &Keys, reported: &Reported) -> Result<Self> {
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
            account: open!(keys, version.account)?.shown(),
            fear: version.fear,
            place: open!(keys, version.place)?.shown(),
            happening_now: version.happening_now,
            police_may_contact: version.police_may_contact,
            impact: version.impact,
            witnesses: open!(keys, version.witnesses)?.shown(),
            third_parties: open!(keys, version.third_parties)?.shown(),
            children_present: version.children_present,
            police_reference: open!(keys, version.police_reference)?.shown(),
            is_recorded_by_staff: version.recorded_by.is_some(),
        })
    }
}

/// One version of an incident, as a bundle tells it.
#[serde_with::skip_serializing_none]
#[derive(Serialize)]
pub struct PoliceIncidentVersion {
    /// Counts from 1.
    pub version: i32,
    /// When the phone recorded it.
    pub recorded_at: Instant,
    /// When it arrived.
    pub received_at: Instant,
    /// When it happened.
    pub happened: HappenedView,
    /// Behaviour codes.
    pub behaviours: Vec<String>,
    /// The severity that it had then, 1 to 4.
    pub severity: i32,
    /// 0 to 4.
    pub fear: i32,
    /// 0 to 4.
    pub impact: Option<i32>,
    /// What happened.
    pub account: String,
    /// Where.
    pub place: Option<String>,
    /// The police force of that place.
    pub force_id: Option<String>,
    /// Who saw or heard it.
    pub witnesses: Option<String>,
    /// Who else was targeted.
    pub third_parties: Option<String>,
    /// Whether children were present.
    pub children_present: Option<bool>,
    /// What the police call it.
    pub police_reference: Option<String>,
    /// The order condition that it may breach.
    pub order_condition_id: Option<ConditionId>,
    /// Whether it was going on as it was reported.
    pub happening_now: bool,
    /// Whether police may speak to the survivor about it.
    pub police_may_contact: bool,
    /// Why it was amended, as a code.
    pub reason: Option<String>,
}

impl PoliceIncidentVersion {
    /// The view of a version.
    pub fn of(keys: &Keys, version: &IncidentVersion) -> Result<Self> {
        Ok(Self {
            version: version.version,
            recorded_at: version.recorded_at,
            received_at: version.received_at,
            happened: HappenedView::of(version),
            behaviours: version.behaviours.read()?,
            severity: version.severity,
            fear: version.fear,
            impact: version.impact,
            account: open!(keys, version.account)?.shown(),
            place: open!(keys, version.place)?.shown(),
            force_id: version.force_id.clone(),
            witnesses: open!(keys, version.witnesses)?.shown(),
            third_parties: open!(keys, version.third_parties)?.shown(),
            children_present: version.children_present,
            police_reference: open!(keys, version.police_reference)?.shown(),
            order_condition_id: version.order_condition_id,
            happening_now: version.happening_now,
            police_may_contact: version.police_may_contact,
            reason: open!(keys, version.reason)?.shown(),
        })
    }
}
