//! What checkpoints are held against: the database, the log on disk, and what a witness outside kept.

use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;
use holdfast::audit::{self, Broken, Fault, Verified, Witnessed, Witnesses};
use holdfast::config::Flags;

use crate::harness::binary::Installation;
use crate::harness::{NOON, TestApp, instant};

fn every_minute(settings: &mut Flags) {
    settings.watchdog_seconds = Some(60);
    // No worker runs by itself here all the same: it is the log that one is expected to have written.
    settings.no_worker = Some(false);
}

async fn both() -> Vec<TestApp> {
    let mut apps = vec![TestApp::sqlite_with(instant(NOON), every_minute).await];
    apps.extend(TestApp::postgres_with(instant(NOON), every_minute).await);
    apps
}

async fn run(app: &TestApp, sql: String) {
    app.inner.db.write(move |conn| Ok(conn.batch_execute(&sql)?)).await.unwrap();
}

fn log_of(app: &TestApp) -> PathBuf {
    app.inner.config.data_dir.join("checkpoints.log")
}

/// Holds the audit against its witnesses, with an anchor of these words.
async fn verify(app: &TestApp, anchor: Option<&str>) -> Result<Witnessed, Broken> {
    let path = app.inner.config.data_dir.join("anchor");
    if let Some(text) = anchor {
        std::fs::write(&path, text).unwrap();
    }
    let witnesses = Witnesses::read(&app.inner, anchor.map(|_| path.as_path())).unwrap();
    let witnessed = witnesses.witnessed();
    match app.inner.db.snapshot(move |conn| audit::verify_with(conn, &witnesses)).await.unwrap() {
        Verified::Broken(broken) => Err(broken),
        Verified::Whole { .. } => Ok(witnessed),
    }
}

