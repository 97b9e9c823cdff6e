//! What people decide of a file: to restore one that was taken back, to destroy one at once because it endangers, or to seal
//! what may be a sexual image of a child until the police have decided.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::custody::{self, Circumstances};
use super::model::{CustodyKind, DestroyBecause, Evidence, EvidenceEvent, EvidenceState, TRANSITIONS};
use super::{hold, remove, store};
use crate::access::{self, movers, take};
use crate::crypto::Private;
use crate::db::{EvidenceId, SurvivorId, text_enum};
use crate::error::{Code, Error, Result};
use crate::events::EvidenceMatter;
use crate::http::limits;
use crate::identity::{self, Staff};
use crate::tx::{Subject, Tx};

/// Hours within which a second person destroys a file, or somebody rings the police about one.
const SOON_HOURS: i64 = 1;

/// Restoring a file that was taken back.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreEvidenceBody {
    /// That you have spoken with the survivor, who wants it back.
    #[garde(skip)]
    #[schema(example = true)]
    pub spoke_to_survivor: bool,
    /// What was said.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "They did not remove it themselves.")]
    pub note: Private,
}

/// Destroying a file at once, for a survivor who says so.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DestroyEvidenceBody {
    /// Why it must not be kept for a week.
    #[garde(skip)]
    pub because: DestroyBecause,
    /// That you heard the survivor's own voice.
    #[garde(skip)]
    #[schema(example = true)]
    pub spoke_to_survivor: bool,
    /// The code word that they said.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 200, example = "marigold")]
    pub code_word: Private,
}

/// Sealing what may be a sexual image of a child.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SealEvidenceBody {
    /// Who said so, or how it came to notice. Do not look again to make sure.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "The survivor said so on the telephone.")]
    pub note: Private,
}

text_enum! {
    /// What the police decided of a sealed file.
    pub enum SealDecision {
        /// It is to be destroyed here.
        Destroy = "destroy",
        /// It is no such image.
        Unseal = "unseal",
    }
}

/// What the police decided.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideSealedBody {
    /// What is to become of it.
    #[garde(skip)]
    pub decision: SealDecision,
    /// Who decided, and the number under which the police keep it.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "DS Okafor, crime 14/20231/26")]
    pub note: Private,
}

fn heard(spoke: bool) -> Result<()> {
    let needed = || Error::field("/spoke_to_survivor", "not_allowed", "speak with the survivor first");
    if spoke { Ok(()) } else { Err(needed()) }
}

/// A file of a survivor of theirs, one too that they could not see: they see no more of it.
fn known(tx: &mut Tx<'_>, access: &access::SurvivorAccess, id: EvidenceId) -> Result<Evidence> {
    let found = store::find(tx.conn, access, id)?;
    let file = found.filter(|file| file.state.is_kept() || file.state.is_locked()).ok_or(Error::NotFound)?;
    tx.about(Subject::of("evidence", id));
    Ok(file)
}

fn keep(tx: &mut Tx<'_>, before: &Evidence, file: &Evidence) -> Result<()> {
    if store::update(tx.conn, before, file)? { Ok(()) } else { Err(Error::met_another()) }
}

fn because(reason: &Private) -> Circumstances<'_> {
    Circumstances { reason: Some(reason), ..Circumstances::default() }
}

/// Gives a file back to the survivor.
///
/// # Errors
/// 404 where there is none; 409 for one that was not taken back; 422 where nobody has spoken with them.
pub fn restore(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, EvidenceId),
    body: &RestoreEvidenceBody,
) -> Result<Evidence> {
    let access = access::survivor(tx, staff, survivor)?;
    let file = known(tx, &access, id)?;
    heard(body.spoke_to_survivor)?;
    let state = take(TRANSITIONS, file.state, EvidenceEvent::Restore, &movers(staff), &())?;
    let act_at = if state == EvidenceState::Held { file.act_at } else { None };
    let restored = Evidence { state, ended_at: None, act_at, ..without_destruction(&file) };
    keep(tx, &file, &restored)?;
    custody::record(tx, &restored, CustodyKind::Restored, because(&body.note))?;
    remove::settled(tx, &file, EvidenceMatter::RESTORED);
    Ok(restored)
}

fn without_destruction(file: &Evidence) -> Evidence {
    Evidence { destroy_because: None, destroy_asked_by: None, destroy_asked_at: None, ..file.clone() }
}

