//! Safe contact: what the plan says is what is done; the survivor sees it, and strangers do not.

use serde_json::{Value, json};

use crate::harness::partnership::unlock_under_duress;
use crate::harness::providers::Providers;
use crate::harness::{NOON, Partnership, TestApp, instant, on_both};
use crate::notify::{push_path, with_providers};

fn plan_path(p: &Partnership) -> String {
    format!("/partner/v1/survivors/{}/safe-contact", p.survivor.id)
}

fn plan() -> Value {
    let mornings = json!([{"weekdays": ["saturday"], "from": "09:00", "until": "11:30"}]);
    json!({"time_zone": "Europe/London",
        "sms": {"allowed": true, "address": "+44 7700 900123", "hours": mornings},
        "voice": {"allowed": false, "address": "+44 7700 900123"},
        "never_leave_voicemail": true, "who_answers": "Only I do.", "wording": "diary"})
}

on_both!(a_plan_is_versioned_and_the_survivor_sees_it, |app| async {
    let p = app.partnership().await;
    assert_eq!(p.phone().get("/app/v1/safe-contact").await.expect(200), json!({"version": 0}));
    let made = p.advocate.put(&plan_path(&p), plan()).await.expect(200);
    assert_eq!((&made["version"], &made["plan"]["sms"]["address"]), (&json!(1), &json!("+447700900123")));
    let own = p.phone().get("/app/v1/safe-contact").await.expect(200);
    assert_eq!((&own["version"], &own["plan"]), (&json!(1), &made["plan"]));
    assert_eq!((&own["plan"]["who_answers"], &own["plan"]["wording"]), (&json!("Only I do."), &json!("diary")));
    p.advocate.put(&plan_path(&p), json!({"time_zone": "Europe/London"})).await.expect(200);
    assert_eq!(p.phone().get("/app/v1/safe-contact").await.expect(200)["version"], 2);
    p.support_supervisor.put(&plan_path(&p), plan()).await.refused(403, "wrong_role");
    p.practitioner.get(&plan_path(&p)).await.refused(403, "wrong_role");
});

on_both!(a_plan_that_cannot_be_followed_is_refused, |app| async {
    let p = app.partnership().await;
    let wrong = [
        ("/time_zone", json!({"time_zone": "Europe/Sheffield"})),
        ("/sms/address", json!({"time_zone": "Europe/London", "sms": {"allowed": true}})),
        ("/sms/address", json!({"time_zone": "Europe/London", "sms": {"allowed": true, "address": "07700"}})),
        ("/email/address", json!({"time_zone": "Europe/London", "email": {"allowed": true, "address": "ro"}})),
        (
            "/push/hours/0/until",
            json!({"time_zone": "Europe/London",
            "push": {"allowed": true, "hours": [{"from": "10:00", "until": "09:00"}]}}),
        ),
    ];
    for (pointer, body) in wrong {
        let problem = p.advocate.put(&plan_path(&p), body).await.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(!problem.to_string().contains("07700"), "{problem}");
    }
});

with_providers!(staff_cannot_break_the_plan, |app, out| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/contact", p.survivor.id);
    let send = |channel: &str| p.advocate.post(&path, json!({"channel": channel, "template": "call_me"}));
    send("sms").await.refused(409, "no_channel");
    p.advocate.put(&plan_path(&p), plan()).await.expect(200);
    send("sms").await.refused(409, "contact_not_agreed");
    p.consent(&["contact.sms", "contact.voice"]).await;
    // It is noon, and the plan says until half past eleven.
    send("sms").await.refused(409, "unsafe_contact");
    let now = p.advocate.get(&plan_path(&p)).await.expect(200)["channels"].clone();
    let expected = json!([
        {"channel": "push", "allowed_now": false, "why_not": "no_channel"},
        {"channel": "sms", "allowed_now": false, "why_not": "unsafe_contact", "allowed_from": "2026-11-28T09:00:00Z"},
        {"channel": "email", "allowed_now": false, "why_not": "no_channel"},
        {"channel": "voice", "allowed_now": false, "why_not": "unsafe_contact"},
    ]);
    assert_eq!(now, expected);
    app.advance_to(instant("2026-11-28T09:00:00Z")).await;
    send("sms").await.expect(201);
    app.settle().await;
    assert_eq!(out.asked().len(), 1);

    let mut later = plan();
    later["do_not_contact_until"] = json!("2026-12-25T00:00:00Z");
    p.advocate.put(&plan_path(&p), later).await.expect(200);
    send("sms").await.refused(409, "unsafe_contact");
});

