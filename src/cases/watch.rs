//! Signals that need both sides raise an alert by themselves, with the write that completes them.
//!
//! What was written emits an event; here it is compared with the other side of every active case, under the same rules that the
//! view computes signals by. A signal is told once for the record that it hangs on – the session, the diary rating or the
//! review – and to the survivor's side alone, as a code: neither side learns from it what the other recorded.

use uuid::Uuid;

use super::model::CaseSignal;
use super::signals::{self, Dated, SignalInputs};
use super::store;
use super::view::{acted_urge, missed_session, scores};
use crate::access::{self, CaseRow, ParticipantAccess, SystemAccess};
use crate::checkins;
use crate::db::{CheckInId, DbConn, IncidentId, Instant, ParticipantId, SubjectId, SurvivorId};
use crate::error::{Result, isolate};
use crate::escalation;
use crate::events::Event;
use crate::incidents::{
    self,
    pattern::{self, LOOK_BACK_SECONDS},
};
use crate::programme;
use crate::tx::Tx;

/// Days before and after within which a check-in and a session belong together.
const NEAR_DAYS: i64 = 1;
/// Days that are read before an urge; the rule looks at two.
const BEFORE_URGE_DAYS: i64 = 3;
/// Days that are read before a score: twice what the rule compares.
const BEFORE_SCORE_DAYS: i64 = 2 * LOOK_BACK_SECONDS / (24 * 60 * 60) + 1;
/// Urges that are looked at, the latest.
const URGES: i64 = 100;

/// Emits a signal where an event, next to what the other side of a case recorded, completes one. A record that cannot be
/// read is logged: it undoes nothing that was written.
pub fn detect_signals(tx: &mut Tx<'_>, system: SystemAccess, event: &Event) -> Result<()> {
    unless_unreadable(watch(tx, system, event))
}

/// What cannot be read is logged, and undoes nothing that was written.
fn unless_unreadable(told: Result<()>) -> Result<()> {
    isolate(told, |error| tracing::error!(%error, "what stands out across both sides could not be noted"))
}

fn watch(tx: &mut Tx<'_>, system: SystemAccess, event: &Event) -> Result<()> {
    match event {
        Event::CheckInMissed { survivor, check_in, due_at, .. } => {
            missed_check_in(tx, system, *survivor, (*check_in, *due_at))
        }
        Event::IncidentReported { survivor, incident, report } if !report.is_private => {
            reported(tx, system, *survivor, *incident)
        }
        Event::SessionNotAttended { participant, session, planned_at } => {
            let session = Dated { at: *planned_at, id: session.0 };
            watch_each_case(tx, *participant, session.id, |conn, case| {
                around_missed_session(conn, system, case, session)
            })
        }
        Event::UrgeActedOn { participant, rating } => {
            watch_each_case(tx, *participant, rating.0, |conn, case| around_acted_urge(conn, system, case, rating.0))
        }
        Event::GoalScored { participant, review } => {
            watch_each_case(tx, *participant, review.0, |conn, case| around_review(conn, system, case, review.0))
        }
        _ => Ok(()),
    }
}

/// Makes writes on both sides of a case look at it one after the other: of two at once, the second sees the first. Takes
/// what an alert about the survivor takes anyway, so that nobody waits for two things in two orders.
fn take_turn(tx: &mut Tx<'_>, case: &CaseRow) -> Result<()> {
    escalation::lock_survivor(tx.conn, case.survivor_id)
}

/// A missed check-in beside the participant's sessions: one look at the survivor's cases, and without an active one no
/// more than that.
fn missed_check_in(
    tx: &mut Tx<'_>,
    system: SystemAccess,
    survivor: SurvivorId,
    (id, due_at): (CheckInId, Instant),
) -> Result<()> {
    let span = (due_at.plus_days(-NEAR_DAYS), due_at.plus_days(NEAR_DAYS));
    let cases = access::active_cases_of(tx.conn, survivor)?;
    look_at(tx, cases, id.0, |conn, case| {
        let sessions = programme::list_missed_sessions(conn, &system.participant(case.participant_id), span)?;
        Ok(SignalInputs {
            missed_check_ins: vec![Dated { at: due_at, id: id.0 }],
            missed_sessions: sessions.iter().filter_map(missed_session).collect(),
            ..SignalInputs::default()
        })
    })
}

