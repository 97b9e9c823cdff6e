//! Rows, states and words of evidence.

use diesel::prelude::*;

use super::states::{EvidenceEvent, EvidenceState, TRANSITIONS};
use crate::crypto::chunks::{Chunk, FileKey};
use crate::crypto::{Keys, Sealed, open, sealed_row};
use crate::db::schema::{custody_events, evidence_chunks, evidence_files, evidence_holds};
use crate::db::{
    AlertId, BundleId, CustodyEventId, DeviceId, DisclosureId, EvidenceHoldId, EvidenceId, IncidentId, Instant,
    ObjectId, OrganisationId, StaffId, SubjectId, SurvivorId, text_enum,
};
use crate::error::{Error, Result};
use crate::identity::ShownAct;
use crate::incidents::Visibility;
use crate::transitions::{Mover, transition};

/// Bytes of a chunk before it is sealed; the last of a request may be smaller.
pub const CHUNK_BYTES: usize = 1_024 * 1_024;
/// The copy that the survivor sent, byte for byte.
pub const ORIGINAL: &str = "original";
/// The copy without the metadata that a camera adds.
pub const DISPLAY: &str = "display";

/// A file.
#[derive(Clone, Debug, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = evidence_files, treat_none_as_null = true)]
pub struct Evidence {
    /// Id.
    pub id: EvidenceId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// Reference for people.
    pub reference: String,
    /// Its state.
    pub state: EvidenceState,
    /// The incident that it belongs to.
    pub incident_id: Option<IncidentId>,
    /// Who may see it, where it belongs to no incident.
    pub visibility: Visibility,
    /// What it is, as the phone says and its first bytes agree.
    pub media_type: String,
    /// The name that the phone gave it.
    pub name: Option<Sealed>,
    /// How long it is.
    pub bytes: i64,
    /// How much of it is here.
    pub received: i64,
    /// In how many chunks.
    pub chunks: i32,
    /// Its SHA-256, as the phone states it; true once the file is kept.
    pub sha256: Vec<u8>,
    /// The key that seals its chunks; gone when the file is.
    pub file_key: Option<Sealed>,
    /// How long the copy for display is, where there is one.
    pub display_bytes: Option<i64>,
    /// Whether it came from a session under duress.
    pub is_duress: bool,
    /// The phone that sent it; none where staff recorded it.
    pub device_id: Option<DeviceId>,
    /// When the phone recorded it.
    pub recorded_at: Instant,
    /// When the upload began.
    pub created_at: Instant,
    /// When it was whole.
    pub kept_at: Option<Instant>,
    /// When it was removed, given up, refused, or had expired.
    pub ended_at: Option<Instant>,
    /// By when an upload must be finished.
    pub expires_at: Instant,
    /// When the worker looks at it again.
    pub next_action_at: Option<Instant>,
    /// The draft of an incident that it belongs to: nobody else sees it until that is sent.
    pub draft_id: Option<IncidentId>,
    /// What a tus client said of it when the upload began, as it was sent.
    pub upload_metadata: Option<Sealed>,
    /// Why it is to be destroyed at once.
    pub destroy_because: Option<DestroyBecause>,
    /// Who heard that from the survivor: another person carries it out.
    pub destroy_asked_by: Option<StaffId>,
    /// When.
    pub destroy_asked_at: Option<Instant>,
    /// The state before it was sealed; none once that is over.
    pub sealed_from: Option<EvidenceState>,
    /// When the worker would have looked at it next, had it not been sealed.
    pub sealed_act_at: Option<Instant>,
    /// Who of the staff recorded it for the survivor.
    pub recorded_by: Option<StaffId>,
    /// Whether staff recorded it and no phone shows it yet.
    pub is_off_phone: bool,
}

text_enum! {
    /// Why a file must not be kept for the week.
    pub enum DestroyBecause {
        /// That it is kept endangers somebody.
        Endangers = "endangers",
        /// It shows a child.
        ShowsChild = "shows_child",
        /// It is intimate.
        Intimate = "intimate",
    }
}
sealed_row!(Evidence, "evidence_files", survivor_id, id);

impl Evidence {
    /// The state after an event, as far as the state decides. A seal that ends leaves the file as it was before.
    ///
    /// # Errors
    /// 409 where the event is not possible now, 403 where another may do it.
    pub fn after(&self, event: EvidenceEvent, by: &[Mover]) -> Result<EvidenceState> {
        let next = transition(TRANSITIONS, self.state, event, by, &())?;
        Ok(self.sealed_from.filter(|_| event == EvidenceEvent::Unseal).unwrap_or(next))
    }

    /// Its state, or the one before it was sealed.
    #[must_use]
    pub fn state_but_for_the_seal(&self) -> EvidenceState {
        self.sealed_from.unwrap_or(self.state)
    }

    /// The incident that it belongs to, or will once its draft is sent.
    #[must_use]
    pub fn belongs_to(&self) -> Option<IncidentId> {
        self.incident_id.or(self.draft_id)
    }

    /// The key of its chunks.
    pub fn key(&self, keys: &Keys) -> Result<FileKey> {
        FileKey::read(&open!(keys, self.file_key)?.ok_or(Error::NotFound)?)
    }

    /// The place of a chunk of the original.
    #[must_use]
    pub fn chunk(&self, number: i32, is_last: bool) -> Chunk {
        Chunk { file: self.id.0, copy: ORIGINAL, number: number.unsigned_abs(), is_last }
    }

