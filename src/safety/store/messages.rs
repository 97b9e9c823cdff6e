//! SQL of messages.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::db::schema::messages;
use crate::db::{DbConn, Instant, MessageId, SubjectId, SurvivorId, cached};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};
use crate::safety::author::AuthorKind;
use crate::safety::messages::Message;

pub fn insert_message(conn: &mut DbConn, row: Message) -> Result<()> {
    diesel::insert_into(messages::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_message(conn: &mut DbConn, access: &SurvivorAccess, id: MessageId) -> Result<Option<Message>> {
    Ok(Message::query().find(id).filter(messages::survivor_id.eq(access.id())).first(conn).optional()?)
}

/// Whether something that this side wrote waits to be read.
pub fn has_unread(conn: &mut DbConn, survivor: SurvivorId, from: AuthorKind) -> Result<bool> {
    let waiting = messages::table
        .filter(messages::survivor_id.eq(survivor))
        .filter(messages::read_at.is_null())
        .filter(messages::author_kind.eq(from));
    Ok(waiting.select(messages::id).first::<MessageId>(conn).optional()?.is_some())
}

/// The whole thread, newest first, for the survivor's side.
pub fn list_messages(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Message>> {
    let rows = Message::query().filter(messages::survivor_id.eq(access.id())).into_boxed();
    Ok(rows.page(messages::id, MessageId, after, limit).load(conn)?)
}

/// The thread as the survivor's phone shows it: without what was written under duress.
pub fn list_own_messages(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Message>> {
    let rows = Message::query()
        .filter(messages::survivor_id.eq(access.id()))
        .filter(messages::is_duress.eq(false))
        .into_boxed();
    Ok(rows.page(messages::id, MessageId, after, limit).load(conn)?)
}

/// What survivors wrote and nobody of their side has read, newest first.
pub fn list_unread(
    conn: &mut DbConn,
    survivors: Vec<SurvivorId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Message>> {
    let rows = Message::query()
        .filter(messages::survivor_id.eq_any(survivors))
        .filter(messages::read_at.is_null())
        .filter(messages::author_kind.eq(AuthorKind::Survivor))
        .into_boxed();
    Ok(rows.page(messages::id, MessageId, after, limit).load(conn)?)
}

/// Marks read what one side wrote up to a message, where nobody had read it.
pub fn set_messages_read(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    (from, up_to): (AuthorKind, MessageId),
    by: SubjectId,
    now: Instant,
) -> Result<usize> {
    let unread = messages::table
        .filter(messages::survivor_id.eq(access.id()))
        .filter(messages::author_kind.eq(from))
        .filter(messages::id.le(up_to))
        .filter(messages::read_at.is_null());
    let read = (messages::read_at.eq(Some(now)), messages::read_by.eq(Some(by)));
    Ok(cached(diesel::update(unread).set(read)).execute(conn)?)
}
