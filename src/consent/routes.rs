//! URLs of consent: for the survivor's app, and the lawful bases that an administrator sets.

use actix_web::{HttpResponse, get, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bases::{self, DisclosurePurpose, LawfulBasisBody, LawfulBasisView};
use super::grant::{self, ConsentBody, ConsentReceiptView};
use super::ledger::Scope;
use super::store::Ledger;
use super::view::{self, ConsentView};
use crate::app::App;
use crate::db::OrganisationId;
use crate::error::{Error, Result};
use crate::http::{Page, Request, ok, whole};
use crate::identity::{Admin, Survivor};
use crate::tx::Tx;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    routes.service(list_consents).service(put_consent);
}

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    routes.service(list_lawful_bases).service(put_lawful_basis);
}

/// See what you have agreed to
///
/// Always shows what is true now: an alert setting that was turned off is still on until its delay has passed.
#[utoipa::path(tag = "consent", responses((status = 200, body = Page<ConsentView>)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/consents")]
async fn list_consents(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    let (now, id, language) = (app.clock.now(), who.id, who.language);
    let (ways, can_reach_police) = (app.settings.ways, app.hooks.can_reach_police);
    let find = move |conn: &mut _| Ok((Ledger::load(conn, id)?, can_reach_police(conn, ways, id)?));
    let (ledger, is_reachable) = app.db.read(find).await?;
    Ok(whole(view::own(&ledger, (now, is_reachable), language)))
}

/// Agree to something, or withdraw
///
/// Appends to the ledger and answers a receipt. Withdrawing a sharing scope bites at once. Turning an alert setting on
/// is instant; turning one off takes effect after a delay, and the advocate is told.
#[utoipa::path(tag = "consent", request_body = ConsentBody, responses((status = 200, body = ConsentReceiptView)),
    params(("scope" = String, Path, description = "A scope or setting", example = "share.programme.status")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[put("/consents/{scope}")]
async fn put_consent(
    app: web::Data<App>,
    who: Survivor,
    scope: web::Path<String>,
    request: Request<ConsentBody>,
) -> Result<HttpResponse> {
    let scope: Scope = scope.parse().map_err(|_| Error::NotFound)?;
    let (_, body) = request.read()?;
    let (id, is_duress, reading) = (who.id, who.is_duress, who.language);
    let work = move |tx: &mut Tx<'_>| match is_duress {
        true => grant::show_only(tx, id, scope, &body, reading),
        false => grant::decide(tx, id, scope, &body, (reading, None)),
    };
    Ok(ok(app.transact(who.actor(), "put_consent", work).await?))
}

/// See on which lawful bases an organisation discloses
#[utoipa::path(tag = "administration", responses((status = 200, body = Page<LawfulBasisView>)),
    params(("id" = OrganisationId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[get("/organisations/{id}/lawful-bases")]
async fn list_lawful_bases(app: web::Data<App>, admin: Admin, id: web::Path<OrganisationId>) -> Result<HttpResponse> {
    let id = id.into_inner();
    let items = app.transact(admin.actor(), "list_lawful_bases", move |tx: &mut Tx<'_>| bases::list(tx, id)).await?;
    Ok(whole(items))
}

/// Set the lawful basis on which an organisation discloses for a purpose
///
/// Appends: what was disclosed before keeps the basis that it was disclosed on.
#[utoipa::path(tag = "administration", request_body = LawfulBasisBody,
    responses((status = 200, body = LawfulBasisView)),
    params(("id" = OrganisationId, Path), ("purpose" = DisclosurePurpose, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[put("/organisations/{id}/lawful-bases/{purpose}")]
async fn put_lawful_basis(
    app: web::Data<App>,
    admin: Admin,
    path: web::Path<(OrganisationId, DisclosurePurpose)>,
    request: Request<LawfulBasisBody>,
) -> Result<HttpResponse> {
    let ((_, body), path, by) = (request.read()?, path.into_inner(), admin.id);
    let work = move |tx: &mut Tx<'_>| bases::put(tx, by, path, &body);
    Ok(ok(app.transact(admin.actor(), "put_lawful_basis", work).await?))
}
