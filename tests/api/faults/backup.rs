//! A backup that is taken while phones write: what is restored is the installation at one instant, whole.

use std::collections::HashSet;
use std::time::Instant;

use holdfast::clock::Clock;

use super::judge::Answered;
use super::load::{Using, people};
use crate::harness::binary::Installation;
use crate::harness::{Caller, Http, Police, text};

const CHECK_INS: &str = "/app/v1/check-ins";
const ANSWERS: usize = 60;

#[expect(clippy::disallowed_methods, reason = "the runtime has threads on which the load goes on meanwhile")]
async fn run(installation: &Installation, arguments: &[&str]) -> String {
    let done = tokio::task::block_in_place(|| installation.run(arguments, ""));
    assert!(done.status.success(), "{arguments:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

async fn ids(phone: &Caller) -> HashSet<String> {
    phone.list(CHECK_INS).await.iter().map(|item| text(item, "id")).collect()
}

/// The check-ins that a phone was answered, in their order.
fn answered(journal: &[Answered]) -> Vec<String> {
    let check_ins = journal.iter().filter(|entry| entry.path == CHECK_INS);
    check_ins.map(|entry| text(&serde_json::from_str(&entry.answer).unwrap(), "id")).collect()
}

async fn is_of_one_instant(original: Installation) {
    let (police, server) = (Police::start(&Clock::System), original.serve());
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    let using = Using::begin(&phones);
    using.more(ANSWERS).await;
    let mut before = Vec::new();
    for phone in &phones {
        before.push(ids(&phone.phone.session).await);
    }
    let (path, began) = (original.folder().join("backup").display().to_string(), Instant::now());
    let answers = using.answers();
    run(&original, &["backup", "--to", &path]).await;
    let (took, meanwhile) = (began.elapsed(), using.answers() - answers);
    println!("{meanwhile} writes were answered while the backup was made, in {took:?}");
    assert!(meanwhile > 0, "nobody wrote while the backup was made");
    using.more(ANSWERS).await;
    let journals = using.end().await;
    assert!(server.terminate().success());

    let (place, key) = (original.elsewhere(), original.data_dir().join("keys/master.key").display().to_string());
    let said = run(&place, &["restore", "--from", &path, "--master-key", &key]).await;
    assert!(said.contains("disarmed: "), "{said}");
    run(&place, &["check"]).await;
    let (sent, server) = (police.received().len(), place.serve());
    http.moved_to(server.origin.clone());
    for (number, phone) in phones.iter().enumerate() {
        let (there, journal) = (ids(&phone.phone.session).await, answered(&journals[number]));
        assert!(before[number].is_subset(&there), "what was there before the backup is lost");
        // A phone sends one after the other: what is there of them is all up to an instant, and nothing later.
        let last = journal.iter().rposition(|id| there.contains(id)).map_or(0, |last| last + 1);
        assert!(
            journal[..last].iter().all(|id| there.contains(id)),
            "a check-in before the instant is lost ({took:?})"
        );
        assert!(last < journal.len(), "the backup shows what was written after it");
    }
    assert_eq!(police.received().len(), sent, "what was restored has sent something");
    assert!(server.terminate().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_on_sqlite_restores_to_its_instant() {
    is_of_one_instant(Installation::create()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_on_postgres_restores_to_its_instant() {
    let Some(original) = tokio::task::spawn_blocking(Installation::create_on_postgres).await.unwrap() else { return };
    is_of_one_instant(original).await;
}
