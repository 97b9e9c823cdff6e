//! Signs outgoing webhooks and verifies them again, after Standard Webhooks 1.0.0.
//!
//! The deliverer signs each attempt with every live key of the endpoint; the built-in police
//! receiver verifies. What is signed is `id.timestamp.body`, with HMAC-SHA256 (`v1`, RFC 2104) and
//! with Ed25519 (`v1a`, RFC 8032): the official libraries know `v1` only, and `v1a` lets a force
//! prove to a third party who wrote the alert. Nothing else is ever in the signature header.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use aws_lc_rs::{constant_time, hmac, rand};
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// How far `webhook-timestamp` may be from the receiver's clock, in seconds: a recorded call cannot
/// be replayed later than this (the tolerance of the Standard Webhooks reference libraries).
pub const TOLERANCE_SECONDS: u64 = 300;

const SECRET_PREFIX: &str = "whsec_";
const PUBLIC_KEY_PREFIX: &str = "whpk_";
const SECRET_BYTES: usize = 32;
const SEED_BYTES: usize = 32;
/// Entries of a signature header that are looked at: a hostile header must not buy unbounded
/// Ed25519 work.
const MAX_ENTRIES: usize = 32;

/// Why a [`SigningKey`] could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The HMAC secret is not 24 to 64 bytes long, the bounds that Standard Webhooks 1.0.0 sets.
    SecretLength,
    /// The Ed25519 seed is not 32 bytes (RFC 8032, section 5.1.5).
    Seed,
    /// The operating system gave no random bytes.
    Random,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecretLength => "The webhook secret must be 24 to 64 bytes long.",
            Self::Seed => "The Ed25519 seed must be 32 bytes long.",
            Self::Random => "No random bytes could be had for a webhook key.",
        })
    }
}

impl std::error::Error for KeyError {}

/// Why a received webhook was not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// The receiver's own secret is not `whsec_` and base64 of 24 to 64 bytes.
    Secret,
    /// The receiver's own public key is not `whpk_` and base64 of 32 bytes.
    PublicKey,
    /// The id is empty or holds a full stop, which would blur where it ends in `id.timestamp.body`.
    Id,
    /// The timestamp is not a plain number of seconds.
    Timestamp,
    /// The timestamp lies more than [`TOLERANCE_SECONDS`] in the past.
    TooOld,
    /// The timestamp lies more than [`TOLERANCE_SECONDS`] in the future.
    TooNew,
    /// No signature in the header is by the receiver's key.
    Signature,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret => "The receiver's secret is not a whsec_ secret.",
            Self::PublicKey => "The receiver's public key is not a whpk_ key.",
            Self::Id => "The webhook id is empty or holds a full stop.",
            Self::Timestamp => "The webhook timestamp is not a number of seconds.",
            Self::TooOld => "The webhook timestamp is too old.",
            Self::TooNew => "The webhook timestamp is too far in the future.",
            Self::Signature => "No signature of the webhook is by the expected key.",
        })
    }
}

impl std::error::Error for VerifyError {}

/// One generation of an endpoint's keys: an HMAC secret and an Ed25519 key pair, wiped from memory
/// on drop.
///
/// Both are parsed when the value is made, so that signing an alert cannot fail.
pub struct SigningKey {
    secret: Zeroizing<Vec<u8>>,
    seed: Zeroizing<Vec<u8>>,
    hmac: hmac::Key,
    pair: Ed25519KeyPair,
}

impl fmt::Debug for SigningKey {
    /// Says nothing of the content: a key must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Makes a fresh key for a new endpoint or a rotation, from the operating system's randomness.
    ///
    /// # Errors
    /// [`KeyError::Random`] when there is no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        let mut secret = Zeroizing::new([0_u8; SECRET_BYTES]);
        let mut seed = Zeroizing::new([0_u8; SEED_BYTES]);
        rand::fill(secret.as_mut_slice()).map_err(|_| KeyError::Random)?;
        rand::fill(seed.as_mut_slice()).map_err(|_| KeyError::Random)?;
        Self::from_parts(secret.as_slice(), seed.as_slice())
    }

    /// Restores a key from what [`Self::secret_bytes`] and [`Self::seed_bytes`] gave (opened from
    /// the sealed column).
    ///
    /// # Errors
    /// [`KeyError::SecretLength`] or [`KeyError::Seed`] when a part has the wrong length.
    pub fn from_parts(secret: &[u8], ed25519_seed: &[u8]) -> Result<Self, KeyError> {
        if !is_secret_length(secret.len()) {
            return Err(KeyError::SecretLength);
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(ed25519_seed).map_err(|_| KeyError::Seed)?;
        Ok(Self {
            secret: Zeroizing::new(secret.to_vec()),
            seed: Zeroizing::new(ed25519_seed.to_vec()),
            hmac: hmac::Key::new(hmac::HMAC_SHA256, secret),
            pair,
        })
    }

    /// The raw HMAC secret, for sealing before it is stored.
    #[must_use]
    pub fn secret_bytes(&self) -> &[u8] {
        &self.secret
    }

    /// The raw Ed25519 seed (RFC 8032's private key), for sealing before it is stored.
    #[must_use]
    pub fn seed_bytes(&self) -> &[u8] {
        &self.seed
    }

    /// The secret as the receiver types it in: `whsec_` and base64. Show it once, never log it.
    #[must_use]
    pub fn secret_text(&self) -> String {
        format!("{SECRET_PREFIX}{}", STANDARD.encode(self.secret.as_slice()))
    }

    /// The public key as the receiver types it in: `whpk_` and base64 of 32 bytes. Not secret.
    #[must_use]
    pub fn public_key_text(&self) -> String {
        format!("{PUBLIC_KEY_PREFIX}{}", STANDARD.encode(self.pair.public_key()))
    }
}

