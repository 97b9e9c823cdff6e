//! The life of a file: its states, what can be done with it, and who may.

use crate::db::text_enum;
use crate::identity::Role;
use crate::transitions::{Mover, Transition, always};

text_enum! {
    /// The state of a file.
    pub enum EvidenceState {
        /// Its bytes are arriving.
        Uploading = "uploading",
        /// It is here whole, and is what was stated.
        Kept = "kept",
        /// It is kept, and a legal hold forbids removing it.
        Held = "held",
        /// The survivor took it back: it is off their screens and locked for everybody, and is destroyed after a week.
        Removing = "removing",
        /// The same, and a legal hold keeps it from being destroyed.
        Locked = "locked",
        /// It may be a sexual image of a child: nobody opens, copies, bundles or destroys it until the police have decided.
        Sealed = "sealed",
        /// Its bytes are destroyed.
        Removed = "removed",
        /// The survivor gave the upload up.
        Terminated = "terminated",
        /// The upload was not finished in time.
        Expired = "expired",
        /// What arrived was not what was stated; nothing was kept.
        Refused = "refused",
    }
}

impl EvidenceState {
    /// Whether its bytes are here whole.
    #[must_use]
    pub fn is_stored(self) -> bool {
        matches!(self, Self::Kept | Self::Held)
    }

    /// Whether nothing of it shows on the survivor's screens: somebody else who holds the phone must not see that it
    /// was taken back.
    #[must_use]
    pub fn is_off_screens(self) -> bool {
        matches!(self, Self::Removing | Self::Locked | Self::Sealed | Self::Removed)
    }

    /// Whether it is gone for good: no state follows, and its bytes are to be destroyed.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Removed | Self::Terminated | Self::Expired | Self::Refused)
    }

    /// Whether it is here and nobody may open it.
    #[must_use]
    pub fn is_locked(self) -> bool {
        matches!(self, Self::Removing | Self::Locked | Self::Sealed)
    }
}

text_enum! {
    /// What can be done with a file.
    pub enum EvidenceEvent {
        /// The last byte arrived, and the whole is what was stated.
        Complete = "complete",
        /// The last byte arrived, and the whole is not what was stated.
        Refuse = "refuse",
        /// The upload is given up.
        Terminate = "terminate",
        /// Its time is over.
        Expire = "expire",
        /// The survivor takes the file back.
        Remove = "remove",
        /// It must not be removed; of a file that was taken back a second person is asked.
        Hold = "hold",
        /// The second person agrees to a hold that the survivor does not want.
        ApproveHold = "approve_hold",
        /// The hold goes on for another thirty days.
        RenewHold = "renew_hold",
        /// The hold is lifted or over, or what waits for a second person is taken back.
        Release = "release",
        /// The survivor has it again.
        Restore = "restore",
        /// For a survivor who said so it is to be destroyed at once, which takes a second person.
        AskDestruction = "ask_destruction",
        /// The second person destroys it.
        ApproveDestruction = "approve_destruction",
        /// Its bytes are destroyed: a week is over, or the police decided so.
        Destroy = "destroy",
        /// It may be a sexual image of a child.
        Seal = "seal",
        /// The police have decided that it is none.
        Unseal = "unseal",
    }
}

const SYSTEM: &[Mover] = &[Mover::System];
const SURVIVOR: &[Mover] = &[Mover::Survivor];
const SUPERVISOR: &[Mover] = &[Mover::Role(Role::Supervisor)];
const SUPPORT: &[Mover] = &[Mover::Role(Role::Advocate), Mover::Role(Role::Supervisor)];
/// A hold is lifted by a supervisor, or ends by itself.
const LIFTED_BY: &[Mover] = &[Mover::System, Mover::Role(Role::Supervisor)];

