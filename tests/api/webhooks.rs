//! Endpoints of police forces: which addresses may be called, and what is shown once.

mod receivers;
mod watchdog;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Partnership, Received, Reply, on_both, partnership, text};

on_both!(an_endpoint_is_a_public_https_address, |app| async {
    let p = app.partnership().await;
    // Loopback is allowed to tests, so it stands with the addresses that are taken.
    let refused = [
        ("http://alerts.example.org/", "url_not_https"),
        ("ftp://alerts.example.org/", "url_not_https"),
        ("file:///etc/passwd", "url_not_https"),
        ("not a url", "url_malformed"),
        ("https://alerts.example.org\\@127.0.0.1/", "url_malformed"),
        ("https://user:secret@alerts.example.org/", "url_userinfo"),
        ("https://alerts.example.org/#part", "url_fragment"),
        ("https://alerts.example.org:22/", "url_port"),
        ("https://control.local/", "url_local_name"),
        ("https://intranet/", "url_local_name"),
        ("https://alerts.example.org./", "url_local_name"),
        ("https://10.0.0.1/", "url_private_address"),
        ("https://192.168.1.1/", "url_private_address"),
        ("https://169.254.169.254/latest/meta-data", "url_private_address"),
        ("https://0xa9fea9fe/", "url_private_address"),
        ("https://2852039166/", "url_private_address"),
        ("https://0251.0376.0251.0376/", "url_private_address"),
        ("https://[::ffff:10.0.0.1]/", "url_private_address"),
        ("https://[64:ff9b::a9fe:a9fe]/", "url_private_address"),
        ("https://[2002:a9fe:a9fe::]/", "url_private_address"),
        ("https://[fd00:ec2::254]/", "url_private_address"),
    ];
    for (url, code) in refused {
        let body = json!({"organisation_id": p.force, "url": url, "description": "Control room"});
        let reply = p.admin.post("/admin/v1/webhook-endpoints", body).await;
        let problem = reply.expect(422);
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/url"), &json!(code)));
        assert!(!reply.body.contains("secret"), "{url}: the refusal repeats what was sent");
    }
    for url in ["https://alerts.example.org/in", "https://alerts.example.org:8443/in?force=sy"] {
        let body = json!({"organisation_id": p.force, "url": url, "description": "Control room"});
        let made = p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        assert!(made["public_key"].as_str().unwrap().starts_with("whpk_"));
    }
});

on_both!(only_a_police_force_has_an_endpoint, |app| async {
    let p = app.partnership().await;
    for organisation in [&p.support, &p.programme] {
        let body = json!({"organisation_id": organisation, "url": "https://alerts.example.org/in", "description": "x"});
        p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(422);
        let body = json!({"organisation_id": organisation, "name": "x"});
        p.admin.post("/admin/v1/police-clients", body).await.expect(422);
    }
});

/// An endpoint, as the administrator sees it.
async fn endpoint(p: &Partnership, id: &str) -> Reply {
    p.admin.get(&format!("/admin/v1/webhook-endpoints/{id}")).await
}

async fn patch(p: &Partnership, id: &str, tag: &str, body: Value) -> Reply {
    let path = format!("/admin/v1/webhook-endpoints/{id}");
    p.admin.send(Method::PATCH, &path, &[("if-match", tag)], Some(&body)).await
}

/// The id of the partnership's one endpoint.
async fn only_endpoint(p: &Partnership) -> String {
    let all = p.admin.get(&format!("/admin/v1/webhook-endpoints?organisation_id={}", p.force)).await.expect(200);
    text(&all["items"][0], "id")
}

