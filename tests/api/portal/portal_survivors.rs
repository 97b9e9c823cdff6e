//! The pages of a survivor's record: who reads which, and what is on them.

use reqwest::Method;
use serde_json::json;

use crate::evidence::keep;
use crate::harness::partnership::{SURVIVOR_NAME, enrol_with, staff, survivor, way};
use crate::harness::{Browser, Caller, Partnership, Reply, TestApp, on_both, text};
use crate::portal::portal_case::{actions, hides, lived, shows};
use crate::portal::{is_sound, page, pressed};

/// The ends of the pages of a record.
pub const PAGES: [&str; 7] = ["", "/messages", "/phones", "/plan", "/evidence", "/agreed", "/openings"];

/// The page of the survivor's record.
pub fn record(p: &Partnership) -> String {
    format!("/portal/survivors/{}", p.survivor.reference)
}

/// Where a page leads to whose address begins so, in the order of the page.
pub fn links(page: &Reply, start: &str) -> Vec<String> {
    let found = page.body.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    found.filter(|href| href.starts_with(start)).map(str::to_owned).collect()
}

/// A colleague who works with nobody, and is on duty for a day.
async fn on_duty(app: &TestApp, p: &Partnership, name: &str) -> Browser {
    let colleague = staff(&app.http, &p.admin, &p.support, name, &["advocate"]).await;
    let now = app.now();
    let shift = json!({"staff_id": colleague.id, "place": "duty", "starts_at": now, "ends_at": now.plus_hours(24)});
    p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201);
    Browser::of(&app.http, name).await
}

on_both!(a_survivor_is_found_by_the_list_and_by_their_reference, |app| async {
    let p = app.partnership().await;
    for username in ["asha", "sunniva"] {
        let browser = Browser::of(&app.http, username).await;
        let list = page(&browser, "/portal/survivors").await;
        let line = ["<title>Survivors – Holdfast</title>", SURVIVOR_NAME, &p.survivor.reference, "High"];
        shows(&list, &line);
        assert_eq!(links(&list, &record(&p)), [record(&p)], "{username}");
        hides(&list, &["risk_rating=high\" aria-current"]);
        let high = page(&browser, "/portal/survivors?risk_rating=high").await;
        shows(&high, &[&p.survivor.reference, "risk_rating=high\" aria-current=\"page\""]);
        for none in ["is_closed=true", "risk_rating=unassessed"] {
            let narrowed = page(&browser, &format!("/portal/survivors?{none}")).await;
            shows(&narrowed, &["There is nobody here."]);
            hides(&narrowed, &[SURVIVOR_NAME]);
        }
        let typed = [("reference", format!(" {} ", p.survivor.reference.to_lowercase()))];
        let typed = typed.each_ref().map(|(name, value)| (*name, value.as_str()));
        let found = browser.submit(&list, "/portal/survivors", &typed).await;
        assert_eq!((found.status.as_u16(), found.header("location")), (303, Some(record(&p).as_str())));
        let wrong = browser.submit(&list, "/portal/survivors", &[("reference", "SV-0000-0000-0")]).await;
        assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
        is_sound(&wrong);
        shows(&wrong, &["<a href=\"#find-reference\">Reference: correct this</a>", "value=\"SV-0000-0000-0\""]);
    }
    let supervisor = Browser::of(&app.http, "sunniva").await;
    shows(&page(&supervisor, "/portal/survivors?mine=true").await, &["There is nobody here."]);
    let odd = supervisor.get("/portal/survivors?colour=red").await;
    assert_eq!(odd.status.as_u16(), 422, "{}", odd.body);
    is_sound(&odd);
});

