//! Phones that wait for a person: one that is new and reads nothing yet, one that was revoked and can still cry for help.
//!
//! Both end with the survivor's own voice and code word, heard by somebody who is on duty or assigned. A code that was overheard,
//! or made by whoever then uses it, opens nothing by itself; and nobody but the survivor takes their way to call for help away.

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{TaskEnd, TaskKind};
use super::{notices, rota, task_ends, tasks};
use crate::access::{self, SurvivorAccess};
use crate::app::App;
use crate::contact;
use crate::crypto::Private;
use crate::db::{DeviceId, Instant, StaffId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::identity::{self, PhoneStanding, Role, Staff, SurvivorRow};
use crate::notify::Template;
use crate::tx::{Subject, Tx};

/// Hours after which what nobody has done about a phone goes on to a supervisor: one that waits to be confirmed, or a revoked
/// one that can still cry for help.
const WAITING_HOURS: i64 = 24;

/// Confirming a new phone.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPhoneBody {
    /// The survivor's code word, as they said it to you. A survivor's first phone needs none.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "marigold")]
    #[serde(default)]
    code_word: Option<Private>,
    /// Whether you rang the survivor back on the number of their plan.
    #[garde(skip)]
    #[serde(default)]
    rang_back: Option<bool>,
}

/// A phone that was confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmedPhoneView {
    /// Its id.
    pub id: DeviceId,
    /// From when it reads.
    pub reads_from: Instant,
    /// Whether a supervisor is asked to look at it, since whoever confirmed it had made its code.
    pub is_to_be_reviewed: bool,
}

/// Ending a revoked phone's way to cry for help.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSosBody {
    /// Whether you heard the survivor's own voice.
    #[garde(skip)]
    #[schema(example = true)]
    spoke_to_survivor: bool,
    /// Their code word, as they said it to you.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "marigold")]
    #[serde(default)]
    code_word: Option<Private>,
}

/// A phone that can cry for help no more.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndedSosView {
    /// Its id.
    pub id: DeviceId,
    /// Since when.
    pub sos_ended_at: Instant,
}

fn survivor_row(tx: &mut Tx<'_>, id: SurvivorId) -> Result<SurvivorRow> {
    identity::find_survivor(tx.conn, id)?.ok_or(Error::NotFound)
}

/// What follows from a further phone: somebody is asked to confirm it. Where no code word is set, or nobody else could hear it,
/// the phone reads after the delay. Duty and supervisors are notified at once; the survivor on the phone that they have, where it
/// is in their hands alone, and else by the addresses of their plan.
pub(super) fn enrolled(
    tx: &mut Tx<'_>,
    (survivor, device): (SurvivorId, DeviceId),
    code_by: StaffId,
    (has_word, is_shown): (bool, bool),
) -> Result<()> {
    let organisation = survivor_row(tx, survivor)?.organisation_id;
    let mut others = access::holders(tx.conn, survivor, organisation, Role::Advocate)?;
    others.extend(access::holders(tx.conn, survivor, organisation, Role::Supervisor)?);
    others.retain(|person| *person != code_by);
    if has_word && !others.is_empty() {
        let detail = json!({"device_id": device, "code_by": code_by});
        tasks::make_due(tx, survivor, TaskKind::ConfirmPhone, detail, tx.now.plus_hours(WAITING_HOURS))?;
    } else {
        let delay = i64::from(tx.settings.alert_setting_delay_hours);
        identity::open_phone_at(tx, device, tx.now.plus_hours(delay))?;
    }
    match is_shown {
        true => contact::enqueue_survivor(tx, survivor, Template::Nudge)?,
        false => contact::enqueue_by_plan(tx, survivor, Template::CallMe)?,
    };
    notices::tell_at_once(tx, survivor, "new_phone")
}

/// Asks the advocates to confirm the first phone of a record.
pub(super) fn first_enrolled(tx: &mut Tx<'_>, survivor: SurvivorId, device: DeviceId) -> Result<()> {
    let detail = json!({"device_id": device, "is_first": true});
    tasks::make_due(tx, survivor, TaskKind::ConfirmPhone, detail, tx.now.plus_hours(WAITING_HOURS))
}

