//! How staff are notified that something waits, besides the portal: what they gave for it, and nothing of the survivor.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::StaffContactRow;
use super::plan::email_address;
use super::store;
use crate::crypto::{Private, SealedTable, open, seal};
use crate::db::{AlertId, Instant, Json, StaffContactId, StaffId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::{self, Staff};
use crate::notify::{
    self, Channel, Destination, Language, MessageRoute, Notification, OutboxMessage, Recipient, SendVerdict, Template,
    Wording,
};
use crate::tx::{Subject, Tx};
use crate::writing::{Extension, PhoneNumber};

/// How the caller wants to be notified. What is left out is forgotten.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffContactBody {
    /// A work e-mail address.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "asha@support.example")]
    #[serde(default)]
    email: Option<String>,
    /// A work telephone that takes text messages.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "+44 7700 900456")]
    #[serde(default)]
    phone: Option<String>,
    /// The language of the messages.
    #[garde(skip)]
    #[serde(default)]
    language: Option<Language>,
}

/// How the caller is notified from now on.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffContactView {
    /// Whether by e-mail.
    pub by_email: bool,
    /// Whether by text message.
    pub by_sms: bool,
    /// In which language.
    pub language: Language,
    /// Since when.
    pub updated_at: Instant,
}

/// Keeps how the caller is notified.
pub fn put(tx: &mut Tx<'_>, staff: &Staff, body: &StaffContactBody) -> Result<StaffContactView> {
    let number = |text: &str| PhoneNumber::read(text, tx.settings.phone_region, Extension::Refused).map(String::from);
    let parsed = |text: &Option<String>, pointer, parse: &dyn Fn(&str) -> Option<String>| match text {
        Some(text) => match parse(text) {
            Some(tidy) => Ok(Some(Private::from(tidy))),
            None => Err(Error::field(pointer, "not_allowed", "this is no such address")),
        },
        None => Ok(None),
    };
    let email = parsed(&body.email, "/email", &email_address)?;
    let phone = parsed(&body.phone, "/phone", &number)?;
    let version = store::find_staff(tx.conn, staff.id)?.map_or(1, |row| row.version + 1);
    let id = StaffContactId::new(tx.now);
    let new = StaffContactRow::sealing(tx.keys, staff.id, id).at_version(version);
    let language = body.language.unwrap_or(Language::English);
    let row = StaffContactRow {
        id,
        staff_id: staff.id,
        email: seal!(new.email, &email)?,
        phone: seal!(new.phone, &phone)?,
        language: language.to_string(),
        version,
        updated_at: tx.now,
    };
    store::put_staff(tx, row)?;
    tx.about(Subject::of("staff", staff.id));
    let (by_email, by_sms) = (email.is_some(), phone.is_some());
    Ok(StaffContactView { by_email, by_sms, language, updated_at: tx.now })
}

/// Forgets how a member of staff is notified: a member who comes back says so again.
pub fn forget_staff(tx: &mut Tx<'_>, staff: StaffId) -> Result<()> {
    store::delete_staff(tx, staff)
}

/// The level of what is no alert: mail where there is any, and no text message beside it.
pub const QUIET: i32 = 1;

/// Tells a member of staff that something waits in the portal: by e-mail, and where it is urgent (level 3 and above)
/// or there is no e-mail, by text message. False where they can be notified in the portal alone.
pub fn notify_staff(tx: &mut Tx<'_>, staff: StaffId, reference: &str, level: i32) -> Result<bool> {
    notify_staff_that(tx, staff, Template::TaskWaiting, Waiting { reference, level, triggers_since: 0, alert: None })
}

/// What waits for a member of staff, as far as a message may say.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'t> {
    /// Its reference for people.
    pub reference: &'t str,
    /// Its level, 1 to 4.
    pub level: i32,
    /// How many triggers came since people were last paged about it, where that was a moment ago.
    pub triggers_since: i32,
    /// The alert, whose opening answers the message.
    pub alert: Option<AlertId>,
}

impl Waiting<'static> {
    /// Something of a level that has no reference.
    #[must_use]
    pub fn unnamed(level: i32) -> Self {
        Self { reference: "", level, triggers_since: 0, alert: None }
    }
}

