//! What a survivor reports: what happened, when, which behaviours, how it felt, and who may see it.
//!
//! The survivor's app submits, amends and withdraws; `cases` reads what the survivor made visible. States:
//! `submitted`, and `withdrawn`, which keeps the report and stops further disclosure. An amendment is a new version; the
//! one before it stays. The guarantees: a private incident and a private note are opened for the survivor alone;
//! software raises a severity and never lowers one; every report and amendment is stated as a fact, and so is a pattern
//! that it completes ([`pattern`]), so that danger is acted on in the same transaction; what nobody of the survivor's side
//! has read within a day is stated, too (`unread.rs`).

mod counts;
mod figures;
mod linked;
mod model;
pub mod pattern;
mod report;
pub mod routes;
mod severity;
mod store;
mod submit;
mod unread;
mod view;
mod withdraw;

pub use counts::{IncidentCounts, WeekCount, count_by_week_and_behaviour};
pub use figures::incident_figures;
pub use linked::{Told, is_own, tell, visible_among, visible_to_police};
pub use model::{Incident, IncidentState, IncidentVersion, Precision, Reported, Visibility};
pub use report::{AmendBody, IncidentBody, Report};
pub use store::{count_between, is_withdrawn, list_visible};
pub use submit::{amend, submit};
pub use unread::{mark_read, next_due, unread};
pub use view::{HappenedView, IncidentVersionView, IncidentView, SubmittedIncidentView};
