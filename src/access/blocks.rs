//! Keeping people and organisations out of a survivor's record: setting a block, looking blocks up, lifting one.
//!
//! A block is `in_force → lifted`; one of a whole police force is `awaiting_second_person` first, since it keeps help
//! away as well. Any other bites at once, and so does lifting one. Each is looked at again a week after it began to bite. A
//! lifted block stays listed with who lifted it, when and why. Staff who know the survivor, or somebody whom the survivor fears, keep
//! themselves out: that is a block like any other. A person who is kept out reads nothing of the survivor, and so
//! neither sees nor lifts a block on themselves.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::Block;
use super::{proof, store};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{BlockId, Instant, OrganisationId, StaffId, SurvivorId, text_enum};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{self, OrganisationKind, Role, Staff};
use crate::tx::Tx;

/// Days after which a block is looked at again.
const REVIEW_DAYS: i64 = 7;
/// Hours within which a second person looks at one.
const APPROVE_HOURS: i64 = 1;

/// Somebody to keep out: a person or an organisation, who is or knows the perpetrator.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockBody {
    /// A person.
    #[garde(skip)]
    #[serde(default)]
    pub staff_id: Option<StaffId>,
    /// Or an organisation, such as a force.
    #[garde(skip)]
    #[serde(default)]
    pub organisation_id: Option<OrganisationId>,
}

text_enum! {
    /// The state of a block.
    pub enum BlockState {
        /// It is of a whole force, and a second person has yet to approve it.
        AwaitingSecondPerson = "awaiting_second_person",
        /// It keeps them out.
        InForce = "in_force",
        /// It was lifted.
        Lifted = "lifted",
    }
}

impl BlockState {
    fn of(row: &Block) -> Self {
        match (row.lifted_at, row.is_in_force) {
            (Some(_), _) => Self::Lifted,
            (None, true) => Self::InForce,
            (None, false) => Self::AwaitingSecondPerson,
        }
    }
}

/// A block.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockView {
    /// Its id.
    pub id: BlockId,
    /// Its state.
    pub state: BlockState,
}

/// Keeps somebody out of a survivor's record, at once; a whole police force once a second person has approved it. The
/// answer does not show whether the person is known.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &BlockBody) -> Result<BlockView> {
    proof::survivor(tx, staff, id)?;
    if body.staff_id.is_some() == body.organisation_id.is_some() {
        return Err(Error::field("", "not_allowed", "name a person or an organisation, and not both"));
    }
    if body.staff_id == Some(staff.id) || body.organisation_id == Some(staff.organisation()?) {
        return Err(Error::field("", "not_allowed", "you cannot keep yourself or your own organisation out"));
    }
    let unknown = || Error::field("/organisation_id", "unknown", "there is no such organisation");
    let organisation = match body.organisation_id {
        Some(organisation) => Some(identity::find_organisation(tx.conn, organisation)?.ok_or_else(unknown)?),
        None => None,
    };
    let is_force = organisation.is_some_and(|organisation| organisation.kind == OrganisationKind::PoliceForce);
    if let Some(person) = body.staff_id
        && !identity::staff_exists(tx.conn, person)?
    {
        return Err(Error::field("/staff_id", "unknown", "there is no such member of staff"));
    }
    keep_out(tx, (staff, id), (body.staff_id, body.organisation_id), is_force)
}

