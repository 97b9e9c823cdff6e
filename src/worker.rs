//! Door 2: the clock. The ordered list of what happens because time passed.
//!
//! Each step is idempotent and claims its work by a conditional update, so several instances may run it at once; one
//! that fails never stops the next. A commit that made something due notifies the worker; the tick is there for what no
//! notice announced.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::Mutex;
use tracing::Instrument;

use crate::access::SystemAccess;
use crate::app::App;
use crate::audit::CheckpointLog;
use crate::checkins;
use crate::contact;
use crate::db::{DbConn, Instant};
use crate::error::Result;
use crate::escalation;
use crate::evidence;
use crate::http::answer;
use crate::identity;
use crate::incidents;
use crate::notify::{self, Outlet};
use crate::outgoing::outbound::AttemptEnd;
use crate::portal;
use crate::programme;
use crate::safety;
use crate::webhooks::{self, InFlight};

/// The longest that the worker sleeps, in milliseconds.
const TICK_MILLISECONDS: i64 = 1_000;
/// How long the pass and the attempts under way are waited for at the end: an instance has ten seconds to end in all, and each
/// step of a pass waits five for a database that is away. What is cut off is done by another instance or the next start; an
/// attempt is made again, with the same id, once its lease has run out.
const LAST_ATTEMPTS: Duration = Duration::from_secs(6);
/// The shortest, when something is due that nobody could take (its places are full, or another holds it).
const PAUSE_MILLISECONDS: i64 = 20;

/// How often a sign of life is given.
const BEAT: Duration = Duration::from_secs(60);
/// The level of an emergency.
pub const EMERGENCY: i32 = 4;
/// Seconds that the oldest due work may wait before this instance counts as late.
pub const MOST_LAG_SECONDS: i64 = 60;

/// What runs because time passed. Clones share the same attempts under way.
#[derive(Clone)]
pub struct Worker {
    app: App,
    in_flight: InFlight,
    outlet: Outlet,
    log: CheckpointLog,
    turn: Arc<Mutex<()>>,
    seen: Arc<AtomicI64>,
    /// Whether a test clock is being moved on.
    jumps: Arc<AtomicBool>,
    /// Held while files are tidied up.
    tidying: Arc<Mutex<()>>,
}

impl Worker {
    /// A worker that has yet to run.
    #[must_use]
    pub fn new(app: App) -> Self {
        let (in_flight, outlet) = (InFlight::default(), Outlet::default());
        let log = CheckpointLog::default();
        let seen = Arc::new(AtomicI64::new(i64::MAX));
        Self { app, in_flight, outlet, log, turn: Arc::default(), seen, jumps: Arc::default(), tidying: Arc::default() }
    }

    /// One pass over all steps, in order; how many things were done. Whether anything may leave is asked before it, once.
    async fn pass(&self, is_armed: bool) -> usize {
        let _turn = self.turn.lock().await;
        let app = &self.app;
        let mut done = 0;
        if self.has_gone_back() {
            done += step("clock", self.repair_after_clock_rollback()).await;
        }
        done += step("check-ins overdue", checkins::overdue(app)).await;
        done += step("timers run out", checkins::expire(app)).await;
        done += step("pauses over", checkins::resume_due(app)).await;
        done += step("reminders", checkins::remind(app)).await;
        done += step("incidents released", incidents::release_due(app)).await;
        done += step("safety reviews", safety::remind(app)).await;
        done += step("incidents unread", incidents::unread(app)).await;
        done += step("programme reminders", programme::remind(app)).await;
        done += step("alerts climbing", escalation::advance(app)).await;
        done += step("refusals counted", app.count_refusals()).await;
        // From a copy nothing leaves, and no file is destroyed that another may share; what waits goes on waiting.
        if !is_armed {
            return done;
        }
        done += step("webhooks", webhooks::deliver(app, &self.in_flight)).await;
        done += step("notifications", notify::deliver(app, &self.outlet, contact::RULES)).await;
        done += step("notifications followed up", notify::follow_up(app, contact::RULES)).await;
        self.tidy();
        done
    }

    /// Whether anything may leave; not where nobody can tell.
    async fn is_armed(&self) -> bool {
        self.app.is_armed().await.unwrap_or(false)
    }

    /// Tidies evidence up beside the steps, one at a time: its store may be slow, and no alert waits for it.
    fn tidy(&self) {
        let Ok(turn) = self.tidying.clone().try_lock_owned() else { return };
        let app = self.app.clone();
        drop(tokio::spawn(async move {
            step("evidence", evidence::clean(&app)).await;
            drop(turn);
        }));
    }

