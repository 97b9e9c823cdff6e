//! The subjects' data keys, wrapped, in a store of their own.
//!
//! It is apart from the database so that a backup of the data holds no keys: a key destroyed here does not come back
//! with an old copy of the data. Its tables have the same columns on either database.

use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::connection::SimpleConnection;
use diesel::result::DatabaseErrorKind;
use diesel::sql_types::Text;
use diesel::{OptionalExtension, QueryResult, QueryableByName, RunQueryDsl};

use crate::db::{Access, DbConn, Instant, SubjectId, Target};
use crate::error::{Error, Result};

const TABLES: &str = "\
    CREATE TABLE IF NOT EXISTS subject_keys (subject TEXT NOT NULL PRIMARY KEY, wrapped TEXT NOT NULL, created_at TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS key_owner (installation TEXT NOT NULL PRIMARY KEY);";

/// The store. One connection serves: unwrapped keys are cached by [`super::Keys`]. It is opened anew when it breaks.
pub struct KeyStore {
    target: Target,
    conn: Mutex<DbConn>,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

impl KeyStore {
    /// Opens the store and makes its tables where they are missing.
    pub fn open(target: &Target) -> Result<Self> {
        let mut conn = target.connect(Access::Write).map_err(|error| Error::Internal(Box::new(error)))?;
        conn.batch_execute(TABLES)?;
        Ok(Self { target: target.clone(), conn: Mutex::new(conn) })
    }

    /// Which installation these keys belong to, once they were used.
    pub fn owner(&self) -> Result<Option<String>> {
        self.first("SELECT installation AS value FROM key_owner", None)
    }

    /// Notes which installation these keys belong to.
    pub fn set_owner(&self, installation: &str) -> Result<()> {
        self.ask(|conn| {
            let insert = diesel::sql_query("INSERT INTO key_owner (installation) VALUES ($1)");
            insert.bind::<Text, _>(installation).execute(conn)
        })?;
        Ok(())
    }

    pub(super) fn insert(&self, subject: SubjectId, wrapped: &[u8], now: Instant) -> Result<()> {
        self.ask(|conn| {
            diesel::sql_query("INSERT INTO subject_keys (subject, wrapped, created_at) VALUES ($1, $2, $3)")
                .bind::<Text, _>(subject.to_string())
                .bind::<Text, _>(STANDARD.encode(wrapped))
                .bind::<Text, _>(now.to_string())
                .execute(conn)
        })?;
        Ok(())
    }

    pub(super) fn find(&self, subject: SubjectId) -> Result<Option<Vec<u8>>> {
        self.first("SELECT wrapped AS value FROM subject_keys WHERE subject = $1", Some(subject))?
            .map(|wrapped| STANDARD.decode(wrapped).map_err(|error| Error::Internal(Box::new(error))))
            .transpose()
    }

    fn first(&self, query: &str, subject: Option<SubjectId>) -> Result<Option<String>> {
        let row: Option<Value> = self.ask(|conn| match subject {
            None => diesel::sql_query(query).get_result(conn).optional(),
            Some(subject) => diesel::sql_query(query).bind::<Text, _>(subject.to_string()).get_result(conn).optional(),
        })?;
        Ok(row.map(|row| row.value))
    }

    /// Asks the store; where the connection is broken, as after the server was started anew, once more on a new one.
    fn ask<T>(&self, question: impl Fn(&mut DbConn) -> QueryResult<T>) -> Result<T> {
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        match question(&mut conn) {
            Err(error @ diesel::result::Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                Err(error.into())
            }
            Err(diesel::result::Error::DatabaseError(..) | diesel::result::Error::BrokenTransactionManager) => {
                *conn = self.target.connect(Access::Write).map_err(unavailable)?;
                question(&mut conn).map_err(unavailable)
            }
            other => Ok(other?),
        }
    }
}

fn unavailable(error: impl std::fmt::Display) -> Error {
    tracing::error!(%error, "the key store cannot be reached");
    Error::KeysUnavailable
}
