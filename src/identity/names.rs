//! Staff by the name that they sign in with, for anyone who checks who did what.

use std::collections::{BTreeMap, HashMap};

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Role, StaffRow};
use super::store;
use crate::crypto::{KeyRing, Keys, Private, PrivateText, SealedTable, open, unseal};
use crate::db::{DbConn, Instant, OrganisationId, StaffId};
use crate::error::Result;
use crate::http::page::Cursor;
use crate::writing;

/// What a username is found by: names that differ in case, in the form of their letters or in white space are one name.
#[must_use]
pub fn username_index(keys: &KeyRing, username: &Private) -> Vec<u8> {
    keys.blind("username", writing::folded(username.expose_secret()).as_bytes())
}

/// The member of staff who signs in with a name, in service or not.
pub fn staff_named(conn: &mut DbConn, keys: &Keys, username: &Private) -> Result<Option<StaffId>> {
    let index = username_index(keys, username);
    Ok(store::find_staff_by_username(conn, &index)?.map(|row| row.id))
}

/// A name of a member of staff as it was opened; none where their account was erased.
pub(super) fn opened(name: Result<Private>) -> Result<Option<String>> {
    match name {
        Ok(name) => Ok(Some(name.shown())),
        Err(error) if error.is_transient() => Err(error),
        Err(_) => Ok(None),
    }
}

/// A member of staff as others are shown them.
pub struct Colleague {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Where they work.
    pub organisation: Option<OrganisationId>,
}

/// A member of staff, in service or not; none where there is none, or their account was erased.
pub fn colleague(conn: &mut DbConn, keys: &Keys, id: StaffId) -> Result<Option<Colleague>> {
    let Some(row) = store::find_staff(conn, id)? else { return Ok(None) };
    let Some(name) = opened(open!(keys, row.display_name))? else { return Ok(None) };
    Ok(Some(Colleague { name, roles: row.roles()?, organisation: row.organisation_id }))
}

/// A member of staff as colleagues find them.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleagueView {
    /// Id.
    pub id: StaffId,
    /// Their name; absent where the account was erased.
    #[schema(example = "Asha Rai")]
    pub name: Option<String>,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether they work here now: their account is set up, and not out of use.
    pub is_active: bool,
    /// When their account was made.
    pub created_at: Instant,
}

/// The staff of an organisation, or those among them who are named, newest account first; those who left too.
pub fn list_colleagues(
    conn: &mut DbConn,
    keys: &Keys,
    (organisation, only): (OrganisationId, Option<Vec<StaffId>>),
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ColleagueView>> {
    let view = |row: StaffRow| {
        Ok(ColleagueView {
            id: row.id,
            name: opened(open!(keys, row.display_name))?,
            roles: row.roles()?,
            is_active: row.password_hash.is_some() && row.disabled_at.is_none(),
            created_at: row.created_at,
        })
    };
    store::list_staff_of(conn, organisation, only, after, limit)?.into_iter().map(view).collect()
}

/// Some staff of one organisation, with names that are still sealed: a list opens them with its other views, after the commit.
pub struct ColleagueNames(HashMap<StaffId, StaffRow>);

impl ColleagueNames {
    /// The name of one of them; none for nobody or somebody else, and where their account was erased.
    pub fn name(&self, keys: &Keys, id: impl Into<Option<StaffId>>) -> Result<Option<String>> {
        match id.into().and_then(|id| self.0.get(&id)) {
            Some(row) => opened(open!(keys, row.display_name)),
            None => Ok(None),
        }
    }
}

/// Those of some staff who are of an organisation: nobody is named to another one here.
pub fn colleague_names(
    conn: &mut DbConn,
    organisation: OrganisationId,
    mut ids: Vec<StaffId>,
) -> Result<ColleagueNames> {
    ids.sort_unstable();
    ids.dedup();
    let count = i64::try_from(ids.len()).unwrap_or(0);
    let rows = store::list_staff_of(conn, organisation, Some(ids), None, count)?;
    Ok(ColleagueNames(rows.into_iter().map(|row| (row.id, row)).collect()))
}

/// The names of some staff; one whose account was erased has none.
pub fn usernames(conn: &mut DbConn, keys: &Keys, ids: Vec<StaffId>) -> Result<BTreeMap<StaffId, String>> {
    let mut names = BTreeMap::new();
    for (id, sealed) in store::list_usernames(conn, ids)? {
        let staff = StaffRow::sealing(keys, id, id);
        // Who did what can be told without names, too: while the keys cannot be reached there are none.
        if let Ok(Some(name)) = opened(unseal!(staff.username, &sealed)) {
            names.insert(id, name);
        }
    }
    Ok(names)
}
