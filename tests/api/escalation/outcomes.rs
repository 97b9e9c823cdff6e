//! What police say came of an alert: notified at once, asked about after a day, released or withheld, corrected in the open.

use serde_json::{Value, json};

use crate::harness::{Partnership, TestApp, on_both, text};

/// An alert that an officer has taken up with a reference and a grade; answers its id and reference.
async fn taken_up(app: &TestApp, p: &Partnership) -> (String, String) {
    p.consent(&["alert.police.help_now"]).await;
    let alert = p.help_now().await;
    app.settle().await;
    let (id, reference) = (text(&alert, "id"), text(&alert, "reference"));
    let body = json!({"officer": p.officer.username, "grade": "grade_1", "force_reference": "SYP-0812"});
    p.police_system.post(&format!("/police/v1/alerts/{reference}/acknowledge"), body).await.expect(200);
    (id, reference)
}

async fn say(p: &Partnership, reference: &str, outcome: &str) {
    let body = json!({"officer": p.officer.username, "outcome": outcome});
    p.police_system.post(&format!("/police/v1/alerts/{reference}/outcome"), body).await.expect(200);
}

async fn own(p: &Partnership, id: &str) -> Value {
    p.phone().get(&format!("/app/v1/alerts/{id}")).await.expect(200)
}

async fn open(p: &Partnership, kind: &str) -> usize {
    p.tasks(kind).await.iter().filter(|task| task["state"] == "open").count()
}

on_both!(
    an_outcome_that_nobody_decides_about_is_a_task_a_day_later_and_released_with_reference_and_grade,
    |app| async {
        let p = app.partnership().await;
        let (id, reference) = taken_up(app, &p).await;
        say(&p, &reference, "arrest").await;
        assert!(p.tasks("police_outcome").await.is_empty());
        app.advance(24 * 60 - 1).await;
        assert!(p.tasks("police_outcome").await.is_empty());
        app.advance(1).await;
        assert_eq!(open(&p, "police_outcome").await, 1);
        let before = own(&p, &id).await;
        assert_eq!(
            (&before["outcome"], &before["force_reference"], &before["grade"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        p.act(&id, "release-outcome", json!({})).await.expect(200);
        let task = p.tasks("police_outcome").await[0].clone();
        assert_eq!((&task["state"], &task["ended_because"]), (&json!("done"), &json!("outcome_released")));
        let after = own(&p, &id).await;
        assert_eq!(
            (&after["outcome"], &after["force_reference"], &after["grade"]),
            (&json!("arrest"), &json!("SYP-0812"), &json!("grade_1"))
        );
        let update = p.phone().list("/app/v1/updates").await[0].clone();
        assert_eq!((&update["force_reference"], &update["grade"]), (&json!("SYP-0812"), &json!("grade_1")));
        assert_eq!(update.get("is_superseded"), None);
    }
);

on_both!(an_outcome_is_withheld_with_a_reason_and_asked_about_no_more_and_may_be_released_later, |app| async {
    let p = app.partnership().await;
    let (id, reference) = taken_up(app, &p).await;
    p.act(&id, "withhold-outcome", json!({"reason": "told_in_person"})).await.refused(409, "wrong_state");
    say(&p, &reference, "no_trace").await;
    p.act(&id, "withhold-outcome", json!({})).await.expect(422);
    p.act(&id, "withhold-outcome", json!({"reason": "told_in_person"})).await.expect(200);
    app.advance(25 * 60).await;
    assert!(p.tasks("police_outcome").await.is_empty());
    assert_eq!(own(&p, &id).await["outcome"], Value::Null);
    assert!(p.phone().list("/app/v1/updates").await.is_empty());
    p.act(&id, "release-outcome", json!({})).await.expect(200);
    assert_eq!(own(&p, &id).await["outcome"], "no_trace");
});

on_both!(a_correction_is_a_task_at_once_and_the_survivors_line_stays_marked_until_it_is_released, |app| async {
    let p = app.partnership().await;
    let (id, reference) = taken_up(app, &p).await;
    say(&p, &reference, "arrest").await;
    p.act(&id, "release-outcome", json!({})).await.expect(200);
    let words = own(&p, &id).await["in_words"].as_array().unwrap().last().unwrap().clone();
    say(&p, &reference, "no_trace").await;
    assert_eq!(open(&p, "police_outcome_corrected").await, 1);
    let between = own(&p, &id).await;
    assert_eq!((&between["outcome"], &between["is_outcome_superseded"]), (&json!("arrest"), &json!(true)));
    assert_ne!(between["in_words"].as_array().unwrap().last().unwrap(), &words);
    let updates = p.phone().list("/app/v1/updates").await;
    assert_eq!(
        (updates.len(), &updates[0]["outcome"], &updates[0]["is_superseded"]),
        (1, &json!("arrest"), &json!(true))
    );
    // Corrected once more before anybody decided: still one task.
    say(&p, &reference, "referred").await;
    assert_eq!(open(&p, "police_outcome_corrected").await, 1);
    p.act(&id, "release-outcome", json!({})).await.expect(200);
    assert_eq!(open(&p, "police_outcome_corrected").await, 0);
    let updates = p.phone().list("/app/v1/updates").await;
    let told: Vec<_> = updates.iter().map(|update| (&update["outcome"], &update["is_superseded"])).collect();
    assert_eq!(told, [(&json!("referred"), &Value::Null), (&json!("arrest"), &json!(true))]);
    let now = own(&p, &id).await;
    assert_eq!((&now["outcome"], &now["is_outcome_superseded"]), (&json!("referred"), &Value::Null));
    app.advance(25 * 60).await;
    assert_eq!(open(&p, "police_outcome").await, 0);
});