/// Three checkpoints; the newest was taken long enough ago to be in the log.
async fn three_checkpoints(app: &TestApp) -> Vec<String> {
    for _ in 0..3 {
        app.advance(1).await;
    }
    app.advance_seconds(20).await;
    let lines = std::fs::read_to_string(log_of(app)).unwrap();
    assert_eq!(lines.lines().count(), 3);
    lines.lines().map(|line| format!("{line}\n")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_removed_emptied_or_cut_is_found() {
    for app in both().await {
        app.partnership().await;
        let lines = three_checkpoints(&app).await;
        assert_eq!(verify(&app, None).await.unwrap().checkpoints, 3);
        let whole = lines.concat();
        let cases = [
            (None, 1, "ends before the newest"),
            (Some(String::new()), 1, "ends before the newest"),
            (Some(lines[0].clone()), 2, "ends before the newest"),
            (Some(lines[..2].concat()), 3, "ends before the newest"),
            (Some(whole[..whole.len() - 1].to_owned()), 3, "ends before the newest"),
            (Some(lines[1..].concat()), 1, "missing from the log"),
            (Some([lines[0].clone(), lines[2].clone()].concat()), 2, "missing from the log"),
        ];
        for (text, line, why) in cases {
            std::fs::remove_file(log_of(&app)).unwrap_or_default();
            if let Some(text) = &text {
                std::fs::write(log_of(&app), text).unwrap();
            }
            let found = verify(&app, None).await.unwrap_err();
            assert_eq!((found.fault, found.lane, found.sequence), (Fault::Cut, -1, line), "{found:?}");
            assert!(found.why.contains(why), "{found:?}");
        }
        // A worker goes on from where it was, and the gap stays to be found.
        std::fs::write(log_of(&app), &lines[0]).unwrap();
        app.advance(2).await;
        let found = verify(&app, None).await.unwrap_err();
        assert_eq!((found.fault, found.sequence), (Fault::Cut, 2), "{found:?}");
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_copies_what_another_took_and_both_logs_are_whole() {
    for app in both().await {
        app.partnership().await;
        let other = app.other_instance().await;
        for turn in 0..4 {
            // Both share the folder, and none writes a line twice.
            let worker = if turn % 2 == 0 { None } else { Some(&other) };
            let to = app.now().plus_minutes(1);
            match worker {
                None => app.advance_to(to).await,
                Some(other) => other.advance_to(to).await.unwrap(),
            }
        }
        app.advance_seconds(20).await;
        assert_eq!(verify(&app, None).await.unwrap().checkpoints, 4);
        app.finish().await;
    }
}

/// The tables of the audit.
const TABLES: [&str; 5] =
    ["audit_entries", "audit_lanes", "audit_checkpoints", "audit_checkpoint_lines", "audit_beats"];

/// Keeps the audit as it is, next to itself.
async fn keep(app: &TestApp) {
    run(app, TABLES.map(|table| format!("CREATE TABLE kept_{table} AS SELECT * FROM {table};")).concat()).await;
}

/// Puts what was kept in its place: all of the audit is as it was then.
async fn take_back(app: &TestApp) {
    run(
        app,
        TABLES.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table};")).concat(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_owners_of_database_and_log_take_back_a_witness_outside_tells() {
    for app in both().await {
        let p = app.partnership().await;
        app.advance(1).await;
        keep(&app).await;
        app.advance(1).await;
        app.advance(1).await;
        app.advance_seconds(20).await;
        let log = std::fs::read_to_string(log_of(&app)).unwrap();
        let first = format!("{}\n", log.lines().next().unwrap());
        let kept: String = p.police.received().iter().map(|message| format!("{}\n", message.text())).collect();
        let witnessed = verify(&app, Some(&kept)).await.unwrap();
        assert_eq!((witnessed.checkpoints, witnessed.anchored), (3, Some(3)));
        assert_eq!(verify(&app, Some(&log)).await.unwrap().anchored, Some(3), "a copy of the log is an anchor as well");

        let reworded = kept.replace("holdfast audit checkpoint v1 ", "holdfast audit checkpoint v1  ");
        for wrong in ["", "{}", "no JSON", &reworded] {
            let found = verify(&app, Some(wrong)).await.unwrap_err();
            assert_eq!((found.fault.exit_code(), found.sequence), (5, 1), "{wrong}: {found:?}");
        }

        // The database of yesterday, and the log of today.
        take_back(&app).await;
        let found = verify(&app, None).await.unwrap_err();
        assert_eq!(found.fault.exit_code(), 3, "{found:?}");
        assert!(found.lane >= 0 && found.why.contains("the database is an older one"), "{found:?}");
        // Both of yesterday.
        std::fs::write(log_of(&app), &first).unwrap();
        assert_eq!(verify(&app, None).await.unwrap().checkpoints, 1, "whole in itself");
        let found = verify(&app, Some(&kept)).await.unwrap_err();
        assert_eq!((found.fault, found.lane, found.sequence), (Fault::Anchor, -1, 2), "{found:?}");
        assert!(found.why.contains("is not one of those kept here"), "{found:?}");
        // A copy of the log names the first entry that is missing.
        let found = verify(&app, Some(&log)).await.unwrap_err();
        assert!(found.fault == Fault::Anchor && found.lane >= 0 && found.why.contains("cut off"), "{found:?}");
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_anchor_of_another_installation_is_told() {
    let (one, other) = (
        TestApp::sqlite_with(instant(NOON), every_minute).await,
        TestApp::sqlite_with(instant(NOON), every_minute).await,
    );
    for app in [&one, &other] {
        app.partnership().await;
        three_checkpoints(app).await;
    }
    let strange = std::fs::read_to_string(log_of(&other)).unwrap();
    let found = verify(&one, Some(&strange)).await.unwrap_err();
    assert_eq!((found.fault.exit_code(), found.sequence), (5, 1), "{found:?}");
    assert!(found.why.contains("no checkpoint that this installation signed"), "{found:?}");
    // Its log in the place of one's own.
    std::fs::write(log_of(&one), &strange).unwrap();
    let found = verify(&one, None).await.unwrap_err();
    assert_eq!((found.fault.exit_code(), found.lane, found.sequence), (6, -1, 1), "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checkpoints_that_are_removed_from_the_database_are_found() {
    for app in both().await {
        app.partnership().await;
        three_checkpoints(&app).await;
        run(&app, "CREATE TABLE kept AS SELECT * FROM audit_checkpoint_lines".to_owned()).await;
        for (which, why) in [
            ("entries = (SELECT min(entries) FROM kept)", "the checkpoint before that over"),
            (
                "entries NOT IN (SELECT min(entries) FROM kept) AND entries < (SELECT max(entries) FROM kept)",
                "is missing",
            ),
            ("entries = (SELECT max(entries) FROM kept)", "the newest checkpoint, of"),
            ("entries > 0", "the newest checkpoint, of"),
        ] {
            run(&app, format!("DELETE FROM audit_checkpoint_lines WHERE {which}")).await;
            let found = verify(&app, None).await.unwrap_err();
            assert_eq!((found.fault.exit_code(), found.lane), (3, -1), "{which}: {found:?}");
            assert!(found.why.contains(why), "{which}: {found:?}");
            let mend = "DELETE FROM audit_checkpoint_lines; INSERT INTO audit_checkpoint_lines SELECT * FROM kept";
            run(&app, mend.to_owned()).await;
            assert_eq!(verify(&app, None).await.unwrap().checkpoints, 3);
        }
        app.finish().await;
    }
}

/// What is harmed in the entries or in the records has a code and words of its own; the lanes of PostgreSQL are as they come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_harm_has_its_code_and_words_on_either_database() {
    let longest = "lane = (SELECT lane FROM audit_lanes ORDER BY sequence DESC, lane LIMIT 1)";
    let cases = [
        (
            format!("UPDATE audit_entries SET action = 'nothing' WHERE {longest} AND sequence = 1"),
            6,
            "the entry was changed",
        ),
        (format!("DELETE FROM audit_entries WHERE {longest} AND sequence = 1"), 4, "an entry is missing"),
        (
            format!("DELETE FROM audit_entries WHERE {longest} AND sequence = (SELECT max(sequence) FROM audit_lanes)"),
            3,
            "cut off at the end",
        ),
        (
            format!(
                "UPDATE audit_lanes SET head = (SELECT hash FROM audit_entries WHERE sequence = 1 LIMIT 1) WHERE {longest}"
            ),
            6,
            "head",
        ),
        ("UPDATE survivors SET risk_rating = 'standard'".to_owned(), 6, "is not as this entry wrote it"),
        ("UPDATE survivors SET risk_rating = 'standard', version = version - 1".to_owned(), 6, "back at version"),
    ];
    for app in both().await {
        let p = app.partnership().await;
        let path = format!("/partner/v1/survivors/{}", p.survivor.id);
        let tag = p.advocate.get(&path).await.header("etag").unwrap().to_owned();
        let change = serde_json::json!({"pronouns": "they/them"});
        p.advocate.send(reqwest::Method::PATCH, &path, &[("if-match", &tag)], Some(&change)).await.expect(200);
        // One transaction with several entries, so that a lane has more than one.
        p.consent(&["alert.police.help_now"]).await;
        p.help_now().await;
        three_checkpoints(&app).await;
        keep(&app).await;
        run(&app, "CREATE TABLE kept AS SELECT * FROM survivors".to_owned()).await;
        for (harm, code, why) in &cases {
            run(&app, harm.clone()).await;
            let found = verify(&app, None).await.unwrap_err();
            assert_eq!(found.fault.exit_code(), *code, "{harm}: {found:?}");
            assert!(found.why.contains(why) && found.lane >= 0, "{harm}: {found:?}");
            take_back(&app).await;
            let before = "SELECT risk_rating, version FROM kept WHERE kept.id = survivors.id";
            run(&app, format!("UPDATE survivors SET (risk_rating, version) = ({before})")).await;
            assert_eq!(verify(&app, None).await.unwrap().checkpoints, 3, "after {harm}");
        }
        app.finish().await;
    }
}

/// Survivors answer while the audit is read over and over: a log, entries and records that are read at different moments
/// would not agree.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_found_while_others_write() {
    for app in both().await {
        let p = app.partnership().await;
        three_checkpoints(&app).await;
        let writes = async {
            for turn in 0..40 {
                let answer =
                    serde_json::json!({"status": "safe", "note": format!("{turn}"), "recorded_at": app.now_text()});
                p.phone().post("/app/v1/check-ins", answer).await.expect(201);
                let contact = serde_json::json!({"email": format!("asha{turn}@example.org")});
                p.advocate.put("/partner/v1/me/contact", contact).await.expect(200);
            }
        };
        let reads = async {
            for _ in 0..20 {
                verify(&app, None).await.unwrap();
            }
        };
        tokio::join!(writes, reads);
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checkpoints_in_the_database_tell_where_the_log_is_gone() {
    for app in both().await {
        app.partnership().await;
        three_checkpoints(&app).await;
        std::fs::remove_file(log_of(&app)).unwrap();
        run(&app, "UPDATE audit_checkpoint_lines SET line = replace(line, '\"entries\":', '\"entries\":1')".to_owned())
            .await;
        let found = verify(&app, None).await.unwrap_err();
        assert_eq!(found.fault, Fault::Altered);
        assert!(found.why.contains("was changed in the database"), "{found:?}");
        app.finish().await;
    }
}

/// The program's exit code says which kind of fault it is; scripts rely on it.
#[test]
fn each_kind_of_fault_has_its_exit_code() {
    let installation = Installation::create();
    let code = |more: &[&str]| {
        let done = installation.run(&[&["audit", "verify"][..], more].concat(), "");
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    let sql = |text: &str| {
        let target = holdfast::db::Target::Sqlite(installation.database());
        target.connect(holdfast::db::Access::Write).unwrap().batch_execute(text).unwrap();
    };
    let (found, said) = code(&[]);
    assert!(found == Some(0) && said.contains("whole"), "{said}");
    sql("CREATE TABLE kept AS SELECT * FROM audit_entries");
    let mend = "DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept";
    // A second entry, so that there is one to be missing before another.
    let made =
        installation.run(&["create-admin", "--username", "second", "--password-stdin"], crate::harness::PASSWORD);
    assert!(made.status.success());
    sql("DROP TABLE kept; CREATE TABLE kept AS SELECT * FROM audit_entries");
    for (harm, expected) in [
        ("DELETE FROM audit_entries WHERE sequence = (SELECT max(sequence) FROM kept)", 3),
        ("DELETE FROM audit_entries WHERE sequence = 1", 4),
        ("UPDATE audit_entries SET action = 'nothing' WHERE sequence = 1", 6),
    ] {
        sql(harm);
        let (found, said) = code(&[]);
        assert_eq!(found, Some(expected), "{harm}: {said}");
        sql(mend);
    }
    let anchor = installation.database().with_file_name("anchor");
    std::fs::write(&anchor, "{}").unwrap();
    let (found, said) = code(&["--anchor", anchor.to_str().unwrap()]);
    assert_eq!(found, Some(5), "{said}");
    assert_eq!(code(&["--anchor", "/nowhere/at/all"]).0, Some(2));
}
