//! A record that does not open is named, hides no other, and keeps no alert back.

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::harness::partnership::{enrol, order};
use crate::harness::{TestApp, on_both, text};

/// Puts into the oldest row of a table a sealed value that belongs elsewhere.
async fn damage(app: &TestApp, table: &str, column: &str, id: &str) {
    app.writes_records();
    let oldest = format!("SELECT {id} FROM {table} WHERE {column} IS NOT NULL ORDER BY {id} LIMIT 1");
    let of_another = "SELECT preferred_name FROM survivors LIMIT 1";
    let script = format!("UPDATE {table} SET {column} = ({of_another}) WHERE {id} = ({oldest})");
    app.inner.db.write(move |conn| Ok(conn.batch_execute(&script)?)).await.unwrap();
}

/// The ids of a list.
fn ids(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| text(item, "id")).collect()
}

on_both!(the_case_view_names_what_it_cannot_read_and_shows_the_rest, |app| async {
    let p = app.partnership().await;
    let shared = ["status", "voice", "incident_summary", "incident_full"].map(|kind| format!("share.programme.{kind}"));
    p.consent(&shared.each_ref().map(String::as_str)).await;
    let (mut check_ins, mut incidents, mut observations) = (Vec::new(), Vec::new(), Vec::new());
    for note in ["The first", "The second"] {
        app.advance(1).await;
        let answer = json!({"status": "safe", "note": note, "recorded_at": app.now_text()});
        check_ins.push(text(&p.phone().post("/app/v1/check-ins", answer).await.expect(201), "id"));
        let incident = json!({"happened": {"precision": "exact", "from": "2026-11-19T10:00:00Z"},
            "behaviours": ["message_text"], "account": note, "fear": 1, "visibility": "programme_full",
            "recorded_at": app.now_text()});
        incidents.push(text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id"));
        let seen = json!({"kind": "fixation", "note": note});
        let path = format!("/partner/v1/participants/{}/observations", p.participant);
        observations.push(text(&p.practitioner.post(&path, seen).await.expect(201), "id"));
    }
    let view = format!("/partner/v1/cases/{}/view", p.case);
    for by in [&p.advocate, &p.practitioner] {
        assert!(by.get(&view).await.expect(200).get("unreadable").is_none());
    }
    damage(app, "check_ins", "note", "id").await;
    damage(app, "incident_versions", "account", "incident_id").await;
    damage(app, "observations", "note", "id").await;
    damage(app, "goals", "statement", "id").await;
    for by in [&p.advocate, &p.practitioner] {
        let seen = by.get(&view).await.expect(200);
        let unreadable = json!([check_ins[0], incidents[0], p.goal, observations[0]]);
        assert_eq!(seen["unreadable"], unreadable, "{}", by.username);
        let (survivor, participant) = (&seen["survivor_side"], &seen["participant_side"]);
        assert_eq!(ids(&survivor["check_ins"]["items"]), check_ins[1..]);
        assert_eq!(ids(&survivor["incidents"]["items"]), incidents[1..]);
        assert_eq!(ids(&participant["observations"]), observations[1..]);
        assert_eq!((ids(&participant["goals"]).len(), ids(&participant["orders"]).len()), (0, 1));
    }
    // The survivor's own lists as well.
    for (path, kept) in [("/app/v1/check-ins", &check_ins), ("/app/v1/incidents", &incidents)] {
        let own = p.phone().get(path).await.expect(200);
        assert_eq!((ids(&own["items"]), &own["unreadable"]), (kept[1..].to_vec(), &json!([kept[0]])), "{path}");
    }
});

on_both!(a_phone_or_an_order_that_cannot_be_read_hides_no_other, |app| async {
    let p = app.partnership().await;
    let _second = enrol(&app.http, &p.advocate, &p.survivor.id).await;
    order(&p.practitioner, &p.participant).await;
    damage(app, "devices", "name", "id").await;
    damage(app, "order_conditions", "wording", "id").await;
    let of_staff = format!("/partner/v1/survivors/{}/devices", p.survivor.id);
    let lists = [
        p.phone().get("/app/v1/devices").await.expect(200),
        p.advocate.get(&of_staff).await.expect(200),
        p.phone().get("/app/v1/orders").await.expect(200),
    ];
    for list in lists {
        let count = |field: &str| list[field].as_array().map_or(0, Vec::len);
        assert_eq!((count("items"), count("unreadable")), (1, 1), "{list}");
    }
});

on_both!(the_police_hear_of_an_alert_without_a_reference_that_does_not_open, |app| async {
    let p = app.partnership().await;
    order(&p.practitioner, &p.participant).await;
    p.consent(&["alert.police.help_now"]).await;
    damage(app, "orders", "police_reference", "id").await;
    p.help_now().await;
    app.settle().await;
    let received = p.police.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].json()["data"]["police_references"], json!([{"kind": "spo", "ref": "14/1234/26"}]));
});

on_both!(a_note_that_cannot_be_read_keeps_nobody_from_an_alert, |app| async {
    let p = app.partnership().await;
    let alert = text(&p.help_now().await, "id");
    p.act(&alert, "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    p.act(&alert, "progress", json!({"note": "Rang twice."})).await.expect(200);
    damage(app, "alert_history", "note", "id").await;
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    let count = |field: &str| seen[field].as_array().map_or(0, Vec::len);
    assert_eq!((count("acknowledgements"), count("unreadable")), (1, 1), "{seen}");
    let listed = p.advocate.get("/partner/v1/alerts").await.expect(200);
    assert_eq!(ids(&listed["items"]), [alert]);
});

on_both!(an_officer_reads_what_opens_of_an_alert, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "share.police.incident"]).await;
    for account in ["The first", "The second"] {
        app.advance(1).await;
        let incident = json!({"happened": {"precision": "exact", "from": "2026-11-19T10:00:00Z"},
            "behaviours": ["message_text"], "account": account, "fear": 1, "visibility": "police",
            "recorded_at": app.now_text()});
        p.phone().post("/app/v1/incidents", incident).await.expect(201);
    }
    let alert = p.help_now().await;
    app.settle().await;
    damage(app, "incident_versions", "account", "incident_id").await;
    damage(app, "participants", "name", "id").await;
    let officer = [("holdfast-officer", "pc.4417"), ("holdfast-reason", "Attending the alert")];
    let path = format!("/police/v1/alerts/{}", text(&alert, "reference"));
    let seen = p.police_system.send(reqwest::Method::GET, &path, &officer, None).await.expect(200);
    let count = |field: &str| seen[field].as_array().map_or(0, Vec::len);
    assert_eq!((count("suspects"), count("incidents"), count("unreadable")), (0, 1, 2), "{seen}");
});
