//! Revising a goal: a goal is never rewritten, another one takes its place, and both say so.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::{self, GoalHistoryStep};
use super::machine::{GOAL, GoalEvent, GoalGuard};
use super::model::GoalState;
use super::{CreateGoalBody, store};
use crate::access;
use crate::crypto::Private;
use crate::db::GoalId;
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::Staff;
use crate::transitions::{movers, transition};
use crate::tx::Tx;

/// A goal in another's place.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGoalRevisionBody {
    /// Why the goal before does not serve.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Reached too easily: the levels say too little")]
    reason: Private,
    /// The goal in its place.
    #[garde(dive)]
    goal: CreateGoalBody,
}

/// A goal that was set in another's place.
#[derive(Serialize, ToSchema)]
pub struct MadeGoalRevisionView {
    /// The new goal.
    pub id: GoalId,
    /// Its state.
    pub state: GoalState,
    /// The goal that it replaces.
    pub supersedes: GoalId,
}

/// Sets a goal in the place of another, which is `revised` from then on.
///
/// # Errors
/// 404 for a goal of somebody whom the caller does not work with, 409 for a goal that is closed, 422.
pub fn revise(tx: &mut Tx<'_>, by: &Staff, id: GoalId, body: &CreateGoalRevisionBody) -> Result<MadeGoalRevisionView> {
    let found = super::read(tx, by, id)?;
    let access = access::participant(tx, by, found.goal.participant_id)?;
    let mut old = found.goal.clone();
    old.state = transition(GOAL, found.goal.state, GoalEvent::Revise, &movers(by), &GoalGuard::of(&found, by))?;
    let new = super::set(tx, by, &access, &body.goal, Some(id)).map_err(within_goal)?;
    old.superseded_by_id = Some(new.id);
    old.version += 1;
    act::close(tx, by, &mut old)?;
    store::update_goal(tx, &old)?;
    let step = GoalHistoryStep::of_goal("revise", Some(found.goal.state), old.state);
    act::remember(tx, by, &old, step, Some(&body.reason))?;
    Ok(MadeGoalRevisionView { id: new.id, state: new.state, supersedes: id })
}

/// A refusal of the goal inside this body: its pointers begin there.
fn within_goal(error: Error) -> Error {
    match error {
        Error::Invalid { code, detail, mut fields } => {
            for field in &mut fields {
                field.pointer.insert_str(0, "/goal");
            }
            Error::Invalid { code, detail, fields }
        }
        other => other,
    }
}
