//! A participant's risk to themselves: DBT's first target. Anybody who works with them raises it; it is lowered with a
//! reason, and a high one makes a notice for their supervisor. It says nothing about a survivor's risk and never lowers it.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{OwnRiskRating, OwnRiskRow};
use super::notices::{self, NoticeKind};
use super::store;
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{Instant, OwnRiskId, ParticipantId, StaffId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::tx::Tx;

/// A rating.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOwnRiskBody {
    /// The rating.
    #[garde(skip)]
    rating: OwnRiskRating,
    /// What it rests on.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Spoke of having nothing left; no plan")]
    narrative: Private,
    /// Why it is lowered; needed for that.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Seen by the crisis team, safe at home")]
    #[serde(default)]
    reason: Option<Private>,
}

/// Whether one rating lowers what stood before.
fn lowers(before: Option<OwnRiskRating>, rating: OwnRiskRating) -> bool {
    before.is_some_and(|before| rating < before)
}

/// A rating, for staff.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnRiskView {
    /// Id.
    pub id: OwnRiskId,
    /// Which version, from 1.
    pub version: i32,
    /// The rating.
    pub rating: OwnRiskRating,
    /// What it rests on.
    pub narrative: String,
    /// Why it was lowered.
    pub reason: Option<String>,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}

impl OwnRiskView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &OwnRiskRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            version: row.version,
            rating: row.rating,
            narrative: open!(keys, row.narrative)?.shown(),
            reason: open!(keys, row.reason)?.shown(),
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

/// A rating that was recorded.
#[derive(Serialize, ToSchema)]
pub struct MadeOwnRiskView {
    /// Id.
    pub id: OwnRiskId,
    /// Which version.
    pub version: i32,
    /// The rating.
    pub rating: OwnRiskRating,
}

/// Rates a participant's risk to themselves.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 422 for lowering it without a reason.
pub fn rate(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateOwnRiskBody,
) -> Result<MadeOwnRiskView> {
    let access = access::participant(tx, by, participant)?;
    let before = store::find_own_risk(tx.conn, &access)?;
    if lowers(before.as_ref().map(|row| row.rating), body.rating) && body.reason.is_none() {
        return Err(Error::field("/reason", "missing", "lowering it needs a reason"));
    }
    let was_high = before.as_ref().is_some_and(|row| row.rating == OwnRiskRating::High);
    let (id, version) = (OwnRiskId::new(tx.now), before.map_or(1, |row| row.version + 1));
    let new = OwnRiskRow::sealing(tx.keys, access.id(), id).at_version(version);
    let row = OwnRiskRow {
        id,
        participant_id: access.id(),
        version,
        rating: body.rating,
        narrative: seal!(new.narrative, &body.narrative)?,
        reason: seal!(new.reason, &body.reason)?,
        created_by: by.id,
        created_at: tx.now,
    };
    store::insert_own_risk(tx, row)?;
    tx.outcome(body.rating.as_str());
    if body.rating == OwnRiskRating::High {
        notices::make(tx, &access, NoticeKind::OwnRiskHigh, None)?;
    }
    if body.rating == OwnRiskRating::High && !was_high {
        tx.emit(Event::ParticipantChanged { participant: access.id(), what: "own_risk_high" });
    }
    Ok(MadeOwnRiskView { id, version, rating: body.rating })
}

/// The ratings of a participant's risk to themselves, the latest first: `limit + 1` rows.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<OwnRiskRow>> {
    let access = access::participant(tx, by, participant)?;
    store::list_own_risk(tx.conn, &access, after, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_lower_rating_than_before_lowers() {
        use OwnRiskRating::{High, Low, Medium};
        assert!(OwnRiskRating::ALL.iter().all(|rating| !lowers(None, *rating)));
        assert!(lowers(Some(High), Medium) && lowers(Some(High), Low) && lowers(Some(Medium), Low));
        assert!(!lowers(Some(Low), Low) && !lowers(Some(Low), High) && !lowers(Some(Medium), High));
    }
}
