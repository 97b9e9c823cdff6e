//! Amending an incident: what is named changes, what is not named stays, and null clears what may be left out.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::crypto::{Keys, Private, open};
use crate::db::{ConditionId, Instant};
use crate::error::Result;
use crate::http::limits;
use crate::incidents::model::{Reported, ReportingWish, Visibility};
use crate::incidents::report::{self, HappenedBody, Report};

/// A field that may be cleared: not named, named with null, or named with a value.
type Clearable<T> = Option<Option<T>>;

/// What changes of an incident. A field that is left out stays as it was reported before; null takes back what need not be
/// reported.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendBody {
    /// When it happened.
    #[garde(skip)]
    #[schema(value_type = HappenedBody, required = false)]
    #[serde(default, deserialize_with = "named")]
    happened: Option<HappenedBody>,
    /// What was done: 1 to 20 different codes of `GET /public/v1/behaviours`.
    #[garde(inner(length(min = 1, max = report::MOST_BEHAVIOURS)))]
    #[schema(value_type = Vec<String>, required = false, min_items = 1, max_items = 20, example = json!(["loiter"]))]
    #[serde(default, deserialize_with = "named")]
    behaviours: Option<Vec<String>>,
    /// What happened, in your own words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = String, required = false, format = "narrative")]
    #[serde(default, deserialize_with = "named")]
    account: Option<Private>,
    /// A note for yourself; Holdfast never sends it.
    #[garde(inner(inner(custom(limits::narrative))))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default, deserialize_with = "named")]
    private_note: Clearable<Private>,
    /// How afraid you were, 0 (not at all) to 4.
    #[garde(range(min = 0, max = 4))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 4, example = 2)]
    #[serde(default, deserialize_with = "named")]
    fear: Option<i32>,
    /// How much it changed how you live, 0 (not at all) to 4.
    #[garde(inner(range(min = 0, max = 4)))]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 4, example = 2)]
    #[serde(default, deserialize_with = "named")]
    impact: Clearable<i32>,
    /// Where.
    #[garde(inner(inner(custom(limits::paragraph))))]
    #[schema(value_type = Option<String>, format = "paragraph", example = "The bus stop")]
    #[serde(default, deserialize_with = "named")]
    place: Clearable<Private>,
    /// The police force of that place, from `GET /public/v1/forces`.
    #[garde(inner(inner(custom(report::force))))]
    #[schema(value_type = Option<String>, example = "derbyshire")]
    #[serde(default, deserialize_with = "named")]
    force_id: Clearable<String>,
    /// Who saw or heard it.
    #[garde(inner(inner(custom(limits::paragraph))))]
    #[schema(value_type = Option<String>, format = "paragraph", example = "The neighbour")]
    #[serde(default, deserialize_with = "named")]
    witnesses: Clearable<Private>,
    /// Who else was targeted: family, friends, a new partner, colleagues.
    #[garde(inner(inner(custom(limits::paragraph))))]
    #[schema(value_type = Option<String>, format = "paragraph", example = "My sister")]
    #[serde(default, deserialize_with = "named")]
    third_parties: Clearable<Private>,
    /// Whether children were present.
    #[garde(skip)]
    #[schema(value_type = Option<bool>)]
    #[serde(default, deserialize_with = "named")]
    children_present: Clearable<bool>,
    /// What the police call it: a crime or log number.
    #[garde(inner(inner(custom(limits::line))))]
    #[schema(value_type = Option<String>, format = "line", example = "14/98765/26")]
    #[serde(default, deserialize_with = "named")]
    police_reference: Clearable<Private>,
    /// What you want about reporting it to the police.
    #[garde(skip)]
    #[schema(value_type = Option<ReportingWish>)]
    #[serde(default, deserialize_with = "named")]
    reporting_wish: Clearable<ReportingWish>,
    /// The condition of an order that this may break.
    #[garde(skip)]
    #[schema(value_type = Option<ConditionId>)]
    #[serde(default, deserialize_with = "named")]
    order_condition_id: Clearable<ConditionId>,
    /// Who may see it.
    #[garde(skip)]
    #[schema(value_type = Visibility, required = false)]
    #[serde(default, deserialize_with = "named")]
    visibility: Option<Visibility>,
    /// Whether it is going on now. Left out, what was reported before stays, and is not reported as news.
    #[garde(skip)]
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "named")]
    happening_now: Option<bool>,
    /// Whether police may speak to you about it.
    #[garde(skip)]
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "named")]
    police_may_contact: Option<bool>,
    /// When the phone recorded this; left out: now.
    #[garde(skip)]
    #[schema(value_type = Instant, required = false)]
    #[serde(default, deserialize_with = "named")]
    recorded_at: Option<Instant>,
    /// Why it is amended, as a code.
    #[garde(inner(inner(custom(is_code))))]
    #[schema(value_type = Option<String>, format = "code", example = "remembered_more")]
    #[serde(default, deserialize_with = "named")]
    reason: Clearable<Private>,
}

