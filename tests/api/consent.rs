//! Consents: off until given, each with its receipt, and nothing but the survivor's own to give.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{on_both, text};

fn of<'a>(list: &'a Value, scope: &str) -> &'a Value {
    list["items"].as_array().unwrap().iter().find(|item| item["scope"] == scope).unwrap_or_else(|| panic!("{scope}"))
}

on_both!(everything_but_the_service_itself_begins_off, |app| async {
    let p = app.partnership().await;
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 19);
    for item in items {
        assert_eq!(item["granted"], json!(item["scope"] == "service.core"), "{item}");
    }
});

on_both!(each_decision_has_its_receipt, |app| async {
    let p = app.partnership().await;
    let mut receipts = BTreeSet::new();
    for granted in [true, false, true] {
        let decided = p.decide("share.programme.status", granted).await;
        assert_eq!(decided["granted"], granted);
        assert!(receipts.insert(text(&decided, "receipt")));
        let list = p.phone().get("/app/v1/consents").await.expect(200);
        assert_eq!(of(&list, "share.programme.status")["granted"], granted);
    }
});

on_both!(a_consent_ends_after_twelve_months, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    app.advance(364 * 24 * 60).await;
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "share.programme.status")["granted"], true);
    app.advance(2 * 24 * 60).await;
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "share.programme.status")["granted"], false);
});

on_both!(only_a_known_scope_and_the_text_that_was_shown_count, |app| async {
    let p = app.partnership().await;
    let put = |scope: &'static str, body: Value| p.phone().put(scope, body);
    put("/app/v1/consents/share.everything", json!({"granted": true, "text_version": "1"}))
        .await
        .refused(404, "not_found");
    for version in ["2", "", "latest"] {
        let body = json!({"granted": true, "text_version": version});
        let reply = put("/app/v1/consents/share.programme.status", body).await;
        assert_eq!(reply.status.as_u16(), 422, "{version}: {}", reply.body);
    }
});

on_both!(only_the_right_code_word_turns_a_setting_off_at_once, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let pending = p.decide("alert.police.help_now", false).await;
    assert!(pending["pending"]["effective_at"].is_string(), "{pending}");
    let path = format!("/partner/v1/survivors/{}/consents/alert.police.help_now/confirm", p.survivor.id);
    p.advocate.post(&path, json!({"code_word": "wrong"})).await.refused(409, "code_word_needed");
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "alert.police.help_now")["granted"], true);
    p.advocate.post(&path, json!({"code_word": "  MARIGOLD "})).await.expect(200);
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "alert.police.help_now")["granted"], false);
});
