//! Making a referral.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{ReferralBasis, ReferralRow, ReferralSource, ReferralState};
use super::store;
use crate::access::ParticipantAccess;
use crate::crypto::{Private, SealedTable, seal};
use crate::db::{Instant, OrderId, ParticipantId, ReferralId};
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::identity::{Role, Staff};
use crate::tx::Tx;
use crate::{orders, participants};

/// A new referral, as a draft.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReferralBody {
    /// Who refers; an officer refers for the police alone.
    #[garde(skip)]
    source: ReferralSource,
    /// What it rests on.
    #[garde(skip)]
    basis: ReferralBasis,
    /// The participant's order that it rests on; needed for `order_requirement` and `interim_order`.
    #[garde(skip)]
    #[serde(default)]
    order_id: Option<OrderId>,
    /// What the referrer says.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "The order asks for the programme.")]
    #[serde(default)]
    note: Option<Private>,
}

impl CreateReferralBody {
    /// A referral of the police.
    pub(super) fn of_police(basis: ReferralBasis, order_id: Option<OrderId>, note: Option<Private>) -> Self {
        Self { source: ReferralSource::Police, basis, order_id, note }
    }
}

/// A referral that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeReferralView {
    /// Id.
    pub id: ReferralId,
    /// Its state.
    pub state: ReferralState,
    /// When it was made.
    pub created_at: Instant,
}

/// Makes a referral: by staff who work with the participant, or by an officer of their home force.
///
/// # Errors
/// 404 for everybody else, 422 for an order that is none of the participant's, 409 while another referral is open.
pub fn create(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateReferralBody,
) -> Result<MadeReferralView> {
    let access = orders::may_record(tx, by, participant)?;
    if by.is(Role::Police) && body.source != ReferralSource::Police {
        return Err(Error::field("/source", "not_allowed", "an officer refers for the police"));
    }
    check_order(tx, &access, body)?;
    if store::has_open(tx.conn, &access)? {
        return Err(Error::Conflict(Code::AlreadyExists, "a referral of this participant is open".into()));
    }
    let row_of = participants::find_participant(tx.conn, participant)?.ok_or(Error::NotFound)?;
    let id = ReferralId::new(tx.now);
    let new = ReferralRow::sealing(tx.keys, access.id(), id);
    let row = ReferralRow {
        id,
        participant_id: access.id(),
        organisation_id: row_of.organisation_id,
        home_force_id: row_of.home_force_id,
        source: body.source,
        basis: body.basis,
        order_id: body.order_id,
        note: seal!(new.note, &body.note)?,
        state: ReferralState::Draft,
        held_from: None,
        reason: None,
        practitioner_id: None,
        submitted_at: None,
        allocation_due_at: None,
        allocated_at: None,
        next_action_at: None,
        created_by: by.id,
        created_at: tx.now,
        version: 1,
    };
    let made = MadeReferralView { id, state: row.state, created_at: row.created_at };
    store::insert(tx, row)?;
    Ok(made)
}

/// What rests on an order names one of the participant's that is in force: an interim one for `interim_order`.
fn check_order(tx: &mut Tx<'_>, access: &ParticipantAccess, body: &CreateReferralBody) -> Result<()> {
    let is_needed = matches!(body.basis, ReferralBasis::OrderRequirement | ReferralBasis::InterimOrder);
    let Some(id) = body.order_id else {
        let needed = || Error::field("/order_id", "required", "this basis names the order that it rests on");
        return if is_needed { Err(needed()) } else { Ok(()) };
    };
    let found = orders::list_orders(tx.conn, access)?.into_iter().find(|found| found.order.id == id);
    let unknown = || Error::field("/order_id", "unknown", "must be an order of this participant");
    let order = found.ok_or_else(unknown)?.order;
    let is_interim = order.kind.is_interim();
    if body.basis == ReferralBasis::InterimOrder && !is_interim {
        return Err(Error::field("/order_id", "not_allowed", "must be an interim order"));
    }
    Ok(())
}
