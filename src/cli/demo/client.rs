//! A plain HTTP client to the demo's own address, and the answers it gets.

use std::time::Duration;

use reqwest::{Client as Http, Method};
use serde_json::Value;
use uuid::Uuid;

use super::DemoResult;

/// How long an answer may take; the machine may be busy with a build.
const PATIENCE: Duration = Duration::from_secs(30);

/// Calls the demo's own server, as a phone, a portal or a police system would.
#[derive(Clone)]
pub struct Client {
    http: Http,
    origin: String,
}

/// One call that is to be made.
pub struct DemoCall<'a> {
    /// Method.
    pub method: Method,
    /// Path with query.
    pub path: &'a str,
    /// Bearer token.
    pub token: Option<&'a str>,
    /// JSON body.
    pub body: Option<&'a Value>,
    /// Further headers.
    pub headers: &'a [(&'static str, &'a str)],
}

/// What was answered.
pub struct DemoAnswer {
    call: String,
    /// Status code.
    pub status: u16,
    /// Body; null where there is none.
    pub body: Value,
}

impl Client {
    /// A client for one origin.
    #[expect(clippy::disallowed_methods, reason = "talks to the demo's own server on this machine and to nobody else")]
    pub fn new(origin: String) -> DemoResult<Self> {
        let made = Http::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build();
        Ok(Self { http: made.map_err(|error| format!("no HTTP client: {error}"))?, origin })
    }

    /// Where this client calls.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Makes a call, whatever is answered.
    ///
    /// # Errors
    /// When there is no answer, or one that is not JSON.
    pub async fn send(&self, call: DemoCall<'_>) -> DemoResult<DemoAnswer> {
        let name = format!("{} {}", call.method, call.path);
        let is_post = call.method == Method::POST;
        let mut request = self.http.request(call.method, format!("{}{}", self.origin, call.path));
        if is_post {
            request = request.header("idempotency-key", Uuid::new_v4().to_string());
        }
        if let Some(token) = call.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = call.body {
            request = request.json(body);
        }
        request = call.headers.iter().fold(request, |request, (header, value)| request.header(*header, *value));
        let broken = |error: reqwest::Error| format!("{name}: {error}");
        let response = request.send().await.map_err(broken)?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.map_err(broken)?;
        let body = match bytes.is_empty() {
            true => Value::Null,
            false => {
                serde_json::from_slice(&bytes).map_err(|error| format!("{name} answered {status}, and {error}"))?
            }
        };
        Ok(DemoAnswer { call: name, status, body })
    }

    /// Makes a call that must succeed.
    ///
    /// # Errors
    /// One line, where the answer is another than was expected.
    pub async fn call(&self, call: DemoCall<'_>) -> DemoResult<DemoAnswer> {
        let answer = self.send(call).await?;
        match answer.status {
            200..=299 => Ok(answer),
            status => Err(format!("{} answered {status}: {}", answer.call, answer.body)),
        }
    }
}

impl DemoAnswer {
    fn missing(&self, what: &str, pointer: &str) -> String {
        format!("{} answered no {what} at {pointer}: {}", self.call, self.body)
    }

    /// The text at a JSON pointer.
    ///
    /// # Errors
    /// When there is none.
    pub fn text(&self, pointer: &str) -> DemoResult<&str> {
        self.body.pointer(pointer).and_then(Value::as_str).ok_or_else(|| self.missing("text", pointer))
    }

    /// The number at a JSON pointer.
    ///
    /// # Errors
    /// When there is none.
    pub fn number(&self, pointer: &str) -> DemoResult<i64> {
        self.body.pointer(pointer).and_then(Value::as_i64).ok_or_else(|| self.missing("number", pointer))
    }

    /// The list at a JSON pointer.
    ///
    /// # Errors
    /// When there is none.
    pub fn list(&self, pointer: &str) -> DemoResult<&[Value]> {
        let found = self.body.pointer(pointer).and_then(Value::as_array);
        found.map(Vec::as_slice).ok_or_else(|| self.missing("list", pointer))
    }

    /// Makes sure that a text is what it should be, and gives it back.
    ///
    /// # Errors
    /// One line, where it is something else.
    pub fn must_be(&self, pointer: &str, expected: &str) -> DemoResult<&str> {
        let found = self.text(pointer)?;
        match found == expected {
            true => Ok(found),
            false => Err(format!("{}: {pointer} is {found}, and should be {expected}", self.call)),
        }
    }
}

/// The text of one field of a JSON value, or nothing.
pub fn field<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Adds a field to a JSON object.
pub fn add(body: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value.into());
    }
}
