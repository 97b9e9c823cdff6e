//! Waking each other: instances on one PostgreSQL tell of work that is due at once, and of what is new for those who follow it
//! (LISTEN and NOTIFY). Each has a channel: a worker looks through all that may be due, which news alone is no reason for.
//!
//! Rows carry the meaning; a notice only saves the time until the next tick. One that is lost costs a second.

use std::time::Duration;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;

use super::cached::cached;
use super::conn::{Access, DbConn, Target};
use crate::error::Result;

/// Where instances tell of work that is due.
const DUE: &str = "holdfast_wake";
/// Where they tell of news.
const NEWS: &str = "holdfast_news";
/// How often the listening connection is looked at; libpq has no wait of its own that could be asked to stop.
const LOOK: Duration = Duration::from_millis(20);
/// How long to wait before connecting again.
const AGAIN: Duration = Duration::from_secs(1);

/// Tells the other instances of news, and of work if that `is_due`, when and if this transaction commits. On SQLite there are none.
pub(crate) fn notify_others(conn: &mut DbConn, is_due: bool) -> Result<()> {
    if matches!(conn, DbConn::Pg(_)) {
        let channel = if is_due { DUE } else { NEWS };
        cached(diesel::sql_query(format!("NOTIFY {channel}"))).execute(conn)?;
    }
    Ok(())
}

/// Calls `wake` whenever another instance tells of news, or of work too (true), for as long as it answers true. Does nothing on
/// SQLite.
pub(super) fn listen(target: &Target, wake: impl Fn(bool) -> bool + Send + 'static) {
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
            if !wake(true) {
                return;
            }
        }
    });
}

enum ListeningEnded {
    Unwanted,
    Broken,
}

fn until_broken(target: &Target, wake: &impl Fn(bool) -> bool) -> ListeningEnded {
    let Ok(DbConn::Pg(mut conn)) = target.connect(Access::Write) else { return ListeningEnded::Broken };
    if conn.batch_execute(&format!("LISTEN {DUE}; LISTEN {NEWS}")).is_err() {
        return ListeningEnded::Broken;
    }
    loop {
        let mut is_due = None;
        for notice in conn.notifications_iter() {
            match notice {
                Ok(notice) => is_due = Some(is_due == Some(true) || notice.channel == DUE),
                Err(_) => return ListeningEnded::Broken,
            }
        }
        if is_due.is_some_and(|is_due| !wake(is_due)) {
            return ListeningEnded::Unwanted;
        }
        std::thread::sleep(LOOK);
    }
}
