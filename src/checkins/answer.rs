//! Answering: on time, late, unscheduled, or pressing help-now.

pub(super) mod body;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::body::{CreateCheckInBody, Given, HelpNowBody};

use super::locating::may_locate;
use super::model::{Answer, CheckIn, ContactSinceLast, EffectiveState, InTouch, StoredState, effective_state};
use super::store::AnswerContext;
use super::{answered, mirror, one_question, questions, store, timers};
use crate::contact;
use crate::contact::plan::Kind;
use crate::crypto::{Private, SealedRow, seal};
use crate::db::{AlertId, CheckInId, Instant, Json, StaffId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::events::{Event, ReportArrival};
use crate::http::lenient::{self, SaidSealing};
use crate::identity::{self, Phone, ShownAct};
use crate::tx::{Raised, Subject, Tx};

/// Minutes by which a phone's clock may be slow without anybody noticing.
const SLOW_MINUTES: i64 = 5;
/// Why a slot that was answered takes no other answer.
const ANSWERED: &str = "this check-in has been answered already";

/// An alert, as far as an answer tells of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RaisedView {
    /// Its id.
    pub id: AlertId,
    /// Its state.
    #[schema(example = "open")]
    pub state: String,
}

/// What came of an answer.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmittedView {
    /// The check-in.
    pub id: CheckInId,
    /// Its state now; a late answer leaves it missed.
    pub state: EffectiveState,
    /// Of "safe": whether it counts. `false` stops the reminders and no alarm: give your PIN and answer again.
    pub is_proven: Option<bool>,
    /// The alert that this raised or added to.
    pub alert: Option<RaisedView>,
    /// JSON Pointers of what could not be read or kept, in part or at all; the empty one is the body as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["/location/accuracy_m"]))]
    pub dropped: Vec<String>,
}

impl SubmittedView {
    /// The view of what was kept, and the alerts that were raised; the gravest is told.
    pub fn of(kept: &Submitted, now: Instant, raised: &[Raised]) -> Self {
        let gravest = raised.iter().max_by_key(|raised| raised.level);
        let alert = gravest.map(|raised| RaisedView { id: raised.id, state: raised.state.clone() });
        let state = kept.late_state.unwrap_or_else(|| effective_state(&kept.row, now));
        let is_proven = kept.row.safe_is_proven();
        Self { id: kept.shown_as, state, is_proven, alert, dropped: kept.dropped.clone() }
    }
}

/// Who sends an answer, and in what circumstances.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'p> {
    phone: &'p Phone,
    way: Way,
}

/// How an answer reaches us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As it is given.
    Live,
    /// Later, from a phone that was offline; with the seconds that its clock is known to be ahead of ours.
    Sync(Option<i64>),
}

impl<'p> Sender<'p> {
    /// A phone, and how its answer reaches us.
    pub fn new(phone: &'p Phone, way: Way) -> Self {
        Self { phone, way }
    }

    fn offset_seconds(self) -> Option<i64> {
        match self.way {
            Way::Live => None,
            Way::Sync(offset) => offset,
        }
    }

    /// When something was said, by our clock, at the latest. What names its check-in as it is given is said now, whatever
    /// the phone's clock says; so is what does not tell when it was recorded.
    fn said_at(self, given: &Given, now: Instant) -> Instant {
        match given.recorded_at {
            Some(recorded_at) if self.way != Way::Live || given.check_in_id.is_none() => {
                recorded_at.plus_seconds(-self.offset_seconds().unwrap_or(0)).plus_minutes(SLOW_MINUTES)
            }
            _ => now,
        }
    }

    /// Whether an answer needs no proof, or comes with it: a "safe" that is said now, by somebody who has just given the PIN, on
    /// a phone that was confirmed.
    fn proves(self, status: Answer, now: Instant) -> bool {
        let is_now = self.way == Way::Live && self.phone.answers() && self.phone.has_fresh_pin(now);
        status != Answer::Safe || is_now
    }

    /// By how much its clock is ahead: as estimated, or at least by how much later than now it says to have recorded.
    fn offset(self, recorded_at: Option<Instant>, now: Instant) -> Option<i32> {
        let ahead = recorded_at.map(|recorded_at| recorded_at.seconds_since(now)).filter(|ahead| *ahead > 0);
        let offset = self.offset_seconds().or(ahead)?;
        Some(i32::try_from(offset).unwrap_or(if offset < 0 { i32::MIN } else { i32::MAX }))
    }
}

