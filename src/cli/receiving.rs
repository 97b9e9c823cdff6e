//! How a receiver of webhooks reads one: verified first, then thin facts and no more.

use actix_web::HttpRequest;
use serde_json::Value;

use crate::crypto::signature;

/// A message that was read.
#[derive(Clone, Debug)]
pub(super) struct ReceivedMessage {
    /// `webhook-id`: the same in every attempt.
    pub id: String,
    /// Its type, such as `safety.alert.raised`.
    pub message_type: String,
    /// What it says.
    pub data: Value,
}

impl ReceivedMessage {
    /// The alert's reference; empty where it is about none.
    pub(super) fn alert(&self) -> &str {
        self.text("alert")
    }

    fn text(&self, name: &str) -> &str {
        self.data.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// One line with the thin facts.
    pub(super) fn line(&self) -> String {
        if self.alert().is_empty() {
            return self.message_type.clone();
        }
        let level = self.data.get("level").and_then(Value::as_i64).unwrap_or_default();
        format!("{} {}, level {level}, {}", self.message_type, self.alert(), self.text("event"))
    }
}

/// The keys that a receiver was given.
#[derive(Clone)]
pub(super) struct ReceiverKeys {
    /// `whsec_…`
    pub secret: String,
    /// `whpk_…`; with it the second signature must be good as well.
    pub public_key: Option<String>,
}

impl ReceiverKeys {
    /// Makes sure that messages can be verified with them.
    ///
    /// # Errors
    /// When one is no key: one line that names it.
    pub(super) fn check(&self) -> Result<(), String> {
        use signature::VerifyError::{PublicKey, Secret};
        // Keys are read before anything else, so that a message that is none brings to light what is wrong with them.
        match signature::verify(&self.secret, self.public_key.as_deref(), "", "", "", b"", 0) {
            Err(Secret) => Err("secret: it must be the whsec_ secret of an endpoint".to_owned()),
            Err(PublicKey) => Err("public_key: it must be the whpk_ key of an endpoint".to_owned()),
            _ => Ok(()),
        }
    }
}

/// Reads a message and verifies it by the receiver's own clock; without keys it is only read.
///
/// # Errors
/// When it is refused: the reason.
pub(super) fn read(
    request: &HttpRequest,
    body: &[u8],
    keys: Option<&ReceiverKeys>,
    now: i64,
) -> Result<ReceivedMessage, String> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, timestamp, signed) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    if let Some(ReceiverKeys { secret, public_key }) = keys {
        signature::verify(secret, public_key.as_deref(), id, timestamp, signed, body, now)
            .map_err(|error| error.to_string())?;
    }
    let mut message: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let message_type = message.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let data = message.get_mut("data").map(Value::take).unwrap_or_default();
    Ok(ReceivedMessage { id: id.to_owned(), message_type, data })
}
