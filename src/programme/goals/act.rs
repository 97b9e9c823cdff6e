//! What is done with a goal, step by step of its table, and the history that it leaves.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::machine::{GOAL, GoalEvent, GoalGuard, WORDING, WordingGuard, WordingPlace};
use super::model::{GoalEventRow, GoalReviewRow, GoalRow, GoalState, GoalWithReviews, HistorySubject, WordingState};
use super::store;
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{Day, GoalEventId, GoalId, Instant, ParticipantId, StaffId, not_to_come, text_enum};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::programme::record::notices::{self, NoticeKind};
use crate::transitions::{ActionsView, actions, movers, transition};
use crate::tx::Tx;

text_enum! {
    /// What is done with a goal as it is now; reviews and revisions have addresses of their own.
    pub enum GoalStep {
        /// The participant agreed, in the words that were checked.
        RecordAgreement = "record_agreement",
        /// A supervisor approves it.
        Approve = "approve",
        /// It was reached.
        Achieve = "achieve",
        /// It is given up, for a reason.
        Discontinue = "discontinue",
    }
}

impl From<GoalStep> for GoalEvent {
    fn from(step: GoalStep) -> Self {
        match step {
            GoalStep::RecordAgreement => Self::RecordAgreement,
            GoalStep::Approve => Self::Approve,
            GoalStep::Achieve => Self::Achieve,
            GoalStep::Discontinue => Self::Discontinue,
        }
    }
}

/// What is done with a goal.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGoalTransitionBody {
    /// What.
    #[garde(skip)]
    event: GoalStep,
    /// Why; needed for giving it up.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Another order makes it moot")]
    #[serde(default)]
    reason: Option<Private>,
    /// The day on which the participant agreed; needed for that, and for nothing else.
    #[garde(skip)]
    #[serde(default)]
    agreed_on: Option<Day>,
}

impl CreateGoalTransitionBody {
    /// Refuses what is missing for this event, and what has nothing to do with it.
    fn check(&self) -> Result<()> {
        if self.event == GoalStep::Discontinue && self.reason.is_none() {
            return Err(Error::field("/reason", "missing", "giving a goal up needs a reason"));
        }
        match (self.event == GoalStep::RecordAgreement, self.agreed_on) {
            (true, None) => Err(Error::field("/agreed_on", "missing", "say on which day the participant agreed")),
            (false, Some(_)) => Err(Error::field("/agreed_on", "not_allowed", "belongs to record_agreement alone")),
            _ => Ok(()),
        }
    }
}

/// The state of a goal now.
#[derive(Serialize, ToSchema)]
pub struct GoalStateView {
    /// The goal.
    pub id: GoalId,
    /// Its state.
    pub state: GoalState,
}

/// Does something with a goal.
///
/// # Errors
/// 404 for a goal of somebody whom the caller does not work with, 409 outside the table, 403 for another's step, 422.
pub fn step(tx: &mut Tx<'_>, by: &Staff, id: GoalId, body: &CreateGoalTransitionBody) -> Result<GoalStateView> {
    let found = super::read(tx, by, id)?;
    body.check()?;
    if let Some(agreed_on) = body.agreed_on {
        not_to_come("/agreed_on", agreed_on, tx.now)?;
    }
    let event = GoalEvent::from(body.event);
    let mut goal = found.goal.clone();
    goal.state = transition(GOAL, found.goal.state, event, &movers(by), &GoalGuard::of(&found, by))?;
    goal.version += 1;
    match body.event {
        GoalStep::RecordAgreement => {
            goal.agreed_on = body.agreed_on;
            let access = access::participant(tx, by, goal.participant_id)?;
            notices::make(tx, &access, NoticeKind::GoalToApprove, Some(id))?;
        }
        GoalStep::Approve => {
            (goal.approved_by, goal.approved_at) = (Some(by.id), Some(tx.now));
            notices::settle(tx, NoticeKind::GoalToApprove, id, by.id)?;
        }
        GoalStep::Achieve | GoalStep::Discontinue => close(tx, by, &mut goal)?,
    }
    store::update_goal(tx, &goal)?;
    tx.outcome(event.as_str());
    let step = GoalHistoryStep::of_goal(event.as_str(), Some(found.goal.state), goal.state);
    remember(tx, by, &goal, step, body.reason.as_ref())?;
    Ok(GoalStateView { id, state: goal.state })
}

/// Ends a goal: nothing of it waits for a supervisor any more.
pub(super) fn close(tx: &mut Tx<'_>, by: &Staff, goal: &mut GoalRow) -> Result<()> {
    goal.closed_at = Some(tx.now);
    for kind in [NoticeKind::WordingToCheck, NoticeKind::GoalToApprove] {
        notices::settle(tx, kind, goal.id, by.id)?;
    }
    Ok(())
}

