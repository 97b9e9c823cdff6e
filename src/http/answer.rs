//! Answering calls that create something, once: idempotency keys in the transaction of the work itself.
//!
//! A key is kept as a 16-byte hash per caller with the sealed answer. A repeat with the same body gets the same answer
//! (and writes before it answers, so that an answer is never given on the strength of a row that might not last); with
//! another body it is refused. A call that failed leaves no key: it may be tried again.
//!
//! A repeat runs no use case, so nothing asks again whether the caller may still see what it tells. Therefore only what the
//! caller sent, ids and states are kept; anything more is read again under the caller's access ([`acted`]). What a session
//! under duress did is no repeat for a genuine one; kept answers are forgotten after eight days.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use diesel::dsl::exists;
use diesel::prelude::*;
use serde::Serialize;
use uuid::Uuid;

use super::body::RepeatKey;
use crate::app::App;
use crate::crypto::{Private, PrivateText, SealContext, Sealed};
use crate::db::schema::idempotency_keys;
use crate::db::{DbConn, Instant, SubjectId};
use crate::error::{Code, Error, Result};
use crate::tx::{Actor, KeptAnswer, Raised, Tx};

/// Days for which an answer is kept for repeats (clients are promised at least 7). The key itself stays: later repeats learn that
/// it was done, and do nothing.
const KEPT_DAYS: i64 = 8;
/// Answers forgotten in one go.
const FORGOTTEN_AT_ONCE: i64 = 500;

/// What is kept of an answer for a repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The answer itself, sealed.
    Answer,
    /// Only that it was given, since it carries a secret that is shown once.
    Nothing,
}

pub(super) struct Rendered {
    pub status: i32,
    pub body: String,
    pub is_replay: bool,
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
    (call, keep): (RepeatKey, Keep),
    work: W,
    view: V,
) -> Result<HttpResponse>
where
    B: Serialize,
    W: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    V: Fn(T, &[Raised]) -> B + Send + Sync + 'static,
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
    (call, keep): (RepeatKey, Keep),
    work: W,
    view: V,
) -> Result<HttpResponse>
where
    B: Serialize,
    W: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    V: Fn(T, &[Raised]) -> B + Send + Sync + 'static,
{
    let body = move |tx: &mut Tx<'_>, kept: Option<(&[u8], KeptAnswer)>| {
        if let Some((hash, kept)) = kept {
            return replay(tx, hash, kept);
        }
        let value = work(tx)?;
        Ok(serde_json::to_string(&view(value, tx.react()?))?)
    };
    once(app, actor, action, (call, keep, status), body).await
}

/// Runs a use case, and answers 200 or 201 with what it left as the caller may see it: read again at each repeat. For answers
/// that tell more than the caller sent.
///
/// # Errors
/// As [`created`]; and what reading refuses, such as 404 to somebody who may not see the record any more.
pub async fn acted<T, B, W, R>(
    app: &App,
    actor: Actor,
    action: &'static str,
    (call, status): (RepeatKey, StatusCode),
    work: W,
    read: R,
) -> Result<HttpResponse>
where
    B: Serialize,
    W: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    R: Fn(&mut Tx<'_>) -> Result<B> + Send + Sync + 'static,
{
    let body = move |tx: &mut Tx<'_>, kept: Option<(&[u8], KeptAnswer)>| {
        if kept.is_none() {
            work(tx)?;
        }
        Ok(serde_json::to_string(&read(tx)?)?)
    };
    once(app, actor, action, (call, Keep::Nothing, status), body).await
}