on_both!(an_empty_record_says_so_on_each_of_its_pages, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let says = [
        "There is no check-in yet.",
        "There is no message yet.",
        "My phone",
        "There is no safety plan yet.",
        "There is no file that their side may see.",
        "The service itself",
        "Nobody has.",
    ];
    for (end, words) in PAGES.into_iter().zip(says) {
        let shown = page(&browser, &format!("{}{end}", record(&p))).await;
        shows(&shown, &[words, "Exit this page", "UK time", &p.survivor.reference]);
        let pages = PAGES.map(|end| format!("href=\"{}{end}\"", record(&p)));
        shows(&shown, &pages.each_ref().map(String::as_str));
        assert_eq!(shown.body.matches(" aria-current=\"page\"").count(), 1, "{end}: {}", shown.body);
        hides(&shown, &[&p.survivor.id, &p.advocate.id, "portal-", "staff-"]);
    }
    shows(&page(&browser, &record(&p)).await, &[SURVIVOR_NAME, "There is no incident that their side may read."]);
    // Leaving ends the session: going back shows the page for signing in.
    let shown = page(&browser, &record(&p)).await;
    let left = browser.submit(&shown, "/portal/sign-out", &[]).await;
    assert_eq!((left.status.as_u16(), left.header("location")), (303, Some("/portal/sign-in")));
    assert_eq!(browser.get(&record(&p)).await.header("location"), Some("/portal/sign-in"));
});

on_both!(the_record_names_codes_and_times_and_words_are_one_step_further, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let now = app.now_text();
    let own = json!({"happened": {"precision": "exact", "from": now}, "behaviours": ["loiter"], "account": "Mine alone",
        "private_note": "Nobody reads this", "fear": 1, "visibility": "private", "recorded_at": now});
    p.phone().post("/app/v1/incidents", own).await.expect(201);
    let browser = Browser::of(&app.http, "asha").await;
    let shown = page(&browser, &record(&p)).await;
    shows(
        &shown,
        &["There is a concern", "Severity 2 of 4", "Sent; nobody has judged it yet.", "They told us of a concern"],
    );
    let words = ["Heard steps", "Shouted at the gate", "Came to the school", "Mine alone", "Nobody reads this"];
    hides(&shown, &words);
    let incidents = links(&shown, &format!("{}/incidents/", record(&p)));
    assert_eq!(incidents.len(), 2, "{}", shown.body);
    let mut accounts = String::new();
    for incident in &incidents {
        let shown = page(&browser, incident).await;
        shows(&shown, &["<title>Incident – Holdfast</title>", "2 of 4", "To the minute", "Sent"]);
        hides(&shown, &["Mine alone", "Nobody reads this", "programme_full", &p.survivor.id]);
        accounts += &shown.body;
    }
    assert!(accounts.contains("Shouted at the gate") && accounts.contains("Came to the school"), "{accounts}");
    assert!(accounts.contains("Only the survivor&#39;s own side sees it."), "{accounts}");
    let check_ins = links(&shown, &format!("{}/check-ins/", record(&p)));
    assert_eq!(check_ins.len(), 1, "{}", shown.body);
    shows(&page(&browser, &check_ins[0]).await, &["Heard steps on the stairs", "Nobody has done anything yet."]);
    // What is taken back is on no page any more.
    let listed = p.phone().list("/app/v1/incidents").await;
    let school = listed.iter().find(|row| row["visibility"] == "advocate").unwrap_or_else(|| panic!("{listed:?}"));
    p.phone().post(&format!("/app/v1/incidents/{}/withdraw", text(school, "id")), json!({})).await.expect(200);
    let after = links(&page(&browser, &record(&p)).await, &format!("{}/incidents/", record(&p)));
    let gone: Vec<&String> = incidents.iter().filter(|incident| !after.contains(incident)).collect();
    assert_eq!((after.len(), gone.len()), (1, 1));
    assert_eq!(browser.get(gone[0]).await.status.as_u16(), 404);
    app.settle().await;
});

