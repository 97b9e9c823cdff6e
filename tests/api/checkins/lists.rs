//! A survivor's check-ins are found by their state as it is now, and by time.

use serde_json::{Value, json};

use crate::harness::{instant, on_both, text};

on_both!(check_ins_are_found_by_the_state_that_is_shown_and_by_time, |app| async {
    let p = app.partnership_with_risk("standard").await;
    let list = format!("/partner/v1/survivors/{}/check-ins", p.survivor.id);
    let found = async |query: &str| p.advocate.ids(&format!("{list}?{query}")).await;
    p.schedule("21:00").await;
    let safe = json!({"status": "safe", "recorded_at": app.now_text()});
    let safe = text(&p.phone().post("/app/v1/check-ins", safe).await.expect(201), "id");
    assert_eq!(found("state=safe").await, std::slice::from_ref(&safe));
    // Each state at its minute: a filter says what the items say.
    let states = ["scheduled", "open", "due", "late", "safe", "concern", "help_now", "missed", "resolved"];
    for minute in ["19:30", "20:30", "21:00", "21:10", "21:40"] {
        app.advance_to(instant(&format!("2026-11-21T{minute}:00Z"))).await;
        let all = p.advocate.list(&list).await;
        for state in states {
            let those: Vec<&Value> = all.iter().filter(|item| item["state"] == state).collect();
            let ids: Vec<String> = those.iter().map(|item| text(item, "id")).collect();
            assert_eq!(found(&format!("state={state}")).await, ids, "{state} at {minute}");
        }
    }
    let missed = found("state=missed").await;
    assert_eq!(missed.len(), 1);
    let review = format!("{list}/{}/reviews", missed[0]);
    p.advocate.post(&review, json!({"kind": "resolved", "reason": "spoke_to_survivor"})).await.expect(201);
    assert_eq!((found("state=resolved").await, found("state=missed").await), (missed.clone(), Vec::new()));
    assert_eq!(found("since=2026-11-21T20:00:00Z&until=2026-11-21T22:00:00Z").await, missed);
    assert!(found("until=2026-11-21T20:00:00Z").await.contains(&safe));
    p.advocate.get(&format!("{list}?state=answered")).await.expect(422);
    p.practitioner.get(&format!("{list}?state=missed")).await.refused(403, "wrong_role");
});
