//! Plain rows for figures without identities: nothing sealed is read.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::sessions::Attendance;
use crate::db::schema::{participants, programme_sessions};
use crate::db::{DbConn, Instant, OrganisationId, ParticipantId};
use crate::error::Result;

/// A participant, as far as figures go.
#[derive(Clone, Debug, Queryable)]
pub struct ParticipantFigure {
    /// To count each once.
    pub id: ParticipantId,
    /// Who holds the record.
    pub organisation_id: OrganisationId,
    /// The area.
    pub home_force_id: String,
}

/// Participants whose record was made before an instant.
///
/// # Errors
/// When they cannot be read.
pub fn participant_figures(conn: &mut DbConn, until: Instant) -> Result<Vec<ParticipantFigure>> {
    let columns = (participants::id, participants::organisation_id, participants::home_force_id);
    Ok(participants::table.filter(participants::created_at.lt(until)).select(columns).load(conn)?)
}

/// Whether participants came to the sessions that were planned within a time; none where nobody has recorded it.
///
/// # Errors
/// When they cannot be read.
pub fn session_figures(
    conn: &mut DbConn,
    from: Instant,
    until: Instant,
) -> Result<Vec<(ParticipantId, Option<Attendance>)>> {
    let planned = programme_sessions::table
        .filter(programme_sessions::planned_at.ge(from))
        .filter(programme_sessions::planned_at.lt(until));
    Ok(planned.select((programme_sessions::participant_id, programme_sessions::attendance)).load(conn)?)
}

/// When participants were in the programme: from the first session that they attended to the last that is planned; no
/// end while that has not been held by `now`.
///
/// # Errors
/// When they cannot be read.
pub fn course_figures(conn: &mut DbConn, now: Instant) -> Result<BTreeMap<ParticipantId, (Instant, Option<Instant>)>> {
    let columns = (programme_sessions::participant_id, programme_sessions::planned_at, programme_sessions::attendance);
    let rows: Vec<(ParticipantId, Instant, Option<Attendance>)> =
        programme_sessions::table.order(programme_sessions::planned_at).select(columns).load(conn)?;
    let (mut starts, mut ends) = (BTreeMap::new(), BTreeMap::new());
    for (participant, at, attendance) in rows {
        if matches!(attendance, Some(Attendance::Attended | Attendance::AttendedLate)) {
            starts.entry(participant).or_insert(at);
        }
        ends.insert(participant, at);
    }
    let course = |(participant, start): (ParticipantId, Instant)| {
        let end = ends.get(&participant).copied().filter(|end: &Instant| *end <= now);
        (participant, (start, end))
    };
    Ok(starts.into_iter().map(course).collect())
}
