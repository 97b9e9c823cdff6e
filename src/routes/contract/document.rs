//! The contract as it is given out: valid for generators, and each thing said once.
//!
//! What utoipa collected repeats every error, parameter and item of a page in full, and names schemas as the code does. One
//! pass over the finished document sees to both, so that no handler has to.

pub(super) mod headers;
pub(super) mod messages;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use crate::error::Result;

/// A record of the document.
pub type JsonRecord = Map<String, Value>;

const SCHEMAS: &str = "#/components/schemas/";

/// The groups in which operations are shown.
const TAGS: [(&str, &str); 27] = [
    ("administration", "Organisations, accounts, webhook endpoints and settings of an installation"),
    ("alerts", "Danger that was reported or noticed, and what people do about it"),
    ("cases", "A survivor and a participant, joined by the people who work with both"),
    ("check-ins", "A survivor's regular word that all is well, and help-now"),
    ("consent", "What a survivor agreed to, and everything that was shared"),
    ("contact", "How a survivor, or a member of staff, may be reached safely"),
    ("evidence", "Files that a survivor keeps, and bundles of them for a court"),
    ("health", "Whether an instance runs, for whatever watches it"),
    ("household", "Who lives with the survivor"),
    ("incidents", "What happened, as the survivor reports it"),
    ("ladders", "Who is notified of an alert, in which order"),
    ("messages to police", "What is sent to the endpoints of a force"),
    ("messages", "Words between a survivor and the people who support them"),
    ("orders", "Court orders that protect a survivor"),
    ("oversight", "Figures for commissioners, and the trail for auditors"),
    ("police", "Alerts for police systems"),
    ("programme", "Participants of a programme, their goals, sessions and reviews"),
    ("reference", "Lists that anybody may read, and this contract"),
    ("risk", "Risk assessments"),
    ("rota", "Who is on duty"),
    ("safety plan", "A survivor's plan for being safe"),
    ("session", "Signing in and out, phones and second factors"),
    ("silences", "Times in which nobody is notified"),
    ("staff", "Colleagues"),
    ("survivors", "The records of survivors"),
    ("tasks", "What waits for somebody"),
    ("timers", "Times by which a survivor means to be back"),
];

/// Makes the document of what was collected.
///
/// # Errors
/// 500 where it is no JSON.
pub fn document(api: &OpenApi) -> Result<Value> {
    let mut document = serde_json::to_value(api)?;
    messages::add(&mut document)?;
    each_record(&mut document, &mut tidy);
    join(&mut document);
    point_pages(&mut document);
    rename(&mut document);
    complete(&mut document);
    share(&mut document, "parameters", parameter_name);
    share(&mut document, "responses", response_name);
    prune(&mut document);
    Ok(document)
}

/// Changes every record of a value, the outer before the inner.
pub fn each_record(value: &mut Value, change: &mut dyn FnMut(&mut JsonRecord)) {
    match value {
        Value::Object(map) => {
            change(map);
            map.values_mut().for_each(|value| each_record(value, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_record(item, change)),
        _ => {}
    }
}

/// A record of the document by its place, which is made where it is not there.
pub fn record_at<'d>(document: &'d mut Value, path: &[&str]) -> Option<&'d mut JsonRecord> {
    let mut here = document.as_object_mut()?;
    for name in path {
        here = here.entry(*name).or_insert_with(|| json!({})).as_object_mut()?;
    }
    Some(here)
}

/// Every operation, with its path and method.
pub fn each_operation(document: &mut Value, change: &mut dyn FnMut(&str, &str, &mut JsonRecord)) {
    let Some(paths) = record_at(document, &["paths"]) else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                change(path, method, operation);
            }
        }
    }
}

