//! Web Push and UnifiedPush: RFC 8030, encrypted for the phone alone (RFC 8291), signed by us (VAPID, RFC 8292).

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde_json::json;
use url::Url;

use super::{Address, Parcel, Sent};
use crate::app::App;
use crate::config::notify::WebPush;
use crate::crypto::{Private, random};
use crate::db::Instant;
use crate::outgoing::outbound::{Outcome, Version};

/// Hours for which a signature is good; push services take at most 24.
const SIGNED_HOURS: i64 = 12;
/// Bytes that every message is filled up to, so that its length does not tell which one it is.
const SIZE: usize = 512;
/// What follows the message in the last record of a body (RFC 8188, section 2).
const LAST: u8 = 2;
/// Bytes by which a sealed record is longer.
const TAG_BYTES: usize = 16;
/// The first byte of a point that is written in full.
const IN_FULL: u8 = 4;

pub async fn send(app: &App, parcel: &Parcel) -> Sent {
    let (Some(settings), Address::WebPush { endpoint, p256dh, auth }) =
        (&app.config.providers.web_push, &parcel.address)
    else {
        return Sent::failed("no_provider");
    };
    let now = app.clock.now();
    // A subscription that cannot be a subscription will never be one.
    let Ok(endpoint) = Url::parse(endpoint.expose_secret()) else { return Sent::AddressGone(None) };
    let Some(body) = encrypt(parcel, p256dh, auth) else { return Sent::AddressGone(None) };
    let Some(authorization) = vapid(settings, &endpoint, now) else { return Sent::failed("signature") };
    let headers = [
        ("ttl", parcel.useful_until.seconds_since(now).max(0).to_string()),
        ("urgency", "high".to_owned()),
        ("content-encoding", "aes128gcm".to_owned()),
        ("content-type", "application/octet-stream".to_owned()),
        ("authorization", authorization),
    ];
    let answer = app.outbound.call(Version::Http1, &endpoint, &headers, body).await.answer;
    match answer.outcome {
        Outcome::Received(status) => Sent::Taken(Some(status)),
        Outcome::Refused(status @ (404 | 410)) => Sent::AddressGone(Some(status)),
        Outcome::Refused(status @ (400 | 413)) => Sent::Rejected(Some(status)),
        _ => Sent::failed_with(answer),
    }
}

fn encrypt(parcel: &Parcel, p256dh: &Private, auth: &Private) -> Option<Vec<u8>> {
    let bytes = |text: &Private| URL_SAFE_NO_PAD.decode(text.expose_secret().trim_end_matches('=')).ok();
    let (phone, auth) = (bytes(p256dh)?, bytes(auth)?);
    if phone.first() != Some(&IN_FULL) || auth.len() != 16 {
        return None;
    }
    let message = json!({"kind": "refresh", "title": parcel.words.title, "text": parcel.words.text});
    let message = format!("{message:<SIZE$}", message = message.to_string());
    seal(message.as_bytes(), &phone, &auth)
}

/// One record that the phone alone reads: RFC 8291, section 3.4, in the coding of RFC 8188.
fn seal(message: &[u8], phone: &[u8], auth: &[u8]) -> Option<Vec<u8>> {
    let own = PrivateKey::generate(&ECDH_P256).ok()?;
    let public = own.compute_public_key().ok()?;
    let sender: &[u8] = public.as_ref();
    let about: [&[u8]; 3] = [b"WebPush: info\0", phone, sender];
    let known_to_both = |shared: &[u8]| derive::<32>(auth, shared, &about).ok_or(());
    let secret = agree(&own, UnparsedPublicKey::new(&ECDH_P256, phone), (), known_to_both).ok()?;
    let salt = random::<16>().ok()?;
    let key: [u8; 16] = derive(&salt, &secret, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce: [u8; 12] = derive(&salt, &secret, &[b"Content-Encoding: nonce\0"])?;
    let mut record = message.to_vec();
    record.push(LAST);
    let size = u32::try_from(record.len() + TAG_BYTES).ok()?.to_be_bytes();
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record).ok()?;
    let sender_bytes = [u8::try_from(sender.len()).ok()?];
    let parts: [&[u8]; 5] = [&salt, &size, &sender_bytes, sender, &record];
    Some(parts.concat())
}

/// Bytes to derive.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(salt: &[u8], secret: &[u8], about: &[&[u8]]) -> Option<[u8; N]> {
    let mut derived = [0; N];
    Salt::new(HKDF_SHA256, salt).extract(secret).expand(about, Length(N)).ok()?.fill(&mut derived).ok()?;
    Some(derived)
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
