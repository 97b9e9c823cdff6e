//! Phones that may not be in the survivor's hands: revoked, sent away, waiting, or opened by time. What they set, say and see
//! changes nothing for the survivor; and nobody alone opens one, or takes the last way to call for help.

use serde_json::{Value, json};

use crate::escalation::on_duty::{colleague, on_duty};
use crate::harness::partnership::{CODE_WORD, FORCE, PIN, enrol_unconfirmed, enrol_with, way};
use crate::harness::{Caller, PASSWORD, Partnership, Reply, TestApp, Way, on_both, text};

fn below(survivor: &str, path: &str) -> String {
    format!("/partner/v1/survivors/{survivor}/{path}")
}

fn id_of(phone: &Caller) -> String {
    let Way::Phone { device_id, .. } = &phone.way else { panic!("a phone is a phone") };
    device_id.clone()
}

/// A further phone that nobody has confirmed: its id and a session.
async fn further(app: &TestApp, p: &Partnership, survivor: &str, old: &str) -> (String, Caller) {
    let enrolled = enrol_unconfirmed(&app.http, &p.advocate, survivor, (json!(old), json!({}))).await;
    (text(&enrolled, "device_id"), Caller::new(&app.http, way(&enrolled, PIN)))
}

/// A survivor who set no code word, and their phone.
async fn without_word(app: &TestApp, p: &Partnership) -> (String, Caller) {
    let made = json!({"preferred_name": "Ines", "home_force_id": FORCE, "risk_rating": "high"});
    let id = text(&p.advocate.post("/partner/v1/survivors", made).await.expect(201), "id");
    let first = enrol_with(&app.http, &p.advocate, &id, json!({})).await;
    (id, Caller::new(&app.http, way(&first, PIN)))
}

async fn confirm(by: &Caller, survivor: &str, device: &str, body: Value) -> Reply {
    by.post(&below(survivor, &format!("devices/{device}/confirm")), body).await
}

fn word(word: &str) -> Value {
    json!({"code_word": word})
}

/// Changes the code word on a phone.
async fn change_word(phone: &Caller, to: &str) {
    phone.post("/app/v1/session/pin", json!({"pin": PIN, "new_code_word": to})).await.expect(204);
}

async fn revoke(by: &Caller, survivor: &str, device: &str) {
    by.post(&below(survivor, &format!("devices/{device}/revoke")), json!({"reason": "lost"})).await.expect(200);
}

/// Presses help-now at a place of another force.
async fn press_elsewhere(app: &TestApp, phone: &Caller) -> Value {
    let place = json!({"lat": 50.82, "lon": -0.14, "force_id": "sussex"});
    let body = json!({"location": place, "recorded_at": app.now_text()});
    phone.post("/app/v1/help-now", body).await.expect(201)["alert"].clone()
}

on_both!(a_word_that_waited_when_its_phone_was_revoked_or_sent_away_never_counts, |app| async {
    let p = app.partnership().await;
    let (survivor, supervisor) = (&p.survivor.id, &p.support_supervisor);
    change_word(p.phone(), "his").await;
    let (away, session) = further(app, &p, survivor, "no").await;
    confirm(supervisor, survivor, &away, word(CODE_WORD)).await.expect(200);
    app.advance(25 * 60).await;
    let (next, _) = further(app, &p, survivor, "yes").await;
    confirm(supervisor, survivor, &next, word("his")).await.refused(409, "code_word_needed");
    // The same where the phone that set it is revoked.
    change_word(&session, "hers no more").await;
    revoke(&p.advocate, survivor, &away).await;
    app.advance(25 * 60).await;
    confirm(supervisor, survivor, &next, word("hers no more")).await.refused(409, "code_word_needed");
    confirm(supervisor, survivor, &next, word(CODE_WORD)).await.expect(200);
    app.leaves_retries();
});

