//! Changing a participant's identity.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::ParticipantRow;
use super::{open_day, sealable, store};
use crate::access;
use crate::crypto::{Private, SealedTable, open, seal};
use crate::db::{Day, ParticipantId};
use crate::directory::ForceId;
use crate::error::{Code, Error, Result};
use crate::http::etag::IfMatch;
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

/// What to change; what is left out stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchParticipantBody {
    /// Their name.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Robin Marsh")]
    #[serde(default)]
    name: Option<Private>,
    /// The day they were born.
    #[garde(skip)]
    #[serde(default)]
    date_of_birth: Option<Day>,
    /// Where they live.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "12 Marsh Lane, Sheffield")]
    #[serde(default)]
    address: Option<Private>,
    /// The force of their home.
    #[garde(skip)]
    #[serde(default)]
    home_force_id: Option<ForceId>,
}

/// Changes a participant's identity, sealing it again at the next version.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 412 when the record changed meanwhile.
pub fn change(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: ParticipantId,
    seen: &IfMatch,
    body: &PatchParticipantBody,
) -> Result<ParticipantRow> {
    let access = access::participant(tx, by, id)?;
    let old = store::find_participant(tx.conn, access.id())?.ok_or(Error::NotFound)?;
    seen.check(old.version)?;
    super::check_birth(body.date_of_birth, tx.now)?;
    let (keys, version) = (tx.keys, old.version + 1);
    let new = ParticipantRow::sealing(keys, id, id).at_version(version);
    let name = match &body.name {
        Some(name) => name.clone(),
        None => old.open_name(keys)?,
    };
    let born = match body.date_of_birth {
        Some(day) => Some(day),
        None => open_day(keys, &old)?,
    };
    let address = match &body.address {
        Some(address) => Some(address.clone()),
        None => open!(keys, old.address)?,
    };
    let row = ParticipantRow {
        name: seal!(new.name, &name)?,
        date_of_birth: seal!(new.date_of_birth, &sealable(born))?,
        address: seal!(new.address, &address)?,
        home_force_id: body.home_force_id.map_or_else(|| old.home_force_id.clone(), String::from),
        version,
        ..old.clone()
    };
    if !store::update_participant(tx, old.version, &row)? {
        return Err(Error::Stale(Code::Stale));
    }
    Ok(row)
}
