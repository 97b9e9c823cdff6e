//! What an application asks its database. On SQLite every statement of its writing connection, on which every read of a
//! case runs, since it is audited; on PostgreSQL every round trip of all its connections.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::ThreadId;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use holdfast::db::Target;

use super::TestApp;

type Heard = Arc<Mutex<HashMap<ThreadId, Vec<String>>>>;

fn heard() -> &'static Heard {
    static HEARD: OnceLock<Heard> = OnceLock::new();
    HEARD.get_or_init(Heard::default)
}

type Trips = Arc<Mutex<HashMap<String, Vec<RoundTrip>>>>;

fn trips() -> &'static Trips {
    static TRIPS: OnceLock<Trips> = OnceLock::new();
    TRIPS.get_or_init(Trips::default)
}

/// Listens to one connection; keeps what it hears only for threads and databases that somebody asks about.
#[derive(Default)]
struct Listener {
    /// Where it goes to.
    database: String,
    /// What the server has parsed for it, and keeps.
    prepared: HashSet<String>,
}

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => self.database = without_options(url),
            InstrumentationEvent::CacheQuery { sql, .. } => {
                self.prepared.insert(sql.to_owned());
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                if let Some(lines) = heard().lock().unwrap().get_mut(&std::thread::current().id()) {
                    lines.push(query.to_string());
                }
            }
            InstrumentationEvent::FinishQuery { query, .. } => {
                if let Some(asked) = trips().lock().unwrap().get_mut(&self.database) {
                    asked.push(RoundTrip::of(&query.to_string(), &self.prepared));
                }
            }
            _ => {}
        }
    }
}

/// The URL of a database, without how its connections behave.
fn without_options(url: &str) -> String {
    url.split('?').next().unwrap_or(url).to_owned()
}

/// A statement that went to PostgreSQL.
#[derive(Debug)]
pub struct RoundTrip {
    pub statement: String,
    /// Whether the server has kept it parsed. What it has not is two round trips: one to parse it, and one to run it.
    pub is_prepared: bool,
}

impl RoundTrip {
    fn of(shown: &str, prepared: &HashSet<String>) -> Self {
        let statement = shown.split(" -- binds: ").next().unwrap_or(shown).to_owned();
        Self { is_prepared: prepared.contains(&statement), statement }
    }

    /// Whether it begins or ends a transaction, or a part of one.
    pub fn is_frame(&self) -> bool {
        FRAMES.iter().any(|frame| self.statement.starts_with(frame))
    }
}

/// The round trips of an application on PostgreSQL.
pub struct RoundTrips {
    database: String,
}

impl RoundTrips {
    /// Those of an application that was started after [`Statements::listen`].
    pub fn of(app: &TestApp) -> Self {
        let Target::Postgres(url) = app.inner.db.target() else { panic!("on SQLite nothing is a round trip") };
        let database = without_options(url);
        trips().lock().unwrap().insert(database.clone(), Vec::new());
        Self { database }
    }

    /// Those since this was called last, without what a connection asks that the pool has just opened.
    pub fn take(&self) -> Vec<RoundTrip> {
        let mut all = trips().lock().unwrap();
        let mut asked = std::mem::take(all.get_mut(&self.database).unwrap());
        let opening = ["SET TIME ZONE", "SELECT current_setting('synchronous_standby_names')"];
        asked.retain(|trip| !opening.iter().any(|words| trip.statement.starts_with(words)));
        asked
    }
}

/// What frames a transaction.
const FRAMES: [&str; 5] = ["BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"];

/// An application whose statements can be counted.
pub struct Statements {
    writer: ThreadId,
}

impl Statements {
    /// Has every connection that is opened from now on listened to: to be called before the application starts.
    pub fn listen() {
        set_default_instrumentation(|| Some(Box::new(Listener::default()))).unwrap();
    }

    /// Those of an application.
    pub async fn of(app: &TestApp) -> Self {
        let writer = app.inner.db.write(|_| Ok(std::thread::current().id())).await.unwrap();
        heard().lock().unwrap().insert(writer, Vec::new());
        Self { writer }
    }

    /// What was asked since this was called last, without what frames a transaction.
    pub fn take(&self) -> Vec<String> {
        let mut all = heard().lock().unwrap();
        let mut lines = std::mem::take(all.get_mut(&self.writer).unwrap());
        lines.retain(|line| !FRAMES.iter().any(|frame| line.starts_with(frame)));
        lines
    }
}
