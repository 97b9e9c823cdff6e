//! The contract as it is given out: small, legible for generators, and true of what is sent to police.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use holdfast::routes::{contract_yaml, document, message_sample};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Reply, on_both};

const AUDIENCES: [&str; 6] = ["app", "partner", "police", "oversight", "admin", "public"];

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document().unwrap());

/// What a reference leads to, or the value itself.
fn found<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(to) => {
            let pointer = to.strip_prefix('#').unwrap_or_else(|| panic!("{to} leads outside"));
            document.pointer(pointer).unwrap_or_else(|| panic!("{to} leads nowhere"))
        }
        None => value,
    }
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    all.collect()
}

fn is_described(value: &Value) -> bool {
    value["description"].as_str().is_some_and(|words| !words.is_empty())
}

/// Why a value is not what a schema says; nothing where it is. A field that the schema does not name is a fault.
fn fault(schema: &Value, value: &Value) -> Option<String> {
    let schema = found(&DOCUMENT, schema);
    let of = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
    if let Some(of) = of {
        let faults: Option<Vec<String>> = of.iter().map(|one| fault(one, value)).collect();
        return faults.map(|faults| faults.join("; or "));
    }
    let is_of = |kind: &Value| match kind.as_str().unwrap_or_default() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("a schema of no known kind: {other}"),
    };
    let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    if !kinds.iter().any(is_of) {
        return Some(format!("{value} is no {kinds:?}"));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        return Some(format!("{value} is not listed"));
    }
    let item = value.as_array().into_iter().flatten().find_map(|item| fault(&schema["items"], item));
    let is_open = schema["additionalProperties"] == json!(true);
    let fields = value.as_object().into_iter().flatten();
    let field = fields.filter(|_| !is_open).find_map(|(name, value)| match &schema["properties"][name] {
        Value::Null => Some(format!("{name} is not in the schema")),
        field => fault(field, value).map(|why| format!("{name}: {why}")),
    });
    let mut required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let missing = required.find(|name| value.get(name).is_none()).map(|name| format!("{name} is missing"));
    item.or(field).or(missing)
}

/// Fails where a message to police is not what the contract says of its type.
#[track_caller]
pub fn is_in_the_contract(message: &Value) {
    let kind = message["type"].as_str().unwrap_or_default();
    let body = &DOCUMENT["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"];
    assert!(body.is_object(), "the contract does not know {kind}");
    assert_eq!(fault(&body["schema"], message), None, "{message:#}");
}

/// Fails where a good answer has a header that the contract does not declare.
#[track_caller]
pub fn declares_headers(id: &str, reply: &Reply) {
    const EVERYWHERE: [&str; 8] = [
        "cache-control",
        "content-language",
        "content-length",
        "content-security-policy",
        "content-type",
        "date",
        "referrer-policy",
        "x-content-type-options",
    ];
    if !reply.status.is_success() {
        return;
    }
    let all = operations(&DOCUMENT);
    let (at, operation) = all.iter().find(|(_, operation)| operation["operationId"] == id).unwrap();
    let response = found(&DOCUMENT, &operation["responses"][reply.status.as_str()]);
    let declared: BTreeSet<String> =
        response["headers"].as_object().unwrap().keys().map(|name| name.to_lowercase()).collect();
    for name in reply.headers.keys().map(reqwest::header::HeaderName::as_str) {
        let is_plain = EVERYWHERE.contains(&name) || ["vary", "transfer-encoding", "x-accel-buffering"].contains(&name);
        assert!(is_plain || declared.contains(name), "{at}: {name} is not declared");
    }
}

#[test]
fn each_type_of_message_is_in_the_contract_with_a_sample_and_in_the_documents() {
    let api = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md")).unwrap();
    let types: Vec<&String> = DOCUMENT["webhooks"].as_object().unwrap().keys().collect();
    assert_eq!(types.len(), 8);
    for kind in types {
        assert!(api.contains(&format!("| `{kind}` |")), "docs/api.md does not list {kind}");
        let sample = message_sample(kind).unwrap();
        is_in_the_contract(&sample);
        let printed = &DOCUMENT["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]["example"];
        assert_eq!(printed, &sample);
    }
    assert_eq!(message_sample("safety.alert").unwrap(), Value::Null);
}

#[test]
fn a_message_that_says_more_or_less_is_not_in_the_contract() {
    let sample = message_sample("safety.alert.raised").unwrap();
    let schema = &DOCUMENT["webhooks"]["safety.alert.raised"]["post"]["requestBody"]["content"]["application/json"];
    for (pointer, other) in [("/data/level", json!("4")), ("/data/event", json!("rain")), ("/data/facts", json!({}))] {
        let mut changed = sample.clone();
        *changed.pointer_mut(pointer).unwrap() = other;
        assert!(fault(&schema["schema"], &changed).is_some(), "{pointer}");
    }
    let mut more = sample;
    more["data"]["name"] = json!("Amina");
    assert_eq!(fault(&schema["schema"], &more).as_deref(), Some("data: name is not in the schema"));
}

#[test]
fn every_answer_parameter_and_header_is_described() {
    for (at, operation) in operations(&DOCUMENT) {
        assert!(operation["security"].is_array(), "{at}: no word of credentials");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(is_described(found(&DOCUMENT, parameter)), "{at}: {parameter}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = found(&DOCUMENT, response);
            assert!(is_described(response), "{at}: {status}");
            let headers = response["headers"].as_object().unwrap();
            assert!(headers.contains_key("X-Request-Id"), "{at}: {status}");
            assert!(headers.values().all(|header| is_described(found(&DOCUMENT, header))), "{at}: {status}");
        }
    }
    for tag in DOCUMENT["tags"].as_array().unwrap() {
        assert!(is_described(tag) && tag["description"] != tag["name"], "{tag} has no words");
    }
}

#[test]
fn schemas_have_names_for_people_outside_and_no_two_the_same() {
    let schemas = DOCUMENT["components"]["schemas"].as_object().unwrap();
    assert!(schemas.len() > 500, "the schemas are not found");
    for name in schemas.keys() {
        // One whose name was taken keeps the one that it has in the code.
        let is_inside = ["View", "Body"].iter().any(|end| name.ends_with(end)) || name.contains('_');
        assert!(!is_inside && !name.starts_with("Made"), "{name}: another schema has its name");
    }
}

#[test]
fn bytes_are_bytes_and_everything_shared_stands_once() {
    let yaml = contract_yaml().unwrap();
    let number = operations(&DOCUMENT).len();
    assert!(yaml.len() / number <= 3_000, "{} bytes for each of {number} operations", yaml.len() / number);
    let text = DOCUMENT.to_string();
    assert!(!text.contains(r#""items":{"format":"int32","minimum":0,"type":"integer"}"#), "bytes as numbers");
    for line in yaml.lines().map(str::trim) {
        let value = line.split_once(": ").map_or(line.trim_start_matches("- "), |(_, value)| value);
        for item in value.split(['[', ']', '{', '}', ',', ':']).map(str::trim) {
            assert!(!["yes", "no", "on", "off"].contains(&item), "{line}: a boolean to some readers");
        }
    }
}

/// All that a document refers to, in any place.
fn references(value: &Value, to: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            to.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| references(value, to));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, to)),
        _ => {}
    }
}

