//! Messages between a survivor and their side. Only a neutral notice leaves for the phone, as the safe-contact plan allows.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::forms::{RecordForms, RecordTrouble, answer, settle};
use super::head::{self, RecordHead, RecordReading};
use super::names::{self, StaffNames};
use crate::app::App;
use crate::db::{MessageId, StaffId};
use crate::error::Result;
use crate::http::Page;
use crate::identity::SupportStaff;
use crate::portal::pages::case::handle::{self, record_path};
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::portal::pages::visit::{Filled, Visit};
use crate::safety::{self, AuthorKind, CreateMessageBody, StaffMessageView};
use crate::tx::Tx;

/// Messages that are shown, the newest.
const MOST: i64 = 30;

const BODY: [FormField; 1] = [FormField {
    name: "body",
    label: "portal-message-body",
    hint: Some("portal-message-hint"),
    kind: FieldKind::Text,
}];

/// `GET …/messages`. Who has read a message is only said by pressing the button for it.
pub async fn get_messages(visit: Visit<SupportStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    show(&visit, &reference, visit.deed, None).await
}

/// `POST …/messages/send`
pub async fn send(visit: Visit<SupportStaff>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let done = match form.read::<CreateMessageBody>(&[]) {
        Ok(body) => {
            let (staff, named) = (visit.who.clone(), reference.to_string());
            let work = move |tx: &mut Tx<'_>| {
                let survivor = head::named(tx, &named)?;
                safety::send_message(tx, &staff, survivor, &body).map(drop)
            };
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle_here(&visit, &reference, done, (form, "send".to_owned())).await
}

/// `POST …/messages/read`: all that the page showed.
pub async fn mark_read(visit: Visit<SupportStaff>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = MessageId(handle::id(form.get("up_to"))?);
    let (staff, named) = (visit.who.clone(), reference.to_string());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        safety::read_messages(tx, &staff, (survivor, id)).map(drop)
    };
    let done = visit.app.transact(visit.who.actor(), visit.deed, work).await;
    settle_here(&visit, &reference, done, (form, "read".to_owned())).await
}

async fn settle_here(
    visit: &Visit<SupportStaff>,
    reference: &str,
    done: Result<()>,
    sent: (Filled, String),
) -> Result<HttpResponse> {
    match settle(done, sent, &format!("{}/messages", record_path(reference)))? {
        Ok(answer) => Ok(answer),
        Err(trouble) => show(visit, reference, "list_survivor_messages", Some(&trouble)).await,
    }
}

/// What the page is made of.
struct ReadMessages {
    reference: String,
    reading: RecordReading,
    messages: Page<StaffMessageView>,
    names: StaffNames,
}

async fn show(
    visit: &Visit<SupportStaff>,
    reference: &str,
    deed: &'static str,
    trouble: Option<&RecordTrouble>,
) -> Result<HttpResponse> {
    let read = read(&visit.app, &visit.who, reference, deed).await?;
    let reader = visit.reader.clone().in_zone(read.reading.zone.as_deref());
    answer(&MessagesPage::of(&reader, &read, trouble), trouble)
}

async fn read(app: &App, who: &SupportStaff, reference: &str, deed: &'static str) -> Result<ReadMessages> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        let rows = safety::list_messages(tx, &staff, survivor, None, MOST)?;
        Ok((rows, head::reading(tx, &staff, survivor)?))
    };
    let (rows, reading) = app.transact(who.actor(), deed, work).await?;
    let messages = app.page(rows, MOST, |row| (row.sent_at, row.id.0), StaffMessageView::of).await?;
    let of_staff = messages.items.iter().filter(|sent| sent.message.from == AuthorKind::Staff);
    let names = names::names_of(app, who, of_staff.map(|sent| StaffId(sent.author_id.0)).collect()).await?;
    Ok(ReadMessages { reference: reference.to_owned(), reading, messages, names })
}

/// The messages.
#[derive(Template)]
#[template(path = "survivors/messages.html")]
struct MessagesPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    head: RecordHead,
    send: ShownForm,
    read: Option<ReadForm>,
    lines: Vec<MessageLine>,
    has_more: bool,
    has_unreadable: bool,
}

impl<'a> MessagesPage<'a> {
    fn of(reader: &'a PageReader, read: &ReadMessages, trouble: Option<&RecordTrouble>) -> Self {
        let mut forms = RecordForms::of(reader, &read.reference, trouble);
        let messages = &read.messages.items;
        let is_waiting =
            |sent: &&StaffMessageView| sent.message.from == AuthorKind::Survivor && sent.message.read_at.is_none();
        let waiting = messages.iter().find(is_waiting);
        let send = forms.form("send", "messages/send", &BODY, "portal-send-message");
        Self {
            title: reader.title("portal-messages-title", trouble.is_some()),
            wrong: forms.wrong,
            head: RecordHead::of(reader, &read.reference, ("/messages", "portal-messages-title"), read.reading.reach),
            send,
            read: waiting.map(|newest| ReadForm {
                action: format!("{}/messages/read", record_path(&read.reference)),
                up_to: handle::letters(newest.message.id.0),
            }),
            lines: messages.iter().map(|sent| MessageLine::of(reader, &read.names, sent)).collect(),
            has_more: read.messages.next_cursor.is_some(),
            has_unreadable: !read.messages.unreadable.is_empty(),
            reader,
        }
    }
}

/// The button that says that somebody has read what the survivor wrote.
pub struct ReadForm {
    /// Where it is sent.
    pub action: String,
    /// The newest message that the page shows and nobody has read.
    pub up_to: String,
}

/// A message.
pub struct MessageLine {
    /// Who wrote it.
    pub by: String,
    /// What it says.
    pub words: String,
    /// When it was sent.
    pub at: When,
    /// When the other side read it.
    pub read: Option<When>,
    /// Whether it was written under duress.
    pub is_duress: bool,
}

impl MessageLine {
    fn of(reader: &PageReader, known: &StaffNames, sent: &StaffMessageView) -> Self {
        let by = match sent.message.from {
            AuthorKind::Survivor => reader.say("portal-by-survivor"),
            AuthorKind::Staff => names::by(reader, known, StaffId(sent.author_id.0)),
        };
        Self {
            by,
            words: sent.message.body.clone(),
            at: reader.when(sent.message.sent_at),
            read: sent.message.read_at.map(|at| reader.when(at)),
            is_duress: sent.is_duress,
        }
    }
}