    /// The hash in hexadecimal digits, as people and other programs compare it.
    #[must_use]
    pub fn sha256_text(&self) -> String {
        hex(&self.sha256)
    }
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A SHA-256 from 64 hexadecimal digits, or none.
#[must_use]
pub fn read_sha256(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut out = [0; 32];
    for (byte, digits) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    text.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(out)
}

/// Where one chunk is in the object store.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = evidence_chunks)]
pub struct ChunkRow {
    /// Of which file.
    pub evidence_id: EvidenceId,
    /// Of which copy.
    pub copy: String,
    /// Counts from 0.
    pub number: i32,
    /// Its name in the store.
    pub object: ObjectId,
    /// Bytes before sealing.
    pub bytes: i64,
}

/// The name of an object of a file.
#[must_use]
pub fn object_name(id: EvidenceId, object: ObjectId) -> String {
    format!("files/{id}/{object}")
}

text_enum! {
    /// What happened to a file.
    pub enum CustodyKind {
        /// All its bytes arrived.
        Received = "received",
        /// They were read back from the store, and are what was stated.
        Verified = "verified",
        /// A copy without metadata was made.
        Copied = "copied",
        /// Somebody read it, or the copy for display.
        Read = "read",
        /// It was given to another organisation.
        Disclosed = "disclosed",
        /// A supervisor forbade its removal.
        Held = "held",
        /// A supervisor allowed it again.
        Released = "released",
        /// The survivor took it back.
        Removed = "removed",
        /// The survivor has it again.
        Restored = "restored",
        /// Its bytes were destroyed.
        Destroyed = "destroyed",
        /// It may be a sexual image of a child, and nobody opens it.
        Sealed = "sealed",
        /// The police decided that it is none.
        Unsealed = "unsealed",
        /// Its upload was given up.
        Terminated = "terminated",
        /// Its upload was not finished in time.
        Expired = "expired",
        /// What arrived was not what was stated.
        Refused = "refused",
    }
}

/// One event in the custody of a file. Never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = custody_events)]
pub struct CustodyEvent {
    /// Id.
    pub id: CustodyEventId,
    /// Of which file.
    pub evidence_id: EvidenceId,
    /// Counts from 1, without gaps.
    pub sequence: i32,
    /// What happened.
    pub kind: CustodyKind,
    /// When.
    pub at: Instant,
    /// Who did it: the kind of caller.
    pub actor_kind: String,
    /// Who did it.
    pub actor_id: Option<SubjectId>,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// Why, in words.
    pub reason: Option<Sealed>,
    /// The file's hash as it was then.
    pub sha256: Vec<u8>,
    /// The disclosure that it was part of.
    pub disclosure_id: Option<DisclosureId>,
    /// The alert that it belonged to.
    pub alert_id: Option<AlertId>,
    /// The bundle that it went into.
    pub bundle_id: Option<BundleId>,
    /// A hash over this event and the one before it.
    pub entry_hash: Vec<u8>,
}
sealed_row!(CustodyEvent, "custody_events");

/// A legal hold.
#[derive(Clone, Debug, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = evidence_holds, treat_none_as_null = true)]
pub struct LegalHoldRow {
    /// Id.
    pub id: EvidenceHoldId,
    /// On which file.
    pub evidence_id: EvidenceId,
    /// Why.
    pub reason: Sealed,
    /// Who placed it.
    pub placed_by: StaffId,
    /// When.
    pub placed_at: Instant,
    /// Why it was lifted.
    pub lift_reason: Option<Sealed>,
    /// Who lifted it.
    pub lifted_by: Option<StaffId>,
    /// When.
    pub lifted_at: Option<Instant>,
    /// When it ends by itself.
    pub until_at: Instant,
    /// Whether the survivor does not want it: then it is in force once a second person has approved it.
    pub is_against_wish: bool,
    /// The second person.
    pub approved_by: Option<StaffId>,
    /// When they approved it.
    pub approved_at: Option<Instant>,
    /// Who renewed it last.
    pub renewed_by: Option<StaffId>,
}

impl LegalHoldRow {
    /// Whether it is neither lifted nor over.
    #[must_use]
    pub fn is_live(&self, now: Instant) -> bool {
        self.lifted_at.is_none() && self.until_at > now
    }

    /// Whether it still takes a second person.
    #[must_use]
    pub fn awaits_second_person(&self) -> bool {
        self.is_against_wish && self.approved_at.is_none()
    }
}
sealed_row!(LegalHoldRow, "evidence_holds");

/// The acts by which a session under duress says who may see a file.
pub(super) const SHOWN_TO: [ShownAct; 5] = [
    ShownAct::ShowNobody,
    ShownAct::ShowAdvocate,
    ShownAct::ShowSummary,
    ShownAct::ShowProgramme,
    ShownAct::ShowPolice,
];

pub(super) fn shown_to(visibility: Visibility) -> ShownAct {
    match visibility {
        Visibility::Private => ShownAct::ShowNobody,
        Visibility::Advocate => ShownAct::ShowAdvocate,
        Visibility::ProgrammeSummary => ShownAct::ShowSummary,
        Visibility::ProgrammeFull => ShownAct::ShowProgramme,
        Visibility::Police => ShownAct::ShowPolice,
    }
}

/// To whom an act makes a file visible, where it does.
pub(super) fn visible_to(act: ShownAct) -> Option<Visibility> {
    Visibility::ALL.iter().copied().find(|visibility| shown_to(*visibility) == act)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_hash_reads_back_from_its_digits(bytes in any::<[u8; 32]>()) {
            prop_assert_eq!(read_sha256(&hex(&bytes)), Some(bytes));
            prop_assert_eq!(read_sha256(&hex(&bytes[1..])), None);
        }
    }
}
