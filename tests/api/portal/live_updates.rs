//! Live updates for staff: alerts as they change, resumed without loss, and only what each may see.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};
use holdfast::db::schema::audit_entries;
use serde_json::json;

use crate::harness::caller::{Event, EventStream};
use crate::harness::partnership::{self, PARTICIPANT_NAME, SURVIVOR_NAME};
use crate::harness::{Caller, TestApp, on_both, text};

const NIL: &str = "00000000-0000-0000-0000-000000000000";

async fn follow(caller: &Caller) -> EventStream {
    let mut stream = caller.follow("/partner/v1/events", None).await;
    assert_eq!(stream.next().await.unwrap().name, "stream.opened");
    stream
}

/// Every change of an alert after an event, as far as the caller may see it now.
async fn all_after(caller: &Caller, id: &str) -> Vec<Event> {
    let is_of_alert = |event: &Event| event.name.starts_with("alert.") || event.name.starts_with("stream.");
    whatever_after(caller, id).await.into_iter().filter(is_of_alert).collect()
}

/// Everything after an event.
async fn whatever_after(caller: &Caller, id: &str) -> Vec<Event> {
    let mut stream = caller.follow("/partner/v1/events?stay_seconds=0", Some(id)).await;
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        events.push(event);
    }
    events
}

/// The next change of an alert.
async fn next_alert(stream: &mut EventStream) -> Option<Event> {
    loop {
        let event = stream.next().await?;
        if event.name.starts_with("alert.") {
            return Some(event);
        }
    }
}

/// The next event of a kind; what comes before it is given, too.
async fn until(stream: &mut EventStream, kind: &str) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let event = stream.next().await.unwrap_or_else(|| panic!("the stream ends before {kind}: {events:?}"));
        let is_it = event.data["event"] == kind;
        events.push(event);
        if is_it {
            return events;
        }
    }
}

fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.data["event"].as_str().unwrap_or_default()).collect()
}

async fn opened_entries(app: &TestApp) -> i64 {
    let opened = audit_entries::table.filter(audit_entries::action.eq("get_events"));
    app.inner.db.read(move |conn| Ok(opened.count().get_result(conn)?)).await.unwrap()
}

on_both!(an_alert_arrives_as_it_is_raised_and_as_it_changes, |app| async {
    let p = app.partnership().await;
    let mut stream = follow(&p.advocate).await;
    assert_eq!(stream.header("content-type"), Some("text/event-stream"));
    assert_eq!(stream.header("cache-control"), Some("no-store"));
    assert_eq!(stream.header("x-accel-buffering"), Some("no"));
    assert!(stream.header("x-request-id").is_some());
    let alert = p.help_now().await;
    let raised = stream.next().await.unwrap();
    assert_eq!((raised.name.as_str(), &raised.data["reference"]), ("alert.raised", &alert["reference"]));
    assert_eq!((&raised.data["level"], &raised.data["state"]), (&json!(4), &json!("open")));
    p.act(&text(&alert, "id"), "acknowledge", json!({"note": "Ringing now"})).await.expect(200);
    let taken = until(&mut stream, "acknowledged").await.pop().unwrap();
    assert_eq!((taken.name.as_str(), &taken.data["state"]), ("alert.changed", &json!("acknowledged")));
    let body = json!({"note": "Spoke", "code_word": partnership::CODE_WORD});
    p.act(&text(&alert, "id"), "resolve", body).await.expect(200);
    let closed = until(&mut stream, "resolved").await.pop().unwrap();
    assert_eq!((closed.name.as_str(), &closed.data["alert"]), ("alert.closed", &alert["id"]));
    let fields: BTreeSet<&str> = closed.data.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["alert", "at", "event", "is_exercise", "level", "reference", "state"].into());
    for secret in [SURVIVOR_NAME, PARTICIPANT_NAME, "Ringing", "Spoke", p.survivor.id.as_str()] {
        assert!(!stream.seen.contains(secret), "{secret}");
    }
    app.settle().await;
});