with_providers!(a_nudge_reaches_the_phone_and_the_advocate_hears_that_something_waits, |app, out| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["contact.push"]).await;
    p.phone().put(&push_path(&p), json!({"kind": "fcm", "token": "fcm:token_1"})).await.expect(200);
    let told = json!({"email": "asha@support.example", "phone": "+44 7700 900456"});
    let view = p.advocate.put("/partner/v1/me/contact", told).await.expect(200);
    assert_eq!((&view["by_email"], &view["by_sms"]), (&json!(true), &json!(true)));
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:30:00Z")).await;

    // Two reminders came before it.
    let asked = out.asked();
    assert_eq!(asked.len(), 3);
    let asked = &asked[2];
    assert_eq!(asked.json()["message"]["notification"]["body"], "Please have a look when you can.");
    let alert = p.alerts().await.remove(0);
    assert_eq!(alert["steps"][0]["detail"]["told"][0]["outcome"], "queued", "{alert}");
    let mails = out.mail.mails();
    assert_eq!((mails.len(), mails[0].to.as_slice()), (1, &["asha@support.example".to_owned()][..]));
    let reference = alert["reference"].as_str().unwrap();
    assert_eq!(mails[0].text(), format!("Something waits for you in the portal: {reference}, level 2."));
});

with_providers!(an_emergency_reaches_staff_by_text_and_never_the_phone, |app, out| async {
    let p = app.partnership().await;
    p.consent(&["contact.push"]).await;
    p.phone().put(&push_path(&p), json!({"kind": "fcm", "token": "fcm:token_1"})).await.expect(200);
    let told = json!({"email": "asha@support.example", "phone": "+44 7700 900456", "language": "cy"});
    p.advocate.put("/partner/v1/me/contact", told).await.expect(200);
    let alert = p.help_now().await;
    app.settle().await;
    let asked = out.only();
    assert_eq!(asked.json()["phone_number"], "+447700900456");
    let reference = alert["reference"].as_str().unwrap();
    let said = asked.json()["personalisation"]["message"].clone();
    assert_eq!(said, format!("Mae rhywbeth yn aros amdanoch yn y porth: {reference}, lefel 4."));
    assert_eq!(out.mail.mails().len(), 1);
});

on_both!(without_a_provider_the_history_says_so, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["contact.push"]).await;
    let made = p.phone().put(&push_path(&p), json!({"kind": "fcm", "token": "fcm:token_1"})).await.expect(200);
    assert_eq!(made["available"], false);
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:30:00Z")).await;
    let alert = p.alerts().await.remove(0);
    assert_eq!(alert["steps"][0]["detail"]["told"][0]["outcome"], "no_channel", "{alert}");
});

on_both!(a_phone_registers_itself_and_no_other, |app| async {
    let p = app.partnership().await;
    let path = push_path(&p);
    let other = crate::harness::partnership::enrol(&app.http, &p.advocate, &p.survivor.id).await;
    other.session.put(&path, json!({"kind": "fcm", "token": "t"})).await.refused(404, "not_found");
    let wrong = [
        json!({"kind": "apns", "token": "not hex"}),
        json!({"kind": "fcm"}),
        json!({"kind": "web_push", "token": "t"}),
        json!({"kind": "web_push", "subscription": {"endpoint": "https://10.0.0.1/x",
            "keys": {"p256dh": "AA", "auth": "AA"}}}),
        json!({"kind": "web_push", "subscription": {"endpoint": "https://push.example.org/x",
            "keys": {"p256dh": "AA", "auth": "AA"}}}),
    ];
    for body in wrong {
        p.phone().put(&path, body).await.refused(422, "invalid");
    }
    p.phone().put(&path, json!({"kind": "fcm", "token": "t"})).await.expect(200);
    p.phone().put(&path, json!({"kind": "apns", "token": "00ff"})).await.expect(200);
    for _ in 0..2 {
        assert_eq!(p.phone().send(reqwest::Method::DELETE, &path, &[], None).await.status.as_u16(), 204);
    }
});

/// Lets a survivor be reached by notice and by text.
async fn reachable(p: &Partnership) {
    p.consent(&["contact.push", "contact.sms"]).await;
    p.phone().put(&push_path(p), json!({"kind": "fcm", "token": "fcm:token_1"})).await.expect(200);
    p.advocate.put(&plan_path(p), open_plan()).await.expect(200);
}

fn open_plan() -> Value {
    json!({"time_zone": "Europe/London", "push": {"allowed": true},
        "sms": {"allowed": true, "address": "+44 7700 900123"}})
}

async fn say(app: &TestApp, p: &Partnership, about: Value) {
    let mut body = json!({"status": "safe", "recorded_at": app.now_text()});
    body.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    p.phone().post("/app/v1/check-ins", body).await.expect(201);
}

with_providers!(after_not_safe_nothing_leaves_until_the_survivor_says_otherwise, |app, out| async {
    let p = app.partnership().await;
    reachable(&p).await;
    let path = format!("/partner/v1/survivors/{}/contact", p.survivor.id);
    let send = |channel: &str| p.advocate.post(&path, json!({"channel": channel, "template": "call_me"}));
    // What waits already when they say so is not sent either.
    send("push").await.expect(201);
    say(app, &p, json!({"safe_to_contact": false})).await;
    app.settle().await;
    assert!(out.asked().is_empty());
    for channel in ["push", "sms"] {
        send(channel).await.refused(409, "unsafe_contact");
    }
    let seen = p.advocate.get(&plan_path(&p)).await.expect(200);
    assert_eq!(seen["said_unsafe_at"], json!(app.now()));
    assert_eq!(
        (&seen["channels"][0]["why_not"], &seen["do_not_contact_device"]),
        (&json!("unsafe_contact"), &json!(false))
    );
    // An answer that says nothing of it changes nothing; the reminder of a check-in stays away too.
    say(app, &p, json!({})).await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T13:59:00Z")).await;
    assert!(out.asked().is_empty());
    say(app, &p, json!({"safe_to_contact": true})).await;
    send("push").await.expect(201);
    app.settle().await;
    assert_eq!(out.asked().len(), 1);
    app.leaves_retries();
});

