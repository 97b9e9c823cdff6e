//! Signing in: staff with password and one-time code, police systems with a client secret; and setting an account up.

pub(super) mod guesses;
pub(super) mod second_factor;
pub(super) mod session;

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::devices::known_devices;
use super::extract::Enroller;
use super::model::{SessionKind, SessionPurpose, StaffRow};
use super::names::username_index;
use super::{second_person, store};
use crate::app::App;
use crate::crypto::password::Typed;
use crate::crypto::{Private, token};
use crate::db::{PoliceClientId, StaffId, SubjectId};
use crate::error::{Code, Error, Result};
use crate::http::address::ClientAddress;
use crate::http::limits;
use crate::tx::{Actor, Subject, Tx};
use guesses::{CodeGuess, Guess};
use second_factor::SecondFactorView;
use session::TokensView;

/// A staff sign-in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    /// Username.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 200, example = "asha")]
    pub(super) username: Private,
    /// Password.
    #[garde(skip)]
    #[schema(value_type = String, format = "typed", example = "correct horse battery staple")]
    password: Private,
    /// The six digits of the authenticator app.
    #[garde(skip)]
    #[schema(value_type = Option<String>, max_length = 12, example = "123456")]
    #[serde(default)]
    one_time_code: Option<Private>,
    /// The `device_token` of the last answer on this browser: it is then not slowed by what others try.
    #[garde(skip)]
    #[schema(value_type = Option<String>, max_length = 200, example = "AZqgxG8ufMOYyC0…")]
    #[serde(default)]
    pub(super) device_token: Option<Private>,
}

/// A staff session.
#[derive(Serialize, ToSchema)]
pub struct StaffTokensView {
    /// Tokens.
    #[serde(flatten)]
    pub tokens: TokensView,
    /// Who signed in.
    pub staff: SignedInStaff,
    /// For the next sign-in of this account on this browser. Opens nothing by itself.
    #[schema(example = "AZqgxG8ufMOYyC0…")]
    pub device_token: String,
}

/// The account that signed in.
#[derive(Serialize, ToSchema)]
pub struct SignedInStaff {
    /// Its id.
    pub id: StaffId,
    /// Its roles.
    pub roles: Vec<super::Role>,
}

/// What came of an attempt; a refusal is kept in the audit too, so it is no error of the transaction.
enum SignInAttempt {
    In(TokensView),
    /// The password was right, and the one-time code is asked for next.
    Begun(TokensView),
    Refused(Code),
}

/// What becomes of a sign-in without the one-time code that the account needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WithoutCode {
    Refused,
    AskedForNext,
}

/// Signs a member of staff in. Without a confirmed second factor the session is good for enrolling one, and nothing
/// else, unless the installation does without.
pub async fn staff(app: &App, from: ClientAddress, body: SignInBody) -> Result<StaffTokensView> {
    sign_in(app, from, body, WithoutCode::Refused).await
}

/// The same in two steps, for a page that asks for the code by itself. Where the account has a second factor, the session is
/// good for giving a code of it ([`confirm_code`]), and nothing else.
///
/// # Errors
/// 401 for a name or a password that is not right; 429 where guessing is slowed.
pub async fn begin(app: &App, from: ClientAddress, body: SignInBody) -> Result<StaffTokensView> {
    sign_in(app, from, body, WithoutCode::AskedForNext).await
}

async fn sign_in(
    app: &App,
    from: ClientAddress,
    body: SignInBody,
    without_code: WithoutCode,
) -> Result<StaffTokensView> {
    let now = app.clock.now();
    let index = username_index(&app.keys, &body.username);
    let found = app.db.read(move |conn| store::find_staff_by_username(conn, &index)).await?;
    let guess = Guess::begin(app, &body, from, found.as_ref().map(|row| row.id)).await?;
    let stored = found.as_ref().and_then(|row| row.password_hash.as_deref());
    let password = Typed::password(&body.password);
    // Names that nobody has wait in a queue of their own.
    let hasher = if found.is_some() { &app.hasher } else { &app.stranger_hasher };
    let matches = hasher.verify(&password, stored).await?;
    let Some(row) = found.filter(|row| matches.is_right() && row.disabled_at.is_none()) else {
        let note = |tx: &mut Tx<'_>| {
            tx.outcome("refused");
            Ok(())
        };
        app.transact(Actor::Nobody, "create_session", note).await?;
        return Err(guess.failed().await);
    };
    let code = match body.one_time_code {
        Some(_) => Some(guess.begin_code(row.id).await?),
        None => None,
    };
    let view = SignedInStaff { id: row.id, roles: row.roles()? };
    let device_token = known_devices::make(&app.keys, row.id, now)?;
    let renewed = app.hasher.renewed(&password, matches).await?;
    let work = move |tx: &mut Tx<'_>| open_session(tx, &row, &body, (renewed.as_deref(), without_code));
    match (app.transact(Actor::Nobody, "create_session", work).await?, code) {
        (SignInAttempt::In(tokens), code) => {
            if let Some(code) = code {
                code.succeeded(now).await?;
            }
            guess.succeeded(now).await?;
            Ok(StaffTokensView { tokens, staff: view, device_token })
        }
        // Whether this place is the account's shows once the code is right.
        (SignInAttempt::Begun(tokens), _) => Ok(StaffTokensView { tokens, staff: view, device_token }),
        (SignInAttempt::Refused(refusal), code) => {
            if let Some(code) = code {
                code.failed(now).await?;
            }
            Err(Error::Unauthenticated(refusal))
        }
    }
}

