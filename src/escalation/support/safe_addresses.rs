//! Places where a survivor may be found. Nobody has to give one; each says on which day it was last confirmed, and of a refuge
//! there is its night number, never a street.
//!
//! They are in no list, export, message, bundle or report: an answer that names several says of what kind they are and no
//! more. One is opened at a time, with a reason: by the person on duty, or the assigned advocate, while an emergency or a fast
//! alert is open; by the person who has the record open for a caller, and a shift or an assignment; by a named officer while an emergency is open that somebody has taken up, where
//! the survivor lets the police read where they are. The people on duty and the supervisors hear of each at once, by name.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::place_opened;
use crate::access::{self, SurvivorAccess};
use crate::audit::records;
use crate::consent::{self, Disclosure, DisclosurePurpose, Ledger, Scope};
use crate::crypto::{Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::safe_addresses;
use crate::db::{AlertId, Day, DbConn, Instant, OrganisationId, SafeAddressId, StaffId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::escalation::alerts::model::AlertRow;
use crate::escalation::alerts::store;
use crate::escalation::police::officer::{ForceCaller, for_officer};
use crate::escalation::rota;
use crate::http::limits;
use crate::identity::{OrganisationKind, Role, Staff};
use crate::tx::{Subject, Tx};
use crate::writing::{Extension, PhoneNumber};

/// The code of the ladder that alerts climb in which minutes count.
const FAST: &str = "fast";

text_enum! {
    /// What a place is to a survivor.
    pub enum SafeAddressKind {
        /// Where they live.
        Home = "home",
        /// Where they work.
        Work = "work",
        /// Where they learn.
        Education = "education",
        /// Where somebody of theirs lives.
        Family = "family",
        /// A refuge: its night number.
        Refuge = "refuge",
        /// Another place.
        Other = "other",
    }
}

/// A place where a survivor may be found.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = safe_addresses, treat_none_as_default_value = false)]
pub struct SafeAddressRow {
    /// Id.
    pub id: SafeAddressId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// What it is to them.
    pub kind: SafeAddressKind,
    /// The address, or the night number of a refuge.
    pub place: Sealed,
    /// The day on which it was last confirmed.
    pub confirmed_on: Day,
    /// Who set it.
    pub set_by: StaffId,
    /// When.
    pub set_at: Instant,
    /// When it was taken off.
    pub ended_at: Option<Instant>,
}
sealed_row!(SafeAddressRow, "safe_addresses", survivor_id, id);

/// A place to keep.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSafeAddressBody {
    /// What it is to them.
    #[garde(skip)]
    kind: SafeAddressKind,
    /// The address; not of a refuge.
    #[garde(inner(custom(limits::paragraph)))]
    #[schema(value_type = Option<String>, format = "paragraph", example = "12 Marl Street, second floor, ring twice")]
    #[serde(default)]
    address: Option<Private>,
    /// The night number of a refuge, and of nothing else.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "0114 496 0001")]
    #[serde(default)]
    night_number: Option<Private>,
    /// The day on which the survivor confirmed it.
    #[garde(skip)]
    confirmed_on: Day,
}

/// Why one is opened.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSafeAddressBody {
    /// Why, in words that the survivor will read.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Calling 999 for you")]
    reason: Private,
}

/// That there is a place where a survivor may be found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SafeAddressView {
    /// Id.
    pub id: SafeAddressId,
    /// What it is to them.
    pub kind: SafeAddressKind,
    /// The day on which it was last confirmed.
    pub confirmed_on: Day,
}

impl SafeAddressView {
    fn of(row: &SafeAddressRow) -> Self {
        Self { id: row.id, kind: row.kind, confirmed_on: row.confirmed_on }
    }
}

/// The same, for a named officer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PoliceSafeAddressView {
    /// Id.
    pub id: SafeAddressId,
    /// What it is to them.
    pub kind: SafeAddressKind,
    /// The day on which it was last confirmed.
    pub confirmed_on: Day,
}

/// A place where a survivor may be found, as the support side opened it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct OpenedSafeAddressView {
    /// What it is to them.
    pub kind: SafeAddressKind,
    /// The address.
    #[schema(example = "12 Marl Street, second floor, ring twice")]
    pub address: Option<String>,
    /// The night number of a refuge.
    #[schema(example = "+441144960001")]
    pub night_number: Option<String>,
    /// The day on which it was last confirmed.
    pub confirmed_on: Day,
}

/// A place where a survivor may be found, as a named officer opened it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct PoliceOpenedAddressView {
    /// What it is to them.
    pub kind: SafeAddressKind,
    /// The address.
    #[schema(example = "12 Marl Street, second floor, ring twice")]
    pub address: Option<String>,
    /// The night number of a refuge.
    #[schema(example = "+441144960001")]
    pub night_number: Option<String>,
    /// The day on which it was last confirmed.
    pub confirmed_on: Day,
}

