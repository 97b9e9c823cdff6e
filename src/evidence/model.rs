//! Rows, states and words of evidence.

use diesel::prelude::*;

use crate::access::{Mover, Transition, nothing};
use crate::crypto::chunks::{Chunk, FileKey};
use crate::crypto::{Keys, Sealed, open, sealed_row};
use crate::db::schema::{custody_events, evidence_chunks, evidence_files, evidence_holds};
use crate::db::{
    AlertId, BundleId, CustodyEventId, DeviceId, DisclosureId, EvidenceHoldId, EvidenceId, IncidentId, Instant,
    ObjectId, OrganisationId, StaffId, SubjectId, SurvivorId, text_enum,
};
use crate::error::{Error, Result};
use crate::identity::Role;
use crate::incidents::Visibility;

/// Bytes of a chunk before it is sealed; the last of a request may be smaller.
pub const CHUNK_BYTES: usize = 1_024 * 1_024;
/// The copy that the survivor sent, byte for byte.
pub const ORIGINAL: &str = "original";
/// The copy without the metadata that a camera adds.
pub const DISPLAY: &str = "display";

text_enum! {
    /// Where a file stands.
    pub enum EvidenceState {
        /// Its bytes are arriving.
        Uploading = "uploading",
        /// It is here whole, and is what was stated.
        Kept = "kept",
        /// It is kept, and a legal hold forbids removing it.
        Held = "held",
        /// The survivor took it back; its bytes are destroyed.
        Removed = "removed",
        /// The survivor gave the upload up.
        Terminated = "terminated",
        /// The upload was not finished in time.
        Expired = "expired",
        /// What arrived was not what was stated; nothing was kept.
        Refused = "refused",
    }
}

impl EvidenceState {
    /// Whether its bytes are here whole.
    #[must_use]
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Kept | Self::Held)
    }
}

text_enum! {
    /// What can be done with a file.
    pub enum EvidenceEvent {
        /// The last byte arrived, and the whole is what was stated.
        Complete = "complete",
        /// The last byte arrived, and the whole is not what was stated.
        Refuse = "refuse",
        /// The upload is given up.
        Terminate = "terminate",
        /// Its time is over.
        Expire = "expire",
        /// The file is taken back.
        Remove = "remove",
        /// It must not be removed.
        Hold = "hold",
        /// It may be removed again.
        Release = "release",
    }
}

const SYSTEM: &[Mover] = &[Mover::System];
const SURVIVOR: &[Mover] = &[Mover::Survivor];
const SUPERVISOR: &[Mover] = &[Mover::Role(Role::Supervisor)];

macro_rules! row {
    ($from:ident $event:ident $to:ident $by:ident) => {
        Transition {
            from: EvidenceState::$from,
            event: EvidenceEvent::$event,
            to: EvidenceState::$to,
            by: $by,
            unmet: nothing,
        }
    };
}

/// The life of a file. A held one cannot be removed: the row is not there.
pub const TRANSITIONS: &[Transition<EvidenceState, EvidenceEvent>] = &[
    row!(Uploading Complete Kept SYSTEM),
    row!(Uploading Refuse Refused SYSTEM),
    row!(Uploading Expire Expired SYSTEM),
    row!(Uploading Terminate Terminated SURVIVOR),
    row!(Kept Remove Removed SURVIVOR),
    row!(Kept Hold Held SUPERVISOR),
    row!(Held Release Kept SUPERVISOR),
];

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
    /// The phone that sent it.
    pub device_id: DeviceId,
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
    pub act_at: Option<Instant>,
    /// The draft of an incident that it belongs to: nobody else sees it until that is sent.
    pub draft_id: Option<IncidentId>,
    /// What a tus client said of it when the upload began, as it was sent.
    pub upload_metadata: Option<Sealed>,
}
sealed_row!(Evidence, "evidence_files", survivor_id, id);

impl Evidence {
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

/// Where one chunk stands in the object store.
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
        /// The survivor removed it.
        Removed = "removed",
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
pub struct HoldRow {
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
}
sealed_row!(HoldRow, "evidence_holds");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::access::take;
    use crate::error::Code;

    proptest! {
        #[test]
        fn only_what_the_table_names_leads_anywhere(events in prop::collection::vec(0..EvidenceEvent::ALL.len(), 0..40)) {
            let everybody = [Mover::System, Mover::Survivor, Mover::Role(Role::Supervisor)];
            let mut state = EvidenceState::Uploading;
            for event in events.into_iter().map(|at| EvidenceEvent::ALL[at]) {
                let row = TRANSITIONS.iter().find(|row| row.from == state && row.event == event);
                match (row, take(TRANSITIONS, state, event, &everybody, &())) {
                    (Some(row), Ok(next)) => state = { prop_assert_eq!(row.to, next); next },
                    (None, Err(error)) => prop_assert_eq!(error.code(), Code::WrongState),
                    (row, _) => prop_assert!(false, "{:?}", row.is_some()),
                }
            }
        }

        #[test]
        fn a_hash_reads_back_from_its_digits(bytes in any::<[u8; 32]>()) {
            prop_assert_eq!(read_sha256(&hex(&bytes)), Some(bytes));
            prop_assert_eq!(read_sha256(&hex(&bytes[1..])), None);
        }
    }
}
