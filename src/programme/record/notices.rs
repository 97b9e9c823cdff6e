//! What waits for the supervisors of a programme provider: a wording to check, a goal to approve, a participant who may
//! harm themselves. The last of these is told by message, too.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::NoticeRow;
pub use super::model::{NoticeKind, NoticesQuery};
use super::store;
use crate::access::ParticipantAccess;
use crate::contact;
use crate::db::{GoalId, Instant, NoticeId, ParticipantId, StaffId};
use crate::error::{Error, Result};
use crate::http::ListRequest;
use crate::identity::{self, Role, Staff};
use crate::participants::{find_participant, participant_references};
use crate::tx::{Subject, Tx};

/// The level that a message about a participant's own risk carries: as urgent as an L3.
const URGENT: i32 = 3;

/// Makes a notice for the supervisors of the participant's programme, unless the same waits already.
pub fn make(tx: &mut Tx<'_>, access: &ParticipantAccess, kind: NoticeKind, goal: Option<GoalId>) -> Result<()> {
    let participant = find_participant(tx.conn, access.id())?.ok_or(Error::NotFound)?;
    let organisation = participant.organisation_id;
    if store::has_open_notice(tx.conn, organisation, access.id(), kind, goal)? {
        return Ok(());
    }
    let row = NoticeRow {
        id: NoticeId::new(tx.now),
        organisation_id: organisation,
        participant_id: access.id(),
        kind,
        goal_id: goal,
        created_at: tx.now,
        read_at: None,
        read_by: None,
    };
    store::insert_notice(tx.conn, row)?;
    if kind == NoticeKind::OwnRiskHigh {
        for supervisor in identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)? {
            contact::notify_staff(tx, supervisor, &participant.reference, URGENT)?;
        }
    }
    Ok(())
}

/// Takes up what waits about a goal, since it was done or is moot.
pub fn settle(tx: &mut Tx<'_>, kind: NoticeKind, goal: GoalId, by: StaffId) -> Result<()> {
    let Some(organisation) = tx.actor.organisation() else { return Ok(()) };
    store::settle_notices(tx.conn, organisation, (kind, goal), (by, tx.now))
}

/// Something that waits for a supervisor.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct NoticeView {
    /// Id.
    pub id: NoticeId,
    /// What.
    pub kind: NoticeKind,
    /// About whom.
    pub participant_id: ParticipantId,
    /// The participant's reference for people, in a list.
    #[schema(example = "PT-6F2K-8C3D-M")]
    pub participant_reference: Option<String>,
    /// About which goal.
    pub goal_id: Option<GoalId>,
    /// Since when.
    pub created_at: Instant,
    /// When somebody took it up.
    pub acknowledged_at: Option<Instant>,
}

impl NoticeView {
    /// The view of a row.
    #[must_use]
    pub fn of(row: &NoticeRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            participant_id: row.participant_id,
            participant_reference: None,
            goal_id: row.goal_id,
            created_at: row.created_at,
            acknowledged_at: row.read_at,
        }
    }
}

/// What waits for the caller's organisation, the latest first: `limit + 1` rows, and the participants' references. The filters only
/// narrow that.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    asked: &ListRequest<NoticesQuery>,
) -> Result<(Vec<NoticeRow>, HashMap<ParticipantId, String>)> {
    let rows = store::list_open_notices(tx.conn, by.organisation()?, asked)?;
    let about = rows.iter().map(|row| row.participant_id).collect();
    Ok((rows, participant_references(tx.conn, about)?))
}

/// Takes up a notice.
///
/// # Errors
/// 404 for another organisation's, 409 where somebody has.
pub fn acknowledge(tx: &mut Tx<'_>, by: &Staff, id: NoticeId) -> Result<NoticeView> {
    let mut row = store::find_notice(tx.conn, by.organisation()?, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("participant", row.participant_id));
    if !store::read_notice(tx.conn, id, by.id, tx.now)? {
        return Err(Error::wrong_state("somebody has taken this up already"));
    }
    row.read_at = Some(tx.now);
    Ok(NoticeView::of(&row))
}
