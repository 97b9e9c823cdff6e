//! Answering: on time, late, unscheduled, or pressing help-now.

use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::model::{
    Answer, CheckIn, ContactSinceLast, EffectiveState, Location, QuestionAnswer, StoredState, Wellbeing,
    effective_state,
};
use super::{answered, one_question, questions, store, timers};
use crate::consent::{Ledger, Scope};
use crate::contact::plan::Kind;
use crate::contact::{self, Heard};
use crate::crypto::Private;
use crate::db::{AlertId, CheckInId, Instant, Json, StaffId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::facts::Fact;
use crate::http::limits;
use crate::identity::{self, Phone, ShownAct};
use crate::tx::{Raised, Subject, Tx};

/// Minutes by which a phone's clock may be slow without anybody noticing.
const SLOW_MINUTES: i64 = 5;
/// Why a slot that was answered takes no other answer.
const ANSWERED: &str = "this check-in has been answered already";

/// An answer to a check-in.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCheckInBody {
    /// How it is.
    #[garde(skip)]
    status: Answer,
    /// Which check-in; without it, the one that is open, else an unscheduled one.
    #[garde(skip)]
    #[serde(default)]
    check_in_id: Option<CheckInId>,
    /// 0 (not at all) to 4 (entirely).
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4, example = 3)]
    #[serde(default)]
    feeling_safe: Option<i32>,
    /// Whether there was contact.
    #[garde(skip)]
    #[serde(default)]
    contact_since_last: Option<ContactSinceLast>,
    /// Whether it is safe to get in touch.
    #[garde(skip)]
    #[serde(default)]
    safe_to_contact: Option<bool>,
    /// Whether you want to be rung.
    #[garde(skip)]
    #[serde(default)]
    call_back: Option<bool>,
    /// How it is safe to get in touch.
    #[garde(length(max = 4))]
    #[schema(max_items = 4, example = json!(["sms"]))]
    #[serde(default)]
    contact_by: Option<Vec<Kind>>,
    /// How you are.
    #[garde(dive)]
    #[serde(default)]
    wellbeing: Option<Wellbeing>,
    /// Answers to your own questions.
    #[garde(length(max = 3), dive)]
    #[schema(max_items = 3)]
    #[serde(default)]
    answers: Vec<QuestionAnswer>,
    /// In your own words.
    #[garde(custom(limits::narrative_opt))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 12000, example = "A quiet day.")]
    #[serde(default)]
    note: Option<Private>,
    /// Where you are; kept only while `location.moment` is on.
    #[garde(custom(possible))]
    #[serde(default)]
    location: Option<Location>,
    /// How full the phone's battery is, in percent.
    #[garde(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100, example = 64)]
    #[serde(default)]
    battery: Option<i32>,
    /// When the phone recorded it.
    #[garde(skip)]
    recorded_at: Instant,
}

/// Pressing help-now. It is never refused over a detail that may be left out: words that are too long are cut off, and what
/// is no text or no place counts as absent.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpNowBody {
    /// In your own words.
    #[garde(skip)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 12000)]
    #[serde(default, deserialize_with = "text_or_nothing")]
    note: Option<Private>,
    /// Where you are; kept while `location.moment` or `location.release_alert` is on.
    #[garde(skip)]
    #[serde(default, deserialize_with = "place_or_nothing")]
    location: Option<Location>,
    /// How full the phone's battery is, in percent.
    #[garde(skip)]
    #[schema(minimum = 0, maximum = 100, example = 9)]
    #[serde(default, deserialize_with = "percent_or_nothing")]
    battery: Option<i32>,
    /// When the phone recorded it.
    #[garde(skip)]
    recorded_at: Instant,
}

fn text_or_nothing<'de, D: Deserializer<'de>>(reader: D) -> std::result::Result<Option<Private>, D::Error> {
    let value = Value::deserialize(reader)?;
    let text =
        value.as_str().map(|text| text.replace('\0', "").chars().take(limits::NARRATIVE_CHARS).collect::<String>());
    Ok(text.filter(|text| !text.trim().is_empty()).map(Private::from))
}

fn place_or_nothing<'de, D: Deserializer<'de>>(reader: D) -> std::result::Result<Option<Location>, D::Error> {
    let value = Value::deserialize(reader)?;
    Ok(serde_json::from_value(value).ok().filter(Location::is_possible))
}

