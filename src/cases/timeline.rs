//! Both sides of a case in the order of time. Has no table: each feature's own list is read from the same cursor, only
//! the kinds that the caller may see, and the lists are merged.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reach::{self, IncidentReach, Withheld};
use crate::access::{ParticipantAccess, SurvivorAccess};
use crate::checkins::{self, EffectiveState};
use crate::db::{CaseId, DbConn, Instant, text_enum};
use crate::error::Result;
use crate::escalation::{self, AlertReader, AlertSummary};
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::incidents::{self, Precision, Reported};
use crate::orders;
use crate::programme;
use crate::tx::Tx;

text_enum! {
    /// A kind of thing on the timeline.
    pub enum TimelineKind {
        /// A check-in.
        CheckIn = "check_in",
        /// An incident, when it happened.
        Incident = "incident",
        /// An alert, as it was raised.
        Alert = "alert",
        /// A goal, as it was set.
        Goal = "goal",
        /// A review of a goal.
        Review = "review",
        /// A session, when it was planned for.
        Session = "session",
        /// An order, as it was recorded.
        Order = "order",
        /// Something that was observed of the participant.
        Observation = "observation",
    }
}

/// One thing on the timeline.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineItem {
    /// When; of an incident when it happened or began, as far as the survivor knows, else when it was recorded.
    pub at: Instant,
    /// How well the time of an incident is known.
    pub precision: Option<Precision>,
    /// By when an incident was over that is known as a range.
    pub until: Option<Instant>,
    /// When an incident reached us.
    pub received_at: Option<Instant>,
    /// What kind of thing.
    pub kind: TimelineKind,
    /// In words; never anything that somebody wrote.
    #[schema(example = "Session 3: attended")]
    pub summary: String,
    /// Its id.
    #[serde(rename = "ref")]
    pub id: Uuid,
}

/// One thing on the timeline, as it was read.
pub struct TimelineEntry {
    at: Instant,
    id: Uuid,
    what: What,
}

enum What {
    CheckIn(EffectiveState),
    Incident(Box<Reported>),
    Alert(AlertSummary),
    Goal,
    /// With its score.
    Review(i32),
    /// Its number, and whether it was attended, as a code.
    Session(i32, &'static str),
    Order,
    /// Of which kind, as a code.
    Observation(String),
}

impl TimelineEntry {
    /// Its place in the list.
    #[must_use]
    pub fn key(&self) -> Cursor {
        (self.at, self.id)
    }

    /// The thing, in words.
    pub fn view(self) -> Result<TimelineItem> {
        let (kind, summary) = match &self.what {
            What::CheckIn(state) => (TimelineKind::CheckIn, format!("Check-in: {state}")),
            What::Incident(row) => {
                let (behaviours, severity) = (row.behaviours()?.join(", "), row.incident.severity);
                (TimelineKind::Incident, format!("Incident: {behaviours}, severity {severity}"))
            }
            What::Alert(alert) => {
                let AlertSummary { reference, rule, level, state, .. } = alert;
                (TimelineKind::Alert, format!("Alert {reference}: {rule}, level {level}, {state}"))
            }
            What::Goal => (TimelineKind::Goal, "Goal set".to_owned()),
            What::Review(score) => (TimelineKind::Review, format!("Goal reviewed: {score:+}")),
            What::Session(number, attendance) => (TimelineKind::Session, format!("Session {number}: {attendance}")),
            What::Order => (TimelineKind::Order, "Order recorded".to_owned()),
            What::Observation(about) => (TimelineKind::Observation, format!("Observed: {about}")),
        };
        let incident = if let What::Incident(row) = &self.what { Some(row) } else { None };
        Ok(TimelineItem {
            at: self.at,
            precision: incident.map(|row| row.version.precision),
            until: incident.and_then(|row| row.version.happened_to),
            received_at: incident.map(|row| row.incident.received_at),
            kind,
            summary,
            id: self.id,
        })
    }
}

/// Where to read on, and how much.
#[derive(Clone, Copy)]
struct Stretch {
    after: Option<Cursor>,
    limit: i64,
    now: Instant,
}

/// A stretch of a case's timeline, newest first: one item more than `limit` tells that there are more.
///
/// # Errors
/// 404 for another's case.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: CaseId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<TimelineEntry>> {
    let (case, reach) = reach::open(tx, staff, id, "list_case_timeline")?;
    let stretch = Stretch { after, limit, now: tx.now };
    let (mut items, mut shown) = (Vec::new(), Vec::new());
    if let Some(access) = &reach.status {
        status(tx.conn, (access, reach.alerts), stretch, &mut items)?;
        shown.extend([Withheld::CheckIns, Withheld::Alerts]);
    }
    if let Some(seen) = &reach.incidents {
        reported(tx.conn, seen, stretch, &mut items)?;
        shown.push(Withheld::Incidents);
    }
    if let Some(access) = &reach.participant {
        progress(tx.conn, access, stretch, &mut items)?;
    }
    reach::disclose(tx, &case, &shown)?;
    Ok(merge(items, TimelineEntry::key, limit))
}

