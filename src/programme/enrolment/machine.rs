//! The tables of an enrolment and of its end-of-programme report: what is in no row is refused.

use super::model::{EnrolmentState, ReportState};
use crate::db::text_enum;
use crate::identity::Role;
use crate::transitions::{Mover, Transition, always};

text_enum! {
    /// What is done with an enrolment.
    pub enum EnrolmentEvent {
        /// Put it on hold.
        Hold = "hold",
        /// Go on.
        Resume = "resume",
        /// All sessions are over.
        Complete = "complete",
        /// Conclude it with the report.
        Conclude = "conclude",
        /// End it early.
        Withdraw = "withdraw",
    }
}

text_enum! {
    /// What is done with an end-of-programme report.
    pub enum ReportEvent {
        /// Hand it to the supervisor.
        Submit = "submit",
        /// Give it back to be written on.
        GiveBack = "give_back",
        /// Approve it.
        Approve = "approve",
    }
}

/// What the guards of an enrolment look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnrolmentGuard {
    /// Whether attendance is recorded for every session.
    pub is_attended: bool,
    /// Whether a supervisor has approved the report.
    pub is_reported: bool,
}

fn attendance(guard: &EnrolmentGuard) -> Option<&'static str> {
    (!guard.is_attended).then_some("attendance")
}

fn report(guard: &EnrolmentGuard) -> Option<&'static str> {
    (!guard.is_reported).then_some("end_report")
}

/// What the guards of a report look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReportGuard {
    /// Whether the caller is somebody else than who submitted it.
    pub is_another: bool,
}

fn second_person(guard: &ReportGuard) -> Option<&'static str> {
    (!guard.is_another).then_some("second_person")
}

/// The programme's side.
const PROGRAMME: &[Mover] = &[Mover::Role(Role::Practitioner), Mover::Role(Role::Supervisor)];
/// The programme's manager.
const SUPERVISOR: &[Mover] = &[Mover::Role(Role::Supervisor)];

pub type EnrolmentTransition = Transition<EnrolmentState, EnrolmentEvent, EnrolmentGuard>;
pub type ReportTransition = Transition<ReportState, ReportEvent, ReportGuard>;

const fn row(from: EnrolmentState, event: EnrolmentEvent, to: EnrolmentState) -> EnrolmentTransition {
    Transition { from, event, to, by: PROGRAMME, unmet: always }
}

/// Every transition of an enrolment that is allowed.
pub const TABLE: &[EnrolmentTransition] = &[
    row(EnrolmentState::Active, EnrolmentEvent::Hold, EnrolmentState::OnHold),
    Transition {
        from: EnrolmentState::Active,
        event: EnrolmentEvent::Complete,
        to: EnrolmentState::Completed,
        by: PROGRAMME,
        unmet: attendance,
    },
    row(EnrolmentState::Active, EnrolmentEvent::Withdraw, EnrolmentState::Withdrawn),
    row(EnrolmentState::OnHold, EnrolmentEvent::Resume, EnrolmentState::Active),
    row(EnrolmentState::OnHold, EnrolmentEvent::Withdraw, EnrolmentState::Withdrawn),
    Transition {
        from: EnrolmentState::Completed,
        event: EnrolmentEvent::Conclude,
        to: EnrolmentState::Concluded,
        by: PROGRAMME,
        unmet: report,
    },
];

/// Every transition of a report that is allowed.
pub const REPORT_TABLE: &[ReportTransition] = &[
    Transition {
        from: ReportState::Draft,
        event: ReportEvent::Submit,
        to: ReportState::Submitted,
        by: PROGRAMME,
        unmet: always,
    },
    Transition {
        from: ReportState::Submitted,
        event: ReportEvent::Approve,
        to: ReportState::Approved,
        by: SUPERVISOR,
        unmet: second_person,
    },
    Transition {
        from: ReportState::Submitted,
        event: ReportEvent::GiveBack,
        to: ReportState::Draft,
        by: SUPERVISOR,
        unmet: always,
    },
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transitions::transition;

    const MET: EnrolmentGuard = EnrolmentGuard { is_attended: true, is_reported: true };

    #[test]
    fn conclusion_waits_for_an_approved_report_and_completion_for_attendance() {
        let word = |from, event, guard: EnrolmentGuard| {
            transition(TABLE, from, event, PROGRAMME, &guard).unwrap_err().code().word()
        };
        let nothing = EnrolmentGuard::default();
        assert_eq!(word(EnrolmentState::Completed, EnrolmentEvent::Conclude, nothing), "guard_not_met");
        assert_eq!(word(EnrolmentState::Active, EnrolmentEvent::Complete, nothing), "guard_not_met");
        assert_eq!(word(EnrolmentState::Active, EnrolmentEvent::Conclude, MET), "wrong_state");
    }

    #[test]
    fn nobody_approves_their_own_report_and_no_practitioner_any() {
        let approve = |movers: &[Mover], is_another| {
            let guard = ReportGuard { is_another };
            transition(REPORT_TABLE, ReportState::Submitted, ReportEvent::Approve, movers, &guard)
        };
        assert!(approve(SUPERVISOR, true).is_ok());
        assert_eq!(approve(SUPERVISOR, false).unwrap_err().code().word(), "guard_not_met");
        assert_eq!(approve(&[Mover::Role(Role::Practitioner)], true).unwrap_err().code().word(), "wrong_role");
    }

    proptest! {
        #[test]
        fn any_sequence_outside_the_table_is_refused(picks in prop::collection::vec(0usize..5, 1..40)) {
            let mut now = EnrolmentState::Active;
            for pick in picks {
                let event = EnrolmentEvent::ALL[pick];
                let row = TABLE.iter().find(|row| row.from == now && row.event == event);
                match (transition(TABLE, now, event, PROGRAMME, &MET), row) {
                    (Ok(next), Some(row)) => {
                        prop_assert_eq!(next, row.to);
                        now = next;
                    }
                    (Err(refused), None) => prop_assert_eq!(refused.code().word(), "wrong_state"),
                    (taken, row) => prop_assert_eq!(taken.is_ok(), row.is_some()),
                }
            }
        }

        #[test]
        fn any_sequence_of_a_report_outside_the_table_is_refused(picks in prop::collection::vec(0usize..3, 1..30)) {
            let mut now = ReportState::Draft;
            for pick in picks {
                let event = ReportEvent::ALL[pick];
                let row = REPORT_TABLE.iter().find(|row| row.from == now && row.event == event);
                match (transition(REPORT_TABLE, now, event, PROGRAMME, &ReportGuard { is_another: true }), row) {
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
