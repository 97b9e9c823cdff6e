//! Both sides of a case on one page.

pub(super) mod participant_side;
pub(super) mod survivor_side;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::find::{self, CaseView, FoundCase};
use super::reach::{self, CaseReach, Redaction};
use super::signals::{self, Dated, Score, Signal, SignalInputs, Stretch};
use crate::checkins::CheckIn;
use crate::crypto::Keys;
use crate::db::{CaseId, Instant};
use crate::error::Result;
use crate::http::page::readable;
use crate::identity::Staff;
use crate::incidents::pattern::Occurrence;
use crate::incidents::{self, Reported};
use crate::programme::{DiaryRow, GoalWithReviews, SessionRow};
use crate::tx::Tx;
use participant_side::{ParticipantSide, ParticipantSideView};
use survivor_side::{SurvivorSide, SurvivorSideView};

/// Rows of each kind that signals look at.
pub(super) const ROWS: i64 = 100;
/// Items of each kind that are shown; the timeline has the rest.
pub(super) const ITEMS: i64 = 50;

/// A case with both its sides.
#[derive(Serialize, ToSchema)]
pub struct CaseSidesView {
    /// The case itself.
    pub case: CaseView,
    /// The survivor's side.
    pub survivor_side: SurvivorSideView,
    /// The participant's side.
    pub participant_side: ParticipantSideView,
    /// What is striking when both sides are seen together, newest first.
    pub signals: Vec<Signal>,
    /// What is withheld, and why.
    pub redactions: Vec<Redaction>,
    /// Records of either side that are there and could not be read, by their ids; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unreadable: Vec<Uuid>,
}

/// Both sides as they were read: what is sealed is opened for the view.
pub struct CaseSides {
    case: FoundCase,
    survivor: SurvivorSide,
    participant: ParticipantSide,
    reach: CaseReach,
    read_at: Instant,
}

/// Reads both sides, as far as the caller may see them.
///
/// # Errors
/// 404 for another's case.
pub fn read(tx: &mut Tx<'_>, staff: &Staff, id: CaseId) -> Result<CaseSides> {
    let (case, reach) = reach::open(tx, staff, id, "get_case_view")?;
    let survivor = SurvivorSide::read(tx.conn, &reach, tx.now)?;
    if reach.is_support {
        incidents::mark_read(tx, case.case().survivor_id, &survivor.shown_incidents(), staff.id)?;
    }
    let participant = ParticipantSide::read(tx.conn, reach.participant.as_ref())?;
    reach::disclose(tx, &case, &survivor.disclosed(&reach))?;
    let case = find::read(tx.conn, case.case(), case.is_in_session())?;
    Ok(CaseSides { case, survivor, participant, reach, read_at: tx.now })
}

impl CaseSides {
    /// Puts both sides together. A record that does not open is named, and hides no other.
    pub fn view(keys: &Keys, sides: &Self) -> Result<CaseSidesView> {
        let Self { case, survivor, participant, reach, read_at } = sides;
        let mut unreadable = Vec::new();
        let signals = match reach.hides_signals {
            true => Vec::new(),
            false => signals::signals(&seen(survivor, participant)?),
        };
        Ok(CaseSidesView {
            case: case.view(),
            survivor_side: survivor.view(keys, reach, *read_at, &mut unreadable)?,
            participant_side: participant.view(keys, reach.is_support, &mut unreadable)?,
            signals,
            redactions: reach.redactions.clone(),
            unreadable,
        })
    }
}

/// The records of a kind that open; adds the ids of the others.
pub(super) fn opened<T>(viewed: impl Iterator<Item = (Uuid, Result<T>)>, unreadable: &mut Vec<Uuid>) -> Result<Vec<T>> {
    let (items, others) = readable(viewed)?;
    unreadable.extend(others);
    Ok(items)
}

/// What signals are made from: only what the caller may see was read.
fn seen(survivor: &SurvivorSide, participant: &ParticipantSide) -> Result<SignalInputs> {
    Ok(SignalInputs {
        missed_check_ins: survivor.check_ins.iter().filter_map(missed_check_in).collect(),
        missed_sessions: participant.sessions.iter().filter_map(missed_session).collect(),
        acted_urges: participant.acted_urges.iter().map(acted_urge).collect(),
        incidents: survivor.incidents.iter().map(occurrence).collect::<Result<_>>()?,
        scores: participant.goals.iter().flat_map(scores).collect(),
    })
}

fn missed_check_in(row: &CheckIn) -> Option<Dated> {
    let missed_at = row.missed_at?;
    Some(Dated { at: row.due_at.unwrap_or(missed_at), id: row.id.0 })
}

pub(super) fn missed_session(row: &SessionRow) -> Option<Dated> {
    row.attendance?.is_missed().then_some(Dated { at: row.planned_at, id: row.id.0 })
}

pub(super) fn acted_urge(row: &DiaryRow) -> Stretch {
    let (from, to) = row.span();
    Stretch { from, to, id: row.id.0 }
}

fn occurrence(row: &Reported) -> Result<Occurrence> {
    let behaviours = row.behaviours()?;
    Ok(Occurrence::of(row.incident.happened_at, row.incident.id.0, &behaviours))
}

/// Each review of a goal beside the score before it; the first beside the baseline.
pub(super) fn scores(row: &GoalWithReviews) -> Vec<Score> {
    let mut reviews: Vec<_> = row.reviews.iter().collect();
    reviews.sort_by_key(|review| (review.created_at, review.id));
    let mut before = row.goal.baseline;
    let score = |review: &&crate::programme::GoalReviewRow| {
        let score = Score { at: review.created_at, id: review.id.0, before, after: review.score };
        before = review.score;
        score
    };
    reviews.iter().map(score).collect()
}
