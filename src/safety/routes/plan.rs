//! The safety plan: the survivor's phone, with a PIN of the last minutes, and the staff of their side.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::SurvivorId;
use crate::http::reply::reply_tagged;
use crate::http::{Answer, Call, Listed, Listing, Matching, operations};
use crate::identity::{ConfirmedSurvivor, Staff, SupportStaff};
use crate::safety::plan::{self, ConfirmPlanBody, OwnPlanBody, PlanBody, PlanVersionView, SafetyPlanView};
use crate::safety::store;
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    operations! { routes: get_own_safety_plan put_own_safety_plan confirm_own_safety_plan }
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        get_safety_plan put_safety_plan confirm_safety_plan list_safety_plan_versions
    }
}

/// Read your safety plan
///
/// Asks for a PIN of the last 15 minutes (`POST /app/v1/session/confirm`).
#[utoipa::path(get, path = "/safety-plan", tag = "safety plan")]
async fn get_own_safety_plan(call: Call<ConfirmedSurvivor>) -> Answer<SafetyPlanView> {
    let Call { app, who, .. } = call;
    let view = app.read(move |conn, keys| plan::find(conn, keys, &access::own(&who))).await?;
    reply_tagged(view.version, view)
}

/// Replace your own part of the safety plan
///
/// A new version, to which you agree by writing it. Your advocate's part stays as it is.
#[utoipa::path(put, path = "/safety-plan", tag = "safety plan")]
async fn put_own_safety_plan(call: Call<ConfirmedSurvivor, (), Matching<OwnPlanBody>>) -> Answer<SafetyPlanView> {
    call.tagged(plan::put_own, |view| view.version).await
}

/// Agree to the safety plan as it is
#[utoipa::path(post, path = "/safety-plan/confirm", tag = "safety plan")]
async fn confirm_own_safety_plan(call: Call<ConfirmedSurvivor, (), ConfirmPlanBody>) -> Answer<SafetyPlanView> {
    call.once(plan::confirm_own).await
}

/// Read a survivor's safety plan
#[utoipa::path(get, path = "/survivors/{id}/safety-plan", tag = "safety plan")]
async fn get_safety_plan(call: Call<SupportStaff, SurvivorId>) -> Answer<SafetyPlanView> {
    call.tagged(plan::read, |view| view.version).await
}

/// Propose the advocate's part of a survivor's safety plan
///
/// A new version; the survivor's part stays as it is, and they are notified, neutrally, that there is something to agree to.
#[utoipa::path(put, path = "/survivors/{id}/safety-plan", tag = "safety plan")]
async fn put_safety_plan(call: Call<SupportStaff, SurvivorId, Matching<PlanBody>>) -> Answer<SafetyPlanView> {
    call.tagged(plan::put, |view| view.version).await
}

/// Record that you agree to a survivor's safety plan as it is
#[utoipa::path(post, path = "/survivors/{id}/safety-plan/confirm", tag = "safety plan")]
async fn confirm_safety_plan(call: Call<SupportStaff, SurvivorId, ConfirmPlanBody>) -> Answer<SafetyPlanView> {
    call.acted(plan::confirm, |tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId| {
        let access = access::survivor(tx, staff, id)?;
        plan::find(tx.conn, tx.keys, &access)
    })
    .await
}

/// List all versions of a survivor's safety plan
///
/// With what was written under duress, which has no version.
#[utoipa::path(get, path = "/survivors/{id}/safety-plan/versions", tag = "safety plan")]
async fn list_safety_plan_versions(call: Listing<SupportStaff, SurvivorId>) -> Listed<PlanVersionView> {
    call.page(
        |tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, after, limit| {
            let access = access::survivor(tx, staff, id)?;
            store::list_plan_versions(tx.conn, &access, after, limit)
        },
        |row| (row.created_at, row.id.0),
        PlanVersionView::of,
    )
    .await
}
