//! What administrators do in a browser: organisations, accounts, endpoints with what was sent to them, who would not be reached.

use serde_json::json;

use crate::harness::browser::token;
use crate::harness::partnership::{PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::{ADMIN, Browser, Partnership, Reply, TestApp, on_both, text};
use crate::portal::portal_case::{actions, hides, only, shows};
use crate::portal::{is_sound, page};

const LISTS: [&str; 4] =
    ["/portal/admin", "/portal/admin/organisations", "/portal/admin/staff", "/portal/admin/endpoints"];

/// The address of the link with these words.
#[track_caller]
pub fn link(page: &Reply, words: &str) -> String {
    let (before, _) =
        page.body.split_once(&format!("\">{words}</a>")).unwrap_or_else(|| panic!("{words}: {}", page.body));
    before.rsplit_once("href=\"").unwrap().1.to_owned()
}

/// What an option of a form is sent as.
#[track_caller]
pub fn option(page: &Reply, words: &str) -> String {
    let (before, _) =
        page.body.split_once(&format!(">{words}</option>")).unwrap_or_else(|| panic!("{words}: {}", page.body));
    let value = before.rsplit_once("<option value=\"").unwrap().1;
    value.split('"').next().unwrap().to_owned()
}

#[track_caller]
fn leads_to(sent: &Reply, path: &str) {
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, Some(path)), "{}: {}", sent.what, sent.body);
}

#[track_caller]
fn is_refused(sent: &Reply, status: u16) {
    assert_eq!(sent.status.as_u16(), status, "{}: {}", sent.what, sent.body);
    is_sound(sent);
}

/// The page of a thing in a list, by its name.
async fn opened(browser: &Browser, list: &str, name: &str) -> (String, Reply) {
    let path = link(&page(browser, list).await, name);
    let found = page(browser, &path).await;
    (path, found)
}

on_both!(an_administrator_begins_with_who_would_not_be_reached, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, ADMIN).await;
    let worklist = page(&browser, "/portal").await;
    assert_eq!(link(&worklist, "Administration"), "/portal/admin");
    let home = page(&browser, "/portal/admin").await;
    shows(
        &home,
        &["No message can leave", "Lighthouse", "These could be on duty", "asha Ashworth", "sunniva Ashworth"],
    );
    hides(&home, &["no_provider", "staff_without_address", &p.support, SURVIVOR_NAME, PARTICIPANT_NAME]);
    for list in LISTS {
        hides(&page(&browser, list).await, &[SURVIVOR_NAME, PARTICIPANT_NAME, &p.survivor.reference]);
    }
    let welsh = Browser::reading(&app.http, "cy");
    welsh.sign_in(ADMIN).await;
    shows(&page(&welsh, "/portal/admin").await, &["Gweinyddu", "<span lang=\"en\">No message can leave"]);
});

on_both!(an_organisation_is_made_corrected_and_staffed_by_forms, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, ADMIN).await;
    let list = page(&browser, "/portal/admin/organisations").await;
    shows(&list, &["Lighthouse", "Supports survivors", "South Yorkshire Police", "A police force"]);
    let make = only(&list, "/organisations/new");
    let force = [("kind", "police_force"), ("name", "Kent <Police>"), ("force_id", "")];
    let refused = browser.submit(&list, &make, &force).await;
    is_refused(&refused, 422);
    shows(&refused, &["<title>Error: ", "Police force: correct this", "Kent &#60;Police&#62;"]);
    let beacon = [("kind", "survivor_support"), ("name", "Beacon"), ("force_id", ""), ("duty_desk_phone", "")];
    let made = browser.submit(&list, &make, &beacon).await;
    let path = link(&page(&browser, "/portal/admin/organisations").await, "Beacon");
    leads_to(&made, &path);

    let beacon = page(&browser, &path).await;
    let correct = only(&beacon, "/correct/1");
    let fields = [("name", "Beacon House"), ("duty_desk_phone", "0114 496 0000")];
    leads_to(&browser.submit(&beacon, &correct, &fields).await, &path);
    is_refused(&browser.submit(&beacon, &correct, &fields).await, 412);
    let beacon = page(&browser, &path).await;
    shows(&beacon, &["Beacon House", "+441144960000", "There is no account yet."]);
    // Roles that staff of such an organisation cannot hold are not offered.
    hides(&beacon, &["value=\"practitioner\"", "value=\"police\""]);

    let new = only(&beacon, "/staff");
    let without = browser.submit(&beacon, &new, &[("username", "noor"), ("display_name", "Noor Rai")]).await;
    is_refused(&without, 422);
    let fields = [("username", "noor"), ("display_name", "Noor Rai"), ("roles", "advocate"), ("roles", "supervisor")];
    let made = browser.submit(&beacon, &new, &fields).await;
    assert_eq!(made.status.as_u16(), 200, "{}", made.body);
    is_sound(&made);
    shows(&made, &["setup_", "This is shown once."]);
    hides(&page(&browser, &path).await, &["setup_"]);
    is_refused(&browser.submit(&beacon, &new, &fields).await, 409);
    let accounts = p.admin.list("/admin/v1/staff").await;
    let noor = accounts.iter().find(|row| row["username"] == "noor").unwrap();
    assert_eq!(noor["roles"], json!(["advocate", "supervisor"]));
});

