//! Messages to police in the contract: every type, what it holds, and one as it may come.

use serde_json::{Map, Value, json};
use utoipa::openapi::Components;
use uuid::Uuid;

use crate::audit::CheckpointSummary;
use crate::db::{EndpointId, Instant};
use crate::error::Result;
use crate::escalation::AlertData;
use crate::webhooks::{EndpointTestData, WatchdogData, envelope};

use super::record_at;

/// Every type of message, with when it is sent and the schema of its `data`.
pub const TYPES: [(&str, &str, &str); 8] = [
    ("safety.alert.raised", "A force is notified of an alert for the first time", "AlertData"),
    ("safety.alert.updated", "Something happened again", "AlertData"),
    ("safety.alert.escalated", "The level of an alert rose", "AlertData"),
    ("safety.alert.resolved", "An alert is over: what was to be done is done", "AlertData"),
    (
        "safety.alert.withdrawn",
        "An alert is over with safety confirmed, or the force is to do no more about it (`safety_confirmed: false`)",
        "AlertData",
    ),
    ("safety.alert.exercise", "A drill, at every phase; nobody is in danger, and it never turns real", "AlertData"),
    ("endpoint.test", "An administrator asked for it", "EndpointTestData"),
    ("watchdog", "Every minute, with the newest checkpoint of the audit", "WatchdogData"),
];

/// The group that they are shown in.
pub const GROUP: &str = "messages to police";

const DESCRIPTION: &str = "Messages follow Standard Webhooks 1.0.0. Verify the signature over the bytes as they came; answer \
    2xx once the message is kept. `webhook-id` is the same for every attempt. A type that you do not know is answered 2xx and \
    put aside for a person.";

/// The headers by which a message is verified.
const HEADERS: [(&str, &str, &str); 3] = [
    ("webhook-id", "The message: the same for every attempt", "msg_019aa0c46f2e7cc398c82d3a53a60b2f"),
    ("webhook-timestamp", "When this attempt was made, in seconds since 1970", "1795292045"),
    (
        "webhook-signature",
        "`v1` (HMAC-SHA256) and `v1a` (Ed25519), for each live key",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
];

/// The endpoint of a sample.
const ENDPOINT: Uuid = Uuid::from_u128(0x019a_a0c4_6f2e_7cc3_98c8_2d3a_53a6_0b2f);

/// Adds the schemas of messages that no operation has.
pub fn add_schemas(components: &mut Components) {
    crate::routes::contract::add_schema::<WatchdogData>(components);
    crate::routes::contract::add_schema::<EndpointTestData>(components);
    crate::routes::contract::add_schema::<CheckpointSummary>(components);
}

/// Adds what is sent to the document.
///
/// # Errors
/// 500 where a sample is no JSON.
pub fn add(document: &mut Value) -> Result<()> {
    let mut webhooks = Map::new();
    for (name, words, data) in TYPES {
        let body = json!({
            "type": "object",
            "required": ["type", "timestamp", "data"],
            "properties": {
                "type": {"type": "string", "enum": [name], "description": "What it is"},
                "timestamp": {"$ref": "#/components/schemas/Instant"},
                "data": {"$ref": format!("#/components/schemas/{data}")},
            },
        });
        let parameter = |(name, words, example): &(&str, &str, &str)| {
            json!({"name": name, "in": "header", "required": true, "description": words,
                "schema": {"type": "string"}, "example": example})
        };
        let operation = json!({
            "tags": [GROUP],
            "operationId": format!("receive_{}", name.replace('.', "_")),
            "summary": format!("Receive {name}"),
            "description": format!("{words}.\n\n{DESCRIPTION}"),
            "security": [],
            "parameters": HEADERS.iter().map(parameter).collect::<Vec<_>>(),
            "requestBody": {"required": true, "content": {"application/json": {"schema": body, "example": sample(name)?}}},
            "responses": {
                "2XX": {"description": "A machine has it"},
                "4XX": {"description": "It is tried again, as after every other answer"},
            },
        });
        webhooks.insert(name.to_owned(), json!({"post": operation}));
    }
    if let Some(here) = record_at(document, &["webhooks"]) {
        here.extend(webhooks);
    }
    Ok(())
}

/// One message of a type, of nobody, as it may come; null where there is no such type.
///
/// # Errors
/// 500 where it is no JSON.
pub fn sample(message_type: &str) -> Result<Value> {
    let at = Instant::from_microseconds(1_795_292_045_000_000);
    let data = match TYPES.iter().find(|(name, ..)| *name == message_type) {
        Some((_, _, "AlertData")) => serde_json::to_value(AlertData::sample(message_type, at))?,
        Some((_, _, "EndpointTestData")) => serde_json::to_value(EndpointTestData { endpoint: EndpointId(ENDPOINT) })?,
        Some(_) => serde_json::to_value(WatchdogData {
            every_seconds: 60,
            audit_checkpoint: CheckpointSummary {
                statement: "holdfast audit checkpoint v1 2026-11-21T20:14:05Z 37 3q2+7w==".to_owned(),
                signature: "3q2+7w==".to_owned(),
                public_key: "whpk_3q2+7w==".to_owned(),
            },
        })?,
        None => return Ok(Value::Null),
    };
    Ok(serde_json::from_str(&envelope(message_type, at, &data)?)?)
}
