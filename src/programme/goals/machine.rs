//! What may be done with a goal, and with its wording for the participant: one table each.
//!
//! The order is the safeguard: a supervisor checks the wording before the participant reads it, the participant agrees to
//! words that were checked, and a supervisor who did not write the goal approves it.

use super::model::{GoalRow, GoalState, GoalWithReviews, WordingState};
use crate::db::text_enum;
use crate::identity::{Role, Staff};
use crate::transitions::{Mover, Transition, always};

text_enum! {
    /// What is done with a goal.
    pub enum GoalEvent {
        /// The participant agreed, in the words that were checked.
        RecordAgreement = "record_agreement",
        /// A supervisor approves it.
        Approve = "approve",
        /// It is reviewed.
        Review = "review",
        /// It was reached.
        Achieve = "achieve",
        /// It is given up.
        Discontinue = "discontinue",
        /// Another goal is set in its place.
        Revise = "revise",
    }
}

/// What the guards of a goal look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct GoalGuard {
    /// Whether its wording for the participant was checked.
    pub is_wording_checked: bool,
    /// Whether the participant's agreement is recorded.
    pub is_agreement_recorded: bool,
    /// Whether the caller set the goal.
    pub is_own: bool,
    /// The level at which it is: of the latest review, or of the start.
    pub level: i32,
}

impl GoalGuard {
    /// What the guard looks at in a goal, for a caller.
    #[must_use]
    pub fn of(found: &GoalWithReviews, by: &Staff) -> Self {
        let GoalRow { wording_state, agreed_on, created_by, .. } = &found.goal;
        Self {
            is_wording_checked: *wording_state == Some(WordingState::Checked),
            is_agreement_recorded: agreed_on.is_some(),
            is_own: *created_by == Some(by.id),
            level: found.latest_level(),
        }
    }
}

const PRACTITIONER: &[Mover] = &[Mover::Role(Role::Practitioner)];
const SUPERVISOR: &[Mover] = &[Mover::Role(Role::Supervisor)];
const EITHER: &[Mover] = &[Mover::Role(Role::Practitioner), Mover::Role(Role::Supervisor)];

fn checked_wording(guard: &GoalGuard) -> Option<&'static str> {
    (!guard.is_wording_checked).then_some("checked_wording")
}

fn agreement_and_another_person(guard: &GoalGuard) -> Option<&'static str> {
    let needs = [(!guard.is_wording_checked, "checked_wording"), (!guard.is_agreement_recorded, "agreement")];
    let needs = needs.into_iter().chain([(guard.is_own, "another_person")]);
    needs.into_iter().find_map(|(is_unmet, needs)| is_unmet.then_some(needs))
}

/// The level as expected, or better: 0 is where "as expected" is on the scale.
fn expected_level(guard: &GoalGuard) -> Option<&'static str> {
    (guard.level < 0).then_some("expected_level")
}

const fn step(
    from: GoalState,
    event: GoalEvent,
    to: GoalState,
    by: &'static [Mover],
    unmet: fn(&GoalGuard) -> Option<&'static str>,
) -> Transition<GoalState, GoalEvent, GoalGuard> {
    Transition { from, event, to, by, unmet }
}

/// Every transition of a goal.
pub const GOAL: &[Transition<GoalState, GoalEvent, GoalGuard>] = {
    use GoalEvent::{Achieve, Approve, Discontinue, RecordAgreement, Review, Revise};
    use GoalState::{Achieved, Agreed, Discontinued, Proposed, Reviewed, Revised};
    &[
        step(Proposed, RecordAgreement, Proposed, PRACTITIONER, checked_wording),
        step(Proposed, Approve, Agreed, SUPERVISOR, agreement_and_another_person),
        step(Proposed, Review, Proposed, PRACTITIONER, always),
        step(Proposed, Discontinue, Discontinued, EITHER, always),
        step(Proposed, Revise, Revised, PRACTITIONER, always),
        step(Agreed, Review, Reviewed, PRACTITIONER, always),
        step(Agreed, Discontinue, Discontinued, EITHER, always),
        step(Agreed, Revise, Revised, PRACTITIONER, always),
        step(Reviewed, Review, Reviewed, PRACTITIONER, always),
        step(Reviewed, Achieve, Achieved, PRACTITIONER, expected_level),
        step(Reviewed, Discontinue, Discontinued, EITHER, always),
        step(Reviewed, Revise, Revised, PRACTITIONER, always),
    ]
};

