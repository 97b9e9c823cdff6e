//! All SQL of access.

use diesel::dsl;
use diesel::prelude::*;

use super::model::{Assignment, Block, CaseEventRow, CaseRow, CaseState, CasesQuery, Side};
use crate::audit::records;
use crate::crypto::{Sealed, reference};
use crate::db::schema::{assignments, blocks, case_events, cases};
use crate::db::{
    AssignmentId, BlockId, CaseEventId, CaseId, DbConn, Instant, OrganisationId, ParticipantId, StaffId, SubjectId,
    SurvivorId,
};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::{Subject, Tx};

pub fn insert_assignment(tx: &mut Tx<'_>, row: Assignment) -> Result<()> {
    records::assignments(tx, row.id, [&row.subject_kind, &row.subject_id, &row.organisation_id.0, &row.staff_id.0]);
    diesel::insert_into(assignments::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Live assignments of an organisation to a record.
pub fn list_assignments(
    conn: &mut DbConn,
    subject: SubjectId,
    organisation: OrganisationId,
) -> Result<Vec<Assignment>> {
    let live = Assignment::query()
        .filter(assignments::subject_id.eq(subject))
        .filter(assignments::organisation_id.eq(organisation))
        .filter(assignments::ended_at.is_null());
    Ok(live.order(assignments::id).load(conn)?)
}

/// Whether anybody was ever assigned to a record: somebody is from the beginning, so there is such a record.
pub fn has_assignments(conn: &mut DbConn, subject: Subject) -> Result<bool> {
    let known = assignments::table
        .filter(assignments::subject_id.eq(subject.id))
        .filter(assignments::subject_kind.eq(subject.kind));
    Ok(known.select(assignments::id).first::<AssignmentId>(conn).optional()?.is_some())
}

/// Records of a kind that a member of staff is assigned to.
pub fn list_subjects(conn: &mut DbConn, kind: &str, staff: StaffId) -> Result<Vec<SubjectId>> {
    let live = assignments::table
        .filter(assignments::subject_kind.eq(kind))
        .filter(assignments::staff_id.eq(staff))
        .filter(assignments::ended_at.is_null());
    Ok(live.select(assignments::subject_id).load(conn)?)
}

/// Records of a kind that anybody of an organisation is assigned to.
pub fn list_subjects_of(conn: &mut DbConn, kind: &str, organisation: OrganisationId) -> Result<Vec<SubjectId>> {
    let live = assignments::table
        .filter(assignments::subject_kind.eq(kind))
        .filter(assignments::organisation_id.eq(organisation))
        .filter(assignments::ended_at.is_null());
    Ok(live.select(assignments::subject_id).distinct().load(conn)?)
}

pub fn insert_block(tx: &mut Tx<'_>, row: Block) -> Result<()> {
    let (staff, organisation) = (row.staff_id.map(|id| id.0), row.organisation_id.map(|id| id.0));
    records::blocks(tx, row.id, [&row.survivor_id.0, &staff, &organisation, &row.created_by.0]);
    diesel::insert_into(blocks::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Blocks of a survivor, those that were lifted too, newest first.
pub fn list_blocks(conn: &mut DbConn, survivor: SurvivorId, after: Option<Cursor>, limit: i64) -> Result<Vec<Block>> {
    let rows = Block::query().filter(blocks::survivor_id.eq(survivor)).into_boxed();
    Ok(rows.page(blocks::id, BlockId, after, limit).load(conn)?)
}

pub fn find_block(conn: &mut DbConn, survivor: SurvivorId, id: BlockId) -> Result<Option<Block>> {
    Ok(Block::query().find(id).filter(blocks::survivor_id.eq(survivor)).first(conn).optional()?)
}

/// Lifts a block; false when it was lifted before.
pub fn lift_block(conn: &mut DbConn, id: BlockId, (by, now): (StaffId, Instant), reason: Sealed) -> Result<bool> {
    let live = blocks::table.find(id).filter(blocks::lifted_at.is_null());
    let lifted =
        (blocks::lifted_at.eq(Some(now)), blocks::lifted_by.eq(Some(by)), blocks::lift_reason.eq(Some(reason)));
    Ok(diesel::update(live).set(lifted).execute(conn)? == 1)
}

/// Lets a block bite that waited for a second person; false when it is lifted, or bites already.
pub fn approve_block(conn: &mut DbConn, id: BlockId, (by, now): (StaffId, Instant)) -> Result<bool> {
    let waiting = blocks::table.find(id).filter(blocks::lifted_at.is_null()).filter(blocks::is_in_force.eq(false));
    let approved = (blocks::is_in_force.eq(true), blocks::approved_by.eq(Some(by)), blocks::approved_at.eq(Some(now)));
    Ok(diesel::update(waiting).set(approved).execute(conn)? == 1)
}

/// The blocks that keep somebody out.
#[dsl::auto_type]
fn in_force() -> _ {
    blocks::table.filter(blocks::lifted_at.is_null()).filter(blocks::is_in_force.eq(true))
}

pub fn count_blocks(
    conn: &mut DbConn,
    survivor: SurvivorId,
    staff: Option<StaffId>,
    organisation: Option<OrganisationId>,
) -> Result<i64> {
    let live = in_force().filter(blocks::survivor_id.eq(survivor));
    let hits = match (staff, organisation) {
        (Some(staff), Some(organisation)) => live
            .filter(blocks::staff_id.eq(staff).or(blocks::organisation_id.eq(organisation)))
            .count()
            .get_result(conn)?,
        (Some(staff), None) => live.filter(blocks::staff_id.eq(staff)).count().get_result(conn)?,
        (None, Some(organisation)) => live.filter(blocks::organisation_id.eq(organisation)).count().get_result(conn)?,
        (None, None) => 0,
    };
    Ok(hits)
}

/// Members of staff whom a survivor's side keeps out by name.
pub fn list_kept_out(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<StaffId>> {
    let live = in_force().filter(blocks::survivor_id.eq(survivor));
    let named: Vec<Option<StaffId>> = live.select(blocks::staff_id).load(conn)?;
    Ok(named.into_iter().flatten().collect())
}

/// Survivors whose side keeps this member of staff, or their organisation, out.
pub fn list_blocked(conn: &mut DbConn, staff: StaffId, organisation: OrganisationId) -> Result<Vec<SurvivorId>> {
    let live = in_force().filter(blocks::staff_id.eq(staff).or(blocks::organisation_id.eq(organisation)));
    Ok(live.select(blocks::survivor_id).load(conn)?)
}

/// Survivors whose side keeps an organisation out, no matter who of it asks.
pub fn survivors_who_block(conn: &mut DbConn, organisation: OrganisationId) -> Result<Vec<SurvivorId>> {
    let live = in_force().filter(blocks::organisation_id.eq(organisation));
    Ok(live.select(blocks::survivor_id).load(conn)?)
}

pub fn insert_case(conn: &mut DbConn, row: CaseRow) -> Result<()> {
    diesel::insert_into(cases::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_case(conn: &mut DbConn, id: CaseId) -> Result<Option<CaseRow>> {
    Ok(CaseRow::query().find(id).first(conn).optional()?)
}

/// Makes others who would change a case wait until this transaction ends.
pub fn lock_case(conn: &mut DbConn, id: CaseId) -> Result<()> {
    diesel::update(cases::table.find(id)).set(cases::state.eq(cases::state)).execute(conn)?;
    Ok(())
}

pub fn find_link(conn: &mut DbConn, survivor: SurvivorId, participant: ParticipantId) -> Result<Option<CaseRow>> {
    let link = CaseRow::query().filter(cases::survivor_id.eq(survivor)).filter(cases::participant_id.eq(participant));
    Ok(link.first(conn).optional()?)
}

pub fn update_case(conn: &mut DbConn, row: &CaseRow) -> Result<()> {
    diesel::update(cases::table.find(row.id))
        .set((
            cases::state.eq(row.state),
            cases::support_approved_by.eq(row.support_approved_by),
            cases::support_approved_at.eq(row.support_approved_at),
            cases::programme_approved_by.eq(row.programme_approved_by),
            cases::programme_approved_at.eq(row.programme_approved_at),
            cases::proposed_by.eq(row.proposed_by),
            cases::relationship.eq(&row.relationship),
            cases::ended_at.eq(row.ended_at),
            cases::ended_by.eq(row.ended_by),
            cases::end_reason.eq(&row.end_reason),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn insert_case_event(tx: &mut Tx<'_>, row: CaseEventRow) -> Result<()> {
    records::case_events(
        tx,
        row.id,
        [
            &row.case_id.0,
            &row.event.as_str(),
            &row.state.as_str(),
            &row.side.as_str(),
            &row.staff_id.0,
            &row.reason,
            &row.at,
        ],
    );
    diesel::insert_into(case_events::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// What was done with a case, newest first: `limit + 1` rows.
pub fn list_case_events(
    conn: &mut DbConn,
    case: CaseId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CaseEventRow>> {
    let rows = CaseEventRow::query().filter(case_events::case_id.eq(case)).into_boxed();
    Ok(rows.page(case_events::id, CaseEventId, after, limit).load(conn)?)
}

/// Active cases of a survivor, oldest first.
pub fn active_cases_of(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<CaseRow>> {
    let active = CaseRow::query().filter(cases::survivor_id.eq(survivor)).filter(cases::state.eq(CaseState::Active));
    Ok(active.order(cases::id).load(conn)?)
}

/// Cases of one side of an organisation with these records, without those who keep the caller out, newest first, as the filters
/// ask.
pub fn list_cases(
    conn: &mut DbConn,
    (side, organisation): (Side, OrganisationId),
    (own, blocked): (&[SubjectId], Vec<SurvivorId>),
    asked: &ListRequest<CasesQuery>,
) -> Result<Vec<CaseRow>> {
    let mut rows = CaseRow::query().filter(cases::survivor_id.ne_all(blocked)).into_boxed();
    rows = match side {
        Side::Support => {
            let survivors: Vec<SurvivorId> = own.iter().map(|id| SurvivorId(id.0)).collect();
            rows.filter(cases::support_organisation_id.eq(organisation)).filter(cases::survivor_id.eq_any(survivors))
        }
        Side::Programme => {
            let participants: Vec<ParticipantId> = own.iter().map(|id| ParticipantId(id.0)).collect();
            rows.filter(cases::programme_organisation_id.eq(organisation))
                .filter(cases::participant_id.eq_any(participants))
        }
    };
    if let Some(state) = asked.query.state {
        rows = rows.filter(cases::state.eq(state));
    }
    if let Some(reference) = &asked.query.reference {
        rows = rows.filter(cases::reference.eq(reference::parse("CS", reference).unwrap_or_default()));
    }
    Ok(rows.page(cases::id, CaseId, asked.after, asked.limit).load(conn)?)
}

/// Cases with some participants that are in some states.
pub fn list_cases_with(
    conn: &mut DbConn,
    participants: Vec<ParticipantId>,
    states: &[CaseState],
) -> Result<Vec<CaseRow>> {
    let linked = CaseRow::query().filter(cases::participant_id.eq_any(participants));
    Ok(linked.filter(cases::state.eq_any(states.to_vec())).order(cases::id).load(conn)?)
}

pub fn count_cases_of_programme(conn: &mut DbConn, programme: OrganisationId, ids: Vec<CaseId>) -> Result<i64> {
    let own = cases::table.filter(cases::id.eq_any(ids)).filter(cases::programme_organisation_id.eq(programme));
    Ok(own.count().get_result(conn)?)
}

pub fn end_assignment(conn: &mut DbConn, subject: SubjectId, staff: StaffId, now: Instant) -> Result<usize> {
    let live = assignments::table
        .filter(assignments::subject_id.eq(subject))
        .filter(assignments::staff_id.eq(staff))
        .filter(assignments::ended_at.is_null());
    Ok(diesel::update(live).set(assignments::ended_at.eq(Some(now))).execute(conn)?)
}

/// The case with a reference, for who checks what was done with it.
pub fn find_case_by_reference(conn: &mut DbConn, reference: &str) -> Result<Option<CaseId>> {
    Ok(cases::table.filter(cases::reference.eq(reference)).select(cases::id).first(conn).optional()?)
}

/// Ends all live assignments to a record.
pub fn end_assignments(
    conn: &mut DbConn,
    subject: SubjectId,
    organisation: OrganisationId,
    now: Instant,
) -> Result<()> {
    let live = assignments::table
        .filter(assignments::subject_id.eq(subject))
        .filter(assignments::organisation_id.eq(organisation))
        .filter(assignments::ended_at.is_null());
    diesel::update(live).set(assignments::ended_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

/// Gives the survivor's side of all cases of a survivor to another organisation.
pub fn move_cases(conn: &mut DbConn, survivor: SurvivorId, to: OrganisationId) -> Result<()> {
    let of = cases::table.filter(cases::survivor_id.eq(survivor));
    diesel::update(of).set(cases::support_organisation_id.eq(to)).execute(conn)?;
    Ok(())
}
