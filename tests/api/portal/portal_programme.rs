//! The programme's work in a browser: sessions, goals and their scores, what is recorded from day to day, orders, the report.

use serde_json::{Value, json};

use super::portal_case::{actions, hides, only, shows};
use super::portal_participants::{is_done, link, made, record_of};
use crate::harness::{Browser, Partnership, Reply, TestApp, on_both};
use crate::portal::{is_sound, page};
use crate::programme::enrolments::enrolled;

/// The form of a page behind an address.
#[track_caller]
fn has(page: &Reply, action: &str) {
    assert!(page.body.contains(&format!("action=\"{action}\"")), "no {action} in {}", page.body);
}

fn today(app: &TestApp) -> String {
    app.now_text()[..10].to_owned()
}

async fn listed(p: &Partnership, what: &str) -> Vec<Value> {
    p.practitioner.list(&format!("/partner/v1/participants/{}/{what}", p.participant)).await
}

on_both!(a_session_is_recorded_with_its_scores_on_one_page, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "pilar").await;
    let (record, today) = (page(&browser, &record_of(&p)).await, today(app));
    let sessions = format!("{}/sessions", record_of(&p));
    let at = format!("{today}T09:30");
    let planned = [("number", "1"), ("module", "mindfulness"), ("planned_at", at.as_str()), ("mode", "in_person")];
    is_done(&browser.submit(&record, &sessions, &planned).await, &record_of(&p));
    assert_eq!(listed(&p, "sessions").await[0]["planned_at"], format!("{today}T09:30:00Z"));
    // A number counts once.
    assert_eq!(browser.submit(&record, &sessions, &planned).await.status.as_u16(), 409);

    let record = page(&browser, &record_of(&p)).await;
    shows(&record, &["Sessions to record", "Session 1: planned"]);
    let path = link(&record, &format!("{sessions}/"));
    let session = page(&browser, &path).await;
    shows(&session, &["<title>Session – Holdfast</title>", "Mindfulness", "09:30 on", "UK time", "None in four weeks"]);
    assert!(actions(&session, "/feedback").is_empty(), "before it is recorded whether they came");
    let attendance = only(&session, "/attendance");
    let wrong = browser.submit(&session, &attendance, &[("attendance", "not_attended")]).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
    is_sound(&wrong);
    shows(&wrong, &["Whether they came: correct this"]);
    let came = [("attendance", "attended"), ("note", "Came by <bus>")];
    is_done(&browser.submit(&session, &attendance, &came).await, &path);
    let score = only(&session, "/reviews");
    let without = browser.submit(&session, &score, &[("score", "1"), ("reviewed_on", today.as_str())]).await;
    assert_eq!(without.status.as_u16(), 422, "{}", without.body);
    shows(&without, &["What the score rests on: fill this in", "<option value=\"1\" selected>"]);
    let scored = [("score", "1"), ("note", "The diary agrees"), ("reviewed_on", today.as_str())];
    is_done(&browser.submit(&session, &score, &scored).await, &path);
    let after = page(&browser, &path).await;
    shows(&after, &["Session 1: came on time", "Came by &#60;bus&#62;", "Latest score +1"]);
    let given = [("summary", "Rode an urge out"), ("homework", "partly")];
    is_done(&browser.submit(&after, &only(&after, "/feedback"), &given).await, &path);
    let observed = [("kind", "insight"), ("note", "Named the urge early")];
    is_done(&browser.submit(&after, &only(&after, "/observations"), &observed).await, &path);
    shows(&page(&browser, &path).await, &["Rode an urge out", "Done in part", "pilar Ashworth"]);
    assert_eq!(listed(&p, "observations").await[0]["session_id"], listed(&p, "sessions").await[0]["id"]);
    // Both sides' supervisors read it where it is theirs; the drawing and the table have the score.
    let record = page(&Browser::of(&app.http, "tomasz").await, &record_of(&p)).await;
    shows(&record, &["Session 1: came on time", "Latest score +1", "The diary agrees", "hf-mark-step", "+1</td>"]);
    app.settle().await;
});

