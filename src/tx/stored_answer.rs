//! The answer that is kept under an idempotency key, so that a repeat is given the same.

use diesel::prelude::*;

use crate::crypto::Sealed;
use crate::db::schema::idempotency_keys;
use crate::db::{DbConn, Instant};
use crate::error::Result;

/// What is kept under a key.
#[derive(HasQuery, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub(crate) struct KeptAnswer {
    /// The caller and the key.
    pub(crate) key_hash: Vec<u8>,
    /// What was sent under it.
    pub(crate) fingerprint: Vec<u8>,
    /// How it was answered.
    pub(crate) status: i32,
    /// The answer itself, where a repeat is given it.
    pub(crate) answer: Option<Sealed>,
    /// When.
    pub(crate) created_at: Instant,
    /// When it was asked for again.
    pub(crate) replayed_at: Option<Instant>,
}

impl KeptAnswer {
    /// Keeps it. Where another call kept one under the same key meanwhile, this one is run again, and sees that.
    pub(crate) fn insert(self, conn: &mut DbConn) -> Result<()> {
        diesel::insert_into(idempotency_keys::table).values(self).execute(conn)?;
        Ok(())
    }
}
