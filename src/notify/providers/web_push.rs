//! Web Push and UnifiedPush: RFC 8030, encrypted for the phone alone (RFC 8291), signed by us (VAPID, RFC 8292).

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde_json::json;
use url::Url;
use web_push_native::{Auth, p256};

use super::{Destination, OutgoingMessage, SendResult};
use crate::app::App;
use crate::config::notify::WebPush;
use crate::crypto::Private;
use crate::db::Instant;
use crate::outgoing::outbound::{AttemptEnd, HttpVersion};

/// Hours for which a signature is good; push services take at most 24.
const SIGNED_HOURS: i64 = 12;
/// Bytes that every message is filled up to, so that its length does not tell which one it is.
const SIZE: usize = 512;

pub async fn send(app: &App, parcel: &OutgoingMessage) -> SendResult {
    let (Some(settings), Destination::WebPush { endpoint, p256dh, auth }) =
        (&app.config.providers.web_push, &parcel.address)
    else {
        return SendResult::failed("no_provider");
    };
    let now = app.clock.now();
    // A subscription that cannot be a subscription will never be one.
    let Ok(endpoint) = Url::parse(endpoint.expose_secret()) else { return SendResult::AddressGone(None) };
    let Some(body) = encrypt(parcel, p256dh, auth) else { return SendResult::AddressGone(None) };
    let Some(authorization) = vapid(settings, &endpoint, now) else { return SendResult::failed("signature") };
    let headers = [
        ("ttl", parcel.useful_until.seconds_since(now).max(0).to_string()),
        ("urgency", "high".to_owned()),
        ("content-encoding", "aes128gcm".to_owned()),
        ("content-type", "application/octet-stream".to_owned()),
        ("authorization", authorization),
    ];
    let answer = app.outbound.call(HttpVersion::Http1, &endpoint, &headers, body).await.answer;
    match answer.outcome {
        AttemptEnd::Received(status) => SendResult::Taken(Some(status)),
        AttemptEnd::Refused(status @ (404 | 410)) => SendResult::AddressGone(Some(status)),
        AttemptEnd::Refused(status @ (400 | 413)) => SendResult::Rejected(Some(status)),
        _ => SendResult::failed_with(answer),
    }
}

fn encrypt(parcel: &OutgoingMessage, p256dh: &Private, auth: &Private) -> Option<Vec<u8>> {
    let bytes = |text: &Private| URL_SAFE_NO_PAD.decode(text.expose_secret().trim_end_matches('=')).ok();
    let phone = p256::PublicKey::from_sec1_bytes(&bytes(p256dh)?).ok()?;
    let auth: [u8; 16] = bytes(auth)?.try_into().ok()?;
    let message = json!({"kind": "refresh", "title": parcel.words.title, "text": parcel.words.text});
    let message = format!("{message:<SIZE$}", message = message.to_string());
    web_push_native::encrypt(message.into_bytes(), &phone, &Auth::from(auth)).ok()
}

/// `Authorization` of RFC 8292, section 3: a token for this push service alone, and the key to check it with.
fn vapid(settings: &WebPush, endpoint: &Url, now: Instant) -> Option<String> {
    let raw = URL_SAFE_NO_PAD.decode(settings.private_key.expose_secret()).ok()?;
    let private = PrivateKey::from_private_key(&ECDH_P256, &raw).ok()?;
    let public = private.compute_public_key().ok()?;
    let pair = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &raw, public.as_ref());
    let key = EncodingKey::from_ec_der(pair.ok()?.to_pkcs8v1().ok()?.as_ref());
    let claims = json!({"aud": endpoint.origin().ascii_serialization(), "sub": settings.subject,
        "exp": now.plus_hours(SIGNED_HOURS).unix_seconds()});
    let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &key).ok()?;
    Some(format!("vapid t={token}, k={}", URL_SAFE_NO_PAD.encode(public.as_ref())))
}
