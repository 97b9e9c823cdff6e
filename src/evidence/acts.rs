//! What people may do with a file now. One answer decides both the call and what a screen offers, so that nothing is offered
//! that would be refused.

use super::model::{CustodyKind, Evidence, LegalHoldRow};
use super::states::{EvidenceEvent, EvidenceState};
use super::store;
use crate::db::{DbConn, Instant, StaffId, SubjectId};
use crate::error::{Code, Error, Result};
use crate::identity::{self, ShownAct, Staff};
use crate::transitions::{ActionView, ActionsView, Mover, movers};

/// A file with all else that decides.
pub(super) struct FileStanding {
    /// The file.
    pub file: Evidence,
    /// The hold that is neither lifted nor over.
    pub hold: Option<LegalHoldRow>,
    is_disclosed: bool,
    sealed_by: Option<SubjectId>,
}

impl FileStanding {
    /// A file with what decides now.
    pub fn of(conn: &mut DbConn, file: &Evidence, now: Instant) -> Result<Self> {
        let sealed = match file.state {
            EvidenceState::Sealed => store::custody::last_of(conn, file.id, CustodyKind::Sealed)?,
            _ => None,
        };
        Ok(Self {
            file: file.clone(),
            hold: store::list_holds(conn, file.id)?.into_iter().find(|hold| hold.is_live(now)),
            is_disclosed: store::custody::was_disclosed(conn, file.id)?,
            sealed_by: sealed.and_then(|event| event.actor_id),
        })
    }

    /// Who of the staff sealed it.
    pub fn sealed_by(&self) -> Option<StaffId> {
        self.sealed_by.map(|id| StaffId(id.0))
    }

    /// The hold that waits for a second person.
    pub fn waiting(&self) -> Option<&LegalHoldRow> {
        self.hold.as_ref().filter(|hold| hold.awaits_second_person())
    }

    fn in_force(&self) -> Option<&LegalHoldRow> {
        self.hold.as_ref().filter(|hold| !hold.awaits_second_person())
    }

    /// That nothing keeps the file for good. Nobody destroys what was disclosed or is held, whatever was decided of it.
    ///
    /// # Errors
    /// 409 where it was or is.
    pub fn is_free(&self) -> Result<()> {
        let is_held = matches!(self.file.state, EvidenceState::Held | EvidenceState::Locked);
        if is_held || self.in_force().is_some() {
            return Err(Error::Conflict(Code::EvidenceHeld, Code::EvidenceHeld.title().into()));
        }
        match self.is_disclosed {
            true => Err(Error::wrong_state("what was disclosed stays: it can be taken back, and not destroyed")),
            false => Ok(()),
        }
    }

    /// The state after an act of a member of staff.
    ///
    /// # Errors
    /// 403 where another person may do it, 409 where nobody may now.
    pub fn may(&self, act: EvidenceEvent, staff: &Staff) -> Result<EvidenceState> {
        if act == EvidenceEvent::AskDestruction {
            self.is_free()?;
        }
        let next = self.file.after(act, &movers(staff))?;
        match act {
            EvidenceEvent::Hold if self.hold.is_some() => {
                return Err(Error::wrong_state("a hold on this file waits for a second person already"));
            }
            EvidenceEvent::ApproveHold => {
                let waiting = self.waiting();
                let hold =
                    waiting.ok_or_else(|| Error::wrong_state("no hold on this file waits for a second person"))?;
                is_another(hold.placed_by, staff)?;
            }
            EvidenceEvent::RenewHold => {
                let hold = self.in_force().ok_or_else(not_held)?;
                if hold.is_against_wish {
                    is_another(hold.renewed_by.unwrap_or(hold.placed_by), staff)?;
                }
            }
            EvidenceEvent::Release => {
                self.hold.as_ref().ok_or_else(not_held)?;
                if self.file.state == EvidenceState::Sealed && self.in_force().is_some() {
                    return Err(Error::wrong_state("the police decide first what becomes of this file"));
                }
            }
            EvidenceEvent::AskDestruction if self.file.destroy_asked_by.is_some() => {
                return Err(Error::wrong_state("somebody asked for this already: another person approves it"));
            }
            EvidenceEvent::ApproveDestruction => {
                let asked_by = self.file.destroy_asked_by.ok_or_else(|| Error::wrong_state("nobody asked for this"))?;
                is_another(asked_by, staff)?;
                self.is_free()?;
            }
            // The police decided so, and two people here: who sealed it, and who says what the police decided.
            EvidenceEvent::Destroy => {
                if let Some(sealed_by) = self.sealed_by() {
                    is_another(sealed_by, staff)?;
                }
                self.is_free()?;
            }
            _ => {}
        }
        Ok(next)
    }

    /// What a member of staff can do with the file now.
    pub fn actions(&self, staff: &Staff) -> ActionsView {
        offered(self.file.state, |act| self.may(act, staff))
    }
}

/// What the survivor can do with a file of theirs now.
pub(super) fn own_actions(file: &Evidence) -> ActionsView {
    offered(file.state, |act| file.after(act, &[Mover::Survivor]))
}

fn offered(state: EvidenceState, may: impl Fn(EvidenceEvent) -> Result<EvidenceState>) -> ActionsView {
    let action = |act: &EvidenceEvent| {
        let to = may(*act).ok()?;
        Some(ActionView { event: act.to_string(), to: to.to_string(), needs: None })
    };
    ActionsView { state: state.to_string(), actions: EvidenceEvent::ALL.iter().filter_map(action).collect() }
}

fn is_another(first: StaffId, staff: &Staff) -> Result<()> {
    if first == staff.id { Err(Error::Forbidden(Code::SecondPersonNeeded)) } else { Ok(()) }
}

fn not_held() -> Error {
    Error::wrong_state("this file is not held")
}

pub(super) fn event_of(file: &Evidence) -> EvidenceEvent {
    match file.state {
        EvidenceState::Uploading => EvidenceEvent::Terminate,
        _ => EvidenceEvent::Remove,
    }
}

/// A file as a session under duress was shown it.
pub(super) fn as_shown(conn: &mut DbConn, mut file: Evidence) -> Result<Evidence> {
    if identity::was_shown(conn, ShownAct::Delete, file.id)? {
        file.state = removed(&file).unwrap_or(file.state);
    }
    Ok(file)
}

/// The state of a file once it is taken back; 409 where it is gone already.
pub(super) fn removed(file: &Evidence) -> Result<EvidenceState> {
    file.after(event_of(file), &[Mover::Survivor])
}
