//! Messages to people: each provider in its own wire format, at least once, and asked again before every attempt.

mod mail;

use diesel::QueryDsl as _;
use diesel::RunQueryDsl as _;
use holdfast::contact::{ContactOutcome, enqueue_survivor, notify_trusted};
use holdfast::db::schema::notifications;
use holdfast::notify::{Notification, Template};
use holdfast::tx::Actor;
use holdfast::worker::Worker;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD};
use crate::harness::providers::{
    GOVUK_SECRET, GOVUK_SERVICE, GOVUK_TEMPLATE, Providers, SENDER, VAPID_SUBJECT, verify,
};
use crate::harness::push::Subscriber;
use crate::harness::smtp::MailAnswer;
use crate::harness::{NOON, Partnership, TestApp, Way, instant, text};

/// A test for each database, with all providers there: `on_both!` with settings.
macro_rules! with_providers {
    ($(#[$about:meta])* $name:ident, |$app:ident, $out:ident| async $story:block) => {
        $(#[$about])*
        mod $name {
            use super::*;

            async fn story($app: &TestApp, $out: &Providers) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let out = Providers::start().await;
                let app = TestApp::sqlite_with(instant(NOON), |settings| out.configure(settings)).await;
                story(&app, &out).await;
                app.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let out = Providers::start().await;
                let settings = |settings: &mut _| out.configure(settings);
                let Some(app) = TestApp::postgres_with(instant(NOON), settings).await else { return };
                story(&app, &out).await;
                app.finish().await;
            }
        }
    };
}
pub(crate) use with_providers;

const PHONE: &str = "+447700900123";

pub fn push_path(p: &Partnership) -> String {
    let Way::Phone { device_id, .. } = &p.phone().way else { panic!("a phone is a phone") };
    format!("/app/v1/devices/{device_id}/push")
}

/// Registers the survivor's phone, with consent to notices.
async fn phone_with(p: &Partnership, body: Value) {
    p.consent(&["contact.push"]).await;
    let made = p.phone().put(&push_path(p), body).await.expect(200);
    assert_eq!(made["available"], true);
}

/// Sets a plan on which text messages and e-mail are safe at any hour.
async fn plan(p: &Partnership, change: Value) {
    let mut plan = json!({"time_zone": "Europe/London", "push": {"allowed": true},
        "sms": {"allowed": true, "address": "+44 7700 900123"},
        "email": {"allowed": true, "address": "ro@mail.example"}});
    plan.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let path = format!("/partner/v1/survivors/{}/safe-contact", p.survivor.id);
    if p.advocate.put(&path, plan).await.expect(200).get("pending").is_some() {
        // A new address counts once somebody has heard the code word.
        p.advocate.post(&format!("{path}/confirm"), json!({"code_word": CODE_WORD})).await.expect(200);
    }
}

/// Has a message sent to the survivor.
async fn contact(p: &Partnership, channel: &str) {
    let body = json!({"channel": channel, "template": "call_me"});
    p.advocate.post(&format!("/partner/v1/survivors/{}/contact", p.survivor.id), body).await.expect(201);
}

/// All messages: channel, state, why it ended, attempts.
async fn messages(app: &TestApp) -> Vec<(String, String, Option<String>, i32)> {
    let rows =
        app.inner.db.read(|conn| Ok(notifications::table.order(notifications::id).load::<Notification>(conn)?));
    let view = |row: Notification| (row.channel.to_string(), row.state.to_string(), row.outcome, row.attempt);
    rows.await.unwrap().into_iter().map(view).collect()
}

fn ended(channel: &str, why: &str, attempts: i32) -> (String, String, Option<String>, i32) {
    (channel.into(), "ended".into(), Some(why.into()), attempts)
}

fn sent(channel: &str, attempts: i32) -> (String, String, Option<String>, i32) {
    (channel.into(), "sent".into(), None, attempts)
}

with_providers!(a_check_in_is_reminded_of_before_and_at_due_while_it_waits, |app, out| async {
    let (p, phone) = (app.partnership().await, Subscriber::new());
    phone_with(&p, phone.body(&format!("{}/push/abc", out.url))).await;
    p.schedule("21:00").await;
    let count = || async { messages(app).await.len() };
    app.advance_to(instant("2026-11-21T20:44:59Z")).await;
    assert_eq!(count().await, 0);
    app.advance_to(instant("2026-11-21T20:45:00Z")).await;
    assert_eq!(count().await, 1);
    app.advance_to(instant("2026-11-21T21:00:00Z")).await;
    assert_eq!(count().await, 2);
    let safe = || json!({"status": "safe", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", safe()).await.expect(201);
    // Nobody is reminded of what they have answered.
    app.advance_to(instant("2026-11-22T20:30:00Z")).await;
    p.phone().post("/app/v1/check-ins", safe()).await.expect(201);
    app.advance_to(instant("2026-11-22T22:00:00Z")).await;
    assert_eq!(count().await, 2);
});

with_providers!(a_web_push_is_encrypted_for_the_phone_and_signed_by_us, |app, out| async {
    let (p, phone) = (app.partnership().await, Subscriber::new());
    phone_with(&p, phone.body(&format!("{}/push/abc", out.url))).await;
    contact(&p, "push").await;
    app.settle().await;

    let asked = out.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/push/abc"));
    assert_eq!((asked.header("content-encoding"), asked.header("urgency")), ("aes128gcm", "high"));
    assert_eq!(asked.header("ttl"), "86400");
    let plain = phone.decrypt(&asked.body);
    assert_eq!(plain.len(), 512, "every message is as long as every other");
    let message: Value = serde_json::from_slice(&plain).unwrap();
    let expected = json!({"kind": "refresh", "title": "Reminder", "text": "Please give us a ring when it suits you."});
    assert_eq!(message, expected);

    let authorization = asked.header("authorization").strip_prefix("vapid t=").unwrap();
    let (token, key) = authorization.split_once(", k=").unwrap();
    use base64::Engine as _;
    let key = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(key).unwrap();
    let token = verify(token, &DecodingKey::from_ec_der(&key), Algorithm::ES256);
    assert_eq!((&token.claims["aud"], &token.claims["sub"]), (&json!(out.url), &json!(VAPID_SUBJECT)));
    assert_eq!(token.claims["exp"], app.now().plus_hours(12).unix_seconds());
    assert_eq!(messages(app).await, [sent("web_push", 1)]);
});

with_providers!(a_subscription_that_is_gone_ends_and_the_message_goes_by_text_if_that_is_agreed, |app, out| async {
    let (p, phone) = (app.partnership().await, Subscriber::new());
    phone_with(&p, phone.body(&format!("{}/push/abc", out.url))).await;
    plan(&p, json!({})).await;
    p.consent(&["contact.sms"]).await;
    out.answers_next(&[(410, json!({}))]);
    contact(&p, "push").await;
    app.settle().await;
    let paths: Vec<String> = out.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/push/abc", "/v2/notifications/sms"]);
    assert_eq!(messages(app).await, [sent("sms", 2)]);

    let body = json!({"channel": "push", "template": "call_me"});
    let path = format!("/partner/v1/survivors/{}/contact", p.survivor.id);
    p.advocate.post(&path, body).await.refused(409, "no_channel");
});

with_providers!(a_phone_that_was_sent_away_is_no_way_to_the_survivor, |app, out| async {
    let (p, phone) = (app.partnership().await, Subscriber::new());
    phone_with(&p, phone.body(&format!("{}/push/abc", out.url))).await;
    plan(&p, json!({})).await;
    p.consent(&["contact.sms"]).await;
    p.schedule("21:00").await;
    let hidden = (json!("no"), json!({}));
    let new = partnership::enrol_unconfirmed(&app.http, &p.advocate, &p.survivor.id, hidden).await;
    partnership::confirm(&app.http, &p.survivor.id, &text(&new, "device_id")).await;
    app.settle().await;
    let before = out.asked().len();
    app.advance_to(instant("2026-11-21T20:45:00Z")).await;
    app.settle().await;
    let paths: Vec<String> = out.asked().into_iter().skip(before).map(|asked| asked.path).collect();
    assert_eq!(paths, ["/v2/notifications/sms"]);
});

with_providers!(a_dead_address_and_nothing_else_agreed_ends_the_message, |app, out| async {
    let (p, phone) = (app.partnership().await, Subscriber::new());
    phone_with(&p, phone.body(&format!("{}/push/abc", out.url))).await;
    out.answers_next(&[(404, json!({}))]);
    contact(&p, "push").await;
    app.settle().await;
    assert_eq!(out.asked().len(), 1);
    assert_eq!(messages(app).await, [ended("web_push", "no_channel", 1)]);
});

with_providers!(fcm_gets_a_token_for_the_service_account_and_then_the_message, |app, out| async {
    let p = app.partnership().await;
    phone_with(&p, json!({"kind": "fcm", "token": "fcm:token_1"})).await;
    contact(&p, "push").await;
    app.settle().await;

    let asked = out.asked_for_token();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].header("content-type"), "application/x-www-form-urlencoded");
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&asked[0].body).into_owned().collect();
    assert_eq!(form[0], ("grant_type".into(), "urn:ietf:params:oauth:grant-type:jwt-bearer".into()));
    let assertion = out.rsa_token(&form[1].1);
    let now = app.now().unix_seconds();
    assert_eq!(assertion.header.kid.as_deref(), Some("k1"));
    let claims = json!({"iss": "push@neutral-app.example", "aud": format!("{}/token", out.url), "iat": now,
        "exp": now + 3_600, "scope": "https://www.googleapis.com/auth/firebase.messaging"});
    assert_eq!(assertion.claims, claims);

    let asked = out.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/v1/projects/neutral-app/messages:send"));
    assert_eq!(asked.header("authorization"), "Bearer ya29.a");
    let message = &asked.json()["message"];
    assert_eq!((&message["token"], &message["data"]), (&json!("fcm:token_1"), &json!({"kind": "refresh"})));
    assert_eq!(message["notification"]["body"], "Please give us a ring when it suits you.");
    assert_eq!((&message["android"]["priority"], &message["android"]["ttl"]), (&json!("high"), &json!("86400s")));

    // The token serves until it is nearly an hour old.
    contact(&p, "push").await;
    app.advance(58).await;
    assert_eq!((out.asked_for_token().len(), out.asked().len()), (1, 2));
    contact(&p, "push").await;
    app.advance(1).await;
    contact(&p, "push").await;
    app.settle().await;
    assert_eq!((out.asked_for_token().len(), out.asked().len()), (2, 4));
});