text_enum! {
    /// Where a wording can stand, that there is none included.
    pub enum WordingPlace {
        /// There is none.
        Missing = "missing",
        /// A supervisor has yet to check it.
        Proposed = "proposed",
        /// Checked.
        Checked = "checked",
        /// Returned with a reason.
        Returned = "returned",
    }
}

impl From<Option<WordingState>> for WordingPlace {
    fn from(state: Option<WordingState>) -> Self {
        match state {
            None => Self::Missing,
            Some(WordingState::Proposed) => Self::Proposed,
            Some(WordingState::Checked) => Self::Checked,
            Some(WordingState::Returned) => Self::Returned,
        }
    }
}

text_enum! {
    /// What is done with a wording.
    pub enum WordingEvent {
        /// Words are proposed, in place of those before.
        Propose = "propose",
        /// A supervisor finds that they may be used.
        Check = "check",
        /// A supervisor returns them with a reason.
        Return = "return",
    }
}

/// What the guards of a wording look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordingGuard {
    /// Whether the goal is still proposed. Once it is agreed, other words are another goal.
    pub is_goal_proposed: bool,
    /// Whether the caller set the goal.
    pub is_own: bool,
}

impl WordingGuard {
    /// What the guard looks at in a goal, for a caller.
    #[must_use]
    pub fn of(goal: &GoalRow, by: &Staff) -> Self {
        Self { is_goal_proposed: goal.state == GoalState::Proposed, is_own: goal.created_by == Some(by.id) }
    }
}

fn proposed_goal(guard: &WordingGuard) -> Option<&'static str> {
    (!guard.is_goal_proposed).then_some("revision")
}

fn proposed_goal_and_another_person(guard: &WordingGuard) -> Option<&'static str> {
    proposed_goal(guard).or(guard.is_own.then_some("another_person"))
}