on_both!(what_is_known_of_a_survivor_is_on_the_pages_of_their_record, |app| async {
    let p = app.partnership().await;
    let below = |path: &str| format!("/partner/v1/survivors/{}/{path}", p.survivor.id);
    let plan = json!({"time_zone": "Europe/London", "voice": {"allowed": true, "address": "07700 900123"},
        "who_answers": "Only I do."});
    p.advocate.put(&below("safe-contact"), plan).await.expect(200);
    let sections =
        json!({"sections": [{"code": "places_to_go", "text": "To Bea's"}, {"code": "the_dog", "text": "Rex"}]});
    p.phone().send(Method::PUT, "/app/v1/safety-plan", &[("if-match", "\"v0\"")], Some(&sections)).await.expect(200);
    let robin = json!({"kind": "person", "relation": "child", "name": "Robin", "born": "2017", "is_at_risk": true});
    p.advocate.post(&below("household"), robin).await.expect(201);
    let feared = json!({"name": "Jo Merrin", "relationship": "former_partner", "vehicles": "AB12 CDE, grey van"});
    p.advocate.post(&below("reported-persons"), feared).await.expect(201);
    keep(p.phone(), "text/plain", b"a letter", json!({})).await;
    p.consent(&["alert.police.help_now", "share.programme.status"]).await;
    let browser = Browser::of(&app.http, "asha").await;
    shows(&page(&browser, &record(&p)).await, &["+447700900123", "Only I do."]);
    let plan = page(&browser, &format!("{}/plan", record(&p))).await;
    let words = ["Places to go", "To Bea&#39;s", "the dog", "by the survivor", "Robin, Child, Born 2017", "At risk"];
    shows(&plan, &words);
    shows(&plan, &["Jo Merrin, Former partner, AB12 CDE, grey van", "Nobody has assessed their risk yet."]);
    let files = page(&browser, &format!("{}/evidence", record(&p))).await;
    shows(&files, &["Text, 1 kB", "It is here.", "EV-"]);
    hides(&files, &["a letter"]);
    let agreed = page(&browser, &format!("{}/agreed", record(&p))).await;
    let on = agreed.body.split("<h2").find(|part| part.contains("notified of emergencies")).unwrap();
    assert!(on.contains(">On<") && on.contains("Since"), "{on}");
    let off = agreed.body.split("<h2").find(|part| part.contains("given files")).unwrap();
    assert!(off.contains(">Off<"), "{off}");
    hides(&agreed, &["alert.police", "alert-police"]);
    let welsh = Browser::reading(&app.http, "cy");
    welsh.sign_in("asha").await;
    let words = ["Beth y cytunwyd arno", "<span lang=\"en\">The police are notified of emergencies</span>"];
    shows(&page(&welsh, &format!("{}/agreed", record(&p))).await, &words);
    app.settle().await;
});

on_both!(times_are_those_of_the_place_where_the_survivor_lives, |app| async {
    let p = app.partnership().await;
    let schedule = json!({"time_zone": "America/St_Johns", "local_times": ["21:00"], "opens_minutes_before": 60,
        "grace_minutes": 30});
    let path = format!("/partner/v1/survivors/{}/schedules", p.survivor.id);
    p.advocate.post(&path, schedule).await.expect(201);
    let browser = Browser::of(&app.http, "asha").await;
    let shown = page(&browser, &record(&p)).await;
    shows(&shown, &["time of St Johns", "21:00 on "]);
    hides(&shown, &["UK time"]);
    shows(&page(&browser, "/portal/survivors").await, &["UK time"]);
});

on_both!(what_a_forced_hand_writes_is_marked_and_replaces_nothing, |app| async {
    let p = app.partnership().await;
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let genuine = Caller::new(&app.http, way(&enrolled, crate::harness::partnership::PIN));
    let forced = Caller::new(&app.http, way(&enrolled, "7305"));
    let plan = |words: &str| json!({"sections": [{"code": "at_home", "text": words}]});
    let first = [("if-match", "\"v0\"")];
    genuine.send(Method::PUT, "/app/v1/safety-plan", &first, Some(&plan("A new lock"))).await.expect(200);
    forced.send(Method::PUT, "/app/v1/safety-plan", &first, Some(&plan("FORCED"))).await.expect(200);
    forced.post("/app/v1/messages", json!({"body": "All is well here"})).await.expect(201);
    let safe = json!({"status": "safe", "note": "Nothing to see", "recorded_at": app.now_text()});
    forced.post("/app/v1/check-ins", safe).await.expect(201);
    let browser = Browser::of(&app.http, "asha").await;
    let mark = "Written under duress: these may not be their own words.";
    let plan = page(&browser, &format!("{}/plan", record(&p))).await;
    shows(&plan, &["A new lock"]);
    hides(&plan, &["FORCED"]);
    let messages = page(&browser, &format!("{}/messages", record(&p))).await;
    shows(&messages, &["All is well here", mark]);
    let shown = page(&browser, &record(&p)).await;
    shows(&shown, &[mark, "They signalled that somebody is forcing them"]);
    let check_in = links(&shown, &format!("{}/check-ins/", record(&p)));
    shows(&page(&browser, &check_in[0]).await, &["Nothing to see", mark]);
    // The list has one survivor, and not the record that answers a forced hand.
    let list = page(&browser, "/portal/survivors").await;
    assert_eq!(links(&list, "/portal/survivors/SV-").len(), 1, "{}", list.body);
    app.leaves_retries();
});