    /// Whether the clock is before where it was seen last; so it is at the start, since nobody knows.
    fn has_gone_back(&self) -> bool {
        let now = self.app.clock.now().microseconds();
        now < self.seen.swap(now, Ordering::SeqCst)
    }

    /// Sets right what a clock that was fast has put off or brought forward. What fails is tried again at the next pass.
    async fn repair_after_clock_rollback(&self) -> Result<usize> {
        let app = &self.app;
        let minded = [
            webhooks::repair_after_clock_rollback(app).await,
            notify::repair_after_clock_rollback(app).await,
            checkins::repair_after_clock_rollback(app).await,
            escalation::repair_after_clock_rollback(app).await,
        ];
        if minded.iter().any(Result::is_err) {
            self.seen.store(i64::MAX, Ordering::SeqCst);
        }
        minded.into_iter().sum()
    }

    /// Tells the forces that we are there, with a checkpoint of the audit. Apart from the steps of a pass: a test clock
    /// that jumps a day would else send a message for each minute of it.
    async fn watch(&self, is_armed: bool) -> usize {
        if self.jumps.load(Ordering::SeqCst) || !is_armed {
            return 0;
        }
        step("watchdog", webhooks::watch(&self.app, &self.log)).await
    }

    /// Runs until `stop` is told, then waits a little for what is under way.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let alive = Arc::downgrade(&self.turn);
        let app = self.app.clone();
        self.app.db.listen(move |is_due| {
            if is_due {
                app.notify_worker();
            }
            app.publish_change();
            alive.strong_count() > 0
        });
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let mut passing = std::pin::pin!(self.pass_and_look());
            let pause = tokio::select! {
                pause = &mut passing => pause,
                () = &mut stop => {
                    let rest = async {
                        passing.await;
                        self.idle().await;
                    };
                    let _in_time = tokio::time::timeout(LAST_ATTEMPTS, rest).await;
                    return;
                }
            };
            tokio::select! {
                () = &mut stop => break,
                () = self.app.worker_due.notified() => {}
                _ = beat.tick() => {
                    drop(tokio::spawn(give_sign_of_life(self.app.clone())));
                    drop(tokio::spawn(forget(self.app.clone())));
                }
                () = tokio::time::sleep(pause) => {}
            }
        }
        let _in_time = tokio::time::timeout(LAST_ATTEMPTS, self.idle()).await;
    }

    /// Does what is due; how long there is nothing more to do.
    async fn pass_and_look(&self) -> Duration {
        let is_armed = self.is_armed().await;
        let done = self.watch(is_armed).await + self.pass(is_armed).await;
        if done > 0 { Duration::ZERO } else { self.until_next(is_armed).await }
    }

    /// Waits until no attempt is under way.
    async fn idle(&self) {
        self.in_flight.idle().await;
        self.outlet.idle().await;
        drop(self.tidying.lock().await);
    }

    async fn until_next(&self, is_armed: bool) -> Duration {
        let now = self.app.clock.now();
        let wait = match next_due(&self.app, is_armed).await {
            Ok(Some(due)) => due.microseconds().saturating_sub(now.microseconds()) / 1_000,
            Ok(None) | Err(_) => TICK_MILLISECONDS,
        };
        Duration::from_millis(wait.clamp(PAUSE_MILLISECONDS, TICK_MILLISECONDS).unsigned_abs())
    }

    /// When anything is due next, files to be tidied up included: they wait for no instant, and count as late for nobody.
    async fn next_of_all(&self, is_armed: bool) -> Result<Option<Instant>> {
        let files = self.app.db.read(evidence::next_due).await?.filter(|_| is_armed);
        Ok([next_due(&self.app, is_armed).await?, files].into_iter().flatten().min())
    }

    /// Runs what is due now, and returns when nothing is and no attempt is under way.
    pub async fn settle(&self) -> Result<()> {
        loop {
            let is_armed = self.app.is_armed().await?;
            let done = self.pass(is_armed).await;
            self.idle().await;
            let is_due = self.next_of_all(is_armed).await?.is_some_and(|due| due <= self.app.clock.now());
            if done == 0 && !is_due {
                return Ok(());
            }
            if done == 0 {
                // Another worker holds what is due; it will be done when that one is.
                tokio::time::sleep(Duration::from_millis(PAUSE_MILLISECONDS.unsigned_abs())).await;
            }
        }
    }

    /// Moves a test clock on to `to`, stopping at each instant at which something is due; the watchdog barks once, at the
    /// end.
    pub async fn advance_to(&self, to: Instant) -> Result<()> {
        self.jumps.store(true, Ordering::SeqCst);
        let moved = self.step_to(to).await;
        self.jumps.store(false, Ordering::SeqCst);
        moved?;
        self.watch(self.is_armed().await).await;
        self.settle().await
    }

    async fn step_to(&self, to: Instant) -> Result<()> {
        self.settle().await?;
        let is_armed = self.app.is_armed().await?;
        while let Some(due) = self.next_of_all(is_armed).await?.filter(|due| *due <= to) {
            self.app.clock.advance_to(due);
            self.settle().await?;
        }
        self.app.clock.advance_to(to);
        self.settle().await
    }
}

