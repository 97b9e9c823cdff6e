//! URLs of cases, for staff of both sides; and the updates that the survivor reads.

mod bridge;
mod updates;

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::find::{self, CaseEventView, CaseView, FoundCase};
use super::propose::{self, ApprovedCaseView, EndCaseBody, ProposeCaseBody, ProposedCaseView};
use super::timeline::{self, TimelineEntry, TimelineItem};
use super::view::{self, CaseSides, CaseSidesView};
use crate::access::{CaseRow, CasesQuery, Ended};
use crate::db::CaseId;
use crate::http::{Answer, Call, Created, Listed, Listing, Query, operations};
use crate::identity::{CaseStaff, Staff, Supervisor};
use crate::transitions::ActionsView;
use crate::tx::Tx;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    updates::app(routes);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_case list_cases get_case approve_case refuse_case close_case get_case_actions list_case_events
        get_case_view list_case_timeline
    }
    bridge::partner(routes);
    updates::partner(routes);
}

/// Propose a case
///
/// Links a survivor to a participant by their references. It may be used once a supervisor of each side has approved.
#[utoipa::path(post, path = "/cases", tag = "cases", extensions(("x-who" = json!(["advocate", "practitioner"]))))]
async fn create_case(call: Call<CaseStaff, (), ProposeCaseBody>) -> Created<ProposedCaseView> {
    call.once_as(propose::propose, |row: CaseRow, _: &[_]| ProposedCaseView::of(row)).await
}

/// List the cases you work with
///
/// For a supervisor, all of the organisation. Newest first, in every state without `state`.
#[utoipa::path(get, path = "/cases", tag = "cases")]
async fn list_cases(call: Call<CaseStaff, (), Query<CasesQuery>>) -> Listed<CaseView> {
    call.page_as(find::list, FoundCase::cursor, |case| Ok(case.view())).await
}

/// Read a case
#[utoipa::path(get, path = "/cases/{id}", tag = "cases")]
async fn get_case(call: Call<CaseStaff, CaseId>) -> Answer<CaseView> {
    call.show(find::find, |_, case| Ok(case.view())).await
}

/// Nothing more to say.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApproveCaseBody {}

/// Approve a case for your side
///
/// `active` once a supervisor of each side has approved; 409 when yours has done so already.
#[utoipa::path(post, path = "/cases/{id}/approve", tag = "cases", request_body = Option<ApproveCaseBody>)]
async fn approve_case(call: Call<Supervisor, CaseId, ApproveCaseBody>) -> Answer<ApprovedCaseView> {
    call.once(propose::approve).await
}

/// Refuse a case that was proposed
///
/// By a supervisor of either side, before both have approved.
#[utoipa::path(post, path = "/cases/{id}/refuse", tag = "cases")]
async fn refuse_case(call: Call<Supervisor, CaseId, EndCaseBody>) -> Answer<ApprovedCaseView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: CaseId, body: &EndCaseBody| {
        propose::end(tx, staff, id, Ended::Refused, body)
    })
    .await
}

/// Close a case
///
/// By a supervisor of either side. From then on nothing crosses it: each side sees its own record alone.
#[utoipa::path(post, path = "/cases/{id}/close", tag = "cases")]
async fn close_case(call: Call<Supervisor, CaseId, EndCaseBody>) -> Answer<ApprovedCaseView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: CaseId, body: &EndCaseBody| {
        propose::end(tx, staff, id, Ended::Closed, body)
    })
    .await
}

/// Read what you may do with a case now
#[utoipa::path(get, path = "/cases/{id}/actions", tag = "cases")]
async fn get_case_actions(call: Call<CaseStaff, CaseId>) -> Answer<ActionsView> {
    call.run(find::actions).await
}

/// Read what was done with a case, by whom and why
#[utoipa::path(get, path = "/cases/{id}/events", tag = "cases")]
async fn list_case_events(call: Listing<CaseStaff, CaseId>) -> Listed<CaseEventView> {
    call.page_as(find::events, |row| (row.at, row.id.0), |row| Ok(CaseEventView::from(row))).await
}

/// Read both sides of a case
///
/// The survivor's check-ins, incidents and alerts beside the participant's goals, sessions and orders, as far as your
/// role and the survivor's agreement allow; `redactions` names what is withheld and why. Signals are never to be raised
/// in a session.
#[utoipa::path(get, path = "/cases/{id}/view", tag = "cases")]
async fn get_case_view(call: Call<CaseStaff, CaseId>) -> Answer<CaseSidesView> {
    call.show(view::read, CaseSides::view).await
}

/// Read the timeline of a case
///
/// Both sides, newest first, by the same rules as the view.
#[utoipa::path(get, path = "/cases/{id}/timeline", tag = "cases")]
async fn list_case_timeline(call: Listing<CaseStaff, CaseId>) -> Listed<TimelineItem> {
    call.page_as(timeline::list, TimelineEntry::key, TimelineEntry::view).await
}
