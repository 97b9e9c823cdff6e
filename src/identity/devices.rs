//! The phones that a survivor has enrolled, as they and their staff see them; and revoking one.

use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Survivor;
use super::model::Device;
use super::store;
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{DbConn, DeviceId, Instant, SurvivorId};
use crate::error::{Error, Result};
use crate::tx::Tx;

/// A phone.
#[derive(Serialize, ToSchema)]
pub struct DeviceView {
    /// Its id.
    pub id: DeviceId,
    /// What it is called.
    #[schema(example = "My phone")]
    pub name: String,
    /// When it was enrolled.
    pub enrolled_at: Instant,
    /// Whether it is the one that asks.
    pub is_this_one: bool,
}

impl DeviceView {
    fn of(keys: &Keys, row: &Device, asking: DeviceId) -> Result<Self> {
        let name = open!(keys, row.name)?.shown();
        Ok(Self { id: row.id, name, enrolled_at: row.created_at, is_this_one: row.id == asking })
    }
}

/// A phone of a survivor, for the staff of their side.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SurvivorDeviceView {
    /// Its id.
    pub id: DeviceId,
    /// What it is called.
    #[schema(example = "My phone")]
    pub name: String,
    /// When it was enrolled.
    pub enrolled_at: Instant,
    /// When it was revoked: since then it can do nothing.
    pub revoked_at: Option<Instant>,
}

/// All phones that a survivor ever enrolled, the newest first. Reading for a person goes through `access`.
pub fn list_all_phones(conn: &mut DbConn, keys: &Keys, survivor: SurvivorId) -> Result<Vec<SurvivorDeviceView>> {
    let view = |row: &Device| {
        let name = open!(keys, row.name)?.shown();
        Ok(SurvivorDeviceView { id: row.id, name, enrolled_at: row.created_at, revoked_at: row.revoked_at })
    };
    store::list_all_devices(conn, survivor)?.iter().map(view).collect()
}

/// Revokes a phone for good, with its sessions, their refresh tokens and its SOS token. What is planned for the survivor
/// goes on: a phone that is gone never stops a missed check-in from being told.
///
/// # Errors
/// 404 for another's phone, 409 for one that was revoked already.
pub fn revoke_phone(tx: &mut Tx<'_>, survivor: SurvivorId, id: DeviceId) -> Result<()> {
    let found = store::find_device(tx.conn, id)?.filter(|device| device.survivor_id == survivor);
    found.ok_or(Error::NotFound)?;
    if !store::revoke_device(tx.conn, id, tx.now)? {
        return Err(Error::wrong_state("this phone was revoked already"));
    }
    store::revoke_sessions_of(tx.conn, survivor, id, tx.now)?;
    // What is kept open in those sessions ends with them.
    tx.stir();
    Ok(())
}

/// When a phone was enrolled.
pub fn enrolled_at(conn: &mut DbConn, id: DeviceId) -> Result<Option<Instant>> {
    Ok(store::find_device(conn, id)?.map(|device| device.created_at))
}

/// The phones of a survivor that are in use, the newest first. Under duress only the one that asks is there.
pub fn list_phones(conn: &mut DbConn, keys: &Keys, who: &Survivor) -> Result<Vec<DeviceView>> {
    let rows = store::list_devices(conn, who.owner)?;
    let shown = rows.iter().filter(|row| row.id == who.device || who.id == who.owner);
    shown.map(|row| DeviceView::of(keys, row, who.device)).collect()
}
