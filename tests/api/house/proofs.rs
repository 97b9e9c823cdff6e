//! Each reader of a person's record has a proof: the caller's, or that it is the software that reads by its own rules.

use std::collections::BTreeSet;

use super::architecture::{code_of, door_of, files, layers, module_of, read};

/// What proves that a read is allowed: the caller themselves, or what `access` makes.
const PROOFS: [&str; 10] = [
    "SurvivorAccess",
    "ParticipantAccess",
    "CaseAccess",
    "SystemAccess",
    "LinkedOrders",
    "Permit",
    "&Staff",
    "&Survivor",
    "&PoliceSystem",
    "ForceCaller",
];

/// Ids of what is nobody's record.
const NO_RECORD: [&str; 5] = ["OrganisationId", "StaffId", "EndpointId", "DeliveryId", "HistoryId"];

/// Readers that take a raw id and no proof, by their features, and why.
const UNPROVEN: &[(&str, &str, &[&str])] = &[
    (
        "access",
        "makes the proofs from what these say of links, assignments and blocks",
        &[
            "reachable",
            "active_case_of",
            "active_cases_of",
            "assigned_or_supervisors",
            "assigned_staff",
            "cases_with",
            "find_active_case",
            "has_case_of_programme",
            "with_role",
            "is_blocked",
        ],
    ),
    (
        "audit",
        "stands below access: the trail about a subject, which each caller narrows to their own",
        &["list_about"],
    ),
    (
        "consent",
        "stands below access: what the ledger is told, by whoever may tell it, and what it answers",
        &["confirm_turning_off", "decide", "take_due_reviews"],
    ),
    (
        "contact",
        "sends what the plan allows, and answers whether it went out",
        &["enqueue_by_plan", "enqueue_survivor", "notify_trusted"],
    ),
    (
        "identity",
        "stands below access: the rows of accounts, with names still sealed, phones, codes, and what a person did with them",
        &[
            "awaits_second_person",
            "create_survivor",
            "decoy_of",
            "enrolled_at",
            "find_survivor",
            "has_code_word",
            "is_decoy",
            "list_all_phones",
            "list_away_from",
            "list_codes",
            "list_live_devices",
            "list_opening_phones",
            "list_risk_changes",
            "list_shown",
            "list_survivors",
            "new_code",
            "own_record",
            "phone_standing",
            "set_record_closed",
            "shown",
            "shown_as_done",
            "survivor_references",
            "was_not_approved",
            "was_shown",
        ],
    ),
    (
        "notify",
        "stands below access: how far notices have come, with nothing of what they are about",
        &["last_queued_at", "list_of_alerts", "list_openings"],
    ),
    ("orders", "the kind of an order names nobody", &["order_kinds"]),
    (
        "participants",
        "a reference names nobody, and names stay sealed in the row that rules read of a force or an organisation",
        &["find_participant", "participant_references"],
    ),
    (
        "webhooks",
        "how far messages have come: what they say stays sealed",
        &["first_delivered_at", "first_mailed_at", "is_on_its_way", "list_deliveries_of", "list_deliveries_to_force"],
    ),
];

/// Where the proof of the system may be made, and why there.
const SYSTEM: [(&str, &str); 4] = [
    ("src/reactions.rs", "what follows from an event"),
    ("src/worker.rs", "decoys are compared with the records that they mirror"),
    ("src/cli/start.rs", "what features below call of those above"),
    ("src/escalation/alerts/alert_access.rs", "what follows from an alert, whose rows are found in its feature alone"),
];

/// An exported function: its feature, its name, its parameters and what it answers.
struct Exported {
    feature: String,
    file: String,
    name: String,
    parameters: String,
    answer: String,
}

/// What a feature exports, each name with the file or folder that it comes from; and the modules that it opens.
fn exports(module: &str) -> (BTreeSet<(String, String)>, BTreeSet<String>) {
    let code = code_of(module);
    let mut names = BTreeSet::new();
    for line in code.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next()) {
        let (from, what) = line.split_once("::").unwrap();
        let words = what.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        names.extend(words.map(|word| (from.to_owned(), word.to_owned())));
    }
    let modules = code.split("pub mod ").skip(1).filter_map(|rest| rest.split(';').next());
    (names, modules.map(str::to_owned).collect())
}

