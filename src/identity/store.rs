//! All SQL of identity.

use diesel::prelude::*;

use super::decoy::NOBODYS;
use super::model::{
    Device, EnrolmentCode, Organisation, OrganisationKind, PoliceClient, Session, SessionKind, SurvivorRow,
};
use super::risk::RiskChange;
use crate::db::schema::{devices, enrolment_codes, organisations, police_clients, risk_changes, sessions, survivors};
use crate::db::{
    DbConn, DeviceId, EnrolmentCodeId, Instant, OrganisationId, PoliceClientId, RiskChangeId, SessionId, StaffId,
    SubjectId, SurvivorId, kept,
};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};

mod accounts;
mod second_person;
mod staff;

pub use accounts::*;
pub use second_person::*;
pub use staff::*;

pub fn insert_organisation(conn: &mut DbConn, row: &Organisation) -> Result<()> {
    diesel::insert_into(organisations::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Whether there is an organisation, that of the decoys included.
pub fn has_organisation(conn: &mut DbConn, id: OrganisationId) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(organisations::table.find(id))).get_result(conn)?)
}

/// An organisation by id. That of the decoys is nobody's to find.
pub fn find_organisation(conn: &mut DbConn, id: OrganisationId) -> Result<Option<Organisation>> {
    let known = Organisation::query().filter(organisations::id.eq(id)).filter(organisations::id.ne(NOBODYS));
    Ok(known.first(conn).optional()?)
}

/// All organisations of a kind, oldest first.
pub fn list_organisations(conn: &mut DbConn, kind: OrganisationKind) -> Result<Vec<Organisation>> {
    let known = Organisation::query().filter(organisations::kind.eq(kind)).filter(organisations::id.ne(NOBODYS));
    Ok(known.order(organisations::id).load(conn)?)
}

/// Organisations of every kind, newest first.
pub fn page_organisations(conn: &mut DbConn, after: Option<Cursor>, limit: i64) -> Result<Vec<Organisation>> {
    let rows = Organisation::query().filter(organisations::id.ne(NOBODYS)).into_boxed();
    Ok(rows.page(organisations::id, OrganisationId, after, limit).load(conn)?)
}

/// Replaces what an administrator can correct, unless it changed since it was read.
pub fn update_organisation(conn: &mut DbConn, row: &Organisation) -> Result<bool> {
    let same = organisations::table.find(row.id).filter(organisations::version.eq(row.version));
    let changed = diesel::update(same).set((
        organisations::name.eq(&row.name),
        organisations::force_id.eq(&row.force_id),
        organisations::duty_desk_phone.eq(&row.duty_desk_phone),
        organisations::version.eq(row.version + 1),
    ));
    Ok(changed.execute(conn)? == 1)
}

/// The force with an id; the first one made, should there be several.
pub fn find_force(conn: &mut DbConn, force_id: &str) -> Result<Option<Organisation>> {
    let forces = Organisation::query()
        .filter(organisations::kind.eq(OrganisationKind::PoliceForce))
        .filter(organisations::force_id.eq(force_id));
    Ok(forces.order(organisations::id).first(conn).optional()?)
}

/// The home forces of survivors, each once: of one support organisation, or all.
pub fn list_home_forces(conn: &mut DbConn, organisation: Option<OrganisationId>) -> Result<Vec<String>> {
    let mut rows = survivors::table.select(survivors::home_force_id).distinct().into_boxed();
    if let Some(organisation) = organisation {
        rows = rows.filter(survivors::organisation_id.eq(organisation));
    }
    Ok(rows.load(conn)?)
}

pub fn insert_survivor(conn: &mut DbConn, row: SurvivorRow) -> Result<()> {
    diesel::insert_into(survivors::table).values(row).execute(conn)?;
    Ok(())
}

/// A survivor by id. For rules that need risk, force or organisation; reading for a person goes through `access`.
pub fn find_survivor(conn: &mut DbConn, id: SurvivorId) -> Result<Option<SurvivorRow>> {
    Ok(SurvivorRow::query().find(id).first(conn).optional()?)
}

