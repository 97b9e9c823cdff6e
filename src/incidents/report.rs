//! A report as it comes in, and what it has to be to be kept.

use std::collections::HashSet;

use garde::Validate;
use secrecy::ExposeSecret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Precision, Visibility};
use crate::crypto::Private;
use crate::db::{ConditionId, Instant};
use crate::directory;
use crate::error::{Error, FieldError, Result};
use crate::http::limits;

/// Behaviours of one incident.
const MOST_BEHAVIOURS: usize = 20;
/// Characters of a place.
const PLACE_CHARS: usize = 2_000;

/// When it happened, as well as the survivor knows.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HappenedBody {
    /// How well the time is known.
    precision: Precision,
    /// When it happened or began; needed unless `unknown`.
    #[serde(default)]
    from: Option<Instant>,
    /// By when it was over; for a `range` only, where it is needed.
    #[serde(default)]
    to: Option<Instant>,
}

/// Both bodies hold the same report; serde cannot flatten one into the other and stay strict.
macro_rules! report_body {
    ($(#[$meta:meta])* $name:ident { $($extra:tt)* }) => {
        $(#[$meta])*
        #[derive(Deserialize, Validate, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// When it happened.
            #[garde(skip)]
            happened: HappenedBody,
            /// What was done: 1 to 20 different codes of `GET /public/v1/behaviours`.
            #[garde(length(min = 1, max = MOST_BEHAVIOURS))]
            #[schema(min_items = 1, max_items = 20, example = json!(["message_text", "loiter"]))]
            behaviours: Vec<String>,
            /// What happened, in your own words.
            #[garde(custom(limits::narrative))]
            #[schema(value_type = String, min_length = 1, max_length = 12000, example = "They waited outside again.")]
            account: Private,
            /// A note for yourself; Holdfast never sends it.
            #[garde(custom(limits::narrative_opt))]
            #[schema(value_type = Option<String>, min_length = 1, max_length = 12000)]
            #[serde(default)]
            private_note: Option<Private>,
            /// How afraid you were, 0 (not at all) to 4.
            #[garde(range(min = 0, max = 4))]
            #[schema(minimum = 0, maximum = 4, example = 2)]
            fear: i32,
            /// Where.
            #[garde(custom(place_opt))]
            #[schema(value_type = Option<String>, min_length = 1, max_length = 2000, example = "The bus stop")]
            #[serde(default)]
            place: Option<Private>,
            /// The condition of an order that this may break.
            #[garde(skip)]
            #[serde(default)]
            order_condition_id: Option<ConditionId>,
            /// Who may see it.
            #[garde(skip)]
            visibility: Visibility,
            /// Whether it is going on now.
            #[garde(skip)]
            #[serde(default)]
            happening_now: bool,
            /// Whether police may speak to you about it.
            #[garde(skip)]
            #[serde(default)]
            police_may_contact: bool,
            /// When the phone recorded it.
            #[garde(skip)]
            recorded_at: Instant,
            $($extra)*
        }

        impl From<$name> for Report {
            fn from(body: $name) -> Self {
                Self {
                    precision: body.happened.precision,
                    from: body.happened.from,
                    to: body.happened.to,
                    behaviours: body.behaviours,
                    account: body.account,
                    private_note: body.private_note,
                    fear: body.fear,
                    place: body.place,
                    order_condition: body.order_condition_id,
                    visibility: body.visibility,
                    is_happening_now: body.happening_now,
                    police_may_contact: body.police_may_contact,
                    recorded_at: body.recorded_at,
                    reason: None,
                }
            }
        }
    };
}

report_body! {
    /// A new incident.
    IncidentBody {}
}

report_body! {
    /// An incident, told anew.
    AmendBody {
        /// Why it is told anew, as a code.
        #[garde(custom(code_opt))]
        #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9_]{1,64}$", example = "remembered_more")]
        #[serde(default)]
        reason: Option<String>,
    }
}

fn code_opt(text: &Option<String>, context: &()) -> garde::Result {
    text.as_deref().map_or(Ok(()), |text| limits::code(text, context))
}

fn place_opt(text: &Option<Private>, _: &()) -> garde::Result {
    let Some(text) = text.as_ref().map(ExposeSecret::expose_secret) else { return Ok(()) };
    if text.trim().is_empty() || text.chars().count() > PLACE_CHARS || text.contains('\0') {
        return Err(garde::Error::new("must be 1 to 2000 characters"));
    }
    Ok(())
}

/// What a survivor reports, whether for the first time or anew.
pub struct Report {
    pub(super) precision: Precision,
    pub(super) from: Option<Instant>,
    pub(super) to: Option<Instant>,
    pub(super) behaviours: Vec<String>,
    pub(super) account: Private,
    pub(super) private_note: Option<Private>,
    pub(super) fear: i32,
    pub(super) place: Option<Private>,
    pub(super) order_condition: Option<ConditionId>,
    pub(super) visibility: Visibility,
    pub(super) is_happening_now: bool,
    pub(super) police_may_contact: bool,
    pub(super) recorded_at: Instant,
    pub(super) reason: Option<String>,
}

impl AmendBody {
    /// The report with the reason for telling it anew.
    #[must_use]
    pub fn into_report(self) -> Report {
        let reason = self.reason.clone();
        Report { reason, ..Report::from(self) }
    }
}

/// What the behaviours of a report say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nature {
    /// The highest base severity among them.
    pub base_severity: i32,
    /// Whether one of them happens in person.
    pub is_in_person: bool,
}

