//! The pattern of a survivor's incidents, as their own side sees it.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::limbs::{self, LimbView, OccasionsView};
use super::signs::{self, Sign, SignIncident};
use crate::access::SurvivorAccess;
use crate::db::{DbConn, Instant};
use crate::error::Result;
use crate::incidents::store;

/// Days that a pattern looks back over: a year of weeks.
const DAYS: i64 = 364;

/// Incidents of one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PatternWeek {
    /// Its Monday (UTC).
    pub week_on: Date,
    /// Incidents in it.
    pub incidents: i64,
    /// The gravest of them, 1 to 4.
    pub gravest: i32,
}

/// A pattern: what is striking, why, and on which incidents it rests. Software computes it; it is a reason to look, not a
/// finding, and lowers nobody's risk.
#[derive(Serialize, ToSchema)]
pub struct IncidentPatternView {
    /// From when on incidents are looked at.
    pub since: Instant,
    /// How many there are.
    pub incidents: usize,
    /// On how many occasions.
    pub occasions: OccasionsView,
    /// Each week with an incident, in order.
    pub weeks: Vec<PatternWeek>,
    /// What is striking, newest first.
    pub signs: Vec<Sign>,
    /// Behaviours by the limbs of the Act that they may fall under; indicative only.
    pub limbs: Vec<LimbView>,
    /// Always true: the participant could learn from it what the survivor reported.
    pub not_to_be_raised_in_session: bool,
}

/// The pattern of the last year, of what the survivor's own side may see.
pub fn pattern_of(conn: &mut DbConn, access: &SurvivorAccess, now: Instant) -> Result<IncidentPatternView> {
    let since = now.plus_days(-DAYS);
    let mut all = Vec::new();
    for (id, at, severity, behaviours) in store::list_reported(conn, access, since)? {
        all.push(SignIncident { id, at, severity, behaviours: behaviours.read()? });
    }
    Ok(IncidentPatternView {
        since,
        incidents: all.len(),
        occasions: limbs::occasions(&all),
        weeks: weeks(&all),
        signs: signs::signs(&all, now),
        limbs: limbs::limbs(&all),
        not_to_be_raised_in_session: true,
    })
}

fn weeks(all: &[SignIncident]) -> Vec<PatternWeek> {
    let mut found: BTreeMap<Date, (i64, i32)> = BTreeMap::new();
    for told in all {
        let day = told.at.timestamp().to_zoned(TimeZone::UTC).date();
        let past = i64::from(day.weekday().since(Weekday::Monday));
        let monday = day.checked_sub(jiff::Span::new().days(past)).unwrap_or(day);
        let (incidents, gravest) = found.entry(monday).or_default();
        (*incidents, *gravest) = (*incidents + 1, (*gravest).max(told.severity));
    }
    found.into_iter().map(|(week_on, (incidents, gravest))| PatternWeek { week_on, incidents, gravest }).collect()
}
