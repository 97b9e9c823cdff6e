//! What the page of an alert is made of, and what a form of it was refused for.

use std::collections::BTreeMap;

use super::case::links::CaseLine;
use super::notified_view::NotifiedSteps;
use super::visit::Filled;
use crate::db::StaffId;
use crate::error::Error;
use crate::escalation::{OverrideView, ProgrammeAlert, SupportAlert, TaskView};

/// An alert, for the reader's side.
pub enum SidedAlert {
    /// For the survivor's own side, with who was notified.
    Support(NotifiedSteps, Box<SupportAlert>),
    /// For the programme's side of a linked case.
    Programme(Box<ProgrammeAlert>),
}

/// What the page of an alert is made of.
pub struct ShownAlert {
    /// The alert.
    pub alert: SidedAlert,
    /// What it asks of the reader, what is most urgent first; nothing on the programme's side.
    pub tasks: Vec<TaskView>,
    /// Whether a task is there that cannot be read.
    pub has_unreadable_task: bool,
    /// Colleagues of the reader's own organisation who did something about it, or were notified.
    pub names: BTreeMap<StaffId, String>,
    /// Decisions to notify the police without the survivor's setting that wait for a second person.
    pub overrides: Vec<OverrideView>,
    /// The cases that it is about, as far as they are the reader's.
    pub cases: Vec<CaseLine>,
    /// The survivor's record, where it is the reader's.
    pub record: Option<String>,
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
