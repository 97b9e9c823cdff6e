//! Answering calls that create something, once: idempotency keys in the transaction of the work itself.
//!
//! A key is kept as a 16-byte hash per caller with the sealed answer. A repeat with the same body gets the same answer
//! (and writes before it answers, so that an answer is never given on the strength of a row that might not last); with
//! another body it is refused. A call that failed leaves no key: it may be tried again.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use diesel::prelude::*;
use secrecy::ExposeSecret;
use serde::Serialize;
use uuid::Uuid;

use super::body::Call;
use crate::app::App;
use crate::crypto::{Place, Private, Sealed};
use crate::db::Instant;
use crate::db::schema::idempotency_keys;
use crate::error::{Code, Error, Result};
use crate::tx::{Actor, Raised, Tx};

/// What is kept of an answer for a repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The answer itself, sealed.
    Answer,
    /// Only that it was given, since it carries a secret that is shown once.
    Nothing,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
struct KeptAnswer {
    key_hash: Vec<u8>,
    fingerprint: Vec<u8>,
    status: i32,
    answer: Option<Sealed>,
    created_at: Instant,
    replayed_at: Option<Instant>,
}

struct Answer {
    status: i32,
    body: String,
    is_replay: bool,
}

/// Runs a use case that creates something and answers 201; see the module. `view` makes the answer from the value and
/// the alerts that were raised.
///
/// # Errors
/// What the use case refused; 422 or 409 for a key that was used otherwise.
pub async fn created<T, B, W, V>(
    app: &App,
    actor: Actor,
    action: &'static str,
    (call, keep): (Call, Keep),
    work: W,
    view: V,
) -> Result<HttpResponse>
where
    B: Serialize,
    W: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    V: Fn(T, &[Raised]) -> B + Send + 'static,
{
    create(app, actor, action, StatusCode::CREATED, (call, keep), work, view).await
}

/// The same with a status of one's own.
///
/// # Errors
/// As [`created`].
pub async fn create<T, B, W, V>(
    app: &App,
    actor: Actor,
    action: &'static str,
    status: StatusCode,
    (call, keep): (Call, Keep),
    work: W,
    view: V,
) -> Result<HttpResponse>
where
    B: Serialize,
    W: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    V: Fn(T, &[Raised]) -> B + Send + 'static,
{
    let hash = call.key.as_ref().map(|key| key_hash(app, &actor, key));
    let answer = app
        .transact(actor, action, move |tx| {
            if let Some(replay) = hash.as_deref().and_then(|hash| find(tx, hash, &call).transpose()) {
                return replay;
            }
            let value = work(tx)?;
            let body = serde_json::to_string(&view(value, tx.settle()?))?;
            let answer = Answer { status: i32::from(status.as_u16()), body, is_replay: false };
            if let Some(hash) = &hash {
                remember(tx, hash, &call, keep, &answer)?;
            }
            Ok(answer)
        })
        .await?;
    Ok(respond(&answer))
}

/// A 200 with a body.
pub fn ok<B: Serialize>(body: B) -> HttpResponse {
    HttpResponse::Ok().json(body)
}

fn respond(answer: &Answer) -> HttpResponse {
    let status = u16::try_from(answer.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::OK));
    if answer.is_replay {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    response.content_type("application/json").body(answer.body.clone())
}

fn key_hash(app: &App, actor: &Actor, key: &str) -> Vec<u8> {
    let caller = actor.id().unwrap_or_default();
    let mut hash = app.keys.blind("idempotency", &[caller.as_bytes().as_slice(), key.as_bytes()].concat());
    hash.truncate(16);
    hash
}

fn place(tx: &Tx<'_>, hash: &[u8]) -> Place {
    let row = Uuid::from_slice(hash).unwrap_or_default();
    Place::new(tx.actor.subject(), "idempotency_keys", "answer", row)
}

fn find(tx: &mut Tx<'_>, hash: &[u8], call: &Call) -> Result<Option<Answer>> {
    let row = idempotency_keys::table.find(hash);
    let Some(kept) = row.first::<KeptAnswer>(tx.conn).optional()? else { return Ok(None) };
    if kept.fingerprint != call.fingerprint {
        return Err(Error::invalid(Code::IdempotencyKeyReused));
    }
    let Some(sealed) = &kept.answer else {
        return Err(Error::Conflict(Code::AlreadyDone, Code::AlreadyDone.title().into()));
    };
    let body = tx.app.keys.open_sealed(place(tx, hash), sealed)?.expose_secret().to_owned();
    diesel::update(row).set(idempotency_keys::replayed_at.eq(Some(tx.now))).execute(tx.conn)?;
    tx.outcome("replayed");
    Ok(Some(Answer { status: kept.status, body, is_replay: true }))
}

fn remember(tx: &mut Tx<'_>, hash: &[u8], call: &Call, keep: Keep, answer: &Answer) -> Result<()> {
    let sealed = match keep {
        Keep::Answer => Some(tx.app.keys.seal(place(tx, hash), &Private::from(answer.body.as_str()))?),
        Keep::Nothing => None,
    };
    let kept = KeptAnswer {
        key_hash: hash.to_vec(),
        fingerprint: call.fingerprint.to_vec(),
        status: answer.status,
        answer: sealed,
        created_at: tx.now,
        replayed_at: None,
    };
    diesel::insert_into(idempotency_keys::table).values(kept).execute(tx.conn)?;
    Ok(())
}
