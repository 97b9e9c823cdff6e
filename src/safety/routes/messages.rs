//! Messages: the survivor's phone and the staff of their side.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::{MessageId, SurvivorId};
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, created, ok};
use crate::identity::{SupportStaff, Survivor};
use crate::safety::messages::{
    self, CreateMessageBody, Message, MessageView, ReadView, SentMessageView, StaffMessageView, UnreadMessageView,
};
use crate::safety::store;
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    routes.service(list_messages).service(create_message).service(record_message_read);
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes
        .service(list_unread_messages)
        .service(list_survivor_messages)
        .service(create_survivor_message)
        .service(record_survivor_message_read);
}

fn key(row: &Message) -> crate::http::page::Cursor {
    (row.sent_at, row.id.0)
}

/// List your messages
///
/// Between you and your advocates.
#[utoipa::path(tag = "messages", params(PageQuery), responses((status = 200, body = Page<MessageView>)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/messages")]
async fn list_messages(
    app: web::Data<App>,
    who: Survivor,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let rows = app.db.read(move |conn| store::list_own_messages(conn, &access::own(&who), after, limit)).await?;
    Ok(app.page(rows, limit, key, MessageView::of).await?.respond(&http))
}

/// Write to your advocates
///
/// They are told that something waits. This is not an emergency service: call 999, or press help-now.
#[utoipa::path(tag = "messages", request_body = CreateMessageBody, responses((status = 201, body = MessageView)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/messages")]
async fn create_message(
    app: web::Data<App>,
    who: Survivor,
    request: Request<CreateMessageBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read_keyed()?;
    let work = {
        let who = who.clone();
        move |tx: &mut Tx<'_>| messages::send_own(tx, &who, &body)
    };
    created(&app, who.actor(), "create_message", (call, Keep::Answer), work, |view, _| view).await
}

/// Say that you have read your messages
///
/// Up to this one; your advocates see when.
#[utoipa::path(tag = "messages", responses((status = 200, body = ReadView)), params(("id" = MessageId, Path)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[put("/messages/{id}/read")]
async fn record_message_read(app: web::Data<App>, who: Survivor, id: web::Path<MessageId>) -> Result<HttpResponse> {
    let (actor, id) = (who.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| messages::read_own(tx, &who, id);
    Ok(ok(app.transact(actor, "record_message_read", work).await?))
}

/// List messages that wait for somebody to read them
///
/// Of the survivors you work with.
#[utoipa::path(tag = "messages", params(PageQuery), responses((status = 200, body = Page<UnreadMessageView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/messages/unread")]
async fn list_unread_messages(
    app: web::Data<App>,
    staff: SupportStaff,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller) = (query.0.limit()?, query.0.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| messages::unread(tx, &caller, after, limit);
    let rows = app.transact(staff.actor(), "list_unread_messages", work).await?;
    Ok(Page::of(rows, limit, key, |row| Ok(UnreadMessageView::of(&row)))?.respond(&http))
}

/// List the messages between a survivor and their advocates
#[utoipa::path(tag = "messages", params(PageQuery, ("id" = SurvivorId, Path)),
    responses((status = 200, body = Page<StaffMessageView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/messages")]
async fn list_survivor_messages(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller, id) = (query.0.limit()?, query.0.after()?, staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        store::list_messages(tx.conn, &access, after, limit)
    };
    let rows = app.transact(staff.actor(), "list_survivor_messages", work).await?;
    Ok(app.page(rows, limit, key, StaffMessageView::of).await?.respond(&http))
}

/// Write to a survivor
///
/// What leaves for their phone is a neutral notice, as the safe-contact plan allows; the words stay in the app.
#[utoipa::path(tag = "messages", request_body = CreateMessageBody, responses((status = 201, body = SentMessageView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/messages")]
async fn create_survivor_message(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    request: Request<CreateMessageBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| messages::send(tx, &caller, id, &body);
    created(&app, actor, "create_survivor_message", (call, Keep::Answer), work, |view, _| view).await
}

/// Say that you have read a survivor's messages
///
/// Up to this one; the survivor sees when.
#[utoipa::path(tag = "messages", responses((status = 200, body = ReadView)),
    params(("id" = SurvivorId, Path), ("message_id" = MessageId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[put("/survivors/{id}/messages/{message_id}/read")]
async fn record_survivor_message_read(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, MessageId)>,
) -> Result<HttpResponse> {
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| messages::read(tx, &caller, path);
    Ok(ok(app.transact(staff.actor(), "record_survivor_message_read", work).await?))
}
