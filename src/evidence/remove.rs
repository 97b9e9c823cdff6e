//! A survivor takes a file back: the key is destroyed at once, the bytes right after, bundles that hold it as well; what
//! happened to it stays told. A file under a legal hold stays.

use super::model::{CustodyKind, EvidenceEvent, EvidenceState};
use super::{store, upload};
use crate::access::{self, Mover};
use crate::db::EvidenceId;
use crate::error::{Code, Error, Result};
use crate::identity::Survivor;
use crate::tx::{Subject, Tx};

/// Removes a file, or gives up its upload. In a session under duress it is only shown as done.
///
/// # Errors
/// 404 where there is none, 409 where it is held or gone already.
pub fn remove(tx: &mut Tx<'_>, who: &Survivor, id: EvidenceId) -> Result<()> {
    let file = store::find(tx.conn, &access::own(who), id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("evidence", id));
    if file.state == EvidenceState::Held && !who.is_duress {
        return Err(Error::Conflict(Code::EvidenceHeld, Code::EvidenceHeld.title().into()));
    }
    if who.is_duress {
        tx.outcome("shown_only");
        return Ok(());
    }
    let (event, kind) = match file.state {
        EvidenceState::Uploading => (EvidenceEvent::Terminate, CustodyKind::Terminated),
        _ => (EvidenceEvent::Remove, CustodyKind::Removed),
    };
    upload::end(tx, &file, event, &[Mover::Survivor], kind)?;
    store::custody::end_bundles_with(tx.conn, id, tx.now)
}