/// An answer that was kept, and the check-in that the phone is shown for it.
pub struct Submitted {
    /// What was kept.
    pub row: CheckIn,
    shown_as: CheckInId,
    /// As what a slot is shown that was answered too late, where the answer was kept apart from it.
    late_state: Option<EffectiveState>,
    /// What of it could not be read or kept, as JSON Pointers.
    pub dropped: Vec<String>,
}

/// Keeps an answer and states what it means.
///
/// A concern or a cry for help is never refused for its timing: where it can answer no slot, it is on its own. Only
/// an unlocked session on a phone that was confirmed answers a slot, since answering one quietens its alarm. "Safe" without a
/// PIN of the last minutes stops the reminders and no alarm: anybody who picks up an unlocked phone can say it. Under duress the
/// answer is kept, marked, and answers no slot either; the phone shows that it did.
pub fn submit(tx: &mut Tx<'_>, sender: Sender<'_>, given: &Given) -> Result<Submitted> {
    let phone = sender.phone;
    if given.status == Answer::Safe && !phone.is_unlocked {
        return Err(Error::Forbidden(Code::SafeNeedsPin));
    }
    tx.about(Subject::of("survivor", phone.survivor));
    let given = &questions::sort_answers(tx, phone.survivor, given)?;
    let mut dropped = given.dropped.clone();
    // A slot that the answer names is found by its id.
    let context = match given.check_in_id {
        None if phone.answers() => Some(store::find_answer_context(tx.conn, phone.survivor, tx.now)?),
        _ => None,
    };
    let slot = find_slot(tx, sender, given, context)?;
    let shown_as = slot.as_ref().map(CheckIn::shown_id);
    if let Some(slot) = slot.as_ref().filter(|_| phone.is_duress) {
        one_question::show_answered(tx, slot, sender.proves(given.status, tx.now))?;
    }
    let late_state = slot.as_ref().filter(|slot| phone.is_duress && one_question::is_late(slot, tx.now));
    let late_state = late_state.map(|slot| effective_state(slot, tx.now));
    let row = match slot.filter(|_| !phone.is_duress) {
        Some(slot) => {
            let filled = from_phone(tx, sender, given, slot.clone(), &mut dropped)?;
            one_question::answer(tx, &slot, filled)?
        }
        None => {
            let blank = CheckIn::blank(phone.survivor, tx.now);
            let row = from_phone(tx, sender, given, blank, &mut dropped)?;
            store::insert_check_in(tx, row.clone())?;
            row
        }
    };
    if !phone.is_duress {
        let decoy = phone.decoy(tx.conn)?;
        mirror::check_in_answered(tx, &row, decoy)?;
    }
    let is_unsafe = given.safe_to_contact == Some(false);
    let is_proven = row.is_proven && phone.answers();
    // As "safe" itself: that it is safe to be in touch counts only with the PIN; that it is not counts at once. What a phone says
    // that was reported lost takes the place of nothing that another phone says.
    // Nor does what is said under duress, unless it raises protection.
    if phone.reported_at.is_none() && (is_unsafe || (is_proven && !phone.is_duress)) {
        let by = given.contact_by.clone().filter(|_| !phone.is_duress);
        hear(tx, phone.survivor, &Given { contact_by: by, ..given.clone() }, sender.said_at(given, tx.now))?;
    }
    let dropped = lenient::without_nested(&dropped.into_iter().collect());
    let (reported_at, is_unconfirmed) = (phone.reported_at, phone.is_unconfirmed);
    let heard = ReportArrival { recorded_at: given.recorded_at, dropped: dropped.clone(), reported_at, is_unconfirmed };
    // A plain answer from a phone that nobody has confirmed is kept, and no alert records that they have answered.
    let is_told = !phone.is_duress && (phone.answers() || !phone.is_unlocked);
    let is_told = is_told && context.is_none_or(|context| context.has_open_alert);
    emit_events(tx, given, &row, heard, is_told)?;
    Ok(Submitted { shown_as: shown_as.unwrap_or(row.id), late_state, row, dropped })
}

