//! The tables of the documents, held against the code that they tell of: the map, codes, messages, settings, commands, steps of the
//! schema, rules, ladders, scopes; and the runbook, held against the alerts.

use std::collections::BTreeSet;
use std::path::Path;

use holdfast::error::Code;

use super::architecture::{code_of, documents, files, layers, quoted, read};

/// A section of a document, up to the next of its kind.
fn section(document: &str, title: &str) -> String {
    let text = read(document);
    let heading = format!("\n## {title}\n");
    let found = text.split(heading.as_str()).nth(1).unwrap_or_else(|| panic!("{document} has no {title}"));
    found.split("\n## ").next().unwrap_or_default().to_owned()
}

/// What the first cells of the rows in a section name in backticks.
fn named(document: &str, title: &str) -> BTreeSet<String> {
    let section = section(document, title);
    let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    cells.flat_map(quoted).map(str::to_owned).collect()
}

/// The texts in quotation marks behind each place where code says `before`.
fn texts_behind(code: &str, before: &str) -> BTreeSet<String> {
    let mark = format!("{before}\"");
    let found = code.split(mark.as_str()).skip(1).filter_map(|rest| rest.split('"').next());
    found.map(str::to_owned).collect()
}

/// The names of the folders in a folder.
fn folders(path: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let entries = std::fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_dir());
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_map_names_every_folder_and_file_at_the_top() {
    let drawn: BTreeSet<String> = layers().concat().into_iter().collect();
    assert_eq!(named("docs/architecture.md", "The map"), drawn);
}

#[test]
fn the_table_of_codes_is_that_of_the_code() {
    let is_row =
        |line: &&str| line.split(" | ").next().is_some_and(|cell| cell.trim_matches(['|', ' ']).parse::<u16>().is_ok());
    let listed: Vec<String> = section("docs/api.md", "Errors").lines().filter(is_row).map(str::to_owned).collect();
    let row = |code: &Code| format!("| {} | `{}` | {} |", code.status(), code.word(), code.title());
    let expected: Vec<String> = Code::ALL.iter().map(row).collect();
    assert_eq!(listed, expected);
}

#[test]
fn the_table_of_messages_is_that_of_the_code() {
    let code = code_of(&read("src/escalation/police/payload.rs"));
    let mut expected = texts_behind(&code, "=> ");
    expected.retain(|name| name.starts_with("safety.alert."));
    assert!(expected.len() > 4, "the types are not found: {expected:?}");
    expected.extend(["endpoint.test".to_owned(), "watchdog".to_owned()]);
    assert_eq!(named("docs/api.md", "Messages to police"), expected);
}

#[test]
fn every_setting_is_in_the_tables() {
    let sources = files("src/config", ".rs").into_iter().map(|(_, text)| text).chain([read("src/config.rs")]);
    let settings: BTreeSet<String> = sources.flat_map(|text| texts_behind(&code_of(&text), "env = ")).collect();
    let settings: BTreeSet<String> =
        settings.iter().filter_map(|name| name.strip_prefix("HOLDFAST_")).map(str::to_lowercase).collect();
    assert!(settings.len() > 30, "the settings are not found: {settings:?}");
    let section = section("docs/operations.md", "Settings");
    for setting in &settings {
        assert!(section.contains(&format!("`{setting}`")), "docs/operations.md does not say what {setting} is");
    }
    for name in named("docs/operations.md", "Settings") {
        assert!(settings.contains(&name), "docs/operations.md names {name}, which is no setting");
    }
}

#[test]
fn every_command_is_in_the_table() {
    let code = code_of(&read("src/cli.rs"));
    let commands = code.split("enum Command {\n").nth(1).unwrap().split("\n}").next().unwrap();
    let is_variant = |line: &&str| line.strip_prefix("    ").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    let names: Vec<String> = commands
        .lines()
        .filter(is_variant)
        .map(|line| line.trim().chars().take_while(|c| c.is_alphanumeric()).collect())
        .collect();
    assert!(names.len() > 10, "the commands are not found: {names:?}");
    let section = section("docs/operations.md", "Commands");
    for name in names {
        let mut words = String::new();
        for (at, c) in name.char_indices() {
            words.extend((at > 0 && c.is_uppercase()).then_some('-'));
            words.extend(c.to_lowercase());
        }
        assert!(section.contains(&format!("`holdfast {words}")), "docs/operations.md does not say what {words} does");
    }
}

