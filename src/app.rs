//! All that a handler or a worker step may reach: configuration, database, clock, keys, the way out.

use std::fmt::Display;
use std::future::ready;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::sync::{Mutex, Notify, watch};

use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::crypto::Keys;
use crate::crypto::password::{Cost, Hasher};
use crate::db::{Db, DbConn};
use crate::error::{Error, Result};
use crate::http::outbound::Outbound;
use crate::http::smtp::Mailer;
use crate::http::throttle::Throttle;
use crate::objects::Objects;
use crate::tx::{Actor, Hooks, Surroundings, Tx};

/// Transactions of what is due that are under way at once; they share commits.
const AT_ONCE: usize = 64;

/// The application. Clones are cheap and share everything.
#[derive(Clone)]
pub struct App(Arc<Parts>);

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
    /// The key ring.
    pub keys: Arc<Keys>,
    /// Password and PIN hashes.
    pub hasher: Hasher,
    /// The one client by which bytes leave the machine.
    pub outbound: Outbound,
    /// The one by which mail does, where a mail server is configured.
    pub mailer: Option<Mailer>,
    /// Where large sealed things are kept.
    pub objects: Objects,
    /// Slows guessing of passwords and PINs.
    pub throttle: Throttle,
    /// See [`Hooks`].
    pub hooks: Hooks,
    /// Held by whoever has the whole audit read back: that takes as long as there is much of it, so one at a time.
    pub audit_turn: Mutex<()>,
    /// Set when something is due at once.
    pub bell: Notify,
    /// Changes whenever something did that people may be following.
    pub stirred: watch::Sender<u64>,
    /// True once the server is to stop: whatever is kept open ends.
    pub closing: watch::Sender<bool>,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(config: Config, db: Db, clock: Clock, keys: Keys, cost: Cost, hooks: Hooks) -> Result<Self> {
        let keys = Arc::new(keys);
        let hasher = Hasher::new(keys.clone(), cost)?;
        let settings = config.for_use_cases();
        let outbound = Outbound::new(settings.ways.loopback).map_err(|error| Error::Internal(Box::new(error)))?;
        let mailer = config.smtp.as_ref().map(Mailer::new).transpose();
        let mailer = mailer.map_err(|error| Error::Internal(Box::new(error)))?;
        let objects = Objects::open(&config.evidence.place)?;
        Ok(Self(Arc::new(Parts {
            config,
            db,
            clock,
            keys,
            hasher,
            outbound,
            mailer,
            objects,
            throttle: Throttle::default(),
            settings,
            hooks,
            audit_turn: Mutex::default(),
            bell: Notify::new(),
            stirred: watch::Sender::new(0),
            closing: watch::Sender::new(false),
        })))
    }

    /// Runs a use case in one transaction (see [`crate::tx`]); `action` names the act in the audit.
    ///
    /// # Errors
    /// What the use case refused, or `Unavailable`; in either case nothing was done.
    pub async fn transact<T, F>(&self, actor: Actor, action: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let app = self.clone();
        let run = move |conn: &mut DbConn| {
            let (now, wall_clock) = (app.clock.now(), app.clock.real());
            let (keys, settings, hooks) = (&*app.keys, &app.settings, &app.hooks);
            Tx::run(conn, Surroundings { now, wall_clock, keys, settings, hooks }, actor.clone(), action, &work)
        };
        let (value, after) = self.db.write(run).await?;
        if after.wakes {
            self.wake();
        }
        if after.stirs {
            self.stir();
        }
        Ok(value)
    }

    /// Takes what is due, each in a transaction of its own, so that one that fails holds up no other: it stays due, and is
    /// tried again. Answers how many did something.
    pub async fn each<I, F>(&self, due: Vec<I>, action: &'static str, work: F) -> usize
    where
        I: Copy + Display + Send + 'static,
        F: Fn(&mut Tx<'_>, I) -> Result<bool> + Copy + Send + 'static,
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
    pub fn wake(&self) {
        self.bell.notify_one();
    }

    /// Tells those who follow what happens that there may be something new. Rows carry the meaning here, too.
    pub fn stir(&self) {
        self.stirred.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Ends whatever is kept open, since the server is to stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}
