//! The phone's side of web push (RFC 8291): its keys, and reading what was encrypted for it. Written from the RFC, with
//! another library than the application's.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A phone that subscribed.
pub struct Subscriber {
    private: PrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn hkdf<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    let prk = Salt::new(HKDF_SHA256, salt).extract(secret);
    prk.expand(&[info], Length(N)).unwrap().fill(&mut out).unwrap();
    out
}

impl Subscriber {
    pub fn new() -> Self {
        Self::with(PrivateKey::generate(&ECDH_P256).unwrap(), [7; 16])
    }

    fn with(private: PrivateKey, auth: [u8; 16]) -> Self {
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Self { private, public, auth }
    }

    /// What the phone registers: kind and subscription, with an endpoint of a push service.
    pub fn body(&self, endpoint: &str) -> Value {
        let keys = json!({"p256dh": URL_SAFE_NO_PAD.encode(&self.public), "auth": URL_SAFE_NO_PAD.encode(self.auth)});
        json!({"kind": "web_push", "subscription": {"endpoint": endpoint, "keys": keys}})
    }

    /// Reads a message of one record.
    pub fn decrypt(&self, message: &[u8]) -> Vec<u8> {
        let (salt, rest) = message.split_at(16);
        let (size, rest) = rest.split_at(4);
        assert!(u32::from_be_bytes(size.try_into().unwrap()) as usize >= rest.len() - 66, "one record");
        let (sender, text) = rest[1..].split_at(usize::from(rest[0]));
        let shared =
            agree(&self.private, UnparsedPublicKey::new(&ECDH_P256, sender), "refused", |secret| Ok(secret.to_vec()));
        let info = [b"WebPush: info\0".as_slice(), &self.public, sender].concat();
        let secret: [u8; 32] = hkdf(&self.auth, &shared.unwrap(), &info);
        let key: [u8; 16] = hkdf(salt, &secret, b"Content-Encoding: aes128gcm\0");
        let nonce: [u8; 12] = hkdf(salt, &secret, b"Content-Encoding: nonce\0");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let mut text = text.to_vec();
        let plain = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut text).unwrap();
        let end = plain.iter().rposition(|byte| *byte != 0).unwrap();
        assert_eq!(plain[end], 2, "the last record's delimiter");
        plain[..end].to_vec()
    }
}

/// The example of RFC 8291, section 5.
#[test]
fn the_rfcs_own_message_is_read() {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let private = decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94");
    let auth = decode("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap();
    let phone = Subscriber::with(PrivateKey::from_private_key(&ECDH_P256, &private).unwrap(), auth);
    let message = decode(concat!(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr",
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    ));
    assert_eq!(phone.decrypt(&message), b"When I grow up, I want to be a watermelon");
}
