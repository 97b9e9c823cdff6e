//! What survivors agree to.

use std::collections::BTreeSet;

use super::super::sheet::{ALL, Key, Sheet, Value};
use super::people;
use crate::consent::Scope;
use crate::db::SurvivorId;

const NOTE: &str = "As it stood at the end of the period, for whichever recipient. That nobody agrees, or that everybody \
    does, is withheld, since it would tell of each. stats.aggregate itself is not listed: whoever does not agree to it \
    is not counted.";

/// A survivor and what they agreed to.
pub type ScopesRow = (SurvivorId, BTreeSet<Scope>);

/// For each scope and setting, how many agreed and how many did not.
pub fn sheet(rows: &[ScopesRow]) -> Sheet {
    let (mut sheet, whole) = (Sheet::default(), Key::new("survivors", ALL));
    sheet.add(whole.clone(), people(rows, |(survivor, _)| survivor.0), []);
    for scope in Scope::ALL.into_iter().filter(|scope| *scope != Scope::StatsAggregate) {
        let (agreed, not): (Vec<&ScopesRow>, Vec<&ScopesRow>) =
            rows.iter().partition(|(_, agreed)| agreed.contains(&scope));
        let parts = [("consent_agreed", agreed), ("consent_not_agreed", not)].map(|(figure, own)| {
            let key = Key::new(figure, scope.as_str());
            let share = Value::share(own.len(), rows.len(), whole.clone());
            sheet.add_telling(key.clone(), people(&own, |(survivor, _)| survivor.0), [share]);
            key
        });
        sheet.sum(whole.clone(), parts.to_vec());
    }
    sheet.note("consent_agreed", NOTE);
    sheet
}
