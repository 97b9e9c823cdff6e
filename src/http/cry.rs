//! Cries for help: their bodies as they come in, and the presses behind them.
//!
//! A body that may be a cry is read as far as it goes. Where it is none, the door's strict rules hold as everywhere.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::StreamExt;
use garde::Validate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::{Keep, Rendered, find_stored, key_hash, open, remember, respond};
use super::body::{RepeatKey, fingerprint, idempotency_key, is_json, parse};
use super::lenient::LenientJson;
use super::limits;
use crate::app::App;
use crate::db::SubjectId;
use crate::error::{Code, Error, Result};
use crate::tx::{Actor, Raised, Tx};

/// Bytes of an oversized cry that are taken from the wire and thrown away, so that its sender gets to read the answer.
const WASTED_BYTES: usize = 16 * 1_024 * 1_024;

/// A body as it came in, read at most to [`limits::CRY_BYTES`].
pub struct Incoming {
    bytes: Vec<u8>,
    /// Why not all of it came.
    fault: Option<Code>,
    rest: Option<Payload>,
    key: Result<Option<String>>,
    is_json: bool,
    is_packed: bool,
    /// Whether it says of itself that it is too large for what is no cry.
    is_oversized: bool,
    target: String,
}

impl Incoming {
    /// What can be read of it, whatever it says to be.
    #[must_use]
    pub fn json(&self) -> LenientJson {
        let json = LenientJson::read(&self.bytes);
        LenientJson { is_whole: json.is_whole && self.fault.is_none() && !self.is_packed, ..json }
    }

    /// The press behind a cry for help that was recorded by the phone at this moment.
    #[must_use]
    pub fn press(&self, recorded_at: Option<&Value>) -> Press {
        let key = self.key.as_ref().ok().and_then(Option::as_deref);
        Press::of(key, &self.target, recorded_at)
    }

    /// The call, by the key rules of every other call.
    ///
    /// # Errors
    /// 400 without a key, or with a malformed one.
    pub fn keyed(&self) -> Result<RepeatKey> {
        let key = self.key.as_ref().map_err(Error::repeat)?.clone();
        let key = key.ok_or_else(|| Error::invalid(Code::IdempotencyKeyMissing))?;
        Ok(RepeatKey { key: Some(key), fingerprint: fingerprint(&self.target, &self.bytes) })
    }

    /// The body and its call by the rules of every other body.
    ///
    /// # Errors
    /// As [`super::Request::read_keyed`].
    pub fn strict<T: DeserializeOwned + Validate<Context = ()>>(&self) -> Result<(RepeatKey, T)> {
        self.refuse_early()?;
        let key = self.key.as_ref().map_err(Error::repeat)?.clone();
        let body = parse(&self.bytes)?;
        if key.is_none() {
            return Err(Error::invalid(Code::IdempotencyKeyMissing));
        }
        Ok((RepeatKey { key, fingerprint: fingerprint(&self.target, &self.bytes) }, body))
    }

    fn refuse_early(&self) -> Result<()> {
        let code = match self.fault {
            _ if self.is_packed => Code::UnsupportedEncoding,
            _ if self.is_oversized || self.bytes.len() > limits::BODY_BYTES => Code::BodyTooLarge,
            Some(fault) => fault,
            None if !self.bytes.is_empty() && !self.is_json => Code::UnsupportedMediaType,
            None => return Ok(()),
        };
        Err(Error::invalid(code))
    }

    /// Lets an oversized body come to its end once all is done: a sender who has not sent everything may not read the answer.
    pub async fn finish(self) {
        let Some(mut rest) = self.rest else { return };
        let waste = async {
            let mut wasted = 0;
            while let Some(Ok(chunk)) = rest.next().await {
                wasted += chunk.len();
                if wasted > WASTED_BYTES {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(limits::BODY_SECONDS), waste).await;
    }
}

impl FromRequest for Incoming {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let mut bytes = Vec::new();
            let read = async {
                while let Some(chunk) = payload.next().await {
                    let Ok(chunk) = chunk else { return Some(Code::MalformedRequest) };
                    let room = limits::CRY_BYTES.saturating_sub(bytes.len());
                    bytes.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                    if chunk.len() > room {
                        return Some(Code::BodyTooLarge);
                    }
                }
                None
            };
            let read = tokio::time::timeout(Duration::from_secs(limits::BODY_SECONDS), read).await;
            let fault = read.unwrap_or(Some(Code::Timeout));
            let rest = (fault == Some(Code::BodyTooLarge)).then_some(payload);
            let mut encodings = request.headers().get_all(header::CONTENT_ENCODING);
            let is_packed = encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
            let length =
                request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
            let is_oversized = length.is_some_and(|length: usize| length > limits::BODY_BYTES);
            let target = format!("{} {}", request.method(), request.path());
            let (key, is_json) = (idempotency_key(&request), is_json(&request));
            Ok(Self { bytes, fault, rest, key, is_json, is_packed, is_oversized, target })
        })
    }
}

