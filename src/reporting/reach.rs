//! What a commissioner may see figures of: said by an administrator, ended, never changed.

use std::collections::BTreeSet;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::ReachRow;
use super::store;
use crate::db::{DbConn, Instant, OrganisationId, ReachId};
use crate::directory::ForceId;
use crate::error::{Code, Error, Result};
use crate::http::page::Cursor;
use crate::identity::{self, Organisation, OrganisationKind, Staff};
use crate::tx::{Subject, Tx};

/// What a commissioner may see from now on: an area, or what a partner holds.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReachBody {
    /// A police force's area: everybody whose home is there.
    #[garde(skip)]
    #[serde(default)]
    force_id: Option<ForceId>,
    /// A support organisation or programme provider: everybody whose record it holds, whatever the area.
    #[garde(skip)]
    #[serde(default)]
    partner_id: Option<OrganisationId>,
}

/// One thing that a commissioner may see figures of.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ReachView {
    /// Id.
    pub id: ReachId,
    /// A police force's area.
    #[schema(example = "south-yorkshire")]
    pub force_id: Option<String>,
    /// What a partner holds.
    pub partner_id: Option<OrganisationId>,
    /// Since when.
    pub created_at: Instant,
}

impl From<ReachRow> for ReachView {
    fn from(row: ReachRow) -> Self {
        Self { id: row.id, force_id: row.force_id, partner_id: row.partner_id, created_at: row.created_at }
    }
}

fn commissioner(tx: &mut Tx<'_>, id: OrganisationId) -> Result<Organisation> {
    let found = identity::find_organisation(tx.conn, id)?;
    let found = found.filter(|organisation| organisation.kind == OrganisationKind::Commissioner);
    let found = found.ok_or(Error::NotFound)?;
    tx.about(Subject::of("organisation", id));
    Ok(found)
}

/// Lets a commissioner see figures of an area, or of a partner.
pub fn create(tx: &mut Tx<'_>, admin: &Staff, id: OrganisationId, body: &CreateReachBody) -> Result<ReachView> {
    commissioner(tx, id)?;
    if body.force_id.is_some() == body.partner_id.is_some() {
        return Err(Error::field("", "not_allowed", "give either force_id or partner_id"));
    }
    if let Some(partner) = body.partner_id {
        let kinds = [OrganisationKind::SurvivorSupport, OrganisationKind::ProgrammeProvider];
        let found = identity::find_organisation(tx.conn, partner)?.filter(|found| kinds.contains(&found.kind));
        found.ok_or_else(|| Error::field("/partner_id", "unknown", "there is no such partner"))?;
    }
    let force_id = body.force_id.map(String::from);
    let known = store::list_live_reach(tx.conn, id)?;
    if known.iter().any(|row| row.force_id == force_id && row.partner_id == body.partner_id) {
        return Err(Error::Conflict(Code::AlreadyExists, "the commissioner may see this already".into()));
    }
    let row = ReachRow {
        id: ReachId::new(tx.now),
        commissioner_id: id,
        force_id,
        partner_id: body.partner_id,
        created_by: admin.id,
        created_at: tx.now,
        ended_at: None,
        ended_by: None,
    };
    store::insert_reach(tx.conn, row.clone())?;
    Ok(row.into())
}

/// What a commissioner may see.
pub fn list(tx: &mut Tx<'_>, id: OrganisationId, after: Option<Cursor>, limit: i64) -> Result<Vec<ReachRow>> {
    commissioner(tx, id)?;
    store::list_reach(tx.conn, id, after, limit)
}

/// Ends it: from the next report on.
pub fn end(tx: &mut Tx<'_>, admin: &Staff, id: OrganisationId, reach: ReachId) -> Result<()> {
    commissioner(tx, id)?;
    let now = tx.now;
    if store::end_reach(tx.conn, id, reach, (admin.id, now))? { Ok(()) } else { Err(Error::NotFound) }
}

/// Whom a commissioner may see figures of.
#[derive(Clone, Debug, Default)]
pub struct ReportReach {
    /// Everybody whose home is in one of these areas.
    pub forces: BTreeSet<String>,
    /// Everybody whose record one of these holds.
    pub partners: BTreeSet<OrganisationId>,
}

impl ReportReach {
    /// The reach of a commissioner now.
    pub fn of(conn: &mut DbConn, commissioner: OrganisationId) -> Result<Self> {
        let mut reach = Self::default();
        for row in store::list_live_reach(conn, commissioner)? {
            reach.forces.extend(row.force_id);
            reach.partners.extend(row.partner_id);
        }
        Ok(reach)
    }

    /// Whether somebody is within it.
    pub fn covers(&self, force: &str, holder: OrganisationId) -> bool {
        self.forces.contains(force) || self.partners.contains(&holder)
    }
}