/// Keeps what a survivor reported to a member of staff, for one who has no phone that is safe to use.
pub fn record_for(tx: &mut Tx<'_>, staff: StaffId, survivor: SurvivorId, given: &Given) -> Result<Submitted> {
    let given = &questions::sort_answers(tx, survivor, given)?;
    let (now, mut dropped) = (tx.now, given.dropped.clone());
    let slot = match given.check_in_id {
        Some(id) => Some(answerable(tx, survivor, id)?),
        None => store::find_open(tx.conn, survivor, now)?,
    };
    let row = match slot {
        Some(slot) => {
            let row = CheckIn { recorded_by: Some(staff), ..filled(tx, given, slot.clone(), &mut dropped)? };
            one_question::answer(tx, &slot, row)?
        }
        None => {
            let blank = CheckIn::blank(survivor, now);
            let row = CheckIn { recorded_by: Some(staff), ..filled(tx, given, blank, &mut dropped)? };
            store::insert_check_in(tx, row.clone())?;
            row
        }
    };
    let decoy = identity::decoy_of(tx.conn, survivor)?;
    mirror::check_in_answered(tx, &row, decoy)?;
    hear(tx, survivor, given, given.recorded_at.unwrap_or(now).plus_minutes(SLOW_MINUTES))?;
    let heard = ReportArrival { recorded_at: given.recorded_at, dropped: dropped.clone(), ..ReportArrival::default() };
    emit_events(tx, given, &row, heard, true)?;
    Ok(Submitted { shown_as: row.id, late_state: None, row, dropped })
}

/// Whether and how it is safe to be in touch counts from now on for everything that is sent to them.
fn hear(tx: &mut Tx<'_>, survivor: SurvivorId, body: &Given, said_at: Instant) -> Result<()> {
    let by: Vec<Kind> = body.contact_by.iter().flatten().copied().collect();
    contact::hear(tx, survivor, &contact::ContactAnswer { is_safe: body.safe_to_contact, by, said_at })
}

fn answerable(tx: &mut Tx<'_>, survivor: SurvivorId, id: CheckInId) -> Result<CheckIn> {
    let slot = store::find_check_in(tx.conn, survivor, id)?.ok_or(Error::NotFound)?;
    match refusal(&slot, tx.now) {
        Some(refusal) => Err(Error::wrong_state(refusal)),
        None => Ok(slot),
    }
}

/// Why a slot takes no answer, if it takes none.
fn refusal(slot: &CheckIn, now: Instant) -> Option<&'static str> {
    match effective_state(slot, now) {
        _ if slot.is_answered() => Some(ANSWERED),
        EffectiveState::Scheduled => Some("this check-in is not open yet"),
        EffectiveState::Resolved => Some("this check-in was resolved"),
        _ => None,
    }
}

/// Whether a session under duress was shown that it has answered a slot.
fn shown_answered(tx: &mut Tx<'_>, phone: &Phone, slot: Option<&CheckIn>) -> Result<bool> {
    match slot.filter(|_| phone.is_duress) {
        Some(slot) => identity::was_shown(tx.conn, ShownAct::Answer, slot.id),
        None => Ok(false),
    }
}

/// The slot that this answers, if any.
fn find_slot(
    tx: &mut Tx<'_>,
    sender: Sender<'_>,
    body: &Given,
    context: Option<AnswerContext>,
) -> Result<Option<CheckIn>> {
    let (phone, now) = (sender.phone, tx.now);
    // What was said before a slot opened is no answer to it.
    let said_at = sender.said_at(body, now);
    let answers = |slot: &CheckIn| slot.opens_at.is_none_or(|opens| opens <= said_at);
    let Some(id) = body.check_in_id else {
        return match context {
            Some(AnswerContext { has_open_slot: true, .. }) => {
                let open = store::find_open(tx.conn, phone.survivor, now)?.filter(answers);
                let is_shown = shown_answered(tx, phone, open.as_ref())?;
                Ok(open.filter(|_| !is_shown))
            }
            _ => Ok(None),
        };
    };
    // A plain "safe" can be refused; whatever tells of danger is kept all the same, and is on its own.
    let is_plain = body.status == Answer::Safe && concerns(body).is_empty();
    let Some(slot) = store::find_check_in(tx.conn, phone.survivor, id)? else {
        return if is_plain { Err(Error::NotFound) } else { Ok(None) };
    };
    // A phone whose answers quieten nothing learns nothing of the slot: another may have answered it.
    if !phone.answers() {
        return Ok(None);
    }
    let is_shown = shown_answered(tx, phone, Some(&slot))?;
    match refusal(&slot, now).or(is_shown.then_some(ANSWERED)) {
        Some(refusal) if is_plain => Err(Error::wrong_state(refusal)),
        Some(_) => Ok(None),
        None if answers(&slot) => Ok(Some(slot)),
        None => Ok(None),
    }
}