/// What follows from a phone that was revoked.
pub(super) fn revoked(tx: &mut Tx<'_>, survivor: SurvivorId, device: DeviceId) -> Result<()> {
    task_ends::of_phone(tx, (survivor, device), TaskKind::ConfirmPhone, TaskEnd::PhoneRevoked)?;
    let due_at = tx.now.plus_hours(WAITING_HOURS);
    tasks::make_due(tx, survivor, TaskKind::EndSos, json!({"device_id": device}), due_at)?;
    notices::tell_at_once(tx, survivor, "phone_revoked")
}

/// Staff who work with a survivor, or are on duty for their organisation: whoever could be, where it has no rota.
///
/// # Errors
/// 404 for everybody else.
fn acting_for(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<SurvivorAccess> {
    let people = rota::all_on_duty(tx.conn, staff.organisation()?, tx.now)?;
    assigned_or_among(tx, staff, survivor, &people)
}

/// Staff who work with a survivor, or have a shift at their organisation now.
///
/// # Errors
/// 404 for everybody else.
pub(super) fn on_shift_for(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<SurvivorAccess> {
    let people = rota::on_shift(tx.conn, staff.organisation()?, tx.now)?;
    assigned_or_among(tx, staff, survivor, &people)
}

fn assigned_or_among(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    people: &[StaffId],
) -> Result<SurvivorAccess> {
    match access::survivor(tx, staff, survivor) {
        Err(Error::NotFound) if people.contains(&staff.id) => access::colleague(tx, staff, survivor),
        found => found,
    }
}

/// Lets a phone read, once somebody has heard the survivor's code word.
///
/// # Errors
/// 403 for whoever made the code, 409 for a wrong word or a phone that does not wait for it, 429 after too many wrong ones.
pub async fn confirm(
    app: &App,
    staff: &Staff,
    (survivor, device): (SurvivorId, DeviceId),
    action: &'static str,
    body: ConfirmPhoneBody,
) -> Result<ConfirmedPhoneView> {
    let (caller, rang_back) = (staff.clone(), body.rang_back == Some(true));
    let may = move |tx: &mut Tx<'_>| may_confirm(tx, &caller, (survivor, device), rang_back);
    if app.transact(staff.actor(), action, may).await? != Basis::FirstPhone {
        let word = body.code_word.as_ref().ok_or_else(word_needed)?;
        let caller = staff.clone();
        let find = move |tx: &mut Tx<'_>| Ok((acting_for(tx, &caller, survivor)?, tx.now));
        access::expect_code_word(app, staff, word, find).await?;
    }
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| {
        let basis = may_confirm(tx, &caller, (survivor, device), rang_back)?;
        confirm_in(tx, caller.id, (survivor, device), basis)
    };
    app.transact(staff.actor(), action, work).await
}

fn word_needed() -> Error {
    Error::Conflict(Code::CodeWordNeeded, "this takes the survivor's code word".into())
}

/// What somebody who confirms a phone goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basis {
    /// It is the survivor's first: there is nothing yet that it could open.
    FirstPhone,
    /// The code word, heard by somebody who did not make the phone's code.
    CodeWord,
    /// The code word, heard by whoever made the code, alone on duty.
    AloneOnDuty,
}

impl Basis {
    fn as_str(self) -> &'static str {
        match self {
            Self::FirstPhone => "first_phone",
            Self::CodeWord => "code_word",
            Self::AloneOnDuty => "alone_on_duty",
        }
    }
}

/// What would let somebody confirm a phone.
fn may_confirm(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, device): (SurvivorId, DeviceId),
    rang_back: bool,
) -> Result<Basis> {
    let access = acting_for(tx, staff, survivor)?;
    let phone = identity::phone_standing(tx.conn, access.id(), device)?;
    let PhoneStanding { code_by, reads_from, revoked_at, is_first, .. } = phone;
    if revoked_at.is_some() || reads_from.is_some_and(|from| from <= tx.now) {
        return Err(Error::wrong_state("this phone does not wait to be confirmed"));
    }
    if is_first {
        return Ok(Basis::FirstPhone);
    }
    if !identity::has_code_word(tx.conn, survivor, tx.now)? {
        return Err(Error::wrong_state("no code word is set: this phone reads once its delay is over"));
    }
    if code_by != staff.id {
        return Ok(Basis::CodeWord);
    }
    match rang_back && is_alone(tx, staff, survivor)? {
        true => Ok(Basis::AloneOnDuty),
        false => Err(Error::Forbidden(Code::SecondPersonNeeded)),
    }
}