/// Gives a sign of life to somebody outside, who raises the alarm when it stays away; none is given while work is late.
async fn give_sign_of_life(app: App) {
    let Some(url) = app.config.dead_man_url.clone() else { return };
    if !app.is_armed().await.unwrap_or(false) {
        return;
    }
    let now = app.clock.now();
    let is_late = |due: Instant| now.seconds_since(due) > MOST_LAG_SECONDS;
    let waits = app.db.read(move |conn| Ok([late_since(conn, now)?, unattempted_since(conn, now)?])).await;
    match waits {
        Ok(since) if !since.into_iter().flatten().any(is_late) && app.db.can_store().await => {
            let kind = [("content-type", "text/plain".to_owned())];
            let answer = app.outbound.post(&url, &kind, b"alive".to_vec()).await;
            if !matches!(answer.outcome, AttemptEnd::Received(_)) {
                tracing::warn!("the sign of life was not received");
            }
        }
        _ => tracing::error!("no sign of life is given: work is late, or nothing is stored or read"),
    }
}

/// Forgets what was kept long enough, and sets decoys right; nothing waits for it, so it is no step.
async fn forget(app: App) {
    step("kept answers", answer::forget(&app)).await;
    step("news", portal::forget(&app)).await;
    step("decoys to be made", identity::make_missing_decoys(&app)).await;
    step("decoys", checkins::repair(&app, SystemAccess::granted())).await;
    step("counts of failures", app.throttle.forget(app.clock.now())).await;
}

/// When anything is due next. From a copy nothing is sent, so nothing that waits to be is due.
async fn next_due(app: &App, is_armed: bool) -> Result<Option<Instant>> {
    let due = move |conn: &mut DbConn| {
        let sending = match is_armed {
            true => [webhooks::next_due(conn)?, notify::next_due(conn)?],
            false => [None, None],
        };
        Ok(sending.into_iter().chain([next_step_due(conn)?]).flatten().min())
    };
    app.db.read(due).await
}

/// Since when the oldest work that waits for nobody outside should have been done, one that was put off included.
pub fn late_since(conn: &mut DbConn, now: Instant) -> Result<Option<Instant>> {
    let put_off = checkins::lagging_since(conn, now)?;
    Ok([next_step_due(conn)?, put_off].into_iter().flatten().min().filter(|since| *since <= now))
}

/// Since when the oldest message of an emergency waits for its first attempt, whichever instance should make it.
pub fn unattempted_since(conn: &mut DbConn, now: Instant) -> Result<Option<Instant>> {
    let (calls, notices) =
        (webhooks::oldest_unattempted(conn, EMERGENCY)?, notify::oldest_unattempted(conn, EMERGENCY)?);
    Ok(calls.into_iter().chain(notices).min().filter(|since| *since <= now))
}

/// When a step is due next that waits for nobody outside. What waits to be sent is no measure of whether this instance
/// works: a receiver that hangs takes up its places, and would else make every instance count as late.
fn next_step_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = [
        checkins::next_due(conn)?,
        safety::next_due(conn)?,
        incidents::next_due(conn)?,
        programme::next_due(conn)?,
        escalation::next_due(conn)?,
    ];
    Ok(due.into_iter().flatten().min())
}

/// Runs one step; how many things it did. One that fails, or panics, never stops the next.
async fn step(name: &'static str, work: impl Future<Output = Result<usize>>) -> usize {
    let span = tracing::info_span!("step", step = name);
    match AssertUnwindSafe(work).catch_unwind().instrument(span).await {
        Ok(Ok(done)) => done,
        Ok(Err(error)) => {
            tracing::error!(step = name, %error, "a step failed; the next ones run");
            0
        }
        Err(_) => {
            tracing::error!(step = name, "a step panicked; the next ones run");
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_step_that_panics_or_fails_does_nothing_and_stops_nobody() {
        let panics = async {
            tokio::task::yield_now().await;
            panic!("in the midst of it")
        };
        assert_eq!(step("panics", panics).await, 0);
        assert_eq!(step("fails", async { Err(crate::error::Error::Unavailable) }).await, 0);
        assert_eq!(step("works", async { Ok(3) }).await, 3);
    }
}