on_both!(what_a_phone_says_that_was_sent_away_takes_the_place_of_nothing, |app| async {
    let p = app.partnership().await;
    p.consent(&["location.moment", "location.release_alert"]).await;
    let told = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "My words",
        "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
    let incident = text(&p.phone().post("/app/v1/incidents", told).await.expect(201), "id");
    let (new, session) = further(app, &p, &p.survivor.id, "no").await;
    confirm(&p.support_supervisor, &p.survivor.id, &new, word(CODE_WORD)).await.expect(200);
    let own = json!({"location": {"lat": 53.3811, "lon": -1.4701}, "recorded_at": app.now_text()});
    let alert = text(&session.post("/app/v1/help-now", own).await.expect(201)["alert"], "id");
    p.act(&alert, "acknowledge", json!({"note": "I have this."})).await.expect(200);
    for phone in [p.phone(), p.sos()] {
        let answered = press_elsewhere(app, phone).await;
        assert!(answered.get("acknowledged_at").is_none_or(Value::is_null), "{answered}");
    }
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    assert!(!seen["forces"].to_string().contains("sussex"), "{seen}");
    // A cry that amends what it knows is a report of its own.
    let amend = json!({"happening_now": true, "account": "I made it up", "visibility": "private"});
    p.phone().post(&format!("/app/v1/incidents/{incident}/amend"), amend).await.expect(200);
    let kept = session.get(&format!("/app/v1/incidents/{incident}")).await.expect(200);
    assert_eq!((&kept["version"], &kept["account"]), (&json!(1), &json!("My words")));
    app.leaves_retries();
});

on_both!(what_a_phone_says_that_nobody_confirmed_is_marked_and_names_the_home_force_too, |app| async {
    let p = app.partnership().await;
    p.consent(&["location.moment", "location.release_alert"]).await;
    let (_, session) = further(app, &p, &p.survivor.id, "no").await;
    let alert = text(&press_elsewhere(app, &session).await, "id");
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    let forces = seen["forces"].to_string();
    assert!(forces.contains("sussex") && forces.contains(FORCE), "{seen}");
    assert_eq!(seen["triggers"][0]["is_phone_unconfirmed"], true, "{seen}");
    assert!(seen["in_words"].to_string().contains("nobody has confirmed"), "{seen}");
    app.leaves_retries();
});

on_both!(a_phone_that_opens_by_time_sends_the_others_away_and_stays_hidden_from_them, |app| async {
    let p = app.partnership().await;
    let (survivor, old) = without_word(app, &p).await;
    let (new, session) = further(app, &p, &survivor, "no").await;
    let take = format!("/app/v1/devices/{new}/revoke");
    app.advance(24 * 60 - 1).await;
    assert_eq!(old.list("/app/v1/devices").await.len(), 1);
    old.post(&take, json!({"reason": "lost"})).await.refused(404, "not_found");
    app.advance(1).await;
    session.get("/app/v1/incidents").await.expect(200);
    assert_eq!(session.list("/app/v1/devices").await.len(), 2);
    old.get("/app/v1/incidents").await.refused(503, "unavailable");
    old.post(&take, json!({"reason": "lost"})).await.refused(503, "unavailable");
    // One that is revoked before it opens sends none away.
    let (next, _) = further(app, &p, &survivor, "unsure").await;
    revoke(&p.advocate, &survivor, &next).await;
    app.advance(25 * 60).await;
    session.get("/app/v1/incidents").await.expect(200);
    app.leaves_retries();
});

