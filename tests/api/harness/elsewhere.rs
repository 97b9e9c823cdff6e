//! A copy of an installation, made as somebody makes one who does not know our own commands, and started elsewhere.

use std::net::TcpListener;

use diesel::connection::SimpleConnection as _;
use holdfast::app::App;
use holdfast::cli::start;
use holdfast::clock::Clock;
use holdfast::config::Config;
use holdfast::crypto::password::Cost;
use holdfast::db::{Access, Target};
use holdfast::tx::{Actor, Tx};
use holdfast::worker::Worker;
use holdfast::{installation, routes};

use super::{TestApp, database_name, postgres};

/// A copy that runs; its clock begins at the original's.
pub struct Elsewhere {
    pub app: App,
    pub origin: String,
    pub worker: Worker,
    _folder: tempfile::TempDir,
}

impl Elsewhere {
    pub async fn start(original: &TestApp) -> Self {
        let folder = postgres::folder("holdfast-elsewhere-");
        let (from, data) = (original.inner.config.clone(), folder.path().join("data"));
        let (now, copied) = (original.now(), data.clone());
        let app = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(copied.join("keys")).unwrap();
            std::fs::copy(from.data_dir.join("keys/master.key"), copied.join("keys/master.key")).unwrap();
            let config = copy(&from, from.clone().within(&copied));
            start::open(config, Clock::frozen_at(now), Cost::MadeUp).unwrap()
        });
        let (app, listener) = (app.await.unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
        let (origin, worker) = (format!("http://{}", listener.local_addr().unwrap()), Worker::new(app.clone()));
        start::begin(&app).await.unwrap();
        tokio::spawn(routes::serve(app.clone(), worker.clone(), listener, 1).unwrap());
        Self { app, origin, worker, _folder: folder }
    }

    /// Lets it send, as `holdfast arm` does.
    pub async fn arm(&self) {
        let app = self.app.clone();
        let place = move || app.db.read_here(|conn| installation::place_of(app.db.target(), conn)).unwrap();
        let place = tokio::task::spawn_blocking(place).await.unwrap();
        let work = move |tx: &mut Tx<'_>| installation::arm(tx, &place);
        assert!(self.app.transact(Actor::Operator, "arm", work).await.unwrap());
    }
}

/// Copies database and key store to where `to` has them, as far as they are files; else the database is dumped.
fn copy(from: &Config, to: Config) -> Config {
    copy_file(&from.key_store, &to.key_store);
    match &from.database {
        Target::Sqlite(_) => {
            copy_file(&from.database, &to.database);
            to
        }
        Target::Postgres(url) => {
            let url = postgres::server().unwrap().dump_into(url, &database_name());
            Config { database: Target::Postgres(url), ..to }
        }
    }
}

fn copy_file(from: &Target, to: &Target) {
    let Target::Sqlite(path) = to else { panic!("a key store of these tests is a file") };
    from.connect(Access::Write).unwrap().batch_execute(&format!("VACUUM INTO '{}'", path.display())).unwrap();
}
