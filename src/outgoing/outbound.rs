//! The one way by which bytes leave the machine over HTTP: to webhook receivers and to the providers of notifications;
//! no other place makes an HTTP client.
//!
//! Used by the deliverers for each attempt. States of an attempt: received, refused, failed.
//! Guarantees: it ends within the deadline whatever the receiver does, reads at most 64 KiB of an
//! answer, follows no redirect, uses no proxy, sends the request at most once, and connects only to
//! an address that the guard accepted.
//!
//! Nothing here logs or returns a URL, a header or a body: an [`AttemptResult`] holds numbers and stable
//! words only.

use std::error::Error;
use std::io;
use std::time::Duration;

use httpdate::parse_http_date;
use reqwest::header::{CONTENT_LENGTH, DATE, HeaderMap, RETRY_AFTER, TRANSFER_ENCODING};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::timeout;
use url::Url;

use super::guard::{Loopback, PinnedResolver, ResolveError, check_url};
use crate::clock::Clock;

/// The time an attempt may take in all, from the look-up of the name to the end of the answer.
pub const DEADLINE: Duration = Duration::from_secs(15);
/// The part of the deadline that may go into look-up, connection and TLS handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How much of an answer's body is read before the rest is left unread.
const MAX_BODY_BYTES: usize = 64 * 1_024;
/// The longest `Retry-After` that is handed on, one day: the schedule caps it far lower, and sums
/// cannot overflow.
const MAX_RETRY_AFTER_SECONDS: u64 = 86_400;
const MAX_IDLE_PER_HOST: usize = 4;
const USER_AGENT: &str = concat!("Holdfast-Webhooks/", env!("CARGO_PKG_VERSION"));

/// What came of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptResult {
    /// Whether a machine at the other end took the message.
    pub outcome: AttemptEnd,
    /// The receiver's wish for the next attempt, at most 86,400 s; only with [`AttemptEnd::Refused`],
    /// given in seconds or as a date (RFC 9110, section 10.2.3). A date counts from the receiver's own
    /// `Date` where there is one, so that no difference of clocks matters. Anything odd counts as no wish.
    pub retry_after_seconds: Option<u64>,
}

/// What came of one call whose answer is read: of a provider that says in the body what went wrong.
#[derive(Clone, Debug)]
pub struct ProviderReply {
    /// As of an attempt.
    pub answer: AttemptResult,
    /// The body, at most 64 KiB of it, whatever the status; empty when none came.
    pub body: Vec<u8>,
}

/// Which version of HTTP a receiver takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2 from the first byte: what APNs takes.
    Http2,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptEnd {
    /// A 2xx status whose body ended in time, or reached 64 KiB: received by a machine, not yet
    /// read by a person.
    Received(u16),
    /// Any other status, 3xx and 410 included. Never a reason to drop an alert.
    Refused(u16),
    /// No whole answer. The word is stable: `blocked_address` (the guard refused the URL or every
    /// address of its name), `dns` (the name has no address), `connect` (no connection, or it broke
    /// before the answer), `tls`, `timeout` (the deadline passed, or the connection took too long),
    /// `body` (a 2xx that broke off before its declared end), `other` (closed without an answer, not
    /// HTTP, or a header that cannot be sent).
    Failed(&'static str),
}

impl AttemptResult {
    const fn failed(code: &'static str) -> Self {
        Self { outcome: AttemptEnd::Failed(code), retry_after_seconds: None }
    }
}

/// The client for outgoing webhooks; cheap to clone, and one is enough for the process.
///
/// Connections are kept and used again, so a change of a receiver's address is noticed when the
/// next one is opened.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    http2: Client,
    loopback: Loopback,
    deadline: Duration,
}

impl Outbound {
    /// A client with the deadline of 15 s.
    pub fn new(loopback: Loopback) -> Result<Self, reqwest::Error> {
        Self::with_deadline(loopback, DEADLINE)
    }

    /// A client with another deadline, so that tests of slow receivers do not wait 15 s.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_deadline(loopback: Loopback, deadline: Duration) -> Result<Self, reqwest::Error> {
        Self::with_resolver(loopback, deadline, PinnedResolver::new(loopback))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes an HTTP client")]
    fn with_resolver(loopback: Loopback, deadline: Duration, resolver: PinnedResolver) -> Result<Self, reqwest::Error> {
        let builder = || {
            Client::builder()
                .user_agent(USER_AGENT)
                .redirect(Policy::none())
                // A proxy from the environment would resolve the name itself and so undo the guard.
                .no_proxy()
                .dns_resolver(resolver)
                .https_only(loopback == Loopback::Refused)
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
                // The delivery's own schedule retries, and records each attempt.
                .retry(reqwest::retry::never())
        };
        let (client, http2) = (builder().http1_only().build()?, builder().http2_prior_knowledge().build()?);
        Ok(Self { client, http2, loopback, deadline })
    }

