//! `/app/v1/incidents/{id}/release-when`: when an incident is to be opened further.

use actix_web::{HttpResponse, delete, get, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::{DbConn, IncidentId};
use crate::error::{Error, Result};
use crate::http::Request;
use crate::http::etag::{self, IfMatch};
use crate::identity::Survivor;
use crate::incidents::release::{self, ReleaseView, ReleaseWhenBody};
use crate::incidents::store;
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_incident_release).service(put_incident_release).service(delete_incident_release);
}

/// See when an incident is to be opened further
///
/// `state` is `none` where you have said nothing.
#[utoipa::path(tag = "incidents", responses((status = 200, body = ReleaseView)), params(("id" = IncidentId, Path)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/incidents/{id}/release-when")]
async fn get_incident_release(app: web::Data<App>, who: Survivor, id: web::Path<IncidentId>) -> Result<HttpResponse> {
    let (own, id) = (access::own(&who), id.into_inner());
    let read = move |conn: &mut DbConn| {
        store::find_own(conn, &own, id)?.ok_or(Error::NotFound)?;
        store::find_release(conn, id)
    };
    let view = ReleaseView::of(app.db.read(read).await?.as_ref());
    Ok(etag::ok_tagged(view.version, view))
}

/// Say when an incident is to be opened further
///
/// After check-ins that you missed in a row, from an alert of a level on, or at a moment: whichever comes first. It is
/// told to your advocate when that happens. You may change it until then.
#[utoipa::path(tag = "incidents", request_body = ReleaseWhenBody, responses((status = 200, body = ReleaseView)),
    params(("id" = IncidentId, Path), ("If-Match" = String, Header, description = "The ETag that you read")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[put("/incidents/{id}/release-when")]
async fn put_incident_release(
    app: web::Data<App>,
    who: Survivor,
    id: web::Path<IncidentId>,
    read: IfMatch,
    request: Request<ReleaseWhenBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (actor, id) = (who.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| release::set(tx, &who, id, &read, &body);
    let view = app.transact(actor, "put_incident_release", work).await?;
    Ok(etag::ok_tagged(view.version, view))
}

/// Say that an incident is not to be opened further
///
/// 409 where nothing waits.
#[utoipa::path(tag = "incidents", responses((status = 204)), params(("id" = IncidentId, Path)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[delete("/incidents/{id}/release-when")]
async fn delete_incident_release(
    app: web::Data<App>,
    who: Survivor,
    id: web::Path<IncidentId>,
) -> Result<HttpResponse> {
    let (actor, id) = (who.actor(), id.into_inner());
    app.transact(actor, "delete_incident_release", move |tx: &mut Tx<'_>| release::cancel(tx, &who, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
