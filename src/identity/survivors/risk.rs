//! A survivor's rating: raised by software or people, lowered only by a person who says why. Every change is a line.

use super::{PatchSurvivorBody, replace};
use crate::crypto::{Private, SealedTable, seal};
use crate::db::{RiskAssessmentId, RiskChangeId, StaffId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::identity::model::{RiskChange, RiskRating, SurvivorRow};
use crate::identity::store;
use crate::tx::Tx;

impl RiskRating {
    /// What software makes of a rating that it computed: the higher of the two, and never less than what is in force. A
    /// rating that was assessed is not forgotten for one that was not.
    #[must_use]
    pub fn raised_to(self, computed: Self) -> Self {
        if computed == Self::Unassessed || computed.weight() < self.weight() { self } else { computed }
    }

    /// Whether another rating asks for less care than this one.
    #[must_use]
    pub fn is_lowered_by(self, other: Self) -> bool {
        other.weight() < self.weight()
    }
}

/// Whether a person may lower a rating: with a reason, and a rating that was assessed only as a supervisor.
fn may_lower(from: RiskRating, is_supervisor: bool) -> Result<()> {
    if is_supervisor || from == RiskRating::Unassessed { Ok(()) } else { Err(Error::Forbidden(Code::WrongRole)) }
}

/// What an assessment means for the rating.
#[derive(Clone, Copy, Debug)]
pub struct Assessed<'a> {
    /// The assessment.
    pub id: RiskAssessmentId,
    /// What it came to.
    pub rating: RiskRating,
    /// Why the rating may fall to that, where a person says so.
    pub lowering: Option<&'a Private>,
    /// Who assessed.
    pub by: StaffId,
}

/// The rating that is in force after an assessment: raised at once; lowered only where a person said why.
///
/// # Errors
/// 403 when somebody who is no supervisor would lower a rating that was assessed.
pub fn rating_after(before: RiskRating, assessed: &Assessed<'_>, is_supervisor: bool) -> Result<RiskRating> {
    if assessed.lowering.is_some() && before.is_lowered_by(assessed.rating) {
        may_lower(before, is_supervisor)?;
        return Ok(assessed.rating);
    }
    Ok(before.raised_to(assessed.rating))
}

/// Keeps the rating that is in force after an assessment, and the line that tells of it; nothing where it does not change.
pub fn set_rating(tx: &mut Tx<'_>, old: &SurvivorRow, after: RiskRating, assessed: &Assessed<'_>) -> Result<()> {
    if after == old.risk_rating {
        return Ok(());
    }
    if replace(tx, old, &PatchSurvivorBody::with_rating(after))?.is_none() {
        return Err(Error::write_conflict());
    }
    let reason = assessed.lowering.filter(|_| old.risk_rating.is_lowered_by(after));
    note_change(tx, (old.id, old.risk_rating, after), reason, Some(assessed.id), assessed.by)
}

/// Writes the line of a change.
pub(in crate::identity) fn note_change(
    tx: &mut Tx<'_>,
    (survivor, before, after): (SurvivorId, RiskRating, RiskRating),
    reason: Option<&Private>,
    assessment: Option<RiskAssessmentId>,
    by: StaffId,
) -> Result<()> {
    let id = RiskChangeId::new(tx.now);
    let new = RiskChange::sealing(tx.keys, survivor, id);
    let row = RiskChange {
        id,
        survivor_id: survivor,
        rating_before: before,
        rating_after: after,
        reason: seal!(new.reason, &reason)?,
        assessment_id: assessment,
        changed_by: by,
        changed_at: tx.now,
    };
    store::insert_risk_change(tx.conn, row)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rating() -> impl Strategy<Value = RiskRating> {
        proptest::sample::select(RiskRating::ALL)
    }

    fn assessed(rating: RiskRating, lowering: Option<&Private>) -> Assessed<'_> {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        Assessed { id: RiskAssessmentId::new(now), rating, lowering, by: StaffId::new(now) }
    }

    proptest! {
        #[test]
        fn no_order_of_computed_ratings_ever_lowers_one(
            start in rating(), computed in proptest::collection::vec(rating(), 0..20),
        ) {
            let mut stands = start;
            for next in computed {
                let after = rating_after(stands, &assessed(next, None), true).unwrap();
                prop_assert!(!stands.is_lowered_by(after), "{stands} fell to {after}");
                prop_assert!(stands == RiskRating::Unassessed || after != RiskRating::Unassessed);
                prop_assert!(next == RiskRating::Unassessed || !next.is_lowered_by(after), "{next} did not count");
                stands = after;
            }
        }

        #[test]
        fn a_rating_falls_only_by_a_person_with_a_reason_and_once_assessed_by_a_supervisor(
            start in rating(), steps in proptest::collection::vec((rating(), any::<bool>(), any::<bool>()), 0..20),
        ) {
            let reason = Private::from("They moved abroad");
            let mut stands = start;
            for (next, has_reason, is_supervisor) in steps {
                let step = assessed(next, has_reason.then_some(&reason));
                match rating_after(stands, &step, is_supervisor) {
                    Ok(after) => {
                        let may = has_reason && (is_supervisor || stands == RiskRating::Unassessed);
                        prop_assert!(!stands.is_lowered_by(after) || (may && after == next));
                        stands = after;
                    }
                    Err(error) => {
                        prop_assert_eq!(error.code(), Code::WrongRole);
                        prop_assert!(has_reason && !is_supervisor && stands.is_lowered_by(next));
                    }
                }
            }
        }
    }
}
