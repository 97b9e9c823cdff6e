//! Each request is one line and one figure, also where its caller is gone before the answer, and no stranger makes figures.

use std::time::Instant;

use holdfast::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{HELP, NOTICED_WITHIN, figure, line, lines, metrics_of, scrape, until};
use crate::harness::binary::Installation;
use crate::harness::postgres::OwnPostgres;
use crate::harness::{Http, on_both};

const SESSION: &str = "/partner/v1/session";
/// A request as it is, and one that the edge refuses.
const HEADERS: [&[(&str, &str)]; 2] = [&[], &[("content-encoding", "gzip")]];

/// How often an operation was answered so.
fn answered(operation: &str, status: &str) -> String {
    format!("holdfast_request_seconds_count{{operation=\"{operation}\",status=\"{status}\"}}")
}

/// Sends the head of a request, and is gone once the server waits for the body.
async fn break_off(origin: &str, path: &str, more: &str) {
    let address = origin.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let kind = "Content-Type: application/json\r\nContent-Length: 90\r\nExpect: 100-continue";
    let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n{kind}\r\n{more}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 64];
    let read = stream.read(&mut answer).await.unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 100"), "{:?}", String::from_utf8_lossy(&answer[..read]));
    // The server is told at once, and not when it next writes.
    stream.set_zero_linger().unwrap();
}

on_both!(what_its_caller_breaks_off_is_counted_and_a_cry_as_it_was_answered, |app| async {
    let metrics = metrics_of(app);
    let p = app.partnership().await;
    break_off(&app.http.origin(), SESSION, "").await;
    let gone = until(&metrics, &answered("create_staff_session", "gone"), "1").await;
    assert_eq!(figure(&gone, HELP), "0");
    let token = format!("Authorization: Bearer {}\r\n", p.sos().token().await.unwrap());
    break_off(&app.http.origin(), "/app/v1/help-now", &token).await;
    until(&metrics, HELP, "1").await;
    assert_eq!(p.alerts().await.len(), 1);
});

/// The doors that the alerts on cries for help name, as figures name them.
fn doors() -> Vec<String> {
    let alerts = include_str!("../../../../packaging/prometheus/alerts.yml");
    let named = alerts.split("operation=~\"POST ").skip(1).filter_map(|rest| rest.split('"').next());
    let doors = named.flat_map(|named| {
        let (start, ends) = named.split_once('(').unwrap();
        ends.trim_end_matches(')').split('|').map(move |end| format!("{start}{end}"))
    });
    doors.collect()
}

on_both!(the_figures_that_alerts_on_cries_ask_for_are_there_from_the_start_and_grow, |app| async {
    let metrics = metrics_of(app);
    let doors = doors();
    assert!(doors.len() > 4, "the doors are not found: {doors:?}");
    let start = scrape(&metrics).await;
    for door in &doors {
        for status in ["2xx", "4xx", "5xx"] {
            assert_eq!(figure(&start, &answered(&format!("POST {door}"), status)), "0");
        }
    }
    for door in &doors {
        app.http.nobody().post(door, json!({})).await.refused(401, "unauthenticated");
    }
    app.http.nobody().get("/health/live").await.expect(200);
    app.http.send(Method::HEAD, "/health/ready", &[], None).await;
    let asked = scrape(&metrics).await;
    for door in &doors {
        let times = doors.iter().filter(|other| *other == door).count().to_string();
        assert_eq!(figure(&asked, &answered(&format!("POST {door}"), "4xx")), times);
    }
    // The alert on errors leaves these out by what they begin with.
    for operation in ["GET /health/live", "HEAD /health/ready"] {
        assert_eq!(figure(&asked, &answered(operation, "2xx")), "1");
    }
});

on_both!(what_a_stranger_asks_for_in_vain_makes_one_figure, |app| async {
    let metrics = metrics_of(app);
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    for method in methods {
        for path in ["/partner/v1/tasks", "/app/v1/evidence", "/public/v1/forces", "/nothing"] {
            for headers in HEADERS {
                app.http.send(method.clone(), path, headers, None).await;
            }
        }
    }
    let text = scrape(&metrics).await;
    let labels = text.lines().filter_map(|line| line.strip_prefix("holdfast_request_seconds_count{operation=\""));
    let refused = labels.filter_map(|labels| labels.split_once("\",status=\"4xx\"")).map(|(operation, _)| operation);
    let refused: Vec<&str> = refused.filter(|operation| !operation.starts_with("POST /app/v1/")).collect();
    assert!(refused.contains(&"none"), "{refused:?}");
    assert!(refused.iter().all(|operation| !operation.contains('/')), "{refused:?}");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guess_that_is_broken_off_and_a_head_are_lines_too() {
    let installation = tokio::task::spawn_blocking(Installation::create).await.unwrap();
    let server = installation.serve_with(&["--log-format", "json"]);
    let http = Http::new(server.origin.clone(), Clock::System);
    http.send(Method::HEAD, "/public/v1/forces", &[], None).await;
    break_off(&server.origin, SESSION, "").await;
    let began = Instant::now();
    while !installation.log().contains("a sign-in failed") {
        assert!(began.elapsed() < NOTICED_WITHIN, "{}", installation.log());
    }
    server.terminate();
    let lines = lines(&installation.log());
    let of = |operation: &'static str| move |line: &Value| line["fields"]["operation"] == operation;
    let gone = line(&lines, "broken off", of("create_staff_session"));
    assert_eq!((&gone["fields"]["status"], &gone["span"]["method"]), (&Value::Null, &json!("POST")));
    assert!(gone["span"]["request_id"].is_string(), "{gone}");
    line(&lines, "a sign-in failed", of("create_staff_session"));
    line(&lines, "answered", |line| line["span"]["method"] == "HEAD");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_read_logs_has_the_id_of_its_request() {
    let Some(mut postgres) = tokio::task::spawn_blocking(OwnPostgres::start).await.unwrap() else { return };
    let url = postgres.url();
    let installation = tokio::task::spawn_blocking(|| Installation::create_at(url)).await.unwrap();
    let server = installation.serve_with(&["--log-format", "json", "--no-worker"]);
    let http = Http::new(server.origin.clone(), Clock::System);
    http.nobody().get("/health/watch").await;
    postgres.kill();
    let refused = http.nobody().get("/health/watch").await;
    server.kill();
    let lines = lines(&installation.log());
    let id = refused.header("x-request-id").unwrap();
    line(&lines, "the database cannot be used just now", |line| line["span"]["request_id"] == id);
}
