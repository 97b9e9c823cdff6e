//! Every kind of answer, and of silence, that a receiver may give.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
mod receiver;

use receiver::{Receiver, Then};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;

fn headers() -> Vec<(&'static str, String)> {
    vec![("content-type", "application/json".into()), ("webhook-id", "msg_1".into())]
}

async fn post_to(receiver: &Receiver, deadline_ms: u64) -> AttemptResult {
    let outbound = Outbound::with_deadline(Loopback::Allowed, Duration::from_millis(deadline_ms)).unwrap();
    outbound.post(&receiver.url("http", "127.0.0.1"), &headers(), b"{\"test\":1}".to_vec()).await
}

async fn answer_to(answer: &str, then: Then) -> AttemptResult {
    post_to(&Receiver::start(answer, then).await, 5_000).await
}

fn status(line: &str, extra: &str) -> String {
    format!("HTTP/1.1 {line}\r\n{extra}content-length: 0\r\n\r\n")
}

const fn with(outcome: AttemptEnd) -> AttemptResult {
    AttemptResult { outcome, retry_after_seconds: None }
}

#[tokio::test]
async fn a_200_is_received_and_the_request_arrives_as_given() {
    let mut receiver = Receiver::start(status("200 OK", ""), Then::Close).await;
    assert_eq!(post_to(&receiver, 5_000).await, with(AttemptEnd::Received(200)));
    let request = receiver.requests.recv().await.unwrap();
    assert!(request.starts_with("POST /in HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"test\":1}"), "{request}");
    for line in ["content-type: application/json", "webhook-id: msg_1", &format!("user-agent: {USER_AGENT}")] {
        assert!(request.contains(&format!("\r\n{line}\r\n")), "{line}: {request}");
    }
}

