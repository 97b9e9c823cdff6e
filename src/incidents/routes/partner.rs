//! `/partner/v1`: for staff of the survivor's side. What the survivor keeps for themselves, or took back, is not there.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::access::{self, ActionsView};
use crate::app::App;
use crate::db::{IncidentId, Instant, SurvivorId};
use crate::error::{Error, Result};
use crate::http::{Keep, Page, PageQuery, Query, Request, create, ok};
use crate::identity::{Staff, SupportStaff};
use crate::incidents::handle::{self, ActBody, CloseBody, IncidentStandingView, SeverityBody, TriageBody};
use crate::incidents::history::{IncidentEvent, IncidentEventView};
use crate::incidents::model::{Incident, IncidentState, IncidentVersion, Reported, Visibility};
use crate::incidents::store::{self, Sieve};
use crate::incidents::view::{IncidentView, ToldVersionView};
use crate::incidents::{linked, unread};
use crate::tx::{Raised, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_survivor_incidents)
        .service(get_survivor_incident)
        .service(get_incident_actions)
        .service(list_incident_versions)
        .service(list_incident_history)
        .service(triage_incident)
        .service(act_on_incident)
        .service(close_incident)
        .service(rate_incident);
}

/// The parameters of a survivor's incidents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct IncidentsQuery {
    /// Only those in this state.
    #[serde(default)]
    state: Option<IncidentState>,
    /// Only those of this severity or graver, 1 to 4.
    #[serde(default)]
    #[param(minimum = 1, maximum = 4)]
    least_severity: Option<i32>,
    /// Only those that name a condition which they may break, or only those that name none.
    #[serde(default)]
    is_suspected_breach: Option<bool>,
    /// Only those that happened from this moment on.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Instant>,
    /// Only those that happened before this moment.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// List the incidents of a survivor you work with
///
/// For the survivor's own side, newest first; what the survivor keeps for themselves is not among them. Listing them is
/// reading them: one that nobody reads within a day is told to the supervisor.
#[utoipa::path(tag = "incidents", params(("id" = SurvivorId, Path), IncidentsQuery),
    responses((status = 200, body = Page<IncidentView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/incidents")]
async fn list_survivor_incidents(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<IncidentsQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let IncidentsQuery { state, least_severity, is_suspected_breach, since, until, limit, cursor } = query.0;
    let sieve = Sieve { state, least_severity, is_suspected_breach, since, until };
    let page = PageQuery::of(limit, cursor);
    let (limit, after, actor, id) = (page.limit()?, page.after()?, staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &staff, id)?;
        let rows = store::list_sifted(tx.conn, &access, (Visibility::Advocate, &sieve), after, limit)?;
        let shown: Vec<IncidentId> =
            rows.iter().take(usize::try_from(limit).unwrap_or(0)).map(|row| row.incident.id).collect();
        unread::mark_read(tx, id, &shown, staff.id)?;
        let mut files = linked::kept_files(tx.conn, &shown)?;
        let key = |row: &Reported| (row.incident.received_at, row.incident.id.0);
        let view = |row: Reported| {
            let files = files.remove(&row.incident.id).unwrap_or_default();
            Ok(IncidentView::full(tx.keys, &row)?.with_files(files))
        };
        Page::of(rows, limit, key, view)
    };
    Ok(app.transact(actor, "list_survivor_incidents", work).await?.respond(&http))
}

/// See an incident of a survivor you work with
///
/// As the survivor told it last. Seeing it is reading it. 404 for one that they keep for themselves or took back.
#[utoipa::path(tag = "incidents", responses((status = 200, body = IncidentView)), params(("id" = IncidentId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/incidents/{id}")]
async fn get_survivor_incident(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<IncidentId>,
) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let (access, _) = handle::find_shown(tx, &caller, id)?;
        let reported = store::find_visible(tx.conn, &access, id)?.ok_or(Error::NotFound)?;
        let files = linked::kept_files(tx.conn, &[id])?.remove(&id).unwrap_or_default();
        Ok(IncidentView::full(tx.keys, &reported)?.with_files(files))
    };
    Ok(ok(app.transact(staff.actor(), "get_survivor_incident", work).await?))
}

/// See what you may do with an incident now
#[utoipa::path(tag = "incidents", responses((status = 200, body = ActionsView)), params(("id" = IncidentId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/incidents/{id}/actions")]
async fn get_incident_actions(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<IncidentId>,
) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| handle::actions(tx, &caller, id);
    Ok(ok(app.transact(staff.actor(), "get_incident_actions", work).await?))
}

