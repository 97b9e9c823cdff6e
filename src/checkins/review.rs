//! Looking at check-ins: staff start and complete a review, annotate, and resolve what was missed. Each is a line that
//! is never changed. Resolving a check-in closes no alert.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{CheckIn, CheckInsQuery, EffectiveState, ReviewState, effective_state};
use super::view::CheckInView;
use super::{mirror, store};
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::check_in_reviews;
use crate::db::{CheckInId, CheckInReviewId, Instant, StaffId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::{ListRequest, limits};
use crate::identity::Staff;
use crate::tx::Tx;

/// The reason that says that somebody spoke to the survivor.
const SPOKE: &str = "spoke_to_survivor";

text_enum! {
    /// What was done with a check-in.
    pub enum ReviewKind {
        /// Somebody began to look at it.
        Started = "started",
        /// Somebody looked at it.
        Completed = "completed",
        /// Somebody wrote something beside it.
        Annotated = "annotated",
        /// Somebody resolved it.
        Resolved = "resolved",
    }
}

/// One line of a review.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = check_in_reviews, treat_none_as_default_value = false)]
pub struct CheckInReviewRow {
    pub id: CheckInReviewId,
    pub check_in_id: CheckInId,
    pub survivor_id: SurvivorId,
    pub kind: ReviewKind,
    pub reason: Option<String>,
    pub note: Option<Sealed>,
    pub staff_id: StaffId,
    pub at: Instant,
}
sealed_row!(CheckInReviewRow, "check_in_reviews", survivor_id, id);

/// A line of a review.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReviewBody {
    /// What is done.
    #[garde(skip)]
    kind: ReviewKind,
    /// Why, as a code; needed to resolve.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "spoke_to_survivor")]
    #[serde(default)]
    reason: Option<String>,
    /// In words; needed to annotate.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Phone was flat; all is well.")]
    #[serde(default)]
    note: Option<Private>,
}

/// A line of a review.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// Its id.
    pub id: CheckInReviewId,
    /// What was done.
    pub kind: ReviewKind,
    /// Why.
    pub reason: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// By whom.
    pub staff_id: StaffId,
    /// When.
    pub at: Instant,
}

impl ReviewView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &CheckInReviewRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            reason: row.reason.clone(),
            note: open!(keys, row.note)?.shown(),
            staff_id: row.staff_id,
            at: row.at,
        })
    }
}

/// A survivor's check-ins, newest first, for staff who work with them; of a record that is open for a while, the recent ones.
///
/// # Errors
/// 404 for everybody else.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    asked: &ListRequest<CheckInsQuery>,
) -> Result<Vec<CheckIn>> {
    let (reading, now) = (access::reader(tx, staff, survivor)?, tx.now);
    let mut rows = store::list_asked(tx.conn, &reading.access, asked, now)?;
    rows.retain(|row| reading.covers(row.happened_at));
    Ok(rows)
}

/// One of them, with what was done with it.
///
/// # Errors
/// 404 for a check-in of another survivor, and for everybody who does not work with this one.
pub fn read(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, CheckInId),
) -> Result<(CheckInView, Vec<ReviewView>)> {
    let access = access::survivor(tx, staff, survivor)?;
    let row = store::find_check_in(tx.conn, access.id(), id)?.ok_or(Error::NotFound)?;
    let lines = store::list_reviews(tx.conn, &access, id)?;
    let lines = lines.iter().map(|line| ReviewView::of(tx.keys, line));
    Ok((CheckInView::of_for_staff(tx.keys, &row, tx.now)?, lines.collect::<Result<_>>()?))
}

/// The zone that a survivor lives in, as far as their schedules say.
///
/// # Errors
/// 404 for everybody who may not read the record.
pub fn find_zone(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<Option<String>> {
    let reading = access::reader(tx, staff, survivor)?;
    store::time_zone(tx.conn, &reading.access)
}

/// Writes a line of a review.
pub fn create(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, CheckInId),
    body: &CreateReviewBody,
) -> Result<ReviewView> {
    let access = access::survivor(tx, staff, survivor)?;
    let was = store::find_check_in(tx.conn, access.id(), id)?.ok_or(Error::NotFound)?;
    let next = reviewed(&was, body, tx.now)?;
    if !store::update_review(tx.conn, &was, &next)? {
        return Err(Error::wrong_state("this check-in changed at the same moment; read it again"));
    }
    if body.kind == ReviewKind::Resolved {
        mirror::check_in_resolved(tx, survivor, id)?;
    }
    let line = CheckInReviewId::new(tx.now);
    let new = CheckInReviewRow::sealing(tx.keys, survivor, line);
    let row = CheckInReviewRow {
        id: line,
        check_in_id: id,
        survivor_id: survivor,
        kind: body.kind,
        reason: body.reason.clone(),
        note: seal!(new.note, &body.note)?,
        staff_id: staff.id,
        at: tx.now,
    };
    store::insert_review(tx.conn, row.clone())?;
    if body.reason.as_deref() == Some(SPOKE) {
        tx.emit(Event::ContactRecorded { survivor });
    }
    ReviewView::of(tx.keys, &row)
}

/// The check-in after a line of review.
fn reviewed(was: &CheckIn, body: &CreateReviewBody, now: Instant) -> Result<CheckIn> {
    let state = effective_state(was, now);
    let is_over = was.is_answered() || matches!(state, EffectiveState::Missed | EffectiveState::Resolved);
    if !is_over {
        return Err(Error::wrong_state("this check-in is still waiting for an answer"));
    }
    let next = was.clone();
    Ok(match body.kind {
        ReviewKind::Started if was.review_state.is_none() => {
            CheckIn { review_state: Some(ReviewState::Started), ..next }
        }
        ReviewKind::Started => return Err(Error::wrong_state("somebody is looking at this check-in already")),
        ReviewKind::Completed if was.review_state != Some(ReviewState::Completed) => {
            CheckIn { review_state: Some(ReviewState::Completed), reviewed_at: Some(now), ..next }
        }
        ReviewKind::Completed => return Err(Error::wrong_state("this check-in was reviewed already")),
        ReviewKind::Annotated if body.note.is_none() => {
            return Err(Error::field("/note", "missing", "an annotation needs a note"));
        }
        ReviewKind::Annotated => next,
        ReviewKind::Resolved if body.reason.is_none() => {
            return Err(Error::field("/reason", "missing", "resolving needs a reason"));
        }
        ReviewKind::Resolved if state == EffectiveState::Missed && was.next_action_at.is_none() => {
            CheckIn { resolved_at: Some(now), ..next }
        }
        ReviewKind::Resolved => return Err(Error::wrong_state("only a missed check-in can be resolved")),
    })
}
