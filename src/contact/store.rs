//! All SQL of contact.

use diesel::prelude::*;

use super::model::{AnswerRow, PlanRow, PushRow, StaffContactRow, TrustedRow};
use crate::audit::records;
use crate::db::schema::{contact_answers, push_registrations, safe_contact_plans, staff_contacts, trusted_contacts};
use crate::db::{
    DbConn, DeviceId, Instant, PushRegistrationId, SafeContactPlanId, StaffContactId, StaffId, SurvivorId,
    TrustedContactId,
};
use crate::error::Result;
use crate::tx::Tx;

pub fn insert_plan(tx: &mut Tx<'_>, row: PlanRow) -> Result<()> {
    records::safe_contact_plans(tx, row.id, row.version, [&row.plan]);
    diesel::insert_into(safe_contact_plans::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The plan of a survivor that counts at an instant.
pub fn find_plan(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Option<PlanRow>> {
    let versions = PlanRow::query()
        .filter(safe_contact_plans::survivor_id.eq(survivor))
        .filter(safe_contact_plans::starts_at.le(now));
    Ok(versions.order(safe_contact_plans::version.desc()).first(conn).optional()?)
}

/// The newest version of a survivor's plan, which may have yet to count.
pub fn find_newest_plan(conn: &mut DbConn, survivor: SurvivorId) -> Result<Option<PlanRow>> {
    let versions = PlanRow::query().filter(safe_contact_plans::survivor_id.eq(survivor));
    Ok(versions.order(safe_contact_plans::version.desc()).first(conn).optional()?)
}

/// Lets a version count from now on, since somebody heard the survivor's code word.
pub fn confirm_plan(conn: &mut DbConn, id: SafeContactPlanId, by: StaffId, now: Instant) -> Result<()> {
    let confirmed = (safe_contact_plans::starts_at.eq(now), safe_contact_plans::confirmed_by.eq(Some(by)));
    diesel::update(safe_contact_plans::table.find(id)).set(confirmed).execute(conn)?;
    Ok(())
}

pub fn insert_answer(conn: &mut DbConn, row: AnswerRow) -> Result<()> {
    diesel::insert_into(contact_answers::table).values(row).execute(conn)?;
    Ok(())
}

/// What a survivor said last about being contacted.
pub fn find_answer(conn: &mut DbConn, survivor: SurvivorId) -> Result<Option<AnswerRow>> {
    let said = AnswerRow::query().filter(contact_answers::survivor_id.eq(survivor));
    Ok(said.order((contact_answers::said_at.desc(), contact_answers::id.desc())).first(conn).optional()?)
}

pub fn insert_push(conn: &mut DbConn, row: PushRow) -> Result<()> {
    diesel::insert_into(push_registrations::table).values(row).execute(conn)?;
    Ok(())
}

/// The live registrations of a survivor's phones.
pub fn list_push(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<PushRow>> {
    let live = PushRow::query()
        .filter(push_registrations::survivor_id.eq(survivor))
        .filter(push_registrations::ended_at.is_null());
    Ok(live.order(push_registrations::id).load(conn)?)
}

/// Ends the live registration of a phone; false where there is none.
pub fn end_push_of(conn: &mut DbConn, device: DeviceId, why: &str, now: Instant) -> Result<bool> {
    let live = push_registrations::table
        .filter(push_registrations::device_id.eq(device))
        .filter(push_registrations::ended_at.is_null());
    let ended = (push_registrations::ended_at.eq(Some(now)), push_registrations::ended_why.eq(Some(why)));
    Ok(diesel::update(live).set(ended).execute(conn)? > 0)
}

/// Ends one registration, unless it has ended already.
pub fn end_push(conn: &mut DbConn, id: PushRegistrationId, why: &str, now: Instant) -> Result<()> {
    let live = push_registrations::table.find(id).filter(push_registrations::ended_at.is_null());
    let ended = (push_registrations::ended_at.eq(Some(now)), push_registrations::ended_why.eq(Some(why)));
    diesel::update(live).set(ended).execute(conn)?;
    Ok(())
}

pub fn insert_trusted(conn: &mut DbConn, row: TrustedRow) -> Result<()> {
    diesel::insert_into(trusted_contacts::table).values(row).execute(conn)?;
    Ok(())
}

/// The trusted contact that counts at an instant.
pub fn find_trusted(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Option<TrustedRow>> {
    let counting = TrustedRow::query()
        .filter(trusted_contacts::survivor_id.eq(survivor))
        .filter(trusted_contacts::removed_at.is_null())
        .filter(trusted_contacts::starts_at.le(now));
    Ok(counting.order((trusted_contacts::starts_at.desc(), trusted_contacts::id.desc())).first(conn).optional()?)
}

/// The trusted contact that is named and has yet to count.
pub fn find_trusted_to_come(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Option<TrustedRow>> {
    let to_come = TrustedRow::query()
        .filter(trusted_contacts::survivor_id.eq(survivor))
        .filter(trusted_contacts::removed_at.is_null())
        .filter(trusted_contacts::starts_at.gt(now));
    Ok(to_come.order(trusted_contacts::id.desc()).first(conn).optional()?)
}

/// Every trusted contact that a survivor has and had, newest first.
pub fn list_trusted(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<TrustedRow>> {
    let all = TrustedRow::query().filter(trusted_contacts::survivor_id.eq(survivor));
    Ok(all.order((trusted_contacts::created_at.desc(), trusted_contacts::id.desc())).load(conn)?)
}

/// Whether a trusted contact was named or removed since.
pub fn has_changed_since(conn: &mut DbConn, survivor: SurvivorId, since: Instant) -> Result<bool> {
    let changed = trusted_contacts::table.filter(trusted_contacts::survivor_id.eq(survivor)).filter(
        trusted_contacts::created_at.ge(since).or(trusted_contacts::removed_at
            .is_not_null()
            .and(trusted_contacts::removed_at.assume_not_null().ge(since))),
    );
    Ok(changed.count().get_result::<i64>(conn)? > 0)
}

/// Ends one.
pub fn remove_trusted(conn: &mut DbConn, id: TrustedContactId, now: Instant) -> Result<()> {
    diesel::update(trusted_contacts::table.find(id)).set(trusted_contacts::removed_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

/// Lets one count from now on, since somebody heard the survivor's code word.
pub fn confirm_trusted(conn: &mut DbConn, id: TrustedContactId, by: StaffId, now: Instant) -> Result<()> {
    let confirmed = (trusted_contacts::starts_at.eq(now), trusted_contacts::confirmed_by.eq(Some(by)));
    diesel::update(trusted_contacts::table.find(id)).set(confirmed).execute(conn)?;
    Ok(())
}

pub fn find_staff(conn: &mut DbConn, staff: StaffId) -> Result<Option<StaffContactRow>> {
    Ok(StaffContactRow::query().filter(staff_contacts::staff_id.eq(staff)).first(conn).optional()?)
}

/// Forgets how a member of staff is notified.
pub fn delete_staff(tx: &mut Tx<'_>, staff: StaffId) -> Result<()> {
    let theirs = staff_contacts::table.filter(staff_contacts::staff_id.eq(staff));
    let gone: Vec<StaffContactId> = theirs.select(staff_contacts::id).load(tx.conn)?;
    for id in gone {
        diesel::delete(staff_contacts::table.find(id)).execute(tx.conn)?;
        records::gone(tx, "staff_contacts", id);
    }
    Ok(())
}

/// Keeps how a member of staff is notified, in the place of what was known before.
pub fn put_staff(tx: &mut Tx<'_>, row: StaffContactRow) -> Result<()> {
    delete_staff(tx, row.staff_id)?;
    records::staff_contacts(tx, row.id, row.version, [&row.email, &row.phone]);
    diesel::insert_into(staff_contacts::table).values(row).execute(tx.conn)?;
    Ok(())
}