impl Report {
    /// Makes sure that the report is one, and says of which nature it is.
    ///
    /// # Errors
    /// 422 with a pointer to each field that is wrong.
    pub(super) fn check(&self) -> Result<Nature> {
        let mut wrong = self.wrong_times();
        let (mut nature, mut seen) = (Nature { base_severity: 1, is_in_person: false }, HashSet::new());
        for (position, code) in self.behaviours.iter().enumerate() {
            let pointer = format!("/behaviours/{position}");
            match directory::behaviour(code) {
                None => wrong.push(field(pointer, "unknown", "there is no such behaviour")),
                Some(_) if !seen.insert(code) => {
                    wrong.push(field(pointer, "duplicate", "this behaviour stands here twice"));
                }
                Some(behaviour) => {
                    nature.base_severity = nature.base_severity.max(behaviour.base_severity);
                    nature.is_in_person |= behaviour.is_in_person;
                }
            }
        }
        if wrong.is_empty() { Ok(nature) } else { Err(Error::fields(wrong)) }
    }

    fn wrong_times(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let needs_from = self.precision != Precision::Unknown;
        let needs_to = self.precision == Precision::Range;
        for (pointer, given, needed) in
            [("/happened/from", self.from.is_some(), needs_from), ("/happened/to", self.to.is_some(), needs_to)]
        {
            match (given, needed) {
                (false, true) => wrong.push(field(pointer, "missing", "this precision needs this moment")),
                (true, false) => wrong.push(field(pointer, "not_allowed", "this precision has no such moment")),
                _ => {}
            }
        }
        if needs_to && self.from.zip(self.to).is_some_and(|(from, to)| from >= to) {
            wrong.push(field("/happened/to", "not_allowed", "a range ends after it begins"));
        }
        wrong
    }

    /// When it happened, as far as known; else when it was recorded, but not later than now.
    pub(super) fn happened_at(&self, now: Instant) -> Instant {
        self.from.unwrap_or_else(|| self.recorded_at.min(now))
    }
}

fn field(pointer: impl Into<String>, code: &'static str, detail: &str) -> FieldError {
    FieldError { pointer: pointer.into(), code, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::body::parse;

    fn body(happened: &str, behaviours: &str) -> Vec<u8> {
        format!(
            "{{\"happened\":{happened},\"behaviours\":{behaviours},\"account\":\"a\",\"fear\":1,\
             \"visibility\":\"advocate\",\"recorded_at\":\"2026-11-21T20:00:00Z\"}}"
        )
        .into_bytes()
    }

    fn check(happened: &str, behaviours: &str) -> Result<Nature> {
        Report::from(parse::<IncidentBody>(&body(happened, behaviours))?).check()
    }

    fn pointers(result: Result<Nature>) -> Vec<String> {
        match result.unwrap_err() {
            Error::Invalid { fields, .. } => fields.into_iter().map(|field| field.pointer).collect(),
            other => panic!("{other}"),
        }
    }

    const UNKNOWN: &str = "{\"precision\":\"unknown\"}";

    #[test]
    fn each_precision_takes_its_own_moments_and_no_others() {
        let (early, late) = ("\"2026-11-21T19:00:00Z\"", "\"2026-11-21T20:00:00Z\"");
        for happened in [
            UNKNOWN.to_owned(),
            format!("{{\"precision\":\"exact\",\"from\":{early}}}"),
            format!("{{\"precision\":\"approximate\",\"from\":{early},\"to\":null}}"),
            format!("{{\"precision\":\"range\",\"from\":{early},\"to\":{late}}}"),
        ] {
            assert!(check(&happened, "[\"loiter\"]").is_ok(), "{happened}");
        }
        for (happened, pointer) in [
            ("{\"precision\":\"exact\"}".to_owned(), "/happened/from"),
            (format!("{{\"precision\":\"exact\",\"from\":{early},\"to\":{late}}}"), "/happened/to"),
            (format!("{{\"precision\":\"range\",\"from\":{early}}}"), "/happened/to"),
            (format!("{{\"precision\":\"range\",\"from\":{late},\"to\":{early}}}"), "/happened/to"),
            (format!("{{\"precision\":\"range\",\"from\":{late},\"to\":{late}}}"), "/happened/to"),
            (format!("{{\"precision\":\"unknown\",\"from\":{early}}}"), "/happened/from"),
        ] {
            assert_eq!(pointers(check(&happened, "[\"loiter\"]")), [pointer], "{happened}");
        }
    }

    #[test]
    fn behaviours_are_known_different_and_at_most_twenty() {
        assert_eq!(pointers(check(UNKNOWN, "[\"loiter\",\"shouted\"]")), ["/behaviours/1"]);
        assert_eq!(pointers(check(UNKNOWN, "[\"loiter\",\"loiter\"]")), ["/behaviours/1"]);
        assert_eq!(pointers(check(UNKNOWN, "[]")), ["/behaviours"]);
        let many = format!("[{}]", vec!["\"loiter\""; MOST_BEHAVIOURS + 1].join(","));
        assert_eq!(pointers(check(UNKNOWN, &many)), ["/behaviours"]);
    }

    #[test]
    fn the_gravest_behaviour_gives_the_nature() {
        let nature = check(UNKNOWN, "[\"threat_to_kill\",\"loiter\",\"message_text\"]").unwrap();
        assert_eq!(nature, Nature { base_severity: 4, is_in_person: true });
    }

    #[test]
    fn a_reason_is_for_amendments_only() {
        let with_reason = |text: Vec<u8>| {
            let text = String::from_utf8(text).unwrap();
            text.replacen('{', "{\"reason\":\"remembered_more\",", 1).into_bytes()
        };
        let text = with_reason(body(UNKNOWN, "[\"loiter\"]"));
        assert!(parse::<IncidentBody>(&text).is_err());
        assert!(parse::<AmendBody>(&text).is_ok());
    }
}
