//! How far participants came on their goals: T-scores at the start and at the end of the period.

use super::super::measures::{Number, mean};
use super::super::sheet::{ALL, Key, Sheet, Value};
use super::{adds_up, people};
use crate::programme::AttainmentFigure;

const FIGURE: &str = "goal_change";

const NOTE: &str = "Participants with a goal that was reviewed in the period: the T-score (Kiresuk & Sherman 1968, ρ = 0.3) \
    of all their approved goals at the start, and by the latest reviews at the end of the period. Progress on goals says \
    nothing about a survivor's safety.";

type Belongs = fn(f64) -> bool;

/// Changes smaller than this come from reckoning, not from goals.
const NONE: f64 = 1e-9;

const CATEGORIES: [(&str, Belongs); 4] = [
    (ALL, |_| true),
    ("rose", |change| change > NONE),
    ("unchanged", |change| change.abs() <= NONE),
    ("fell", |change| change < -NONE),
];

/// Participants by how their T-score changed.
pub fn sheet(rows: &[AttainmentFigure]) -> Sheet {
    let mut sheet = Sheet::default();
    for (category, belongs) in CATEGORIES {
        let own: Vec<&AttainmentFigure> = rows.iter().filter(|row| belongs(row.latest - row.baseline)).collect();
        let means = |of: fn(&AttainmentFigure) -> f64| {
            let values: Vec<f64> = own.iter().map(|row| of(row)).collect();
            mean(&values).map(Number::measure)
        };
        let changes: Vec<f64> = own.iter().map(|row| row.latest - row.baseline).collect();
        let mut values = vec![
            Value::new("mean_at_start", "t_score", means(|row| row.baseline)),
            Value::new("mean_at_end", "t_score", means(|row| row.latest)),
            Value::new("mean_change", "t_score", means(|row| row.latest - row.baseline)),
        ];
        values.extend(Value::quartiles("t_score", &changes));
        sheet.add(Key::new(FIGURE, category), people(&own, |row| row.participant_id.0), values);
    }
    adds_up(&mut sheet, FIGURE, &CATEGORIES.map(|(category, _)| category));
    sheet.note(FIGURE, NOTE);
    sheet
}
