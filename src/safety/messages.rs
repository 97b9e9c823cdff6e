//! Messages between a survivor and their advocates: sent once, read once, never changed. What tells of one is neutral.

use std::collections::HashMap;

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::author::{Author, AuthorKind, notify_assigned};
use super::store;
use crate::access::{self, SurvivorAccess};
use crate::contact;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::messages;
use crate::db::{Instant, MessageId, SubjectId, SurvivorId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::page::Cursor;
use crate::http::{ListRequest, limits, list_query};
use crate::identity::{self, Staff, Survivor};
use crate::notify::Template;
use crate::tx::{Subject, Tx};

/// A message.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
pub struct Message {
    pub id: MessageId,
    pub survivor_id: SurvivorId,
    pub author_kind: AuthorKind,
    pub author_id: SubjectId,
    pub body: Sealed,
    pub sent_at: Instant,
    pub read_at: Option<Instant>,
    pub read_by: Option<SubjectId>,
    pub is_duress: bool,
}
sealed_row!(Message, "messages", survivor_id, id);

/// A new message.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateMessageBody {
    /// What you want to say.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Could we speak on Thursday?")]
    body: Private,
}

/// A message.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct MessageView {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub from: AuthorKind,
    /// What it says.
    pub body: String,
    /// When it was sent.
    pub sent_at: Instant,
    /// When the other side read it.
    pub read_at: Option<Instant>,
}

impl MessageView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &Message) -> Result<Self> {
        Ok(Self {
            id: row.id,
            from: row.author_kind,
            body: open!(keys, row.body)?.shown(),
            sent_at: row.sent_at,
            read_at: row.read_at,
        })
    }
}

/// A message as staff see it.
#[derive(Serialize, ToSchema)]
pub struct StaffMessageView {
    /// The message.
    #[serde(flatten)]
    pub message: MessageView,
    /// Which member of staff or survivor wrote it.
    pub author_id: SubjectId,
    /// Whether it was written under duress.
    pub is_duress: bool,
}

impl StaffMessageView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &Message) -> Result<Self> {
        let message = MessageView::of(keys, row)?;
        Ok(Self { message, author_id: row.author_id, is_duress: row.is_duress })
    }
}

list_query! {
    /// Which messages that wait to list.
    pub struct UnreadMessagesQuery {
        /// Only those of this survivor.
        pub survivor_id: Option<SurvivorId>,
        /// With `true`, only those of survivors to whom you are assigned.
        pub mine: Option<bool>,
    }
}

/// A message that waits for somebody of the survivor's side. What it says is read where it is.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadMessageView {
    /// Its id.
    pub id: MessageId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// The survivor's reference for people.
    #[schema(example = "SV-6F2K-8C3D-M")]
    pub survivor_reference: Option<String>,
    /// When it was sent.
    pub sent_at: Instant,
    /// Whether it was written under duress.
    pub is_duress: bool,
}

impl UnreadMessageView {
    /// The view of a row.
    pub fn of(row: &Message, references: &HashMap<SurvivorId, String>) -> Self {
        let survivor_reference = references.get(&row.survivor_id).cloned();
        let Message { id, survivor_id, sent_at, is_duress, .. } = *row;
        Self { id, survivor_id, survivor_reference, sent_at, is_duress }
    }
}

/// A message that a member of staff sent.
#[derive(Serialize, ToSchema)]
pub struct SentMessageView {
    /// The message.
    #[serde(flatten)]
    pub message: MessageView,
    /// Whether the survivor is notified, in neutral words, that there is something: `queued`, `throttled`, `no_channel`,
    /// `no_consent` or `unsafe_contact`.
    #[schema(example = "queued")]
    pub notice: &'static str,
}

/// How many messages were read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadView {
    /// Those that nobody had read before.
    #[schema(example = 1)]
    pub read: usize,
}

/// Sends what the survivor writes to their advocates, who are notified once until somebody has read it.
pub fn send_own(tx: &mut Tx<'_>, who: &Survivor, body: &CreateMessageBody) -> Result<MessageView> {
    let access = access::own(who);
    let is_known = store::has_unread(tx.conn, who.id, AuthorKind::Survivor)?;
    let row = keep(tx, &access, Author::from(who), body)?;
    if !is_known {
        notify_assigned(tx, who.id, "messages")?;
    }
    MessageView::of(tx.keys, &row)
}

