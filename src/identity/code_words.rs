//! The words by which a survivor is known over the telephone.
//!
//! None is overwritten. Which one counts depends on the instant that is asked about: a word that was changed after an
//! emergency was raised does not close it. A word counts only from when the phone that set it reads, so that whoever enrols a
//! phone with a code that was overheard brings no word of their own.

use diesel::prelude::*;

use super::store;
use crate::app::App;
use crate::crypto::Private;
use crate::crypto::password::Typed;
use crate::db::schema::{code_words, devices};
use crate::db::{CodeWordId, DbConn, DeviceId, Instant, SurvivorId};
use crate::error::Result;
use crate::tx::Tx;

/// A word, as it is kept.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = code_words)]
pub struct CodeWord {
    pub id: CodeWordId,
    pub survivor_id: SurvivorId,
    /// The phone that set it.
    pub device_id: DeviceId,
    pub word_hash: String,
    pub set_at: Instant,
    /// From when it counts.
    pub effective_at: Instant,
}

/// The word that counts at an instant.
fn in_force(conn: &mut DbConn, survivor: SurvivorId, at: Instant) -> Result<Option<CodeWord>> {
    let joined = code_words::table.inner_join(devices::table.on(code_words::device_id.eq(devices::id)));
    let counting = joined
        .filter(code_words::survivor_id.eq(survivor))
        .filter(code_words::effective_at.le(at))
        .filter(devices::reads_from.le(at));
    let newest = counting.order((code_words::effective_at.desc(), code_words::id.desc()));
    Ok(newest.select(CodeWord::as_select()).first(conn).optional()?)
}

/// Whether a survivor had a code word at an instant.
pub fn has_code_word(conn: &mut DbConn, survivor: SurvivorId, at: Instant) -> Result<bool> {
    Ok(in_force(conn, survivor, at)?.is_some())
}

/// Whether a word is the code word that counted at an instant. One that an earlier version kept in another form is kept in
/// the present one.
pub async fn is_code_word(app: &App, survivor: SurvivorId, word: &Private, at: Instant) -> Result<bool> {
    let typed = Typed::word(word);
    let stored = app.db.read(move |conn| in_force(conn, survivor, at)).await?;
    let hash = stored.as_ref().map(|stored| stored.word_hash.as_str());
    let found = app.hasher.verify(&typed, hash).await?;
    if let (Some(hash), Some(stored)) = (app.hasher.renewed(&typed, found).await?, stored) {
        app.db.write(move |conn| store::renew_code_word(conn, stored.id, &stored.word_hash, &hash)).await?;
    }
    Ok(found.is_right())
}

/// Keeps the word that came with a phone as it was enrolled, where none is set; one that is set stays.
pub(super) fn set_first(tx: &mut Tx<'_>, survivor: SurvivorId, device: DeviceId, hash: &str) -> Result<()> {
    if in_force(tx.conn, survivor, tx.now)?.is_some() {
        return Ok(());
    }
    insert(tx, (survivor, device), hash, tx.now)
}

/// Changes the word: after the delay, since lowering protection is slow; at once where none is set. One that waits for its
/// delay is given up.
pub(super) fn change(tx: &mut Tx<'_>, survivor: SurvivorId, device: DeviceId, hash: &str) -> Result<()> {
    let delay = i64::from(tx.settings.alert_setting_delay_hours);
    let effective_at = match in_force(tx.conn, survivor, tx.now)? {
        Some(_) => tx.now.plus_hours(delay),
        None => tx.now,
    };
    store::give_up_code_words(tx.conn, survivor, tx.now)?;
    insert(tx, (survivor, device), hash, effective_at)
}

fn insert(
    tx: &mut Tx<'_>,
    (survivor, device): (SurvivorId, DeviceId),
    hash: &str,
    effective_at: Instant,
) -> Result<()> {
    let row = CodeWord {
        id: CodeWordId::new(tx.now),
        survivor_id: survivor,
        device_id: device,
        word_hash: hash.to_owned(),
        set_at: tx.now,
        effective_at,
    };
    store::insert_code_word(tx.conn, row)
}
