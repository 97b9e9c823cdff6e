//! Starts the application under test: a real server on a free port, a fresh database, a clock that stands still.
//!
//! `on_both!` makes a test for each database. Nothing sleeps: no worker runs by itself, [`TestApp::settle`] and
//! [`TestApp::advance`] do what is due and return when that is done. `caller` is how a test speaks to the server,
//! `partnership` the people and records that most stories begin with, `police` the receiver of webhooks.

pub mod binary;
pub mod browser;
pub mod caller;
pub mod elsewhere;
pub mod pair;
pub mod partnership;
pub mod police;
pub mod postgres;
pub mod providers;
pub mod push;
pub mod smtp;
pub mod statements;

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use holdfast::app::App;
use holdfast::audit::{self, Verified};
use holdfast::cli::start;
use holdfast::clock::Clock;
use holdfast::config::notify::NotifySettings;
use holdfast::config::{Config, Flags};
use holdfast::crypto::Private;
use holdfast::crypto::password::{Cost, Typed};
use holdfast::db::schema::{deliveries, notifications};
use holdfast::db::{self, Access, DbConn, Instant, StaffId, Target};
use holdfast::tx::{Actor, Tx};
use holdfast::worker::Worker;
use holdfast::{identity, routes};

pub use browser::Browser;
pub use caller::{Caller, Http, Reply, Way, text};
pub use partnership::{Partnership, Person};
pub use police::{Answer, Police, Received};

/// When every story begins, unless it says otherwise: a Saturday at noon.
pub const NOON: &str = "2026-11-21T12:00:00Z";
/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery staple";
/// The administrator that every installation begins with.
pub const ADMIN: &str = "admin";

