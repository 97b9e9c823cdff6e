//! The pages of a participant: what the programme's staff read there, who else finds none, and what is in none of them.

use serde_json::{Value, json};

use super::portal_case::{actions, hides, only, shows};
use crate::harness::browser::token;
use crate::harness::partnership::{CODE_WORD, PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::{Browser, PASSWORD, Partnership, Reply, TestApp, on_both, text};
use crate::portal::{is_sound, page};

/// The page of the partnership's participant.
pub fn record_of(p: &Partnership) -> String {
    format!("/portal/participants/{}", p.participant_reference)
}

/// The first link of a page that begins so.
#[track_caller]
pub fn link(page: &Reply, start: &str) -> String {
    let start = format!("href=\"{start}");
    let rest = page.body.split(&start).nth(1).unwrap_or_else(|| panic!("no {start} in {}", page.body));
    format!("{}{}", &start["href=\"".len()..], rest.split('"').next().unwrap())
}

/// Sends the form of a page and is led back to a page.
#[track_caller]
pub fn is_done(sent: &Reply, there: &str) {
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, Some(there)), "{}: {}", sent.what, sent.body);
}

/// Makes something below a participant over the API.
pub async fn made(p: &Partnership, what: &str, body: Value) -> Value {
    p.practitioner.post(&format!("/partner/v1/participants/{}/{what}", p.participant), body).await.expect(201)
}

/// Something of every kind on the participant's side.
async fn worked(app: &TestApp, p: &Partnership) {
    let now = app.now_text();
    let session = json!({"number": 1, "module": "mindfulness", "planned_at": now, "mode": "in_person"});
    made(p, "sessions", session).await;
    made(p, "observations", json!({"kind": "fixation", "note": "Came back to the same grievance"})).await;
    let day =
        json!({"rated_on": &now[..10], "urge": 3, "acted_on_urge": false, "distress": 2, "note": "A walk helped"});
    made(p, "diary-ratings", day).await;
    let fear =
        json!({"kind": "intent_to_contact", "words": "Means to be there on Friday.", "note": "Said so on leaving"});
    made(p, "concerns", fear).await;
    made(p, "own-risk", json!({"rating": "medium", "narrative": "Speaks of having nothing left"})).await;
    made(p, "referrals", json!({"source": "police", "basis": "voluntary"})).await;
    app.settle().await;
}

on_both!(a_participant_s_record_is_one_page_three_clicks_from_the_worklist, |app| async {
    let p = app.partnership().await;
    worked(app, &p).await;
    for username in ["pilar", "tomasz"] {
        let browser = Browser::of(&app.http, username).await;
        let worklist = page(&browser, "/portal").await;
        shows(&worklist, &[&format!("href=\"{}\"", record_of(&p)), "href=\"/portal/participants\""]);
        let record = page(&browser, &record_of(&p)).await;
        shows(
            &record,
            &[
                "<title>Participant – Holdfast</title>",
                PARTICIPANT_NAME,
                "Session 1: planned",
                "No contact with the survivor by any means",
                "<svg class=\"hf-axis\"",
                "One attempt in four weeks",
                "Stalking Protection Order",
                "Forbidden: Not to come within 200 metres of the home",
                "Came back to the same grievance",
                "A walk helped",
                "The participant may mean to contact the survivor.",
                "Said so on leaving",
                "Speaks of having nothing left",
                "The police referred them.",
                "UK time",
            ],
        );
        hides(&record, &["intent_to_contact<", "fixation<", "approach_within_distance", "less_than"]);
        // The case leads here, and back.
        shows(&page(&browser, &link(&record, "/portal/cases/")).await, &[&format!("href=\"{}\"", record_of(&p))]);
    }
    let welsh = Browser::reading(&app.http, "cy");
    welsh.sign_in("pilar").await;
    let record = page(&welsh, &record_of(&p)).await;
    shows(&record, &["Cyfranogwr", "<span lang=\"en\">The police referred them.</span>", "Cerdyn dyddiadur"]);
    shows(&record, &["<option value=\"intent_to_harm\" lang=\"en\">"]);
    app.settle().await;
});

