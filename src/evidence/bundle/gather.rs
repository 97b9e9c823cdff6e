//! What goes into a bundle: what the recipient may have of what the caller may see, and the agreement that it rests on.

use std::collections::BTreeMap;

use garde::Validate;
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{BundlePurpose, Contents, ContentsItem, Item};
use super::wording::SummaryWording;
use crate::access::{self, SurvivorAccess};
use crate::consent::{Ledger, Scope};
use crate::crypto::{Private, PrivateText, reference};
use crate::db::{BundleId, EvidenceId, OrganisationId, StaffId, SubjectId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::evidence::custody::{self, CustodyEventView};
use crate::evidence::model::Evidence;
use crate::evidence::read;
use crate::evidence::upload::media;
use crate::http::limits;
use crate::identity::{self, Organisation, OrganisationKind, Role, Staff};
use crate::incidents::{self, Visibility, VisibleIncident};
use crate::orders::{self, PlainOrder};
use crate::tx::Tx;
use crate::words::Language;

/// Bytes of all originals together that one bundle may hold.
const MOST_BYTES: i64 = 8 * 1_024 * 1_024 * 1_024;
/// Agreement where no scope of the ledger covers the recipient: the survivor was asked about this bundle.
const ASKED: &str = "asked_for_this_bundle";

/// What is to be handed to whom, and for what.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BundleBody {
    /// What it is for.
    #[garde(skip)]
    pub purpose: BundlePurpose,
    /// What it is for, in words; the survivor sees it.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Application for a full order")]
    #[serde(default)]
    pub note: Option<Private>,
    /// The organisation that it is for. A police force gets what was made visible to police, with the survivor's
    /// agreement to share incidents and evidence.
    #[garde(skip)]
    #[serde(default)]
    pub recipient_organisation_id: Option<OrganisationId>,
    /// Whom it is for where that is no organisation of the partnership, such as a court.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Sheffield Magistrates' Court")]
    #[serde(default)]
    pub recipient_name: Option<Private>,
    /// Only these files, with the incidents that they belong to; else all.
    #[garde(inner(length(min = 1, max = 1000)))]
    #[schema(max_items = 1000)]
    #[serde(default)]
    pub evidence_ids: Option<Vec<EvidenceId>>,
    /// That the survivor was asked about this bundle and agreed: needed for anyone who is no police force.
    #[garde(skip)]
    #[serde(default)]
    pub agreed_with_survivor: bool,
    /// Whether originals are in it, byte for byte as the phone sent them: they may hold what a camera or a phone writes
    /// next to the content, such as where and when it was made. Police get originals unless you say no; anybody else gets
    /// copies without it unless you say yes. A file of words is always its original.
    #[garde(skip)]
    #[serde(default)]
    pub include_originals: Option<bool>,
    /// Originals of these files are in it, whatever is said of the others.
    #[garde(inner(length(min = 1, max = 1000)))]
    #[schema(max_items = 1000)]
    #[serde(default)]
    pub original_ids: Option<Vec<EvidenceId>>,
    /// The language of the summary: English unless you say otherwise. What people wrote is as they wrote it.
    #[garde(skip)]
    #[serde(default)]
    pub language: Option<Language>,
    /// The time zone of the summary, whose times stand with UTC in brackets: `Europe/London` unless you say otherwise.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Europe/London")]
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// Somebody who handled a file, as the summary names them.
pub struct Handler {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Where they work.
    pub organisation: Option<String>,
}

/// What goes into a bundle.
pub struct Material {
    /// Its id.
    pub id: BundleId,
    /// Its reference.
    pub reference: String,
    /// Whose it is.
    pub survivor: SurvivorId,
    /// Their reference.
    pub survivor_reference: String,
    /// Who makes it.
    pub organisation: Organisation,
    /// Whom it is for, by name.
    pub recipient: String,
    /// The organisation that it is disclosed to.
    pub recipient_id: OrganisationId,
    /// What it is for.
    pub purpose: BundlePurpose,
    /// The agreement that it rests on.
    pub agreement: &'static str,
    /// The files, oldest first.
    pub items: Vec<Item>,
    /// The incidents, by when they happened.
    pub incidents: Vec<VisibleIncident>,
    /// The orders that protect the survivor.
    pub orders: Vec<PlainOrder>,
    /// The staff and officers of the custody of its files.
    pub handlers: BTreeMap<SubjectId, Handler>,
    /// The names of organisations of the custody of its files.
    pub organisations: BTreeMap<OrganisationId, String>,
    /// The language of its summary.
    pub language: Language,
    /// The time zone of its summary.
    pub zone: TimeZone,
}

/// Gathers what goes into a bundle.
///
/// # Errors
/// 404 for a survivor or a file that is not the caller's, 409 without agreement, 413 for too much, 422 without recipient.
pub fn gather(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &BundleBody) -> Result<Material> {
    let access = access::survivor(tx, staff, id)?;
    let own = staff.organisation()?;
    let organisation = identity::find_organisation(tx.conn, own)?.ok_or(Error::NotFound)?;
    let (recipient, named) = recipient(tx, body, &organisation)?;
    let (least, agreement) = agreement(tx, id, &recipient, body.agreed_with_survivor)?;
    let zone = zone(body.time_zone.as_deref())?;
    let items = items(tx, &access, least, body, recipient.kind == OrganisationKind::PoliceForce)?;
    let (handlers, organisations) = handlers(tx, &items)?;
    let mut incidents = incidents::visible_incidents(tx.conn, tx.keys, &access, least)?;
    if body.evidence_ids.is_some() {
        let linked: Vec<_> = items.iter().filter_map(|item| item.file.incident_id).collect();
        incidents.retain(|told| linked.contains(&told.incident.id));
    }
    if items.is_empty() && incidents.is_empty() {
        return Err(Error::Conflict(Code::GuardNotMet, "there is nothing that this recipient may have".into()));
    }
    let linked = access::linked_orders_of(tx.conn, &access)?;
    let protecting = orders::list_protecting_orders(tx.conn, &linked)?;
    let survivor = identity::find_survivor(tx.conn, id)?.ok_or(Error::NotFound)?;
    Ok(Material {
        id: BundleId::new(tx.now),
        reference: reference::generate("BN")?,
        survivor: id,
        survivor_reference: survivor.reference,
        recipient: named,
        recipient_id: recipient.id,
        organisation,
        purpose: body.purpose,
        agreement,
        items,
        incidents,
        orders: protecting.iter().map(|found| PlainOrder::of(tx.keys, found, tx.now)).collect::<Result<_>>()?,
        handlers,
        organisations,
        language: body.language.unwrap_or(Language::English),
        zone,
    })
}

/// The zone of the courts, or the one that was asked for.
fn zone(name: Option<&str>) -> Result<TimeZone> {
    let wrong = |_| Error::field("/time_zone", "not_allowed", "must be the IANA name of a time zone");
    TimeZone::get(name.unwrap_or("Europe/London")).map_err(wrong)
}

/// Whom and which organisations the custody of files names.
fn handlers(
    tx: &mut Tx<'_>,
    items: &[Item],
) -> Result<(BTreeMap<SubjectId, Handler>, BTreeMap<OrganisationId, String>)> {
    let (mut handlers, mut organisations) = (BTreeMap::new(), BTreeMap::new());
    let events = items.iter().flat_map(|item| &item.custody.events);
    for event in events.filter(|event| matches!(event.by.as_str(), "staff" | "officer" | "police_client")) {
        let colleague = match event.by_id.filter(|id| event.by != "police_client" && !handlers.contains_key(id)) {
            Some(id) => identity::colleague(tx.conn, tx.keys, StaffId(id.0))?.map(|colleague| (id, colleague)),
            None => None,
        };
        let works_at = colleague.as_ref().and_then(|(_, colleague)| colleague.organisation);
        for id in [event.organisation_id, works_at].into_iter().flatten() {
            if !organisations.contains_key(&id)
                && let Some(found) = identity::find_organisation(tx.conn, id)?
            {
                organisations.insert(id, found.name);
            }
        }
        if let Some((id, colleague)) = colleague {
            let organisation = works_at.and_then(|at| organisations.get(&at).cloned());
            handlers.insert(id, Handler { name: colleague.name, roles: colleague.roles, organisation });
        }
    }
    Ok((handlers, organisations))
}

/// The organisation that the disclosure names, and whom the bundle says it is for. A recipient that belongs to no partnership is
/// named in words, and the disclosure is the support organisation's own.
fn recipient(tx: &mut Tx<'_>, body: &BundleBody, own: &Organisation) -> Result<(Organisation, String)> {
    let name = body.recipient_name.shown();
    match (body.recipient_organisation_id, name) {
        (Some(id), name) => {
            let found = identity::find_organisation(tx.conn, id)?;
            // The programme's side never gets files, nor do those who see figures alone.
            let may = |found: &Organisation| {
                matches!(found.kind, OrganisationKind::PoliceForce | OrganisationKind::SurvivorSupport)
            };
            let found = found.filter(may).ok_or_else(|| Error::invalid(Code::UnknownReference))?;
            let named = name.unwrap_or_else(|| found.name.clone());
            Ok((found, named))
        }
        (None, Some(name)) => Ok((own.clone(), name)),
        (None, None) => Err(Error::field("/recipient_name", "missing", "say whom the bundle is for")),
    }
}

fn agreement(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    recipient: &Organisation,
    agreed_with_survivor: bool,
) -> Result<(Visibility, &'static str)> {
    let not_agreed = || Error::Conflict(Code::NotAgreed, Code::NotAgreed.title().into());
    if access::is_blocked(tx.conn, survivor, None, Some(recipient.id))? {
        return Err(Error::invalid(Code::UnknownReference));
    }
    if recipient.kind != OrganisationKind::PoliceForce {
        return if agreed_with_survivor { Ok((Visibility::Advocate, ASKED)) } else { Err(not_agreed()) };
    }
    let (ledger, now) = (Ledger::load(tx.conn, survivor)?, tx.now);
    let needed = [Scope::SharePoliceIncident, Scope::SharePoliceEvidence];
    match needed.iter().all(|scope| ledger.may_share(*scope, recipient.id, now).is_some()) {
        true => Ok((Visibility::Police, Scope::SharePoliceEvidence.as_str())),
        false => Err(not_agreed()),
    }
}

impl Material {
    /// Who did what a record of custody tells.
    #[must_use]
    pub fn handler(&self, words: &SummaryWording, event: &CustodyEventView) -> String {
        let unknown = || words.say("bundle-by-unknown");
        match event.by.as_str() {
            "survivor" => words.say("bundle-by-survivor"),
            "staff" | "officer" => {
                let found = event.by_id.and_then(|id| self.handlers.get(&id));
                found.map_or_else(unknown, |handler| {
                    let roles = handler.roles.iter().map(|role| words.code("bundle-role", role.as_str()));
                    let about: Vec<String> = roles.chain(handler.organisation.clone()).collect();
                    format!("{} ({})", handler.name, about.join(", "))
                })
            }
            "police_client" => {
                let named = event.organisation_id.and_then(|id| self.organisations.get(&id));
                let said =
                    |name: &String| words.with("bundle-by-police-system", &[("organisation", name.as_str().into())]);
                named.map_or_else(unknown, said)
            }
            _ => words.say("bundle-by-installation"),
        }
    }

    /// What is in it, and for whom.
    pub fn contents(&self, body: &BundleBody) -> Contents {
        Contents {
            recipient: self.recipient_id,
            agreed_with_survivor: body.agreed_with_survivor,
            files: self.items.iter().map(|item| item.file.id).collect(),
            incidents: self.incidents.iter().map(|told| told.incident.id).collect(),
            items: self.items.iter().map(ContentsItem::of).collect(),
        }
    }
}

/// Whether a bundle may be handed over now: nothing of it taken back or narrowed, agreement and access as they were.
///
/// # Errors
/// 404 or 409 where not.
pub fn still_may(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, contents: &Contents) -> Result<()> {
    let access = access::survivor(tx, staff, survivor)?;
    let recipient = identity::find_organisation(tx.conn, contents.recipient)?.ok_or(Error::NotFound)?;
    let (least, _) = agreement(tx, survivor, &recipient, contents.agreed_with_survivor)?;
    let files = read::list_visible(tx.conn, &access, least)?;
    let visible = incidents::visible_among(tx.conn, &access, least, &contents.incidents)?;
    let has_files = contents.files.iter().all(|id| files.iter().any(|file| file.id == *id));
    match has_files && visible.len() == contents.incidents.len() {
        true => Ok(()),
        false => Err(Error::Conflict(Code::Conflict, "something of it was taken back meanwhile; make it again".into())),
    }
}

fn items(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    least: Visibility,
    body: &BundleBody,
    is_for_police: bool,
) -> Result<Vec<Item>> {
    let mut files = read::list_visible(tx.conn, access, least)?;
    if let Some(only) = body.evidence_ids.as_deref() {
        files.retain(|file| only.contains(&file.id));
        if files.len() < only.len() {
            return Err(Error::invalid(Code::UnknownReference));
        }
    }
    let named = body.original_ids.as_deref().unwrap_or_default();
    if !named.iter().all(|id| files.iter().any(|file| file.id == *id)) {
        return Err(Error::invalid(Code::UnknownReference));
    }
    if files.iter().map(|file| file.bytes).sum::<i64>() > MOST_BYTES {
        return Err(Error::invalid(Code::FileTooLarge));
    }
    let has_originals = body.include_originals.unwrap_or(is_for_police);
    let has_copies = !is_for_police || body.include_originals == Some(false);
    let keys = tx.keys;
    let item = |file: Evidence| {
        let custody = custody::view(tx.conn, keys, &file, |_| true)?;
        let mut load = |copy| read::load(tx.conn, keys, file.clone(), copy);
        let is_original = has_originals || named.contains(&file.id) || media::is_words(&file.media_type);
        let original = if is_original { Some(load(read::Copy::Original)?) } else { None };
        let is_copy = has_copies && file.display_bytes.is_some();
        let display = if is_copy { Some(load(read::Copy::Display)?) } else { None };
        Ok(Item { file, custody, original, display, display_sha256: None })
    };
    files.into_iter().map(item).collect()
}
