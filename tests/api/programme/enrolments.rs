//! Enrolments that end early or are on hold: what becomes of the sessions that were planned with them.

use holdfast::db::Instant;
use holdfast::programme::session_figures;
use serde_json::{Value, json};

use crate::harness::{Partnership, TestApp, instant, on_both, text};

/// An enrolment of twelve sessions, weekly from the 23rd of November; answers its path.
pub async fn enrolled(p: &Partnership) -> String {
    let body = json!({"source": "police", "basis": "voluntary"});
    let path = format!("/partner/v1/participants/{}/referrals", p.participant);
    let referral = text(&p.practitioner.post(&path, body).await.expect(201), "id");
    for event in [
        json!({"event": "submit"}),
        json!({"event": "allocate", "practitioner_id": p.practitioner.id}),
        json!({"event": "start_assessment"}),
        json!({"event": "find_suitable"}),
    ] {
        p.practitioner.post(&format!("/partner/v1/referrals/{referral}/transitions"), event).await.expect(200);
    }
    let body = json!({"programme": "cobi", "starts_on": "2026-11-23", "local_time": "10:00",
        "time_zone": "Europe/London", "mode": "in_person"});
    let made = p.practitioner.post(&format!("/partner/v1/referrals/{referral}/enrolments"), body).await.expect(201);
    format!("/partner/v1/enrolments/{}", text(&made, "id"))
}

async fn sessions(p: &Partnership) -> Vec<Value> {
    let mut sessions = p.practitioner.list(&format!("/partner/v1/participants/{}/sessions", p.participant)).await;
    sessions.sort_by_key(|session| session["number"].as_i64());
    sessions
}

/// How many sessions a report counts between two days, and how many of them nobody recorded.
async fn counted(app: &TestApp, from: &str, until: &str) -> (usize, usize) {
    let (from, until): (Instant, Instant) = (instant(from), instant(until));
    let read = move |conn: &mut holdfast::db::DbConn| session_figures(conn, from, until);
    let rows = app.inner.db.read(read).await.unwrap();
    (rows.len(), rows.iter().filter(|(_, attendance)| attendance.is_none()).count())
}

on_both!(an_enrolment_that_is_withdrawn_leaves_no_session_to_come, |app| async {
    let p = app.partnership().await;
    let enrolment = enrolled(&p).await;
    app.advance_to(instant("2026-12-01T12:00:00Z")).await;
    let first = text(&sessions(&p).await[0], "id");
    let path = format!("/partner/v1/sessions/{first}/attendance");
    p.practitioner.put(&path, json!({"attendance": "attended"})).await.expect(200);
    let withdraw = json!({"event": "withdraw", "reason": "moved_away"});
    p.practitioner.post(&format!("{enrolment}/transitions"), withdraw).await.expect(200);
    let words: Vec<Option<String>> =
        sessions(&p).await.iter().map(|session| session["attendance"].as_str().map(str::to_owned)).collect();
    // What has passed is still to be recorded; what lay ahead is not held, and counts in no figure.
    let cancelled = Some("not_held".to_owned());
    assert_eq!(words[..3], [Some("attended".to_owned()), None, cancelled.clone()]);
    assert!(words.len() == 12 && words[2..].iter().all(|word| *word == cancelled), "{words:?}");
    assert_eq!(counted(app, "2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z").await, (2, 1));
    // Nobody stayed away: no alert, and another referral may follow.
    assert!(p.alerts().await.is_empty());
});

on_both!(sessions_planned_for_a_time_on_hold_stay_and_are_not_counted, |app| async {
    let p = app.partnership().await;
    let enrolment = enrolled(&p).await;
    let step = |body: Value| p.practitioner.post(format!("{enrolment}/transitions").leak(), body);
    app.advance_to(instant("2026-11-24T12:00:00Z")).await;
    step(json!({"event": "hold", "reason": "illness"})).await.expect(200);
    assert_eq!(counted(app, "2026-11-01T00:00:00Z", "2026-12-20T00:00:00Z").await, (1, 1), "while it lasts");
    app.advance_to(instant("2026-12-09T12:00:00Z")).await;
    step(json!({"event": "resume"})).await.expect(200);
    assert!(sessions(&p).await.iter().all(|session| session["attendance"].is_null()));
    // The 30th and the 7th fell into it; the 23rd before and the 14th after count.
    assert_eq!(counted(app, "2026-11-01T00:00:00Z", "2026-12-20T00:00:00Z").await, (2, 2));
    // One that was held all the same counts.
    let path = format!("/partner/v1/sessions/{}/attendance", text(&sessions(&p).await[1], "id"));
    p.practitioner.put(&path, json!({"attendance": "attended"})).await.expect(200);
    assert_eq!(counted(app, "2026-11-01T00:00:00Z", "2026-12-20T00:00:00Z").await, (3, 2));
});