on_both!(who_is_on_duty_sees_to_phones_and_reads_no_more_than_an_open_record_shows, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let browser = on_duty(app, &p, "ben").await;
    let statuses = async || {
        let mut found = Vec::new();
        for end in PAGES {
            found.push(browser.get(&format!("{}{end}", record(&p))).await.status.as_u16());
        }
        found
    };
    assert_eq!(statuses().await, [404, 404, 200, 404, 404, 404, 404]);
    let phones = page(&browser, &format!("{}/phones", record(&p))).await;
    shows(&phones, &["My phone"]);
    assert_eq!(links(&phones, &record(&p)), [format!("{}/phones", record(&p))]);
    let reason = json!({"reference": p.survivor.reference, "reason": "They rang and are afraid to go home."});
    Caller::staff(&app.http, "ben", crate::harness::PASSWORD).post("/partner/v1/break-glass", reason).await.expect(201);
    assert_eq!(statuses().await, [200, 404, 200, 200, 404, 404, 404]);
    let shown = page(&browser, &record(&p)).await;
    shows(&shown, &[SURVIVOR_NAME, "There is a concern", "Severity 2 of 4"]);
    hides(&shown, &["/incidents/", "/check-ins/", "/messages", "/portal/alerts/", "I rang them"]);
    hides(&page(&browser, &format!("{}/plan", record(&p))).await, &["Who lives with them", "Whom they fear"]);
    let own = Browser::of(&app.http, "asha").await;
    for below in ["/incidents/", "/check-ins/"] {
        let shown = page(&own, &record(&p)).await;
        for path in links(&shown, &format!("{}{below}", record(&p))) {
            assert_eq!(browser.get(&path).await.status.as_u16(), 404, "{path}");
        }
    }
    let openings = page(&own, &format!("{}/openings", record(&p))).await;
    shows(&openings, &["by ben Ashworth", "They rang and are afraid to go home."]);
    app.settle().await;
});

on_both!(worklist_alert_and_case_lead_to_the_record_on_the_survivors_side_alone, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    lived(app, &p).await;
    let (_, alert) = pressed(&p).await;
    app.settle().await;
    let case = format!("/portal/cases/{}", p.case_reference);
    let own = Browser::of(&app.http, "asha").await;
    let worklist = page(&own, "/portal").await;
    shows(&worklist, &["href=\"/portal/survivors\""]);
    for shown in [&worklist, &page(&own, &alert).await, &page(&own, &case).await] {
        assert!(links(shown, &record(&p)).contains(&record(&p)), "{}: {}", shown.what, shown.body);
    }
    let shown = page(&own, &case).await;
    for below in ["incidents", "check-ins"] {
        let led = links(&shown, &format!("{}/{below}/", record(&p)));
        assert!(!led.is_empty(), "{below}: {}", shown.body);
        page(&own, &led[0]).await;
    }
    let theirs = Browser::of(&app.http, "pilar").await;
    for path in ["/portal", &alert, &case] {
        hides(&page(&theirs, path).await, &["/portal/survivors", &p.survivor.reference]);
    }
    // A page of the other side has no act of this one.
    assert!(actions(&page(&theirs, &case).await, "/code").is_empty());
});

on_both!(another_survivor_of_the_same_side_is_on_no_page_of_this_one, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let other = survivor(&app.http, &p.advocate, "high").await;
    let browser = Browser::of(&app.http, "asha").await;
    let shown = page(&browser, &record(&p)).await;
    for below in ["incidents", "check-ins"] {
        let own = links(&shown, &format!("{}/{below}/", record(&p)));
        let crossed = own[0].replace(&p.survivor.reference, &other.reference);
        assert_eq!(browser.get(&crossed).await.status.as_u16(), 404, "{crossed}");
    }
    let phones = page(&browser, &format!("{}/phones", record(&p))).await;
    let revoke = actions(&phones, "/revoke")[0].replace(&p.survivor.reference, &other.reference);
    assert_eq!(browser.submit(&phones, &revoke, &[("reason", "lost")]).await.status.as_u16(), 404);
    p.phone().get("/app/v1/check-ins").await.expect(200);
    app.settle().await;
});
