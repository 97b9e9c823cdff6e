//! Who sees which page, and what is in it: the rules of the API, and nothing that the programme's side may not know.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::harness::partnership::{CODE_WORD, PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::{Browser, Partnership, TestApp, on_both, text};
use crate::portal::portal_survivors::{PAGES, record};
use crate::portal::{is_sound, page, pressed};

const ACTS: [&str; 5] = ["acknowledge", "progress", "resolve", "stand-down", "location"];

/// Sends every act of an alert as somebody; answers the statuses.
async fn act(browser: &Browser, path: &str) -> Vec<u16> {
    let worklist = page(browser, "/portal").await;
    let mut statuses = Vec::new();
    for act in ACTS {
        let fields: &[(&str, &str)] = if act == "location" { &[("reason", "For 999")] } else { &[("note", "Ringing")] };
        let sent = browser.submit(&worklist, &format!("{path}/{act}"), fields).await;
        is_sound(&sent);
        statuses.push(sent.status.as_u16());
    }
    statuses
}

/// A support organisation of another city, and its advocate.
async fn elsewhere(app: &TestApp, p: &Partnership) -> Browser {
    let other = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Beacon"})).await;
    staff(&app.http, &p.admin, &other, "noor", &["advocate"]).await;
    Browser::of(&app.http, "noor").await
}

on_both!(every_role_sees_its_own_pages_and_nothing_else_is_there, |app| async {
    let p = app.partnership().await;
    let (id, path) = pressed(&p).await;
    app.settle().await;
    let nobody = Browser::new(&app.http);
    for at in ["/portal", &path, "/portal/second-factor"] {
        assert_eq!(nobody.get(at).await.header("location"), Some("/portal/sign-in"), "{at}");
    }
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    let payer = organisation(&p.admin, json!({"kind": "commissioner", "name": "Council"})).await;
    staff(&app.http, &p.admin, &payer, "analyst", &["commissioner"]).await;

    // Neither side of a case: none of its alerts, and no act of a side. The force was not notified of this one.
    let none = "no worklist for your role";
    for (username, shown, status) in [
        ("admin", none, 403),
        ("analyst", none, 403),
        ("inspector", "The audit", 403),
        ("pc.4417", "Alerts of your force", 404),
    ] {
        let browser = Browser::of(&app.http, username).await;
        let worklist = page(&browser, "/portal").await;
        assert!(worklist.body.contains(shown) && !worklist.body.contains(&path), "{username}: {}", worklist.body);
        assert_eq!(browser.get(&path).await.status.as_u16(), status, "{username}");
        assert_eq!(act(&browser, &path).await, [403_u16; 5], "{username}");
    }
    // The programme's side, while nothing is shared with it; a supervisor's role alone opens no act of another organisation.
    for (username, expected) in [("pilar", [403_u16; 5]), ("tomasz", [404_u16; 5])] {
        let browser = Browser::of(&app.http, username).await;
        let worklist = page(&browser, "/portal").await;
        assert!(!worklist.body.contains(&path), "{username}: {}", worklist.body);
        assert_eq!(browser.get(&path).await.status.as_u16(), 404, "{username}");
        assert_eq!(act(&browser, &path).await, expected, "{username}");
    }
    let browser = elsewhere(app, &p).await;
    assert!(!page(&browser, "/portal").await.body.contains(&path));
    let (foreign, missing) = (browser.get(&path).await, browser.get("/portal/alerts/AL-0000-0000-0").await);
    assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &missing.body));
    assert_eq!(act(&browser, &path).await, [404_u16; 5]);

    for username in ["asha", "sunniva"] {
        let browser = Browser::of(&app.http, username).await;
        assert!(page(&browser, "/portal").await.body.contains(&path), "{username}");
        assert!(page(&browser, &path).await.body.contains(SURVIVOR_NAME), "{username}");
    }
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{id}")).await.expect(200);
    assert_eq!(seen["state"], "open");
});

