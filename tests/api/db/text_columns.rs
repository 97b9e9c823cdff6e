//! What people write stands sealed: every column of text is of an enum or a day, or stands here with the reason why it is plain.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Made by the service for people to read out.
const REFERENCE: &str = "a reference that the service makes";
/// One of a few words, none of which anybody types.
const WORD: &str = "a word that only the code chooses";
/// From a list that is published, and checked against it.
const LISTED: &str = "one of a published list, checked when it is taken";
/// Nobody's case, and no person's own.
const OF_ORGANISATION: &str = "about an organisation, written by an administrator";
const HASH: &str = "a hash";
const PLACE: &str = "where the database is: a path, or the number of a cluster";
const SIGNED: &str = "how far the audit has come: numbers and hashes, signed";
const TIME: &str = "a time of day, a zone or a rule of dates, parsed when it is taken";
/// The form alone is checked; what people write has a sealed column of its own next to it.
const CODE: &str = "a code of a-z, 0-9 and _, 64 characters at most, from a list that the application has";

const PLAIN: &[(&str, &[&str])] = &[
    (
        REFERENCE,
        &[
            "alerts.reference",
            "cases.reference",
            "consent_entries.receipt",
            "evidence_bundles.reference",
            "evidence_files.reference",
            "participants.reference",
            "survivors.reference",
            "deliveries.message_id",
        ],
    ),
    (
        WORD,
        &[
            "alerts.police_setting",
            "alert_history.actor_kind",
            "assignments.subject_kind",
            "audit_entries.action",
            "audit_entries.actor_kind",
            "audit_entries.outcome",
            "audit_entries.purpose",
            "audit_entries.role",
            "audit_entries.subject_kind",
            "audit_entries.wrote",
            "consent_entries.recorded_by_kind",
            "consent_entries.scope",
            "custody_events.actor_kind",
            "deliveries.message_type",
            "delivery_attempts.outcome",
            "disclosures.agreement",
            "disclosures.lawful_basis",
            "evidence_chunks.copy",
            "goal_history.event",
            "goal_history.from_state",
            "goal_history.to_state",
            "incident_events.actor_kind",
            "live_news.for_role",
            "notification_attempts.outcome",
            "notifications.outcome",
            "programme_transitions.event",
            "programme_transitions.from_state",
            "programme_transitions.subject_kind",
            "programme_transitions.to_state",
            "push_registrations.ended_why",
            "tasks.for_role",
            "trusted_contacts.set_by_kind",
            "webhook_endpoints.last_outcome",
        ],
    ),
    (
        LISTED,
        &[
            "alert_forces.force_id",
            "alerts.outcome",
            "police_outcomes.outcome",
            "commissioner_reaches.force_id",
            "consent_entries.language",
            "consent_entries.text_version",
            "evidence_files.media_type",
            "incident_versions.force_id",
            "ladders.code",
            "organisations.force_id",
            "participants.home_force_id",
            "referrals.home_force_id",
            "risk_assessments.tool_code",
            "risk_tools.code",
            "staff_contacts.language",
            "survivors.home_force_id",
            "survivors.language",
        ],
    ),
    (
        OF_ORGANISATION,
        &[
            "organisations.duty_desk_phone",
            "organisations.name",
            "police_clients.name",
            "programmes.name",
            "second_person_requests.address",
            "webhook_endpoints.description",
            "webhook_endpoints.url",
            "webhook_keys.public_key",
        ],
    ),
    (PLACE, &["installation.armed_for"]),
    (
        HASH,
        &[
            "devices.code_word_hash",
            "devices.duress_pin_hash",
            "devices.pin_hash",
            "devices.shown_duress_pin_hash",
            "staff.password_hash",
            "code_words.word_hash",
        ],
    ),
    (
        TIME,
        &[
            "enrolments.local_time",
            "enrolments.time_zone",
            "schedules.quiet_from",
            "schedules.quiet_until",
            "schedules.rrule",
            "schedules.starts_at_local",
            "schedules.time_zone",
        ],
    ),
    (SIGNED, &["audit_checkpoint_lines.line"]),
    (
        CODE,
        &[
            "case_events.reason",
            "cases.end_reason",
            "cases.relationship",
            "check_in_reviews.reason",
            "diary_ratings.skill",
            "enrolments.reason",
            "goals.domain",
            "household_versions.lives_with",
            "household_versions.relation",
            "observations.kind",
            "police_outcomes.grade",
            "police_outcomes.reason",
            "order_conditions.code",
            "participant_identifiers.source",
            "programme_sessions.mode",
            "programme_sessions.module",
            "programme_sessions.superseded_reason",
            "programme_transitions.reason",
            "programme_updates.reason",
            "programmes.code",
            "reported_persons.relationship",
            "referrals.reason",
            "rota_shifts.cancel_reason",
            "schedules.state_reason",
            "silences.reason",
            "survivor_order_conditions.code",
        ],
    ),
];

