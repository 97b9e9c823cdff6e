//! The two ways to the data: one short transaction that writes, and one that only reads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::r2d2::{Pool, PooledConnection};
use diesel::{Connection, RunQueryDsl};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::conn::standby::Standby;
use super::conn::{Access, DbConn, Manager, StandbyCheck, Target};
use super::outage;
use super::probe::{self, Probe};
use super::slot::{Slot, Work};
use super::writer::Writer;
use crate::error::{Error, Result};
use crate::meter::Meter;

/// SQLite before this release could corrupt its write-ahead log on reset (see the release notes of 3.51.3).
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// Readers of an embedded database: the machine's cores are the limit, not the connections.
const SQLITE_READERS: u32 = 4;
/// The longest that anything waits for a connection.
const WAIT: Duration = Duration::from_secs(5);
/// The longest that a caller waits for a write that a standby must hold too. One whose standby is away goes on without its
/// caller, who learns what became of it by the same idempotency key. Without a standby a commit waits for nobody who may
/// be away, and a crowd that writes to one record takes its turns however long that takes.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);
/// The longest that it may then take to learn whether a standby is awaited.
const LOOKED_WITHIN: Duration = Duration::from_millis(500);
/// Tries of a transaction that met another one.
const TRIES: u32 = 5;

/// The database. Clones share the same connections.
#[derive(Clone)]
pub struct Db {
    target: Target,
    readers: Pool<Manager>,
    read_permits: Arc<Semaphore>,
    writes: Writes,
    probe: Probe,
    meter: Meter,
}

#[derive(Clone)]
enum Writes {
    /// SQLite: through the group-commit thread.
    Grouped(Writer),
    /// PostgreSQL: through a pool, one permit a connection.
    Pooled { pool: Pool<Manager>, permits: Arc<Semaphore>, standby: Standby },
}

impl Db {
    /// Connects; the schema must be there (see [`super::migrate()`]).
    pub fn open(target: &Target, pool_size: u32, check: StandbyCheck) -> Result<Self> {
        let (standby, meter) = (Standby::new(check), Meter::default());
        let writes = match target {
            Target::Sqlite(_) => Writes::Grouped(Writer::start(target.clone(), meter.clone())?),
            Target::Postgres(_) => {
                let pool = pool(target, Access::Write, pool_size, &standby)?;
                standby.check(&mut *pooled(&pool, (&meter, "write"))?)?;
                Writes::Pooled { pool, permits: Arc::new(Semaphore::new(pool_size as usize)), standby: standby.clone() }
            }
        };
        let readers = match target {
            Target::Sqlite(_) => SQLITE_READERS,
            Target::Postgres(_) => pool_size,
        };
        let db = Self {
            target: target.clone(),
            readers: pool(target, Access::Read, readers, &standby)?,
            read_permits: Arc::new(Semaphore::new(readers as usize)),
            writes,
            probe: Probe::default(),
            meter,
        };
        db.check_sqlite_version()?;
        Ok(db)
    }

    /// Which database this is.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What this process counts of itself, its database and all that is above it.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Calls `wake` whenever another instance tells of news, or of work that is due at once too (true), for as long as it answers true.
    pub fn listen(&self, wake: impl Fn(bool) -> bool + Send + 'static) {
        super::listen::listen(&self.target, wake);
    }

    /// Runs one transaction that writes, and returns when it is durable. `work` holds SQL only, no hashing and no
    /// network, and may be run again when it met another transaction.
    ///
    /// # Errors
    /// What `work` refused; `Unavailable` when the queue is full, the commit failed, the standby that must hold it does
    /// not, or a write that a standby must hold takes longer than four seconds.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut DbConn) -> Result<T> + Send + 'static,
    {
        let slot = Slot::new();
        let left = slot.clone();
        self.write_any(Box::new(move |conn| {
            left.put(work(conn)?);
            Ok(())
        }))
        .await?;
        slot.value()
    }

    async fn write_any(&self, work: Work) -> Result<()> {
        let mut writing = std::pin::pin!(self.write_however_long(work));
        loop {
            if let Ok(done) = tokio::time::timeout(ANSWERED_WITHIN, &mut writing).await {
                return done;
            }
            // Asked only now, since one may be demanded while we run, and be away from the first write on.
            if self.awaits_standby().await {
                tracing::error!("a write takes too long; its caller is told to try again, and it goes on");
                return Err(Error::Unavailable);
            }
        }
    }