with_providers!(fcm_says_that_an_app_was_removed_or_that_a_token_was_refused, |app, out| async {
    let p = app.partnership().await;
    phone_with(&p, json!({"kind": "fcm", "token": "fcm:token_1"})).await;
    out.answers_next(&[(401, json!({"error": {"status": "UNAUTHENTICATED"}}))]);
    contact(&p, "push").await;
    app.advance_seconds(5).await;
    assert_eq!((out.asked_for_token().len(), messages(app).await), (2, vec![sent("fcm", 2)]));

    let details = json!([{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError",
        "errorCode": "UNREGISTERED"}]);
    out.answers_next(&[(404, json!({"error": {"code": 404, "status": "NOT_FOUND", "details": details}}))]);
    contact(&p, "push").await;
    app.settle().await;
    assert_eq!(messages(app).await[1], ended("fcm", "no_channel", 1));
});

with_providers!(apns_is_spoken_to_over_http_2_with_a_provider_token, |app, out| async {
    let p = app.partnership().await;
    phone_with(
        &p,
        json!({"kind": "apns", "token": "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"}),
    )
    .await;
    contact(&p, "push").await;
    app.settle().await;

    let asked = out.only();
    assert!(asked.is_http2);
    let path = "/3/device/00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", path));
    assert_eq!((asked.header("apns-topic"), asked.header("apns-push-type")), ("org.example.app", "alert"));
    assert_eq!(asked.header("apns-priority"), "10");
    assert_eq!(asked.header("apns-expiration"), app.now().plus_hours(24).unix_seconds().to_string());
    let notice = json!({"title": "Reminder", "body": "Please give us a ring when it suits you."});
    assert_eq!(asked.json(), json!({"aps": {"alert": notice, "content-available": 1}, "kind": "refresh"}));
    let token = out.apns_token(asked.header("authorization").strip_prefix("bearer ").unwrap());
    assert_eq!(token.header.kid.as_deref(), Some("ABC123DEFG"));
    assert_eq!(token.claims, json!({"iss": "DEF123GHIJ", "iat": app.now().unix_seconds()}));

    // Apple refuses a provider that makes a token for every message.
    contact(&p, "push").await;
    app.settle().await;
    assert_eq!(out.asked()[1].header("authorization"), asked.header("authorization"));

    out.answers_next(&[(400, json!({"reason": "BadDeviceToken"}))]);
    contact(&p, "push").await;
    app.settle().await;
    assert_eq!(messages(app).await[2], ended("apns", "no_channel", 1));
});

