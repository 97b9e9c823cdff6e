//! Vectors of Standard Webhooks 1.0.0, the official library as judge, rotation and tampering.

use super::*;
use proptest::prelude::*;

const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const TIME: i64 = 1_614_265_330;
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ED25519_KEY: &str = "6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const HEADER: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= \
    v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

fn vector_key() -> SigningKey {
    let secret = STANDARD.decode(SECRET.strip_prefix("whsec_").unwrap()).unwrap();
    let pair = STANDARD.decode(ED25519_KEY).unwrap();
    SigningKey::from_parts(&secret, &pair[..32]).unwrap()
}

fn verify_with(key: &SigningKey, header: &str) -> Result<(), VerifyError> {
    let public_key = key.public_key_text();
    verify(&key.secret_text(), Some(&public_key), ID, &TIME.to_string(), header, BODY, TIME)
}

fn official_library_accepts(secret: &str, id: &str, timestamp: i64, signatures: &str, body: &[u8]) -> bool {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("webhook-id", id.parse().unwrap());
    headers.insert("webhook-timestamp", timestamp.to_string().parse().unwrap());
    headers.insert("webhook-signature", signatures.parse().unwrap());
    standardwebhooks::Webhook::new(secret).unwrap().verify(body, &headers).is_ok()
}

#[expect(clippy::disallowed_methods, reason = "the official library compares with the system clock")]
fn system_seconds() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

#[test]
fn the_published_vectors_come_out() {
    let key = vector_key();
    assert_eq!(header(&[key], ID, TIME, BODY), HEADER);
    let key = vector_key();
    assert_eq!(key.secret_text(), SECRET);
    let public_key = STANDARD.encode(&STANDARD.decode(ED25519_KEY).unwrap()[32..]);
    assert_eq!(key.public_key_text(), format!("whpk_{public_key}"));
    assert_eq!(verify_with(&key, HEADER), Ok(()));
}

#[test]
fn the_official_library_verifies_our_header_unchanged() {
    let keys = [SigningKey::generate().unwrap(), SigningKey::generate().unwrap()];
    let now = system_seconds();
    let signatures = header(&keys, ID, now, BODY);
    for key in &keys {
        assert!(official_library_accepts(&key.secret_text(), ID, now, &signatures, BODY));
        assert!(!official_library_accepts(&key.secret_text(), ID, now, &signatures, b"{}"));
    }
    let stranger = SigningKey::generate().unwrap();
    assert!(!official_library_accepts(&stranger.secret_text(), ID, now, &signatures, BODY));
}

#[test]
fn we_verify_what_the_official_library_signs() {
    let signature = standardwebhooks::Webhook::new(SECRET).unwrap().sign(ID, TIME, BODY).unwrap();
    assert_eq!(verify(SECRET, None, ID, &TIME.to_string(), &signature, BODY, TIME), Ok(()));
}

#[test]
fn generated_keys_differ_and_survive_a_round_trip() {
    let (one, two) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    assert_ne!(one.secret_text(), two.secret_text());
    assert_ne!(one.public_key_text(), two.public_key_text());
    assert_eq!((one.secret_bytes().len(), one.seed_bytes().len()), (32, 32));
    let restored = SigningKey::from_parts(one.secret_bytes(), one.seed_bytes()).unwrap();
    assert_eq!(header(&[one], ID, TIME, BODY), header(&[restored], ID, TIME, BODY));
}

#[test]
fn keys_of_a_wrong_length_are_refused() {
    for length in [0, 23, 65] {
        assert_eq!(SigningKey::from_parts(&vec![1; length], &[1; 32]).err(), Some(KeyError::SecretLength));
    }
    for length in [0, 31, 33, 64] {
        assert_eq!(SigningKey::from_parts(&[1; 24], &vec![1; length]).err(), Some(KeyError::Seed));
    }
    assert!(SigningKey::from_parts(&[1; 64], &[1; 32]).is_ok());
}

#[test]
fn debug_output_shows_nothing_of_the_key() {
    assert_eq!(format!("{:?}", vector_key()), "SigningKey { .. }");
}

#[test]
fn during_rotation_the_old_and_the_new_receiver_verify() {
    let keys = [SigningKey::generate().unwrap(), SigningKey::generate().unwrap()];
    let signatures = header(&keys, ID, TIME, BODY);
    let versions: Vec<&str> = signatures.split(' ').filter_map(|entry| Some(entry.split_once(',')?.0)).collect();
    assert_eq!(versions, ["v1", "v1a", "v1", "v1a"]);
    for key in &keys {
        assert_eq!(verify_with(key, &signatures), Ok(()));
    }
    assert_eq!(verify_with(&SigningKey::generate().unwrap(), &signatures), Err(VerifyError::Signature));
}

