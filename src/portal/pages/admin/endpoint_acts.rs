//! Endpoints of police forces: all of them, one with what was sent to it, and what an administrator does about them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::endpoint_pages::{DeliveryPage, EndpointPage, EndpointsPage, ReadEndpoint};
use super::{made, names, paths};
use crate::db::{DeliveryId, EndpointId};
use crate::error::Result;
use crate::http::etag::IfMatch;
use crate::http::{ListRequest, Page, PageQuery, Query};
use crate::identity::{self, Admin, OrganisationKind};
use crate::portal::pages::case::handle;
use crate::portal::pages::form::{FormTrouble, answer, id_text};
use crate::portal::pages::frame;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::tx::Tx;
use crate::webhooks::{
    self, AttemptView, CreateWebhookEndpointBody, DeliveriesQuery, LoggedDeliveryView, MadeEndpointView,
    PatchWebhookEndpointBody,
};

/// Messages to one endpoint that are shown on a page.
const MOST_DELIVERIES: i64 = 25;
/// Attempts of one message that are shown, the newest.
const MOST_ATTEMPTS: i64 = 100;
/// Fields of an endpoint that are no text.
const SHAPES: FieldShapes<'static> = FieldShapes { numbers: &["position"], ..FieldShapes::TEXT };
const OUT_OF_USE: &str = "is_disabled";

/// `GET /portal/admin/endpoints`
pub async fn get_endpoints(visit: Visit<Admin>, Query(query): Query<PageQuery>) -> Result<HttpResponse> {
    show_all(&visit, &query, None).await
}

async fn show_all(visit: &Visit<Admin>, query: &PageQuery, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    let (after, limit) = (query.after()?, query.limit()?);
    let work = move |tx: &mut Tx<'_>| {
        let rows = webhooks::list_every_endpoint(tx, None, after, limit)?;
        let names = names::organisations(tx, rows.iter().map(|row| row.organisation_id))?;
        Ok((rows, names, identity::list_organisations(tx.conn, OrganisationKind::PoliceForce)?))
    };
    let found = visit.app.transact(visit.who.actor(), "list_webhook_endpoints", work).await?;
    let (rows, names, forces) = found;
    let rows = Page::of(rows, limit, |row| (row.created_at, row.id.0), Ok)?;
    answer(&EndpointsPage::of(&visit.reader, (&rows, &names), &forces, trouble), trouble)
}

/// `POST /portal/admin/endpoints/new`: the secrets are shown in the answer itself.
pub async fn create(visit: Visit<Admin>, form: Filled) -> Result<HttpResponse> {
    let named = form.with("organisation_id", id_text(form.get("organisation_id")));
    let done = match named.read::<CreateWebhookEndpointBody>(&[]) {
        Ok(body) => {
            let work = move |tx: &mut Tx<'_>| webhooks::create_endpoint(tx, &body);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(made) => show_secrets(&visit, made),
        Err(error) => {
            let trouble = FormTrouble::of("endpoint", form, error)?;
            show_all(&visit, &PageQuery::of(None, None), Some(&trouble)).await
        }
    }
}

fn show_secrets(visit: &Visit<Admin>, made: MadeEndpointView) -> Result<HttpResponse> {
    let href = paths::endpoint(made.id);
    let secrets = [("portal-endpoint-secret", made.secret), ("portal-endpoint-key", made.public_key)];
    made::show(&visit.reader, &secrets, made.state, href)
}

/// `GET /portal/admin/endpoints/{endpoint}`
pub async fn get_endpoint(
    visit: Visit<Admin>,
    letters: web::Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    show(&visit, EndpointId(handle::id(&letters)?), &query, None).await
}

async fn show(
    visit: &Visit<Admin>,
    id: EndpointId,
    query: &PageQuery,
    trouble: Option<&FormTrouble>,
) -> Result<HttpResponse> {
    let after = query.after()?;
    let work = move |tx: &mut Tx<'_>| {
        let asked = ListRequest { query: DeliveriesQuery::default(), after, limit: MOST_DELIVERIES };
        let sent = webhooks::list_deliveries(tx, id, &asked)?;
        let endpoint = webhooks::read_endpoint(tx, id)?;
        let force = names::organisation(tx, Some(endpoint.organisation_id))?;
        Ok((endpoint, force, sent))
    };
    let (endpoint, force, sent) = visit.app.transact(visit.who.actor(), "list_webhook_deliveries", work).await?;
    let view = |row| Ok(LoggedDeliveryView::of(row));
    let deliveries = Page::of(sent, MOST_DELIVERIES, |(row, _)| (row.queued_at, row.id.0), view)?;
    let found = ReadEndpoint { endpoint, force, deliveries };
    answer(&EndpointPage::of(&visit.reader, &found, trouble), trouble)
}

