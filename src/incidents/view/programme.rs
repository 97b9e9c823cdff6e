//! An incident as the programme's side of a linked case reads it: codes and times, and the account where the survivor opened
//! it to them. Never the place.

use serde::Serialize;
use utoipa::ToSchema;

use super::HappenedView;
use crate::crypto::{Keys, PrivateText as _, open};
use crate::db::{ConditionId, IncidentId, Instant};
use crate::error::Result;
use crate::incidents::model::{IncidentState, Reported};

/// An incident, for the programme's side of a linked case.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ProgrammeIncident {
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
    /// What happened, in the survivor's words, where they opened it to the programme.
    pub account: Option<String>,
    /// How afraid they were, 0 to 4; with the account.
    pub fear: Option<i32>,
    /// How much it changed how they live, 0 to 4; with the account.
    pub impact: Option<i32>,
}

impl ProgrammeIncident {
    /// Codes and times alone: nothing that the survivor wrote.
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
            impact: None,
        })
    }

    /// With the account.
    pub fn with_account(keys: &Keys, reported: &Reported) -> Result<Self> {
        let version = &reported.version;
        let account = open!(keys, version.account)?.shown();
        let (fear, impact) = (Some(version.fear), version.impact);
        Ok(Self { account: Some(account), fear, impact, ..Self::summary(reported)? })
    }
}