fn from_phone(
    tx: &mut Tx<'_>,
    sender: Sender<'_>,
    body: &Given,
    row: CheckIn,
    dropped: &mut Vec<String>,
) -> Result<CheckIn> {
    let row = filled(tx, body, row, dropped)?;
    let is_kept = row.location.is_some() && may_locate(tx, row.survivor_id, body.status == Answer::HelpNow)?;
    Ok(CheckIn {
        location: row.location.filter(|_| is_kept),
        device_id: Some(sender.phone.device),
        is_duress: sender.phone.is_duress,
        is_proven: sender.proves(body.status, tx.now),
        clock_offset_seconds: sender.offset(body.recorded_at, tx.now),
        ..row
    })
}

/// The row with what was said. A cry for help goes on without what no key can be had for, and names it.
fn filled(tx: &Tx<'_>, body: &Given, row: CheckIn, dropped: &mut Vec<String>) -> Result<CheckIn> {
    let is_cry = body.status == Answer::HelpNow;
    let mut said = SaidSealing { sealing: row.own_sealing(tx.keys), dropped: is_cry.then_some(dropped) };
    let location = body.location.map(|location| serde_json::to_string(&location)).transpose()?;
    let wellbeing = body.wellbeing.as_ref().map(serde_json::to_string).transpose()?;
    let answers = match body.answers.is_empty() {
        true => None,
        false => Some(serde_json::to_string(&body.answers)?),
    };
    let in_touch = InTouch { call_back: body.call_back, by: body.contact_by.clone() };
    Ok(CheckIn {
        state: StoredState::from(body.status),
        answer: Some(body.status),
        feeling_safe: body.feeling_safe,
        contact_since_last: body.contact_since_last,
        safe_to_contact: body.safe_to_contact,
        in_touch: (in_touch != InTouch::default()).then(|| Json::of(&in_touch)).transpose()?,
        note: seal!(said.note, &body.note)?,
        location: seal!(said.location, &location.map(Private::from))?,
        wellbeing: seal!(said.wellbeing, &wellbeing.map(Private::from))?,
        answers: seal!(said.answers, &answers.map(Private::from))?,
        battery: body.battery,
        is_proven: true,
        recorded_at: body.recorded_at,
        received_at: Some(tx.now),
        ..row
    })
}

/// `is_told`: whether a plain answer is recorded with the alerts that are open.
fn emit_events(tx: &mut Tx<'_>, body: &Given, row: &CheckIn, heard: ReportArrival, is_told: bool) -> Result<()> {
    let (survivor, check_in, is_duress) = (row.survivor_id, row.id, row.is_duress);
    let force = place_force(tx, body, survivor)?;
    if body.status == Answer::HelpNow {
        let answers_timers = !is_duress && heard.reported_at.is_none() && !heard.is_unconfirmed;
        tx.emit(Event::HelpNowPressed { survivor, check_in, is_duress, force, heard });
        answered::ask_call_back(tx, row)?;
        return if answers_timers { timers::answer_with_help_now(tx, survivor) } else { Ok(()) };
    }
    let reasons = concerns(body);
    match reasons.is_empty() {
        true if !is_told => {}
        true => tx.emit(Event::CheckInAnswered { survivor, check_in }),
        false => tx.emit(Event::ConcernRaised { survivor, check_in, reasons, is_duress, force, heard }),
    }
    answered::ask_call_back(tx, row)
}

/// The force of the place that the phone gave, where it may be kept: also where no key can be had to keep it with.
fn place_force(tx: &mut Tx<'_>, body: &Given, survivor: SurvivorId) -> Result<Option<&'static str>> {
    match body.location.and_then(|location| location.force_id) {
        Some(force) if may_locate(tx, survivor, body.status == Answer::HelpNow)? => Ok(Some(force.as_str())),
        _ => Ok(None),
    }
}

/// Why an answer is a concern (rule `concern`).
fn concerns(body: &Given) -> Vec<&'static str> {
    let feels_unsafe = body.feeling_safe.is_some_and(|feeling| feeling <= 1);
    let reasons = [
        (body.status == Answer::Concern, "concern"),
        (body.contact_since_last == Some(ContactSinceLast::Yes), "contact_since_last"),
        (body.call_back == Some(true) && feels_unsafe, "call_back"),
    ];
    reasons.into_iter().filter(|(applies, _)| *applies).map(|(_, reason)| reason).collect()
}
