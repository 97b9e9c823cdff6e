//! A message as a mail, for control rooms that take no webhooks: the thin facts as text, and attached what was signed.

use serde_json::Value;

use super::WebhookParcel;
use crate::app::App;
use crate::outgoing::outbound::{AttemptEnd, AttemptResult};
use crate::outgoing::smtp::{Attachment, Mail, MailFailure};

/// Sends a parcel by mail, once.
pub(in crate::webhooks) async fn send(app: &App, parcel: &WebhookParcel) -> AttemptResult {
    let outcome = match mail(app, parcel).await {
        Ok(()) => AttemptEnd::Received(250),
        Err(MailFailure::Refused(code)) => AttemptEnd::Refused(code),
        Err(MailFailure::Failed(why)) => AttemptEnd::Failed(why),
    };
    AttemptResult { outcome, retry_after_seconds: None }
}

/// The same message as a mail: the thin facts as text, and attached byte for byte what the headers sign.
async fn mail(app: &App, parcel: &WebhookParcel) -> std::result::Result<(), MailFailure> {
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
