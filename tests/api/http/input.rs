//! What arrives is not trusted: each odd body, header and value gets one clear refusal.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{Partnership, Reply, TestApp, on_both};

const PATH: &str = "/app/v1/check-ins";

/// Sends bytes as they stand, over a connection of its own; answers status and body.
pub async fn raw(app: &TestApp, head: &str, body: &[u8]) -> (u16, String) {
    let address = format!("127.0.0.1:{}", app.inner.config.bind.port());
    let mut stream = TcpStream::connect(address).await.unwrap();
    let sent = [head.as_bytes(), b"\r\n\r\n", body].concat();
    // A server that has refused need not read to the end.
    let (mut reader, mut writer) = stream.split();
    let _ = writer.write_all(&sent).await;
    let mut answer = Vec::new();
    let mut part = [0; 4_096];
    while !has_whole_body(&answer) {
        match reader.read(&mut part).await {
            Ok(0) | Err(_) => break,
            Ok(read) => answer.extend_from_slice(&part[..read]),
        }
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no answer to {head}")), answer)
}

fn has_whole_body(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    length.is_some_and(|length: usize| body.len() >= length)
}

async fn head(app: &TestApp, p: &Partnership, more: &str) -> String {
    let (token, port) = (p.phone().token().await.unwrap(), app.inner.config.bind.port());
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: k\r\n{more}"
    )
}

async fn bytes(app: &TestApp, p: &Partnership, body: &[u8]) -> (u16, String) {
    let more = format!("Content-Type: application/json\r\nContent-Length: {}", body.len());
    raw(app, &head(app, p, &more).await, body).await
}

on_both!(what_is_not_json_is_400, |app| async {
    let p = app.partnership().await;
    let deep = [vec![b'['; 10_000], vec![b']'; 10_000]].concat();
    let deep_field = format!("{{\"status\":{}1{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    let bodies: [&[u8]; 8] = [
        b"{",
        b"x",
        &deep,
        b"{\"status\":\"safe\",\"note\":\"\xff\xfe\"}",
        b"{\"status\":\"safe\",\"note\":\"\\ud800\"}",
        b"{\"status\":\"safe\",\"feeling_safe\":01}",
        b"\xef\xbb\xbf{\"status\":\"safe\"}",
        b"{\"status\":\"safe\",\"note\":\"\x01\"}",
    ];
    for body in bodies {
        let (status, answer) = bytes(app, &p, body).await;
        assert!(status == 400 && answer.contains("malformed_json"), "{}: {answer}", String::from_utf8_lossy(body));
    }
    let (status, answer) = bytes(app, &p, deep_field.as_bytes()).await;
    assert!(status == 400 || status == 422, "{answer}");
});

#[track_caller]
fn names(reply: &Reply, pointer: &str) {
    let problem = reply.refused(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], pointer, "{}", reply.body);
}

on_both!(what_is_wrong_json_is_422_and_says_where, |app| async {
    let (p, now) = (app.partnership().await, app.now_text());
    let with = |field: &str, value: Value| {
        let mut body = json!({"status": "safe", "recorded_at": now});
        body[field] = value;
        body
    };
    let cases = [
        (with("feeling_safe", json!(5)), "/feeling_safe"),
        (with("feeling_safe", json!(-1)), "/feeling_safe"),
        (with("feeling_safe", json!(2.5)), "/feeling_safe"),
        (with("feeling_safe", json!(9_223_372_036_854_775_807_i64)), "/feeling_safe"),
        (with("feeling_safe", json!(18_446_744_073_709_551_615_u64)), "/feeling_safe"),
        (with("feeling_safe", json!("2")), "/feeling_safe"),
        (with("status", json!("fine")), "/status"),
        (with("note", json!("a\0b")), "/note"),
        (with("note", json!("  ")), "/note"),
        (with("note", json!("x".repeat(12_001))), "/note"),
        (with("location", json!({"lat": 91, "lon": 0, "accuracy_m": 1})), "/location"),
        (with("recorded_at", json!("2026-11-21T12:00:00")), "/recorded_at"),
        (with("recorded_at", json!("2026-02-30T12:00:00Z")), "/recorded_at"),
        (with("recorded_at", json!("yesterday")), "/recorded_at"),
        (with("recorded_at", Value::Null), "/recorded_at"),
        (with("check_in_id", json!("not-an-id")), "/check_in_id"),
        (json!({"status": "safe"}), "/recorded_at"),
        (json!([]), ""),
    ];
    for (body, pointer) in cases {
        names(&p.phone().post(PATH, body).await, pointer);
    }
    for field in ["role", "organisation_id", "state", "created_at", "id", "survivor_id"] {
        let reply = p.phone().post(PATH, with(field, json!("x"))).await;
        names(&reply, &format!("/{field}"));
        assert_eq!(reply.json()["errors"][0]["code"], "unknown_field");
    }
    let twice = format!("{{\"status\":\"safe\",\"status\":\"safe\",\"recorded_at\":\"{now}\"}}");
    let (status, answer) = bytes(app, &p, twice.as_bytes()).await;
    assert!(status == 422 && answer.contains("duplicate"), "{answer}");
});

