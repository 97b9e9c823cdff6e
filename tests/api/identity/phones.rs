//! A further phone, which cries for help from its first second and reads nothing until somebody has confirmed it; the codes that
//! enrol phones; and revoked phones, which cry on until the survivor's own voice has said that they may not.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{CODE_WORD, FORCE, enrol, enrol_unconfirmed, enrol_with, way};
use crate::harness::{Caller, NOON, Partnership, Reply, TestApp, Way, instant, on_both, text};

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/survivors/{}/{path}", p.survivor.id)
}

/// A further phone that nobody has confirmed: its id, a session, and its SOS token.
struct New {
    id: String,
    session: Caller,
    sos: Caller,
}

async fn new_phone(app: &TestApp, p: &Partnership, old: &str) -> New {
    let enrolled = enrol_unconfirmed(&app.http, &p.advocate, &p.survivor.id, (json!(old), json!({}))).await;
    assert_eq!(enrolled["is_confirmed"], false);
    let sos = Caller::new(&app.http, Way::Sos { token: text(&enrolled, "sos_token") });
    New { id: text(&enrolled, "device_id"), session: Caller::new(&app.http, way(&enrolled, "4821")), sos }
}

async fn confirm(p: &Partnership, by: &Caller, device: &str, more: Value) -> Reply {
    let mut body = json!({"code_word": CODE_WORD});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    by.post(&below(p, &format!("devices/{device}/confirm")), body).await
}

fn id_of(phone: &Caller) -> String {
    let Way::Phone { device_id, .. } = &phone.way else { panic!("a phone is a phone") };
    device_id.clone()
}

/// Sends in what any phone may, and is taken at its word in none that would quieten an alarm.
async fn sends_in(app: &TestApp, phone: &Caller, sos: &Caller) {
    let now = app.now_text();
    sos.post("/app/v1/help-now", json!({"recorded_at": now})).await.expect(201);
    phone.post("/app/v1/help-now", json!({"recorded_at": now})).await.expect(201);
    phone.post("/app/v1/check-ins", json!({"status": "safe", "recorded_at": now})).await.expect(201);
    phone.post("/app/v1/check-ins", json!({"status": "concern", "recorded_at": now})).await.expect(201);
    let timer = phone.post("/app/v1/timers", json!({"minutes": 20})).await.expect(201);
    phone.post(&format!("/app/v1/timers/{}/end", text(&timer, "id")), json!({})).await.expect(200);
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Words",
        "fear": 1, "visibility": "advocate", "recorded_at": now});
    phone.post("/app/v1/incidents", incident).await.expect(201);
}

on_both!(a_new_phone_cries_from_its_first_second_and_reads_once_it_is_confirmed, |app| async {
    let p = app.partnership().await;
    let new = new_phone(app, &p, "unsure").await;
    new.session.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    let body = json!({"granted": false, "text_version": "1"});
    new.session.put("/app/v1/consents/contact.push", body).await.refused(403, "phone_not_confirmed");
    sends_in(app, &new.session, &new.sos).await;
    assert_eq!(p.tasks("confirm_phone").await[0]["detail"]["device_id"], new.id.as_str());
    // Not by who made the code, nor by who is not on the survivor's side, nor with another word.
    confirm(&p, &p.advocate, &new.id, json!({})).await.refused(403, "second_person_needed");
    confirm(&p, &p.practitioner, &new.id, json!({})).await.refused(403, "wrong_role");
    let supervisor = &p.support_supervisor;
    confirm(&p, supervisor, &new.id, json!({"code_word": "lily"})).await.refused(409, "code_word_needed");
    new.session.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    let confirmed = confirm(&p, supervisor, &new.id, json!({})).await.expect(200);
    assert_eq!(confirmed["is_to_be_reviewed"], false);
    new.session.get("/app/v1/incidents").await.expect(200);
    confirm(&p, supervisor, &new.id, json!({})).await.refused(409, "wrong_state");
    let task = &p.tasks("confirm_phone").await[0];
    assert_eq!((&task["state"], &task["ended_because"]), (&json!("done"), &json!("confirmed")));
    // The old phone may be in other hands: it learns nothing, and calls for help as before.
    p.phone().get("/app/v1/incidents").await.refused(503, "unavailable");
    let body = json!({"granted": false, "text_version": "1"});
    p.phone().put("/app/v1/consents/contact.push", body).await.refused(503, "unavailable");
    sends_in(app, p.phone(), p.sos()).await;
    app.leaves_retries();
});

