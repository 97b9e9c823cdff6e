//! Phones that wait for a person: one that is new and reads nothing yet, one that was revoked and can still cry for help.
//!
//! Both end with the survivor's own voice and code word, heard by somebody who is on duty or assigned. A code that was overheard,
//! or made by the person who then uses it, opens nothing by itself; and only the survivor takes their way to call for help away.
//! Who has forgotten their word, or has one that somebody else set, is not shut out: two people open their phone, after the delay.

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::access::{self, SurvivorAccess};
use crate::app::App;
use crate::contact;
use crate::crypto::Private;
use crate::db::{DeviceId, Instant, StaffId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::escalation::alerts::model::{TaskEnd, TaskKind};
use crate::escalation::rota;
use crate::escalation::tasks::{self, ends, notices};
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
    /// Whether you heard the survivor's own voice. Without the code word it asks for a second person, who approves it.
    #[garde(skip)]
    #[serde(default)]
    spoke_to_survivor: Option<bool>,
    /// Whether you approve, as the second person, what a colleague asked for who has not heard the code word.
    #[garde(skip)]
    #[serde(default)]
    approves_request: Option<bool>,
}

impl ConfirmPhoneBody {
    fn how(&self) -> How {
        let has_spoken = self.spoke_to_survivor == Some(true);
        match self.rang_back == Some(true) {
            _ if self.approves_request == Some(true) => How::Approves,
            true => How::RangBack,
            false if has_spoken && self.code_word.is_none() => How::WithoutWord,
            false => How::Heard,
        }
    }
}

/// How somebody goes about it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// They have heard the code word, or the phone is the first.
    Heard,
    /// The same, and they rang the survivor back.
    RangBack,
    /// They have heard the survivor's voice, and no word.
    WithoutWord,
    /// They approve what a colleague asked for who has heard no word.
    Approves,
}

/// A phone that was confirmed, or for which that was asked.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmedPhoneView {
    /// Its id.
    pub id: DeviceId,
    /// From when it reads; left out while a second person has yet to approve it.
    pub reads_from: Option<Instant>,
    /// Whether a supervisor is asked to look at it, since the person who confirmed it had made its code.
    pub is_to_be_reviewed: bool,
    /// Whether another person has to approve it.
    pub awaits_second_person: bool,
    /// The phones that this one takes the place of: from then on they read nothing, and answer no check-in. Where the survivor
    /// has one of them still, confirm it too: that brings it back.
    pub sends_away: Vec<DeviceId>,
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

/// Whether anybody else than a person works with a survivor, or could be on duty for them.
fn has_another(tx: &mut Tx<'_>, survivor: SurvivorId, person: StaffId) -> Result<bool> {
    let organisation = survivor_row(tx, survivor)?.organisation_id;
    let mut people = access::with_role(tx.conn, survivor, organisation, Role::Advocate)?;
    people.extend(access::with_role(tx.conn, survivor, organisation, Role::Supervisor)?);
    is_any_other(tx, &people, person)
}