/// List the versions of an incident
///
/// Each as the survivor told it, newest first, with why they told it anew. Versions that they kept for themselves are not
/// among them.
#[utoipa::path(tag = "incidents", params(("id" = IncidentId, Path), PageQuery),
    responses((status = 200, body = Page<ToldVersionView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/incidents/{id}/versions")]
async fn list_incident_versions(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<IncidentId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller, id) = (query.0.limit()?, query.0.after()?, staff.clone(), id.into_inner());
    let before = after.map(|(_, version)| i32::try_from(version.as_u128()).unwrap_or(i32::MAX));
    let work = move |tx: &mut Tx<'_>| {
        let (_, incident) = handle::find_shown(tx, &caller, id)?;
        let rows = store::list_versions_for(tx.conn, &incident, before, limit)?;
        let key = |row: &IncidentVersion| (row.received_at, Uuid::from_u128(u128::from(row.version.unsigned_abs())));
        Page::of(rows, limit, key, |row| ToldVersionView::of(tx.keys, &row))
    };
    Ok(app.transact(staff.actor(), "list_incident_versions", work).await?.respond(&http))
}

/// List what happened to an incident
///
/// Newest first: what was told, judged, done and decided about its severity, by whom and why. Nothing of it is ever
/// changed.
#[utoipa::path(tag = "incidents", params(("id" = IncidentId, Path), PageQuery),
    responses((status = 200, body = Page<IncidentEventView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/incidents/{id}/history")]
async fn list_incident_history(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<IncidentId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller, id) = (query.0.limit()?, query.0.after()?, staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        handle::find_shown(tx, &caller, id)?;
        let rows = store::list_events(tx.conn, id, after, limit)?;
        let key = |row: &IncidentEvent| (row.at, row.id.0);
        Page::of(rows, limit, key, |row| IncidentEventView::of(tx.keys, &row))
    };
    Ok(app.transact(staff.actor(), "list_incident_history", work).await?.respond(&http))
}

async fn respond(
    app: &App,
    staff: &Staff,
    action: &'static str,
    call: crate::http::RepeatKey,
    work: impl Fn(&mut Tx<'_>) -> Result<Incident> + Send + Sync + 'static,
) -> Result<HttpResponse> {
    let view = |incident: Incident, _: &[Raised]| IncidentStandingView::of(&incident);
    create(app, staff.actor(), action, StatusCode::OK, (call, Keep::Answer), work, view).await
}

/// Judge how soon something is to be done about an incident
#[utoipa::path(tag = "incidents", request_body = TriageBody, responses((status = 200, body = IncidentStandingView)),
    params(("id" = IncidentId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/incidents/{id}/triage")]
async fn triage_incident(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<IncidentId>,
    request: Request<TriageBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    respond(&app, &staff, "triage_incident", call, move |tx| handle::triage(tx, &caller, id, &body)).await
}

/// Record what was done about an incident
///
/// As often as something is done.
#[utoipa::path(tag = "incidents", request_body = ActBody, responses((status = 200, body = IncidentStandingView)),
    params(("id" = IncidentId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/incidents/{id}/act")]
async fn act_on_incident(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<IncidentId>,
    request: Request<ActBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    respond(&app, &staff, "act_on_incident", call, move |tx| handle::act(tx, &caller, id, &body)).await
}

/// Close an incident
///
/// Once something was done about it; one that the survivor tells anew is open again.
#[utoipa::path(tag = "incidents", request_body = CloseBody, responses((status = 200, body = IncidentStandingView)),
    params(("id" = IncidentId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/incidents/{id}/close")]
async fn close_incident(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<IncidentId>,
    request: Request<CloseBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    respond(&app, &staff, "close_incident", call, move |tx| handle::close(tx, &caller, id, &body)).await
}

/// Say how grave an incident is
///
/// An advocate may raise its severity with a reason; lowering it takes a supervisor. Software never lowers it.
#[utoipa::path(tag = "incidents", request_body = SeverityBody, responses((status = 200, body = IncidentStandingView)),
    params(("id" = IncidentId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/incidents/{id}/severity")]
async fn rate_incident(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<IncidentId>,
    request: Request<SeverityBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    respond(&app, &staff, "rate_incident", call, move |tx| handle::rate(tx, &caller, id, &body)).await
}
