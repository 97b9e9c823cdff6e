//! A cry for help is heard, whatever comes with it: help-now, a check-in of status `help_now`, an incident that is happening
//! now, and the same among what a phone kept while it was offline.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use holdfast::db::Access;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::harness::{Caller, Partnership, Reply, TestApp, on_both, text};
use crate::http::input::raw;

const HELP_NOW: &str = "/app/v1/help-now";
const CHECK_INS: &str = "/app/v1/check-ins";
const INCIDENTS: &str = "/app/v1/incidents";
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

async fn send(caller: &Caller, path: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Reply {
    caller.send_bytes(Method::POST, path, headers, body).await.reply
}

/// What an answer names as dropped, of an answer that has an alert.
#[track_caller]
fn heard(reply: &Reply, about: &str) -> Vec<String> {
    let answer = reply.expect(201);
    assert!(answer["alert"]["id"].is_string(), "{about}: {answer}");
    let dropped = answer.get("dropped").cloned().unwrap_or_else(|| json!([]));
    serde_json::from_value(dropped).unwrap()
}

/// What an incident that is happening now says, with a change.
fn danger(app: &TestApp, change: Value) -> Value {
    let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": ["attend_home"], "account": "Outside.",
        "fear": 2, "visibility": "advocate", "happening_now": true, "recorded_at": app.now_text()});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

async fn only_alert(p: &Partnership) -> Value {
    let alerts = p.alerts().await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    p.advocate.get(&format!("/partner/v1/alerts/{}", text(&alerts[0], "id"))).await.expect(200)
}

on_both!(help_now_is_201_whatever_the_body_and_names_what_it_dropped, |app| async {
    let p = app.partnership().await;
    let long = format!("{{\"note\":\"{}\"}}", "\u{1f6a8}".repeat(17_000));
    let huge = format!("{{\"battery\":5,\"note\":\"{}\"}}", "x".repeat(3 * 1_024 * 1_024));
    let zip: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let at = |text: &str| format!("{{\"recorded_at\":{text}}}");
    let cases: Vec<(Vec<u8>, &[&str])> = vec![
        (b"".to_vec(), &[""]),
        (b"{}".to_vec(), &[]),
        (b"[]".to_vec(), &[""]),
        (b"help".to_vec(), &[""]),
        (zip.to_vec(), &[""]),
        (b"{\"note\":\"He is at the do".to_vec(), &[""]),
        (b"{\"note\":\"He is at the door \\ud83d\"}".to_vec(), &["/note"]),
        (b"{\"note\":\"\xff\xfe he\0re\",\"battery\":-1}".to_vec(), &["/battery", "/note"]),
        (b"{\"location\":{\"lat\":1e999,\"lon\":1,\"accuracy_m\":1}}".to_vec(), &["/location"]),
        (
            b"{\"location\":{\"lat\":53.3,\"lon\":\"-1.4\",\"accuracy_m\":-1,\"altitude\":3}}".to_vec(),
            &["/location/accuracy_m"],
        ),
        (b"{\"battery\":64.0,\"app_version\":\"2.1\"}".to_vec(), &[]),
        (b"{\"battery\":101,\"battery\":7}".to_vec(), &["/battery"]),
        (long.into_bytes(), &["/note"]),
        (huge.into_bytes(), &[""]),
        (at("null").into_bytes(), &[]),
        (at("1764447245").into_bytes(), &["/recorded_at"]),
        (at("\"2026-11-29T8:14:05 PMZ\"").into_bytes(), &["/recorded_at"]),
        (at("\"2026-11-29T20:14:05\"").into_bytes(), &["/recorded_at"]),
        (at("\"٢٠٢٦-١١-٢٩T٢٠:١٤:٠٥Z\"").into_bytes(), &[]),
    ];
    for (body, dropped) in cases {
        let about = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        for caller in [p.sos(), p.phone()] {
            let reply = send(caller, HELP_NOW, JSON, body.clone()).await;
            assert_eq!(heard(&reply, &about), dropped, "{about}: {}", reply.body);
        }
    }
    let named = only_alert(&p).await["dropped"].clone();
    assert_eq!(named, json!([""]), "the whole is above all");
});

