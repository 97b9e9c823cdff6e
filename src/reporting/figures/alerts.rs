//! Alerts by the highest level that they reached, and how long people took.

pub mod police;

use super::super::measures;
use super::super::sheet::{ALL, Key, Sheet, Value};
use super::{adds_up, people};
use crate::escalation::AlertFigure;

/// The levels, and all of them.
pub const LEVELS: [(Option<i32>, &str); 5] =
    [(Some(1), "level_1"), (Some(2), "level_2"), (Some(3), "level_3"), (Some(4), "level_4"), (None, ALL)];

const TIMES: &str = "Counted from when the alert reached its highest level. In time: within 24 hours at level 2, 30 \
    minutes at level 3, 5 minutes at level 4. A response is the first progress, or the closing, that a person records.";

/// Whether an alert belongs to a figure.
type Keep = fn(&AlertFigure) -> bool;

/// Which alerts belong to a figure, and what it is a part of.
#[derive(Clone, Copy)]
pub struct Part {
    /// Its code.
    pub figure: &'static str,
    /// Which alerts.
    pub keep: Keep,
    /// The figure that it is a part of, and which alerts are that.
    pub of: Option<(&'static str, Keep)>,
    /// How long it took.
    pub seconds: Option<fn(&AlertFigure) -> Option<i64>>,
}

/// Alerts, taken up and responded to or not, and what the police were notified of them.
pub fn sheet(rows: &[AlertFigure]) -> Sheet {
    let every: Keep = |_| true;
    let taken_up: Keep = |row| row.acknowledged_seconds.is_some();
    let whole = Part { figure: "alerts", keep: every, of: None, seconds: None };
    let of_all = Part { of: Some(("alerts", every)), ..whole };
    let of_taken_up = Part { of: Some(("alerts_acknowledged", taken_up)), ..whole };
    let parts = [
        whole,
        Part { figure: "alerts_acknowledged", keep: taken_up, seconds: Some(|row| row.acknowledged_seconds), ..of_all },
        Part { figure: "alerts_acknowledged_in_time", keep: |row| row.is_in_time, ..of_taken_up },
        Part {
            figure: "alerts_acknowledged_later",
            keep: |row| row.acknowledged_seconds.is_some() && !row.is_in_time,
            ..of_taken_up
        },
        Part { figure: "alerts_not_acknowledged", keep: |row| row.acknowledged_seconds.is_none(), ..of_all },
        Part {
            figure: "alerts_responded",
            keep: |row| row.responded_seconds.is_some(),
            seconds: Some(|row| row.responded_seconds),
            ..of_all
        },
        Part { figure: "alerts_not_responded", keep: |row| row.responded_seconds.is_none(), ..of_all },
    ];
    let mut sheet = Sheet::default();
    for part in &parts {
        by_level(&mut sheet, rows, part);
    }
    splits(&mut sheet, "alerts", &["alerts_acknowledged", "alerts_not_acknowledged"]);
    splits(&mut sheet, "alerts_acknowledged", &["alerts_acknowledged_in_time", "alerts_acknowledged_later"]);
    splits(&mut sheet, "alerts", &["alerts_responded", "alerts_not_responded"]);
    for figure in ["alerts_acknowledged", "alerts_acknowledged_in_time", "alerts_responded"] {
        sheet.note(figure, TIMES);
    }
    police::add(&mut sheet, rows);
    sheet
}

/// One figure at each level: how many alerts, the share of the figure that it is a part of, and how long it took.
pub fn by_level(sheet: &mut Sheet, rows: &[AlertFigure], part: &Part) {
    for (level, category) in LEVELS {
        let at_level = || rows.iter().filter(|row| level.is_none_or(|level| row.level == level));
        let own: Vec<&AlertFigure> = at_level().filter(|row| (part.keep)(row)).collect();
        let mut values = vec![Value::count("alerts", "alerts", own.len())];
        if let Some((of, is_of)) = part.of {
            let whole = at_level().filter(|row| is_of(row)).count();
            values.push(Value::share(own.len(), whole, Key::new(of, category)));
        }
        if let Some(seconds) = part.seconds {
            let taken = own.iter().filter_map(|row| seconds(row));
            let minutes: Vec<f64> = taken.map(|seconds| measures::whole(seconds) / 60.0).collect();
            values.extend(Value::quartiles("minutes", &minutes));
        }
        sheet.add(Key::new(part.figure, category), people(&own, |row| row.survivor_id.0), values);
    }
    adds_up(sheet, part.figure, &LEVELS.map(|(_, category)| category));
}

/// Says that at each level some figures add up to another.
pub fn splits(sheet: &mut Sheet, figure: &'static str, parts: &[&'static str]) {
    for (_, category) in LEVELS {
        sheet.sum(Key::new(figure, category), parts.iter().map(|part| Key::new(part, category)).collect());
    }
}