    /// Whether commits wait for a standby at this moment; what is known of it, where the database does not say.
    async fn awaits_standby(&self) -> bool {
        let Writes::Pooled { standby, .. } = &self.writes else { return false };
        if standby.is_trusted() {
            return true;
        }
        let asked = standby.clone();
        let looked = self.read(move |conn| Ok(asked.look(conn)?));
        let answered = tokio::time::timeout(LOOKED_WITHIN, looked).await;
        if !matches!(answered, Ok(Ok(()))) {
            tracing::warn!("whether a standby is awaited could not be asked");
        }
        standby.is_awaited()
    }

    /// Whether reads are answered, and writes taken and stored, at this moment: learned by one of each.
    pub async fn can_store(&self) -> bool {
        let db = self.clone();
        let both = async move {
            db.read(probe::read).await.is_ok() && db.write_however_long(Box::new(probe::write)).await.is_ok()
        };
        self.probe.ask(|| both).await
    }

    async fn write_however_long(&self, mut work: Work) -> Result<()> {
        let done = match &self.writes {
            Writes::Grouped(writer) => writer.write(work).await,
            Writes::Pooled { pool, permits, standby } => {
                let permit = permit(permits, (&self.meter, "write")).await?;
                let (pool, standby, meter) = (pool.clone(), standby.clone(), self.meter.clone());
                run_blocking(move || {
                    let _permit = permit;
                    used(&mut *pooled(&pool, (&meter, "write"))?, |conn| {
                        retrying(conn, &mut work).map_err(outage::for_writer)?;
                        standby.confirm(conn)
                    })
                })
                .await
            }
        };
        done.map_err(outage::for_caller)
    }

    /// Runs a read. The database itself refuses to write on these connections.
    ///
    /// # Errors
    /// What `work` refused; `Unavailable` when no connection is to be had.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConn) -> Result<T> + Send + 'static,
    {
        let (slot, mut once) = (Slot::new(), Some(work));
        let left = slot.clone();
        self.read_any(Box::new(move |conn| {
            if let Some(work) = once.take() {
                left.put(work(conn)?);
            }
            Ok(())
        }))
        .await?;
        slot.value()
    }

    async fn read_any(&self, work: Work) -> Result<()> {
        let permit = permit(&self.read_permits, (&self.meter, "read")).await?;
        let (pool, meter) = (self.readers.clone(), self.meter.clone());
        run_blocking(move || {
            let _permit = permit;
            used(&mut *pooled(&pool, (&meter, "read"))?, work)
        })
        .await
    }

    /// A read of several queries that all see the data as it was at one moment.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn snapshot<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConn) -> Result<T> + Send + 'static,
    {
        self.read(|conn| at_one_moment(conn, work)).await
    }

    /// The same read for callers that have a thread of their own (start-up, commands).
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_here<T>(&self, work: impl FnOnce(&mut DbConn) -> Result<T>) -> Result<T> {
        used(&mut *pooled(&self.readers, (&self.meter, "read"))?, work)
    }

    /// [`Db::snapshot`] for callers that have a thread of their own.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn snapshot_here<T>(&self, work: impl FnOnce(&mut DbConn) -> Result<T>) -> Result<T> {
        self.read_here(|conn| at_one_moment(conn, work))
    }

    /// Copies the embedded database as it is at one moment into `file`, which is empty or is made, while others write.
    ///
    /// # Errors
    /// When the file holds anything or cannot be written.
    pub fn copy_to(&self, file: &Path) -> Result<()> {
        let mut conn = self.target.connect(Access::Write).map_err(|error| Error::Internal(Box::new(error)))?;
        let quoted = file.to_string_lossy().replace('\'', "''");
        Ok(conn.batch_execute(&format!("VACUUM INTO '{quoted}'"))?)
    }

    fn check_sqlite_version(&self) -> Result<()> {
        #[derive(diesel::QueryableByName)]
        struct SqliteVersion {
            #[diesel(sql_type = diesel::sql_types::Text)]
            version: String,
        }
        if matches!(self.target, Target::Postgres(_)) {
            return Ok(());
        }
        let found: SqliteVersion =
            self.read_here(|conn| Ok(diesel::sql_query("SELECT sqlite_version() AS version").get_result(conn)?))?;
        let mut parts = found.version.split('.').map(|part| part.parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        match (next(), next(), next()) >= OLDEST_SQLITE {
            true => Ok(()),
            false => Err(Error::internal("the SQLite in this binary is too old to be trusted with a write-ahead log")),
        }
    }
}

