//! The words of the house: which names no item has, which words comments do without, and what each section of errors says.

use std::collections::BTreeSet;

use super::architecture::{files, identifier, quoted};
use super::structure::own_code;

/// Names that no item has, each with what it is called instead.
const FORBIDDEN: &[(&str, &str)] = &[
    ("fact", "event"),
    ("Fact", "Event"),
    ("consider", "react"),
    ("doors", "hooks"),
    ("Doors", "Hooks"),
    ("bell", "worker_due"),
    ("wake", "notify_worker"),
    ("wakes", "notifies_worker"),
    ("stir", "publish_change"),
    ("stirs", "publishes_change"),
    ("stirred", "subscribers"),
    ("told", "notified"),
    ("retold", "notified_again"),
    ("tell", "notify"),
    ("tells", "notifies"),
    ("kept", "stored"),
    ("Kept", "Stored"),
    ("act_at", "next_action_at"),
    ("gives_up_at", "deadline"),
    ("wish_seconds", "retry_after_seconds"),
    ("PATIENCE_SECONDS", "FALLBACK_AFTER_SECONDS"),
    ("LATER_WAIT", "BACKOFF_SECONDS"),
    ("spread", "jitter"),
    ("mind_clock", "repair_after_clock_rollback"),
    ("look_at_those_of_the_future", "requeue_from_future"),
    ("wait_again", "reopen_slot"),
    ("met_another", "write_conflict"),
    ("is_of_the_moment", "is_transient"),
    ("contain", "isolate"),
    ("able", "reachable"),
    ("holders", "with_role"),
    ("left_alone", "without_staff"),
    ("called_upon", "survivor_of_open_task"),
    ("nothing", "always"),
    ("take", "transition"),
    ("Row", "a name that says which"),
    ("Told", "a name that says which"),
    ("Standing", "a name that says which"),
    ("Change", "a name that says which"),
];

/// Words that no part of a name is.
const FORBIDDEN_PARTS: [&str; 3] = ["anew", "beside", "whoever"];

/// Where such a name has its ordinary meaning, and why it stays: the file, or the folder, and the name.
const ORDINARY: &[(&str, &str, &str)] = &[
    ("src/cli/demo.rs", "tell", "a story is told"),
    ("src/cli/demo/", "tell", "a story is told"),
    ("src/cli/backup.rs", "take", "takes a backup"),
    ("src/cli/backup/archive.rs", "take", "takes bytes in"),
    ("src/cli/backup/manifest.rs", "kept", "a field of the manifest of a backup"),
    ("src/cli/police_receiver.rs", "take", "takes a message in"),
    ("src/crypto/seal.rs", "nothing", "a sealed value with nothing in it"),
    ("src/escalation/ladder.rs", "tell", "a field of the contract"),
    ("src/escalation/ladder/standing.rs", "tell", "has the name of the field of a ladder's step"),
    ("src/escalation/ladder/steps.rs", "take", "takes a step"),
    ("src/escalation/ladder/drafts/simulate.rs", "told", "a field of the contract"),
    ("src/escalation/alerts/history.rs", "told", "a field of what is stored, and of the contract"),
    ("src/escalation/routes/app.rs", "tells", "a field of the contract"),
    ("src/evidence/strip/boxes.rs", "kept", "the data that a copy keeps"),
    ("src/evidence/strip/boxes/still.rs", "kept", "the data that a copy keeps"),
    ("src/evidence/upload/receive.rs", "take", "takes bytes in"),
    ("src/http/lenient.rs", "take", "takes what can be read of a body"),
    ("src/incidents/view.rs", "told", "a field of the contract"),
    ("src/incidents/view/own.rs", "told", "a field of the contract"),
    ("src/notify/deliver.rs", "take", "takes a message under a lease"),
    ("src/portal/events.rs", "take", "takes a place among the open streams"),
    ("src/reporting/sheet.rs", "tells", "one figure gives another away"),
    ("src/routes/sync.rs", "take", "takes an item in"),
    ("src/webhooks/deliver.rs", "take", "takes a message under a lease"),
    ("src/webhooks/log.rs", "gives_up_at", "a field of the contract"),
    ("src/webhooks/watchdog.rs", "take", "takes what is due"),
];

/// What a line that declares something begins with.
const KINDS: [&str; 8] = ["fn ", "struct ", "enum ", "trait ", "type ", "const ", "static ", "mod "];

/// Words that comments do almost without, and how many of 1,000 lines may have one.
const RARE: [&str; 4] = ["told", "anew", "whoever", "stands"];
const MOST_OF_1000: usize = 5;

/// The kinds of errors by name, and the words that begin a condition.
const ERRORS: [&str; 12] = [
    "Conflict",
    "Forbidden",
    "Internal",
    "Invalid",
    "KeyNeeded",
    "KeysUnavailable",
    "NotFound",
    "Stale",
    "TooMany",
    "Unauthenticated",
    "Unavailable",
    "Unreadable",
];
const CONDITIONS: [&str; 5] = ["when", "where", "if", "whether", "unless"];