/// Makes others who would lock the same survivor's record wait until this transaction ends.
pub fn lock_survivor(conn: &mut DbConn, id: SurvivorId) -> Result<()> {
    diesel::update(survivors::table.find(id)).set(survivors::version.eq(survivors::version)).execute(conn)?;
    Ok(())
}

/// A survivor by reference.
pub fn find_survivor_by_reference(conn: &mut DbConn, reference: &str) -> Result<Option<SurvivorRow>> {
    let known = SurvivorRow::query().filter(survivors::reference.eq(reference)).filter(survivors::decoy_of.is_null());
    Ok(known.first(conn).optional()?)
}

/// Replaces a survivor's row, unless it changed since `version`.
pub fn update_survivor(conn: &mut DbConn, version: i32, row: &SurvivorRow) -> Result<bool> {
    let same = survivors::table.find(row.id).filter(survivors::version.eq(version));
    let changed = kept(diesel::update(same).set((
        survivors::preferred_name.eq(&row.preferred_name),
        survivors::pronouns.eq(&row.pronouns),
        survivors::language.eq(&row.language),
        survivors::home_force_id.eq(&row.home_force_id),
        survivors::risk_rating.eq(row.risk_rating),
        survivors::version.eq(row.version),
        survivors::updated_at.eq(row.updated_at),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}

pub fn insert_risk_change(conn: &mut DbConn, row: RiskChange) -> Result<()> {
    diesel::insert_into(risk_changes::table).values(row).execute(conn)?;
    Ok(())
}

/// The changes of a survivor's rating, newest first. Reading for a person goes through `access`.
pub fn list_risk_changes(
    conn: &mut DbConn,
    survivor: SurvivorId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<RiskChange>> {
    let rows = RiskChange::query().filter(risk_changes::survivor_id.eq(survivor)).into_boxed();
    Ok(rows.page(risk_changes::id, RiskChangeId, after, limit).load(conn)?)
}

pub fn set_code_word(conn: &mut DbConn, id: SurvivorId, hash: &str) -> Result<()> {
    kept(diesel::update(survivors::table.find(id)).set(survivors::code_word_hash.eq(Some(hash)))).execute(conn)?;
    Ok(())
}

/// Puts another hash of the same code word in the place of one; nothing where the word was changed meanwhile.
pub fn renew_code_word(conn: &mut DbConn, id: SurvivorId, old: &str, new: &str) -> Result<()> {
    let same = survivors::table.find(id).filter(survivors::code_word_hash.eq(Some(old)));
    kept(diesel::update(same).set(survivors::code_word_hash.eq(Some(new)))).execute(conn)?;
    Ok(())
}

/// These survivors, newest first.
pub fn list_survivors(
    conn: &mut DbConn,
    ids: Vec<SurvivorId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<SurvivorRow>> {
    let rows = SurvivorRow::query().filter(survivors::id.eq_any(ids)).into_boxed();
    Ok(rows.page(survivors::id, SurvivorId, after, limit).load(conn)?)
}

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
    Ok(kept(diesel::update(unused).set(enrolment_codes::used_at.eq(Some(now)))).execute(conn)? == 1)
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
pub fn revoke_device(conn: &mut DbConn, id: DeviceId, now: Instant) -> Result<bool> {
    let live = devices::table.find(id).filter(devices::revoked_at.is_null());
    Ok(kept(diesel::update(live).set(devices::revoked_at.eq(Some(now)))).execute(conn)? == 1)
}

/// Ends every session of a phone; there need be none.
pub fn revoke_sessions_of(conn: &mut DbConn, survivor: SurvivorId, device: DeviceId, now: Instant) -> Result<()> {
    let live = sessions::table
        .filter(sessions::account_id.eq(SubjectId::from(survivor)))
        .filter(sessions::device_id.eq(device))
        .filter(sessions::revoked_at.is_null());
    diesel::update(live).set(sessions::revoked_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

pub fn set_pin_failures(conn: &mut DbConn, id: DeviceId, failures: i32) -> Result<()> {
    kept(diesel::update(devices::table.find(id)).set(devices::pin_failures.eq(failures))).execute(conn)?;
    Ok(())
}

/// Says that a session's PIN was just given; once under duress, always under duress.
pub fn confirm_session(conn: &mut DbConn, id: SessionId, is_duress: bool, now: Instant) -> Result<()> {
    let session = sessions::table.find(id);
    kept(diesel::update(session).set(sessions::pin_at.eq(Some(now)))).execute(conn)?;
    if is_duress {
        kept(diesel::update(session).set(sessions::is_duress.eq(true))).execute(conn)?;
    }
    Ok(())
}

/// Begins to hide the survivor's side from every session of a member of staff that is open.
pub fn set_in_session(conn: &mut DbConn, staff: StaffId, now: Instant) -> Result<()> {
    let open = sessions::table
        .filter(sessions::account_id.eq(SubjectId::from(staff)))
        .filter(sessions::kind.eq(SessionKind::Staff))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::in_session_at.is_null());
    diesel::update(open).set(sessions::in_session_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

/// Ends that for one session, whose holder has given their credentials again.
pub fn clear_in_session(conn: &mut DbConn, id: SessionId) -> Result<()> {
    diesel::update(sessions::table.find(id)).set(sessions::in_session_at.eq(None::<Instant>)).execute(conn)?;
    Ok(())
}

/// The phones of a survivor that are in use.
pub fn list_live_devices(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<DeviceId>> {
    let live = devices::table.filter(devices::survivor_id.eq(survivor)).filter(devices::revoked_at.is_null());
    Ok(live.order(devices::id).select(devices::id).load(conn)?)
}

/// The phone of an SOS token, and its survivor's language.
pub fn find_device_by_sos(conn: &mut DbConn, index: &[u8]) -> Result<Option<(Device, String)>> {
    let joined = devices::table.inner_join(survivors::table.on(devices::survivor_id.eq(survivors::id)));
    let parts = (Device::as_select(), survivors::language);
    Ok(joined.filter(devices::sos_index.eq(index)).select(parts).first(conn).optional()?)
}

pub fn insert_police_client(conn: &mut DbConn, row: PoliceClient) -> Result<()> {
    diesel::insert_into(police_clients::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_police_client(conn: &mut DbConn, id: PoliceClientId) -> Result<Option<PoliceClient>> {
    Ok(PoliceClient::query().find(id).first(conn).optional()?)
}

pub fn insert_session(conn: &mut DbConn, row: Session) -> Result<()> {
    diesel::insert_into(sessions::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_session(conn: &mut DbConn, id: SessionId) -> Result<Option<Session>> {
    Ok(Session::query().find(id).first(conn).optional()?)
}

/// A survivor's session with its phone and their language, in one query: this stands on the path of every request.
pub fn find_survivor_session(conn: &mut DbConn, id: SessionId) -> Result<Option<(Session, Device, String)>> {
    let joined = sessions::table
        .inner_join(devices::table.on(sessions::device_id.eq(devices::id.nullable())))
        .inner_join(survivors::table.on(devices::survivor_id.eq(survivors::id)));
    let parts = (Session::as_select(), Device::as_select(), survivors::language);
    Ok(joined.filter(sessions::id.eq(id)).select(parts).first(conn).optional()?)
}

/// Moves a session's refresh token on by one generation; false when another call did so first.
pub fn rotate_session(conn: &mut DbConn, id: SessionId, generation: i64, now: Instant) -> Result<bool> {
    let same = sessions::table.find(id).filter(sessions::generation.eq(generation));
    let changed =
        kept(diesel::update(same).set((sessions::generation.eq(generation + 1), sessions::rotated_at.eq(now))))
            .execute(conn)?;
    Ok(changed == 1)
}

pub fn revoke_session(conn: &mut DbConn, id: SessionId, now: Instant) -> Result<()> {
    let live = sessions::table.find(id).filter(sessions::revoked_at.is_null());
    kept(diesel::update(live).set(sessions::revoked_at.eq(Some(now)))).execute(conn)?;
    Ok(())
}
