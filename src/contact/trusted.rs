//! Somebody whom a survivor trusts: kept by the survivor or their advocate, messaged neutrally, and only with consent.
//! A contact who is named counts after a delay, or once staff have heard the code word: it may be somebody else who
//! holds the phone. Removing is instant. The survivor's side is notified of both, the earlier contact never.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::TrustedRow;
use super::reach::ContactOutcome;
use super::store;
use crate::access::{self, SurvivorAccess};
use crate::consent::{Ledger, Scope};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{DbConn, Instant, Json, SubjectId, SurvivorId, TrustedContactId};
use crate::error::{Error, Result};
use crate::events::{Event, Lowered};
use crate::http::limits;
use crate::http::page::readable;
use crate::identity::{self, Staff};
use crate::notify::{
    self, Channel, Destination, Language, MessageRoute, OutboxMessage, Recipient, SendVerdict, Template, Wording,
};
use crate::tx::{Subject, Tx};
use crate::writing::{Extension, PhoneNumber};

/// Days for which a change shows to colleagues who do not work with the survivor.
const SHOWN_DAYS: i64 = 2;

/// A trusted contact.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustedContactBody {
    /// Who it is.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Bea, my sister")]
    name: Private,
    /// A telephone that takes text messages.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "+44 7700 900789")]
    phone: Private,
}

/// The code word that was heard.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeardCodeWordBody {
    /// What the survivor said.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 200, example = "marigold")]
    pub code_word: Private,
}

/// The trusted contact, as it is now.
#[derive(Serialize, ToSchema)]
pub struct TrustedContactView {
    /// Who it is.
    pub name: String,
    /// Their telephone.
    #[schema(example = "+447700900789")]
    pub phone: String,
    /// Who set it: `survivor` or `staff`.
    #[schema(example = "survivor")]
    pub set_by: String,
    /// When.
    pub set_at: Instant,
    /// From when they may get messages: until then the contact before does.
    pub starts_at: Instant,
    /// Whether that is so now.
    pub is_in_force: bool,
}

impl TrustedContactView {
    fn of(keys: &Keys, row: &TrustedRow, now: Instant) -> Result<Self> {
        Ok(Self {
            name: open!(keys, row.name)?.shown(),
            phone: open!(keys, row.phone)?.shown(),
            set_by: row.set_by_kind.clone(),
            set_at: row.created_at,
            starts_at: row.starts_at,
            is_in_force: row.removed_at.is_none() && row.starts_at <= now,
        })
    }
}

/// The trusted contact for the survivor's own side, with who it was before.
#[derive(Serialize, ToSchema)]
pub struct StaffTrustedContactView {
    /// Who was named last; absent with all that follows where they were removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+447700900789")]
    pub phone: Option<String>,
    /// Who set it: `survivor` or `staff`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "survivor")]
    pub set_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_at: Option<Instant>,
    /// From when they may get messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Instant>,
    /// Whether that is so now.
    pub is_in_force: bool,
    /// Those before, newest first, also one who gets messages until the other counts.
    pub before: Vec<EarlierTrustedContactView>,
    /// Those before that are there and could not be read, by their ids; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unreadable: Vec<Uuid>,
}

/// A trusted contact of before.
#[derive(Serialize, ToSchema)]
pub struct EarlierTrustedContactView {
    /// Who it was.
    #[serde(flatten)]
    pub contact: TrustedContactView,
    /// Since when they get no messages any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
}