fn is_code(code: &Private, context: &()) -> garde::Result {
    limits::code(code.expose_secret(), context)
}

/// Reads a field that is there, null included, so that one which is left out is distinguished from it.
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(field: D) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}

/// What is named, or else what the version before says.
fn named_or(named: &Clearable<Private>, told: impl FnOnce() -> Result<Option<Private>>) -> Result<Option<Private>> {
    named.as_ref().map_or_else(told, |named| Ok(named.clone()))
}

impl AmendBody {
    /// The fields that null clears.
    pub(in crate::incidents) const CLEARABLE: [&'static str; 11] = [
        "private_note",
        "impact",
        "place",
        "force_id",
        "witnesses",
        "third_parties",
        "children_present",
        "police_reference",
        "reporting_wish",
        "order_condition_id",
        "reason",
    ];

    /// When the phone recorded it, where it says so.
    pub(in crate::incidents) fn recorded_at(&self) -> Option<Instant> {
        self.recorded_at
    }

    /// Whether it says when it happened.
    pub(in crate::incidents) fn says_when(&self) -> bool {
        self.happened.is_some()
    }

    /// The whole report: what is named here over what was reported before. `visibility` is who may see it now, as the survivor
    /// knows it.
    pub(in crate::incidents) fn over(
        &self,
        keys: &Keys,
        before: &Reported,
        visibility: Visibility,
        now: Instant,
    ) -> Result<Report> {
        let version = &before.version;
        let (precision, from, to) = match &self.happened {
            Some(happened) => (happened.precision, happened.from, happened.to),
            None => (version.precision, version.happened_from, version.happened_to),
        };
        Ok(Report {
            precision,
            from,
            to,
            behaviours: match &self.behaviours {
                Some(named) => named.clone(),
                None => version.behaviours.read()?,
            },
            account: match &self.account {
                Some(named) => named.clone(),
                None => open!(keys, version.account)?,
            },
            private_note: named_or(&self.private_note, || open!(keys, version.private_note))?,
            fear: self.fear.unwrap_or(version.fear),
            impact: self.impact.unwrap_or(version.impact),
            place: named_or(&self.place, || open!(keys, version.place))?,
            force_id: self.force_id.clone().unwrap_or_else(|| version.force_id.clone()),
            witnesses: named_or(&self.witnesses, || open!(keys, version.witnesses))?,
            third_parties: named_or(&self.third_parties, || open!(keys, version.third_parties))?,
            children_present: self.children_present.unwrap_or(version.children_present),
            police_reference: named_or(&self.police_reference, || open!(keys, version.police_reference))?,
            reporting_wish: self.reporting_wish.unwrap_or(version.reporting_wish),
            order_condition: self.order_condition_id.unwrap_or(before.incident.order_condition_id),
            visibility: self.visibility.unwrap_or(visibility),
            is_happening_now: self.happening_now.unwrap_or(version.happening_now),
            police_may_contact: self.police_may_contact.unwrap_or(version.police_may_contact),
            recorded_at: self.recorded_at.unwrap_or(now),
            reason: self.reason.clone().flatten(),
            release_when: None,
            cry: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::http::parse;

    #[test]
    fn a_field_that_is_left_out_is_told_apart_from_one_that_is_cleared() {
        let read = |text: &str| parse::<AmendBody>(text.as_bytes()).unwrap();
        let none = read("{}");
        assert!(none.place.is_none() && none.impact.is_none() && none.account.is_none());
        let cleared = read("{\"place\":null,\"impact\":null,\"reason\":null,\"order_condition_id\":null}");
        assert!(cleared.place.is_some_and(|place| place.is_none()) && cleared.impact == Some(None));
        assert!(cleared.reason.is_some_and(|reason| reason.is_none()) && cleared.order_condition_id == Some(None));
    }

    #[test]
    fn what_an_incident_cannot_be_without_is_not_cleared_and_what_is_wrong_is_refused() {
        for (text, pointer) in [
            ("{\"account\":null}", "/account"),
            ("{\"behaviours\":null}", "/behaviours"),
            ("{\"fear\":null}", "/fear"),
            ("{\"visibility\":null}", "/visibility"),
            ("{\"happened\":null}", "/happened"),
            ("{\"behaviours\":[]}", "/behaviours"),
            ("{\"fear\":5}", "/fear"),
            ("{\"impact\":5}", "/impact"),
            ("{\"place\":\"\"}", "/place"),
            ("{\"force_id\":\"atlantis\"}", "/force_id"),
            ("{\"reason\":\"No code\"}", "/reason"),
            ("{\"state\":\"closed\"}", ""),
        ] {
            match parse::<AmendBody>(text.as_bytes()).err() {
                Some(Error::Invalid { fields, .. }) => assert_eq!(fields[0].pointer, pointer, "{text}"),
                _ => panic!("{text} was taken"),
            }
        }
    }
}