on_both!(an_account_is_corrected_renewed_and_taken_out_of_use_by_forms, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, ADMIN).await;
    let (path, account) = opened(&browser, "/portal/admin/staff", "asha Ashworth").await;
    shows(&account, &["Advocate", "In use", "Lighthouse", "value=\"advocate\" checked"]);
    hides(&account, &[&p.advocate.id, "value=\"practitioner\""]);
    let roles = [("roles", "advocate"), ("roles", "supervisor")];
    leads_to(&browser.submit(&account, &only(&account, "/roles"), &roles).await, &path);
    shows(&page(&browser, &path).await, &["Advocate, Supervisor"]);
    is_refused(&browser.submit(&account, &only(&account, "/roles"), &[]).await, 422);

    let code = browser.submit(&account, &only(&account, "/setup-code"), &[("reason", "lost")]).await;
    assert_eq!(code.status.as_u16(), 200, "{}", code.body);
    is_sound(&code);
    shows(&code, &["setup_"]);
    shows(&page(&browser, &path).await, &["Out of use"]);

    let (path, other) = opened(&browser, "/portal/admin/staff", "pilar Ashworth").await;
    leads_to(&browser.submit(&other, &only(&other, "/disable"), &[("reason", "left")]).await, &path);
    shows(&page(&browser, &path).await, &["Out of use"]);
    is_refused(&browser.submit(&other, &only(&other, "/disable"), &[("reason", "left")]).await, 409);
    let signed = Browser::new(&app.http);
    let form = page(&signed, "/portal/sign-in").await;
    let fields = [("username", "pilar"), ("password", crate::harness::PASSWORD)];
    assert_eq!(signed.submit(&form, "/portal/sign-in", &fields).await.status.as_u16(), 422);

    // Nobody does anything to their own account.
    let (path, own) = opened(&browser, "/portal/admin/staff", ADMIN).await;
    shows(&own, &["another administrator changes it"]);
    assert!(actions(&own, "/disable").is_empty(), "{}", own.body);
    is_refused(&browser.submit(&own, &format!("{path}/disable"), &[("reason", "left")]).await, 409);
    app.settle().await;
});

on_both!(an_endpoint_is_tried_changed_and_what_was_sent_is_sent_again, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, ADMIN).await;
    let (path, endpoint) = opened(&browser, "/portal/admin/endpoints", "Control room").await;
    shows(&endpoint, &["South Yorkshire Police", "In use; nothing was sent there yet.", "127.0.0.1"]);
    leads_to(&browser.submit(&endpoint, &only(&endpoint, "/test"), &[]).await, &path);
    app.settle().await;
    let tried = page(&browser, &path).await;
    shows(&tried, &["A test message", "A system of the force received it:", "In use; the last message was received."]);
    hides(&tried, &["endpoint.test", "msg_", "webhook-id"]);
    let again = only(&tried, "/replay");
    let sent = browser.submit(&tried, &again, &[]).await;
    let attempts = again.strip_suffix("/replay").unwrap();
    leads_to(&sent, attempts);
    is_refused(&browser.submit(&tried, &again, &[]).await, 409);
    app.settle().await;
    let log = page(&browser, attempts).await;
    assert_eq!(log.body.matches("<td class=\"govuk-table__cell\">Received</td>").count(), 2, "{}", log.body);

    let change = only(&tried, "/change/1");
    let wrong = browser.submit(&tried, &change, &[("description", "Desk"), ("position", "many")]).await;
    is_refused(&wrong, 422);
    leads_to(&browser.submit(&tried, &change, &[("description", "Night desk"), ("position", "3")]).await, &path);
    is_refused(&browser.submit(&tried, &change, &[("description", "Other")]).await, 412);
    let changed = page(&browser, &path).await;
    shows(&changed, &["<h1 class=\"govuk-heading-l\">Night desk</h1>"]);
    let rotated = browser.submit(&changed, &only(&changed, "/rotate"), &[]).await;
    assert_eq!(rotated.status.as_u16(), 200, "{}", rotated.body);
    is_sound(&rotated);
    shows(&rotated, &["whsec_", "whpk_"]);
    leads_to(&browser.submit(&changed, &only(&changed, "/out-of-use/2"), &[]).await, &path);
    let out = page(&browser, &path).await;
    shows(&out, &["Out of use: nothing is sent there."]);
    assert!(actions(&out, "/test").is_empty(), "{}", out.body);
    leads_to(&browser.submit(&out, &only(&out, "/in-use/3"), &[]).await, &path);

    let list = page(&browser, "/portal/admin/endpoints").await;
    let force = option(&list, "South Yorkshire Police");
    let new = only(&list, "/endpoints/new");
    let fields =
        [("organisation_id", force.as_str()), ("kind", "webhook"), ("url", "ftp://x"), ("description", "Second")];
    let refused = browser.submit(&list, &new, &fields).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    shows(&refused, &["Address: correct this"]);
    let fields = [
        ("organisation_id", force.as_str()),
        ("kind", "webhook"),
        ("url", p.police.url.as_str()),
        ("description", "Second"),
    ];
    let made = browser.submit(&list, &new, &fields).await;
    assert_eq!(made.status.as_u16(), 200, "{}", made.body);
    is_sound(&made);
    shows(&made, &["whsec_"]);
    assert_eq!(p.admin.list("/admin/v1/webhook-endpoints").await.len(), 2);
});