/// `POST …/change/{version}`
pub async fn change(visit: Visit<Admin>, path: web::Path<(String, i32)>, form: Filled) -> Result<HttpResponse> {
    let read = form.read_shaped(SHAPES);
    change_as_read(&visit, path.into_inner(), ("change", form), read).await
}

/// `POST …/out-of-use/{version}`
pub async fn put_out_of_use(visit: Visit<Admin>, path: web::Path<(String, i32)>, form: Filled) -> Result<HttpResponse> {
    let read = form.with(OUT_OF_USE, true.to_string()).read(&[OUT_OF_USE]);
    change_as_read(&visit, path.into_inner(), ("use", form), read).await
}

/// `POST …/in-use/{version}`
pub async fn put_in_use(visit: Visit<Admin>, path: web::Path<(String, i32)>, form: Filled) -> Result<HttpResponse> {
    let read = form.read(&[OUT_OF_USE]);
    change_as_read(&visit, path.into_inner(), ("use", form), read).await
}

async fn change_as_read(
    visit: &Visit<Admin>,
    (letters, version): (String, i32),
    (of, form): (&str, Filled),
    read: Result<PatchWebhookEndpointBody>,
) -> Result<HttpResponse> {
    let id = EndpointId(handle::id(&letters)?);
    let done = match read {
        Ok(body) => {
            let work = move |tx: &mut Tx<'_>| webhooks::change_endpoint(tx, id, &IfMatch::of(version), &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(visit, id, (of, form), done).await
}

/// `POST …/rotate`: the new secrets are shown in the answer itself.
pub async fn rotate(visit: Visit<Admin>, letters: web::Path<String>, _form: Filled) -> Result<HttpResponse> {
    let id = EndpointId(handle::id(&letters)?);
    let work = move |tx: &mut Tx<'_>| webhooks::rotate_endpoint(tx, id);
    let made = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    show_secrets(&visit, made)
}

/// `POST …/test`
pub async fn send_test(visit: Visit<Admin>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = EndpointId(handle::id(&letters)?);
    let work = move |tx: &mut Tx<'_>| webhooks::send_test(tx, id).map(drop);
    let done = visit.app.transact(visit.who.actor(), visit.deed, work).await;
    settle(&visit, id, ("test", form), done).await
}

/// What comes of an act: the endpoint as it is now, or its page with what is wrong.
async fn settle(
    visit: &Visit<Admin>,
    id: EndpointId,
    (of, form): (&str, Filled),
    done: Result<()>,
) -> Result<HttpResponse> {
    match done {
        Ok(()) => Ok(frame::see_other(&paths::endpoint(id))),
        Err(error) => {
            let trouble = FormTrouble::of(of, form, error)?;
            show(visit, id, &PageQuery::of(None, None), Some(&trouble)).await
        }
    }
}

/// `GET /portal/admin/deliveries/{delivery}`
pub async fn get_delivery(visit: Visit<Admin>, letters: web::Path<String>) -> Result<HttpResponse> {
    let id = DeliveryId(handle::id(&letters)?);
    let work = move |tx: &mut Tx<'_>| webhooks::list_attempts(tx, id, None, MOST_ATTEMPTS);
    let rows = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    let attempts: Vec<AttemptView> = rows.into_iter().map(AttemptView::of).collect();
    frame::answer(StatusCode::OK, &DeliveryPage::of(&visit.reader, &attempts))
}

/// `POST …/replay`
pub async fn replay(visit: Visit<Admin>, letters: web::Path<String>, _form: Filled) -> Result<HttpResponse> {
    let id = DeliveryId(handle::id(&letters)?);
    let work = move |tx: &mut Tx<'_>| webhooks::replay(tx, id).map(drop);
    visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    Ok(frame::see_other(&paths::delivery(id)))
}
