//! What is done on the pages of a survivor's record, by the forms that they have.

use serde_json::json;

use super::portal_survivors::{links, record};
use crate::harness::partnership::{CODE_WORD, PIN};
use crate::harness::{Browser, Partnership, Reply, on_both};
use crate::portal::portal_case::{actions, hides, lived, only, shows};
use crate::portal::{is_sound, page};

/// Sends a form that leads to a page; answers that page.
async fn done(browser: &Browser, from: &Reply, act: &str, fields: &[(&str, &str)]) -> Reply {
    let sent = browser.submit(from, act, fields).await;
    assert_eq!(sent.status.as_u16(), 303, "{act}: {}", sent.body);
    let to = sent.header("location").unwrap().to_owned();
    page(browser, &to).await
}

/// Sends a form that is refused; answers the page that says so.
async fn refused(browser: &Browser, from: &Reply, (act, status): (&str, u16), fields: &[(&str, &str)]) -> Reply {
    let sent = browser.submit(from, act, fields).await;
    assert_eq!(sent.status.as_u16(), status, "{act}: {}", sent.body);
    is_sound(&sent);
    sent
}

/// The page of the only record of a kind.
async fn the(browser: &Browser, p: &Partnership, kind: &str) -> String {
    let shown = page(browser, &record(p)).await;
    links(&shown, &format!("{}/{kind}/", record(p)))[0].clone()
}

on_both!(ringing_is_recorded_and_only_having_spoken_to_them_is_contact, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let browser = Browser::of(&app.http, "asha").await;
    // The record has the form as well, with the safe-contact plan above it.
    let shown = page(&browser, &record(&p)).await;
    let at = |part: &str| shown.body.find(part).unwrap_or_else(|| panic!("{part} in {}", shown.body));
    assert!(at("How it is safe to reach them") < at("I rang them"));
    let path = the(&browser, &p, "check-ins").await;
    let rang = only(&shown, "/rang");
    assert_eq!(rang, format!("{path}/rang"));
    let empty = refused(&browser, &shown, (&rang, 422), &[("reason", "no_answer"), ("note", " ")]).await;
    shows(&empty, &["<a href=\"#rang-note\">What you did and found: fill this in</a>"]);
    let after = done(&browser, &shown, &rang, &[("reason", "no_answer"), ("note", "It rang out")]).await;
    assert!(after.what.contains("/check-ins/"), "{}", after.what);
    shows(&after, &["Note: No answer", "It rang out", "by asha Ashworth"]);
    let fields = [("reason", "spoke_to_survivor"), ("note", "They are with a friend")];
    shows(&done(&browser, &after, &rang, &fields).await, &["Note: Spoke to them", "They are with a friend"]);
    let noted = done(&browser, &after, &only(&after, "/note"), &[("note", "Ring again on Friday")]).await;
    shows(&noted, &["Ring again on Friday"]);
    let review = only(&noted, "/review");
    let reviewed = done(&browser, &noted, &review, &[]).await;
    shows(&reviewed, &["Somebody looked at it"]);
    assert!(actions(&reviewed, "/review").is_empty() && actions(&reviewed, "/resolve").is_empty());
    let again = refused(&browser, &reviewed, (&review, 409), &[]).await;
    shows(&again, &["Things have changed meanwhile"]);
    shows(&page(&browser, &record(&p)).await, &["Somebody has looked at it."]);
    for (act, status) in [(format!("{path}/burn"), 404), (rang.replace("check-ins/", "check-ins/A"), 404)] {
        assert_eq!(browser.submit(&reviewed, &act, &[("note", "x")]).await.status.as_u16(), status, "{act}");
    }
    app.settle().await;
});

on_both!(what_was_missed_is_resolved_on_its_page, |app| async {
    let p = app.partnership().await;
    p.schedule("12:30").await;
    app.advance(61).await;
    let browser = Browser::of(&app.http, "asha").await;
    let shown = page(&browser, &record(&p)).await;
    shows(&shown, &["Not answered", "A check-in was not answered"]);
    let missed = links(&shown, &format!("{}/check-ins/", record(&p)));
    let mut resolved = 0;
    for path in missed {
        let shown = page(&browser, &path).await;
        for act in actions(&shown, "/resolve") {
            let fields = [("reason", "spoke_to_survivor"), ("note", "The phone was flat")];
            shows(&done(&browser, &shown, &act, &fields).await, &["Resolved", "Somebody resolved it"]);
            resolved += 1;
        }
        if actions(&shown, "/resolve").is_empty() && actions(&shown, "/rang").is_empty() {
            shows(&shown, &["It still waits for an answer"]);
        }
    }
    assert_eq!(resolved, 1);
    app.settle().await;
});

