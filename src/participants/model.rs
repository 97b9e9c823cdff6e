//! Rows of participants and of what is feared of them. Names, addresses and narratives are sealed under the participant.

use diesel::prelude::*;

use crate::crypto::{Keys, Private, Sealed, open, sealed_row};
use crate::db::schema::{participant_concerns, participants};
use crate::db::{ConcernId, Instant, OrganisationId, ParticipantId, StaffId, text_enum};
use crate::error::Result;
use crate::http::list_query;

list_query! {
    /// Which participants to list.
    pub struct ParticipantsQuery {
        /// Only the one with this reference.
        #[param(example = "PT-6F2K-8C3D-M")]
        pub reference: Option<String>,
        /// With `true`, only those to whom you are assigned.
        pub mine: Option<bool>,
    }
}

impl ParticipantsQuery {
    /// All of them, or the one with a reference.
    #[must_use]
    pub fn of_reference(reference: Option<String>) -> Self {
        Self { reference, ..Self::default() }
    }
}

/// A participant: the person reported, once referred. Never has an account.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = participants)]
pub struct ParticipantRow {
    /// Id.
    pub id: ParticipantId,
    /// Reference for people.
    pub reference: String,
    /// The programme provider that holds the record.
    pub organisation_id: OrganisationId,
    /// Their name.
    pub name: Sealed,
    /// The force (data.police.uk slug) whose officers may record their orders.
    pub home_force_id: String,
    /// The practitioner who was assigned first.
    pub practitioner_id: StaffId,
    /// Counts changes.
    pub version: i32,
    /// When it was made.
    pub created_at: Instant,
    /// The day they were born.
    pub date_of_birth: Option<Sealed>,
    /// Where they live.
    pub address: Option<Sealed>,
}
sealed_row!(ParticipantRow, "participants", id, id, version);

impl ParticipantRow {
    /// Their name.
    pub fn open_name(&self, keys: &Keys) -> Result<Private> {
        open!(keys, self.name)
    }
}

/// What a practitioner fears that a participant will do. Never changes.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = participant_concerns)]
pub struct ConcernRow {
    /// Id.
    pub id: ConcernId,
    /// Of whom.
    pub participant_id: ParticipantId,
    /// What is feared.
    pub kind: ConcernKind,
    /// Whether it may happen at any moment.
    pub is_imminent: bool,
    /// What it rests on.
    pub note: Sealed,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// What the survivors' advocates read of it; none where it was recorded before they could.
    pub words: Option<Sealed>,
}
sealed_row!(ConcernRow, "participant_concerns", participant_id, id);

text_enum! {
    /// What is feared.
    pub enum ConcernKind {
        /// They mean to contact the survivor.
        IntentToContact = "intent_to_contact",
        /// They mean to harm the survivor.
        IntentToHarm = "intent_to_harm",
        /// Something else that the advocate should know.
        Other = "other",
    }
}
