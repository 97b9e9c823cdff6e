//! Assessments of risk, for staff alone. Never changed; the survivor's rating follows in the same transaction.

use diesel::prelude::*;
use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::marac::{self, MaracDecision, MaracDecisionView};
use super::reviews::{self, SafetyReviewKind, today};
use super::score::{self, ItemAnswer};
use super::store;
use super::tools::Tool;
use crate::access::{self, SurvivorAccess};
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::risk_assessments;
use crate::db::{Day, Instant, Json, RiskAssessmentId, RiskChangeId, RiskToolId, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{self, Assessed, RiskChange, RiskRating, Role, Staff};
use crate::tx::Tx;

/// Days after which an assessment is looked at again where nobody sets a day.
const REVIEW_DAYS: i64 = 90;
/// Days over which incidents are counted for an escalation.
const ESCALATION_DAYS: i64 = 365;

/// An assessment.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = risk_assessments, treat_none_as_default_value = false)]
pub struct Assessment {
    pub id: RiskAssessmentId,
    pub survivor_id: SurvivorId,
    pub tool_id: RiskToolId,
    pub tool_code: String,
    pub tool_version: i32,
    pub answers: Sealed,
    pub score: Option<i32>,
    pub tool_rating: RiskRating,
    pub judgement: Option<RiskRating>,
    pub judgement_note: Option<Sealed>,
    pub rating: RiskRating,
    pub rating_before: RiskRating,
    pub rating_after: RiskRating,
    pub lowering_reason: Option<Sealed>,
    pub incidents_counted: i32,
    pub prompts: Json,
    pub review_by_on: Day,
    pub assessed_by: StaffId,
    pub assessed_at: Instant,
}
sealed_row!(Assessment, "risk_assessments", survivor_id, id);

/// An assessment as it is made.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAssessmentBody {
    /// By which tool; your organisation has loaded it.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "dash_2009")]
    tool_code: String,
    /// By which version of it.
    #[garde(skip)]
    #[schema(example = 1)]
    tool_version: i32,
    /// The answers; what is left out is unknown.
    #[garde(length(max = 100))]
    #[schema(max_items = 100)]
    answers: Vec<ItemAnswer>,
    /// Your professional judgement; it may raise what the tool says.
    #[garde(skip)]
    #[serde(default)]
    professional_judgement: Option<RiskRating>,
    /// What it rests on; needed with one.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    judgement_note: Option<Private>,
    /// Why the survivor's rating may fall to what this comes to. Without it the rating can only rise.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    lowering_reason: Option<Private>,
    /// By when it is made again; without a day, in 90 days.
    #[garde(skip)]
    #[serde(default)]
    review_by_on: Option<Day>,
}

/// An assessment.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct AssessmentView {
    /// Its id.
    pub id: RiskAssessmentId,
    /// By which tool.
    #[schema(example = "dash_2009")]
    pub tool_code: String,
    /// By which version of it.
    pub tool_version: i32,
    /// The answers.
    pub answers: Vec<ItemAnswer>,
    /// What they come to, where the tool adds them up.
    pub score: Option<i32>,
    /// What the tool says.
    pub tool_rating: RiskRating,
    /// What the assessor judged.
    pub professional_judgement: Option<RiskRating>,
    /// What that rests on.
    pub judgement_note: Option<String>,
    /// What the assessment comes to: the higher of the two.
    pub rating: RiskRating,
    /// The survivor's rating before it.
    pub rating_before: RiskRating,
    /// The survivor's rating after it.
    pub rating_after: RiskRating,
    /// Why it was lowered, where it was.
    pub lowering_reason: Option<String>,
    /// Incidents of the twelve months before.
    pub incidents_12_months: i32,
    /// What speaks for a Marac: `visible_high_risk`, `professional_judgement`, `escalation`, `critical_answer`. A person
    /// decides.
    #[schema(value_type = Vec<String>, example = json!(["visible_high_risk"]))]
    pub marac_prompts: serde_json::Value,
    /// What was decided about a Marac, oldest first.
    pub marac_decisions: Vec<MaracDecisionView>,
    /// By when it is made again.
    pub review_by_on: Day,
    /// Who assessed.
    pub assessed_by: StaffId,
    /// When.
    pub assessed_at: Instant,
}

impl AssessmentView {
    /// The view of a row, with the decisions that follow it.
    pub fn of(keys: &Keys, row: &Assessment, decisions: &[MaracDecision]) -> Result<Self> {
        let answers = open!(keys, row.answers)?;
        let own = decisions.iter().filter(|decision| decision.assessment_id == row.id);
        Ok(Self {
            id: row.id,
            tool_code: row.tool_code.clone(),
            tool_version: row.tool_version,
            answers: serde_json::from_str(answers.expose_secret())?,
            score: row.score,
            tool_rating: row.tool_rating,
            professional_judgement: row.judgement,
            judgement_note: open!(keys, row.judgement_note)?.shown(),
            rating: row.rating,
            rating_before: row.rating_before,
            rating_after: row.rating_after,
            lowering_reason: open!(keys, row.lowering_reason)?.shown(),
            incidents_12_months: row.incidents_counted,
            marac_prompts: row.prompts.0.clone(),
            marac_decisions: own.map(|decision| MaracDecisionView::of(keys, decision)).collect::<Result<_>>()?,
            review_by_on: row.review_by_on,
            assessed_by: row.assessed_by,
            assessed_at: row.assessed_at,
        })
    }
}

