//! Each force hears every minute that we are there, with a checkpoint of the audit; and what checkpoints find.

use diesel::connection::SimpleConnection as _;
use holdfast::audit::{self, Broken, Verified, Witnessed, Witnesses};
use holdfast::config::Flags;
use serde_json::{Value, json};

use crate::harness::{Answer, NOON, Partnership, TestApp, instant, text};

fn every_minute(settings: &mut Flags) {
    settings.watchdog_seconds = Some(60);
}

async fn both() -> Vec<TestApp> {
    let mut apps = vec![TestApp::sqlite_with(instant(NOON), every_minute).await];
    apps.extend(TestApp::postgres_with(instant(NOON), every_minute).await);
    apps
}

async fn log(p: &Partnership) -> Vec<Value> {
    let endpoint = text(&p.admin.list("/admin/v1/webhook-endpoints").await[0], "id");
    p.admin.list(&format!("/admin/v1/webhook-endpoints/{endpoint}/deliveries")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_minute_brings_one_watchdog_and_a_jump_of_a_day_one_as_well() {
    use base64::Engine as _;
    for app in both().await {
        let p = app.partnership().await;
        p.schedule("21:00").await;
        app.advance(24 * 60).await;
        let received = p.police.received();
        assert_eq!(received.len(), 1);
        let message = received[0].json();
        assert_eq!((&message["type"], &message["data"]["every_seconds"]), (&json!("watchdog"), &json!(60)));
        let witness = &message["data"]["audit_checkpoint"];
        let statement = text(witness, "statement");
        assert!(statement.starts_with("holdfast audit checkpoint v1 2026-11-22T12:00:00Z "), "{statement}");
        let signature = base64::engine::general_purpose::STANDARD.decode(text(witness, "signature")).unwrap();
        assert!(app.inner.keys.has_signed_checkpoint(statement.as_bytes(), &signature));
        assert!(!app.inner.keys.has_signed_checkpoint(b"another", &signature));

        app.advance_seconds(59).await;
        assert_eq!(p.police.received().len(), 1);
        app.advance_seconds(1).await;
        assert_eq!(p.police.messages().len(), 2);

        // A receiver that is down has one waiting for it, the newest.
        p.police.answers(Answer::Status(500));
        for _ in 0..3 {
            app.advance(1).await;
        }
        let waiting = log(&p).await;
        assert_eq!((waiting.len(), &waiting[0]["queued_at"]), (1, &json!(app.now())));
        p.police.answers(Answer::Status(200));
        app.advance_seconds(10).await;
        assert_eq!(log(&p).await[0]["state"], "delivered");
        app.finish().await;
    }
}

async fn verify_log(app: &TestApp) -> Result<Witnessed, Broken> {
    let witnesses = Witnesses::read(&app.inner, None).unwrap();
    let witnessed = witnesses.witnessed();
    match app.inner.db.snapshot(move |conn| audit::verify_with(conn, &witnesses)).await.unwrap() {
        Verified::Broken(broken) => Err(broken),
        Verified::Whole { .. } => Ok(witnessed),
    }
}

async fn harm(app: &TestApp, sql: String) {
    app.inner.db.write(move |conn| Ok(conn.batch_execute(&sql)?)).await.unwrap();
    let whole = app.inner.db.snapshot(audit::verify_chain).await.unwrap();
    assert!(matches!(whole, Verified::Whole { .. }), "the chain alone tells of nothing: {whole:?}");
}

/// Cuts lane 0 off after an entry, and sets its head so that nothing seems to be missing.
fn cut_after(sequence: i64) -> String {
    format!(
        "DELETE FROM audit_entries WHERE lane = 0 AND sequence > {sequence};
         UPDATE audit_lanes SET sequence = {sequence},
             head = (SELECT hash FROM audit_entries WHERE lane = 0 AND sequence = {sequence}) WHERE lane = 0;"
    )
}

/// On SQLite, whose one lane makes places sure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_tells_of_entries_cut_off_with_their_head_and_of_a_chain_that_was_written_anew() {
    let app = TestApp::sqlite_with(instant(NOON), every_minute).await;
    let p = app.partnership().await;
    app.advance(1).await;
    app.advance(1).await;
    let witnessed = verify_log(&app).await.unwrap();
    assert_eq!((witnessed.checkpoints, witnessed.last_at), (2, Some(app.now())));

    let Verified::Whole { entries } = app.inner.db.snapshot(audit::verify).await.unwrap() else {
        panic!("broken before")
    };
    let cut = i64::try_from(entries).unwrap() - 8;
    harm(&app, cut_after(cut)).await;
    let Err(Broken { lane: 0, sequence, why, .. }) = verify_log(&app).await else { panic!("not found") };
    assert!(sequence == cut + 1 && why.contains("cut off"), "{sequence} {why}");
    // Whoever writes on until the lane is as long as before is found all the same.
    for _ in 0..20 {
        p.advocate.get("/partner/v1/alerts").await.expect(200);
    }
    let Err(Broken { lane: 0, sequence, why, .. }) = verify_log(&app).await else { panic!("not found") };
    assert!(sequence <= cut + 1 && why.contains("not those"), "{sequence} {why}");

    let path = app.inner.config.data_dir.join("checkpoints.log");
    let lines = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, lines.replacen("\"entries\":", "\"entries\":1", 1)).unwrap();
    let Err(Broken { lane: -1, sequence: 1, why, .. }) = verify_log(&app).await else { panic!("not found") };
    assert!(why.contains("log was changed"), "{why}");
}
