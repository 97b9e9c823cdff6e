//! Answering: on time, late, unscheduled, or pressing help-now.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Answer, CheckIn, ContactSinceLast, EffectiveState, Location, StoredState, effective_state};
use super::schedule::{blank, make_next_slot};
use super::store;
use crate::crypto::Private;
use crate::db::{AlertId, CheckInId, Instant};
use crate::error::{Code, Error, Result};
use crate::facts::Fact;
use crate::http::limits;
use crate::identity::Phone;
use crate::tx::{Raised, Subject, Tx};

/// An answer to a check-in.
#[derive(Deserialize, Validate, ToSchema)]
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
    /// In your own words.
    #[garde(custom(limits::narrative_opt))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 12000, example = "A quiet day.")]
    #[serde(default)]
    note: Option<Private>,
    /// Where you are.
    #[garde(custom(possible))]
    #[serde(default)]
    location: Option<Location>,
    /// When the phone recorded it.
    #[garde(skip)]
    recorded_at: Instant,
}

/// Pressing help-now.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpNowBody {
    /// In your own words.
    #[garde(custom(limits::narrative_opt))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 12000)]
    #[serde(default)]
    note: Option<Private>,
    /// Where you are.
    #[garde(custom(possible))]
    #[serde(default)]
    location: Option<Location>,
    /// When the phone recorded it.
    #[garde(skip)]
    recorded_at: Instant,
}

fn possible(location: &Option<Location>, _: &()) -> garde::Result {
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
            note: body.note,
            location: body.location,
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
    /// The view of a check-in and the alerts that were raised; the gravest is told.
    pub fn of(row: &CheckIn, now: Instant, raised: &[Raised]) -> Self {
        let gravest = raised.iter().max_by_key(|raised| raised.level);
        let alert = gravest.map(|raised| RaisedView { id: raised.id, state: raised.state.clone() });
        Self { id: row.id, state: effective_state(row, now), alert }
    }
}

/// Keeps an answer and states what it means.
///
/// A concern or a cry for help is never refused for its timing: where it can answer no slot, it stands by itself. Only
/// an unlocked session answers a slot, since answering one quietens its alarm.
pub fn submit(tx: &mut Tx<'_>, phone: &Phone, body: &CreateCheckInBody) -> Result<CheckIn> {
    if body.status == Answer::Safe && !phone.is_unlocked {
        return Err(Error::Forbidden(Code::SafeNeedsPin));
    }
    tx.about(Subject::of("survivor", phone.survivor));
    let slot = find_slot(tx, phone, body)?;
    let row = match slot {
        Some(slot) => answer_slot(tx, phone, body, slot)?,
        None => {
            let row = filled(tx, phone, body, blank(tx, phone.survivor))?;
            store::insert_check_in(tx.conn, row.clone())?;
            row
        }
    };
    state_facts(tx, body, &row);
    Ok(row)
}

/// The slot that this answers, if any.
fn find_slot(tx: &mut Tx<'_>, phone: &Phone, body: &CreateCheckInBody) -> Result<Option<CheckIn>> {
    let now = tx.now;
    let Some(id) = body.check_in_id else {
        return match phone.is_unlocked {
            true => store::find_open(tx.conn, phone.survivor, now),
            false => Ok(None),
        };
    };
    let Some(slot) = store::find_check_in(tx.conn, phone.survivor, id)? else {
        return if body.status == Answer::HelpNow { Ok(None) } else { Err(Error::NotFound) };
    };
    let refusal = match effective_state(&slot, tx.now) {
        _ if slot.answer.is_some() => "this check-in has been answered already",
        EffectiveState::Scheduled => "this check-in is not open yet",
        _ if !phone.is_unlocked => return Ok(None),
        _ => return Ok(Some(slot)),
    };
    if body.status == Answer::Safe { Err(Error::wrong_state(refusal)) } else { Ok(None) }
}

fn answer_slot(tx: &mut Tx<'_>, phone: &Phone, body: &CreateCheckInBody, slot: CheckIn) -> Result<CheckIn> {
    let (was, now) = (slot.state, tx.now);
    let is_late = effective_state(&slot, now) == EffectiveState::Missed;
    let mut row = filled(tx, phone, body, slot)?;
    if is_late {
        // The sweep may not have come by yet; it still will, and the alarm is not this answer's to stop.
        row.state = was;
    } else {
        row.act_at = None;
    }
    if !store::update_answer(tx.conn, was, &row)? {
        return Err(Error::wrong_state("this check-in changed at the same moment; send the answer again"));
    }
    let schedule = match row.schedule_id {
        Some(id) if !is_late => store::find_schedule(tx.conn, id)?,
        _ => None,
    };
    if let (Some(schedule), Some(due)) = (schedule, row.due_at) {
        make_next_slot(tx, &schedule, due)?;
    }
    Ok(row)
}

fn filled(tx: &Tx<'_>, phone: &Phone, body: &CreateCheckInBody, row: CheckIn) -> Result<CheckIn> {
    let place = |column| CheckIn::place(row.survivor_id, row.id, column);
    let location = body.location.map(|location| serde_json::to_string(&location)).transpose()?.map(Private::from);
    Ok(CheckIn {
        state: StoredState::from(body.status),
        answer: Some(body.status),
        feeling_safe: body.feeling_safe,
        contact_since_last: body.contact_since_last,
        safe_to_contact: body.safe_to_contact,
        call_back: body.call_back,
        note: tx.app.keys.seal_opt(place("note"), body.note.as_ref())?,
        location: tx.app.keys.seal_opt(place("location"), location.as_ref())?,
        recorded_at: Some(body.recorded_at),
        received_at: Some(tx.now),
        device_id: Some(phone.device),
        ..row
    })
}

fn state_facts(tx: &mut Tx<'_>, body: &CreateCheckInBody, row: &CheckIn) {
    let (survivor, check_in) = (row.survivor_id, row.id);
    if body.status == Answer::HelpNow {
        tx.state(Fact::HelpNowPressed { survivor, check_in });
        return;
    }
    let reasons = concerns(body);
    tx.state(match reasons.is_empty() {
        true => Fact::CheckInAnswered { survivor, check_in },
        false => Fact::ConcernRaised { survivor, check_in, reasons },
    });
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
