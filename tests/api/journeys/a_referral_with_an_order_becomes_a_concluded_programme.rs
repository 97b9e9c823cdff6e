//! The police refer a participant with a stalking protection order; twelve sessions later a report concludes it.

use serde_json::{Value, json};

use crate::harness::partnership::{FORCE, Person};
use crate::harness::{Partnership, TestApp, instant, on_both, text};

async fn act(by: &Person, referral: &str, body: Value) -> Value {
    by.post(&format!("/partner/v1/referrals/{referral}/transitions"), body).await.expect(200)
}

/// A police referral with the order, found suitable; answers participant and referral.
async fn suitable(p: &Partnership) -> (String, String) {
    let body = json!({"name": "Ptolemy Quill", "date_of_birth": "1984-02-29", "home_force_id": FORCE});
    let participant = text(&p.practitioner.post("/partner/v1/participants", body).await.expect(201), "id");
    let order = json!({"kind": "spo", "basis": "application", "made_on": "2026-11-19", "served_on": "2026-11-20",
        "expires_on": "2028-11-19", "police_reference": "14/1234/26",
        "conditions": [{"kind": "prohibition", "code": "no_contact", "wording": "Not to contact"},
            {"kind": "requirement", "code": "attend_programme", "wording": "To attend the programme"}]});
    let path = format!("/partner/v1/participants/{participant}/orders");
    let order = text(&p.officer.post(&path, order).await.expect(201), "id");
    let path = format!("/partner/v1/participants/{participant}/referrals");
    let referral = json!({"source": "police", "basis": "order_requirement", "order_id": order});
    let referral = text(&p.officer.post(&path, referral).await.expect(201), "id");
    act(&p.officer, &referral, json!({"event": "submit"})).await;
    let allocation = json!({"event": "allocate", "practitioner_id": p.practitioner.id});
    assert_eq!(act(&p.programme_supervisor, &referral, allocation).await["state"], "awaiting_assessment");
    act(&p.practitioner, &referral, json!({"event": "start_assessment"})).await;
    let found = act(&p.practitioner, &referral, json!({"event": "find_suitable"})).await;
    assert_eq!(found["state"], "suitable");
    (participant, referral)
}

/// Attends all sessions but the fourth, which is missed, and the ninth, which the service cancels.
async fn attend(p: &Partnership, sessions: &[Value]) {
    for session in sessions {
        let attendance = match session["number"].as_i64().unwrap() {
            4 => "not_attended_unacceptable",
            9 => "not_attended_service_cancelled",
            10 => "attended_late",
            _ => "attended",
        };
        let path = format!("/partner/v1/sessions/{}/attendance", text(session, "id"));
        p.practitioner.put(&path, json!({"attendance": attendance})).await.expect(200);
    }
}

async fn report(app: &TestApp, p: &Partnership, enrolment: &str) {
    let path = format!("/partner/v1/enrolments/{enrolment}/end-report");
    let body =
        json!({"progress": "Names urges early", "risk": "Moderate", "recommendations": "A review in three months"});
    let view = p.practitioner.post(&path, body.clone()).await.expect(201);
    let figures = &view["figures"];
    assert_eq!(
        (&figures["sessions"], &figures["attended"], &figures["attended_late"]),
        (&json!(12), &json!(9), &json!(1))
    );
    assert_eq!(figures["not_attended_unacceptable"], 1);
    assert_eq!((&figures["not_attended_service_cancelled"], &figures["not_recorded"]), (&json!(1), &json!(0)));
    p.practitioner.post(&path, body.clone()).await.refused(409, "already_exists");
    let transitions = format!("{path}/transitions");
    p.programme_supervisor.post(&transitions, json!({"event": "approve"})).await.refused(409, "wrong_state");
    p.practitioner.post(&transitions, json!({"event": "submit"})).await.expect(200);
    let conclude = json!({"event": "conclude"});
    let enrolment = format!("/partner/v1/enrolments/{enrolment}/transitions");
    p.practitioner.post(&enrolment, conclude.clone()).await.refused(409, "guard_not_met");
    p.practitioner.post(&transitions, json!({"event": "approve"})).await.refused(403, "wrong_role");
    let back = json!({"event": "give_back", "note": "Say more about what remains."});
    p.programme_supervisor.post(&transitions, back).await.expect(200);
    let tag = p.practitioner.get(&path).await.header("etag").unwrap().to_owned();
    let more = json!({"progress": "Names urges early", "risk": "Moderate; rises with court dates",
        "recommendations": "A review in three months"});
    let put = p.practitioner.send("PUT".parse().unwrap(), &path, &[("if-match", &tag)], Some(&more)).await;
    assert_eq!(put.expect(200)["risk"], "Moderate; rises with court dates");
    p.practitioner.post(&transitions, json!({"event": "submit"})).await.expect(200);
    let put = p.practitioner.send("PUT".parse().unwrap(), &path, &[("if-match", "\"v5\"")], Some(&more)).await;
    assert!([409, 412].contains(&put.status.as_u16()), "{}", put.body);
    app.advance(60).await;
    let approved = p.programme_supervisor.post(&transitions, json!({"event": "approve"})).await.expect(200);
    assert_eq!((&approved["state"], &approved["actions"]), (&json!("approved"), &json!([])));
}