on_both!(a_broken_connection_resumes_with_exactly_what_was_missed_in_order, |app| async {
    let p = app.partnership().await;
    let mut stream = follow(&p.advocate).await;
    let alert = text(&p.help_now().await, "id");
    let seen = until(&mut stream, "raised").await;
    // It breaks; meanwhile much happens, from several hands at once.
    drop(stream);
    let others = [(); 6].map(|()| partnership::survivor(&app.http, &p.advocate, "high"));
    let others = futures_util::future::join_all(others).await;
    let pressed = others.iter().map(|other| partnership::help_now(&other.phone.session));
    futures_util::future::join_all(pressed).await;
    for act in ["acknowledge", "progress"] {
        p.act(&alert, act, json!({"note": "."})).await.expect(200);
    }
    app.advance(6).await;
    let everything = all_after(&p.advocate, NIL).await;
    let ids: Vec<&str> = everything.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "each once");
    assert_eq!(everything.iter().filter(|event| event.name == "alert.raised").count(), 7);
    let of_it: Vec<&Event> = everything.iter().filter(|event| event.data["alert"] == alert.as_str()).collect();
    let at =
        |kind: &str| of_it.iter().position(|event| event.data["event"] == kind).unwrap_or_else(|| panic!("{kind}"));
    assert!(at("raised") < at("acknowledged") && at("acknowledged") < at("progress"));
    let broke_at = ids.iter().position(|id| *id == seen.last().unwrap().id).unwrap();
    for from in [broke_at, 0, ids.len() / 2, ids.len() - 1] {
        let missed = all_after(&p.advocate, ids[from]).await;
        assert_eq!(missed, everything[from + 1..], "after event {from}");
    }
    // As a parameter, for clients that can set no header.
    let mut stream = p.advocate.follow(&format!("/partner/v1/events?stay_seconds=0&after={}", ids[0]), None).await;
    assert_eq!(next_alert(&mut stream).await.unwrap(), everything[1]);
    // An id that never was is told, with a place to go on from.
    let reset = all_after(&p.advocate, "019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f").await;
    let whatever = whatever_after(&p.advocate, NIL).await;
    let last = whatever.last().unwrap().id.as_str();
    assert_eq!((reset.len(), reset[0].name.as_str(), reset[0].id.as_str()), (1, "stream.reset", last));
    // Alerts and what else is new are one order: after any of it comes exactly the rest.
    for from in [0, whatever.len() / 3, whatever.len() - 2] {
        assert_eq!(whatever_after(&p.advocate, &whatever[from].id).await, whatever[from + 1..], "after event {from}");
    }
});

on_both!(two_who_follow_while_many_press_at_once_are_told_the_same_in_the_same_order, |app| async {
    let p = app.partnership().await;
    let (mut one, mut two) = (follow(&p.advocate).await, follow(&p.support_supervisor).await);
    let phones = [(); 8].map(|()| partnership::survivor(&app.http, &p.advocate, "high"));
    let phones = futures_util::future::join_all(phones).await;
    futures_util::future::join_all(phones.iter().map(|other| partnership::help_now(&other.phone.session))).await;
    let everything = all_after(&p.advocate, NIL).await;
    for stream in [&mut one, &mut two] {
        for expected in &everything {
            assert_eq!(next_alert(stream).await.as_ref(), Some(expected));
        }
    }
    app.settle().await;
});

on_both!(a_block_bites_on_the_next_event, |app| async {
    let p = app.partnership().await;
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    let colleague = partnership::staff(&app.http, &p.admin, &p.support, "blythe", &["advocate"]).await;
    let mut stream = follow(&colleague).await;
    let alert = p.help_now().await;
    assert_eq!(stream.next().await.unwrap().data["reference"], alert["reference"]);
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    p.advocate.post(&path, json!({"staff_id": colleague.id})).await.expect(201);
    p.act(&text(&alert, "id"), "acknowledge", json!({"note": "."})).await.expect(200);
    let theirs = partnership::help_now(&other.phone.session).await;
    // What was read before the block is read; after it, nothing of this survivor comes, now or on a return.
    let events = until(&mut stream, "raised").await;
    assert_eq!(events.last().unwrap().data["reference"], theirs["reference"]);
    assert!(!kinds(&events).contains(&"acknowledged"), "{events:?}");
    let again = all_after(&colleague, NIL).await;
    assert!(!again.is_empty() && again.iter().all(|event| event.data["reference"] == theirs["reference"]));
    app.settle().await;
});

