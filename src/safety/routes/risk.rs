//! Assessments of risk, for the staff of the survivor's side alone.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::crypto::Keys;
use crate::db::{RiskAssessmentId, SurvivorId};
use crate::http::reply::page_reply;
use crate::http::{Call, Created, Listed, Listing, operations};
use crate::identity::{Supervisor, SupportStaff};
use crate::safety::marac::{self, CreateMaracDecisionBody, MaracDecisionView};
use crate::safety::risk::{self, AssessmentView, CreateAssessmentBody, RiskChangeView};
use crate::safety::tools::{self, CreateToolBody, ToolView};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_risk_tool list_risk_tools create_risk_assessment list_risk_assessments create_marac_decision
        list_risk_changes
    }
}

/// Create a tool for assessing risk
///
/// In the wording that your organisation is licensed to use; Holdfast ships none. A version never changes.
#[utoipa::path(post, path = "/risk-tools", tag = "risk")]
async fn create_risk_tool(call: Call<Supervisor, (), CreateToolBody>) -> Created<ToolView> {
    call.once(tools::create).await
}

/// List the tools that your organisation has loaded
#[utoipa::path(get, path = "/risk-tools", tag = "risk")]
async fn list_risk_tools(call: Listing<SupportStaff>) -> Listed<ToolView> {
    call.page_as(tools::list, |row| (row.created_at, row.id.0), |row| ToolView::of(&row)).await
}

/// Assess a survivor's risk
///
/// The rating rises at once to what the assessment comes to. It falls only with a `lowering_reason`, and one that was
/// assessed before only by a supervisor.
#[utoipa::path(post, path = "/survivors/{id}/risk-assessments", tag = "risk")]
async fn create_risk_assessment(call: Call<SupportStaff, SurvivorId, CreateAssessmentBody>) -> Created<AssessmentView> {
    call.once(risk::assess).await
}

/// List a survivor's assessments of risk
#[utoipa::path(get, path = "/survivors/{id}/risk-assessments", tag = "risk")]
async fn list_risk_assessments(call: Listing<SupportStaff, SurvivorId>) -> Listed<AssessmentView> {
    let Call { app, who: staff, path: id, body: query, action, request, .. } = call;
    let (limit, after, caller) = (query.limit()?, query.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| risk::list(tx, &caller, id, after, limit);
    let (rows, decisions) = app.transact(staff.actor(), action, work).await?;
    let view = |keys: &Keys, row: &_| AssessmentView::of(keys, row, &decisions);
    page_reply(&request, app.page(rows, limit, |row| (row.assessed_at, row.id.0), view).await?)
}

/// Record what was decided about a Marac
///
/// After an assessment, whether that prompted it or not: a person decides.
#[utoipa::path(post, path = "/survivors/{id}/risk-assessments/{assessment_id}/marac-decisions", tag = "risk")]
async fn create_marac_decision(
    call: Call<SupportStaff, (SurvivorId, RiskAssessmentId), CreateMaracDecisionBody>,
) -> Created<MaracDecisionView> {
    call.once(marac::decide).await
}

/// List the changes of a survivor's rating
///
/// Who, when and why; also those made on the record itself.
#[utoipa::path(get, path = "/survivors/{id}/risk-changes", tag = "risk")]
async fn list_risk_changes(call: Listing<SupportStaff, SurvivorId>) -> Listed<RiskChangeView> {
    call.page(risk::changes, |row| (row.changed_at, row.id.0), RiskChangeView::of).await
}