on_both!(a_safe_from_a_phone_that_nobody_confirmed_quietens_no_alarm, |app| async {
    let p = app.partnership().await;
    p.schedule("13:00").await;
    let new = new_phone(app, &p, "yes").await;
    app.advance(65).await;
    new.session.post("/app/v1/check-ins", json!({"status": "safe", "recorded_at": app.now_text()})).await.expect(201);
    app.advance(60).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "missed_check_in"));
    app.leaves_retries();
});

on_both!(only_a_phone_that_is_theirs_alone_learns_of_another, |app| async {
    let p = app.partnership().await;
    let hidden = new_phone(app, &p, "no").await;
    assert_eq!(p.phone().list("/app/v1/devices").await.len(), 1);
    let log = p.phone().list("/app/v1/access-log").await;
    assert!(log.iter().all(|line| line["action"] != "create_enrolment_code"), "{log:?}");
    let seen = p.advocate.list(&below(&p, "devices")).await;
    assert_eq!((&seen[0]["old_phone_alone_with_them"], seen[0].get("reads_from")), (&json!("no"), None));
    p.advocate.post(&below(&p, &format!("devices/{}/revoke", hidden.id)), json!({"reason": "lost"})).await.expect(200);
    let ended = &p.tasks("confirm_phone").await[0];
    assert_eq!(ended["ended_because"], "phone_revoked");
    let shown = new_phone(app, &p, "yes").await;
    assert_eq!(p.phone().list("/app/v1/devices").await.len(), 2);
    confirm(&p, &p.support_supervisor, &shown.id, json!({})).await.expect(200);
    p.phone().get("/app/v1/incidents").await.expect(200);
    shown.session.get("/app/v1/incidents").await.expect(200);
});

on_both!(an_open_emergency_mutes_no_notice_of_a_new_phone, |app| async {
    let p = app.partnership().await;
    p.help_now().await;
    new_phone(app, &p, "no").await;
    let alerts = p.alerts().await;
    let risk = alerts.iter().find(|alert| alert["rule"] == "device_risk").expect("the advocate is told");
    assert_eq!(risk["steps"].as_array().map(Vec::len), Some(1), "{risk}");
    app.leaves_retries();
});

on_both!(at_night_whoever_is_alone_on_duty_confirms_after_ringing_back_and_a_supervisor_looks_at_it, |app| async {
    let p = app.partnership().await;
    let from = app.now().to_string();
    let shift = json!({"staff_id": p.advocate.id, "place": "duty", "starts_at": from,
        "ends_at": app.now().plus_days(3).to_string()});
    p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201);
    // On a Monday at noon others are at work.
    app.advance(48 * 60).await;
    let new = new_phone(app, &p, "yes").await;
    let rang = json!({"rang_back": true});
    confirm(&p, &p.advocate, &new.id, rang.clone()).await.refused(403, "second_person_needed");
    app.advance(11 * 60).await;
    confirm(&p, &p.advocate, &new.id, json!({})).await.refused(403, "second_person_needed");
    let confirmed = confirm(&p, &p.advocate, &new.id, rang).await.expect(200);
    assert_eq!(confirmed["is_to_be_reviewed"], true);
    new.session.get("/app/v1/incidents").await.expect(200);
    let review = &p.tasks("review_phone").await[0];
    assert_eq!(
        (&review["for_role"], &review["due_at"]),
        (&json!("supervisor"), &json!(instant("2026-11-24T09:00:00Z")))
    );
});

