//! What came of a step to people is what was measured: that a provider took a message, that a person opened the alert, or
//! that no way of theirs rings.

use serde_json::{Value, json};

use crate::harness::partnership::Person;
use crate::harness::providers::Providers;
use crate::harness::smtp::MailAnswer;
use crate::harness::{NOON, Partnership, TestApp, instant, on_both, text};
use crate::notify::with_providers;

const BOTH: [&str; 2] = ["asha@support.example", "+44 7700 900456"];

/// What came of notifying an audience in the first step.
async fn outcome(reader: &Person, alert: &str, audience: &str) -> Value {
    let seen = reader.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    line(&seen, audience)
}

#[track_caller]
fn line(alert: &Value, audience: &str) -> Value {
    let lines = alert["steps"][0]["detail"]["told"].as_array().unwrap_or_else(|| panic!("{alert}"));
    lines.iter().find(|line| line["audience"] == audience).unwrap_or_else(|| panic!("{alert}")).clone()
}

/// The same, as a list shows it, which opens no alert.
async fn listed(p: &Partnership, audience: &str) -> Value {
    let seen = p.support_supervisor.list("/partner/v1/alerts").await;
    line(&seen[0], audience)
}

async fn own_words(p: &Partnership, alert: &str) -> String {
    let seen = p.phone().get(&format!("/app/v1/alerts/{alert}")).await.expect(200);
    seen["in_words"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

with_providers!(a_message_that_a_provider_took_is_sent_and_whoever_opens_the_alert_is_notified, |app, _out| async {
    let p = app.partnership().await;
    p.advocate.put("/partner/v1/me/contact", json!({"email": BOTH[0], "phone": BOTH[1]})).await.expect(200);
    let alert = text(&p.help_now().await, "id");
    assert_eq!(listed(&p, "advocate").await["outcome"], "queued");
    assert!(own_words(&p, &alert).await.contains("waits to be sent"));
    app.settle().await;
    let sent = listed(&p, "advocate").await;
    assert_eq!((&sent["outcome"], &sent["at"]), (&json!("sent"), &json!(app.now())), "{sent}");
    // Nobody has given a way to the supervisor.
    let supervisor = listed(&p, "supervisor").await;
    assert_eq!(
        (&supervisor["outcome"], &supervisor["people"][0]["staff"]),
        (&json!("shown_in_portal"), &json!(p.support_supervisor.id)),
        "{supervisor}"
    );
    let words = own_words(&p, &alert).await;
    assert!(words.contains("We do not know that anybody has read one.") && words.contains("Call 999."), "{words}");

    app.advance_seconds(20).await;
    let opened = outcome(&p.advocate, &alert, "advocate").await;
    assert_eq!((&opened["outcome"], &opened["at"]), (&json!("notified"), &json!(app.now())), "{opened}");
    let words = own_words(&p, &alert).await;
    assert!(
        words.contains("Somebody who supports you has opened it.") && !words.contains("has taken it up"),
        "{words}"
    );
    p.act(&alert, "acknowledge", json!({"note": "On it."})).await.expect(200);
    let words = own_words(&p, &alert).await;
    assert!(words.contains("A person who supports you has taken it up.") && !words.contains("opened"), "{words}");
    assert!(!words.contains("officer"), "{words}");
});

with_providers!(what_nobody_opens_in_a_minute_goes_on_to_the_next_way_once, |app, out| async {
    let p = app.partnership().await;
    p.advocate.put("/partner/v1/me/contact", json!({"email": BOTH[0]})).await.expect(200);
    let alert = text(&p.help_now().await, "id");
    app.settle().await;
    p.advocate.put("/partner/v1/me/contact", json!({"email": BOTH[0], "phone": BOTH[1]})).await.expect(200);
    app.advance_seconds(59).await;
    assert_eq!((out.asked().len(), out.mail.mails().len()), (0, 1));
    app.advance_seconds(1).await;
    assert_eq!((out.asked().len(), out.mail.mails().len()), (1, 1));
    assert_eq!(out.asked()[0].json()["phone_number"], "+447700900456");
    // There is no third way, and none is tried twice.
    app.advance_seconds(59).await;
    assert_eq!((out.asked().len(), out.mail.mails().len()), (1, 1));
    assert_eq!(outcome(&p.support_supervisor, &alert, "advocate").await["outcome"], "sent");
});

with_providers!(whoever_opened_the_alert_is_left_in_peace, |app, out| async {
    let p = app.partnership().await;
    p.advocate.put("/partner/v1/me/contact", json!({"email": BOTH[0]})).await.expect(200);
    let alert = text(&p.help_now().await, "id");
    app.settle().await;
    p.advocate.put("/partner/v1/me/contact", json!({"email": BOTH[0], "phone": BOTH[1]})).await.expect(200);
    app.advance_seconds(30).await;
    p.advocate.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    app.advance_seconds(60).await;
    assert_eq!((out.asked().len(), out.mail.mails().len()), (0, 1));
});

with_providers!(what_no_provider_takes_is_failed, |app, out| async {
    let p = app.partnership().await;
    p.advocate.put("/partner/v1/me/contact", json!({"email": BOTH[0], "phone": BOTH[1]})).await.expect(200);
    out.mail.answers(MailAnswer::Refused(550));
    out.answers(Some((400, json!({"errors": []}))));
    let alert = text(&p.help_now().await, "id");
    app.settle().await;
    let failed = listed(&p, "advocate").await;
    assert_eq!(failed["outcome"], "failed", "{failed}");
    assert!(own_words(&p, &alert).await.contains("has got through"));
});

on_both!(where_no_way_rings_the_steps_the_survivor_and_staff_all_read_so, |app| async {
    let p = app.partnership().await;
    let alert = text(&p.help_now().await, "id");
    app.settle().await;
    for audience in ["advocate", "duty", "supervisor"] {
        let line = listed(&p, audience).await;
        let expected = if line["staff"] == json!([]) { "no_one" } else { "shown_in_portal" };
        assert_eq!(line["outcome"], expected, "{audience}: {line}");
    }
    let words = own_words(&p, &alert).await;
    assert!(words.contains("No message could be sent to the people who support you."), "{words}");
    let seen = p.support_supervisor.list("/partner/v1/alerts").await;
    let staff = seen[0]["in_words"].to_string();
    assert!(
        staff.contains("No message could be sent to staff") && staff.contains("Nobody has taken it up."),
        "{staff}"
    );
    let programme = p.practitioner.list("/partner/v1/alerts").await;
    assert!(programme.iter().all(|alert| alert["in_words"] == json!([])), "{programme:?}");
});
