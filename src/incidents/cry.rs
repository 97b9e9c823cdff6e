//! An incident that is happening now, read so that no detail keeps it from being heard.
//!
//! What is required and cannot be read takes its safe value: nobody but the survivor sees it, the fear is the
//! greatest, when it happened is unknown, the account is empty. A behaviour that nobody can read counts as danger. In an
//! amendment that says so, what cannot be read stays as it was reported before.

use serde_json::{Map, Value, json};

use super::report::amend::AmendBody;
use super::report::{Cry, IncidentBody, Report};
use crate::crypto::Private;
use crate::db::Instant;
use crate::error::{Error, Result};
use crate::http::lenient::{self, Field, LenientJson, Shape};
use crate::http::{limits, parse};

/// A placeholder for behaviours while the rest is checked against the strict rules.
const ANY_BEHAVIOUR: &str = "loiter";

/// What an incident may bring.
const INCIDENT: [Field; 19] = [
    Field { name: "happened", shape: Shape::Object(&["precision", "from", "to"]) },
    Field { name: "behaviours", shape: Shape::List(20, &[]) },
    Field { name: "account", shape: Shape::Text(limits::NARRATIVE.most) },
    Field { name: "private_note", shape: Shape::Text(limits::NARRATIVE.most) },
    Field { name: "fear", shape: Shape::Plain },
    Field { name: "impact", shape: Shape::Plain },
    Field { name: "place", shape: Shape::Text(limits::PARAGRAPH.most) },
    Field { name: "force_id", shape: Shape::Plain },
    Field { name: "witnesses", shape: Shape::Text(limits::PARAGRAPH.most) },
    Field { name: "third_parties", shape: Shape::Text(limits::PARAGRAPH.most) },
    Field { name: "children_present", shape: Shape::Plain },
    Field { name: "police_reference", shape: Shape::Line },
    Field { name: "reporting_wish", shape: Shape::Plain },
    Field { name: "order_condition_id", shape: Shape::Plain },
    Field { name: "visibility", shape: Shape::Plain },
    Field { name: "happening_now", shape: Shape::Plain },
    Field { name: "police_may_contact", shape: Shape::Plain },
    Field { name: "recorded_at", shape: Shape::Moment },
    Field { name: "release_when", shape: Shape::Object(&["visibility", "missed_check_ins", "alert_level", "at"]) },
];

/// Whether an incident says that it is happening now, in whichever way an app writes that.
#[must_use]
pub fn is_happening_now(sent: &LenientJson) -> bool {
    sent.said("happening_now").any(|said| match said {
        Value::Bool(is_now) => *is_now,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(text) => text.trim().eq_ignore_ascii_case("true"),
        _ => false,
    })
}

/// The same, saying so as the strict rules have it.
fn saying_now(sent: &LenientJson) -> LenientJson {
    let mut said = sent.clone();
    said.fields.insert("happening_now".to_owned(), Value::Bool(true));
    said.flaws.remove("/happening_now");
    said
}

/// Takes what can be read of an incident that is happening now.
///
/// # Errors
/// Never: where something cannot be read, its safe value counts.
pub fn read(sent: &LenientJson, now: Instant) -> Result<Report> {
    let said = saying_now(sent);
    let safe = [
        ("happened", json!({"precision": "unknown"})),
        ("behaviours", json!([ANY_BEHAVIOUR])),
        ("account", json!("-")),
        ("fear", json!(4)),
        ("visibility", json!("private")),
        ("recorded_at", json!(now)),
    ];
    let taken = lenient::take(&said, &INCIDENT, &safe, |bytes| {
        let report = parse::<IncidentBody>(bytes)?.into_report();
        report.check(now).map(|_| report)
    })?;
    let (report, is_missing) = (taken.body, |name: &str| taken.missing.contains(&name));
    let has_unread_behaviours = is_missing("behaviours")
        || taken.dropped.iter().any(|pointer| pointer.is_empty() || pointer.starts_with("/behaviours"));
    // What is taken to be what is safe is named, too: the survivor did not say it. When the phone recorded it decides nothing.
    let stands_in = taken.missing.iter().filter(|name| **name != "recorded_at").map(|name| format!("/{name}"));
    let dropped = lenient::without_nested(&taken.dropped.iter().cloned().chain(stands_in).collect());
    let recorded_at = Some(report.recorded_at).filter(|_| !is_missing("recorded_at"));
    Ok(Report {
        behaviours: if is_missing("behaviours") { Vec::new() } else { report.behaviours },
        account: if is_missing("account") { Private::from("") } else { report.account },
        cry: Some(Cry { recorded_at, dropped, has_unread_behaviours }),
        ..report
    })
}

/// What an amendment may bring: all of an incident but when it is to be opened, and why it is amended.
fn amendment() -> Vec<Field> {
    let told = INCIDENT.into_iter().filter(|field| field.name != "release_when");
    told.chain([Field { name: "reason", shape: Shape::Plain }]).collect()
}

