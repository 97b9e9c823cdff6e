//! Rows and words of bundles.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::crypto::chunks::{Chunk, FileKey};
use crate::crypto::{Keys, Sealed, open, sealed_row};
use crate::db::schema::evidence_bundles;
use crate::db::{
    BundleId, DisclosureId, EvidenceId, IncidentId, Instant, Json, ObjectId, OrganisationId, StaffId, SurvivorId,
    text_enum,
};
use crate::error::{Error, Result};
use crate::evidence::custody::CustodyView;
use crate::evidence::model::Evidence;
use crate::evidence::read::Content;
use crate::evidence::upload::media;

text_enum! {
    /// What a bundle is for.
    pub enum BundlePurpose {
        /// A police investigation.
        Investigation = "investigation",
        /// Criminal proceedings.
        Prosecution = "prosecution",
        /// An application for a protection order, or its breach.
        ProtectionOrder = "protection_order",
        /// Civil or family proceedings.
        CivilProceedings = "civil_proceedings",
        /// The survivor asked for it.
        SurvivorRequest = "survivor_request",
    }
}

/// A bundle: what was handed to whom, and for what.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = evidence_bundles)]
pub struct BundleRow {
    /// Id.
    pub id: BundleId,
    /// Of whom.
    pub survivor_id: SurvivorId,
    /// Reference for people.
    pub reference: String,
    /// What it is for.
    pub purpose: BundlePurpose,
    /// What it is for, in words.
    pub note: Option<Sealed>,
    /// The organisation that it is for.
    pub recipient_id: Option<OrganisationId>,
    /// Whom it is for, by name.
    pub recipient_name: Option<Sealed>,
    /// The disclosure.
    pub disclosure_id: DisclosureId,
    /// How many files are in it.
    pub files: i32,
    /// How many incidents are in it.
    pub incidents: i32,
    /// How long it is.
    pub bytes: i64,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
    /// The key of its chunks; gone when its contents are.
    pub file_key: Option<Sealed>,
    /// The names of its chunks in the store, in order.
    pub chunks: Json,
    /// Who made it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// When its contents are destroyed.
    pub next_action_at: Option<Instant>,
    /// What is in it, and for whom: [`Contents`].
    pub contents: Option<Json>,
}
sealed_row!(BundleRow, "evidence_bundles", survivor_id, id);

/// What is in a bundle, and for whom: asked again whenever it is fetched.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Contents {
    /// The organisation that it was disclosed to.
    pub recipient: OrganisationId,
    /// Whether the survivor was asked about this bundle.
    pub agreed_with_survivor: bool,
    /// The files.
    pub files: Vec<EvidenceId>,
    /// The incidents.
    pub incidents: Vec<IncidentId>,
    /// What of each file is in it.
    #[serde(default)]
    pub items: Vec<ContentsItem>,
}

/// What of a file is in a bundle.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ContentsItem {
    /// The file.
    pub evidence_id: EvidenceId,
    /// Its reference.
    #[schema(example = "EV-6F2K-8C3D-M")]
    pub reference: String,
    /// Whether its original is in the bundle, byte for byte.
    pub has_original: bool,
    /// Whether a copy is in the bundle without what a camera or a phone writes next to the content.
    pub has_display: bool,
    /// Whether neither is: there is no such copy, and the original was not asked for. The bundle tells of it, with its hash.
    pub is_left_out: bool,
    /// Whether what is in the bundle may hold what a camera or a phone writes next to the content, such as where and when
    /// it was made. Check it before you hand it on.
    pub may_hold_metadata: bool,
}

impl ContentsItem {
    /// What of a file is in a bundle.
    #[must_use]
    pub fn of(item: &Item) -> Self {
        Self {
            evidence_id: item.file.id,
            reference: item.file.reference.clone(),
            has_original: item.original.is_some(),
            has_display: item.display.is_some(),
            is_left_out: !item.is_included(),
            may_hold_metadata: item.may_hold_metadata(),
        }
    }
}

impl BundleRow {
    /// The key of its chunks.
    ///
    /// # Errors
    /// 404 once its contents are destroyed.
    pub fn key(&self, keys: &Keys) -> Result<FileKey> {
        FileKey::read(&open!(keys, self.file_key)?.ok_or(Error::NotFound)?)
    }
}

/// The place of a chunk of a bundle.
#[must_use]
pub fn chunk(id: BundleId, number: u32, is_last: bool) -> Chunk {
    Chunk { file: id.0, copy: "bundle", number, is_last }
}

/// The name of an object of a bundle.
#[must_use]
pub fn object_name(id: BundleId, object: ObjectId) -> String {
    format!("bundles/{id}/{object}")
}

/// A file of a bundle.
pub struct Item {
    /// The file.
    pub file: Evidence,
    /// What happened to it.
    pub custody: CustodyView,
    /// Its bytes, where they are in the bundle.
    pub original: Option<Content>,
    /// The bytes of its copy for display, where they are in the bundle.
    pub display: Option<Content>,
    /// The SHA-256 of that copy, in hexadecimal digits, once it was read.
    pub display_sha256: Option<String>,
}

impl Item {
    /// Whether anything of it is in the bundle; else the bundle tells of it alone.
    #[must_use]
    pub fn is_included(&self) -> bool {
        self.original.is_some() || self.display.is_some()
    }

    /// Whether what is in the bundle may hold what a camera or a phone writes next to the content.
    #[must_use]
    pub fn may_hold_metadata(&self) -> bool {
        // A copy that is the same file shows that there was nothing to leave away.
        let is_clean = self.display_sha256.as_ref().is_some_and(|copy| *copy == self.file.sha256_text());
        self.original.is_some() && !is_clean && !media::is_words(&self.file.media_type)
    }
}