fn open_session(
    tx: &mut Tx<'_>,
    row: &StaffRow,
    body: &SignInBody,
    (renewed, without_code): (Option<&str>, WithoutCode),
) -> Result<SignInAttempt> {
    tx.about(Subject::of("staff", row.id));
    let refuse = |tx: &mut Tx<'_>, code| {
        tx.outcome("refused");
        Ok(SignInAttempt::Refused(code))
    };
    // What was verified may have been taken out of use, or begun again, since it was read.
    let held = store::hold_staff(tx.conn, row.id)?;
    let is_as_verified = |held: &StaffRow| held.disabled_at.is_none() && held.password_hash == row.password_hash;
    let Some(row) = held.filter(is_as_verified) else { return refuse(tx, Code::Unauthenticated) };
    let purpose = match (&row.totp_secret, &body.one_time_code) {
        (Some(secret), Some(code)) => {
            let step = second_factor::step_of(tx.keys, row.id, secret, code, tx.now)?;
            match step {
                Some(step) if store::use_totp_step(tx.conn, row.id, step, tx.now)? => SessionPurpose::Full,
                _ => return refuse(tx, Code::Unauthenticated),
            }
        }
        _ if !tx.settings.is_second_factor_needed => SessionPurpose::Full,
        (Some(_), None) if without_code == WithoutCode::Refused => return refuse(tx, Code::SecondFactorRequired),
        _ => SessionPurpose::SecondFactor,
    };
    if let Some(hash) = renewed {
        store::renew_password(tx.conn, row.id, hash)?;
    }
    let tokens = session::open(tx, SessionKind::Staff, SubjectId::from(row.id), purpose)?;
    if purpose == SessionPurpose::SecondFactor && row.totp_secret.is_some() {
        tx.outcome("code_needed");
        return Ok(SignInAttempt::Begun(tokens));
    }
    Ok(SignInAttempt::In(tokens))
}

/// The second step of signing in.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    /// The six digits of the authenticator app.
    #[garde(skip)]
    one_time_code: Private,
}

/// Takes the one-time code of somebody whose password was right a moment ago, and signs them in. What the password opened
/// ends with that.
///
/// # Errors
/// 401 for a code that is not right, or where the account has no second factor; 429 after too many.
pub async fn confirm_code(app: &App, from: ClientAddress, begun: &Enroller, body: CodeBody) -> Result<TokensView> {
    let (id, first, now) = (begun.0.id, begun.0.session, app.clock.now());
    let refused = || Error::Unauthenticated(Code::Unauthenticated);
    let row = app.db.read(move |conn| store::find_staff(conn, id)).await?.ok_or_else(refused)?;
    let guess = CodeGuess::begin_alone(app, &row, from).await?;
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("staff", id));
        let held = store::hold_staff(tx.conn, id)?.filter(|held| held.disabled_at.is_none());
        let session = store::find_session(tx.conn, first)?.filter(|session| session.is_live(tx.now));
        let secret = held.and_then(|held| held.totp_secret).filter(|_| session.is_some());
        let step = match &secret {
            Some(secret) => second_factor::step_of(tx.keys, id, secret, &body.one_time_code, tx.now)?,
            None => None,
        };
        let is_right = match step {
            Some(step) => store::use_totp_step(tx.conn, id, step, tx.now)?,
            None => false,
        };
        if !is_right {
            tx.outcome("refused");
            return Ok(None);
        }
        store::revoke_session(tx.conn, first, tx.now)?;
        session::open(tx, SessionKind::Staff, SubjectId::from(id), SessionPurpose::Full).map(Some)
    };
    match app.transact(Actor::Nobody, "create_session", work).await? {
        Some(tokens) => {
            guess.succeeded(now).await?;
            Ok(tokens)
        }
        None => {
            guess.failed(now).await?;
            Err(refused())
        }
    }
}

/// The first use of an account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupBody {
    /// The code that the administrator handed over.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 200, example = "setup_4f9b…")]
    setup_code: Private,
    /// The password to be, at least 12 characters.
    #[garde(custom(is_password))]
    #[schema(value_type = String, format = "password", example = "correct horse battery staple")]
    password: Private,
}

