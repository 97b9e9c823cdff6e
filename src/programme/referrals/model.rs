//! Rows and words of referrals.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::crypto::{Keys, PrivateText, Sealed, open, sealed_row};
use crate::db::schema::referrals;
use crate::db::{Instant, OrderId, OrganisationId, ParticipantId, ReferralId, StaffId, text_enum};
use crate::error::Result;
use crate::http::list_query;
use crate::http::page::Cursor;
use crate::transitions::ActionView;

text_enum! {
    /// Who refers.
    pub enum ReferralSource {
        /// A police force.
        Police = "police",
        /// Probation.
        Probation = "probation",
        /// A court.
        Court = "court",
        /// A partner organisation.
        Partner = "partner",
        /// The participant themselves.
        Oneself = "self",
    }
}

text_enum! {
    /// What a referral rests on.
    pub enum ReferralBasis {
        /// A requirement of an order.
        OrderRequirement = "order_requirement",
        /// An interim order.
        InterimOrder = "interim_order",
        /// A licence.
        Licence = "licence",
        /// The participant's own will.
        Voluntary = "voluntary",
    }
}

text_enum! {
    /// The state of a referral.
    pub enum ReferralState {
        /// Being written.
        Draft = "draft",
        /// Sent in.
        Submitted = "submitted",
        /// Taken on; an assessment is to follow.
        AwaitingAssessment = "awaiting_assessment",
        /// Being assessed.
        AssessmentStarted = "assessment_started",
        /// Found suitable.
        Suitable = "suitable",
        /// Suitable, but not yet ready.
        SuitableNotReady = "suitable_not_ready",
        /// Found not suitable.
        NotSuitable = "not_suitable",
        /// Not eligible.
        NotEligible = "not_eligible",
        /// Enrolled in a programme.
        Enrolled = "enrolled",
        /// On hold.
        OnHold = "on_hold",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

list_query! {
    /// Which referrals to list.
    pub struct ReferralsQuery {
        /// Only those in this state.
        pub state: Option<ReferralState>,
        /// Only those of this participant.
        pub participant_id: Option<ParticipantId>,
        /// Only those that are allocated to this practitioner.
        pub practitioner_id: Option<StaffId>,
        /// With `true`, only those of participants to whom you are assigned.
        pub mine: Option<bool>,
    }
}

/// A referral.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = referrals)]
pub struct ReferralRow {
    /// Id.
    pub id: ReferralId,
    /// Who is referred.
    pub participant_id: ParticipantId,
    /// The programme provider.
    pub organisation_id: OrganisationId,
    /// The participant's home force when it was made (data.police.uk slug).
    pub home_force_id: String,
    /// Who refers.
    pub source: ReferralSource,
    /// What it rests on.
    pub basis: ReferralBasis,
    /// The order that it rests on.
    pub order_id: Option<OrderId>,
    /// What the referrer says.
    pub note: Option<Sealed>,
    /// Its state.
    pub state: ReferralState,
    /// Where it was held from.
    pub held_from: Option<ReferralState>,
    /// Why it is on hold or withdrawn, as a code.
    pub reason: Option<String>,
    /// The practitioner whom it is allocated to.
    pub practitioner_id: Option<StaffId>,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// By when it is to be allocated.
    pub allocation_due_at: Option<Instant>,
    /// When it was allocated.
    pub allocated_at: Option<Instant>,
    /// When the software looks at it next.
    pub next_action_at: Option<Instant>,
    /// Who made it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// Counts changes.
    pub version: i32,
}
sealed_row!(ReferralRow, "referrals", participant_id, id);

impl ReferralRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }

    /// Whether it has waited too long for a practitioner.
    #[must_use]
    pub fn is_overdue(&self, now: Instant) -> bool {
        use ReferralState::{AwaitingAssessment, OnHold, Submitted};
        let waits = matches!(self.state, Submitted | AwaitingAssessment | OnHold) && self.allocated_at.is_none();
        waits && self.allocation_due_at.is_some_and(|due| due <= now)
    }
}

/// A referral, for the staff of the programme provider.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ReferralView {
    /// Id.
    pub id: ReferralId,
    /// Who is referred.
    pub participant_id: ParticipantId,
    /// Their reference for people, in a list.
    #[schema(example = "PT-6F2K-8C3D-M")]
    pub participant_reference: Option<String>,
    /// Who refers.
    pub source: ReferralSource,
    /// What it rests on.
    pub basis: ReferralBasis,
    /// The order that it rests on.
    pub order_id: Option<OrderId>,
    /// What the referrer says.
    pub note: Option<String>,
    /// Its state.
    pub state: ReferralState,
    /// Where it was held from, and goes back to.
    pub held_from: Option<ReferralState>,
    /// Why it is on hold or withdrawn, as a code.
    pub reason: Option<String>,
    /// The practitioner whom it is allocated to.
    pub practitioner_id: Option<StaffId>,
    /// Their name, in a list.
    #[schema(example = "Pilar Ortega")]
    pub practitioner_name: Option<String>,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// By when it is to be allocated.
    pub allocation_due_at: Option<Instant>,
    /// When it was allocated.
    pub allocated_at: Option<Instant>,
    /// Whether it has waited too long for a practitioner.
    pub is_overdue: bool,
    /// When it was made.
    pub created_at: Instant,
    /// What the caller may do with it now, where one is read by itself.
    pub allowed_actions: Option<Vec<ActionView>>,
}

impl ReferralView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &ReferralRow, now: Instant) -> Result<Self> {
        Ok(Self {
            id: row.id,
            participant_id: row.participant_id,
            participant_reference: None,
            source: row.source,
            basis: row.basis,
            order_id: row.order_id,
            note: open!(keys, row.note)?.shown(),
            state: row.state,
            held_from: row.held_from,
            reason: row.reason.clone(),
            practitioner_id: row.practitioner_id,
            practitioner_name: None,
            submitted_at: row.submitted_at,
            allocation_due_at: row.allocation_due_at,
            allocated_at: row.allocated_at,
            is_overdue: row.is_overdue(now),
            created_at: row.created_at,
            allowed_actions: None,
        })
    }
}