with_providers!(a_text_message_goes_through_govuk_notify, |app, out| async {
    let p = app.partnership().await;
    plan(&p, json!({"wording": "diary"})).await;
    p.consent(&["contact.sms"]).await;
    contact(&p, "sms").await;
    app.settle().await;

    let asked = out.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/v2/notifications/sms"));
    let token = asked.header("authorization").strip_prefix("Bearer ").unwrap();
    let token = verify(token, &DecodingKey::from_secret(GOVUK_SECRET.as_bytes()), Algorithm::HS256);
    assert_eq!(token.header.typ.as_deref(), Some("JWT"));
    assert_eq!(token.claims, json!({"iss": GOVUK_SERVICE, "iat": app.now().unix_seconds()}));
    let mut body = asked.json();
    assert!(body.as_object_mut().unwrap().remove("reference").is_some_and(|reference| reference.is_string()));
    let message = json!({"message": "Please give us a ring when it suits you."});
    assert_eq!(body, json!({"phone_number": PHONE, "template_id": GOVUK_TEMPLATE, "personalisation": message}));

    let fault = json!({"status_code": 400, "errors": [{"error": "ValidationError", "message": "phone_number"}]});
    out.answers_next(&[(400, fault)]);
    contact(&p, "sms").await;
    app.settle().await;
    assert_eq!(messages(app).await, [sent("sms", 1), ended("sms", "rejected", 1)]);
});

