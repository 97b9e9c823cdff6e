//! URLs of alerts and tasks: for staff, for the survivor's app, for the police.

mod app;
mod partner;
mod police;

pub use app::{app, decoy_ladder};
pub use partner::partner;
pub use police::police;