impl OpenedSafeAddressView {
    fn of(tx: &Tx<'_>, row: &SafeAddressRow) -> Result<Self> {
        let (keys, is_refuge) = (tx.keys, row.kind == SafeAddressKind::Refuge);
        let place = Some(open!(keys, row.place)?.shown());
        let (night_number, address) = if is_refuge { (place, None) } else { (None, place) };
        Ok(Self { kind: row.kind, address, night_number, confirmed_on: row.confirmed_on })
    }
}

/// Keeps a place, for those who work with the survivor.
///
/// # Errors
/// 404 for everybody else; 422 for a refuge with an address, and for anything else without one.
pub fn create(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &CreateSafeAddressBody,
) -> Result<SafeAddressView> {
    let access = access::survivor(tx, staff, survivor)?;
    let id = SafeAddressId::new(tx.now);
    let new = SafeAddressRow::sealing(tx.keys, access.id(), id);
    let place = place(tx, body)?;
    let row = SafeAddressRow {
        id,
        survivor_id: access.id(),
        kind: body.kind,
        place: seal!(new.place, &place)?,
        confirmed_on: body.confirmed_on,
        set_by: staff.id,
        set_at: tx.now,
        ended_at: None,
    };
    let view = SafeAddressView::of(&row);
    let (kind, confirmed) = (row.kind.as_str(), row.confirmed_on.to_string());
    records::safe_addresses(
        tx,
        row.id,
        [&row.survivor_id.0, &kind, &row.place, &confirmed, &row.set_by.0, &row.set_at],
    );
    diesel::insert_into(safe_addresses::table).values(row).execute(tx.conn)?;
    Ok(view)
}

fn place(tx: &Tx<'_>, body: &CreateSafeAddressBody) -> Result<Private> {
    use secrecy::ExposeSecret as _;
    match (body.kind, &body.address, &body.night_number) {
        (SafeAddressKind::Refuge, None, Some(number)) => {
            let read = PhoneNumber::read(number.expose_secret(), tx.settings.phone_region, Extension::Kept);
            read.map(Private::from)
                .ok_or_else(|| Error::field("/night_number", "not_allowed", "must be a telephone number"))
        }
        (SafeAddressKind::Refuge, ..) => {
            Err(Error::field("/night_number", "missing", "of a refuge its night number is kept, and no address"))
        }
        (_, Some(address), None) => Ok(address.clone()),
        _ => Err(Error::field("/address", "missing", "an address is needed, and no night number")),
    }
}

/// Takes a place off.
///
/// # Errors
/// 404 for one that is not the survivor's, or was taken off before.
pub fn remove(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, SafeAddressId)) -> Result<()> {
    let access = access::survivor(tx, staff, survivor)?;
    let live = safe_addresses::table
        .find(id)
        .filter(safe_addresses::survivor_id.eq(access.id()))
        .filter(safe_addresses::ended_at.is_null());
    match diesel::update(live).set(safe_addresses::ended_at.eq(Some(tx.now))).execute(tx.conn)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Of what kind the places are that a survivor may be found at, for those who work with them or may open one.
///
/// # Errors
/// 404 for everybody else.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<Vec<SafeAddressView>> {
    let access = match access::survivor(tx, staff, survivor) {
        Err(Error::NotFound) => opener(tx, staff, survivor)?.0,
        found => found?,
    };
    Ok(live(tx.conn, &access)?.iter().map(SafeAddressView::of).collect())
}

/// Whether there is a place where a survivor may be found.
pub(in crate::escalation) fn has_any(conn: &mut DbConn, access: &SurvivorAccess) -> Result<bool> {
    Ok(!live(conn, access)?.is_empty())
}

fn live(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Vec<SafeAddressRow>> {
    let live = SafeAddressRow::query()
        .filter(safe_addresses::survivor_id.eq(access.id()))
        .filter(safe_addresses::ended_at.is_null());
    Ok(live.order(safe_addresses::id).load(conn)?)
}

fn find(conn: &mut DbConn, access: &SurvivorAccess, id: SafeAddressId) -> Result<SafeAddressRow> {
    live(conn, access)?.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)
}

