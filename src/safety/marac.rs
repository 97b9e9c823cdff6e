//! What a person decided about referring to a Marac, after an assessment that may have prompted it.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::access::{self, SurvivorAccess};
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::marac_decisions;
use crate::db::{Instant, MaracDecisionId, RiskAssessmentId, StaffId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

text_enum! {
    /// What was decided.
    pub enum Decision {
        /// The case is referred.
        Referred = "referred",
        /// It is not.
        NotReferred = "not_referred",
    }
}

/// A decision. Never changed: a later one is a row of its own.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = marac_decisions)]
pub struct MaracDecision {
    pub id: MaracDecisionId,
    pub assessment_id: RiskAssessmentId,
    pub survivor_id: SurvivorId,
    pub decision: Decision,
    pub reason: Sealed,
    pub decided_by: StaffId,
    pub decided_at: Instant,
}
sealed_row!(MaracDecision, "marac_decisions", survivor_id, id);

/// A decision to be recorded.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateMaracDecisionBody {
    /// What was decided.
    #[garde(skip)]
    decision: Decision,
    /// Why.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Score above the threshold.")]
    reason: Private,
}

/// A decision.
#[derive(Serialize, ToSchema)]
pub struct MaracDecisionView {
    /// Its id.
    pub id: MaracDecisionId,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// By whom.
    pub decided_by: StaffId,
    /// When.
    pub decided_at: Instant,
}

impl MaracDecisionView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &MaracDecision) -> Result<Self> {
        Ok(Self {
            id: row.id,
            decision: row.decision,
            reason: open!(keys, row.reason)?.shown(),
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        })
    }
}

/// Records a decision after an assessment, whether that prompted it or not.
pub fn decide(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, assessment): (SurvivorId, RiskAssessmentId),
    body: &CreateMaracDecisionBody,
) -> Result<MaracDecisionView> {
    let access = access::survivor(tx, staff, survivor)?;
    store::find_assessment(tx.conn, &access, assessment)?.ok_or(Error::NotFound)?;
    let id = MaracDecisionId::new(tx.now);
    let new = MaracDecision::sealing(tx.keys, survivor, id);
    let row = MaracDecision {
        id,
        assessment_id: assessment,
        survivor_id: survivor,
        decision: body.decision,
        reason: seal!(new.reason, &body.reason)?,
        decided_by: staff.id,
        decided_at: tx.now,
    };
    store::insert_decision(tx.conn, row.clone())?;
    MaracDecisionView::of(tx.keys, &row)
}

/// The decisions after these assessments, oldest first.
pub(super) fn of(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    assessments: Vec<RiskAssessmentId>,
) -> Result<Vec<MaracDecision>> {
    store::list_decisions(tx.conn, access, assessments)
}
