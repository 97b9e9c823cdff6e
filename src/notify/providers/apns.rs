//! Apple's push service over HTTP/2, with a provider token.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{Destination, OutgoingMessage, SendResult, Token, below};
use crate::app::App;
use crate::config::notify::Apns;
use crate::crypto::Private;
use crate::db::Instant;
use crate::outgoing::outbound::{AttemptEnd, HttpVersion};

/// Minutes for which one token serves: Apple takes none older than an hour, and no new one within 20 minutes.
const TOKEN_MINUTES: i64 = 40;

pub async fn send(app: &App, kept: &Token, parcel: &OutgoingMessage) -> SendResult {
    let (Some(settings), Destination::DeviceToken(device)) = (&app.config.providers.apns, &parcel.address) else {
        return SendResult::failed("no_provider");
    };
    let now = app.clock.now();
    let Some(token) = token(kept, settings, now) else { return SendResult::failed("signature") };
    let Some(url) = below(&settings.url, &["3", "device", device.expose_secret()]) else {
        return SendResult::failed("url");
    };
    let headers = [
        ("authorization", format!("bearer {}", token.expose_secret())),
        ("apns-topic", settings.topic.clone()),
        ("apns-push-type", "alert".to_owned()),
        ("apns-priority", "10".to_owned()),
        ("apns-expiration", parcel.useful_until.unix_seconds().to_string()),
        ("apns-id", parcel.id.to_string()),
        ("content-type", "application/json".to_owned()),
    ];
    let notice = json!({"title": parcel.words.title, "body": parcel.words.text});
    let body = json!({"aps": {"alert": notice, "content-available": 1}, "kind": "refresh"}).to_string();
    let reply = app.outbound.call(HttpVersion::Http2, &url, &headers, body.into_bytes()).await;
    let reason = reason(&reply.body);
    match (reply.answer.outcome, reason.as_deref()) {
        (AttemptEnd::Received(status), _) => SendResult::Taken(Some(status)),
        (AttemptEnd::Refused(410), _) => SendResult::AddressGone(Some(410)),
        (AttemptEnd::Refused(400), Some("BadDeviceToken" | "DeviceTokenNotForTopic")) => {
            SendResult::AddressGone(Some(400))
        }
        (AttemptEnd::Refused(status @ (400 | 413)), _) => SendResult::Rejected(Some(status)),
        (AttemptEnd::Refused(403), _) => {
            kept.forget();
            SendResult::failed_with(reply.answer)
        }
        _ => SendResult::failed_with(reply.answer),
    }
}

fn reason(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get("reason")?.as_str().map(str::to_owned)
}

fn token(kept: &Token, settings: &Apns, now: Instant) -> Option<Private> {
    if let Some(token) = kept.get(now) {
        return Some(token);
    }
    let key = EncodingKey::from_ec_pem(settings.key.expose_secret().as_bytes()).ok()?;
    let header = Header { kid: Some(settings.key_id.clone()), ..Header::new(Algorithm::ES256) };
    let claims = json!({"iss": settings.team_id, "iat": now.unix_seconds()});
    let token = Private::from(jsonwebtoken::encode(&header, &claims, &key).ok()?);
    kept.keep(token.clone(), now.plus_minutes(TOKEN_MINUTES));
    Some(token)
}
