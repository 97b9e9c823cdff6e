//! Both sides of a case in the order of time. Has no table: each feature's own list is read from the same cursor, only
//! the kinds that the caller may see, and the lists are merged.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reach::{self, IncidentReach, Withheld};
use crate::access::{ParticipantAccess, SurvivorAccess};
use crate::checkins;
use crate::db::{CaseId, DbConn, Instant, text_enum};
use crate::error::Result;
use crate::escalation::{self, AlertReader};
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::incidents::{self, Precision};
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

impl TimelineItem {
    fn new(at: Instant, kind: TimelineKind, summary: String, id: Uuid) -> Self {
        Self { at, precision: None, until: None, received_at: None, kind, summary, id }
    }

    /// Its place in the list.
    #[must_use]
    pub fn key(&self) -> Cursor {
        (self.at, self.id)
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
) -> Result<Vec<TimelineItem>> {
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
    Ok(merge(items, limit))
}

/// The newest items of all lists together. Complete, since each list gave `limit + 1` of its own from the same cursor.
fn merge(mut items: Vec<TimelineItem>, limit: i64) -> Vec<TimelineItem> {
    items.sort_by_key(|item| std::cmp::Reverse(item.key()));
    items.truncate(usize::try_from(limit).unwrap_or(0).saturating_add(1));
    items
}

fn status(
    conn: &mut DbConn,
    (access, reader): (&SurvivorAccess, AlertReader),
    Stretch { after, limit, now }: Stretch,
    items: &mut Vec<TimelineItem>,
) -> Result<()> {
    items.extend(checkins::list_for(conn, access, after, limit)?.into_iter().map(|row| {
        let summary = format!("Check-in: {}", checkins::effective_state(&row, now));
        TimelineItem::new(row.happened_at, TimelineKind::CheckIn, summary, row.id.0)
    }));
    let alerts = escalation::list_alerts_of_survivor(conn, access, after, limit, reader)?;
    items.extend(alerts.into_iter().map(|alert| {
        let summary = format!("Alert {}: {}, level {}, {}", alert.reference, alert.rule, alert.level, alert.state);
        TimelineItem::new(alert.raised_at, TimelineKind::Alert, summary, alert.id.0)
    }));
    Ok(())
}

fn reported(
    conn: &mut DbConn,
    seen: &IncidentReach,
    Stretch { after, limit, .. }: Stretch,
    items: &mut Vec<TimelineItem>,
) -> Result<()> {
    for row in incidents::list_visible_as_happened(conn, &seen.access, seen.least, after, limit)? {
        let summary = format!("Incident: {}, severity {}", row.behaviours()?.join(", "), row.incident.severity);
        items.push(TimelineItem {
            precision: Some(row.version.precision),
            until: row.version.happened_to,
            received_at: Some(row.incident.received_at),
            ..TimelineItem::new(row.incident.happened_at, TimelineKind::Incident, summary, row.incident.id.0)
        });
    }
    Ok(())
}

fn progress(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    Stretch { after, limit, .. }: Stretch,
    items: &mut Vec<TimelineItem>,
) -> Result<()> {
    let item = TimelineItem::new;
    for row in programme::list_goals_page(conn, access, after, limit)? {
        items.push(item(row.goal.created_at, TimelineKind::Goal, "Goal set".to_owned(), row.goal.id.0));
    }
    for row in programme::list_reviews(conn, access, after, limit)? {
        let summary = format!("Goal reviewed: {:+}", row.score);
        items.push(item(row.created_at, TimelineKind::Review, summary, row.id.0));
    }
    for row in programme::list_sessions(conn, access, after, limit)? {
        let attendance = row.attendance.as_ref().map_or("planned", |attendance| attendance.as_str());
        let summary = format!("Session {}: {attendance}", row.number);
        items.push(item(row.planned_at, TimelineKind::Session, summary, row.id.0));
    }
    for row in programme::list_observations(conn, access, after, limit)? {
        let summary = format!("Observed: {}", row.kind);
        items.push(item(row.observed_at, TimelineKind::Observation, summary, row.id.0));
    }
    for row in programme::list_orders_page(conn, access, after, limit)? {
        items.push(item(row.order.created_at, TimelineKind::Order, "Order recorded".to_owned(), row.order.id.0));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(at: i64, id: u128) -> TimelineItem {
        let kind = TimelineKind::ALL[usize::try_from(id % 7).unwrap()];
        TimelineItem::new(Instant::from_microseconds(at), kind, String::new(), Uuid::from_u128(id))
    }

    /// What a feature's own list gives: newest first, from the cursor on, one more than asked for.
    fn read(list: &[TimelineItem], after: Option<Cursor>, limit: i64) -> Vec<TimelineItem> {
        let rest = list.iter().filter(|item| after.is_none_or(|after| item.key() < after)).cloned();
        merge(rest.collect(), limit)
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
                let page = merge(all, limit);
                let is_last = page.len() <= usize::try_from(limit).unwrap();
                pages.extend(page.into_iter().take(usize::try_from(limit).unwrap()));
                after = pages.last().map(TimelineItem::key);
                if is_last {
                    break;
                }
            }
            let mut expected: Vec<TimelineItem> = lists.concat();
            expected.sort_by_key(|item| std::cmp::Reverse(item.key()));
            prop_assert_eq!(pages, expected);
        }
    }
}
