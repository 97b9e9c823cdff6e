//! What may become of an incident, as a table: `draft → submitted → triaged → in_action → closed`, and `withdrawn`.
//!
//! The survivor tells, tells again and takes back; staff of their side triage, act and close. What is reported again after it
//! was closed waits to be looked at again.

use super::model::IncidentState;
use crate::db::text_enum;
use crate::error::Result;
use crate::identity::Role;
use crate::transitions::{self, ActionsView, Mover, Transition, always};

text_enum! {
    /// What is done with an incident.
    pub enum IncidentAct {
        /// The survivor sends it.
        Submit = "submit",
        /// The survivor tells it again.
        Amend = "amend",
        /// Staff judge how soon something is to be done.
        Triage = "triage",
        /// Staff do something about it.
        Act = "act",
        /// Staff say that what was to be done is done.
        Close = "close",
        /// The survivor takes it back.
        Withdraw = "withdraw",
    }
}

/// The survivor alone.
pub const SURVIVOR: &[Mover] = &[Mover::Survivor];
/// Staff of the survivor's side.
const STAFF: &[Mover] = &[Mover::Role(Role::Advocate), Mover::Role(Role::Supervisor)];

const fn row(
    from: IncidentState,
    event: IncidentAct,
    to: IncidentState,
    by: &'static [Mover],
) -> Transition<IncidentState, IncidentAct> {
    Transition { from, event, to, by, unmet: always }
}

use IncidentAct::{Act, Amend, Close, Submit, Triage, Withdraw};
use IncidentState::{Closed, Draft, InAction, Submitted, Triaged, Withdrawn};

/// Every transition that is allowed.
pub const TABLE: &[Transition<IncidentState, IncidentAct>] = &[
    row(Draft, Submit, Submitted, SURVIVOR),
    row(Submitted, Triage, Triaged, STAFF),
    row(Triaged, Act, InAction, STAFF),
    row(InAction, Act, InAction, STAFF),
    row(InAction, Close, Closed, STAFF),
    row(Submitted, Amend, Submitted, SURVIVOR),
    row(Triaged, Amend, Triaged, SURVIVOR),
    row(InAction, Amend, InAction, SURVIVOR),
    row(Closed, Amend, Submitted, SURVIVOR),
    row(Submitted, Withdraw, Withdrawn, SURVIVOR),
    row(Triaged, Withdraw, Withdrawn, SURVIVOR),
    row(InAction, Withdraw, Withdrawn, SURVIVOR),
    row(Closed, Withdraw, Withdrawn, SURVIVOR),
];

/// The state after an act.
///
/// # Errors
/// 409 for what does not stand in the table, 403 for what another may do.
pub fn next(from: IncidentState, act: IncidentAct, movers: &[Mover]) -> Result<IncidentState> {
    transitions::transition(TABLE, from, act, movers, &())
}

/// What is open to a caller.
pub fn actions(state: IncidentState, movers: &[Mover]) -> ActionsView {
    transitions::actions(TABLE, state, movers, &())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EVERYBODY: [Mover; 3] = [Mover::Survivor, Mover::Role(Role::Advocate), Mover::Role(Role::Practitioner)];

    fn any_act() -> impl Strategy<Value = (IncidentAct, Mover)> {
        (prop::sample::select(IncidentAct::ALL), prop::sample::select(&EVERYBODY[..]))
    }

    proptest! {
        #[test]
        fn whatever_is_tried_in_whatever_order_only_what_the_table_has_is_done(
            acts in prop::collection::vec(any_act(), 0..40),
        ) {
            let mut state = Draft;
            for (act, mover) in acts {
                let row = TABLE.iter().find(|row| row.from == state && row.event == act);
                let done = next(state, act, &[mover]);
                match row {
                    None => prop_assert_eq!(done.unwrap_err().code().word(), "wrong_state"),
                    Some(row) if !row.by.contains(&mover) => {
                        prop_assert_eq!(done.unwrap_err().code().word(), "wrong_role");
                    }
                    Some(row) => {
                        state = done.unwrap();
                        prop_assert_eq!(state, row.to);
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_leads_back_to_a_draft_or_out_of_what_was_taken_back() {
        assert!(TABLE.iter().all(|row| row.to != Draft && row.from != Withdrawn));
        for state in IncidentState::ALL {
            assert_eq!(actions(*state, &[Mover::Role(Role::Practitioner)]).actions, []);
        }
        let open: Vec<String> = actions(Submitted, STAFF).actions.into_iter().map(|action| action.event).collect();
        assert_eq!(open, ["triage"]);
    }
}
