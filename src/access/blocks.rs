//! Keeping people and organisations out of a survivor's record: setting a block, looking blocks up, lifting one.
//!
//! A block is `in force → lifted`. It bites at once, and so does lifting it. A lifted block stays listed with who lifted it,
//! when and why. Whoever is kept out reads nothing of the survivor, and so neither sees nor lifts a block on themselves.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::Block;
use super::{proof, store};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{BlockId, Instant, OrganisationId, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{self, Staff};
use crate::tx::Tx;

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

/// A block.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockView {
    /// Its id.
    pub id: BlockId,
}

/// Keeps somebody out of a survivor's record, at once. That they are unknown is not told: the block stands either way.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &BlockBody) -> Result<BlockView> {
    proof::survivor(tx, staff, id)?;
    if body.staff_id.is_some() == body.organisation_id.is_some() {
        return Err(Error::field("", "not_allowed", "name a person or an organisation, and not both"));
    }
    if body.staff_id == Some(staff.id) || body.organisation_id == Some(staff.organisation()?) {
        return Err(Error::field("", "not_allowed", "you cannot keep yourself or your own organisation out"));
    }
    if let Some(organisation) = body.organisation_id
        && identity::find_organisation(tx.conn, organisation)?.is_none()
    {
        return Err(Error::field("/organisation_id", "unknown", "there is no such organisation"));
    }
    if let Some(person) = body.staff_id
        && !identity::staff_exists(tx.conn, person)?
    {
        return Err(Error::field("/staff_id", "unknown", "there is no such member of staff"));
    }
    let row = Block {
        id: BlockId::new(tx.now),
        survivor_id: id,
        staff_id: body.staff_id,
        organisation_id: body.organisation_id,
        created_by: staff.id,
        created_at: tx.now,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
    };
    let view = BlockView { id: row.id };
    store::insert_block(tx.conn, row)?;
    Ok(view)
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
    /// The person who is kept out.
    pub staff_id: Option<StaffId>,
    /// Or the organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Who set it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
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
    if !store::lift_block(tx.conn, id, (staff.id, tx.now), reason)? {
        return Err(Error::wrong_state("this block was lifted before"));
    }
    // What was kept from them is theirs to see again, live updates included.
    tx.stir();
    store::find_block(tx.conn, survivor, id)?.ok_or(Error::NotFound)
}
