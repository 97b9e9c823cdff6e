//! For how long police have received nothing: what came another way counts as received, and what was given up does not.

use diesel::prelude::*;
use holdfast::db::DbConn;
use holdfast::db::schema::deliveries;
use serde_json::{Value, json};

use super::{figure, metrics_of, scrape, undelivered};
use crate::harness::{Answer, TestApp, on_both, partnership, text};

const WAITING: &str = "holdfast_police_messages_waiting{level=\"4\"}";

/// The same as the watch says it.
async fn watched(app: &TestApp) -> Value {
    let reply = app.http.nobody().get("/health/watch").await;
    let watch: Value = serde_json::from_str(&reply.body).unwrap();
    watch["oldest_undelivered_emergency_seconds"].clone()
}

on_both!(what_a_second_system_of_the_force_received_is_received_and_what_came_later_is_not, |app| async {
    let metrics = metrics_of(app);
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let second = app.police();
    partnership::endpoint(&p.admin, &p.force, &second).await;
    p.police.answers(Answer::Status(503));
    p.help_now().await;
    app.settle().await;
    app.advance_seconds(60).await;
    assert_eq!((undelivered(&scrape(&metrics).await, 4), watched(app).await), ("60", json!(60)));
    app.advance(3).await;
    assert!(!second.messages().is_empty());
    let received = scrape(&metrics).await;
    assert_eq!((undelivered(&received, 4), watched(app).await), ("0", Value::Null));
    assert_ne!(figure(&received, WAITING), "0");
    // Something else happens, and nobody has heard of that.
    p.help_now().await;
    app.settle().await;
    app.advance_seconds(30).await;
    assert_eq!(undelivered(&scrape(&metrics).await, 4), "30");
    app.leaves_retries();
});

on_both!(what_was_given_up_is_undelivered_until_somebody_of_the_force_acknowledges, |app| async {
    let metrics = metrics_of(app);
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    p.police.answers(Answer::Status(503));
    let alert = p.help_now().await;
    app.settle().await;
    let now = app.now();
    let end = move |conn: &mut DbConn| {
        diesel::update(deliveries::table).set(deliveries::deadline.eq(now)).execute(conn)?;
        Ok(())
    };
    app.inner.db.write(end).await.unwrap();
    app.advance_seconds(90).await;
    let given_up = scrape(&metrics).await;
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{}", text(&alert, "id"))).await.expect(200);
    assert_eq!(seen["deliveries"][0]["state"], "given_up");
    assert_eq!((undelivered(&given_up, 4), watched(app).await), ("90", json!(90)));
    let path = format!("/police/v1/alerts/{}/acknowledge", text(&alert, "reference"));
    p.police_system.post(&path, json!({"officer": p.officer.username})).await.expect(200);
    assert_eq!(undelivered(&scrape(&metrics).await, 4), "0");
    app.leaves_retries();
});
