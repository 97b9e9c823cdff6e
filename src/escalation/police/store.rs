//! All SQL of the police's part: forces of an alert, outcomes, and who opened a location.

mod forces;
mod outcomes;
mod releases;

pub use forces::*;
pub use outcomes::*;
pub use releases::*;
