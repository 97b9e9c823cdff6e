//! Who calls: a client that signs in by itself, and says so again when its token has run out by the app's clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use holdfast::clock::Clock;
use holdfast::db::Instant;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

/// A token is taken anew a minute before it expires, in seconds.
const TOKEN_SECONDS: i64 = 9 * 60;

/// A request that is not answered fails its story, however slow the machine is, and keeps no suite from ending.
const ANSWERED_WITHIN: Duration = Duration::from_secs(300);

/// A server under test: where it is, and what time it is there. Clones share both.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    origin: Arc<Mutex<String>>,
    pub clock: Clock,
}

impl Http {
    pub fn new(origin: String, clock: Clock) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "a test's own client calls the server under test and nobody else"
        )]
        let builder = reqwest::Client::builder();
        let direct = builder.no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = direct.timeout(ANSWERED_WITHIN).build().unwrap();
        Self { client, origin: Arc::new(Mutex::new(origin)), clock }
    }

    pub fn origin(&self) -> String {
        self.origin.lock().unwrap().clone()
    }

    /// For a server that came back at another address.
    pub fn moved_to(&self, origin: String) {
        *self.origin.lock().unwrap() = origin;
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Sends a request as it stands: no credentials and no key but those given. `Err` when no whole answer came.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply, reqwest::Error> {
        let url = format!("{}{path}", self.origin.lock().unwrap());
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        Ok(Reply { what: path.to_owned(), status, headers, body: answer.text().await? })
    }

    /// Opens a stream of server-sent events, which is read as it comes.
    async fn follow(&self, path: &str, headers: &[(&str, &str)]) -> EventStream {
        let url = format!("{}{path}", self.origin.lock().unwrap());
        let request = self.client.get(url).header("accept", "text/event-stream");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.send().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        EventStream { answer, seen: String::new(), at: 0 }
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Reply {
        self.try_send(method, path, headers, body).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Sends bytes as they are, and answers what came as it is.
    pub async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Result<Piece, reqwest::Error> {
        let url = format!("{}{path}", self.origin.lock().unwrap());
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(body).send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.bytes().await?.to_vec();
        let reply =
            Reply { what: path.to_owned(), status, headers, body: String::from_utf8_lossy(&bytes).into_owned() };
        Ok(Piece { reply, bytes })
    }

    /// Somebody without credentials.
    pub fn nobody(&self) -> Caller {
        Caller::new(self, Way::Nobody)
    }
}

/// An answer with its bytes as they came.
pub struct Piece {
    pub reply: Reply,
    pub bytes: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub what: String,
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Reply {
    /// The body, where the status is the one expected; else the test fails and shows what came.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.what, self.body);
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The same for a problem, whose `code` must be the one expected.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(problem["code"], code, "{}: {}", self.what, self.body);
        problem
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.body))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A server-sent event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub id: String,
    pub name: String,
    pub data: Value,
}

/// A stream of server-sent events.
pub struct EventStream {
    answer: reqwest::Response,
    /// All that came.
    pub seen: String,
    at: usize,
}

/// How long a stream may send nothing before a test fails; longer than its heartbeat.
const SILENCE: Duration = Duration::from_secs(30);

impl EventStream {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// The next event; comments and hints are passed over. None when the stream has ended.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some(length) = self.seen[self.at..].find("\n\n") {
                let block = self.seen[self.at..self.at + length].to_owned();
                self.at += length + 2;
                if let Some(event) = event(&block) {
                    return Some(event);
                }
            }
            let chunk = tokio::time::timeout(SILENCE, self.answer.chunk()).await.expect("a stream that is silent");
            // A stream that is cut off has ended, too.
            self.seen.push_str(std::str::from_utf8(&chunk.ok().flatten()?).unwrap());
        }
    }
}

fn event(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = serde_json::from_str(field("data")?).unwrap();
    Some(Event { id: field("id").unwrap_or_default().to_owned(), name: field("event").unwrap().to_owned(), data })
}

/// How a caller proves who they are.
#[derive(Clone)]
pub enum Way {
    Nobody,
    Staff { username: String, password: String },
    Phone { device_id: String, device_secret: String, pin: String },
    Sos { token: String },
    PoliceSystem { client_id: String, client_secret: String },
}