/// Whether nobody else could be asked now: it is night or the weekend, and nobody else is on duty.
fn is_alone(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<bool> {
    let on_duty = rota::all_on_duty(tx.conn, staff.organisation()?, tx.now)?;
    let able = access::able(tx.conn, survivor, &on_duty)?;
    Ok(rota::is_out_of_hours(tx.now) && able == [staff.id])
}

fn confirm_in(
    tx: &mut Tx<'_>,
    by: StaffId,
    (survivor, device): (SurvivorId, DeviceId),
    basis: Basis,
) -> Result<ConfirmedPhoneView> {
    let is_alone = basis == Basis::AloneOnDuty;
    identity::confirm_phone(tx, device, by)?;
    tx.note("confirm_device", Subject::of("device", device), basis.as_str());
    task_ends::of_phone(tx, (survivor, device), TaskKind::ConfirmPhone, TaskEnd::Confirmed)?;
    if is_alone {
        let detail = json!({"device_id": device, "confirmed_by": by});
        let morning = rota::next_morning(tx.now);
        tasks::make_for(tx, survivor, (Role::Supervisor, TaskKind::ReviewPhone), detail, Some(morning))?;
    }
    Ok(ConfirmedPhoneView { id: device, reads_from: tx.now, is_to_be_reviewed: is_alone })
}

/// Ends a revoked phone's way to cry for help, once somebody has heard the survivor say so.
///
/// # Errors
/// 409 without the survivor's voice, for a wrong word, or for a phone that is in use or can cry no more; 429 after too many wrong
/// words.
pub async fn end_sos(
    app: &App,
    staff: &Staff,
    (survivor, device): (SurvivorId, DeviceId),
    action: &'static str,
    body: EndSosBody,
) -> Result<EndedSosView> {
    let (caller, has_spoken) = (staff.clone(), body.spoke_to_survivor);
    let may = move |tx: &mut Tx<'_>| word_for(tx, &caller, (survivor, device), has_spoken);
    // The word that counted when the phone was revoked: whoever revoked it may have changed it since.
    if let Some(at) = app.transact(staff.actor(), action, may).await? {
        let word = body.code_word.as_ref().ok_or_else(word_needed)?;
        let caller = staff.clone();
        let find = move |tx: &mut Tx<'_>| Ok((acting_for(tx, &caller, survivor)?, at));
        access::expect_code_word(app, staff, word, find).await?;
    }
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| {
        acting_for(tx, &caller, survivor)?;
        identity::end_sos(tx, device)?;
        tx.note("confirm_device_revocation", Subject::of("device", device), "code_word");
        task_ends::of_phone(tx, (survivor, device), TaskKind::EndSos, TaskEnd::Confirmed)?;
        Ok(EndedSosView { id: device, sos_ended_at: tx.now })
    };
    app.transact(staff.actor(), action, work).await
}

/// The instant whose code word it takes to end a phone's way to cry for help; none where none was set.
fn word_for(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, device): (SurvivorId, DeviceId),
    has_spoken: bool,
) -> Result<Option<Instant>> {
    let access = acting_for(tx, staff, survivor)?;
    let phone = identity::phone_standing(tx.conn, access.id(), device)?;
    let Some(revoked_at) = phone.revoked_at.filter(|_| phone.sos_ended_at.is_none()) else {
        return Err(Error::wrong_state("this phone is in use, or can cry for help no more already"));
    };
    if !has_spoken {
        return Err(Error::Conflict(Code::CodeWordNeeded, "speak to the survivor first".into()));
    }
    Ok(identity::has_code_word(tx.conn, survivor, revoked_at)?.then_some(revoked_at))
}