/// Anyone who waits for a connection waits here, and takes up no thread meanwhile. Nothing is done before.
async fn permit(permits: &Arc<Semaphore>, (meter, pool): (&Meter, &'static str)) -> Result<OwnedSemaphorePermit> {
    // Nobody is overtaken so: one that is given back goes to the caller who waits longest.
    if let Ok(permit) = permits.clone().try_acquire_owned() {
        return Ok(permit);
    }
    let began = Instant::now();
    let acquired = tokio::time::timeout(WAIT, permits.clone().acquire_owned()).await;
    meter.pool_wait(pool, began.elapsed());
    acquired.map_err(|_| Error::Unavailable)?.map_err(|_| Error::Unavailable)
}

fn pool(target: &Target, access: Access, size: u32, standby: &Standby) -> Result<Pool<Manager>> {
    let manager = Manager { target: target.clone(), access, standby: standby.clone() };
    // A connection is checked when it breaks, not before each use: that would cost a round trip a request.
    Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(WAIT)
        .build(manager)
        .map_err(|error| Error::Internal(Box::new(error)))
}

/// Who has a permit has a connection at once, but where connections are being made, as after the database was away.
fn pooled(pool: &Pool<Manager>, (meter, name): (&Meter, &'static str)) -> Result<PooledConnection<Manager>> {
    if let Some(conn) = pool.try_get() {
        return Ok(conn);
    }
    let began = Instant::now();
    let made = pool.get();
    meter.pool_wait(name, began.elapsed());
    made.map_err(|_| Error::Unavailable)
}

/// Runs several queries that all see the data as it was when the first was asked.
fn at_one_moment<T>(conn: &mut DbConn, work: impl FnOnce(&mut DbConn) -> Result<T>) -> Result<T> {
    conn.transaction(|conn| {
        if let DbConn::Pg(postgres) = conn {
            postgres.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        }
        work(conn)
    })
}

/// Uses a connection of a pool. One on which anything failed as it does when the database is away is not used again: the
/// driver itself notices a lost connection at some calls, and at others hands it back as a good one for ever.
fn used<T>(conn: &mut DbConn, work: impl FnOnce(&mut DbConn) -> Result<T>) -> Result<T> {
    work(conn).map_err(|error| {
        let told = outage::for_caller(error);
        if matches!(told, Error::Unavailable) {
            <DbConn as Connection>::TransactionManager::transaction_manager_status_mut(conn).set_in_error();
        }
        told
    })
}

async fn run_blocking(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    // What is logged on that thread belongs to the request or the step that asked.
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
        .await
        .unwrap_or_else(|_| Err(Error::internal("a database task panicked")))
}

fn retrying(conn: &mut DbConn, work: &mut Work) -> Result<()> {
    let mut tries = 1;
    loop {
        match transaction(conn, work) {
            Err(error) if error.is_retryable() && tries < TRIES => tries += 1,
            done => return done,
        }
    }
}

/// One PostgreSQL transaction. A panic inside is caught and rolled back here, since Diesel does not.
fn transaction(conn: &mut DbConn, work: &mut Work) -> Result<()> {
    let mut committing = false;
    let done = conn.transaction(|conn| {
        catch_unwind(AssertUnwindSafe(|| work(conn)))
            .unwrap_or_else(|_| Err(Error::internal("a transaction panicked")))?;
        committing = true;
        Ok(())
    });
    match done {
        // Whether a commit that failed half-way took effect is unknown: the caller must ask again.
        Err(error @ Error::Internal(_)) if committing && !error.is_retryable() => Err(Error::Unavailable),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_caller_who_waits_for_a_connection_is_counted_and_no_other() {
        let (permits, meter) = (Arc::new(Semaphore::new(1)), Meter::default());
        let held = permit(&permits, (&meter, "read")).await.unwrap();
        assert!(meter.counts().pool_waits.is_empty());
        let (same, counting) = (permits.clone(), meter.clone());
        let waits = tokio::spawn(async move { permit(&same, (&counting, "read")).await.is_ok() });
        tokio::task::yield_now().await;
        drop(held);
        assert!(waits.await.unwrap());
        assert!(meter.counts().pool_waits.contains_key("read"));
    }
}
