//! Group commit for SQLite: one thread owns the only writing connection.
//!
//! Jobs wait in a bounded queue. The thread opens `BEGIN IMMEDIATE`, runs each waiting job in a savepoint of its own,
//! commits once for all of them, and only then answers everybody: an answer is never given before what it says is on
//! disk. A job that fails or panics is rolled back alone. When the commit itself fails, the whole group fails and the
//! connection is opened again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::conn::{Access, DbConn, Target};
use super::slot::Work;
use crate::error::{Error, Result};
use crate::meter::Meter;

/// How many jobs may share one commit.
const GROUP: usize = 256;
/// How many jobs may wait; one more is answered 503 at once.
const QUEUE: usize = 4_096;

/// A wait for the turn that takes longer is counted. To share a commit is no wait.
const COUNTED_FROM: Duration = Duration::from_millis(100);

/// A transaction that waits for its turn.
struct Job {
    work: Work,
    queued: Instant,
    result: Option<Result<()>>,
    reply: oneshot::Sender<Result<()>>,
}

impl Job {
    /// Runs inside a savepoint; `false` rolls that savepoint back.
    fn run(&mut self, conn: &mut DbConn) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(conn)))
            .unwrap_or_else(|_| Err(Error::internal("a transaction panicked")));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    /// Tells the caller, once the group's commit is known to have succeeded or failed.
    fn answer(self, committed: bool) {
        let result = match self.result {
            // A refusal rolled nothing forward, so it holds whether or not the neighbours' commit succeeded.
            Some(Err(refused)) => Err(refused),
            Some(Ok(())) if committed => Ok(()),
            _ => Err(Error::Unavailable),
        };
        // A caller that went away learns the result by repeating its request with the same idempotency key.
        let _gone = self.reply.send(result);
    }
}

/// The handle by which transactions reach the writing thread.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Opens the writing connection and starts its thread, which ends when the last handle is dropped.
    pub(super) fn start(target: Target, meter: Meter) -> Result<Self> {
        let conn = open(&target)?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || serve(&target, conn, jobs, &meter))
            .map_err(|error| Error::Internal(Box::new(error)))?;
        Ok(Self { queue })
    }

    /// Queues one transaction and waits for its commit.
    pub(super) async fn write(&self, work: Work) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.queue
            .try_send(Job { work, queued: Instant::now(), result: None, reply })
            .map_err(|_| Error::Unavailable)?;
        answer.await.unwrap_or(Err(Error::Unavailable))
    }
}

fn open(target: &Target) -> Result<SqliteConnection> {
    match target.connect(Access::Write) {
        Ok(DbConn::Sqlite(conn)) => Ok(conn),
        Ok(DbConn::Pg(_)) => Err(Error::internal("the group-commit writer serves SQLite alone")),
        Err(error) => Err(Error::Internal(Box::new(error))),
    }
}

fn serve(target: &Target, conn: SqliteConnection, mut jobs: mpsc::Receiver<Job>, meter: &Meter) {
    let mut conn = Some(DbConn::Sqlite(conn));
    let mut group = Vec::with_capacity(GROUP);
    while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
        for waited in group.iter().map(|job| job.queued.elapsed()).filter(|waited| *waited >= COUNTED_FROM) {
            meter.pool_wait("write", waited);
        }
        if conn.is_none() {
            conn = open(target).ok().map(DbConn::Sqlite);
        }
        let committed = conn.as_mut().is_some_and(|conn| run_group(conn, &mut group));
        meter.commit_group(group.len(), committed);
        if !committed {
            tracing::error!(jobs = group.len(), "a commit failed; nothing of the group was kept");
            conn = None;
        }
        for job in group.drain(..) {
            job.answer(committed);
        }
    }
}

fn run_group(conn: &mut DbConn, group: &mut [Job]) -> bool {
    let begun = match conn {
        DbConn::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE").is_ok(),
        DbConn::Pg(_) => false,
    };
    if !begun {
        return false;
    }
    for job in group.iter_mut() {
        let savepoint = conn.transaction(|conn| match job.run(conn) {
            true => Ok(()),
            false => Err(diesel::result::Error::RollbackTransaction),
        });
        if !matches!(savepoint, Ok(()) | Err(diesel::result::Error::RollbackTransaction)) {
            return false;
        }
    }
    match conn {
        DbConn::Sqlite(sqlite) => AnsiTransactionManager::commit_transaction(sqlite).is_ok(),
        DbConn::Pg(_) => false,
    }
}