fn percent_or_nothing<'de, D: Deserializer<'de>>(reader: D) -> std::result::Result<Option<i32>, D::Error> {
    let value = Value::deserialize(reader)?.as_i64().filter(|percent| (0..=100).contains(percent));
    Ok(value.and_then(|percent| i32::try_from(percent).ok()))
}

pub(super) fn possible(location: &Option<Location>, _: &()) -> garde::Result {
    let fits = location.as_ref().is_none_or(Location::is_possible);
    if fits { Ok(()) } else { Err(garde::Error::new("must be a place on earth")) }
}

impl From<HelpNowBody> for CreateCheckInBody {
    fn from(body: HelpNowBody) -> Self {
        Self {
            status: Answer::HelpNow,
            check_in_id: None,
            feeling_safe: None,
            contact_since_last: None,
            safe_to_contact: None,
            call_back: None,
            contact_by: None,
            wellbeing: None,
            answers: Vec::new(),
            note: body.note,
            location: body.location,
            battery: body.battery,
            recorded_at: body.recorded_at,
        }
    }
}

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
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmittedView {
    /// The check-in.
    pub id: CheckInId,
    /// Its state now; a late answer leaves it missed.
    pub state: EffectiveState,
    /// The alert that this raised or added to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<RaisedView>,
}

impl SubmittedView {
    /// The view of what was kept, and the alerts that were raised; the gravest is told.
    pub fn of(kept: &Submitted, now: Instant, raised: &[Raised]) -> Self {
        let gravest = raised.iter().max_by_key(|raised| raised.level);
        let alert = gravest.map(|raised| RaisedView { id: raised.id, state: raised.state.clone() });
        Self { id: kept.shown_as, state: kept.late_state.unwrap_or_else(|| effective_state(&kept.row, now)), alert }
    }
}

/// Who sends an answer, and in what circumstances.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'p> {
    phone: &'p Phone,
    offset_seconds: Option<i64>,
}

impl<'p> Sender<'p> {
    /// A phone; where it was offline, with the seconds that its clock is known to be ahead of ours.
    pub fn new(phone: &'p Phone, offset_seconds: Option<i64>) -> Self {
        Self { phone, offset_seconds }
    }

    /// When something was said, by our clock, at the latest.
    fn said_at(self, recorded_at: Instant) -> Instant {
        recorded_at.plus_seconds(-self.offset_seconds.unwrap_or(0)).plus_minutes(SLOW_MINUTES)
    }

    /// By how much its clock is ahead: as estimated, or at least by how much later than now it says to have recorded.
    fn offset(self, recorded_at: Instant, now: Instant) -> Option<i32> {
        let ahead = recorded_at.seconds_since(now);
        let offset = self.offset_seconds.or((ahead > 0).then_some(ahead))?;
        Some(i32::try_from(offset).unwrap_or(if offset < 0 { i32::MIN } else { i32::MAX }))
    }
}

/// An answer that was kept, and the check-in as which the phone is told of it.
pub struct Submitted {
    /// What was kept.
    pub row: CheckIn,
    shown_as: CheckInId,
    /// As what a slot is shown that was answered too late, where the answer was kept apart from it.
    late_state: Option<EffectiveState>,
}

/// Keeps an answer and states what it means.
///
/// A concern or a cry for help is never refused for its timing: where it can answer no slot, it stands by itself. Only
/// an unlocked session answers a slot, since answering one quietens its alarm. Under duress the answer is kept, marked,
/// and answers no slot either; the phone is told that it did.
pub fn submit(tx: &mut Tx<'_>, sender: Sender<'_>, body: &CreateCheckInBody) -> Result<Submitted> {
    let phone = sender.phone;
    if body.status == Answer::Safe && !phone.is_unlocked {
        return Err(Error::Forbidden(Code::SafeNeedsPin));
    }
    tx.about(Subject::of("survivor", phone.survivor));
    let heard;
    let body = match questions::check_answers(tx, phone.survivor, &body.answers) {
        // A question may have been taken away since the phone asked it: no cry for help is lost over that.
        Err(Error::Invalid { .. }) if body.status != Answer::Safe => {
            heard = CreateCheckInBody { answers: Vec::new(), ..body.clone() };
            &heard
        }
        checked => {
            checked?;
            body
        }
    };
    let slot = find_slot(tx, sender, body)?;
    let shown_as = slot.as_ref().map(|slot| slot.id);
    if let Some(slot) = slot.as_ref().filter(|_| phone.is_duress) {
        one_question::show_answered(tx, slot)?;
    }
    let late_state = slot.as_ref().filter(|slot| phone.is_duress && one_question::is_late(slot, tx.now));
    let late_state = late_state.map(|slot| effective_state(slot, tx.now));
    let row = match slot.filter(|_| !phone.is_duress) {
        Some(slot) => {
            let filled = from_phone(tx, sender, body, slot.clone())?;
            one_question::answer(tx, &slot, filled)?
        }
        None => {
            let row = from_phone(tx, sender, body, CheckIn::blank(phone.survivor, tx.now))?;
            store::insert_check_in(tx.conn, row.clone())?;
            row
        }
    };
    let is_unsafe = body.safe_to_contact == Some(false);
    // As "safe" itself: that it is safe to be in touch counts only with the PIN; that it is not counts at once.
    if !phone.is_duress && (phone.is_unlocked || is_unsafe) {
        hear(tx, phone.survivor, body, sender.said_at(body.recorded_at))?;
    }
    state_facts(tx, body, &row)?;
    Ok(Submitted { shown_as: shown_as.unwrap_or(row.id), late_state, row })
}