on_both!(help_now_takes_any_header_or_none, |app| async {
    let p = app.partnership().await;
    let body = format!("{{\"recorded_at\":\"{}\",\"battery\":9}}", app.now_text());
    let long = "k".repeat(300);
    let odd: [&[(&str, &str)]; 8] = [
        &[],
        &[("content-type", "text/plain")],
        &[("content-type", "multipart/form-data; boundary=x")],
        &[("content-type", "")],
        &[("idempotency-key", "with space")],
        &[("idempotency-key", &long)],
        &[("x-filler", &"x".repeat(40_000))],
        &[("accept-language", "???"), ("accept", "image/png")],
    ];
    for headers in odd {
        let reply = send(p.sos(), HELP_NOW, headers, body.clone()).await;
        assert_eq!(heard(&reply, &format!("{headers:?}")), Vec::<String>::new(), "{headers:?}");
    }
    for encoding in ["gzip", "br", "nonsense"] {
        let reply = send(p.sos(), HELP_NOW, &[("content-encoding", encoding)], body.clone()).await;
        assert_eq!(heard(&reply, encoding), [""], "never decompressed: {encoding}");
    }
    // Who may not call is refused as ever.
    let nobody = app.http.send(Method::POST, HELP_NOW, &[("authorization", "Bearer sos_x")], None).await;
    nobody.refused(401, "unauthenticated");
    p.officer.post(HELP_NOW, json!({})).await.refused(401, "unauthenticated");
});

/// Sends bytes over a connection of its own, and is gone.
async fn hang_up(app: &TestApp, head: &str, body: &[u8]) {
    let address = format!("127.0.0.1:{}", app.inner.config.bind.port());
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&[head.as_bytes(), b"\r\n\r\n", body].concat()).await.unwrap();
}

/// Waits until the only alert names so many presses, with what was dropped of them.
async fn presses(p: &Partnership, count: usize) -> Vec<Value> {
    for _ in 0..100 {
        let alert = only_alert(p).await;
        let heard = alert["triggers"].as_array().unwrap();
        if heard.len() >= count {
            return heard.iter().map(|press| press["dropped"].clone()).collect();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("press {count} was never heard")
}

on_both!(help_now_is_heard_over_a_connection_that_breaks_off, |app| async {
    let p = app.partnership().await;
    let (token, port) = (p.sos().token().await.unwrap(), app.inner.config.bind.port());
    let head = |more: &str| {
        format!("POST {HELP_NOW} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n{more}")
    };
    let chunk = "5\r\n{\"bat\r\n6\r\ntery\":\r\n2\r\n7}\r\n0\r\n\r\n";
    let (status, answer) = raw(app, &head("Transfer-Encoding: chunked"), chunk.as_bytes()).await;
    assert!(status == 201 && !answer.contains("dropped"), "{answer}");
    let (status, answer) = raw(app, &head("Content-Length: 0"), b"").await;
    assert!(status == 201 && answer.contains("\"dropped\":[\"\"]"), "{answer}");
    // Nobody is left to read an answer: the server hangs up on chunks that are none, or the phone has gone.
    let broken: [(&str, &[u8]); 3] = [
        ("Transfer-Encoding: chunked", b"5\r\n{\"not\r\nzz\r\n"),
        ("Transfer-Encoding: chunked", b"b\r\n{\"batt"),
        ("Content-Length: 90", b"{\"battery\":"),
    ];
    for (at, (more, body)) in broken.into_iter().enumerate() {
        hang_up(app, &head(more), body).await;
        let dropped = presses(&p, 3 + at).await;
        let cut_off = dropped.iter().filter(|dropped| **dropped == json!([""])).count();
        assert_eq!((dropped.len(), cut_off), (3 + at, 2 + at), "{more}: {dropped:?}");
    }
});

on_both!(coordinates_survive_whatever_stands_next_to_them, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "location.moment", "location.release_alert"]).await;
    for place in [
        json!({"lat": 53.38, "lon": -1.47}),
        json!({"lat": 53.38, "lon": -1.47, "accuracy_m": null}),
        json!({"lat": 53.38, "lon": -1.47, "accuracy_m": -1}),
        json!({"lat": 53.38, "lon": -1.47, "accuracy_m": 5, "altitude": 80.5, "floor": {"level": 2}}),
        json!({"lat": "53.38", "lon": "-1.47", "accuracy_m": "five"}),
    ] {
        let phone = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await.phone;
        for scope in ["alert.police.help_now", "location.moment"] {
            let body = json!({"granted": true, "text_version": "1"});
            phone.session.put(&format!("/app/v1/consents/{scope}"), body).await.expect(200);
        }
        let body = json!({"granted": true, "text_version": "2"});
        phone.session.put("/app/v1/consents/location.release_alert", body).await.expect(200);
        let alert = phone.sos.post(HELP_NOW, json!({"location": place})).await.expect(201)["alert"].clone();
        app.settle().await;
        let path = format!("/police/v1/alerts/{}", text(&alert, "reference"));
        let headers = [("holdfast-officer", "pc.4417"), ("holdfast-reason", "Attending")];
        let read = p.police_system.send(Method::GET, &path, &headers, None).await.expect(200);
        assert_eq!(
            (&read["location"]["lat"], &read["location"]["lon"]),
            (&json!(53.38), &json!(-1.47)),
            "{place}: {read}"
        );
    }
});

