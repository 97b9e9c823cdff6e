//! The audit's entries are bound to the records that they wrote: what somebody rolls back, edits, removes or slips in behind
//! the service's back is found.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use holdfast::audit::{self, Broken, Fault, Verified, records};
use holdfast::db::Access;
use serde_json::json;

use crate::harness::{Partnership, TestApp, on_both, text};
use crate::house::architecture::files;

/// Tables with a version of which no entry says what was written, with the reason. There is none.
const UNBOUND: &[(&str, &str)] = &[];

async fn run(app: &TestApp, sql: String) {
    app.inner.db.write(move |conn| Ok(conn.batch_execute(&sql)?)).await.unwrap();
}

async fn broken(app: &TestApp) -> Option<Broken> {
    match app.inner.db.snapshot(audit::verify).await.unwrap() {
        Verified::Whole { .. } => None,
        Verified::Broken(broken) => Some(broken),
    }
}

/// Harms a record, expects that it is found, and mends it.
async fn is_found(app: &TestApp, harm: &str, mend: &str, why: &str) {
    assert_eq!(broken(app).await, None, "before {harm}");
    run(app, harm.to_owned()).await;
    let found = broken(app).await.unwrap_or_else(|| panic!("not found: {harm}"));
    assert!(found.fault == Fault::Altered && found.why.contains(why), "{harm}: {found:?}");
    run(app, mend.to_owned()).await;
    assert_eq!(broken(app).await, None, "after {mend}");
}

/// An incident in its second version.
async fn amended(app: &TestApp, p: &Partnership) -> String {
    let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "First words",
        "fear": 2, "visibility": "advocate", "recorded_at": app.now_text()});
    let id = text(&p.phone().post("/app/v1/incidents", body).await.expect(201), "id");
    let change = json!({"account": "Second words"});
    let amended = p.phone().post(&format!("/app/v1/incidents/{id}/amend"), change).await.expect(200);
    assert_eq!(amended["version"], 2);
    id
}

on_both!(a_record_that_was_rolled_back_with_its_version_is_found, |app| async {
    let p = app.partnership().await;
    let id = amended(app, &p).await;
    let harm = "CREATE TABLE kept AS SELECT * FROM incident_versions WHERE version = 2; \
        DELETE FROM incident_versions WHERE version = 2; UPDATE incidents SET version = 1";
    let mend = "UPDATE incidents SET version = 2; INSERT INTO incident_versions SELECT * FROM kept; DROP TABLE kept";
    run(app, harm.to_owned()).await;
    // A reader sees nothing wrong.
    let read = p.phone().get(&format!("/app/v1/incidents/{id}")).await.expect(200);
    assert_eq!((&read["version"], &read["account"]), (&json!(1), &json!("First words")));
    let found = broken(app).await.expect("the audit tells");
    assert!(found.lane >= 0 && found.sequence > 0, "an entry is named: {found:?}");
    assert!(found.why.contains(&id) && found.why.contains("back at version 1"), "{found:?}");
    run(app, mend.to_owned()).await;
    is_found(app, harm, mend, "back at version 1").await;
    // The row alone, and the version alone.
    let harm = "CREATE TABLE kept AS SELECT * FROM incident_versions; DELETE FROM incident_versions WHERE version = 1";
    let mend = "INSERT INTO incident_versions SELECT * FROM kept WHERE version = 1; DROP TABLE kept";
    is_found(app, harm, mend, "version 1, which this entry wrote, is gone").await;
    is_found(app, "UPDATE incidents SET version = 1", "UPDATE incidents SET version = 2", "back at version 1").await;
    is_found(app, "UPDATE incidents SET version = 3", "UPDATE incidents SET version = 2", "no entry after").await;
});

/// An officer reads the alert that the police may know of.
async fn read_by_police(p: &Partnership) {
    let alerts = p.alerts().await;
    let reference = text(alerts.iter().find(|alert| alert["police_allowed"] == true).unwrap(), "reference");
    let stated = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", "Attending")];
    let path = format!("/police/v1/alerts/{reference}");
    p.police_system.send(reqwest::Method::GET, &path, &stated, None).await.expect(200);
}

async fn one_that_was_slipped_in_is_found(app: &TestApp) {
    let other = "(SELECT id FROM alerts LIMIT 1)";
    let slipped = format!(
        "CREATE TABLE kept AS SELECT * FROM webhook_endpoints; UPDATE kept SET id = {other}; \
         INSERT INTO webhook_endpoints SELECT * FROM kept; DROP TABLE kept"
    );
    let mend = format!("DELETE FROM webhook_endpoints WHERE id = {other}");
    is_found(app, &slipped, &mend, "no entry wrote it so").await;
}