/// Keeps what a survivor told a member of staff, for one who has no phone that is safe to use.
pub fn record_for(
    tx: &mut Tx<'_>,
    staff: StaffId,
    survivor: SurvivorId,
    body: &CreateCheckInBody,
) -> Result<Submitted> {
    questions::check_answers(tx, survivor, &body.answers)?;
    let now = tx.now;
    let slot = match body.check_in_id {
        Some(id) => Some(answerable(tx, survivor, id)?),
        None => store::find_open(tx.conn, survivor, now)?,
    };
    let row = match slot {
        Some(slot) => {
            let row = CheckIn { recorded_by: Some(staff), ..filled(tx, body, slot.clone())? };
            one_question::answer(tx, &slot, row)?
        }
        None => {
            let row = CheckIn { recorded_by: Some(staff), ..filled(tx, body, CheckIn::blank(survivor, now))? };
            store::insert_check_in(tx.conn, row.clone())?;
            row
        }
    };
    hear(tx, survivor, body, body.recorded_at.plus_minutes(SLOW_MINUTES))?;
    state_facts(tx, body, &row)?;
    Ok(Submitted { shown_as: row.id, late_state: None, row })
}

/// Whether and how it is safe to be in touch counts from now on for everything that is sent to them.
fn hear(tx: &mut Tx<'_>, survivor: SurvivorId, body: &CreateCheckInBody, said_at: Instant) -> Result<()> {
    let by: Vec<Kind> = body.contact_by.iter().flatten().copied().collect();
    contact::hear(tx, survivor, &Heard { is_safe: body.safe_to_contact, by, said_at })
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
        _ if slot.answer.is_some() => Some(ANSWERED),
        EffectiveState::Scheduled => Some("this check-in is not open yet"),
        EffectiveState::Resolved => Some("this check-in was resolved"),
        _ => None,
    }
}

/// Whether a session under duress was told that it has answered a slot.
fn shown_answered(tx: &mut Tx<'_>, phone: &Phone, slot: Option<&CheckIn>) -> Result<bool> {
    match slot.filter(|_| phone.is_duress) {
        Some(slot) => identity::was_shown(tx.conn, ShownAct::Answer, slot.id),
        None => Ok(false),
    }
}

/// The slot that this answers, if any.
fn find_slot(tx: &mut Tx<'_>, sender: Sender<'_>, body: &CreateCheckInBody) -> Result<Option<CheckIn>> {
    let (phone, now) = (sender.phone, tx.now);
    // What was said before a slot opened is no answer to it.
    let said_at = sender.said_at(body.recorded_at);
    let answers = |slot: &CheckIn| slot.opens_at.is_none_or(|opens| opens <= said_at);
    let Some(id) = body.check_in_id else {
        return match phone.is_unlocked {
            true => {
                let open = store::find_open(tx.conn, phone.survivor, now)?.filter(answers);
                let is_shown = shown_answered(tx, phone, open.as_ref())?;
                Ok(open.filter(|_| !is_shown))
            }
            false => Ok(None),
        };
    };
    // A plain "safe" can be refused; whatever tells of danger is kept all the same, and stands by itself.
    let is_plain = body.status == Answer::Safe && concerns(body).is_empty();
    let Some(slot) = store::find_check_in(tx.conn, phone.survivor, id)? else {
        return if is_plain { Err(Error::NotFound) } else { Ok(None) };
    };
    let is_shown = shown_answered(tx, phone, Some(&slot))?;
    match refusal(&slot, now).or(is_shown.then_some(ANSWERED)) {
        Some(refusal) if is_plain => Err(Error::wrong_state(refusal)),
        Some(_) => Ok(None),
        None if phone.is_unlocked && answers(&slot) => Ok(Some(slot)),
        None => Ok(None),
    }
}

