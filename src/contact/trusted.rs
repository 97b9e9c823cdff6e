//! Somebody whom a survivor trusts: kept by the survivor or their advocate, told neutrally, and only with consent.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::TrustedRow;
use super::reach::Told;
use super::store;
use crate::access::SurvivorAccess;
use crate::consent::{Ledger, Scope};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{DbConn, Instant, Json, SubjectId, SurvivorId, TrustedContactId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity;
use crate::notify::{self, Address, Channel, Language, Message, Recipient, Template, Verdict, Way, Wording};
use crate::tx::{Subject, Tx};
use crate::writing::{Extension, PhoneNumber};

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

/// The trusted contact, as it stands.
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
}

impl TrustedContactView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &TrustedRow) -> Result<Self> {
        Ok(Self {
            name: open!(keys, row.name)?.shown(),
            phone: open!(keys, row.phone)?.shown(),
            set_by: row.set_by_kind.clone(),
            set_at: row.created_at,
        })
    }
}

/// The trusted contact of a survivor.
///
/// # Errors
/// 404 where there is none.
pub fn find(conn: &mut DbConn, keys: &Keys, access: &SurvivorAccess) -> Result<TrustedContactView> {
    let row = store::find_trusted(conn, access.id())?.ok_or(Error::NotFound)?;
    TrustedContactView::of(keys, &row)
}

/// Keeps a trusted contact, in the place of the one before. Whether they are told is another question: `contact.trusted`.
pub fn put(tx: &mut Tx<'_>, survivor: SurvivorId, body: &TrustedContactBody) -> Result<TrustedContactView> {
    let phone = tidy_phone(tx, body)?;
    store::remove_trusted(tx.conn, survivor, tx.now)?;
    let (keys, id) = (tx.keys, TrustedContactId::new(tx.now));
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
    };
    let view = TrustedContactView::of(keys, &row)?;
    store::insert_trusted(tx.conn, row)?;
    tx.about(Subject::of("survivor", survivor));
    Ok(view)
}

/// Says of a trusted contact that it is kept, and keeps nothing: what is done under duress puts nobody else in the place
/// of somebody whom the survivor trusts.
pub fn show_only(tx: &mut Tx<'_>, body: &TrustedContactBody) -> Result<TrustedContactView> {
    let phone = tidy_phone(tx, body)?;
    let (name, set_by) = (body.name.shown(), tx.actor.kind().to_owned());
    Ok(TrustedContactView { name, phone, set_by, set_at: tx.now })
}

fn tidy_phone(tx: &Tx<'_>, body: &TrustedContactBody) -> Result<String> {
    let words = "must be a telephone number such as 07700 900789 or +44 7700 900789";
    let number = PhoneNumber::read(body.phone.expose_secret(), tx.settings.phone_region, Extension::Refused);
    number.map(String::from).ok_or_else(|| Error::field("/phone", "not_allowed", words))
}

/// Removes it; nothing happens where there is none.
pub fn remove(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    store::remove_trusted(tx.conn, survivor, tx.now)?;
    tx.about(Subject::of("survivor", survivor));
    Ok(())
}

/// Asks the trusted contact of a survivor, in neutral words, to ring; for a ladder's step.
pub fn tell_trusted(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<Told> {
    if store::find_trusted(tx.conn, survivor)?.is_none() || !notify::has_provider(tx.settings, Channel::Sms) {
        return Ok(Told::NoChannel);
    }
    if !may_tell(tx, survivor)? {
        return Ok(Told::NoConsent);
    }
    let message = Message {
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
    Ok(Told::Queued)
}

fn may_tell(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<bool> {
    Ok(Ledger::load(tx.conn, survivor)?.standing(Scope::ContactTrusted, tx.now).granted)
}

/// Whether, and where, the trusted contact may be told now.
pub(super) fn ask(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<Verdict> {
    if !may_tell(tx, survivor)? {
        return Ok(Verdict::Drop(Told::NoConsent.word()));
    }
    let Some(row) = store::find_trusted(tx.conn, survivor)? else { return Ok(Verdict::Drop(Told::NoChannel.word())) };
    let phone = open!(tx.keys, row.phone)?;
    let phone = Private::from(PhoneNumber::dialled(phone.expose_secret()));
    let language =
        identity::find_survivor(tx.conn, survivor)?.map_or(Language::English, |row| Language::of(&row.language));
    Ok(Verdict::Send(Way { address: Address::Phone(phone), address_id: None, wording: Wording::Plain, language }))
}