/// A file that may be destroyed at once.
///
/// # Errors
/// 404 where there is none; 409 for one that is held, sealed or was disclosed.
pub fn may_be_destroyed(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, id: EvidenceId) -> Result<Evidence> {
    let access = access::colleague(tx, staff, survivor)?;
    let file = known(tx, &access, id)?;
    match file.state {
        EvidenceState::Kept | EvidenceState::Removing => {}
        EvidenceState::Sealed => return Err(Error::wrong_state("the police decide what becomes of this file")),
        _ => return Err(Error::Conflict(Code::EvidenceHeld, Code::EvidenceHeld.title().into())),
    }
    match store::custody::was_disclosed(tx.conn, id)? {
        true => Err(Error::wrong_state("what was disclosed stays: it can be taken back, and not destroyed")),
        false => Ok(file),
    }
}

/// Asks for a file to be destroyed at once, for a survivor whose voice and code word were heard: it is taken back now, and
/// another person destroys it. Anybody of their support organisation may, at any hour.
///
/// # Errors
/// 404 where there is none; 409 for one that is held, sealed or was disclosed; 422 where nobody has spoken with them.
pub fn ask_destruction(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, EvidenceId),
    body: &DestroyEvidenceBody,
) -> Result<Evidence> {
    let mut file = may_be_destroyed(tx, staff, survivor, id)?;
    heard(body.spoke_to_survivor)?;
    if file.state == EvidenceState::Kept {
        file = remove::take_back(tx, &file, &movers(staff))?;
    }
    let asked = Evidence {
        destroy_because: Some(body.because),
        destroy_asked_by: Some(staff.id),
        destroy_asked_at: Some(tx.now),
        ..file.clone()
    };
    keep(tx, &file, &asked)?;
    tx.because(body.because.as_str());
    remove::waits(tx, &asked, EvidenceMatter::ToDestroy, Some(tx.now.plus_hours(SOON_HOURS)));
    Ok(asked)
}

/// Destroys a file at once, as the second person.
///
/// # Errors
/// 404 where there is none; 409 where nobody asked for it, or a hold came between; 403 where the caller asked for it.
pub fn approve_destruction(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, EvidenceId),
) -> Result<Evidence> {
    let access = access::colleague(tx, staff, survivor)?;
    let file = known(tx, &access, id)?;
    let asked_by = file.destroy_asked_by.ok_or_else(|| Error::wrong_state("nobody asked for this"))?;
    identity::is_another_person(tx, asked_by, staff)?;
    if file.state != EvidenceState::Removing {
        return Err(Error::wrong_state("this file is held or sealed by now"));
    }
    remove::destroy(tx, &file, &movers(staff), Circumstances::default())?;
    store::find(tx.conn, &access, id)?.ok_or(Error::NotFound)
}

/// Seals a file that may be a sexual image of a child: nobody opens, copies, bundles or destroys it, and a supervisor rings the
/// police.
///
/// # Errors
/// 404 where there is none; 409 for one that is sealed already.
pub fn seal(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, EvidenceId),
    body: &SealEvidenceBody,
) -> Result<Evidence> {
    let access = access::survivor(tx, staff, survivor)?;
    let file = known(tx, &access, id)?;
    let state = take(TRANSITIONS, file.state, EvidenceEvent::Seal, &movers(staff), &())?;
    let sealed =
        Evidence { state, act_at: None, ended_at: file.ended_at.or(Some(tx.now)), ..without_destruction(&file) };
    keep(tx, &file, &sealed)?;
    custody::record(tx, &sealed, CustodyKind::Sealed, because(&body.note))?;
    remove::settled(tx, &file, EvidenceMatter::ALL);
    remove::waits(tx, &sealed, EvidenceMatter::ForPolice, Some(tx.now.plus_hours(SOON_HOURS)));
    Ok(sealed)
}

/// Records what the police decided of a sealed file, and does it.
///
/// # Errors
/// 404 where there is none; 409 for one that is not sealed.
pub fn decide_sealed(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, EvidenceId),
    body: &DecideSealedBody,
) -> Result<Evidence> {
    let access = access::survivor(tx, staff, survivor)?;
    let file = known(tx, &access, id)?;
    let by = movers(staff);
    match body.decision {
        SealDecision::Destroy => {
            take(TRANSITIONS, file.state, EvidenceEvent::Unseal, &by, &())?;
            hold::end_all(tx, staff, &file)?;
            remove::destroy(tx, &file, &by, because(&body.note))?;
        }
        SealDecision::Unseal => {
            let state = take(TRANSITIONS, file.state, EvidenceEvent::Unseal, &by, &())?;
            hold::end_all(tx, staff, &file)?;
            let kept = Evidence { state, ended_at: None, ..file.clone() };
            keep(tx, &file, &kept)?;
            custody::record(tx, &kept, CustodyKind::Unsealed, because(&body.note))?;
            remove::settled(tx, &file, EvidenceMatter::ALL);
        }
    }
    tx.because(body.decision.as_str());
    store::find(tx.conn, &access, id)?.ok_or(Error::NotFound)
}
