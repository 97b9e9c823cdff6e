//! By what a survivor who rings is found: their exact name, or a telephone number of their safe-contact plan. Keyed hashes;
//! nothing that can be read is kept next to the sealed record.

use diesel::prelude::*;
use secrecy::ExposeSecret;

use crate::crypto::{KeyRing, Private};
use crate::db::schema::{survivor_lookups, survivors};
use crate::db::{DbConn, OrganisationId, SurvivorId, text_enum};
use crate::error::Result;
use crate::writing;

text_enum! {
    /// What somebody is found by.
    pub enum LookupKind {
        /// A name, whichever of theirs.
        Name = "name",
        /// A telephone number, as it is dialled.
        Phone = "phone",
    }
}

#[derive(Insertable)]
#[diesel(table_name = survivor_lookups)]
struct LookupRow {
    survivor_id: SurvivorId,
    kind: LookupKind,
    value_index: Vec<u8>,
}

/// Names that differ in case, in the form of their letters or in white space are one name.
fn value_index(keys: &KeyRing, kind: LookupKind, value: &Private) -> Vec<u8> {
    let value = value.expose_secret();
    match kind {
        LookupKind::Name => keys.blind("survivor name", writing::folded(value).as_bytes()),
        LookupKind::Phone => keys.blind("survivor phone", value.as_bytes()),
    }
}

/// Has a survivor found by these values of a kind, and by no others.
pub fn set_lookups(
    conn: &mut DbConn,
    keys: &KeyRing,
    survivor: SurvivorId,
    kind: LookupKind,
    values: &[Private],
) -> Result<()> {
    let of_kind = survivor_lookups::table
        .filter(survivor_lookups::survivor_id.eq(survivor))
        .filter(survivor_lookups::kind.eq(kind));
    diesel::delete(of_kind).execute(conn)?;
    let mut indexes: Vec<Vec<u8>> = values.iter().map(|value| value_index(keys, kind, value)).collect();
    indexes.sort_unstable();
    indexes.dedup();
    for value_index in indexes {
        let row = LookupRow { survivor_id: survivor, kind, value_index };
        diesel::insert_into(survivor_lookups::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The survivors of a support organisation who are found by a value: two at most, since several are as good as none.
pub fn look_up(
    conn: &mut DbConn,
    keys: &KeyRing,
    organisation: OrganisationId,
    (kind, value): (LookupKind, &Private),
) -> Result<Vec<SurvivorId>> {
    let found = survivor_lookups::table
        .inner_join(survivors::table.on(survivors::id.eq(survivor_lookups::survivor_id)))
        .filter(survivors::organisation_id.eq(organisation))
        .filter(survivor_lookups::kind.eq(kind))
        .filter(survivor_lookups::value_index.eq(value_index(keys, kind, value)));
    Ok(found.select(survivors::id).limit(2).load(conn)?)
}
