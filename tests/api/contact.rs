//! Safe contact: what the plan says is what is done; the survivor sees it, and strangers do not.

use serde_json::{Value, json};

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

on_both!(a_trusted_contact_is_kept_by_survivor_or_advocate, |app| async {
    let p = app.partnership().await;
    let staff = format!("/partner/v1/survivors/{}/trusted-contact", p.survivor.id);
    p.advocate.get(&staff).await.refused(404, "not_found");
    p.phone().put("/app/v1/trusted-contact", json!({"name": "Bea", "phone": "0114"})).await.refused(422, "invalid");
    p.phone().put("/app/v1/trusted-contact", json!({"name": "Bea", "phone": "+44 7700 900789"})).await.expect(200);
    let seen = p.advocate.get(&staff).await.expect(200);
    assert_eq!(
        (&seen["name"], &seen["phone"], &seen["set_by"]),
        (&json!("Bea"), &json!("+447700900789"), &json!("survivor"))
    );
    p.advocate.put(&staff, json!({"name": "Cal", "phone": "+44 7700 900790"})).await.expect(200);
    let own = p.phone().get("/app/v1/trusted-contact").await.expect(200);
    assert_eq!((&own["name"], &own["set_by"]), (&json!("Cal"), &json!("staff")));
    p.phone().send(reqwest::Method::DELETE, "/app/v1/trusted-contact", &[], None).await;
    p.phone().get("/app/v1/trusted-contact").await.refused(404, "not_found");
});
