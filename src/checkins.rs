//! Schedules and check-ins: the survivor answers, or silence becomes a signal.
//!
//! An advocate makes a schedule (local times in a zone, an opening window, grace). Only the next slot of a schedule
//! exists as a row; answering or missing it makes the one after. What is due is found through one partial index on
//! `next_action_at`. A check-in is `scheduled → open → due → late`, then answered (`safe`, `concern`, `help_now`) or `missed`;
//! one pure function gives that state from the row and the time, for reads and the sweep alike. A late answer is kept
//! and closes nothing. "Safe" counts only from a session unlocked by PIN. A timer is a check-in of one's own, once.
//! What comes from a session under duress is kept and marked, and answers nothing. Where a survivor is is kept only as they
//! agreed; whether it is safe to be in touch is told to `contact`.

mod answer;
mod answered;
mod clock_jumps;
mod cry;
mod figures;
mod locating;
mod mirror;
mod model;
mod one_question;
mod overdue;
mod questions;
mod review;
pub mod routes;
mod schedule;
mod sent_words;
mod slots;
mod store;
mod timers;
mod twins;
mod view;

pub use answered::{Answered, find_answered};
pub use clock_jumps::repair_after_clock_rollback;
pub use figures::{SlotFate, slot_figures};
pub use mirror::fill_decoy;
pub use model::{Answer, CheckIn, CheckInsQuery, ContactSinceLast, EffectiveState, ReviewState, effective_state};
pub use overdue::{lagging_since, next_due, overdue};
pub use review::{
    CreateReviewBody, ReviewKind, ReviewView, create as review_check_in, find_zone, list as list_check_ins,
    read as read_check_in,
};
pub use schedule::reminders::remind;
pub use schedule::resume_due;
pub use sent_words::{SentWords, words_with_check_in, words_with_timer};
pub use store::{
    CheckInCounts, count_for_programme_since, count_since, find_location, find_timer_location, find_timer_start,
    find_times, has_schedule_to_end, list_for, list_missed, list_without_duress, time_zone,
};
pub use timers::{SendCircumstances, Timer, expire};
pub use twins::repair;
pub use view::CheckInView;