on_both!(each_audience_fetches_its_part_of_the_contract, |app| async {
    let nobody = app.http.nobody();
    let mut number = 0;
    for audience in AUDIENCES {
        let path = format!("/public/v1/openapi/{audience}.json");
        let reply = nobody.send(Method::GET, &path, &[], None).await;
        let part = reply.expect(200);
        let start = format!("/{audience}/v1/");
        assert!(part["paths"].as_object().unwrap().keys().all(|path| path.starts_with(&start)), "{audience}");
        assert_eq!(part.get("webhooks").is_some(), audience == "police");
        number += operations(&part).len();
        let mut to = BTreeSet::new();
        references(&part, &mut to);
        for (kind, parts) in part["components"].as_object().unwrap() {
            for name in parts.as_object().unwrap().keys().filter(|_| kind != "securitySchemes") {
                assert!(to.contains(&format!("#/components/{kind}/{name}")), "{audience}: nothing needs {kind} {name}");
            }
        }
        for to in to {
            assert!(part.pointer(to.trim_start_matches('#')).is_some(), "{audience}: {to} leads nowhere");
        }
        assert!(audience != "app" || reply.body.len() <= 250_000, "{}", reply.body.len());
    }
    let whole = nobody.send(Method::GET, "/public/v1/openapi.json", &[], None).await.expect(200);
    let outside = operations(&whole).iter().filter(|(at, _)| at.contains(" /health/")).count();
    assert_eq!(number + outside, operations(&whole).len());
    nobody.get("/public/v1/openapi/everybody.json").await.refused(404, "not_found");
});

on_both!(who_has_the_contract_does_not_fetch_it_again, |app| async {
    let nobody = app.http.nobody();
    for path in ["/public/v1/openapi.yaml", "/public/v1/openapi.json", "/public/v1/openapi/police.json"] {
        let first = nobody.send(Method::GET, path, &[], None).await;
        let tag = first.header("etag").unwrap().to_owned();
        assert_eq!((first.header("content-encoding"), first.header("cache-control")), (None, Some("no-cache")));
        let packed = [("accept-encoding", "br, gzip;q=0.8")];
        let reply = nobody.http.send_bytes(Method::GET, path, &packed, Vec::<u8>::new()).await.unwrap().reply;
        assert_eq!((reply.header("content-encoding"), reply.header("etag")), (Some("gzip"), Some(tag.as_str())));
        let again = nobody.send(Method::GET, path, &[("if-none-match", tag.as_str())], None).await;
        assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""));
        let other = nobody.send(Method::GET, path, &[("if-none-match", "W/\"0\"")], None).await;
        assert_eq!((other.status.as_u16(), &other.body), (200, &first.body));
    }
});

on_both!(what_is_printed_as_an_example_of_the_main_job_is_answered_well, |app| async {
    let p = app.partnership().await;
    for (path, schema) in [
        ("/app/v1/check-ins", "CreateCheckInRequest"),
        ("/app/v1/help-now", "HelpNowRequest"),
        ("/app/v1/incidents", "IncidentRequest"),
        ("/app/v1/timers", "CreateTimerRequest"),
    ] {
        let example = &DOCUMENT["components"]["schemas"][schema]["example"];
        assert!(example.is_object(), "{schema} has no example");
        p.phone().post(path, example.clone()).await.expect(201);
    }
    let kept = DOCUMENT["components"]["schemas"]["SyncRequest"]["example"].clone();
    let synced = p.phone().post("/app/v1/sync", kept).await.expect(200);
    assert_eq!(synced["items"][0]["status"], 201, "{synced}");
});
