//! A survivor takes a file back: the key is destroyed at once, the bytes right after, bundles that hold it as well; what
//! happened to it stays told. A file under a legal hold stays.

use super::model::{CustodyKind, Evidence, EvidenceEvent, EvidenceState, TRANSITIONS};
use super::{store, upload};
use crate::access::{self, Mover, take};
use crate::db::{DbConn, EvidenceId};
use crate::error::{Code, Error, Result};
use crate::identity::{self, ShownAct, Survivor};
use crate::tx::{Subject, Tx};

/// Removes a file, or gives up its upload. In a session under duress it is only shown as done.
///
/// # Errors
/// 404 where there is none, 409 where it is held or gone already.
pub fn remove(tx: &mut Tx<'_>, who: &Survivor, id: EvidenceId) -> Result<()> {
    let found = store::find(tx.conn, &access::own(who), id)?.ok_or(Error::NotFound)?;
    let file = if who.is_duress { as_shown(tx.conn, found)? } else { found };
    tx.about(Subject::of("evidence", id));
    if file.state == EvidenceState::Held {
        return Err(Error::Conflict(Code::EvidenceHeld, Code::EvidenceHeld.title().into()));
    }
    if who.is_duress {
        removed(&file)?;
        return identity::show(tx, who.id, ShownAct::Delete, id);
    }
    let kind = match file.state {
        EvidenceState::Uploading => CustodyKind::Terminated,
        _ => CustodyKind::Removed,
    };
    upload::end(tx, &file, event_of(&file), &[Mover::Survivor], kind)?;
    store::custody::end_bundles_with(tx.conn, id, tx.now)
}

fn event_of(file: &Evidence) -> EvidenceEvent {
    match file.state {
        EvidenceState::Uploading => EvidenceEvent::Terminate,
        _ => EvidenceEvent::Remove,
    }
}

/// A file as a session under duress was told that it stands.
pub(super) fn as_shown(conn: &mut DbConn, mut file: Evidence) -> Result<Evidence> {
    if identity::was_shown(conn, ShownAct::Delete, file.id)? {
        file.state = removed(&file).unwrap_or(file.state);
    }
    Ok(file)
}

/// The state of a file once it is removed; 409 where it is gone already.
fn removed(file: &Evidence) -> Result<EvidenceState> {
    take(TRANSITIONS, file.state, event_of(file), &[Mover::Survivor], &())
}