on_both!(a_practitioner_is_told_of_linked_cases_whose_survivor_shares_their_status, |app| async {
    let p = app.partnership().await;
    let mut stream = follow(&p.practitioner).await;
    let alert = p.help_now().await;
    p.act(&text(&alert, "id"), "acknowledge", json!({"note": "."})).await.expect(200);
    assert!(all_after(&p.practitioner, NIL).await.is_empty(), "nothing is shared yet");
    p.consent(&["share.programme.status"]).await;
    // One who is linked to nobody of theirs.
    partnership::help_now(&partnership::survivor(&app.http, &p.advocate, "high").await.phone.session).await;
    p.act(&text(&alert, "id"), "progress", json!({"note": "A private matter"})).await.expect(200);
    let event = until(&mut stream, "progress").await.pop().unwrap();
    assert_eq!(event.data["reference"], alert["reference"]);
    let listed = p.practitioner.list("/partner/v1/alerts").await;
    let all = all_after(&p.practitioner, NIL).await;
    let told: BTreeSet<String> = all.iter().map(|event| text(&event.data, "reference")).collect();
    assert_eq!(told.len(), 1);
    assert!(listed.iter().all(|alert| told.contains(&text(alert, "reference"))), "as in the list");
    assert!(kinds(&all).iter().all(|kind| !["step", "answered"].contains(kind)), "{all:?}");
    for secret in [SURVIVOR_NAME, "private matter", p.survivor.id.as_str()] {
        assert!(!stream.seen.contains(secret), "{secret}");
    }
    // Consent withdrawn bites on the next.
    p.decide("share.programme.status", false).await;
    p.act(&text(&alert, "id"), "progress", json!({"note": "."})).await.expect(200);
    assert!(all_after(&p.practitioner, NIL).await.is_empty());
    app.settle().await;
});

on_both!(a_silent_alert_reaches_the_survivors_side_alone, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    let (mut advocate, mut practitioner) = (follow(&p.advocate).await, follow(&p.practitioner).await);
    partnership::unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    let silent = loop {
        // A new phone is told of, too.
        let event = advocate.next().await.unwrap();
        if event.name == "alert.raised" && event.data["level"] == 4 {
            break event;
        }
    };
    let alert = p.help_now().await;
    let event = practitioner.next().await.unwrap();
    assert_eq!(event.data["reference"], alert["reference"]);
    assert!(all_after(&p.practitioner, NIL).await.iter().all(|event| event.data["alert"] != silent.data["alert"]));
    app.settle().await;
});

on_both!(another_organisation_is_told_nothing, |app| async {
    let p = app.partnership().await;
    let harbour = json!({"kind": "survivor_support", "name": "Harbour"});
    let harbour = partnership::organisation(&p.admin, harbour).await;
    let stranger = partnership::staff(&app.http, &p.admin, &harbour, "other.advocate", &["advocate"]).await;
    p.help_now().await;
    assert!(all_after(&stranger, NIL).await.is_empty());
    let opened = all_after(&stranger, "").await;
    assert_eq!((opened.len(), opened[0].id.as_str()), (1, NIL), "not even that something happened elsewhere");
    app.settle().await;
});

