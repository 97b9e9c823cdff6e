//! A police force's receiver: a server on loopback that keeps what it is sent, verifies it twice, and answers as told.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::{App as WebApp, HttpRequest, HttpResponse, HttpServer, web};
use holdfast::clock::Clock;
use holdfast::crypto::signature;
use holdfast::db::Instant;
use serde_json::Value;

use crate::routes::contract_document::is_in_the_contract;

/// What a receiver answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A status without a body.
    Status(u16),
    /// A status that asks to wait for so many seconds.
    RetryAfter(u16, u32),
    /// Nothing, ever: the attempt takes its 15 real seconds.
    Hang,
    /// 200, and then a byte a second: the same.
    Trickle,
    /// 200, and a body without end.
    Endless,
    /// Somewhere else.
    Redirect(u16),
    /// A status with this for `Retry-After`.
    Odd(u16, &'static str),
}

/// One attempt that arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// `webhook-id`: stable over retries.
    pub id: String,
    /// `webhook-timestamp`, of this attempt.
    pub timestamp: i64,
    pub signature: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// When it arrived, by the app's clock.
    pub at: Instant,
    /// What it was answered.
    pub answer: Answer,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// Verifies with the official library and with our own. The official `verify` compares with the machine's clock
    /// while the app's may stand elsewhere, so its tag is made anew from what was sent, and the time checked here.
    pub fn is_signed_by(&self, secret: &str, public_key: &str) -> bool {
        let official = standardwebhooks::Webhook::new(secret).unwrap();
        let tag = official.sign(&self.id, self.timestamp, &self.body).unwrap();
        let (timestamp, now) = (self.timestamp.to_string(), self.at.unix_seconds());
        let own =
            signature::verify(secret, Some(public_key), &self.id, &timestamp, &self.signature, &self.body, now).is_ok();
        self.signature.split(' ').any(|entry| entry == tag) && own
    }
}

/// The receiver. Answers 200 unless told otherwise; stops when it is dropped.
pub struct Police {
    pub url: String,
    inner: Arc<Inner>,
    handle: actix_web::dev::ServerHandle,
}

struct Inner {
    clock: Clock,
    keys: Mutex<Vec<(String, String)>>,
    queued: Mutex<VecDeque<Answer>>,
    otherwise: Mutex<Answer>,
    received: Mutex<Vec<Received>>,
}

impl Police {
    pub fn start(clock: &Clock) -> Arc<Self> {
        let inner = Arc::new(Inner {
            clock: clock.clone(),
            keys: Mutex::default(),
            queued: Mutex::default(),
            otherwise: Mutex::new(Answer::Status(200)),
            received: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/alerts", listener.local_addr().unwrap());
        let data = web::Data::from(inner.clone());
        let server = HttpServer::new(move || WebApp::new().app_data(data.clone()).default_service(web::to(receive)))
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        Arc::new(Self { url, inner, handle })
    }

    /// Tells the receiver the keys of its endpoint, without which nothing can be verified; after a rotation, the new
    /// ones beside the old.
    pub fn holds_keys(&self, secret: &str, public_key: &str) {
        self.inner.keys.lock().unwrap().push((secret.to_owned(), public_key.to_owned()));
    }

    /// The next attempts are answered in this order; then as before.
    pub fn answers_next(&self, answers: &[Answer]) {
        self.inner.queued.lock().unwrap().extend(answers);
    }

    /// Every attempt is answered so from now on, after those that were queued.
    pub fn answers(&self, answer: Answer) {
        *self.inner.otherwise.lock().unwrap() = answer;
    }

    /// All attempts so far, each of them verified.
    pub fn received(&self) -> Vec<Received> {
        let received = self.inner.received.lock().unwrap().clone();
        received.iter().for_each(|one| self.verify(one));
        received
    }

    /// Messages so far: the first attempt of each.
    pub fn messages(&self) -> Vec<Received> {
        let mut messages: Vec<Received> = Vec::new();
        for received in self.received() {
            if messages.iter().all(|known| known.id != received.id) {
                messages.push(received);
            }
        }
        messages
    }

    /// Whether the key that the endpoint was made with verifies it.
    pub fn verifies_with_first(&self, received: &Received) -> bool {
        let (secret, public_key) = self.inner.keys.lock().unwrap()[0].clone();
        received.is_signed_by(&secret, &public_key)
    }

    /// Whether one of the receiver's keys verifies it.
    fn verify(&self, received: &Received) {
        let keys = self.inner.keys.lock().unwrap().clone();
        assert!(!keys.is_empty(), "a webhook came before the endpoint was made");
        let is_good = keys.iter().any(|(secret, public_key)| received.is_signed_by(secret, public_key));
        assert!(is_good, "nobody verifies {received:?}");
        is_in_the_contract(&received.json());
        // Nobody may be able to add a version that a careless receiver takes for good.
        assert!(received.signature.split(' ').all(|entry| entry.starts_with("v1,") || entry.starts_with("v1a,")));
    }
}

impl Drop for Police {
    fn drop(&mut self) {
        // The order is given at the call; waiting for it is not needed.
        drop(self.handle.stop(false));
    }
}

async fn receive(inner: web::Data<Inner>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let header = |name: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let answer = {
        let queued = inner.queued.lock().unwrap().pop_front();
        queued.unwrap_or_else(|| *inner.otherwise.lock().unwrap())
    };
    let headers = request.headers().iter();
    let received = Received {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap_or_default(),
        signature: header("webhook-signature"),
        headers: headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned())).collect(),
        body: body.to_vec(),
        at: inner.clock.now(),
        answer,
    };
    inner.received.lock().unwrap().push(received);
    let status = |code: u16| HttpResponse::build(actix_web::http::StatusCode::from_u16(code).unwrap());
    match answer {
        Answer::Status(code) => status(code).finish(),
        Answer::RetryAfter(code, seconds) => status(code).insert_header(("retry-after", seconds.to_string())).finish(),
        Answer::Hang => std::future::pending().await,
        Answer::Trickle => status(200).streaming(futures_util::stream::unfold((), |()| async {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            Some((Ok::<_, actix_web::Error>(web::Bytes::from_static(b" ")), ()))
        })),
        Answer::Endless => status(200).streaming(futures_util::stream::repeat_with(|| {
            Ok::<_, actix_web::Error>(web::Bytes::from_static(&[b' '; 4096]))
        })),
        Answer::Redirect(code) => status(code).insert_header(("location", "http://127.0.0.1:1/elsewhere")).finish(),
        Answer::Odd(code, wish) => status(code).insert_header(("retry-after", wish)).finish(),
    }
}