#[test]
fn every_step_of_the_schema_is_in_the_table() {
    assert_eq!(named("docs/data.md", "The schema"), folders("migrations/sqlite"));
}

#[test]
fn rules_ladders_and_scopes_are_those_of_the_code() {
    let code = code_of(&read("src/escalation/alerts/model.rs"));
    let rules = code.split("pub enum Rule {").nth(1).unwrap().split("\n    }").next().unwrap();
    assert_eq!(named("docs/domain.md", "Rules"), texts_behind(rules, "= "));
    let ladders = texts_behind(&code_of(&read("src/escalation/ladder/defaults.rs")), "ladder(");
    assert_eq!(named("docs/domain.md", "Ladders"), ladders);
    let scopes = texts_behind(&code_of(&read("src/consent/ledger/scope.rs")), "=> ");
    assert_eq!(named("docs/domain.md", "Consent"), scopes);
}

/// What follows a mark in each line that begins with it.
fn marked(file: &str, mark: &str) -> BTreeSet<String> {
    let text = read(file);
    let found = text.lines().filter_map(|line| line.trim_start().strip_prefix(mark));
    found.map(|rest| rest.trim().to_owned()).collect()
}

#[test]
fn each_alert_has_a_section_in_the_runbook_and_a_test_that_makes_it_fire() {
    let alerts = marked("packaging/prometheus/alerts.yml", "- alert: ");
    assert!(alerts.len() > 10, "the alerts are not found: {alerts:?}");
    assert_eq!(marked("docs/runbook.md", "## "), alerts);
    assert_eq!(marked("packaging/prometheus/alerts_test.yml", "alertname: "), alerts);
}

#[test]
fn each_operation_that_an_alert_names_has_a_handler() {
    let chosen = texts_behind(&read("packaging/prometheus/alerts.yml"), "operation=~");
    // The others are named by their method and their address.
    let named = chosen.iter().filter(|names| !names.contains('/')).flat_map(|names| names.split('|'));
    let handlers: Vec<String> = named.map(|name| format!("async fn {name}(call: ")).collect();
    assert!(handlers.len() > 2, "the operations are not found: {handlers:?}");
    let sources = files("src", ".rs");
    for handler in handlers {
        assert!(
            sources.iter().any(|(_, text)| text.contains(&handler)),
            "an alert asks for {handler}, which is not there"
        );
    }
}

#[test]
fn documents_are_short_and_each_folder_of_them_is_introduced() {
    for (file, text) in documents() {
        assert!(text.starts_with("# "), "{file} has no title");
        assert!(text.lines().count() <= 300, "{file} is long: split it by thing");
    }
    assert!(read("README.md").lines().count() <= 120, "README.md is long: what moves goes to docs/");
    for folder in ["docs", "docs/decisions"] {
        let index = read(&format!("{folder}/README.md"));
        for (file, _) in files(folder, ".md") {
            let name = file.trim_start_matches(folder).trim_start_matches('/');
            let is_own = !name.contains('/') && name != "README.md";
            assert!(!is_own || index.contains(&format!("({name})")), "{folder}/README.md does not list {name}");
        }
    }
}

#[test]
fn the_rust_that_builds_it_is_the_one_that_the_manifest_asks_for() {
    let asked = texts_behind(&read("Cargo.toml"), "\nrust-version = ").pop_first().unwrap();
    let channel = texts_behind(&read("rust-toolchain.toml"), "\nchannel = ").pop_first().unwrap();
    assert!(channel == asked || channel.starts_with(&format!("{asked}.")), "{channel} is not {asked}");
}