on_both!(a_refusal_never_repeats_what_was_sent, |app| async {
    let p = app.partnership().await;
    for body in [json!({"status": "Xanthippe"}), json!({"Xanthippe": 1}), json!({"recorded_at": "Xanthippe"})] {
        let reply = p.phone().post(PATH, body.clone()).await;
        let detail = reply.json()["errors"][0]["detail"].to_string();
        assert!(!detail.contains("Xanthippe"), "{body}: {}", reply.body);
    }
});

on_both!(a_body_of_100_mb_is_refused_whether_it_says_so_or_not, |app| async {
    let p = app.partnership().await;
    let json = "Content-Type: application/json\r\n";
    // Where a cry for help may come by, a body is read as far as it goes before it is refused.
    let at_once = |head: String| head.replace(PATH, "/app/v1/timers");
    let declared = at_once(head(app, &p, &format!("{json}Content-Length: 104857600")).await);
    let (status, answer) = raw(app, &declared, b"{").await;
    assert!(status == 413 && answer.contains("body_too_large"), "{answer}");
    let chunked = at_once(head(app, &p, &format!("{json}Transfer-Encoding: chunked")).await);
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let (status, answer) = raw(app, &chunked, chunk.repeat(9).as_bytes()).await;
    assert!(status == 413 && answer.contains("body_too_large"), "{answer}");
});

on_both!(only_plain_json_is_taken, |app| async {
    let p = app.partnership().await;
    let body = format!("{{\"status\":\"safe\",\"recorded_at\":\"{}\"}}", app.now_text());
    let length = format!("Content-Length: {}", body.len());
    for encoding in ["gzip", "br", "deflate", "zstd", "identity, gzip", "nonsense"] {
        let more = format!("Content-Type: application/json\r\nContent-Encoding: {encoding}\r\n{length}");
        let (status, answer) = raw(app, &head(app, &p, &more).await, body.as_bytes()).await;
        assert!(status == 415 && answer.contains("unsupported_encoding"), "{encoding}: {answer}");
    }
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"] {
        let more = format!("Content-Type: {media}\r\n{length}");
        let (status, answer) = raw(app, &head(app, &p, &more).await, body.as_bytes()).await;
        assert!(status == 415 && answer.contains("unsupported_media_type"), "{media}: {answer}");
    }
    let (status, answer) = raw(app, &head(app, &p, &length).await, body.as_bytes()).await;
    assert!(status == 415, "without a media type: {answer}");
    let more = format!("Content-Type: application/json; charset=utf-8\r\nContent-Encoding: identity\r\n{length}");
    let (status, answer) = raw(app, &head(app, &p, &more).await, body.as_bytes()).await;
    assert_eq!(status, 201, "{answer}");
});

on_both!(headers_have_a_limit, |app| async {
    let p = app.partnership().await;
    let long = "x".repeat(40_000);
    let reply = p.phone().send(reqwest::Method::GET, PATH, &[("x-filler", &long)], None).await;
    reply.refused(431, "headers_too_large");
});

on_both!(an_address_takes_its_methods_and_no_others, |app| async {
    let p = app.partnership().await;
    let reply = p.phone().send(reqwest::Method::DELETE, PATH, &[], None).await;
    reply.refused(405, "method_not_allowed");
    let allowed = reply.header("allow").unwrap_or_default();
    assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed}");
    for path in ["/app/v1/nothing", "/", "/app/v1/incidents/not-an-id", "/app/v1/alerts/%00"] {
        p.phone().get(path).await.refused(404, "not_found");
    }
});

on_both!(parameters_are_strict, |app| async {
    let p = app.partnership().await;
    for query in
        ["limit=0", "limit=201", "limit=-1", "limit=x", "cursor=bad", "cursor=AAAA", "page=2", "limit=1&limit=2"]
    {
        let reply = p.phone().get(&format!("{PATH}?{query}")).await;
        assert_eq!(reply.status.as_u16(), 422, "{query}: {}", reply.body);
    }
    for query in ["limit=1", "limit=200", ""] {
        p.phone().get(&format!("{PATH}?{query}")).await.expect(200);
    }
});