on_both!(an_incident_is_judged_acted_on_and_closed_and_its_severity_falls_by_a_supervisor, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let browser = Browser::of(&app.http, "asha").await;
    let path = the(&browser, &p, "incidents").await;
    let new = page(&browser, &path).await;
    assert!(actions(&new, "/act").is_empty() && actions(&new, "/close").is_empty(), "{}", new.body);
    let judged = done(&browser, &new, &only(&new, "/triage"), &[("priority", "today"), ("note", "")]).await;
    shows(&judged, &["Judged; nothing has been done yet.", "Judged: Today", "by asha Ashworth"]);
    let fields = [("action", "safety_plan_revised"), ("note", "Another way home")];
    let acted = done(&browser, &judged, &only(&judged, "/act"), &fields).await;
    shows(&acted, &["Something is being done.", "Something was done: Safety plan revised", "Another way home"]);
    let rate = only(&acted, "/severity");
    let fields = [("severity", "4"), ("reason", "context_learned"), ("note", "")];
    let without = refused(&browser, &acted, (&rate, 422), &fields).await;
    shows(&without, &["<option value=\"4\" selected>", "What you did and found: fill this in"]);
    let fields = [("severity", "4"), ("reason", "context_learned"), ("note", "The gate had been forced.")];
    let raised = done(&browser, &acted, &rate, &fields).await;
    shows(&raised, &["bold\">Severity 4 of 4", "Severity raised: More is known", "The gate had been forced."]);
    let lower = [("severity", "2"), ("reason", "survivor_said"), ("note", "It was the wind")];
    let kept = refused(&browser, &raised, (&rate, 403), &lower).await;
    shows(&kept, &["bold\">Severity 4 of 4", "Your role may not do this", "It was the wind</textarea>"]);
    let supervisor = Browser::of(&app.http, "sunniva").await;
    let theirs = page(&supervisor, &path).await;
    shows(
        &done(&supervisor, &theirs, &rate, &lower).await,
        &["bold\">Severity 2 of 4", "Severity lowered: The survivor says so"],
    );
    let closed = done(&browser, &raised, &only(&raised, "/close"), &[("reason", "done"), ("note", "")]).await;
    shows(&closed, &["What was to be done is done.", "Closed: What was to be done is done"]);
    assert!(actions(&closed, "/triage").is_empty() && actions(&closed, "/act").is_empty(), "{}", closed.body);
    let late = refused(&browser, &closed, (&format!("{path}/triage"), 409), &[("priority", "later")]).await;
    shows(&late, &["Things have changed meanwhile"]);
    app.settle().await;
});

on_both!(an_incident_that_is_reported_again_shows_each_version, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let browser = Browser::of(&app.http, "asha").await;
    let listed = p.phone().list("/app/v1/incidents").await;
    let school = listed.iter().find(|row| row["visibility"] == "advocate").unwrap_or_else(|| panic!("{listed:?}"));
    let amended = json!({"account": "Came to the school twice"});
    let path = format!("/app/v1/incidents/{}/amend", school["id"].as_str().unwrap());
    p.phone().post(&path, amended).await.expect(200);
    let mut found = 0;
    for incident in links(&page(&browser, &record(&p)).await, &format!("{}/incidents/", record(&p))) {
        let shown = page(&browser, &incident).await;
        if shown.body.contains("Came to the school twice") {
            shows(&shown, &["Earlier versions of their words", "Reported again"]);
            // The earlier words are behind a step of their own.
            let earlier = shown.body.split("<details").find(|part| part.contains("Came to the school<"));
            assert!(earlier.is_some_and(|part| part.contains("</summary>")), "{}", shown.body);
            found += 1;
        }
    }
    assert_eq!(found, 1);
    app.settle().await;
});

