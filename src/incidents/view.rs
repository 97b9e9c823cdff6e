//! Incidents as they are shown, to each audience by a type of its own: the survivor (`own.rs`), their own side
//! (`support.rs`), the programme's side (`programme.rs`), the police and the recipients of bundles (`police.rs`).

mod own;
mod police;
mod programme;
mod support;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Incident, IncidentState, IncidentVersion, Precision};
use crate::crypto::Keys;
use crate::db::{AlertId, IncidentId, Instant};
use crate::error::Result;
use crate::tx::Raised;

pub use police::{PoliceIncident, PoliceIncidentVersion};
pub use programme::ProgrammeIncident;
pub use support::{SupportIncident, SupportIncidentSummary};

pub use own::{
    IncidentVersionView, OwnIncidentDetailView, OwnIncidentVersionView, OwnIncidentView, PrivateNoteView, Shown,
};

/// When something happened.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct HappenedView {
    /// How well the time is known.
    pub precision: Precision,
    /// When it happened or began.
    pub from: Option<Instant>,
    /// By when it was over.
    pub to: Option<Instant>,
}

impl HappenedView {
    fn of(version: &IncidentVersion) -> Self {
        Self { precision: version.precision, from: version.happened_from, to: version.happened_to }
    }
}

/// One version of an incident, for staff of the survivor's side: what was reported then, by whom and why. Nobody but the
/// survivor ever changes one.
#[derive(Serialize, ToSchema)]
pub struct ToldVersionView {
    /// What was reported.
    #[serde(flatten)]
    pub told: IncidentVersionView,
    /// Who reported it: always the survivor.
    #[schema(example = "survivor")]
    pub told_by: &'static str,
}

impl ToldVersionView {
    /// The view of a version.
    pub fn of(keys: &Keys, version: &IncidentVersion) -> Result<Self> {
        Ok(Self {
            told: IncidentVersionView::of(keys, version)?,
            told_by: if version.recorded_by.is_some() { "staff" } else { "survivor" },
        })
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
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SubmittedIncidentView {
    /// The incident.
    pub id: IncidentId,
    /// Its state.
    pub state: IncidentState,
    /// 1 to 4.
    pub severity: i32,
    /// The newest version.
    pub version: i32,
    /// The gravest alert that it raised or added to.
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
            id: incident.shown_id(),
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
    /// Its state: `withdrawn`.
    pub state: IncidentState,
}
