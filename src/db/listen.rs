//! Waking each other: instances on one PostgreSQL tell of work that is due at once (LISTEN and NOTIFY).
//!
//! Rows carry the meaning; a notice only saves the time until the next tick. One that is lost costs a second.

use std::time::Duration;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;

use super::cached::cached;
use super::conn::{Access, DbConn, Target};
use crate::error::Result;

/// The channel.
const CHANNEL: &str = "holdfast_wake";
/// How often the listening connection is looked at; libpq has no wait of its own that could be asked to stop.
const LOOK: Duration = Duration::from_millis(20);
/// How long to wait before connecting again.
const AGAIN: Duration = Duration::from_secs(1);

/// Tells the other instances, when and if this transaction commits. On SQLite there are none.
pub(crate) fn notify_others(conn: &mut DbConn) -> Result<()> {
    if matches!(conn, DbConn::Pg(_)) {
        cached(diesel::sql_query(format!("NOTIFY {CHANNEL}"))).execute(conn)?;
    }
    Ok(())
}

/// Calls `wake` whenever another instance tells of work, for as long as it answers true. Does nothing on SQLite.
pub(super) fn listen(target: &Target, wake: impl Fn() -> bool + Send + 'static) {
    if matches!(target, Target::Sqlite(_)) {
        return;
    }
    let target = target.clone();
    std::thread::spawn(move || {
        loop {
            match until_broken(&target, &wake) {
                ListeningEnded::Unwanted => return,
                ListeningEnded::Broken => std::thread::sleep(AGAIN),
            }
            // What was reported meanwhile is found by looking.
            if !wake() {
                return;
            }
        }
    });
}

enum ListeningEnded {
    Unwanted,
    Broken,
}

fn until_broken(target: &Target, wake: &impl Fn() -> bool) -> ListeningEnded {
    let Ok(DbConn::Pg(mut conn)) = target.connect(Access::Write) else { return ListeningEnded::Broken };
    if conn.batch_execute(&format!("LISTEN {CHANNEL}")).is_err() {
        return ListeningEnded::Broken;
    }
    loop {
        let mut is_told = false;
        for notice in conn.notifications_iter() {
            match notice {
                Ok(_) => is_told = true,
                Err(_) => return ListeningEnded::Broken,
            }
        }
        if is_told && !wake() {
            return ListeningEnded::Unwanted;
        }
        std::thread::sleep(LOOK);
    }
}
