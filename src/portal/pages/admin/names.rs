//! The names of organisations and of their staff, for those who may read them.

use std::collections::BTreeMap;

use crate::db::{OrganisationId, StaffId};
use crate::error::Result;
use crate::identity;
use crate::tx::Tx;

/// The name of an organisation.
///
/// # Errors
/// When the database is at fault.
pub fn organisation(tx: &mut Tx<'_>, id: Option<OrganisationId>) -> Result<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    Ok(identity::find_organisation(tx.conn, id)?.map(|organisation| organisation.name))
}

/// The names of some organisations.
///
/// # Errors
/// When the database is at fault.
pub fn organisations(
    tx: &mut Tx<'_>,
    ids: impl Iterator<Item = OrganisationId>,
) -> Result<BTreeMap<OrganisationId, String>> {
    let mut names = BTreeMap::new();
    for id in ids {
        if !names.contains_key(&id)
            && let Some(name) = organisation(tx, Some(id))?
        {
            names.insert(id, name);
        }
    }
    Ok(names)
}

/// The name of a member of staff; none for nobody, and where their account was erased.
///
/// # Errors
/// When the database or the key store is at fault.
pub fn person(tx: &mut Tx<'_>, id: Option<StaffId>) -> Result<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    Ok(identity::colleague(tx.conn, tx.keys, id)?.map(|person| person.name))
}

/// The names of some members of staff.
///
/// # Errors
/// As [`person`].
pub fn people(tx: &mut Tx<'_>, ids: &[StaffId]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for id in ids {
        names.extend(person(tx, Some(*id))?);
    }
    Ok(names)
}