on_both!(a_session_is_held_at_another_time, |app| async {
    let p = app.partnership().await;
    let now = app.now_text();
    let body = json!({"number": 1, "module": "mindfulness", "planned_at": now, "mode": "in_person"});
    made(&p, "sessions", body).await;
    let browser = Browser::of(&app.http, "pilar").await;
    let record = page(&browser, &record_of(&p)).await;
    let session = page(&browser, &link(&record, &format!("{}/sessions/", record_of(&p)))).await;
    let another = [("planned_at", "2026-12-01T10:00"), ("reason", "participant_unwell"), ("mode", "video")];
    is_done(&browser.submit(&session, &only(&session, "/reschedule"), &another).await, &record_of(&p));
    let sessions = listed(&p, "sessions").await;
    assert_eq!((&sessions[0]["planned_at"], sessions.len()), (&json!("2026-12-01T10:00:00Z"), 2));
    let record = page(&browser, &record_of(&p)).await;
    assert_eq!(record.body.matches("Session 1: planned").count(), 1, "{}", record.body);
    // Its day has not come.
    let session = page(&browser, &link(&record, &format!("{}/sessions/", record_of(&p)))).await;
    let early = browser.submit(&session, &only(&session, "/attendance"), &[("attendance", "attended")]).await;
    assert_eq!(early.status.as_u16(), 422, "{}", early.body);
});

const GOAL: [(&str, &str); 11] = [
    ("statement", "Uses a skill when an urge comes"),
    ("survivor_benefit", "Fewer moments in which they are watched"),
    ("participant_wording", "Reach for a skill"),
    ("domain", "skills"),
    ("levels/-2", "No skill named"),
    ("levels/-1", "Names one"),
    ("levels/0", "Uses one with help"),
    ("levels/2", "Uses one each time"),
    ("baseline", "-2"),
    ("weight", "2"),
    ("measured_by", "diary"),
];

on_both!(a_goal_is_set_checked_agreed_and_approved, |app| async {
    let p = app.partnership().await;
    let (browser, supervisor) = (Browser::of(&app.http, "pilar").await, Browser::of(&app.http, "tomasz").await);
    let record = page(&browser, &record_of(&p)).await;
    let goals = format!("{}/goals", record_of(&p));
    let without = browser.submit(&record, &goals, &GOAL).await;
    assert_eq!(without.status.as_u16(), 422, "{}", without.body);
    is_sound(&without);
    shows(&without, &["<a href=\"#goal-levels/1\">+1: more than expected: fill this in</a>", "value=\"Names one\""]);
    let whole = [&GOAL[..], &[("levels/1", "Uses one alone")]].concat();
    is_done(&browser.submit(&record, &goals, &whole).await, &record_of(&p));
    let goal = &listed(&p, "goals").await[0];
    assert_eq!(
        (&goal["baseline"], &goal["weight"], &goal["levels"]["1"], &goal["measured_by"]),
        (&json!(-2), &json!(2), &json!("Uses one alone"), &json!("diary"))
    );
    let record = page(&browser, &record_of(&p)).await;
    shows(&record, &["Uses a skill when an urge comes", "Reach for a skill", "not checked yet", "The diary card"]);
    // The newest goal comes first.
    let read = page(&supervisor, &record_of(&p)).await;
    let (check, back) = (actions(&read, "/check")[0].clone(), actions(&read, "/return")[0].clone());
    let refused = supervisor.submit(&read, &back, &[("reason", "")]).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    is_done(&supervisor.submit(&read, &check, &[]).await, &record_of(&p));
    assert_eq!(supervisor.submit(&read, &check, &[]).await.status.as_u16(), 409, "once is enough");
    assert_eq!(browser.submit(&record, &check, &[]).await.status.as_u16(), 403, "a practitioner checks none");
    let record = page(&browser, &record_of(&p)).await;
    let agreed = [("agreed_on", today(app))];
    let agreed = [(agreed[0].0, agreed[0].1.as_str())];
    is_done(&browser.submit(&record, &only(&record, "/agreement"), &agreed).await, &record_of(&p));
    let read = page(&supervisor, &record_of(&p)).await;
    is_done(&supervisor.submit(&read, &only(&read, "/approve"), &[]).await, &record_of(&p));
    shows(&page(&browser, &record_of(&p)).await, &["Goals that count: 1."]);
    let gone = actions(&page(&browser, &record_of(&p)).await, "/discontinue");
    let given_up = browser.submit(&record, &gone[0], &[("reason", "Another order makes it moot")]).await;
    is_done(&given_up, &record_of(&p));
    assert_eq!(listed(&p, "goals").await[0]["state"], "discontinued");
});