on_both!(without_a_code_word_a_new_phone_reads_after_the_delay, |app| async {
    let p = app.partnership().await;
    let made = json!({"preferred_name": "Ines", "home_force_id": FORCE, "risk_rating": "high"});
    let id = text(&p.advocate.post("/partner/v1/survivors", made).await.expect(201), "id");
    let first = enrol_with(&app.http, &p.advocate, &id, json!({})).await;
    assert_eq!(first["is_confirmed"], true);
    // A word that comes with the phone itself says nothing of who holds it.
    let more = (json!("yes"), json!({"code_word": "attacker"}));
    let second = enrol_unconfirmed(&app.http, &p.advocate, &id, more).await;
    let phone = Caller::new(&app.http, way(&second, "4821"));
    phone.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    let path = format!("/partner/v1/survivors/{id}/devices/{}/confirm", text(&second, "device_id"));
    let word = json!({"code_word": "attacker"});
    p.support_supervisor.post(&path, word).await.refused(409, "wrong_state");
    app.advance(24 * 60 - 1).await;
    phone.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    app.advance(1).await;
    phone.get("/app/v1/incidents").await.expect(200);
    app.leaves_retries();
});

on_both!(codes_are_listed_and_withdrawn_and_a_newer_one_ends_the_older, |app| async {
    let p = app.partnership().await;
    let path = below(&p, "enrolment-codes");
    let older = p.advocate.post(&path, json!({})).await.expect(201);
    let newer = p.advocate.post(&path, json!({"old_phone_alone_with_them": "no"})).await.expect(201);
    let enrol = |code: &Value| {
        let body = json!({"code": code["code"], "pin": "135790", "code_word": "attacker", "device_name": "Mine"});
        async move { app.http.nobody().post("/app/v1/enrol", body).await }
    };
    enrol(&older).await.refused(401, "unauthenticated");
    let line = format!("{path}/{}", text(&newer, "id"));
    let withdraw = async |by: &Caller| by.send(Method::DELETE, &line, &[], None).await;
    withdraw(&p.practitioner).await.refused(403, "wrong_role");
    withdraw(&p.support_supervisor).await.expect(204);
    withdraw(&p.support_supervisor).await.refused(409, "wrong_state");
    enrol(&newer).await.refused(401, "unauthenticated");
    let listed = p.advocate.list(&path).await;
    let states: Vec<_> = listed.iter().map(|code| code["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["withdrawn", "replaced", "used"]);
    assert!(listed.iter().all(|code| code.get("code").is_none()), "{listed:?}");
    // A further phone's word takes the place of none.
    let third = p.advocate.post(&path, json!({})).await.expect(201);
    enrol(&third).await.expect(201);
    let alert = text(&p.help_now().await, "id");
    let say = |word: &str| json!({"note": "Safe.", "code_word": word});
    p.act(&alert, "stand-down", say("attacker")).await.refused(409, "code_word_needed");
    p.act(&alert, "stand-down", say(CODE_WORD)).await.expect(200);
    app.leaves_retries();
});

on_both!(a_revoked_phone_cries_on_and_says_so_until_the_survivor_has_said_that_it_may_not, |app| async {
    let p = app.partnership().await;
    let lost = enrol(&app.http, &p.advocate, &p.survivor.id).await;
    let device = id_of(&lost.session);
    p.phone().post(&format!("/app/v1/devices/{device}/revoke"), json!({"reason": "stolen"})).await.expect(200);
    app.advance(60).await;
    let pressed = lost.sos.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    let path = format!("/partner/v1/alerts/{}", text(&pressed["alert"], "id"));
    let words = p.advocate.get(&path).await.expect(200)["in_words"].to_string();
    assert!(words.contains("from a phone reported lost or taken at 12:00"), "{words}");
    let own = p.phone().get(&format!("/app/v1/alerts/{}", text(&pressed["alert"], "id"))).await.expect(200);
    assert!(own["in_words"].to_string().contains("reported lost or taken at 12:00"), "{own}");
    app.settle().await;
    let scripts = p.advocate.list("/partner/v1/tasks").await;
    let script = scripts.iter().find(|task| task["kind"] == "call_999").expect("somebody is to ring");
    assert!(script["script"].to_string().contains("may not be theirs"), "{script}");
    // It ends by the voice and the word, and not by time.
    let end = below(&p, &format!("devices/{device}/revoke/confirm"));
    let said = |spoke: bool, word: &str| json!({"spoke_to_survivor": spoke, "code_word": word});
    p.advocate.post(&end, said(false, CODE_WORD)).await.refused(409, "code_word_needed");
    p.advocate.post(&end, said(true, "lily")).await.refused(409, "code_word_needed");
    app.advance(24 * 60).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "unreviewed"), "the task climbs");
    lost.sos.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    p.advocate.post(&end, said(true, CODE_WORD)).await.expect(200);
    lost.sos.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.refused(401, "unauthenticated");
    p.advocate.post(&end, said(true, CODE_WORD)).await.refused(409, "wrong_state");
    let task = &p.tasks("end_sos").await[0];
    assert_eq!((&task["state"], &task["ended_because"]), (&json!("done"), &json!("confirmed")));
    p.sos().post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    app.leaves_retries();
});

