//! Rows of access.

use diesel::prelude::*;

use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{assignments, blocks, case_events, cases};
use crate::db::{
    AssignmentId, BlockId, CaseEventId, CaseId, Instant, OrganisationId, ParticipantId, StaffId, SubjectId, SurvivorId,
    text_enum,
};
use crate::http::list_query;

list_query! {
    /// Which cases to list.
    pub struct CasesQuery {
        /// Only those in this state.
        pub state: Option<CaseState>,
        /// Only the one with this reference.
        #[param(example = "CS-2T9B-4H7Q-X")]
        pub reference: Option<String>,
        /// Only those of this survivor; for the programme's side, which knows survivors by no id, that is none.
        pub survivor_id: Option<SurvivorId>,
        /// Only those of this participant; for the survivor's side, which knows participants by no id, that is none.
        pub participant_id: Option<ParticipantId>,
        /// With `true`, only those of people to whom you are assigned.
        pub mine: Option<bool>,
    }
}

impl CasesQuery {
    /// Those that may be used; only the ones of a survivor, where one is given.
    #[must_use]
    pub fn active(survivor: Option<SurvivorId>) -> Self {
        Self { state: Some(CaseState::Active), survivor_id: survivor, ..Self::default() }
    }

    /// Those of a participant that may be used.
    #[must_use]
    pub fn active_of_participant(participant: ParticipantId) -> Self {
        Self { state: Some(CaseState::Active), participant_id: Some(participant), ..Self::default() }
    }
}

/// Who works with whom.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = assignments)]
pub struct Assignment {
    pub id: AssignmentId,
    pub subject_kind: String,
    pub subject_id: SubjectId,
    pub organisation_id: OrganisationId,
    pub staff_id: StaffId,
    pub created_at: Instant,
    pub ended_at: Option<Instant>,
}

/// A person or organisation that a survivor's side keeps out: one who is, or knows, the perpetrator.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = blocks)]
pub struct Block {
    pub id: BlockId,
    pub survivor_id: SurvivorId,
    pub staff_id: Option<StaffId>,
    pub organisation_id: Option<OrganisationId>,
    pub created_by: StaffId,
    pub created_at: Instant,
    pub lifted_at: Option<Instant>,
    pub lifted_by: Option<StaffId>,
    pub lift_reason: Option<Sealed>,
    /// Whether it bites; one of a whole force does once a second person has approved it.
    pub is_in_force: bool,
    pub approved_by: Option<StaffId>,
    pub approved_at: Option<Instant>,
}
sealed_row!(Block, "blocks", survivor_id, id);

text_enum! {
    /// Whether a link may be used.
    pub enum CaseState {
        /// Waits for a supervisor of each side.
        Proposed = "proposed",
        /// Approved by both.
        Active = "active",
        /// Over.
        Closed = "closed",
        /// Refused by a supervisor of one side.
        Refused = "refused",
    }
}

text_enum! {
    /// The two compartments that a case joins.
    pub enum Side {
        /// The survivor's: the support organisation.
        Support = "support",
        /// The participant's: the programme provider.
        Programme = "programme",
    }
}

/// One survivor linked to one participant.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = cases)]
pub struct CaseRow {
    /// Id.
    pub id: CaseId,
    /// Reference for people.
    pub reference: String,
    /// The survivor.
    pub survivor_id: SurvivorId,
    /// The participant.
    pub participant_id: ParticipantId,
    /// Who holds the survivor's record.
    pub support_organisation_id: OrganisationId,
    /// Who holds the participant's record.
    pub programme_organisation_id: OrganisationId,
    /// How the two know each other, as a code.
    pub relationship: String,
    /// Whether it may be used.
    pub state: CaseState,
    /// Who proposed it.
    pub proposed_by: StaffId,
    /// The supervisor of the survivor's side who approved.
    pub support_approved_by: Option<StaffId>,
    /// When.
    pub support_approved_at: Option<Instant>,
    /// The supervisor of the programme's side who approved.
    pub programme_approved_by: Option<StaffId>,
    /// When.
    pub programme_approved_at: Option<Instant>,
    /// When it was proposed.
    pub created_at: Instant,
    /// When it was closed or refused.
    pub ended_at: Option<Instant>,
    /// By whom.
    pub ended_by: Option<StaffId>,
    /// Why, as a code.
    pub end_reason: Option<String>,
}

/// Something that was done with a case; never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = case_events)]
pub struct CaseEventRow {
    /// Id.
    pub id: CaseEventId,
    /// The case.
    pub case_id: CaseId,
    /// What was done.
    pub event: CaseEvent,
    /// The state after it.
    pub state: CaseState,
    /// From which side.
    pub side: Side,
    /// By whom.
    pub staff_id: StaffId,
    /// Why, as a code.
    pub reason: Option<String>,
    /// When.
    pub at: Instant,
}

text_enum! {
    /// What can be done with a case.
    pub enum CaseEvent {
        /// Propose it, or propose it again after it ended.
        Propose = "propose",
        /// Approve it for one's own side.
        Approve = "approve",
        /// Refuse it, before both sides approved.
        Refuse = "refuse",
        /// End it.
        Close = "close",
    }
}
