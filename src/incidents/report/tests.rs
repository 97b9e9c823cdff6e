use super::*;
use crate::http::body::parse;

const NOW: &str = "2026-11-21T20:00:00Z";

fn body(happened: &str, behaviours: &str) -> Vec<u8> {
    format!(
        "{{\"happened\":{happened},\"behaviours\":{behaviours},\"account\":\"a\",\"fear\":1,\
         \"visibility\":\"advocate\",\"recorded_at\":\"2026-11-21T20:00:00Z\"}}"
    )
    .into_bytes()
}

fn check(happened: &str, behaviours: &str) -> Result<Nature> {
    Report::from(parse::<IncidentBody>(&body(happened, behaviours))?).check(NOW.parse().unwrap())
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
    let text = String::from_utf8(body(UNKNOWN, "[\"loiter\"]")).unwrap();
    let text = text.replacen('{', "{\"reason\":\"remembered_more\",", 1).into_bytes();
    assert!(parse::<IncidentBody>(&text).is_err());
    assert!(parse::<crate::incidents::AmendBody>(&text).is_ok());
}

#[test]
fn what_has_not_come_yet_has_not_happened_but_danger_that_is_happening_is_refused_over_no_date() {
    let at = |minutes: i64| NOW.parse::<Instant>().unwrap().plus_minutes(minutes);
    let exact = |minutes| format!("{{\"precision\":\"exact\",\"from\":\"{}\"}}", at(minutes));
    let range = |from, to| format!("{{\"precision\":\"range\",\"from\":\"{}\",\"to\":\"{}\"}}", at(from), at(to));
    assert!(check(&exact(15), "[\"loiter\"]").is_ok());
    for (happened, pointer) in [
        (exact(16), "/happened/from"),
        (exact(38_000_000), "/happened/from"),
        (range(-60, 16), "/happened/to"),
        (range(-60, -90), "/happened/to"),
    ] {
        assert_eq!(pointers(check(&happened, "[\"loiter\"]")), [pointer], "{happened}");
    }
    let mut now: serde_json::Value = serde_json::from_slice(&body(&exact(90), "[\"loiter\"]")).unwrap();
    now["happening_now"] = true.into();
    let report = Report::from(parse::<IncidentBody>(&serde_json::to_vec(&now).unwrap()).unwrap());
    assert!(report.check(at(0)).is_ok());
}
