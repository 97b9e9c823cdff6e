//! Whether what PostgreSQL committed is with its synchronous standby too.
//!
//! A commit whose wait for the standby is cancelled succeeds all the same: the server says no more than a warning
//! (SQLSTATE 01000, "canceling wait for synchronous replication due to user request"), which the driver drops. A 2xx
//! after it would be lost with the primary. So wherever a standby must confirm, the server is asked after each commit how
//! far the standbys are; what they do not hold is not acknowledged. The caller asks again with the same key, and a replay
//! commits a write first, so it waits again.
//!
//! An engine that commits by a quorum of its own has no standby that could be asked. Its operator says so in a setting
//! ([`StandbyCheck::TrustProvider`]); what it acknowledges is then believed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::DbConn;
use crate::error::{Error, Result};

/// The commit has waited for the standby already: this is for its report, and for what others wrote meanwhile.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(1);
/// The longest between two looks; the first ones follow faster.
const LOOK: Duration = Duration::from_millis(20);

const AWAITED: &str = "SELECT current_setting('synchronous_standby_names') <> '' \
    AND current_setting('synchronous_commit') NOT IN ('off', 'local') AS answer";

/// Without this role the server tells nothing about its standbys.
const MAY_LOOK: &str = "SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS answer";

/// As many standbys as the setting demands (`FIRST n (…)`, `ANY n (…)`, or a plain list: one) hold everything up to a
/// position; or the setting was taken back meanwhile.
const HELD: &str = "SELECT current_setting('synchronous_standby_names') = '' OR count(*) >= coalesce(substring( \
    current_setting('synchronous_standby_names') from '(?i)^\\s*(?:first|any)?\\s*([0-9]+)\\s*\\(')::bigint, 1) AS answer \
    FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum') AND flush_lsn >= $1::pg_lsn";

#[derive(QueryableByName)]
struct StandbyAnswer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

#[derive(QueryableByName)]
struct StandbyReached {
    #[diesel(sql_type = Text)]
    position: String,
}

/// Who answers for it that a commit outlives the server that took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandbyCheck {
    /// PostgreSQL's synchronous standbys, where it waits for any: how far they are is asked after each commit.
    Confirm,
    /// The engine, which commits by a quorum of its own.
    TrustProvider,
}

/// What is known of the standbys. Clones share it.
#[derive(Clone, Debug)]
pub(in crate::db) struct Standby {
    mode: StandbyCheck,
    /// Asked when a connection is opened, and of a write that takes long, so that commits without a standby cost nothing
    /// more. A standby that is demanded while we run, and is there, is noticed half an hour later at most.
    is_awaited: Arc<AtomicBool>,
}

impl Standby {
    pub(in crate::db) fn new(mode: StandbyCheck) -> Self {
        Self { mode, is_awaited: Arc::default() }
    }

    /// Asks whether commits wait for a standby.
    pub(in crate::db) fn look(&self, conn: &mut DbConn) -> QueryResult<()> {
        if self.mode == StandbyCheck::Confirm && matches!(conn, DbConn::Pg(_)) {
            let awaited: StandbyAnswer = diesel::sql_query(AWAITED).get_result(conn)?;
            self.is_awaited.store(awaited.answer, Ordering::SeqCst);
        }
        Ok(())
    }

    /// Whether the engine is believed: its quorum may be away too, and nobody can ask for how long.
    pub(in crate::db) fn is_trusted(&self) -> bool {
        self.mode == StandbyCheck::TrustProvider
    }

    /// Whether commits wait for one, as far as is known.
    pub(in crate::db) fn is_awaited(&self) -> bool {
        self.is_awaited.load(Ordering::SeqCst)
    }

    /// Whether the account may see what it would have to.
    ///
    /// # Errors
    /// One sentence, where commits wait for a standby and the account may not see how far it is.
    pub(in crate::db) fn check(&self, conn: &mut DbConn) -> Result<()> {
        if self.is_trusted() {
            let awaited: StandbyAnswer = diesel::sql_query(AWAITED).get_result(conn)?;
            if awaited.answer {
                tracing::warn!(
                    "the engine is trusted, and its server names standbys: whether they hold a commit is not asked"
                );
            }
            return Ok(());
        }
        if !self.is_awaited() {
            return Ok(());
        }
        let may: StandbyAnswer = diesel::sql_query(MAY_LOOK).get_result(conn)?;
        match may.answer {
            true => Ok(()),
            false => Err(Error::internal(
                "commits wait for a standby, and this account may not see how far it is: GRANT pg_read_all_stats to it",
            )),
        }
    }

    /// Waits until the standbys hold what was just committed on this connection.
    ///
    /// # Errors
    /// `Unavailable` when they do not, or when nobody can tell.
    pub(in crate::db) fn confirm(&self, conn: &mut DbConn) -> Result<()> {
        if !self.is_awaited() {
            return Ok(());
        }
        let (began, mut pause) = (Instant::now(), Duration::from_millis(1));
        let reached: StandbyReached =
            diesel::sql_query("SELECT pg_current_wal_flush_lsn()::text AS position").get_result(conn)?;
        loop {
            let held: StandbyAnswer = diesel::sql_query(HELD).bind::<Text, _>(&reached.position).get_result(conn)?;
            if held.answer {
                return Ok(());
            }
            if began.elapsed() > CONFIRMED_WITHIN {
                tracing::error!("a commit is not with the standby that must hold it; it is not acknowledged");
                return Err(Error::Unavailable);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LOOK);
        }
    }
}
