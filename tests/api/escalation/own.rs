//! What the survivor can always see: who looked, what was disclosed, what was released; and what a phone must not show.

use serde_json::json;

use crate::harness::partnership::unlock_under_duress;
use crate::harness::{on_both, text};

on_both!(a_survivor_sees_who_looked_what_was_disclosed_and_what_was_released, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let alert = p.help_now().await;
    app.settle().await;
    let (id, reference) = (text(&alert, "id"), text(&alert, "reference"));
    p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.expect(200);
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    assert_eq!((disclosed.len(), &disclosed[0]["recipient"]), (1, &json!("South Yorkshire Police")));
    assert_eq!(
        (&disclosed[0]["agreement"], &disclosed[0]["what"]),
        (&json!("alert.police.help_now"), &json!(["alert"]))
    );
    let log = p.phone().list("/app/v1/access-log").await;
    assert!(log.iter().any(|line| line["action"] == "get_survivor" && line["organisation"] == "Lighthouse"), "{log:?}");
    assert!(log.iter().all(|line| line["role"] != "survivor" && line["role"] != "system"));
    // An outcome is an update once the advocate has released it.
    let outcome = json!({"officer": p.officer.username, "outcome": "safe_and_well"});
    p.police_system.post(&format!("/police/v1/alerts/{reference}/outcome"), outcome).await.expect(200);
    assert!(p.phone().list("/app/v1/updates").await.is_empty());
    p.act(&id, "release-outcome", json!({})).await.expect(200);
    let updates = p.phone().list("/app/v1/updates").await;
    assert_eq!(
        (updates.len(), &updates[0]["outcome"], &updates[0]["alert"]),
        (1, &json!("safe_and_well"), &json!(reference))
    );
});

on_both!(what_must_not_be_seen_by_chance_asks_for_the_pin_again, |app| async {
    let p = app.partnership().await;
    let tokens = p.phone().tokens().await.unwrap();
    for path in ["/app/v1/access-log", "/app/v1/disclosures"] {
        p.phone().get(path).await.expect(200);
    }
    // A session that lives on by its refresh token alone has given no PIN for a while.
    app.advance(16).await;
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let fresh = app.http.nobody().post("/app/v1/session/refresh", refresh).await.expect(200);
    let bearer = format!("Bearer {}", text(&fresh, "access_token"));
    let get = |path: &'static str| {
        let bearer = bearer.clone();
        async move { app.http.send(reqwest::Method::GET, path, &[("authorization", &bearer)], None).await }
    };
    get("/app/v1/access-log").await.refused(403, "pin_needed");
    get("/app/v1/disclosures").await.refused(403, "pin_needed");
    get("/app/v1/check-ins").await.expect(200);
    let body = json!({"pin": crate::harness::partnership::PIN});
    let headers = [("authorization", bearer.as_str())];
    let confirmed = app.http.send(reqwest::Method::POST, "/app/v1/session/confirm", &headers, Some(&body)).await;
    assert_eq!(confirmed.status.as_u16(), 204);
    get("/app/v1/access-log").await.expect(200);
});

on_both!(a_silent_alert_stands_in_none_of_them, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    app.settle().await;
    assert_eq!(p.police.received().len(), 1);
    assert!(p.phone().list("/app/v1/disclosures").await.is_empty());
    let alert = p.alerts().await.into_iter().find(|alert| alert["rule"] == "duress").unwrap();
    p.act(&text(&alert, "id"), "release", json!({})).await.expect(200);
    assert_eq!(p.phone().list("/app/v1/disclosures").await.len(), 1);
});

on_both!(whoever_holds_the_phone_does_not_learn_at_once_where_its_owner_may_be_found, |app| async {
    let p = app.partnership().await;
    let place = json!({"kind": "home", "address": "12 Marl Street", "confirmed_on": "2026-11-20"});
    let path = format!("/partner/v1/survivors/{}/safe-addresses", p.survivor.id);
    p.advocate.post(&path, place).await.expect(201);
    let shows = async || {
        p.phone().forget_tokens().await;
        let log = p.phone().list("/app/v1/access-log").await;
        log.iter().any(|line| line["action"] == "create_safe_address")
    };
    assert!(!shows().await);
    app.advance(15 * 24 * 60).await;
    assert!(shows().await);
});