/// The value of `webhook-signature` for one attempt: `v1,… v1a,…` for each live key, so that a
/// receiver that has not yet taken over a rotated key goes on verifying.
///
/// `timestamp_seconds` is the attempt's own time (Unix), also sent as `webhook-timestamp`; `id` is
/// stable over retries and must hold no full stop; `body` is the exact bytes that are sent.
#[must_use]
pub fn header(keys: &[SigningKey], id: &str, timestamp_seconds: i64, body: &[u8]) -> String {
    let content = signed_content(id, &timestamp_seconds.to_string(), body);
    let entries: Vec<String> = keys
        .iter()
        .map(|key| {
            let tag = STANDARD.encode(hmac::sign(&key.hmac, &content));
            let signature = STANDARD.encode(key.pair.sign(&content));
            format!("v1,{tag} v1a,{signature}")
        })
        .collect();
    entries.join(" ")
}

/// Verifies a received webhook as the built-in police receiver does. All text is taken as it stood
/// in the headers.
///
/// A receiver that also holds the public key is given the stronger answer: one `v1` **and** one
/// `v1a` must hold, so that neither a leaked secret nor a stripped `v1a` is enough. Unknown
/// versions and broken entries are passed over, as the specification asks; tags are compared in
/// constant time.
///
/// # Errors
/// When a check fails: [`VerifyError`] says which; the receiver should not tell the sender more than
/// "refused".
pub fn verify(
    secret: &str,
    public_key: Option<&str>,
    id: &str,
    timestamp: &str,
    signature_header: &str,
    body: &[u8],
    now_seconds: i64,
) -> Result<(), VerifyError> {
    let secret = decode_secret(secret)?;
    let public_key = public_key.map(decode_public_key).transpose()?;
    if id.is_empty() || id.contains('.') {
        return Err(VerifyError::Id);
    }
    check_time(timestamp, now_seconds)?;

    let content = signed_content(id, timestamp, body);
    let expected = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), &content);
    let has_tag = signatures(signature_header, "v1")
        .any(|tag| constant_time::verify_slices_are_equal(expected.as_ref(), &tag).is_ok());
    let has_signature = public_key.is_none_or(|key| {
        let key = UnparsedPublicKey::new(&ED25519, key);
        signatures(signature_header, "v1a").any(|signature| key.verify(&content, &signature).is_ok())
    });
    if has_tag && has_signature { Ok(()) } else { Err(VerifyError::Signature) }
}

fn signed_content(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), timestamp.as_bytes(), body].join(&b'.')
}

fn signatures<'a>(header: &'a str, version: &'a str) -> impl Iterator<Item = Vec<u8>> + 'a {
    header
        .split(' ')
        .take(MAX_ENTRIES)
        .filter_map(|entry| entry.split_once(','))
        .filter(move |(found, _)| *found == version)
        .filter_map(|(_, text)| STANDARD.decode(text).ok())
}

fn check_time(timestamp: &str, now_seconds: i64) -> Result<(), VerifyError> {
    // Digits only: `parse` alone would also take a leading `+`, which no sender writes.
    if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(VerifyError::Timestamp);
    }
    let sent: i64 = timestamp.parse().map_err(|_| VerifyError::Timestamp)?;
    if now_seconds.abs_diff(sent) <= TOLERANCE_SECONDS {
        Ok(())
    } else if sent < now_seconds {
        Err(VerifyError::TooOld)
    } else {
        Err(VerifyError::TooNew)
    }
}

fn decode_secret(text: &str) -> Result<Zeroizing<Vec<u8>>, VerifyError> {
    let encoded = text.strip_prefix(SECRET_PREFIX).ok_or(VerifyError::Secret)?;
    let secret = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| VerifyError::Secret)?);
    if is_secret_length(secret.len()) { Ok(secret) } else { Err(VerifyError::Secret) }
}

fn decode_public_key(text: &str) -> Result<Vec<u8>, VerifyError> {
    let encoded = text.strip_prefix(PUBLIC_KEY_PREFIX).ok_or(VerifyError::PublicKey)?;
    let key = STANDARD.decode(encoded).map_err(|_| VerifyError::PublicKey)?;
    if key.len() == 32 { Ok(key) } else { Err(VerifyError::PublicKey) }
}

fn is_secret_length(length: usize) -> bool {
    (24..=64).contains(&length)
}

#[cfg(test)]
mod tests;