/// What is sent to a survivor's record, each with fields that would do.
const RECORD_ACTS: [(&str, &[(&str, &str)]); 6] = [
    ("/messages/send", &[("body", "Hello")]),
    ("/messages/read", &[("up_to", "AAAAAAAAAAAAAAAAAAAAAA")]),
    ("/phones/code", &[("old_phone_alone_with_them", "yes")]),
    ("/phones/AAAAAAAAAAAAAAAAAAAAAA/revoke", &[("reason", "lost")]),
    ("/check-ins/AAAAAAAAAAAAAAAAAAAAAA/note", &[("note", "Hello")]),
    ("/incidents/AAAAAAAAAAAAAAAAAAAAAA/triage", &[("priority", "today")]),
];

/// Reads every page of a record and sends every act to it as somebody; answers the statuses that are met.
async fn record_statuses(browser: &Browser, path: &str) -> BTreeSet<u16> {
    let mut met = BTreeSet::new();
    for end in PAGES {
        met.insert(browser.get(&format!("{path}{end}")).await.status.as_u16());
    }
    let worklist = page(browser, "/portal").await;
    for (end, fields) in RECORD_ACTS {
        let sent = browser.submit(&worklist, &format!("{path}{end}"), fields).await;
        is_sound(&sent);
        assert!(!sent.body.contains(SURVIVOR_NAME), "{end}: {}", sent.body);
        met.insert(sent.status.as_u16());
    }
    met
}

on_both!(the_record_of_a_survivor_is_open_to_their_own_side_alone, |app| async {
    let p = app.partnership().await;
    let path = record(&p);
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    let payer = organisation(&p.admin, json!({"kind": "commissioner", "name": "Council"})).await;
    staff(&app.http, &p.admin, &payer, "analyst", &["commissioner"]).await;
    for username in ["admin", "inspector", "analyst", "pc.4417", "pilar"] {
        let browser = Browser::of(&app.http, username).await;
        assert_eq!(browser.get("/portal/survivors").await.status.as_u16(), 403, "{username}");
        assert_eq!(record_statuses(&browser, &path).await, BTreeSet::from([403]), "{username}");
    }
    // A supervisor of the other side, and an advocate of another city.
    for browser in [Browser::of(&app.http, "tomasz").await, elsewhere(app, &p).await] {
        assert!(!page(&browser, "/portal/survivors").await.body.contains(&p.survivor.reference));
        assert_eq!(record_statuses(&browser, &path).await, BTreeSet::from([404]));
        let (foreign, missing) = (browser.get(&path).await, browser.get("/portal/survivors/SV-0000-0000-0").await);
        assert_eq!(foreign.body, missing.body);
    }
    // A colleague who works with somebody else. Where no rota is planned they are on duty, and whoever is sees to phones.
    staff(&app.http, &p.admin, &p.support, "ben", &["advocate"]).await;
    let browser = Browser::of(&app.http, "ben").await;
    assert!(!page(&browser, "/portal/survivors").await.body.contains(&p.survivor.reference));
    for end in PAGES {
        let shown = browser.get(&format!("{path}{end}")).await;
        let expected = if end == "/phones" { 200 } else { 404 };
        assert_eq!(shown.status.as_u16(), expected, "{end}");
        assert!(!shown.body.contains(SURVIVOR_NAME), "{end}: {}", shown.body);
    }
    for username in ["asha", "sunniva"] {
        let browser = Browser::of(&app.http, username).await;
        for end in PAGES {
            page(&browser, &format!("{path}{end}")).await;
        }
    }
    let nobody = Browser::new(&app.http);
    for at in ["/portal/survivors", &path] {
        assert_eq!(nobody.get(at).await.header("location"), Some("/portal/sign-in"), "{at}");
    }
    app.settle().await;
});

on_both!(whom_the_survivor_keeps_out_finds_no_alert, |app| async {
    let p = app.partnership().await;
    let colleague = staff(&app.http, &p.admin, &p.support, "ben", &["advocate"]).await;
    let (_, path) = pressed(&p).await;
    let browser = Browser::of(&app.http, "ben").await;
    assert!(page(&browser, "/portal").await.body.contains(&path));
    let body = json!({"staff_id": colleague.id});
    p.advocate.post(&format!("/partner/v1/survivors/{}/blocks", p.survivor.id), body).await.expect(201);
    assert!(!page(&browser, "/portal").await.body.contains(&path));
    assert_eq!(browser.get(&path).await.status.as_u16(), 404);
    app.settle().await;
});

