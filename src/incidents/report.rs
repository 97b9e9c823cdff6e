//! A report as it comes in, and what it has to be to be kept.

pub(super) mod amend;
pub(super) mod amend_now;
pub(super) mod drafts;
pub(super) mod submit;
pub(super) mod withdraw;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Precision, ReportingWish, Visibility};
use super::release::ReleaseWhenBody;
use super::severity::{self, Nature, StatedSeverity};
use crate::crypto::Private;
use crate::db::{ConditionId, Instant};
use crate::directory;
use crate::error::{Error, FieldError, Result};
use crate::http::limits;

/// Behaviours of one incident.
pub(super) const MOST_BEHAVIOURS: usize = 20;
/// Minutes by which a phone's clock may be fast without anybody noticing.
const FAST_MINUTES: i64 = 15;

/// When it happened, as well as the survivor knows.
#[serde_with::skip_serializing_none]
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HappenedBody {
    /// How well the time is known.
    pub(super) precision: Precision,
    /// When it happened or began; needed unless `unknown`.
    #[serde(default)]
    pub(super) from: Option<Instant>,
    /// By when it was over; for a `range` only, where it is needed.
    #[serde(default)]
    pub(super) to: Option<Instant>,
}

/// A new incident.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"happened": {"precision": "exact", "from": "2026-11-20T17:40:00Z"}, "behaviours": ["message_text"],
    "account": "They wrote again.", "fear": 2, "visibility": "advocate", "recorded_at": "2026-11-20T18:05:00Z"}))]
pub struct IncidentBody {
    /// When it happened.
    #[garde(skip)]
    happened: HappenedBody,
    /// What was done: 1 to 20 different codes of `GET /public/v1/behaviours`.
    #[garde(length(min = 1, max = MOST_BEHAVIOURS))]
    #[schema(min_items = 1, max_items = 20, example = json!(["message_text", "loiter"]))]
    behaviours: Vec<String>,
    /// What happened, in your own words.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "They waited outside again.")]
    account: Private,
    /// A note for yourself; Holdfast never sends it.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    private_note: Option<Private>,
    /// How afraid you were, 0 (not at all) to 4.
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4, example = 2)]
    fear: i32,
    /// How much it changed how you live, 0 (not at all) to 4.
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4, example = 2)]
    #[serde(default)]
    impact: Option<i32>,
    /// Where.
    #[garde(inner(custom(limits::paragraph)))]
    #[schema(value_type = Option<String>, format = "paragraph", example = "The bus stop")]
    #[serde(default)]
    place: Option<Private>,
    /// The police force of that place, from `GET /public/v1/forces`: any police who are notified are those of this force.
    #[garde(inner(custom(force)))]
    #[schema(example = "derbyshire")]
    #[serde(default)]
    force_id: Option<String>,
    /// Who saw or heard it.
    #[garde(inner(custom(limits::paragraph)))]
    #[schema(value_type = Option<String>, format = "paragraph", example = "The neighbour")]
    #[serde(default)]
    witnesses: Option<Private>,
    /// Who else was targeted: family, friends, a new partner, colleagues.
    #[garde(inner(custom(limits::paragraph)))]
    #[schema(value_type = Option<String>, format = "paragraph", example = "My sister")]
    #[serde(default)]
    third_parties: Option<Private>,
    /// Whether children were present.
    #[garde(skip)]
    #[serde(default)]
    children_present: Option<bool>,
    /// What the police call it: a crime or log number.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "14/98765/26")]
    #[serde(default)]
    police_reference: Option<Private>,
    /// What you want about reporting it to the police.
    #[garde(skip)]
    #[serde(default)]
    reporting_wish: Option<ReportingWish>,
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
    /// When it is to be opened further than now.
    #[garde(dive)]
    #[serde(default)]
    release_when: Option<ReleaseWhenBody>,
}

impl From<IncidentBody> for Report {
    fn from(body: IncidentBody) -> Self {
        Self {
            precision: body.happened.precision,
            from: body.happened.from,
            to: body.happened.to,
            behaviours: body.behaviours,
            account: body.account,
            private_note: body.private_note,
            fear: body.fear,
            impact: body.impact,
            place: body.place,
            force_id: body.force_id,
            witnesses: body.witnesses,
            third_parties: body.third_parties,
            children_present: body.children_present,
            police_reference: body.police_reference,
            reporting_wish: body.reporting_wish,
            order_condition: body.order_condition_id,
            visibility: body.visibility,
            is_happening_now: body.happening_now,
            police_may_contact: body.police_may_contact,
            recorded_at: body.recorded_at,
            reason: None,
            release_when: body.release_when,
            cry: None,
        }
    }
}

/// A force of the directory, so that an alert never waits for one that there is not.
pub(super) fn force(id: &str, _: &()) -> garde::Result {
    if directory::is_force(id) { Ok(()) } else { Err(garde::Error::new("there is no such force")) }
}

