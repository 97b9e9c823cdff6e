//! How often a call goes to PostgreSQL and back: that, and not the work itself, is what it waits for. On SQLite nothing is a
//! round trip.

use serde_json::{Value, json};

use crate::harness::statements::{RoundTrip, RoundTrips, Statements};
use crate::harness::{Caller, TestApp, partnership};

/// Of an answer with a note: the session, BEGIN, what the answer meets, the answer, what is kept of it with its entry in the
/// audit, COMMIT.
const CHECK_IN: usize = 6;
/// Of a press that opens an alert and queues what notifies people and police.
const HELP_NOW: usize = 90;
/// Of one that adds to it.
const HELP_NOW_AGAIN: usize = 110;
/// Of an incident that raises no alert.
const INCIDENT: usize = 40;
/// Of a list of a worklist, or of the view of a case, whatever these hold.
const PAGE: usize = 64;
/// Of what to say to 999, for each open task that asks somebody to ring: all that is known of its alert is read.
const SCRIPT: usize = 17;

async fn trips_of(trips: &RoundTrips, phone: &Caller, path: &str, body: Value) -> Vec<RoundTrip> {
    trips.take();
    phone.post(path, body).await.expect(201);
    trips.take()
}

/// The statements of round trips, for a failure to show; those that are not prepared are marked.
fn shown(asked: &[RoundTrip]) -> String {
    let mark = |trip: &RoundTrip| if trip.is_prepared { " " } else { "!" };
    asked.iter().map(|trip| [mark(trip), &trip.statement].join(" ")).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_in_takes_six_round_trips_each_of_them_prepared() {
    Statements::listen();
    let Some(app) = TestApp::postgres().await else { return };
    let p = app.partnership().await;
    let (trips, path) = (RoundTrips::of(&app), "/app/v1/check-ins");
    // The first one unlocks the phone.
    for (note, is_counted) in [("At my sister's.", false), ("Home again.", true), ("Good night.", true)] {
        let body = json!({"status": "safe", "note": note, "recorded_at": app.now_text()});
        let asked = trips_of(&trips, p.phone(), path, body).await;
        if is_counted {
            let has_row = asked.iter().any(|trip| trip.statement.starts_with("INSERT INTO \"check_ins\""));
            assert!(has_row, "what is asked is not heard:\n{}", shown(&asked));
            assert!(asked.len() <= CHECK_IN, "{} round trips:\n{}", asked.len(), shown(&asked));
            let unprepared = asked.iter().find(|trip| !trip.is_prepared && !trip.is_frame());
            assert!(unprepared.is_none(), "not prepared:\n{}", shown(&asked));
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_of_help_now_takes_no_more_round_trips_than_it_did() {
    Statements::listen();
    let Some(app) = TestApp::postgres().await else { return };
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let trips = RoundTrips::of(&app);
    for most in [HELP_NOW, HELP_NOW_AGAIN] {
        let asked = trips_of(&trips, p.sos(), "/app/v1/help-now", json!({"recorded_at": app.now_text()})).await;
        let has_row = asked.iter().any(|trip| trip.statement.starts_with("INSERT INTO \"check_ins\""));
        assert!(has_row, "what is asked is not heard:\n{}", shown(&asked));
        assert!(asked.len() <= most, "{} round trips:\n{}", asked.len(), shown(&asked));
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_takes_no_more_round_trips_than_it_did() {
    Statements::listen();
    let Some(app) = TestApp::postgres().await else { return };
    let p = app.partnership().await;
    let trips = RoundTrips::of(&app);
    for account in ["The first.", "The second."] {
        let body = json!({"happened": {"precision": "exact", "from": app.now_text()}, "behaviours": ["loiter"],
            "account": account, "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
        let asked = trips_of(&trips, p.phone(), "/app/v1/incidents", body).await;
        // The first one unlocks the phone.
        let is_counted = account == "The second.";
        assert!(!is_counted || asked.len() <= INCIDENT, "{} round trips:\n{}", asked.len(), shown(&asked));
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worklist_of_many_asks_no_more_than_one_of_few() {
    Statements::listen();
    let Some(app) = TestApp::postgres().await else { return };
    let p = app.partnership().await;
    p.help_now().await;
    let trips = RoundTrips::of(&app);
    let view = format!("/partner/v1/cases/{}/view", p.case);
    let mut counts = Vec::new();
    for more in [3, 3] {
        for _ in 0..more {
            let other = partnership::survivor(&app.http, &p.advocate, "high").await;
            partnership::help_now(&other.phone.session).await;
        }
        for path in ["/partner/v1/alerts", "/partner/v1/tasks", &view] {
            p.advocate.get(path).await.expect(200);
            trips.take();
            let page = p.advocate.get(path).await.expect(200);
            let asked = trips.take();
            let items = page["items"].as_array().map_or(&[][..], Vec::as_slice);
            let scripts =
                if path.ends_with("tasks") { items.iter().filter(|task| task["script"].is_array()).count() } else { 0 };
            assert!(asked.len() <= PAGE + SCRIPT * scripts, "{path}: {} round trips:\n{}", asked.len(), shown(&asked));
            counts.push((path.to_owned(), asked.len() - SCRIPT * scripts));
        }
    }
    let (few, many) = counts.split_at(3);
    assert_eq!(few, many, "more rows take more round trips");
    app.settle().await;
    app.finish().await;
}
