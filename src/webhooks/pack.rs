//! What one attempt sends: the body as it may be now, signed with every live key, for a call or for a mail.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::model::{Delivery, Endpoint, EndpointKey, EndpointKind};
use super::store;
use crate::app::App;
use crate::crypto::signature::{self, SigningKey};
use crate::crypto::{Private, open, unseal};
use crate::db::Instant;
use crate::error::{Error, Result};
use crate::http::outbound::{Answer, Outcome};
use crate::http::smtp::{Attachment, Mail, MailFailure};
use crate::tx::Tx;

/// What is sent, and where to.
pub(super) struct Parcel {
    kind: EndpointKind,
    url: String,
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    signed: Vec<(&'static str, String)>,
    body: Vec<u8>,
    at: Instant,
}

/// Packs a message, with the endpoint that it goes to; nothing where it must not be sent any more.
pub(super) fn pack(tx: &mut Tx<'_>, delivery: &Delivery, endpoint: &Endpoint) -> Result<Option<Parcel>> {
    if endpoint.disabled_at.is_some() {
        return Ok(None);
    }
    let rows = store::list_keys(tx.conn, endpoint.id, tx.now)?;
    let keys: Vec<SigningKey> = rows.iter().map(|row| open_key(tx, row)).collect::<Result<_>>()?;
    let sealing = Delivery::sealing_about(tx.keys, delivery.survivor_id, delivery.id);
    let body = unseal!(sealing.body, &delivery.body)?;
    let queued = body.expose_secret();
    let body = match delivery.alert_id {
        // What the survivor shares may have changed since it was queued, or since the attempt before.
        Some(alert) => (tx.hooks.revise)(tx, alert, endpoint.organisation_id, queued)?,
        None => Some(queued.to_owned()),
    };
    let Some(body) = body.map(String::into_bytes) else { return Ok(None) };
    // A receiver judges the time of an attempt by the real clock, also where ours is moved for a test.
    let sent_at = tx.wall_clock;
    let at = sent_at.unix_seconds();
    let signed = vec![
        ("webhook-id", delivery.message_id.clone()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", signature::header(&keys, &delivery.message_id, at, &body)),
    ];
    Ok(Some(Parcel { kind: endpoint.kind, url: endpoint.url.clone(), signed, body, at: sent_at }))
}

fn open_key(tx: &Tx<'_>, row: &EndpointKey) -> Result<SigningKey> {
    let decode =
        |text: &Private| STANDARD.decode(text.expose_secret()).map_err(|error| Error::Internal(Box::new(error)));
    let (secret, seed) = (decode(&open!(tx.keys, row.secret)?)?, decode(&open!(tx.keys, row.seed)?)?);
    SigningKey::from_parts(&secret, &seed).map_err(|error| Error::Internal(Box::new(error)))
}

/// Sends a parcel, once.
pub(super) async fn send(app: &App, parcel: Parcel) -> Answer {
    match parcel.kind {
        EndpointKind::Webhook => call(app, parcel).await,
        EndpointKind::Email => {
            let outcome = match mail(app, &parcel).await {
                Ok(()) => Outcome::Received(250),
                Err(MailFailure::Refused(code)) => Outcome::Refused(code),
                Err(MailFailure::Failed(why)) => Outcome::Failed(why),
            };
            Answer { outcome, retry_after_seconds: None }
        }
    }
}

async fn call(app: &App, parcel: Parcel) -> Answer {
    let Ok(url) = url::Url::parse(&parcel.url) else {
        return Answer { outcome: Outcome::Failed("url"), retry_after_seconds: None };
    };
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(parcel.signed);
    app.outbound.post(&url, &headers, parcel.body).await
}

/// The same message as a mail: the thin facts as text, and attached byte for byte what the headers sign.
async fn mail(app: &App, parcel: &Parcel) -> std::result::Result<(), MailFailure> {
    let mailer = app.mailer.as_ref().ok_or(MailFailure::Failed("no_mail_server"))?;
    let to = parcel.url.strip_prefix("mailto:").ok_or(MailFailure::Failed("address"))?;
    let message: Value = serde_json::from_slice(&parcel.body).map_err(|_| MailFailure::Failed("other"))?;
    let attachment = Attachment { name: "message.json", media_type: "application/json", body: &parcel.body };
    let (subject, text) = (subject(&message), text(&message));
    let (headers, at) = (parcel.signed.as_slice(), parcel.at);
    mailer.send(Mail { to, subject: &subject, headers, text: &text, attachment: Some(attachment), at }).await
}

fn word<'v>(message: &'v Value, path: &str) -> &'v str {
    message.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn subject(message: &Value) -> String {
    let drill = if is_exercise(message) { "EXERCISE - " } else { "" };
    let (message_type, alert) = (word(message, "/type"), word(message, "/data/alert"));
    format!("{drill}Holdfast: {message_type} {alert}").trim_end().to_owned()
}

fn is_exercise(message: &Value) -> bool {
    word(message, "/data/status") == "exercise"
}

fn text(message: &Value) -> String {
    let mut lines = Vec::new();
    if is_exercise(message) {
        lines.push("EXERCISE: this is a drill. Nobody is in danger.".to_owned());
    }
    let rows = [
        ("Type", "/type"),
        ("Alert", "/data/alert"),
        ("Event", "/data/event"),
        ("Level", "/data/level"),
        ("Raised at", "/data/raised_at"),
        ("Approach", "/data/approach"),
        ("Duty desk", "/data/duty_desk/organisation"),
        ("Telephone", "/data/duty_desk/phone"),
        ("Detail", "/data/detail_url"),
        ("Acknowledge at", "/data/acknowledge_url"),
        ("Acknowledge by", "/data/acknowledge_by"),
    ];
    for (name, path) in rows {
        match message.pointer(path) {
            Some(Value::String(value)) => lines.push(format!("{name}: {value}")),
            Some(Value::Number(value)) => lines.push(format!("{name}: {value}")),
            _ => {}
        }
    }
    lines.push("The attached file is what the webhook headers of this mail sign (Standard Webhooks).".to_owned());
    lines.join("\n")
}
