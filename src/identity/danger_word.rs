//! The word by which a survivor says on the telephone that somebody is forcing them: agreed with the code word, said in its
//! place, and typed where that goes. Nothing on the phone tells that there is one.

use diesel::prelude::*;

use crate::app::App;
use crate::crypto::Private;
use crate::crypto::password::Typed;
use crate::db::schema::survivors;
use crate::db::{DbConn, SurvivorId, kept};
use crate::error::Result;
use crate::tx::Tx;

/// Whether a word is a survivor's danger word. Not counted as a guess: whoever has said it is heard, however many words were
/// tried before.
pub async fn is_danger_word(app: &App, survivor: SurvivorId, word: &Private) -> Result<bool> {
    let find = move |conn: &mut DbConn| {
        let set = survivors::table.find(survivor).select(survivors::danger_word_hash);
        Ok(set.first::<Option<String>>(conn).optional()?.flatten())
    };
    let stored = app.db.read(find).await?;
    Ok(app.hasher.verify(&Typed::word(word), stored.as_deref()).await?.is_right())
}

/// Keeps the word that came with a phone as it was enrolled, where none is set; one that is set stays.
pub(super) fn set_first(tx: &mut Tx<'_>, survivor: SurvivorId, hash: &str) -> Result<()> {
    let unset = survivors::table.find(survivor).filter(survivors::danger_word_hash.is_null());
    kept(diesel::update(unset).set(survivors::danger_word_hash.eq(Some(hash)))).execute(tx.conn)?;
    Ok(())
}