/// The person who may open a place now, and the alert on which: on duty or the assigned advocate, while an emergency or a fast alert
/// is open; or under an opening of the record for a caller, with a shift or an assignment.
fn opener(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<(SurvivorAccess, Option<AlertRow>)> {
    if !staff.works_for(OrganisationKind::SurvivorSupport) {
        return Err(Error::NotFound);
    }
    let access = access::colleague(tx, staff, survivor)?;
    let (urgent, organisation) = (urgent_alert(tx.conn, survivor)?, staff.organisation()?);
    let assigned = access::assigned_staff(tx.conn, survivor, organisation)?;
    // An opened record leads to a place by a shift or an assignment: that nobody has a shift makes nobody the one who answers.
    let answers = assigned.contains(&staff.id) || rota::on_shift(tx.conn, organisation, tx.now)?.contains(&staff.id);
    if answers && access::has_broken_glass(tx, staff, survivor)? {
        return Ok((access, urgent));
    }
    let is_theirs = staff.is(Role::Advocate) && assigned.contains(&staff.id);
    match urgent {
        Some(alert) if is_theirs || rota::is_on_duty(tx.conn, staff, tx.now)? => Ok((access, Some(alert))),
        None if is_theirs => {
            Err(Error::wrong_state("a place is opened only while an emergency or a fast alert is open"))
        }
        _ => Err(Error::NotFound),
    }
}

/// The gravest alert on which a place may be opened; of those alike one that the phone must not show.
fn urgent_alert(conn: &mut DbConn, survivor: SurvivorId) -> Result<Option<AlertRow>> {
    let mut gravest: Option<AlertRow> = None;
    for alert in store::list_open_of(conn, survivor)? {
        let is_urgent = alert.level >= 4 || alert.level == 3 && alert.ladder()?.code == FAST;
        let weight = |alert: &AlertRow| (alert.level, alert.is_silent);
        if is_urgent && gravest.as_ref().is_none_or(|other| weight(other) < weight(&alert)) {
            gravest = Some(alert);
        }
    }
    Ok(gravest)
}

/// Opens one place for the support side.
///
/// # Errors
/// 404 for the person who may not, and for a place that there is not; 409 where nothing urgent is open.
pub fn open_one(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, SafeAddressId),
    body: &OpenSafeAddressBody,
) -> Result<OpenedSafeAddressView> {
    let (access, alert) = opener(tx, staff, survivor)?;
    let row = find(tx.conn, &access, id)?;
    let view = OpenedSafeAddressView::of(tx, &row)?;
    let opened = (staff.organisation()?, None, staff.id);
    note(tx, survivor, alert.as_ref().map(|alert| alert.id), opened, &body.reason)?;
    Ok(view)
}

/// Whether a named officer may open places on an alert: an emergency that is open, somebody has taken up, and whose survivor
/// lets the police read where they are.
fn is_for_officers(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    if alert.level < 4 || alert.is_exercise || alert.is_closed() || alert.acknowledged_at.is_none() {
        return Ok(false);
    }
    let ledger = Ledger::load(tx.conn, alert.survivor_id)?;
    Ok(ledger.stood(Scope::LocationReleaseAlert, alert.raised_at).granted
        || ledger.stood(Scope::LocationReleaseAlert, tx.now).granted)
}

/// Of what kind the places are that a named officer may open on an alert.
pub(in crate::escalation) fn for_police(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Vec<PoliceSafeAddressView>> {
    if !is_for_officers(tx, alert)? {
        return Ok(Vec::new());
    }
    let view = |row: &SafeAddressRow| {
        let SafeAddressView { id, kind, confirmed_on } = SafeAddressView::of(row);
        PoliceSafeAddressView { id, kind, confirmed_on }
    };
    Ok(live(tx.conn, &alert.record())?.iter().map(view).collect())
}

/// Opens one place for a named officer.
///
/// # Errors
/// 404 for an officer who may not, and for a place that there is not.
pub fn open_for_police(
    tx: &mut Tx<'_>,
    caller: ForceCaller<'_>,
    (text, id): (&str, SafeAddressId),
    (officer, reason): (&Private, &Private),
) -> Result<PoliceOpenedAddressView> {
    let (alert, _, officer) = for_officer(tx, caller, text, officer, Some(reason))?;
    if !is_for_officers(tx, &alert)? {
        return Err(Error::NotFound);
    }
    let row = find(tx.conn, &alert.record(), id)?;
    let OpenedSafeAddressView { kind, address, night_number, confirmed_on } = OpenedSafeAddressView::of(tx, &row)?;
    let view = PoliceOpenedAddressView { kind, address, night_number, confirmed_on };
    let opened = (caller.force()?, Some(officer), officer);
    note(tx, alert.survivor_id, Some(alert.id), opened, reason)?;
    Ok(view)
}

/// Keeps that a place was opened, says so to the people on duty and the supervisors, and to the survivor: not which.
fn note(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    alert: Option<AlertId>,
    (recipient, officer, by): (OrganisationId, Option<StaffId>, StaffId),
    reason: &Private,
) -> Result<()> {
    // The phone shows none of it while it must not know of an alert.
    let silent = store::list_open_of(tx.conn, survivor)?.into_iter().find(|open| open.is_silent).map(|open| open.id);
    if let Some(alert) = alert.or(silent) {
        tx.about(Subject::of("alert", alert));
    }
    tx.because("safe_address");
    // What an officer states is kept with their name.
    if officer.is_none() {
        tx.stated(survivor, reason)?;
    }
    let disclosure = Disclosure {
        survivor,
        recipient,
        officer,
        what: &["safe_address"],
        reason: Some(reason),
        agreement: if officer.is_some() { Scope::LocationReleaseAlert.as_str() } else { "safe_address" },
        purpose: DisclosurePurpose::PoliceAlert,
        alert: silent.or(alert),
    };
    consent::disclose(tx, &disclosure)?;
    place_opened::notify(tx, survivor, "safe_address", by)
}
