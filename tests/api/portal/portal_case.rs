//! The page of a case: each side sees both on one time axis as far as the API shows it, and writes to the other.

use serde_json::json;

use crate::cases::case_view::seeded;
use crate::harness::browser::token;
use crate::harness::partnership::{CODE_WORD, PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::statements::Statements;
use crate::harness::{Browser, PASSWORD, Partnership, Reply, TestApp, on_both, text};
use crate::portal::{is_sound, page};

const SHARING: [&str; 4] = [
    "share.programme.status",
    "share.programme.voice",
    "share.programme.incident_summary",
    "share.programme.incident_full",
];

fn path_of(p: &Partnership) -> String {
    format!("/portal/cases/{}", p.case_reference)
}

/// Where the forms of a page are sent whose address ends so.
pub fn actions(page: &Reply, end: &str) -> Vec<String> {
    let found = page.body.split(" action=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    found.filter(|action| action.ends_with(end)).map(str::to_owned).collect()
}

#[track_caller]
pub fn only(page: &Reply, end: &str) -> String {
    let found = actions(page, end);
    assert_eq!(found.len(), 1, "{end}: {found:?} in {}", page.body);
    found[0].clone()
}

#[track_caller]
pub fn shows(page: &Reply, parts: &[&str]) {
    for part in parts {
        assert!(page.body.contains(part), "{}: no {part} in {}", page.what, page.body);
    }
}

#[track_caller]
pub fn hides(page: &Reply, parts: &[&str]) {
    for part in parts {
        assert!(!page.body.contains(part), "{}: {part} in {}", page.what, page.body);
    }
}

/// Something of every kind on both sides.
pub async fn lived(app: &TestApp, p: &Partnership) {
    let now = app.now_text();
    let session = json!({"number": 1, "module": "mindfulness", "planned_at": now, "mode": "in_person"});
    p.practitioner.post(&format!("/partner/v1/participants/{}/sessions", p.participant), session).await.expect(201);
    let answer = json!({"status": "concern", "note": "Heard steps on the stairs", "recorded_at": now});
    p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    for (visibility, account) in [("programme_full", "Shouted at the gate"), ("advocate", "Came to the school")] {
        let incident = json!({"happened": {"precision": "exact", "from": now}, "behaviours": ["loiter"],
            "account": account, "fear": 2, "visibility": visibility, "recorded_at": now});
        p.phone().post("/app/v1/incidents", incident).await.expect(201);
    }
    app.settle().await;
}

on_both!(each_side_sees_both_on_one_axis_and_as_a_table, |app| async {
    let p = app.partnership().await;
    p.consent(&SHARING).await;
    lived(app, &p).await;
    let both = [
        "<svg class=\"hf-axis\"",
        "<table class=\"govuk-table\">",
        "There is a concern",
        "Session 1: planned",
        "Stalking Protection Order: made",
        "Shouted at the gate",
        "No contact with the survivor by any means",
        "Nothing stands out",
        "Both sides have approved it.",
    ];
    for username in ["asha", "sunniva", "pilar", "tomasz"] {
        let browser = Browser::of(&app.http, username).await;
        let worklist = page(&browser, "/portal").await;
        shows(&worklist, &[&format!("href=\"{}\"", path_of(&p)), &p.case_reference]);
        let case = page(&browser, &path_of(&p)).await;
        shows(&case, &both);
        shows(&case, &["<title>Case – Holdfast</title>"]);
        // Words are behind one deliberate step, and no code is shown.
        let (before, _) = case.body.split_once("Shouted at the gate").unwrap();
        assert!(before.rfind("<details").unwrap() > before.rfind("</details>").unwrap_or(0), "{}", case.body);
        hides(&case, &["loiter<", "help_now", "programme_full", "level 4"]);
        let alert = case.body.split('"').find(|part| part.starts_with("/portal/alerts/")).unwrap().to_owned();
        shows(&page(&browser, &alert).await, &["Both sides of the case", &format!("href=\"{}\"", path_of(&p))]);
    }
    let own = page(&Browser::of(&app.http, "asha").await, &path_of(&p)).await;
    shows(&own, &["Came to the school", &p.survivor.reference]);
    let welsh = Browser::reading(&app.http, "cy");
    welsh.sign_in("asha").await;
    shows(
        &page(&welsh, &path_of(&p)).await,
        &["Y ddwy ochr dros amser", "<span lang=\"en\">There is a concern</span>"],
    );
    app.settle().await;
});

on_both!(nothing_that_the_programme_may_not_know_is_in_its_page_of_a_case, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let own = json!({"audience": "support_only", "note": "The neighbour keeps a key"});
    p.advocate.post(&format!("/partner/v1/cases/{}/notes", p.case), own).await.expect(201);
    let never = [
        SURVIVOR_NAME,
        CODE_WORD,
        PARTICIPANT_NAME,
        "The neighbour keeps a key",
        "Came to the school",
        "Lighthouse",
        "asha Ashworth",
        &p.survivor.id,
        &p.survivor.reference,
        &p.advocate.id,
    ];
    let unshared = ["Heard steps", "Shouted at the gate", "There is a concern", "Severity", "/portal/alerts/"];
    for username in ["pilar", "tomasz"] {
        let case = page(&Browser::of(&app.http, username).await, &path_of(&p)).await;
        hides(&case, &never);
        hides(&case, &unshared);
        // What is withheld is named in its place, with the reason.
        shows(&case, &["Who the survivor is", "Withheld: it belongs to the other side alone."]);
        assert!(case.body.matches("Withheld: the survivor has not agreed to share it").count() >= 5, "{}", case.body);
    }
    p.consent(&SHARING).await;
    for username in ["pilar", "tomasz"] {
        let case = page(&Browser::of(&app.http, username).await, &path_of(&p)).await;
        hides(&case, &never);
        shows(&case, &["Shouted at the gate", "Single ones may be left out"]);
    }
    // What is withdrawn is gone at once.
    p.decide("share.programme.status", false).await;
    let case = page(&Browser::of(&app.http, "pilar").await, &path_of(&p)).await;
    hides(&case, &["There is a concern", "/portal/alerts/"]);
    app.settle().await;
});

/// Every address of a case that does something.
fn acts(p: &Partnership) -> Vec<String> {
    let (path, letters) = (path_of(p), "A".repeat(22));
    let ends = [
        "notes".to_owned(),
        "concerns".to_owned(),
        format!("concerns/{letters}/acknowledge"),
        format!("concerns/{letters}/answer"),
        format!("goals/{letters}/reviews"),
        format!("sessions/{letters}/attendance"),
        "in-session".to_owned(),
        "in-session/end".to_owned(),
    ];
    ends.iter().map(|end| format!("{path}/{end}")).collect()
}

on_both!(whose_case_it_is_not_finds_none_and_no_form_counts_without_its_token, |app| async {
    let p = app.partnership().await;
    let nobody = Browser::new(&app.http);
    assert_eq!(nobody.get(&path_of(&p)).await.header("location"), Some("/portal/sign-in"));
    for username in ["admin", "pc.4417"] {
        let browser = Browser::of(&app.http, username).await;
        assert_eq!(browser.get(&path_of(&p)).await.status.as_u16(), 403, "{username}");
    }
    // Of another partnership, and a colleague who is not assigned: as an unknown one.
    let other = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Beacon"})).await;
    staff(&app.http, &p.admin, &other, "noor", &["advocate"]).await;
    staff(&app.http, &p.admin, &p.support, "ben", &["advocate"]).await;
    staff(&app.http, &p.admin, &p.programme, "rafe", &["practitioner"]).await;
    for username in ["noor", "ben", "rafe"] {
        let browser = Browser::of(&app.http, username).await;
        let worklist = page(&browser, "/portal").await;
        hides(&worklist, &[&p.case_reference]);
        let (foreign, missing) = (browser.get(&path_of(&p)).await, browser.get("/portal/cases/CS-0000-0000-0").await);
        assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &missing.body), "{username}");
        let note = [("note", "Hello"), ("audience", "both")];
        let sent = browser.submit(&worklist, &format!("{}/notes", path_of(&p)), &note).await;
        assert_eq!(sent.status.as_u16(), 404, "{username}: {}", sent.body);
    }
    for username in ["asha", "pilar"] {
        let browser = Browser::of(&app.http, username).await;
        let foreign = token(&page(&Browser::of(&app.http, "sunniva").await, "/portal").await);
        for act in acts(&p) {
            for sent in [&[("note", "x")][..], &[("note", "x"), ("csrf_token", foreign.as_str())]] {
                let refused = browser.post(&act, &[], sent).await;
                assert_eq!(refused.status.as_u16(), 403, "{username}: {act}");
                is_sound(&refused);
            }
            assert_eq!(browser.get(&act).await.status.as_u16(), 405, "{act}");
        }
    }
    // Whom the survivor keeps out finds none.
    let body = json!({"staff_id": p.practitioner.id});
    p.advocate.post(&format!("/partner/v1/survivors/{}/blocks", p.survivor.id), body).await.expect(201);
    assert_eq!(Browser::of(&app.http, "pilar").await.get(&path_of(&p)).await.status.as_u16(), 404);
    app.settle().await;
});

