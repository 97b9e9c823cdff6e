//! The table of a referral's transitions: what is in no row is refused.

use std::fmt;

use super::model::ReferralState::{
    self, AssessmentStarted, AwaitingAssessment, Draft, Enrolled, NotEligible, NotSuitable, OnHold, Submitted,
    Suitable, SuitableNotReady, Withdrawn,
};
use crate::db::text_enum;
use crate::identity::Role;
use crate::transitions::{Mover, Transition, always};

text_enum! {
    /// What is done with a referral.
    pub enum ReferralEvent {
        /// Send it in.
        Submit = "submit",
        /// Take it on before a practitioner is assigned.
        Accept = "accept",
        /// Assign a practitioner.
        Allocate = "allocate",
        /// Begin the assessment.
        StartAssessment = "start_assessment",
        /// Find the participant suitable.
        FindSuitable = "find_suitable",
        /// Find the participant suitable, but not yet ready.
        FindNotReady = "find_not_ready",
        /// Find the participant not suitable.
        FindNotSuitable = "find_not_suitable",
        /// Find the participant not eligible.
        FindNotEligible = "find_not_eligible",
        /// Assess once more.
        Reassess = "reassess",
        /// Enrol the participant: done by making the enrolment.
        Enrol = "enrol",
        /// Put it on hold.
        Hold = "hold",
        /// Go on where it was held.
        Resume = "resume",
        /// Take it back.
        Withdraw = "withdraw",
    }
}

/// A state, and where a referral on hold was held from: it can go back nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralPosition {
    pub state: ReferralState,
    pub held_from: Option<ReferralState>,
}

impl fmt::Display for ReferralPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(f)
    }
}

/// What guards look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReferralGuard {
    /// Whether a practitioner is assigned.
    pub is_allocated: bool,
    /// Whether an enrolment is made in the same transaction.
    pub is_enrolling: bool,
}

fn allocated(guard: &ReferralGuard) -> Option<&'static str> {
    (!guard.is_allocated).then_some("allocation")
}

fn enrolment(guard: &ReferralGuard) -> Option<&'static str> {
    (!guard.is_enrolling).then_some("enrolment")
}

pub type ReferralTransition = Transition<ReferralPosition, ReferralEvent, ReferralGuard>;

const fn at(state: ReferralState) -> ReferralPosition {
    ReferralPosition { state, held_from: None }
}

const fn held(from: ReferralState) -> ReferralPosition {
    ReferralPosition { state: OnHold, held_from: Some(from) }
}

/// Anyone who refers: the police of the home force, or the programme's side.
const REFERRERS: &[Mover] =
    &[Mover::Role(Role::Practitioner), Mover::Role(Role::Supervisor), Mover::Role(Role::Police)];
/// The programme's side.
const PROGRAMME: &[Mover] = &[Mover::Role(Role::Practitioner), Mover::Role(Role::Supervisor)];
/// The programme's manager: turns back a decision.
const SUPERVISOR: &[Mover] = &[Mover::Role(Role::Supervisor)];

const fn row(
    from: ReferralPosition,
    event: ReferralEvent,
    to: ReferralPosition,
    by: &'static [Mover],
) -> ReferralTransition {
    Transition { from, event, to, by, unmet: always }
}

