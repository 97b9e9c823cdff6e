//! All that a handler or a worker step may reach: configuration, database, clock, keys, the way out.

mod pace;

use std::fmt::Display;
use std::future::ready;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use tokio::sync::{Mutex, Notify, watch};
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::crypto::fetch::{KeyFetcher, PATIENCE, PATIENCE_IN_EMERGENCIES};
use crate::crypto::keystore::KeyStore;
use crate::crypto::password::{Cost, Hasher};
use crate::crypto::{KeyRing, Keys};
use crate::db::{Db, DbConn, Slot};
use crate::error::{Error, Result};
use crate::http::page::{Cursor, Page, readable};
use crate::http::refusals::{Refusal, Refusals};
use crate::http::throttle::Throttle;
use crate::installation;
use crate::meter::Meter;
use crate::objects::Objects;
use crate::outgoing::outbound::Outbound;
use crate::outgoing::smtp::Mailer;
use crate::tx::{Actor, After, Hooks, Own, PendingEntry, Surroundings, Tx};

/// Transactions of what is due that are under way at once; they share commits.
const AT_ONCE: usize = 64;

/// A use case, whatever it comes to; see [`Slot`].
type UseCase = Arc<dyn Fn(&mut Tx<'_>) -> Result<()> + Send + Sync>;
/// A query that opens what is sealed, likewise.
type Keyed = Arc<dyn Fn(&mut DbConn, &Keys) -> Result<()> + Send + Sync>;

/// The application. Clones are cheap and share everything but their patience and their pace.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
    /// How long a data key is waited for that is not in memory.
    patience: Duration,
    /// Whether what a phone writes is answered at its pace.
    is_paced: bool,
}