/// One of the calls that came in one body, such as those that a phone kept while it was offline.
pub struct SyncedCall<'s> {
    /// Its key, where it has one.
    pub key: Option<&'s str>,
    /// Where to.
    pub path: &'s str,
    /// What can be read of its body.
    pub json: LenientJson,
}

impl SyncedCall<'_> {
    /// The press behind it, where it is a cry for help: the same as of the call itself.
    #[must_use]
    pub fn press(&self) -> Press {
        Press::of(self.key, &format!("POST {}", self.path), self.json.fields.get("recorded_at"))
    }

    /// The call and its body, by the rules of every other body.
    ///
    /// # Errors
    /// What these refuse; 400 without a key.
    pub fn strict<T: DeserializeOwned + Validate<Context = ()>>(&self) -> Result<(RepeatKey, T)> {
        let key = self.key.ok_or_else(|| Error::invalid(Code::IdempotencyKeyMissing))?;
        let body = Value::Object(self.json.fields.clone());
        Ok((RepeatKey::among(key.to_owned(), self.path, &body), parse(body.to_string().as_bytes())?))
    }
}

/// A press of help-now, in whichever way. With a key, and a moment that the phone recorded it at, a repeat is known again;
/// whatever differs in either is a press of its own.
#[derive(Clone, Debug)]
pub struct Press(Option<RepeatKey>);

impl Press {
    /// The press of a key and a moment; `target` is the method and the path.
    #[must_use]
    pub fn of(key: Option<&str>, target: &str, recorded_at: Option<&Value>) -> Self {
        let said = recorded_at.filter(|said| !said.is_null());
        Self(key.zip(said).map(|(key, said)| {
            let said = fingerprint(&format!("cry {target}"), said.to_string().as_bytes());
            RepeatKey { key: Some(key.to_owned()), fingerprint: said }
        }))
    }
}

/// Runs the use case of a cry for help and answers 201. It is never refused over its key: one that was used for anything
/// else is none, and an answer that cannot be kept, or opened again, is given again.
///
/// # Errors
/// When the use case refuses: its own error.
pub async fn cried<T, B, W, V>(
    app: &App,
    actor: Actor,
    action: &'static str,
    press: Press,
    work: W,
    view: V,
) -> Result<HttpResponse>
where
    B: Serialize,
    W: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    V: Fn(T, &[Raised]) -> B + Send + Sync + 'static,
{
    cried_with(app, actor, action, (press, StatusCode::CREATED), work, view).await
}

/// The same with a status of one's own.
///
/// # Errors
/// As [`cried`].
pub async fn cried_with<T, B, W, V>(
    app: &App,
    actor: Actor,
    action: &'static str,
    (Press(call), status): (Press, StatusCode),
    work: W,
    view: V,
) -> Result<HttpResponse>
where
    B: Serialize,
    W: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    V: Fn(T, &[Raised]) -> B + Send + Sync + 'static,
{
    let named = call.map(|call| {
        let key = [call.fingerprint.as_slice(), call.key.as_deref().unwrap_or_default().as_bytes()].concat();
        (key_hash(app, &actor, &key), call)
    });
    let answer = app
        .in_emergency()
        .transact(actor, action, move |tx| {
            let status = i32::from(status.as_u16());
            let kept = match &named {
                Some((hash, _)) => find_stored(tx, hash)?,
                None => None,
            };
            if let (Some((hash, _)), Some(kept)) = (&named, &kept)
                && let Some(body) = open(tx, SubjectId::SYSTEM, hash, kept)
            {
                tx.outcome("replayed");
                return Ok(Rendered { status, body, is_replay: true });
            }
            let value = work(tx)?;
            let body = serde_json::to_string(&view(value, tx.react()?))?;
            let answer = Rendered { status, body, is_replay: false };
            if let (Some((hash, call)), None) = (&named, &kept) {
                // Sealed under the installation's own key, which is never away.
                remember(tx, SubjectId::SYSTEM, hash, call, Keep::Answer, &answer)?;
            }
            Ok(answer)
        })
        .await?;
    Ok(respond(&answer))
}
