//! Looking up and correcting organisations: a wrong name, desk or force must not stay wrong.

use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::db::{Instant, OrganisationId};
use crate::directory::{self, ForceId};
use crate::error::{Code, Error, Result};
use crate::http::etag::IfMatch;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::model::{Organisation, OrganisationKind};
use crate::identity::store;
use crate::tx::{Subject, Tx};

/// An organisation, for administrators.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationView {
    /// Id.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    #[schema(example = "South Yorkshire Police")]
    pub name: String,
    /// The police force that it is.
    #[schema(example = "south-yorkshire")]
    pub force_id: Option<String>,
    /// Whether `force_id` is in no list of forces: then no alert reaches it until it is corrected.
    pub is_force_unknown: bool,
    /// The number that police may ring about an alert.
    #[schema(example = "+44 114 496 0000")]
    pub duty_desk_phone: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// Counts changes.
    #[serde(skip)]
    pub version: i32,
}

impl From<Organisation> for OrganisationView {
    fn from(row: Organisation) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            is_force_unknown: row.force_id.as_deref().is_some_and(|id| !directory::is_force(id)),
            name: row.name,
            force_id: row.force_id,
            duty_desk_phone: row.duty_desk_phone,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// What an administrator can correct of an organisation; what is left out stays. Its kind stays for good: the roles of its
/// staff and the records that it holds rest on it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchOrganisationBody {
    /// Its name.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "South Yorkshire Police")]
    #[serde(default)]
    name: Option<String>,
    /// The police force that it is; only of a police force, and no other organisation's.
    #[garde(skip)]
    #[serde(default)]
    force_id: Option<ForceId>,
    /// The number that police may ring about an alert; null where there is none any more.
    #[garde(inner(inner(custom(limits::plain_line))))]
    #[schema(value_type = Option<String>, format = "line", example = "+44 114 496 0000")]
    #[serde(default, deserialize_with = "given")]
    duty_desk_phone: Option<Option<String>>,
}

/// Tells null from absent.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn existing(tx: &mut Tx<'_>, id: OrganisationId) -> Result<Organisation> {
    let row = store::find_organisation(tx.conn, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("organisation", id));
    Ok(row)
}

/// One organisation.
pub fn find(tx: &mut Tx<'_>, id: OrganisationId) -> Result<OrganisationView> {
    existing(tx, id).map(OrganisationView::from)
}

/// All organisations, newest first.
pub fn list(tx: &mut Tx<'_>, after: Option<Cursor>, limit: i64) -> Result<Vec<OrganisationView>> {
    let rows = store::page_organisations(tx.conn, after, limit)?;
    Ok(rows.into_iter().map(OrganisationView::from).collect())
}

/// Corrects an organisation.
///
/// # Errors
/// 404 where there is none, 412 where it changed meanwhile, 422 for a force of what is none, 409 where another has it.
pub fn change(
    tx: &mut Tx<'_>,
    id: OrganisationId,
    read: &IfMatch,
    body: &PatchOrganisationBody,
) -> Result<OrganisationView> {
    let mut row = existing(tx, id)?;
    read.check(row.version)?;
    if let Some(name) = &body.name {
        row.name.clone_from(name);
    }
    if let Some(force) = body.force_id {
        check_force(tx, row.kind, Some(force), Some(id))?;
        row.force_id = Some(force.into());
    }
    if let Some(phone) = &body.duty_desk_phone {
        row.duty_desk_phone = phone.as_deref().map(|text| super::desk_number(tx, text)).transpose()?;
    }
    if !store::update_organisation(tx, &row)? {
        return Err(Error::Stale(Code::Stale));
    }
    row.version += 1;
    Ok(row.into())
}

/// A police force has a force id that no other organisation has, and nobody else has one.
pub(super) fn check_force(
    tx: &mut Tx<'_>,
    kind: OrganisationKind,
    force: Option<ForceId>,
    own: Option<OrganisationId>,
) -> Result<()> {
    if (kind == OrganisationKind::PoliceForce) != force.is_some() {
        return Err(Error::field("/force_id", "not_allowed", "a police force has a force_id, and nobody else"));
    }
    let Some(force) = force else { return Ok(()) };
    match store::find_force(tx.conn, force.as_str())? {
        Some(other) if Some(other.id) != own => {
            Err(Error::Conflict(Code::AlreadyExists, "this force has an organisation already".into()))
        }
        _ => Ok(()),
    }
}
