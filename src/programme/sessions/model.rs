//! Rows and words of sessions.

use diesel::prelude::*;
use uuid::Uuid;

use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{programme_sessions, session_attendances, session_feedback};
use crate::db::{AttendanceId, FeedbackId, Instant, Json, ParticipantId, ProgrammeSessionId, StaffId, text_enum};
use crate::http::list_query;
use crate::http::page::Cursor;

list_query! {
    /// Which sessions to list.
    pub struct SessionsQuery {
        /// Only those in this state.
        pub state: Option<SessionState>,
        /// Only those planned for this moment or later.
        #[param(value_type = Option<String>, format = DateTime)]
        pub since: Option<Instant>,
        /// Only those planned before this moment.
        #[param(value_type = Option<String>, format = DateTime)]
        pub until: Option<Instant>,
    }
}

text_enum! {
    /// Whether the participant came to a session.
    pub enum Attendance {
        /// Came, on time.
        Attended = "attended",
        /// Came late.
        AttendedLate = "attended_late",
        /// Stayed away with an acceptable reason.
        NotAttendedAcceptable = "not_attended_acceptable",
        /// Stayed away without one.
        NotAttendedUnacceptable = "not_attended_unacceptable",
        /// The programme cancelled it.
        NotAttendedServiceCancelled = "not_attended_service_cancelled",
        /// It lay ahead when the enrolment ended, and was not held: nobody stayed away, and it counts in no figure.
        NotHeld = "not_held",
    }
}

impl Attendance {
    /// The state of a session of which this was recorded, before feedback.
    #[must_use]
    pub fn state(self) -> SessionState {
        match self {
            Self::Attended | Self::AttendedLate => SessionState::Attended,
            Self::NotHeld => SessionState::NotHeld,
            Self::NotAttendedAcceptable | Self::NotAttendedUnacceptable | Self::NotAttendedServiceCancelled => {
                SessionState::NotAttended
            }
        }
    }

    /// Whether the participant missed it. A session that the programme cancelled, or that was
    /// not held, they did not miss.
    #[must_use]
    pub fn is_missed(self) -> bool {
        matches!(self, Self::NotAttendedAcceptable | Self::NotAttendedUnacceptable)
    }
}

text_enum! {
    /// The state of a session.
    pub enum SessionState {
        /// Nobody has recorded attendance.
        Planned = "planned",
        /// It was attended, on time or late.
        Attended = "attended",
        /// It was not attended, for whichever reason.
        NotAttended = "not_attended",
        /// It lay ahead when the enrolment ended.
        NotHeld = "not_held",
        /// Attendance is recorded, and feedback was given.
        FeedbackGiven = "feedback_given",
        /// It is held at another time: another row is in its place.
        Superseded = "superseded",
    }
}

/// A session of the programme.
#[derive(Clone, Debug, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = programme_sessions, treat_none_as_null = true)]
pub struct SessionRow {
    /// Id.
    pub id: ProgrammeSessionId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// Which one of the programme, from 1.
    pub number: i32,
    /// The module, as a code.
    pub module: String,
    /// How it is held, as a code.
    pub mode: String,
    /// When it is to be.
    pub planned_at: Instant,
    /// Whether the participant came; none: not recorded yet.
    pub attendance: Option<Attendance>,
    /// When that was recorded.
    pub attendance_recorded_at: Option<Instant>,
    /// By whom.
    pub attendance_recorded_by: Option<StaffId>,
    /// What the practitioner noted about it.
    pub note: Option<Sealed>,
    /// Counts changes.
    pub version: i32,
    /// When it was planned.
    pub created_at: Instant,
    /// When feedback was first given.
    pub feedback_at: Option<Instant>,
    /// The session that it replaces.
    pub supersedes_id: Option<ProgrammeSessionId>,
    /// The session that replaces it.
    pub superseded_by_id: Option<ProgrammeSessionId>,
    /// Since when.
    pub superseded_at: Option<Instant>,
    /// Why, as a code.
    pub superseded_reason: Option<String>,
}
sealed_row!(SessionRow, "programme_sessions", participant_id, id, version);

impl SessionRow {
    /// Its place in a list, latest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.planned_at, Uuid::from(self.id))
    }

    /// Its state.
    #[must_use]
    pub fn state(&self) -> SessionState {
        match self.attendance {
            _ if self.superseded_at.is_some() => SessionState::Superseded,
            None => SessionState::Planned,
            Some(_) if self.feedback_at.is_some() => SessionState::FeedbackGiven,
            Some(attendance) => attendance.state(),
        }
    }
}

/// One word about whether the participant came: never changes; the last one counts.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = session_attendances)]
pub struct AttendanceRow {
    /// Id.
    pub id: AttendanceId,
    /// Of which session.
    pub session_id: ProgrammeSessionId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// Whether they came.
    pub attendance: Attendance,
    /// What was noted about it.
    pub note: Option<Sealed>,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}
sealed_row!(AttendanceRow, "session_attendances", participant_id, id);

text_enum! {
    /// What became of what was to be practised since the session before.
    pub enum Homework {
        /// Nothing was set.
        NoneSet = "none_set",
        /// Done.
        Done = "done",
        /// Done in part.
        Partly = "partly",
        /// Not done.
        NotDone = "not_done",
    }
}

/// One version of the feedback on a session.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = session_feedback)]
pub struct FeedbackRow {
    /// Id.
    pub id: FeedbackId,
    /// On which session.
    pub session_id: ProgrammeSessionId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// Which version, from 1; the highest counts.
    pub version: i32,
    /// What became of what was to be practised.
    pub homework: Homework,
    /// The skills that were taught or practised, as codes.
    pub skills: Json,
    /// In words.
    pub summary: Sealed,
    /// The chain analysis, as one JSON text.
    pub chain_analysis: Option<Sealed>,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}
sealed_row!(FeedbackRow, "session_feedback", participant_id, id);

impl FeedbackRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }
}
