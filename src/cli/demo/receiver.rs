//! The police force's receiver: takes alerts on a free loopback port, verifies each, and says so.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Stopwatch};

use actix_web::dev::Server;
use actix_web::{App as WebApp, HttpRequest, HttpResponse, HttpServer, web};

use super::{DemoResult, calendar, say};
use crate::cli::receiving::{self, ReceivedMessage, ReceiverKeys};
use crate::clock::Clock;

/// Where alerts are posted.
const PATH: &str = "/alerts";
/// How long one delivery is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether it has come.
const LOOK: Duration = Duration::from_millis(1);

/// A message that was received and verified.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its type, such as `safety.alert.raised`.
    pub message_type: String,
    /// The alert's reference.
    pub alert: String,
    /// When it had been verified, for measuring.
    pub at: Stopwatch,
}

#[derive(Default)]
struct Book {
    keys: Option<(String, String)>,
    received: Vec<Received>,
    refused: Vec<String>,
    held: Vec<String>,
    speaks_at_once: bool,
}

/// The receiver; clones share everything.
#[derive(Clone)]
pub struct Receiver {
    clock: Clock,
    port: u16,
    book: Arc<Mutex<Book>>,
}

impl Receiver {
    /// Starts it on a free port; the server is to be run.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn start(clock: Clock) -> Result<(Self, Server), String> {
        let failed = |error: std::io::Error| format!("police receiver: {error}");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let receiver = Self { clock, port, book: Arc::default() };
        let data = web::Data::new(receiver.clone());
        let server = HttpServer::new(move || WebApp::new().app_data(data.clone()).route(PATH, web::post().to(receive)));
        let server = server.workers(1).disable_signals().listen(listener).map_err(failed)?.run();
        Ok((receiver, server))
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives it the secret and the public key of its endpoint.
    pub fn trust(&self, secret: &str, public_key: &str) {
        self.book().keys = Some((secret.to_owned(), public_key.to_owned()));
    }

    /// The secret of its endpoint.
    ///
    /// # Errors
    /// When it was not given one yet.
    pub fn secret(&self) -> DemoResult<(String, String)> {
        self.book().keys.clone().ok_or_else(|| "the police receiver was given no secret".to_owned())
    }

    /// Prints what was noted and not yet told. While the story is told the receiver waits for its turn.
    pub fn print_held(&self) {
        let held = std::mem::take(&mut self.book().held);
        for line in held {
            say(&line);
        }
    }

    /// From now on, each line is printed when it happens.
    pub fn speak_at_once(&self) {
        self.print_held();
        self.book().speaks_at_once = true;
    }

    fn note(&self, line: &str) {
        let line = format!("{}  police: {line}", calendar::local(self.clock.now()));
        let mut book = self.book();
        if book.speaks_at_once {
            drop(book);
            say(&line);
        } else {
            book.held.push(line);
        }
    }

    /// Waits until a message of this type about this alert has been verified.
    ///
    /// # Errors
    /// When it does not come, or anything was refused.
    pub async fn wait_for(&self, message_type: &str, alert: &str) -> DemoResult<Received> {
        let began = Stopwatch::now();
        while began.elapsed() < PATIENCE {
            self.must_be_clean()?;
            let is_it = |received: &&Received| received.message_type == message_type && received.alert == alert;
            if let Some(found) = self.book().received.iter().find(is_it) {
                return Ok(found.clone());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("the police received no {message_type} about {alert} within {} s", PATIENCE.as_secs()))
    }

    /// How many messages it verified.
    pub fn count(&self) -> usize {
        self.book().received.len()
    }

    /// Makes sure that everything that came was verified.
    ///
    /// # Errors
    /// One line, where something was not.
    pub fn must_be_clean(&self) -> DemoResult<()> {
        self.book().refused.first().map_or(Ok(()), |why| Err(format!("the police refused a message: {why}")))
    }

    /// Verifies a message as any receiver would: with its own secret and key, and against the machine's clock.
    fn verify(&self, request: &HttpRequest, body: &[u8]) -> Result<ReceivedMessage, String> {
        let (secret, public_key) = self.secret()?;
        let keys = ReceiverKeys { secret, public_key: Some(public_key) };
        receiving::read(request, body, Some(&keys), self.clock.real().unix_seconds())
    }
}

async fn receive(receiver: web::Data<Receiver>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    match receiver.verify(&request, &body) {
        Ok(message) => {
            receiver.note(&format!("verified {}", message.line()));
            let (alert, message_type) = (message.alert().to_owned(), message.message_type);
            receiver.book().received.push(Received { message_type, alert, at: Stopwatch::now() });
            HttpResponse::NoContent().finish()
        }
        Err(why) => {
            receiver.note(&format!("refused a message: {why}"));
            receiver.book().refused.push(why);
            HttpResponse::BadRequest().finish()
        }
    }
}
