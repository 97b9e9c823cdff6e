//! `docs/what-lowers-protection.md` says what the code does: it names operations that there are, times that are kept, and leaves
//! none of its kind out.

use std::collections::{BTreeMap, BTreeSet};

use super::architecture::read;
use crate::routes::contract::operations;

const PATH: &str = "docs/what-lowers-protection.md";

/// An operation whose id has one of these words may lower protection.
const KINDS: &[&str] = &[
    "block",
    "cancel",
    "close",
    "consent",
    "contact",
    "delete",
    "destruction",
    "disable",
    "discharge",
    "end",
    "lift",
    "pause",
    "pin",
    "release",
    "reset",
    "resolve",
    "retire",
    "revoke",
    "setup",
    "silence",
    "stand",
    "stop",
    "withdraw",
    "word",
];

/// Those of them that lower nothing, and why.
const LOWERS_NOTHING: &[(&str, &str)] = &[
    ("close_incident", "something was done about it, and one that is told anew is open again"),
    ("create_contact", "sends a message, and changes no way"),
    ("create_end_report", "a report"),
    ("create_end_report_transition", "a report"),
    ("create_setup", "the holder of an account sets it up; the code takes two people"),
    ("delete_evidence_upload", "what has not arrived whole was never kept"),
    ("delete_household_member", "what was known stays among the versions"),
    ("delete_incident_draft", "nobody else has seen it"),
    ("delete_participant_identifier", "the row is kept"),
    ("delete_reach", "figures of a commissioner, which tell of no person"),
    ("put_end_report", "a report"),
    ("put_staff_contact", "one's own, and the rota says whom nothing reaches"),
    ("release_case_update", "shows what a person has judged"),
    ("release_outcome", "shows what a person has judged"),
    ("retire_question", "asks one question fewer, and no check-in"),
    ("withdraw_incident", "it is kept, and the alerts that it raised go on"),
];

/// Each length of time that rows name, by the row's first operation: the file that keeps it, and how it is written there.
const TIMES: &[(&str, &str, &str, &str)] = &[
    ("put_consent", "24 hours", "src/config.rs", "alert_setting_delay_hours: 24,"),
    ("put_consent", "24 hours", "src/consent/grant.rs", "const SPEAK_HOURS: i64 = 24;"),
    ("create_survivor_consent", "24 hours", "src/config.rs", "alert_setting_delay_hours: 24,"),
    ("put_own_trusted_contact", "24 hours", "src/config.rs", "alert_setting_delay_hours: 24,"),
    ("put_trusted_contact", "24 hours", "src/config.rs", "alert_setting_delay_hours: 24,"),
    ("put_safe_contact", "24 hours", "src/config.rs", "alert_setting_delay_hours: 24,"),
    ("put_own_trusted_contact", "15 minutes", "src/identity/extract.rs", "const PIN_SECONDS: i64 = 15 * 60;"),
    ("delete_own_trusted_contact", "15 minutes", "src/identity/extract.rs", "const PIN_SECONDS: i64 = 15 * 60;"),
    ("revoke_own_device", "15 minutes", "src/identity/extract.rs", "const PIN_SECONDS: i64 = 15 * 60;"),
    ("create_enrolment", "72 hours", "src/identity/devices/codes.rs", "const CODE_HOURS: i64 = 72;"),
    ("create_enrolment", "24 hours", "src/config.rs", "alert_setting_delay_hours: 24,"),
    ("confirm_device", "24 hours", "src/config.rs", "alert_setting_delay_hours: 24,"),
    ("change_pin", "24 hours", "src/config.rs", "alert_setting_delay_hours: 24,"),
    ("create_break_glass", "60 minutes", "src/access/glass.rs", "const MINUTES: i64 = 60;"),
    ("delete_evidence", "7 days", "src/evidence/remove.rs", "const RESTORE_DAYS: i64 = 7;"),
    ("pause_schedule", "90 days", "src/checkins/schedule/change.rs", "const LONGEST_PAUSE_DAYS: i64 = 90;"),
    ("resolve_alert", "72 hours", "src/escalation/alerts/reopen.rs", "const HOURS: i64 = 72;"),
    ("create_silence", "24 hours", "src/escalation/ladder/silences.rs", "const MOST_HOURS: i64 = 24;"),
    ("create_block", "7 days", "src/access/blocks.rs", "const REVIEW_DAYS: i64 = 7;"),
    ("create_conflict_of_interest", "7 days", "src/access/blocks.rs", "const REVIEW_DAYS: i64 = 7;"),
    ("create_block", "1 hour", "src/access/blocks.rs", "const APPROVE_HOURS: i64 = 1;"),
    ("create_evidence_destruction", "1 hour", "src/evidence/fate.rs", "const SOON_HOURS: i64 = 1;"),
    ("create_evidence_hold", "3 days", "src/evidence/hold.rs", "const ASK_DAYS: i64 = 3;"),
    ("create_evidence_hold", "30 days", "src/evidence/hold.rs", "const DAYS: i64 = 30;"),
    ("create_staff", "7 days", "src/identity/organisations.rs", "const SETUP_DAYS: i64 = 7;"),
    ("create_setup_code", "7 days", "src/identity/organisations.rs", "const SETUP_DAYS: i64 = 7;"),
];

