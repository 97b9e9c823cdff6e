//! Following alerts as they change: every line of their history, in an order without gaps, as far as a caller may see it.
//!
//! Ids and instants cannot be followed: of two transactions that overlap, the one that began first may commit last, behind
//! the back of anyone who has read on. So a line is numbered after it was committed, by anyone who reads next, one at a time;
//! what is read later has a greater number. Anyone who reads has it numbered first ([`number_changes`]). What a caller may see
//! is asked again at every read.
//!
//! [`number_changes`]: super::store::number_changes

use super::model::{AlertRow, AlertState, HistoryKind};
use super::read::{self, AlertSide};
use crate::access;
use crate::db::{AlertId, DbConn, HistoryId, Instant};
use crate::error::Result;
use crate::escalation::alerts::store::{self, ChangeWithAlert};
use crate::identity::Staff;
use crate::tx::{Subject, Tx};

/// How far somebody has read. Begins before everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(i64);

impl Position {
    /// Behind what has this number.
    #[must_use]
    pub fn after(number: i64) -> Self {
        Self(number)
    }

    /// The number of the last that was read.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0
    }
}

/// A change of an alert: no names, no places, no words of anybody.
#[derive(Clone, Debug)]
pub struct AlertChange {
    /// Which change: what to give to go on after it.
    pub id: HistoryId,
    /// Its place among all that is followed.
    pub position: Position,
    /// The alert.
    pub alert: AlertId,
    /// Its reference for people.
    pub reference: String,
    /// The level that the change left it at.
    pub level: i32,
    /// The state of the alert now.
    pub state: AlertState,
    /// What happened, as a code.
    pub kind: HistoryKind,
    /// Whether it is a drill.
    pub is_exercise: bool,
    /// When.
    pub at: Instant,
}

impl AlertChange {
    /// What an event of it is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.kind {
            HistoryKind::Raised => "alert.raised",
            HistoryKind::Resolved | HistoryKind::StoodDown => "alert.closed",
            HistoryKind::Reopened => "alert.reopened",
            _ => "alert.changed",
        }
    }
}

/// What was read, and how far that is.
pub struct Changes {
    /// The changes, the oldest first.
    pub items: Vec<AlertChange>,
    /// How far this is: behind the last item, and behind whatever the caller may not see.
    pub position: Position,
    /// Whether there is more to read at once.
    pub is_full: bool,
}

/// Where to go on after a change; none for one that is not there.
pub fn position_after(tx: &mut Tx<'_>, id: HistoryId) -> Result<Option<Position>> {
    Ok(store::find_change_number(tx.conn, id)?.map(Position))
}

/// The position after everything that is numbered now. What is numbered from here on is behind it, and is read next time.
pub fn end_of_changes(conn: &mut DbConn) -> Result<Position> {
    Ok(Position(store::last_change_number(conn)?))
}

/// The latest change that the caller may see, with its number.
///
/// # Errors
/// 403 for staff of neither side.
pub fn latest_change(tx: &mut Tx<'_>, staff: &Staff) -> Result<Option<(HistoryId, i64)>> {
    let seen = seen_by(tx, staff)?;
    tx.about(Subject::of("organisation", staff.organisation()?));
    store::find_last_change(tx.conn, &seen)
}

/// The changes after one position and up to another that the caller may see, oldest first. Each read is in the audit.
///
/// # Errors
/// 403 for staff of neither side.
pub fn list_changes(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (after, until): (Position, Position),
    limit: i64,
) -> Result<Changes> {
    let seen = seen_by(tx, staff)?;
    let own = staff.organisation()?;
    let rows = store::list_changes(tx.conn, &seen, after.0, until.0, limit)?;
    tx.about(Subject::of("organisation", own));
    let is_full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let last = rows.last().map(|row| Position(row.number));
    let position = if is_full { last.unwrap_or(until) } else { until };
    let mut read: Vec<AlertRow> = Vec::new();
    for row in &rows {
        if !read.iter().any(|alert| alert.id == row.alert.id) {
            read.push(row.alert.clone());
        }
    }
    read::note_read(tx, &read, read::side(staff)?, own)?;
    let items = rows.into_iter().map(view).collect();
    Ok(Changes { items, position, is_full })
}

fn view(row: ChangeWithAlert) -> AlertChange {
    AlertChange {
        id: row.history_id,
        position: Position(row.number),
        alert: row.alert.id,
        reference: row.alert.reference,
        level: row.level,
        state: row.alert.state,
        kind: row.kind,
        is_exercise: row.alert.is_exercise,
        at: row.at,
    }
}

/// Whether anything after a position may concern the caller's organisation. Tells nothing of what, so it is no read of
/// a record.
pub fn has_changes(conn: &mut DbConn, staff: &Staff, after: Position) -> Result<bool> {
    let own = staff.organisation()?;
    match read::side(staff)? {
        AlertSide::Support => store::has_changes_of(conn, own, after.0),
        AlertSide::Programme => {
            let cases = store::list_changed_cases(conn, after.0)?;
            access::has_case_of_programme(conn, own, cases)
        }
    }
}

/// Whose alerts, and which lines of them, as for the list of alerts.
pub(in crate::escalation) enum VisibleAlerts {
    /// All of an organisation but those of survivors who keep the caller out.
    Support(crate::db::OrganisationId, Vec<crate::db::SurvivorId>),
    /// Those of linked cases whose survivor shares their status; neither silent ones nor those about a phone or a signal, and no line
    /// that tells whom a step reached.
    Programme(Vec<crate::db::CaseId>),
}

/// What the programme's side learns of an alert, as its view of one shows. Not why it was held back: that there is an
/// emergency which it may not know of would show in it.
pub(in crate::escalation) const FOR_PROGRAMME: [HistoryKind; 10] = [
    HistoryKind::Raised,
    HistoryKind::TriggeredAgain,
    HistoryKind::LevelRaised,
    HistoryKind::Acknowledged,
    HistoryKind::PoliceAcknowledged,
    HistoryKind::Progress,
    HistoryKind::Resolved,
    HistoryKind::StoodDown,
    HistoryKind::Reopened,
    HistoryKind::OutcomeReleased,
];

fn seen_by(tx: &mut Tx<'_>, staff: &Staff) -> Result<VisibleAlerts> {
    Ok(match read::side(staff)? {
        AlertSide::Support => VisibleAlerts::Support(staff.organisation()?, access::blocked_survivors(tx.conn, staff)?),
        AlertSide::Programme => VisibleAlerts::Programme(read::shared_cases(tx, staff, None)?),
    })
}
