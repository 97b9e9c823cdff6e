//! Two sessions that are sent the same, a genuine one and one under duress, and whether anything in their answers differs.

use std::collections::BTreeMap;

use holdfast::db::SurvivorId;
use reqwest::Method;
use serde_json::{Value, json};

use super::caller::{Caller, Reply, text};

/// An answer with ids, instants and references by the order in which they first came, so that two sessions compare.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn plain(&mut self, value: &Value) -> Value {
        match value {
            Value::String(said) => json!(self.text(said)),
            Value::Array(items) => items.iter().map(|item| self.plain(item)).collect(),
            Value::Object(fields) => {
                let plain = |(name, value): (&String, &Value)| (name.clone(), self.field(name, value));
                Value::Object(fields.iter().map(plain).collect())
            }
            other => other.clone(),
        }
    }

    /// A secret or a cursor says nothing but how long it is.
    fn field(&mut self, name: &str, value: &Value) -> Value {
        let is_opaque = name.ends_with("_token") || name.ends_with("_secret") || name == "next_cursor";
        match value {
            Value::String(said) if is_opaque => json!(format!("{} characters", said.len())),
            other => self.plain(other),
        }
    }

    /// An address part by part.
    fn text(&mut self, said: &str) -> String {
        match said.starts_with('/') {
            true => said.split('/').map(|part| self.word(part)).collect::<Vec<_>>().join("/"),
            false => self.word(said),
        }
    }

    fn word(&mut self, said: &str) -> String {
        let is_instant = said.len() >= 20 && said.ends_with('Z') && said.as_bytes()[4] == b'-';
        if is_instant {
            return "an instant".to_owned();
        }
        let is_reference = said.len() == 14 && [2, 7, 12].iter().all(|at| said.as_bytes()[*at] == b'-');
        // Custody is a chain of hashes over ids and instants.
        let is_hash = said.len() == 64 && said.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_reference && !is_hash && said.parse::<SurvivorId>().is_err() {
            return said.to_owned();
        }
        let next = format!("name {}", self.0.len());
        self.0.entry(said.to_owned()).or_insert(next).clone()
    }
}

/// Headers whose values are compared as they are; of all others that they are there.
const COMPARED: [&str; 12] = [
    "accept-ranges",
    "cache-control",
    "content-language",
    "content-length",
    "content-range",
    "content-type",
    "etag",
    "idempotent-replayed",
    "retry-after",
    "tus-resumable",
    "upload-length",
    "upload-offset",
];

fn headers(reply: &Reply) -> Vec<(String, Option<String>)> {
    let seen = reply.headers.iter().map(|(name, value)| {
        let is_compared = COMPARED.contains(&name.as_str());
        (name.to_string(), is_compared.then(|| String::from_utf8_lossy(value.as_bytes()).into_owned()))
    });
    let mut seen: Vec<_> = seen.collect();
    seen.sort();
    seen
}

/// What is sent: a path and a body in which `{name}` is what each session knows something by.
pub struct Sent<'s> {
    pub method: Method,
    pub path: &'s str,
    pub headers: &'s [(&'s str, &'s str)],
    pub body: Option<&'s Value>,
    /// A body that is not JSON.
    pub raw: Option<&'s [u8]>,
}

/// Two sessions that are sent the same, and the names of what each was answered.
pub struct Pair<'p> {
    genuine: &'p Caller,
    forced: &'p Caller,
    names: (Names, Names),
    ids: BTreeMap<&'static str, (String, String)>,
}

impl<'p> Pair<'p> {
    pub fn new(genuine: &'p Caller, forced: &'p Caller) -> Self {
        Self { genuine, forced, names: Default::default(), ids: BTreeMap::new() }
    }

    /// A text with the names by which each session knows something.
    fn filled(&self, text: &str) -> (String, String) {
        let mut filled = (text.to_owned(), text.to_owned());
        for (name, (own, shown)) in &self.ids {
            let place = format!("{{{name}}}");
            filled = (filled.0.replace(&place, own), filled.1.replace(&place, shown));
        }
        filled
    }

    /// Sends the same call from both, and compares status, headers, size and what is said.
    pub async fn compare(&mut self, sent: &Sent<'_>) -> (Reply, Reply) {
        let (own, shown) = self.filled(sent.path);
        let (own_body, shown_body) = match (sent.raw, sent.body) {
            (Some(raw), _) => (raw.to_vec(), raw.to_vec()),
            (None, Some(body)) => {
                let (own, shown) = self.filled(&body.to_string());
                (own.into_bytes(), shown.into_bytes())
            }
            (None, None) => (Vec::new(), Vec::new()),
        };
        let mut headers = sent.headers.to_vec();
        if sent.raw.is_none() && sent.body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let genuine = self.genuine.send_bytes(sent.method.clone(), &own, &headers, own_body).await.reply;
        let forced = self.forced.send_bytes(sent.method.clone(), &shown, &headers, shown_body).await.reply;
        self.are_the_same(&format!("{} {}", sent.method, sent.path), &genuine, &forced);
        (genuine, forced)
    }

    fn are_the_same(&mut self, what: &str, genuine: &Reply, forced: &Reply) {
        let what = format!("{what}: {} {}", genuine.body, forced.body);
        assert_eq!(genuine.status, forced.status, "{what}");
        assert_eq!(headers(genuine), headers(forced), "{what}");
        assert_eq!(genuine.body.len(), forced.body.len(), "{what}");
        if !genuine.header("content-type").is_some_and(|kind| kind.ends_with("json")) {
            assert_eq!(genuine.body, forced.body, "{what}");
            return;
        }
        let seen = (self.names.0.plain(&genuine.json()), self.names.1.plain(&forced.json()));
        let without = |mut value: Value| {
            value.as_object_mut().map(|fields| fields.remove("request_id"));
            if what.contains("/access-log")
                && let Some(items) = value["items"].as_array_mut()
            {
                // What was done at one instant comes in any order.
                items.sort_by_key(|item| (item["at"].to_string(), item["action"].to_string()));
            }
            value
        };
        assert_eq!(without(seen.0), without(seen.1), "{what}");
    }

    /// The same with a fresh key and JSON.
    pub async fn same(&mut self, method: Method, path: &str, body: Option<Value>) -> (Reply, Reply) {
        let key = uuid::Uuid::new_v4().to_string();
        let headers = [("idempotency-key", key.as_str()), ("if-match", "\"v0\"")];
        let headers = if path.ends_with("safety-plan") { &headers[..] } else { &headers[..1] };
        self.compare(&Sent { method, path, headers, body: body.as_ref(), raw: None }).await
    }

    /// Remembers by which id each session knows something.
    pub fn know(&mut self, name: &'static str, ids: (String, String)) {
        self.ids.insert(name, ids);
    }

    pub async fn get(&mut self, path: &str) {
        for _ in 0..2 {
            self.same(Method::GET, path, None).await;
        }
    }

    pub async fn put(&mut self, path: &str, body: Value) {
        self.same(Method::PUT, path, Some(body)).await;
    }

    /// Posts, and remembers by which id each session knows what was made.
    pub async fn post(&mut self, path: &str, body: Value, name: &'static str) {
        let (genuine, forced) = self.same(Method::POST, path, Some(body)).await;
        if genuine.status.is_success() && genuine.json()["id"].is_string() {
            self.ids.insert(name, (text(&genuine.json(), "id"), text(&forced.json(), "id")));
        }
    }
}
