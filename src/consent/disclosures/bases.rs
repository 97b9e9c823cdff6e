//! On which lawful basis an organisation discloses, for each purpose: set by an administrator, told on each disclosure,
//! and apart from what the survivor agreed to.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::LawfulBasis;
use crate::audit::records;
use crate::db::schema::lawful_bases;
use crate::db::{DbConn, Instant, OrganisationId, StaffId, text_enum};
use crate::error::{Error, Result};
use crate::identity::{self, OrganisationKind};
use crate::tx::{Subject, Tx};

text_enum! {
    /// What something is disclosed for.
    pub enum DisclosurePurpose {
        /// Telling the police of an alert.
        PoliceAlert = "police_alert",
        /// Showing the police evidence.
        PoliceEvidence = "police_evidence",
        /// A bundle of evidence, for police or court.
        EvidenceBundle = "evidence_bundle",
        /// Showing the programme's side of a case how the survivor is.
        Programme = "programme",
    }
}

impl crate::http::operation::PathParts for DisclosurePurpose {
    fn parts() -> Vec<&'static str> {
        vec!["DisclosurePurpose"]
    }
}

/// A version of a basis; never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = lawful_bases)]
struct BasisRow {
    organisation_id: OrganisationId,
    purpose: DisclosurePurpose,
    version: i32,
    basis: LawfulBasis,
    set_by: StaffId,
    set_at: Instant,
}

/// A lawful basis.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LawfulBasisBody {
    /// Which.
    #[garde(skip)]
    basis: LawfulBasis,
}

/// The lawful basis for a purpose.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct LawfulBasisView {
    /// What for.
    pub purpose: DisclosurePurpose,
    /// Which.
    pub basis: LawfulBasis,
    /// Since when; none where it was never set and `safeguarding` holds.
    pub set_at: Option<Instant>,
}

fn find(conn: &mut DbConn, organisation: OrganisationId, purpose: DisclosurePurpose) -> Result<Option<BasisRow>> {
    let versions = lawful_bases::table
        .filter(lawful_bases::organisation_id.eq(organisation))
        .filter(lawful_bases::purpose.eq(purpose));
    Ok(versions.order(lawful_bases::version.desc()).first(conn).optional()?)
}

/// The basis on which an organisation discloses for a purpose; safeguarding, unless it was set otherwise.
pub fn lawful_basis(
    conn: &mut DbConn,
    organisation: OrganisationId,
    purpose: DisclosurePurpose,
) -> Result<LawfulBasis> {
    Ok(find(conn, organisation, purpose)?.map_or(LawfulBasis::Safeguarding, |row| row.basis))
}

/// Whether an organisation holds survivors' records: only such a one discloses them.
fn discloses(tx: &mut Tx<'_>, id: OrganisationId) -> Result<bool> {
    let organisation = identity::find_organisation(tx.conn, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("organisation", id));
    Ok(organisation.kind == OrganisationKind::SurvivorSupport)
}

/// The bases of an organisation; none of one that holds no survivors' records.
///
/// # Errors
/// 404 for an unknown organisation.
pub fn list(tx: &mut Tx<'_>, id: OrganisationId) -> Result<Vec<LawfulBasisView>> {
    if !discloses(tx, id)? {
        return Ok(Vec::new());
    }
    let view = |purpose: &DisclosurePurpose| {
        let row = find(tx.conn, id, *purpose)?;
        let basis = row.as_ref().map_or(LawfulBasis::Safeguarding, |row| row.basis);
        Ok(LawfulBasisView { purpose: *purpose, basis, set_at: row.map(|row| row.set_at) })
    };
    DisclosurePurpose::ALL.iter().map(view).collect()
}

/// Sets the basis for a purpose, from now on.
///
/// # Errors
/// 404 for an unknown organisation, 409 for one that holds no survivors' records.
pub fn put(
    tx: &mut Tx<'_>,
    by: StaffId,
    (id, purpose): (OrganisationId, DisclosurePurpose),
    body: &LawfulBasisBody,
) -> Result<LawfulBasisView> {
    if !discloses(tx, id)? {
        return Err(Error::wrong_state("only a support organisation discloses survivors' records"));
    }
    let version = find(tx.conn, id, purpose)?.map_or(1, |row| row.version + 1);
    let row = BasisRow { organisation_id: id, purpose, version, basis: body.basis, set_by: by, set_at: tx.now };
    records::lawful_bases(tx, id, version, [&purpose.as_str(), &body.basis.as_str()]);
    diesel::insert_into(lawful_bases::table).values(row).execute(tx.conn)?;
    Ok(LawfulBasisView { purpose, basis: body.basis, set_at: Some(tx.now) })
}
