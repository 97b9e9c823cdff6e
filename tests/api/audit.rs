//! The audit names the first bad entry; what was sealed is nowhere in plain text.

mod audit_names;
mod audit_records;
mod audit_refusals;
mod audit_witnesses;

use diesel::connection::SimpleConnection as _;
use holdfast::audit::{self, Broken, Fault, Verified};
use holdfast::db::SubjectId;
use holdfast::tx::{Actor, Subject, Tx};
use serde_json::json;

use crate::harness::{TestApp, on_both, text};

async fn tamper(app: &TestApp, sql: &'static str) {
    app.inner.db.write(move |conn| Ok(conn.batch_execute(sql)?)).await.unwrap();
}

async fn verify(app: &TestApp) -> Verified {
    app.inner.db.snapshot(audit::verify).await.unwrap()
}

/// Tampers, expects the audit to name the entry, and mends what was done so that the test may end.
async fn is_found(app: &TestApp, harm: &'static str, mend: &'static str, expected: (Fault, i64, &str)) {
    tamper(app, harm).await;
    let Verified::Broken(found) = verify(app).await else { panic!("{harm}: not found") };
    assert_eq!((found.fault, found.lane, found.sequence), (expected.0, 0, expected.1), "{harm}: {found:?}");
    assert!(found.why.contains(expected.2), "{harm}: {found:?}");
    tamper(app, mend).await;
    assert!(matches!(verify(app).await, Verified::Whole { .. }), "{mend}");
}

/// On SQLite, whose one lane makes places sure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_tampering_is_found_at_its_first_entry() {
    use Fault::{Altered, Cut, Gap};
    let app = TestApp::sqlite().await;
    app.partnership().await;
    tamper(&app, "CREATE TABLE kept AS SELECT * FROM audit_entries; CREATE TABLE heads AS SELECT * FROM audit_lanes")
        .await;
    let mend = "DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept; \
        DELETE FROM audit_lanes; INSERT INTO audit_lanes SELECT * FROM heads";
    let Verified::Whole { entries } = verify(&app).await else { panic!("broken before") };
    let end = i64::try_from(entries).unwrap();
    let cases = [
        ("UPDATE audit_entries SET action = 'nothing' WHERE sequence = 3", Altered, 3, "changed"),
        ("UPDATE audit_entries SET actor_id = NULL WHERE sequence = 5 AND actor_id IS NOT NULL", Altered, 5, "changed"),
        ("UPDATE audit_entries SET at = at + 1 WHERE sequence = 2", Altered, 2, "changed"),
        ("UPDATE audit_entries SET wrote = 'nothing' WHERE sequence = 2", Altered, 2, "changed"),
        ("UPDATE audit_entries SET times = 2 WHERE sequence = 2", Altered, 2, "changed"),
        ("UPDATE audit_lanes SET head = x'00'", Altered, end + 1, "head"),
        ("DELETE FROM audit_entries WHERE sequence = 4", Gap, 4, "missing"),
        ("DELETE FROM audit_entries WHERE sequence = 1", Gap, 1, "missing"),
        (
            "UPDATE audit_entries SET sequence = -6 WHERE sequence = 6; \
             UPDATE audit_entries SET sequence = 6 WHERE sequence = 7; \
             UPDATE audit_entries SET sequence = 7 WHERE sequence = -6",
            Altered,
            6,
            "follow",
        ),
    ];
    for (harm, fault, sequence, why) in cases {
        is_found(&app, harm, mend, (fault, sequence, why)).await;
    }
    is_found(
        &app,
        "DELETE FROM audit_entries WHERE sequence = (SELECT max(sequence) FROM kept)",
        mend,
        (Cut, end, "cut off"),
    )
    .await;
    tamper(&app, "DROP TABLE kept; DROP TABLE heads").await;
    app.finish().await;
}

on_both!(an_edited_entry_is_found_on_either_database, |app| async {
    app.partnership().await;
    tamper(app, "UPDATE audit_entries SET outcome = 'edited' WHERE sequence = 1").await;
    let found = verify(app).await;
    let Verified::Broken(Broken { fault: Fault::Altered, sequence: 1, why, .. }) = found else { panic!("{found:?}") };
    assert_eq!(why, "the entry was changed");
    tamper(app, "UPDATE audit_entries SET outcome = 'done' WHERE sequence = 1").await;
});

/// Entries of the measured chain, a thousand a transaction.
const TRANSACTIONS: u32 = 20;

