//! Messages: the survivor's phone and the staff of their side.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::{MessageId, SurvivorId};
use crate::http::reply::{page_reply, paged};
use crate::http::{Answer, Call, Created, Listed, Listing, Query, operations};
use crate::identity::{SupportStaff, Survivor};
use crate::safety::messages::{
    self, CreateMessageBody, Message, MessageView, ReadView, SentMessageView, StaffMessageView, UnreadMessageView,
    UnreadMessagesQuery,
};
use crate::safety::store;

pub(super) fn app(routes: &mut ServiceConfig) {
    operations! { routes: list_messages create_message record_message_read }
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        list_unread_messages list_survivor_messages create_survivor_message record_survivor_message_read
    }
}

fn key(row: &Message) -> crate::http::page::Cursor {
    (row.sent_at, row.id.0)
}

/// List your messages
///
/// Between you and your advocates.
#[utoipa::path(get, path = "/messages", tag = "messages")]
async fn list_messages(call: Listing<Survivor>) -> Listed<MessageView> {
    let Call { app, who, body: query, request, .. } = call;
    let (limit, after) = (query.limit()?, query.after()?);
    let rows = app.db.read(move |conn| store::list_own_messages(conn, &access::own(&who), after, limit)).await?;
    page_reply(&request, app.page(rows, limit, key, MessageView::of).await?)
}

/// Send your advocates a message
///
/// They are notified that something waits. This is not an emergency service: call 999, or press help-now.
#[utoipa::path(post, path = "/messages", tag = "messages")]
async fn create_message(call: Call<Survivor, (), CreateMessageBody>) -> Created<MessageView> {
    call.once(messages::send_own).await
}

/// Record that you have read your messages
///
/// Up to this one; your advocates see when.
#[utoipa::path(put, path = "/messages/{id}/read", tag = "messages")]
async fn record_message_read(call: Call<Survivor, MessageId>) -> Answer<ReadView> {
    call.run(messages::read_own).await
}

/// List messages that wait for somebody to read them
///
/// Of the survivors you work with.
#[utoipa::path(get, path = "/messages/unread", tag = "messages")]
async fn list_unread_messages(call: Call<SupportStaff, (), Query<UnreadMessagesQuery>>) -> Listed<UnreadMessageView> {
    let request = call.request.clone();
    let ((rows, references), limit) = call.list(messages::unread).await?;
    paged(&request, limit, rows, key, |row| Ok(UnreadMessageView::of(&row, &references)))
}

/// List the messages between a survivor and their advocates
#[utoipa::path(get, path = "/survivors/{id}/messages", tag = "messages")]
async fn list_survivor_messages(call: Listing<SupportStaff, SurvivorId>) -> Listed<StaffMessageView> {
    call.page(messages::list, key, StaffMessageView::of).await
}

/// Send a survivor a message
///
/// What leaves for their phone is a neutral notice, as the safe-contact plan allows; the words stay in the app.
#[utoipa::path(post, path = "/survivors/{id}/messages", tag = "messages")]
async fn create_survivor_message(call: Call<SupportStaff, SurvivorId, CreateMessageBody>) -> Created<SentMessageView> {
    call.once(messages::send).await
}

/// Record that you have read a survivor's messages
///
/// Up to this one; the survivor sees when.
#[utoipa::path(put, path = "/survivors/{id}/messages/{message_id}/read", tag = "messages")]
async fn record_survivor_message_read(call: Call<SupportStaff, (SurvivorId, MessageId)>) -> Answer<ReadView> {
    call.run(messages::read).await
}
