//! What administrators do with accounts that are made: looking them up, ending them, letting them begin again.

use diesel::prelude::*;

use crate::audit::records;
use crate::db::schema::{enrolment_codes, police_clients, sessions, staff};
use crate::db::{DbConn, Instant, Json, OrganisationId, PoliceClientId, StaffId, SubjectId, cached};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::{Cursor, PageDsl as _};
use crate::identity::model::{CodeEnd, PoliceClient, SessionKind, StaffQuery, StaffRow};
use crate::tx::Tx;

/// Staff accounts, newest first, as the filters ask.
pub fn list_staff(conn: &mut DbConn, asked: &ListRequest<StaffQuery>) -> Result<Vec<StaffRow>> {
    let mut rows = StaffRow::query().into_boxed();
    if let Some(organisation) = asked.query.organisation_id {
        rows = rows.filter(staff::organisation_id.eq(organisation));
    }
    match asked.query.is_disabled {
        Some(true) => rows = rows.filter(staff::disabled_at.is_not_null()),
        Some(false) => rows = rows.filter(staff::disabled_at.is_null()),
        None => {}
    }
    Ok(rows.page(staff::id, StaffId, asked.after, asked.limit).load(conn)?)
}

/// An account as it is now, held until the transaction ends: nobody else changes it, or signs in to it, meanwhile.
pub fn hold_staff(conn: &mut DbConn, id: StaffId) -> Result<Option<StaffRow>> {
    let held = diesel::update(staff::table.find(id)).set(staff::created_at.eq(staff::created_at));
    match cached(held).execute(conn)? {
        0 => Ok(None),
        _ => Ok(StaffRow::query().find(id).first(conn).optional()?),
    }
}

/// Replaces what the holder of an account may do.
pub fn set_roles(tx: &mut Tx<'_>, account: &StaffRow, roles: &Json) -> Result<()> {
    cached(diesel::update(staff::table.find(account.id)).set(staff::roles.eq(roles))).execute(tx.conn)?;
    records::staff(tx, account.id, [&account.organisation_id.map(|id| id.0), roles]);
    Ok(())
}

/// Takes an account out of use; a setup code that waits for its holder ends.
pub fn disable_staff(conn: &mut DbConn, id: StaffId, now: Instant) -> Result<()> {
    let ended = (
        staff::disabled_at.eq(Some(now)),
        staff::setup_index.eq(None::<Vec<u8>>),
        staff::setup_expires_at.eq(None::<Instant>),
    );
    cached(diesel::update(staff::table.find(id)).set(ended)).execute(conn)?;
    Ok(())
}

/// Lets an account that is out of use wait for its holder as when it was made: no password, no second factor, a new code.
pub fn renew_staff(conn: &mut DbConn, id: StaffId, setup_index: &[u8], expires_at: Instant) -> Result<()> {
    let new = (
        staff::setup_index.eq(Some(setup_index)),
        staff::setup_expires_at.eq(Some(expires_at)),
        staff::password_hash.eq(None::<String>),
        staff::totp_secret.eq(None::<crate::crypto::Sealed>),
        staff::totp_confirmed_at.eq(None::<Instant>),
        staff::totp_last_step.eq(None::<i64>),
    );
    cached(diesel::update(staff::table.find(id)).set(new)).execute(conn)?;
    Ok(())
}

/// Ends the enrolment codes that a member of staff made and that nobody has used.
pub fn end_enrolment_codes(conn: &mut DbConn, made_by: StaffId, now: Instant) -> Result<()> {
    let unused = enrolment_codes::table
        .filter(enrolment_codes::created_by.eq(made_by))
        .filter(enrolment_codes::used_at.is_null())
        .filter(enrolment_codes::expires_at.gt(now));
    let ended = (enrolment_codes::expires_at.eq(now), enrolment_codes::ended_because.eq(Some(CodeEnd::MakerOut)));
    cached(diesel::update(unused).set(ended)).execute(conn)?;
    Ok(())
}

/// Ends every session of an account.
pub fn revoke_sessions(conn: &mut DbConn, account: SubjectId, kind: SessionKind, now: Instant) -> Result<()> {
    let live = sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::kind.eq(kind))
        .filter(sessions::revoked_at.is_null());
    cached(diesel::update(live).set(sessions::revoked_at.eq(Some(now)))).execute(conn)?;
    Ok(())
}

/// Credentials of police systems, newest first; of one force, or all.
pub fn list_police_clients(
    conn: &mut DbConn,
    organisation: Option<OrganisationId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<PoliceClient>> {
    let mut rows = PoliceClient::query().into_boxed();
    if let Some(organisation) = organisation {
        rows = rows.filter(police_clients::organisation_id.eq(organisation));
    }
    Ok(rows.page(police_clients::id, PoliceClientId, after, limit).load(conn)?)
}

/// Ends the credentials of a police system; false when they were ended before.
pub fn revoke_police_client(conn: &mut DbConn, id: PoliceClientId, now: Instant) -> Result<bool> {
    let live = police_clients::table.find(id).filter(police_clients::revoked_at.is_null());
    Ok(cached(diesel::update(live).set(police_clients::revoked_at.eq(Some(now)))).execute(conn)? == 1)
}
