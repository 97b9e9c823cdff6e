//! The table of a request's transitions: what is in no row is refused.

use crate::db::text_enum;
use crate::identity::Role;
use crate::transitions::{Mover, Transition, always};

text_enum! {
    /// The state of a request.
    pub enum SubjectAccessState {
        /// The participant asked.
        Received = "received",
        /// What is withheld is stated.
        Prepared = "prepared",
        /// One person agreed.
        Approved = "approved",
        /// A second person agreed and gave it out.
        Released = "released",
        /// It is not answered.
        Refused = "refused",
    }
}

text_enum! {
    /// What is done with a request.
    pub enum SubjectAccessEvent {
        /// State what is withheld; again, where somebody thinks better of it.
        Prepare = "prepare",
        /// Agree.
        Approve = "approve",
        /// Agree as a second person, and give it out.
        Release = "release",
        /// Do not answer it.
        Refuse = "refuse",
    }
}

/// What guards look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct SubjectAccessGuard {
    /// Whether the caller is somebody else than who approved.
    pub is_another: bool,
}

fn second_person(guard: &SubjectAccessGuard) -> Option<&'static str> {
    (!guard.is_another).then_some("second_person")
}

/// The programme's side.
const PROGRAMME: &[Mover] = &[Mover::Role(Role::Practitioner), Mover::Role(Role::Supervisor)];
/// The programme's manager.
const SUPERVISOR: &[Mover] = &[Mover::Role(Role::Supervisor)];

use SubjectAccessEvent as Event;
use SubjectAccessState as State;

pub type SubjectAccessTransition = Transition<State, Event, SubjectAccessGuard>;

const fn row(from: State, event: Event, to: State, by: &'static [Mover]) -> SubjectAccessTransition {
    Transition { from, event, to, by, unmet: always }
}

/// Every transition of a request that is allowed.
pub const TABLE: &[SubjectAccessTransition] = &[
    row(State::Received, Event::Prepare, State::Prepared, PROGRAMME),
    row(State::Received, Event::Refuse, State::Refused, SUPERVISOR),
    row(State::Prepared, Event::Prepare, State::Prepared, PROGRAMME),
    row(State::Prepared, Event::Approve, State::Approved, PROGRAMME),
    row(State::Prepared, Event::Refuse, State::Refused, SUPERVISOR),
    row(State::Approved, Event::Prepare, State::Prepared, PROGRAMME),
    Transition {
        from: State::Approved,
        event: Event::Release,
        to: State::Released,
        by: SUPERVISOR,
        unmet: second_person,
    },
    row(State::Approved, Event::Refuse, State::Refused, SUPERVISOR),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transitions::transition;

    #[test]
    fn nothing_is_released_by_one_person_alone() {
        let release = |is_another| {
            transition(TABLE, State::Approved, Event::Release, SUPERVISOR, &SubjectAccessGuard { is_another })
        };
        assert_eq!(release(false).unwrap_err().code().word(), "guard_not_met");
        assert_eq!(release(true).unwrap(), State::Released);
    }

    proptest! {
        #[test]
        fn any_sequence_outside_the_table_is_refused(picks in prop::collection::vec(0usize..4, 1..30)) {
            let mut now = State::Received;
            for pick in picks {
                let event = Event::ALL[pick];
                let row = TABLE.iter().find(|row| row.from == now && row.event == event);
                match (transition(TABLE, now, event, PROGRAMME, &SubjectAccessGuard { is_another: true }), row) {
                    (Ok(next), Some(row)) => {
                        prop_assert_eq!(next, row.to);
                        now = next;
                    }
                    (Err(refused), None) => prop_assert_eq!(refused.code().word(), "wrong_state"),
                    (taken, row) => prop_assert_eq!(taken.is_ok(), row.is_some()),
                }
            }
        }
    }
}
