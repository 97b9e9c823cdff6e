//! An incident as the survivor's own side reads it: all but what the survivor keeps for themselves.

use serde::Serialize;
use utoipa::ToSchema;

use super::HappenedView;
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{ConditionId, EvidenceId, IncidentId, Instant};
use crate::error::Result;
use crate::incidents::model::{IncidentState, Reported, ReportingWish, Visibility};

/// An incident, for the survivor's own side. Has no room for the private note.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportIncident {
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
    /// Who may see it.
    pub visibility: Visibility,
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
    /// What they want about reporting it to the police.
    pub reporting_wish: Option<ReportingWish>,
    /// Whether it came from a session under duress: then it may not be in their own words.
    pub is_duress: bool,
    /// Whether a member of staff wrote it down for the survivor.
    pub is_recorded_by_staff: bool,
    /// Whether the survivor's phone shows nothing of it, since staff who wrote it down have yet to say that it may.
    pub is_off_phone: bool,
    /// Files that belong to it, oldest first; not in the case view.
    pub evidence_ids: Option<Vec<EvidenceId>>,
}

impl SupportIncident {
    /// The view of an incident in its newest version, with the files that belong to it where they are asked for.
    pub fn of(keys: &Keys, reported: &Reported, evidence_ids: Option<Vec<EvidenceId>>) -> Result<Self> {
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
            visibility: incident.visibility,
            impact: version.impact,
            witnesses: open!(keys, version.witnesses)?.shown(),
            third_parties: open!(keys, version.third_parties)?.shown(),
            children_present: version.children_present,
            police_reference: open!(keys, version.police_reference)?.shown(),
            reporting_wish: version.reporting_wish,
            is_duress: incident.is_duress,
            is_recorded_by_staff: version.recorded_by.is_some(),
            is_off_phone: incident.is_off_phone,
            evidence_ids,
        })
    }
}

/// An incident among those of several survivors, for their own side: codes and times, without a word that the survivor
/// wrote.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportIncidentSummary {
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
}

impl SupportIncidentSummary {
    /// The view of an incident in its newest version.
    pub fn of(reported: &Reported) -> Result<Self> {
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
        })
    }
}