on_both!(a_note_and_a_question_cross_the_bridge_by_forms, |app| async {
    let p = app.partnership().await;
    let (advocate, practitioner) = (Browser::of(&app.http, "asha").await, Browser::of(&app.http, "pilar").await);
    let case = page(&advocate, &path_of(&p)).await;
    let ask = [("kind", "question"), ("words", "Is there a session <this> week?"), ("rests_on", "check_ins")];
    let refused = advocate.submit(&case, &only(&case, "/concerns"), &ask).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
    is_sound(&refused);
    // What was sent is still there.
    shows(
        &refused,
        &["Is there a session &#60;this&#62; week?</textarea>", "value=\"check_ins\" checked", "<title>Error: "],
    );
    p.consent(&["share.programme.status"]).await;
    let sent = advocate.submit(&case, &only(&case, "/concerns"), &ask).await;
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, Some(path_of(&p).as_str())), "{}", sent.body);
    let own = page(&advocate, &path_of(&p)).await;
    shows(
        &own,
        &["Is there a session &#60;this&#62; week?", "by asha Ashworth", "Nobody of the other side has taken it up."],
    );
    assert!(actions(&own, "/answer").is_empty());

    let theirs = page(&practitioner, &path_of(&p)).await;
    hides(&theirs, &["asha Ashworth"]);
    let taken = practitioner.submit(&theirs, &only(&theirs, "/acknowledge"), &[]).await;
    assert_eq!(taken.status.as_u16(), 303, "{}", taken.body);
    let answer = only(&theirs, "/answer");
    let empty = practitioner.submit(&theirs, &answer, &[("answer", " ")]).await;
    assert_eq!(empty.status.as_u16(), 422, "{}", empty.body);
    shows(&empty, &["Your answer: fill this in"]);
    let sent = practitioner.submit(&theirs, &answer, &[("answer", "On Tuesday.")]).await;
    assert_eq!(sent.status.as_u16(), 303, "{}", sent.body);
    shows(&page(&advocate, &path_of(&p)).await, &["On Tuesday.", "It is answered."]);
    // Once is enough.
    assert_eq!(practitioner.submit(&theirs, &answer, &[("answer", "Again")]).await.status.as_u16(), 409);

    let notes = [("asha", "support_only", "For us alone"), ("pilar", "both", "For everybody")];
    for (username, audience, words) in notes {
        let browser = Browser::of(&app.http, username).await;
        let case = page(&browser, &path_of(&p)).await;
        let note = [("note", words), ("audience", audience)];
        assert_eq!(browser.submit(&case, &only(&case, "/notes"), &note).await.status.as_u16(), 303, "{words}");
    }
    shows(&page(&advocate, &path_of(&p)).await, &["For us alone", "For everybody", "from the other side"]);
    let theirs = page(&practitioner, &path_of(&p)).await;
    shows(&theirs, &["For everybody"]);
    hides(&theirs, &["For us alone"]);
    app.settle().await;
});