/// An incident beside the urges that the participant acted on and the scores of their goals.
fn reported(tx: &mut Tx<'_>, system: SystemAccess, survivor: SurvivorId, id: IncidentId) -> Result<()> {
    let cases = access::active_cases_of(tx.conn, survivor)?;
    if cases.is_empty() {
        return Ok(());
    }
    let record = system.survivor(survivor);
    let Some(happened_at) = incidents::happened_at(tx.conn, &record, id)? else { return Ok(()) };
    look_at(tx, cases, id.0, |conn, case| {
        Ok(SignalInputs {
            acted_urges: acted_urges(conn, &system.participant(case.participant_id))?,
            incidents: pattern::occurrences_since(conn, &record, happened_at.plus_days(-BEFORE_SCORE_DAYS))?,
            scores: all_scores(conn, &system.participant(case.participant_id))?,
            ..SignalInputs::default()
        })
    })
}

/// A record of the participant's beside the survivor's side of each active case with them.
fn watch_each_case(
    tx: &mut Tx<'_>,
    participant: ParticipantId,
    record: Uuid,
    seen: impl Fn(&mut DbConn, &CaseRow) -> Result<SignalInputs>,
) -> Result<()> {
    let cases = access::cases_with(tx.conn, participant, false)?;
    look_at(tx, cases, record, seen)
}

/// Tells what is striking in each of some cases. What is in the way of one hides nothing of the others.
fn look_at(
    tx: &mut Tx<'_>,
    cases: Vec<CaseRow>,
    record: Uuid,
    seen: impl Fn(&mut DbConn, &CaseRow) -> Result<SignalInputs>,
) -> Result<()> {
    for case in cases {
        take_turn(tx, &case)?;
        unless_unreadable(seen(tx.conn, &case).and_then(|seen| emit_new(tx, &case, &seen, record)))?;
    }
    Ok(())
}

fn around_missed_session(
    conn: &mut DbConn,
    system: SystemAccess,
    case: &CaseRow,
    session: Dated,
) -> Result<SignalInputs> {
    let span = (session.at.plus_days(-NEAR_DAYS), session.at.plus_days(NEAR_DAYS));
    let missed = checkins::list_missed(conn, &system.survivor(case.survivor_id), span)?;
    let missed_check_ins = missed.into_iter().map(|(id, at)| Dated { at, id: id.0 }).collect();
    Ok(SignalInputs { missed_check_ins, missed_sessions: vec![session], ..SignalInputs::default() })
}

fn around_acted_urge(conn: &mut DbConn, system: SystemAccess, case: &CaseRow, rating: Uuid) -> Result<SignalInputs> {
    let mut acted_urges = acted_urges(conn, &system.participant(case.participant_id))?;
    acted_urges.retain(|urge| urge.id == rating);
    let Some(urge) = acted_urges.first() else { return Ok(SignalInputs::default()) };
    let incidents =
        pattern::occurrences_since(conn, &system.survivor(case.survivor_id), urge.from.plus_days(-BEFORE_URGE_DAYS))?;
    Ok(SignalInputs { acted_urges, incidents, ..SignalInputs::default() })
}

fn around_review(conn: &mut DbConn, system: SystemAccess, case: &CaseRow, review: Uuid) -> Result<SignalInputs> {
    let mut scores = all_scores(conn, &system.participant(case.participant_id))?;
    scores.retain(|score| score.id == review);
    let Some(score) = scores.first() else { return Ok(SignalInputs::default()) };
    let incidents =
        pattern::occurrences_since(conn, &system.survivor(case.survivor_id), score.at.plus_days(-BEFORE_SCORE_DAYS))?;
    Ok(SignalInputs { scores, incidents, ..SignalInputs::default() })
}

fn acted_urges(conn: &mut DbConn, access: &ParticipantAccess) -> Result<Vec<signals::Stretch>> {
    Ok(programme::list_acted_urges(conn, access, URGES)?.iter().map(acted_urge).collect())
}

fn all_scores(conn: &mut DbConn, access: &ParticipantAccess) -> Result<Vec<signals::Score>> {
    Ok(programme::list_goals(conn, access)?.iter().flat_map(scores).collect())
}

/// States each signal that rests on a record and was not told before.
fn emit_new(tx: &mut Tx<'_>, case: &CaseRow, seen: &SignalInputs, record: Uuid) -> Result<()> {
    for found in signals::of_both_sides(seen) {
        let Some(hangs_on) = found.evidence.first().filter(|_| found.evidence.contains(&record)) else { continue };
        let row =
            CaseSignal { case_id: case.id, signal: found.signal, record_id: SubjectId(*hangs_on), told_at: tx.now };
        if store::claim_signal(tx.conn, row)? {
            let (survivor, case) = (case.survivor_id, case.id);
            tx.emit(Event::SignalSeen { survivor, case, signal: found.signal.as_str() });
        }
    }
    Ok(())
}
