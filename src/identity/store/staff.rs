//! Staff accounts: who holds which role and can sign in, and setting an account up.

use diesel::prelude::*;

use crate::audit::records;
use crate::crypto::Sealed;
use crate::db::schema::{organisations, staff};
use crate::db::{DbConn, Instant, Json, OrganisationId, StaffId, SubjectId, cached};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};
use crate::identity::model::{OrganisationKind, Role, StaffRow};
use crate::tx::Tx;

pub fn insert_staff(tx: &mut Tx<'_>, row: StaffRow) -> Result<()> {
    records::staff(tx, row.id, [&row.organisation_id.map(|id| id.0), &row.roles]);
    diesel::insert_into(staff::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Whether there is such an account, live or not.
pub fn staff_exists(conn: &mut DbConn, id: StaffId) -> Result<bool> {
    Ok(staff::table.find(id).count().get_result::<i64>(conn)? > 0)
}

pub fn find_staff_by_username(conn: &mut DbConn, index: &[u8]) -> Result<Option<StaffRow>> {
    Ok(StaffRow::query().filter(staff::username_index.eq(index)).first(conn).optional()?)
}

/// The sealed names of some staff.
pub fn list_usernames(conn: &mut DbConn, ids: Vec<StaffId>) -> Result<Vec<(StaffId, Sealed)>> {
    Ok(staff::table.filter(staff::id.eq_any(ids)).select((staff::id, staff::username)).load(conn)?)
}

pub fn find_staff_by_setup(conn: &mut DbConn, index: &[u8]) -> Result<Option<StaffRow>> {
    Ok(StaffRow::query().filter(staff::setup_index.eq(index)).first(conn).optional()?)
}

/// Those of some members of staff who can sign in, in their order: their accounts are set up, and not out of use.
pub fn enabled_among(conn: &mut DbConn, ids: &[StaffId]) -> Result<Vec<StaffId>> {
    Ok(enabled(conn, ids)?.into_iter().map(|(id, _)| id).collect())
}

/// Those of them who hold a role that works with records.
pub fn working_among(conn: &mut DbConn, ids: &[StaffId]) -> Result<Vec<StaffId>> {
    let works = |roles: &[Role]| roles.iter().any(|role| role.works_with_records());
    Ok(enabled(conn, ids)?.into_iter().filter(|(_, roles)| works(roles)).map(|(id, _)| id).collect())
}

fn enabled(conn: &mut DbConn, ids: &[StaffId]) -> Result<Vec<(StaffId, Vec<Role>)>> {
    let mut enabled = Vec::with_capacity(ids.len());
    // One by one: they are few, and a statement of the same words each time is compiled once.
    for id in ids {
        let live =
            staff::table.find(id).filter(staff::disabled_at.is_null()).filter(staff::password_hash.is_not_null());
        if let Some(roles) = live.select(staff::roles).first::<Json>(conn).optional()? {
            enabled.push((*id, roles.read()?));
        }
    }
    Ok(enabled)
}

/// The staff of an organisation, or those among them who are named, newest account first.
pub fn list_staff_of(
    conn: &mut DbConn,
    organisation: OrganisationId,
    only: Option<Vec<StaffId>>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<StaffRow>> {
    let mut rows = StaffRow::query().filter(staff::organisation_id.eq(organisation)).into_boxed();
    if let Some(only) = only {
        rows = rows.filter(staff::id.eq_any(only));
    }
    Ok(rows.page(staff::id, StaffId, after, limit).load(conn)?)
}

/// Live staff of an organisation who hold a role, oldest account first.
pub fn list_staff_with_role(conn: &mut DbConn, organisation: OrganisationId, role: Role) -> Result<Vec<StaffId>> {
    let rows: Vec<StaffRow> = StaffRow::query()
        .filter(staff::organisation_id.eq(organisation))
        .filter(staff::disabled_at.is_null())
        .order(staff::id)
        .load(conn)?;
    let mut holders = Vec::new();
    for row in rows {
        if row.roles()?.contains(&role) {
            holders.push(row.id);
        }
    }
    Ok(holders)
}

/// How many administrators there are whose accounts are not out of use.
pub fn count_administrators(conn: &mut DbConn) -> Result<usize> {
    let rows: Vec<Json> = staff::table.filter(staff::disabled_at.is_null()).select(staff::roles).load(conn)?;
    let mut count = 0;
    for roles in rows {
        count += usize::from(roles.read::<Vec<Role>>()?.contains(&Role::Administrator));
    }
    Ok(count)
}

/// Live administrators who set up an organisation: those of none, and its own; oldest account first.
pub fn list_administrators(conn: &mut DbConn, organisation: OrganisationId) -> Result<Vec<StaffId>> {
    let rows: Vec<StaffRow> = StaffRow::query()
        .filter(staff::organisation_id.is_null().or(staff::organisation_id.eq(organisation)))
        .filter(staff::disabled_at.is_null())
        .order(staff::id)
        .load(conn)?;
    let mut administrators = Vec::new();
    for row in rows {
        if row.roles()?.contains(&Role::Administrator) {
            administrators.push(row.id);
        }
    }
    Ok(administrators)
}

/// The live officer of a force with this username (given as its blind index).
pub fn find_police_officer(
    conn: &mut DbConn,
    organisation: OrganisationId,
    username_index: &[u8],
) -> Result<Option<StaffId>> {
    let row: Option<StaffRow> = StaffRow::query()
        .filter(staff::username_index.eq(username_index))
        .filter(staff::organisation_id.eq(organisation))
        .filter(staff::disabled_at.is_null())
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    Ok(row.roles()?.contains(&Role::Police).then_some(row.id))
}

/// Sets the password and, where one was made, the second factor; true unless the code was used, or replaced, meanwhile.
pub fn finish_setup(
    conn: &mut DbConn,
    (id, setup_index): (StaffId, &[u8]),
    password_hash: &str,
    totp: Option<Sealed>,
) -> Result<bool> {
    let open = staff::table.find(id).filter(staff::setup_index.eq(setup_index));
    let changed = cached(diesel::update(open).set((
        staff::password_hash.eq(Some(password_hash)),
        staff::totp_secret.eq(totp),
        staff::setup_index.eq(None::<Vec<u8>>),
        staff::setup_expires_at.eq(None::<Instant>),
        staff::disabled_at.eq(None::<Instant>),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Puts another hash of the same password in the place of one, for an account that is held.
pub fn renew_password(conn: &mut DbConn, id: StaffId, hash: &str) -> Result<()> {
    cached(diesel::update(staff::table.find(id)).set(staff::password_hash.eq(Some(hash)))).execute(conn)?;
    Ok(())
}

pub fn set_second_factor(conn: &mut DbConn, id: StaffId, secret: Sealed) -> Result<bool> {
    let open = staff::table.find(id).filter(staff::totp_confirmed_at.is_null());
    Ok(cached(diesel::update(open).set(staff::totp_secret.eq(Some(secret)))).execute(conn)? == 1)
}

/// Notes that the code of a time step was used; false when that step, or a later one, was used before.
pub fn use_totp_step(conn: &mut DbConn, id: StaffId, step: i64, now: Instant) -> Result<bool> {
    let unused = staff::table.find(id).filter(staff::totp_last_step.is_null().or(staff::totp_last_step.lt(step)));
    let changed = cached(
        diesel::update(unused).set((staff::totp_last_step.eq(Some(step)), staff::totp_confirmed_at.eq(Some(now)))),
    )
    .execute(conn)?;
    Ok(changed == 1)
}

/// A member of staff by id.
pub fn find_staff(conn: &mut DbConn, id: StaffId) -> Result<Option<StaffRow>> {
    Ok(StaffRow::query().find(id).first(conn).optional()?)
}

/// Whether the account of a session may still act, as far as the session alone does not tell.
pub fn find_live_staff(conn: &mut DbConn, account: SubjectId) -> Result<Option<(StaffRow, Option<OrganisationKind>)>> {
    let joined =
        staff::table.left_join(organisations::table.on(staff::organisation_id.eq(organisations::id.nullable())));
    let live = joined.filter(staff::id.eq(StaffId(account.0))).filter(staff::disabled_at.is_null());
    Ok(live.select((StaffRow::as_select(), organisations::kind.nullable())).first(conn).optional()?)
}