/// Every transition of a referral that is allowed.
pub const TABLE: &[ReferralTransition] = &[
    row(at(Draft), ReferralEvent::Submit, at(Submitted), REFERRERS),
    row(at(Draft), ReferralEvent::Withdraw, at(Withdrawn), REFERRERS),
    row(at(Submitted), ReferralEvent::Accept, at(AwaitingAssessment), SUPERVISOR),
    row(at(Submitted), ReferralEvent::Allocate, at(AwaitingAssessment), PROGRAMME),
    row(at(Submitted), ReferralEvent::FindNotEligible, at(NotEligible), PROGRAMME),
    row(at(Submitted), ReferralEvent::Hold, held(Submitted), PROGRAMME),
    row(at(Submitted), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    row(at(AwaitingAssessment), ReferralEvent::Allocate, at(AwaitingAssessment), PROGRAMME),
    Transition {
        from: at(AwaitingAssessment),
        event: ReferralEvent::StartAssessment,
        to: at(AssessmentStarted),
        by: PROGRAMME,
        unmet: allocated,
    },
    row(at(AwaitingAssessment), ReferralEvent::FindNotEligible, at(NotEligible), PROGRAMME),
    row(at(AwaitingAssessment), ReferralEvent::Hold, held(AwaitingAssessment), PROGRAMME),
    row(at(AwaitingAssessment), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    row(at(AssessmentStarted), ReferralEvent::Allocate, at(AssessmentStarted), SUPERVISOR),
    row(at(AssessmentStarted), ReferralEvent::FindSuitable, at(Suitable), PROGRAMME),
    row(at(AssessmentStarted), ReferralEvent::FindNotReady, at(SuitableNotReady), PROGRAMME),
    row(at(AssessmentStarted), ReferralEvent::FindNotSuitable, at(NotSuitable), PROGRAMME),
    row(at(AssessmentStarted), ReferralEvent::FindNotEligible, at(NotEligible), PROGRAMME),
    row(at(AssessmentStarted), ReferralEvent::Hold, held(AssessmentStarted), PROGRAMME),
    row(at(AssessmentStarted), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    Transition { from: at(Suitable), event: ReferralEvent::Enrol, to: at(Enrolled), by: PROGRAMME, unmet: enrolment },
    row(at(Suitable), ReferralEvent::Reassess, at(AssessmentStarted), PROGRAMME),
    row(at(Suitable), ReferralEvent::Hold, held(Suitable), PROGRAMME),
    row(at(Suitable), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    row(at(SuitableNotReady), ReferralEvent::Reassess, at(AssessmentStarted), PROGRAMME),
    row(at(SuitableNotReady), ReferralEvent::Hold, held(SuitableNotReady), PROGRAMME),
    row(at(SuitableNotReady), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    row(at(NotSuitable), ReferralEvent::Reassess, at(AssessmentStarted), SUPERVISOR),
    row(held(Submitted), ReferralEvent::Resume, at(Submitted), PROGRAMME),
    row(held(Submitted), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    row(held(AwaitingAssessment), ReferralEvent::Resume, at(AwaitingAssessment), PROGRAMME),
    row(held(AwaitingAssessment), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    row(held(AssessmentStarted), ReferralEvent::Resume, at(AssessmentStarted), PROGRAMME),
    row(held(AssessmentStarted), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    row(held(Suitable), ReferralEvent::Resume, at(Suitable), PROGRAMME),
    row(held(Suitable), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
    row(held(SuitableNotReady), ReferralEvent::Resume, at(SuitableNotReady), PROGRAMME),
    row(held(SuitableNotReady), ReferralEvent::Withdraw, at(Withdrawn), PROGRAMME),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transitions::transition;

    const EVERYBODY: &[Mover] = REFERRERS;
    const MET: ReferralGuard = ReferralGuard { is_allocated: true, is_enrolling: true };

    fn word(result: crate::error::Result<ReferralPosition>) -> &'static str {
        result.unwrap_err().code().word()
    }

    #[test]
    fn assessment_waits_for_a_practitioner_and_enrolment_for_an_enrolment() {
        let nothing = ReferralGuard::default();
        let start = |guard| transition(TABLE, at(AwaitingAssessment), ReferralEvent::StartAssessment, PROGRAMME, guard);
        assert_eq!(word(start(&nothing)), "guard_not_met");
        assert_eq!(start(&MET).unwrap(), at(AssessmentStarted));
        assert_eq!(word(transition(TABLE, at(Suitable), ReferralEvent::Enrol, PROGRAMME, &nothing)), "guard_not_met");
    }

    #[test]
    fn the_police_submit_and_take_back_a_draft_and_nothing_else() {
        let police = &[Mover::Role(Role::Police)];
        for row in TABLE {
            let may = transition(TABLE, row.from, row.event, police, &MET).is_ok();
            assert_eq!(may, row.from == at(Draft), "{row:?}");
        }
    }

    #[test]
    fn every_state_but_the_end_has_a_way_on_and_ends_have_none() {
        let ways = |standing| TABLE.iter().filter(|row| row.from == standing).count();
        for state in ReferralState::ALL.iter().copied().filter(|state| *state != OnHold) {
            let is_end = [NotEligible, Enrolled, Withdrawn].contains(&state);
            assert_eq!(ways(at(state)) == 0, is_end, "{state}");
        }
    }

    proptest! {
        /// Events in any order: each is taken exactly where the table has a row for it, and 409 everywhere else; what was
        /// on hold goes on where it was held.
        #[test]
        fn any_sequence_outside_the_table_is_refused(picks in prop::collection::vec(0usize..13, 1..60)) {
            let mut now = at(Draft);
            for pick in picks {
                let event = ReferralEvent::ALL[pick];
                let row = TABLE.iter().find(|row| row.from == now && row.event == event);
                match (transition(TABLE, now, event, EVERYBODY, &MET), row) {
                    (Ok(next), Some(row)) => {
                        prop_assert_eq!(next, row.to);
                        prop_assert!(event != ReferralEvent::Resume || Some(next.state) == now.held_from);
                        prop_assert!(event != ReferralEvent::Hold || next.held_from == Some(now.state));
                        now = next;
                    }
                    (Err(refused), None) => prop_assert_eq!(refused.code().word(), "wrong_state"),
                    (taken, row) => prop_assert_eq!(taken.is_ok(), row.is_some()),
                }
            }
        }
    }
}