on_both!(what_a_revoked_phone_says_takes_the_place_of_nothing_that_another_says, |app| async {
    let p = app.partnership().await;
    p.consent(&["location.moment", "location.release_alert"]).await;
    let lost = enrol(&app.http, &p.advocate, &p.survivor.id).await;
    let own = json!({"location": {"lat": 53.3811, "lon": -1.4701}, "recorded_at": app.now_text()});
    p.phone().post("/app/v1/help-now", own).await.expect(201);
    let timer = p.phone().post("/app/v1/timers", json!({"minutes": 5})).await.expect(201);
    let path = format!("/app/v1/devices/{}/revoke", id_of(&lost.session));
    p.phone().post(&path, json!({"reason": "lost"})).await.expect(200);
    app.advance(6).await;
    let theirs = json!({"location": {"lat": 50.82, "lon": -0.14, "force_id": "sussex"}, "safe_to_contact": false,
        "recorded_at": app.now_text()});
    let pressed = lost.sos.post("/app/v1/help-now", theirs).await.expect(201);
    let alert = p.advocate.get(&format!("/partner/v1/alerts/{}", text(&pressed["alert"], "id"))).await.expect(200);
    assert!(!alert["forces"].to_string().contains("sussex"), "{alert}");
    let seen = p.phone().get(&format!("/app/v1/timers/{}", text(&timer, "id"))).await.expect(200);
    assert_ne!(seen["state"], "help_now", "{seen}");
    app.leaves_retries();
});

/// A first phone where two people are needed, as in production.
async fn first_phone(app: &TestApp) {
    let p = app.partnership().await;
    let made = json!({"preferred_name": "Ines", "home_force_id": FORCE, "risk_rating": "high"});
    let id = text(&p.advocate.post("/partner/v1/survivors", made).await.expect(201), "id");
    let more = (json!("unsure"), json!({"code_word": "snowdrop"}));
    let first = enrol_unconfirmed(&app.http, &p.advocate, &id, more).await;
    assert_eq!(first["is_confirmed"], false);
    let phone = Caller::new(&app.http, way(&first, "4821"));
    phone.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    let sos = Caller::new(&app.http, Way::Sos { token: text(&first, "sos_token") });
    sends_in(app, &phone, &sos).await;
    let device = text(&first, "device_id");
    let task = p.tasks("confirm_phone").await.into_iter().find(|task| task["detail"]["device_id"] == device.as_str());
    assert_eq!(task.unwrap()["detail"]["is_first"], true);
    // Another person than made the code confirms it; what it brought is the word from then on.
    let path = format!("/partner/v1/survivors/{id}/devices/{device}/confirm");
    p.practitioner.post(&path, json!({})).await.refused(403, "wrong_role");
    p.advocate.post(&path, json!({"rang_back": true})).await.refused(403, "second_person_needed");
    assert_eq!(p.support_supervisor.post(&path, json!({})).await.expect(200)["is_to_be_reviewed"], false);
    phone.get("/app/v1/incidents").await.expect(200);
    let alert = phone.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    assert_eq!(alert["alert"]["state"], "open");
    app.leaves_retries();
}

mod a_first_phone_reads_once_another_has_confirmed_it_where_two_people_are_needed {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        let app = TestApp::sqlite_with(instant(NOON), |settings| settings.two_people = Some(true)).await;
        first_phone(&app).await;
        app.finish().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        let settings = |settings: &mut holdfast::config::Flags| settings.two_people = Some(true);
        let Some(app) = TestApp::postgres_with(instant(NOON), settings).await else { return };
        first_phone(&app).await;
        app.finish().await;
    }
}
