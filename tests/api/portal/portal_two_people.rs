//! What takes two people takes two on pages as well.

use holdfast::config::Flags;

use crate::harness::browser::token;
use crate::harness::{ADMIN, Browser, NOON, Reply, TestApp, instant};
use crate::portal::portal_admin::link;
use crate::portal::portal_case::{actions, hides, only, shows};
use crate::portal::{is_sound, page};

const REQUESTS: &str = "/portal/admin/requests";

#[track_caller]
fn is_refused(sent: &Reply, status: u16) {
    assert_eq!(sent.status.as_u16(), status, "{}: {}", sent.what, sent.body);
    is_sound(sent);
}

#[track_caller]
fn is_done(sent: &Reply) {
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, Some(REQUESTS)), "{}", sent.body);
}

/// Asks for an account as the administrator.
async fn ask(browser: &Browser, username: &str, name: &str) {
    let path = link(&page(browser, "/portal/admin/organisations").await, "Lighthouse");
    let lighthouse = page(browser, &path).await;
    let fields = [("username", username), ("display_name", name), ("roles", "advocate")];
    let made = browser.submit(&lighthouse, &only(&lighthouse, "/staff"), &fields).await;
    assert_eq!(made.status.as_u16(), 200, "{}", made.body);
    shows(&made, &["setup_", "It does nothing until a second person has approved it."]);
}

async fn an_account_waits_for_a_second_person(app: &TestApp) {
    app.partnership().await;
    let admin = Browser::of(&app.http, ADMIN).await;
    ask(&admin, "noor", "Noor Rai").await;
    let own = page(&admin, REQUESTS).await;
    shows(&own, &["A new account", "Noor Rai", "Withdraw what you asked for"]);
    assert!(actions(&own, "/refuse").len() == 1 && !own.body.contains("/approve/"), "{}", own.body);

    let second = Browser::of(&app.http, "sunniva").await;
    assert_eq!(link(&page(&second, "/portal").await, "What waits for a second person"), REQUESTS);
    let waiting = page(&second, REQUESTS).await;
    shows(&waiting, &["A new account", "Noor Rai", "Advocate", "Lighthouse"]);
    let found = actions(&waiting, "");
    let approve = found.iter().find(|action| action.contains("/approve/")).unwrap();

    // Not whoever asked, nobody of another organisation, and nobody of another role.
    is_refused(&admin.submit(&own, approve, &[]).await, 403);
    let elsewhere = Browser::of(&app.http, "tomasz").await;
    let theirs = page(&elsewhere, REQUESTS).await;
    hides(&theirs, &["Noor Rai"]);
    shows(&theirs, &["Nothing waits for you to approve."]);
    is_refused(&elsewhere.submit(&theirs, approve, &[]).await, 404);
    let advocate = Browser::of(&app.http, "asha").await;
    is_refused(&advocate.get(REQUESTS).await, 403);
    is_refused(&advocate.submit(&page(&advocate, "/portal").await, approve, &[]).await, 403);
    // A form counts only in its own session.
    is_refused(&second.post(approve, &[], &[]).await, 403);
    let foreign = token(&own);
    is_refused(&second.post(approve, &[], &[("csrf_token", foreign.as_str())]).await, 403);

    is_done(&second.submit(&waiting, approve, &[]).await);
    shows(&page(&second, REQUESTS).await, &["Nothing waits for you to approve."]);
    is_refused(&second.submit(&waiting, approve, &[]).await, 404);

    ask(&admin, "nadia", "Nadia Bloom").await;
    let waiting = page(&second, REQUESTS).await;
    is_done(&second.submit(&waiting, &only(&waiting, "/refuse"), &[]).await);
    ask(&admin, "nils", "Nils Bloom").await;
    let own = page(&admin, REQUESTS).await;
    is_done(&admin.submit(&own, &only(&own, "/refuse"), &[]).await);
    shows(&page(&admin, REQUESTS).await, &["Nothing waits for you to approve."]);
    app.settle().await;
}

fn two_people(settings: &mut Flags) {
    settings.two_people = Some(true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_waits_for_a_second_person_on_sqlite() {
    let app = TestApp::sqlite_with(instant(NOON), two_people).await;
    an_account_waits_for_a_second_person(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_waits_for_a_second_person_on_postgres() {
    let Some(app) = TestApp::postgres_with(instant(NOON), two_people).await else { return };
    an_account_waits_for_a_second_person(&app).await;
    app.finish().await;
}