/// Answers a call and keeps its key, in one transaction. `body` does what it asks for and makes the answer; where that was
/// done before under this key, it is given what was kept, and does nothing more.
///
/// Hardly any call is a repeat, and on PostgreSQL each look at the keys is a round trip. There a call does its work first: where
/// its key turns out to be kept already, be it that the work was refused or that it came as far as keeping its answer, all that
/// was done is undone, and it runs again and looks first.
async fn once<F>(
    app: &App,
    actor: Actor,
    action: &'static str,
    (call, keep, status): (RepeatKey, Keep, StatusCode),
    body: F,
) -> Result<HttpResponse>
where
    F: Fn(&mut Tx<'_>, Option<(&[u8], KeptAnswer)>) -> Result<String> + Send + Sync + 'static,
{
    let hash = call.key.as_ref().map(|key| key_hash(app, &actor, key.as_bytes()));
    // What was sent before the phone was taken, and whose answer was lost, is repeated under duress as anywhere.
    let before = call.key.as_ref().filter(|_| actor.is_duress());
    let before = before.map(|key| hash_of(app, &actor, false, key.as_bytes()));
    let is_again = AtomicBool::new(false);
    let answer = app
        .transact(actor, action, move |tx| {
            let looks = before.is_some() || !matches!(tx.conn, DbConn::Pg(_)) || is_again.swap(true, Ordering::SeqCst);
            for hash in hash.iter().chain(&before).filter(|_| looks) {
                if let Some(kept) = find(tx, hash, &call)? {
                    tx.outcome("replayed");
                    return Ok(Rendered { status: kept.status, body: body(tx, Some((hash, kept)))?, is_replay: true });
                }
            }
            let done = body(tx, None);
            if let Some(hash) = hash.as_ref().filter(|_| !looks)
                && may_be_repeat(tx, &done)
                && is_known(tx.conn, hash)?
            {
                // What it lacked is not needed for the answer that was given.
                tx.keys.forgo();
                return Err(Error::write_conflict());
            }
            let answer = Rendered { status: i32::from(status.as_u16()), body: done?, is_replay: false };
            if let Some(hash) = &hash {
                remember(tx, tx.actor.subject(), hash, &call, keep, &answer)?;
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

pub(super) fn respond(answer: &Rendered) -> HttpResponse {
    let status = u16::try_from(answer.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::OK));
    if answer.is_replay {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    response.content_type("application/json").body(answer.body.clone())
}

pub(super) fn key_hash(app: &App, actor: &Actor, key: &[u8]) -> Vec<u8> {
    hash_of(app, actor, actor.is_duress(), key)
}

fn hash_of(app: &App, actor: &Actor, is_duress: bool, key: &[u8]) -> Vec<u8> {
    let caller = actor.id().unwrap_or_default();
    // No key begins with it: keys are printable characters.
    let duress: &[u8] = if is_duress { &[0] } else { &[] };
    let mut hash = app.keys.blind("idempotency", &[caller.as_bytes().as_slice(), duress, key].concat());
    hash.truncate(16);
    hash
}

/// Whether what came of a call, done without a look at its key, may come of its having been done before.
fn may_be_repeat(tx: &Tx<'_>, done: &Result<String>) -> bool {
    tx.keys.lacks_any() || done.as_ref().is_err_and(|error| !error.is_of_the_database())
}

/// Whether anything is kept under a key.
fn is_known(conn: &mut DbConn, hash: &[u8]) -> Result<bool> {
    Ok(diesel::select(exists(idempotency_keys::table.find(hash))).get_result(conn)?)
}

fn place(owner: SubjectId, hash: &[u8]) -> SealContext {
    SealContext::new(owner, "idempotency_keys", "answer", Uuid::from_slice(hash).unwrap_or_default())
}

/// What is kept under a key for this very call.
fn find(tx: &mut Tx<'_>, hash: &[u8], call: &RepeatKey) -> Result<Option<KeptAnswer>> {
    match find_stored(tx, hash)? {
        Some(kept) if kept.fingerprint != call.fingerprint => Err(Error::invalid(Code::IdempotencyKeyReused)),
        found => Ok(found),
    }
}

/// What is kept under a key; that it was asked for is written, since a replay writes before it answers.
pub(super) fn find_stored(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<KeptAnswer>> {
    let row = idempotency_keys::table.find(hash);
    let Some(kept) = row.select(KeptAnswer::as_select()).first(tx.conn).optional()? else { return Ok(None) };
    diesel::update(row).set(idempotency_keys::replayed_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(Some(kept))
}

/// The answer that was kept, where it was and can be opened.
pub(super) fn open(tx: &Tx<'_>, owner: SubjectId, hash: &[u8], kept: &KeptAnswer) -> Option<String> {
    let opened = tx.keys.open_sealed(place(owner, hash), kept.answer.as_ref()?);
    Some(opened.ok()?.shown())
}

/// The answer as it was kept.
fn replay(tx: &mut Tx<'_>, hash: &[u8], kept: KeptAnswer) -> Result<String> {
    let Some(sealed) = &kept.answer else {
        return Err(Error::Conflict(Code::AlreadyDone, Code::AlreadyDone.title().into()));
    };
    Ok(tx.keys.open_sealed(place(tx.actor.subject(), hash), sealed)?.shown())
}

/// Forgets answers that were kept long enough, in several transactions where there are many. Returns how many.
pub async fn forget(app: &App) -> Result<usize> {
    let before = app.clock.now().plus_days(-KEPT_DAYS);
    if app.db.read(oldest).await?.is_none_or(|oldest| oldest > before) {
        return Ok(0);
    }
    let forget = move |tx: &mut Tx<'_>| {
        let old: Vec<Vec<u8>> = idempotency_keys::table
            .filter(idempotency_keys::answer.is_not_null())
            .filter(idempotency_keys::created_at.le(before))
            .order(idempotency_keys::created_at)
            .limit(FORGOTTEN_AT_ONCE)
            .select(idempotency_keys::key_hash)
            .load(tx.conn)?;
        let old = idempotency_keys::table.filter(idempotency_keys::key_hash.eq_any(old));
        Ok(diesel::update(old).set(idempotency_keys::answer.eq(None::<Sealed>)).execute(tx.conn)?)
    };
    let mut forgotten = 0;
    loop {
        let done = app.transact(Actor::System, "forget_answers", forget).await?;
        forgotten += done;
        if i64::try_from(done).unwrap_or(0) < FORGOTTEN_AT_ONCE {
            return Ok(forgotten);
        }
    }
}

fn oldest(conn: &mut DbConn) -> Result<Option<Instant>> {
    let kept = idempotency_keys::table.filter(idempotency_keys::answer.is_not_null());
    Ok(kept.order(idempotency_keys::created_at).select(idempotency_keys::created_at).first(conn).optional()?)
}

/// Has the answer stored under its key at the end of the transaction, sealed for its owner.
pub(super) fn remember(
    tx: &mut Tx<'_>,
    owner: SubjectId,
    hash: &[u8],
    call: &RepeatKey,
    keep: Keep,
    answer: &Rendered,
) -> Result<()> {
    let sealed = match keep {
        Keep::Answer => Some(tx.keys.seal(place(owner, hash), &Private::from(answer.body.as_str()))?),
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
    tx.stored_answer = Some(kept);
    Ok(())
}