/// Tells of what a survivor wrote and nobody has read once more, since those who were notified can see to it no more.
pub fn notify_of_unread(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    match store::has_unread(tx.conn, survivor, AuthorKind::Survivor)? {
        true => notify_assigned(tx, survivor, "messages"),
        false => Ok(()),
    }
}

/// Sends what a member of staff writes. All that leaves for the phone is a neutral notice, as the safe-contact plan
/// allows.
pub fn send(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, body: &CreateMessageBody) -> Result<SentMessageView> {
    let access = access::survivor(tx, staff, survivor)?;
    let row = keep(tx, &access, Author::from(staff), body)?;
    let notice = contact::enqueue_survivor(tx, survivor, Template::Nudge)?.word();
    Ok(SentMessageView { message: MessageView::of(tx.keys, &row)?, notice })
}

fn keep(tx: &mut Tx<'_>, access: &SurvivorAccess, by: Author, body: &CreateMessageBody) -> Result<Message> {
    let (id, survivor) = (MessageId::new(tx.now), access.id());
    let new = Message::sealing(tx.keys, survivor, id);
    let row = Message {
        id,
        survivor_id: survivor,
        author_kind: by.kind,
        author_id: by.id,
        body: seal!(new.body, &body.body)?,
        sent_at: tx.now,
        read_at: None,
        read_by: None,
        is_duress: by.is_duress,
    };
    store::insert_message(tx.conn, row.clone())?;
    tx.emit(Event::MessageSent { survivor, message: id });
    tx.about(Subject::of("survivor", survivor));
    Ok(row)
}

/// The survivor has read their advocates' messages up to this one. Under duress none of those is there: all that
/// such a session knows is what it sent itself.
pub fn read_own(tx: &mut Tx<'_>, who: &Survivor, id: MessageId) -> Result<ReadView> {
    let access = access::own(who);
    let known = store::find_message(tx.conn, &access, id)?;
    known.filter(|message| message.is_duress == who.is_duress).ok_or(Error::NotFound)?;
    if who.is_duress {
        tx.about(Subject::of("survivor", who.id));
        return Ok(ReadView { read: 0 });
    }
    mark(tx, &access, AuthorKind::Staff, id, who.id.into())
}

/// The messages between a survivor and their side, newest first.
///
/// # Errors
/// 404 for everybody who does not work with them.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Message>> {
    let access = access::survivor(tx, staff, survivor)?;
    store::list_messages(tx.conn, &access, after, limit)
}

/// A member of staff has read the survivor's messages up to this one.
pub fn read(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, MessageId)) -> Result<ReadView> {
    let access = access::survivor(tx, staff, survivor)?;
    store::find_message(tx.conn, &access, id)?.ok_or(Error::NotFound)?;
    mark(tx, &access, AuthorKind::Survivor, id, staff.id.into())
}

fn mark(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    from: AuthorKind,
    up_to: MessageId,
    by: SubjectId,
) -> Result<ReadView> {
    tx.about(Subject::of("survivor", access.id()));
    Ok(ReadView { read: store::set_messages_read(tx.conn, access, (from, up_to), by, tx.now)? })
}

/// What survivors wrote to the caller's side and nobody has read, of those whom the caller works with.
/// The filters only narrow that. With the survivors' references.
pub fn unread(
    tx: &mut Tx<'_>,
    staff: &Staff,
    asked: &ListRequest<UnreadMessagesQuery>,
) -> Result<(Vec<Message>, HashMap<SurvivorId, String>)> {
    let mut survivors = access::visible_survivors(tx.conn, staff, asked.query.mine)?;
    survivors.retain(|id| asked.query.survivor_id.is_none_or(|only| only == *id));
    let rows = store::list_unread(tx.conn, survivors, asked.after, asked.limit)?;
    let about = rows.iter().map(|row| row.survivor_id).collect();
    Ok((rows, identity::survivor_references(tx.conn, about)?))
}
