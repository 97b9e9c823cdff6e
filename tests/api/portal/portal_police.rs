//! The police desk: officers find the alerts of their force, read more with a reason, and answer in their own name.

use serde_json::{Value, json};

use crate::harness::browser::token;
use crate::harness::partnership::{PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::{Browser, Partnership, TestApp, on_both, text};
use crate::portal::{is_sound, page, pressed};

/// What no officer is shown before they have said why they read.
const KEPT: [&str; 6] = [SURVIVOR_NAME, PARTICIPANT_NAME, "kitchen", "53.38", "marigold", "alert.police"];

/// An emergency that the force was notified of; answers its id, and the path of its page and that of its acts.
async fn handed(app: &TestApp, p: &Partnership, scopes: &[&str]) -> (String, String, String) {
    p.consent(&["alert.police.help_now"]).await;
    p.consent(scopes).await;
    let (id, path) = pressed(p).await;
    app.settle().await;
    let acts = path.replace("/alerts/", "/police/");
    (id, path, acts)
}

/// What the force's own system reads of its alerts.
async fn polled(p: &Partnership) -> Value {
    p.police_system.get("/police/v1/alerts").await.expect(200)["items"].clone()
}

#[track_caller]
fn shows_nothing_of(body: &str, p: &Partnership) {
    for kept in KEPT.into_iter().chain([p.survivor.id.as_str(), p.survivor.reference.as_str()]) {
        assert!(!body.contains(kept), "{kept}: {body}");
    }
}

on_both!(an_officer_finds_an_alert_acknowledges_it_and_says_what_came_of_it, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "pc.4417").await;
    assert!(page(&browser, "/portal").await.body.contains("No alert is open."));
    let (_, path, acts) = handed(app, &p, &[]).await;
    for at in ["/portal", "/portal/police"] {
        let desk = page(&browser, at).await;
        for part in
            [path.as_str(), "Emergency", "They pressed for help", "No officer of your force has acknowledged it."]
        {
            assert!(desk.body.contains(part), "{part}: {}", desk.body);
        }
        shows_nothing_of(&desk.body, &p);
    }
    let alert = page(&browser, &path).await;
    for part in [">Acknowledge</button>", ">Open the details</button>", "Lighthouse", "UK time"] {
        assert!(alert.body.contains(part), "{part}: {}", alert.body);
    }
    shows_nothing_of(&alert.body, &p);

    let wrong =
        browser.submit(&alert, &format!("{acts}/acknowledge"), &[("grade", "Grade 1!"), ("note", "Kept")]).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
    is_sound(&wrong);
    assert!(wrong.body.contains("Grade: correct this") && wrong.body.contains("Kept"), "{}", wrong.body);
    let answer = [("force_reference", "SYP-0812"), ("grade", "grade_1"), ("note", "Unit on its way.")];
    let taken = browser.submit(&alert, &format!("{acts}/acknowledge"), &answer).await;
    assert_eq!((taken.status.as_u16(), taken.header("location")), (303, Some(path.as_str())), "{}", taken.body);
    let alert = page(&browser, &path).await;
    assert!(alert.body.contains("An officer of your force has acknowledged it."), "{}", alert.body);
    assert!(!polled(&p).await[0]["acknowledged_at"].is_null());

    let none = browser.submit(&alert, &format!("{acts}/outcome"), &[("outcome", "")]).await;
    assert_eq!(none.status.as_u16(), 422, "{}", none.body);
    assert!(none.body.contains("<a href=\"#outcome-outcome\">"), "{}", none.body);
    let told = browser.submit(&alert, &format!("{acts}/outcome"), &[("outcome", "arrest")]).await;
    assert_eq!(told.status.as_u16(), 303, "{}", told.body);
    assert!(page(&browser, &path).await.body.contains("The police say that they have arrested somebody."));
    let seen = p.alerts().await[0].clone();
    assert_eq!(seen["outcome"], "arrest");
    let by = seen["acknowledgements"].as_array().unwrap().iter().map(|act| text(act, "kind")).collect::<Vec<_>>();
    assert!(by.contains(&"police_acknowledged".to_owned()) && by.contains(&"police_outcome".to_owned()), "{by:?}");
    app.settle().await;
});

