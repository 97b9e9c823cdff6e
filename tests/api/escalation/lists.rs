//! Lists of alerts and tasks hold what the filters ask for, and never more than the caller sees without them.

use serde_json::json;

use crate::harness::partnership::{CODE_WORD, help_now, staff, survivor};
use crate::harness::{on_both, text};

const ALERTS: &str = "/partner/v1/alerts";
const TASKS: &str = "/partner/v1/tasks";

on_both!(alerts_are_found_by_state_survivor_time_and_whose_they_are, |app| async {
    let p = app.partnership().await;
    let other = survivor(&app.http, &p.advocate, "high").await;
    let first = text(&p.help_now().await, "id");
    app.advance(5).await;
    let later = app.now();
    let second = text(&help_now(&other.phone.session).await, "id");
    let found = async |query: &str| p.advocate.ids(&format!("{ALERTS}?{query}")).await;
    assert_eq!(p.advocate.ids(ALERTS).await, [second.clone(), first.clone()]);
    assert_eq!(found(&format!("survivor_id={}", other.id)).await, std::slice::from_ref(&second));
    assert_eq!(found(&format!("since={later}")).await, std::slice::from_ref(&second));
    assert_eq!(found(&format!("until={later}")).await, std::slice::from_ref(&first));
    assert_eq!(found("least_level=4").await, [second.clone(), first.clone()]);
    assert_eq!(found("mine=true").await, [second.clone(), first.clone()]);
    p.act(&first, "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    assert_eq!(found("state=acknowledged").await, std::slice::from_ref(&first));
    assert_eq!(found("state=open").await, std::slice::from_ref(&second));
    p.act(&first, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    assert_eq!((found("is_closed=true").await, found("is_closed=false").await), (vec![first], vec![second.clone()]));
    assert_eq!(found(&format!("is_closed=true&survivor_id={}", other.id)).await, Vec::<String>::new());
    for unknown in ["state=someday", "is_closed=perhaps", "whose=mine", "since=yesterday"] {
        p.advocate.get(&format!("{ALERTS}?{unknown}")).await.expect(422);
    }

    // Somebody else of the organisation sees all, and is assigned to none; whom they are kept out of they do not find.
    let night = staff(&app.http, &p.admin, &p.support, "nadia", &["advocate"]).await;
    assert_eq!(night.ids(ALERTS).await.len(), 2);
    assert_eq!(night.ids(&format!("{ALERTS}?mine=true")).await, Vec::<String>::new());
    let record = format!("/partner/v1/survivors/{}", other.id);
    p.advocate.post(&format!("{record}/assignments"), json!({"staff_id": night.id})).await.expect(201);
    assert_eq!(night.ids(&format!("{ALERTS}?mine=true")).await, [second]);
    p.advocate.post(&format!("{record}/blocks"), json!({"staff_id": night.id})).await.expect(201);
    for query in ["mine=true".to_owned(), format!("survivor_id={}", other.id)] {
        assert_eq!(night.ids(&format!("{ALERTS}?{query}")).await, Vec::<String>::new(), "{query}");
    }
});

on_both!(a_programme_filters_the_alerts_of_its_cases_and_by_no_survivor, |app| async {
    let p = app.partnership().await;
    let other = survivor(&app.http, &p.advocate, "high").await;
    help_now(&other.phone.session).await;
    let shared = text(&p.help_now().await, "id");
    assert_eq!(p.practitioner.ids(&format!("{ALERTS}?is_closed=false")).await, Vec::<String>::new());
    p.consent(&["share.programme.status"]).await;
    for query in ["is_closed=false", "state=open", "mine=true", "least_level=1"] {
        assert_eq!(p.practitioner.ids(&format!("{ALERTS}?{query}")).await, std::slice::from_ref(&shared), "{query}");
    }
    assert_eq!(p.programme_supervisor.ids(ALERTS).await, [shared]);
    assert_eq!(p.programme_supervisor.ids(&format!("{ALERTS}?mine=true")).await, Vec::<String>::new());
    for survivor in [&p.survivor.id, &other.id] {
        let query = format!("{ALERTS}?survivor_id={survivor}");
        assert_eq!(p.practitioner.ids(&query).await, Vec::<String>::new());
    }
});

on_both!(tasks_are_found_by_what_they_ask_and_whom_they_are_about, |app| async {
    let p = app.partnership().await;
    let other = survivor(&app.http, &p.advocate, "high").await;
    let first = p.help_now().await;
    app.advance(5).await;
    let later = app.now();
    let second = help_now(&other.phone.session).await;
    app.advance(10).await;
    let found = async |query: &str| p.support_supervisor.list(&format!("{TASKS}?{query}")).await;
    let all = found("since=2026-01-01T00:00:00Z").await;
    let calls = found("kind=call_999").await;
    assert!(!calls.is_empty() && calls.len() < all.len(), "{calls:?}");
    assert!(calls.iter().all(|task| task["kind"] == "call_999"));
    let of_alert = found(&format!("alert_id={}", text(&first, "id"))).await;
    assert!(!of_alert.is_empty() && of_alert.iter().all(|task| task["alert_reference"] == first["reference"]));
    let of_other = found(&format!("survivor_id={}&state=open", other.id)).await;
    assert!(!of_other.is_empty() && of_other.iter().all(|task| task["survivor_reference"] == json!(other.reference)));
    assert!(of_other.iter().all(|task| task["alert_reference"] == second["reference"]), "{of_other:?}");
    let until = found(&format!("until={later}")).await;
    assert_eq!(until.len() + found(&format!("since={later}")).await.len(), all.len());
    // A supervisor who is assigned to nobody has none of their own; the advocate's are those they see anyway.
    assert!(found("mine=true").await.is_empty());
    assert_eq!(p.advocate.ids(&format!("{TASKS}?mine=true")).await, p.advocate.ids(TASKS).await);
    p.advocate.get(&format!("{TASKS}?kind=anything")).await.expect(422);
    p.practitioner.get(&format!("{TASKS}?mine=true")).await.refused(403, "wrong_role");
});

on_both!(tasks_that_somebody_may_be_in_danger_for_are_found_by_themselves, |app| async {
    let p = app.partnership().await;
    for granted in [true, false] {
        let choice = json!({"granted": granted, "text_version": "1"});
        p.phone().put("/app/v1/consents/alert.police.missed", choice).await.expect(200);
    }
    p.help_now().await;
    app.settle().await;
    let kinds = async |query: &str| -> Vec<String> {
        let tasks = p.support_supervisor.list(&format!("{TASKS}?{query}")).await;
        tasks.iter().map(|task| text(task, "kind")).collect()
    };
    let (urgent, others) = (kinds("is_urgent=true").await, kinds("is_urgent=false").await);
    let (call, setting) = ("call_999".to_owned(), "alert_setting_turning_off".to_owned());
    assert!(urgent.contains(&call) && !urgent.contains(&setting), "{urgent:?}");
    assert!(others.contains(&setting) && !others.contains(&call), "{others:?}");
    assert_eq!(urgent.len() + others.len(), kinds("state=open").await.len());
    p.advocate.get(&format!("{TASKS}?is_urgent=perhaps")).await.expect(422);
});

on_both!(alerts_are_found_by_how_grave_they_are, |app| async {
    let p = app.partnership().await;
    let other = survivor(&app.http, &p.advocate, "high").await;
    let concern = json!({"status": "concern", "recorded_at": app.now_text()});
    other.phone.session.post("/app/v1/check-ins", concern).await.expect(201);
    p.help_now().await;
    let all = p.advocate.list(ALERTS).await;
    let level = |alert: &serde_json::Value| alert["level"].as_i64().unwrap();
    assert_eq!((all.len(), all.iter().filter(|alert| level(alert) == 4).count()), (2, 1), "{all:?}");
    for least in 1..=4 {
        let graver: Vec<String> =
            all.iter().filter(|alert| level(alert) >= least).map(|alert| text(alert, "id")).collect();
        assert_eq!(p.advocate.ids(&format!("{ALERTS}?least_level={least}")).await, graver, "{least}");
    }
    for none in ["0", "5", "-1", "grave"] {
        p.advocate.get(&format!("{ALERTS}?least_level={none}")).await.expect(422);
        p.advocate.get(&format!("/partner/v1/incidents?least_severity={none}")).await.expect(422);
    }
});
