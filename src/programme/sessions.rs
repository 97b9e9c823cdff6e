//! Sessions of the programme: planning them, recording whether the participant came, feedback with a chain analysis, and
//! holding them at another time.
//!
//! `planned → attended | not_attended → feedback_given`; what is held at another time is `superseded`, stays as it is and
//! points to the session in its place. `machine` holds the table. Attendance may be put right at any of these states but
//! the last; each word that was ever recorded is kept.

pub mod feedback;
mod machine;
mod model;
pub mod reschedule;
mod store;

use garde::Validate;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use model::{Attendance, FeedbackRow, Homework, SessionRow, SessionState, SessionsQuery};
pub use store::{list_asked, list_attendances, list_missed_sessions, list_sessions};

use self::machine::{SESSION, SessionEvent, SessionGuard};
use self::model::AttendanceRow;
use crate::access::{self, ParticipantAccess};
use crate::crypto::{Keys, Private, PrivateText, SealedRow, SealedTable, open, seal};
use crate::db::{
    AttendanceId, DbConn, Instant, ParticipantId, ProgrammeSessionId, StaffId, court_day, within_two_years,
};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::Staff;
use crate::orders;
use crate::transitions::{ActionView, ActionsView, actions, movers, transition};
use crate::tx::Tx;

/// Stayed away without an acceptable reason.
const UNACCEPTABLE: Attendance = Attendance::NotAttendedUnacceptable;

/// A session to plan.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateProgrammeSessionBody {
    /// Which one of the programme; each number once a participant.
    #[garde(range(min = 1, max = 200))]
    #[schema(minimum = 1, maximum = 200, example = 1)]
    number: i32,
    /// The module, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "distress_tolerance")]
    module: String,
    /// When it is to be.
    #[garde(skip)]
    planned_at: Instant,
    /// How it is held, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "in_person")]
    mode: String,
}

impl CreateProgrammeSessionBody {
    /// A session of a programme that is planned as a whole.
    pub(super) fn of(number: i32, module: &str, planned_at: Instant, mode: &str) -> Self {
        Self { number, module: module.to_owned(), planned_at, mode: mode.to_owned() }
    }
}

/// A session that was planned.
#[derive(Serialize, ToSchema)]
pub struct MadeProgrammeSessionView {
    /// Id.
    pub id: ProgrammeSessionId,
    /// Which one of the programme.
    pub number: i32,
    /// Its state.
    pub state: SessionState,
}

/// A session, for staff.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ProgrammeSessionView {
    /// Id.
    pub id: ProgrammeSessionId,
    /// Which one of the programme.
    pub number: i32,
    /// The module, as a code.
    #[schema(example = "distress_tolerance")]
    pub module: String,
    /// How it is held, as a code.
    #[schema(example = "in_person")]
    pub mode: String,
    /// When it is to be.
    pub planned_at: Instant,
    /// Its state.
    pub state: SessionState,
    /// Whether the participant came.
    pub attendance: Option<Attendance>,
    /// When that was recorded.
    pub recorded_at: Option<Instant>,
    /// What was noted about it.
    pub note: Option<String>,
    /// When feedback was first given.
    pub feedback_at: Option<Instant>,
    /// The session that it replaces.
    pub supersedes: Option<ProgrammeSessionId>,
    /// The session that replaces it.
    pub superseded_by: Option<ProgrammeSessionId>,
    /// Why it is held at another time, as a code.
    #[schema(example = "participant_unwell")]
    pub superseded_reason: Option<String>,
    /// Everything that was recorded about whether the participant came, the latest first; where it was corrected, what stood
    /// there before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attendance_history: Vec<AttendanceEntryView>,
    /// What the caller may do with it now, where one is read by itself.
    pub allowed_actions: Option<Vec<ActionView>>,
}

/// What was recorded once about whether the participant came.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct AttendanceEntryView {
    /// Whether they came.
    pub attendance: Attendance,
    /// What was noted about it.
    pub note: Option<String>,
    /// By whom.
    pub recorded_by: StaffId,
    /// When.
    pub recorded_at: Instant,
}

