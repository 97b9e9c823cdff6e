//! What the contract says of an answer other than its body: a sentence, and its headers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{JsonRecord, each_operation};
use crate::error::Code;

/// The headers that answers may carry, each with its type.
const HEADERS: [(&str, &str, &str); 14] = [
    ("Accept-Ranges", "string", "`bytes`: parts of the file can be asked for with `Range`"),
    ("Content-Disposition", "string", "The name under which to save the file"),
    ("Content-Range", "string", "Which bytes of the file these are"),
    ("ETag", "string", "The version that is shown: give it as `If-Match` to change just that"),
    ("Idempotent-Replayed", "string", "`true` where this call was carried out before, and its answer is repeated"),
    ("Link", "string", "Where the next page is, as `rel=\"next\"`; left out on the last one"),
    ("Location", "string", "Where to send the file"),
    ("Retry-After", "integer", "How many seconds to wait"),
    ("Tus-Resumable", "string", "The version of tus"),
    ("Tus-Version", "string", "The versions of tus that are spoken"),
    ("Upload-Expires", "string", "When the upload must have ended"),
    ("Upload-Offset", "integer", "How many bytes are there"),
    ("WWW-Authenticate", "string", "`Bearer`"),
    ("X-Request-Id", "string", "The id of this call, to give when asking for help"),
];

/// Operations that show a version which another path changes.
const SHOW_A_VERSION: [&str; 9] = [
    "get_audience_contract",
    "get_contract",
    "get_contract_as_json",
    "create_incident",
    "get_alert",
    "get_goal",
    "get_incident",
    "get_programme_session",
    "submit_incident_draft",
];

/// The components that answers refer to.
pub fn components() -> Value {
    let header = |(name, kind, words): &(&str, &str, &str)| {
        ((*name).to_owned(), json!({"description": words, "schema": {"type": kind}}))
    };
    Value::Object(HEADERS.iter().map(header).collect())
}

/// The paths at which something is changed by the version that was read.
pub fn conditional(document: &mut Value) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    each_operation(document, &mut |path, _, operation| {
        if has_parameter(operation, "If-Match") {
            paths.insert(path.to_owned());
        }
    });
    paths
}

fn has_parameter(operation: &JsonRecord, name: &str) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.filter_map(|parameter| parameter.get("name")).any(|found| found == name)
}

/// Describes each answer of an operation, and declares its headers.
pub fn declare(path: &str, is_conditional: bool, operation: &mut JsonRecord) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let shows_version = is_conditional || SHOW_A_VERSION.contains(&id);
    let whole = Whole {
        shows_version,
        has_key: has_parameter(operation, "Idempotency-Key"),
        has_cursor: has_parameter(operation, "cursor"),
        is_upload: path.starts_with("/app/v1/evidence/uploads"),
    };
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        let Some(response) = response.as_object_mut() else { continue };
        response.entry("description").or_insert_with(|| Value::from(description(status)));
        open_media(response);
        let names = if status.starts_with('2') { whole.good(status, response) } else { refused(status) };
        let all = ["X-Request-Id"].into_iter().chain(names);
        let headers: Map<String, Value> =
            all.map(|name| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}))).collect();
        response.insert("headers".to_owned(), Value::Object(headers));
    }
}

fn description(status: &str) -> &'static str {
    match status {
        "200" => "What was asked for, or what was done",
        "201" => "It was created",
        "202" => "It was taken, and will be done",
        "204" => "It was done; there is nothing to show",
        "206" => "The part that was asked for",
        _ => Code::ALL.iter().find(|code| code.status().to_string() == status).map_or("Refused", |code| code.title()),
    }
}

/// A file of any kind is bytes to those who know no other kinds.
fn open_media(response: &mut JsonRecord) {
    let content = response.get_mut("content").and_then(Value::as_object_mut);
    if let Some(content) = content
        && let Some(any) = content.get("*/*").cloned()
    {
        content.insert("application/octet-stream".to_owned(), any);
    }
}

fn refused(status: &str) -> Vec<&'static str> {
    match status {
        "401" => vec!["WWW-Authenticate"],
        "429" | "503" => vec!["Retry-After"],
        _ => Vec::new(),
    }
}

/// What is true of all good answers of an operation.
struct Whole {
    shows_version: bool,
    has_key: bool,
    has_cursor: bool,
    is_upload: bool,
}

impl Whole {
    fn good(&self, status: &str, response: &JsonRecord) -> Vec<&'static str> {
        let content = response.get("content").and_then(Value::as_object);
        let is_file = content.is_some_and(|content| content.keys().any(|kind| is_of_file(kind)));
        let rules: [(bool, &[&'static str]); 8] = [
            (self.has_key, &["Idempotent-Replayed"]),
            (self.has_cursor, &["Link"]),
            (self.shows_version && content.is_some(), &["ETag"]),
            (is_file, &["Content-Disposition"]),
            (content.is_some_and(|content| content.contains_key("*/*")), &["ETag", "Accept-Ranges"]),
            (status == "206", &["Content-Range"]),
            (self.is_upload, &["Tus-Resumable", "Tus-Version", "Upload-Expires", "Upload-Offset"]),
            (self.is_upload && status == "201", &["Location"]),
        ];
        rules.iter().filter(|(applies, _)| *applies).flat_map(|(_, names)| names.iter().copied()).collect()
    }
}

fn is_of_file(kind: &str) -> bool {
    ["*/*", "application/zip", "text/csv"].contains(&kind) || kind == "application/octet-stream"
}