on_both!(a_practitioner_scores_a_goal_and_records_a_session, |app| async {
    let p = app.partnership().await;
    lived(app, &p).await;
    let browser = Browser::of(&app.http, "pilar").await;
    let case = page(&browser, &path_of(&p)).await;
    let (score, attendance) = (only(&case, "/reviews"), only(&case, "/attendance"));
    let today = app.now_text()[..10].to_owned();
    let without = browser.submit(&case, &score, &[("score", "1"), ("reviewed_on", today.as_str())]).await;
    assert_eq!(without.status.as_u16(), 422, "{}", without.body);
    is_sound(&without);
    shows(&without, &["What the score rests on: fill this in", "<option value=\"1\" selected>"]);
    let fields = [("score", "1"), ("note", "The diary agrees"), ("reviewed_on", today.as_str())];
    assert_eq!(browser.submit(&case, &score, &fields).await.status.as_u16(), 303);
    let fields = [("attendance", "attended"), ("note", "")];
    assert_eq!(browser.submit(&case, &attendance, &fields).await.status.as_u16(), 303);
    let after = page(&browser, &path_of(&p)).await;
    shows(&after, &["Latest score +1", "Goal 1: score +1", "Session 1: came on time", "hf-mark-step"]);
    assert!(actions(&after, "/attendance").is_empty(), "{}", after.body);
    // The other side reads it; nobody but a practitioner records it.
    for username in ["asha", "tomasz"] {
        let browser = Browser::of(&app.http, username).await;
        let case = page(&browser, &path_of(&p)).await;
        shows(&case, &["Latest score +1", "Session 1: came on time"]);
        assert!(actions(&case, "/reviews").is_empty() && actions(&case, "/attendance").is_empty(), "{username}");
        let fields = [("score", "2"), ("note", "x"), ("reviewed_on", today.as_str())];
        assert_eq!(browser.submit(&case, &score, &fields).await.status.as_u16(), 403, "{username}");
    }
    let unknown = score.replace(score.rsplit('/').nth(1).unwrap(), &"A".repeat(22));
    let fields = [("score", "2"), ("note", "x"), ("reviewed_on", today.as_str())];
    assert_eq!(browser.submit(&case, &unknown, &fields).await.status.as_u16(), 404);
    app.settle().await;
});