#[tokio::test]
async fn only_a_2xx_is_received() {
    for (line, outcome) in [
        ("202 Accepted", AttemptEnd::Received(202)),
        ("204 No Content", AttemptEnd::Received(204)),
        ("299 Odd", AttemptEnd::Received(299)),
        ("300 Choices", AttemptEnd::Refused(300)),
        ("304 Not Modified", AttemptEnd::Refused(304)),
        ("400 Bad", AttemptEnd::Refused(400)),
        ("410 Gone", AttemptEnd::Refused(410)),
        ("429 Slow", AttemptEnd::Refused(429)),
        ("500 Broken", AttemptEnd::Refused(500)),
        ("999 Odd", AttemptEnd::Refused(999)),
    ] {
        assert_eq!(answer_to(&status(line, ""), Then::Close).await, with(outcome), "{line}");
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    for line in ["301 Moved", "302 Found", "303 Other", "307 Temporary", "308 Permanent"] {
        let mut elsewhere = Receiver::start(status("200 OK", ""), Then::Close).await;
        let location = format!("location: {}\r\n", elsewhere.url("http", "127.0.0.1"));
        let code = line.get(..3).unwrap().parse().unwrap();
        assert_eq!(answer_to(&status(line, &location), Then::Close).await, with(AttemptEnd::Refused(code)));
        assert!(elsewhere.requests.try_recv().is_err());
    }
}

#[tokio::test]
async fn every_odd_retry_after_is_harmless() {
    for (value, expected) in [
        ("0", Some(0)),
        ("30", Some(30)),
        ("  30 ", Some(30)),
        ("00030", Some(30)),
        ("86401", Some(86_400)),
        ("18446744073709551615", Some(86_400)),
        ("99999999999999999999999999999999999999999", Some(86_400)),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("1e3", None),
        ("0x10", None),
        ("NaN", None),
        ("30, 60", None),
        ("soon", None),
        ("३०", None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", Some(0)),
        ("Fri, 31 Dec 1999 23:59:59", None),
        ("Tue, 31 Feb 2036 00:00:00 GMT", None),
    ] {
        let answer = answer_to(&status("429 Slow", &format!("retry-after: {value}\r\n")), Then::Close).await;
        let expected = AttemptResult { outcome: AttemptEnd::Refused(429), retry_after_seconds: expected };
        assert_eq!(answer, expected, "{value:?}");
    }
    let answer = answer_to(&status("200 OK", "retry-after: 30\r\n"), Then::Close).await;
    assert_eq!(answer, with(AttemptEnd::Received(200)));
}

/// The three forms of RFC 9110, section 5.6.7, against the receiver's own clock, and without one against ours.
#[tokio::test]
async fn a_retry_after_as_a_date_is_honoured_in_every_form() {
    let date = "date: Sun, 06 Nov 2033 08:49:37 GMT\r\n";
    for (value, expected) in [
        ("Sun, 06 Nov 2033 08:49:57 GMT", 20),
        ("Sunday, 06-Nov-33 08:49:57 GMT", 20),
        ("Sun Nov  6 08:49:57 2033", 20),
        ("Sun, 06 Nov 2033 08:49:00 GMT", 0),
        ("Mon, 06 Nov 2034 08:49:57 GMT", 86_400),
    ] {
        let answer = answer_to(&status("503 Busy", &format!("{date}retry-after: {value}\r\n")), Then::Close).await;
        assert_eq!(answer.retry_after_seconds, Some(expected), "{value}");
    }
    let soon =
        httpdate::fmt_http_date(std::time::SystemTime::from(Clock::System.now().timestamp()) + Duration::from_secs(40));
    let answer = answer_to(&status("503 Busy", &format!("retry-after: {soon}\r\n")), Then::Close).await;
    assert!((30..=40).contains(&answer.retry_after_seconds.unwrap()), "{answer:?}");
}

#[tokio::test]
async fn a_slow_or_silent_receiver_is_left_at_the_deadline() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    for (answer, then) in [
        ("HTTP/1.1 200 OK\r\n\r\n", Then::Drip),
        ("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", Then::Drip),
        ("HTTP/1.1 200 OK\r\nx-slow: ", Then::Drip),
        (chunked, Then::Hang),
        ("", Then::Hang),
    ] {
        let receiver = Receiver::start(answer, then).await;
        let start = Instant::now();
        assert_eq!(post_to(&receiver, 200).await, with(AttemptEnd::Failed("timeout")), "{answer}");
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn the_status_of_a_refusal_counts_however_slow_its_body() {
    let answer = "HTTP/1.1 503 Busy\r\nretry-after: 7\r\n\r\n";
    for then in [Then::Drip, Then::Hang, Then::Flood] {
        let expected = AttemptResult { outcome: AttemptEnd::Refused(503), retry_after_seconds: Some(7) };
        assert_eq!(answer_to(answer, then).await, expected);
    }
}

#[tokio::test]
async fn an_endless_2xx_body_is_received_once_the_limit_is_reached() {
    for declared in ["", "content-length: 9223372036854775807\r\n"] {
        let answer = answer_to(&format!("HTTP/1.1 200 OK\r\n{declared}\r\n"), Then::Flood).await;
        assert_eq!(answer, with(AttemptEnd::Received(200)), "{declared}");
    }
}

#[tokio::test]
async fn a_2xx_that_breaks_off_is_not_received() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        assert_eq!(answer_to(answer, Then::Close).await, with(AttemptEnd::Failed("body")), "{answer}");
    }
}

#[tokio::test]
async fn a_reset_ends_a_body_only_where_no_end_was_declared() {
    let open = answer_to("HTTP/1.1 200 OK\r\n\r\nab", Then::Reset).await;
    assert_eq!(open, with(AttemptEnd::Received(200)));
    let declared = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab";
    assert_eq!(answer_to(declared, Then::Reset).await, with(AttemptEnd::Failed("body")));
}

#[tokio::test]
async fn no_answer_or_no_http_fails_with_a_stable_word() {
    assert_eq!(answer_to("", Then::Reset).await, with(AttemptEnd::Failed("connect")));
    assert_eq!(answer_to("", Then::Close).await, with(AttemptEnd::Failed("other")));
    assert_eq!(answer_to("SSH-2.0-OpenSSH_9\r\n", Then::Close).await, with(AttemptEnd::Failed("other")));
    assert_eq!(answer_to("HTTP/1.1 200", Then::Close).await, with(AttemptEnd::Failed("other")));
}

#[tokio::test]
async fn nobody_listening_is_a_failure_to_connect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let outbound = Outbound::new(Loopback::Allowed).unwrap();
    let answer = outbound.post(&url, &[], vec![]).await;
    assert_eq!(answer, with(AttemptEnd::Failed("connect")));
}