/// What generators trip over: bytes that are said to be a list of numbers, a record of anything that is said to have no field,
/// and null where a field that is not there is left out.
fn tidy(schema: &mut JsonRecord) {
    if is_bytes(schema) {
        schema.clear();
        schema.insert("type".to_owned(), json!("string"));
        schema.insert("format".to_owned(), json!("binary"));
    }
    let is_open = schema.get("type").is_some_and(|kind| kind == "object");
    if is_open && !schema.contains_key("properties") && !schema.contains_key("additionalProperties") {
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
    if schema.get("in").is_some_and(Value::is_string) && schema.get("required") == Some(&json!(false)) {
        schema.remove("required");
        schema.get_mut("schema").into_iter().for_each(without_null);
    }
    let required: BTreeSet<String> = texts(schema.get("required")).map(str::to_owned).collect();
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        if !required.contains(name) {
            without_null(property);
        }
    }
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn is_bytes(schema: &JsonRecord) -> bool {
    let numbers = json!({"type": "integer", "format": "int32", "minimum": 0});
    schema.get("type").is_some_and(|kind| kind == "array") && schema.get("items") == Some(&numbers)
}

fn without_null(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    let Some(Value::Array(of)) = schema.get_mut("oneOf") else { return };
    of.retain(|one| one != &json!({"type": "null"}));
    if let [Value::Object(only)] = of.as_slice() {
        let only = only.clone();
        schema.remove("oneOf");
        schema.extend(only);
    }
}

/// What a phone sends later is a call of any kind, and so is what comes of it. Some generators make a record of all fields of
/// all kinds out of such a choice, each of them required: here it is one in which none is.
fn join(document: &mut Value) {
    let Some(schemas) = record_at(document, &["components", "schemas"]) else { return };
    for name in ["SyncItem", "SyncedItem"] {
        let body = schemas.get(name).and_then(|item| item.pointer("/properties/body")).cloned().unwrap_or_default();
        let choice = body.get("anyOf").and_then(Value::as_array).into_iter().flatten();
        let mut all = JsonRecord::new();
        for of in choice.filter_map(|one| one.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)) {
            let fields = schemas.get(of).and_then(|schema| schema.get("properties")).and_then(Value::as_object);
            for (field, schema) in fields.into_iter().flatten() {
                let is_same = all.get(field).is_none_or(|known| known.get("$ref") == schema.get("$ref"));
                let schema = if is_same { schema.clone() } else { either(schemas, schema) };
                all.insert(field.clone(), schema);
            }
        }
        let words = body.get("description").cloned().unwrap_or_default();
        let joined = json!({"type": "object", "description": words, "properties": all});
        if let Some(place) = schemas.get_mut(name).and_then(|item| item.pointer_mut("/properties/body")) {
            *place = joined;
        }
    }
}

/// What is of several types by which call it was: a text, or a record of which nothing is said.
fn either(schemas: &JsonRecord, one: &Value) -> Value {
    let of = one.get("$ref").and_then(Value::as_str).and_then(|to| schemas.get(to.strip_prefix(SCHEMAS)?));
    match of.unwrap_or(one).get("type") {
        Some(kind) if kind == "object" => json!({"type": "object", "additionalProperties": true}),
        _ => json!({"type": "string"}),
    }
}

/// A page names what it is a page of, and what all pages have in common.
fn point_pages(document: &mut Value) {
    let Some(schemas) = record_at(document, &["components", "schemas"]) else { return };
    let mut common = JsonRecord::new();
    for (name, page) in schemas.iter_mut() {
        let Some(of) = name.strip_prefix("Page_") else { continue };
        let Some(properties) = page.get_mut("properties").and_then(Value::as_object_mut) else { continue };
        for (field, schema) in [("next_cursor", "NextCursor"), ("unreadable", "Unreadable")] {
            if let Some(said) = properties.insert(field.to_owned(), reference(schema)) {
                common.insert(schema.to_owned(), said);
            }
        }
        properties.insert("items".to_owned(), json!({"type": "array", "items": reference(of)}));
    }
    schemas.extend(common);
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("{SCHEMAS}{schema}")})
}