/// Takes what can be read of an amendment which says that the incident is happening now. `over` lays it over what was reported
/// before; only what the amendment names is held against the strict rules.
///
/// # Errors
/// When `over` fails: the same error.
pub fn read_amendment(
    sent: &LenientJson,
    now: Instant,
    over: impl Fn(&AmendBody) -> Result<Report>,
) -> Result<(AmendBody, Report)> {
    let is_cleared = |name: &&&str| sent.fields.get(**name) == Some(&Value::Null);
    let cleared: Vec<&str> = AmendBody::CLEARABLE.iter().filter(is_cleared).copied().collect();
    let taken = lenient::take(&saying_now(sent), &amendment(), &[], |bytes| {
        let mut named: Map<String, Value> = serde_json::from_slice(bytes)?;
        for name in &cleared {
            named.entry(*name).or_insert(Value::Null);
        }
        let body = parse::<AmendBody>(&serde_json::to_vec(&named)?)?;
        let report = over(&body)?;
        if let Err(Error::Invalid { mut fields, .. }) = report.check(now) {
            fields.retain(|field| field.pointer.split('/').nth(1).is_some_and(|name| named.contains_key(name)));
            if !fields.is_empty() {
                return Err(Error::fields(fields));
            }
        }
        Ok((body, report))
    })?;
    let (body, report) = taken.body;
    let is_of_behaviours = |pointer: &String| pointer.is_empty() || pointer.starts_with("/behaviours");
    let has_unread_behaviours = taken.dropped.iter().any(is_of_behaviours);
    let cry = Cry { recorded_at: body.recorded_at(), dropped: taken.dropped, has_unread_behaviours };
    Ok((body, Report { cry: Some(cry), ..report }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret;
    use utoipa::PartialSchema;
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::Schema;

    use super::*;
    use crate::incidents::model::{Precision, Visibility};

    fn names_of(schema: RefOr<Schema>) -> Vec<String> {
        let RefOr::T(Schema::Object(schema)) = schema else { panic!() };
        let mut names: Vec<String> = schema.properties.keys().cloned().collect();
        names.sort_unstable();
        names
    }

    fn names(fields: &[Field]) -> Vec<&str> {
        let mut known: Vec<&str> = fields.iter().map(|field| field.name).collect();
        known.sort_unstable();
        known
    }

    fn noon() -> Instant {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn read_of(body: &Value) -> (Report, Cry) {
        let report = read(&LenientJson::read(body.to_string().as_bytes()), noon()).unwrap();
        let cry = report.cry.clone().unwrap();
        (report, cry)
    }

    #[test]
    fn the_lenient_reader_knows_every_field_that_the_strict_rules_know() {
        assert_eq!(names(&INCIDENT), names_of(IncidentBody::schema()));
        assert_eq!(names(&amendment()), names_of(AmendBody::schema()));
    }

    #[test]
    fn null_clears_what_may_be_cleared_and_nothing_else() {
        for field in amendment() {
            let said = json!({field.name: null}).to_string();
            let is_clearable = AmendBody::CLEARABLE.contains(&field.name);
            assert_eq!(parse::<AmendBody>(said.as_bytes()).is_ok(), is_clearable, "{}", field.name);
        }
    }

    #[test]
    fn what_is_missing_stands_on_what_is_safe_and_is_named() {
        let (report, cry) = read_of(&json!({"happening_now": true}));
        assert_eq!((report.precision, report.visibility, report.fear), (Precision::Unknown, Visibility::Private, 4));
        assert!(report.behaviours.is_empty() && report.account.expose_secret().is_empty() && report.is_happening_now);
        assert!(cry.has_unread_behaviours && cry.recorded_at.is_none());
        assert_eq!(cry.dropped, ["/account", "/behaviours", "/fear", "/happened", "/visibility"]);
    }

    #[test]
    fn what_is_unknown_is_dropped_and_what_stands_next_to_it_is_kept() {
        let body = json!({"happened": {"precision": "exact", "from": "soon"}, "behaviours": ["attend_home", "new_kind", "loiter"],
            "account": "Outside", "fear": 2.0, "place": "", "force_id": "atlantis", "visibility": "police",
            "happening_now": "true", "order_condition_id": 7, "recorded_at": "2026-11-21T11:00:00Z", "app": 3,
            "police_may_contact": "perhaps", "release_when": {"visibility": "police", "alert_level": 9}});
        let (report, cry) = read_of(&body);
        assert_eq!((report.behaviours.len(), report.fear, report.visibility), (2, 2, Visibility::Police));
        assert!(cry.has_unread_behaviours && cry.recorded_at.is_some());
        let named =
            ["/behaviours/1", "/force_id", "/happened", "/order_condition_id", "/police_may_contact", "/release_when"];
        assert_eq!(cry.dropped, named);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&LenientJson::read(&bytes), noon()).unwrap().is_happening_now);
        }

        #[test]
        fn a_field_of_any_value_is_read(at in 0..INCIDENT.len(), value in prop_oneof![
            Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from),
            "\\PC{0,40}".prop_map(Value::from), Just(json!([])), Just(json!({})), Just(json!([1, "loiter", {}]))]) {
            let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": ["attend_home"], "account": "x",
                "fear": 1, "visibility": "advocate", "happening_now": true, "recorded_at": "2026-11-21T11:00:00Z"});
            body[INCIDENT[at].name] = value;
            let (report, cry) = read_of(&body);
            prop_assert!(report.is_happening_now && report.check(noon()).is_ok());
            // Nothing but this field can be missing.
            let is_of_it = |pointer: &String| pointer.split('/').nth(1) == Some(INCIDENT[at].name);
            prop_assert!(cry.dropped.iter().all(is_of_it), "{:?}", cry.dropped);
        }
    }
}
