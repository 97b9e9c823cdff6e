//! URLs of the order register.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::ParticipantId;
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, created};
use crate::identity::{OrderStaff, ProgrammeStaff};
use crate::programme::model::OrderWithConditions;
use crate::programme::orders::{self, CreateOrderBody, MadeOrderView, OrderView};
use crate::programme::store;
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(create_order).service(list_participant_orders);
}

/// Record an order with its conditions
///
/// By a practitioner who works with the participant, or by an officer of their home force. An order never changes;
/// record a varied one anew.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateOrderBody, responses((status = 201, body = MadeOrderView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "police"]))))]
#[post("/participants/{id}/orders")]
async fn create_order(
    app: web::Data<App>,
    staff: OrderStaff,
    id: web::Path<ParticipantId>,
    request: Request<CreateOrderBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| orders::record(tx, &staff, id, &body);
    created(&app, actor, "create_order", (call, Keep::Answer), work, |made, _| made).await
}

/// List a participant's orders
///
/// The latest recorded first, expired ones too.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<OrderView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/orders")]
async fn list_participant_orders(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::participant(tx, &staff, id)?;
        let rows = store::list_orders_page(tx.conn, &access, after, limit)?;
        let key = |found: &OrderWithConditions| found.order.cursor();
        Page::of(rows, limit, key, |found| OrderView::of(&tx.app.keys, &found))
    };
    Ok(app.transact(actor, "list_participant_orders", work).await?.respond(&http))
}