on_both!(what_was_said_before_or_without_the_pin_does_not_make_it_safe, |app| async {
    let p = app.partnership().await;
    let said_unsafe_at = || async { p.advocate.get(&plan_path(&p)).await.expect(200)["said_unsafe_at"].clone() };
    let concern = |is_safe: bool| json!({"status": "concern", "safe_to_contact": is_safe, "contact_by": ["push"], "recorded_at": app.now_text()});
    // Whoever holds the phone can say with its SOS token that it is not safe, and not that it is.
    p.sos().post("/app/v1/check-ins", concern(false)).await.expect(201);
    let since = json!(app.now());
    assert_eq!(said_unsafe_at().await, since);
    app.advance(10).await;
    p.sos().post("/app/v1/check-ins", concern(true)).await.expect(201);
    assert_eq!(said_unsafe_at().await, since);
    // What a phone kept from before that comes too late to count.
    let before = json!({"status": "safe", "safe_to_contact": true, "recorded_at": "2026-11-21T11:00:00Z"});
    let item = json!({"idempotency_key": "kept-1", "method": "POST", "path": "/app/v1/check-ins", "body": before});
    let synced = p.phone().post("/app/v1/sync", json!({"items": [item]})).await.expect(200);
    assert_eq!((&synced["items"][0]["status"], &said_unsafe_at().await), (&json!(201), &since));
    say(app, &p, json!({"safe_to_contact": true})).await;
    assert_eq!(said_unsafe_at().await, Value::Null);
    app.leaves_retries();
});

with_providers!(how_it_is_safe_narrows_the_plan_and_another_plan_takes_its_place, |app, out| async {
    let p = app.partnership().await;
    reachable(&p).await;
    let path = format!("/partner/v1/survivors/{}/contact", p.survivor.id);
    let send = |channel: &str| p.advocate.post(&path, json!({"channel": channel, "template": "nudge"}));
    app.advance(1).await;
    // What was to go by notice goes by text, since that is what they said is safe.
    send("push").await.expect(201);
    say(app, &p, json!({"safe_to_contact": true, "contact_by": ["sms", "voice"]})).await;
    app.settle().await;
    assert_eq!(out.only().json()["phone_number"], "+447700900123");
    send("push").await.refused(409, "unsafe_contact");
    assert_eq!(p.advocate.get(&plan_path(&p)).await.expect(200)["said_only_by"], json!(["sms", "voice"]));
    say(app, &p, json!({"safe_to_contact": false})).await;
    send("sms").await.refused(409, "unsafe_contact");
    app.advance(1).await;
    p.advocate.put(&plan_path(&p), open_plan()).await.expect(200);
    send("push").await.expect(201);
    app.settle().await;
    assert_eq!(out.asked().len(), 2);
});

with_providers!(reminders_go_on_while_a_silent_emergency_is_open, |app, out| async {
    let p = app.partnership().await;
    reachable(&p).await;
    p.schedule("14:00").await;
    unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    app.advance_to(instant("2026-11-21T13:50:00Z")).await;
    // Of one record alone: the decoy's slot is the same.
    assert_eq!(out.asked().len(), 1);
    app.leaves_retries();
});

with_providers!(while_a_silent_emergency_is_open_the_phone_is_left_alone, |app, out| async {
    let p = app.partnership().await;
    reachable(&p).await;
    let path = format!("/partner/v1/survivors/{}/contact", p.survivor.id);
    let call_me = json!({"channel": "push", "template": "call_me"});
    // One that waits already stays here too.
    p.advocate.post(&path, call_me.clone()).await.expect(201);
    unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    app.settle().await;
    assert!(out.asked().is_empty());
    for channel in ["push", "sms"] {
        let body = json!({"channel": channel, "template": "call_me"});
        p.advocate.post(&path, body).await.refused(409, "unsafe_contact");
    }
    let seen = p.advocate.get(&plan_path(&p)).await.expect(200);
    assert_eq!((&seen["do_not_contact_device"], seen.get("said_unsafe_at")), (&json!(true), None));
    // The survivor's own phone is not told why it hears nothing.
    let own = p.phone().get("/app/v1/safe-contact").await.expect(200);
    assert!(own.get("do_not_contact_device").is_none(), "{own}");
    let alert = p.alerts().await.into_iter().find(|alert| alert["rule"] == "duress").expect("an emergency");
    p.act(alert["id"].as_str().unwrap(), "release", json!({})).await.expect(200);
    p.advocate.post(&path, call_me).await.expect(201);
    app.settle().await;
    assert_eq!(out.asked().len(), 1);
    app.leaves_retries();
});