impl ProgrammeSessionView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &SessionRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            number: row.number,
            module: row.module.clone(),
            mode: row.mode.clone(),
            planned_at: row.planned_at,
            state: row.state(),
            attendance: row.attendance,
            recorded_at: row.attendance_recorded_at,
            note: open!(keys, row.note)?.shown(),
            feedback_at: row.feedback_at,
            supersedes: row.supersedes_id,
            superseded_by: row.superseded_by_id,
            superseded_reason: row.superseded_reason.clone(),
            attendance_history: Vec::new(),
            allowed_actions: None,
        })
    }

    /// The view of a row with all that was recorded of attendance, as `list_attendances` gives it.
    pub fn with_history(keys: &Keys, row: &SessionRow, recorded: &[AttendanceRow]) -> Result<Self> {
        let entry = |word: &AttendanceRow| {
            Ok(AttendanceEntryView {
                attendance: word.attendance,
                note: open!(keys, word.note)?.shown(),
                recorded_by: word.created_by,
                recorded_at: word.created_at,
            })
        };
        let theirs = recorded.iter().filter(|word| word.session_id == row.id);
        let attendance_history = theirs.map(entry).collect::<Result<_>>()?;
        Ok(Self { attendance_history, ..Self::of(keys, row)? })
    }
}

/// A session, for somebody who works with its participant.
///
/// # Errors
/// 404 for everybody else.
pub fn read(tx: &mut Tx<'_>, by: &Staff, id: ProgrammeSessionId) -> Result<(ParticipantAccess, SessionRow)> {
    let session = store::find_session(tx.conn, id)?.ok_or(Error::NotFound)?;
    let access = access::participant(tx, by, session.participant_id)?;
    Ok((access, session))
}

/// Whether a session is a participant's.
pub fn is_of(conn: &mut DbConn, access: &ParticipantAccess, id: ProgrammeSessionId) -> Result<bool> {
    Ok(store::find_session(conn, id)?.is_some_and(|session| session.participant_id == access.id()))
}

/// What the caller may do with a session now.
///
/// # Errors
/// 404 for a session of somebody whom the caller does not work with.
pub fn open_to(tx: &mut Tx<'_>, by: &Staff, id: ProgrammeSessionId) -> Result<ActionsView> {
    Ok(actions_of(by, &read(tx, by, id)?.1))
}

/// The same of a session that they have read.
#[must_use]
pub fn actions_of(by: &Staff, session: &SessionRow) -> ActionsView {
    actions(SESSION, session.state(), &movers(by), &SessionGuard::of(session))
}

/// Plans a session.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 409 for a number that is taken.
pub fn plan(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateProgrammeSessionBody,
) -> Result<MadeProgrammeSessionView> {
    let access = access::participant(tx, by, participant)?;
    within_two_years("/planned_at", body.planned_at, tx.now)?;
    if store::has_session(tx.conn, &access, body.number)? {
        return Err(Error::Conflict(Code::AlreadyExists, "this participant has a session of that number".into()));
    }
    let row = SessionRow {
        id: ProgrammeSessionId::new(tx.now),
        participant_id: access.id(),
        number: body.number,
        module: body.module.clone(),
        mode: body.mode.clone(),
        planned_at: body.planned_at,
        attendance: None,
        attendance_recorded_at: None,
        attendance_recorded_by: None,
        note: None,
        version: 1,
        created_at: tx.now,
        feedback_at: None,
        supersedes_id: None,
        superseded_by_id: None,
        superseded_at: None,
        superseded_reason: None,
    };
    let made = MadeProgrammeSessionView { id: row.id, number: row.number, state: row.state() };
    store::insert_session(tx, row)?;
    Ok(made)
}

/// Whether the participant came.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceBody {
    /// One of five words; `not_attended` alone is refused, since the reason decides what follows.
    // Read as text, so that the refusal can name the words.
    #[garde(custom(is_attendance))]
    #[schema(schema_with = five_words)]
    attendance: String,
    /// What to note about it.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Rang on the day")]
    #[serde(default)]
    note: Option<Private>,
}

const ATTENDANCE_WORDS: &str = "must be attended, attended_late, not_attended_acceptable, not_attended_unacceptable or \
    not_attended_service_cancelled";

/// The words that a person may record; that a session was not held follows from the end of the enrolment alone.
fn five_words() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    let words = Attendance::ALL.iter().filter(|word| SessionEvent::of(**word).is_some());
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.map(|word| word.as_str()))).into()
}

fn is_attendance(text: &str, _: &()) -> garde::Result {
    let recorded = text.parse::<Attendance>().ok().and_then(SessionEvent::of);
    recorded.map(|_| ()).ok_or_else(|| garde::Error::new(ATTENDANCE_WORDS))
}

/// What was recorded.
#[derive(Serialize, ToSchema)]
pub struct AttendanceView {
    /// The session.
    pub id: ProgrammeSessionId,
    /// Whether the participant came.
    pub attendance: Attendance,
    /// When it was recorded.
    pub recorded_at: Instant,
}