on_both!(messages_are_sent_and_reading_them_takes_a_button, |app| async {
    let p = app.partnership().await;
    p.phone().post("/app/v1/messages", json!({"body": "Could we speak?"})).await.expect(201);
    let browser = Browser::of(&app.http, "asha").await;
    let path = format!("{}/messages", record(&p));
    let shown = page(&browser, &path).await;
    shows(&shown, &["Could we speak?", "by the survivor", "I have read these"]);
    assert!(p.phone().list("/app/v1/messages").await[0].get("read_at").is_none());
    let newest = shown.body.split("name=\"up_to\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let read = only(&shown, "/read");
    let after = done(&browser, &shown, &read, &[("up_to", newest.as_str())]).await;
    hides(&after, &["I have read these"]);
    assert!(p.phone().list("/app/v1/messages").await[0]["read_at"].is_string());
    let unknown = "A".repeat(22);
    assert_eq!(browser.submit(&after, &read, &[("up_to", unknown.as_str())]).await.status.as_u16(), 404);
    let send = only(&after, "/send");
    let empty = refused(&browser, &after, (&send, 422), &[("body", "")]).await;
    shows(&empty, &["Your message: fill this in"]);
    let sent = done(&browser, &after, &send, &[("body", "On Thursday & at ten")]).await;
    shows(&sent, &["On Thursday &#38; at ten", "by asha Ashworth"]);
    assert_eq!(p.phone().list("/app/v1/messages").await[0]["body"], "On Thursday & at ten");
    app.settle().await;
});

/// The code that an answer shows.
#[track_caller]
fn code(made: &Reply) -> String {
    let code = made.body.split("<strong>").nth(1).unwrap_or_else(|| panic!("{}", made.body));
    code.split('<').next().unwrap().to_owned()
}

on_both!(a_code_is_shown_once_as_a_picture_and_its_phone_is_confirmed_by_another, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let path = format!("{}/phones", record(&p));
    let shown = page(&browser, &path).await;
    let make = only(&shown, "/phones/code");
    let made = browser.submit(&shown, &make, &[("old_phone_alone_with_them", "yes")]).await;
    assert_eq!(made.status.as_u16(), 200, "{}", made.body);
    is_sound(&made);
    shows(&made, &["<svg class=\"qr\"", "It is shown once.", "Good until"]);
    let code = code(&made);
    let enrolled = json!({"code": code, "pin": PIN, "device_name": "A second"});
    app.http.nobody().post("/app/v1/enrol", enrolled).await.expect(201);
    let waits = page(&browser, &path).await;
    shows(&waits, &["A second", "It waits to be confirmed", "A phone was enrolled with it"]);
    hides(&waits, &[&code, &p.survivor.id]);
    let confirm = only(&waits, "/confirm");
    let own = refused(&browser, &waits, (&confirm, 403), &[("code_word", CODE_WORD)]).await;
    shows(&own, &["This takes another person"]);
    hides(&own, &[CODE_WORD]);
    let supervisor = Browser::of(&app.http, "sunniva").await;
    let theirs = page(&supervisor, &path).await;
    let wrong = refused(&supervisor, &theirs, (&confirm, 409), &[("code_word", "tulip")]).await;
    shows(&wrong, &["This takes the code word", "Nothing was changed."]);
    hides(&wrong, &["tulip"]);
    let confirmed = done(&supervisor, &theirs, &confirm, &[("code_word", CODE_WORD)]).await;
    let second = confirmed.body.split("<li>").find(|part| part.contains("A second")).unwrap().to_owned();
    assert!(second.contains("In use"), "{second}");
    app.settle().await;
});

on_both!(a_code_is_withdrawn_and_a_phone_revoked_and_its_sos_ended_by_the_survivors_word, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let path = format!("{}/phones", record(&p));
    let shown = page(&browser, &path).await;
    let made = browser.submit(&shown, &only(&shown, "/phones/code"), &[("old_phone_alone_with_them", "no")]).await;
    let waiting = page(&browser, &path).await;
    let withdraw = only(&waiting, "/withdraw");
    let withdrawn = done(&browser, &waiting, &withdraw, &[]).await;
    assert!(withdrawn.body.contains("Withdrawn") && actions(&withdrawn, "/withdraw").is_empty(), "{}", withdrawn.body);
    let body = json!({"code": code(&made), "pin": PIN, "device_name": "Another"});
    assert!(app.http.nobody().post("/app/v1/enrol", body).await.status.is_client_error());

    let revoke = only(&withdrawn, "/revoke");
    refused(&browser, &withdrawn, (&revoke, 422), &[("reason", "bored")]).await;
    let revoked = done(&browser, &withdrawn, &revoke, &[("reason", "stolen")]).await;
    shows(&revoked, &["It is revoked and reads nothing. It can still cry for help."]);
    assert!(actions(&revoked, "/revoke").is_empty() && actions(&revoked, "/confirm").is_empty(), "{}", revoked.body);
    refused(&browser, &revoked, (&revoke, 409), &[("reason", "stolen")]).await;
    let end = only(&revoked, "/end-sos");
    let word = [("spoke_to_survivor", "true"), ("code_word", "tulip")];
    hides(&refused(&browser, &revoked, (&end, 409), &word).await, &["tulip"]);
    let word = [("spoke_to_survivor", "true"), ("code_word", CODE_WORD)];
    let ended = done(&browser, &revoked, &end, &word).await;
    shows(&ended, &["It is revoked, and can cry for help no more."]);
    app.settle().await;
});

on_both!(no_form_of_a_record_counts_without_the_token_of_its_session, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let browser = Browser::of(&app.http, "asha").await;
    let mut found = 0;
    let kinds = [the(&browser, &p, "check-ins").await, the(&browser, &p, "incidents").await];
    let pages = ["", "/messages", "/phones"].map(|end| format!("{}{end}", record(&p)));
    for path in kinds.iter().chain(&pages) {
        let shown = page(&browser, path).await;
        for act in actions(&shown, "") {
            let sent = browser.post(&act, &[], &[("note", "x"), ("reason", "lost"), ("body", "x")]).await;
            assert_eq!(sent.status.as_u16(), 403, "{act}: {}", sent.body);
            found += 1;
        }
    }
    assert!(found > 12, "{found}");
    assert!(p.phone().list("/app/v1/messages").await.is_empty());
    for end in ["/phones/code", "/messages/send"] {
        assert_eq!(browser.get(&format!("{}{end}", record(&p))).await.status.as_u16(), 405, "{end}");
    }
    app.settle().await;
});
