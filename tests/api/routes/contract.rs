//! The contract: what is committed is what the code says, and it says enough.

use std::collections::BTreeSet;

use holdfast::error::Code;
use holdfast::http::problem::MEDIA_TYPE;
use serde_json::Value;

/// What an operation's id may begin with.
const VERBS: &[&str] = &[
    "accept",
    "acknowledge",
    "act",
    "amend",
    "answer",
    "approve",
    "cancel",
    "change",
    "check",
    "close",
    "complete",
    "confirm",
    "create",
    "decide",
    "decline",
    "delete",
    "disable",
    "end",
    "extend",
    "get",
    "lift",
    "list",
    "lock",
    "patch",
    "pause",
    "progress",
    "publish",
    "put",
    "raise",
    "rate",
    "record",
    "refresh",
    "refuse",
    "release",
    "renew",
    "reopen",
    "replay",
    "resolve",
    "restore",
    "resume",
    "retire",
    "review",
    "revoke",
    "rotate",
    "seal",
    "show",
    "simulate",
    "stand",
    "stand_down",
    "start",
    "submit",
    "test",
    "triage",
    "unlock",
    "validate",
    "withdraw",
    "withhold",
];

/// What the summary of an operation may begin with.
const SUMMARY_VERBS: &str = "\
    Accept Acknowledge Add Agree Amend Answer Approve Ask Assess Assign Block Call Cancel Change Check Close Complete \
    Confirm Correct Create Declare Decline Delete Destroy Disable Draft End Enrol Extend Fetch Follow Hide Lift List \
    Lock Move Notify Offer Open Pass Pause Place Plan Poll Propose Publish Raise Rate Read Record Refer Refresh Refuse \
    Register Release Remove Renew Reopen Replace Report Reschedule Restore Resume Review Revoke Seal Send Set Show \
    Sign Silence Simulate Start Submit Triage Unlock Withdraw Withhold \
    ";

/// One operation of the contract.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub spec: Value,
}

impl Operation {
    pub fn id(&self) -> &str {
        self.spec["operationId"].as_str().unwrap_or_else(|| panic!("{} {} has no operationId", self.method, self.path))
    }

    /// Who may call it, as its handler says.
    pub fn who(&self) -> Vec<String> {
        let who = self.spec["x-who"].as_array().into_iter().flatten();
        who.map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    pub fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.spec["parameters"].as_array().into_iter().flatten()
    }
}

pub fn contract() -> Value {
    serde_json::to_value(holdfast::routes::contract()).unwrap()
}

/// Every operation of the contract.
pub fn operations() -> Vec<Operation> {
    let contract = contract();
    let paths = contract["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    let found = paths.iter().flat_map(|(path, item)| {
        methods.iter().filter(|method| item[**method].is_object()).map(|method| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            spec: item[*method].clone(),
        })
    });
    found.collect()
}

#[test]
fn the_committed_contract_is_the_codes_own() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    let committed = std::fs::read_to_string(path).unwrap();
    let is_same = committed == holdfast::routes::contract_yaml().unwrap();
    assert!(is_same, "openapi.yaml is out of date: `cargo run -- openapi > openapi.yaml`");
}

#[test]
fn every_operation_says_what_it_does_and_who_may_call_it() {
    let mut ids = BTreeSet::new();
    for operation in operations() {
        let at = format!("{} {}", operation.method, operation.path);
        let id = operation.id();
        assert!(ids.insert(id.to_owned()), "{at}: {id} stands twice");
        let is_snake = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let has_verb = VERBS.iter().any(|verb| id.strip_prefix(verb).is_some_and(|rest| rest.starts_with('_')));
        assert!(is_snake && has_verb, "{at}: {id} is not verb_resource");
        let summary = operation.spec["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{at}: no summary");
        let first = summary.split(' ').next().unwrap_or_default().trim_end_matches(',');
        let is_verb = SUMMARY_VERBS.split_whitespace().any(|verb| verb == first);
        assert!(is_verb, "{at}: {summary:?} begins with no verb of the list");
        assert!(!operation.who().is_empty(), "{at}: no x-who");
        let description = operation.spec["description"].as_str().unwrap_or_default();
        let who = description.rsplit("Who: ").next().unwrap_or_default();
        for name in operation.who() {
            assert!(who.contains(&name.replace('_', " ")), "{at}: the description does not name {name}");
        }
    }
}

