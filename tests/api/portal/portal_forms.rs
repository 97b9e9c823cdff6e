//! A form counts only in the session in which its page was made.

use crate::harness::browser::token;
use crate::harness::{Browser, PASSWORD, Reply, TestApp, on_both};
use crate::portal::{is_sound, page, pressed};

/// Nothing was done, and a page says so.
#[track_caller]
fn is_refused(reply: &Reply) {
    assert_eq!(reply.status.as_u16(), 403, "{}: {}", reply.what, reply.body);
    is_sound(reply);
}

async fn is_open(app: &TestApp, browser: &Browser, path: &str) {
    app.settle().await;
    assert!(page(browser, path).await.body.contains("Nobody has taken it up."));
}

on_both!(a_form_without_with_a_foreign_and_with_an_old_token_is_refused, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let before = token(&page(&browser, "/portal").await);
    let (_, path) = pressed(&p).await;
    let act = format!("{path}/acknowledge");
    let note = ("note", "Ringing now");

    is_refused(&browser.post(&act, &[], &[note]).await);
    is_refused(&browser.post(&act, &[], &[note, ("csrf_token", "")]).await);
    // Somebody else's, and one's own of another session that lives.
    for username in ["sunniva", "asha"] {
        let foreign = token(&page(&Browser::of(&app.http, username).await, "/portal").await);
        is_refused(&browser.post(&act, &[], &[note, ("csrf_token", foreign.as_str())]).await);
        is_refused(
            &browser.post(&act, &[], &[note, ("csrf_token", before.as_str()), ("csrf_token", foreign.as_str())]).await,
        );
    }
    is_refused(
        &browser.post(&act, &[("sec-fetch-site", "cross-site")], &[note, ("csrf_token", before.as_str())]).await,
    );
    is_refused(&browser.post(&act, &[("sec-fetch-site", "same-site")], &[note, ("csrf_token", before.as_str())]).await);
    is_open(app, &browser, &path).await;

    // One of a session that has ended.
    let worklist = page(&browser, "/portal").await;
    let out = browser.submit(&worklist, "/portal/sign-out", &[]).await;
    assert_eq!((out.status.as_u16(), out.header("location")), (303, Some("/portal/sign-in")));
    browser.sign_in("asha").await;
    is_refused(&browser.post(&act, &[], &[note, ("csrf_token", before.as_str())]).await);
    is_open(app, &browser, &path).await;

    let own = token(&page(&browser, &path).await);
    let sent = [note, ("csrf_token", own.as_str())];
    let taken = browser.post(&act, &[("sec-fetch-site", "same-origin")], &sent).await;
    assert_eq!(taken.status.as_u16(), 303, "{}", taken.body);
});

on_both!(every_form_of_the_portal_is_held_to_that, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let (_, path) = pressed(&p).await;
    let acts = ["acknowledge", "progress", "resolve", "stand-down", "location"].map(|act| format!("{path}/{act}"));
    let others = ["/portal/sign-out", "/portal/stay", "/portal/sign-in", "/portal/set-up"].map(str::to_owned);
    for at in acts.into_iter().chain(others) {
        is_refused(&browser.post(&at, &[], &[("note", "x"), ("reason", "x")]).await);
    }
    is_open(app, &browser, &path).await;
    let sign_in = Browser::new(&app.http);
    let fields = [("username", "asha"), ("password", PASSWORD)];
    is_refused(&sign_in.post("/portal/sign-in", &[], &fields).await);
    let elsewhere = token(&page(&Browser::new(&app.http), "/portal/sign-in").await);
    page(&sign_in, "/portal/sign-in").await;
    is_refused(
        &sign_in.post("/portal/sign-in", &[], &[fields[0], fields[1], ("csrf_token", elsewhere.as_str())]).await,
    );
});

on_both!(a_field_that_no_form_has_is_refused_and_a_get_changes_nothing, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let (_, path) = pressed(&p).await;
    let alert = page(&browser, &path).await;
    let fields = [("note", "Ringing now"), ("state", "resolved")];
    let refused = browser.submit(&alert, &format!("{path}/acknowledge"), &fields).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    for act in ["acknowledge", "resolve", "location"] {
        let got = browser.get(&format!("{path}/{act}")).await;
        assert_eq!(got.status.as_u16(), 405, "{}", got.body);
    }
    is_open(app, &browser, &path).await;
});
