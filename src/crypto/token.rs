//! Access tokens: our own short-lived JWTs (RFC 9068's `at+jwt`), which only Holdfast verifies.
//!
//! HS256 with a key derived from the master key; the algorithm and the key are fixed here and never taken from the
//! token. `jsonwebtoken` compares times with the system clock and with a minute of leeway, so its time checks are off
//! and ours run against the clock that was passed in. Every fault gives the same answer.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::{Instant, SessionId};
use crate::error::{Code, Error, Result};

/// How long an access token lives, in seconds.
pub const LIFETIME_SECONDS: i64 = 600;
/// How far two of our clocks may differ, in seconds.
const LEEWAY_SECONDS: i64 = 5;
const ISSUER: &str = "holdfast";
const TYPE: &str = "at+jwt";
/// Names the key; a rotated one gets another name.
const KEY_ID: &str = "1";

crate::db::text_enum! {
    /// The door that a token opens; no token opens two.
    pub enum TokenAudience {
        /// The survivor's app.
        App = "app",
        /// The partner portal and administration.
        Partner = "partner",
        /// Police systems.
        Police = "police",
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Signs a token for a session that is in the database.
pub fn sign(key: &[u8], audience: TokenAudience, account: Uuid, session: SessionId, now: Instant) -> Result<String> {
    let at = now.unix_seconds();
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: audience.to_string(),
        sub: account,
        jti: session.0,
        iat: at,
        nbf: at,
        exp: at + LIFETIME_SECONDS,
    };
    let header = Header { typ: Some(TYPE.to_owned()), kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key))
        .map_err(|error| Error::Internal(Box::new(error)))
}

/// The session that a token names, if the token is ours, meant for `audience`, and in time. The session itself is to
/// be looked up by the caller.
///
/// # Errors
/// The same 401 for every fault.
pub fn verify(key: &[u8], audience: TokenAudience, token: &str, now: Instant) -> Result<(Uuid, SessionId)> {
    read(key, audience, token, now).ok_or(Error::Unauthenticated(Code::Unauthenticated))
}

fn read(key: &[u8], audience: TokenAudience, token: &str, now: Instant) -> Option<(Uuid, SessionId)> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let ours = header.typ.as_deref() == Some(TYPE) && header.kid.as_deref() == Some(KEY_ID) && header.crit.is_none();
    if !ours {
        return None;
    }
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.set_audience(&[audience.as_str()]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    let claims = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(key), &validation).ok()?.claims;
    let at = now.unix_seconds();
    let in_time = claims.iat <= at.saturating_add(LEEWAY_SECONDS)
        && claims.nbf <= at.saturating_add(LEEWAY_SECONDS)
        && claims.exp.saturating_add(LEEWAY_SECONDS) > at
        && claims.exp.saturating_sub(claims.iat) <= LIFETIME_SECONDS;
    in_time.then_some((claims.sub, SessionId(claims.jti)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const KEY: &[u8] = &[3; 32];

    fn now() -> Instant {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn forged(header: Value, change: impl FnOnce(&mut Value)) -> String {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let at = now().unix_seconds();
        let mut claims = json!({"iss": "holdfast", "aud": "app", "sub": Uuid::nil(), "jti": Uuid::nil(),
            "iat": at, "nbf": at, "exp": at + 600});
        change(&mut claims);
        let text =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, KEY);
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, text.as_bytes())))
    }

    fn good_header() -> Value {
        json!({"alg": "HS256", "typ": "at+jwt", "kid": "1"})
    }

    #[test]
    fn our_own_token_opens_its_own_door_only_and_only_in_time() {
        let (account, session) = (Uuid::from_u128(4), SessionId(Uuid::from_u128(5)));
        let token = sign(KEY, TokenAudience::App, account, session, now()).unwrap();
        assert_eq!(verify(KEY, TokenAudience::App, &token, now()).unwrap(), (account, session));
        assert!(verify(KEY, TokenAudience::Partner, &token, now()).is_err());
        assert!(verify(&[4; 32], TokenAudience::App, &token, now()).is_err());
        assert!(verify(KEY, TokenAudience::App, &token, now().plus_seconds(604)).is_ok());
        assert!(verify(KEY, TokenAudience::App, &token, now().plus_seconds(605)).is_err());
        assert!(verify(KEY, TokenAudience::App, &token, now().plus_seconds(-6)).is_err());
    }

    #[test]
    fn a_token_with_any_odd_header_is_refused() {
        assert!(read(KEY, TokenAudience::App, &forged(good_header(), |_| {}), now()).is_some());
        let odd = [
            json!({"alg": "none", "typ": "at+jwt", "kid": "1"}),
            json!({"alg": "HS512", "typ": "at+jwt", "kid": "1"}),
            json!({"alg": "RS256", "typ": "at+jwt", "kid": "1"}),
            json!({"alg": "HS256", "typ": "JWT", "kid": "1"}),
            json!({"alg": "HS256", "kid": "1"}),
            json!({"alg": "HS256", "typ": "at+jwt"}),
            json!({"alg": "HS256", "typ": "at+jwt", "kid": "../../dev/null"}),
            json!({"alg": "HS256", "typ": "at+jwt", "kid": "1", "crit": ["exp"]}),
        ];
        for header in odd {
            assert!(read(KEY, TokenAudience::App, &forged(header.clone(), |_| {}), now()).is_none(), "{header}");
        }
    }

    #[test]
    fn a_token_with_any_odd_claim_is_refused() {
        let odd: [(&str, Value); 9] = [
            ("iss", json!("other")),
            ("aud", json!("police")),
            ("exp", json!("tomorrow")),
            ("exp", json!(-1)),
            ("exp", json!(i64::MAX)),
            ("nbf", json!(now().unix_seconds() + 60)),
            ("iat", json!(now().unix_seconds() + 60)),
            ("sub", json!("")),
            ("jti", json!(null)),
        ];
        for (claim, value) in odd {
            let token = forged(good_header(), |claims| claims[claim] = value.clone());
            assert!(read(KEY, TokenAudience::App, &token, now()).is_none(), "{claim} = {value}");
        }
        for claim in ["iss", "aud", "sub", "jti", "iat", "nbf", "exp"] {
            let token = forged(good_header(), |claims| {
                claims.as_object_mut().unwrap().remove(claim);
            });
            assert!(read(KEY, TokenAudience::App, &token, now()).is_none(), "without {claim}");
        }
    }

    #[test]
    fn a_token_without_its_signature_or_in_pieces_is_refused() {
        let token = sign(KEY, TokenAudience::App, Uuid::nil(), SessionId(Uuid::nil()), now()).unwrap();
        let stripped = token.rsplit_once('.').unwrap().0;
        for wrong in ["", ".", "..", "a.b.c", stripped, &format!("{stripped}."), &format!("{token}.{token}")] {
            assert!(read(KEY, TokenAudience::App, wrong, now()).is_none(), "{wrong}");
        }
    }
}
