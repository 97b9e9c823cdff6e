//! What a browser holds: a session, and before there is one a visit; and what each form carries because of that.
//!
//! The cookie of a session names the session, whose it is, and when a page was last asked for with it, under a mac. Nothing
//! in it opens anything by itself: whether the session lives, and what its account may do, is looked up at every request. A
//! session that asked for no page for [`IDLE_SECONDS`] is not taken any more. A form carries a token that is made of the
//! session, or of the visit: one of another session, or of one before, is none of this.

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::app::App;
use crate::crypto::random;
use crate::crypto::token::{self, TokenAudience};
use crate::db::SessionId;
use crate::error::{Error, Result};
use crate::identity::TokensView;

/// Seconds without a page after which somebody has to sign in again.
pub const IDLE_SECONDS: i64 = 30 * 60;
/// How far two of our clocks may differ, in seconds.
const LEEWAY_SECONDS: i64 = 5;

/// A session as a browser holds it.
#[derive(Clone, Copy)]
pub struct HeldSession {
    session: SessionId,
    account: Uuid,
    seen_at: i64,
}

impl HeldSession {
    /// A session that was just opened.
    pub fn new(app: &App, tokens: &TokensView) -> Result<Self> {
        let now = app.clock.now();
        let key = app.keys.token_key();
        let (account, session) = token::verify(key, TokenAudience::Partner, &tokens.access_token, now)?;
        Ok(Self { session, account, seen_at: now.unix_seconds() })
    }

    /// The one that a request comes with, where it is ours and not idle.
    pub fn read(app: &App, headers: &HeaderMap) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(value_of(headers, Name::Session.of(app))?).ok()?;
        let (head, mac) = bytes.split_first_chunk::<40>()?;
        aws_lc_rs::constant_time::verify_slices_are_equal(&app.keys.blind("portal session", head), mac).ok()?;
        let (session, rest) = head.split_first_chunk::<16>()?;
        let (account, seen_at) = rest.split_first_chunk::<16>()?;
        let seen_at = i64::from_be_bytes(seen_at.try_into().ok()?);
        let idle = app.clock.now().unix_seconds().saturating_sub(seen_at);
        let held =
            Self { session: SessionId(Uuid::from_bytes(*session)), account: Uuid::from_bytes(*account), seen_at };
        (-LEEWAY_SECONDS..=IDLE_SECONDS).contains(&idle).then_some(held)
    }

    /// The one of a request that came through the door.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().copied()
    }

    /// The same, asked with now.
    #[must_use]
    pub fn seen(self, app: &App) -> Self {
        Self { seen_at: app.clock.now().unix_seconds(), ..self }
    }

    /// What the API's own callers prove themselves by, for this one request or stream.
    pub fn bearer(&self, app: &App) -> Result<HeaderValue> {
        let now = app.clock.now();
        let token = token::sign(app.keys.token_key(), TokenAudience::Partner, self.account, self.session, now)?;
        HeaderValue::from_str(&format!("Bearer {token}")).map_err(|error| Error::internal(error.to_string()))
    }

    /// `Set-Cookie`. It ends with the browser.
    pub fn header(&self, app: &App) -> Result<HeaderValue> {
        let head =
            [self.session.0.as_bytes().as_slice(), self.account.as_bytes(), &self.seen_at.to_be_bytes()].concat();
        let mac = app.keys.blind("portal session", &head);
        set(app, Name::Session, &URL_SAFE_NO_PAD.encode([head, mac].concat()), false)
    }

    fn form_token(&self, app: &App) -> String {
        URL_SAFE_NO_PAD.encode(app.keys.blind("portal form of session", self.session.0.as_bytes()))
    }
}

/// Somebody who has yet to sign in.
pub struct Newcomer(String);

impl Newcomer {
    /// A visit that begins now.
    pub fn new() -> Result<Self> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random::<16>()?)))
    }

    fn read(app: &App, headers: &HeaderMap) -> Option<Self> {
        let value = value_of(headers, Name::Visit.of(app))?;
        let is_ours = URL_SAFE_NO_PAD.decode(value).is_ok_and(|bytes| bytes.len() == 16);
        is_ours.then(|| Self(value.to_owned()))
    }

    /// What the form of this visit carries.
    pub fn form_token(&self, app: &App) -> String {
        URL_SAFE_NO_PAD.encode(app.keys.blind("portal form of visit", self.0.as_bytes()))
    }

    /// `Set-Cookie`. It ends with the browser: a page to sign in with that was left open in the evening is good at night.
    pub fn header(&self, app: &App) -> Result<HeaderValue> {
        set(app, Name::Visit, &self.0, false)
    }
}

/// What forms carry that are sent by the browser of a request; none before it was given anything.
pub fn form_token(app: &App, request: &HttpRequest) -> Option<String> {
    match HeldSession::of(request) {
        Some(held) => Some(held.form_token(app)),
        None => Newcomer::read(app, request.headers()).map(|newcomer| newcomer.form_token(app)),
    }
}

/// `Set-Cookie` that ends a session in the browser.
pub fn session_ended(app: &App) -> Result<HeaderValue> {
    set(app, Name::Session, "", true)
}

/// `Set-Cookie` that ends a visit.
pub fn visit_ended(app: &App) -> Result<HeaderValue> {
    set(app, Name::Visit, "", true)
}

#[derive(Clone, Copy)]
enum Name {
    Session,
    Visit,
}

impl Name {
    /// With the prefix, a browser takes it from this origin alone and over TLS; on one's own machine there is none.
    fn of(self, app: &App) -> &'static str {
        match (self, is_plain(app)) {
            (Self::Session, false) => "__Host-holdfast",
            (Self::Session, true) => "holdfast",
            (Self::Visit, false) => "__Host-holdfast-visit",
            (Self::Visit, true) => "holdfast-visit",
        }
    }
}

fn is_plain(app: &App) -> bool {
    app.settings.has_loopback_url && app.settings.origin.starts_with("http://")
}

fn set(app: &App, name: Name, value: &str, is_over: bool) -> Result<HeaderValue> {
    let age = if is_over { "; Max-Age=0" } else { "" };
    let secure = if is_plain(app) { "" } else { "; Secure" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}", name.of(app));
    HeaderValue::from_str(&text).map_err(|error| Error::internal(error.to_string()))
}

/// The value of a cookie. Two of one name say nothing: one of them is somebody else's.
fn value_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).filter_map(|line| line.to_str().ok());
    let mut values = lines.flat_map(|line| line.split(';')).filter_map(|pair| {
        let (own, value) = pair.trim().split_once('=')?;
        (own == name).then_some(value)
    });
    let value = values.next()?;
    values.next().is_none().then_some(value)
}
