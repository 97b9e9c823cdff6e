//! A disk that is full, or a database that another process keeps locked: writes are refused with 503, reads go on, and
//! all is well again without a restart.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use holdfast::clock::Clock;
use serde_json::json;

use super::judge::{judge_client, judge_receiver, until};
use super::load::{people, until_answered};
use crate::harness::binary::Installation;
use crate::harness::police::Answer;
use crate::harness::{Caller, Http, Police};

const CHECK_INS: &str = "/app/v1/check-ins";
const HELP_NOW: &str = "/app/v1/help-now";
/// Five seconds of waiting for a lock, and some.
const REFUSED_WITHIN: Duration = Duration::from_secs(12);

/// Everything that writes is told to try again; what reads is answered.
async fn assert_only_reads(phone: &Caller) {
    for path in [CHECK_INS, HELP_NOW] {
        let mut body = json!({"recorded_at": phone.http.now()});
        if path == CHECK_INS {
            body["status"] = json!("safe");
        }
        let refused = tokio::time::timeout(REFUSED_WITHIN, phone.post(path, body)).await.unwrap();
        refused.refused(503, "unavailable");
        assert!(refused.header("retry-after").is_some());
    }
    phone.get(CHECK_INS).await.expect(200);
    phone.http.nobody().get("/public/v1/support-services").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_nothing_is_acknowledged_reads_go_on_and_room_heals() {
    let installation = tokio::task::spawn_blocking(Installation::create).await.unwrap();
    let police = Police::start(&Clock::System);
    let server = installation.serve_to_be_limited();
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    let phone = &phones[0].phone.session;
    let recorded = || json!({"recorded_at": http.now()});
    // A message that is on its way when the disk fills up.
    police.answers_next(&[Answer::Status(500)]);
    let before = until_answered(phone, HELP_NOW, recorded()).await;
    until("the first attempt", REFUSED_WITHIN, || !police.received().is_empty()).await;
    server.limit_files("4096");
    assert_only_reads(phone).await;
    server.limit_files("unlimited");
    let mut journal = vec![before, until_answered(phone, HELP_NOW, recorded()).await];
    let safe = json!({"status": "safe", "recorded_at": http.now()});
    journal.push(until_answered(phone, CHECK_INS, safe).await);
    judge_client(phone, &journal).await;
    judge_receiver(&phones[..1], &[journal], &police).await;
    assert!(server.terminate().success());
    let verified = installation.run(&["audit", "verify"], "");
    assert!(verified.status.success(), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_another_process_locks_is_waited_for_refused_and_used_again() {
    let installation = tokio::task::spawn_blocking(Installation::create).await.unwrap();
    let police = Police::start(&Clock::System);
    let server = installation.serve();
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    let phone = &phones[0].phone.session;
    let mut other = SqliteConnection::establish(&installation.database().to_string_lossy()).unwrap();
    other.batch_execute("BEGIN EXCLUSIVE").unwrap();
    assert_only_reads(phone).await;
    other.batch_execute("ROLLBACK").unwrap();
    let journal = vec![until_answered(phone, HELP_NOW, json!({"recorded_at": http.now()})).await];
    judge_client(phone, &journal).await;
    judge_receiver(&phones[..1], &[journal], &police).await;
    assert!(server.terminate().success());
}