on_both!(details_open_with_a_reason_which_the_survivor_reads_and_are_kept_nowhere, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "pc.4417").await;
    let (_, path, acts) = handed(app, &p, &["location.moment", "location.release_alert"]).await;
    let alert = page(&browser, &path).await;
    shows_nothing_of(&alert.body, &p);
    let without = browser.submit(&alert, &format!("{acts}/details"), &[("reason", " ")]).await;
    assert_eq!(without.status.as_u16(), 422, "{}", without.body);
    is_sound(&without);
    shows_nothing_of(&without.body, &p);
    assert!(without.body.contains("Why you read it: fill this in"), "{}", without.body);

    let reason = [("reason", "Attending the alert")];
    let opened = browser.submit(&alert, &format!("{acts}/details"), &reason).await;
    assert_eq!(opened.status.as_u16(), 200, "{}", opened.body);
    is_sound(&opened);
    for part in [SURVIVOR_NAME, PARTICIPANT_NAME, "53.3811", "-1.4701"] {
        assert!(opened.body.contains(part), "{part}: {}", opened.body);
    }
    assert!(!opened.body.contains("kitchen"), "{}", opened.body);
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    assert!(disclosed.iter().any(|line| line.to_string().contains("Attending the alert")), "{disclosed:?}");
    shows_nothing_of(&page(&browser, &path).await.body, &p);
    app.settle().await;
});

on_both!(a_place_is_opened_one_at_a_time_with_a_reason, |app| async {
    let p = app.partnership().await;
    let place = json!({"kind": "home", "address": "12 Marl Street", "confirmed_on": "2026-11-20"});
    p.advocate.post(&format!("/partner/v1/survivors/{}/safe-addresses", p.survivor.id), place).await.expect(201);
    let (id, path, acts) = handed(app, &p, &["location.release_alert"]).await;
    p.act(&id, "acknowledge", json!({"note": "I have this."})).await.expect(200);
    let browser = Browser::of(&app.http, "pc.4417").await;
    let alert = page(&browser, &path).await;
    let details = browser.submit(&alert, &format!("{acts}/details"), &[("reason", "Attending")]).await;
    assert!(details.body.contains("Open this place") && !details.body.contains("Marl Street"), "{}", details.body);
    let start = format!("action=\"{acts}/addresses/");
    let letters = details.body.split_once(start.as_str()).unwrap().1.split_once('"').unwrap().0.to_owned();
    let at = format!("{acts}/addresses/{letters}");
    assert_eq!(browser.submit(&details, &at, &[]).await.status.as_u16(), 422);
    let opened = browser.submit(&details, &at, &[("reason", "On the way")]).await;
    assert_eq!(opened.status.as_u16(), 200, "{}", opened.body);
    is_sound(&opened);
    assert!(opened.body.contains("12 Marl Street") && opened.body.contains("Home"), "{}", opened.body);
    assert_eq!(browser.submit(&details, &format!("{acts}/addresses/x"), &[("reason", "x")]).await.status.as_u16(), 404);
    app.settle().await;
});

/// Nothing of an alert is there for an officer: no line, no page, no act.
async fn finds_nothing(browser: &Browser, path: &str, acts: &str) {
    let desk = page(browser, "/portal/police").await;
    assert!(!desk.body.contains(path), "{}", desk.body);
    let (theirs, missing) = (browser.get(path).await, browser.get("/portal/alerts/AL-0000-0000-0").await);
    assert_eq!((theirs.status.as_u16(), &theirs.body), (404, &missing.body));
    for (act, field) in
        [("details", ("reason", "x")), ("acknowledge", ("note", "x")), ("outcome", ("outcome", "arrest"))]
    {
        let sent = browser.submit(&desk, &format!("{acts}/{act}"), &[field]).await;
        assert_eq!(sent.status.as_u16(), 404, "{act}: {}", sent.body);
        is_sound(&sent);
    }
}

on_both!(another_force_and_whom_the_survivor_keeps_out_find_nothing, |app| async {
    let p = app.partnership().await;
    let colleague = staff(&app.http, &p.admin, &p.force, "pc.900", &["police"]).await;
    let body = json!({"kind": "police_force", "name": "Derbyshire Constabulary", "force_id": "derbyshire"});
    let other = organisation(&p.admin, body).await;
    staff(&app.http, &p.admin, &other, "pc.22", &["police"]).await;
    let (_, path, acts) = handed(app, &p, &[]).await;
    finds_nothing(&Browser::of(&app.http, "pc.22").await, &path, &acts).await;

    let kept_out = Browser::of(&app.http, "pc.900").await;
    assert!(page(&kept_out, "/portal").await.body.contains(&path));
    let block = json!({"staff_id": colleague.id});
    p.advocate.post(&format!("/partner/v1/survivors/{}/blocks", p.survivor.id), block).await.expect(201);
    finds_nothing(&kept_out, &path, &acts).await;
    // Of the same force, and not kept out.
    let browser = Browser::of(&app.http, "pc.4417").await;
    assert!(page(&browser, "/portal").await.body.contains(&path));
    assert!(polled(&p).await[0]["acknowledged_at"].is_null());
    app.settle().await;
});