with_providers!(an_outage_is_waited_out_and_sent_means_that_a_provider_took_it, |app, out| async {
    let p = app.partnership().await;
    plan(&p, json!({})).await;
    p.consent(&["contact.sms"]).await;
    out.answers_next(&[(500, json!({})), (429, json!({})), (403, json!({})), (503, json!({}))]);
    contact(&p, "sms").await;
    for (seconds, attempts) in [(0, 1), (5, 2), (15, 3), (60, 4)] {
        app.advance_seconds(seconds).await;
        let waits = ("sms".to_owned(), "queued".to_owned(), None, attempts);
        assert_eq!((out.asked().len(), messages(app).await), (attempts as usize, vec![waits]));
    }
    app.advance(6).await;
    assert_eq!(messages(app).await, [sent("sms", 5)]);
    let references: Vec<Value> = out.asked().iter().map(|asked| asked.json()["reference"].clone()).collect();
    assert!(references.iter().all(|reference| *reference == references[0]), "{references:?}");

    out.answers(Some((500, json!({}))));
    contact(&p, "sms").await;
    app.advance(24 * 60).await;
    let last = messages(app).await.pop().unwrap();
    assert_eq!((last.1.as_str(), last.2.as_deref()), ("given_up", Some("too_late")));
    assert!((240..=370).contains(&last.3), "{last:?}");
});