/// Somebody who calls. POSTs carry a fresh `Idempotency-Key`.
pub struct Caller {
    pub http: Http,
    pub way: Way,
    tokens: tokio::sync::Mutex<Option<(Value, Instant)>>,
}

impl Caller {
    pub fn new(http: &Http, way: Way) -> Self {
        Self { http: http.clone(), way, tokens: tokio::sync::Mutex::new(None) }
    }

    pub fn staff(http: &Http, username: &str, password: &str) -> Self {
        Self::new(http, Way::Staff { username: username.to_owned(), password: password.to_owned() })
    }

    /// An access token that is good now.
    pub async fn token(&self) -> Option<String> {
        if let Way::Sos { token } = &self.way {
            return Some(token.clone());
        }
        let tokens = self.tokens().await?;
        Some(tokens["access_token"].as_str().unwrap().to_owned())
    }

    /// The tokens of the session: `access_token`, `refresh_token`, `expires_in`.
    pub async fn tokens(&self) -> Option<Value> {
        let (path, body) = match &self.way {
            Way::Nobody | Way::Sos { .. } => return None,
            Way::Staff { username, password } => {
                ("/partner/v1/session", json!({"username": username, "password": password}))
            }
            Way::Phone { device_id, device_secret, pin } => {
                ("/app/v1/session/unlock", json!({"device_id": device_id, "device_secret": device_secret, "pin": pin}))
            }
            Way::PoliceSystem { client_id, client_secret } => {
                ("/police/v1/token", json!({"client_id": client_id, "client_secret": client_secret}))
            }
        };
        let (mut held, now) = (self.tokens.lock().await, self.http.now());
        let is_fresh = |at: &Instant| (0..TOKEN_SECONDS).contains(&now.seconds_since(*at));
        if !held.as_ref().is_some_and(|(_, at)| is_fresh(at)) {
            let tokens = self.http.send(Method::POST, path, &[], Some(&body)).await.expect(200);
            *held = Some((tokens, now));
        }
        held.as_ref().map(|(tokens, _)| tokens.clone())
    }

    /// Signs in anew at the next call, as after a lock.
    pub async fn forget_tokens(&self) {
        *self.tokens.lock().await = None;
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.post_keyed(path, &Uuid::new_v4().to_string(), &body).await
    }

    pub async fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, &[], Some(&body)).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Reply {
        self.try_send(method, path, headers, body).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The same for a server that may be killed meanwhile. Only the call itself may fail: signing in must not.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply, reqwest::Error> {
        let bearer = self.token().await.map(|token| format!("Bearer {token}"));
        let mut all = headers.to_vec();
        if let Some(bearer) = &bearer {
            all.push(("authorization", bearer));
        }
        self.http.try_send(method, path, &all, body).await
    }

    /// Sends bytes as they are.
    pub async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Piece {
        let bearer = format!("Bearer {}", self.token().await.unwrap());
        let all = [headers, &[("authorization", bearer.as_str())]].concat();
        let sent = self.http.send_bytes(method, path, &all, body).await;
        sent.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The bytes of a file.
    pub async fn fetch(&self, path: &str) -> Vec<u8> {
        let piece = self.send_bytes(Method::GET, path, &[], Vec::new()).await;
        assert_eq!(piece.reply.status.as_u16(), 200, "{path}: {}", piece.reply.body);
        piece.bytes
    }

    /// Opens a stream of server-sent events, after the event last seen where there is one.
    pub async fn follow(&self, path: &str, last_seen: Option<&str>) -> EventStream {
        let bearer = format!("Bearer {}", self.token().await.unwrap());
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(last_seen.map(|id| ("last-event-id", id)));
        self.http.follow(path, &headers).await
    }

    /// The ids of all items of a list, in their order.
    pub async fn ids(&self, path: &str) -> Vec<String> {
        self.list(path).await.iter().map(|item| text(item, "id")).collect()
    }

    /// Every item of a list, page by page.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let at = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
            let mark = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{mark}limit=200{at}")).await.expect(200);
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
    }
}

/// The text at a key of an answer.
#[track_caller]
pub fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}")).to_owned()
}
