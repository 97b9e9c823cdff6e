//! Patterns: the survivor's own timeline, what stands out for their side with its reasons, and the behaviours behind it.

use serde_json::{Value, json};

use crate::harness::{Partnership, TestApp, instant, on_both, text};

const OWN: &str = "/app/v1/incidents";
const TIMELINE: &str = "/app/v1/incidents/timeline";

async fn report(app: &TestApp, p: &Partnership, from: &str, behaviours: &[&str], change: Value) -> String {
    let mut body = json!({"happened": {"precision": "exact", "from": from}, "behaviours": behaviours, "account": "Words",
        "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    text(&p.phone().post(OWN, body).await.expect(201), "id")
}

on_both!(the_survivor_sees_their_own_pattern_by_day_week_and_behaviour_in_their_zone, |app| async {
    let p = app.partnership().await;
    app.advance_to(instant("2026-11-22T12:00:00Z")).await;
    report(app, &p, "2026-11-15T23:30:00Z", &["message_text"], json!({})).await;
    report(app, &p, "2026-11-17T10:00:00Z", &["message_text", "attend_home"], json!({"visibility": "private"})).await;
    report(app, &p, "2026-11-17T18:00:00Z", &["message_text"], json!({"fear": 4})).await;
    let gone = report(app, &p, "2026-11-18T10:00:00Z", &["loiter"], json!({})).await;
    p.phone().post(&format!("{OWN}/{gone}/withdraw"), json!({})).await.expect(200);
    let shown = p.phone().get(TIMELINE).await.expect(200);
    assert_eq!((&shown["time_zone"], &shown["incidents"]), (&json!("Europe/London"), &json!(3)));
    assert_eq!((&shown["from"], &shown["to"]), (&json!("2026-08-31"), &json!("2026-11-22")));
    let days =
        json!([{"on": "2026-11-15", "incidents": 1, "gravest": 1}, {"on": "2026-11-17", "incidents": 2, "gravest": 4}]);
    assert_eq!(shown["days"], days);
    let weeks = shown["weeks"].as_array().unwrap();
    assert_eq!(weeks.len(), 12);
    assert_eq!(weeks[10], json!({"week_on": "2026-11-09", "incidents": 1, "gravest": 1}));
    assert_eq!(weeks[11], json!({"week_on": "2026-11-16", "incidents": 2, "gravest": 4}));
    let most = json!({"behaviour": "message_text", "incidents": 3, "first_on": "2026-11-15", "last_on": "2026-11-17"});
    assert_eq!(shown["behaviours"][0], most);
    // Where the survivor lives it was already Monday.
    let warsaw = json!({"time_zone": "Europe/Warsaw", "local_times": ["21:00"], "opens_minutes_before": 60, "grace_minutes": 30});
    p.advocate.post(&format!("/partner/v1/survivors/{}/schedules", p.survivor.id), warsaw).await.expect(201);
    let shown = p.phone().get(TIMELINE).await.expect(200);
    assert_eq!((&shown["time_zone"], &shown["days"][0]["on"]), (&json!("Europe/Warsaw"), &json!("2026-11-16")));
    let one = p.phone().get(&format!("{TIMELINE}?from=2026-11-17&to=2026-11-17&time_zone=UTC")).await.expect(200);
    assert_eq!((&one["incidents"], &one["weeks"].as_array().unwrap().len()), (&json!(2), &1));
    for wrong in ["from=2026-11-20&to=2026-11-10", "from=2020-01-01", "time_zone=Mars/Base", "from=yesterday", "x=1"] {
        assert_eq!(p.phone().get(&format!("{TIMELINE}?{wrong}")).await.status, 422, "{wrong}");
    }
    app.leaves_retries();
});

on_both!(their_side_sees_what_stands_out_and_why, |app| async {
    let p = app.partnership().await;
    app.advance_to(instant("2026-11-22T12:00:00Z")).await;
    let text_one = report(app, &p, "2026-11-10T10:00:00Z", &["message_text"], json!({})).await;
    let letter = report(app, &p, "2026-11-12T10:00:00Z", &["letter_note"], json!({})).await;
    let home = report(app, &p, "2026-11-13T10:00:00Z", &["attend_home"], json!({})).await;
    let kept = report(app, &p, "2026-11-14T10:00:00Z", &["physical_assault"], json!({"visibility": "private"})).await;
    let path = format!("/partner/v1/survivors/{}/pattern", p.survivor.id);
    let reply = p.advocate.get(&path).await;
    let view = reply.expect(200);
    assert!(!reply.body.contains(&kept) && !reply.body.contains("course of conduct"));
    let sign = |kind: &str| view["signs"].as_array().unwrap().iter().find(|sign| sign["sign"] == kind).cloned();
    let many = sign("three_incidents_in_seven_days").expect("three in seven days");
    assert_eq!(many["reason"], "3 incidents within 3 days; three within seven days stand out.");
    let grounds: Vec<&str> =
        many["evidence"].as_array().unwrap().iter().map(|g| g["incident_id"].as_str().unwrap()).collect();
    assert_eq!(grounds, [&text_one, &letter, &home]);
    assert_eq!(many["evidence"][0]["happened_at"], "2026-11-10T10:00:00Z");
    let step = sign("online_to_in_person").expect("a step towards them");
    assert_eq!(
        (&step["evidence"][0]["incident_id"], &step["evidence"][1]["incident_id"]),
        (&json!(letter), &json!(home))
    );
    assert_eq!(
        sign("new_channel").expect("a new way")["reason"],
        "First contact by letter_note; before it by message_text."
    );
    assert_eq!(
        sign("frequency_rising").expect("more")["reason"],
        "3 incidents in the last 28 days, 0 in the 28 days before."
    );
    assert_eq!(
        sign("severity_rising").expect("graver")["reason"],
        "Severity 3 after 28 days in which the gravest was 1."
    );
    assert_eq!(view["not_to_be_raised_in_session"], true);
    let occasions = &view["occasions"];
    assert_eq!((&occasions["count"], &occasions["is_two_or_more"]), (&json!(3), &json!(true)));
    assert!(occasions["reason"].as_str().unwrap().contains("not a finding"));
    let limbs: Vec<(&str, u64)> = view["limbs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|limb| (limb["limb"].as_str().unwrap(), limb["occasions"].as_u64().unwrap()))
        .collect();
    assert_eq!(limbs, [("b", 2), ("e", 1)]);
    p.practitioner.get(&path).await.refused(403, "wrong_role");
    p.programme_supervisor.get(&path).await.refused(404, "not_found");
});

/// The reference data as it was decided; a row that differs is somebody's slip.
const DECIDED: &str = include_str!("../../../src/directory/behaviours.csv");
const DECIDED_SHA256: &str = "feee5040b9f5c192c64819a4c692456b315750271101970de8603a984b401486";

on_both!(every_behaviour_is_served_as_it_was_decided, |app| async {
    let digest: String =
        holdfast::crypto::sha256(DECIDED.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, DECIDED_SHA256);
    let served = app.http.nobody().get("/public/v1/behaviours").await.expect(200);
    let rows = csv::Reader::from_reader(DECIDED.as_bytes()).into_records().map(|row| {
        let row = row.unwrap();
        let limbs: Vec<&str> = row[1].split(' ').collect();
        json!({"code": &row[0], "indicative_limbs": limbs, "base_severity": row[2].parse::<i32>().unwrap(),
            "is_in_person": &row[3] == "yes", "definition": &row[4]})
    });
    let rows: Vec<Value> = rows.collect();
    assert_eq!((rows.len(), served["items"].as_array().unwrap()), (58, &rows));
});
