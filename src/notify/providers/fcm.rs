//! Firebase Cloud Messaging, HTTP v1: a token for the service account (RFC 7523), then one message.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Destination, OutgoingMessage, SendResult, Token, below};
use crate::app::App;
use crate::config::notify::ServiceAccount;
use crate::crypto::Private;
use crate::db::Instant;
use crate::outgoing::outbound::{AttemptEnd, HttpVersion};

const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Seconds that our assertion is good; an hour is the most that Google takes.
const ASSERTION_SECONDS: i64 = 3_600;
/// Seconds before its end at which a token is had again.
const EARLY_SECONDS: i64 = 60;

pub async fn send(app: &App, kept: &Token, parcel: &OutgoingMessage) -> SendResult {
    let (Some(settings), Destination::DeviceToken(device)) = (&app.config.providers.fcm, &parcel.address) else {
        return SendResult::failed("no_provider");
    };
    let now = app.clock.now();
    let access = match token(app, kept, &settings.account, now).await {
        Ok(token) => token,
        Err(failed) => return failed,
    };
    let path = ["v1", "projects", &settings.account.project_id, "messages:send"];
    let Some(url) = below(&settings.url, &path) else { return SendResult::failed("url") };
    let ttl = format!("{}s", parcel.useful_until.seconds_since(now).max(0));
    let message = json!({"message": {
        "token": device.expose_secret(),
        "notification": {"title": parcel.words.title, "body": parcel.words.text},
        "data": {"kind": "refresh"},
        "android": {"priority": "high", "ttl": ttl, "notification": {"visibility": "PRIVATE"}},
    }});
    let headers = [
        ("authorization", format!("Bearer {}", access.expose_secret())),
        ("content-type", "application/json".to_owned()),
    ];
    let reply = app.outbound.call(HttpVersion::Http1, &url, &headers, message.to_string().into_bytes()).await;
    let code = error_code(&reply.body);
    match (reply.answer.outcome, code.as_deref()) {
        (AttemptEnd::Received(status), _) => SendResult::Taken(Some(status)),
        // The app was removed from the phone, or the token belongs to another app: it will never be good again.
        (AttemptEnd::Refused(status), Some("UNREGISTERED" | "SENDER_ID_MISMATCH")) => {
            SendResult::AddressGone(Some(status))
        }
        (AttemptEnd::Refused(400), _) => SendResult::Rejected(Some(400)),
        (AttemptEnd::Refused(401), _) => {
            kept.forget();
            SendResult::failed_with(reply.answer)
        }
        _ => SendResult::failed_with(reply.answer),
    }
}

/// `errorCode` of `google.firebase.fcm.v1.FcmError` among the details.
fn error_code(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let details = body.get("error")?.get("details")?.as_array()?;
    let code = details.iter().find_map(|detail| detail.get("errorCode")?.as_str());
    code.map(str::to_owned)
}

#[derive(Deserialize)]
struct Granted {
    access_token: Private,
    expires_in: i64,
}

async fn token(app: &App, kept: &Token, account: &ServiceAccount, now: Instant) -> Result<Private, SendResult> {
    if let Some(token) = kept.get(now) {
        return Ok(token);
    }
    let assertion = assertion(account, now).ok_or(SendResult::failed("signature"))?;
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", GRANT)
        .append_pair("assertion", &assertion)
        .finish();
    let headers = [("content-type", "application/x-www-form-urlencoded".to_owned())];
    let reply = app.outbound.call(HttpVersion::Http1, &account.token_uri, &headers, form.into_bytes()).await;
    let granted: Option<Granted> = match reply.answer.outcome {
        AttemptEnd::Received(_) => serde_json::from_slice(&reply.body).ok(),
        _ => None,
    };
    let granted = granted.ok_or(SendResult::failed_with(reply.answer))?;
    kept.keep(granted.access_token.clone(), now.plus_seconds(granted.expires_in - EARLY_SECONDS));
    Ok(granted.access_token)
}

fn assertion(account: &ServiceAccount, now: Instant) -> Option<String> {
    let key = EncodingKey::from_rsa_pem(account.private_key.expose_secret().as_bytes()).ok()?;
    let header = Header { kid: Some(account.private_key_id.clone()), ..Header::new(Algorithm::RS256) };
    let claims = json!({"iss": account.client_email, "scope": SCOPE, "aud": account.token_uri.as_str(),
        "iat": now.unix_seconds(), "exp": now.plus_seconds(ASSERTION_SECONDS).unix_seconds()});
    jsonwebtoken::encode(&header, &claims, &key).ok()
}
