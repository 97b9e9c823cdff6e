//! The work of a programme.

pub mod enrolments;
mod lists;
mod referrals;
mod sessions_and_goals;
mod subject_access;
mod without_a_programme;
