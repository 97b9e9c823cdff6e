//! The providers of notifications, on loopback and in their own wire formats: one server that keeps what it is asked
//! and answers as told, and what a phone needs to read a push message.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use actix_web::http::{StatusCode, Version};
use actix_web::{App as WebApp, HttpRequest, HttpResponse, HttpServer, web};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use holdfast::config::Flags;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation};
use serde_json::{Value, json};

use super::smtp::MailServer;

pub const VAPID_PRIVATE_KEY: &str = "RS0WdYWWo1HajXg3NZR1olzCf31i-ZBGDkFyCs7j1jw";
pub const VAPID_SUBJECT: &str = "mailto:push@neutral.example";
pub const GOVUK_SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
pub const GOVUK_SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";
pub const GOVUK_TEMPLATE: &str = "f33517ff-2a88-4f6e-b855-c550268ce08a";
pub const SENDER: &str = "notes@neutral.example";

/// One call that arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub is_http2: bool,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        &found.unwrap_or_else(|| panic!("no {name} in {self:?}")).1
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Inner {
    asked: Mutex<Vec<Asked>>,
    queued: Mutex<VecDeque<(u16, Value)>>,
    otherwise: Mutex<Option<(u16, Value)>>,
}

/// All providers.
pub struct Providers {
    pub url: String,
    pub mail: MailServer,
    inner: Arc<Inner>,
    handle: actix_web::dev::ServerHandle,
    rsa: Arc<rsa::KeyPair>,
    ec: Arc<EcdsaKeyPair>,
    folder: tempfile::TempDir,
}

impl Providers {
    pub async fn start() -> Self {
        let inner = Arc::new(Inner::default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let data = web::Data::from(inner.clone());
        let server = HttpServer::new(move || WebApp::new().app_data(data.clone()).default_service(web::to(receive)))
            .workers(1)
            .disable_signals()
            .listen_auto_h2c(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        let rsa = Arc::new(rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap());
        let ec = Arc::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());
        Self { url, mail: MailServer::start().await, inner, handle, rsa, ec, folder: tempfile::tempdir().unwrap() }
    }

    /// Settings under which the application calls these.
    pub fn configure(&self, settings: &mut Flags) {
        let notify = &mut settings.notify;
        notify.vapid_private_key = Some(VAPID_PRIVATE_KEY.into());
        notify.vapid_subject = Some(VAPID_SUBJECT.into());
        let der: Pkcs8V1Der<'_> = self.rsa.as_der().unwrap();
        let account = json!({"type": "service_account", "project_id": "neutral-app", "private_key_id": "k1",
            "private_key": pem(der.as_ref()), "client_email": "push@neutral-app.example",
            "token_uri": format!("{}/token", self.url)});
        notify.fcm_service_account = Some(self.file("account.json", &account.to_string()));
        notify.fcm_url = Some(self.url.clone());
        let key = pem(self.ec.to_pkcs8v1().unwrap().as_ref());
        notify.apns_key = Some(self.file("AuthKey.p8", &key));
        (notify.apns_key_id, notify.apns_team_id) = (Some("ABC123DEFG".into()), Some("DEF123GHIJ".into()));
        (notify.apns_topic, notify.apns_url) = (Some("org.example.app".into()), Some(self.url.clone()));
        notify.govuk_notify_api_key = Some(format!("our-key-{GOVUK_SERVICE}-{GOVUK_SECRET}"));
        (notify.govuk_notify_template_id, notify.govuk_notify_url) =
            (Some(GOVUK_TEMPLATE.into()), Some(self.url.clone()));
        notify.email_from = Some(SENDER.into());
        (settings.smtp_url, settings.smtp_from) = (Some(self.mail.url()), Some("alerts@holdfast.example".into()));
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The next calls are answered in this order; then as before.
    pub fn answers_next(&self, answers: &[(u16, Value)]) {
        self.inner.queued.lock().unwrap().extend(answers.iter().cloned());
    }

    /// Every call is answered so from now on, after those that were queued; `None`: well.
    pub fn answers(&self, answer: Option<(u16, Value)>) {
        *self.inner.otherwise.lock().unwrap() = answer;
    }

    /// All calls so far, but those for a token.
    pub fn asked(&self) -> Vec<Asked> {
        let all = self.inner.asked.lock().unwrap().clone();
        all.into_iter().filter(|asked| asked.path != "/token").collect()
    }

    /// The calls for a token.
    pub fn asked_for_token(&self) -> Vec<Asked> {
        let all = self.inner.asked.lock().unwrap().clone();
        all.into_iter().filter(|asked| asked.path == "/token").collect()
    }

    /// The one call so far.
    #[track_caller]
    pub fn only(&self) -> Asked {
        let asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked[0].clone()
    }

    /// Checks a token of the service account, and gives what it says.
    pub fn rsa_token(&self, token: &str) -> TokenData<Value> {
        let key = DecodingKey::from_rsa_der(self.rsa.public_key().as_ref());
        verify(token, &key, Algorithm::RS256)
    }

    /// The same for APNs.
    pub fn apns_token(&self, token: &str) -> TokenData<Value> {
        verify(token, &DecodingKey::from_ec_der(self.ec.public_key().as_ref()), Algorithm::ES256)
    }
}

/// Checks a token's signature; its times are compared by the test, since the app's clock is its own.
pub fn verify(token: &str, key: &DecodingKey, algorithm: Algorithm) -> TokenData<Value> {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    jsonwebtoken::decode(token, key, &validation).unwrap_or_else(|error| panic!("{error}: {token}"))
}

impl Drop for Providers {
    fn drop(&mut self) {
        // The order is given at the call; waiting for it is not needed.
        drop(self.handle.stop(false));
    }
}

async fn receive(inner: web::Data<Inner>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let headers = request.headers().iter();
    let asked = Asked {
        method: request.method().to_string(),
        path: request.path().to_owned(),
        is_http2: request.version() == Version::HTTP_2,
        headers: headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect(),
        body: body.to_vec(),
    };
    let is_token = asked.path == "/token";
    inner.asked.lock().unwrap().push(asked);
    if is_token {
        return HttpResponse::Ok().json(json!({"access_token": "ya29.a", "expires_in": 3599, "token_type": "Bearer"}));
    }
    let queued = inner.queued.lock().unwrap().pop_front();
    let (status, body) =
        queued.or_else(|| inner.otherwise.lock().unwrap().clone()).unwrap_or((201, json!({"id": "1"})));
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(body)
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}
