//! Rows and words of subject-access requests.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::machine::SubjectAccessState;
use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::subject_access_requests;
use crate::db::{Day, Instant, ParticipantId, StaffId, SubjectAccessRequestId, text_enum};
use crate::http::limits;
use crate::http::page::Cursor;

/// A request.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = subject_access_requests)]
pub struct SubjectAccessRequestRow {
    /// Id.
    pub id: SubjectAccessRequestId,
    /// Who asks.
    pub participant_id: ParticipantId,
    /// Its state.
    pub state: SubjectAccessState,
    /// The day it came.
    pub received_on: Day,
    /// By when it is to be answered.
    pub due_on: Day,
    /// What is withheld and why, as one JSON text.
    pub redactions: Option<Sealed>,
    /// What is given, as it was prepared: one JSON text.
    pub content: Option<Sealed>,
    /// Who recorded it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// Who agreed first.
    pub approved_by: Option<StaffId>,
    /// When.
    pub approved_at: Option<Instant>,
    /// Who agreed second and gave it out.
    pub released_by: Option<StaffId>,
    /// When.
    pub released_at: Option<Instant>,
    /// Counts changes.
    pub version: i32,
}
sealed_row!(SubjectAccessRequestRow, "subject_access_requests", participant_id, id);

impl SubjectAccessRequestRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }
}

/// A request, for the staff of the programme provider.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SubjectAccessRequestView {
    /// Id.
    pub id: SubjectAccessRequestId,
    /// Who asks.
    pub participant_id: ParticipantId,
    /// Its state.
    pub state: SubjectAccessState,
    /// The day it came.
    pub received_on: Day,
    /// By when it is to be answered: one month later.
    pub due_on: Day,
    /// Who agreed first.
    pub approved_by: Option<StaffId>,
    /// Who agreed second.
    pub released_by: Option<StaffId>,
    /// When it was given out.
    pub released_at: Option<Instant>,
}

impl From<&SubjectAccessRequestRow> for SubjectAccessRequestView {
    fn from(row: &SubjectAccessRequestRow) -> Self {
        Self {
            id: row.id,
            participant_id: row.participant_id,
            state: row.state,
            received_on: row.received_on,
            due_on: row.due_on,
            approved_by: row.approved_by,
            released_by: row.released_by,
            released_at: row.released_at,
        }
    }
}

text_enum! {
    /// A part of a participant's record.
    pub enum Section {
        /// Name, date of birth, address.
        Identity = "identity",
        /// Numbers, handles and vehicles.
        Identifiers = "identifiers",
        /// Referrals.
        Referrals = "referrals",
        /// Orders.
        Orders = "orders",
        /// Sessions and attendance.
        Sessions = "sessions",
        /// Goals, in the participant's wording.
        Goals = "goals",
        /// The diary's figures.
        Diary = "diary",
        /// Observations, which are free text.
        Observations = "observations",
        /// The formulation, which is free text.
        Formulation = "formulation",
    }
}

text_enum! {
    /// Why something is withheld.
    pub enum RedactionReason {
        /// It would disclose somebody else.
        ThirdParty = "third_party",
        /// It would be likely to cause serious harm.
        SeriousHarm = "serious_harm",
    }
}

/// Something that is withheld, and why.
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectAccessRedaction {
    /// The part of the record.
    #[garde(skip)]
    pub section: Section,
    /// One item of it; without one, all of it.
    #[garde(skip)]
    #[serde(default)]
    pub item_id: Option<Uuid>,
    /// Why.
    #[garde(skip)]
    pub reason: RedactionReason,
    /// Why, in words; for the file, and never given out.
    #[garde(length(chars, min = limits::PARAGRAPH.least, max = limits::PARAGRAPH.most))]
    #[schema(format = "paragraph", example = "The number is a third person's.")]
    pub explanation: String,
}
