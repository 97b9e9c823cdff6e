//! The words of alerts and tasks, which lists and pages share.

use super::reader::{InEnglish, PageReader};
use crate::db::Instant;
use crate::escalation::{AlertState, Rule, TaskKind};
use crate::words;

/// How grave something is, in a word and a colour.
pub struct LevelTag {
    /// The word.
    pub words: String,
    /// The colour, as the component calls it.
    pub colour: &'static str,
}

impl LevelTag {
    /// That of a level.
    pub fn of(reader: &PageReader, level: i32) -> Self {
        let (id, colour) = match level {
            4.. => ("portal-level-emergency", "red"),
            3 => ("portal-level-urgent", "orange"),
            2 => ("portal-level-concern", "yellow"),
            _ => ("portal-level-note", "grey"),
        };
        Self { words: reader.say(id), colour }
    }
}

/// What both sides see of an alert in a list, and at the head of its page.
pub struct AlertHead {
    /// Its level.
    pub level: i32,
    /// The level in a word.
    pub tag: LevelTag,
    /// What raised it.
    pub happened: InEnglish,
    /// Whether it is a drill.
    pub is_exercise: bool,
    /// Its reference.
    pub reference: String,
    /// Its page.
    pub href: String,
}

impl AlertHead {
    /// That of an alert.
    pub fn of(reader: &PageReader, (level, rule): (i32, Rule), reference: &str, is_exercise: bool) -> Self {
        Self {
            level,
            tag: LevelTag::of(reader, level),
            happened: reader.in_english(&words::id_of("staff-happened", rule.as_str())),
            is_exercise,
            reference: reference.to_owned(),
            href: alert_path(reference),
        }
    }
}

/// The page of an alert.
pub fn alert_path(reference: &str) -> String {
    format!("/portal/alerts/{reference}")
}

/// How far an alert has come, and since when somebody of the survivor's side has it, where anybody took it up.
pub type AlertProgress = (AlertState, Option<Instant>);

/// Whether somebody of the survivor's side has it now: not where they said nothing since and it climbs again, and not where an
/// officer alone has acknowledged it.
pub fn is_held((state, taken_up): AlertProgress) -> bool {
    state == AlertState::Acknowledged && taken_up.is_some()
}

/// How far an alert has come.
pub fn state(reader: &PageReader, progress: AlertProgress) -> String {
    reader.say(match progress {
        (AlertState::Open, None) => "portal-state-open",
        (AlertState::Open, Some(_)) => "portal-state-climbs-again",
        (AlertState::Acknowledged, None) => "portal-state-officer",
        (AlertState::Acknowledged, Some(_)) => "portal-state-acknowledged",
        (AlertState::Resolved, _) => "portal-state-resolved",
        (AlertState::StoodDown, _) => "portal-state-stood-down",
    })
}

/// What a task asks for.
pub fn task_words(reader: &PageReader, kind: TaskKind) -> InEnglish {
    reader.in_english(&words::id_of("staff-task", kind.as_str()))
}
