//! The phones that a survivor has enrolled, as they and their staff see them; and revoking one.

use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Survivor;
use super::model::{Device, OldPhone};
use super::store;
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{DbConn, DeviceId, Instant, StaffId, SurvivorId};
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
    /// The view of a phone, for the one that asks.
    pub fn of(keys: &Keys, row: &Device, asking: DeviceId) -> Result<Self> {
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
    /// From when it reads; left out while it waits to be confirmed.
    pub reads_from: Option<Instant>,
    /// Whether the phone that the survivor had before was in their hands alone, as whoever made the code was told.
    pub old_phone_alone_with_them: OldPhone,
    /// When it was revoked: since then it reads nothing.
    pub revoked_at: Option<Instant>,
    /// When it could cry for help no more.
    pub sos_ended_at: Option<Instant>,
}

impl SurvivorDeviceView {
    /// The view of a phone.
    pub fn of(keys: &Keys, row: &Device) -> Result<Self> {
        Ok(Self {
            id: row.id,
            name: open!(keys, row.name)?.shown(),
            enrolled_at: row.created_at,
            reads_from: row.reads_from,
            old_phone_alone_with_them: row.old_phone_alone,
            revoked_at: row.revoked_at,
            sos_ended_at: row.sos_ended_at,
        })
    }
}

/// All phones that a survivor ever enrolled, the newest first. Reading for a person goes through `access`.
pub fn list_all_phones(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<Device>> {
    store::list_all_devices(conn, survivor)
}

/// Revokes a phone for good, with its sessions and their refresh tokens. Its SOS token goes on until the survivor has said
/// that it may end ([`end_sos`]): whoever revokes a phone may be the one who took another. What is planned for the survivor
/// goes on too: a phone that is gone never stops a missed check-in from being told.
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

/// A phone, as far as it decides what may be done with it.
#[derive(Clone, Copy, Debug)]
pub struct PhoneStanding {
    /// Who made the code that it was enrolled with.
    pub code_by: StaffId,
    /// From when it reads.
    pub reads_from: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
    /// When it could cry for help no more.
    pub sos_ended_at: Option<Instant>,
    /// Whether there was none before it.
    pub is_first: bool,
}

/// How a phone of a survivor stands. Reading for a person goes through `access`.
///
/// # Errors
/// 404 for another's phone.
pub fn phone_standing(conn: &mut DbConn, survivor: SurvivorId, id: DeviceId) -> Result<PhoneStanding> {
    let found = store::find_device(conn, id)?.filter(|device| device.survivor_id == survivor);
    let Device { code_by, reads_from, revoked_at, sos_ended_at, .. } = found.ok_or(Error::NotFound)?;
    let is_first = store::list_all_devices(conn, survivor)?.last().is_some_and(|first| first.id == id);
    Ok(PhoneStanding { code_by, reads_from, revoked_at, sos_ended_at, is_first })
}

/// Lets a phone read from now on: somebody has confirmed it. Where the phones before it were not in the survivor's hands alone,
/// their reads are answered from now on as if the service were away.
///
/// # Errors
/// 404 for a phone that there is not.
pub fn confirm_phone(tx: &mut Tx<'_>, id: DeviceId, by: StaffId) -> Result<()> {
    let device = store::find_device(tx.conn, id)?.ok_or(Error::NotFound)?;
    store::open_device(tx.conn, id, tx.now, Some(by))?;
    if device.old_phone_alone == OldPhone::Yes {
        return Ok(());
    }
    store::send_others_away(tx.conn, device.survivor_id, id, tx.now)
}

/// Lets a phone that nobody can confirm read from an instant on.
pub fn open_phone_at(tx: &mut Tx<'_>, id: DeviceId, from: Instant) -> Result<()> {
    store::open_device(tx.conn, id, from, None)
}

/// Ends the SOS token of a phone that was revoked.
///
/// # Errors
/// 409 where it has ended already, or the phone is in use.
pub fn end_sos(tx: &mut Tx<'_>, id: DeviceId) -> Result<()> {
    match store::end_sos(tx.conn, id, tx.now)? {
        true => Ok(()),
        false => Err(Error::wrong_state("this phone is in use, or can cry for help no more already")),
    }
}

/// The phones of a survivor that are in use, the newest first. Under duress only the one that asks is there. One that waits
/// to be confirmed is there only where the phones before it are in the survivor's hands alone.
pub fn list_phones(conn: &mut DbConn, who: &Survivor, now: Instant) -> Result<Vec<Device>> {
    let mut rows = store::list_devices(conn, who.id)?;
    let is_shown = |row: &Device| !who.is_duress && (row.reads_at(now) || row.old_phone_alone == OldPhone::Yes);
    rows.retain(|row| row.id == who.device || is_shown(row));
    Ok(rows)
}
