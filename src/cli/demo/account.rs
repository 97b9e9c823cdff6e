//! Who signs in to the demo, with what, and for how long that is good.

use serde_json::{Value, json};

use super::DemoResult;
use super::client::DemoAnswer;
use crate::db::Instant;

/// What every member of staff of the demo signs in with.
pub const PASSWORD: &str = "holdfast-demo-only";
/// The PIN of every phone of the demo.
pub const PIN: &str = "482913";
/// Seconds before its end at which a token is no longer used.
const MARGIN_SECONDS: i64 = 30;

/// Credentials.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A member of staff, by username.
    Staff(&'static str),
    /// A survivor's phone.
    Phone {
        /// Its id.
        device_id: String,
        /// Its secret.
        device_secret: String,
        /// What presses help-now while locked.
        sos_token: String,
    },
    /// A police system.
    System {
        /// Its id.
        client_id: String,
        /// Its secret.
        client_secret: String,
    },
}

/// An account and the session it has.
#[derive(Clone)]
pub struct Account {
    /// What it signs in with.
    pub credentials: Credentials,
    /// The session that it has, if any.
    pub session: Option<DemoSession>,
}

/// A session's tokens.
#[derive(Clone)]
pub struct DemoSession {
    /// The access token.
    pub access: String,
    /// The refresh token; police systems have none.
    pub refresh: Option<String>,
    access_until: Instant,
    session_until: Instant,
}

impl DemoSession {
    /// What a sign-in gave; or, with the session it belongs to, a refresh.
    ///
    /// # Errors
    /// When it holds no token.
    pub fn of(credentials: &Credentials, answer: &DemoAnswer, before: Option<&Self>, now: Instant) -> DemoResult<Self> {
        let lasts = match credentials {
            Credentials::Staff(_) => now.plus_hours(12),
            // A phone gives its PIN again: "safe" counts only with one of the last minutes.
            Credentials::Phone { .. } | Credentials::System { .. } => now,
        };
        Ok(Self {
            access: answer.text("/access_token")?.to_owned(),
            refresh: answer.text("/refresh_token").ok().map(str::to_owned),
            access_until: now.plus_seconds(answer.number("/expires_in")? - MARGIN_SECONDS),
            session_until: before.map_or(lasts.plus_seconds(-MARGIN_SECONDS), |before| before.session_until),
        })
    }

    /// Whether the access token is good.
    pub fn is_good(&self, now: Instant) -> bool {
        now < self.access_until
    }

    /// The token that still gets the next pair.
    pub fn refreshable(&self, now: Instant) -> Option<&str> {
        self.refresh.as_deref().filter(|_| now < self.session_until)
    }
}

impl Credentials {
    /// The call that signs in.
    pub fn sign_in(&self) -> (&'static str, Value) {
        match self {
            Self::Staff(username) => ("/partner/v1/session", json!({"username": username, "password": PASSWORD})),
            Self::Phone { device_id, device_secret, .. } => {
                ("/app/v1/session/unlock", json!({"device_id": device_id, "device_secret": device_secret, "pin": PIN}))
            }
            Self::System { client_id, client_secret } => {
                ("/police/v1/token", json!({"client_id": client_id, "client_secret": client_secret}))
            }
        }
    }
}