/// A row: its cells in the order of the columns.
type Row = Vec<String>;

fn rows() -> Vec<Row> {
    let text = read(PATH);
    let lines = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Act |"));
    let rows: Vec<Row> =
        lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect();
    assert!(rows.len() > 30, "the table is not found");
    rows
}

/// What a cell names in backticks.
fn named(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn each_row_is_whole_and_names_operations_that_there_are() {
    let known: BTreeSet<String> = operations().iter().map(|operation| operation.id().to_owned()).collect();
    for row in rows() {
        assert_eq!(row.len(), 6, "{row:?}");
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        assert!(!named(&row[1]).is_empty(), "{row:?} names no operation");
        for id in row.iter().flat_map(|cell| named(cell)) {
            assert!(known.contains(&id), "{id} is no operation: {row:?}");
        }
    }
}

#[test]
fn what_may_lower_protection_is_in_the_table_or_lowers_nothing() {
    let listed: BTreeSet<String> = rows().iter().flat_map(|row| row[1..].iter().flat_map(|cell| named(cell))).collect();
    let nothing: BTreeMap<&str, &str> = LOWERS_NOTHING.iter().copied().collect();
    let mut met = BTreeSet::new();
    for operation in operations().iter().filter(|operation| operation.method != "GET") {
        let id = operation.id();
        let is_of_a_kind = id.split('_').any(|word| KINDS.contains(&word));
        if nothing.contains_key(id) {
            met.insert(id.to_owned());
        } else {
            assert!(!is_of_a_kind || listed.contains(id), "{id} may lower protection: say so in {PATH}");
        }
    }
    let idle: Vec<_> = nothing.keys().filter(|id| !met.contains(**id)).collect();
    assert!(idle.is_empty(), "these are no operations: strike them off: {idle:?}");
}

/// Each `number unit` of a text.
fn times(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).filter(|pair| pair[0].parse::<u32>().is_ok());
    pairs.map(|pair| pair.join(" ")).collect()
}

#[test]
fn each_length_of_time_is_the_one_in_the_code() {
    let mut met = BTreeSet::new();
    for row in rows() {
        let first = named(&row[1]).swap_remove(0);
        for time in row.iter().flat_map(|cell| times(cell)) {
            let kept = TIMES.iter().filter(|(id, words, ..)| *id == first && *words == time);
            let mut found = false;
            for (_, _, file, written) in kept {
                assert!(read(file).contains(written), "{first}: {time} is not what {file} says");
                found = true;
            }
            assert!(found, "{first}: say in this test where {time} is kept");
            met.insert((first.clone(), time));
        }
    }
    for (id, words, ..) in TIMES {
        assert!(met.contains(&((*id).to_owned(), (*words).to_owned())), "no row of {id} names {words}");
    }
}