on_both!(reading_a_long_chain_back_takes_seconds, |app| async {
    for _ in 0..TRANSACTIONS {
        let work = |tx: &mut Tx<'_>| {
            for _ in 0..1_000 {
                tx.note("noted", Subject::of("audit", SubjectId::SYSTEM), "");
            }
            Ok(())
        };
        app.inner.transact(Actor::System, "note_many", work).await.unwrap();
    }
    let begun = std::time::Instant::now();
    let Verified::Whole { entries } = verify(app).await else { panic!("broken") };
    let (took, read) = (begun.elapsed(), u32::try_from(entries).unwrap());
    assert!(read > TRANSACTIONS * 1_000);
    println!("{entries} entries in {took:?}: {:?} for 100,000", took * 100_000 / read);
    assert!(took < std::time::Duration::from_secs(30), "{took:?}");
});

const MARK: &str = "Xanthippe";

/// Writes the mark into every field in which somebody may tell something.
async fn write_everywhere(app: &TestApp) {
    let (p, now) = (app.partnership().await, app.now_text());
    p.consent(&["alert.police.help_now"]).await;
    let (mark, survivor) = (format!("{MARK} said so"), &p.survivor.id);
    let record = json!({"preferred_name": mark, "home_force_id": "south-yorkshire", "pronouns": mark});
    p.advocate.post("/partner/v1/survivors", record).await.expect(201);
    let location = json!({"lat": 53.38, "lon": -1.47, "accuracy_m": 9.0});
    let answer = json!({"status": "concern", "note": mark, "location": location, "recorded_at": now});
    p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": mark,
        "private_note": mark, "place": mark, "fear": 1, "visibility": "police", "recorded_at": now});
    let incident = text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id");
    p.phone().post(&format!("/app/v1/incidents/{incident}/withdraw"), json!({"reason": mark})).await.expect(200);
    let help = p.phone().post("/app/v1/help-now", json!({"note": mark, "recorded_at": now})).await.expect(201);
    let (alert, reference) = (text(&help["alert"], "id"), text(&help["alert"], "reference"));
    p.act(&alert, "acknowledge", json!({"note": mark})).await.expect(200);
    app.settle().await;
    let path = format!("/police/v1/alerts/{reference}/acknowledge");
    let acknowledged = json!({"officer": p.officer.username, "force_reference": mark, "note": mark});
    p.police_system.post(&path, acknowledged).await.expect(200);
    let stated = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", MARK)];
    let detail = format!("/police/v1/alerts/{reference}");
    p.police_system.send(reqwest::Method::GET, &detail, &stated, None).await.expect(200);
    let person = json!({"name": mark, "home_force_id": "south-yorkshire"});
    let participant = text(&p.practitioner.post("/partner/v1/participants", person).await.expect(201), "id");
    let order = json!({"kind": "spo", "court": mark, "made_on": "2026-09-01", "police_reference": mark,
        "conditions": [{"kind": "requirement", "code": "attend", "wording": mark}]});
    let below = format!("/partner/v1/participants/{participant}");
    p.practitioner.post(&format!("{below}/orders"), order).await.expect(201);
    let goal = json!({"statement": mark, "domain": "no_contact", "survivor_benefit": mark, "participant_wording": mark,
        "levels": {"-2": mark, "-1": mark, "0": mark, "1": mark, "2": mark}, "baseline": -1, "weight": 1});
    let goal = text(&p.practitioner.post(&format!("{below}/goals"), goal).await.expect(201), "id");
    let review = json!({"score": 0, "note": mark, "reviewed_on": "2026-11-20"});
    p.practitioner.post(&format!("/partner/v1/goals/{goal}/reviews"), review).await.expect(201);
    let staff = json!({"username": "xanthippe", "display_name": mark, "organisation_id": p.support,
        "roles": ["advocate"]});
    p.admin.post("/admin/v1/staff", staff).await.expect(201);
    assert!(p.advocate.get(&format!("/partner/v1/survivors/{survivor}")).await.status.is_success());
}

/// Reads the very files, with the write-ahead log: a page that was overwritten would still tell.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_people_tell_stands_in_plain_text_on_disk() {
    let app = TestApp::sqlite().await;
    write_everywhere(&app).await;
    let holdfast::db::Target::Sqlite(database) = app.inner.db.target().clone() else { panic!("SQLite was asked for") };
    let (mut seen, folder) = (0, database.parent().unwrap().to_owned());
    for file in std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_file()) {
        let bytes = std::fs::read(&file).unwrap().to_ascii_lowercase();
        let holds = |needle: &str| bytes.windows(needle.len()).any(|part| part == needle.as_bytes());
        assert!(!holds("xanthippe"), "{} holds what was told", file.display());
        assert!(!holds("53.38"), "{} holds a location", file.display());
        seen += usize::from(holds("south-yorkshire"));
    }
    assert!(seen > 0, "what is not sealed was not found either: these are not the files");
    app.finish().await;
}