/// Staff of the survivor's side who are to make sure of a change: those who read the record, and any colleague for two
/// days after it.
///
/// # Errors
/// 404 for everybody else.
pub fn for_staff(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<SurvivorAccess> {
    match access::reader(tx, staff, survivor).map(|reading| reading.access) {
        Err(Error::NotFound) if store::has_changed_since(tx.conn, survivor, tx.now.plus_days(-SHOWN_DAYS))? => {
            access::colleague(tx, staff, survivor)
        }
        found => found,
    }
}

/// The trusted contact of a survivor that was named last: it counts, or will.
///
/// # Errors
/// 404 where there is none.
pub fn find(conn: &mut DbConn, keys: &Keys, access: &SurvivorAccess, now: Instant) -> Result<TrustedContactView> {
    let row = match store::find_trusted_to_come(conn, access.id(), now)? {
        Some(row) => row,
        None => store::find_trusted(conn, access.id(), now)?.ok_or(Error::NotFound)?,
    };
    TrustedContactView::of(keys, &row, now)
}

/// The same with those before, for the survivor's own side.
///
/// # Errors
/// 404 where there never was one.
pub fn find_with_those_before(tx: &mut Tx<'_>, access: &SurvivorAccess) -> Result<StaffTrustedContactView> {
    let (keys, now) = (tx.keys, tx.now);
    let mut rows = store::list_trusted(tx.conn, access.id())?;
    if rows.is_empty() {
        return Err(Error::NotFound);
    }
    let is_there = rows.first().is_some_and(|newest| newest.removed_at.is_none());
    let newest = if is_there { Some(TrustedContactView::of(keys, &rows.remove(0), now)?) } else { None };
    let ended = newest.as_ref().filter(|newest| newest.is_in_force).map(|newest| newest.starts_at);
    let earlier = |row: &TrustedRow| {
        let (ended_at, view) = (row.removed_at.or(ended), TrustedContactView::of(keys, row, now)?);
        let contact = TrustedContactView { is_in_force: view.is_in_force && ended_at.is_none(), ..view };
        Ok(EarlierTrustedContactView { contact, ended_at })
    };
    let (before, unreadable) = readable(rows.iter().map(|row| (row.id.0, earlier(row))))?;
    Ok(StaffTrustedContactView {
        before,
        unreadable,
        is_in_force: newest.as_ref().is_some_and(|newest| newest.is_in_force),
        set_at: newest.as_ref().map(|newest| newest.set_at),
        starts_at: newest.as_ref().map(|newest| newest.starts_at),
        set_by: newest.as_ref().map(|newest| newest.set_by.clone()),
        phone: newest.as_ref().map(|newest| newest.phone.clone()),
        name: newest.map(|newest| newest.name),
    })
}

/// Names a trusted contact, who counts after the delay; until then the contact before does. Whether they get messages
/// is another question: `contact.trusted`. The survivor's side is notified, and nobody else.
pub fn put(tx: &mut Tx<'_>, survivor: SurvivorId, body: &TrustedContactBody) -> Result<TrustedContactView> {
    let phone = tidy_phone(tx, body)?;
    identity::lock_survivor(tx.conn, survivor)?;
    end_to_come(tx, survivor)?;
    let (keys, id, starts_at) = (tx.keys, TrustedContactId::new(tx.now), delayed(tx));
    let new = TrustedRow::sealing(keys, survivor, id);
    let row = TrustedRow {
        id,
        survivor_id: survivor,
        name: seal!(new.name, &body.name)?,
        phone: seal!(new.phone, &Private::from(phone))?,
        set_by_kind: tx.actor.kind().to_owned(),
        set_by: tx.actor.id().map_or(SubjectId::SYSTEM, SubjectId),
        created_at: tx.now,
        removed_at: None,
        starts_at,
        confirmed_by: None,
    };
    let view = TrustedContactView::of(keys, &row, tx.now)?;
    store::insert_trusted(tx.conn, row)?;
    tx.about(Subject::of("survivor", survivor));
    tx.emit(Event::ProtectionLowered { survivor, lowered: Lowered::TrustedContactNamed, due_at: starts_at });
    Ok(view)
}

/// When what begins now counts.
fn delayed(tx: &Tx<'_>) -> Instant {
    tx.now.plus_hours(i64::from(tx.settings.alert_setting_delay_hours))
}

/// Ends the contact that has yet to count; what was to be made sure of it is over.
fn end_to_come(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<bool> {
    let Some(row) = store::find_trusted_to_come(tx.conn, survivor, tx.now)? else { return Ok(false) };
    store::remove_trusted(tx.conn, row.id, tx.now)?;
    tx.emit(Event::LoweringSettled { survivor, lowered: &[Lowered::TrustedContactNamed] });
    Ok(true)
}

/// The contact that was named and does not count yet.
///
/// # Errors
/// 409 where none waits.
pub fn waiting(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<TrustedRow> {
    let waiting = store::find_trusted_to_come(tx.conn, survivor, tx.now)?;
    waiting.ok_or_else(|| Error::wrong_state("no trusted contact waits"))
}

/// Lets the contact that was named count at once: a colleague has heard the survivor's voice and code word.
///
/// # Errors
/// 409 where none waits.
pub fn confirm(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<TrustedContactView> {
    let access = access::colleague(tx, staff, survivor)?;
    let row = waiting(tx, survivor)?;
    store::confirm_trusted(tx.conn, row.id, staff.id, tx.now)?;
    tx.emit(Event::LoweringSettled { survivor, lowered: Lowered::TRUSTED_CONTACT });
    find(tx.conn, tx.keys, &access, tx.now)
}

/// Says of a trusted contact that it is kept, and keeps nothing: what is done under duress puts nobody else in the place
/// of somebody whom the survivor trusts.
pub fn show_only(tx: &mut Tx<'_>, body: &TrustedContactBody) -> Result<TrustedContactView> {
    let phone = tidy_phone(tx, body)?;
    let (name, set_by) = (body.name.shown(), tx.actor.kind().to_owned());
    Ok(TrustedContactView { name, phone, set_by, set_at: tx.now, starts_at: delayed(tx), is_in_force: false })
}

fn tidy_phone(tx: &Tx<'_>, body: &TrustedContactBody) -> Result<String> {
    let words = "must be a telephone number such as 07700 900789 or +44 7700 900789";
    let number = PhoneNumber::read(body.phone.expose_secret(), tx.settings.phone_region, Extension::Refused);
    number.map(String::from).ok_or_else(|| Error::field("/phone", "not_allowed", words))
}

/// Removes it at once, and tells the survivor's side; nothing happens where there is none.
pub fn remove(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    tx.about(Subject::of("survivor", survivor));
    identity::lock_survivor(tx.conn, survivor)?;
    let mut was_there = end_to_come(tx, survivor)?;
    while let Some(row) = store::find_trusted(tx.conn, survivor, tx.now)? {
        store::remove_trusted(tx.conn, row.id, tx.now)?;
        was_there = true;
    }
    if was_there {
        let due_at = delayed(tx);
        tx.emit(Event::ProtectionLowered { survivor, lowered: Lowered::TrustedContactRemoved, due_at });
    }
    Ok(())
}

/// Asks the trusted contact of a survivor, in neutral words, to ring; for a ladder's step.
pub fn notify_trusted(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<ContactOutcome> {
    if store::find_trusted(tx.conn, survivor, tx.now)?.is_none() || !notify::has_provider(tx.settings, Channel::Sms) {
        return Ok(ContactOutcome::NoChannel);
    }
    if !may_notify(tx, survivor)? {
        return Ok(ContactOutcome::NoConsent);
    }
    let message = OutboxMessage {
        subject: survivor.into(),
        recipient: Recipient::Trusted,
        template: Template::TrustedCallMe,
        detail: Json(json!({})),
        channel: Channel::Sms,
        device: None,
        not_before: tx.now,
        alert: None,
    };
    notify::enqueue(tx, message)?;
    Ok(ContactOutcome::Queued)
}

fn may_notify(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<bool> {
    Ok(Ledger::load(tx.conn, survivor)?.standing(Scope::ContactTrusted, tx.now).granted)
}

/// Whether, and where, the trusted contact may be notified now.
pub(super) fn ask(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<SendVerdict> {
    if !may_notify(tx, survivor)? {
        return Ok(SendVerdict::Drop(ContactOutcome::NoConsent.word()));
    }
    let Some(row) = store::find_trusted(tx.conn, survivor, tx.now)? else {
        return Ok(SendVerdict::Drop(ContactOutcome::NoChannel.word()));
    };
    let phone = open!(tx.keys, row.phone)?;
    let phone = Private::from(PhoneNumber::dialled(phone.expose_secret()));
    let language =
        identity::find_survivor(tx.conn, survivor)?.map_or(Language::English, |row| Language::of(&row.language));
    Ok(SendVerdict::Send(MessageRoute {
        address: Destination::Phone(phone),
        address_id: None,
        wording: Wording::Plain,
        language,
    }))
}