/// The parts of an [`App`].
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// What use cases know of them.
    pub settings: Settings,
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The key ring; data keys are had in a run ([`App::transact`], [`App::read`], [`App::with_keys`]).
    pub keys: Arc<KeyRing>,
    /// Where data keys are made, and fetched from.
    pub key_store: KeyFetcher,
    /// Hashes of what staff type, and of the code words that they hear.
    pub hasher: Hasher,
    /// Hashes of what known phones send. They wait for nobody else's.
    pub phone_hasher: Hasher,
    /// Hashes in vain, for names that nobody has.
    pub stranger_hasher: Hasher,
    /// The one client by which bytes leave the machine.
    pub outbound: Outbound,
    /// The one by which mail does, where a mail server is configured.
    pub mailer: Option<Mailer>,
    /// Where large sealed things are kept.
    pub objects: Objects,
    /// Slows guessing of passwords, PINs and code words.
    pub throttle: Throttle,
    /// What callers were refused.
    pub refusals: Refusals,
    /// What this process counts of itself.
    pub meter: Meter,
    /// See [`Hooks`].
    pub hooks: Hooks,
    /// Held while the whole audit is read back: that takes as long as there is much of it, so one caller at a time.
    pub audit_turn: Mutex<()>,
    /// Set when something is due at once.
    pub worker_due: Notify,
    /// Changes whenever something did that people may be following.
    pub subscribers: watch::Sender<u64>,
    /// True once the server is to stop: whatever is kept open ends.
    pub closing: watch::Sender<bool>,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(
        config: Config,
        db: Db,
        clock: Clock,
        keys: KeyRing,
        store: KeyStore,
        cost: Cost,
        hooks: Hooks,
    ) -> Result<Self> {
        let keys = Arc::new(keys);
        let meter = db.meter().clone();
        let key_store = KeyFetcher::start(keys.clone(), config.key_store.clone(), store, meter.clone())?;
        let hasher = Hasher::new(keys.clone(), cost)?;
        let (phone_hasher, stranger_hasher) = (hasher.apart(), hasher.apart_with_one_permit());
        let settings = config.for_use_cases();
        let outbound = Outbound::new(settings.ways.loopback).map_err(|error| Error::Internal(Box::new(error)))?;
        let mailer = config.smtp.as_ref().map(Mailer::new).transpose();
        let mailer = mailer.map_err(|error| Error::Internal(Box::new(error)))?;
        let objects = Objects::open(&config.evidence.place)?;
        let throttle = Throttle::new(db.clone(), keys.clone());
        let parts = Parts {
            config,
            db,
            clock,
            keys,
            key_store,
            hasher,
            phone_hasher,
            stranger_hasher,
            outbound,
            mailer,
            objects,
            throttle,
            refusals: Refusals::default(),
            meter,
            settings,
            hooks,
            audit_turn: Mutex::default(),
            worker_due: Notify::new(),
            subscribers: watch::Sender::new(0),
            closing: watch::Sender::new(false),
        };
        Ok(Self { parts: Arc::new(parts), patience: PATIENCE, is_paced: true })
    }

    /// The same application in an emergency: what needs a key that the store does not give at once is left out.
    #[must_use]
    pub fn in_emergency(&self) -> Self {
        Self { patience: PATIENCE_IN_EMERGENCIES, ..self.clone() }
    }

    /// Whether anything may leave (see [`crate::installation`]). Asked each time: an operator may arm it meanwhile.
    pub async fn is_armed(&self) -> Result<bool> {
        self.db.read(installation::is_armed).await
    }

    /// Runs a use case in one transaction (see [`crate::tx`]); `action` names the act in the audit. What it came to is answered
    /// at the pace of the phone that asked.
    ///
    /// # Errors
    /// What the use case refused, or `Unavailable`; in either case nothing was done.
    pub async fn transact<T, F>(&self, actor: Actor, action: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    {
        let slot = Slot::new();
        let left = slot.clone();
        let work: UseCase = Arc::new(move |tx: &mut Tx<'_>| {
            left.put(work(tx)?);
            Ok(())
        });
        self.at_pace(actor.paced_phone(), 1, |app| async move { app.commit(actor, action, work).await }).await?;
        slot.value()
    }

    async fn commit(&self, actor: Actor, action: &'static str, work: UseCase) -> Result<()> {
        // Time passes for many at once: no survivor's alert waits for another's key.
        let patience = if actor == Actor::System { PATIENCE_IN_EMERGENCIES } else { self.patience };
        let (app, tried) = (self.clone(), Arc::new(std::sync::Mutex::default()));
        let ahead = Arc::new(std::sync::Mutex::new(Own::default()));
        let attempt = |keys: Keys| {
            let (app, actor, work, tried, ahead) =
                (app.clone(), actor.clone(), work.clone(), tried.clone(), ahead.clone());
            async move {
                let own = ahead.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let run = app.clone();
                // What a thread of the database logs belongs to the request or the step that asked for it.
                let span = tracing::Span::current();
                let write = move |conn: &mut DbConn| {
                    span.in_scope(|| Tx::run(conn, run.around(&keys, &own, &tried), actor.clone(), action, &*work))
                };
                let (done, after, own) = app.db.write(write).await?;
                app.notify(after);
                *ahead.lock().unwrap_or_else(PoisonError::into_inner) = own;
                done
            }
        };
        let done = self.until_keys_suffice(patience, attempt).await;
        if done.as_ref().is_err_and(Error::is_of_rights) {
            let tried = tried.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.refuse(actor, tried.unwrap_or_else(|| PendingEntry::of(action))).await;
        }
        done
    }

    fn notify(&self, after: After) {
        if after.notifies_worker {
            self.notify_worker();
        }
        if after.publishes_change {
            self.publish_change();
        }
    }

    fn around<'c>(
        &'c self,
        keys: &'c Keys,
        own: &'c Own,
        tried: &'c std::sync::Mutex<Option<PendingEntry>>,
    ) -> Surroundings<'c> {
        let (now, wall_clock) = (self.clock.now(), self.clock.real());
        Surroundings { now, wall_clock, keys, settings: &self.settings, hooks: &self.hooks, own, tried }
    }

    /// Writes that staff or a police system was refused something, so that the audit shows who tried. What cannot be written
    /// is logged: the answer is a refusal all the same.
    pub(crate) async fn refuse(&self, actor: Actor, entry: PendingEntry) {
        if !matches!(actor, Actor::Staff { .. } | Actor::PoliceClient { .. }) {
            return;
        }
        let action = entry.action;
        let due = self.refusals.add(Refusal { actor, entry }, self.clock.now());
        if let Err(error) = self.keep_refusals(due).await {
            tracing::error!(action, %error, "a refusal could not be written into the audit");
        }
    }

    /// Writes what was refused again since it was written first; how many callers and records that is.
    pub async fn count_refusals(&self) -> Result<usize> {
        self.keep_refusals(self.refusals.due(self.clock.now())).await
    }

    async fn keep_refusals(&self, due: Vec<Refusal>) -> Result<usize> {
        let count = due.len();
        if count == 0 {
            return Ok(0);
        }
        let (app, due) = (self.clone(), Arc::new(due));
        let keep = move |conn: &mut DbConn| -> Result<()> {
            let (keys, own, tried) = (Keys::new(app.keys.clone()), Own::default(), std::sync::Mutex::default());
            for refusal in &*due {
                let work = |tx: &mut Tx<'_>| tx.refused(&refusal.entry);
                let around = app.around(&keys, &own, &tried);
                Tx::run(conn, around, refusal.actor.clone(), refusal.entry.action, work)?.0?;
            }
            Ok(())
        };
        self.db.write(keep).await?;
        Ok(count)
    }

    /// Runs a read that opens what is sealed.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut DbConn, &Keys) -> Result<T> + Send + Sync + 'static,
    {
        let slot = Slot::new();
        let left = slot.clone();
        let work: Keyed = Arc::new(move |conn, keys| {
            left.put(work(conn, keys)?);
            Ok(())
        });
        self.read_any(work).await?;
        slot.value()
    }

    async fn read_any(&self, work: Keyed) -> Result<()> {
        let attempt = |keys: Keys| {
            let work = work.clone();
            self.db.read(move |conn| work(conn, &keys))
        };
        self.until_keys_suffice(self.patience, attempt).await
    }

    /// Runs a write that the audit does not record: a survivor reads their own data.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut DbConn, &Keys) -> Result<T> + Send + Sync + 'static,
    {
        let slot = Slot::new();
        let left = slot.clone();
        let work: Keyed = Arc::new(move |conn, keys| {
            left.put(work(conn, keys)?);
            Ok(())
        });
        self.write_any(work).await?;
        slot.value()
    }

    async fn write_any(&self, work: Keyed) -> Result<()> {
        let attempt = |keys: Keys| {
            let work = work.clone();
            let run = move |conn: &mut DbConn| {
                work(conn, &keys)?;
                if keys.lacks_any() { Err(Error::KeyNeeded) } else { Ok(()) }
            };
            self.db.write(run)
        };
        self.until_keys_suffice(self.patience, attempt).await
    }

    /// Makes something out of rows that were read, such as a view, once the keys that it needs are in memory.
    pub async fn with_keys<T>(&self, work: impl Fn(&Keys) -> Result<T>) -> Result<T> {
        self.until_keys_suffice(self.patience, |keys| ready(work(&keys))).await
    }

    /// Makes the view of each row, once the keys of all of them are in memory: one question to the key store for a whole list.
    /// A row that does not open is named by its id, and the others are shown.
    pub async fn views<R, T>(
        &self,
        rows: &[R],
        id: impl Fn(&R) -> Uuid,
        view: impl Fn(&Keys, &R) -> Result<T>,
    ) -> Result<Page<T>> {
        let all = |keys: &Keys| readable(rows.iter().map(|row| (id(row), view(keys, row))));
        let (items, unreadable) = self.with_keys(all).await?;
        Ok(Page { unreadable, ..Page::whole(items) })
    }

    /// The same for a page of a list, from `limit + 1` rows.
    pub async fn page<R, T>(
        &self,
        rows: Vec<R>,
        limit: i64,
        key: impl Fn(&R) -> Cursor,
        view: impl Fn(&Keys, &R) -> Result<T>,
    ) -> Result<Page<T>> {
        let Page { items, next_cursor, .. } = Page::of(rows, limit, &key, Ok)?;
        let shown = self.views(&items, |row| key(row).1, view).await?;
        Ok(Page { next_cursor, ..shown })
    }

    /// Runs an attempt, and again for as long as it lacked keys, once they were fetched. What an attempt that lacked any has
    /// come to counts for nothing: it may have taken a key that is not in memory for one that is not there.
    async fn until_keys_suffice<T, R>(&self, patience: Duration, attempt: impl Fn(Keys) -> R) -> Result<T>
    where
        R: Future<Output = Result<T>>,
    {
        let (keys, began) = (Keys::new(self.keys.clone()), Instant::now());
        loop {
            let done = attempt(keys.clone()).await;
            if !keys.lacks_any() {
                return done;
            }
            self.key_store.fetch(&keys, patience.saturating_sub(began.elapsed())).await?;
        }
    }

    /// Takes what is due, each in a transaction of its own, so that one that fails holds up no other: it stays due, and is
    /// tried again. Answers how many did something.
    pub async fn each<I, F>(&self, due: Vec<I>, action: &'static str, work: F) -> usize
    where
        I: Copy + Display + Send + Sync + 'static,
        F: Fn(&mut Tx<'_>, I) -> Result<bool> + Copy + Send + Sync + 'static,
    {
        let taking = stream::iter(due).map(|id| async move {
            let taken = self.transact(Actor::System, action, move |tx| work(tx, id)).await;
            taken.unwrap_or_else(|error| {
                tracing::error!(%id, action, %error, "what is due could not be done; it is tried again");
                false
            })
        });
        taking.buffer_unordered(AT_ONCE).filter(|is_done| ready(*is_done)).count().await
    }

    /// Tells the worker that something is due now. Rows carry the meaning; this only saves time.
    pub fn notify_worker(&self) {
        self.worker_due.notify_one();
    }

    /// Tells those who follow what happens that there may be something new. Rows carry the meaning here, too.
    pub fn publish_change(&self) {
        self.subscribers.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Ends whatever is kept open, since the server is to stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}