/// Makes a module of two tests, `sqlite` and `postgres`, from one story: `on_both!(name, |app| async { … });`. `app` is
/// a `&TestApp`. Afterwards no delivery may be left over and the audit must verify.
macro_rules! on_both {
    ($(#[$about:meta])* $name:ident, |$app:ident| async $story:block) => {
        $(#[$about])*
        mod $name {
            use super::*;

            async fn story($app: &$crate::harness::TestApp) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let app = $crate::harness::TestApp::sqlite().await;
                story(&app).await;
                app.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some(app) = $crate::harness::TestApp::postgres().await else { return };
                story(&app).await;
                app.finish().await;
            }
        }
    };
}
pub(crate) use on_both;

/// A running installation of its own.
pub struct TestApp {
    /// The application behind the server: for what has no URL. What has one is tested through it.
    pub inner: App,
    pub http: Http,
    worker: Worker,
    server: actix_web::dev::ServerHandle,
    receivers: Mutex<Vec<Arc<Police>>>,
    leaves_retries: AtomicBool,
    writes_records: AtomicBool,
    postgres: Option<String>,
    _folder: tempfile::TempDir,
}

impl TestApp {
    pub async fn sqlite() -> Self {
        Self::start(None, noon(), Cost::MadeUp, |_| {}).await
    }

    /// `None` where no PostgreSQL is installed, which is told on standard error.
    pub async fn postgres() -> Option<Self> {
        Self::postgres_with(noon(), |_| {}).await
    }

    /// One on SQLite that begins at another time, or with other settings.
    pub async fn sqlite_with(at: Instant, change: impl FnOnce(&mut Flags)) -> Self {
        Self::start(None, at, Cost::MadeUp, change).await
    }

    /// One on SQLite whose hashes cost what they cost in earnest.
    pub async fn sqlite_at_full_cost(change: impl FnOnce(&mut Flags)) -> Self {
        Self::start(None, noon(), Cost::Full, change).await
    }

    /// The same on PostgreSQL.
    pub async fn postgres_at_full_cost(change: impl FnOnce(&mut Flags)) -> Option<Self> {
        Self::start_postgres(noon(), Cost::Full, change).await
    }

    /// The same on PostgreSQL.
    pub async fn postgres_with(at: Instant, change: impl FnOnce(&mut Flags)) -> Option<Self> {
        Self::start_postgres(at, Cost::MadeUp, change).await
    }

    async fn start_postgres(at: Instant, cost: Cost, change: impl FnOnce(&mut Flags)) -> Option<Self> {
        // Starting the server and making the template block; other tests of this process wait for it anyway.
        let name = database_name();
        let made = name.clone();
        let url = tokio::task::spawn_blocking(move || {
            let server = postgres::server()?;
            Some(server.template(migrate).create_database_from_template(&made))
        });
        let url = url.await.unwrap()?;
        Some(Self::start(Some((name, url)), at, cost, change).await)
    }

    async fn start(
        postgres: Option<(String, String)>,
        at: Instant,
        cost: Cost,
        change: impl FnOnce(&mut Flags),
    ) -> Self {
        let folder = postgres::folder("holdfast-test-");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mut settings = Flags {
            config: folder.path().join("none.toml"),
            bind: Some(address.clone()),
            database_url: postgres.as_ref().map(|(_, url)| url.clone()),
            database_pool: Some(4),
            data_dir: Some(folder.path().join("data")),
            test_clock: Some(true),
            dev_no_mfa: Some(true),
            allow_loopback_webhooks: Some(true),
            no_worker: Some(true),
            notify: NotifySettings {
                vapid_private_key: Some(providers::VAPID_PRIVATE_KEY.into()),
                vapid_subject: Some(providers::VAPID_SUBJECT.into()),
                ..NotifySettings::default()
            },
            watchdog_seconds: Some(0),
            ..Flags::default()
        };
        change(&mut settings);
        let (config, clock) = (Config::load(&settings).unwrap(), Clock::frozen_at(at));
        let opening = clock.clone();
        let inner = tokio::task::spawn_blocking(move || start::open(config, opening, cost));
        let inner = inner.await.unwrap().unwrap();
        let worker = Worker::new(inner.clone());
        let server = routes::serve(inner.clone(), worker.clone(), listener, 1).unwrap();
        let handle = server.handle();
        tokio::spawn(server);
        create_admin(&inner, ADMIN).await;
        let http = Http::new(format!("http://{address}"), clock);
        Self {
            inner,
            http,
            worker,
            server: handle,
            receivers: Mutex::default(),
            leaves_retries: AtomicBool::new(false),
            writes_records: AtomicBool::new(false),
            postgres: postgres.map(|(name, _)| name),
            _folder: folder,
        }
    }

    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    /// What time it is, as a body says it.
    pub fn now_text(&self) -> String {
        self.now().to_string()
    }

    /// Does what is due now, and returns when it is done.
    pub async fn settle(&self) {
        self.settle_quietly().await.unwrap();
    }

    /// The same, for a story in which it may fail.
    pub async fn settle_quietly(&self) -> holdfast::error::Result<()> {
        self.worker.settle().await
    }

    /// The worker of another instance on the same database and keys, with the same clock.
    pub async fn other_instance(&self) -> Worker {
        let (config, clock) = (self.inner.config.clone(), self.inner.clock.clone());
        let opened = tokio::task::spawn_blocking(move || start::open(config, clock, Cost::MadeUp)).await.unwrap();
        Worker::new(opened.unwrap())
    }

    /// The server of another instance on the same database and keys, with the same clock.
    pub async fn other_server(&self) -> Http {
        let (config, clock) = (self.inner.config.clone(), self.inner.clock.clone());
        let opened =
            tokio::task::spawn_blocking(move || start::open(config, clock, Cost::MadeUp)).await.unwrap().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(routes::serve(opened.clone(), Worker::new(opened), listener, 1).unwrap());
        Http::new(origin, self.inner.clock.clone())
    }

    /// Lets time pass, with what falls due on the way done in its order.
    pub async fn advance(&self, minutes: i64) {
        self.advance_to(self.now().plus_minutes(minutes)).await;
    }

    pub async fn advance_seconds(&self, seconds: i64) {
        self.advance_to(self.now().plus_seconds(seconds)).await;
    }

    pub async fn advance_to(&self, to: Instant) {
        self.worker.advance_to(to).await.unwrap();
    }

    /// Lets time pass while no worker runs; then does what fell due, all at once.
    pub async fn outage(&self, minutes: i64) {
        self.inner.clock.advance_to(self.now().plus_minutes(minutes));
        self.settle().await;
    }

    /// A receiver of webhooks that lives as long as the test; see [`Partnership`] for one with an endpoint.
    pub fn police(&self) -> Arc<Police> {
        let police = Police::start(&self.inner.clock);
        self.receivers.lock().unwrap().push(police.clone());
        police
    }

    /// A partnership with all its people, a survivor of high risk with a phone, a participant, and an active case.
    pub async fn partnership(&self) -> Partnership {
        self.partnership_with_risk("high").await
    }

    /// Makes an administrator as the command line does; answers the id.
    pub async fn create_admin(&self, username: &'static str) -> StaffId {
        create_admin(&self.inner, username).await
    }

    pub async fn partnership_with_risk(&self, risk: &str) -> Partnership {
        Partnership::found(&self.http, Caller::staff(&self.http, ADMIN, PASSWORD), self.police(), risk).await
    }

    /// Lets the worker run by itself, as a server's does, until it is told to stop.
    pub fn run(&self) -> RunningWorker {
        let (tell, told) = tokio::sync::oneshot::channel::<()>();
        let worker = self.worker.clone();
        let task = tokio::spawn(async move { worker.run(async { drop(told.await) }).await });
        RunningWorker { tell, task }
    }

    /// Says that this story ends with a receiver that never answered well: what waits for its next attempt may stay.
    pub fn leaves_retries(&self) {
        self.leaves_retries.store(true, Ordering::SeqCst);
    }

    /// Says that this story writes records by itself, which no entry of the audit is bound to.
    pub fn writes_records(&self) {
        self.writes_records.store(true, Ordering::SeqCst);
    }

    /// Ends a test: fails it when a delivery is left over, or when the audit does not verify.
    pub async fn finish(self) {
        self.settle().await;
        let waiting = self.inner.db.read(|conn| {
            let waiting = deliveries::table.filter(deliveries::next_action_at.is_not_null());
            let notices = notifications::table.filter(notifications::next_action_at.is_not_null());
            Ok(waiting.count().get_result::<i64>(conn)? + notices.count().get_result::<i64>(conn)?)
        });
        let waiting = waiting.await.unwrap();
        let may_wait = self.leaves_retries.load(Ordering::SeqCst);
        assert!(waiting == 0 || may_wait, "{waiting} deliveries are left over");
        let verify = if self.writes_records.load(Ordering::SeqCst) { audit::verify_chain } else { audit::verify };
        let verified = self.inner.db.snapshot(verify).await.unwrap();
        assert!(matches!(verified, Verified::Whole { .. }), "{verified:?}");
        self.server.stop(false).await;
        if let (Some(name), Some(server)) = (&self.postgres, self.postgres.as_ref().and_then(|_| postgres::server())) {
            server.drop_database(name);
        }
    }
}

/// A worker that runs by itself.
pub struct RunningWorker {
    tell: tokio::sync::oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl RunningWorker {
    /// Tells it to stop, and waits until it has.
    pub async fn stop(self) {
        self.tell.send(()).unwrap();
        self.task.await.unwrap();
    }
}

fn noon() -> Instant {
    instant(NOON)
}

/// An instant as text.
#[track_caller]
pub fn instant(text: &str) -> Instant {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

async fn create_admin(app: &App, username: &'static str) -> StaffId {
    let hash = app.hasher.hash(&Typed::password(&Private::from(PASSWORD))).await.unwrap();
    let new = app.key_store.create_subject(StaffId::new(app.clock.now()), app.clock.now()).await.unwrap();
    let work = move |tx: &mut Tx<'_>| identity::create_admin(tx, new, &Private::from(username), &hash);
    app.transact(Actor::Operator, "create_admin", work).await.unwrap().0
}

pub fn database_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}", NEXT.fetch_add(1, Ordering::SeqCst))
}

pub fn migrate(url: &str) {
    let mut conn: DbConn = Target::parse(url).unwrap().connect(Access::Write).unwrap();
    db::migrate(&mut conn).unwrap();
}