/// Keeps the caller out of a survivor's record: they know the survivor, or somebody whom the survivor fears. At once, and until
/// somebody who works with the survivor lifts it.
///
/// # Errors
/// 404 for a survivor of another organisation, and for one whose record is closed to the caller already; 409 where nobody else of
/// the organisation could work with the survivor.
pub fn declare_conflict(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<BlockView> {
    let (access, own) = (proof::colleague(tx, staff, id)?, staff.organisation()?);
    let mut others = proof::with_role(tx.conn, access.id(), own, Role::Advocate)?;
    others.extend(proof::with_role(tx.conn, access.id(), own, Role::Supervisor)?);
    if others.iter().all(|other| *other == staff.id) {
        return Err(Error::Conflict(
            Code::GuardNotMet,
            "nobody else could work with them: have somebody join first".into(),
        ));
    }
    keep_out(tx, (staff, access.id()), (Some(staff.id), None), false)
}

fn keep_out(
    tx: &mut Tx<'_>,
    (by, survivor): (&Staff, SurvivorId),
    (person, organisation): (Option<StaffId>, Option<OrganisationId>),
    is_force: bool,
) -> Result<BlockView> {
    let row = Block {
        id: BlockId::new(tx.now),
        survivor_id: survivor,
        staff_id: person,
        organisation_id: organisation,
        created_by: by.id,
        created_at: tx.now,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
        is_in_force: !is_force,
        approved_by: None,
        approved_at: None,
    };
    let view = BlockView { id: row.id, state: BlockState::of(&row) };
    store::insert_block(tx, row)?;
    if let Some(person) = person {
        identity::end_codes_by(tx, survivor, person)?;
        tx.emit(Event::KeptOut { survivor, staff: person });
    }
    let (force, due_at) = match is_force {
        true => (organisation, tx.now.plus_hours(APPROVE_HOURS)),
        false => (None, tx.now.plus_days(REVIEW_DAYS)),
    };
    tx.emit(Event::BlockWaits { survivor, block: view.id, force, due_at });
    Ok(view)
}

/// Approves a block of a whole force, as the second person, who need not be assigned: it is asked for at any hour.
///
/// # Errors
/// 404 for a block that is not this survivor's, 409 for one that waits for nobody, 403 where the caller asked for it.
pub fn approve(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, BlockId)) -> Result<Block> {
    let access = proof::colleague(tx, staff, survivor)?;
    let row = store::find_block(tx.conn, access.id(), id)?.ok_or(Error::NotFound)?;
    identity::is_another_person(tx, row.created_by, staff)?;
    if !store::approve_block(tx.conn, id, (staff.id, tx.now))? {
        return Err(Error::wrong_state("this block waits for nobody"));
    }
    let due_at = tx.now.plus_days(REVIEW_DAYS);
    tx.emit(Event::BlockSettled { survivor, block: id });
    tx.emit(Event::BlockWaits { survivor, block: id, force: None, due_at });
    store::find_block(tx.conn, survivor, id)?.ok_or(Error::NotFound)
}

/// Why a block is lifted.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftBlockBody {
    /// Why.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "The whole force was named by mistake.")]
    reason: Private,
}

/// Somebody who is, or was, kept out of a survivor's record.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedBlockView {
    /// Its id.
    pub id: BlockId,
    /// Its state.
    pub state: BlockState,
    /// The person who is kept out.
    pub staff_id: Option<StaffId>,
    /// Or the organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Who set it; the person themselves, where they declared a conflict of interest.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// The second person who approved it, where it is of a whole force.
    pub approved_by: Option<StaffId>,
    /// When they did.
    pub approved_at: Option<Instant>,
    /// When it was lifted; absent while it is in force.
    pub lifted_at: Option<Instant>,
    /// Who lifted it.
    pub lifted_by: Option<StaffId>,
    /// Why it was lifted.
    #[schema(example = "The whole force was named by mistake.")]
    pub lift_reason: Option<String>,
}

impl ListedBlockView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &Block) -> Result<Self> {
        Ok(Self {
            id: row.id,
            state: BlockState::of(row),
            approved_by: row.approved_by,
            approved_at: row.approved_at,
            staff_id: row.staff_id,
            organisation_id: row.organisation_id,
            created_by: row.created_by,
            created_at: row.created_at,
            lifted_at: row.lifted_at,
            lifted_by: row.lifted_by,
            lift_reason: open!(keys, row.lift_reason)?.shown(),
        })
    }
}

/// Whom a survivor's side keeps out, and kept out before, newest first.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, after: Option<Cursor>, limit: i64) -> Result<Vec<Block>> {
    let access = proof::survivor(tx, staff, id)?;
    store::list_blocks(tx.conn, access.id(), after, limit)
}

/// Lifts a block, at once.
///
/// # Errors
/// 404 for a block that is not this survivor's, 409 where it was lifted before.
pub fn lift(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, BlockId),
    body: &LiftBlockBody,
) -> Result<Block> {
    let access = proof::survivor(tx, staff, survivor)?;
    store::find_block(tx.conn, access.id(), id)?.ok_or(Error::NotFound)?;
    let block = Block::sealing(tx.keys, survivor, id);
    let reason = seal!(block.lift_reason, &body.reason)?;
    tx.stated(survivor, &body.reason)?;
    if !store::lift_block(tx.conn, id, (staff.id, tx.now), reason)? {
        return Err(Error::wrong_state("this block was lifted before"));
    }
    tx.emit(Event::BlockSettled { survivor, block: id });
    // What was kept from them is theirs to see again, live updates included.
    tx.publish_change();
    store::find_block(tx.conn, survivor, id)?.ok_or(Error::NotFound)
}
