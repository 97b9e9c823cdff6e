//! What an application on SQLite asks its database: every statement of its writing connection, on which every read of a
//! case runs, since it is audited.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::ThreadId;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::TestApp;

type Heard = Arc<Mutex<HashMap<ThreadId, Vec<String>>>>;

fn heard() -> &'static Heard {
    static HEARD: OnceLock<Heard> = OnceLock::new();
    HEARD.get_or_init(Heard::default)
}

/// Listens to one connection; keeps what it hears only for threads that somebody asks about.
struct Listener;

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event
            && let Some(lines) = heard().lock().unwrap().get_mut(&std::thread::current().id())
        {
            lines.push(query.to_string());
        }
    }
}

/// An application whose statements can be counted.
pub struct Statements {
    writer: ThreadId,
}

impl Statements {
    /// Has every connection that is opened from now on listened to: to be called before the application starts.
    pub fn listen() {
        set_default_instrumentation(|| Some(Box::new(Listener))).unwrap();
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
        let frames = ["BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"];
        lines.retain(|line| !frames.iter().any(|frame| line.starts_with(frame)));
        lines
    }
}