#[tokio::test]
async fn bad_tls_is_named() {
    let outbound = Outbound::new(Loopback::Allowed).unwrap();
    for (answer, then) in [(status("400 Bad", ""), Then::Close), (String::new(), Then::Close)] {
        let receiver = Receiver::start(answer, then).await;
        let answer = outbound.post(&receiver.url("https", "localhost"), &[], b"{\"test\":1}".to_vec()).await;
        assert_eq!(answer, with(AttemptEnd::Failed("tls")));
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_fails_and_nothing_leaves() {
    let mut receiver = Receiver::start(status("200 OK", ""), Then::Close).await;
    let outbound = Outbound::new(Loopback::Allowed).unwrap();
    let headers = [("webhook-id", "a\r\nx: b".to_owned())];
    let answer = outbound.post(&receiver.url("http", "127.0.0.1"), &headers, vec![]).await;
    assert_eq!(answer, with(AttemptEnd::Failed("other")));
    assert!(receiver.requests.try_recv().is_err());
}

#[tokio::test]
async fn a_url_that_the_guard_refuses_is_never_called() {
    let mut receiver = Receiver::start(status("200 OK", ""), Then::Close).await;
    let outbound = Outbound::new(Loopback::Refused).unwrap();
    for (scheme, host) in [
        ("http", "127.0.0.1"),
        ("https", "127.0.0.1"),
        ("https", "2130706433"),
        ("https", "[::ffff:127.0.0.1]"),
        ("https", "localhost"),
    ] {
        let answer = outbound.post(&receiver.url(scheme, host), &headers(), vec![]).await;
        assert_eq!(answer, with(AttemptEnd::Failed("blocked_address")), "{scheme} {host}");
    }
    assert!(receiver.requests.try_recv().is_err());
}

#[tokio::test]
async fn a_name_that_resolves_to_loopback_is_refused_when_connecting() {
    // The check of the URL is passed by, since it would refuse the name.
    let mut receiver = Receiver::start(status("200 OK", ""), Then::Close).await;
    let url = receiver.url("https", "localhost");
    let outbound = Outbound::new(Loopback::Refused).unwrap();
    let answer = outbound.attempt(url, &headers(), vec![]).await;
    assert_eq!(answer, with(AttemptEnd::Failed("blocked_address")));
    assert!(receiver.requests.try_recv().is_err());

    let outbound = Outbound::new(Loopback::Allowed).unwrap();
    let answer = outbound.attempt(receiver.url("http", "localhost"), &headers(), b"{\"test\":1}".to_vec()).await;
    assert_eq!(answer, with(AttemptEnd::Received(200)));
}

/// Public when asked first, of this machine from then on: what an attacker's name server answers whose records live for
/// no time at all.
fn public_first_and_private_later(_: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    // A sink for what nobody should have sent (RFC 7535): public, and nobody's receiver.
    let address = match ASKED.fetch_add(1, Ordering::SeqCst) {
        0 => [192, 31, 196, 1],
        _ => [127, 0, 0, 1],
    };
    Box::pin(async move { Ok(vec![SocketAddr::from((address, 0))]) })
}

#[tokio::test]
async fn a_name_that_is_public_first_and_private_later_never_leads_to_the_private_address() {
    let mut receiver = Receiver::start(status("200 OK", ""), Then::Close).await;
    let url = receiver.url("https", "rebinding.example.org");
    let resolver = PinnedResolver::asking(Loopback::Refused, public_first_and_private_later);
    let outbound = Outbound::with_resolver(Loopback::Refused, Duration::from_millis(300), resolver).unwrap();
    // The name passes the check of the URL each time. The first answer is connected to, as it was judged, and not asked
    // for again between judging and connecting: nobody answers there.
    let first = outbound.post(&url, &headers(), vec![]).await.outcome;
    assert!(matches!(first, AttemptEnd::Failed("timeout" | "connect")), "{first:?}");
    for _ in 0..2 {
        assert_eq!(outbound.post(&url, &headers(), vec![]).await, with(AttemptEnd::Failed("blocked_address")));
    }
    assert!(receiver.requests.try_recv().is_err());
}

fn public_and_private_at_once(_: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
    let both = [[127, 0, 0, 1], [192, 31, 196, 1]].map(|address| SocketAddr::from((address, 0)));
    Box::pin(async move { Ok(both.to_vec()) })
}

#[tokio::test]
async fn of_a_name_with_both_kinds_of_address_the_private_one_is_never_called() {
    let mut receiver = Receiver::start(status("200 OK", ""), Then::Close).await;
    let resolver = PinnedResolver::asking(Loopback::Refused, public_and_private_at_once);
    let outbound = Outbound::with_resolver(Loopback::Refused, Duration::from_millis(300), resolver).unwrap();
    let answer = outbound.post(&receiver.url("https", "both.example.org"), &headers(), vec![]).await;
    assert!(matches!(answer.outcome, AttemptEnd::Failed("timeout" | "connect")), "{answer:?}");
    assert!(receiver.requests.try_recv().is_err());
}

#[tokio::test]
async fn a_second_attempt_uses_the_connection_again() {
    let answer = status("200 OK", "connection: keep-alive\r\n");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/in", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        // One connection and no more: a second one would wait for ever.
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 4_096];
        while stream.read(&mut buffer).await.unwrap() > 0 {
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let outbound = Outbound::with_deadline(Loopback::Allowed, Duration::from_millis(2_000)).unwrap();
    for _ in 0..3 {
        assert_eq!(outbound.post(&url, &[], vec![]).await, with(AttemptEnd::Received(200)));
    }
}
