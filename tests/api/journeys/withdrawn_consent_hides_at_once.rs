//! Withdrawal bites on the next read, on both pages that show the survivor's side to the programme's staff.

use serde_json::json;

use crate::harness::{on_both, text};

on_both!(withdrawn_consent_hides_at_once, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    let answer = json!({"status": "safe", "feeling_safe": 3, "recorded_at": app.now_text()});
    let check_in = text(&p.phone().post("/app/v1/check-ins", answer).await.expect(201), "id");
    app.settle().await;
    let (view, timeline) =
        (format!("/partner/v1/cases/{}/view", p.case), format!("/partner/v1/cases/{}/timeline", p.case));
    let before = p.practitioner.get(&view).await;
    assert_eq!(before.expect(200)["survivor_side"]["check_ins"]["items"].as_array().unwrap().len(), 1);
    assert!(p.practitioner.get(&timeline).await.body.contains(&check_in));

    p.decide("share.programme.status", false).await;

    let after = p.practitioner.get(&view).await;
    eprintln!("{}", after.body);
    assert!(!after.body.contains(&check_in), "{}", after.body);
    assert!(!p.practitioner.get(&timeline).await.body.contains(&check_in));
});