on_both!(an_administrator_names_orders_and_takes_endpoints_out_of_use, |app| async {
    let p = app.partnership().await;
    let second = app.police();
    let id = partnership::endpoint(&p.admin, &p.force, &second).await;
    let first = endpoint(&p, &id).await;
    let (tag, view) = (first.header("etag").unwrap().to_owned(), first.expect(200));
    assert_eq!((&view["kind"], &view["position"]), (&json!("webhook"), &json!(1)));
    assert_eq!(
        (&view["last_outcome"], &view["failing_since"], &view["disabled_at"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert!(view["keys"][0]["public_key"].as_str().unwrap().starts_with("whpk_"));
    assert!(!first.body.contains("whsec_"), "a secret is shown once");

    assert_eq!(patch(&p, &id, "\"v9\"", json!({"position": 0})).await.status.as_u16(), 412);
    let path = format!("/admin/v1/webhook-endpoints/{id}");
    p.admin.send(Method::PATCH, &path, &[], Some(&json!({"position": 0}))).await.expect(428);
    for wrong in [json!({"position": -1}), json!({"description": " "}), json!({"url": "ftp://a.example"})] {
        assert_eq!(patch(&p, &id, &tag, wrong).await.status.as_u16(), 422);
    }
    let changed = patch(&p, &id, &tag, json!({"description": "Night desk", "is_disabled": true})).await;
    let (tag, view) = (changed.header("etag").unwrap().to_owned(), changed.expect(200));
    assert_eq!((&view["description"], &view["disabled_at"]), (&json!("Night desk"), &json!(app.now())));
    p.admin.post(&format!("{path}/test"), json!({})).await.expect(409);
    assert_eq!(patch(&p, &id, &tag, json!({"is_disabled": false})).await.expect(200)["disabled_at"], Value::Null);
    assert_eq!(p.admin.list("/admin/v1/webhook-endpoints").await.len(), 2);
});

on_both!(a_new_key_signs_beside_the_old_one_for_a_day_and_is_shown_once, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let id = only_endpoint(&p).await;
    let key = uuid::Uuid::new_v4().to_string();
    let path = format!("/admin/v1/webhook-endpoints/{id}/rotate");
    let made = p.admin.post_keyed(&path, &key, &json!({})).await.expect(201);
    p.admin.post_keyed(&path, &key, &json!({})).await.refused(409, "already_done");
    let (secret, public_key) = (text(&made, "secret"), text(&made, "public_key"));
    let keys = endpoint(&p, &id).await.expect(200)["keys"].as_array().unwrap().clone();
    assert_eq!((keys.len(), &keys[0]["public_key"], &keys[0]["retires_at"]), (2, &json!(public_key), &Value::Null));
    assert_eq!(keys[1]["retires_at"], json!(app.now().plus_hours(24)));

    // A receiver that has not changed over yet, and one that has.
    p.help_now().await;
    app.settle().await;
    let message = p.police.received().pop().unwrap();
    assert!(message.is_signed_by(&secret, &public_key));
    assert_eq!(message.signature.split(' ').count(), 4);

    app.advance(24 * 60).await;
    p.police.holds_keys(&secret, &public_key);
    p.help_now().await;
    app.settle().await;
    let message = p.police.received().pop().unwrap();
    assert!(message.is_signed_by(&secret, &public_key));
    assert_eq!(message.signature.split(' ').count(), 2);
    assert_eq!(endpoint(&p, &id).await.expect(200)["keys"].as_array().unwrap().len(), 1);
});

// Each of them verifies with either key, whenever it was queued.
on_both!(keys_change_during_many_deliveries_and_every_one_verifies_with_old_and_new, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let id = only_endpoint(&p).await;
    p.police.answers(Answer::Status(503));
    for _ in 0..50 {
        p.help_now().await;
    }
    let worker = app.run();
    let made = p.admin.post(&format!("/admin/v1/webhook-endpoints/{id}/rotate"), json!({})).await.expect(201);
    for _ in 0..50 {
        p.help_now().await;
    }
    worker.stop().await;
    p.police.answers(Answer::Status(200));
    app.advance(2).await;
    let (secret, public_key) = (text(&made, "secret"), text(&made, "public_key"));
    let received = p.police.received();
    let taken: Vec<&Received> = received.iter().filter(|one| one.answer == Answer::Status(200)).collect();
    assert_eq!((p.police.messages().len(), taken.len()), (100, 100));
    assert!(taken.iter().all(|one| one.is_signed_by(&secret, &public_key) && p.police.verifies_with_first(one)));
});

on_both!(a_test_message_is_logged_and_sent_again_with_the_same_id_also_after_it_was_given_up, |app| async {
    let p = app.partnership().await;
    let id = only_endpoint(&p).await;
    p.police.answers(Answer::Status(500));
    let path = format!("/admin/v1/webhook-endpoints/{id}");
    let queued = p.admin.post(&format!("{path}/test"), json!({})).await.expect(201);
    let delivery = text(&queued, "delivery_id");
    app.settle().await;
    let replay = format!("/admin/v1/deliveries/{delivery}/replay");
    p.admin.post(&replay, json!({})).await.refused(409, "wrong_state");
    app.advance(70).await;
    let log = p.admin.list(&format!("{path}/deliveries")).await;
    assert_eq!(
        (log.len(), &log[0]["state"], &log[0]["message_type"]),
        (1, &json!("given_up"), &json!("endpoint.test"))
    );

    p.police.answers(Answer::Status(200));
    p.admin.post(&replay, json!({})).await.expect(201);
    app.settle().await;
    let log = p.admin.list(&format!("{path}/deliveries")).await;
    assert_eq!((&log[0]["state"], &log[0]["delivered_at"]), (&json!("delivered"), &json!(app.now())));
    let filtered = async |query: &str| p.admin.ids(&format!("{path}/deliveries?{query}")).await.len();
    let until = format!("until={}", app.now());
    for query in ["state=delivered", "message_type=endpoint.test", &until] {
        assert_eq!(filtered(query).await, 1, "{query}");
    }
    let since = format!("since={}", app.now());
    for query in ["state=given_up", "message_type=safety.alert.raised", &since] {
        assert_eq!(filtered(query).await, 0, "{query}");
    }
    let received = p.police.received();
    assert!(received.iter().all(|one| one.id == log[0]["message_id"] && one.json()["type"] == "endpoint.test"));
    let attempts = p.admin.list(&format!("/admin/v1/deliveries/{delivery}/attempts")).await;
    assert_eq!(attempts.len(), received.len());
    let outcome = |at: usize| (attempts[at]["outcome"].clone(), attempts[at]["status"].clone());
    assert_eq!((outcome(0), outcome(1)), ((json!("received"), json!(200)), (json!("refused"), json!(500))));
    assert_eq!(attempts[0]["attempt"], json!(received.len()));
    let page = p.admin.get(&format!("/admin/v1/deliveries/{delivery}/attempts?limit=2")).await.expect(200);
    assert_eq!((page["items"].as_array().unwrap().len(), page["next_cursor"].is_string()), (2, true));
});

on_both!(the_log_tells_the_administrator_nothing_of_anybodys_case, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let alert = p.help_now().await;
    app.settle().await;
    let id = only_endpoint(&p).await;
    let path = format!("/admin/v1/webhook-endpoints/{id}");
    let log = p.admin.get(&format!("{path}/deliveries")).await;
    let delivery = text(&log.expect(200)["items"][0], "id");
    let attempts = p.admin.get(&format!("/admin/v1/deliveries/{delivery}/attempts")).await;
    for reply in [&log, &attempts, &endpoint(&p, &id).await] {
        reply.expect(200);
        for told in [text(&alert, "id"), text(&alert, "reference"), p.survivor.id.clone(), "help_now".to_owned()] {
            assert!(!reply.body.contains(&told), "{told} in {}", reply.body);
        }
    }
});