/// The newest items of all lists together. Complete, since each list gave `limit + 1` of its own from the same cursor.
fn merge<T>(mut items: Vec<T>, key: impl Fn(&T) -> Cursor, limit: i64) -> Vec<T> {
    items.sort_by_key(|item| std::cmp::Reverse(key(item)));
    items.truncate(usize::try_from(limit).unwrap_or(0).saturating_add(1));
    items
}

fn status(
    conn: &mut DbConn,
    (access, reader): (&SurvivorAccess, AlertReader),
    Stretch { after, limit, now }: Stretch,
    items: &mut Vec<TimelineEntry>,
) -> Result<()> {
    let check_ins = match reader {
        AlertReader::Support => checkins::list_for(conn, access, after, limit)?,
        AlertReader::Programme(_) => checkins::list_without_duress(conn, access, after, limit)?,
    };
    items.extend(check_ins.into_iter().map(|row| {
        let what = What::CheckIn(checkins::effective_state(&row, now));
        TimelineEntry { at: row.happened_at, id: row.id.0, what }
    }));
    let alerts = escalation::list_alerts_of_survivor(conn, access, after, limit, reader)?;
    items.extend(alerts.into_iter().map(|alert| TimelineEntry {
        at: alert.raised_at,
        id: alert.id.0,
        what: What::Alert(alert),
    }));
    Ok(())
}

fn reported(
    conn: &mut DbConn,
    seen: &IncidentReach,
    Stretch { after, limit, .. }: Stretch,
    items: &mut Vec<TimelineEntry>,
) -> Result<()> {
    let rows = incidents::list_visible_as_happened(conn, &seen.access, seen.least, after, limit)?;
    items.extend(rows.into_iter().map(|row| TimelineEntry {
        at: row.incident.happened_at,
        id: row.incident.id.0,
        what: What::Incident(Box::new(row)),
    }));
    Ok(())
}

fn progress(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    Stretch { after, limit, .. }: Stretch,
    items: &mut Vec<TimelineEntry>,
) -> Result<()> {
    let mut add = |at, id, what| items.push(TimelineEntry { at, id, what });
    for row in programme::list_goals_page(conn, access, after, limit)? {
        add(row.goal.created_at, row.goal.id.0, What::Goal);
    }
    for row in programme::list_reviews(conn, access, after, limit)? {
        add(row.created_at, row.id.0, What::Review(row.score));
    }
    for row in programme::list_sessions(conn, access, after, limit)? {
        let attendance = row.attendance.as_ref().map_or("planned", |attendance| attendance.as_str());
        add(row.planned_at, row.id.0, What::Session(row.number, attendance));
    }
    for row in programme::list_observations(conn, access, after, limit)? {
        add(row.observed_at, row.id.0, What::Observation(row.kind));
    }
    for row in orders::list_orders_page(conn, access, after, limit)? {
        add(row.order.created_at, row.order.id.0, What::Order);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(at: i64, id: u128) -> Cursor {
        (Instant::from_microseconds(at), Uuid::from_u128(id))
    }

    /// What a feature's own list gives: newest first, from the cursor on, one more than asked for.
    fn read(list: &[Cursor], after: Option<Cursor>, limit: i64) -> Vec<Cursor> {
        let rest = list.iter().filter(|item| after.is_none_or(|after| **item < after)).copied();
        merge(rest.collect(), |item| *item, limit)
    }

    proptest! {
        #[test]
        fn page_by_page_every_item_of_every_list_comes_once_and_in_order(
            times in proptest::collection::vec((0..20_i64, 0..4_usize), 0..60), limit in 1..8_i64,
        ) {
            let mut lists = vec![Vec::new(); 4];
            for (n, (at, list)) in times.iter().enumerate() {
                lists[*list].push(item(*at, n as u128));
            }
            let (mut after, mut pages) = (None, Vec::new());
            loop {
                let all = lists.iter().flat_map(|list| read(list, after, limit)).collect();
                let page = merge(all, |item| *item, limit);
                let is_last = page.len() <= usize::try_from(limit).unwrap();
                pages.extend(page.into_iter().take(usize::try_from(limit).unwrap()));
                after = pages.last().copied();
                if is_last {
                    break;
                }
            }
            let mut expected: Vec<Cursor> = lists.concat();
            expected.sort_by_key(|item| std::cmp::Reverse(*item));
            prop_assert_eq!(pages, expected);
        }
    }
}
