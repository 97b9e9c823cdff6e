//! Evidence: files that a survivor keeps, with hash and custody, for the police or a court.
//!
//! The survivor's app sends a file in one piece or resumably (tus 1.0); their support organisation records files for
//! somebody without a phone (`upload/recorded.rs`), reads what the survivor made visible, and hands over signed bundles;
//! police read through an alert (`escalation`), with the survivor's agreement. The programme's side never gets files. States: `uploading → kept ⇄ held`, `kept ⇄ removing →
//! removed`, `removing ⇄ locked`, and `sealed` until the police have decided, then back to what it was (`states.rs`); what
//! people may do now is one answer for the call and the screen (`acts.rs`). An upload ends `terminated`, `expired` or
//! `refused`. The guarantees: what is kept is, byte for byte, what the phone stated by its SHA-256, read back from where it
//! is kept; the original is sealed chunk by chunk under a key of its own and never transcoded; every read, copy and
//! disclosure is a custody event in the transaction that allows it; a legal hold forbids removal; what is removed is locked
//! for a week, then key and bytes are destroyed and the custody is kept; nothing destroys what was disclosed or is held.

mod acts;
mod bundle;
mod custody;
mod fate;
mod hold;
mod model;
mod named;
mod read;
mod remove;
pub mod routes;
mod states;
mod store;
mod strip;
mod tie;
mod upload;
mod view;

pub use bundle::verify::{BundleVerdict, verify as verify_bundle};
pub use custody::CustodyView;
pub use model::{CustodyEvent, Evidence};
pub use named::list_objects;
pub use read::{Content, count_for_police, custody_of_own, list_for_police, list_for_staff, open_for_police};
pub use routes::EvidenceQuery;
pub use states::EvidenceState;
pub use upload::clean::{clean, next_due};
pub use view::{EvidenceView, PoliceEvidence};
