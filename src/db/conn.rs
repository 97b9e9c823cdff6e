//! One connection type for two databases, chosen at run time by the URL's scheme.
#![expect(missing_docs, reason = "the derive makes types of its own")]

pub(super) mod standby;

use std::fs::Permissions;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, ConnectionError, PgConnection, SqliteConnection};

use standby::Standby;
pub use standby::StandbyCheck;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum DbConn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite, embedded.
    Sqlite(SqliteConnection),
}

/// Which database, read from its URL once, so that nothing can fall through from one kind to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `postgres://…` or `postgresql://…`
    Postgres(String),
    /// `sqlite:PATH`
    Sqlite(PathBuf),
}

impl Target {
    /// Reads a database URL.
    ///
    /// # Errors
    /// When it is wrong: one line saying how; never the URL itself, which may hold a password.
    pub fn parse(url: &str) -> Result<Self, String> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
            Some("" | ":memory:") => Err("database URL: `sqlite:` needs the path of a file".to_owned()),
            Some(path) => Ok(Self::Sqlite(PathBuf::from(path))),
            None => Err("database URL: it must begin with `sqlite:`, `postgres://` or `postgresql://`".to_owned()),
        }
    }

    /// Opens one connection.
    pub fn connect(&self, access: Access) -> Result<DbConn, ConnectionError> {
        match self {
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(&with_timeouts(url))?;
                conn.batch_execute(match access {
                    // A commit in flight is never cancelled, whatever time the account is given for a statement.
                    Access::Write => "SET TIME ZONE 'UTC'; SET statement_timeout = 0",
                    Access::Read => "SET TIME ZONE 'UTC'; SET default_transaction_read_only = on",
                })
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(DbConn::Pg(conn))
            }
            Self::Sqlite(path) => {
                keep_to_owner(path);
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                conn.batch_execute(SQLITE_PRAGMAS).map_err(ConnectionError::CouldntSetupConfiguration)?;
                if access == Access::Read {
                    conn.batch_execute("PRAGMA query_only = ON").map_err(ConnectionError::CouldntSetupConfiguration)?;
                }
                Ok(DbConn::Sqlite(conn))
            }
        }
    }
}

/// The files of an embedded database are for nobody else on this machine, whatever the folder and the mask say. A new one is
/// made so; its log and its index are made like it. One that is there is never opened for this: closing it would let go of
/// the locks of this process (SQLite, "How To Corrupt", 2.2).
fn keep_to_owner(path: &Path) {
    // What is in the way is said by who opens the database next.
    let _made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    for ending in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(ending);
        if std::fs::metadata(&file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0) {
            let _kept = std::fs::set_permissions(&file, Permissions::from_mode(0o600));
        }
    }
}

/// What the URL does not say of how long a server that went away without a word is waited for: without these, the kernel
/// waits a quarter of an hour for an answer, and alerts with it (libpq, 32.1.2).
const TIMEOUTS: [(&str, &str); 5] = [
    // Several servers may be named; a pool waits five seconds for one that answers.
    ("connect_timeout", "2"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];

fn with_timeouts(url: &str) -> String {
    let mut full = url.to_owned();
    for (name, value) in TIMEOUTS.iter().filter(|(name, _)| !url.contains(&format!("{name}="))) {
        if !full.ends_with(['?', '&']) {
            full.push(if full.contains('?') { '&' } else { '?' });
        }
        full.push_str(&format!("{name}={value}"));
    }
    full
}

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read only; enforced by the database.
    Read,
    /// Read and write.
    Write,
}

/// `busy_timeout` first, so that the switch to WAL itself waits for a neighbour process.
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -4096;";

/// A pool manager that dispatches on the target: Diesel's own would try every kind and swallow the errors.
#[derive(Debug)]
pub(super) struct Manager {
    pub(super) target: Target,
    pub(super) access: Access,
    pub(super) standby: Standby,
}

impl ManageConnection for Manager {
    type Connection = DbConn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<DbConn, Self::Error> {
        let mut conn = self.target.connect(self.access).map_err(diesel::r2d2::Error::ConnectionError)?;
        self.standby.look(&mut conn).map_err(diesel::r2d2::Error::QueryError)?;
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut DbConn) -> Result<(), Self::Error> {
        conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut DbConn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, with_timeouts};

    #[test]
    fn a_server_that_went_away_is_not_waited_for_unless_the_url_says_so() {
        let full = with_timeouts("postgres://h1,h2/d");
        assert!(full.starts_with("postgres://h1,h2/d?connect_timeout=2&keepalives_idle=5&"), "{full}");
        let full = with_timeouts("postgres://h/d?");
        assert!(full.starts_with("postgres://h/d?connect_timeout=2&"), "{full}");
        let own = with_timeouts("postgres://h/d?tcp_user_timeout=0");
        assert!(own.starts_with("postgres://h/d?tcp_user_timeout=0&connect_timeout=2&"), "{own}");
        assert_eq!(own.matches("tcp_user_timeout").count(), 1);
    }

    #[test]
    fn a_url_names_one_database_or_none() {
        assert_eq!(Target::parse("sqlite:a/b.db"), Ok(Target::Sqlite("a/b.db".into())));
        assert_eq!(Target::parse("sqlite:///a/b.db"), Ok(Target::Sqlite("/a/b.db".into())));
        assert!(matches!(Target::parse("postgresql://h/d"), Ok(Target::Postgres(_))));
        for wrong in ["", "postgresql:x", "mysql://h/d", "sqlite:", "sqlite::memory:", "holdfast.db"] {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
    }
}
