//! Two instances find the same thousand silences in the same second: each raises one alert, and one only (P4).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::partnership::FORCE;
use crate::harness::{Partnership, TestApp, instant, on_both, text};

const SURVIVORS: usize = 1_000;

/// Survivors of standard risk, each with a daily check-in at nine in the evening.
async fn survivors(p: &Partnership) {
    let schedule = json!({"time_zone": "Europe/London", "local_times": ["21:00"], "opens_minutes_before": 60,
        "grace_minutes": 30});
    for _ in 0..SURVIVORS {
        let body = json!({"preferred_name": "Ro", "home_force_id": FORCE, "risk_rating": "high"});
        let made = p.advocate.post("/partner/v1/survivors", body).await.expect(201);
        let path = format!("/partner/v1/survivors/{}/schedules", text(&made, "id"));
        p.advocate.post(&path, schedule.clone()).await.expect(201);
    }
}

async fn race(app: &TestApp) -> Vec<Value> {
    let p = app.partnership().await;
    survivors(&p).await;
    let other = app.other_instance().await;
    app.inner.clock.advance_to(instant("2026-11-21T21:30:00Z"));
    let (mine, theirs) = tokio::join!(app.settle_quietly(), other.settle());
    theirs.unwrap();
    mine.unwrap();
    p.alerts().await
}

on_both!(two_instances_raise_each_of_a_thousand_alerts_once, |app| async {
    let alerts = race(app).await;
    assert_eq!(alerts.len(), SURVIVORS);
    let survivors: BTreeSet<String> = alerts.iter().map(|alert| text(alert, "survivor_id")).collect();
    assert_eq!(survivors.len(), SURVIVORS);
    for alert in &alerts {
        assert_eq!((&alert["rule"], &alert["state"]), (&json!("missed_check_in"), &json!("open")));
    }
});