on_both!(a_check_in_that_cries_for_help_is_refused_over_nothing, |app| async {
    let p = app.partnership().await;
    let with = |change: Value| {
        let mut body = json!({"status": "help_now", "recorded_at": app.now_text()});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body.to_string()
    };
    let cases: Vec<(String, &[&str])> = vec![
        (with(json!({"battery": -1, "feeling_safe": 5, "note": ""})), &["/battery", "/feeling_safe"]),
        (with(json!({"battery": 0.64})), &["/battery"]),
        (with(json!({"location": {"lat": 53.38, "lon": -1.47, "altitude": 80.0}})), &[]),
        (
            with(json!({"contact_by": ["signal", "sms"], "contact_since_last": "maybe"})),
            &["/contact_by/0", "/contact_since_last"],
        ),
        (with(json!({"note": "a".repeat(12_001), "check_in_id": 7, "newer": []})), &["/check_in_id", "/note"]),
        (with(json!({"check_in_id": uuid::Uuid::nil()})), &[]),
        (
            with(json!({"wellbeing": {"sleep": 9, "calm": 2}, "answers": [{"question_id": 1}]})),
            &["/answers/0", "/wellbeing/sleep"],
        ),
        ("{\"status\":\"help_now\"}".into(), &[]),
        ("{\"status\":\"help_now\",\"note\":\"\\ud83d".into(), &[""]),
        ("{\"note\":1e999,\"status\":\"HELP_NOW\"".into(), &[""]),
    ];
    for (body, dropped) in cases {
        for (caller, headers) in [(p.sos(), JSON), (p.phone(), &[][..])] {
            let reply = send(caller, CHECK_INS, headers, body.clone()).await;
            assert_eq!(heard(&reply, &body), dropped, "{body}: {}", reply.body);
        }
    }
    // What is no cry keeps its rules.
    let safe = json!({"status": "safe", "recorded_at": app.now_text(), "battery": -1});
    p.phone().post(CHECK_INS, safe).await.refused(422, "invalid");
    p.sos()
        .post(CHECK_INS, json!({"status": "safe", "recorded_at": app.now_text()}))
        .await
        .refused(403, "safe_needs_pin");
    send(p.sos(), CHECK_INS, JSON, "{\"status\":\"safe\"}").await.refused(422, "invalid");
    send(p.sos(), CHECK_INS, JSON, "{\"status\"").await.refused(400, "malformed_json");
});