/// Records a review, made for the participant whose goal it is.
///
/// # Errors
/// As [`step`].
pub fn review(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: GoalId,
    make: impl FnOnce(&mut Tx<'_>, ParticipantId) -> Result<GoalReviewRow>,
) -> Result<()> {
    let found = super::read(tx, by, id)?;
    let mut goal = found.goal.clone();
    goal.state = transition(GOAL, found.goal.state, GoalEvent::Review, &movers(by), &GoalGuard::of(&found, by))?;
    let row = make(tx, goal.participant_id)?;
    tx.emit(Event::GoalScored { participant: goal.participant_id, review: row.id });
    store::insert_review(tx.conn, row)?;
    if goal.state != found.goal.state {
        goal.version += 1;
        store::update_goal(tx, &goal)?;
        remember(tx, by, &goal, GoalHistoryStep::of_goal("review", Some(found.goal.state), goal.state), None)?;
    }
    Ok(())
}

/// What the caller may do with a goal now.
///
/// # Errors
/// 404 for a goal of somebody whom the caller does not work with.
pub fn open_to(tx: &mut Tx<'_>, by: &Staff, id: GoalId) -> Result<ActionsView> {
    Ok(actions_of(by, &super::read(tx, by, id)?))
}

/// The same of a goal that they have read.
#[must_use]
pub fn actions_of(by: &Staff, found: &GoalWithReviews) -> ActionsView {
    actions(GOAL, found.goal.state, &movers(by), &GoalGuard::of(found, by))
}

/// What the caller may do with a goal's wording now.
///
/// # Errors
/// 404 for a goal of somebody whom the caller does not work with.
pub fn open_to_wording(tx: &mut Tx<'_>, by: &Staff, id: GoalId) -> Result<ActionsView> {
    Ok(wording_actions_of(by, &super::read(tx, by, id)?.goal))
}

/// The same of a goal that they have read.
#[must_use]
pub fn wording_actions_of(by: &Staff, goal: &GoalRow) -> ActionsView {
    let place = WordingPlace::from(goal.wording_state);
    actions(WORDING, place, &movers(by), &WordingGuard::of(goal, by))
}

/// A step, for the history.
pub(super) struct GoalHistoryStep<'a> {
    subject: HistorySubject,
    event: &'a str,
    from: Option<&'static str>,
    to: &'static str,
    wording: Option<&'a Private>,
}

impl<'a> GoalHistoryStep<'a> {
    pub fn of_goal(event: &'a str, from: Option<GoalState>, to: GoalState) -> Self {
        let from = from.map(GoalState::as_str);
        Self { subject: HistorySubject::Goal, event, from, to: to.as_str(), wording: None }
    }

    pub fn of_wording(event: &'a str, from: Option<WordingState>, to: WordingState, wording: &'a Private) -> Self {
        let from = from.map(WordingState::as_str);
        Self { subject: HistorySubject::Wording, event, from, to: to.as_str(), wording: Some(wording) }
    }
}

/// Writes a line of a goal's history.
pub(super) fn remember(
    tx: &mut Tx<'_>,
    by: &Staff,
    goal: &GoalRow,
    step: GoalHistoryStep<'_>,
    reason: Option<&Private>,
) -> Result<()> {
    let id = GoalEventId::new(tx.now);
    let new = GoalEventRow::sealing(tx.keys, goal.participant_id, id);
    let row = GoalEventRow {
        id,
        goal_id: goal.id,
        participant_id: goal.participant_id,
        subject: step.subject,
        event: step.event.to_owned(),
        from_state: step.from.map(str::to_owned),
        to_state: step.to.to_owned(),
        wording: seal!(new.wording, &step.wording)?,
        reason: seal!(new.reason, &reason)?,
        created_by: by.id,
        created_at: tx.now,
    };
    store::insert_event(tx.conn, row)
}

/// One line of a goal's history.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct GoalEventView {
    /// Id.
    pub id: GoalEventId,
    /// The goal or its wording.
    pub subject: HistorySubject,
    /// What was done.
    #[schema(example = "approve")]
    pub event: String,
    /// The state before; absent for the first line.
    #[schema(example = "proposed")]
    pub from: Option<String>,
    /// The state after.
    #[schema(example = "agreed")]
    pub to: String,
    /// The wording that it is about.
    pub wording: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

impl GoalEventView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &GoalEventRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            subject: row.subject,
            event: row.event.clone(),
            from: row.from_state.clone(),
            to: row.to_state.clone(),
            wording: open!(keys, row.wording)?.shown(),
            reason: open!(keys, row.reason)?.shown(),
            by: row.created_by,
            at: row.created_at,
        })
    }
}

/// One page of a goal's history, the latest first: `limit + 1` rows.
///
/// # Errors
/// 404 for a goal of somebody whom the caller does not work with.
pub fn history(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: GoalId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<GoalEventRow>> {
    let goal = store::find_goal(tx.conn, id)?.ok_or(Error::NotFound)?;
    let access = access::participant(tx, by, goal.participant_id)?;
    store::list_events(tx.conn, &access, id, after, limit)
}