/// Whether one of some people is another than a person, also by name.
fn is_any_other(tx: &mut Tx<'_>, people: &[StaffId], person: StaffId) -> Result<bool> {
    for other in people {
        if !identity::is_same_person(tx, *other, person)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn after_delay(tx: &Tx<'_>) -> Instant {
    tx.now.plus_hours(i64::from(tx.settings.alert_setting_delay_hours))
}

/// What follows from a further phone: somebody is asked to confirm it. Where no code word is set, or nobody else could hear it,
/// the phone reads after the delay. Duty and supervisors are notified at once; and the survivor.
pub(in crate::escalation) fn enrolled(
    tx: &mut Tx<'_>,
    (survivor, device): (SurvivorId, DeviceId),
    code_by: StaffId,
    (has_word, is_shown): (bool, bool),
) -> Result<()> {
    if has_word && has_another(tx, survivor, code_by)? {
        let detail = json!({"device_id": device, "code_by": code_by});
        tasks::make_due(tx, survivor, TaskKind::ConfirmPhone, detail, tx.now.plus_hours(WAITING_HOURS))?;
    } else {
        identity::open_phone_at(tx, device, after_delay(tx), None)?;
    }
    notify_survivor(tx, survivor, is_shown)?;
    notices::notify_at_once(tx, survivor, "new_phone")
}

/// What follows from a code word where none was set: phones that were to read by time alone are confirmed with it, where somebody
/// else than the maker of their code could.
pub(in crate::escalation) fn word_set(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    for (device, code_by) in identity::list_opening_phones(tx.conn, survivor, tx.now)? {
        if has_another(tx, survivor, code_by)? {
            identity::hold_phone(tx, device)?;
            let detail = json!({"device_id": device, "code_by": code_by});
            tasks::make_due(tx, survivor, TaskKind::ConfirmPhone, detail, tx.now.plus_hours(WAITING_HOURS))?;
        }
    }
    Ok(())
}

/// Notifies the survivor of a phone, on the one that they have, where it is in their hands alone, and else by the addresses of
/// their plan.
fn notify_survivor(tx: &mut Tx<'_>, survivor: SurvivorId, is_shown: bool) -> Result<()> {
    match is_shown {
        true => contact::enqueue_survivor(tx, survivor, Template::Nudge)?,
        false => contact::enqueue_by_plan(tx, survivor, Template::CallMe)?,
    };
    Ok(())
}

/// Asks the advocates to confirm the first phone of a record. Where nobody else than the maker of its code could, it reads after
/// the delay.
pub(in crate::escalation) fn first_enrolled(tx: &mut Tx<'_>, survivor: SurvivorId, device: DeviceId) -> Result<()> {
    let code_by = identity::phone_standing(tx.conn, survivor, device)?.code_by;
    if !has_another(tx, survivor, code_by)? {
        identity::open_phone_at(tx, device, after_delay(tx), None)?;
    }
    let detail = json!({"device_id": device, "is_first": true, "code_by": code_by});
    tasks::make_due(tx, survivor, TaskKind::ConfirmPhone, detail, tx.now.plus_hours(WAITING_HOURS))
}

/// What follows from a phone that was revoked.
pub(in crate::escalation) fn revoked(tx: &mut Tx<'_>, survivor: SurvivorId, device: DeviceId) -> Result<()> {
    ends::of_phone(tx, (survivor, device), TaskKind::ConfirmPhone, TaskEnd::PhoneRevoked)?;
    let due_at = tx.now.plus_hours(WAITING_HOURS);
    tasks::make_due(tx, survivor, TaskKind::EndSos, json!({"device_id": device}), due_at)?;
    notices::notify_at_once(tx, survivor, "phone_revoked")
}

/// Staff who work with a survivor, or are on duty for their organisation.
///
/// # Errors
/// 404 for everybody else.
pub(in crate::escalation) fn on_duty_for(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
) -> Result<SurvivorAccess> {
    let people = rota::all_on_duty(tx.conn, staff.organisation()?, tx.now)?;
    match access::survivor(tx, staff, survivor) {
        Err(Error::NotFound) if people.contains(&staff.id) => access::colleague(tx, staff, survivor),
        found => found,
    }
}

/// Lets a phone read, once somebody has heard the survivor's code word; or after the delay, once two people say so, of whom one
/// has spoken with them.
///
/// # Errors
/// 403 for the maker of the code and for the first of the two people; 409 for a wrong word, a phone that does not wait for it, or a
/// request that nobody made; 429 after too many wrong words.
pub async fn confirm(
    app: &App,
    staff: &Staff,
    (survivor, device): (SurvivorId, DeviceId),
    action: &'static str,
    body: ConfirmPhoneBody,
) -> Result<ConfirmedPhoneView> {
    let (caller, how) = (staff.clone(), body.how());
    let may = move |tx: &mut Tx<'_>| may_confirm(tx, &caller, (survivor, device), how);
    let takes_word = app.transact(staff.actor(), action, may).await?.takes_word();
    if takes_word {
        let word = body.code_word.as_ref().ok_or_else(word_needed)?;
        let caller = staff.clone();
        let find = move |tx: &mut Tx<'_>| Ok((on_duty_for(tx, &caller, survivor)?, tx.now));
        access::expect_code_word(app, staff, word, find).await?;
    }
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| {
        let basis = may_confirm(tx, &caller, (survivor, device), how)?;
        // A word may have been set meanwhile.
        if basis.takes_word() && !takes_word {
            return Err(word_needed());
        }
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
    /// The same, by the maker of the code, alone on duty.
    FirstPhoneAlone,
    /// The code word, heard by somebody who did not make the phone's code.
    CodeWord,
    /// The code word, heard by the maker of the code, alone on duty.
    AloneOnDuty,
    /// The survivor's voice, without the code word: a second person is asked.
    Asked,
    /// That, and the second person.
    TwoPeople,
}

impl Basis {
    fn as_str(self) -> &'static str {
        match self {
            Self::FirstPhone => "first_phone",
            Self::FirstPhoneAlone => "first_phone_alone",
            Self::CodeWord => "code_word",
            Self::AloneOnDuty => "alone_on_duty",
            Self::Asked => "asked",
            Self::TwoPeople => "two_people",
        }
    }

    fn takes_word(self) -> bool {
        matches!(self, Self::CodeWord | Self::AloneOnDuty)
    }

    fn is_alone(self) -> bool {
        matches!(self, Self::FirstPhoneAlone | Self::AloneOnDuty)
    }
}

/// What would let somebody confirm a phone.
fn may_confirm(tx: &mut Tx<'_>, staff: &Staff, (survivor, device): (SurvivorId, DeviceId), how: How) -> Result<Basis> {
    let access = on_duty_for(tx, staff, survivor)?;
    let phone = identity::phone_standing(tx.conn, access.id(), device)?;
    if !phone.waits(tx.now) {
        return Err(Error::wrong_state("this phone does not wait to be confirmed"));
    }
    // One whose place another took is not the only one.
    let is_first = phone.is_first && !phone.has_opened(tx.now) && phone.away_since.is_none();
    let (by_another, alone) = match how {
        How::Approves => return may_approve(tx, staff, &phone),
        _ if is_first => (Basis::FirstPhone, Basis::FirstPhoneAlone),
        How::WithoutWord => return may_ask(tx, &phone),
        _ if identity::has_code_word(tx.conn, survivor, tx.now)? => (Basis::CodeWord, Basis::AloneOnDuty),
        _ => return Err(Error::wrong_state("no code word is set: this phone reads once its delay is over")),
    };
    if !identity::is_same_person(tx, phone.code_by, staff.id)? {
        return Ok(by_another);
    }
    match how == How::RangBack && is_alone(tx, staff, survivor)? {
        true => Ok(alone),
        false => Err(Error::Forbidden(Code::SecondPersonNeeded)),
    }
}

/// Whether somebody who has heard no code word may ask for a phone to be opened: not one that opens by itself.
fn may_ask(tx: &Tx<'_>, phone: &PhoneStanding) -> Result<Basis> {
    match phone.reads_from {
        Some(from) if from > tx.now => Err(Error::wrong_state("this phone reads once its delay is over")),
        _ => Ok(Basis::Asked),
    }
}

fn may_approve(tx: &mut Tx<'_>, staff: &Staff, phone: &PhoneStanding) -> Result<Basis> {
    let nobody = || Error::wrong_state("nobody asked for this phone to be opened without the code word");
    identity::is_another_person(tx, phone.confirm_asked_by.ok_or_else(nobody)?, staff)?;
    Ok(Basis::TwoPeople)
}

/// Whether nobody else could be asked now: it is night or the weekend, and nobody else is on duty.
fn is_alone(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<bool> {
    if !rota::is_out_of_hours(tx.now) {
        return Ok(false);
    }
    let on_duty = rota::all_on_duty(tx.conn, staff.organisation()?, tx.now)?;
    let reachable = access::reachable(tx.conn, survivor, &on_duty)?;
    Ok(!is_any_other(tx, &reachable, staff.id)?)
}

fn confirm_in(
    tx: &mut Tx<'_>,
    by: StaffId,
    (survivor, device): (SurvivorId, DeviceId),
    basis: Basis,
) -> Result<ConfirmedPhoneView> {
    tx.note("confirm_device", Subject::of("device", device), basis.as_str());
    let reads_from = match basis {
        Basis::Asked => {
            ask_second_person(tx, by, (survivor, device))?;
            None
        }
        Basis::TwoPeople => Some(open_by_two(tx, by, (survivor, device))?),
        _ => {
            identity::confirm_phone(tx, device, by)?;
            Some(tx.now)
        }
    };
    if reads_from.is_some() {
        ends::of_phone(tx, (survivor, device), TaskKind::ConfirmPhone, TaskEnd::Confirmed)?;
    }
    if basis.is_alone() {
        ask_review(tx, by, (survivor, device))?;
    }
    let sends_away = match reads_from {
        Some(from) => identity::list_away_from(tx.conn, survivor, from)?,
        None => Vec::new(),
    };
    let (is_to_be_reviewed, awaits_second_person) = (basis.is_alone(), basis == Basis::Asked);
    Ok(ConfirmedPhoneView { id: device, reads_from, is_to_be_reviewed, awaits_second_person, sends_away })
}

/// Asks another person to approve that a phone is opened for somebody who could not say the code word.
fn ask_second_person(tx: &mut Tx<'_>, by: StaffId, (survivor, device): (SurvivorId, DeviceId)) -> Result<()> {
    identity::ask_to_open_phone(tx, device, by)?;
    let detail = json!({"device_id": device, "asked_by": by});
    tasks::make_due(tx, survivor, TaskKind::ConfirmPhone, detail, tx.now.plus_hours(WAITING_HOURS))?;
    notices::notify_at_once(tx, survivor, "phone_without_word")
}

/// Lets a phone read that two people vouch for: after the delay, and one that read before at once. Everybody is notified. Answers
/// from when.
fn open_by_two(tx: &mut Tx<'_>, by: StaffId, (survivor, device): (SurvivorId, DeviceId)) -> Result<Instant> {
    let phone = identity::phone_standing(tx.conn, survivor, device)?;
    let from = match phone.has_opened(tx.now) {
        true => {
            identity::confirm_phone(tx, device, by)?;
            tx.now
        }
        false => {
            let from = after_delay(tx);
            identity::open_phone_by_two(tx, device, from, by)?;
            from
        }
    };
    notify_survivor(tx, survivor, phone.is_shown)?;
    notices::notify_side(tx, survivor, (Role::Advocate, "phone_without_word"), true)?;
    Ok(from)
}

/// Asks a supervisor to look next morning at what one person did about a phone alone.
fn ask_review(tx: &mut Tx<'_>, by: StaffId, (survivor, device): (SurvivorId, DeviceId)) -> Result<()> {
    let detail = json!({"device_id": device, "confirmed_by": by});
    let morning = rota::next_morning(tx.now);
    tasks::make_for(tx, survivor, (Role::Supervisor, TaskKind::ReviewPhone), detail, Some(morning))
}

/// What somebody who ends a revoked phone's way to cry for help goes by, having heard the survivor's voice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// The code word, as it counted at this instant.
    Word(Instant),
    /// No word was set; it is another person than revoked the phone.
    OtherPerson,
    /// No word was set, and the survivor revoked it: a supervisor looks at it.
    Reviewed,
}

/// Ends a revoked phone's way to cry for help, once somebody has heard the survivor say so. Where they had no code word it takes
/// another person than revoked it; where the survivor did that, a supervisor looks at it afterwards.
///
/// # Errors
/// 403 for the one who revoked it, where no word was set; 409 without the survivor's voice, for a wrong word, for a phone in use, or
/// for one that can cry no more; 429 after too many wrong words.
pub async fn end_sos(
    app: &App,
    staff: &Staff,
    (survivor, device): (SurvivorId, DeviceId),
    action: &'static str,
    body: EndSosBody,
) -> Result<EndedSosView> {
    let (caller, has_spoken) = (staff.clone(), body.spoke_to_survivor);
    let may = move |tx: &mut Tx<'_>| may_end_sos(tx, &caller, (survivor, device), has_spoken);
    let ends = app.transact(staff.actor(), action, may).await?;
    // The word that counted when the phone was revoked: the person who revoked it may have changed it since.
    if let Ends::Word(at) = ends {
        let word = body.code_word.as_ref().ok_or_else(word_needed)?;
        let caller = staff.clone();
        let find = move |tx: &mut Tx<'_>| Ok((on_duty_for(tx, &caller, survivor)?, at));
        access::expect_code_word(app, staff, word, find).await?;
    }
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| {
        on_duty_for(tx, &caller, survivor)?;
        identity::end_sos(tx, device)?;
        let how = match ends {
            Ends::Word(_) => "code_word",
            Ends::OtherPerson => "second_person",
            Ends::Reviewed => "to_be_reviewed",
        };
        tx.note("confirm_device_revocation", Subject::of("device", device), how);
        ends::of_phone(tx, (survivor, device), TaskKind::EndSos, TaskEnd::Confirmed)?;
        if ends == Ends::Reviewed {
            ask_review(tx, caller.id, (survivor, device))?;
        }
        notices::notify_at_once(tx, survivor, "sos_ended")?;
        Ok(EndedSosView { id: device, sos_ended_at: tx.now })
    };
    app.transact(staff.actor(), action, work).await
}

/// What would let somebody end a phone's way to cry for help.
fn may_end_sos(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, device): (SurvivorId, DeviceId),
    has_spoken: bool,
) -> Result<Ends> {
    let access = on_duty_for(tx, staff, survivor)?;
    let phone = identity::phone_standing(tx.conn, access.id(), device)?;
    let Some(revoked_at) = phone.revoked_at.filter(|_| phone.sos_ended_at.is_none()) else {
        return Err(Error::wrong_state("this phone is in use, or can cry for help no more already"));
    };
    if !has_spoken {
        return Err(Error::Conflict(Code::CodeWordNeeded, "speak to the survivor first".into()));
    }
    if identity::has_code_word(tx.conn, survivor, revoked_at)? {
        return Ok(Ends::Word(revoked_at));
    }
    match phone.revoked_by {
        Some(by) => identity::is_another_person(tx, by, staff).map(|()| Ends::OtherPerson),
        None => Ok(Ends::Reviewed),
    }
}