on_both!(a_concern_by_the_sos_token_is_read_leniently_and_keeps_its_key, |app| async {
    let p = app.partnership().await;
    let body = json!({"status": "concern", "battery": 300, "newer": 1});
    let answer = p.sos().post_keyed(CHECK_INS, "one", &body).await;
    assert_eq!(heard(&answer, "concern"), ["/battery"]);
    let again = p.sos().post_keyed(CHECK_INS, "one", &body).await;
    assert_eq!((again.expect(201), again.header("idempotent-replayed")), (answer.json(), Some("true")));
    p.sos().post_keyed(CHECK_INS, "one", &json!({"status": "concern"})).await.refused(422, "idempotency_key_reused");
    send(p.sos(), CHECK_INS, JSON, body.to_string()).await.refused(400, "idempotency_key_missing");
    p.phone().post(CHECK_INS, body).await.refused(422, "invalid");
});

on_both!(danger_that_is_happening_is_refused_over_nothing_and_stands_on_what_is_safe, |app| async {
    let p = app.partnership().await;
    let cases: Vec<(String, &[&str])> = vec![
        (danger(app, json!({"behaviours": ["attend_home", "new_kind"]})).to_string(), &["/behaviours/1"]),
        (
            danger(app, json!({"behaviours": ["new_kind"], "place": "", "force_id": "atlantis"})).to_string(),
            &["/behaviours", "/force_id"],
        ),
        (
            danger(app, json!({"happened": {"precision": "exact", "from": "now"}, "fear": 9})).to_string(),
            &["/fear", "/happened"],
        ),
        (
            danger(app, json!({"fear": 4.0, "visibility": "everybody", "account": null})).to_string(),
            &["/account", "/visibility"],
        ),
        (danger(app, json!({"order_condition_id": p.survivor.id})).to_string(), &["/order_condition_id"]),
        ("{\"happening_now\":true}".into(), &["/account", "/behaviours", "/fear", "/happened", "/visibility"]),
        ("{\"happening_now\":true,\"behaviours\":[\"attend_home\"],\"account\":\"He is".into(), &[""]),
    ];
    for (body, dropped) in cases {
        for headers in [JSON, &[][..]] {
            let reply = send(p.phone(), INCIDENTS, headers, body.clone()).await;
            assert_eq!(heard(&reply, &body), dropped, "{body}: {}", reply.body);
            assert_eq!(reply.json()["severity"], 4, "{body}");
        }
    }
    let rules: Vec<Value> = p.alerts().await.iter().map(|alert| alert["rule"].clone()).collect();
    assert!(rules.contains(&json!("danger_now")), "{rules:?}");
    // What nobody could read is the survivor's alone.
    let kept = p.phone().list(INCIDENTS).await;
    let bare = kept.iter().find(|kept| kept["account"] == "" && kept["behaviours"] == json!([])).unwrap();
    assert_eq!((&bare["visibility"], &bare["fear"]), (&json!("private"), &json!(4)));
    p.phone().post(INCIDENTS, danger(app, json!({"happening_now": false, "fear": 9}))).await.refused(422, "invalid");
    p.sos().post(INCIDENTS, danger(app, json!({}))).await.refused(401, "unauthenticated");
});