on_both!(in_a_session_the_page_tells_nothing_of_a_survivor, |app| async {
    let p = app.partnership().await;
    p.consent(&SHARING).await;
    lived(app, &p).await;
    let browser = Browser::of(&app.http, "pilar").await;
    let case = page(&browser, &path_of(&p)).await;
    let (start, attendance) = (only(&case, "/in-session"), only(&case, "/attendance"));
    let started = browser.submit(&case, &start, &[]).await;
    assert_eq!((started.status.as_u16(), started.header("location")), (303, Some(path_of(&p).as_str())));
    let hidden = page(&browser, &path_of(&p)).await;
    shows(&hidden, &[&p.case_reference, &p.participant_reference, "Session 1: planned", "The session is over"]);
    let refused = browser.submit(&hidden, &format!("{}/notes", path_of(&p)), &[("note", "")]).await;
    let never = [
        "urvivor",
        "Withheld",
        "other side",
        "Both sides",
        "Shouted",
        "Heard steps",
        "No contact",
        "without fear",
        "Check-in",
        "Incident",
        "/portal/alerts/",
        "<svg",
        SURVIVOR_NAME,
        &p.survivor.reference,
    ];
    hides(&hidden, &never);
    hides(&refused, &never);
    assert!(actions(&hidden, "/notes").is_empty() && actions(&hidden, "/concerns").is_empty());
    assert_eq!(browser.submit(&hidden, &attendance, &[("attendance", "attended")]).await.status.as_u16(), 303);
    shows(&page(&browser, &path_of(&p)).await, &["Session 1: came on time"]);

    let end = only(&hidden, "/in-session/end");
    let wrong = browser.submit(&hidden, &end, &[("password", "something else entirely")]).await;
    assert_eq!(wrong.status.as_u16(), 403, "{}", wrong.body);
    is_sound(&wrong);
    hides(&wrong, &never);
    hides(&wrong, &["something else entirely"]);
    assert_eq!(browser.submit(&hidden, &end, &[("password", PASSWORD)]).await.status.as_u16(), 303);
    shows(&page(&browser, &path_of(&p)).await, &["Shouted at the gate"]);
    // The mode is for the side that sits with the participant.
    let advocate = Browser::of(&app.http, "asha").await;
    let theirs = page(&advocate, &path_of(&p)).await;
    assert!(actions(&theirs, "/in-session").is_empty());
    assert_eq!(advocate.submit(&theirs, &start, &[]).await.status.as_u16(), 403);
    app.settle().await;
});

on_both!(what_stands_out_is_said_in_words_with_what_it_rests_on, |app| async {
    let p = app.partnership().await;
    p.consent(&SHARING).await;
    for _ in 0..3 {
        let now = app.now_text();
        let incident = json!({"happened": {"precision": "exact", "from": now}, "behaviours": ["loiter"],
            "account": "At the gate", "fear": 1, "visibility": "programme_summary", "recorded_at": now});
        text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id");
        app.advance(60).await;
    }
    for username in ["asha", "pilar"] {
        let case = page(&Browser::of(&app.http, username).await, &path_of(&p)).await;
        let stands = "At least three incidents happened within seven days.";
        shows(&case, &[stands, "Never raise it with the participant"]);
        let signal = case.body.split(stands).nth(1).unwrap().split("</ul>").next().unwrap();
        assert!(signal.matches("Severity ").count() >= 3, "{username}: {signal}");
        hides(&case, &["three_incidents"]);
    }
    app.settle().await;
});

