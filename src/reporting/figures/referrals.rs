//! Referrals by source, basis and order, and how long they waited for an allocation.

use std::collections::BTreeSet;

use super::super::measures::whole;
use super::super::sheet::{ALL, Key, Sheet, Value};
use super::people;
use crate::programme::ReferralFigure;

const WHOLE: &str = "referrals";
const DAYS: &str = "Days from submission to the allocation of a practitioner; due within 14.";

/// A way to sort referrals.
type Sorted = fn(&ReferralFigure) -> &str;

const WAYS: [(&str, Sorted); 3] = [
    ("referrals_by_source", |row| row.source.as_str()),
    ("referrals_by_basis", |row| row.basis.as_str()),
    ("referrals_by_order", |row| row.order_kind.as_deref().unwrap_or("no_order")),
];

/// Referrals that were submitted. `every` are those of all areas: a category that any of them has is listed in each.
pub fn sheet(rows: &[ReferralFigure], every: &[ReferralFigure]) -> Sheet {
    let (mut sheet, all) = (Sheet::default(), Key::new(WHOLE, ALL));
    let count = |count| Value::count("referrals", "referrals", count);
    sheet.add(all.clone(), people(rows, |row| row.participant_id.0), [count(rows.len())]);
    for (figure, of) in WAYS {
        let categories: BTreeSet<&str> = every.iter().map(of).collect();
        for category in &categories {
            let own: Vec<&ReferralFigure> = rows.iter().filter(|row| of(row) == *category).collect();
            let values = [count(own.len()), Value::share(own.len(), rows.len(), all.clone())];
            sheet.add(Key::new(figure, *category), people(&own, |row| row.participant_id.0), values);
        }
        sheet.sum(all.clone(), categories.iter().map(|category| Key::new(figure, *category)).collect());
    }
    let (allocated, waiting): (Vec<&ReferralFigure>, Vec<&ReferralFigure>) =
        rows.iter().partition(|row| row.allocated_at.is_some());
    let seconds = allocated.iter().filter_map(|row| Some(row.allocated_at?.seconds_since(row.submitted_at)));
    let days: Vec<f64> = seconds.map(|seconds| whole(seconds) / 86_400.0).collect();
    let parts = [("referrals_allocated", allocated), ("referrals_not_allocated", waiting)].map(|(figure, own)| {
        let mut values = vec![count(own.len()), Value::share(own.len(), rows.len(), all.clone())];
        if figure == "referrals_allocated" {
            values.extend(Value::quartiles("days", &days));
        }
        let key = Key::new(figure, ALL);
        sheet.add(key.clone(), people(&own, |row| row.participant_id.0), values);
        key
    });
    sheet.sum(all, parts.to_vec());
    sheet.note("referrals_allocated", DAYS);
    sheet
}
