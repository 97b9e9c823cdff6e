//! All that the demo has in hand: the clock's hand, the client, everybody's credentials, and the ids it was given.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::account::{Account, Credentials, DemoSession, PIN};
use super::client::{Client, DemoAnswer, DemoCall};
use super::receiver::Receiver;
use super::{DemoResult, calendar, say};
use crate::app::App;
use crate::db::Instant;
use crate::worker::Worker;

/// The demo's world.
pub struct World {
    /// The application; used for the clock, the first administrator and the audit alone.
    pub app: App,
    /// The police receiver.
    pub receiver: Receiver,
    /// The HTTP client.
    pub client: Client,
    worker: Worker,
    accounts: BTreeMap<&'static str, Account>,
    ids: BTreeMap<String, String>,
}

impl World {
    /// An empty world.
    ///
    /// # Errors
    /// When there can be no HTTP client.
    pub fn new(app: App, worker: Worker, receiver: Receiver) -> DemoResult<Self> {
        let client = Client::new(app.settings.origin.clone())?;
        Ok(Self { app, receiver, client, worker, accounts: BTreeMap::new(), ids: BTreeMap::new() })
    }

    /// What time it is in the demo.
    pub fn now(&self) -> Instant {
        self.app.clock.now()
    }

    /// Lets time pass until `at`; everything that falls due on the way happens.
    pub async fn until(&self, at: Instant) -> DemoResult<()> {
        self.worker.advance_to(at).await.map_err(|error| format!("time could not pass: {error}"))
    }

    /// Lets minutes pass.
    ///
    /// # Errors
    /// As [`Self::until`].
    pub async fn minutes(&self, minutes: i64) -> DemoResult<()> {
        self.until(self.now().plus_minutes(minutes)).await
    }

    /// Prints a line of the story with the local time; first what the police receiver has noted meanwhile.
    pub fn say(&self, line: &str) {
        self.receiver.print_held();
        self.say_first(line);
    }

    /// Prints a line of the story before what the police receiver has noted, which it led to.
    pub fn say_first(&self, line: &str) {
        say(&format!("{}  {line}", calendar::local(self.now())));
    }

    /// Remembers somebody's credentials.
    pub fn know(&mut self, who: &'static str, credentials: Credentials, session: Option<DemoSession>) {
        self.accounts.insert(who, Account { credentials, session });
    }

    /// Somebody's credentials.
    ///
    /// # Errors
    /// When nobody is known by that name.
    pub fn account(&self, who: &str) -> DemoResult<&Account> {
        self.accounts.get(who).ok_or_else(|| format!("nobody is known as {who}"))
    }

    /// Remembers an id under a name of the demo's own.
    pub fn keep(&mut self, name: impl Into<String>, id: &str) {
        self.ids.insert(name.into(), id.to_owned());
    }

    /// An id by its name.
    ///
    /// # Errors
    /// When there is none.
    pub fn id(&self, name: &str) -> DemoResult<String> {
        self.ids.get(name).cloned().ok_or_else(|| format!("nothing is known as {name}"))
    }

    /// The name under which an id was remembered, or the id itself.
    pub fn name_of<'a>(&'a self, id: &'a str) -> &'a str {
        let found = self.ids.iter().find(|(_, known)| known.as_str() == id);
        found.map_or(id, |(name, _)| name.as_str())
    }

    /// An access token that is good now: the one there is, the next one by refreshing, or one from signing in.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn token(&mut self, who: &'static str) -> DemoResult<String> {
        let (now, Account { credentials, session }) = (self.now(), self.account(who)?.clone());
        if let Some(good) = session.as_ref().filter(|session| session.is_good(now)) {
            return Ok(good.access.clone());
        }
        let refresh = session.as_ref().and_then(|session| session.refreshable(now));
        let (path, body) = match refresh {
            Some(token) => ("/partner/v1/session/refresh", json!({"refresh_token": token})),
            None => credentials.sign_in(),
        };
        let before = session.as_ref().filter(|_| refresh.is_some());
        let answer = self
            .client
            .call(DemoCall { method: Method::POST, path, token: None, body: Some(&body), headers: &[] })
            .await?;
        let session = DemoSession::of(&credentials, &answer, before, now)?;
        let access = session.access.clone();
        self.know(who, credentials, Some(session));
        Ok(access)
    }

    async fn call(
        &mut self,
        method: Method,
        who: &'static str,
        path: &str,
        body: Option<Value>,
    ) -> DemoResult<DemoAnswer> {
        let token = self.token(who).await?;
        self.client.call(DemoCall { method, path, token: Some(&token), body: body.as_ref(), headers: &[] }).await
    }

    /// `GET` as somebody.
    ///
    /// # Errors
    /// One line, where the answer is no success.
    pub async fn get(&mut self, who: &'static str, path: &str) -> DemoResult<DemoAnswer> {
        self.call(Method::GET, who, path, None).await
    }

    /// A survivor looks at an alert of theirs, which asks for the PIN again.
    ///
    /// # Errors
    /// One line, where the answer is no success.
    pub async fn own_alert(&mut self, who: &'static str, id: &str) -> DemoResult<DemoAnswer> {
        self.post(who, "/app/v1/session/confirm", json!({"pin": PIN})).await?;
        self.get(who, &format!("/app/v1/alerts/{id}")).await
    }

    /// `POST` as somebody.
    ///
    /// # Errors
    /// One line, where the answer is no success.
    pub async fn post(&mut self, who: &'static str, path: &str, body: Value) -> DemoResult<DemoAnswer> {
        self.call(Method::POST, who, path, Some(body)).await
    }

    /// `PUT` as somebody.
    ///
    /// # Errors
    /// One line, where the answer is no success.
    pub async fn put(&mut self, who: &'static str, path: &str, body: Value) -> DemoResult<DemoAnswer> {
        self.call(Method::PUT, who, path, Some(body)).await
    }
}