/// Every transition of a wording.
pub const WORDING: &[Transition<WordingPlace, WordingEvent, WordingGuard>] = {
    use WordingEvent::{Check, Propose, Return};
    use WordingPlace::{Checked, Missing, Proposed, Returned};
    const AGAIN: fn(&WordingGuard) -> Option<&'static str> = proposed_goal;
    const DECIDE: fn(&WordingGuard) -> Option<&'static str> = proposed_goal_and_another_person;
    &[
        Transition { from: Missing, event: Propose, to: Proposed, by: PRACTITIONER, unmet: AGAIN },
        Transition { from: Proposed, event: Propose, to: Proposed, by: PRACTITIONER, unmet: AGAIN },
        Transition { from: Checked, event: Propose, to: Proposed, by: PRACTITIONER, unmet: AGAIN },
        Transition { from: Returned, event: Propose, to: Proposed, by: PRACTITIONER, unmet: AGAIN },
        Transition { from: Proposed, event: Check, to: Checked, by: SUPERVISOR, unmet: DECIDE },
        Transition { from: Proposed, event: Return, to: Returned, by: SUPERVISOR, unmet: DECIDE },
    ]
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::transitions::transition;

    const BOTH: &[Mover] = &[Mover::Role(Role::Practitioner), Mover::Role(Role::Supervisor)];
    const READY: GoalGuard =
        GoalGuard { is_wording_checked: true, is_agreement_recorded: true, is_own: false, level: 0 };

    /// What may follow each state, written down a second time, by hand.
    fn allowed(state: GoalState) -> BTreeSet<(&'static str, &'static str)> {
        let closing = [("discontinue", "discontinued"), ("revise", "revised")];
        let own: &[(&str, &str)] = match state {
            GoalState::Proposed => &[("record_agreement", "proposed"), ("approve", "agreed"), ("review", "proposed")],
            GoalState::Agreed => &[("review", "reviewed")],
            GoalState::Reviewed => &[("review", "reviewed"), ("achieve", "achieved")],
            GoalState::Achieved | GoalState::Discontinued | GoalState::Revised => return BTreeSet::new(),
        };
        own.iter().copied().chain(closing).collect()
    }

    proptest! {
        #[test]
        fn any_sequence_of_events_stays_in_the_table_and_else_is_wrong_state(
            events in proptest::collection::vec(0..GoalEvent::ALL.len(), 0..24),
        ) {
            let mut state = GoalState::Proposed;
            for event in events.into_iter().map(|at| GoalEvent::ALL[at]) {
                let expected = allowed(state).into_iter().find(|(word, _)| *word == event.as_str());
                match (transition(GOAL, state, event, BOTH, &READY), expected) {
                    (Ok(next), Some((_, to))) => {
                        prop_assert_eq!(next.as_str(), to);
                        state = next;
                    }
                    (Err(error), None) => prop_assert_eq!(error.code().word(), "wrong_state"),
                    other => prop_assert!(false, "{} in {}: {:?}", event, state, other),
                }
            }
        }

        #[test]
        fn any_sequence_of_wordings_is_used_only_as_it_was_checked(
            events in proptest::collection::vec(0..WordingEvent::ALL.len(), 0..24),
        ) {
            let guard = WordingGuard { is_goal_proposed: true, is_own: false };
            let (mut state, mut last_decision) = (WordingPlace::Missing, None);
            for event in events.into_iter().map(|at| WordingEvent::ALL[at]) {
                let may = event == WordingEvent::Propose || state == WordingPlace::Proposed;
                match transition(WORDING, state, event, BOTH, &guard) {
                    Ok(next) => {
                        prop_assert!(may);
                        (state, last_decision) = (next, Some(event));
                    }
                    Err(error) => {
                        prop_assert!(!may);
                        prop_assert_eq!(error.code().word(), "wrong_state");
                    }
                }
                prop_assert_eq!(state == WordingPlace::Checked, last_decision == Some(WordingEvent::Check));
            }
        }
    }

    #[test]
    fn a_goal_is_agreed_in_checked_words_and_approved_by_another() {
        let needs = |guard: GoalGuard, event| transition(GOAL, GoalState::Proposed, event, BOTH, &guard).err();
        let detail = |error: Option<crate::error::Error>| error.map(|error| error.to_string()).unwrap_or_default();
        let unchecked = GoalGuard { is_wording_checked: false, ..READY };
        assert!(detail(needs(unchecked, GoalEvent::RecordAgreement)).contains("checked_wording"));
        assert!(detail(needs(unchecked, GoalEvent::Approve)).contains("checked_wording"));
        let unheard = GoalGuard { is_agreement_recorded: false, ..READY };
        assert!(detail(needs(unheard, GoalEvent::Approve)).contains("agreement"));
        assert!(detail(needs(GoalGuard { is_own: true, ..READY }, GoalEvent::Approve)).contains("another_person"));
        assert!(needs(READY, GoalEvent::Approve).is_none());
    }

    #[test]
    fn a_goal_is_achieved_at_the_expected_level_or_above() {
        for level in -2..=2 {
            let taken = transition(GOAL, GoalState::Reviewed, GoalEvent::Achieve, BOTH, &GoalGuard { level, ..READY });
            assert_eq!(taken.is_ok(), level >= 0, "{level}");
        }
    }

    #[test]
    fn a_practitioner_neither_checks_nor_approves() {
        let word = |error: crate::error::Error| error.code().word();
        let guard = WordingGuard { is_goal_proposed: true, is_own: false };
        for event in [WordingEvent::Check, WordingEvent::Return] {
            assert_eq!(
                transition(WORDING, WordingPlace::Proposed, event, PRACTITIONER, &guard).map_err(word),
                Err("wrong_role")
            );
        }
        let approved = transition(GOAL, GoalState::Proposed, GoalEvent::Approve, PRACTITIONER, &READY);
        assert_eq!(approved.map_err(word), Err("wrong_role"));
    }
}