on_both!(a_phone_opens_by_time_only_while_no_word_is_set_and_one_sent_away_comes_back_by_it, |app| async {
    let p = app.partnership().await;
    let (survivor, first) = without_word(app, &p).await;
    let (held, overheard) = further(app, &p, &survivor, "yes").await;
    // It would have opened by time; now that a word is set it takes that.
    change_word(&first, "snowdrop").await;
    let tasks = p.tasks("confirm_phone").await;
    assert!(tasks.iter().any(|task| task["detail"]["device_id"] == held.as_str()), "{tasks:?}");
    let (third, _) = further(app, &p, &survivor, "unsure").await;
    let taken = confirm(&p.support_supervisor, &survivor, &third, word("snowdrop")).await.expect(200);
    // The answer to confirming it names the phones that it takes the place of, the one that waits too.
    assert_eq!(taken["sends_away"], json!([id_of(&first), held]), "{taken}");
    app.advance(25 * 60).await;
    overheard.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    first.get("/app/v1/incidents").await.refused(503, "unavailable");
    let listed = p.advocate.list(&below(&survivor, "devices")).await;
    assert!(listed[2]["away_since"].is_string(), "{listed:?}");
    confirm(&p.support_supervisor, &survivor, &id_of(&first), word("lily")).await.refused(409, "code_word_needed");
    confirm(&p.support_supervisor, &survivor, &id_of(&first), word("snowdrop")).await.expect(200);
    first.get("/app/v1/incidents").await.expect(200);
    app.leaves_retries();
});

on_both!(two_people_open_the_phone_of_somebody_who_cannot_say_the_word, |app| async {
    let p = app.partnership().await;
    let survivor = &p.survivor.id;
    let more = (json!("no"), word("snowdrop"));
    let enrolled = enrol_unconfirmed(&app.http, &p.advocate, survivor, more).await;
    let (new, session) = (text(&enrolled, "device_id"), Caller::new(&app.http, way(&enrolled, PIN)));
    let (ask, approve) = (json!({"spoke_to_survivor": true}), json!({"approves_request": true}));
    confirm(&p.support_supervisor, survivor, &new, approve.clone()).await.refused(409, "wrong_state");
    let asked = confirm(&p.advocate, survivor, &new, ask).await.expect(200);
    assert_eq!((&asked["awaits_second_person"], asked.get("reads_from")), (&json!(true), None));
    let tasks = p.tasks("confirm_phone").await;
    assert!(tasks.iter().any(|task| task["detail"]["asked_by"] == p.advocate.id.as_str()), "{tasks:?}");
    confirm(&p.advocate, survivor, &new, approve.clone()).await.refused(403, "second_person_needed");
    session.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    let approved = confirm(&p.support_supervisor, survivor, &new, approve).await.expect(200);
    assert_eq!(approved["reads_from"], json!(app.now().plus_hours(24)));
    assert!(p.tasks("confirm_phone").await.iter().all(|task| task["state"] == "done"));
    app.advance(24 * 60 - 1).await;
    session.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    p.phone().get("/app/v1/incidents").await.expect(200);
    app.advance(1).await;
    session.get("/app/v1/incidents").await.expect(200);
    p.phone().get("/app/v1/incidents").await.refused(503, "unavailable");
    // What came with it is the word from then on.
    let pressed = session.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    let alert = text(&pressed["alert"], "id");
    let say = |word: &str| json!({"note": "Safe.", "code_word": word});
    p.act(&alert, "stand-down", say(CODE_WORD)).await.refused(409, "code_word_needed");
    p.act(&alert, "stand-down", say("snowdrop")).await.expect(200);
    app.leaves_retries();
});

on_both!(a_timer_that_a_phone_ends_which_was_sent_away_runs_on, |app| async {
    let p = app.partnership().await;
    let timer = text(&p.phone().post("/app/v1/timers", json!({"minutes": 20})).await.expect(201), "id");
    let (new, _) = further(app, &p, &p.survivor.id, "no").await;
    confirm(&p.support_supervisor, &p.survivor.id, &new, word(CODE_WORD)).await.expect(200);
    let ended = p.phone().post(&format!("/app/v1/timers/{timer}/end"), json!({})).await.expect(200);
    assert_eq!(ended["state"], "ended_safe");
    app.advance(25).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "timer_expired"));
    app.leaves_retries();
});

on_both!(a_second_account_of_the_same_name_is_no_second_person, |app| async {
    let p = app.partnership().await;
    let body = json!({"username": "asha.2", "display_name": "ASHA  Ashworth", "organisation_id": p.support,
        "roles": ["advocate"]});
    let made = p.admin.post("/admin/v1/staff", body).await.expect(201);
    let setup = json!({"setup_code": made["setup_code"], "password": PASSWORD});
    app.http.nobody().post("/partner/v1/setup", setup).await.expect(201);
    let twin = Caller::staff(&app.http, "asha.2", PASSWORD);
    let (new, _) = further(app, &p, &p.survivor.id, "no").await;
    confirm(&twin, &p.survivor.id, &new, word(CODE_WORD)).await.refused(403, "second_person_needed");
});