on_both!(a_record_that_was_edited_removed_or_slipped_in_is_found, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    p.schedule("21:00").await;
    p.help_now().await;
    let answer = json!({"status": "concern", "note": "Outside again", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    app.settle().await;
    read_by_police(&p).await;
    let swap = |table: &str, column: &str, value: &str| {
        let harm = format!(
            "CREATE TABLE kept AS SELECT id, {column} AS was FROM {table}; UPDATE {table} SET {column} = {value}"
        );
        let mend =
            format!("UPDATE {table} SET {column} = (SELECT was FROM kept WHERE kept.id = {table}.id); DROP TABLE kept");
        (harm, mend)
    };
    for (table, column, value) in [
        ("webhook_endpoints", "url", "'https://elsewhere.example/'"),
        ("organisations", "duty_desk_phone", "'+44 114 000 0000'"),
        ("alerts", "state", "'closed'"),
        ("alerts", "version", "version - 1"),
        ("schedules", "state", "'ended'"),
        ("survivors", "risk_rating", "'standard'"),
        ("participants", "home_force_id", "'kent'"),
        ("goals", "state", "'closed'"),
        ("webhook_endpoints", "organisation_id", "(SELECT id FROM organisations WHERE id <> organisation_id LIMIT 1)"),
        ("alerts", "level", "1"),
        ("alert_history", "kind", "'resolved'"),
        ("consent_entries", "granted", "NOT granted"),
        ("disclosures", "agreement", "'none'"),
        ("check_ins", "answer", "'safe'"),
        ("check_ins", "note", "NULL"),
        ("assignments", "organisation_id", "(SELECT id FROM organisations WHERE id <> organisation_id LIMIT 1)"),
        ("staff", "roles", "'[\"administrator\"]'"),
    ] {
        let (harm, mend) = swap(table, column, value);
        is_found(app, &harm, &mend, table).await;
    }
    let bases = format!("/admin/v1/organisations/{}/lawful-bases", p.support);
    p.admin.put(&format!("{bases}/police_alert"), json!({"basis": "public_task"})).await.expect(200);
    let removed = "CREATE TABLE kept AS SELECT * FROM lawful_bases; DELETE FROM lawful_bases";
    is_found(app, removed, "INSERT INTO lawful_bases SELECT * FROM kept; DROP TABLE kept", "is gone").await;
    for table in ["consent_entries", "alert_history", "disclosures", "assignments"] {
        let removed = format!(
            "CREATE TABLE kept AS SELECT * FROM {table} ORDER BY id DESC LIMIT 1; \
             CREATE TABLE kept_changes AS SELECT * FROM alert_changes WHERE history_id = (SELECT id FROM kept); \
             DELETE FROM alert_changes WHERE history_id = (SELECT id FROM kept); \
             DELETE FROM {table} WHERE id = (SELECT id FROM kept)"
        );
        let mend = format!(
            "INSERT INTO {table} SELECT * FROM kept; INSERT INTO alert_changes SELECT * FROM kept_changes; \
             DROP TABLE kept; DROP TABLE kept_changes"
        );
        is_found(app, &removed, &mend, "is gone").await;
    }
    one_that_was_slipped_in_is_found(app).await;
});

on_both!(an_incident_is_in_no_state_that_nobody_brought_it_to, |app| async {
    let p = app.partnership().await;
    let id = amended(app, &p).await;
    p.phone().post(&format!("/app/v1/incidents/{id}/withdraw"), json!({"reason": "Mistaken"})).await.expect(200);
    for (column, value, was) in [("visibility", "'police'", "'advocate'"), ("state", "'submitted'", "'withdrawn'")] {
        let harm = format!("UPDATE incidents SET {column} = {value}, withdrawal_reason = NULL");
        assert_eq!(broken(app).await, None);
        run(app, format!("CREATE TABLE kept AS SELECT withdrawal_reason FROM incidents; {harm}")).await;
        let found = broken(app).await;
        let mend = format!(
            "UPDATE incidents SET {column} = {was}, withdrawal_reason = (SELECT withdrawal_reason FROM kept); \
             DROP TABLE kept"
        );
        run(app, mend).await;
        // Back in a state that it was in the row itself tells nothing; the line of its history does.
        assert_eq!(found.is_some(), column == "visibility", "{found:?}");
    }
    let harm = "CREATE TABLE kept AS SELECT * FROM incident_events ORDER BY id DESC LIMIT 1; \
        DELETE FROM incident_events WHERE id = (SELECT id FROM kept)";
    is_found(app, harm, "INSERT INTO incident_events SELECT * FROM kept; DROP TABLE kept", "is gone").await;
});

on_both!(what_is_removed_by_right_is_no_finding_until_it_comes_back, |app| async {
    let p = app.partnership().await;
    let path = "/partner/v1/me/contact";
    p.advocate.put(path, json!({"email": "asha@example.org"})).await.expect(200);
    run(app, "CREATE TABLE kept AS SELECT * FROM staff_contacts".to_owned()).await;
    p.advocate.put(path, json!({"email": "asha@example.com"})).await.expect(200);
    assert_eq!(broken(app).await, None);
    // The old address in the place of the new one.
    let harm = "CREATE TABLE newer AS SELECT * FROM staff_contacts; DELETE FROM staff_contacts; \
        INSERT INTO staff_contacts SELECT * FROM kept";
    let mend = "DELETE FROM staff_contacts; INSERT INTO staff_contacts SELECT * FROM newer; DROP TABLE newer";
    is_found(app, harm, mend, "staff_contacts").await;
    run(app, "DROP TABLE kept".to_owned()).await;
});

on_both!(a_record_whose_key_is_destroyed_stays_verifiable, |app| async {
    let p = app.partnership().await;
    amended(app, &p).await;
    let destroyed =
        app.inner.config.key_store.connect(Access::Write).unwrap().batch_execute("DELETE FROM subject_keys");
    destroyed.unwrap();
    assert_eq!(broken(app).await, None);
});

/// The tables of the schema with a column that counts versions.
fn versioned() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in files("src/db/schema", ".rs") {
        let mut table = String::new();
        for line in text.lines() {
            if let Some((name, _)) = line.strip_prefix("    ").and_then(|line| line.split_once(" (")) {
                name.clone_into(&mut table);
            }
            if ["version -> ", "revision -> "].iter().any(|column| line.trim().starts_with(column)) {
                found.insert(table.clone());
            }
        }
    }
    found
}