/// The same in the words of a template for staff: a drill says that it is one.
pub fn notify_staff_that(tx: &mut Tx<'_>, staff: StaffId, template: Template, waiting: Waiting<'_>) -> Result<bool> {
    notify_on(tx, staff, template, &waiting)
}

/// Notifies a member of staff of an alert; false where no way of theirs rings. One that is urgent and is not opened within a
/// minute goes on to their next way.
pub fn notify_on(tx: &mut Tx<'_>, staff: StaffId, template: Template, waiting: &Waiting<'_>) -> Result<bool> {
    let ways = ways(tx, staff)?;
    let is_urgent = waiting.level >= 3;
    // What is not urgent goes one way, and mail disturbs less.
    let quiet = if ways.contains(&Channel::Email) { Channel::Email } else { Channel::Sms };
    let used: Vec<Channel> = ways.into_iter().filter(|way| is_urgent || *way == quiet).collect();
    for channel in &used {
        queue(tx, staff, template, waiting, *channel)?;
    }
    Ok(!used.is_empty())
}

/// The ways to a member of staff that ring: an address, and a provider for it. In the order in which they are tried.
fn ways(tx: &mut Tx<'_>, staff: StaffId) -> Result<Vec<Channel>> {
    let Some(row) = store::find_staff(tx.conn, staff)? else { return Ok(Vec::new()) };
    let known = [(Channel::Email, row.email.is_some()), (Channel::Sms, row.phone.is_some())];
    let open = known.into_iter().filter(|(channel, is_known)| *is_known && notify::has_provider(tx.settings, *channel));
    Ok(open.map(|(channel, _)| channel).collect())
}

fn queue(tx: &mut Tx<'_>, staff: StaffId, template: Template, waiting: &Waiting<'_>, channel: Channel) -> Result<()> {
    let mut detail = json!({"reference": waiting.reference, "level": waiting.level});
    if let (Some(map), 1..) = (detail.as_object_mut(), waiting.triggers_since) {
        map.insert("triggers_since".to_owned(), json!(waiting.triggers_since));
    }
    let message = OutboxMessage {
        subject: staff.into(),
        recipient: Recipient::Staff,
        template,
        detail: Json(detail),
        channel,
        device: None,
        not_before: tx.now,
        alert: waiting.alert,
    };
    notify::enqueue(tx, message).map(drop)
}

/// Sends a message that nobody has answered on the next way that was not tried, word for word; false where there is none.
pub(super) fn next_way(tx: &mut Tx<'_>, message: &Notification, tried: &[Channel]) -> Result<bool> {
    let staff = StaffId(message.subject_id.0);
    let Some(channel) = ways(tx, staff)?.into_iter().find(|way| !tried.contains(way)) else { return Ok(false) };
    let next = OutboxMessage {
        subject: message.subject_id,
        recipient: Recipient::Staff,
        template: message.template,
        detail: notify::detail_of_next(message, tried),
        channel,
        device: None,
        not_before: tx.now,
        alert: message.alert_id,
    };
    notify::enqueue(tx, next)?;
    Ok(true)
}

/// Where a member of staff is notified now.
pub(super) fn ask(tx: &mut Tx<'_>, staff: StaffId, channel: Channel) -> Result<SendVerdict> {
    if identity::enabled_among(tx.conn, &[staff])?.is_empty() && !identity::begins_again(tx.conn, staff)? {
        return Ok(SendVerdict::Drop("not_in_use"));
    }
    let Some(row) = store::find_staff(tx.conn, staff)? else { return Ok(SendVerdict::Drop("no_channel")) };
    let address = match channel {
        Channel::Email => open!(tx.keys, row.email)?.map(Destination::Email),
        _ => open!(tx.keys, row.phone)?
            .map(|phone| Destination::Phone(Private::from(PhoneNumber::dialled(phone.expose_secret())))),
    };
    let language = Language::of(&row.language);
    let way =
        |address| SendVerdict::Send(MessageRoute { address, address_id: None, wording: Wording::Plain, language });
    Ok(address.map_or(SendVerdict::Drop("no_channel"), way))
}
