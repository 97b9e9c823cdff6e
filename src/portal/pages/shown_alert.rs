//! What the page of an alert is made of, and what a form of it was refused for.

use std::collections::BTreeMap;

use super::visit::Filled;
use crate::db::StaffId;
use crate::error::Error;
use crate::escalation::{StaffAlert, TaskView};

/// What the page of an alert is made of.
pub struct ShownAlert {
    /// The alert, for the reader's side.
    pub alert: StaffAlert,
    /// What it asks of the reader; nothing on the programme's side.
    pub tasks: Vec<TaskView>,
    /// Colleagues of the reader's own organisation who did something about it.
    pub names: BTreeMap<StaffId, String>,
    /// Whether the reader may act on it.
    pub may_act: bool,
}

/// A form that was not taken: what is wrong with it, and what was in it.
pub struct Trouble {
    /// What is wrong.
    pub error: Error,
    /// What was sent.
    pub form: Filled,
    /// Which form, by the end of its address.
    pub act: &'static str,
}
