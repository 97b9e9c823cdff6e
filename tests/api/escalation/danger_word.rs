//! The danger word: said in the place of the code word, it closes nothing, and the person who hears it knows.

use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD, PIN};
use crate::harness::{Caller, Partnership, TestApp, on_both, text};

const DANGER_WORD: &str = "Juniper";

/// Enrols a further phone that brings a danger word, and has it confirmed.
async fn agree(app: &TestApp, p: &Partnership, survivor: &str, word: &str) {
    let more = json!({"code_word": CODE_WORD, "danger_word": word});
    partnership::enrol_with(&app.http, &p.advocate, survivor, more).await;
}

async fn close(staff: &Caller, alert: &str, word: &str) -> crate::harness::Reply {
    let body = json!({"note": "They said that all is well.", "code_word": word, "spoke_to_survivor": true});
    staff.post(&format!("/partner/v1/alerts/{alert}/stand-down"), body).await
}

fn emergencies(alerts: &[Value]) -> Vec<(String, String)> {
    let grave = alerts.iter().filter(|alert| alert["level"] == 4);
    grave.map(|alert| (text(alert, "rule"), text(alert, "state"))).collect()
}

on_both!(the_danger_word_leaves_the_alert_open_and_silent_and_raises_another, |app| async {
    let p = app.partnership().await;
    agree(app, &p, &p.survivor.id, DANGER_WORD).await;
    let alert = text(&p.help_now().await, "id");
    p.phone().get(&format!("/app/v1/alerts/{alert}")).await.expect(200);
    let told = close(&p.advocate, &alert, "juniper").await.refused(409, "in_danger");
    assert_eq!(told["title"], "In danger: say goodbye normally");
    let alerts = p.alerts().await;
    let open = |rule: &str| (rule.to_owned(), "open".to_owned());
    assert_eq!(emergencies(&alerts), [open("duress"), open("help_now")], "{alerts:?}");
    p.phone().get(&format!("/app/v1/alerts/{alert}")).await.refused(404, "not_found");
    // It is heard however many words were tried before.
    for guess in 0..12 {
        close(&p.advocate, &alert, &format!("guess {guess}")).await;
    }
    close(&p.advocate, &alert, DANGER_WORD).await.refused(409, "in_danger");
    app.settle().await;
});

on_both!(the_danger_word_confirms_nothing, |app| async {
    let p = app.partnership().await;
    agree(app, &p, &p.survivor.id, DANGER_WORD).await;
    p.phone().put("/app/v1/trusted-contact", json!({"name": "Bea", "phone": "07700 900123"})).await.expect(200);
    let path = format!("/partner/v1/survivors/{}/trusted-contact/confirm", p.survivor.id);
    p.advocate.post(&path, json!({"code_word": DANGER_WORD})).await.refused(409, "in_danger");
    assert_eq!(p.phone().get("/app/v1/trusted-contact").await.expect(200)["is_in_force"], false);
    assert_eq!(emergencies(&p.alerts().await), [("duress".to_owned(), "open".to_owned())]);
    app.leaves_retries();
});

on_both!(a_danger_word_is_another_word_and_the_first_one_stays, |app| async {
    let p = app.partnership().await;
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    let path = format!("/partner/v1/survivors/{}/enrolment-codes", other.id);
    let code = p.advocate.post(&path, json!({})).await.expect(201)["code"].clone();
    let same =
        json!({"code": code, "pin": PIN, "code_word": CODE_WORD, "danger_word": "Marigold ", "device_name": "Mine"});
    app.http.nobody().post("/app/v1/enrol", same).await.refused(422, "invalid");
    agree(app, &p, &other.id, DANGER_WORD).await;
    agree(app, &p, &other.id, "thistle").await;
    // A person who enrols a phone with an overheard code brings no danger word either, before somebody has confirmed the phone.
    let more = json!({"danger_word": "bramble"});
    partnership::enrol_unconfirmed(&app.http, &p.advocate, &p.survivor.id, (json!("yes"), more)).await;
    let alert = text(&p.help_now().await, "id");
    close(&p.advocate, &alert, "bramble").await.refused(409, "code_word_needed");
    let alert = text(&partnership::help_now(&other.phone.session).await, "id");
    close(&p.advocate, &alert, "thistle").await.refused(409, "code_word_needed");
    close(&p.advocate, &alert, DANGER_WORD).await.refused(409, "in_danger");
    app.settle().await;
});

on_both!(a_danger_word_is_set_later_and_changes_after_a_day, |app| async {
    let p = app.partnership().await;
    let set = |word: &str| json!({"pin": PIN, "new_danger_word": word});
    let change = "/app/v1/session/pin";
    let same = json!({"pin": PIN, "new_code_word": "Bramble", "new_danger_word": " bramble"});
    p.phone().post(change, same).await.refused(422, "invalid");
    p.phone().post(change, set(DANGER_WORD)).await.expect(204);
    p.phone().post(change, set("thistle")).await.expect(204);
    // Until a day has passed the one before is heard, and the new one is no word at all.
    let alert = text(&p.help_now().await, "id");
    close(&p.advocate, &alert, "thistle").await.refused(409, "code_word_needed");
    close(&p.advocate, &alert, DANGER_WORD).await.refused(409, "in_danger");
    app.advance(25 * 60).await;
    close(&p.advocate, &alert, DANGER_WORD).await.refused(409, "code_word_needed");
    close(&p.advocate, &alert, "thistle").await.refused(409, "in_danger");
    app.leaves_retries();
});

on_both!(under_duress_no_danger_word_changes, |app| async {
    let p = app.partnership().await;
    agree(app, &p, &p.survivor.id, DANGER_WORD).await;
    let forced = partnership::under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    let change = json!({"pin": "7305", "new_danger_word": "thistle"});
    forced.post("/app/v1/session/pin", change).await.expect(204);
    app.advance(25 * 60).await;
    let alert = text(&p.help_now().await, "id");
    close(&p.advocate, &alert, "thistle").await.refused(409, "code_word_needed");
    close(&p.advocate, &alert, DANGER_WORD).await.refused(409, "in_danger");
    app.leaves_retries();
});
