//! Figures without identities for commissioners, and the trail of reads and acts for auditors.
//!
//! An administrator says which police force areas and partner organisations a commissioner may see (`reach.rs`). A
//! report (`report.rs`) is made for that reach, for whole months that are over (`period.rs`), and for one of its areas or
//! all: each file in `figures/` turns plain rows, which the features hand over, into one sheet (`sheet.rs`) an
//! area, and `sheet.rs` lets go of what may be told.
//!
//! The guarantees: nothing in an answer names, numbers or refers to a person; a survivor who does not agree to
//! `stats.aggregate` when the report is made is in no figure about survivors; a figure about fewer than five people is
//! withheld, and so is whatever else would let it be worked out from the sums of the same report, its areas and the
//! whole included (`suppress.rs`, which also says what remains possible). An auditor (`trail.rs`) reads codes and ids
//! of entries, never the record that they are about; reading them is an entry, too.

mod csv_text;
mod figures;
mod measures;
mod model;
mod period;
mod reach;
mod report;
pub mod routes;
mod sheet;
mod store;
mod suppress;
mod trail;

pub use csv_text::attachment;
pub use measures::Number;
pub use model::{FigureView, ReportName, ReportView, ValueView};
pub use period::Period;
pub use reach::ReportReach;
pub use report::{ReportSpec, look as look_at_reach, make as make_report};
pub use trail::{
    AuditEntryView, AuditState, AuditVerificationView, TrailQuestion, list as list_trail, verify as verify_audit,
};
