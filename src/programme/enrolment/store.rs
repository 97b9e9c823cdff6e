//! All SQL of programmes, enrolments and reports.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{EnrolmentRow, EnrolmentState, ProgrammeRow, ReportRow};
use crate::access::ParticipantAccess;
use crate::audit::records;
use crate::db::schema::{end_reports, enrolments, programme_sessions, programme_transitions, programmes};
use crate::db::{DbConn, EnrolmentId, Instant, OrganisationId, ProgrammeId, SubjectId};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};
use crate::programme::SessionRow;
use crate::tx::Tx;

pub fn insert_programme(conn: &mut DbConn, row: ProgrammeRow) -> Result<()> {
    diesel::insert_into(programmes::table).values(row).execute(conn)?;
    Ok(())
}

/// The programmes that an organisation may enrol in, newest first: its own, and every provider's.
pub fn list_programmes(
    conn: &mut DbConn,
    organisation: OrganisationId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ProgrammeRow>> {
    let theirs = programmes::organisation_id.eq(organisation).or(programmes::organisation_id.is_null());
    let rows = ProgrammeRow::query().filter(theirs).into_boxed();
    Ok(rows.page(programmes::id, ProgrammeId, after, limit).load(conn)?)
}

/// A programme that an organisation may enrol in, by its code; its own before every provider's.
pub fn find_programme(conn: &mut DbConn, organisation: OrganisationId, code: &str) -> Result<Option<ProgrammeRow>> {
    let named: Vec<ProgrammeRow> = ProgrammeRow::query().filter(programmes::code.eq(code)).load(conn)?;
    let own = named.iter().find(|row| row.organisation_id == Some(organisation));
    Ok(own.or_else(|| named.iter().find(|row| row.organisation_id.is_none())).cloned())
}

pub fn insert_enrolment(tx: &mut Tx<'_>, row: EnrolmentRow) -> Result<()> {
    records::enrolments(tx, row.id, row.version, [&row.state.as_str()]);
    diesel::insert_into(enrolments::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// An enrolment by id: it tells whose it is, so that access can be asked for.
pub fn find_enrolment(conn: &mut DbConn, id: EnrolmentId) -> Result<Option<EnrolmentRow>> {
    Ok(EnrolmentRow::query().find(id).first(conn).optional()?)
}

/// Moves an enrolment on from a version; false when it has moved meanwhile.
pub fn update_enrolment(tx: &mut Tx<'_>, version: i32, row: &EnrolmentRow) -> Result<bool> {
    let changed = diesel::update(enrolments::table.find(row.id).filter(enrolments::version.eq(version)))
        .set((
            enrolments::state.eq(row.state),
            enrolments::reason.eq(&row.reason),
            enrolments::ended_at.eq(row.ended_at),
            enrolments::version.eq(row.version),
        ))
        .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        records::enrolments(tx, row.id, row.version, [&row.state.as_str()]);
    }
    Ok(is_kept)
}

/// Whether a participant is in a programme now.
pub fn has_running(conn: &mut DbConn, access: &ParticipantAccess) -> Result<bool> {
    let ended = vec![EnrolmentState::Concluded, EnrolmentState::Withdrawn];
    let running =
        enrolments::table.filter(enrolments::participant_id.eq(access.id())).filter(enrolments::state.ne_all(ended));
    Ok(running.select(enrolments::id).first::<EnrolmentId>(conn).optional()?.is_some())
}

/// One page of a participant's enrolments, the newest first: `limit + 1` rows.
pub fn list_enrolments(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<EnrolmentRow>> {
    let rows = EnrolmentRow::query().filter(enrolments::participant_id.eq(access.id())).into_boxed();
    Ok(rows.page(enrolments::id, EnrolmentId, after, limit).load(conn)?)
}

/// Every enrolment of every provider.
pub fn list_all(conn: &mut DbConn) -> Result<Vec<EnrolmentRow>> {
    Ok(EnrolmentRow::query().order(enrolments::id).load(conn)?)
}

/// Every transition of every enrolment, in order, with the enrolment.
pub fn list_steps(conn: &mut DbConn) -> Result<Vec<(EnrolmentRow, String, Instant)>> {
    let kept = programme_transitions::table
        .filter(programme_transitions::subject_kind.eq("enrolment"))
        .order((programme_transitions::created_at, programme_transitions::id))
        .select((programme_transitions::subject_id, programme_transitions::event, programme_transitions::created_at));
    let steps: Vec<(SubjectId, String, Instant)> = kept.load(conn)?;
    let rows: HashMap<EnrolmentId, EnrolmentRow> = list_all(conn)?.into_iter().map(|row| (row.id, row)).collect();
    let with_row =
        |(id, event, at): (SubjectId, String, Instant)| Some((rows.get(&EnrolmentId(id.0))?.clone(), event, at));
    Ok(steps.into_iter().filter_map(with_row).collect())
}

/// The highest number that a session of the participant has; 0 without any.
pub fn last_number(conn: &mut DbConn, access: &ParticipantAccess) -> Result<i32> {
    let rows = programme_sessions::table.filter(programme_sessions::participant_id.eq(access.id()));
    let last: Option<i32> = rows.select(diesel::dsl::max(programme_sessions::number)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// The sessions of an enrolment, those that were held at another time among them.
pub fn list_sessions(conn: &mut DbConn, row: &EnrolmentRow) -> Result<Vec<SessionRow>> {
    let rows = SessionRow::query()
        .filter(programme_sessions::participant_id.eq(row.participant_id))
        .filter(programme_sessions::number.ge(row.first_number))
        .filter(programme_sessions::number.lt(row.first_number + row.sessions));
    Ok(rows.order((programme_sessions::number, programme_sessions::id)).load(conn)?)
}

pub fn insert_report(tx: &mut Tx<'_>, row: ReportRow) -> Result<()> {
    records::end_reports(
        tx,
        row.enrolment_id,
        row.version,
        [&row.state.as_str(), &row.progress, &row.risk, &row.recommendations],
    );
    diesel::insert_into(end_reports::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn find_report(conn: &mut DbConn, id: EnrolmentId) -> Result<Option<ReportRow>> {
    Ok(ReportRow::query().find(id).first(conn).optional()?)
}

/// Changes a report from a version; false when it has changed meanwhile.
pub fn update_report(tx: &mut Tx<'_>, version: i32, row: &ReportRow) -> Result<bool> {
    let changed = diesel::update(end_reports::table.find(row.enrolment_id).filter(end_reports::version.eq(version)))
        .set((
            end_reports::state.eq(row.state),
            end_reports::progress.eq(&row.progress),
            end_reports::risk.eq(&row.risk),
            end_reports::recommendations.eq(&row.recommendations),
            end_reports::figures.eq(&row.figures),
            end_reports::submitted_by.eq(row.submitted_by),
            end_reports::submitted_at.eq(row.submitted_at),
            end_reports::approved_by.eq(row.approved_by),
            end_reports::approved_at.eq(row.approved_at),
            end_reports::version.eq(row.version),
        ))
        .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        records::end_reports(
            tx,
            row.enrolment_id,
            row.version,
            [&row.state.as_str(), &row.progress, &row.risk, &row.recommendations],
        );
    }
    Ok(is_kept)
}