/// A change of a survivor's rating.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct RiskChangeView {
    /// Its id.
    pub id: RiskChangeId,
    /// The rating before.
    pub rating_before: RiskRating,
    /// The rating after.
    pub rating_after: RiskRating,
    /// Why, where it was lowered.
    pub reason: Option<String>,
    /// The assessment that it follows from; none where the record was changed by hand.
    pub assessment_id: Option<RiskAssessmentId>,
    /// Who.
    pub changed_by: StaffId,
    /// When.
    pub changed_at: Instant,
}

impl RiskChangeView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &RiskChange) -> Result<Self> {
        Ok(Self {
            id: row.id,
            rating_before: row.rating_before,
            rating_after: row.rating_after,
            reason: open!(keys, row.reason)?.shown(),
            assessment_id: row.assessment_id,
            changed_by: row.changed_by,
            changed_at: row.changed_at,
        })
    }
}

/// What the answers and the judgement come to.
struct RiskOutcome {
    score: Option<i32>,
    from_tool: RiskRating,
    rating: RiskRating,
    incidents: i64,
    prompts: Vec<&'static str>,
}

/// Keeps an assessment, and what follows from it: the survivor's rating, and the day of the next.
pub fn assess(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &CreateAssessmentBody,
) -> Result<AssessmentView> {
    let access = access::survivor(tx, staff, survivor)?;
    let row = identity::find_survivor(tx.conn, access.id())?.ok_or(Error::NotFound)?;
    let found = store::find_tool(tx.conn, staff.organisation()?, &body.tool_code, body.tool_version)?;
    let found = found.ok_or_else(|| Error::field("/tool_code", "unknown", "no such version of a tool was loaded"))?;
    let tool: Tool = found.tool.read()?;
    score::check(&tool, &body.answers)?;
    if body.professional_judgement.is_some() != body.judgement_note.is_some() {
        let detail = "a judgement goes with what it rests on";
        return Err(Error::field("/judgement_note", "missing", detail));
    }
    let outcome = weigh(tx, &access, &tool, body)?;
    let id = RiskAssessmentId::new(tx.now);
    let assessed = Assessed { id, rating: outcome.rating, lowering: body.lowering_reason.as_ref(), by: staff.id };
    let after = identity::rating_after(row.risk_rating, &assessed, staff.is(Role::Supervisor))?;
    let review = body.review_by_on.unwrap_or_else(|| today(tx.now.plus_days(REVIEW_DAYS)));
    reviews::set(tx, &access, SafetyReviewKind::Risk, review)?;
    let new = Assessment::sealing(tx.keys, survivor, id);
    let answers = Private::from(serde_json::to_string(&body.answers)?);
    let kept = Assessment {
        id,
        survivor_id: survivor,
        tool_id: found.id,
        tool_code: found.code,
        tool_version: found.version,
        answers: seal!(new.answers, &answers)?,
        score: outcome.score,
        tool_rating: outcome.from_tool,
        judgement: body.professional_judgement,
        judgement_note: seal!(new.judgement_note, &body.judgement_note)?,
        rating: outcome.rating,
        rating_before: row.risk_rating,
        rating_after: after,
        lowering_reason: seal!(new.lowering_reason, &body.lowering_reason)?,
        incidents_counted: i32::try_from(outcome.incidents).unwrap_or(i32::MAX),
        prompts: Json::of(&outcome.prompts)?,
        review_by_on: review,
        assessed_by: staff.id,
        assessed_at: tx.now,
    };
    store::insert_assessment(tx.conn, kept.clone())?;
    identity::set_rating(tx, &row, after, &assessed)?;
    AssessmentView::of(tx.keys, &kept, &[])
}

fn weigh(tx: &mut Tx<'_>, access: &SurvivorAccess, tool: &Tool, body: &CreateAssessmentBody) -> Result<RiskOutcome> {
    let count = tx.hooks.count_incidents;
    let incidents = count(tx.conn, access.id(), tx.now.plus_days(-ESCALATION_DAYS), tx.now)?;
    let (score, judgement) = (score::score(tool, &body.answers), body.professional_judgement);
    let from_tool = score::tool_rating(tool, score);
    let prompts = score::prompts(tool, &body.answers, (from_tool, judgement), incidents);
    Ok(RiskOutcome { score, from_tool, rating: score::rating(from_tool, judgement), incidents, prompts })
}

/// A survivor's assessments with what was decided after each, newest first.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<(Vec<Assessment>, Vec<MaracDecision>)> {
    let access = access::reader(tx, staff, survivor)?.access;
    let rows = store::list_assessments(tx.conn, &access, after, limit)?;
    let ids = rows.iter().map(|row| row.id).collect();
    let decisions = marac::of(tx, &access, ids)?;
    Ok((rows, decisions))
}

/// The changes of a survivor's rating, newest first.
pub fn changes(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<RiskChange>> {
    let access = access::survivor(tx, staff, survivor)?;
    identity::list_risk_changes(tx.conn, access.id(), after, limit)
}