    /// Makes one attempt: posts `body` with `headers` to `url`, and says what came of it. Never
    /// fails otherwise.
    ///
    /// The URL is judged again here, because a literal address never reaches the resolver and the
    /// rules may have become stricter since registration. The caller gives every header,
    /// `content-type` included.
    pub async fn post(&self, url: &Url, headers: &[(&'static str, String)], body: Vec<u8>) -> AttemptResult {
        match check_url(url.as_str(), self.loopback) {
            Ok(url) => self.attempt(url, headers, body).await,
            Err(_) => AttemptResult::failed("blocked_address"),
        }
    }

    /// Makes one call and reads what was answered, also where it was refused: for providers whose body says why. All
    /// else as [`Self::post`].
    pub async fn call(
        &self,
        version: HttpVersion,
        url: &Url,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> ProviderReply {
        let nothing = |code| ProviderReply { answer: AttemptResult::failed(code), body: Vec::new() };
        let Ok(url) = check_url(url.as_str(), self.loopback) else { return nothing("blocked_address") };
        let client = if version == HttpVersion::Http2 { &self.http2 } else { &self.client };
        let request =
            headers.iter().fold(client.post(url).body(body), |request, (name, value)| request.header(*name, value));
        let exchange = async {
            match request.send().await {
                Ok(response) => read_reply(response).await,
                Err(error) => nothing(failure(&error)),
            }
        };
        timeout(self.deadline, exchange).await.unwrap_or_else(|_| nothing("timeout"))
    }

    /// One deadline is around everything: a limit per read would let a byte a second go on for
    /// ever.
    async fn attempt(&self, url: Url, headers: &[(&'static str, String)], body: Vec<u8>) -> AttemptResult {
        timeout(self.deadline, self.exchange(url, headers, body)).await.unwrap_or(AttemptResult::failed("timeout"))
    }

    async fn exchange(&self, url: Url, headers: &[(&'static str, String)], body: Vec<u8>) -> AttemptResult {
        let request = self.client.post(url).body(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        match request.send().await {
            Ok(response) if response.status().is_success() => read(response).await,
            // The status alone decides here, and dropping the answer closes the connection: a
            // receiver that is refusing must not hold the attempt with a slow page of explanation
            // as well.
            Ok(response) => AttemptResult {
                outcome: AttemptEnd::Refused(response.status().as_u16()),
                retry_after_seconds: retry_after(response.headers()),
            },
            Err(error) => AttemptResult::failed(failure(&error)),
        }
    }
}

/// Reads a 2xx answer to its end or to the limit, whichever comes first.
///
/// At the limit it counts as received: the receiver said so, and it is we who stopped listening. A
/// body that breaks off, or that the deadline cuts, counts as failed: trying again is harmless,
/// since the id stays the same, while an alert believed received and lost is not.
async fn read(mut response: Response) -> AttemptResult {
    let received =
        AttemptResult { outcome: AttemptEnd::Received(response.status().as_u16()), retry_after_seconds: None };
    let has_declared_end = [CONTENT_LENGTH, TRANSFER_ENCODING].iter().any(|name| response.headers().contains_key(name));
    let mut left = MAX_BODY_BYTES;
    // The declared length is not asked: it may lie. Pieces are counted and dropped at once.
    while left > 0 {
        match response.chunk().await {
            Ok(Some(piece)) => left = left.saturating_sub(piece.len()),
            Ok(None) => break,
            // Without a declared end the body ends with the connection (RFC 9112, section 6.3), and
            // many servers close TLS impolitely, which reads as an error.
            Err(_) if !has_declared_end => break,
            Err(_) => return AttemptResult::failed("body"),
        }
    }
    received
}

async fn read_reply(mut response: Response) -> ProviderReply {
    let (status, retry_after_seconds) = (response.status(), retry_after(response.headers()));
    let mut body = Vec::new();
    while body.len() < MAX_BODY_BYTES {
        match response.chunk().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => break,
            Err(_) if status.is_success() => {
                return ProviderReply { answer: AttemptResult::failed("body"), body: Vec::new() };
            }
            Err(_) => break,
        }
    }
    body.truncate(MAX_BODY_BYTES);
    let answer = match status.is_success() {
        true => AttemptResult { outcome: AttemptEnd::Received(status.as_u16()), retry_after_seconds: None },
        false => AttemptResult { outcome: AttemptEnd::Refused(status.as_u16()), retry_after_seconds },
    };
    ProviderReply { answer, body }
}

fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return seconds_until(text, headers);
    }
    // Only digits, so that parsing fails for no other reason than size.
    Some(text.parse().unwrap_or(u64::MAX).min(MAX_RETRY_AFTER_SECONDS))
}

/// Seconds until a date in one of the three forms of RFC 9110, section 5.6.7; none for what is no date, 0 for one that is
/// over.
fn seconds_until(text: &str, headers: &HeaderMap) -> Option<u64> {
    let at = parse_http_date(text.trim()).ok()?;
    let their_now = headers.get(DATE).and_then(|date| parse_http_date(date.to_str().ok()?.trim()).ok());
    let now = their_now.unwrap_or_else(|| Clock::System.now().timestamp().into());
    // A part of a second counts whole: nobody is called before the time that they asked for.
    let wait = at.duration_since(now).map_or(0, |wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    Some(wait.min(MAX_RETRY_AFTER_SECONDS))
}

/// The stable word for an attempt that got no answer.
///
/// TLS errors are told by the kind of I/O error in which the TLS layer wraps them: bad data at any
/// time, or an end in the middle of the handshake.
fn failure(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        return "timeout";
    }
    let mut next = error.source();
    while let Some(cause) = next {
        match cause.downcast_ref::<ResolveError>() {
            Some(ResolveError::Blocked) => return "blocked_address",
            Some(ResolveError::Lookup(_)) => return "dns",
            None => {}
        }
        match cause.downcast_ref::<io::Error>().map(inmost_kind) {
            Some(io::ErrorKind::InvalidData) => return "tls",
            Some(io::ErrorKind::UnexpectedEof) if error.is_connect() => return "tls",
            Some(_) => return "connect",
            None => {}
        }
        next = cause.source();
    }
    if error.is_connect() { "connect" } else { "other" }
}

/// The connector wraps one I/O error in another, and `source` steps over the inner one.
fn inmost_kind(error: &io::Error) -> io::ErrorKind {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    inner.map_or_else(|| error.kind(), inmost_kind)
}

#[cfg(test)]
mod tests;
