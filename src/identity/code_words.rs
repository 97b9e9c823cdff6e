//! The words by which a survivor is known over the telephone.
//!
//! None is overwritten. Which one counts depends on the instant that is asked about: a word that was changed after an
//! emergency was raised does not close it. A word counts only from when the phone that set it reads, so that a person who enrols a
//! phone with a code that was overheard brings no word of their own; and one that had yet to count when its phone was revoked, or
//! sent away, never counts.
//!
//! A second word, the danger word, is said in the place of the first and says that somebody is forcing them. Nothing on the
//! phone tells that there is one.

use diesel::prelude::*;

use super::store;
use crate::app::App;
use crate::crypto::Private;
use crate::crypto::password::Typed;
use crate::db::schema::{code_words, devices};
use crate::db::{CodeWordId, DbConn, DeviceId, Instant, SurvivorId};
use crate::error::Result;
use crate::events::Event;
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
    /// Whether it is the danger word.
    pub is_danger: bool,
}

/// The code word that counts at an instant, or the danger word.
fn in_force(conn: &mut DbConn, survivor: SurvivorId, at: Instant, is_danger: bool) -> Result<Option<CodeWord>> {
    let joined = code_words::table.inner_join(devices::table.on(code_words::device_id.eq(devices::id)));
    let effective_at = code_words::effective_at.nullable();
    let until_revoked = devices::revoked_at.ge(effective_at).and(devices::revoked_at.ge(devices::reads_from));
    let until_away = devices::away_since.ge(effective_at).and(devices::away_since.ge(devices::reads_from));
    let counting = joined
        .filter(code_words::survivor_id.eq(survivor))
        .filter(code_words::is_danger.eq(is_danger))
        .filter(code_words::effective_at.le(at))
        .filter(devices::reads_from.le(at))
        .filter(devices::revoked_at.is_null().or(until_revoked))
        .filter(devices::away_since.is_null().or(until_away));
    let newest = counting.order((code_words::effective_at.desc(), code_words::id.desc()));
    Ok(newest.select(CodeWord::as_select()).first(conn).optional()?)
}

/// Whether a survivor had a code word at an instant.
pub fn has_code_word(conn: &mut DbConn, survivor: SurvivorId, at: Instant) -> Result<bool> {
    Ok(in_force(conn, survivor, at, false)?.is_some())
}

/// Whether a word is the code word that counted at an instant.
pub async fn is_code_word(app: &App, survivor: SurvivorId, word: &Private, at: Instant) -> Result<bool> {
    is_word(app, survivor, word, (at, false)).await
}

/// Whether a word is a survivor's danger word. Not counted as a guess: the person who has said it is heard, however many words were
/// tried before.
pub async fn is_danger_word(app: &App, survivor: SurvivorId, word: &Private) -> Result<bool> {
    is_word(app, survivor, word, (app.clock.now(), true)).await
}

/// One that an earlier version kept in another form is kept in the present one.
async fn is_word(app: &App, survivor: SurvivorId, word: &Private, (at, is_danger): (Instant, bool)) -> Result<bool> {
    let typed = Typed::word(word);
    let stored = app.db.read(move |conn| in_force(conn, survivor, at, is_danger)).await?;
    let hash = stored.as_ref().map(|stored| stored.word_hash.as_str());
    let found = app.hasher.verify(&typed, hash).await?;
    if let (Some(hash), Some(stored)) = (app.hasher.renewed(&typed, found).await?, stored) {
        app.db.write(move |conn| store::renew_code_word(conn, stored.id, &stored.word_hash, &hash)).await?;
    }
    Ok(found.is_right())
}

/// Keeps a word that came with a phone as it was enrolled, where none is set; one that is set stays.
pub(super) fn set_first(tx: &mut Tx<'_>, by: (SurvivorId, DeviceId), hash: &str, is_danger: bool) -> Result<()> {
    if in_force(tx.conn, by.0, tx.now, is_danger)?.is_some() {
        return Ok(());
    }
    insert(tx, by, (hash, is_danger), tx.now)
}

/// Puts the word that came with a phone in the place of the one that is set, from an instant on: the survivor could not say that
/// one.
pub(super) fn take_over(
    tx: &mut Tx<'_>,
    (survivor, device): (SurvivorId, DeviceId),
    hash: &str,
    from: Instant,
) -> Result<()> {
    insert(tx, (survivor, device), (hash, false), from)
}

/// Changes the word, or the danger word: after the delay, since lowering protection is slow, and the one before is heard until
/// then; at once where none is set. One that waits for its delay is given up, but for one of a phone that has yet to read.
pub(super) fn change(
    tx: &mut Tx<'_>,
    (survivor, device): (SurvivorId, DeviceId),
    (hash, is_danger): (&str, bool),
) -> Result<()> {
    let delay = i64::from(tx.settings.alert_setting_delay_hours);
    let effective_at = match in_force(tx.conn, survivor, tx.now, is_danger)? {
        Some(_) => tx.now.plus_hours(delay),
        None => {
            if !is_danger {
                tx.emit(Event::CodeWordSet { survivor });
            }
            tx.now
        }
    };
    store::give_up_code_words(tx.conn, survivor, is_danger, tx.now)?;
    insert(tx, (survivor, device), (hash, is_danger), effective_at)
}

fn insert(
    tx: &mut Tx<'_>,
    (survivor, device): (SurvivorId, DeviceId),
    (hash, is_danger): (&str, bool),
    effective_at: Instant,
) -> Result<()> {
    let row = CodeWord {
        id: CodeWordId::new(tx.now),
        survivor_id: survivor,
        device_id: device,
        word_hash: hash.to_owned(),
        set_at: tx.now,
        effective_at,
        is_danger,
    };
    store::insert_code_word(tx.conn, row)
}