on_both!(without_a_word_nobody_alone_ends_a_phones_cry, |app| async {
    let p = app.partnership().await;
    let (survivor, first) = without_word(app, &p).await;
    let (second, session) = further(app, &p, &survivor, "yes").await;
    app.advance(24 * 60).await;
    session.get("/app/v1/incidents").await.expect(200);
    let spoken = json!({"spoke_to_survivor": true});
    let end = |device: &str| below(&survivor, &format!("devices/{device}/revoke/confirm"));
    // Who revoked it does not end it; where the survivor did, a supervisor looks at it.
    revoke(&p.advocate, &survivor, &second).await;
    p.advocate.post(&end(&second), spoken.clone()).await.refused(403, "second_person_needed");
    p.support_supervisor.post(&end(&second), spoken.clone()).await.expect(200);
    assert_eq!(p.tasks("review_phone").await.len(), 0);
    let (third, _) = further(app, &p, &survivor, "yes").await;
    let path = format!("/app/v1/devices/{third}/revoke");
    first.post("/app/v1/session/confirm", json!({"pin": PIN})).await.expect(204);
    first.post(&path, json!({"reason": "lost"})).await.expect(200);
    p.advocate.post(&end(&third), spoken).await.expect(200);
    assert_eq!(p.tasks("review_phone").await[0]["detail"]["device_id"], third.as_str());
    app.leaves_retries();
});

on_both!(where_no_shift_covers_the_hour_whoever_answers_may_act, |app| async {
    let p = app.partnership().await;
    let ben = colleague(app, &p, "ben").await;
    let (codes, devices) = (below(&p.survivor.id, "enrolment-codes"), below(&p.survivor.id, "devices"));
    ben.post(&codes, json!({})).await.expect(201);
    on_duty(&p, &p.advocate.id).await;
    ben.post(&codes, json!({})).await.refused(404, "not_found");
    // After the shift there is a gap.
    app.advance(25 * 60).await;
    ben.post(&codes, json!({})).await.expect(201);
    ben.get(&devices).await.expect(200);
    let why = json!({"reason": "They ring again."});
    p.support_supervisor.post(&below(&p.survivor.id, "close"), why.clone()).await.expect(200);
    ben.post(&codes, json!({})).await.refused(409, "wrong_state");
    ben.post(&below(&p.survivor.id, "reopen"), why).await.expect(200);
    ben.post(&codes, json!({})).await.expect(201);
    app.leaves_retries();
});

on_both!(a_code_ends_with_the_right_to_make_one, |app| async {
    let p = app.partnership().await;
    let ben = colleague(app, &p, "ben").await;
    let (codes, assignments) = (below(&p.survivor.id, "enrolment-codes"), below(&p.survivor.id, "assignments"));
    let enrol = async |code: &Value| {
        let body = json!({"code": code["code"], "pin": "135790", "device_name": "Mine"});
        app.http.nobody().post("/app/v1/enrol", body).await
    };
    p.advocate.post(&assignments, json!({"staff_id": ben.id})).await.expect(201);
    let code = ben.post(&codes, json!({})).await.expect(201);
    p.advocate.send(reqwest::Method::DELETE, &format!("{assignments}/{}", ben.id), &[], None).await.expect(204);
    enrol(&code).await.refused(401, "unauthenticated");
    let code = ben.post(&codes, json!({})).await.expect(201);
    p.advocate.post(&below(&p.survivor.id, "blocks"), json!({"staff_id": ben.id})).await.expect(201);
    enrol(&code).await.refused(401, "unauthenticated");
    assert_eq!(p.advocate.list(&codes).await[0]["state"], "maker_out");
    app.leaves_retries();
});
