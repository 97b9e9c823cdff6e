//! A goal's wording for the participant: proposed, checked by a supervisor who did not set the goal, and used only then.
//!
//! What is handed to the participant is [`ParticipantGoalView`] and nothing else: it has no place for the statement, the
//! survivor's benefit, the levels or a score.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, GoalHistoryStep};
use super::machine::{WORDING, WordingEvent, WordingGuard, WordingPlace};
use super::model::{GoalRow, GoalWithReviews, WordingState};
use super::store;
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, seal};
use crate::db::{Day, GoalId, ParticipantId, text_enum};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::http::page::readable;
use crate::identity::Staff;
use crate::programme::record::notices::{self, NoticeKind};
use crate::transitions::{movers, transition};
use crate::tx::Tx;

/// Words for the participant.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGoalWordingBody {
    /// The words that the participant is to be given.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Let urges pass without acting on them")]
    participant_wording: Private,
}

/// The state of a wording now.
#[derive(Serialize, ToSchema)]
pub struct WordingStateView {
    /// The goal.
    pub goal_id: GoalId,
    /// Which wording of it, from 1.
    pub version: i32,
    /// Its state.
    pub state: WordingState,
}

/// Proposes words in place of those before. What the participant agreed to before does not carry over.
///
/// # Errors
/// 404 for a goal of somebody whom the caller does not work with, 409 once the goal is agreed: revise it.
pub fn propose(tx: &mut Tx<'_>, by: &Staff, id: GoalId, body: &CreateGoalWordingBody) -> Result<WordingStateView> {
    let GoalWithReviews { goal: old, .. } = super::read(tx, by, id)?;
    let from = WordingPlace::from(old.wording_state);
    transition(WORDING, from, WordingEvent::Propose, &movers(by), &WordingGuard::of(&old, by))?;
    let mut goal = old.clone();
    goal.wording_version = if old.wording_state.is_none() { 1 } else { old.wording_version + 1 };
    let new = goal.wording_sealing(tx.keys);
    goal.participant_wording = Some(seal!(new.participant_wording, &body.participant_wording)?);
    (goal.wording_state, goal.agreed_on) = (Some(WordingState::Proposed), None);
    goal.version += 1;
    store::update_goal(tx, &goal)?;
    let words = &body.participant_wording;
    act::remember(
        tx,
        by,
        &goal,
        GoalHistoryStep::of_wording("propose", old.wording_state, WordingState::Proposed, words),
        None,
    )?;
    let access = access::participant(tx, by, goal.participant_id)?;
    notices::settle(tx, NoticeKind::GoalToApprove, id, by.id)?;
    notices::make(tx, &access, NoticeKind::WordingToCheck, Some(id))?;
    Ok(WordingStateView { goal_id: id, version: goal.wording_version, state: WordingState::Proposed })
}

text_enum! {
    /// What a supervisor finds of a wording.
    pub enum WordingDecision {
        /// It may be used: the participant can learn nothing from it of what the survivor reports.
        Checked = "checked",
        /// Other words are needed.
        Returned = "returned",
    }
}

/// What a supervisor finds of a wording.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGoalWordingDecisionBody {
    /// What.
    #[garde(skip)]
    decision: WordingDecision,
    /// Which wording was read, from 1: another one may have taken its place.
    #[garde(range(min = 1))]
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// Why; needed for returning it.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Tells that messages were reported")]
    #[serde(default)]
    reason: Option<Private>,
}

/// Records what a supervisor finds of a wording.
///
/// # Errors
/// 404 for a goal of somebody whom the caller does not work with, 409 outside the table or for another wording, 403, 422.
pub fn decide(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: GoalId,
    body: &CreateGoalWordingDecisionBody,
) -> Result<WordingStateView> {
    let GoalWithReviews { goal: old, .. } = super::read(tx, by, id)?;
    let (event, state) = match body.decision {
        WordingDecision::Checked => (WordingEvent::Check, WordingState::Checked),
        WordingDecision::Returned => (WordingEvent::Return, WordingState::Returned),
    };
    transition(WORDING, old.wording_state.into(), event, &movers(by), &WordingGuard::of(&old, by))?;
    if body.version != old.wording_version {
        return Err(Error::wrong_state("another wording has taken the place of the one that was read"));
    }
    if state == WordingState::Returned && body.reason.is_none() {
        return Err(Error::field("/reason", "missing", "returning a wording needs a reason"));
    }
    let mut goal = old.clone();
    goal.wording_state = Some(state);
    goal.version += 1;
    store::update_goal(tx, &goal)?;
    tx.outcome(event.as_str());
    let words = goal.open_wording(tx.keys)?.ok_or_else(|| Error::internal("a wording has no words"))?;
    let step = GoalHistoryStep::of_wording(event.as_str(), old.wording_state, state, &words);
    act::remember(tx, by, &goal, step, body.reason.as_ref())?;
    notices::settle(tx, NoticeKind::WordingToCheck, id, by.id)?;
    Ok(WordingStateView { goal_id: id, version: goal.wording_version, state })
}

/// A goal as the participant may read it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ParticipantGoalView {
    /// The goal.
    pub goal_id: GoalId,
    /// The words that were checked.
    #[schema(example = "Let urges pass without acting on them")]
    pub wording: String,
    /// By when.
    pub target_on: Option<Day>,
}

/// What may be shown to the participant of their goals.
#[derive(Serialize, ToSchema)]
pub struct ParticipantGoalsView {
    /// The open goals whose wording was checked, the oldest first.
    pub items: Vec<ParticipantGoalView>,
    /// Goals that are there and could not be read, by their ids; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unreadable: Vec<Uuid>,
}

/// The goals as the participant may read them: only words that were checked, only goals that are open.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn for_participant(tx: &mut Tx<'_>, by: &Staff, participant: ParticipantId) -> Result<ParticipantGoalsView> {
    let access = access::participant(tx, by, participant)?;
    let mut goals: Vec<GoalRow> =
        store::list_goals(tx.conn, &access)?.into_iter().map(|found| found.goal).filter(may_be_shown).collect();
    goals.sort_by_key(|goal| (goal.created_at, goal.id));
    let (items, unreadable) = readable(goals.iter().map(|goal| (goal.id.0, shown(tx.keys, goal))))?;
    Ok(ParticipantGoalsView { items: items.into_iter().flatten().collect(), unreadable })
}

fn may_be_shown(goal: &GoalRow) -> bool {
    goal.state.is_open() && goal.wording_state == Some(WordingState::Checked)
}

fn shown(keys: &Keys, goal: &GoalRow) -> Result<Option<ParticipantGoalView>> {
    let view =
        |words: Private| ParticipantGoalView { goal_id: goal.id, wording: words.shown(), target_on: goal.target_on };
    Ok(goal.open_wording(keys)?.map(view))
}
