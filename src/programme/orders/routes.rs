//! URLs of the order register.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::change::{self, DischargeOrderBody, NotifyOrderBody, ServeOrderBody};
use super::correct::{self, CreateOrderCorrectionBody};
use super::duties::{self, OrderDutyView};
use super::{CreateOrderBody, MadeOrderView, OrderView};
use crate::access::{self, ActionsView};
use crate::app::App;
use crate::db::{OrderId, ParticipantId};
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, create, created, ok};
use crate::identity::{OrderStaff, ProgrammeStaff, ReferralStaff};
use crate::programme::model::OrderWithConditions;
use crate::programme::store;
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_order)
        .service(list_participant_orders)
        .service(get_order)
        .service(get_order_actions)
        .service(get_order_duties)
        .service(create_order_service)
        .service(create_order_notification)
        .service(create_order_discharge)
        .service(create_order_correction);
}

/// Record an order with its conditions
///
/// By a practitioner who works with the participant, or by an officer of their home force. What an order says never
/// changes but by correction: record a varied one anew, with `replaces_order_id`. A full order (`spo`) lasts at least two years or until
/// further order.
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
    let work = move |tx: &mut Tx<'_>| super::record(tx, &staff, id, &body);
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
        Page::of(rows, limit, key, |found| OrderView::of(tx.keys, &found))
    };
    Ok(app.transact(actor, "list_participant_orders", work).await?.respond(&http))
}

/// See an order with its conditions
///
/// Also by an officer of the participant's home force.
#[utoipa::path(tag = "programme", params(("id" = OrderId, Path, description = "The order")),
    responses((status = 200, body = OrderView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor", "police"]))))]
#[get("/orders/{id}")]
async fn get_order(app: web::Data<App>, staff: ReferralStaff, id: web::Path<OrderId>) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let (_, found) = change::order_for(tx, &staff, id)?;
        OrderView::of(tx.keys, &found)
    };
    Ok(ok(app.transact(actor, "get_order", work).await?))
}

/// See where an order stands, and what you may do with it now
#[utoipa::path(tag = "programme", params(("id" = OrderId, Path, description = "The order")),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor", "police"]))))]
#[get("/orders/{id}/actions")]
async fn get_order_actions(app: web::Data<App>, staff: ReferralStaff, id: web::Path<OrderId>) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| change::actions(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_order_actions", work).await?))
}

/// The due points of an order, in the order of their days.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct OrderDutiesView {
    /// The notification to police, and the order's end in 60, 30 and 7 days.
    items: Vec<OrderDutyView>,
}

/// See the due points of an order
///
/// The last day to notify the police on (three days, the day of service counted), and when its end is 60, 30 and 7 days
/// away.
#[utoipa::path(tag = "programme", params(("id" = OrderId, Path, description = "The order")),
    responses((status = 200, body = OrderDutiesView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor", "police"]))))]
#[get("/orders/{id}/duties")]
async fn get_order_duties(app: web::Data<App>, staff: ReferralStaff, id: web::Path<OrderId>) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        change::order_for(tx, &staff, id)?;
        let items = duties::list(tx.conn, id)?.into_iter().map(OrderDutyView::from).collect();
        Ok(OrderDutiesView { items })
    };
    Ok(ok(app.transact(actor, "get_order_duties", work).await?))
}

/// Record the service of an order
///
/// The time to notify the police runs from it.
#[utoipa::path(tag = "programme", params(("id" = OrderId, Path, description = "The order")),
    request_body = ServeOrderBody, responses((status = 200, body = OrderView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "police"]))))]
#[post("/orders/{id}/service")]
async fn create_order_service(
    app: web::Data<App>,
    staff: OrderStaff,
    id: web::Path<OrderId>,
    request: Request<ServeOrderBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let found = change::serve(tx, &staff, id, &body)?;
        OrderView::of(tx.keys, &found)
    };
    create(&app, actor, "create_order_service", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Record that the participant notified the police
#[utoipa::path(tag = "programme", params(("id" = OrderId, Path, description = "The order")),
    request_body = NotifyOrderBody, responses((status = 200, body = OrderView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "police"]))))]
#[post("/orders/{id}/notification")]
async fn create_order_notification(
    app: web::Data<App>,
    staff: OrderStaff,
    id: web::Path<OrderId>,
    request: Request<NotifyOrderBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let found = change::notify(tx, &staff, id, &body)?;
        OrderView::of(tx.keys, &found)
    };
    create(&app, actor, "create_order_notification", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Record that a court discharged an order
///
/// Its conditions bind to that day and no longer; its due points fall away.
#[utoipa::path(tag = "programme", params(("id" = OrderId, Path, description = "The order")),
    request_body = DischargeOrderBody, responses((status = 200, body = OrderView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "police"]))))]
#[post("/orders/{id}/discharge")]
async fn create_order_discharge(
    app: web::Data<App>,
    staff: OrderStaff,
    id: web::Path<OrderId>,
    request: Request<DischargeOrderBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let found = change::discharge(tx, &staff, id, &body)?;
        OrderView::of(tx.keys, &found)
    };
    create(&app, actor, "create_order_discharge", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Correct what was recorded wrongly of an order
///
/// For a slip of the pen, not for what a court decided since: that is an order in its place, or its discharge. What is not
/// named stays, what stood there before is kept with the reason, and due points are reckoned again.
#[utoipa::path(tag = "programme", params(("id" = OrderId, Path, description = "The order")),
    request_body = CreateOrderCorrectionBody, responses((status = 201, body = OrderView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "police"]))))]
#[post("/orders/{id}/corrections")]
async fn create_order_correction(
    app: web::Data<App>,
    staff: OrderStaff,
    id: web::Path<OrderId>,
    request: Request<CreateOrderCorrectionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let found = correct::correct(tx, &staff, id, &body)?;
        OrderView::of(tx.keys, &found)
    };
    created(&app, actor, "create_order_correction", (call, Keep::Answer), work, |view, _| view).await
}
