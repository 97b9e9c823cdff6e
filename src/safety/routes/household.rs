//! The household: the survivor's phone reads and adds, the staff of their side keep it.

use actix_web::{HttpResponse, delete, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::{HouseholdMemberId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::etag::{IfMatch, ok_tagged};
use crate::http::{Keep, Page, Request, created, whole};
use crate::identity::{SupportStaff, Survivor};
use crate::safety::household::{self, HouseholdMemberBody, HouseholdMemberView, StaffHouseholdMemberView};
use crate::safety::store;
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    routes.service(list_own_household).service(create_own_household_member);
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes
        .service(list_household)
        .service(create_household_member)
        .service(list_household_member_versions)
        .service(put_household_member)
        .service(delete_household_member);
}

/// See your household
///
/// In the order in which they were added.
#[utoipa::path(tag = "household", responses((status = 200, body = Page<HouseholdMemberView>)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/household")]
async fn list_own_household(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    let mut rows = app.db.read(move |conn| store::list_household(conn, &access::own(&who))).await?;
    rows.retain(|row| !row.is_duress);
    Ok(whole(app.views(&rows, HouseholdMemberView::of).await?))
}

/// Add somebody to your household
///
/// A child, somebody else who lives with you, or a pet. Your advocate sees it; the programme and the police never do.
#[utoipa::path(tag = "household", request_body = HouseholdMemberBody,
    responses((status = 201, body = HouseholdMemberView)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[post("/household")]
async fn create_own_household_member(
    app: web::Data<App>,
    who: Survivor,
    request: Request<HouseholdMemberBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read_keyed()?;
    let work = {
        let who = who.clone();
        move |tx: &mut Tx<'_>| household::create_own(tx, &who, &body)
    };
    created(&app, who.actor(), "create_own_household_member", (call, Keep::Answer), work, |view, _| view).await
}

/// See a survivor's household
///
/// In the order in which they were added.
#[utoipa::path(tag = "household", responses((status = 200, body = Page<StaffHouseholdMemberView>)), params(("id" = SurvivorId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/household")]
async fn list_household(app: web::Data<App>, staff: SupportStaff, id: web::Path<SurvivorId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        store::list_household(tx.conn, &access)
    };
    let rows = app.transact(staff.actor(), "list_household", work).await?;
    Ok(whole(app.views(&rows, StaffHouseholdMemberView::of).await?))
}

/// Add somebody to a survivor's household
#[utoipa::path(tag = "household", request_body = HouseholdMemberBody,
    responses((status = 201, body = StaffHouseholdMemberView)), params(("id" = SurvivorId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/household")]
async fn create_household_member(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    request: Request<HouseholdMemberBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| household::create(tx, &caller, id, &body);
    created(&app, actor, "create_household_member", (call, Keep::Answer), work, |view, _| view).await
}

/// See all versions of somebody of a household
#[utoipa::path(tag = "household", responses((status = 200, body = Page<StaffHouseholdMemberView>)),
    params(("id" = SurvivorId, Path), ("member_id" = HouseholdMemberId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/household/{member_id}/versions")]
async fn list_household_member_versions(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, HouseholdMemberId)>,
) -> Result<HttpResponse> {
    let (caller, (id, member)) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        let rows = store::list_member_versions(tx.conn, &access, member)?;
        if rows.is_empty() { Err(Error::NotFound) } else { Ok(rows) }
    };
    let rows = app.transact(staff.actor(), "list_household_member_versions", work).await?;
    Ok(whole(app.views(&rows, StaffHouseholdMemberView::of).await?))
}

/// Amend what is known of somebody of a household
///
/// A new version; the one before it stays. Its number stands in the `ETag`, and as `version` in every answer.
#[utoipa::path(tag = "household", request_body = HouseholdMemberBody,
    responses((status = 200, body = StaffHouseholdMemberView)),
    params(("id" = SurvivorId, Path), ("member_id" = HouseholdMemberId, Path),
        ("If-Match" = String, Header, description = "The ETag that you read")),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[put("/survivors/{id}/household/{member_id}")]
async fn put_household_member(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, HouseholdMemberId)>,
    read: IfMatch,
    request: Request<HouseholdMemberBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| household::amend(tx, &caller, path, &read, &body);
    let (version, view) = app.transact(staff.actor(), "put_household_member", work).await?;
    Ok(ok_tagged(version, view))
}

/// Take somebody off a household
///
/// What was known of them stays among the versions.
#[utoipa::path(tag = "household", responses((status = 204)),
    params(("id" = SurvivorId, Path), ("member_id" = HouseholdMemberId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[delete("/survivors/{id}/household/{member_id}")]
async fn delete_household_member(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, HouseholdMemberId)>,
) -> Result<HttpResponse> {
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| household::remove(tx, &caller, path);
    app.transact(staff.actor(), "delete_household_member", work).await?;
    Ok(HttpResponse::NoContent().finish())
}
