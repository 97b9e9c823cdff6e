//! What an administrator set up wrongly is seen and corrected: organisations, addresses of endpoints, roles.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{help_now, organisation, staff, survivor};
use crate::harness::{Caller, Reply, on_both, text};

async fn patch(by: &Caller, path: &str, tag: &str, body: Value) -> Reply {
    by.send(Method::PATCH, path, &[("if-match", tag)], Some(&body)).await
}

async fn tag(by: &Caller, path: &str) -> String {
    by.get(path).await.header("etag").unwrap().to_owned()
}

on_both!(an_organisation_is_listed_read_and_corrected, |app| async {
    let p = app.partnership().await;
    let listed = p.admin.list("/admin/v1/organisations").await;
    let ids: Vec<&Value> = listed.iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, [&json!(p.force), &json!(p.programme), &json!(p.support)]);
    let path = format!("/admin/v1/organisations/{}", p.support);
    let seen = p.admin.get(&path).await.expect(200);
    assert_eq!((&seen["kind"], &seen["name"]), (&json!("survivor_support"), &json!("Lighthouse")));
    assert_eq!((&seen["duty_desk_phone"], &seen["is_force_unknown"]), (&json!("+441144960000"), &json!(false)));

    let before = tag(&p.admin, &path).await;
    p.admin
        .send(Method::PATCH, &path, &[], Some(&json!({"name": "Beacon"})))
        .await
        .refused(428, "precondition_required");
    let changed = patch(&p.admin, &path, &before, json!({"duty_desk_phone": "+44 114 496 0999"})).await.expect(200);
    assert_eq!((&changed["name"], &changed["duty_desk_phone"]), (&json!("Lighthouse"), &json!("+441144960999")));
    patch(&p.admin, &path, &before, json!({"name": "Beacon"})).await.refused(412, "stale");
    let now = tag(&p.admin, &path).await;
    let changed = patch(&p.admin, &path, &now, json!({"name": "Beacon", "duty_desk_phone": null})).await.expect(200);
    assert_eq!((&changed["name"], changed.get("duty_desk_phone")), (&json!("Beacon"), None));
    let now = tag(&p.admin, &path).await;
    for wrong in [json!({"force_id": "kent"}), json!({"name": ""}), json!({"kind": "police_force"})] {
        patch(&p.admin, &path, &now, wrong).await.refused(422, "invalid");
    }
    for who in [&p.advocate, &p.support_supervisor, &p.officer] {
        who.get("/admin/v1/organisations").await.refused(403, "wrong_role");
        who.get(&path).await.refused(403, "wrong_role");
    }
});

on_both!(a_force_under_a_wrong_id_is_reached_once_it_is_corrected, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let path = format!("/admin/v1/organisations/{}", p.force);
    let now = tag(&p.admin, &path).await;
    patch(&p.admin, &path, &now, json!({"force_id": "derbyshire"})).await.expect(200);
    let kent = json!({"kind": "police_force", "name": "Kent Police", "force_id": "kent"});
    organisation(&p.admin, kent).await;
    let now = tag(&p.admin, &path).await;
    patch(&p.admin, &path, &now, json!({"force_id": "kent"})).await.refused(409, "already_exists");
    assert_eq!(p.help_now().await["police_will_be_told"], false);
    patch(&p.admin, &path, &now, json!({"force_id": "south-yorkshire"})).await.expect(200);
    let other = survivor(&app.http, &p.advocate, "high").await;
    let on = json!({"granted": true, "text_version": "1"});
    other.phone.session.put("/app/v1/consents/alert.police.help_now", on).await.expect(200);
    let alert = help_now(&other.phone.session).await;
    assert_eq!(alert["police_will_be_told"], true, "{alert}");
});

on_both!(the_address_of_an_endpoint_is_corrected_and_its_keys_stay, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let old = p.admin.list("/admin/v1/webhook-endpoints").await.remove(0);
    let body = json!({"organisation_id": p.force, "url": "https://alerts.police.example/in", "description": "Desk"});
    let made = p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
    let old = format!("/admin/v1/webhook-endpoints/{}", text(&old, "id"));
    patch(&p.admin, &old, &tag(&p.admin, &old).await, json!({"is_disabled": true})).await.expect(200);
    let path = format!("/admin/v1/webhook-endpoints/{}", text(&made, "id"));
    let (known, now) = (p.admin.get(&path).await.expect(200), tag(&p.admin, &path).await);
    for wrong in [
        "http://alerts.police.example/in",
        "https://10.0.0.1/in",
        "https://alerts.police.example:22/in",
        "ftp://alerts.police.example",
        "mailto:desk@police.example",
    ] {
        let refused = patch(&p.admin, &path, &now, json!({"url": wrong})).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/url", "{wrong}: {refused}");
    }
    assert_eq!(p.admin.get(&path).await.expect(200)["url"], known["url"]);
    let other = app.police();
    other.holds_keys(&text(&made, "secret"), &text(&made, "public_key"));
    let changed = patch(&p.admin, &path, &now, json!({"url": &other.url})).await.expect(200);
    assert_eq!((&changed["url"], &changed["keys"]), (&json!(&other.url), &known["keys"]));
    p.help_now().await;
    app.settle().await;
    assert!(p.police.received().is_empty());
    assert_eq!(other.messages().len(), 1);
});

on_both!(roles_are_corrected_and_bite_at_once, |app| async {
    let p = app.partnership().await;
    let colleague = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let path = format!("/admin/v1/staff/{}", colleague.id);
    let assignments = format!("/partner/v1/survivors/{}/assignments", p.survivor.id);
    p.advocate.post(&assignments, json!({"staff_id": colleague.id})).await.expect(201);
    colleague.get("/partner/v1/survivors").await.expect(200);
    let changed = p.admin.send(Method::PATCH, &path, &[], Some(&json!({"roles": ["advocate", "supervisor"]}))).await;
    assert_eq!(changed.expect(200)["roles"], json!(["advocate", "supervisor"]));
    assert_eq!(colleague.get("/partner/v1/me").await.expect(200)["roles"], json!(["advocate", "supervisor"]));
    for wrong in [json!(["practitioner"]), json!(["advocate", "police"]), json!([]), json!(["owner"])] {
        p.admin.send(Method::PATCH, &path, &[], Some(&json!({"roles": wrong}))).await.refused(422, "invalid");
    }
    let own = p.admin.get("/partner/v1/me").await.expect(200);
    let own = format!("/admin/v1/staff/{}", text(&own, "id"));
    p.admin
        .send(Method::PATCH, &own, &[], Some(&json!({"roles": ["administrator"]})))
        .await
        .refused(409, "wrong_state");

    // Whoever works with records no more is told of none, and reads none.
    let ended = p.admin.send(Method::PATCH, &path, &[], Some(&json!({"roles": ["administrator"]}))).await;
    ended.expect(200);
    colleague.get("/partner/v1/survivors").await.refused(403, "wrong_role");
    let alert = text(&p.help_now().await, "id");
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{alert}")).await;
    seen.expect(200);
    assert!(!seen.body.contains(&colleague.id) && seen.body.contains(&p.advocate.id), "{}", seen.body);
});
