//! Sessions and their tokens.
//!
//! An access token is a short-lived JWT that names a session; a refresh token is `<session>.<generation>.<mac>`, so
//! that nothing secret is kept. Rotation counts the generation up. For 60 seconds the generation before still gives
//! the same successor, since a phone with bad signal repeats itself; later reuse means that somebody else holds the
//! token, and ends the session. The SOS credential is not part of a session and survives all of this.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::crypto::token::{self, TokenAudience};
use crate::crypto::{KeyRing, Keys, Private};
use crate::db::{DeviceId, Instant, SessionId, SubjectId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::identity::extract::Staff;
use crate::identity::model::{Session, SessionKind, SessionPurpose};
use crate::identity::store;
use crate::tx::{Actor, Subject, Tx};

/// How long the generation before still gives its successor, in seconds.
const REUSE_SECONDS: i64 = 60;
/// How long a session on a phone lasts without being unlocked again, in days.
const SURVIVOR_DAYS: i64 = 30;
/// How long a member of staff stays signed in, in hours.
const STAFF_HOURS: i64 = 12;

/// Tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokensView {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// Gets the next pair of tokens.
    pub refresh_token: String,
    /// Seconds until the access token expires.
    #[schema(example = 600)]
    pub expires_in: i64,
}

/// Opens a session on a phone that its PIN, or the duress PIN, has just unlocked.
pub fn open_unlocked(tx: &mut Tx<'_>, survivor: SurvivorId, device: DeviceId, is_duress: bool) -> Result<TokensView> {
    let account = SubjectId::from(survivor);
    insert(tx, SessionKind::Survivor, account, Some((device, is_duress)), SessionPurpose::Full)
}

/// Opens a session for an account without a phone.
pub fn open(tx: &mut Tx<'_>, kind: SessionKind, account: SubjectId, purpose: SessionPurpose) -> Result<TokensView> {
    insert(tx, kind, account, None, purpose)
}

fn insert(
    tx: &mut Tx<'_>,
    kind: SessionKind,
    account: SubjectId,
    phone: Option<(DeviceId, bool)>,
    purpose: SessionPurpose,
) -> Result<TokensView> {
    let expires_at = match (kind, purpose) {
        (SessionKind::Survivor, _) => tx.now.plus_days(SURVIVOR_DAYS),
        (SessionKind::Staff, SessionPurpose::Full) => tx.now.plus_hours(STAFF_HOURS),
        _ => tx.now.plus_seconds(token::LIFETIME_SECONDS),
    };
    let session = Session {
        id: SessionId::new(tx.now),
        kind,
        account_id: account,
        device_id: phone.map(|(device, _)| device),
        purpose,
        generation: 0,
        rotated_at: tx.now,
        created_at: tx.now,
        expires_at,
        revoked_at: None,
        is_duress: phone.is_some_and(|(_, is_duress)| is_duress),
        pin_at: phone.map(|_| tx.now),
        in_session_at: None,
    };
    let tokens = tokens(tx.keys, &session, 0, tx.now)?;
    store::insert_session(tx.conn, session)?;
    Ok(tokens)
}

fn tokens(keys: &Keys, session: &Session, generation: i64, now: Instant) -> Result<TokensView> {
    Ok(TokensView {
        access_token: token::sign(keys.token_key(), audience(session.kind), session.account_id.0, session.id, now)?,
        refresh_token: refresh_token(keys, session.id, generation),
        expires_in: token::LIFETIME_SECONDS,
    })
}

fn audience(kind: SessionKind) -> TokenAudience {
    match kind {
        SessionKind::Survivor => TokenAudience::App,
        SessionKind::Staff => TokenAudience::Partner,
        SessionKind::PoliceClient => TokenAudience::Police,
    }
}

fn refresh_token(keys: &Keys, id: SessionId, generation: i64) -> String {
    let head = [id.0.as_bytes().as_slice(), &generation.to_be_bytes()].concat();
    let mac = keys.blind("refresh token", &head);
    URL_SAFE_NO_PAD.encode([head, mac].concat())
}

fn read_refresh_token(keys: &KeyRing, text: &Private) -> Option<(SessionId, i64)> {
    let bytes = URL_SAFE_NO_PAD.decode(text.expose_secret()).ok()?;
    let (head, mac) = bytes.split_first_chunk::<24>()?;
    let (id, generation) = head.split_first_chunk::<16>()?;
    let generation = i64::from_be_bytes(generation.try_into().ok()?);
    aws_lc_rs::constant_time::verify_slices_are_equal(&keys.blind("refresh token", head), mac).ok()?;
    Some((SessionId(Uuid::from_bytes(*id)), generation))
}

enum Refreshed {
    Tokens(TokensView),
    Refused,
}

/// Exchanges a refresh token for the next pair.
pub async fn refresh(app: &App, kind: SessionKind, text: &Private) -> Result<TokensView> {
    let refused = || Error::Unauthenticated(Code::Unauthenticated);
    let (id, generation) = read_refresh_token(&app.keys, text).ok_or_else(refused)?;
    let work = move |tx: &mut Tx<'_>| rotate(tx, kind, id, generation);
    match app.transact(Actor::Nobody, "refresh_session", work).await? {
        Refreshed::Tokens(tokens) => Ok(tokens),
        Refreshed::Refused => Err(refused()),
    }
}

fn rotate(tx: &mut Tx<'_>, kind: SessionKind, id: SessionId, generation: i64) -> Result<Refreshed> {
    let found = store::find_session(tx.conn, id)?.filter(|session| session.is_live(tx.now) && session.kind == kind);
    let Some(session) = found.filter(|session| session.purpose == SessionPurpose::Full) else {
        tx.outcome("refused");
        return Ok(Refreshed::Refused);
    };
    tx.about(Subject::of("account", session.account_id));
    let is_recent = tx.now.seconds_since(session.rotated_at) <= REUSE_SECONDS;
    if generation == session.generation && store::rotate_session(tx.conn, id, generation, tx.now)? {
        return Ok(Refreshed::Tokens(tokens(tx.keys, &session, generation + 1, tx.now)?));
    }
    if generation + 1 == session.generation && is_recent {
        return Ok(Refreshed::Tokens(tokens(tx.keys, &session, session.generation, tx.now)?));
    }
    store::revoke_session(tx.conn, id, tx.now)?;
    tx.outcome("reuse_detected");
    if let Some(device) = session.device_id {
        let survivor = SurvivorId(session.account_id.0);
        tx.emit(Event::DeviceAtRisk { survivor, device, reason: "refresh_token_reused" });
    }
    Ok(Refreshed::Refused)
}

/// Ends the session of a refresh token. Says nothing of whether there was one.
pub async fn lock(app: &App, text: &Private) -> Result<()> {
    let Some((id, _)) = read_refresh_token(&app.keys, text) else { return Ok(()) };
    let work = move |tx: &mut Tx<'_>| {
        // What is kept open in this session ends with it.
        tx.publish_change();
        store::revoke_session(tx.conn, id, tx.now)
    };
    app.transact(Actor::Nobody, "lock_session", work).await
}

/// Ends the caller's own session.
///
/// # Errors
/// 503 where the database cannot be written to.
pub async fn end(app: &App, staff: &Staff) -> Result<()> {
    let (id, account) = (staff.session, staff.id);
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("staff", account));
        tx.publish_change();
        store::revoke_session(tx.conn, id, tx.now)
    };
    app.transact(staff.actor(), "lock_session", work).await
}
