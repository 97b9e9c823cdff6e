//! Tokens that must not be taken, each made from one that is good.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::world::World;

/// The audience behind an address.
pub fn door_of(path: &str) -> &'static str {
    match path {
        path if path.starts_with("/app/") => "app",
        path if path.starts_with("/police/") => "police",
        _ => "partner",
    }
}

/// The audience of a role's tokens.
pub fn door_of_role(role: &str) -> &'static str {
    match role {
        "survivor" | "sos" => "app",
        "police_client" => "police",
        _ => "partner",
    }
}

/// A good token of each audience.
pub async fn honest(world: &World) -> HashMap<&'static str, String> {
    let p = &world.p;
    let callers = [("app", p.phone()), ("partner", &p.advocate.caller), ("police", &p.police_system)];
    let mut tokens = HashMap::new();
    for (door, caller) in callers {
        tokens.insert(door, caller.token().await.unwrap());
    }
    tokens
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Each kind of bad `Authorization` header for an address.
pub async fn hostile(world: &World, path: &str) -> Vec<(&'static str, String)> {
    let (own, tokens) = (door_of(path), honest(world).await);
    let good = tokens[own].clone();
    let parts: Vec<&str> = good.split('.').collect();
    let with_header = |change: Value| {
        let mut header = decoded(parts[0]);
        header.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        format!("{}.{}.{}", encoded(&header), parts[1], parts[2])
    };
    let with_claims = |change: Value| {
        let mut claims = decoded(parts[1]);
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        format!("{}.{}.{}", parts[0], encoded(&claims), parts[2])
    };
    let none = encoded(&json!({"alg": "none", "typ": "at+jwt", "kid": "1"}));
    let other = if own == "app" { "partner" } else { "app" };
    let refresh = if own == "partner" { world.p.advocate.tokens().await } else { world.p.phone().tokens().await };
    let bad = [
        ("alg none", format!("{none}.{}.", parts[1])),
        ("alg none and a signature", format!("{none}.{}.{}", parts[1], parts[2])),
        ("another alg", with_header(json!({"alg": "HS512"}))),
        ("a public-key alg", with_header(json!({"alg": "EdDSA"}))),
        ("an embedded key", with_header(json!({"jwk": {"kty": "oct", "k": "AAAA"}}))),
        ("a key elsewhere", with_header(json!({"jku": "https://example.org/keys"}))),
        ("a hostile kid", with_header(json!({"kid": "../../etc/passwd"}))),
        ("another type", with_header(json!({"typ": "JWT"}))),
        ("a critical extension", with_header(json!({"crit": ["exp"]}))),
        ("a later end", with_claims(json!({"exp": 4_102_444_800_i64}))),
        ("another audience claimed", with_claims(json!({"aud": other}))),
        ("the signature stripped", format!("{}.{}.", parts[0], parts[1])),
        ("no signature", format!("{}.{}", parts[0], parts[1])),
        ("another audience's token", tokens[other].clone()),
        ("a refresh token", refresh.unwrap()["refresh_token"].as_str().unwrap().to_owned()),
        ("an SOS token of nobody", format!("sos_{}", "A".repeat(43))),
        ("nothing", String::new()),
    ];
    let mut bearers: Vec<_> = bad.into_iter().map(|(kind, token)| (kind, format!("Bearer {token}"))).collect();
    bearers.push(("another scheme", format!("Basic {good}")));
    bearers.push(("no scheme", good.clone()));
    bearers
}
