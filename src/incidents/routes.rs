//! URLs of incidents, for the survivor's app and their own side's staff.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Incident, Reported, Visibility};
use super::report::{AmendBody, IncidentBody, Report};
use super::view::{
    IncidentVersionView, IncidentView, OwnIncidentDetailView, OwnIncidentView, SubmittedIncidentView,
    WithdrawnIncidentView,
};
use super::withdraw::{self, WithdrawBody};
use super::{store, submit, unread};
use crate::access;
use crate::app::App;
use crate::db::{IncidentId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::{Call, Keep, Page, PageQuery, Query, Request, create, created, ok};
use crate::identity::{SupportStaff, Survivor};
use crate::tx::{Raised, Tx};

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    routes
        .service(create_incident)
        .service(list_incidents)
        .service(get_incident)
        .service(amend_incident)
        .service(withdraw_incident);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes.service(list_survivor_incidents);
}

/// List the incidents of a survivor you work with
///
/// For the survivor's own side, newest first; what the survivor keeps for themselves is not among them. Listing them is
/// reading them: one that nobody reads within a day is told to the supervisor.
#[utoipa::path(tag = "incidents", params(("id" = SurvivorId, Path), PageQuery),
    responses((status = 200, body = Page<IncidentView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/incidents")]
async fn list_survivor_incidents(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, actor, id) = (query.0.limit()?, query.0.after()?, staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &staff, id)?;
        let rows = store::list_visible(tx.conn, &access, Visibility::Advocate, after, limit)?;
        let shown: Vec<IncidentId> =
            rows.iter().take(usize::try_from(limit).unwrap_or(0)).map(|row| row.incident.id).collect();
        unread::mark_read(tx, &shown, staff.id)?;
        let key = |row: &Reported| (row.incident.received_at, row.incident.id.0);
        Page::of(rows, limit, key, |row| IncidentView::full(&tx.app.keys, &row))
    };
    Ok(app.transact(actor, "list_survivor_incidents", work).await?.respond(&http))
}

/// Report an incident
///
/// You decide who sees it; your private note is for you alone. `alert` tells what followed at once.
#[utoipa::path(tag = "incidents", request_body = IncidentBody, responses((status = 201, body = SubmittedIncidentView)),
    security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[post("/incidents")]
async fn create_incident(app: web::Data<App>, who: Survivor, request: Request<IncidentBody>) -> Result<HttpResponse> {
    report(&app, who, request.read_keyed()?).await
}

/// Keeps a report that came by itself, or among what a phone kept while it was offline.
pub async fn report(app: &App, who: Survivor, (call, body): (Call, IncidentBody)) -> Result<HttpResponse> {
    let (actor, report) = (who.actor(), Report::from(body));
    let work = move |tx: &mut Tx<'_>| submit::submit(tx, &who, &report);
    let view = |incident: Incident, raised: &[Raised]| SubmittedIncidentView::of(&incident, raised);
    created(app, actor, "create_incident", (call, Keep::Answer), work, view).await
}

/// List your incidents
///
/// Private and withdrawn ones too.
#[utoipa::path(tag = "incidents", params(PageQuery), responses((status = 200, body = Page<OwnIncidentView>)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/incidents")]
async fn list_incidents(
    app: web::Data<App>,
    who: Survivor,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, own) = (query.0.limit()?, query.0.after()?, access::own(&who));
    let rows = app.db.read(move |conn| store::list_own(conn, &own, after, limit)).await?;
    let key = |row: &super::Reported| (row.incident.received_at, row.incident.id.0);
    let page = Page::of(rows, limit, key, |row| OwnIncidentView::of(&app.keys, &row))?;
    Ok(page.respond(&http))
}

/// See one of your incidents
///
/// With every version of it.
#[utoipa::path(tag = "incidents", responses((status = 200, body = OwnIncidentDetailView)),
    params(("id" = IncidentId, Path)), security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/incidents/{id}")]
async fn get_incident(app: web::Data<App>, who: Survivor, id: web::Path<IncidentId>) -> Result<HttpResponse> {
    let (own, id) = (access::own(&who), id.into_inner());
    let read = app.db.read(move |conn| {
        let reported = store::find_own(conn, &own, id)?.ok_or(Error::NotFound)?;
        Ok((reported, store::list_versions(conn, &own, id)?))
    });
    let (reported, versions) = read.await?;
    let versions = versions.iter().map(|version| IncidentVersionView::of(&app.keys, version));
    Ok(ok(OwnIncidentDetailView {
        incident: OwnIncidentView::of(&app.keys, &reported)?,
        versions: versions.collect::<Result<_>>()?,
    }))
}

/// Tell an incident anew
///
/// Keeps a new version beside those before it. The severity never falls by it. 409 when the incident was withdrawn.
#[utoipa::path(tag = "incidents", request_body = AmendBody, responses((status = 200, body = SubmittedIncidentView)),
    params(("id" = IncidentId, Path)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[post("/incidents/{id}/amend")]
async fn amend_incident(
    app: web::Data<App>,
    who: Survivor,
    id: web::Path<IncidentId>,
    request: Request<AmendBody>,
) -> Result<HttpResponse> {
    amend(&app, who, id.into_inner(), request.read_keyed()?).await
}

/// See [`report`].
pub async fn amend(app: &App, who: Survivor, id: IncidentId, (call, body): (Call, AmendBody)) -> Result<HttpResponse> {
    let (actor, report) = (who.actor(), body.into_report());
    let work = move |tx: &mut Tx<'_>| submit::amend(tx, &who, id, &report);
    let view = |incident: Incident, raised: &[Raised]| SubmittedIncidentView::of(&incident, raised);
    create(app, actor, "amend_incident", StatusCode::OK, (call, Keep::Answer), work, view).await
}

/// Take an incident back
///
/// It is kept, and disclosed no further. Alerts that it raised go on.
#[utoipa::path(tag = "incidents", request_body = WithdrawBody, responses((status = 200, body = WithdrawnIncidentView)),
    params(("id" = IncidentId, Path)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[post("/incidents/{id}/withdraw")]
async fn withdraw_incident(
    app: web::Data<App>,
    who: Survivor,
    id: web::Path<IncidentId>,
    request: Request<WithdrawBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read_keyed()?;
    let (actor, id) = (who.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| withdraw::withdraw(tx, &who, id, &body);
    let view = |incident: Incident, _: &[Raised]| WithdrawnIncidentView { id: incident.id, state: incident.state };
    create(&app, actor, "withdraw_incident", StatusCode::OK, (call, Keep::Answer), work, view).await
}
