//! What the police were notified of, and whether they replied.

use super::{Part, by_level, splits};
use crate::escalation::AlertFigure;
use crate::reporting::sheet::Sheet;

const TOLD: &str = "alerts_police_told";
const NOT_TOLD: &str = "alerts_police_not_told";
const REPLY: &str = "A reply is an officer's acknowledgement; its time counts from when the police were first told.";

/// The figures of the report about police; all others of the sheet are those of the report about alerts.
pub const FIGURES: [&str; 6] =
    [TOLD, NOT_TOLD, "police_replied", "police_not_replied", "police_outcome_told", "police_outcome_not_told"];

/// Alerts that the police were notified of or not, replied to or not, with an outcome reported or not: part of the sheet of
/// alerts, since anyone who holds both could else work out what one of them withholds.
pub fn add(sheet: &mut Sheet, rows: &[AlertFigure]) {
    let is_told: fn(&AlertFigure) -> bool = |row| row.is_police_notified;
    let every: fn(&AlertFigure) -> bool = |_| true;
    let whole = Part { figure: TOLD, keep: is_told, of: Some(("alerts", every)), seconds: None };
    let of_told = Part { of: Some((TOLD, is_told)), ..whole };
    let parts = [
        whole,
        Part { figure: NOT_TOLD, keep: |row| !row.is_police_notified, ..whole },
        Part {
            figure: "police_replied",
            keep: |row| row.is_police_notified && row.police_seconds.is_some(),
            seconds: Some(|row| row.police_seconds),
            ..of_told
        },
        Part {
            figure: "police_not_replied",
            keep: |row| row.is_police_notified && row.police_seconds.is_none(),
            ..of_told
        },
        Part { figure: "police_outcome_told", keep: |row| row.is_police_notified && row.has_outcome, ..of_told },
        Part { figure: "police_outcome_not_told", keep: |row| row.is_police_notified && !row.has_outcome, ..of_told },
    ];
    for part in &parts {
        by_level(sheet, rows, part);
    }
    splits(sheet, "alerts", &[TOLD, NOT_TOLD]);
    splits(sheet, TOLD, &["police_replied", "police_not_replied"]);
    splits(sheet, TOLD, &["police_outcome_told", "police_outcome_not_told"]);
    sheet.note("police_replied", REPLY);
}