on_both!(nothing_that_a_practitioner_may_not_know_is_anywhere_in_their_pages, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    let (id, path) = pressed(&p).await;
    let note = json!({"note": "Rang the neighbour at number 12", "spoke_to_survivor": false});
    p.act(&id, "acknowledge", note).await.expect(200);
    app.settle().await;
    let kept = [
        SURVIVOR_NAME,
        CODE_WORD,
        "kitchen",
        "number 12",
        "53.38",
        "Ashworth",
        "Lighthouse",
        "999 script",
        "I am calling from",
        &p.survivor.id,
        &p.survivor.reference,
        &p.advocate.id,
        &id,
    ];
    for username in ["pilar", "tomasz"] {
        let browser = Browser::of(&app.http, username).await;
        let (worklist, alert) = (page(&browser, "/portal").await, page(&browser, &path).await);
        assert!(worklist.body.contains(&path) && alert.body.contains("Somebody has taken it up."), "{}", alert.body);
        let refused = browser.submit(&worklist, &format!("{path}/acknowledge"), &[("note", "Hello")]).await;
        for shown in [&worklist, &alert, &refused] {
            for canary in kept {
                assert!(!shown.body.contains(canary), "{username} reads {canary} at {}: {}", shown.what, shown.body);
            }
        }
    }
    // What is taken away is gone at once.
    let browser = Browser::of(&app.http, "pilar").await;
    p.decide("share.programme.status", false).await;
    assert_eq!(browser.get(&path).await.status.as_u16(), 404);
    assert!(!page(&browser, "/portal").await.body.contains(&path));
});

on_both!(what_waits_for_the_programme_is_on_its_worklist_and_on_no_other, |app| async {
    let p = app.partnership().await;
    let asked = format!("/partner/v1/participants/{}/subject-access-requests", p.participant);
    p.practitioner.post(&asked, json!({"received_on": "2026-11-20"})).await.expect(201);
    for username in ["pilar", "tomasz"] {
        let worklist = page(&Browser::of(&app.http, username).await, "/portal").await.body;
        assert!(worklist.contains("A participant asked to see their record"), "{username}: {worklist}");
        assert!(worklist.contains(&p.participant_reference) && !worklist.contains(PARTICIPANT_NAME), "{worklist}");
    }
    for username in ["asha", "sunniva"] {
        let worklist = page(&Browser::of(&app.http, username).await, "/portal").await.body;
        assert!(!worklist.contains(&p.participant_reference), "{username}: {worklist}");
    }
});

on_both!(an_alert_under_duress_is_on_no_page_of_the_programme, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    crate::harness::partnership::unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    app.settle().await;
    let alerts = p.alerts().await;
    let silent = alerts.iter().find(|alert| alert["rule"] == "duress").unwrap_or_else(|| panic!("{alerts:?}"));
    let path = format!("/portal/alerts/{}", text(silent, "reference"));
    assert!(page(&Browser::of(&app.http, "asha").await, "/portal").await.body.contains(&path));
    let browser = Browser::of(&app.http, "pilar").await;
    assert!(!page(&browser, "/portal").await.body.contains(&path));
    assert_eq!(browser.get(&path).await.status.as_u16(), 404);
});

on_both!(the_stream_of_a_page_is_the_api_s_own, |app| async {
    let p = app.partnership().await;
    let (_, path) = pressed(&p).await;
    app.settle().await;
    let from_the_first = "/portal/events?after=00000000-0000-0000-0000-000000000000&stay_seconds=0";
    let stream = async |username: &str| {
        let cookie = Browser::of(&app.http, username).await.cookie();
        app.http.send(Method::GET, from_the_first, &[("cookie", cookie.as_str())], None).await
    };
    let reference = path.rsplit('/').next().unwrap();
    let heard = stream("asha").await;
    assert_eq!((heard.status.as_u16(), heard.header("content-type")), (200, Some("text/event-stream")));
    assert!(heard.header("set-cookie").is_none());
    assert!(heard.body.contains("event: alert.raised") && heard.body.contains(reference), "{}", heard.body);
    assert!(!stream("pilar").await.body.contains(reference));
    stream("pc.4417").await.refused(403, "wrong_role");
});
