//! What a survivor reports: what happened, when, which behaviours, how it felt, and who may see it.
//!
//! The survivor's app drafts, submits, amends and withdraws; staff of their side triage, act, close and judge how grave it
//! is (`handle.rs`); `cases` reads what the survivor made visible. States (`machine.rs`): `draft → submitted → triaged →
//! in_action → closed`, and `withdrawn`, which keeps the report and stops further disclosure. An amendment is a new
//! version; the one before it stays, and nobody but the survivor writes one.
//!
//! The guarantees: a draft, a private incident and a private note are opened for the survivor alone; an amendment changes what it
//! names and nothing else; software raises a
//! severity and never lowers one, and what people decide about it is in a history that is only added to; a release on
//! a condition (`release.rs`) only ever opens; every report and amendment is emitted as an event, and so is a pattern that it
//! completes ([`pattern`]), so that danger is acted on in the same transaction; what nobody of the survivor's side has
//! read within a day is stated, too (`unread.rs`).

mod apart;
mod counts;
mod cry;
mod figures;
mod handle;
mod history;
mod linked;
mod machine;
mod model;
pub mod pattern;
mod release;
mod report;
pub mod routes;
mod severity;
mod store;
mod timeline;
mod unread;
mod view;
mod whole;

pub use counts::{IncidentCounts, WeekCount, count_by_week_and_behaviour};
pub use figures::incident_figures;
pub use handle::{
    ActBody, CloseBody, SeverityBody, TriageBody, act as act_on_incident, close as close_incident,
    rate as rate_incident, show as show_incident, triage as triage_incident,
};
pub use history::IncidentEventView;
pub use linked::{
    FileHome, KnownIncident, VisibleIncident, accounts_for_police, find_file_home, find_staff_file_home, is_on_phone,
    list_for_alert, visible_among, visible_incidents, visible_to_police,
};
pub use model::{
    Incident, IncidentEventKind, IncidentState, IncidentVersion, Precision, Reported, ReportingWish, Visibility,
};
pub use release::{release_due, release_on_alert, release_on_missed, show_releases};
pub use report::amend::AmendBody;
pub use report::submit::{amend, submit};
pub use report::{IncidentBody, Report};
pub use store::{count_between, find_own, find_visible, happened_at, list_visible, list_visible_as_happened};
pub use unread::{mark_read, next_due, unread};
pub use view::{
    HappenedView, PoliceIncident, ProgrammeIncident, SubmittedIncidentView, SupportIncident, SupportIncidentSummary,
    ToldVersionView,
};
pub use whole::{WholeIncident, list_lines, read_whole};
