//! The case view: what it asks of the database, how long it takes, and what never stands in it.

use std::time::{Duration, Instant as Stopwatch};

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::harness::partnership::{SURVIVOR_NAME, case, participant, survivor};
use crate::harness::statements::Statements;
use crate::harness::{Caller, Partnership, TestApp, on_both, text};
use crate::routes::contract::operations;

const SHARING: [&str; 4] = [
    "share.programme.status",
    "share.programme.voice",
    "share.programme.incident_summary",
    "share.programme.incident_full",
];

fn asks(statements: &[String], table: &str) -> bool {
    statements.iter().any(|line| line.contains(&format!("\"{table}\"")) || line.contains(&format!("`{table}`")))
}

/// The kinds of the survivor's record, by the tables that they stand in.
const KINDS: [(&str, &[&str]); 2] = [
    ("share.programme.status", &["check_ins", "alerts"]),
    ("share.programme.incident_summary", &["incidents", "incident_versions"]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_withheld_is_not_even_queried() {
    Statements::listen();
    let app = TestApp::sqlite().await;
    let p = app.partnership().await;
    let statements = Statements::of(&app).await;
    let pages = ["view", "timeline"];
    for (scope, tables) in KINDS {
        for (granted, is_asked) in [(false, false), (true, true), (false, false)] {
            p.decide(scope, granted).await;
            for page in pages {
                statements.take();
                p.practitioner.get(&format!("/partner/v1/cases/{}/{page}", p.case)).await.expect(200);
                let asked = statements.take();
                assert!(!asked.is_empty());
                for table in tables {
                    assert_eq!(asks(&asked, table), is_asked, "{page} with {scope} {granted} asks {table}: {asked:#?}");
                }
            }
        }
    }
    // In a session neither, whatever is agreed to.
    p.consent(&SHARING).await;
    p.practitioner.post("/partner/v1/in-session/start", json!({})).await.expect(200);
    // Nor, for the survivor's side, the participant's record of a case that is over.
    for (by, tables) in [
        (&p.practitioner, &["check_ins", "alerts", "incidents"][..]),
        (&p.advocate, &["goals", "goal_reviews", "programme_sessions", "orders"][..]),
    ] {
        if std::ptr::eq(by, &p.advocate) {
            p.support_supervisor
                .post(&format!("/partner/v1/cases/{}/close", p.case), json!({"reason": "over"}))
                .await
                .expect(200);
        }
        for page in pages {
            statements.take();
            by.get(&format!("/partner/v1/cases/{}/{page}", p.case)).await.expect(200);
            let asked = statements.take();
            for table in tables {
                assert!(!asks(&asked, table), "{page} asks {table}: {asked:#?}");
            }
        }
    }
    app.finish().await;
}

/// Another survivor and participant of the partnership, linked and sharing, whose case has so many entries.
pub async fn seeded(app: &TestApp, p: &Partnership, entries: usize) -> String {
    let other = survivor(&app.http, &p.advocate, "high").await;
    let (person, reference) = participant(&p.practitioner).await;
    let (id, _) = case(&p.advocate, &other.reference, &reference).await;
    for supervisor in [&p.support_supervisor, &p.programme_supervisor] {
        supervisor.post(&format!("/partner/v1/cases/{id}/approve"), json!({})).await.expect(200);
    }
    let phone = &other.phone.session;
    for scope in ["share.programme.status", "share.programme.incident_summary"] {
        phone
            .put(&format!("/app/v1/consents/{scope}"), json!({"granted": true, "text_version": "1"}))
            .await
            .expect(200);
    }
    crate::harness::partnership::goal(&p.practitioner, &person).await;
    let now = app.now_text();
    phone.post("/app/v1/check-ins", json!({"status": "safe", "recorded_at": now})).await.expect(201);
    let incident = json!({"happened": {"precision": "exact", "from": now}, "behaviours": ["loiter", "message_text"],
        "account": "Stood at the gate", "fear": 1, "visibility": "programme_summary", "recorded_at": now});
    phone.post("/app/v1/incidents", incident).await.expect(201);
    let session = json!({"number": 1, "module": "mindfulness", "planned_at": now, "mode": "in_person"});
    p.practitioner.post(&format!("/partner/v1/participants/{person}/sessions"), session).await.expect(201);
    // The one of each kind is repeated, each time eight hours earlier: nine years for ten thousand.
    let copies = entries / 3;
    let owner = |table: &str, column: &str, id: &str| {
        let hex = id.replace('-', "");
        let keys = if table == "programme_sessions" { ", number = rowid + 1" } else { "" };
        let moments = match table {
            "check_ins" => "happened_at = happened_at - n * 28800000000, received_at = received_at - n * 28800000000",
            "incidents" => "happened_at = happened_at - n * 28800000000, received_at = received_at - n * 28800000000",
            _ => "planned_at = planned_at - n * 28800000000",
        };
        format!(
            "DROP TABLE IF EXISTS temp.copied;
             CREATE TEMP TABLE copied AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {copies})
               SELECT t.*, c.n FROM {table} t, c WHERE t.{column} = x'{hex}';
             UPDATE copied SET id = randomblob(16), {moments}{keys};"
        )
    };
    let mut script = String::new();
    for (table, column, id) in
        [("check_ins", "survivor_id", &other.id), ("programme_sessions", "participant_id", &person)]
    {
        script += &owner(table, column, id);
        script += &format!("ALTER TABLE copied DROP COLUMN n; INSERT INTO {table} SELECT * FROM copied;");
    }
    script += &owner("incidents", "survivor_id", &other.id);
    // Each incident with the version that it stands in.
    script += &format!(
        "CREATE TEMP TABLE versions AS SELECT v.*, c.id AS copy FROM copied c, incident_versions v \
           WHERE v.survivor_id = x'{}';
         UPDATE versions SET incident_id = copy; ALTER TABLE versions DROP COLUMN copy;
         ALTER TABLE copied DROP COLUMN n; INSERT INTO incidents SELECT * FROM copied;
         INSERT INTO incident_versions SELECT * FROM versions; DROP TABLE versions; DROP TABLE copied;",
        other.id.replace('-', "")
    );
    app.writes_records();
    app.inner.db.write(move |conn| Ok(conn.batch_execute(&script)?)).await.unwrap();
    id
}

async fn timed(by: &Caller, path: &str) -> Duration {
    let started = Stopwatch::now();
    by.get(path).await.expect(200);
    started.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Statements that a first page may take, whatever the case holds.
const MOST_STATEMENTS: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_of_ten_thousand_entries_opens_as_fast_as_one_of_a_hundred() {
    Statements::listen();
    let app = TestApp::sqlite().await;
    let p = app.partnership().await;
    let (small, large) = (seeded(&app, &p, 100).await, seeded(&app, &p, 10_000).await);
    let whole = p.practitioner.list(&format!("/partner/v1/cases/{large}/timeline")).await;
    assert!(whole.len() >= 10_000, "{}", whole.len());
    let statements = Statements::of(&app).await;
    for page in ["view", "timeline"] {
        let [small, large] = [&small, &large].map(|id| format!("/partner/v1/cases/{id}/{page}"));
        let mut counts = Vec::new();
        for path in [&small, &large] {
            statements.take();
            p.practitioner.get(path).await.expect(200);
            counts.push(statements.take().len());
        }
        assert_eq!(counts[0], counts[1], "{page} asks more of a larger case");
        assert!(counts[1] <= MOST_STATEMENTS, "{page} takes {} statements", counts[1]);
        // Side by side, so that whatever else the machine does weighs on both alike; the best of three rounds.
        let mut ratios = Vec::new();
        for _ in 0..3 {
            let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
            for _ in 0..25 {
                of_small.push(timed(&p.practitioner, &small).await);
                of_large.push(timed(&p.practitioner, &large).await);
            }
            let (of_small, of_large) = (median(of_small), median(of_large));
            println!("{page}: {of_small:?} of 100 entries, {of_large:?} of 10,000, {} statements", counts[1]);
            ratios.push(of_large.as_secs_f64() / of_small.as_secs_f64());
        }
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(least <= 2.0, "{page} takes {least:.2} times as long with 10,000 entries: {ratios:?}");
    }
    app.finish().await;
}

/// What must reach nobody of the programme's side, each planted where it belongs.
const PLANTED: [&str; 14] = [
    "7700900321",
    "Odalys",
    SURVIVOR_NAME,
    "07700900456",
    "Beatrix",
    "7700900789",
    "Orchard Lane",
    "Bakery on the corner",
    "53.3811",
    "Pocket phone",
    "Private thought",
    "Full account",
    "Note with the check-in",
    "thistledown",
];

async fn plant(app: &TestApp, p: &Partnership) {
    let id = &p.survivor.id;
    let code = p.advocate.post(&format!("/partner/v1/survivors/{id}/enrolment-codes"), json!({})).await.expect(201);
    let phone = json!({"code": code["code"], "pin": "4821", "code_word": "thistledown", "device_name": "Pocket phone"});
    app.http.nobody().post("/app/v1/enrol", phone).await.expect(201);
    let trusted = json!({"name": "Beatrix", "phone": "+44 7700 900789"});
    p.phone().put("/app/v1/trusted-contact", trusted).await.expect(200);
    let plan = json!({"time_zone": "Europe/London", "never_leave_voicemail": true, "who_answers": "Cousin Odalys",
        "sms": {"allowed": true, "address": "+44 7700 900321"}});
    p.advocate.put(&format!("/partner/v1/survivors/{id}/safe-contact"), plan).await.expect(200);
    let answer = json!({"status": "safe", "feeling_safe": 1, "note": "Note with the check-in, 07700900456",
        "location": {"lat": 53.3811, "lon": -1.4701, "accuracy_m": 12.0}, "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    let incident = json!({"happened": {"precision": "exact", "from": "2026-11-20T18:00:00Z"},
        "behaviours": ["message_text"], "account": "Full account", "private_note": "Private thought", "fear": 2,
        "place": "Orchard Lane, Bakery on the corner", "order_condition_id": p.condition,
        "visibility": "programme_full", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/incidents", incident).await.expect(201);
    let note =
        json!({"audience": "support_only", "note": format!("{SURVIVOR_NAME} works at the Bakery on the corner")});
    p.advocate.post(&format!("/partner/v1/cases/{}/notes", p.case), note).await.expect(201);
    let help = json!({"note": "Orchard Lane", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/help-now", help).await.expect(201);
    app.settle().await;
}

/// Every id that stands in a text.
fn ids(text: &str) -> Vec<String> {
    let is_id = |word: &&str| uuid::Uuid::parse_str(word).is_ok();
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-').filter(|word| word.len() == 36);
    words.filter(is_id).map(str::to_owned).collect()
}

on_both!(nothing_that_the_programme_can_read_tells_who_or_where_the_survivor_is, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    plant(app, &p).await;
    let reads: Vec<String> = operations()
        .into_iter()
        .filter(|operation| operation.method == "GET" && operation.path.starts_with("/partner/v1/"))
        // The stream of live updates gives what there is, and ends.
        .map(|operation| operation.path.replace("v1/events", "v1/events?stay_seconds=0"))
        .collect();
    assert!(reads.len() > 20, "{reads:?}");
    for by in [&p.practitioner, &p.programme_supervisor] {
        let mut known = vec![p.case.clone(), p.participant.clone(), p.goal.clone(), p.survivor.id.clone()];
        let (mut seen, mut at) = (String::new(), 0);
        // Whatever an answer names is asked for as well, once round.
        for round in 0..2 {
            for path in &reads {
                let all: Vec<String> = match path.contains('{') {
                    true => known.iter().skip(at).map(|id| fill(path, id, &p.case)).collect(),
                    false if round == 0 => vec![path.clone()],
                    false => Vec::new(),
                };
                for path in all {
                    let reply = by.get(&path).await;
                    assert!(reply.status.as_u16() < 500, "{path}: {}", reply.body);
                    seen += &reply.body;
                }
            }
            at = known.len();
            let mut more = ids(&seen);
            more.sort();
            more.dedup();
            more.retain(|id| !known.contains(id));
            more.truncate(20);
            known.extend(more);
        }
        assert!(seen.contains("order_breach") && seen.contains(&p.case_reference), "{seen}");
        for kept in PLANTED {
            assert!(!seen.contains(kept), "{kept} reached the programme's side: {seen}");
        }
    }
    app.leaves_retries();
});

/// A path with its first parameter filled by an id, or by the case where a second one follows.
fn fill(path: &str, id: &str, case: &str) -> String {
    let count = path.matches('{').count();
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    let mut nth = 0;
    for part in parts.iter_mut().filter(|part| part.starts_with('{')) {
        nth += 1;
        *part = if count > 1 && nth == 1 { case.to_owned() } else { id.to_owned() };
    }
    parts.join("/")
}

#[test]
fn a_case_is_read_as_json_and_is_neither_printed_nor_exported() {
    let of_case: Vec<_> = operations().into_iter().filter(|operation| operation.path.contains("/cases/")).collect();
    assert!(of_case.len() > 10);
    for operation in of_case {
        for word in ["print", "export", "download", "pdf", "csv"] {
            assert!(!operation.path.contains(word), "{}", operation.path);
        }
        let responses = operation.spec["responses"].as_object().unwrap();
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
            let kinds: Vec<&String> =
                response["content"].as_object().into_iter().flat_map(|kinds| kinds.keys()).collect();
            assert!(kinds.iter().all(|kind| *kind == "application/json"), "{} {status}: {kinds:?}", operation.id());
        }
    }
}

fn signal<'a>(view: &'a Value, kind: &str) -> Option<&'a Value> {
    view["signals"].as_array().unwrap().iter().find(|signal| signal["signal"] == kind)
}

on_both!(what_stands_out_is_explained_dated_and_not_for_the_session, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    let mut made = Vec::new();
    for (at, behaviour) in
        [("14T10:00:00", "message_text"), ("16T10:00:00", "contact_new_account"), ("18T10:00:00", "loiter")]
    {
        let incident = json!({"happened": {"precision": "exact", "from": format!("2026-11-{at}Z")},
            "behaviours": [behaviour], "account": "Again", "fear": 1, "visibility": "programme_summary",
            "recorded_at": app.now_text()});
        made.push(text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id"));
    }
    let review = json!({"score": 1, "note": "Better", "reviewed_on": "2026-11-20"});
    let review =
        text(&p.practitioner.post(&format!("/partner/v1/goals/{}/reviews", p.goal), review).await.expect(201), "id");
    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    for (kind, evidence) in [
        ("three_incidents_in_seven_days", made.clone()),
        ("new_channel_after_block", made[..2].to_vec()),
        ("online_to_in_person", made[1..].to_vec()),
        ("goal_up_while_incidents_rise", [vec![review], made.clone()].concat()),
    ] {
        let found = signal(&view, kind).unwrap_or_else(|| panic!("no {kind} in {}", view["signals"]));
        assert_eq!((&found["evidence"], &found["not_to_be_raised_in_session"]), (&json!(evidence), &json!(true)));
        assert!(found["at"].is_string() && found["explanation"].as_str().unwrap().len() > 20);
    }
    // Without the agreement that they rest on, none of them stands out.
    p.decide("share.programme.incident_summary", false).await;
    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    assert_eq!(view["signals"], json!([]));
});

on_both!(what_was_observed_stands_beside_the_incidents_and_an_urge_acted_on_stands_out, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.incident_summary"]).await;
    let incident = json!({"happened": {"precision": "exact", "from": "2026-11-19T10:00:00Z"},
        "behaviours": ["message_text"], "account": "Again", "fear": 1, "visibility": "programme_summary",
        "recorded_at": app.now_text()});
    let incident = text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id");
    let below = |path: &str| format!("/partner/v1/participants/{}/{path}", p.participant);
    let observation = json!({"kind": "fixation", "note": "The same grievance three times"});
    let observation = text(&p.practitioner.post(&below("observations"), observation).await.expect(201), "id");
    let rating = |acted: bool| json!({"rated_on": "2026-11-20", "urge": 4, "acted_on_urge": acted, "distress": 3});
    p.practitioner.post(&below("diary-ratings"), rating(false)).await.expect(201);
    let view = format!("/partner/v1/cases/{}/view", p.case);
    assert!(signal(&p.practitioner.get(&view).await.expect(200), "acted_on_urge_and_incident").is_none());
    let mut acted = rating(true);
    acted["rated_on"] = json!("2026-11-21");
    let rated = text(&p.practitioner.post(&below("diary-ratings"), acted).await.expect(201), "id");
    for by in [&p.practitioner, &p.advocate] {
        let seen = by.get(&view).await.expect(200);
        assert_eq!(seen["participant_side"]["observations"][0]["id"], json!(observation));
        let found = signal(&seen, "acted_on_urge_and_incident").unwrap_or_else(|| panic!("{}", seen["signals"]));
        assert_eq!(
            (&found["evidence"], &found["not_to_be_raised_in_session"]),
            (&json!([rated, incident]), &json!(true))
        );
    }
    let timeline = p.advocate.list(&format!("/partner/v1/cases/{}/timeline", p.case)).await;
    assert!(timeline.iter().any(|item| item["kind"] == "observation" && item["ref"] == json!(observation)));

    // After the end the survivor's side sees neither, and is told so.
    p.programme_supervisor
        .post(&format!("/partner/v1/cases/{}/close", p.case), json!({"reason": "over"}))
        .await
        .expect(200);
    let seen = p.advocate.get(&view).await.expect(200);
    assert_eq!((&seen["participant_side"]["observations"], &seen["signals"]), (&json!([]), &json!([])));
    assert!(
        seen["redactions"].as_array().unwrap().contains(&json!({"what": "observations", "reason": "case_not_active"}))
    );
});