/// Names schemas as people outside would: not by their place in the code.
fn rename(document: &mut Value) {
    let Some(schemas) = record_at(document, &["components", "schemas"]) else { return };
    let old: BTreeSet<String> = schemas.keys().cloned().collect();
    let mut taken = BTreeSet::new();
    let mut names = BTreeMap::new();
    for name in &old {
        let new = outside(name, &old);
        // A name that is taken is left as it is in the code: a test says so.
        let new = if taken.insert(new.clone()) { new } else { name.clone() };
        names.insert(name.clone(), new);
    }
    let named = |name: &str| names.get(name).map_or_else(|| name.to_owned(), Clone::clone);
    let renamed = std::mem::take(schemas).into_iter().map(|(name, schema)| (named(&name), schema)).collect();
    *schemas = renamed;
    each_record(document, &mut |record| {
        if let Some(Value::String(to)) = record.get_mut("$ref")
            && let Some(name) = to.strip_prefix(SCHEMAS)
        {
            *to = format!("{SCHEMAS}{}", named(name));
        }
    });
}

/// What a schema is called outside: what is sent is a request, what was created says so, and what is shown has the plain name,
/// unless that is a word's or a part's.
fn outside(name: &str, all: &BTreeSet<String>) -> String {
    if let Some(of) = name.strip_prefix("Page_") {
        return format!("{}Page", outside(of, all));
    }
    if let Some((of, part)) = name.split_once("View_") {
        return format!("{of}Of{part}");
    }
    if let Some(of) = name.strip_suffix("Body") {
        return format!("{of}Request");
    }
    match name.strip_suffix("View") {
        Some(of) => match of.strip_prefix("Made") {
            Some(created) => format!("Created{created}"),
            None if all.contains(of) => format!("{of}Record"),
            None => of.to_owned(),
        },
        None => name.to_owned(),
    }
}

/// Says what no operation says of itself: where the server is, what its groups are, what is in an answer's headers.
fn complete(document: &mut Value) {
    let mut groups = BTreeSet::from([messages::GROUP.to_owned()]);
    let conditional = headers::conditional(document);
    each_operation(document, &mut |path, _, operation| {
        groups.extend(texts(operation.get("tags")).map(str::to_owned));
        operation.entry("security").or_insert_with(|| json!([]));
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            describe_parameter(parameter);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            body.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten().for_each(|(_, content)| {
                content.get_mut("schema").into_iter().for_each(without_null);
            });
        }
        headers::declare(path, conditional.contains(path), operation);
    });
    let described = |name: &String| {
        let words = TAGS.iter().find(|(tag, _)| tag == name).map(|(_, words)| *words);
        json!({"name": name, "description": words.unwrap_or(name)})
    };
    let tags: Vec<Value> = groups.iter().map(described).collect();
    if let Some(document) = document.as_object_mut() {
        document.insert("tags".to_owned(), Value::from(tags));
        let here = json!([{"url": "/", "description": "The server that gave this document out"}]);
        document.insert("servers".to_owned(), here);
    }
    if let Some(components) = record_at(document, &["components"]) {
        components.insert("headers".to_owned(), headers::components());
    }
}

/// An id in a path says at least what it is the id of.
fn describe_parameter(parameter: &mut Value) {
    let Some(parameter) = parameter.as_object_mut() else { return };
    if parameter.contains_key("description") {
        return;
    }
    let of = schema_of(parameter).and_then(|schema| schema.strip_suffix("Id")).map(words_of);
    let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
    let words = of.map_or_else(|| format!("The {}", name.replace('_', " ")), |of| format!("Which {of}"));
    parameter.insert("description".to_owned(), Value::from(words));
}