#[test]
fn any_change_to_id_time_body_or_key_is_found() {
    let public_key = vector_key().public_key_text();
    let check = |id: &str, time: &str, body: &[u8]| {
        let now = time.parse().unwrap();
        verify(SECRET, Some(&public_key), id, time, HEADER, body, now)
    };
    assert_eq!(check(ID, "1614265330", BODY), Ok(()));
    assert_eq!(check("msg_other", "1614265330", BODY), Err(VerifyError::Signature));
    assert_eq!(check(ID, "1614265331", BODY), Err(VerifyError::Signature));
    assert_eq!(check(ID, "01614265330", BODY), Err(VerifyError::Signature));
    assert_eq!(check(ID, "1614265330", br#"{"test":2432232314}"#), Err(VerifyError::Signature));
    assert_eq!(check(ID, "1614265330", b""), Err(VerifyError::Signature));
}

#[test]
fn each_kind_of_signature_is_needed_by_a_receiver_that_knows_both_keys() {
    let key = vector_key();
    let (tag, signature) = HEADER.split_once(' ').unwrap();
    assert_eq!(verify_with(&key, tag), Err(VerifyError::Signature));
    assert_eq!(verify_with(&key, signature), Err(VerifyError::Signature));
    assert_eq!(verify(SECRET, None, ID, &TIME.to_string(), tag, BODY, TIME), Ok(()));
    // A tag presented under the other version is not taken for it.
    let swapped = HEADER.replace("v1a,", "v2,").replace("v1,", "v1a,").replace("v2,", "v1,");
    assert_eq!(verify_with(&key, &swapped), Err(VerifyError::Signature));
}

#[test]
fn broken_entries_are_passed_over_and_an_endless_header_is_cut() {
    let key = vector_key();
    assert_eq!(verify_with(&key, &format!("v1 ,, v9,abc v1,! v1a,AAAA  {HEADER}")), Ok(()));
    assert_eq!(verify_with(&key, ""), Err(VerifyError::Signature));
    let padding = "v1a,AAAA ".repeat(1_000);
    assert_eq!(verify_with(&key, &format!("{padding}{HEADER}")), Err(VerifyError::Signature));
}

#[test]
fn five_minutes_either_way_and_no_more() {
    let at = |now| verify(SECRET, None, ID, "1614265330", HEADER, BODY, now);
    assert_eq!(at(TIME + 300), Ok(()));
    assert_eq!(at(TIME - 300), Ok(()));
    assert_eq!(at(TIME + 301), Err(VerifyError::TooOld));
    assert_eq!(at(TIME - 301), Err(VerifyError::TooNew));
    assert_eq!(at(i64::MIN), Err(VerifyError::TooNew));
    assert_eq!(at(i64::MAX), Err(VerifyError::TooOld));
}

#[test]
fn odd_ids_times_and_keys_are_named() {
    let check = |secret, key, id, time| verify(secret, key, id, time, HEADER, BODY, TIME);
    for time in ["", "+1614265330", "-1", "1614265330.0", " 1614265330", "now", "99999999999999999999"] {
        assert_eq!(check(SECRET, None, ID, time), Err(VerifyError::Timestamp));
    }
    for id in ["", "a.1614265330"] {
        assert_eq!(check(SECRET, None, id, "1614265330"), Err(VerifyError::Id));
    }
    for secret in ["", "whsec_", "whsec_AAAA", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
        assert_eq!(check(secret, None, ID, "1614265330"), Err(VerifyError::Secret));
    }
    for key in ["", "whpk_", "whpk_AAAA", "whpk_!"] {
        assert_eq!(check(SECRET, Some(key), ID, "1614265330"), Err(VerifyError::PublicKey));
    }
}

proptest! {
    #[test]
    fn whatever_is_signed_verifies_and_one_flipped_bit_does_not(
        id in "[A-Za-z0-9_-]{1,40}",
        time in 0_i64..=4_102_444_800,
        body in prop::collection::vec(any::<u8>(), 1..200),
        at in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let key = vector_key();
        let public_key = key.public_key_text();
        let text = time.to_string();
        let signatures = header(&[key], &id, time, &body);
        let check = |body: &[u8]| {
            verify(SECRET, Some(&public_key), &id, &text, &signatures, body, time)
        };
        prop_assert_eq!(check(&body), Ok(()));
        let mut changed = body.clone();
        changed[at.index(body.len())] ^= 1 << bit;
        prop_assert_eq!(check(&changed), Err(VerifyError::Signature));
    }

    #[test]
    fn no_header_makes_the_verifier_panic(header in ".*", id in ".*", time in ".*") {
        let _ = verify(SECRET, None, &id, &time, &header, BODY, TIME);
    }
}
