//! From plain rows to the figures of one area. Pure; one file a report.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::sheet::{ALL, Key, Sheet};

pub mod alerts;
pub mod check_ins;
pub mod consents;
pub mod goals;
pub mod incidents;
pub mod referrals;
pub mod sessions;

/// Whom rows are about, each once.
fn people<R>(rows: &[R], who: impl Fn(&R) -> Uuid) -> BTreeSet<Uuid> {
    rows.iter().map(who).collect()
}

/// Says that the categories of a figure add up to all.
fn adds_up(sheet: &mut Sheet, figure: &'static str, categories: &[&str]) {
    let parts = categories.iter().filter(|category| **category != ALL);
    sheet.sum(Key::new(figure, ALL), parts.map(|category| Key::new(figure, *category)).collect());
}
