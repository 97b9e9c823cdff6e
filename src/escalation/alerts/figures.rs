//! Plain rows for figures without identities.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{HistoryKind, acknowledge_minutes};
use crate::db::schema::{alert_history, alerts};
use crate::db::{AlertId, DbConn, Instant, SurvivorId};
use crate::error::Result;

/// An alert, as far as figures go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertFigure {
    /// To count each once.
    pub survivor_id: SurvivorId,
    /// The highest level that it reached.
    pub level: i32,
    /// Seconds from reaching that level until a support-side person took it up.
    pub acknowledged_seconds: Option<i64>,
    /// Whether that was within the time that the level allows.
    pub is_in_time: bool,
    /// Seconds from reaching that level until a person reported what was done: progress, or closing.
    pub responded_seconds: Option<i64>,
    /// Whether the police were notified.
    pub is_police_notified: bool,
    /// Seconds from telling the police until an officer took it up.
    pub police_seconds: Option<i64>,
    /// Whether the police have reported what came of it.
    pub has_outcome: bool,
}

type AlertFiguresRow = (AlertId, SurvivorId, i32, Instant, Option<Instant>);

/// Alerts that were raised within a time; drills are none.
pub fn alert_figures(conn: &mut DbConn, from: Instant, until: Instant) -> Result<Vec<AlertFigure>> {
    let rows: Vec<AlertFiguresRow> = alerts::table
        .filter(alerts::raised_at.ge(from))
        .filter(alerts::raised_at.lt(until))
        .filter(alerts::is_exercise.eq(false))
        .select((alerts::id, alerts::survivor_id, alerts::level, alerts::raised_at, alerts::police_told_at))
        .load(conn)?;
    let joined = alert_history::table.inner_join(alerts::table.on(alert_history::alert_id.eq(alerts::id)));
    let lines: Vec<(AlertId, HistoryKind, i32, Instant)> = joined
        .filter(alerts::raised_at.ge(from))
        .filter(alerts::raised_at.lt(until))
        .filter(alerts::is_exercise.eq(false))
        .order((alert_history::at, alert_history::id))
        .select((alert_history::alert_id, alert_history::kind, alert_history::level, alert_history::at))
        .load(conn)?;
    let mut histories: BTreeMap<AlertId, Vec<(HistoryKind, i32, Instant)>> = BTreeMap::new();
    for (alert, kind, level, at) in lines {
        histories.entry(alert).or_default().push((kind, level, at));
    }
    let history = |alert| histories.get(&alert).map(Vec::as_slice).unwrap_or_default();
    Ok(rows.into_iter().map(|row| figure(&row, history(row.0))).collect())
}

fn figure(row: &AlertFiguresRow, history: &[(HistoryKind, i32, Instant)]) -> AlertFigure {
    let (_, survivor_id, level, raised_at, told_at) = row;
    let reached = history.iter().find(|(kind, at_level, _)| kind.is_trigger() && at_level >= level);
    let reached_at = reached.map_or(*raised_at, |(_, _, at)| *at);
    let first = |kinds: &[HistoryKind]| {
        let line = history.iter().find(|(kind, _, at)| kinds.contains(kind) && *at >= reached_at);
        line.map(|(_, _, at)| at.seconds_since(reached_at))
    };
    let acknowledged_seconds = first(&[HistoryKind::Acknowledged]);
    // What the row holds falls away when something more happens, so that they are notified again; what they did stays done.
    let by_police = |kind| history.iter().find(|line| line.0 == kind).map(|line| line.2);
    let taken_at = by_police(HistoryKind::PoliceAcknowledged);
    AlertFigure {
        survivor_id: *survivor_id,
        level: *level,
        acknowledged_seconds,
        is_in_time: acknowledged_seconds.is_some_and(|seconds| seconds <= acknowledge_minutes(*level) * 60),
        responded_seconds: first(&[HistoryKind::Progress, HistoryKind::Resolved, HistoryKind::StoodDown]),
        is_police_notified: told_at.is_some(),
        police_seconds: told_at.zip(taken_at).map(|(told, taken)| taken.seconds_since(told).max(0)),
        has_outcome: by_police(HistoryKind::PoliceOutcome).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_microseconds(1_700_000_000_000_000).plus_minutes(minute)
    }

    fn of(level: i32, history: &[(HistoryKind, i32, i64)]) -> AlertFigure {
        let history: Vec<_> = history.iter().map(|(kind, level, minute)| (*kind, *level, at(*minute))).collect();
        let survivor = SurvivorId(uuid::Uuid::nil());
        figure(&(AlertId(uuid::Uuid::nil()), survivor, level, at(0), Some(at(0))), &history)
    }

    #[test]
    fn times_count_from_when_the_alert_reached_its_highest_level() {
        use HistoryKind::{Acknowledged, LevelRaised, Progress, Raised, Resolved};
        let found = of(
            4,
            &[
                (Raised, 2, 0),
                (Acknowledged, 2, 3),
                (LevelRaised, 4, 60),
                (Acknowledged, 4, 65),
                (Progress, 4, 70),
                (Resolved, 4, 90),
            ],
        );
        assert_eq!((found.acknowledged_seconds, found.is_in_time), (Some(300), true));
        assert_eq!(found.responded_seconds, Some(600));
        let late = of(4, &[(Raised, 4, 0), (Acknowledged, 4, 6)]);
        assert_eq!((late.acknowledged_seconds, late.is_in_time, late.responded_seconds), (Some(360), false, None));
    }

    #[test]
    fn a_reply_of_the_police_stands_whatever_happens_after_it() {
        use HistoryKind::{LevelRaised, PoliceAcknowledged, PoliceOutcome, Raised, Reopened, TriggeredAgain};
        let line = |kind, minute| (kind, 3, minute);
        let replied = [line(Raised, 0), line(PoliceAcknowledged, 4), line(PoliceOutcome, 50)];
        for after in [TriggeredAgain, LevelRaised, Reopened] {
            let found = of(3, &[&replied[..], &[line(after, 60), line(PoliceAcknowledged, 70)]].concat());
            assert_eq!((found.police_seconds, found.has_outcome), (Some(240), true), "{after}");
        }
        let silent = of(3, &[line(Raised, 0), line(TriggeredAgain, 60)]);
        assert_eq!((silent.police_seconds, silent.has_outcome), (None, false));
    }
}
