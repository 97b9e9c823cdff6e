//! The danger word, heard where the code word goes: what is open stays open and becomes silent, and an emergency of duress is
//! raised. The person who typed it reads that they should say goodbye as if nothing had happened.

use crate::db::SurvivorId;
use crate::error::Result;
use crate::escalation::alerts::store;
use crate::tx::Tx;

/// Makes every open alert of a survivor silent: somebody else hears what is said, and may hold the phone.
pub(in crate::escalation) fn silence_open(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    for mut alert in store::list_open_of(tx.conn, survivor)? {
        if !alert.is_silent {
            alert.is_silent = true;
            store::keep(tx, &mut alert)?;
        }
    }
    Ok(())
}