/// Records whether the participant came to a session. The last word counts, and each that was ever recorded is kept.
/// `participant`, where given, must be whose session it is.
///
/// # Errors
/// 404 for a session of somebody whom the caller does not work with, 409 for one that is held at another time,
/// 422 before its day, unless the programme cancels it.
pub fn record_attendance(
    tx: &mut Tx<'_>,
    by: &Staff,
    (participant, id): (Option<ParticipantId>, ProgrammeSessionId),
    body: &AttendanceBody,
) -> Result<AttendanceView> {
    let (access, old) = read(tx, by, id)?;
    if participant.is_some_and(|given| given != old.participant_id) {
        return Err(Error::NotFound);
    }
    let attendance: Attendance =
        body.attendance.parse().map_err(|_| Error::field("/attendance", "unknown_word", ATTENDANCE_WORDS))?;
    let unknown = || Error::field("/attendance", "unknown_word", ATTENDANCE_WORDS);
    let event = SessionEvent::of(attendance).ok_or_else(unknown)?;
    transition(SESSION, old.state(), event, &movers(by), &SessionGuard::of(&old))?;
    // That the programme cancels a session is known before its day; whether somebody came is not.
    if attendance != Attendance::NotAttendedServiceCancelled && court_day(old.planned_at) > court_day(tx.now) {
        return Err(Error::field("/attendance", "too_early", "the day of this session has not come yet"));
    }
    keep_attendance(tx, by, &old, (attendance, body.note.as_ref()))?;
    tx.outcome(attendance.as_str());
    if attendance == UNACCEPTABLE && old.attendance != Some(UNACCEPTABLE) {
        emit_absence(tx, &access, id)?;
    }
    if attendance.is_missed() && !old.attendance.is_some_and(Attendance::is_missed) {
        let (participant, planned_at) = (access.id(), old.planned_at);
        tx.emit(Event::SessionNotAttended { participant, session: id, planned_at });
    }
    Ok(AttendanceView { id, attendance, recorded_at: tx.now })
}

/// Keeps a word about attendance: on the session, and for good beside those before it.
fn keep_attendance(
    tx: &mut Tx<'_>,
    by: &Staff,
    old: &SessionRow,
    (attendance, note): (Attendance, Option<&Private>),
) -> Result<()> {
    let (mut session, now, participant) = (old.clone(), tx.now, old.participant_id);
    session.version += 1;
    let changed = session.own_sealing(tx.keys);
    session.note = seal!(changed.note, &note)?;
    session.attendance = Some(attendance);
    (session.attendance_recorded_at, session.attendance_recorded_by) = (Some(now), Some(by.id));
    store::update_session(tx, &session)?;
    let word = AttendanceId::new(now);
    let new = AttendanceRow::sealing(tx.keys, participant, word);
    let row = AttendanceRow {
        id: word,
        session_id: session.id,
        participant_id: participant,
        attendance,
        note: seal!(new.note, &note)?,
        created_by: by.id,
        created_at: now,
    };
    store::insert_attendance(tx.conn, row)
}

/// Calls off a session that lies ahead: the enrolment that it belongs to has ended. Neither side stayed away from it.
pub(super) fn call_off(tx: &mut Tx<'_>, by: &Staff, session: &SessionRow) -> Result<()> {
    keep_attendance(tx, by, session, (Attendance::NotHeld, None))
}

/// States that the participant stayed away without an acceptable reason. Recorded twice it is reported once.
fn emit_absence(tx: &mut Tx<'_>, access: &ParticipantAccess, session: ProgrammeSessionId) -> Result<()> {
    let absences = store::count_unacceptable(tx.conn, access)?;
    let today = tx.now.timestamp().to_zoned(TimeZone::UTC).date();
    let is_ordered = orders::demands_attendance(tx.conn, access, today)?;
    tx.emit(Event::SessionMissed { participant: access.id(), session, absences, is_ordered });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::body::parse;

    #[test]
    fn attendance_takes_five_words_and_names_them_when_it_refuses_another() {
        for word in Attendance::ALL.iter().filter(|word| **word != Attendance::NotHeld) {
            let body = format!("{{\"attendance\":\"{word}\"}}");
            assert!(parse::<AttendanceBody>(body.as_bytes()).is_ok(), "{word}");
            assert!(ATTENDANCE_WORDS.contains(word.as_str()), "{word}");
        }
        for word in ["not_held", "not_attended", "planned", "", "Attended"] {
            let body = format!("{{\"attendance\":\"{word}\"}}");
            match parse::<AttendanceBody>(body.as_bytes()).err() {
                Some(Error::Invalid { fields, .. }) => {
                    assert!(
                        fields.iter().any(|field| field.pointer == "/attendance" && field.detail == ATTENDANCE_WORDS)
                    );
                }
                other => panic!("{word}: {other:?}"),
            }
        }
    }
}
