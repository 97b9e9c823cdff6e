//! The phones that a survivor has enrolled, as they and their staff see them; and revoking one.

pub(super) mod codes;
pub(super) mod enrol;
pub(super) mod known_devices;
pub(super) mod pins;

use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Survivor;
use super::model::{Device, OldPhone};
use super::{code_words, store};
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{DbConn, DeviceId, Instant, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::tx::{Actor, Tx};

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
    /// Who asked for it to be opened without the code word, while another person has yet to approve that.
    pub confirm_asked_by: Option<StaffId>,
    /// Whether the phone that the survivor had before was in their hands alone, as they said to the maker of the code.
    pub old_phone_alone_with_them: OldPhone,
    /// Since when its reads are answered as if the service were away; still to come where a phone that opens by time takes its
    /// place. Confirming it brings it back.
    pub away_since: Option<Instant>,
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
            away_since: row.away_since,
            confirm_asked_by: row.confirm_asked_by,
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
/// that it may end ([`end_sos`]): the person who revokes a phone may have taken another. What is planned for the survivor
/// goes on too: a missed check-in raises its alert although the phone is gone.
///
/// # Errors
/// 404 for another's phone, 409 for one that was revoked already.
pub fn revoke_phone(tx: &mut Tx<'_>, survivor: SurvivorId, id: DeviceId) -> Result<()> {
    let found = store::find_device(tx.conn, id)?.filter(|device| device.survivor_id == survivor);
    let device = found.ok_or(Error::NotFound)?;
    // One that would have opened by time, and does not, takes nobody's place.
    if let Some(from) = device.reads_from.filter(|from| *from > tx.now) {
        store::keep_others(tx.conn, survivor, from)?;
    }
    let by = match tx.actor {
        Actor::Staff { id, .. } => Some(id),
        _ => None,
    };
    if !store::revoke_device(tx.conn, id, by, tx.now)? {
        return Err(Error::wrong_state("this phone was revoked already"));
    }
    store::revoke_sessions_of(tx.conn, survivor, id, tx.now)?;
    // What is kept open in those sessions ends with them.
    tx.publish_change();
    Ok(())
}

/// When a phone was enrolled.
pub fn enrolled_at(conn: &mut DbConn, id: DeviceId) -> Result<Option<Instant>> {
    Ok(store::find_device(conn, id)?.map(|device| device.created_at))
}

/// A phone, as far as it decides what may be done with it.
#[derive(Clone, Copy, Debug)]
pub struct PhoneStanding {
    /// Who made the code that it was enrolled with.
    pub code_by: StaffId,
    /// From when it reads.
    pub reads_from: Option<Instant>,
    /// Since when it is sent away.
    pub away_since: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
    /// Who of the staff revoked it; none where the survivor did.
    pub revoked_by: Option<StaffId>,
    /// When it could cry for help no more.
    pub sos_ended_at: Option<Instant>,
    /// Who asked for it to be opened without the code word.
    pub confirm_asked_by: Option<StaffId>,
    /// Whether there was none before it.
    pub is_first: bool,
    /// Whether the phones before it may show that it is there.
    pub is_shown: bool,
}

impl PhoneStanding {
    /// Whether it reads by an instant, or would but for a newer phone that took its place.
    #[must_use]
    pub fn has_opened(&self, now: Instant) -> bool {
        self.reads_from.is_some_and(|from| from <= now)
    }

    /// Whether it waits for somebody to let it read, for the first time or again.
    #[must_use]
    pub fn waits(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && (!self.has_opened(now) || self.away_since.is_some_and(|since| since <= now))
    }
}

/// The state of a survivor's phone. Reading for a person goes through `access`.
///
/// # Errors
/// 404 for another's phone.
pub fn phone_standing(conn: &mut DbConn, survivor: SurvivorId, id: DeviceId) -> Result<PhoneStanding> {
    let found = store::find_device(conn, id)?.filter(|device| device.survivor_id == survivor);
    let device = found.ok_or(Error::NotFound)?;
    let is_first = store::list_all_devices(conn, survivor)?.last().is_some_and(|first| first.id == id);
    Ok(PhoneStanding {
        code_by: device.code_by,
        reads_from: device.reads_from,
        away_since: device.away_since,
        revoked_at: device.revoked_at,
        revoked_by: device.revoked_by,
        sos_ended_at: device.sos_ended_at,
        confirm_asked_by: device.confirm_asked_by,
        is_first,
        is_shown: device.old_phone_alone == OldPhone::Yes,
    })
}

/// Lets a phone read from now on: somebody has confirmed it. Where the phones before it were not in the survivor's hands alone,
/// their reads are answered from now on as if the service were away. One that was sent away itself reads again.
///
/// # Errors
/// 404 for a phone that there is not.
pub fn confirm_phone(tx: &mut Tx<'_>, id: DeviceId, by: StaffId) -> Result<()> {
    let device = store::find_device(tx.conn, id)?.ok_or(Error::NotFound)?;
    // One that was sent away comes back, and sends no other away.
    if device.reads_at(tx.now) {
        return store::bring_back(tx.conn, id);
    }
    open_phone_at(tx, id, tx.now, Some(by))
}

/// Whether a survivor's phone in use is hidden from the one that asks. Nothing that it asks for tells of such a one.
pub fn hides_phone(conn: &mut DbConn, who: &Survivor, id: DeviceId, now: Instant) -> Result<bool> {
    let is_in_use = store::list_devices(conn, who.owner)?.iter().any(|row| row.id == id);
    Ok(is_in_use && !list_phones(conn, who, now)?.iter().any(|row| row.id == id))
}

/// Keeps that somebody asks for a phone to be opened without the code word; another person approves it.
pub fn ask_to_open_phone(tx: &mut Tx<'_>, id: DeviceId, by: StaffId) -> Result<()> {
    store::ask_to_open(tx.conn, id, by)
}

/// Lets a phone read from an instant on, and says who of the staff decided that, where anybody did. Where the phones before it
/// were not in the survivor's hands alone, their reads end then.
///
/// # Errors
/// 404 for a phone that there is not.
pub fn open_phone_at(tx: &mut Tx<'_>, id: DeviceId, from: Instant, by: Option<StaffId>) -> Result<()> {
    let device = store::find_device(tx.conn, id)?.ok_or(Error::NotFound)?;
    store::open_device(tx.conn, id, from, by)?;
    if device.old_phone_alone == OldPhone::Yes {
        return Ok(());
    }
    store::send_older_away(tx.conn, device.survivor_id, id, from)
}

/// The phones of a survivor whose place another takes from an instant on.
pub fn list_away_from(conn: &mut DbConn, survivor: SurvivorId, from: Instant) -> Result<Vec<DeviceId>> {
    store::list_away_from(conn, survivor, from)
}

/// The phones of a survivor that nobody confirmed and that are to read by time alone, and who made their codes.
pub fn list_opening_phones(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Vec<(DeviceId, StaffId)>> {
    store::list_opening_devices(conn, survivor, now)
}

/// Has such a phone wait to be confirmed instead; it takes no other's place until then.
///
/// # Errors
/// 404 for a phone that there is not.
pub fn hold_phone(tx: &mut Tx<'_>, id: DeviceId) -> Result<()> {
    let device = store::find_device(tx.conn, id)?.ok_or(Error::NotFound)?;
    if let Some(from) = device.reads_from {
        store::keep_others(tx.conn, device.survivor_id, from)?;
    }
    store::hold_device(tx.conn, id)
}

/// As [`open_phone_at`], for a phone that two people open since the survivor could not say their code word: the word that came with
/// the phone is theirs from then on.
///
/// # Errors
/// 404 for a phone that there is not.
pub fn open_phone_by_two(tx: &mut Tx<'_>, id: DeviceId, from: Instant, by: StaffId) -> Result<()> {
    let device = store::find_device(tx.conn, id)?.ok_or(Error::NotFound)?;
    open_phone_at(tx, id, from, Some(by))?;
    match &device.code_word_hash {
        Some(hash) => code_words::take_over(tx, (device.survivor_id, id), hash, from),
        None => Ok(()),
    }
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

/// The phones of a survivor that are in use, the newest first. Under duress only the one that asks is there. One that came later
/// is there only where the phones before it are in the survivor's hands alone: also once it reads, since it may have opened by time.
pub fn list_phones(conn: &mut DbConn, who: &Survivor, now: Instant) -> Result<Vec<Device>> {
    let mut rows = store::list_devices(conn, who.owner)?;
    // Ids sort by when they were made.
    let is_older = |row: &Device| row.id.0 < who.device.0 && row.reads_at(now);
    let is_shown = |row: &Device| !who.is_under_duress() && (row.old_phone_alone == OldPhone::Yes || is_older(row));
    rows.retain(|row| row.id == who.device || is_shown(row));
    Ok(rows)
}
