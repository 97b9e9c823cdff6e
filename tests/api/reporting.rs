//! Figures without identities.

mod reports;
