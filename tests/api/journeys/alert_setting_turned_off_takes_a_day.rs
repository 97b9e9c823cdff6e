//! Raising protection is instant, lowering it is slow, and a person is told of it.

use serde_json::{Value, json};

use crate::harness::partnership::CODE_WORD;
use crate::harness::{Partnership, on_both, text};

const SETTING: &str = "alert.police.help_now";

/// What the phone shows of the setting.
async fn shown(p: &Partnership) -> Value {
    let consents = p.phone().get("/app/v1/consents").await.expect(200);
    consents["items"].as_array().unwrap().iter().find(|item| item["scope"] == SETTING).unwrap().clone()
}

/// Presses help-now; whether the phone was told that the police will be.
async fn press(p: &Partnership) -> bool {
    p.help_now().await["police_will_be_told"].as_bool().unwrap()
}

async fn close(p: &Partnership) {
    let alert = text(&p.alerts().await[0], "id");
    p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
}

async fn confirm(p: &Partnership, word: &str) -> crate::harness::Reply {
    let path = format!("/partner/v1/survivors/{}/consents/{SETTING}/confirm", p.survivor.id);
    p.advocate.post(&path, json!({"code_word": word})).await
}

on_both!(a_setting_that_is_turned_off_stays_on_for_a_day, |app| async {
    let p = app.partnership().await;
    assert_eq!(p.decide(SETTING, true).await["granted"], true);
    let receipt = p.decide(SETTING, false).await;
    let pending = json!({"granted": false, "effective_at": "2026-11-22T12:00:00Z"});
    assert_eq!((&receipt["granted"], &receipt["pending"]), (&json!(true), &pending));
    let consent = shown(&p).await;
    assert_eq!((&consent["granted"], &consent["pending"]), (&json!(true), &pending));
    let tasks = p.tasks("alert_setting_turning_off").await;
    assert_eq!((tasks.len(), &tasks[0]["for_role"]), (1, &json!("advocate")));

    app.advance(24 * 60 - 1).await;
    assert!(press(&p).await);
    app.settle().await;
    assert_eq!(p.police.messages().len(), 1);
    close(&p).await;
    app.settle().await;
    let before = p.police.messages().len();

    app.advance(1).await;
    let consent = shown(&p).await;
    assert_eq!((&consent["granted"], &consent["pending"]), (&json!(false), &Value::Null));
    assert!(!press(&p).await);
    app.advance(20).await;
    assert_eq!(p.police.messages().len(), before);
    assert_eq!(p.tasks("police_not_allowed").await.len(), 1);
});

on_both!(an_alert_that_was_raised_before_is_not_touched, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    p.decide(SETTING, false).await;
    app.advance(24 * 60 - 1).await;
    assert!(press(&p).await);
    app.advance(2).await;
    let before = p.police.messages().len();
    // The setting is off by now, and the emergency goes on as it began: with the police.
    app.advance(6).await;
    assert!(p.police.messages().len() > before);
});

on_both!(the_advocate_ends_the_delay_with_the_code_word, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    p.decide(SETTING, false).await;
    confirm(&p, "tulip").await.refused(409, "code_word_needed");
    assert_eq!(shown(&p).await["granted"], true);
    app.advance(5).await;
    assert_eq!(confirm(&p, CODE_WORD).await.expect(200)["granted"], false);
    let consent = shown(&p).await;
    assert_eq!((&consent["granted"], &consent["pending"]), (&json!(false), &Value::Null));
    assert!(!press(&p).await);
    app.settle().await;
    assert!(p.police.received().is_empty());
});

on_both!(turning_it_on_again_cancels, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    p.decide(SETTING, false).await;
    app.advance(60).await;
    let receipt = p.decide(SETTING, true).await;
    assert_eq!((&receipt["granted"], &receipt["pending"]), (&json!(true), &Value::Null));
    app.advance(25 * 60).await;
    assert!(press(&p).await);
    app.settle().await;
    assert_eq!(p.police.messages().len(), 1);
    assert!(confirm(&p, CODE_WORD).await.status.as_u16() == 409);
});