/// A line without indentation, visibility and qualifiers.
fn bare(line: &str) -> &str {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub(") {
        Some(rest) => rest.split_once(") ").map_or(rest, |(_, rest)| rest),
        None => line.strip_prefix("pub ").unwrap_or(line),
    };
    let line = line.strip_prefix("const ").filter(|rest| rest.starts_with("fn ")).unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("unsafe ").unwrap_or(line)
}

/// The names that code declares: of items, and of the fields of structs.
fn declared(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    // How far the struct is indented whose fields these lines are.
    let mut fields_of: Option<usize> = None;
    for line in code.lines() {
        let (indent, bare) = (line.len() - line.trim_start().len(), bare(line));
        if let Some((kind, rest)) = KINDS.iter().find_map(|kind| Some((*kind, bare.strip_prefix(kind)?))) {
            if kind == "struct " && line.ends_with('{') {
                fields_of = Some(indent);
            }
            found.push(identifier(rest));
        } else if fields_of == Some(indent) && bare.starts_with('}') {
            fields_of = None;
        } else if fields_of.is_some()
            && let Some((name, _)) = bare.split_once(": ")
            && identifier(name) == name
        {
            found.push(name.to_owned());
        }
    }
    found
}

#[test]
fn declared_names_are_found() {
    let code = [
        "pub(crate) const fn a() {",
        "const B: u8 = 1;",
        "pub struct C {",
        "    pub(super) d: u8,",
        "}",
        "    e: u8,",
        "mod f;",
    ];
    let code = code.join("\n");
    assert_eq!(declared(&code), ["a", "B", "C", "d", "f"]);
}

#[test]
fn no_item_has_a_word_of_our_own_where_the_field_has_one() {
    let (mut names, mut met, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for (file, text) in files("src", ".rs").iter().filter(|(file, _)| !file.contains("/tests")) {
        for name in declared(&own_code(text)) {
            names += 1;
            let instead = FORBIDDEN.iter().find(|(forbidden, _)| *forbidden == name).map(|(_, instead)| *instead);
            let is_part = name.split('_').any(|part| FORBIDDEN_PARTS.contains(&part));
            if instead.is_none() && !is_part {
                continue;
            }
            let is_ordinary = |(at, what, _): &&(&str, &str, &str)| {
                *what == name && (*at == file.as_str() || (at.ends_with('/') && file.starts_with(*at)))
            };
            match ORDINARY.iter().find(is_ordinary) {
                Some(ordinary) => {
                    met.insert(*ordinary);
                }
                None => wrong.push(format!("{file}: {name}, which is {}", instead.unwrap_or("said otherwise"))),
            }
        }
    }
    assert!(names > 5_000, "the names are not found: {names}");
    assert!(wrong.is_empty(), "names in words of our own:\n{}", wrong.join("\n"));
    let idle: Vec<_> = ORDINARY.iter().filter(|ordinary| !met.contains(*ordinary)).collect();
    assert!(idle.is_empty(), "these are no more: strike them off: {idle:?}");
}

/// What a comment says apart from what it quotes, in words.
fn words_of(line: &str) -> Vec<String> {
    let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    plain.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect()
}

#[test]
fn comments_are_in_plain_words() {
    let (mut lines, mut found) = (0, Vec::new());
    for (file, text) in files("src", ".rs") {
        for line in text.lines().map(str::trim_start).filter(|line| line.starts_with("//")) {
            lines += 1;
            if words_of(line).iter().any(|word| RARE.contains(&word.as_str())) {
                found.push(format!("{file}: {line}"));
            }
        }
    }
    assert!(lines > 5_000, "the comments are not found: {lines}");
    let most = lines * MOST_OF_1000 / 1_000;
    let count = found.len();
    assert!(count <= most, "{count} of {lines} lines of comments have one of {RARE:?}:\n{}", found.join("\n"));
}

/// The sections of errors of a file, each as one text.
fn sections_of_errors(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| **line == "/// # Errors").map(|(at, _)| at + 1);
    let section = |start: usize| {
        let rest = lines[start..].iter().skip_while(|line| **line == "///");
        let own = rest.take_while(|line| line.starts_with("/// ") && !line.starts_with("/// #"));
        own.map(|line| line.trim_start_matches("/// ")).collect::<Vec<_>>().join(" ")
    };
    starts.map(section).collect()
}

/// Whether a section has a status, a kind of error, a condition, or the name of what has such a section.
fn says_when(section: &str) -> bool {
    let is_status = |word: &str| word.len() == 3 && word.starts_with(['3', '4', '5']) && word.parse::<u16>().is_ok();
    let mut words = section.split(|c: char| !c.is_alphanumeric());
    let has_one = words
        .any(|word| is_status(word) || ERRORS.contains(&word) || CONDITIONS.contains(&word.to_lowercase().as_str()));
    has_one || (section.starts_with("As ") && quoted(section).count() > 0)
}

#[test]
fn every_section_of_errors_says_when() {
    let mut found = 0;
    for (file, text) in files("src", ".rs") {
        for section in sections_of_errors(&text) {
            assert!(says_when(&section), "{file}: a section of errors that does not say when: {section:?}");
            found += 1;
        }
    }
    assert!(found > 300, "the sections are not found: {found}");
    assert!(says_when("404 for everybody else.") && says_when("When it is empty.") && !says_when("What differs."));
}