on_both!(a_police_referral_with_an_order_ends_in_a_concluded_enrolment, |app| async {
    let p = app.partnership().await;
    let (participant, referral) = suitable(&p).await;
    let path = format!("/partner/v1/referrals/{referral}/enrolments");
    let body = |programme: &str, time: &str, zone: &str| {
        json!({"programme": programme, "starts_on": "2027-03-15", "local_time": time, "time_zone": zone,
            "mode": "in_person"})
    };
    for wrong in [
        body("none", "10:00", "Europe/London"),
        body("cobi", "25:00", "Europe/London"),
        body("cobi", "10:00", "Nowhere"),
    ] {
        p.practitioner.post(&path, wrong).await.refused(422, "invalid");
    }
    let made = p.practitioner.post(&path, body("cobi", "10:00", "Europe/London")).await.expect(201);
    let (enrolment, sessions) = (text(&made, "id"), made["sessions"].as_array().unwrap().clone());
    assert_eq!(sessions.len(), 12);
    // Weekly at ten in the morning, across the change of clocks.
    let at: Vec<&str> = sessions.iter().map(|session| session["planned_at"].as_str().unwrap()).collect();
    assert_eq!(at[..3], ["2027-03-15T10:00:00Z", "2027-03-22T10:00:00Z", "2027-03-29T09:00:00Z"]);
    let modules: Vec<&str> = sessions.iter().map(|session| session["module"].as_str().unwrap()).collect();
    assert_eq!((modules[0], modules[11]), ("mindfulness", "interpersonal_effectiveness"));
    let view = p.practitioner.get(&format!("/partner/v1/referrals/{referral}")).await.expect(200);
    assert_eq!(view["state"], "enrolled");
    p.practitioner.post(&path, body("cobi", "10:00", "Europe/London")).await.refused(409, "wrong_state");

    let transitions = format!("/partner/v1/enrolments/{enrolment}/transitions");
    p.practitioner.post(&transitions, json!({"event": "complete"})).await.refused(409, "guard_not_met");
    p.practitioner.post(&transitions, json!({"event": "hold", "reason": "illness"})).await.expect(200);
    p.practitioner.post(&transitions, json!({"event": "complete"})).await.refused(409, "wrong_state");
    p.practitioner.post(&transitions, json!({"event": "resume"})).await.expect(200);
    app.advance_to(instant("2027-06-07T12:00:00Z")).await;
    attend(&p, &sessions).await;
    let completed = p.practitioner.post(&transitions, json!({"event": "complete"})).await.expect(200);
    assert_eq!(completed["actions"], json!([{"event": "conclude", "to": "concluded", "needs": "end_report"}]));
    report(app, &p, &enrolment).await;
    let concluded = p.practitioner.post(&transitions, json!({"event": "conclude"})).await.expect(200);
    assert_eq!((&concluded["state"], &concluded["actions"]), (&json!("concluded"), &json!([])));
    let listed = p.practitioner.list(&format!("/partner/v1/participants/{participant}/enrolments")).await;
    assert!(listed.len() == 1 && listed[0]["ended_at"].is_string(), "{listed:?}");
    // Who did what stands there for good.
    let events: Vec<String> = p.practitioner.list(&transitions).await.iter().map(|step| text(step, "event")).collect();
    let expected = ["conclude", "approve", "submit", "give_back", "submit", "complete", "resume", "hold"];
    assert_eq!(events, expected);
});
