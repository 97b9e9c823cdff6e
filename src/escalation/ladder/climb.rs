//! Taking steps as they fall due, and climbing again when an acknowledgement led nowhere.

use super::hold;
use super::steps;
use super::telling::Cause;
use crate::app::App;
use crate::db::{AlertId, DbConn, Instant};
use crate::error::Result;
use crate::escalation::alerts::history::{self, Detail};
use crate::escalation::alerts::model::{AlertRow, acknowledge_minutes};
use crate::escalation::alerts::store;
use crate::escalation::police::{self, forces, outcomes};
use crate::escalation::tasks::{self, ends};
use crate::events::Event;
use crate::tx::{Actor, Subject, Tx};

/// The level that never rests for long.
const EMERGENCY: i32 = 4;
/// Alerts looked at in one go.
const BATCH: i64 = 500;

/// Takes the steps of every alert whose time has come, each alert in a transaction of its own; then looks at the tasks and
/// outcomes whose time has come. Returns how many.
pub async fn advance(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due(conn, now, BATCH)).await?;
    let climbed = app.each(due, "climb_alert", climb).await;
    Ok(climbed + ends::look_at_due(app).await? + outcomes::ask_undecided(app).await?)
}

fn climb(tx: &mut Tx<'_>, id: AlertId) -> Result<bool> {
    let now = tx.now;
    let found = store::find(tx.conn, id)?
        .filter(|alert| alert.next_action_at.is_some_and(|at| at <= now) && !alert.is_closed());
    let Some(mut alert) = found else {
        tx.outcome("not_due");
        return Ok(false);
    };
    tx.about(Subject::of("alert", id));
    let mut standing = alert.standing()?;
    if standing.resume(now) {
        // The person who took it up has reported no progress in time.
        alert.stand(&standing)?;
        history::write(tx, &alert, &Detail::ClimbResumed {}, None)?;
    } else if standing.is_unanswered(now) && hold::of(tx, &alert)?.is_none() {
        tx.emit(Event::AlertUnanswered { survivor: alert.survivor_id, alert: id, level: alert.level });
    }
    // The first step of a round that a trigger has put off: the police have had a message of each trigger at once.
    let is_page = alert.unpaged_triggers > 0 && alert.ladder_next == 0;
    take_due_steps(tx, &mut alert, if is_page { Cause::Page } else { Cause::Time })?;
    store::keep(tx, &mut alert)?;
    Ok(true)
}

/// Takes all steps that are due by now, unless they are held back. A step that reached nobody is followed by the next at
/// once.
pub(in crate::escalation) fn take_due_steps(tx: &mut Tx<'_>, alert: &mut AlertRow, cause: Cause) -> Result<()> {
    let mut standing = alert.standing()?;
    if let Some((reason, until)) = hold::of(tx, alert)?
        && standing.hold(until, tx.now)
    {
        alert.stand(&standing)?;
        return hold::record(tx, alert, (reason, until));
    }
    standing.take_due(tx.now, |step| steps::take(tx, alert, step, cause))?;
    alert.stand(&standing)
}

/// Tells those of the first step once more, unless steps are held back; the climb goes on as it was.
pub(in crate::escalation) fn notify_again(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    match hold::of(tx, alert)? {
        Some(held) => hold::note(tx, alert, held),
        None => steps::repeat_first(tx, alert),
    }
}

/// Tells the police of what happened since, at once, unless steps are held back: some of them know of the alert, so nothing
/// of its climb is before it.
pub(in crate::escalation) fn notify_police_who_know(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    if !forces::have_news(tx, alert)? || hold::of(tx, alert)?.is_some() {
        return Ok(());
    }
    steps::notify_police_now(tx, alert)
}

/// After the clock went back: no emergency rests for longer than its level may.
pub async fn repair_after_clock_rollback(app: &App) -> Result<usize> {
    let work = |tx: &mut Tx<'_>| {
        let latest = tx.now.plus_minutes(acknowledge_minutes(EMERGENCY));
        let lower = store::requeue_from_future(tx.conn, EMERGENCY, tx.now)?;
        Ok(lower + store::bring_forward(tx.conn, EMERGENCY, latest)?)
    };
    app.transact(Actor::System, "mind_clock", work).await
}

/// When the next alert, task or outcome is to be looked at.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = [store::next_due(conn)?, tasks::store::next_due_task(conn)?, police::store::next_due_outcome(conn)?];
    Ok(due.into_iter().flatten().min())
}
