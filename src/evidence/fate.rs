//! What people decide of a file: to restore one that was taken back, to destroy one at once because it endangers, or to seal
//! what may be a sexual image of a child until the police have decided.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::acts::FileStanding;
use super::custody::{self, Circumstances};
use super::model::{CustodyKind, DestroyBecause, Evidence};
use super::states::{EvidenceEvent, EvidenceState};
use super::{hold, remove, store};
use crate::access;
use crate::crypto::Private;
use crate::db::{EvidenceId, Instant, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::events::EvidenceMatter;
use crate::http::limits;
use crate::identity::{self, Staff};
use crate::transitions::movers;
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
    let file = found.filter(|file| file.state.is_stored() || file.state.is_locked()).ok_or(Error::NotFound)?;
    tx.about(Subject::of("evidence", id));
    Ok(file)
}

fn keep(tx: &mut Tx<'_>, before: &Evidence, file: &Evidence) -> Result<()> {
    if store::update(tx.conn, before, file)? { Ok(()) } else { Err(Error::write_conflict()) }
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
    let state = FileStanding::of(tx.conn, &file, tx.now)?.may(EvidenceEvent::Restore, staff)?;
    let next_action_at = if state == EvidenceState::Held { file.next_action_at } else { None };
    let restored = Evidence {
        state,
        ended_at: None,
        next_action_at,
        destroy_because: None,
        destroy_asked_by: None,
        destroy_asked_at: None,
        ..file.clone()
    };
    keep(tx, &file, &restored)?;
    custody::record(tx, &restored, CustodyKind::Restored, because(&body.note))?;
    remove::settled(tx, &file, EvidenceMatter::RESTORED);
    Ok(restored)
}

/// A file whose destruction the caller may ask for.
///
/// # Errors
/// 404 where there is none; 409 for one that is held, sealed or was disclosed, or where somebody asked for it already.
pub fn may_be_destroyed(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, id: EvidenceId) -> Result<Evidence> {
    let access = access::colleague(tx, staff, survivor)?;
    let file = known(tx, &access, id)?;
    FileStanding::of(tx.conn, &file, tx.now)?.may(EvidenceEvent::AskDestruction, staff)?;
    Ok(file)
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
        file = remove::take_back(tx, &file, (EvidenceEvent::AskDestruction, &movers(staff)))?;
    }
    let asked = Evidence {
        destroy_because: Some(body.because),
        destroy_asked_by: Some(staff.id),
        destroy_asked_at: Some(tx.now),
        ..file.clone()
    };
    keep(tx, &file, &asked)?;
    tx.because(body.because.as_str());
    ask_second_person(tx, &asked);
    Ok(asked)
}

fn ask_second_person(tx: &mut Tx<'_>, file: &Evidence) {
    remove::waits(tx, file, EvidenceMatter::ToDestroy, Some(tx.now.plus_hours(SOON_HOURS)));
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
    let act = EvidenceEvent::ApproveDestruction;
    FileStanding::of(tx.conn, &file, tx.now)?.may(act, staff)?;
    if let Some(asked_by) = file.destroy_asked_by {
        identity::is_another_person(tx, asked_by, staff)?;
    }
    remove::destroy(tx, &file, (act, &movers(staff)), Circumstances::default())?;
    store::find(tx.conn, &access, id)?.ok_or(Error::NotFound)
}

/// Seals a file that may be a sexual image of a child: nobody opens, copies, bundles or destroys it, and a supervisor rings the
/// police. What the file was before stays recorded, and a hold on it goes on.
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
    let state = FileStanding::of(tx.conn, &file, tx.now)?.may(EvidenceEvent::Seal, staff)?;
    let is_held = matches!(file.state, EvidenceState::Held | EvidenceState::Locked);
    let sealed = Evidence {
        state,
        sealed_from: Some(file.state),
        sealed_act_at: file.next_action_at,
        next_action_at: file.next_action_at.filter(|_| is_held),
        ..file.clone()
    };
    keep(tx, &file, &sealed)?;
    custody::record(tx, &sealed, CustodyKind::Sealed, because(&body.note))?;
    remove::settled(tx, &file, EvidenceMatter::SEALED);
    remove::waits(tx, &sealed, EvidenceMatter::ForPolice, Some(tx.now.plus_hours(SOON_HOURS)));
    Ok(sealed)
}

/// Records what the police decided of a sealed file, and does it.
///
/// # Errors
/// 404 where there is none; 409 for one that is not sealed, or that is to be destroyed and was disclosed or is held; 403 where
/// the caller sealed it and would destroy it.
pub fn decide_sealed(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, EvidenceId),
    body: &DecideSealedBody,
) -> Result<Evidence> {
    let access = access::survivor(tx, staff, survivor)?;
    let file = known(tx, &access, id)?;
    let standing = FileStanding::of(tx.conn, &file, tx.now)?;
    match body.decision {
        SealDecision::Destroy => {
            standing.may(EvidenceEvent::Destroy, staff)?;
            if let Some(sealed_by) = standing.sealed_by() {
                identity::is_another_person(tx, sealed_by, staff)?;
            }
            remove::destroy(tx, &file, (EvidenceEvent::Destroy, &movers(staff)), because(&body.note))?;
        }
        SealDecision::Unseal => unseal(tx, &standing, standing.may(EvidenceEvent::Unseal, staff)?, &body.note)?,
    }
    tx.because(body.decision.as_str());
    store::find(tx.conn, &access, id)?.ok_or(Error::NotFound)
}

/// Gives a file back the state that it had before it was sealed, with its dates, and what waited about it waits again.
fn unseal(tx: &mut Tx<'_>, standing: &FileStanding, state: EvidenceState, note: &Private) -> Result<()> {
    let (file, now) = (&standing.file, tx.now);
    let next_action_at = match state {
        // The hold says when it is looked at.
        EvidenceState::Held | EvidenceState::Locked => Some(now),
        EvidenceState::Removing => file.sealed_act_at.map(|at| destroyed_from(at, now)),
        _ => file.sealed_act_at,
    };
    let unsealed = Evidence { state, next_action_at, sealed_from: None, sealed_act_at: None, ..file.clone() };
    keep(tx, file, &unsealed)?;
    custody::record(tx, &unsealed, CustodyKind::Unsealed, because(note))?;
    remove::settled(tx, file, EvidenceMatter::FOR_POLICE);
    if state.is_locked() {
        let spoken_by = file.ended_at.unwrap_or(now).plus_days(remove::SPEAK_DAYS).max(now.plus_days(1));
        remove::waits(tx, &unsealed, EvidenceMatter::TakenBack, Some(spoken_by));
    }
    if state == EvidenceState::Removing && file.destroy_asked_by.is_some() {
        ask_second_person(tx, &unsealed);
    }
    if standing.waiting().is_some() {
        hold::ask_second_person(tx, &unsealed);
    }
    tx.notify_worker();
    Ok(())
}

/// When a file that was sealed is destroyed: when it would have been; where that is less than a day away, or over, once there
/// was time to speak with the survivor. Nobody could restore it while it was sealed.
fn destroyed_from(before: Instant, now: Instant) -> Instant {
    if before > now.plus_days(1) { before } else { now.plus_days(remove::SPEAK_DAYS) }
}