on_both!(a_stream_ends_with_its_session_and_when_newer_ones_push_it_out, |app| async {
    let p = app.partnership().await;
    let mut stream = follow(&p.advocate).await;
    let tokens = p.advocate.tokens().await.unwrap();
    let lock = json!({"refresh_token": tokens["refresh_token"]});
    app.http.nobody().post("/partner/v1/session/lock", lock).await;
    assert_eq!(stream.next().await, None);
    p.advocate.forget_tokens().await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(follow(&p.advocate).await);
    }
    assert_eq!(streams.remove(0).next().await, None, "the oldest of five");
    // The others live, until the server stops.
    let alert = p.help_now().await;
    for stream in &mut streams {
        assert_eq!(stream.next().await.unwrap().data["reference"], alert["reference"]);
    }
    app.settle().await;
    app.inner.close();
    for stream in &mut streams {
        while stream.next().await.is_some() {}
    }
});

on_both!(a_role_that_was_taken_away_ends_the_stream, |app| async {
    let p = app.partnership().await;
    for wrong in ["stay_seconds=3601", "stay_seconds=soon", "after=x", "since=1"] {
        p.advocate.get(&format!("/partner/v1/events?{wrong}")).await.expect(422);
    }
    let mut stream = follow(&p.advocate).await;
    // An access token lives ten minutes, and its stream no longer.
    app.inner.clock.advance_to(app.now().plus_minutes(11));
    p.help_now().await;
    assert_eq!(stream.next().await, None);
    app.settle().await;
});

on_both!(opening_and_every_batch_are_in_the_audit_and_in_what_the_survivor_sees, |app| async {
    let p = app.partnership().await;
    let before = opened_entries(app).await;
    let mut stream = follow(&p.advocate).await;
    assert_eq!(opened_entries(app).await, before + 1);
    p.help_now().await;
    stream.next().await.unwrap();
    assert!(opened_entries(app).await > before + 1);
    let log = p.phone().list("/app/v1/access-log").await;
    assert!(log.iter().any(|line| line["action"] == "read_alert" && line["role"] == "advocate"), "{log:?}");
    app.settle().await;
});

/// What is new beside alerts, by name and record.
async fn news(caller: &Caller) -> Vec<(String, String)> {
    let is_news = |event: &Event| !event.name.starts_with("alert.") && !event.name.starts_with("stream.");
    let events = whatever_after(caller, NIL).await.into_iter().filter(is_news);
    events.map(|event| (event.name.clone(), text(&event.data, "record"))).collect()
}

fn has(news: &[(String, String)], name: &str, record: &str) -> bool {
    news.iter().any(|(told, of)| told == name && of == record)
}

fn incident(app: &TestApp, visibility: &str) -> serde_json::Value {
    json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "At the gate", "fear": 1,
        "visibility": visibility, "recorded_at": app.now_text()})
}

