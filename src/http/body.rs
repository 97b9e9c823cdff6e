//! Reading requests: JSON bodies with a size and a deadline, strict fields, and the key that makes a repeat harmless.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use garde::Validate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::{limits, numbers};
use crate::crypto::sha256;
use crate::error::{Code, Error, FieldError, Result};

/// Whether the contract knows a name of a field; nothing is known before it is said.
static KNOWS: OnceLock<fn(&str) -> bool> = OnceLock::new();

/// Says which names of fields the contract knows, for refusals that point at one.
pub fn know_fields(knows: fn(&str) -> bool) {
    let _known = KNOWS.set(knows);
}

/// What makes a repeat of this request recognisable.
#[derive(Clone, Debug)]
pub struct RepeatKey {
    /// The caller's `Idempotency-Key`, where there is one.
    pub key: Option<String>,
    /// A hash over method, path and body.
    pub fingerprint: [u8; 32],
}

impl RepeatKey {
    /// One of several calls that came in one body.
    #[must_use]
    pub fn among(key: String, path: &str, body: &Value) -> Self {
        Self { key: Some(key), fingerprint: fingerprint(&format!("POST {path}"), body.to_string().as_bytes()) }
    }
}

/// The body counts as what it says, not as how it is written: spaces, `12` or `12.0`, null or absent. A phone may send it
/// again among others.
pub(super) fn fingerprint(target: &str, body: &[u8]) -> [u8; 32] {
    let plain = serde_json::from_slice(&numbers::whole_as_integers(body));
    let plain = plain.map(|value| without_nulls(value).to_string().into_bytes());
    let body = plain.unwrap_or_else(|_| body.to_vec());
    sha256(&[target.as_bytes(), b"\n", body.as_slice()].concat())
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let named = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(named.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// A request with a JSON body. The body is read and bounded first, and understood only when the handler, having made
/// sure of the caller, asks for it.
pub struct Request<T> {
    bytes: Bytes,
    key: Result<Option<String>>,
    fingerprint: [u8; 32],
    is_replacement: bool,
    body: PhantomData<T>,
}

impl<T: DeserializeOwned + Validate<Context = ()>> Request<T> {
    /// The body, checked, and the call it came with.
    ///
    /// # Errors
    /// 400 for what is not JSON or a malformed key, 422 for what is JSON and wrong.
    pub fn read(self) -> Result<(RepeatKey, T)> {
        if self.is_replacement && self.bytes.is_empty() {
            // Nothing takes the place of what there is only where that is said: with an empty object.
            return Err(Error::invalid(Code::MalformedJson));
        }
        let call = RepeatKey { key: self.key?, fingerprint: self.fingerprint };
        Ok((call, parse(&self.bytes)?))
    }

    /// The same where an `Idempotency-Key` is required.
    ///
    /// # Errors
    /// As [`Request::read`], and 400 without a key.
    pub fn read_keyed(self) -> Result<(RepeatKey, T)> {
        let (call, body) = self.read()?;
        match call.key {
            Some(_) => Ok((call, body)),
            None => Err(Error::invalid(Code::IdempotencyKeyMissing)),
        }
    }
}

/// Reads a body, or one item of several, by the same strict rules.
///
/// # Errors
/// 400 for what is not JSON, 422 for what is JSON and wrong, with a pointer to where.
pub fn parse<T: DeserializeOwned + Validate<Context = ()>>(bytes: &[u8]) -> Result<T> {
    // A call whose body has no required field may leave it out.
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        // serde would read a list as the fields in their order; no client means that.
        let is_json = serde_json::from_slice::<Value>(bytes).is_ok();
        return Err(match is_json {
            true => Error::field("", "wrong_type", "the body must be an object"),
            false => Error::invalid(Code::MalformedJson),
        });
    }
    let bytes = numbers::whole_as_integers(bytes);
    let mut reader = serde_json::Deserializer::from_slice(&bytes);
    let body: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| refuse(&error, &bytes))?;
    reader.end().map_err(|_| Error::invalid(Code::MalformedJson))?;
    body.validate().map_err(|report| {
        let fields = report.iter().map(|(path, error)| FieldError {
            pointer: pointer(&path.to_string()),
            code: "not_allowed",
            detail: error.message().to_owned(),
        });
        Error::fields(fields.collect())
    })?;
    Ok(body)
}

/// Whether a body is JSON; a number that is too large for us is one all the same.
fn is_well_formed(bytes: &[u8]) -> bool {
    let read = serde_json::from_slice::<Value>(bytes);
    read.err().is_none_or(|error| error.to_string().starts_with("number out of range"))
}

fn refuse(error: &serde_path_to_error::Error<serde_json::Error>, bytes: &[u8]) -> Error {
    let inner = error.inner();
    // A number where a word belongs counts as bad syntax with serde_json, though it is JSON.
    if !inner.is_data() && !is_well_formed(bytes) {
        return Error::invalid(Code::MalformedJson);
    }
    // serde's own words may quote the value that was sent; only the fixed beginning of them is kept.
    let words = inner.to_string();
    let known = [
        ("unknown field", "unknown_field", "this field does not exist or cannot be set"),
        ("missing field", "missing", "a required field is missing"),
        ("unknown variant", "unknown_word", "this is not one of the allowed words"),
        ("duplicate field", "duplicate", "this field stands here twice"),
        ("invalid type", "wrong_type", "this is not of the right type"),
        ("expected value", "wrong_type", "this is not of the right type"),
        ("there is no such force", "unknown", "there is no such force: GET /public/v1/forces lists them"),
    ];
    let (_, code, detail) = known.iter().find(|(start, _, _)| words.starts_with(start)).unwrap_or(&(
        "",
        "not_allowed",
        "this value is not allowed",
    ));
    let mut at = pointer(&error.path().to_string());
    // The name is the caller's, and may hold anything: only one that the contract knows is repeated.
    let (parent, name) = at.rsplit_once('/').unwrap_or_default();
    if *code == "unknown_field" && !KNOWS.get().is_some_and(|knows| knows(name)) {
        at = parent.to_owned();
    }
    if let (true, Some(field)) = (*code == "missing", words.split('`').nth(1)) {
        at = format!("{at}/{field}");
    }
    Error::field(&at, code, *detail)
}

