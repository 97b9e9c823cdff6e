//! The subjects' data keys, wrapped, in a store of their own.
//!
//! It is apart from the database so that a backup of the data holds no keys: a key destroyed here does not come back
//! with an old copy of the data. Its tables have the same columns on either database.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::connection::SimpleConnection;
use diesel::result::DatabaseErrorKind;
use diesel::sql_types::Text;
use diesel::{Connection, OptionalExtension, QueryResult, QueryableByName, RunQueryDsl};
use serde::{Deserialize, Serialize};

use super::KeyRing;
use crate::db::{Access, DbConn, Instant, SubjectId, Target};
use crate::error::{Error, Result};

/// Keys that are tried to see whether a master key is theirs.
const TRIED: usize = 20;

const TABLES: &str = "\
    CREATE TABLE IF NOT EXISTS subject_keys (subject TEXT NOT NULL PRIMARY KEY, wrapped TEXT NOT NULL, created_at TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS key_owner (installation TEXT NOT NULL PRIMARY KEY);";

/// The store. One connection serves, since unwrapped keys are cached ([`super::KeyRing`]); it is replaced when it breaks.
pub struct KeyStore {
    target: Target,
    conn: Mutex<Option<DbConn>>,
}

#[derive(QueryableByName)]
struct StoredValue {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Wrapped {
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    wrapped: String,
}

/// A key as the store keeps it, which opens nothing without the master key.
#[derive(QueryableByName, Serialize, Deserialize)]
pub struct KeptKey {
    /// Whose.
    #[diesel(sql_type = Text)]
    subject: String,
    /// Wrapped by the master key, base64.
    #[diesel(sql_type = Text)]
    wrapped: String,
    /// When it was made.
    #[diesel(sql_type = Text)]
    created_at: String,
}

impl KeyStore {
    /// Opens the store and makes its tables where they are missing.
    pub fn open(target: &Target) -> Result<Self> {
        let mut conn = target.connect(Access::Write).map_err(|error| Error::Internal(Box::new(error)))?;
        conn.batch_execute(TABLES)?;
        Ok(Self { target: target.clone(), conn: Mutex::new(Some(conn)) })
    }

    /// The same, which connects when it is first asked.
    pub(super) fn unopened(target: &Target) -> Self {
        Self { target: target.clone(), conn: Mutex::default() }
    }

    /// Which installation these keys belong to, once they were used.
    pub fn owner(&self) -> Result<Option<String>> {
        let query = "SELECT installation AS value FROM key_owner";
        let row: Option<StoredValue> = self.ask(|conn| diesel::sql_query(query).get_result(conn).optional())?;
        Ok(row.map(|row| row.value))
    }

    /// Notes which installation these keys belong to.
    pub fn set_owner(&self, installation: &str) -> Result<()> {
        self.ask(|conn| {
            let insert = diesel::sql_query("INSERT INTO key_owner (installation) VALUES ($1)");
            insert.bind::<Text, _>(installation).execute(conn)
        })?;
        Ok(())
    }

    /// Every wrapped key, as it is in the store: for copies.
    pub fn list(&self) -> Result<Vec<KeptKey>> {
        let query = "SELECT subject, wrapped, created_at FROM subject_keys ORDER BY subject";
        self.ask(|conn| diesel::sql_query(query).load(conn))
    }

    /// Whose keys are here.
    pub fn list_subjects(&self) -> Result<HashSet<SubjectId>> {
        let query = "SELECT subject AS value FROM subject_keys";
        let rows: Vec<StoredValue> = self.ask(|conn| diesel::sql_query(query).load(conn))?;
        rows.iter().map(|row| read_subject(&row.value)).collect()
    }

    /// How many of the subjects of these keys have none here.
    pub fn count_missing(&self, keys: &[KeptKey]) -> Result<usize> {
        let kept = self.list_subjects()?;
        keys.iter().try_fold(0, |missing, key| {
            Ok(if kept.contains(&read_subject(&key.subject)?) { missing } else { missing + 1 })
        })
    }