on_both!(cries_among_what_a_phone_kept_are_heard_whatever_else_is_wrong, |app| async {
    let p = app.partnership().await;
    let sync = "/app/v1/sync";
    let item = |path: &str, body: &str| format!("{{\"method\":\"POST\",\"path\":\"{path}\",\"body\":{body}}}");
    let cries = [
        item(HELP_NOW, "{\"note\":\"\\ud83d\",\"battery\":101}"),
        item(CHECK_INS, "{\"status\":\"help_now\",\"battery\":101}"),
        item(INCIDENTS, "{\"happening_now\":true}"),
    ];
    let safe = item(CHECK_INS, &format!("{{\"status\":\"safe\",\"recorded_at\":\"{}\"}}", app.now_text()));
    let body = format!("{{\"newer\":1,\"items\":[{},{safe},{},{}]}}", cries[0], cries[1], cries[2]);
    let answer = send(p.phone(), sync, &[], body).await.expect(200);
    let statuses: Vec<u64> =
        answer["items"].as_array().unwrap().iter().map(|item| item["status"].as_u64().unwrap()).collect();
    assert_eq!((statuses[0], statuses[2], statuses[3]), (201, 201, 201), "{answer}");
    assert!(statuses[1] >= 400, "what is no cry keeps its rules: {answer}");
    assert_eq!(answer["items"][0]["body"]["dropped"], json!(["/battery", "/note"]));
    assert_eq!(answer["items"][2]["body"]["dropped"], json!(["/battery"]));
    // Cut off in the middle of the last.
    let cut = format!("{{\"items\":[{}", &cries[1][..cries[1].len() - 4]);
    let answer = send(p.phone(), sync, JSON, cut).await.expect(200);
    assert_eq!((&answer["items"][0]["status"], &answer["items"][0]["body"]["dropped"]), (&json!(201), &json!([""])));
    send(p.phone(), sync, JSON, format!("{{\"items\":[{safe}")).await.refused(400, "malformed_json");
});

on_both!(a_cry_is_heard_while_the_key_store_is_away, |app| async {
    let p = app.partnership().await;
    p.consent(&["location.moment"]).await;
    let tables = |sql: &str| app.inner.config.key_store.connect(Access::Write).unwrap().batch_execute(sql).unwrap();
    // An instance that has read no key yet.
    let other = app.other_server().await;
    tables("ALTER TABLE subject_keys RENAME TO subject_keys_away");
    let place = json!({"lat": 53.38, "lon": -1.47, "accuracy_m": 5});
    let cry = json!({"note": "He is here", "location": place, "battery": 5, "recorded_at": app.now_text()});
    let bearer = format!("Bearer {}", p.sos().token().await.unwrap());
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "one")];
    for _ in 0..2 {
        let reply = other.send(Method::POST, HELP_NOW, &headers, Some(&cry)).await;
        assert_eq!(heard(&reply, "keys away"), ["/location", "/note"]);
    }
    let session = format!("Bearer {}", p.phone().token().await.unwrap());
    let headers = [("authorization", session.as_str())];
    let mut check_in = cry.clone();
    check_in["status"] = json!("help_now");
    let reply = other.send(Method::POST, CHECK_INS, &headers, Some(&check_in)).await;
    assert_eq!(heard(&reply, "keys away"), ["/location", "/note"]);
    let reply = other.send(Method::POST, INCIDENTS, &headers, Some(&danger(app, json!({"place": "Home"})))).await;
    assert_eq!(heard(&reply, "keys away"), ["/account", "/place"]);
    tables("ALTER TABLE subject_keys_away RENAME TO subject_keys");
    // Such a behaviour is a concern, too, next to the emergency that all of them add to.
    let mut alerts = p.alerts().await;
    alerts.sort_by_key(|alert| alert["level"].as_i64());
    let named: Vec<(&Value, &Value)> = alerts.iter().map(|alert| (&alert["rule"], &alert["dropped"])).collect();
    let of_all = json!(["/account", "/location", "/note", "/place"]);
    let of_incident = json!(["/account", "/place"]);
    assert_eq!(named, [(&json!("concern"), &of_incident), (&json!("danger_now"), &of_all)]);
    // The repeat of the first is known again: its answer is sealed under the installation's own key.
    assert_eq!(alerts[1]["triggers"].as_array().unwrap().len(), 3, "{}", alerts[1]);
    // What was kept without a key can be read, and is empty.
    let incident = &p.phone().list(INCIDENTS).await[0];
    assert_eq!((&incident["account"], &incident["behaviours"]), (&json!(""), &json!(["attend_home"])));
});

