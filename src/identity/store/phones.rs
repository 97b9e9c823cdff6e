//! Phones, the codes that enrol them, and the words that their holders are known by.

use diesel::prelude::*;

use crate::db::schema::{code_words, devices, enrolment_codes, survivors};
use crate::db::{CodeWordId, DbConn, DeviceId, EnrolmentCodeId, Instant, StaffId, SurvivorId, cached};
use crate::error::Result;
use crate::identity::code_words::CodeWord;
use crate::identity::model::{CodeEnd, Device, EnrolmentCode, OldPhone};

pub fn insert_enrolment_code(conn: &mut DbConn, row: EnrolmentCode) -> Result<()> {
    diesel::insert_into(enrolment_codes::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_enrolment_code(conn: &mut DbConn, index: &[u8]) -> Result<Option<EnrolmentCode>> {
    Ok(EnrolmentCode::query().filter(enrolment_codes::code_index.eq(index)).first(conn).optional()?)
}

/// Uses a code up; false when it was used, or ended, before.
pub fn use_enrolment_code(conn: &mut DbConn, id: EnrolmentCodeId, now: Instant) -> Result<bool> {
    let unused = enrolment_codes::table.find(id).filter(enrolment_codes::used_at.is_null());
    let unused = unused.filter(enrolment_codes::expires_at.gt(now));
    Ok(cached(diesel::update(unused).set(enrolment_codes::used_at.eq(Some(now)))).execute(conn)? == 1)
}

pub fn insert_device(conn: &mut DbConn, row: Device) -> Result<()> {
    diesel::insert_into(devices::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_device(conn: &mut DbConn, id: DeviceId) -> Result<Option<Device>> {
    Ok(Device::query().find(id).first(conn).optional()?)
}

/// A survivor's phones that are in use.
pub fn list_devices(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<Device>> {
    let live = Device::query().filter(devices::survivor_id.eq(survivor)).filter(devices::revoked_at.is_null());
    Ok(live.order(devices::id.desc()).limit(200).load(conn)?)
}

/// A survivor's phones, those that were revoked too.
pub fn list_all_devices(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<Device>> {
    let known = Device::query().filter(devices::survivor_id.eq(survivor));
    Ok(known.order(devices::id.desc()).limit(200).load(conn)?)
}

/// Revokes a phone; false when it was before.
pub fn revoke_device(conn: &mut DbConn, id: DeviceId, by: Option<StaffId>, now: Instant) -> Result<bool> {
    let live = devices::table.find(id).filter(devices::revoked_at.is_null());
    let revoked = (devices::revoked_at.eq(Some(now)), devices::revoked_by.eq(by));
    Ok(cached(diesel::update(live).set(revoked)).execute(conn)? == 1)
}

/// Keeps who asked for a phone to be opened without the code word.
pub fn ask_to_open(conn: &mut DbConn, id: DeviceId, by: StaffId) -> Result<()> {
    cached(diesel::update(devices::table.find(id)).set(devices::confirm_asked_by.eq(Some(by)))).execute(conn)?;
    Ok(())
}

pub fn forget_pin_failures(conn: &mut DbConn, id: DeviceId) -> Result<()> {
    cached(diesel::update(devices::table.find(id)).set(devices::pin_failures.eq(0))).execute(conn)?;
    Ok(())
}

/// Counts a wrong PIN, also where others are counted at the same moment. Returns how many there are.
pub fn count_pin_failure(conn: &mut DbConn, id: DeviceId) -> Result<i32> {
    let device = devices::table.find(id);
    cached(diesel::update(device).set(devices::pin_failures.eq(devices::pin_failures + 1))).execute(conn)?;
    Ok(device.select(devices::pin_failures).first(conn)?)
}

/// The phones of a survivor that may be notified: those in use whose place no newer one took.
pub fn list_live_devices(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Vec<DeviceId>> {
    let live = devices::table
        .filter(devices::survivor_id.eq(survivor))
        .filter(devices::revoked_at.is_null())
        .filter(devices::away_since.is_null().or(devices::away_since.gt(now)));
    Ok(live.order(devices::id).select(devices::id).load(conn)?)
}

/// The phone of an SOS token, and its survivor's language.
pub fn find_device_by_sos(conn: &mut DbConn, index: &[u8]) -> Result<Option<(Device, String)>> {
    let joined = devices::table.inner_join(survivors::table.on(devices::survivor_id.eq(survivors::id)));
    let parts = (Device::as_select(), survivors::language);
    Ok(joined.filter(devices::sos_index.eq(index)).select(parts).first(conn).optional()?)
}

pub fn find_code(conn: &mut DbConn, id: EnrolmentCodeId) -> Result<Option<EnrolmentCode>> {
    Ok(EnrolmentCode::query().find(id).first(conn).optional()?)
}

/// The latest codes of a survivor, newest first.
pub fn list_enrolment_codes(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<EnrolmentCode>> {
    let made = EnrolmentCode::query().filter(enrolment_codes::survivor_id.eq(survivor));
    Ok(made.order(enrolment_codes::id.desc()).limit(200).load(conn)?)
}

/// When the first code was made since a phone came that the phone is not to see: ids sort by when they were made.
pub fn first_unseen_code(conn: &mut DbConn, survivor: SurvivorId, phone: DeviceId) -> Result<Option<Instant>> {
    let unseen = enrolment_codes::table
        .filter(enrolment_codes::survivor_id.eq(survivor))
        .filter(enrolment_codes::old_phone_alone.ne(OldPhone::Yes))
        .filter(enrolment_codes::id.gt(EnrolmentCodeId(phone.0)));
    Ok(unseen.order(enrolment_codes::id).select(enrolment_codes::created_at).first(conn).optional()?)
}

/// Ends one code; false when it could not be used any more.
pub fn end_code(conn: &mut DbConn, id: EnrolmentCodeId, why: CodeEnd, now: Instant) -> Result<bool> {
    let waiting = enrolment_codes::table.find(id).filter(enrolment_codes::used_at.is_null());
    let waiting = waiting.filter(enrolment_codes::expires_at.gt(now));
    let ended = (enrolment_codes::expires_at.eq(now), enrolment_codes::ended_because.eq(Some(why)));
    Ok(cached(diesel::update(waiting).set(ended)).execute(conn)? == 1)
}

/// Ends the codes of a survivor that can still be used.
pub fn end_codes_of(conn: &mut DbConn, survivor: SurvivorId, why: CodeEnd, now: Instant) -> Result<()> {
    let waiting = enrolment_codes::table
        .filter(enrolment_codes::survivor_id.eq(survivor))
        .filter(enrolment_codes::used_at.is_null())
        .filter(enrolment_codes::expires_at.gt(now));
    let ended = (enrolment_codes::expires_at.eq(now), enrolment_codes::ended_because.eq(Some(why)));
    cached(diesel::update(waiting).set(ended)).execute(conn)?;
    Ok(())
}

/// Ends the codes of a survivor that a member of staff made and that can still be used.
pub fn end_codes_by(
    conn: &mut DbConn,
    (survivor, made_by): (SurvivorId, StaffId),
    why: CodeEnd,
    now: Instant,
) -> Result<()> {
    let waiting = enrolment_codes::table
        .filter(enrolment_codes::survivor_id.eq(survivor))
        .filter(enrolment_codes::created_by.eq(made_by))
        .filter(enrolment_codes::used_at.is_null())
        .filter(enrolment_codes::expires_at.gt(now));
    let ended = (enrolment_codes::expires_at.eq(now), enrolment_codes::ended_because.eq(Some(why)));
    cached(diesel::update(waiting).set(ended)).execute(conn)?;
    Ok(())
}

/// Says from when a phone reads, and who confirmed it.
pub fn open_device(conn: &mut DbConn, id: DeviceId, from: Instant, by: Option<StaffId>) -> Result<()> {
    let opened = (
        devices::reads_from.eq(Some(from)),
        devices::confirmed_by.eq(by),
        devices::confirm_asked_by.eq(None::<StaffId>),
        devices::away_since.eq(None::<Instant>),
    );
    cached(diesel::update(devices::table.find(id)).set(opened)).execute(conn)?;
    Ok(())
}

/// Answers the reads of the phones that came before one as if the service were away, from an instant on; of those too that wait
/// to read. Ids sort by when they were made.
pub fn send_older_away(conn: &mut DbConn, survivor: SurvivorId, than: DeviceId, from: Instant) -> Result<()> {
    let others = devices::table
        .filter(devices::survivor_id.eq(survivor))
        .filter(devices::id.lt(than))
        .filter(devices::revoked_at.is_null())
        .filter(devices::away_since.is_null().or(devices::away_since.gt(from)));
    cached(diesel::update(others).set(devices::away_since.eq(Some(from)))).execute(conn)?;
    Ok(())
}

/// The phones of a survivor in use that are sent away from an instant on.
pub fn list_away_from(conn: &mut DbConn, survivor: SurvivorId, from: Instant) -> Result<Vec<DeviceId>> {
    let away = devices::table
        .filter(devices::survivor_id.eq(survivor))
        .filter(devices::revoked_at.is_null())
        .filter(devices::away_since.eq(from));
    Ok(away.order(devices::id).select(devices::id).load(conn)?)
}

/// Leaves the phones alone that were to be sent away at an instant which is still to come.
pub fn keep_others(conn: &mut DbConn, survivor: SurvivorId, from: Instant) -> Result<()> {
    let others = devices::table.filter(devices::survivor_id.eq(survivor)).filter(devices::away_since.eq(from));
    cached(diesel::update(others).set(devices::away_since.eq(None::<Instant>))).execute(conn)?;
    Ok(())
}

/// The phones of a survivor that are to read by time alone, and who made their codes.
pub fn list_opening_devices(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Vec<(DeviceId, StaffId)>> {
    let opening = devices::table
        .filter(devices::survivor_id.eq(survivor))
        .filter(devices::revoked_at.is_null())
        .filter(devices::confirmed_by.is_null())
        .filter(devices::reads_from.gt(now));
    Ok(opening.order(devices::id).select((devices::id, devices::code_by)).load(conn)?)
}

/// Has a phone wait until somebody says from when it reads.
pub fn hold_device(conn: &mut DbConn, id: DeviceId) -> Result<()> {
    let waits = devices::reads_from.eq(None::<Instant>);
    cached(diesel::update(devices::table.find(id)).set(waits)).execute(conn)?;
    Ok(())
}

/// Lets a phone read again that was sent away.
pub fn bring_back(conn: &mut DbConn, id: DeviceId) -> Result<()> {
    let back = (devices::away_since.eq(None::<Instant>), devices::confirm_asked_by.eq(None::<StaffId>));
    cached(diesel::update(devices::table.find(id)).set(back)).execute(conn)?;
    Ok(())
}

/// Ends the SOS token of a phone that was revoked; false when it had ended before.
pub fn end_sos(conn: &mut DbConn, id: DeviceId, now: Instant) -> Result<bool> {
    let live =
        devices::table.find(id).filter(devices::revoked_at.is_not_null()).filter(devices::sos_ended_at.is_null());
    Ok(cached(diesel::update(live).set(devices::sos_ended_at.eq(Some(now)))).execute(conn)? == 1)
}

pub fn set_pin(conn: &mut DbConn, id: DeviceId, hash: &str) -> Result<()> {
    cached(diesel::update(devices::table.find(id)).set(devices::pin_hash.eq(hash))).execute(conn)?;
    Ok(())
}

pub fn set_duress_pin(conn: &mut DbConn, id: DeviceId, hash: &str) -> Result<()> {
    cached(diesel::update(devices::table.find(id)).set(devices::duress_pin_hash.eq(Some(hash)))).execute(conn)?;
    Ok(())
}

/// Keeps a further PIN that opens what the duress PIN opens; none takes away that there is one.
pub fn set_shown_duress_pin(conn: &mut DbConn, id: DeviceId, hash: Option<&str>) -> Result<()> {
    cached(diesel::update(devices::table.find(id)).set(devices::shown_duress_pin_hash.eq(hash))).execute(conn)?;
    Ok(())
}

pub fn insert_code_word(conn: &mut DbConn, row: CodeWord) -> Result<()> {
    diesel::insert_into(code_words::table).values(row).execute(conn)?;
    Ok(())
}

/// Throws away the code words, or the danger words, that have yet to count, of phones that read.
pub fn give_up_code_words(conn: &mut DbConn, survivor: SurvivorId, is_danger: bool, now: Instant) -> Result<()> {
    let reading: Vec<DeviceId> = devices::table
        .filter(devices::survivor_id.eq(survivor))
        .filter(devices::reads_from.le(now))
        .select(devices::id)
        .load(conn)?;
    let waiting = code_words::table
        .filter(code_words::survivor_id.eq(survivor))
        .filter(code_words::is_danger.eq(is_danger))
        .filter(code_words::device_id.eq_any(reading));
    diesel::delete(waiting.filter(code_words::effective_at.gt(now))).execute(conn)?;
    Ok(())
}

/// Puts another hash of the same code word in the place of one.
pub fn renew_code_word(conn: &mut DbConn, id: CodeWordId, old: &str, new: &str) -> Result<()> {
    let same = code_words::table.find(id).filter(code_words::word_hash.eq(old));
    cached(diesel::update(same).set(code_words::word_hash.eq(new))).execute(conn)?;
    Ok(())
}
