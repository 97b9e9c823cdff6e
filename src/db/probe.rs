//! Whether writes are taken and stored at this moment.
//!
//! Only a write can tell: reads go on while a disk is full, a lock is held, or a synchronous standby is away. One is under
//! way at a time, so that a database that hangs is not asked by more and more connections, and its answer counts for a
//! second, however often it is asked for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use tokio::sync::watch;

use super::conn::DbConn;
use super::schema::write_probes;
use crate::error::Result;

/// A write that takes longer counts as not stored.
const WITHIN: Duration = Duration::from_secs(2);
/// How long an answer counts.
const COUNTS: Duration = Duration::from_secs(1);

/// Asks by writing. Clones share what they learn.
#[derive(Clone, Debug, Default)]
pub(super) struct Probe(Arc<watch::Sender<ProbeState>>);

#[derive(Clone, Copy, Debug, Default)]
struct ProbeState {
    began: Option<Instant>,
    answer: Option<(Instant, bool)>,
}

impl ProbeState {
    /// Begins a write, where none is under way and the last answer counts no more.
    fn begin(&mut self) -> bool {
        let is_known = self.answer.is_some_and(|(at, _)| at.elapsed() < COUNTS);
        if self.began.is_some() || is_known {
            return false;
        }
        self.began = Some(Instant::now());
        true
    }
}

impl Probe {
    /// What `write` came to, or what another has come to a moment ago.
    pub(super) async fn ask<R>(&self, write: impl FnOnce() -> R) -> bool
    where
        R: Future<Output = bool> + Send + 'static,
    {
        self.ask_within(WITHIN, write).await
    }

    async fn ask_within<R>(&self, within: Duration, write: impl FnOnce() -> R) -> bool
    where
        R: Future<Output = bool> + Send + 'static,
    {
        let mut asked = self.0.subscribe();
        if self.0.send_if_modified(ProbeState::begin) {
            let (probe, writing) = (self.0.clone(), write());
            drop(tokio::spawn(async move {
                let is_stored = writing.await;
                probe.send_replace(ProbeState { began: None, answer: Some((Instant::now(), is_stored)) });
            }));
        }
        let waited = asked.borrow().began.map_or(Duration::ZERO, |began| began.elapsed());
        let answered = asked.wait_for(|asked| asked.began.is_none());
        let answered = tokio::time::timeout(within.saturating_sub(waited), answered).await;
        matches!(answered, Ok(Ok(asked)) if asked.answer.is_some_and(|(_, is_stored)| is_stored))
    }
}

/// A write that changes one row: on PostgreSQL one of several, so that instances do not wait for each other.
pub(super) fn write(conn: &mut DbConn) -> Result<()> {
    let one_more = write_probes::writes.eq(write_probes::writes + 1);
    let row = match conn {
        DbConn::Sqlite(_) => "id = 0",
        DbConn::Pg(_) => "id = pg_backend_pid() % 64",
    };
    let row = diesel::dsl::sql::<diesel::sql_types::Bool>(row);
    diesel::update(write_probes::table.filter(row)).set(one_more).execute(conn)?;
    Ok(())
}

/// A read, which a cry for help begins with.
pub(super) fn read(conn: &mut DbConn) -> Result<()> {
    write_probes::table.find(0).select(write_probes::id).first::<i32>(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_write_that_hangs_is_asked_once_and_counts_as_not_stored() {
        let probe = Probe::default();
        assert!(probe.ask(|| ready(true)).await);
        let probe = Probe::default();
        assert!(!probe.ask_within(Duration::ZERO, pending).await);
        assert!(!probe.ask_within(Duration::ZERO, || ready(true)).await, "the first is still under way");
    }

    #[tokio::test]
    async fn an_answer_counts_for_a_moment() {
        let probe = Probe::default();
        assert!(!probe.ask(|| ready(false)).await);
        assert!(!probe.ask(|| ready(true)).await);
    }
}