with_providers!(consent_withdrawn_between_attempts_bites_at_the_next, |app, out| async {
    let p = app.partnership().await;
    plan(&p, json!({"email": {"allowed": false}})).await;
    p.consent(&["contact.sms"]).await;
    out.answers(Some((500, json!({}))));
    contact(&p, "sms").await;
    app.advance_seconds(5).await;
    assert_eq!(out.asked().len(), 2);
    p.decide("contact.sms", false).await;
    app.advance(60).await;
    assert_eq!((out.asked().len(), messages(app).await), (2, vec![ended("sms", "no_consent", 2)]));
});

with_providers!(a_plan_changed_between_attempts_holds_the_message_to_its_hours, |app, out| async {
    let p = app.partnership().await;
    plan(&p, json!({})).await;
    p.consent(&["contact.sms"]).await;
    out.answers_next(&[(500, json!({}))]);
    contact(&p, "sms").await;
    app.settle().await;
    let hours = json!([{"weekdays": ["saturday"], "from": "18:00", "until": "19:00"}]);
    let sms = json!({"allowed": true, "address": "+447700900999", "hours": hours});
    plan(&p, json!({"sms": sms, "email": {"allowed": false}})).await;
    app.advance_to(instant("2026-11-21T17:59:59Z")).await;
    assert_eq!(out.asked().len(), 1);
    app.advance_to(instant("2026-11-21T18:00:00Z")).await;
    assert_eq!(out.asked().len(), 2);
    assert_eq!(out.asked()[1].json()["phone_number"], "+447700900999");

    out.answers_next(&[(500, json!({}))]);
    contact(&p, "sms").await;
    app.settle().await;
    let closed = json!({"allowed": false, "address": "+447700900999"});
    plan(&p, json!({"sms": closed, "email": {"allowed": false}})).await;
    app.advance(60).await;
    assert_eq!(out.asked().len(), 3);
    let last = messages(app).await.pop().unwrap();
    assert_eq!((last.1.as_str(), last.2.as_deref()), ("ended", Some("unsafe_contact")));
});

with_providers!(an_e_mail_comes_from_a_sender_that_tells_nothing, |app, out| async {
    let p = app.partnership().await;
    plan(&p, json!({"wording": "diary"})).await;
    contact(&p, "email").await;
    app.settle().await;
    let mails = out.mail.mails();
    assert_eq!((mails.len(), mails[0].to.as_slice()), (1, &["ro@mail.example".to_owned()][..]));
    assert_eq!(
        (mails[0].header("from").unwrap(), mails[0].header("subject").unwrap()),
        (SENDER.into(), "Diary".into())
    );
    assert_eq!(mails[0].text(), "Please give us a ring when it suits you.");
    assert!(!mails[0].raw.to_lowercase().contains("holdfast"), "{}", mails[0].raw);

    out.mail.answers(MailAnswer::Refused(451));
    contact(&p, "email").await;
    app.settle().await;
    out.mail.answers(MailAnswer::Refused(550));
    app.advance_seconds(5).await;
    assert_eq!(messages(app).await, [sent("email", 1), ended("email", "rejected", 2)]);
});