on_both!(a_list_of_participants_and_the_way_to_one_by_the_reference, |app| async {
    let p = app.partnership().await;
    let other = organisation(&p.admin, json!({"kind": "programme_provider", "name": "Second Step"})).await;
    let quin = staff(&app.http, &p.admin, &other, "quin", &["practitioner"]).await;
    let body = json!({"name": "Ophelia Marrow", "home_force_id": "south-yorkshire"});
    let foreign = text(&quin.post("/partner/v1/participants", body).await.expect(201), "reference");
    staff(&app.http, &p.admin, &p.programme, "rafe", &["practitioner"]).await;
    for username in ["pilar", "tomasz"] {
        let browser = Browser::of(&app.http, username).await;
        let list = page(&browser, "/portal/participants").await;
        shows(&list, &[PARTICIPANT_NAME, &p.participant_reference, "pilar Ashworth"]);
        hides(&list, &["Ophelia", &foreign]);
        let written = p.participant_reference.to_lowercase();
        let found = browser.submit(&list, &only(&list, "/find"), &[("reference", written.as_str())]).await;
        is_done(&found, &record_of(&p));
        for named in [foreign.as_str(), "PT-0000-0000-0", ""] {
            let none = browser.submit(&list, &only(&list, "/find"), &[("reference", named)]).await;
            assert_eq!(none.status.as_u16(), 422, "{}", none.body);
            is_sound(&none);
            shows(&none, &["<a href=\"#find-reference\">Reference: "]);
        }
        let path = format!("/portal/participants/{foreign}");
        let missing = browser.get("/portal/participants/PT-0000-0000-0").await;
        let hidden = browser.get(&path).await;
        assert_eq!((hidden.status.as_u16(), &hidden.body), (404, &missing.body), "{username}");
    }
    // A colleague who is not assigned, and another provider's.
    for username in ["rafe", "quin"] {
        let browser = Browser::of(&app.http, username).await;
        hides(&page(&browser, "/portal/participants").await, &[PARTICIPANT_NAME, &p.participant_reference]);
        assert_eq!(browser.get(&record_of(&p)).await.status.as_u16(), 404, "{username}");
    }
});

/// Every address of a participant that does something.
fn acts(p: &Partnership) -> Vec<String> {
    let (path, letters) = (record_of(p), "A".repeat(22));
    let of_record = ["observations", "diary-ratings", "concerns", "own-risk", "in-session", "in-session/end", "goals"];
    let of_order = ["service", "notification", "discharge"].map(|act| format!("orders/{letters}/{act}"));
    let of_goal = ["reviews", "wordings", "wording/1/check", "agreement", "approve", "achieve", "discontinue"];
    let of_goal = of_goal.map(|act| format!("goals/{letters}/{act}"));
    let of_session = ["attendance", "feedback", "observations", "reschedule", &format!("goals/{letters}/reviews")]
        .map(|act| format!("sessions/{letters}/{act}"));
    let of_report = ["", "/of/1", "/submit", "/approve", "/give-back"];
    let of_report = of_report.map(|act| format!("enrolments/{letters}/end-report{act}"));
    let all = of_record.map(str::to_owned).into_iter().chain(["sessions".to_owned()]);
    let all = all.chain(of_order).chain(of_goal).chain(of_session).chain(of_report);
    all.map(|end| format!("{path}/{end}")).chain(["/portal/participants/find".to_owned()]).collect()
}

on_both!(whose_participant_it_is_not_finds_none_and_no_form_counts_without_its_token, |app| async {
    let p = app.partnership().await;
    let nobody = Browser::new(&app.http);
    for at in [record_of(&p), "/portal/participants".to_owned()] {
        assert_eq!(nobody.get(&at).await.header("location"), Some("/portal/sign-in"), "{at}");
    }
    // The survivor's side, the police and who runs the service have no such page.
    for username in ["asha", "pc.4417", "admin"] {
        let browser = Browser::of(&app.http, username).await;
        assert_eq!(browser.get(&record_of(&p)).await.status.as_u16(), 403, "{username}");
        assert_eq!(browser.get("/portal/participants").await.status.as_u16(), 403, "{username}");
    }
    let supervisor = Browser::of(&app.http, "sunniva").await;
    assert_eq!(supervisor.get(&record_of(&p)).await.status.as_u16(), 404);
    hides(&page(&supervisor, "/portal/participants").await, &[PARTICIPANT_NAME, &p.participant_reference]);
    let worklist = page(&supervisor, "/portal").await;
    let rated = [("rating", "high"), ("narrative", "x")];
    let sent = supervisor.submit(&worklist, &format!("{}/own-risk", record_of(&p)), &rated).await;
    assert_eq!(sent.status.as_u16(), 404, "{}", sent.body);

    let browser = Browser::of(&app.http, "pilar").await;
    let foreign = token(&page(&Browser::of(&app.http, "tomasz").await, "/portal").await);
    for act in acts(&p) {
        for sent in [&[("note", "x")][..], &[("note", "x"), ("csrf_token", foreign.as_str())]] {
            let refused = browser.post(&act, &[], sent).await;
            // What is a supervisor's to do is refused for that already.
            assert_eq!(refused.status.as_u16(), 403, "{act}: {}", refused.body);
            is_sound(&refused);
        }
        assert_ne!(browser.get(&act).await.status.as_u16(), 200, "{act}");
    }
    // What only practitioners record, a supervisor does not.
    let supervisor = Browser::of(&app.http, "tomasz").await;
    let record = page(&supervisor, &record_of(&p)).await;
    for act in ["observations", "diary-ratings", "concerns", "goals", "sessions"] {
        let end = format!("{}/{act}", record_of(&p));
        assert!(!record.body.contains(&format!("action=\"{end}\"")), "{act}");
        assert_eq!(supervisor.submit(&record, &end, &[("note", "x")]).await.status.as_u16(), 403, "{act}");
    }
});

