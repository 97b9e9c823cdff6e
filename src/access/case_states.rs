//! The states of a case, as a table.
//!
//! `proposed → active` takes a supervisor of each side; either may refuse before that (`refused`) and close after it
//! (`closed`). A case that ended may be proposed again: then both sides approve once more.

use std::fmt;

use super::model::{CaseEvent, CaseRow, CaseState, Side};
use crate::error::Result;
use crate::identity::Role;
use crate::transitions::{ActionsView, Mover, Transition, actions, always, transition};

/// A case's state as one side sees it: whether it waits for that side, for the other or for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CaseSideState {
    Unapproved,
    OwnApproved,
    OtherApproved,
    Active,
    Closed,
    Refused,
}

impl CaseSideState {
    fn of(case: &CaseRow, side: Side) -> Self {
        let (own, other) = match side {
            Side::Support => (case.support_approved_by, case.programme_approved_by),
            Side::Programme => (case.programme_approved_by, case.support_approved_by),
        };
        match (case.state, own, other) {
            (CaseState::Active, ..) => Self::Active,
            (CaseState::Closed, ..) => Self::Closed,
            (CaseState::Refused, ..) => Self::Refused,
            (CaseState::Proposed, None, None) => Self::Unapproved,
            (CaseState::Proposed, Some(_), _) => Self::OwnApproved,
            (CaseState::Proposed, None, Some(_)) => Self::OtherApproved,
        }
    }

    fn state(self) -> CaseState {
        match self {
            Self::Unapproved | Self::OwnApproved | Self::OtherApproved => CaseState::Proposed,
            Self::Active => CaseState::Active,
            Self::Closed => CaseState::Closed,
            Self::Refused => CaseState::Refused,
        }
    }
}

impl fmt::Display for CaseSideState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state().fmt(f)
    }
}

const SUPERVISOR: &[Mover] = &[Mover::Role(Role::Supervisor)];
const EITHER: &[Mover] = &[Mover::Role(Role::Advocate), Mover::Role(Role::Practitioner)];

const fn row(
    from: CaseSideState,
    event: CaseEvent,
    to: CaseSideState,
    by: &'static [Mover],
) -> Transition<CaseSideState, CaseEvent> {
    Transition { from, event, to, by, unmet: always }
}

const TABLE: &[Transition<CaseSideState, CaseEvent>] = &[
    row(CaseSideState::Unapproved, CaseEvent::Approve, CaseSideState::OwnApproved, SUPERVISOR),
    row(CaseSideState::OtherApproved, CaseEvent::Approve, CaseSideState::Active, SUPERVISOR),
    row(CaseSideState::Unapproved, CaseEvent::Refuse, CaseSideState::Refused, SUPERVISOR),
    row(CaseSideState::OwnApproved, CaseEvent::Refuse, CaseSideState::Refused, SUPERVISOR),
    row(CaseSideState::OtherApproved, CaseEvent::Refuse, CaseSideState::Refused, SUPERVISOR),
    row(CaseSideState::Active, CaseEvent::Close, CaseSideState::Closed, SUPERVISOR),
    row(CaseSideState::Closed, CaseEvent::Propose, CaseSideState::Unapproved, EITHER),
    row(CaseSideState::Refused, CaseEvent::Propose, CaseSideState::Unapproved, EITHER),
];

/// The state of a case after an event from one side.
pub(super) fn after(case: &CaseRow, side: Side, event: CaseEvent, movers: &[Mover]) -> Result<CaseState> {
    transition(TABLE, CaseSideState::of(case, side), event, movers, &()).map(CaseSideState::state)
}

/// What a caller of one side may do with a case now.
pub(super) fn open_to(case: &CaseRow, side: Side, movers: &[Mover]) -> ActionsView {
    actions(TABLE, CaseSideState::of(case, side), movers, &())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::db::{CaseId, Instant, OrganisationId, ParticipantId, StaffId, SurvivorId};

    fn proposed() -> CaseRow {
        let (id, at) = (Uuid::from_u128(1), Instant::from_microseconds(0));
        CaseRow {
            id: CaseId(id),
            reference: "CS-2T9B-4H7Q-X".to_owned(),
            survivor_id: SurvivorId(id),
            participant_id: ParticipantId(id),
            support_organisation_id: OrganisationId(id),
            programme_organisation_id: OrganisationId(id),
            relationship: "former_partner".to_owned(),
            state: CaseState::Proposed,
            proposed_by: StaffId(id),
            support_approved_by: None,
            support_approved_at: None,
            programme_approved_by: None,
            programme_approved_at: None,
            created_at: at,
            ended_at: None,
            ended_by: None,
            end_reason: None,
        }
    }

    /// What `docs/domain.md` says of a case, apart from the table: state, and whether either side has approved.
    fn told(state: &mut (CaseState, [bool; 2]), side: usize, event: CaseEvent) -> bool {
        let next = match (state.0, event) {
            (CaseState::Proposed, CaseEvent::Approve) if !state.1[side] => {
                state.1[side] = true;
                if state.1 == [true, true] { CaseState::Active } else { CaseState::Proposed }
            }
            (CaseState::Proposed, CaseEvent::Refuse) => CaseState::Refused,
            (CaseState::Active, CaseEvent::Close) => CaseState::Closed,
            (CaseState::Closed | CaseState::Refused, CaseEvent::Propose) => {
                state.1 = [false, false];
                CaseState::Proposed
            }
            _ => return false,
        };
        state.0 = next;
        true
    }

    proptest! {
        #[test]
        fn any_sequence_goes_as_told_and_everything_else_is_refused(
            steps in prop::collection::vec((0..2_usize, prop::sample::select(CaseEvent::ALL)), 0..24),
        ) {
            let everybody: Vec<Mover> = Role::ALL.iter().copied().map(Mover::Role).collect();
            let (mut case, mut expected) = (proposed(), (CaseState::Proposed, [false, false]));
            for (side, event) in steps {
                let at = if side == 0 { Side::Support } else { Side::Programme };
                let listed = open_to(&case, at, &everybody).actions.iter().any(|open| open.event == event.as_str());
                let done = after(&case, at, event, &everybody);
                let may = told(&mut expected, side, event);
                prop_assert_eq!(listed, may);
                match done {
                    Ok(state) => {
                        prop_assert!(may);
                        case.state = state;
                        let by = |side: usize| expected.1[side].then_some(case.proposed_by);
                        (case.support_approved_by, case.programme_approved_by) = (by(0), by(1));
                    }
                    Err(error) => {
                        prop_assert!(!may);
                        prop_assert_eq!(error.code().word(), "wrong_state");
                    }
                }
                prop_assert_eq!(case.state, expected.0);
            }
        }
    }

    #[test]
    fn only_a_supervisor_approves_refuses_and_closes() {
        for role in [Role::Advocate, Role::Practitioner] {
            assert!(open_to(&proposed(), Side::Support, &[Mover::Role(role)]).actions.is_empty());
            let done = after(&proposed(), Side::Support, CaseEvent::Approve, &[Mover::Role(role)]);
            assert_eq!(done.unwrap_err().code().word(), "wrong_role");
        }
    }
}