with_providers!(staff_whose_mailbox_is_gone_are_told_by_text, |app, out| async {
    let p = app.partnership().await;
    let own = json!({"email": "asha@lighthouse.example", "phone": "+44 7700 900321"});
    p.advocate.put("/partner/v1/me/contact", own).await.expect(200);
    out.mail.answers(MailAnswer::Refused(550));
    let body = json!({"status": "concern", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", body).await.expect(201);
    app.settle().await;
    assert!(messages(app).await.contains(&sent("sms", 2)), "{:?}", messages(app).await);
});

with_providers!(two_workers_send_each_message_once, |app, out| async {
    let p = app.partnership().await;
    plan(&p, json!({})).await;
    p.consent(&["contact.sms"]).await;
    for _ in 0..20 {
        contact(&p, "sms").await;
    }
    let other = Worker::new(app.inner.clone());
    let (one, two) = tokio::join!(other.settle(), async {
        app.settle().await;
        Ok::<_, holdfast::error::Error>(())
    });
    one.and(two).unwrap();
    let mut references: Vec<String> = out.asked().iter().map(|asked| text(&asked.json(), "reference")).collect();
    assert_eq!(references.len(), 20);
    references.sort();
    references.dedup();
    assert_eq!(references.len(), 20);
});

with_providers!(a_trusted_contact_is_told_neutrally_and_only_with_consent, |app, out| async {
    let p = app.partnership().await;
    let survivor: holdfast::db::SurvivorId = p.survivor.id.parse().unwrap();
    let tell = || app.inner.transact(Actor::System, "test", move |tx| notify_trusted(tx, survivor));
    assert_eq!(tell().await.unwrap(), ContactOutcome::NoChannel);
    let body = json!({"name": "Bea", "phone": "+44 7700 900789"});
    p.phone().put("/app/v1/trusted-contact", body).await.expect(200);
    assert_eq!(tell().await.unwrap(), ContactOutcome::NoChannel);
    let confirm = format!("/partner/v1/survivors/{}/trusted-contact/confirm", p.survivor.id);
    p.advocate.post(&confirm, json!({"code_word": CODE_WORD})).await.expect(200);
    assert_eq!(tell().await.unwrap(), ContactOutcome::NoConsent);
    p.consent(&["contact.trusted"]).await;
    assert_eq!(tell().await.unwrap(), ContactOutcome::Queued);
    app.settle().await;
    let body = out.only().json();
    assert_eq!(body["phone_number"], "+447700900789");
    assert_eq!(body["personalisation"]["message"], "Could you give a ring to the number you were given? Thank you.");

    // Withdrawn before it is sent, it is not sent.
    assert_eq!(tell().await.unwrap(), ContactOutcome::Queued);
    p.decide("contact.trusted", false).await;
    app.settle().await;
    assert_eq!((out.asked().len(), messages(app).await.pop().unwrap()), (1, ended("sms", "no_consent", 0)));
});

with_providers!(a_reminder_takes_the_first_way_that_is_open_and_is_not_said_twice, |app, out| async {
    let p = app.partnership().await;
    let survivor: holdfast::db::SurvivorId = p.survivor.id.parse().unwrap();
    let work = move |tx: &mut holdfast::tx::Tx<'_>| enqueue_survivor(tx, survivor, Template::ReminderDue);
    let remind = || app.inner.transact(Actor::System, "test", work);
    assert_eq!(remind().await.unwrap(), ContactOutcome::NoChannel);
    plan(&p, json!({"email": {"allowed": false}})).await;
    assert_eq!(remind().await.unwrap(), ContactOutcome::NoConsent);
    p.consent(&["contact.sms"]).await;
    assert_eq!((remind().await.unwrap(), remind().await.unwrap()), (ContactOutcome::Queued, ContactOutcome::Throttled));
    app.advance(10).await;
    phone_with(&p, json!({"kind": "fcm", "token": "fcm:token_1"})).await;
    assert_eq!(remind().await.unwrap(), ContactOutcome::Queued);
    app.advance(10).await;
    let paths: Vec<String> = out.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/v2/notifications/sms", "/v1/projects/neutral-app/messages:send"]);
    // An hour at which nothing is safe comes too late for a reminder.
    let hours = json!([{"from": "20:00", "until": "21:00"}]);
    let (push, sms) = (json!({"allowed": true, "hours": hours}), json!({"allowed": false}));
    plan(&p, json!({"push": push, "sms": sms, "email": sms})).await;
    assert_eq!(remind().await.unwrap(), ContactOutcome::UnsafeContact);
});
