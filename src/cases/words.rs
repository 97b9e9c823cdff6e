//! Free text that crosses the bridge: refused where it tells who or where somebody is, as far as software can see it.

use crate::access::{self, CaseAccess, Side};
use crate::crypto::{Private, open};
use crate::error::{Error, Result};
use crate::identity;
use crate::participants;
use crate::tx::Tx;

/// Refuses text of the caller's side that must not reach the other unchanged.
///
/// # Errors
/// 422 that says what was found, never the words themselves.
pub fn check(tx: &mut Tx<'_>, case: &CaseAccess, pointer: &str, text: &Private) -> Result<()> {
    let name = match case.side() {
        Side::Support => {
            let row = identity::find_survivor(tx.conn, case.case().survivor_id)?.ok_or(Error::NotFound)?;
            open!(tx.keys, row.preferred_name)?
        }
        Side::Programme => {
            let own = case.sees_participant().ok_or(Error::NotFound)?;
            participants::participant_name(tx.conn, tx.keys, &own)?
        }
    };
    access::tells_nobody(pointer, text, &name)
}
