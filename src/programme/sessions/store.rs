//! All SQL of sessions.

use diesel::prelude::*;

use super::model::{Attendance, AttendanceRow, FeedbackRow, SessionRow, SessionState, SessionsQuery};
use crate::access::ParticipantAccess;
use crate::audit::records;
use crate::db::schema::{programme_sessions, session_attendances, session_feedback};
use crate::db::{DbConn, FeedbackId, Instant, ProgrammeSessionId};
use crate::error::{Error, Result};
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::tx::Tx;

pub fn insert_session(tx: &mut Tx<'_>, row: SessionRow) -> Result<()> {
    records::programme_sessions(tx, row.id, row.version, [&row.note]);
    diesel::insert_into(programme_sessions::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// A session by id: it tells whose it is, so that access can be asked for.
pub fn find_session(conn: &mut DbConn, id: ProgrammeSessionId) -> Result<Option<SessionRow>> {
    Ok(SessionRow::query().find(id).first(conn).optional()?)
}

/// Whether a participant has a session of that number that is in force.
pub fn has_session(conn: &mut DbConn, access: &ParticipantAccess, number: i32) -> Result<bool> {
    let same = programme_sessions::table
        .filter(programme_sessions::participant_id.eq(access.id()))
        .filter(programme_sessions::number.eq(number))
        .filter(programme_sessions::superseded_at.is_null());
    Ok(same.select(programme_sessions::id).first::<ProgrammeSessionId>(conn).optional()?.is_some())
}

/// One page of a participant's sessions, the latest planned first: `limit + 1` rows.
pub fn list_sessions(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<SessionRow>> {
    list_asked(conn, access, &ListRequest { query: SessionsQuery::default(), after, limit })
}

/// The same, as the filters ask.
pub fn list_asked(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    asked: &ListRequest<SessionsQuery>,
) -> Result<Vec<SessionRow>> {
    use programme_sessions::{attendance, feedback_at, id, planned_at, superseded_at};
    let mut rows = SessionRow::query().filter(programme_sessions::participant_id.eq(access.id())).into_boxed();
    // Each state is read of the columns as `SessionRow::state` reads it.
    rows = match asked.query.state {
        None => rows,
        Some(SessionState::Superseded) => rows.filter(superseded_at.is_not_null()),
        Some(SessionState::Planned) => rows.filter(superseded_at.is_null()).filter(attendance.is_null()),
        Some(SessionState::FeedbackGiven) => {
            rows.filter(superseded_at.is_null()).filter(attendance.is_not_null()).filter(feedback_at.is_not_null())
        }
        Some(state @ (SessionState::Attended | SessionState::NotHeld | SessionState::NotAttended)) => {
            let those = Attendance::ALL.iter().copied().filter(|word| word.state() == state);
            rows.filter(superseded_at.is_null())
                .filter(feedback_at.is_null())
                .filter(attendance.eq_any(those.collect::<Vec<_>>()))
        }
    };
    if let Some(since) = asked.query.since {
        rows = rows.filter(planned_at.ge(since));
    }
    if let Some(until) = asked.query.until {
        rows = rows.filter(planned_at.lt(until));
    }
    if let Some((at, last)) = asked.after {
        rows = rows.filter(planned_at.lt(at).or(planned_at.eq(at).and(id.lt(ProgrammeSessionId(last)))));
    }
    Ok(rows.order((planned_at.desc(), id.desc())).limit(asked.limit + 1).load(conn)?)
}

/// The sessions planned between two moments that a participant missed.
pub fn list_missed_sessions(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    (from, to): (Instant, Instant),
) -> Result<Vec<SessionRow>> {
    let missed = Attendance::ALL.iter().copied().filter(|attendance| attendance.is_missed());
    let rows = SessionRow::query()
        .filter(programme_sessions::participant_id.eq(access.id()))
        .filter(programme_sessions::planned_at.between(from, to))
        .filter(programme_sessions::attendance.eq_any(missed.collect::<Vec<_>>()));
    Ok(rows.load(conn)?)
}

/// How many sessions a participant stayed away from without an acceptable reason; those held again later count, too.
pub fn count_unacceptable(conn: &mut DbConn, access: &ParticipantAccess) -> Result<usize> {
    let away = programme_sessions::table
        .filter(programme_sessions::participant_id.eq(access.id()))
        .filter(programme_sessions::attendance.eq(Attendance::NotAttendedUnacceptable));
    let count: i64 = away.count().get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Keeps a changed session, whose version has been counted up; nobody may have changed it meanwhile.
pub fn update_session(tx: &mut Tx<'_>, row: &SessionRow) -> Result<()> {
    let unchanged = programme_sessions::table
        .filter(programme_sessions::id.eq(row.id))
        .filter(programme_sessions::version.eq(row.version - 1));
    match diesel::update(unchanged).set(row).execute(tx.conn)? {
        1 => {
            records::programme_sessions(tx, row.id, row.version, [&row.note]);
            Ok(())
        }
        _ => Err(Error::write_conflict()),
    }
}

/// Takes a session out of those that stand; somebody may have done so already.
pub fn supersede(tx: &mut Tx<'_>, row: &SessionRow) -> Result<()> {
    let standing = programme_sessions::table
        .filter(programme_sessions::id.eq(row.id))
        .filter(programme_sessions::version.eq(row.version))
        .filter(programme_sessions::superseded_at.is_null());
    match diesel::update(standing).set(row).execute(tx.conn)? {
        1 => {
            records::programme_sessions(tx, row.id, row.version, [&row.note]);
            Ok(())
        }
        _ => Err(Error::write_conflict()),
    }
}

/// Marks that feedback was given, at the first time.
pub fn mark_feedback(conn: &mut DbConn, id: ProgrammeSessionId, now: Instant) -> Result<()> {
    let first = programme_sessions::table.find(id).filter(programme_sessions::feedback_at.is_null());
    diesel::update(first).set(programme_sessions::feedback_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

/// Points a session that was superseded to the one in its place.
pub fn point_to(conn: &mut DbConn, old: ProgrammeSessionId, new: ProgrammeSessionId) -> Result<()> {
    let row = diesel::update(programme_sessions::table.find(old));
    row.set(programme_sessions::superseded_by_id.eq(Some(new))).execute(conn)?;
    Ok(())
}

pub fn insert_attendance(conn: &mut DbConn, row: AttendanceRow) -> Result<()> {
    diesel::insert_into(session_attendances::table).values(row).execute(conn)?;
    Ok(())
}

/// What was recorded of attendance at these sessions, the latest first.
pub fn list_attendances(conn: &mut DbConn, sessions: &[SessionRow]) -> Result<Vec<AttendanceRow>> {
    let ids: Vec<ProgrammeSessionId> = sessions.iter().map(|session| session.id).collect();
    let rows = AttendanceRow::query().filter(session_attendances::session_id.eq_any(ids));
    Ok(rows.order(session_attendances::id.desc()).load(conn)?)
}

pub fn insert_feedback(tx: &mut Tx<'_>, row: FeedbackRow) -> Result<()> {
    records::session_feedback(tx, row.id, row.version, [&row.homework.as_str(), &row.summary, &row.chain_analysis]);
    diesel::insert_into(session_feedback::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The number of the latest version of a session's feedback; 0 without any.
pub fn last_feedback(conn: &mut DbConn, session: ProgrammeSessionId) -> Result<i32> {
    let versions = session_feedback::table.filter(session_feedback::session_id.eq(session));
    let last: Option<i32> = versions.select(diesel::dsl::max(session_feedback::version)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// One page of the versions of a session's feedback, the latest first: `limit + 1` rows.
pub fn list_feedback(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    session: ProgrammeSessionId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<FeedbackRow>> {
    let mut rows = FeedbackRow::query().filter(session_feedback::session_id.eq(session)).into_boxed();
    rows = rows.filter(session_feedback::participant_id.eq(access.id()));
    if let Some((_, id)) = after {
        rows = rows.filter(session_feedback::id.lt(FeedbackId(id)));
    }
    Ok(rows.order(session_feedback::version.desc()).limit(limit + 1).load(conn)?)
}
