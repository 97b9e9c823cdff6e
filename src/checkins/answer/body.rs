//! What an answer may say: as it is sent, and as it is taken.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::checkins::locating::possible;
use crate::checkins::model::{Answer, ContactSinceLast, Location, QuestionAnswer, Wellbeing};
use crate::contact::plan::Kind;
use crate::crypto::Private;
use crate::db::{CheckInId, Instant};
use crate::http::limits;

/// An answer to a check-in.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "safe", "contact_since_last": "no", "feeling_safe": 3, "note": "A quiet day.",
    "recorded_at": "2026-11-21T20:14:05Z"}))]
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
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "A quiet day.")]
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

/// Pressing help-now. It is never refused over what it says: words that are too long are cut off, what cannot be read counts as
/// absent, and `dropped` in the answer names it. No field is needed, nor a body.
#[derive(Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"battery": 9, "recorded_at": "2026-11-21T20:14:05Z"}))]
pub struct HelpNowBody {
    /// In your own words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    note: Option<Private>,
    /// Where you are; kept while `location.moment` or `location.release_alert` is on.
    #[garde(custom(possible))]
    #[serde(default)]
    location: Option<Location>,
    /// How full the phone's battery is, in percent.
    #[garde(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100, example = 9)]
    #[serde(default)]
    battery: Option<i32>,
    /// When the phone recorded it. It decides nothing; people see it next to when it reached us.
    #[garde(skip)]
    #[serde(default)]
    recorded_at: Option<Instant>,
}

/// An answer as it is taken.
#[derive(Clone)]
pub struct Given {
    pub(in crate::checkins) status: Answer,
    pub(in crate::checkins) check_in_id: Option<CheckInId>,
    pub(in crate::checkins) feeling_safe: Option<i32>,
    pub(in crate::checkins) contact_since_last: Option<ContactSinceLast>,
    pub(in crate::checkins) safe_to_contact: Option<bool>,
    pub(in crate::checkins) call_back: Option<bool>,
    pub(in crate::checkins) contact_by: Option<Vec<Kind>>,
    pub(in crate::checkins) wellbeing: Option<Wellbeing>,
    pub(in crate::checkins) answers: Vec<QuestionAnswer>,
    pub(in crate::checkins) note: Option<Private>,
    pub(in crate::checkins) location: Option<Location>,
    pub(in crate::checkins) battery: Option<i32>,
    /// When the phone recorded it, where that could be read.
    pub(in crate::checkins) recorded_at: Option<Instant>,
    /// Where the answers stood as they were sent, where some were dropped.
    pub(in crate::checkins) answer_places: Vec<usize>,
    /// Pointers of what could not be read.
    pub(in crate::checkins) dropped: Vec<String>,
}

impl Given {
    /// An answer that says nothing but how it is.
    #[must_use]
    pub fn only(status: Answer) -> Self {
        Self {
            status,
            check_in_id: None,
            feeling_safe: None,
            contact_since_last: None,
            safe_to_contact: None,
            call_back: None,
            contact_by: None,
            wellbeing: None,
            answers: Vec::new(),
            note: None,
            location: None,
            battery: None,
            recorded_at: None,
            answer_places: Vec::new(),
            dropped: Vec::new(),
        }
    }
}

impl From<CreateCheckInBody> for Given {
    fn from(body: CreateCheckInBody) -> Self {
        Self {
            check_in_id: body.check_in_id,
            feeling_safe: body.feeling_safe,
            contact_since_last: body.contact_since_last,
            safe_to_contact: body.safe_to_contact,
            call_back: body.call_back,
            contact_by: body.contact_by,
            wellbeing: body.wellbeing,
            answers: body.answers,
            note: body.note,
            location: body.location,
            battery: body.battery,
            recorded_at: Some(body.recorded_at),
            ..Self::only(body.status)
        }
    }
}

impl From<HelpNowBody> for Given {
    fn from(body: HelpNowBody) -> Self {
        Self {
            note: body.note,
            location: body.location,
            battery: body.battery,
            recorded_at: body.recorded_at,
            ..Self::only(Answer::HelpNow)
        }
    }
}