macro_rules! row {
    ($from:ident $event:ident $to:ident $by:ident) => {
        Transition {
            from: EvidenceState::$from,
            event: EvidenceEvent::$event,
            to: EvidenceState::$to,
            by: $by,
            unmet: always,
        }
    };
}

/// The transitions. A held file cannot be removed, nor a sealed one destroyed but by the police's decision: those rows are
/// not there. What depends on more than the state is in `acts.rs`.
pub const TRANSITIONS: &[Transition<EvidenceState, EvidenceEvent>] = &[
    row!(Uploading Complete Kept SYSTEM),
    row!(Uploading Refuse Refused SYSTEM),
    row!(Uploading Expire Expired SYSTEM),
    row!(Uploading Terminate Terminated SURVIVOR),
    row!(Kept Remove Removing SURVIVOR),
    row!(Kept Hold Held SUPERVISOR),
    row!(Kept ApproveHold Held SUPPORT),
    // One that waits for a second person is taken back.
    row!(Kept Release Kept SUPERVISOR),
    row!(Kept AskDestruction Removing SUPPORT),
    row!(Kept Seal Sealed SUPPORT),
    row!(Held RenewHold Held SUPERVISOR),
    row!(Held Release Kept LIFTED_BY),
    row!(Held Seal Sealed SUPPORT),
    row!(Removing Hold Removing SUPERVISOR),
    row!(Removing ApproveHold Locked SUPPORT),
    row!(Removing Release Removing SUPERVISOR),
    row!(Removing Restore Kept SUPPORT),
    row!(Removing AskDestruction Removing SUPPORT),
    row!(Removing ApproveDestruction Removed SUPPORT),
    row!(Removing Destroy Removed SYSTEM),
    row!(Removing Seal Sealed SUPPORT),
    row!(Locked RenewHold Locked SUPERVISOR),
    row!(Locked Release Removing LIFTED_BY),
    row!(Locked Restore Held SUPPORT),
    row!(Locked Seal Sealed SUPPORT),
    row!(Sealed RenewHold Sealed SUPERVISOR),
    row!(Sealed Release Sealed SUPERVISOR),
    // Or whatever it was before it was sealed.
    row!(Sealed Unseal Kept SUPERVISOR),
    row!(Sealed Destroy Removed SUPERVISOR),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::Code;
    use crate::transitions::transition;

    proptest! {
        #[test]
        fn only_what_the_table_names_leads_anywhere(events in prop::collection::vec(0..EvidenceEvent::ALL.len(), 0..40)) {
            let everybody =
                [Mover::System, Mover::Survivor, Mover::Role(Role::Advocate), Mover::Role(Role::Supervisor)];
            let mut state = EvidenceState::Uploading;
            for event in events.into_iter().map(|at| EvidenceEvent::ALL[at]) {
                let row = TRANSITIONS.iter().find(|row| row.from == state && row.event == event);
                match (row, transition(TRANSITIONS, state, event, &everybody, &())) {
                    (Some(row), Ok(next)) => state = { prop_assert_eq!(row.to, next); next },
                    (None, Err(error)) => prop_assert_eq!(error.code(), Code::WrongState),
                    (row, _) => prop_assert!(false, "{:?}", row.is_some()),
                }
            }
        }

        #[test]
        fn nothing_that_the_survivor_or_time_does_opens_a_sealed_file_or_destroys_a_held_one(
            events in prop::collection::vec(0..EvidenceEvent::ALL.len(), 0..40),
            from in prop::sample::select(vec![EvidenceState::Held, EvidenceState::Sealed]),
        ) {
            let mut state = from;
            for event in events.into_iter().map(|at| EvidenceEvent::ALL[at]) {
                // A hold that ends by itself is another matter: it has an end from the beginning.
                if event == EvidenceEvent::Release {
                    continue;
                }
                state = transition(TRANSITIONS, state, event, &[Mover::Survivor, Mover::System], &()).unwrap_or(state);
            }
            prop_assert_eq!(state, from);
        }
    }
}
