//! What a scrape says while database or key store hang or are away: it is answered, and says so.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use holdfast::db::Access;

use super::{NOTICED_WITHIN, figure, metrics_of, scrape, until};
use crate::harness::postgres::OwnPostgres;
use crate::harness::{NOON, TestApp, instant, on_both};

/// Prometheus gives up after ten seconds.
const ANSWERED_WITHIN: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_hangs_is_said_in_time_however_often_it_is_asked() {
    let Some(postgres) = tokio::task::spawn_blocking(OwnPostgres::start).await.unwrap() else { return };
    let app = TestApp::sqlite_with(instant(NOON), |flags| flags.database_url = Some(postgres.url())).await;
    let metrics = metrics_of(&app);
    let well = scrape(&metrics).await;
    assert_eq!((figure(&well, "holdfast_can_store"), figure(&well, "holdfast_backlog_read")), ("1", "1"));
    postgres.pause();
    // More than there are connections.
    for _ in 0..6 {
        let began = Instant::now();
        let hangs = until(&metrics, "holdfast_can_store", "0").await;
        assert!(began.elapsed() < ANSWERED_WITHIN, "{:?}", began.elapsed());
        assert_eq!(figure(&hangs, "holdfast_backlog_read"), "0");
        assert!(!hangs.contains("holdfast_armed") && hangs.contains("holdfast_hash_places"), "{hangs}");
    }
    postgres.resume();
    until(&metrics, "holdfast_can_store", "1").await;
    let back = until(&metrics, "holdfast_backlog_read", "1").await;
    assert_eq!(figure(&back, "holdfast_armed"), "1");
    app.finish().await;
}

on_both!(what_waits_and_whether_anything_is_stored_are_said_apart, |app| async {
    let metrics = metrics_of(app);
    let mut other = app.inner.db.target().connect(Access::Write).unwrap();
    other.batch_execute("ALTER TABLE notifications RENAME TO notifications_away").unwrap();
    let unread = scrape(&metrics).await;
    assert_eq!((figure(&unread, "holdfast_can_store"), figure(&unread, "holdfast_backlog_read")), ("1", "0"));
    other.batch_execute("ALTER TABLE notifications_away RENAME TO notifications").unwrap();
    let read = scrape(&metrics).await;
    assert_eq!((figure(&read, "holdfast_can_store"), figure(&read, "holdfast_backlog_read")), ("1", "1"));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_waited_for_until_it_is_made_again_is_counted() {
    let Some(mut postgres) = tokio::task::spawn_blocking(OwnPostgres::start).await.unwrap() else { return };
    let app = TestApp::sqlite_with(instant(NOON), |flags| flags.database_url = Some(postgres.url())).await;
    postgres.kill();
    let began = Instant::now();
    // The first ones are refused on connections that are broken.
    while !app.inner.meter.counts().pool_waits.contains_key("read") {
        app.http.nobody().get("/health/watch").await;
        assert!(began.elapsed() < NOTICED_WITHIN, "nobody waits for a connection");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_to_write_that_is_waited_for_is_counted() {
    let app = TestApp::sqlite().await;
    let metrics = metrics_of(&app);
    let p = app.partnership().await;
    let mut other = app.inner.db.target().connect(Access::Write).unwrap();
    let counted = "holdfast_pool_wait_seconds_count{pool=\"write\"}";
    // Of the press and the scrapes' own writes one is under way, and the others wait. A press may be late: then again.
    for _ in 0..5 {
        other.batch_execute("BEGIN IMMEDIATE").unwrap();
        let release = async {
            until(&metrics, "holdfast_can_store", "0").await;
            assert_eq!(figure(&scrape(&metrics).await, "holdfast_can_store"), "0");
            other.batch_execute("ROLLBACK").unwrap();
        };
        tokio::join!(p.help_now(), release);
        if scrape(&metrics).await.contains(counted) {
            break;
        }
    }
    assert_ne!(figure(&scrape(&metrics).await, counted), "0");
    app.finish().await;
}

/// A key store that refuses connections, which people who need a key notice at once and a scrape without them.
async fn loses_its_key_store(app: &TestApp, keys: &mut OwnPostgres) {
    let metrics = metrics_of(app);
    assert_eq!(figure(&scrape(&metrics).await, "holdfast_key_store_away"), "0");
    keys.kill();
    assert_eq!(figure(&scrape(&metrics).await, "holdfast_key_store_away"), "1");
    assert_eq!(figure(&scrape(&metrics).await, "holdfast_can_store"), "1");
    keys.start_again();
    until(&metrics, "holdfast_key_store_away", "0").await;
}

mod a_key_store_that_refuses_connections_is_said {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        let Some(mut keys) = tokio::task::spawn_blocking(OwnPostgres::start).await.unwrap() else { return };
        let app = TestApp::sqlite_with(instant(NOON), |flags| flags.key_store_url = Some(keys.url())).await;
        loses_its_key_store(&app, &mut keys).await;
        app.finish().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        let Some(mut keys) = tokio::task::spawn_blocking(OwnPostgres::start).await.unwrap() else { return };
        let app = TestApp::postgres_with(instant(NOON), |flags| flags.key_store_url = Some(keys.url())).await.unwrap();
        loses_its_key_store(&app, &mut keys).await;
        app.finish().await;
    }
}