/// `happened.from` and `behaviours[2]` as JSON Pointers.
fn pointer(path: &str) -> String {
    if path.is_empty() || path == "." {
        return String::new();
    }
    format!("/{}", path.replace('[', "/").replace(']', "").replace('.', "/").replace("//", "/"))
}

impl<T: 'static> FromRequest for Request<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let limit = Duration::from_secs(limits::BODY_SECONDS);
            let bytes = match tokio::time::timeout(limit, collect(&request, payload)).await {
                Ok(bytes) => bytes?,
                Err(_) => return Err(Error::invalid(Code::Timeout)),
            };
            if !bytes.is_empty() && !is_json(&request) {
                return Err(Error::invalid(Code::UnsupportedMediaType));
            }
            // What a PUT leaves out is forgotten: one without a body would forget everything.
            if bytes.is_empty() && request.method() == Method::PUT {
                return Err(Error::invalid(Code::MalformedJson));
            }
            let fingerprint = fingerprint(&format!("{} {}", request.method(), request.path()), &bytes);
            let is_replacement = matches!(*request.method(), Method::PUT | Method::PATCH);
            Ok(Self { bytes, key: idempotency_key(&request), fingerprint, is_replacement, body: PhantomData })
        })
    }
}

async fn collect(request: &HttpRequest, mut payload: Payload) -> Result<Bytes> {
    let too_large = || Error::invalid(Code::BodyTooLarge);
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > limits::BODY_BYTES as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::invalid(Code::MalformedRequest))?;
        if body.len() + chunk.len() > limits::BODY_BYTES {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

pub(super) fn is_json(request: &HttpRequest) -> bool {
    let media_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// The call of a request whose body is not JSON, where an `Idempotency-Key` is required; `about` is what it says.
///
/// # Errors
/// 400 without a key, or with a malformed one.
pub fn keyed(request: &HttpRequest, about: &[u8]) -> Result<RepeatKey> {
    let key = idempotency_key(request)?.ok_or_else(|| Error::invalid(Code::IdempotencyKeyMissing))?;
    let fingerprint = fingerprint(&format!("{} {}", request.method(), request.path()), about);
    Ok(RepeatKey { key: Some(key), fingerprint })
}

pub(super) fn idempotency_key(request: &HttpRequest) -> Result<Option<String>> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if limits::KEY.fits(key) => Ok(Some(key.to_owned())),
        _ => Err(Error::invalid(Code::IdempotencyKeyInvalid)),
    }
}

/// A body without fields.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmptyBody {}

/// Parameters of the query string, strict like a body.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = actix_web::web::Query::<T>::from_query(request.query_string());
        std::future::ready(read.map(|query| Self(query.into_inner())).map_err(|_| {
            Error::field("query", "not_allowed", "a parameter is unknown, repeated or not of the right form")
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[garde(range(min = 0, max = 4))]
        fear: i32,
        #[garde(skip)]
        #[serde(default, rename = "inner")]
        _inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "name")]
        _name: String,
    }

    fn refused(text: &[u8]) -> (Code, Option<FieldError>) {
        match parse::<Body>(text).unwrap_err() {
            Error::Invalid { code, fields, .. } => (code, fields.into_iter().next()),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_not_json_is_400_and_what_is_wrong_json_is_422_with_a_pointer() {
        let deep = ["[".repeat(10_000), "]".repeat(10_000)].concat();
        let malformed: [&[u8]; 6] =
            [b"{", b"{\"fear\":1}x", b"\xff\xfe", b"{\"fear\":1,}", deep.as_bytes(), b"{\"fear\":01}"];
        for text in malformed {
            assert_eq!(
                refused(text).0,
                Code::MalformedJson,
                "{}",
                String::from_utf8_lossy(text).get(..20).unwrap_or("")
            );
        }
        let wrong = [
            ("[1]", "", "wrong_type"),
            ("null", "", "wrong_type"),
            ("{}", "/fear", "missing"),
            ("{\"fear\":9}", "/fear", "not_allowed"),
            ("{\"fear\":1e400}", "/fear", "not_allowed"),
            ("{\"fear\":\"secret\"}", "/fear", "wrong_type"),
            ("{\"fear\":1,\"fear\":2}", "", "duplicate"),
            ("{\"fear\":1,\"state\":\"closed\"}", "", "unknown_field"),
            ("{\"fear\":1,\"inner\":[{\"name\":\"a\",\"secret\":1}]}", "/inner/0", "unknown_field"),
            ("{\"fear\":1,\"inner\":[{\"name\":\"a\"},{}]}", "/inner/1/name", "missing"),
        ];
        for (text, at, code) in wrong {
            let (_, field) = refused(text.as_bytes());
            let Some(field) = field else { continue };
            assert_eq!((field.pointer.as_str(), field.code), (at, code), "{text}");
            assert!(!field.detail.contains("secret"));
        }
    }
}
