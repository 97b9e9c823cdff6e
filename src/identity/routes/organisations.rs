//! URLs of organisations: making, looking up and correcting them.

use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};

use crate::app::App;
use crate::db::OrganisationId;
use crate::error::Result;
use crate::http::etag::{self, IfMatch};
use crate::http::{Keep, Page, PageQuery, Query, Request, created};
use crate::identity::extract::Admin;
use crate::identity::organisations::{
    self, CreateOrganisationBody, MadeOrganisationView, OrganisationView, PatchOrganisationBody,
};
use crate::tx::Tx;

/// Make an organisation
#[utoipa::path(tag = "administration", request_body = CreateOrganisationBody,
    responses((status = 201, body = MadeOrganisationView)), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[post("/organisations")]
pub(super) async fn create_organisation(
    app: web::Data<App>,
    admin: Admin,
    request: Request<CreateOrganisationBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let work = move |tx: &mut Tx<'_>| organisations::create_organisation(tx, &body);
    created(&app, admin.actor(), "create_organisation", (call, Keep::Answer), work, |made, _| made).await
}

/// List organisations
#[utoipa::path(tag = "administration", params(PageQuery), responses((status = 200, body = Page<OrganisationView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[get("/organisations")]
pub(super) async fn list_organisations(
    app: web::Data<App>,
    admin: Admin,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let work = move |tx: &mut Tx<'_>| organisations::list(tx, after, limit);
    let rows = app.transact(admin.actor(), "list_organisations", work).await?;
    Ok(Page::of(rows, limit, |view| (view.created_at, view.id.0), Ok)?.respond(&http))
}

/// See an organisation
#[utoipa::path(tag = "administration", responses((status = 200, body = OrganisationView)),
    params(("id" = OrganisationId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[get("/organisations/{id}")]
pub(super) async fn get_organisation(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<OrganisationId>,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let work = move |tx: &mut Tx<'_>| organisations::find(tx, id);
    let view = app.transact(admin.actor(), "get_organisation", work).await?;
    Ok(etag::ok_tagged(view.version, view))
}

/// Correct an organisation
///
/// Its name, its duty desk and, of a police force, which force it is. What is left out stays.
#[utoipa::path(tag = "administration", request_body = PatchOrganisationBody,
    responses((status = 200, body = OrganisationView)),
    params(("id" = OrganisationId, Path), ("If-Match" = String, Header, description = "The ETag that you read")),
    security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[patch("/organisations/{id}")]
pub(super) async fn patch_organisation(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<OrganisationId>,
    read: IfMatch,
    request: Request<PatchOrganisationBody>,
) -> Result<HttpResponse> {
    let ((_, body), id) = (request.read()?, id.into_inner());
    let work = move |tx: &mut Tx<'_>| organisations::change(tx, id, &read, &body);
    let view = app.transact(admin.actor(), "patch_organisation", work).await?;
    Ok(etag::ok_tagged(view.version, view))
}