on_both!(an_officer_answers_for_nobody_else_and_nobody_else_for_officers, |app| async {
    let p = app.partnership().await;
    staff(&app.http, &p.admin, &p.force, "pc.900", &["police"]).await;
    let (_, path, acts) = handed(app, &p, &[]).await;
    let browser = Browser::of(&app.http, "pc.4417").await;
    let alert = page(&browser, &path).await;
    let named = [("officer", "pc.900"), ("note", "Unit on its way.")];
    let refused = browser.submit(&alert, &format!("{acts}/acknowledge"), &named).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    is_sound(&refused);
    for username in ["admin", "asha", "sunniva", "pilar", "tomasz"] {
        let other = Browser::of(&app.http, username).await;
        let worklist = page(&other, "/portal").await;
        assert_eq!(other.get("/portal/police").await.status.as_u16(), 403, "{username}");
        for act in ["details", "acknowledge", "outcome", "addresses/x"] {
            let sent = other.submit(&worklist, &format!("{acts}/{act}"), &[("reason", "x")]).await;
            assert_eq!(sent.status.as_u16(), 403, "{username} {act}: {}", sent.body);
        }
    }
    assert!(polled(&p).await[0]["acknowledged_at"].is_null());
    app.settle().await;
});

on_both!(a_form_of_an_officer_counts_only_in_its_own_session, |app| async {
    let p = app.partnership().await;
    let (_, _, acts) = handed(app, &p, &[]).await;
    let browser = Browser::of(&app.http, "pc.4417").await;
    let own = token(&page(&browser, "/portal/police").await);
    let foreign = token(&page(&Browser::of(&app.http, "pc.4417").await, "/portal/police").await);
    for (act, field) in [
        ("details", ("reason", "Attending")),
        ("acknowledge", ("note", "x")),
        ("outcome", ("outcome", "arrest")),
        ("addresses/x", ("reason", "Attending")),
    ] {
        let at = format!("{acts}/{act}");
        for sent in [vec![field], vec![field, ("csrf_token", foreign.as_str())]] {
            let refused = browser.post(&at, &[], &sent).await;
            assert_eq!(refused.status.as_u16(), 403, "{act}: {}", refused.body);
            is_sound(&refused);
            assert!(!refused.body.contains(SURVIVOR_NAME), "{}", refused.body);
        }
        assert_eq!(browser.get(&at).await.status.as_u16(), 405, "{act}");
    }
    assert!(polled(&p).await[0]["acknowledged_at"].is_null());
    let fields = [("note", "Unit on its way."), ("csrf_token", own.as_str())];
    assert_eq!(browser.post(&format!("{acts}/acknowledge"), &[], &fields).await.status.as_u16(), 303);
    app.settle().await;
});

on_both!(an_alert_that_is_closed_is_not_acknowledged_and_a_week_later_little_is_left_of_it, |app| async {
    let p = app.partnership().await;
    let (id, path, acts) = handed(app, &p, &[]).await;
    let browser = Browser::of(&app.http, "pc.4417").await;
    let before = page(&browser, &path).await;
    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": "marigold"})).await.expect(200);
    app.settle().await;
    let late = browser.submit(&before, &format!("{acts}/acknowledge"), &[("note", "On our way")]).await;
    assert_eq!(late.status.as_u16(), 409, "{}", late.body);
    is_sound(&late);
    assert!(late.body.contains("this cannot be done now"), "{}", late.body);
    let desk = page(&browser, "/portal").await;
    assert!(desk.body.contains("Closed in the last week") && desk.body.contains("No alert is open."), "{}", desk.body);
    app.advance(8 * 24 * 60).await;
    let browser = Browser::of(&app.http, "pc.4417").await;
    assert!(page(&browser, "/portal").await.body.contains("Closed before that"));
    let past = page(&browser, &path).await;
    assert!(past.body.contains("It was closed more than a week ago."), "{}", past.body);
    let details = browser.submit(&past, &format!("{acts}/details"), &[("reason", "Looking back")]).await;
    assert_eq!(details.status.as_u16(), 404, "{}", details.body);
    app.settle().await;
});