#[test]
fn every_table_with_a_version_is_bound_or_says_why_not() {
    let versioned = versioned();
    assert!(versioned.len() > 25, "the schema was not read: {versioned:?}");
    let bound: BTreeSet<String> = records::TABLES.iter().map(|table| (*table).to_owned()).collect();
    let unbound: BTreeSet<String> = UNBOUND.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert!(bound.is_disjoint(&unbound), "bound, and listed with a reason why not");
    let known: BTreeSet<String> = bound.union(&unbound).cloned().collect();
    let lacks: Vec<&String> = versioned.difference(&known).collect();
    assert!(lacks.is_empty(), "these are to be in audit/records.rs, or listed here with a reason: {lacks:?}");
}

/// The functions of a text, each from its name on.
fn functions(text: &str) -> Vec<&str> {
    text.split("\nfn ")
        .flat_map(|part| part.split("\npub fn "))
        .flat_map(|part| part.split("\npub(super) fn "))
        .collect()
}

#[test]
fn whatever_writes_a_version_says_so_in_the_entry() {
    let mut wrote = BTreeSet::new();
    for (file, text) in files("src", ".rs").iter().filter(|(file, _)| !file.starts_with("src/audit/")) {
        for function in functions(text) {
            for table in records::TABLES {
                let inserts = function.contains(&format!("insert_into({table}::table)"));
                let counts = ["version", "revision"].iter().any(|column| {
                    let next = [
                        format!("{table}::{column}.eq(row.{column}),"),
                        format!("{table}::{column}.eq(row.{column} + 1),"),
                    ];
                    next.iter().any(|set| function.contains(set))
                });
                let removes = function.contains(&format!("delete({table}::table"));
                if inserts || counts || removes {
                    let name = function.split('(').next().unwrap();
                    // What is written in several places has its columns in one function of the same file's.
                    let says = [&format!("records::{table}("), "records::gone(", "bind(tx,", "bind_order(tx,"];
                    let says = says.iter().any(|call| function.contains(*call));
                    assert!(says, "{file}: {name} writes {table}, and no entry says so");
                    wrote.insert(*table);
                }
            }
        }
    }
    assert_eq!(wrote.len(), records::TABLES.len(), "of some tables no function was found");
}