/// Every address at which something is done, of things that are there.
async fn acts(app: &TestApp) -> Vec<String> {
    let browser = Browser::of(&app.http, ADMIN).await;
    let mut found = vec!["/portal/admin/organisations/new".to_owned(), "/portal/admin/endpoints/new".to_owned()];
    let things = [
        ("/portal/admin/organisations", "Lighthouse"),
        ("/portal/admin/staff", "asha Ashworth"),
        ("/portal/admin/endpoints", "Control room"),
    ];
    for (list, name) in things {
        let (path, thing) = opened(&browser, list, name).await;
        found.extend(actions(&thing, "").into_iter().filter(|action| action.starts_with(&path)));
    }
    assert!(found.len() >= 9, "{found:?}");
    found
}

on_both!(nobody_but_an_administrator_finds_these_pages_and_no_form_counts_without_its_token, |app| async {
    let p = app.partnership().await;
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    let acts = acts(app).await;
    let nobody = Browser::new(&app.http);
    for list in LISTS {
        assert_eq!(nobody.get(list).await.header("location"), Some("/portal/sign-in"), "{list}");
    }
    for username in ["asha", "sunniva", "pilar", "tomasz", "pc.4417", "inspector"] {
        let browser = Browser::of(&app.http, username).await;
        let worklist = page(&browser, "/portal").await;
        hides(&worklist, &["\"/portal/admin\""]);
        for path in LISTS {
            is_refused(&browser.get(path).await, 403);
        }
        for act in &acts {
            is_refused(&browser.submit(&worklist, act, &[("reason", "left"), ("name", "x")]).await, 403);
        }
    }
    let browser = Browser::of(&app.http, ADMIN).await;
    let foreign = token(&page(&Browser::of(&app.http, ADMIN).await, "/portal").await);
    for act in &acts {
        is_refused(&browser.post(act, &[], &[("reason", "left")]).await, 403);
        is_refused(&browser.post(act, &[], &[("reason", "left"), ("csrf_token", foreign.as_str())]).await, 403);
        // `new` reads as the letters of something that is not there.
        let got = browser.get(act).await.status.as_u16();
        assert!([404, 405].contains(&got), "{act}: {got}");
    }
    let asha = p.admin.list("/admin/v1/staff").await.into_iter().find(|row| row["id"] == p.advocate.id.as_str());
    assert!(asha.unwrap()["disabled_at"].is_null());
    for (list, letters) in LISTS[1..].iter().flat_map(|list| [(list, "A".repeat(22)), (list, "x".to_owned())]) {
        is_refused(&browser.get(&format!("{list}/{letters}")).await, 404);
    }
});

/// Of what happened to whom a page of administrators says nothing, also where something was sent.
async fn after_an_emergency(app: &TestApp) -> Partnership {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    p.help_now().await;
    app.settle().await;
    p
}

on_both!(nothing_of_a_case_is_in_what_was_sent, |app| async {
    let p = after_an_emergency(app).await;
    let browser = Browser::of(&app.http, ADMIN).await;
    let (_, endpoint) = opened(&browser, "/portal/admin/endpoints", "Control room").await;
    shows(&endpoint, &["An alert, for the first time"]);
    let reference = text(&p.alerts().await[0], "reference");
    hides(&endpoint, &[SURVIVOR_NAME, PARTICIPANT_NAME, &reference, &p.survivor.reference, "AL-"]);
    app.settle().await;
});