/// Columns of JSON, with what they hold: nothing that a survivor, a participant or staff wrote about one.
const JSON: &[(&str, &str)] = &[
    ("alert_history.detail", "codes, ids, moments and counts"),
    ("alerts.facts", "codes, ids, moments and counts"),
    ("alerts.ladder", "the steps of a ladder"),
    ("case_concerns.answer_rests_on", "kinds of what words draw on, an enum"),
    ("case_concerns.rests_on", "kinds of what words draw on, an enum"),
    ("case_notes.rests_on", "kinds of what words draw on, an enum"),
    ("check_ins.in_touch", "whether to ring, and ways of contact, an enum"),
    ("contact_answers.contact_by", "ways of contact, an enum"),
    ("disclosures.what", "codes"),
    ("end_reports.figures", "counts"),
    ("evidence_bundles.chunks", "sizes and hashes"),
    ("evidence_bundles.contents", "ids and codes"),
    ("incident_versions.behaviours", "codes of the list of behaviours"),
    ("ladders.ladder", "the steps of a ladder"),
    ("ladders.uncovered", "hours"),
    ("notifications.detail", "references and counts"),
    ("programmes.modules", "codes"),
    ("risk_assessments.prompts", "codes"),
    ("risk_tools.tool", "a tool's own questions"),
    ("schedules.local_times", "times of day"),
    ("schedules.weekdays", "weekdays, an enum"),
    ("second_person_requests.roles", "roles, an enum"),
    ("session_feedback.skills", "codes"),
    ("staff.roles", "roles, an enum"),
    ("tasks.detail", "codes, ids, references, moments and counts"),
];

fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        match entry.is_dir() {
            true => files(&entry, found),
            false => found.push(std::fs::read_to_string(&entry).unwrap_or_default()),
        }
    }
}

fn sources(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found
}

/// The columns of text, as `table.column`, from the schema.
fn text_columns() -> BTreeSet<String> {
    columns(&["Text", "Nullable<Text>"])
}

fn columns(kinds: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs");
    for text in sources("src/db/schema").into_iter().chain([std::fs::read_to_string(tables).unwrap()]) {
        let mut table = String::new();
        for line in text.lines() {
            if let Some((name, _)) = line.strip_prefix("    ").and_then(|line| line.split_once(" (")) {
                name.clone_into(&mut table);
            }
            if let Some((name, kind)) = line.trim().trim_end_matches(',').split_once(" -> ")
                && kinds.contains(&kind)
            {
                found.insert(format!("{table}.{name}"));
            }
        }
    }
    found
}

/// The types of the rows' fields, by `table.column`.
fn row_types(sources: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for text in sources {
        for part in text.split("#[diesel(table_name = ").skip(1) {
            let table = part.split([',', ')']).next().unwrap().trim();
            let Some(fields) = part.split_once("{\n").and_then(|(_, rest)| rest.split_once("\n}")) else { continue };
            for line in fields.0.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
                let line = line.trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ");
                if let Some((name, kind)) = line.trim_start_matches("pub ").trim_end_matches(',').split_once(": ") {
                    let kind = kind.trim_start_matches("Option<").trim_end_matches('>');
                    let kind = kind.rsplit("::").next().unwrap().to_owned();
                    types.entry(format!("{table}.{name}")).or_default().insert(kind);
                }
            }
        }
    }
    types
}

/// The names of all enums that are kept as a word.
fn enums(sources: &[String]) -> BTreeSet<String> {
    let declared = sources.iter().flat_map(|text| text.split("text_enum! {").skip(1));
    let name = |part: &str| part.split_once("enum ")?.1.split_whitespace().next().map(str::to_owned);
    declared.filter_map(name).collect()
}

#[test]
fn every_column_of_text_is_a_word_or_a_day_or_says_why_it_is_plain() {
    let sources = sources("src");
    let (types, mut safe) = (row_types(&sources), enums(&sources));
    safe.insert("Day".to_owned());
    let mut open = text_columns();
    assert!(open.len() > 150, "the schema was not read: {}", open.len());
    open.retain(|column| !types.get(column).is_some_and(|kinds| kinds.iter().all(|kind| safe.contains(kind))));
    let listed: Vec<&str> = PLAIN.iter().flat_map(|(_, columns)| columns.iter().copied()).collect();
    let listed: BTreeSet<String> = listed.into_iter().map(str::to_owned).collect();
    let unsaid: Vec<&String> = open.difference(&listed).collect();
    assert!(unsaid.is_empty(), "text that is plain: seal it, make it an enum, or say why: {unsaid:?}");
    let gone: Vec<&String> = listed.difference(&open).collect();
    assert!(gone.is_empty(), "these are no plain text any more: {gone:?}");
}