on_both!(nothing_of_the_survivor_s_side_is_on_a_page_of_a_participant, |app| async {
    let p = app.partnership().await;
    worked(app, &p).await;
    let answer = json!({"status": "concern", "note": "Heard steps on the stairs", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    let note = json!({"audience": "support_only", "note": "The neighbour keeps a key"});
    p.advocate.post(&format!("/partner/v1/cases/{}/notes", p.case), note).await.expect(201);
    p.consent(&["share.programme.status", "share.programme.incident_full"]).await;
    app.settle().await;
    let kept = [
        SURVIVOR_NAME,
        CODE_WORD,
        "Heard steps",
        "The neighbour keeps a key",
        "Lighthouse",
        "asha Ashworth",
        "/portal/alerts/",
        &p.survivor.id,
        &p.survivor.reference,
        &p.advocate.id,
        &p.participant,
    ];
    for username in ["pilar", "tomasz"] {
        let browser = Browser::of(&app.http, username).await;
        let record = page(&browser, &record_of(&p)).await;
        let session = page(&browser, &link(&record, &format!("{}/sessions/", record_of(&p)))).await;
        let list = page(&browser, "/portal/participants").await;
        let path = format!("{}/own-risk", record_of(&p));
        let refused = browser.submit(&record, &path, &[("rating", "low"), ("narrative", " ")]).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
        for shown in [&record, &session, &list, &refused] {
            is_sound(shown);
            hides(shown, &kept);
        }
    }
});

on_both!(while_the_participant_looks_on_there_is_nothing_but_what_was_written_for_them, |app| async {
    let p = app.partnership().await;
    worked(app, &p).await;
    let path = format!("/partner/v1/goals/{}/wording/decisions", p.goal);
    p.programme_supervisor.post(&path, json!({"decision": "checked", "version": 1})).await.expect(201);
    let browser = Browser::of(&app.http, "pilar").await;
    let record = page(&browser, &record_of(&p)).await;
    let session = link(&record, &format!("{}/sessions/", record_of(&p)));
    is_done(&browser.submit(&record, &only(&record, "/in-session"), &[]).await, &record_of(&p));
    let hidden = page(&browser, &record_of(&p)).await;
    shows(&hidden, &["Let urges pass without acting on them", "Session 1: planned", "The session is over"]);
    let wrong = browser.submit(&hidden, &only(&hidden, "/in-session/end"), &[("password", "no such")]).await;
    assert_eq!(wrong.status.as_u16(), 403, "{}", wrong.body);
    let refused = browser.submit(&hidden, &format!("{}/concerns", record_of(&p)), &[("words", "")]).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    let never = ["urvivor", "No contact", "without fear", "grievance", "Friday", "Order", "<svg", PARTICIPANT_NAME];
    for shown in [&hidden, &wrong, &refused] {
        is_sound(shown);
        hides(shown, &never);
        hides(shown, &["Speaks of", "A walk", "Came back", "/portal/cases/"]);
    }
    assert_eq!(browser.get(&session).await.header("location"), Some(record_of(&p).as_str()));
    assert_eq!(browser.get("/portal/participants").await.status.as_u16(), 404);
    let attendance = only(&hidden, "/attendance");
    is_done(&browser.submit(&hidden, &attendance, &[("attendance", "attended_late")]).await, &session);
    shows(&page(&browser, &record_of(&p)).await, &["Session 1: came late"]);
    let end = only(&hidden, "/in-session/end");
    is_done(&browser.submit(&hidden, &end, &[("password", PASSWORD)]).await, &record_of(&p));
    let after = page(&browser, &record_of(&p)).await;
    shows(&after, &["No contact with the survivor by any means"]);
    assert!(actions(&after, "/in-session/end").is_empty());
    app.settle().await;
});
