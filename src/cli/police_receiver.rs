//! `holdfast police-receiver`: a small receiver for forces and developers to try with. It verifies what comes, prints
//! the thin facts, takes each message once, and can acknowledge alerts as a police system would.

use std::collections::{HashSet, VecDeque};
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{App as WebApp, HttpRequest, HttpResponse, HttpServer, web};
use reqwest::Method;
use serde_json::json;

use super::demo::client::{Client, DemoCall};
use super::receiving::{self, ReceivedMessage, ReceiverKeys};
use super::{serve, start};
use crate::clock::Clock;

/// Ids that are remembered: far more than are retried at once.
const REMEMBERED: usize = 10_000;

/// What it is told.
#[derive(clap::Args)]
pub struct Arguments {
    /// Secret of the endpoint, whsec_…; without it nothing is verified
    #[arg(long, env = "HOLDFAST_RECEIVER_SECRET", value_name = "SECRET", hide_env_values = true)]
    secret: Option<String>,
    /// Public key of the endpoint, whpk_…; with it both signatures must be good
    #[arg(long, value_name = "KEY", requires = "secret")]
    public_key: Option<String>,
    /// Acknowledge each alert, as an officer
    #[arg(long, requires_all = ["api", "client_id", "client_secret", "officer"])]
    acknowledge: bool,
    /// Where the API is, such as <https://holdfast.example>
    #[arg(long, value_name = "URL")]
    api: Option<String>,
    /// The police system's client id
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The police system's client secret
    #[arg(long, env = "HOLDFAST_RECEIVER_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    client_secret: Option<String>,
    /// The officer's username
    #[arg(long, value_name = "NAME")]
    officer: Option<String>,
}

struct Receiver {
    keys: Option<ReceiverKeys>,
    seen: Mutex<(HashSet<String>, VecDeque<String>)>,
    desk: Option<Arc<Desk>>,
}

/// The person who acknowledges.
struct Desk {
    client: Client,
    client_id: String,
    client_secret: String,
    officer: String,
}

/// Receives until asked to stop.
///
/// # Errors
/// One line when it cannot start.
pub fn receive(bind: Option<&str>, arguments: Arguments) -> Result<ExitCode, String> {
    let listener = TcpListener::bind(bind.unwrap_or("127.0.0.1:0")).map_err(|error| format!("bind: {error}"))?;
    let address = listener.local_addr().map_err(|error| format!("bind: {error}"))?;
    let Arguments { secret, public_key, acknowledge, api, client_id, client_secret, officer } = arguments;
    let keys = secret.map(|secret| ReceiverKeys { secret, public_key });
    if let Some(keys) = &keys {
        keys.check()?;
    }
    let desk = match (acknowledge, api, client_id, client_secret, officer) {
        (true, Some(api), Some(client_id), Some(client_secret), Some(officer)) => {
            let client = Client::new(api.trim_end_matches('/').to_owned())?;
            Some(Arc::new(Desk { client, client_id, client_secret, officer }))
        }
        _ => None,
    };
    let is_verified = keys.is_some();
    let receiver = web::Data::new(Receiver { keys, seen: Mutex::default(), desk });
    start::runtime()?.block_on(async move {
        let stop = serve::on_signal()?;
        let server = HttpServer::new(move || WebApp::new().app_data(receiver.clone()).default_service(web::to(take)));
        let failed = |error: std::io::Error| format!("bind: {error}");
        let server = server.workers(1).disable_signals().listen(listener).map_err(failed)?.run();
        let (handle, running) = (server.handle(), tokio::spawn(server));
        say(&format!("receiving on http://{address}/"));
        if !is_verified {
            say("no --secret: nothing that comes is verified");
        }
        serve::until_stopped(stop).await;
        handle.stop(true).await;
        let _ended = running.await;
        Ok(ExitCode::SUCCESS)
    })
}

async fn take(receiver: web::Data<Receiver>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let now = Clock::System.now().unix_seconds();
    match receiving::read(&request, &body, receiver.keys.as_ref(), now) {
        Ok(message) if !receiver.is_new(&message.id) => {
            say(&format!("again    {}: had before", message.line()));
            HttpResponse::NoContent().finish()
        }
        Ok(message) => {
            let how = if receiver.keys.is_some() { "verified" } else { "unproved" };
            say(&format!("{how} {}{}", message.line(), facts(&message)));
            if let Some(desk) = receiver.desk.clone().filter(|_| is_to_acknowledge(&message)) {
                // The answer to the sender does not wait for a person, nor for this.
                tokio::spawn(async move { desk.acknowledge(message.alert()).await });
            }
            HttpResponse::NoContent().finish()
        }
        Err(why) => {
            say(&format!("refused  a message: {why}"));
            HttpResponse::BadRequest().finish()
        }
    }
}

fn is_to_acknowledge(message: &ReceivedMessage) -> bool {
    let phase = message.message_type.rsplit('.').next().unwrap_or_default();
    !message.alert().is_empty() && ["raised", "updated", "escalated", "exercise"].contains(&phase)
}

/// The facts that help a judgement, as far as any are stated.
fn facts(message: &ReceivedMessage) -> String {
    let named = [("threat", "/facts/threat"), ("risk", "/facts/risk/rating"), ("approach", "/approach")];
    let told = named.iter().filter_map(|(name, path)| {
        let value = message.data.pointer(path).filter(|value| **value != "not_stated")?;
        Some(format!("; {name} {}", value.to_string().replace('"', "")))
    });
    told.collect()
}

impl Receiver {
    /// Whether a message has not come before; from now on it has.
    fn is_new(&self, id: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (ids, order) = &mut *seen;
        if !ids.insert(id.to_owned()) {
            return false;
        }
        order.push_back(id.to_owned());
        if order.len() > REMEMBERED
            && let Some(oldest) = order.pop_front()
        {
            ids.remove(&oldest);
        }
        true
    }
}

impl Desk {
    async fn acknowledge(&self, alert: &str) {
        match self.try_acknowledge(alert).await {
            Ok(()) => say(&format!("answered {alert}: acknowledged by {}", self.officer)),
            Err(why) => say(&format!("answered {alert}: not acknowledged: {why}")),
        }
    }

    async fn try_acknowledge(&self, alert: &str) -> Result<(), String> {
        let body = json!({"client_id": self.client_id, "client_secret": self.client_secret});
        let token = self.post("/police/v1/token", None, &body).await?;
        let path = format!("/police/v1/alerts/{alert}/acknowledge");
        self.post(&path, Some(&token), &json!({"officer": self.officer})).await.map(drop)
    }

    /// Posts, and gives back the access token of the answer, where there is one.
    async fn post(&self, path: &str, token: Option<&str>, body: &serde_json::Value) -> Result<String, String> {
        let call = DemoCall { method: Method::POST, path, token, body: Some(body), headers: &[] };
        let answer = self.client.call(call).await?;
        Ok(answer.text("/access_token").unwrap_or_default().to_owned())
    }
}

/// Prints a line. A reader that has gone away is no fault.
fn say(line: &str) {
    use std::io::Write;
    let _gone = writeln!(std::io::stdout(), "{line}");
}