/// Bodies near a good one: a field of another value, of another name, cut off, with bytes put in.
fn near(good: Value) -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(json!([[], {}, "x", 1e300])),
        Just(json!({"lat": "x", "lon": [], "from": 1})),
    ];
    let names: Vec<String> = good.as_object().unwrap().keys().cloned().collect();
    let name = prop_oneof![prop::sample::select(names), "[a-z_]{1,12}"];
    let changes = prop::collection::vec((name, value), 0..5);
    let bytes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    (changes, bytes, prop::option::weighted(0.3, any::<prop::sample::Index>())).prop_map(
        move |(changes, bytes, cut)| {
            let mut body = good.clone();
            for (name, value) in changes.into_iter().filter(|(name, _)| name != "status" && name != "happening_now") {
                body[&name] = value;
            }
            let mut text = body.to_string().into_bytes();
            for (at, byte) in bytes {
                let at = at.index(text.len());
                text.insert(at, byte);
            }
            if let Some(cut) = cut {
                text.truncate(cut.index(text.len()));
            }
            text
        },
    )
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    prop::sample::subsequence(
        vec![
            ("content-type", "application/json"),
            ("content-type", "text/html"),
            ("content-encoding", "zstd"),
            ("idempotency-key", "the same"),
            ("idempotency-key", "not a key"),
            ("accept-language", "cy"),
            ("expect-nothing", "x"),
            ("if-match", "\"v9\""),
        ],
        0..4,
    )
}

on_both!(whatever_a_phone_with_a_good_credential_sends_to_help_now_raises_an_alert, |app| async {
    let p = app.partnership().await;
    let mut runner = TestRunner::deterministic();
    let good = json!({"note": "He is here", "location": {"lat": 53.38, "lon": -1.47, "accuracy_m": 5.0}, "battery": 64,
        "recorded_at": app.now_text()});
    let body = prop_oneof![near(good), prop::collection::vec(any::<u8>(), 0..400)];
    let case = (body, headers());
    for _ in 0..120 {
        let (body, headers) = case.new_tree(&mut runner).unwrap().current();
        let reply = send(p.sos(), HELP_NOW, &headers, body.clone()).await;
        heard(&reply, &format!("{headers:?}: {}", String::from_utf8_lossy(&body)));
    }
});

on_both!(wherever_a_cry_can_be_read_the_other_doors_raise_an_alert, |app| async {
    let p = app.partnership().await;
    let mut runner = TestRunner::deterministic();
    let check_in = json!({"status": "help_now", "note": "x", "location": {"lat": 1, "lon": 2}, "feeling_safe": 1,
        "contact_by": ["sms"], "wellbeing": {"calm": 1}, "recorded_at": app.now_text()});
    let (check_in, incident) = (near(check_in), near(danger(app, json!({"place": "x", "witnesses": "y"}))));
    for _ in 0..60 {
        for (path, tree, word) in [
            (CHECK_INS, check_in.new_tree(&mut runner), "\"status\":\"help_now\""),
            (INCIDENTS, incident.new_tree(&mut runner), "\"happening_now\":true,"),
        ] {
            let body = tree.unwrap().current();
            let text = String::from_utf8_lossy(&body).into_owned();
            let reply = send(p.phone(), path, &[], body).await;
            // Bytes that were put in may have made another thing of the words around; where they stand whole, they count.
            let is_said = serde_json::from_str::<Value>(&text).is_ok() && text.contains(word);
            assert!(reply.status == 201 || !is_said, "{path} {text}: {}", reply.body);
            if reply.status == 201 {
                heard(&reply, &text);
            }
        }
    }
});