fn from_phone(tx: &mut Tx<'_>, sender: Sender<'_>, body: &CreateCheckInBody, row: CheckIn) -> Result<CheckIn> {
    let row = filled(tx, body, row)?;
    let is_kept = row.location.is_some() && may_locate(tx, row.survivor_id, body.status == Answer::HelpNow)?;
    Ok(CheckIn {
        location: row.location.filter(|_| is_kept),
        device_id: Some(sender.phone.device),
        is_duress: sender.phone.is_duress,
        clock_offset_seconds: sender.offset(body.recorded_at, tx.now),
        ..row
    })
}

/// Whether the survivor has agreed that where they are is kept of what their phone sends. What comes without their
/// agreement is dropped, and never a reason to refuse the answer it came with. A cry for help is what
/// `location.release_alert` speaks of, so that either setting covers it.
pub(super) fn may_locate(tx: &mut Tx<'_>, survivor: SurvivorId, is_help_now: bool) -> Result<bool> {
    let (ledger, now) = (Ledger::load(tx.conn, survivor)?, tx.now);
    let is_on = |scope| ledger.standing(scope, now).granted;
    Ok(is_on(Scope::LocationMoment) || (is_help_now && is_on(Scope::LocationReleaseAlert)))
}

fn filled(tx: &Tx<'_>, body: &CreateCheckInBody, row: CheckIn) -> Result<CheckIn> {
    let seal = |column, text: Option<String>| {
        let text = text.map(Private::from);
        tx.app.keys.seal_opt(CheckIn::place(row.survivor_id, row.id, column), text.as_ref())
    };
    let location = body.location.map(|location| serde_json::to_string(&location)).transpose()?;
    let wellbeing = body.wellbeing.as_ref().map(serde_json::to_string).transpose()?;
    let answers = match body.answers.is_empty() {
        true => None,
        false => Some(serde_json::to_string(&body.answers)?),
    };
    let note_place = CheckIn::place(row.survivor_id, row.id, "note");
    Ok(CheckIn {
        state: StoredState::from(body.status),
        answer: Some(body.status),
        feeling_safe: body.feeling_safe,
        contact_since_last: body.contact_since_last,
        safe_to_contact: body.safe_to_contact,
        call_back: body.call_back,
        contact_by: body.contact_by.as_ref().map(Json::of).transpose()?,
        note: tx.app.keys.seal_opt(note_place, body.note.as_ref())?,
        location: seal("location", location)?,
        wellbeing: seal("wellbeing", wellbeing)?,
        answers: seal("answers", answers)?,
        battery: body.battery,
        recorded_at: Some(body.recorded_at),
        received_at: Some(tx.now),
        ..row
    })
}

fn state_facts(tx: &mut Tx<'_>, body: &CreateCheckInBody, row: &CheckIn) -> Result<()> {
    let (survivor, check_in, is_duress) = (row.survivor_id, row.id, row.is_duress);
    if body.status == Answer::HelpNow {
        tx.state(Fact::HelpNowPressed { survivor, check_in, is_duress });
        answered::ask_call_back(tx, row);
        return if is_duress { Ok(()) } else { timers::answer_with_help_now(tx, survivor) };
    }
    let reasons = concerns(body);
    match reasons.is_empty() {
        true if is_duress => {}
        true => tx.state(Fact::CheckInAnswered { survivor, check_in }),
        false => tx.state(Fact::ConcernRaised { survivor, check_in, reasons }),
    }
    answered::ask_call_back(tx, row);
    Ok(())
}

/// Why an answer is a concern (product.md, rule `concern`).
fn concerns(body: &CreateCheckInBody) -> Vec<&'static str> {
    let feels_unsafe = body.feeling_safe.is_some_and(|feeling| feeling <= 1);
    let reasons = [
        (body.status == Answer::Concern, "concern"),
        (body.contact_since_last == Some(ContactSinceLast::Yes), "contact_since_last"),
        (body.call_back == Some(true) && feels_unsafe, "call_back"),
    ];
    reasons.into_iter().filter(|(applies, _)| *applies).map(|(_, reason)| reason).collect()
}
