//! Linking a survivor to a participant, which takes a supervisor of each side.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{self, CaseRow, CaseState, Ended};
use crate::crypto::reference;
use crate::db::CaseId;
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::identity::{self, Role, Staff, SurvivorRow};
use crate::participants::{self, ParticipantRow};
use crate::tx::{Subject, Tx};

/// A survivor and a participant who know each other.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeCaseBody {
    /// The survivor's reference.
    #[garde(custom(limits::plain_line))]
    #[schema(format = "line", example = "SV-6F2K-8C3D-M")]
    survivor_reference: String,
    /// The participant's reference.
    #[garde(custom(limits::plain_line))]
    #[schema(format = "line")]
    participant_reference: String,
    /// How the two know each other, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "former_partner")]
    relationship: String,
}

/// A case that was proposed.
#[derive(Serialize, ToSchema)]
pub struct ProposedCaseView {
    /// Its id.
    pub id: CaseId,
    /// Its reference.
    #[schema(example = "CS-2T9B-4H7Q-X")]
    pub reference: String,
    /// Whether it may be used.
    pub state: CaseState,
}

impl ProposedCaseView {
    /// The view of a row.
    pub fn of(row: CaseRow) -> Self {
        Self { id: row.id, reference: row.reference, state: row.state }
    }
}

/// The state of a case now.
#[derive(Serialize, ToSchema)]
pub struct ApprovedCaseView {
    /// The case.
    pub id: CaseId,
    /// `active` once both sides approved.
    pub state: CaseState,
}

/// Proposes a case, or one again that has ended. That a reference is unknown, another organisation's or kept out by a block all
/// answer alike.
///
/// # Errors
/// 403 for supervisors who are neither advocate nor practitioner, 422 for a reference that the caller cannot use, 409
/// where the two are linked already.
pub fn propose(tx: &mut Tx<'_>, staff: &Staff, body: &ProposeCaseBody) -> Result<CaseRow> {
    if !staff.is(Role::Advocate) && !staff.is(Role::Practitioner) {
        return Err(Error::Forbidden(Code::WrongRole));
    }
    let (survivor, participant) = find_both(tx, body)?;
    let programme = participant.organisation_id;
    if access::is_blocked(tx.conn, survivor.id, Some(staff.id), Some(programme))? {
        return Err(unknown());
    }
    let ended = access::propose_allowed(tx, staff, survivor.id, participant.id).map_err(|error| match error {
        Error::NotFound => unknown(),
        other => other,
    })?;
    if let Some(ended) = ended {
        tx.about(Subject::of("case", ended.id));
        return access::propose_again(tx, staff, ended, &body.relationship);
    }
    let row = CaseRow {
        id: CaseId::new(tx.now),
        reference: reference::generate("CS")?,
        survivor_id: survivor.id,
        participant_id: participant.id,
        support_organisation_id: survivor.organisation_id,
        programme_organisation_id: programme,
        relationship: body.relationship.clone(),
        state: CaseState::Proposed,
        proposed_by: staff.id,
        support_approved_by: None,
        support_approved_at: None,
        programme_approved_by: None,
        programme_approved_at: None,
        created_at: tx.now,
        ended_at: None,
        ended_by: None,
        end_reason: None,
    };
    access::insert_case(tx, staff, row.clone())?;
    tx.about(Subject::of("case", row.id));
    Ok(row)
}

fn unknown() -> Error {
    Error::invalid(Code::UnknownReference)
}

fn find_both(tx: &mut Tx<'_>, body: &ProposeCaseBody) -> Result<(SurvivorRow, ParticipantRow)> {
    let survivor = match normal(&body.survivor_reference) {
        Some(reference) => identity::find_survivor_by_reference(tx.conn, &reference)?,
        None => None,
    };
    let participant = match normal(&body.participant_reference) {
        Some(reference) => participants::find_participant_by_reference(tx.conn, &reference)?,
        None => None,
    };
    survivor.zip(participant).ok_or_else(unknown)
}

/// A reference in its one proper form, however it was written down.
fn normal(text: &str) -> Option<String> {
    let prefix = text.trim().get(..2)?.to_ascii_uppercase();
    reference::parse(&prefix, text)
}

/// Why a case ends.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndCaseBody {
    /// The reason, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "programme_ended")]
    reason: String,
}

/// Refuses a case that was proposed, or closes one that is active.
///
/// # Errors
/// 404 for another's case, 409 where its state does not allow it.
pub fn end(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, ended: Ended, body: &EndCaseBody) -> Result<ApprovedCaseView> {
    let row = access::end_case(tx, staff, id, ended, &body.reason)?;
    Ok(ApprovedCaseView { id: row.id, state: row.state })
}

/// Approves a case for the supervisor's own side; it is active after both.
///
/// # Errors
/// 404 for another's case, 409 when their side has approved already.
pub fn approve(tx: &mut Tx<'_>, staff: &Staff, id: CaseId) -> Result<ApprovedCaseView> {
    let row = access::approve_case(tx, staff, id)?;
    Ok(ApprovedCaseView { id: row.id, state: row.state })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_however_it_was_written_down() {
        let reference = reference::generate("CS").unwrap();
        assert_eq!(normal(&format!(" {} ", reference.to_lowercase())), Some(reference));
        for wrong in ["", "C", "CS", "CS-0000-0000-1", "ÄÖ"] {
            assert_eq!(normal(wrong), None, "{wrong}");
        }
    }
}