    /// Fills an empty store with the keys of an installation: all or none.
    pub fn fill(&self, owner: &str, keys: &[KeptKey]) -> Result<()> {
        self.ask(|conn| {
            conn.transaction(|conn| {
                for key in keys {
                    diesel::sql_query("INSERT INTO subject_keys (subject, wrapped, created_at) VALUES ($1, $2, $3)")
                        .bind::<Text, _>(&key.subject)
                        .bind::<Text, _>(&key.wrapped)
                        .bind::<Text, _>(&key.created_at)
                        .execute(conn)?;
                }
                let insert = diesel::sql_query("INSERT INTO key_owner (installation) VALUES ($1)");
                insert.bind::<Text, _>(owner).execute(conn)
            })
        })?;
        Ok(())
    }

    /// Destroys every key, and forgets whose they were: of a store that was filled in vain.
    pub fn clear(&self) -> Result<()> {
        self.ask(|conn| conn.batch_execute("DELETE FROM subject_keys; DELETE FROM key_owner;"))
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

    /// The wrapped keys of those subjects that have one.
    pub(super) fn find(&self, subjects: &[SubjectId]) -> Result<HashMap<SubjectId, Vec<u8>>> {
        let listed = subjects.iter().map(|subject| format!("'{subject}'")).collect::<Vec<_>>().join(", ");
        let query = format!("SELECT subject, wrapped FROM subject_keys WHERE subject IN ({listed})");
        let rows: Vec<Wrapped> = self.ask(|conn| diesel::sql_query(query.as_str()).load(conn))?;
        let read = |row: Wrapped| {
            let subject = read_subject(&row.subject)?;
            // What is no base64 opens as little as what was changed otherwise, and hides no other key.
            let wrapped = STANDARD.decode(row.wrapped).unwrap_or_default();
            Ok((subject, wrapped))
        };
        rows.into_iter().map(read).collect()
    }

    /// Whether these keys are under the master key of a ring: of several, one at least opens. A single one that does not may be
    /// damaged itself.
    pub fn fits(&self, ring: &KeyRing) -> Result<bool> {
        let query = format!("SELECT subject, wrapped FROM subject_keys ORDER BY subject LIMIT {TRIED}");
        let rows: Vec<Wrapped> = self.ask(|conn| diesel::sql_query(query.as_str()).load(conn))?;
        let mut opens = rows.len() < 2;
        for row in rows {
            let wrapped = STANDARD.decode(&row.wrapped).unwrap_or_default();
            opens = opens || ring.unwrap(read_subject(&row.subject)?, &wrapped).is_ok();
        }
        Ok(opens)
    }

    /// Asks the store; where the connection is broken, as after the server was started again, once more on a new one.
    fn ask<T>(&self, question: impl Fn(&mut DbConn) -> QueryResult<T>) -> Result<T> {
        debug_assert_ne!(std::thread::current().name(), Some("writer"), "the writer's thread waits for no key store");
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(conn) = conn.as_mut() {
            match question(conn) {
                Err(diesel::result::Error::DatabaseError(kind, _)) if kind != DatabaseErrorKind::UniqueViolation => {}
                Err(diesel::result::Error::BrokenTransactionManager) => {}
                done => return Ok(done?),
            }
        }
        let renewed = self.target.connect(Access::Write).map_err(unavailable)?;
        question(conn.insert(renewed)).map_err(unavailable)
    }
}

fn read_subject(text: &str) -> Result<SubjectId> {
    text.parse().map(SubjectId).map_err(|error: uuid::Error| Error::Internal(Box::new(error)))
}

fn unavailable(error: impl std::fmt::Display) -> Error {
    tracing::error!(%error, "the key store cannot be reached");
    Error::KeysUnavailable
}