on_both!(what_is_recorded_from_day_to_day_is_recorded_by_forms, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "pilar").await;
    let (record, today) = (page(&browser, &record_of(&p)).await, today(app));
    let below = |end: &str| format!("{}/{end}", record_of(&p));
    for end in ["observations", "diary-ratings", "concerns", "own-risk", "goals", "sessions"] {
        has(&record, &below(end));
    }
    let observed = [("kind", "grievance"), ("note", "Said it <b>three</b> times"), ("observed_at", "")];
    is_done(&browser.submit(&record, &below("observations"), &observed).await, &record_of(&p));
    let at = format!("{today}T08:15");
    let rated = [("rated_on", today.as_str()), ("urge", "4"), ("acted_on_urge", "true"), ("acted_at", at.as_str())];
    let rated = [&rated[..], &[("distress", "3"), ("skill", ""), ("note", "Drove past")]].concat();
    is_done(&browser.submit(&record, &below("diary-ratings"), &rated).await, &record_of(&p));
    let diary = &listed(&p, "diary-ratings").await[0];
    assert_eq!((&diary["acted_at"], &diary["skill"]), (&json!(format!("{today}T08:15:00Z")), &Value::Null));
    let told = [("kind", "intent_to_contact"), ("words", "Ring 0114 496 0123"), ("note", "Said so")];
    let refused = browser.submit(&record, &below("concerns"), &told).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    shows(&refused, &["Ring 0114 496 0123</textarea>"]);
    let told = [("kind", "intent_to_contact"), ("words", "Means to be there on Friday."), ("note", "Said on leaving")];
    is_done(&browser.submit(&record, &below("concerns"), &told).await, &record_of(&p));
    let supervisor = Browser::of(&app.http, "tomasz").await;
    let high = [("rating", "high"), ("narrative", "Speaks of having nothing left")];
    is_done(
        &supervisor.submit(&page(&supervisor, &record_of(&p)).await, &below("own-risk"), &high).await,
        &record_of(&p),
    );
    let lower = browser.submit(&record, &below("own-risk"), &[("rating", "low"), ("narrative", "Better")]).await;
    assert_eq!(lower.status.as_u16(), 422, "{}", lower.body);
    shows(&lower, &["Why it is lowered: fill this in"]);
    let after = page(&browser, &record_of(&p)).await;
    shows(&after, &["Said it &#60;b&#62;three&#60;/b&#62; times", "4, acted on", "Drove past", "High: a supervisor"]);
    app.settle().await;
    // The survivor's side reads what was written for them, and nothing else.
    let advocate = Browser::of(&app.http, "asha").await;
    let case = page(&advocate, &link(&page(&advocate, "/portal").await, "/portal/cases/")).await;
    shows(&case, &["Means to be there on Friday."]);
    hides(&case, &["Said on leaving", "Drove past"]);
});

