//! The bridge: one survivor linked to one participant, and both sides on one page.
//!
//! Staff of either side propose a case; a supervisor of each side approves it (`proposed → active`), either may refuse it
//! before that and close it after. Notes, questions and concerns go from one side to the other by hand, and news of the
//! programme to the survivor by way of their advocate; whom something waits for is told so. The view and the timeline put
//! check-ins, incidents and alerts beside goals, sessions and orders. The guarantee: everything is read on one proof of
//! access; a kind that role or consent withholds is not even queried, and is named among the redactions with the reason;
//! what the programme's side receives is recorded as a disclosure in the transaction that reads it.
//! Nothing here is meant for the participant: signals are never to be raised in a session. Those that need both sides are
//! stated with the write that completes them (`watch`).

mod concerns;
mod fears;
mod find;
mod model;
mod notes;
mod notify_staff;
mod propose;
mod reach;
pub mod routes;
mod signals;
mod store;
mod timeline;
mod updates;
mod view;
mod watch;
mod words;

pub use concerns::{
    AnswerCaseConcernBody, CaseConcernView, CreateCaseConcernBody, ReadConcern, act as act_on_concern,
    create as create_concern, list as list_concerns, reaches_concern,
};
pub use fears::list as list_fears;
pub use find::{CaseInSession, CaseLink, CaseView, FoundCase, list as list_cases};
pub use model::CaseConcernState;
pub use notes::{CaseNoteView, CreateCaseNoteBody, ReadNote, create as create_note, list as list_notes};
pub use reach::{Reason, Redaction, Withheld};
pub use signals::{Signal, SignalKind};
pub use timeline::{TimelineItem, TimelineKind};
pub use view::participant_side::{ParticipantSideView, ProgrammeParticipantSide, SupportParticipantSide};
pub use view::survivor_side::{CheckInSummaryView, ProgrammeSurvivorSide, SupportSurvivorSide, SurvivorSideView};
pub use view::{CaseSides, CaseSidesView, read as read_sides};
pub use watch::detect_signals;