#[test]
fn every_column_of_json_says_what_it_holds() {
    let listed: BTreeSet<String> = JSON.iter().map(|(column, _)| (*column).to_owned()).collect();
    assert_eq!(columns(&["DbJson", "Nullable<DbJson>"]), listed);
}

/// Bytes that are no sealed text: hashes, by their columns' names.
const HASHES: [&str; 9] =
    ["key_hash", "fingerprint", "head", "previous_hash", "hash", "digest", "sha256", "entry_hash", "text_sha256"];

/// An answer that is kept for repeats: its owner is in its key alone, and it is gone after a week.
const OPENED_BY_ITS_OWNER_ALONE: &str = "idempotency_keys.answer";

/// Columns that no type of row seals: tables of one sealed value.
const WITHOUT_A_ROW: [&str; 2] = ["location_releases.officer", "timer_location_releases.officer"];

/// Columns that are bound to something else than their row says.
const BOUND_OTHERWISE: [&str; 2] = ["case_concerns.answer", "goals.participant_wording"];

/// An entry of the list of `holdfast check`: its table; id, subject and version, as code; its columns.
struct CheckedTable {
    table: String,
    bound_to: [String; 3],
    columns: Vec<String>,
}

fn listed() -> Vec<CheckedTable> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/readable.rs");
    // However long an entry is, and so however it is broken into lines.
    let list = std::fs::read_to_string(source).unwrap().replace([' ', '\n'], "").replace("],)", "])");
    let entries = list.split("constSEALED").nth(1).unwrap().split("];").next().unwrap().split("])");
    let names = |part: &str| -> Vec<String> {
        let names = part.split(',').map(|name| match name.trim_matches(['"', '&', '[']) {
            "SURVIVOR" => "survivor_id",
            "PARTICIPANT" => "participant_id",
            name => name,
        });
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let read = |entry: &str| {
        let (head, columns) = entry.rsplit_once('(')?.1.split_once("&[")?;
        let [table, row, subject, version]: [String; 4] = names(head).try_into().ok()?;
        let columns = names(columns);
        head.starts_with('"').then_some(CheckedTable { table, bound_to: [row, subject, version], columns })
    };
    entries.filter_map(read).collect()
}

#[test]
fn every_sealed_column_is_opened_by_check() {
    let opened: Vec<String> =
        listed().iter().flat_map(|of| of.columns.iter().map(move |column| format!("{}.{column}", of.table))).collect();
    let opened: BTreeSet<String> = opened.into_iter().collect();
    let mut sealed = columns(&["Binary", "Nullable<Binary>"]);
    sealed.retain(|column| {
        let name = column.split_once('.').unwrap().1;
        !name.ends_with("_index") && !HASHES.contains(&name)
    });
    assert!(sealed.remove(OPENED_BY_ITS_OWNER_ALONE), "the tables of schema.rs were not read");
    let left_out: Vec<&String> = sealed.difference(&opened).collect();
    assert!(left_out.is_empty(), "`holdfast check` does not open these: {left_out:?}");
    let gone: Vec<&String> = opened.difference(&sealed).collect();
    assert!(gone.is_empty(), "these are no sealed columns any more: {gone:?}");
}

#[test]
fn check_opens_what_rows_seal_and_as_they_seal_it() {
    let (sources, opened) = (sources("src"), listed());
    let types = row_types(&sources);
    let is_sealed = |(_, kinds): &(&String, &BTreeSet<String>)| kinds.contains("Sealed");
    let sealed: BTreeSet<&str> = types.iter().filter(is_sealed).map(|(column, _)| column.as_str()).collect();
    assert!(sealed.len() > 80, "the rows were not read: {}", sealed.len());
    for of in &opened {
        for column in of.columns.iter().map(|column| format!("{}.{column}", of.table)) {
            let is_known = sealed.contains(column.as_str()) || WITHOUT_A_ROW.contains(&column.as_str());
            assert!(is_known, "no row seals {column}");
        }
    }
    for row in sources.iter().flat_map(|text| text.split("sealed_row!(").skip(1)) {
        let parts: Vec<&str> = row.split(')').next().unwrap().split(',').map(str::trim).collect();
        let Some(table) = parts[1].strip_prefix('"').map(|table| table.trim_end_matches('"')) else { continue };
        let entries: Vec<&CheckedTable> = opened.iter().filter(|of| of.table == table).collect();
        assert!(!entries.is_empty() || table == "pages", "`holdfast check` opens nothing of {table}");
        let [subject, id] = parts[2..].get(..2).unwrap_or_default() else { continue };
        let bound_to = [*id, *subject, parts.get(4).copied().unwrap_or("1")];
        for of in entries {
            let plain =
                of.columns.iter().find(|column| !BOUND_OTHERWISE.contains(&format!("{table}.{column}").as_str()));
            assert!(plain.is_none() || of.bound_to == bound_to, "{table}.{plain:?} is sealed for {bound_to:?}");
        }
    }
}