/// The text up to the bracket that closes the one it begins behind.
fn bracketed(text: &str) -> &str {
    let mut depth = 1_usize;
    for (at, sign) in text.char_indices() {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// The functions that features export.
fn exported() -> Vec<Exported> {
    let layers = layers();
    let features: BTreeSet<&String> = layers[1..layers.len() - 1].iter().flatten().collect();
    let mut found = Vec::new();
    for feature in features {
        let (names, modules) = exports(&read(&door_of(feature)));
        for (file, text) in files("src", ".rs") {
            if &module_of(&file) != feature || file.contains("tests") {
                continue;
            }
            let first =
                file.trim_start_matches(&format!("src/{feature}/")).split(['/', '.']).next().unwrap().to_owned();
            let code = code_of(text.split("#[cfg(test)]").next().unwrap());
            let starts = ["\npub fn ", "\npub async fn "].into_iter();
            for (at, start) in starts.flat_map(|start| code.match_indices(start)) {
                let (name, rest) = code[at + start.len()..].split_once('(').unwrap();
                let name = name.split('<').next().unwrap().to_owned();
                // A room that is open keeps its SQL to its feature.
                let is_open = modules.contains(&first) && !file.contains("/store/");
                let is_exported = file == door_of(feature) || names.contains(&(first.clone(), name.clone()));
                if !is_exported && !is_open {
                    continue;
                }
                let parameters = bracketed(rest);
                let answer = rest[parameters.len()..].split('{').next().unwrap();
                found.push(Exported {
                    feature: feature.clone(),
                    file: file.clone(),
                    name,
                    parameters: parameters.to_owned(),
                    answer: answer.trim_start_matches(')').trim().to_owned(),
                });
            }
        }
    }
    found
}

impl Exported {
    fn reads(&self) -> bool {
        let has_database = self.parameters.contains("&mut DbConn") || self.parameters.contains("&mut Tx");
        has_database && !["", "-> Result<()>"].contains(&self.answer.as_str())
    }

    /// Whether it is given the id of somebody's record.
    fn takes_an_id(&self) -> bool {
        let mut words = self.parameters.split(|c: char| !c.is_alphanumeric());
        words.any(|word| word.len() > 2 && word.ends_with("Id") && !NO_RECORD.contains(&word))
    }

    fn has_a_proof(&self) -> bool {
        PROOFS.iter().any(|proof| {
            self.parameters.match_indices(proof).any(|(at, _)| {
                // `&Survivor` is the caller, `&SurvivorRow` is not.
                let next = self.parameters[at + proof.len()..].chars().next();
                !next.is_some_and(char::is_alphanumeric)
            })
        })
    }
}

#[test]
fn whoever_reads_a_record_by_its_id_has_a_proof() {
    let exported = exported();
    assert!(exported.len() > 300, "the functions are not found: {}", exported.len());
    let mut unproven: BTreeSet<(String, String)> = BTreeSet::new();
    for (feature, _, names) in UNPROVEN {
        unproven.extend(names.iter().map(|name| ((*feature).to_owned(), (*name).to_owned())));
    }
    let mut met = BTreeSet::new();
    for function in exported.iter().filter(|function| function.reads() && function.takes_an_id()) {
        let Exported { feature, file, name, .. } = function;
        let key = (feature.clone(), name.clone());
        if function.has_a_proof() {
            continue;
        }
        assert!(unproven.contains(&key), "{file}: {name} reads a record by its id, and asks for no proof");
        met.insert(key);
    }
    let idle: Vec<_> = unproven.difference(&met).collect();
    assert!(idle.is_empty(), "these ask for a proof, or are no more: strike them off: {idle:?}");
}

#[test]
fn the_proof_of_the_system_is_made_in_few_places() {
    let made = "SystemAccess::granted";
    for (file, text) in files("src", ".rs") {
        let is_known = SYSTEM.iter().any(|(known, _)| *known == file);
        assert_eq!(code_of(&text).contains(made), is_known, "{file}: {made} is for those who are listed");
    }
    for (file, text) in files("src/access", ".rs") {
        let code = code_of(&text).replace("pub struct SystemAccess(());", "");
        let makes = code.matches("SystemAccess(()").count() + code.matches("Self(())").count();
        assert!(makes <= usize::from(file == "src/access/proof.rs"), "{file} makes a proof of the system by itself");
    }
}

/// What a line of an alert's history says, and what is known of a trigger, is read as a type: a field that is renamed cannot
/// be missed by the code that decides by it.
#[test]
fn nobody_searches_histories_and_facts_by_the_names_of_fields() {
    for (file, text) in files("src/escalation", ".rs") {
        // Tasks have details of their own.
        if file.ends_with("tests.rs") || file.contains("/task") {
            continue;
        }
        let code = code_of(text.split("#[cfg(test)]").next().unwrap());
        let flat: String = code.split_whitespace().collect();
        for searched in ["detail.0.get(", "facts.0.get(", "detail.get(\"", "facts.get(\"", "told.get(\"", "line.get(\""]
        {
            assert!(!flat.contains(searched), "{file} searches JSON: {searched}");
        }
        let is_own = file == "src/escalation/alerts/history.rs" || file.contains("/read/");
        assert!(is_own || !flat.contains("detail.0"), "{file} takes the JSON of a line");
        assert!(!flat.contains("facts.0"), "{file} takes the JSON of facts");
    }
}
