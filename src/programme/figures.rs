//! Plain rows for figures without identities: nothing sealed is read.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::goals::t_score::{Level, t_score};
use super::{Attendance, GoalState, enrolment};
use crate::db::schema::{goal_reviews, goals, participants, programme_sessions};
use crate::db::{Day, DbConn, GoalId, Instant, OrganisationId, ParticipantId};
use crate::error::Result;

/// A participant, as far as figures go.
#[derive(Clone, Debug, HasQuery)]
#[diesel(table_name = participants)]
pub struct ParticipantFigure {
    /// To count each once.
    pub id: ParticipantId,
    /// Who holds the record.
    pub organisation_id: OrganisationId,
    /// The area.
    pub home_force_id: String,
}

/// Participants whose record was made before an instant.
pub fn participant_figures(conn: &mut DbConn, until: Instant) -> Result<Vec<ParticipantFigure>> {
    Ok(ParticipantFigure::query().filter(participants::created_at.lt(until)).load(conn)?)
}

/// Whether participants came to the sessions that were planned within a time; none where nobody has recorded it. One that
/// was moved counts where it was moved to; one that nobody held because the enrolment was on hold counts nowhere.
pub fn session_figures(
    conn: &mut DbConn,
    from: Instant,
    until: Instant,
) -> Result<Vec<(ParticipantId, Option<Attendance>)>> {
    let columns = (
        programme_sessions::participant_id,
        programme_sessions::attendance,
        programme_sessions::number,
        programme_sessions::planned_at,
    );
    let planned: Vec<(ParticipantId, Option<Attendance>, i32, Instant)> = programme_sessions::table
        .filter(programme_sessions::superseded_at.is_null())
        // Those that lay ahead when an enrolment ended are in no figure.
        .filter(programme_sessions::attendance.is_null().or(programme_sessions::attendance.ne(Attendance::NotHeld)))
        .filter(programme_sessions::planned_at.ge(from))
        .filter(programme_sessions::planned_at.lt(until))
        .select(columns)
        .load(conn)?;
    let holds = enrolment::list_holds(conn)?;
    let was_held = |who, number, at| holds.iter().any(|hold| hold.covers(who, number, at));
    let counted = planned
        .into_iter()
        .filter(|(who, attendance, number, at)| attendance.is_some() || !was_held(*who, *number, *at));
    Ok(counted.map(|(who, attendance, ..)| (who, attendance)).collect())
}

/// When participants were in the programme: from the first session that they attended to the last that is planned; no
/// end while that has not been held by `now`.
pub fn course_figures(conn: &mut DbConn, now: Instant) -> Result<BTreeMap<ParticipantId, (Instant, Option<Instant>)>> {
    let columns = (programme_sessions::participant_id, programme_sessions::planned_at, programme_sessions::attendance);
    let rows: Vec<(ParticipantId, Instant, Option<Attendance>)> = programme_sessions::table
        .filter(programme_sessions::superseded_at.is_null())
        // Those that lay ahead when an enrolment ended are in no figure.
        .filter(programme_sessions::attendance.is_null().or(programme_sessions::attendance.ne(Attendance::NotHeld)))
        .order(programme_sessions::planned_at)
        .select(columns)
        .load(conn)?;
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

/// How far a participant had come on their goals together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttainmentFigure {
    /// To count each once.
    pub participant_id: ParticipantId,
    /// The T-score at the start.
    pub baseline: f64,
    /// The T-score of the latest reviews by the end of the time.
    pub latest: f64,
}

/// A goal that counts: its id, whose, weight, baseline.
type Goal = (GoalId, ParticipantId, i32, i32);
/// A review: of which goal, the level, the day.
type Review = (GoalId, i32, Day);

/// T-scores of the participants of whom a goal was reviewed within a time, both days included: of all goals that were
/// approved by its end, as they stood at the start and then.
pub fn attainment_figures(conn: &mut DbConn, (from, to): (Day, Day), until: Instant) -> Result<Vec<AttainmentFigure>> {
    let counted: Vec<Goal> = goals::table
        .filter(goals::approved_at.lt(until))
        .filter(goals::state.ne(GoalState::Revised))
        .select((goals::id, goals::participant_id, goals::weight, goals::baseline))
        .load(conn)?;
    let order = (goal_reviews::reviewed_on, goal_reviews::created_at, goal_reviews::id);
    let reviews: Vec<Review> = goal_reviews::table
        .filter(goal_reviews::reviewed_on.le(to))
        .filter(goal_reviews::withdrawn_at.is_null())
        .order(order)
        .select((goal_reviews::goal_id, goal_reviews::score, goal_reviews::reviewed_on))
        .load(conn)?;
    let latest: BTreeMap<GoalId, (i32, Day)> =
        reviews.into_iter().map(|(goal, score, on)| (goal, (score, on))).collect();
    let mut theirs: BTreeMap<ParticipantId, Vec<Goal>> = BTreeMap::new();
    for goal in counted {
        theirs.entry(goal.1).or_default().push(goal);
    }
    let figure = |(participant_id, goals): (ParticipantId, Vec<Goal>)| {
        let reviewed = |(id, ..): &Goal| latest.get(id).is_some_and(|(_, on)| *on >= from);
        if !goals.iter().any(reviewed) {
            return None;
        }
        let score = |level: &dyn Fn(&Goal) -> i32| {
            let levels: Vec<Level> = goals.iter().map(|goal| Level { weight: goal.2, level: level(goal) }).collect();
            t_score(&levels)
        };
        let baseline = score(&|goal| goal.3)?;
        let latest = score(&|goal| latest.get(&goal.0).map_or(goal.3, |(score, _)| *score))?;
        Some(AttainmentFigure { participant_id, baseline, latest })
    };
    Ok(theirs.into_iter().filter_map(figure).collect())
}
