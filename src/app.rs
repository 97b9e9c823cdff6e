//! All that a handler or a worker step may reach: configuration, database, clock, keys, the way out.

use std::fmt::Display;
use std::future::ready;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::sync::{Mutex, Notify, watch};

use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::Keys;
use crate::crypto::password::{Cost, Hasher};
use crate::db::{AlertId, Db, DbConn, Instant, OrganisationId, SurvivorId};
use crate::error::{Error, Result};
use crate::facts::Fact;
use crate::http::guard::{Loopback, Ways};
use crate::http::outbound::Outbound;
use crate::http::smtp::Mailer;
use crate::http::throttle::Throttle;
use crate::objects::Objects;
use crate::tx::{Actor, Entry, Tx};

/// Transactions of what is due that are under way at once; they share commits.
const AT_ONCE: usize = 64;

/// What the doors hand over when they assemble the application, so that nothing below imports what lies above it.
#[derive(Clone, Copy)]
pub struct Doors {
    /// Turns a fact into alerts and queued deliveries, with what stands out in a case and what is new: `portal::consider`.
    pub consider: fn(&mut Tx<'_>, Fact) -> Result<()>,
    /// Writes audit entries into the chain: `audit::record`.
    pub record: fn(&mut Tx<'_>, &[Entry]) -> Result<()>,
    /// What may be sent now of a message about an alert to a force, given its body as queued; none where nothing may:
    /// `escalation::revise`.
    pub revise: fn(&mut Tx<'_>, AlertId, OrganisationId, &str) -> Result<Option<String>>,
    /// Reaches the police about an alert another way, since a message to a force reaches nobody: `escalation::fall_back`.
    pub fall_back: fn(&mut Tx<'_>, AlertId, OrganisationId) -> Result<()>,
    /// Whether the police can be reached about a survivor, whatever the survivor's settings are:
    /// `escalation::can_reach_police`.
    pub can_reach_police: fn(&mut DbConn, Ways, SurvivorId) -> Result<bool>,
    /// How many incidents of a survivor arrived within a stretch of time: `incidents::count_between`.
    pub count_incidents: fn(&mut DbConn, SurvivorId, Instant, Instant) -> Result<i64>,
    /// Whether an emergency of a survivor is open that their phone must not know of: `escalation::is_silent`.
    pub is_silent: fn(&mut DbConn, SurvivorId) -> Result<bool>,
}

/// The application. Clones are cheap and share everything.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// Settings.
    pub config: Config,
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
    /// See [`Doors`].
    pub doors: Doors,
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
    pub fn new(config: Config, db: Db, clock: Clock, keys: Keys, cost: Cost, doors: Doors) -> Result<Self> {
        let keys = Arc::new(keys);
        let hasher = Hasher::new(keys.clone(), cost)?;
        let loopback = if config.may_call_loopback { Loopback::Allowed } else { Loopback::Refused };
        let outbound = Outbound::new(loopback).map_err(|error| Error::Internal(Box::new(error)))?;
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
            doors,
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
        let run = move |conn: &mut DbConn| Tx::run(conn, &app, actor.clone(), action, &work);
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

    /// The ways out to forces that this server is configured for.
    #[must_use]
    pub fn ways(&self) -> Ways {
        let loopback = if self.config.may_call_loopback { Loopback::Allowed } else { Loopback::Refused };
        Ways { has_mail: self.mailer.is_some(), loopback }
    }

    /// The origin that links begin with.
    #[must_use]
    pub fn origin(&self) -> String {
        self.config.public_url.clone().unwrap_or_else(|| format!("http://{}", self.config.bind))
    }
}
