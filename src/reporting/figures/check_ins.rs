//! Check-ins that were due: answered, late, missed.

use super::super::sheet::{ALL, Key, Sheet, Value};
use super::{adds_up, people};
use crate::checkins::SlotFate;
use crate::db::SurvivorId;

const FIGURE: &str = "check_ins";
const CATEGORIES: [(&str, Option<SlotFate>); 4] = [
    (ALL, None),
    ("answered", Some(SlotFate::Answered)),
    ("late", Some(SlotFate::Late)),
    ("missed", Some(SlotFate::Missed)),
];

/// What became of the check-ins that were due.
pub fn sheet(rows: &[(SurvivorId, SlotFate)]) -> Sheet {
    let mut sheet = Sheet::default();
    for (category, fate) in CATEGORIES {
        let own: Vec<_> = rows.iter().filter(|(_, found)| fate.is_none_or(|fate| fate == *found)).collect();
        let mut values = vec![Value::count("check_ins", "check_ins", own.len())];
        if fate.is_some() {
            values.push(Value::share(own.len(), rows.len(), Key::new(FIGURE, ALL)));
        }
        sheet.add(Key::new(FIGURE, category), people(&own, |(survivor, _)| survivor.0), values);
    }
    adds_up(&mut sheet, FIGURE, &CATEGORIES.map(|(category, _)| category));
    sheet.note(FIGURE, "Late: answered after grace had ended. Check-ins without a schedule are not counted.");
    sheet
}