on_both!(what_a_practitioner_fears_is_on_the_page_of_the_survivors_side_alone, |app| async {
    let p = app.partnership().await;
    let fear = json!({"kind": "intent_to_contact", "words": "Means to be there on Friday.",
        "note": "Said on leaving that it would end."});
    p.practitioner.post(&format!("/partner/v1/participants/{}/concerns", p.participant), fear).await.expect(201);
    app.settle().await;
    let own = page(&Browser::of(&app.http, "asha").await, &path_of(&p)).await;
    shows(&own, &["may mean to contact the survivor", "Means to be there on Friday."]);
    hides(&own, &["Said on leaving", "intent_to_contact"]);
    let theirs = page(&Browser::of(&app.http, "pilar").await, &path_of(&p)).await;
    hides(&theirs, &["Means to be there on Friday.", "may mean to contact"]);
});

on_both!(a_second_person_approves_an_override_on_the_page_of_the_alert, |app| async {
    let p = app.partnership().await;
    let alert = p.help_now().await;
    app.settle().await;
    let path = format!("/portal/alerts/{}", text(&alert, "reference"));
    let body = json!({"survivor_id": p.survivor.id, "alert_id": alert["id"], "basis": "vital_interests",
        "necessity": "Nobody answers, and the participant is near.", "what": ["alert"],
        "recipient_organisation_id": p.force, "is_imminent": false});
    p.advocate.post("/partner/v1/overrides", body).await.expect(201);
    let (asked, second) = (Browser::of(&app.http, "asha").await, Browser::of(&app.http, "sunniva").await);
    let own = page(&asked, &path).await;
    assert_eq!(asked.submit(&own, &only(&own, "/approve"), &[]).await.status.as_u16(), 403);
    let theirs = page(&second, &path).await;
    shows(&theirs, &["Nobody answers, and the participant is near.", "by asha Ashworth", "life is in danger"]);
    let approve = only(&theirs, "/approve");
    assert_eq!(second.post(&approve, &[], &[]).await.status.as_u16(), 403);
    let done = second.submit(&theirs, &approve, &[]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, Some(path.as_str())), "{}", done.body);
    let after = page(&second, &path).await;
    assert!(actions(&after, "/approve").is_empty(), "{}", after.body);
    assert_eq!(second.submit(&after, &approve, &[]).await.status.as_u16(), 409);
    app.settle().await;
    assert!(!p.police.messages().is_empty());
    let programme = Browser::of(&app.http, "pilar").await;
    let worklist = page(&programme, "/portal").await;
    assert_eq!(programme.submit(&worklist, &approve, &[]).await.status.as_u16(), 403);
});

/// Statements that the first page may take, with the caller's session, notes, concerns and names.
const MOST_STATEMENTS: usize = 110;
/// Bytes of a page that is full; compressed it is a tenth of that.
const MOST_BYTES: usize = 160 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_of_ten_thousand_entries_is_one_page_that_asks_no_more() {
    Statements::listen();
    let app = TestApp::sqlite().await;
    let p = app.partnership().await;
    let (statements, mut asked) = (Statements::of(&app).await, Vec::new());
    for entries in [300, 10_000] {
        let id = seeded(&app, &p, entries).await;
        let case = p.practitioner.get(&format!("/partner/v1/cases/{id}")).await.expect(200);
        let path = format!("/portal/cases/{}", text(&case, "reference"));
        let browser = Browser::of(&app.http, "pilar").await;
        browser.get(&path).await;
        statements.take();
        let page = browser.get(&path).await;
        asked.push(statements.take().len());
        assert_eq!(page.status.as_u16(), 200, "{}", page.body);
        shows(&page, &["Earlier records are left out.", "<svg"]);
        assert!(page.body.len() < MOST_BYTES, "{} bytes", page.body.len());
    }
    assert_eq!(asked[0], asked[1], "a larger case asks more");
    assert!(asked[1] <= MOST_STATEMENTS, "{asked:?}");
    app.finish().await;
}
