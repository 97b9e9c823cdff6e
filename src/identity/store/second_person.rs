//! What waits for a second person.

use diesel::prelude::*;

use crate::db::schema::{organisations, second_person_requests, staff, survivors};
use crate::db::{DbConn, Instant, SecondPersonRequestId, StaffId, SubjectId, SurvivorId, cached};
use crate::error::Result;
use crate::identity::model::{OrganisationKind, StaffRow};
use crate::identity::second_person::SecondPersonRequestRow;

pub fn insert_request(conn: &mut DbConn, row: SecondPersonRequestRow) -> Result<()> {
    diesel::insert_into(second_person_requests::table).values(row).execute(conn)?;
    Ok(())
}

/// What waits about a subject.
pub fn find_request(conn: &mut DbConn, subject: SubjectId) -> Result<Option<SecondPersonRequestRow>> {
    let waiting = SecondPersonRequestRow::query()
        .filter(second_person_requests::subject_id.eq(subject))
        .filter(second_person_requests::decided_at.is_null());
    Ok(waiting.first(conn).optional()?)
}

/// The subjects of all that waits: they are few.
pub fn list_requests(conn: &mut DbConn) -> Result<Vec<SecondPersonRequestRow>> {
    let waiting = SecondPersonRequestRow::query().filter(second_person_requests::decided_at.is_null());
    Ok(waiting.order(second_person_requests::id).load(conn)?)
}

/// Decides what waits; false when somebody else did.
pub fn decide_request(
    conn: &mut DbConn,
    id: SecondPersonRequestId,
    is_approved: bool,
    (by, now): (Option<StaffId>, Instant),
) -> Result<bool> {
    let waiting = second_person_requests::table.find(id).filter(second_person_requests::decided_at.is_null());
    let decided = (
        second_person_requests::decided_by.eq(by),
        second_person_requests::decided_at.eq(Some(now)),
        second_person_requests::is_approved.eq(Some(is_approved)),
    );
    Ok(diesel::update(waiting).set(decided).execute(conn)? == 1)
}

/// Whether a request about a subject ended without approval.
pub fn has_ended_request(conn: &mut DbConn, subject: SubjectId) -> Result<bool> {
    let ended = second_person_requests::table
        .filter(second_person_requests::subject_id.eq(subject))
        .filter(second_person_requests::is_approved.eq(Some(false)));
    Ok(ended.count().get_result::<i64>(conn)? > 0)
}

/// Whether there is any survivor.
pub fn has_survivors(conn: &mut DbConn) -> Result<bool> {
    Ok(survivors::table.select(survivors::id).first::<SurvivorId>(conn).optional()?.is_some())
}

/// The accounts that are set up and in use, with the kind of organisation where each works.
pub fn list_staff_in_use(conn: &mut DbConn) -> Result<Vec<(StaffRow, Option<OrganisationKind>)>> {
    let joined =
        staff::table.left_join(organisations::table.on(staff::organisation_id.eq(organisations::id.nullable())));
    let in_use = joined.filter(staff::disabled_at.is_null()).filter(staff::password_hash.is_not_null());
    Ok(in_use.order(staff::id).select((StaffRow::as_select(), organisations::kind.nullable())).load(conn)?)
}

/// Whether an account waits for its holder, who has a new code: they are notified of it.
pub fn begins_again(conn: &mut DbConn, id: StaffId) -> Result<bool> {
    let waiting =
        staff::table.find(id).filter(staff::setup_index.is_not_null()).filter(staff::disabled_at.is_not_null());
    Ok(waiting.count().get_result::<i64>(conn)? > 0)
}

/// Puts an account in use that waited.
pub fn enable_staff(conn: &mut DbConn, id: StaffId) -> Result<()> {
    cached(diesel::update(staff::table.find(id)).set(staff::disabled_at.eq(None::<Instant>))).execute(conn)?;
    Ok(())
}
