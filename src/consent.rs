//! What the survivor agreed to share, with whom, until when; and what was disclosed. The one place that answers
//! "may we?".
//!
//! Three things are kept apart: sharing scopes, alert settings, and the organisation's lawful basis, which
//! is on each disclosure. The ledger is append-only; what is true at an instant is a pure fold over it
//! ([`ledger`]). A [`Permit`] can only be had from the ledger, and reading across the bridge takes one. Turning an
//! alert setting off takes effect after a delay and is reported to the advocate; turning it on is instant.

mod disclosures;
mod figures;
mod grant;
pub mod ledger;
mod reviews;
pub mod routes;
mod store;
pub mod texts;
mod view;

pub use disclosures::bases::{DisclosurePurpose, lawful_basis};
pub use disclosures::{Disclosure, LawfulBasis, disclose, disclose_on};
pub use figures::agreement_figures;
pub use grant::{ConsentBody, ConsentReceiptView, confirm_turning_off, decide, fill_decoy, start};
pub use ledger::{Scope, ScopeStatus};
pub use reviews::{list_due_reviews, next_review, take_due_reviews};
pub use store::RecordedHow;
pub use store::{DisclosureRow, Ledger, list_disclosures};
pub use view::{SurvivorConsentView, for_staff};

use crate::db::OrganisationId;

/// Proof that a survivor's agreement covers a recipient now.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    scope: Scope,
    recipient: OrganisationId,
}

impl Permit {
    /// What it covers.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// For whom.
    #[must_use]
    pub fn recipient(&self) -> OrganisationId {
        self.recipient
    }
}