#[test]
fn every_refusal_is_documented_as_a_problem() {
    for operation in operations() {
        let at = format!("{} {}", operation.method, operation.path);
        let answers = operation.spec["responses"].as_object().unwrap();
        let mut needed = vec!["400", "415", "431", "500", "503"];
        let is_secured = operation.who() != ["anyone"];
        needed.extend(if is_secured { &["401", "403"][..] } else { &[] });
        let takes_body = operation.spec["requestBody"].is_object();
        needed.extend(if takes_body { &["408", "413", "422"][..] } else { &[] });
        let takes = |place: &str| operation.parameters().any(|parameter| parameter["in"] == place);
        needed.extend(takes("path").then_some("404"));
        needed.extend(takes("query").then_some("422"));
        let is_conditional = operation.parameters().any(|parameter| parameter["name"] == "If-Match");
        needed.extend(if is_conditional { &["412", "428"][..] } else { &[] });
        for status in needed {
            assert!(answers.contains_key(status), "{at}: {status} is not documented");
        }
        assert!(answers.keys().any(|status| status.starts_with('2')), "{at}: no good answer");
        // What watches a server asks it whether it is ready, and takes "not yet" for an answer like the other.
        let is_probe = ["/health/ready", "/health/watch"].contains(&operation.path.as_str());
        let refusals = answers.iter().filter(|(status, _)| status.as_str() >= "400");
        for (status, answer) in refusals.filter(|(status, _)| !(is_probe && status.as_str() == "503")) {
            let content = answer["content"].as_object().unwrap_or_else(|| panic!("{at}: {status} has no body"));
            assert_eq!(content.keys().collect::<Vec<_>>(), [MEDIA_TYPE], "{at}: {status}");
            assert_eq!(content[MEDIA_TYPE]["schema"]["$ref"], "#/components/schemas/Problem", "{at}: {status}");
        }
    }
}

#[test]
fn every_code_of_a_problem_is_listed() {
    let listed = contract()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].clone();
    let words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
    assert_eq!(listed, serde_json::json!(words));
    assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len(), "a word stands twice");
}

#[test]
fn every_reference_in_the_contract_leads_somewhere() {
    let contract = contract();
    let mut waiting = vec![&contract];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref") {
                    let pointer = to.strip_prefix('#').unwrap_or_else(|| panic!("{to} leads outside"));
                    assert!(contract.pointer(pointer).is_some(), "{to} leads nowhere");
                }
                waiting.extend(fields.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}

/// A record of one audience may hold all that another's must: an answer can then be of both types.
#[test]
fn types_of_different_audiences_may_overlap() {
    let contract = contract();
    let mut waiting = vec![&contract];
    while let Some(value) = waiting.pop() {
        if let Some(types) = value["oneOf"].as_array() {
            assert!(!types.iter().all(|of| of["$ref"].is_string()), "{value}");
        }
        match value {
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(members) => waiting.extend(members),
            _ => {}
        }
    }
}

#[test]
fn a_key_is_required_where_a_phone_creates() {
    for operation in operations().iter().filter(|operation| operation.method == "POST") {
        let key = operation.parameters().find(|parameter| parameter["name"] == "Idempotency-Key");
        let is_open = operation.path == "/app/v1/enrol" || operation.path.starts_with("/app/v1/session/");
        // A cry for help needs none; what else comes by the same doors does, and is refused without.
        let takes_cries = ["help-now", "check-ins", "incidents", "sync"];
        let takes_cries = takes_cries.iter().any(|door| operation.path == format!("/app/v1/{door}"));
        let must = operation.path.starts_with("/app/v1/") && !is_open && !takes_cries;
        let is_required = key.is_some_and(|key| key["required"] == true);
        assert_eq!(is_required, must, "{} {}", operation.method, operation.path);
    }
}