/// What a survivor reports, whether for the first time or again.
pub struct Report {
    pub(super) precision: Precision,
    pub(super) from: Option<Instant>,
    pub(super) to: Option<Instant>,
    pub(super) behaviours: Vec<String>,
    pub(super) account: Private,
    pub(super) private_note: Option<Private>,
    pub(super) fear: i32,
    pub(super) impact: Option<i32>,
    pub(super) place: Option<Private>,
    pub(super) force_id: Option<String>,
    pub(super) witnesses: Option<Private>,
    pub(super) third_parties: Option<Private>,
    pub(super) children_present: Option<bool>,
    pub(super) police_reference: Option<Private>,
    pub(super) reporting_wish: Option<ReportingWish>,
    pub(super) order_condition: Option<ConditionId>,
    pub(super) visibility: Visibility,
    pub(super) is_happening_now: bool,
    pub(super) police_may_contact: bool,
    pub(super) recorded_at: Instant,
    pub(super) reason: Option<Private>,
    pub(super) release_when: Option<ReleaseWhenBody>,
    pub(super) cry: Option<Cry>,
}

/// How a report of what is happening now reached us.
#[derive(Clone, Debug)]
pub struct Cry {
    /// When the phone recorded it, where that could be read.
    pub(super) recorded_at: Option<Instant>,
    /// Pointers of what could not be read.
    pub(super) dropped: Vec<String>,
    /// Whether it may tell of behaviours that nobody could read: they count as danger.
    pub(super) has_unread_behaviours: bool,
}

impl IncidentBody {
    /// The report with when it is to be opened further.
    #[must_use]
    pub fn into_report(self) -> Report {
        self.into()
    }
}

impl Report {
    /// How grave it is, of this nature.
    pub(super) fn severity(&self, nature: Nature) -> i32 {
        severity::severity(StatedSeverity {
            base: nature.base_severity,
            fear: self.fear,
            impact: self.impact,
            is_in_person: nature.is_in_person,
            is_happening_now: self.is_happening_now,
            is_breach: self.order_condition.is_some(),
        })
    }

    /// Makes sure that the report is one, and says of which nature it is.
    ///
    /// # Errors
    /// 422 with a pointer to each field that is wrong.
    pub(super) fn check(&self, now: Instant) -> Result<Nature> {
        let mut wrong = self.wrong_times();
        // Danger that is happening is not refused over a date.
        if !self.is_happening_now {
            wrong.extend(self.times_to_come(now));
        }
        let mut seen = HashSet::new();
        for (position, code) in self.behaviours.iter().enumerate() {
            let pointer = format!("/behaviours/{position}");
            match directory::behaviour(code) {
                None => wrong.push(FieldError::new(pointer, "unknown", "there is no such behaviour")),
                Some(_) if !seen.insert(code) => {
                    wrong.push(FieldError::new(pointer, "duplicate", "this behaviour stands here twice"));
                }
                Some(_) => {}
            }
        }
        if let Some(release) = &self.release_when {
            // A moment that passed on the way, while the phone was offline, was to come when it was recorded.
            wrong.extend(release.wrong(self.visibility, "/release_when", self.recorded_at.min(now)));
        }
        if !wrong.is_empty() {
            return Err(Error::fields(wrong));
        }
        Ok(self.nature())
    }

    /// Of which nature it is; behaviours that nobody could read count as danger.
    pub(super) fn nature(&self) -> Nature {
        let nature = Nature::of(&self.behaviours);
        let is_unclear = self.cry.as_ref().is_some_and(|cry| cry.has_unread_behaviours);
        Nature { is_in_person: nature.is_in_person || is_unclear, ..nature }
    }

    fn wrong_times(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let needs_from = self.precision != Precision::Unknown;
        let needs_to = self.precision == Precision::Range;
        for (pointer, given, needed) in
            [("/happened/from", self.from.is_some(), needs_from), ("/happened/to", self.to.is_some(), needs_to)]
        {
            match (given, needed) {
                (false, true) => wrong.push(FieldError::new(pointer, "missing", "this precision needs this moment")),
                (true, false) => {
                    wrong.push(FieldError::new(pointer, "not_allowed", "this precision has no such moment"));
                }
                _ => {}
            }
        }
        if needs_to && self.from.zip(self.to).is_some_and(|(from, to)| from >= to) {
            wrong.push(FieldError::new("/happened/to", "not_allowed", "a range ends after it begins"));
        }
        wrong
    }

    /// Moments that are still to come. A phone's clock may be some minutes fast.
    fn times_to_come(&self, now: Instant) -> Vec<FieldError> {
        let latest = now.plus_minutes(FAST_MINUTES);
        let given = [("/happened/from", self.from), ("/happened/to", self.to)];
        let to_come = given.into_iter().filter(|(_, at)| at.is_some_and(|at| at > latest));
        to_come.map(|(pointer, _)| FieldError::new(pointer, "not_allowed", "this moment has not come yet")).collect()
    }

    /// When it happened, as far as known; else when it was recorded, but not later than now.
    pub(super) fn happened_at(&self, now: Instant) -> Instant {
        self.from.unwrap_or_else(|| self.recorded_at.min(now))
    }
}
