//! A survivor takes a file back: it is off their screens at once, without a trace, and locked for everybody. Their advocate
//! hears of it, and can restore it once they have spoken with them; after a week its key and its bytes are destroyed. Anyone who
//! holds the unlocked phone may be somebody else. A file under a legal hold stays, and so does one that was disclosed.

use super::acts::{FileStanding, removed};
use super::custody::{self, Circumstances};
use super::model::{CustodyKind, Evidence};
use super::states::{EvidenceEvent, EvidenceState};
use super::{store, upload};
use crate::db::{EvidenceId, Instant};
use crate::error::{Code, Error, Result};
use crate::events::{Event, EvidenceMatter};
use crate::identity::{self, ShownAct, Survivor};
use crate::transitions::Mover;
use crate::tx::{Subject, Tx};

/// Days for which a file that was taken back can be restored.
const RESTORE_DAYS: i64 = 7;
/// How custody names the survivor.
const SURVIVOR: &str = "survivor";
/// Days within which somebody speaks with the survivor about it.
pub(super) const SPEAK_DAYS: i64 = 4;

/// Takes a file back, or gives up its upload. In a session under duress it is only shown as done.
///
/// # Errors
/// 404 where there is none, or it was taken back before; 409 where it is held.
pub fn remove(tx: &mut Tx<'_>, who: &Survivor, id: EvidenceId) -> Result<()> {
    let file = upload::find_known(tx.conn, who, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("evidence", id));
    if file.state.is_off_screens() {
        return Err(Error::NotFound);
    }
    if file.state == EvidenceState::Held {
        return Err(Error::Conflict(Code::EvidenceHeld, Code::EvidenceHeld.title().into()));
    }
    if who.is_duress {
        removed(&file)?;
        return identity::show(tx, who.id, ShownAct::Delete, id);
    }
    if file.state == EvidenceState::Uploading {
        return upload::end(tx, &file, EvidenceEvent::Terminate, &[Mover::Survivor], CustodyKind::Terminated);
    }
    take_back(tx, &file, (EvidenceEvent::Remove, &[Mover::Survivor])).map(drop)
}

/// Takes a file off the survivor's screens, locked until it is restored or destroyed.
pub(super) fn take_back(tx: &mut Tx<'_>, file: &Evidence, (event, by): (EvidenceEvent, &[Mover])) -> Result<Evidence> {
    let (now, state) = (tx.now, file.after(event, by)?);
    custody::record(tx, file, CustodyKind::Removed, Circumstances::default())?;
    let locked = Evidence { state, ended_at: Some(now), next_action_at: destroyed_from(tx, file)?, ..file.clone() };
    if !store::update(tx.conn, file, &locked)? {
        return Err(Error::write_conflict());
    }
    waits(tx, &locked, EvidenceMatter::TakenBack, Some(now.plus_days(SPEAK_DAYS)));
    tx.notify_worker();
    Ok(locked)
}

/// When a file that was taken back is destroyed, counted from now. Never, where it was disclosed; and by no lapse of time,
/// where a member of staff took it back for the survivor, which takes a second one.
pub(super) fn destroyed_from(tx: &mut Tx<'_>, file: &Evidence) -> Result<Option<Instant>> {
    let taken_back = store::custody::last_of(tx.conn, file.id, CustodyKind::Removed)?;
    let is_survivors = taken_back.is_some_and(|event| event.actor_kind == SURVIVOR);
    let stays = !is_survivors || store::custody::was_disclosed(tx.conn, file.id)?;
    Ok((!stays).then(|| tx.now.plus_days(RESTORE_DAYS)))
}

/// Says that something about a file waits for a person.
pub(super) fn waits(tx: &mut Tx<'_>, file: &Evidence, matter: EvidenceMatter, due_at: Option<Instant>) {
    let (survivor, evidence, reference) = (file.survivor_id, file.id, file.reference.clone());
    tx.emit(Event::EvidenceWaits { survivor, evidence, reference, matter, due_at });
}

/// Destroys a file for good: its key now, its bytes by the worker at once. No bundle holds a copy: what was disclosed stays.
///
/// # Errors
/// 409 where it was disclosed or is held.
pub(super) fn destroy(
    tx: &mut Tx<'_>,
    file: &Evidence,
    (event, by): (EvidenceEvent, &[Mover]),
    about: Circumstances<'_>,
) -> Result<()> {
    FileStanding::of(tx.conn, file, tx.now)?.is_free()?;
    upload::end_about(tx, file, event, by, (CustodyKind::Destroyed, about))?;
    settled(tx, file, EvidenceMatter::ALL);
    Ok(())
}

/// Says that what waited about a file waits no more.
pub(super) fn settled(tx: &mut Tx<'_>, file: &Evidence, matters: &'static [EvidenceMatter]) {
    tx.emit(Event::EvidenceSettled { survivor: file.survivor_id, evidence: file.id, matters });
}
