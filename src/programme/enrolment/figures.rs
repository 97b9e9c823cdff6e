//! What is counted of an enrolment: attendance and goals, by codes and numbers alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::machine::EnrolmentEvent;
use super::model::{EnrolmentRow, EnrolmentState};
use super::store;
use crate::access::ParticipantAccess;
use crate::db::{DbConn, EnrolmentId, GoalId, Instant, OrganisationId, ParticipantId};
use crate::error::Result;
use crate::programme::{Attainment, Attendance, SessionState, list_goals};

/// Attendance and goals, counted from the records.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportFigures {
    /// How many sessions the programme had.
    pub sessions: i32,
    /// How many were attended on time.
    pub attended: i32,
    /// How many late.
    pub attended_late: i32,
    /// From how many the participant stayed away with an acceptable reason.
    pub not_attended_acceptable: i32,
    /// From how many without one.
    pub not_attended_unacceptable: i32,
    /// How many the service cancelled.
    pub not_attended_service_cancelled: i32,
    /// How many lay ahead when the enrolment ended; no figure of attendance counts them.
    #[serde(default)]
    pub not_held: i32,
    /// For how many no attendance is recorded.
    pub not_recorded: i32,
    /// The T-score at the start of the goals that count: those that a supervisor approved (Kiresuk & Sherman, 1968).
    #[serde(default)]
    pub t_score_baseline: Option<f64>,
    /// The T-score of their latest reviews.
    #[serde(default)]
    pub t_score_latest: Option<f64>,
    /// How each goal that counts was scored.
    pub goals: Vec<GoalFigures>,
}

/// How one goal was scored.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoalFigures {
    /// Which.
    pub id: GoalId,
    /// What it is about, as a code.
    #[schema(example = "no_contact")]
    pub domain: String,
    /// How much it counts beside the others.
    pub weight: i32,
    /// The level at the start, -2 to 2.
    pub baseline: i32,
    /// The level of the latest review.
    #[serde(default)]
    pub latest: Option<i32>,
}

/// Counts what an enrolment's sessions and the participant's goals say now.
pub fn count(conn: &mut DbConn, access: &ParticipantAccess, row: &EnrolmentRow) -> Result<ReportFigures> {
    let mut figures = ReportFigures { sessions: row.sessions, ..ReportFigures::default() };
    for session in store::list_sessions(conn, row)? {
        let count = match session.attendance {
            Some(Attendance::Attended) => &mut figures.attended,
            Some(Attendance::AttendedLate) => &mut figures.attended_late,
            Some(Attendance::NotAttendedAcceptable) => &mut figures.not_attended_acceptable,
            Some(Attendance::NotAttendedUnacceptable) => &mut figures.not_attended_unacceptable,
            Some(Attendance::NotAttendedServiceCancelled) => &mut figures.not_attended_service_cancelled,
            Some(Attendance::NotHeld) => &mut figures.not_held,
            None if session.state() == SessionState::Planned => &mut figures.not_recorded,
            None => continue,
        };
        *count += 1;
    }
    let goals = list_goals(conn, access)?;
    if let Some(attained) = Attainment::of(&goals) {
        (figures.t_score_baseline, figures.t_score_latest) = (Some(attained.baseline), Some(attained.latest));
    }
    for found in goals.iter().filter(|found| found.counts()) {
        figures.goals.push(GoalFigures {
            id: found.goal.id,
            domain: found.goal.domain.clone(),
            weight: found.goal.weight,
            baseline: found.goal.baseline,
            latest: found.latest_review().map(|review| review.score),
        });
    }
    Ok(figures)
}

/// An enrolment, as far as figures need it. The participant's id is there to count people by, and goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentFigure {
    /// Which.
    pub id: EnrolmentId,
    /// Who.
    pub participant_id: ParticipantId,
    /// The programme provider.
    pub organisation_id: OrganisationId,
    /// Its state.
    pub state: EnrolmentState,
    /// When it began.
    pub started_at: Instant,
    /// When it was concluded or withdrawn.
    pub ended_at: Option<Instant>,
}

/// Every enrolment of every provider, the oldest first.
pub fn list_enrolment_figures(conn: &mut DbConn) -> Result<Vec<EnrolmentFigure>> {
    let figure = |row: EnrolmentRow| EnrolmentFigure {
        id: row.id,
        participant_id: row.participant_id,
        organisation_id: row.organisation_id,
        state: row.state,
        started_at: row.created_at,
        ended_at: row.ended_at,
    };
    Ok(store::list_all(conn)?.into_iter().map(figure).collect())
}

/// A time in which an enrolment was on hold, and the sessions that it took along.
pub struct Hold {
    participant: ParticipantId,
    numbers: std::ops::Range<i32>,
    from: Instant,
    /// None while it lasts.
    until: Option<Instant>,
}

impl Hold {
    /// Whether a session of a participant was planned for this time.
    #[must_use]
    pub fn covers(&self, participant: ParticipantId, number: i32, planned_at: Instant) -> bool {
        let is_within = planned_at >= self.from && self.until.is_none_or(|until| planned_at < until);
        self.participant == participant && self.numbers.contains(&number) && is_within
    }
}

/// Every time in which an enrolment was on hold.
pub fn list_holds(conn: &mut DbConn) -> Result<Vec<Hold>> {
    let mut holds: Vec<Hold> = Vec::new();
    for (row, event, at) in store::list_steps(conn)? {
        let numbers = row.first_number..row.first_number + row.sessions;
        if event == EnrolmentEvent::Hold.as_str() {
            holds.push(Hold { participant: row.participant_id, numbers, from: at, until: None });
        } else if let Some(open) = holds
            .iter_mut()
            .rev()
            .find(|hold| hold.participant == row.participant_id && hold.numbers == numbers && hold.until.is_none())
        {
            open.until = Some(at);
        }
    }
    Ok(holds)
}
