//! Incidents as their survivor sees them.

use serde::Serialize;
use utoipa::ToSchema;

use super::HappenedView;
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{ConditionId, EvidenceId, IncidentId, Instant};
use crate::error::Result;
use crate::incidents::history::OwnIncidentEventView;
use crate::incidents::model::{IncidentState, IncidentVersion, Reported, ReportingWish, Visibility};
use crate::incidents::release::ReleaseView;

/// What a session may be shown of its own incidents.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The PIN was given a moment ago: private notes may stand in it.
    pub has_fresh_pin: bool,
    /// A silent alert opened the incident, of which nothing may show.
    pub is_silent: bool,
}

/// What was reported of an incident in one version, but for what the survivor keeps for themselves.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ToldView {
    /// When it happened.
    pub happened: HappenedView,
    /// Behaviour codes.
    pub behaviours: Vec<String>,
    /// What happened.
    pub account: String,
    /// 0 to 4.
    pub fear: i32,
    /// 0 to 4.
    pub impact: Option<i32>,
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
    /// What was wanted about reporting it to the police.
    pub reporting_wish: Option<ReportingWish>,
    /// The order condition that it may breach.
    pub order_condition_id: Option<ConditionId>,
    /// Whether it was going on as it was reported.
    pub happening_now: bool,
    /// Whether police may speak to the survivor about it.
    pub police_may_contact: bool,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Whether a member of staff wrote it down for you.
    pub is_recorded_by_staff: bool,
}

impl ToldView {
    fn of(keys: &Keys, version: &IncidentVersion) -> Result<Self> {
        Ok(Self {
            happened: HappenedView::of(version),
            behaviours: version.behaviours.read()?,
            account: open!(keys, version.account)?.shown(),
            fear: version.fear,
            impact: version.impact,
            place: open!(keys, version.place)?.shown(),
            force_id: version.force_id.clone(),
            witnesses: open!(keys, version.witnesses)?.shown(),
            third_parties: open!(keys, version.third_parties)?.shown(),
            children_present: version.children_present,
            police_reference: open!(keys, version.police_reference)?.shown(),
            reporting_wish: version.reporting_wish,
            order_condition_id: version.order_condition_id,
            happening_now: version.happening_now,
            police_may_contact: version.police_may_contact,
            recorded_at: version.recorded_at,
            is_recorded_by_staff: version.recorded_by.is_some(),
        })
    }
}

/// The survivor's note for themselves, as far as a session may be shown it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct OwnNoteView {
    /// Whether there is a note for yourself.
    pub has_private_note: bool,
    /// Your note for yourself; only where the PIN was given a moment ago.
    pub private_note: Option<String>,
}

impl OwnNoteView {
    fn of(keys: &Keys, version: &IncidentVersion, shown: Shown) -> Result<Self> {
        let private_note = if shown.has_fresh_pin { open!(keys, version.private_note)?.shown() } else { None };
        Ok(Self { has_private_note: version.private_note.is_some(), private_note })
    }
}

/// One of your own incidents.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct OwnIncidentView {
    /// Id.
    pub id: IncidentId,
    /// Its state.
    pub state: IncidentState,
    /// The newest version.
    pub version: i32,
    /// 1 to 4.
    pub severity: i32,
    /// What you reported last.
    #[serde(flatten)]
    pub told: ToldView,
    /// Your note for yourself.
    #[serde(flatten)]
    pub note: OwnNoteView,
    /// Who may see it.
    pub visibility: Visibility,
    /// When the first version arrived.
    pub received_at: Instant,
    /// When you took it back.
    pub withdrawn_at: Option<Instant>,
    /// Your files that belong to it, oldest first.
    pub evidence_ids: Vec<EvidenceId>,
}

impl OwnIncidentView {
    /// The view of an incident in its newest version.
    pub fn of(keys: &Keys, reported: &Reported, shown: Shown, evidence_ids: Vec<EvidenceId>) -> Result<Self> {
        let (incident, version) = (&reported.incident, &reported.version);
        Ok(Self {
            id: incident.shown_id(),
            state: incident.state,
            version: incident.version,
            severity: incident.severity,
            told: ToldView::of(keys, version)?,
            note: OwnNoteView::of(keys, version, shown)?,
            visibility: if shown.is_silent { version.visibility } else { incident.visibility },
            received_at: incident.received_at,
            withdrawn_at: incident.withdrawn_at,
            evidence_ids,
        })
    }
}

/// One version of an incident: all that was reported in it but what the survivor keeps for themselves.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct IncidentVersionView {
    /// Counts from 1.
    pub version: i32,
    /// When it arrived.
    pub received_at: Instant,
    /// Who could see it.
    pub visibility: Visibility,
    /// The severity that it had then, 1 to 4.
    pub severity: i32,
    /// What was reported.
    #[serde(flatten)]
    pub told: ToldView,
    /// Why it was amended, as a code.
    #[schema(example = "remembered_more")]
    pub reason: Option<String>,
}

impl IncidentVersionView {
    /// The view of a version.
    pub fn of(keys: &Keys, version: &IncidentVersion) -> Result<Self> {
        Ok(Self {
            version: version.version,
            received_at: version.received_at,
            visibility: version.visibility,
            severity: version.severity,
            told: ToldView::of(keys, version)?,
            reason: open!(keys, version.reason)?.shown(),
        })
    }
}

/// One version of your own incident: when you reported it, how and why.
#[derive(Serialize, ToSchema)]
pub struct OwnIncidentVersionView {
    /// What you reported.
    #[serde(flatten)]
    pub told: IncidentVersionView,
    /// Your note for yourself.
    #[serde(flatten)]
    pub note: OwnNoteView,
}

impl OwnIncidentVersionView {
    /// The view of a version.
    pub fn of(keys: &Keys, version: &IncidentVersion, shown: Shown) -> Result<Self> {
        Ok(Self { told: IncidentVersionView::of(keys, version)?, note: OwnNoteView::of(keys, version, shown)? })
    }
}

/// One of your own incidents with all its versions, and what became of it.
#[derive(Serialize, ToSchema)]
pub struct OwnIncidentDetailView {
    /// As it is now.
    #[serde(flatten)]
    pub incident: OwnIncidentView,
    /// Every version, oldest first.
    pub versions: Vec<OwnIncidentVersionView>,
    /// When it is to be opened further.
    pub release_when: ReleaseView,
    /// What became of it, newest first: at most the last hundred.
    pub history: Vec<OwnIncidentEventView>,
}

/// Your note for yourself.
#[derive(Serialize, ToSchema)]
pub struct PrivateNoteView {
    /// The note; null where there is none.
    #[schema(required = true)]
    pub private_note: Option<String>,
}

impl PrivateNoteView {
    /// The note of an incident in its newest version.
    pub fn of(keys: &Keys, reported: &Reported) -> Result<Self> {
        let version = &reported.version;
        Ok(Self { private_note: open!(keys, version.private_note)?.shown() })
    }
}