on_both!(an_order_is_served_the_police_are_notified_and_it_is_discharged, |app| async {
    let p = app.partnership().await;
    let today = today(app);
    let body = json!({"kind": "restraining_order", "made_on": today,
        "conditions": [{"kind": "requirement", "code": "attend_programme", "wording": "To attend each session"}]});
    made(&p, "orders", body).await;
    let browser = Browser::of(&app.http, "pilar").await;
    let record = page(&browser, &record_of(&p)).await;
    shows(&record, &["Restraining order", "Made; not served yet", "Demanded: To attend each session"]);
    let service = only(&record, "/service");
    let early = browser.submit(&record, &service, &[("served_on", "2026-01-01")]).await;
    assert_eq!(early.status.as_u16(), 422, "{}", early.body);
    shows(&early, &["Served on: correct this"]);
    is_done(&browser.submit(&record, &service, &[("served_on", today.as_str())]).await, &record_of(&p));
    assert_eq!(browser.submit(&record, &service, &[("served_on", today.as_str())]).await.status.as_u16(), 409);
    let notified = service.replace("/service", "/notification");
    is_done(&browser.submit(&record, &notified, &[("notified_on", today.as_str())]).await, &record_of(&p));
    shows(&page(&browser, &record_of(&p)).await, &["Served; the police were notified"]);
    let discharged = service.replace("/service", "/discharge");
    is_done(&browser.submit(&record, &discharged, &[("discharged_on", today.as_str())]).await, &record_of(&p));
    let after = page(&browser, &record_of(&p)).await;
    shows(&after, &["A court ended it"]);
    assert!(actions(&after, "/service").is_empty() && !after.body.contains(&discharged), "{}", after.body);
});

on_both!(the_report_at_the_end_takes_a_second_person, |app| async {
    let p = app.partnership().await;
    enrolled(&p).await;
    let (browser, supervisor) = (Browser::of(&app.http, "pilar").await, Browser::of(&app.http, "tomasz").await);
    let record = page(&browser, &record_of(&p)).await;
    shows(&record, &["The programme is under way.", "Sessions: 12, from 23/11/2026 at 10:00 (Europe/London)"]);
    let path = link(&record, &format!("{}/enrolments/", record_of(&p)));
    let report = page(&browser, &path).await;
    shows(&report, &["The report has not been begun."]);
    let words = [("progress", "Names urges"), ("risk", "Rises at court"), ("recommendations", "A review")];
    let without = browser.submit(&report, &only(&report, "/end-report"), &words[..2]).await;
    assert_eq!(without.status.as_u16(), 422, "{}", without.body);
    shows(&without, &["What should follow: fill this in", "Rises at court</textarea>"]);
    is_done(&browser.submit(&report, &only(&report, "/end-report"), &words).await, &path);
    let draft = page(&browser, &path).await;
    shows(&draft, &["The report is being written.", "Rises at court", "Not recorded yet"]);
    let again = only(&draft, "/of/1");
    let better = [("progress", "Names urges early"), words[1], words[2]];
    is_done(&browser.submit(&draft, &again, &better).await, &path);
    let stale = browser.submit(&draft, &again, &better).await;
    assert_eq!(stale.status.as_u16(), 412, "{}", stale.body);
    is_sound(&stale);
    is_done(&browser.submit(&draft, &only(&draft, "/submit"), &[]).await, &path);
    assert!(actions(&page(&browser, &path).await, "/approve").is_empty(), "nobody approves their own");
    let theirs = page(&supervisor, &path).await;
    shows(&theirs, &["The report waits for a supervisor.", "Names urges early"]);
    let own = browser.submit(&draft, &only(&theirs, "/approve"), &[]).await;
    assert_eq!(own.status.as_u16(), 403, "{}", own.body);
    is_done(&supervisor.submit(&theirs, &only(&theirs, "/approve"), &[]).await, &path);
    shows(&page(&browser, &path).await, &["A supervisor has approved the report."]);
});