fn schema_of(parameter: &JsonRecord) -> Option<&str> {
    parameter.get("schema")?.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// `CheckIn` as `check in`.
fn words_of(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

fn parameter_name(_: &str, parameter: &JsonRecord) -> String {
    let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
    match schema_of(parameter) {
        Some(schema) if parameter.get("in").is_some_and(|place| place == "path") => format!("{name}.{schema}"),
        _ => name.to_owned(),
    }
}

fn response_name(status: &str, response: &JsonRecord) -> String {
    let is_repeatable = response.get("headers").is_some_and(|headers| headers.get("Idempotent-Replayed").is_some());
    match status {
        "204" if is_repeatable => "RepeatableDone".to_owned(),
        "204" => "Done".to_owned(),
        _ => format!("Problem{status}"),
    }
}

/// Moves what several operations have in common to the components of its kind: what is most frequent has the plain name.
fn share(document: &mut Value, kind: &str, name: fn(&str, &JsonRecord) -> String) {
    let mut counted: BTreeMap<String, (usize, String, Value)> = BTreeMap::new();
    each_operation(document, &mut |_, _, operation| {
        each_part(operation, kind, &mut |status, part| {
            let known = counted.entry(format!("{status} {part}"));
            known.or_insert_with(|| (0, status.to_owned(), part.clone())).0 += 1;
        });
    });
    let mut common: Vec<_> = counted.into_iter().filter(|(_, (times, ..))| *times > 1).collect();
    common.sort_by_key(|(_, (times, ..))| std::cmp::Reverse(*times));
    let (mut names, mut shared) = (BTreeMap::new(), JsonRecord::new());
    for (text, (_, status, part)) in common {
        // A record is named by what refers to it; only what answers the same everywhere is shared.
        let is_own = status.starts_with('2') && status != "204";
        let Some(record) = part.as_object().filter(|_| !is_own) else { continue };
        let plain = name(&status, record);
        let is_needed = record.get("required") == Some(&json!(true));
        let other = format!("{plain}.{}", if is_needed { "required" } else { "optional" });
        let is_free = |name: &String| !shared.contains_key(name);
        let Some(name) = [plain, other].into_iter().find(is_free) else { continue };
        names.insert(text, name.clone());
        shared.insert(name, part);
    }
    each_operation(document, &mut |_, _, operation| {
        each_part(operation, kind, &mut |status, part| {
            if let Some(name) = names.get(&format!("{status} {part}")) {
                *part = json!({"$ref": format!("#/components/{kind}/{name}")});
            }
        });
    });
    if let Some(components) = record_at(document, &["components", kind]) {
        components.extend(shared);
    }
}

/// Each parameter, or each response with its status.
fn each_part(operation: &mut JsonRecord, kind: &str, change: &mut dyn FnMut(&str, &mut Value)) {
    match operation.get_mut(kind) {
        Some(Value::Array(items)) => items.iter_mut().for_each(|item| change("", item)),
        Some(Value::Object(parts)) => parts.iter_mut().for_each(|(status, part)| change(status, part)),
        _ => {}
    }
}

/// Drops the components that nothing leads to.
pub fn prune(document: &mut Value) {
    let (mut used, mut schemes) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting: Vec<String> = Vec::new();
    for part in ["paths", "webhooks"] {
        references(document.get(part), &mut waiting);
    }
    while let Some(to) = waiting.pop() {
        if used.insert(to.clone()) {
            references(to.strip_prefix('#').and_then(|pointer| document.pointer(pointer)), &mut waiting);
        }
    }
    each_operation(document, &mut |_, _, operation| {
        let ways = operation.get("security").and_then(Value::as_array).into_iter().flatten();
        schemes.extend(ways.filter_map(Value::as_object).flat_map(|way| way.keys().cloned()));
    });
    let Some(components) = record_at(document, &["components"]) else { return };
    for (kind, parts) in components.iter_mut() {
        let Some(parts) = parts.as_object_mut() else { continue };
        match kind.as_str() {
            "securitySchemes" => parts.retain(|name, _| schemes.contains(name)),
            kind => parts.retain(|name, _| used.contains(&format!("#/components/{kind}/{name}"))),
        }
    }
    components.retain(|_, parts| parts.as_object().is_some_and(|parts| !parts.is_empty()));
}

fn references(value: Option<&Value>, found: &mut Vec<String>) {
    match value {
        Some(Value::Object(map)) => {
            if let Some(Value::String(to)) = map.get("$ref") {
                found.push(to.clone());
            }
            map.values().for_each(|value| references(Some(value), found));
        }
        Some(Value::Array(items)) => items.iter().for_each(|item| references(Some(item), found)),
        _ => {}
    }
}
