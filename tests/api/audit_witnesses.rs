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

/// Takes database and log back to the first checkpoint, consistently: what an owner of both can do. SQLite's one lane makes
/// it simple.
async fn take_back(app: &TestApp, lines: &[String]) {
    let first: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    let sequence = first["lanes"][0][1].as_i64().unwrap();
    let sql = format!(
        "DELETE FROM audit_entries WHERE sequence > {sequence};
         UPDATE audit_lanes SET sequence = {sequence},
             head = (SELECT hash FROM audit_entries WHERE sequence = {sequence});
         UPDATE audit_checkpoints SET sequence = {sequence};
         DELETE FROM audit_checkpoint_lines WHERE entries > {sequence};
         DELETE FROM audit_beats; INSERT INTO audit_beats SELECT * FROM beats;"
    );
    run(app, sql).await;
    std::fs::write(log_of(app), &lines[0]).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_owners_of_database_and_log_take_back_a_witness_outside_tells() {
    let app = TestApp::sqlite_with(instant(NOON), every_minute).await;
    let p = app.partnership().await;
    app.advance(1).await;
    run(&app, "CREATE TABLE beats AS SELECT * FROM audit_beats".to_owned()).await;
    app.advance(1).await;
    app.advance(1).await;
    app.advance_seconds(20).await;
    let log = std::fs::read_to_string(log_of(&app)).unwrap();
    let lines: Vec<String> = log.lines().map(|line| format!("{line}\n")).collect();
    let kept: String = p.police.received().iter().map(|message| format!("{}\n", message.text())).collect();
    let witnessed = verify(&app, Some(&kept)).await.unwrap();
    assert_eq!((witnessed.checkpoints, witnessed.anchored), (3, Some(3)));
    assert_eq!(verify(&app, Some(&log)).await.unwrap().anchored, Some(3), "a copy of the log is an anchor as well");

    for wrong in ["", "{}", "no JSON", &kept.replace("holdfast audit checkpoint v1 ", "holdfast audit checkpoint v1  ")]
    {
        let found = verify(&app, Some(wrong)).await.unwrap_err();
        assert_eq!((found.fault, found.sequence), (Fault::Anchor, 1), "{wrong}: {found:?}");
    }

    take_back(&app, &lines).await;
    assert_eq!(verify(&app, None).await.unwrap().checkpoints, 1, "whole in itself");
    let found = verify(&app, Some(&kept)).await.unwrap_err();
    assert_eq!((found.fault, found.lane, found.sequence), (Fault::Anchor, -1, 2), "{found:?}");
    assert!(found.why.contains("is not one of those kept here"), "{found:?}");
    // A copy of the log names the first entry that is missing.
    let found = verify(&app, Some(&log)).await.unwrap_err();
    let end = serde_json::from_str::<serde_json::Value>(&lines[0]).unwrap()["lanes"][0][1].as_i64().unwrap();
    assert_eq!((found.fault, found.lane, found.sequence), (Fault::Anchor, 0, end + 1), "{found:?}");
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
