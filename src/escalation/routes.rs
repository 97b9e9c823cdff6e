//! URLs of alerts, tasks, ladders, silences and the rota: for staff, for the survivor's app, for the police.

mod app;
mod ladders;
mod own;
mod partner;
mod phones;
mod police;
mod rota;
mod safe_addresses;
mod silences;
mod transfers;

pub use app::app;
pub use partner::partner;
pub use police::police;
pub use silences::admin;
