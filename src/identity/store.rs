//! All SQL of identity.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{
    Device, Organisation, OrganisationKind, PoliceClient, RiskChange, Session, SessionKind, SurvivorRow, SurvivorsQuery,
};
use crate::audit::records;
use crate::crypto::reference;
use crate::db::schema::{devices, organisations, police_clients, risk_changes, sessions, survivors};
use crate::db::{
    DbConn, DeviceId, Instant, OrganisationId, PoliceClientId, RiskChangeId, SessionId, StaffId, SubjectId, SurvivorId,
    cached,
};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::Tx;
use uuid::Uuid;

mod accounts;
mod phones;
mod second_person;
mod staff;

pub use accounts::*;
pub use phones::*;
pub use second_person::*;
pub use staff::*;

pub fn insert_organisation(tx: &mut Tx<'_>, row: &Organisation) -> Result<()> {
    records::organisations(tx, row.id, row.version, [&row.name, &row.force_id, &row.duty_desk_phone]);
    diesel::insert_into(organisations::table).values(row.clone()).execute(tx.conn)?;
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
pub fn update_organisation(tx: &mut Tx<'_>, row: &Organisation) -> Result<bool> {
    let same = organisations::table.find(row.id).filter(organisations::version.eq(row.version));
    let changed = diesel::update(same).set((
        organisations::name.eq(&row.name),
        organisations::force_id.eq(&row.force_id),
        organisations::duty_desk_phone.eq(&row.duty_desk_phone),
        organisations::version.eq(row.version + 1),
    ));
    let is_kept = changed.execute(tx.conn)? == 1;
    if is_kept {
        records::organisations(tx, row.id, row.version + 1, [&row.name, &row.force_id, &row.duty_desk_phone]);
    }
    Ok(is_kept)
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

fn bind(tx: &mut Tx<'_>, row: &SurvivorRow) {
    records::survivors(
        tx,
        row.id,
        row.version,
        [
            &row.preferred_name,
            &row.pronouns,
            &row.home_force_id,
            &row.risk_rating.as_str(),
            &row.full_name,
            &row.date_of_birth,
            &row.needs,
        ],
    );
}

pub fn insert_survivor(tx: &mut Tx<'_>, row: SurvivorRow) -> Result<()> {
    bind(tx, &row);
    diesel::insert_into(survivors::table).values(row).execute(tx.conn)?;
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

/// Gives a survivor's record to another support organisation.
pub fn move_survivor(conn: &mut DbConn, id: SurvivorId, to: OrganisationId) -> Result<()> {
    diesel::update(survivors::table.find(id)).set(survivors::organisation_id.eq(to)).execute(conn)?;
    Ok(())
}

/// Closes a survivor's record, or opens it again; false where it is so already.
pub fn set_record_closed(conn: &mut DbConn, id: SurvivorId, closed_at: Option<Instant>) -> Result<bool> {
    let changed = match closed_at {
        Some(at) => diesel::update(survivors::table.find(id).filter(survivors::closed_at.is_null()))
            .set(survivors::closed_at.eq(Some(at)))
            .execute(conn)?,
        None => diesel::update(survivors::table.find(id).filter(survivors::closed_at.is_not_null()))
            .set(survivors::closed_at.eq(None::<Instant>))
            .execute(conn)?,
    };
    Ok(changed == 1)
}

/// Replaces a survivor's row, unless it changed since `version`.
pub fn update_survivor(tx: &mut Tx<'_>, version: i32, row: &SurvivorRow) -> Result<bool> {
    let same = survivors::table.find(row.id).filter(survivors::version.eq(version));
    let changed = cached(diesel::update(same).set((
        survivors::preferred_name.eq(&row.preferred_name),
        survivors::pronouns.eq(&row.pronouns),
        survivors::language.eq(&row.language),
        survivors::home_force_id.eq(&row.home_force_id),
        survivors::risk_rating.eq(row.risk_rating),
        survivors::version.eq(row.version),
        survivors::updated_at.eq(row.updated_at),
        survivors::full_name.eq(&row.full_name),
        survivors::date_of_birth.eq(&row.date_of_birth),
        survivors::needs.eq(&row.needs),
    )))
    .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        bind(tx, row);
    }
    Ok(is_kept)
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

/// These survivors, newest first, as the filters ask.
pub fn list_survivors(
    conn: &mut DbConn,
    ids: Vec<SurvivorId>,
    asked: &ListRequest<SurvivorsQuery>,
) -> Result<Vec<SurvivorRow>> {
    let mut rows = SurvivorRow::query().filter(survivors::id.eq_any(ids)).into_boxed();
    if let Some(reference) = &asked.query.reference {
        rows = rows.filter(survivors::reference.eq(reference::parse("SV", reference).unwrap_or_default()));
    }
    if let Some(rating) = asked.query.risk_rating {
        rows = rows.filter(survivors::risk_rating.eq(rating));
    }
    match asked.query.is_closed {
        Some(true) => rows = rows.filter(survivors::closed_at.is_not_null()),
        Some(false) => rows = rows.filter(survivors::closed_at.is_null()),
        None => {}
    }
    Ok(rows.page(survivors::id, SurvivorId, asked.after, asked.limit).load(conn)?)
}

/// The references for people of some survivors, which name nobody.
pub fn survivor_references(conn: &mut DbConn, ids: Vec<SurvivorId>) -> Result<HashMap<SurvivorId, String>> {
    let rows = survivors::table.filter(survivors::id.eq_any(ids)).select((survivors::id, survivors::reference));
    Ok(rows.load::<(SurvivorId, String)>(conn)?.into_iter().collect())
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

/// Says that a session's PIN was just given; once under duress, always under duress.
pub fn confirm_session(conn: &mut DbConn, id: SessionId, is_duress: bool, now: Instant) -> Result<()> {
    let session = sessions::table.find(id);
    cached(diesel::update(session).set(sessions::pin_at.eq(Some(now)))).execute(conn)?;
    if is_duress {
        cached(diesel::update(session).set(sessions::is_duress.eq(true))).execute(conn)?;
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

/// A survivor's session, its phone, the language of the record, and the decoy, if there is one.
type FoundSession = (Session, Device, String, Option<SurvivorId>);

/// A survivor's session with its phone and their language, in one query: this is on the path of every request.
pub fn find_survivor_session(conn: &mut DbConn, id: SessionId) -> Result<Option<FoundSession>> {
    let decoys = diesel::alias!(survivors as decoys);
    let joined = sessions::table
        .inner_join(devices::table.on(sessions::device_id.eq(devices::id.nullable())))
        .inner_join(survivors::table.on(devices::survivor_id.eq(survivors::id)))
        .left_join(decoys.on(decoys.field(survivors::decoy_of).eq(survivors::id.nullable())));
    let decoy = decoys.field(survivors::id).nullable();
    let parts = (Session::as_select(), Device::as_select(), survivors::language, decoy);
    Ok(joined.filter(sessions::id.eq(id)).select(parts).first(conn).optional()?)
}

/// Moves a session's refresh token on by one generation; false when another call did so first.
pub fn rotate_session(conn: &mut DbConn, id: SessionId, generation: i64, now: Instant) -> Result<bool> {
    let same = sessions::table.find(id).filter(sessions::generation.eq(generation));
    let changed =
        cached(diesel::update(same).set((sessions::generation.eq(generation + 1), sessions::rotated_at.eq(now))))
            .execute(conn)?;
    Ok(changed == 1)
}

pub fn revoke_session(conn: &mut DbConn, id: SessionId, now: Instant) -> Result<()> {
    let live = sessions::table.find(id).filter(sessions::revoked_at.is_null());
    cached(diesel::update(live).set(sessions::revoked_at.eq(Some(now)))).execute(conn)?;
    Ok(())
}

/// The organisation to which decoys belong.
pub(super) const NOBODYS: OrganisationId = OrganisationId(Uuid::from_u128(1));
