//! How often a call goes to PostgreSQL and back: that, and not the work itself, is what it waits for. On SQLite nothing is a
//! round trip.

use serde_json::{Value, json};

use crate::harness::statements::{RoundTrip, RoundTrips, Statements};
use crate::harness::{Caller, TestApp};

/// Of an answer with a note: the session, BEGIN, what the answer meets, the answer, what is kept of it with its entry in the
/// audit, COMMIT.
const CHECK_IN: usize = 6;
/// Of a press that opens an alert and queues what notifies people and police.
const HELP_NOW: usize = 90;
/// Of one that adds to it.
const HELP_NOW_AGAIN: usize = 110;

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
