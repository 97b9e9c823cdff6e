//! The police refer somebody whom they name: the provider's record is made with the referral, and submitted at once.
//!
//! Whether the provider knows the person already is not looked up, so that the answer can never tell: there is always a new
//! record, and the provider puts two of one person together.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::{self, ReferralTransitionBody};
use super::create::{self, CreateReferralBody};
use super::machine::ReferralEvent;
use super::model::{ReferralBasis, ReferralState};
use crate::crypto::{NewSubject, Private};
use crate::db::{Day, Instant, OrderId, OrganisationId, ParticipantId, ReferralId, StaffId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::{self, OrganisationKind, Role, Staff};
use crate::orders::{self, CreateOrderBody};
use crate::participants::{self, NewIdentity, tasks};
use crate::tx::Tx;

/// Somebody whom the police refer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferPersonBody {
    /// The programme provider, of those that `GET /partner/v1/programme-providers` lists.
    #[garde(skip)]
    organisation_id: OrganisationId,
    /// Their name.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Robin Marsh")]
    name: Private,
    /// The day they were born.
    #[garde(skip)]
    #[serde(default)]
    date_of_birth: Option<Day>,
    /// Where they live.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "12 Marsh Lane, Sheffield")]
    #[serde(default)]
    address: Option<Private>,
    /// What the referral rests on.
    #[garde(skip)]
    basis: ReferralBasis,
    /// The order that it rests on; needed for `order_requirement` and `interim_order`.
    #[garde(dive)]
    #[serde(default)]
    order: Option<CreateOrderBody>,
    /// What the police say.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "The order asks for the programme.")]
    #[serde(default)]
    note: Option<Private>,
}

/// A referral that the police submitted, of somebody whom they named.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ReferredPersonView {
    /// The referral.
    pub id: ReferralId,
    /// The record that was made with it.
    pub participant_id: ParticipantId,
    /// The order that was recorded with it.
    pub order_id: Option<OrderId>,
    /// Its state.
    pub state: ReferralState,
    /// When it was made.
    pub created_at: Instant,
}

/// Makes the person's record at the provider, with the officer's force as their home force, and submits the referral.
///
/// # Errors
/// 422 for what is no programme provider, or has nobody who could receive the referral; as for an order and a referral.
pub fn refer(
    tx: &mut Tx<'_>,
    new: NewSubject<ParticipantId>,
    officer: &Staff,
    body: &ReferPersonBody,
) -> Result<ReferredPersonView> {
    let force = identity::find_organisation(tx.conn, officer.organisation()?)?.and_then(|force| force.force_id);
    let home_force = force.ok_or(Error::NotFound)?;
    let receivers = receivers(tx, body.organisation_id)?;
    let first = *receivers.first().ok_or_else(unknown_provider)?;
    participants::check_birth(body.date_of_birth, tx.now)?;
    let identity = NewIdentity {
        name: &body.name,
        date_of_birth: body.date_of_birth,
        address: body.address.as_ref(),
        home_force_id: &home_force,
    };
    let participant = participants::insert(tx, new, body.organisation_id, first, &identity)?;
    let order_id = match &body.order {
        Some(order) => Some(orders::record(tx, officer, participant.id, order)?.id),
        None => None,
    };
    let referral = CreateReferralBody::of_police(body.basis, order_id, body.note.clone());
    let made = create::create(tx, officer, participant.id, &referral)?;
    let submitted = act::act(tx, officer, made.id, &ReferralTransitionBody::of(ReferralEvent::Submit))?;
    for person in receivers {
        tasks::notify_staff(tx, person, participant.id)?;
    }
    Ok(ReferredPersonView {
        id: made.id,
        participant_id: participant.id,
        order_id,
        state: submitted.state,
        created_at: made.created_at,
    })
}

fn unknown_provider() -> Error {
    Error::field("/organisation_id", "unknown", "must be a programme provider that takes referrals")
}

/// Who of a provider receives a referral that nobody is allocated to yet: its supervisors, or without one its
/// practitioners.
fn receivers(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<Vec<StaffId>> {
    let found = identity::find_organisation(tx.conn, provider)?;
    if found.is_none_or(|found| found.kind != OrganisationKind::ProgrammeProvider) {
        return Err(unknown_provider());
    }
    let supervisors = identity::list_staff_with_role(tx.conn, provider, Role::Supervisor)?;
    if !supervisors.is_empty() {
        return Ok(supervisors);
    }
    identity::list_staff_with_role(tx.conn, provider, Role::Practitioner)
}

/// A programme provider, for an officer who refers to it.
#[derive(Serialize, ToSchema)]
pub struct ProgrammeProviderView {
    /// Id.
    pub id: OrganisationId,
    /// Its name.
    #[schema(example = "Turning Point")]
    pub name: String,
}

/// The programme providers that somebody can be referred to.
pub fn providers(tx: &mut Tx<'_>) -> Result<Vec<ProgrammeProviderView>> {
    let rows = identity::list_organisations(tx.conn, OrganisationKind::ProgrammeProvider)?;
    Ok(rows.into_iter().map(|row| ProgrammeProviderView { id: row.id, name: row.name }).collect())
}