/// A password that may be chosen: length is what counts (NIST SP 800-63B, 5.1.1).
fn is_password(text: &Private, _: &()) -> garde::Result {
    limits::PASSWORD.refuse_unless(limits::PASSWORD.fits(Typed::password(text).form()))
}

/// What setting an account up gives.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SetupView {
    /// The second factor to enrol; confirmed by the first sign-in with a code from it.
    pub totp: Option<SecondFactorView>,
}

/// Sets an account up with its one-time code.
pub async fn set_up(app: &App, body: SetupBody) -> Result<SetupView> {
    let refused = || Error::Unauthenticated(Code::Unauthenticated);
    let index = app.keys.blind("setup code", body.setup_code.expose_secret().trim().as_bytes());
    let (now, code) = (app.clock.now(), index.clone());
    let found = app.db.read(move |conn| store::find_staff_by_setup(conn, &code)).await?;
    let row = found.filter(|row| row.setup_expires_at.is_some_and(|at| at > now)).ok_or_else(refused)?;
    let hash = app.hasher.hash(&Typed::password(&body.password)).await?;
    let id = row.id;
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("staff", id));
        if second_person::awaits_second_person(tx.conn, id)? {
            return Err(Error::wrong_state("a second person has yet to approve this account"));
        }
        let made = match tx.settings.is_second_factor_needed {
            true => Some(second_factor::make(tx.keys, &row)?),
            false => None,
        };
        let (sealed, view) = made.unzip();
        if !store::finish_setup(tx.conn, (id, &index), &hash, sealed)? {
            return Err(refused());
        }
        Ok(SetupView { totp: view })
    };
    app.transact(Actor::Nobody, "create_setup", work).await
}

/// Enrols a second factor for an account that has none.
pub async fn enrol_second_factor(app: &App, staff: &super::Staff) -> Result<SecondFactorView> {
    enrol(app, staff, true).await
}

/// The same for a page, where somebody may have come this far who has one that they have yet to use: that one stays.
///
/// # Errors
/// 409 where the account has one.
pub async fn enrol_first_factor(app: &App, begun: &Enroller) -> Result<SecondFactorView> {
    enrol(app, &begun.0, false).await
}

/// Whether somebody whose password was right a moment ago has a second factor to give a code of.
///
/// # Errors
/// 503 where the database cannot be asked.
pub async fn has_second_factor(app: &App, begun: &Enroller) -> Result<bool> {
    let id = begun.0.id;
    let row = app.db.read(move |conn| store::find_staff(conn, id)).await?;
    Ok(row.is_some_and(|row| row.totp_secret.is_some()))
}

async fn enrol(app: &App, staff: &super::Staff, may_replace: bool) -> Result<SecondFactorView> {
    let id = staff.id;
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("staff", id));
        let row = store::hold_staff(tx.conn, id)?.ok_or(Error::Unauthenticated(Code::Unauthenticated))?;
        let enrolled = || Error::wrong_state("a second factor is enrolled already");
        if !may_replace && row.totp_secret.is_some() {
            return Err(enrolled());
        }
        let (sealed, view) = second_factor::make(tx.keys, &row)?;
        if store::set_second_factor(tx.conn, id, sealed)? { Ok(view) } else { Err(enrolled()) }
    };
    app.transact(staff.actor(), "create_second_factor", work).await
}

/// A police system's sign-in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// Client id.
    #[garde(skip)]
    client_id: PoliceClientId,
    /// Client secret.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 200, example = "hfp_…")]
    client_secret: Private,
}

/// A police system's token.
#[derive(Serialize, ToSchema)]
pub struct PoliceTokenView {
    /// For `Authorization: Bearer`, on `/police/v1` only.
    pub access_token: String,
    /// Seconds until it expires.
    #[schema(example = 600)]
    pub expires_in: i64,
}

/// Signs a police system in. Its secret has 256 random bits, so guessing needs no slowing.
pub async fn police(app: &App, body: TokenBody) -> Result<PoliceTokenView> {
    let index = app.keys.blind("police client secret", body.client_secret.expose_secret().as_bytes());
    let id = body.client_id;
    let work = move |tx: &mut Tx<'_>| {
        let found = store::find_police_client(tx.conn, id)?;
        let known = found.filter(|client| client.revoked_at.is_none() && client.secret_index == index);
        let known = if second_person::awaits_second_person(tx.conn, id)? { None } else { known };
        let Some(client) = known else {
            tx.outcome("refused");
            return Ok(None);
        };
        tx.about(Subject::of("police_client", client.id));
        let account = SubjectId::from(client.id);
        session::open(tx, SessionKind::PoliceClient, account, SessionPurpose::Full).map(Some)
    };
    let tokens = app.transact(Actor::Nobody, "create_police_token", work).await?;
    let tokens = tokens.ok_or(Error::Unauthenticated(Code::Unauthenticated))?;
    Ok(PoliceTokenView { access_token: tokens.access_token, expires_in: token::LIFETIME_SECONDS })
}