on_both!(what_is_new_is_told_by_kind_and_id_to_those_who_could_read_it, |app| async {
    let p = app.partnership().await;
    let mut stream = follow(&p.advocate).await;
    let phone = p.phone();
    let reported = text(&phone.post("/app/v1/incidents", incident(app, "programme_summary")).await.expect(201), "id");
    let first = stream.next().await.unwrap();
    assert_eq!((first.name.as_str(), text(&first.data, "record")), ("incident.reported", reported.clone()));
    let fields: BTreeSet<&str> = first.data.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["at", "record"].into());
    let private = text(&phone.post("/app/v1/incidents", incident(app, "private")).await.expect(201), "id");
    let body = json!({"status": "concern", "recorded_at": app.now_text()});
    let concern = text(&phone.post("/app/v1/check-ins", body).await.expect(201), "id");
    let message = text(&phone.post("/app/v1/messages", json!({"body": "Can you ring?"})).await.expect(201), "id");
    let ask = json!({"kind": "question", "words": "Is there a session this week?"});
    let path = format!("/partner/v1/cases/{}/concerns", p.case);
    let asked = text(&p.practitioner.post(&path, ask).await.expect(201), "id");
    let order = json!({"kind": "spo", "made_on": "2026-11-20", "served_on": "2026-11-21", "conditions":
        [{"kind": "prohibition", "code": "no_contact", "wording": "No contact"}]});
    p.practitioner.post(&format!("/partner/v1/participants/{}/orders", p.participant), order).await.expect(201);
    p.help_now().await;
    app.settle().await;

    let own = news(&p.advocate).await;
    for (name, record) in [
        ("incident.reported", &reported),
        ("check_in.concern", &concern),
        ("message.sent", &message),
        ("case_concern.changed", &asked),
        ("task.made", &text(&p.tasks("call_999").await[0], "id")),
    ] {
        assert!(has(&own, name, record), "{name} in {own:?}");
    }
    assert!(own.iter().all(|(_, record)| *record != private), "{own:?}");
    for secret in [SURVIVOR_NAME, "At the gate", "Can you ring", "session this week", p.survivor.id.as_str()] {
        assert!(!stream.seen.contains(secret), "{secret}");
    }
    // The programme's side hears of what is its own; of the rest what the survivor agrees to, as long as they do.
    let theirs = news(&p.practitioner).await;
    let names: BTreeSet<&str> = theirs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["case_concern.changed", "programme_task.made"].into());
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    let theirs = news(&p.practitioner).await;
    assert!(has(&theirs, "incident.reported", &reported) && has(&theirs, "check_in.concern", &concern), "{theirs:?}");
    assert!(theirs.iter().all(|(name, _)| name != "message.sent" && name != "task.made"), "{theirs:?}");
    p.decide("share.programme.incident_summary", false).await;
    assert!(!has(&news(&p.practitioner).await, "incident.reported", &reported));
});

on_both!(news_is_asked_for_anew_a_block_and_a_withdrawal_bite_and_colleagues_hear_of_their_own, |app| async {
    let p = app.partnership().await;
    let colleague = partnership::staff(&app.http, &p.admin, &p.support, "blythe", &["advocate"]).await;
    let reported = text(&p.phone().post("/app/v1/incidents", incident(app, "advocate")).await.expect(201), "id");
    let taken_back = text(&p.phone().post("/app/v1/incidents", incident(app, "advocate")).await.expect(201), "id");
    p.phone().post(&format!("/app/v1/incidents/{taken_back}/withdraw"), json!({})).await.expect(200);
    let told = news(&p.support_supervisor).await;
    assert!(has(&told, "incident.reported", &reported) && !has(&told, "incident.reported", &taken_back), "{told:?}");
    assert!(news(&colleague).await.is_empty(), "nobody who is not assigned");
    let path = format!("/partner/v1/survivors/{}/assignments", p.survivor.id);
    p.advocate.post(&path, json!({"staff_id": colleague.id})).await.expect(201);
    assert!(has(&news(&colleague).await, "incident.reported", &reported));
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    p.advocate.post(&path, json!({"staff_id": colleague.id})).await.expect(201);
    assert!(news(&colleague).await.is_empty());
    // Who was told is in the survivor's own log.
    let log = p.phone().list("/app/v1/access-log").await;
    assert!(log.iter().any(|line| line["action"] == "read_news" && line["role"] == "supervisor"), "{log:?}");
});

on_both!(lines_that_nobody_comes_back_for_are_forgotten_after_a_month, |app| async {
    let p = app.partnership().await;
    let said = json!({"status": "concern", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", said).await.expect(201);
    let is_concern = |event: &&Event| event.name == "check_in.concern";
    let seen = whatever_after(&p.advocate, NIL).await;
    let last = seen.iter().find(is_concern).expect("a concern is told").id.clone();
    app.outage(29 * 24 * 60).await;
    assert_eq!(holdfast::portal::forget(&app.inner).await.unwrap(), 0);
    app.outage(2 * 24 * 60).await;
    assert!(holdfast::portal::forget(&app.inner).await.unwrap() > 0);
    assert!(whatever_after(&p.advocate, NIL).await.iter().find(is_concern).is_none());
    // Whoever comes back after one begins anew, and is told so.
    assert_eq!(whatever_after(&p.advocate, &last).await[0].name, "stream.reset");
});
