//! What may be done with a session: one table.

use super::model::{Attendance, SessionRow, SessionState};
use crate::db::text_enum;
use crate::identity::Role;
use crate::transitions::{Mover, Transition, always};

text_enum! {
    /// What is done with a session.
    pub enum SessionEvent {
        /// The participant came, on time or late.
        Attend = "attend",
        /// The participant did not come, for whichever reason.
        Miss = "miss",
        /// The practitioner gives feedback; again: a further version.
        GiveFeedback = "give_feedback",
        /// It is held at another time.
        Reschedule = "reschedule",
    }
}

impl SessionEvent {
    /// The event that a word about attendance is; none for the one that no person records.
    #[must_use]
    pub fn of(attendance: Attendance) -> Option<Self> {
        match attendance {
            Attendance::Attended | Attendance::AttendedLate => Some(Self::Attend),
            Attendance::NotAttendedAcceptable
            | Attendance::NotAttendedUnacceptable
            | Attendance::NotAttendedServiceCancelled => Some(Self::Miss),
            Attendance::NotHeld => None,
        }
    }
}

/// What the guards of a session look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionGuard {
    /// Whether it is recorded that the participant came.
    pub was_attended: bool,
    /// Whether the programme cancelled it: then there is nothing to give feedback on.
    pub was_cancelled_by_service: bool,
}

impl SessionGuard {
    /// What the guard looks at in a session.
    #[must_use]
    pub fn of(session: &SessionRow) -> Self {
        Self {
            was_attended: matches!(session.attendance, Some(Attendance::Attended | Attendance::AttendedLate)),
            was_cancelled_by_service: session.attendance == Some(Attendance::NotAttendedServiceCancelled),
        }
    }
}

const PRACTITIONER: &[Mover] = &[Mover::Role(Role::Practitioner)];

/// An absence has a chain of its own to be looked at; what the programme cancelled has none.
fn session_or_absence(guard: &SessionGuard) -> Option<&'static str> {
    guard.was_cancelled_by_service.then_some("session_or_absence")
}

/// A session that took place is not held again.
fn absence(guard: &SessionGuard) -> Option<&'static str> {
    guard.was_attended.then_some("absence")
}

const fn step(
    from: SessionState,
    event: SessionEvent,
    to: SessionState,
    unmet: fn(&SessionGuard) -> Option<&'static str>,
) -> Transition<SessionState, SessionEvent, SessionGuard> {
    Transition { from, event, to, by: PRACTITIONER, unmet }
}

/// Every transition of a session.
pub const SESSION: &[Transition<SessionState, SessionEvent, SessionGuard>] = {
    use SessionEvent::{Attend, GiveFeedback, Miss, Reschedule};
    use SessionState::{Attended, FeedbackGiven, NotAttended, NotHeld, Planned, Superseded};
    &[
        step(Planned, Attend, Attended, always),
        step(Planned, Miss, NotAttended, always),
        step(Planned, Reschedule, Superseded, always),
        step(Attended, Attend, Attended, always),
        step(Attended, Miss, NotAttended, always),
        step(Attended, GiveFeedback, FeedbackGiven, always),
        step(NotAttended, Attend, Attended, always),
        step(NotAttended, Miss, NotAttended, always),
        step(NotAttended, GiveFeedback, FeedbackGiven, session_or_absence),
        step(NotAttended, Reschedule, Superseded, always),
        step(NotHeld, Attend, Attended, always),
        step(NotHeld, Miss, NotAttended, always),
        step(FeedbackGiven, Attend, FeedbackGiven, always),
        step(FeedbackGiven, Miss, FeedbackGiven, always),
        step(FeedbackGiven, GiveFeedback, FeedbackGiven, always),
        step(FeedbackGiven, Reschedule, Superseded, absence),
    ]
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transitions::transition;

    const ABSENT: SessionGuard = SessionGuard { was_attended: false, was_cancelled_by_service: false };

    /// What may follow each state, written down a second time, by hand.
    fn expected(state: SessionState, event: SessionEvent) -> Option<&'static str> {
        match (state.as_str(), event.as_str()) {
            ("superseded", _) | ("planned", "give_feedback") | ("attended", "reschedule") => None,
            ("feedback_given", "attend" | "miss" | "give_feedback") => Some("feedback_given"),
            (_, "attend") => Some("attended"),
            (_, "miss") => Some("not_attended"),
            (_, "give_feedback") => Some("feedback_given"),
            (_, "reschedule") => Some("superseded"),
            (state, event) => panic!("{event} in {state}"),
        }
    }

    proptest! {
        #[test]
        fn any_sequence_of_events_stays_in_the_table_and_else_is_wrong_state(
            events in proptest::collection::vec(0..SessionEvent::ALL.len(), 0..24),
        ) {
            let mut state = SessionState::Planned;
            for event in events.into_iter().map(|at| SessionEvent::ALL[at]) {
                match (transition(SESSION, state, event, PRACTITIONER, &ABSENT), expected(state, event)) {
                    (Ok(next), Some(to)) => {
                        prop_assert_eq!(next.as_str(), to);
                        state = next;
                    }
                    (Err(error), None) => prop_assert_eq!(error.code().word(), "wrong_state"),
                    other => prop_assert!(false, "{} in {}: {:?}", event, state, other),
                }
            }
        }
    }

    #[test]
    fn feedback_is_on_a_session_or_an_absence_and_only_an_absence_is_held_again() {
        let cancelled = SessionGuard { was_cancelled_by_service: true, ..ABSENT };
        let word = |taken: crate::error::Result<SessionState>| taken.map_err(|error| error.code().word());
        let feedback = |guard| {
            word(transition(SESSION, SessionState::NotAttended, SessionEvent::GiveFeedback, PRACTITIONER, &guard))
        };
        assert_eq!(feedback(cancelled), Err("guard_not_met"));
        assert_eq!(feedback(ABSENT), Ok(SessionState::FeedbackGiven));
        let again = |guard| {
            word(transition(SESSION, SessionState::FeedbackGiven, SessionEvent::Reschedule, PRACTITIONER, &guard))
        };
        assert_eq!(again(SessionGuard { was_attended: true, ..ABSENT }), Err("guard_not_met"));
        assert_eq!(again(ABSENT), Ok(SessionState::Superseded));
    }

    #[test]
    fn each_word_about_attendance_is_an_event() {
        for word in Attendance::ALL {
            let is_absence = word.as_str().starts_with("not_attended");
            assert_eq!(SessionEvent::of(*word) == Some(SessionEvent::Miss), is_absence, "{word}");
            assert_eq!(SessionEvent::of(*word).is_none(), *word == Attendance::NotHeld, "{word}");
        }
    }
}
