//! Files as they are shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::custody::CustodyView;
use super::hold::HoldView;
use super::model::{DestroyBecause, Evidence};
use super::states::EvidenceState;
use super::strip::{self, NoCopy};
use super::upload::media;
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{EvidenceId, IncidentId, Instant};
use crate::error::Result;
use crate::incidents::Visibility;

/// A file for staff or police: not what the phone called it.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvidenceView {
    /// Id.
    pub id: EvidenceId,
    /// Its reference.
    #[schema(example = "EV-6F2K-8C3D-M")]
    pub reference: String,
    /// Its state.
    pub state: EvidenceState,
    /// What it is.
    #[schema(example = "image/jpeg")]
    pub media_type: String,
    /// How long it is.
    pub bytes: i64,
    /// Its SHA-256, in hexadecimal digits; true once the file is kept.
    pub sha256: String,
    /// The incident that it belongs to, or the draft of one.
    pub incident_id: Option<IncidentId>,
    /// Whether there is a copy for display, without the metadata that a camera adds.
    pub has_display: bool,
    /// Why a kept file has none: `not_needed` (plain text, which has no metadata), `kind` (there is no way to make one of
    /// this kind), `too_large`, or `not_sure` (the file is damaged or unusual, and something might have been left in it).
    pub no_display_reason: Option<NoCopy>,
    /// Whether only the original can be read, which may hold metadata of the phone, such as where and when
    /// it was made: there is no copy for display.
    pub may_hold_metadata: bool,
    /// When the phone recorded it.
    pub recorded_at: Instant,
    /// When the upload began.
    pub created_at: Instant,
    /// When it was whole.
    pub kept_at: Option<Instant>,
    /// Whether a member of staff recorded it, for somebody without a phone that is safe to use.
    pub is_recorded_by_staff: bool,
    /// Whether no phone shows it, until staff say that it is safe; absent for one that a phone shows.
    pub is_off_phone: Option<bool>,
    /// When the survivor took it back; it is locked since, and may be sealed as well.
    pub taken_back_at: Option<Instant>,
    /// When it is destroyed unless it is restored; absent for one that was disclosed or is held, which stays, and for one that
    /// a member of staff took back for the survivor, which takes a second person.
    pub destroyed_from: Option<Instant>,
    /// Why it is to be destroyed at once, which waits for a second person.
    pub destroy_because: Option<DestroyBecause>,
}

impl EvidenceView {
    /// The view of a file.
    #[must_use]
    pub fn of(file: &Evidence) -> Self {
        Self {
            id: file.id,
            reference: file.reference.clone(),
            state: file.state,
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            sha256: file.sha256_text(),
            incident_id: file.incident_id,
            has_display: file.display_bytes.is_some(),
            no_display_reason: no_display_reason(file),
            may_hold_metadata: file.display_bytes.is_none() && !media::is_words(&file.media_type),
            recorded_at: file.recorded_at,
            created_at: file.created_at,
            kept_at: file.kept_at,
            is_recorded_by_staff: file.recorded_by.is_some(),
            is_off_phone: file.is_off_phone.then_some(true),
            taken_back_at: file.ended_at.filter(|_| file.state.is_locked()),
            destroyed_from: file.next_action_at.filter(|_| file.state == EvidenceState::Removing),
            destroy_because: file.destroy_because.filter(|_| file.state == EvidenceState::Removing),
        }
    }
}

fn no_display_reason(file: &Evidence) -> Option<NoCopy> {
    let has_none = file.state.is_stored() && file.display_bytes.is_none();
    has_none.then(|| strip::way(&file.media_type, file.bytes).err().unwrap_or(NoCopy::NotSure))
}

/// A file that the survivor made visible to police, for an officer.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PoliceEvidence {
    /// Id.
    pub id: EvidenceId,
    /// Its reference.
    #[schema(example = "EV-6F2K-8C3D-M")]
    pub reference: String,
    /// Its state.
    pub state: EvidenceState,
    /// What it is.
    #[schema(example = "image/jpeg")]
    pub media_type: String,
    /// How long it is.
    pub bytes: i64,
    /// Its SHA-256, in hexadecimal digits; true once the file is kept.
    pub sha256: String,
    /// The incident that it belongs to.
    pub incident_id: Option<IncidentId>,
    /// Whether there is a copy for display, without the metadata that a camera adds.
    pub has_display: bool,
    /// Why a kept file has none: `not_needed` (plain text, which has no metadata), `kind` (there is no way to make one of
    /// this kind), `too_large`, or `not_sure` (the file is damaged or unusual, and something might have been left in it).
    pub no_display_reason: Option<NoCopy>,
    /// Whether only the original can be read, which may hold metadata of the phone, such as where and when
    /// it was made: there is no copy for display.
    pub may_hold_metadata: bool,
    /// When the phone recorded it.
    pub recorded_at: Instant,
    /// When the upload began.
    pub created_at: Instant,
    /// When it was whole.
    pub kept_at: Option<Instant>,
    /// Whether a member of staff recorded it, for somebody without a phone that is safe to use.
    pub is_recorded_by_staff: bool,
}

impl PoliceEvidence {
    /// The view of a file.
    #[must_use]
    pub fn of(file: &Evidence) -> Self {
        Self {
            id: file.id,
            reference: file.reference.clone(),
            state: file.state,
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            sha256: file.sha256_text(),
            incident_id: file.incident_id,
            has_display: file.display_bytes.is_some(),
            no_display_reason: no_display_reason(file),
            may_hold_metadata: file.display_bytes.is_none() && !media::is_words(&file.media_type),
            recorded_at: file.recorded_at,
            created_at: file.created_at,
            kept_at: file.kept_at,
            is_recorded_by_staff: file.recorded_by.is_some(),
        }
    }
}

/// A file with its custody and its holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvidenceDetailView {
    /// The file.
    #[serde(flatten)]
    pub evidence: EvidenceView,
    /// What happened to it.
    pub custody: CustodyView,
    /// Legal holds, oldest first.
    pub holds: Vec<HoldView>,
}

/// One of your own files.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnEvidenceView {
    /// The file.
    #[serde(flatten)]
    pub evidence: EvidenceView,
    /// What your phone called it.
    pub name: Option<String>,
    /// How much of it has arrived.
    pub received: i64,
    /// Who may see it, where it belongs to no incident; else the incident says.
    pub visibility: Option<Visibility>,
    /// Where it is sent, while it is on its way.
    #[schema(example = "/app/v1/evidence/uploads/019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f")]
    pub upload_url: Option<String>,
    /// By when it must have arrived.
    pub expires_at: Option<Instant>,
    /// When its upload ended without it.
    pub removed_at: Option<Instant>,
}

impl OwnEvidenceView {
    /// The view of a file.
    pub fn of(keys: &Keys, file: &Evidence) -> Result<Self> {
        let is_on_its_way = file.state == EvidenceState::Uploading;
        Ok(Self {
            name: open!(keys, file.name)?.shown(),
            received: file.received,
            visibility: file.belongs_to().is_none().then_some(file.visibility),
            upload_url: is_on_its_way.then(|| upload_path(file.id)),
            expires_at: is_on_its_way.then_some(file.expires_at),
            removed_at: file.ended_at,
            evidence: EvidenceView { incident_id: file.belongs_to(), ..EvidenceView::of(file) },
        })
    }
}

/// Where a file is sent resumably.
#[must_use]
pub fn upload_path(id: EvidenceId) -> String {
    format!("/app/v1/evidence/uploads/{id}")
}
