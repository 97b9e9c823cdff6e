//! What the police were told, and whether they replied.

use super::super::sheet::Sheet;
use super::alerts::{Part, by_level, splits};
use crate::escalation::AlertFigure;

const TOLD: &str = "alerts_police_told";
const REPLY: &str = "A reply is an officer's acknowledgement; its time counts from when the police were first told.";

/// Alerts that the police were told of, replied to or not, with an outcome told or not.
pub fn sheet(rows: &[AlertFigure]) -> Sheet {
    let is_told: fn(&AlertFigure) -> bool = |row| row.is_police_told;
    let whole = Part { figure: TOLD, keep: is_told, of: None, seconds: None };
    let of_told = Part { of: Some((TOLD, is_told)), ..whole };
    let parts = [
        whole,
        Part {
            figure: "police_replied",
            keep: |row| row.is_police_told && row.police_seconds.is_some(),
            seconds: Some(|row| row.police_seconds),
            ..of_told
        },
        Part {
            figure: "police_not_replied",
            keep: |row| row.is_police_told && row.police_seconds.is_none(),
            ..of_told
        },
        Part { figure: "police_outcome_told", keep: |row| row.is_police_told && row.has_outcome, ..of_told },
        Part { figure: "police_outcome_not_told", keep: |row| row.is_police_told && !row.has_outcome, ..of_told },
    ];
    let mut sheet = Sheet::default();
    for part in &parts {
        by_level(&mut sheet, rows, part);
    }
    splits(&mut sheet, TOLD, &["police_replied", "police_not_replied"]);
    splits(&mut sheet, TOLD, &["police_outcome_told", "police_outcome_not_told"]);
    sheet.note("police_replied", REPLY);
    sheet
}
