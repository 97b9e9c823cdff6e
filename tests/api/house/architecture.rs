//! The rules of the house that no compiler checks: who imports whom, how long files are, which words are used.

use std::collections::BTreeMap;
use std::path::Path;

use holdfast::http::limits::KINDS;

/// Lines that a file in `src/` may have, and those at which it is told of.
const MOST_LINES: usize = 500;
const MANY_LINES: usize = 350;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder, with its path from the root.
pub fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.to_string_lossy().ends_with(ending) {
                found.push((name_of(&entry), std::fs::read_to_string(&entry).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing found in {folder}");
    found
}

fn name_of(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().into_owned()
}

pub fn module_of(file: &str) -> String {
    let inner = file.trim_start_matches("src/");
    inner.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
}

/// The file that opens a room: it says what the room is, and what it exports.
pub fn door_of(room: &str) -> String {
    format!("src/{room}.rs")
}

/// The layers as `lib.rs` draws them, the highest first.
pub fn layers() -> Vec<Vec<String>> {
    let text = read("src/lib.rs");
    let map = text.split("//! ```text\n").nth(1).expect("lib.rs draws the layers").split("//! ```").next().unwrap();
    let names = |line: &str| -> Vec<String> {
        let words = line.trim_start_matches("//! ").split("  ").map(str::trim).filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.map(str::to_owned).collect();
        words.pop();
        words
    };
    map.lines().map(names).collect()
}

pub fn code_of(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Every path that begins with `crate::`, with groups in braces written out.
fn imports(text: &str) -> Vec<String> {
    let code = code_of(text);
    code.match_indices("crate::").flat_map(|(at, start)| paths("", &code[at + start.len()..]).0).collect()
}

/// The paths at the beginning of a text, and how much of it they take up.
pub fn paths(prefix: &str, text: &str) -> (Vec<String>, usize) {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let end = text.find(|c| !is_path(c)).unwrap_or(text.len());
    let own = format!("{prefix}{}", &text[..end]);
    if !text[end..].starts_with('{') {
        return (vec![own], end);
    }
    let (mut found, mut at) = (Vec::new(), end + 1);
    loop {
        at += text[at..].find(|c: char| !c.is_whitespace() && c != ',').expect("a group ends");
        if text[at..].starts_with('}') {
            return (found, at + 1);
        }
        let (inner, length) = paths(&own, &text[at..]);
        assert!(length > 0, "not understood: {}", &text[at..text.len().min(at + 60)]);
        found.extend(inner);
        at += length;
    }
}

#[test]
fn groups_of_imports_are_written_out() {
    let text = "use crate::{a, b::{self, C}, d::E as F};\n// crate::no\nlet x = crate::g::h();\n";
    let expected = ["a", "b::self", "b::C", "d::E", "as", "F", "g::h"];
    let found: Vec<String> = imports(text).into_iter().collect();
    assert_eq!(found, expected);
}

#[test]
fn every_module_has_its_place_among_the_layers() {
    let layers: Vec<String> = layers().concat();
    for (file, _) in files("src", ".rs") {
        let module = module_of(&file);
        let is_known = layers.contains(&module) || ["lib", "main"].contains(&module.as_str());
        assert!(is_known, "{module} stands in no layer of lib.rs's map");
    }
}

#[test]
fn imports_go_down_only() {
    let layers = layers();
    let ranks: BTreeMap<&str, usize> = layers
        .iter()
        .enumerate()
        .flat_map(|(rank, names)| names.iter().map(move |name| (name.as_str(), rank)))
        .collect();
    // Doors are assembled from one another; plumbing knows itself.
    let shared = [0, layers.len() - 1];
    let mut wrong = Vec::new();
    for (file, text) in files("src", ".rs") {
        let module = module_of(&file);
        let Some(own) = ranks.get(module.as_str()) else { continue };
        for path in imports(&text) {
            let target = path.split("::").next().unwrap();
            let Some(rank) = ranks.get(target) else { continue };
            let is_fine = target == module || rank > own || (rank == own && shared.contains(rank));
            if !is_fine {
                wrong.push(format!("{file} imports crate::{path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "imports go down only:\n{}", wrong.join("\n"));
}

#[test]
fn nobody_imports_another_features_store_or_routes() {
    let doors = &layers()[0];
    let mut wrong = Vec::new();
    for (file, text) in files("src", ".rs").iter().filter(|(file, _)| !doors.contains(&module_of(file))) {
        for path in imports(text) {
            let mut parts = path.split("::");
            let (target, inner) = (parts.next().unwrap(), parts.next().unwrap_or_default());
            let is_feature = root().join("src").join(target).is_dir() && !["db", "http", "crypto"].contains(&target);
            if is_feature && target != module_of(file) && ["store", "routes"].contains(&inner) {
                wrong.push(format!("{file} imports crate::{path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "a feature's store and routes are its own:\n{}", wrong.join("\n"));
}

#[test]
fn files_and_functions_stay_short() {
    for (file, text) in files("src", ".rs") {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{file} has {lines} lines: split it by thing");
        if lines > MANY_LINES {
            println!("{file} has {lines} lines");
        }
    }
    assert!(read("clippy.toml").contains("too-many-lines-threshold = 60\n"));
    assert!(read("Cargo.toml").contains("\ntoo_many_lines = \"deny\"\n"));
}

#[test]
fn no_file_is_named_for_what_it_is_not_about() {
    let vague = ["utils", "util", "helpers", "common", "types", "manager", "service", "misc"];
    for (file, _) in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        let parts = file.trim_end_matches(".rs").split('/');
        for part in parts {
            assert!(!vague.contains(&part), "{file}: name it for its subject");
        }
    }
}

#[test]
fn every_folder_says_at_its_door_what_it_is() {
    for (file, _) in files("src", ".rs").iter().filter(|(file, _)| !file.contains("tests")) {
        let Some((folder, _)) = file.rsplit_once('/') else { continue };
        assert!(!file.ends_with("/mod.rs"), "{file}: a folder is opened by the file of its name next to it");
        let door = if folder == "src" { "src/lib.rs".to_owned() } else { format!("{folder}.rs") };
        assert!(read(&door).starts_with("//! "), "{door} does not say what its folder is");
    }
}

#[test]
fn no_lint_is_switched_off_in_silence() {
    // Put together, so that this file does not find itself.
    let (outer, inner) = (["#[", "allow"].concat(), ["#![", "allow"].concat());
    for (file, text) in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        assert!(!text.contains(&outer) && !text.contains(&inner), "{file}: use expect with a reason");
    }
}

/// The identifier at the beginning of a text.
#[test]
fn rows_are_matched_to_columns_by_name() {
    for (file, text) in files("src", ".rs") {
        for derived in text.split("#[derive(").skip(1).filter_map(|rest| rest.split(')').next()) {
            let mut traits = derived.split(',').map(|name| name.trim().trim_start_matches("diesel::"));
            let by_name = derived.contains("Selectable") || !traits.any(|name| name == "Queryable");
            assert!(by_name, "{file}: a row that is read by the order of its columns: {derived}");
        }
        assert!(!text.contains("::all_columns"), "{file}: `all_columns` reads by order: select the row itself");
    }
}

pub fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The types of a file that have a schema of their own.
fn schemas(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    let declared = |rest: &str| {
        let at = ["struct ", "enum "].iter().filter_map(|word| Some(rest.find(word)? + word.len())).min();
        at.map(|at| identifier(&rest[at..]))
    };
    for (at, start) in code.match_indices("#[derive(") {
        let rest = &code[at + start.len()..];
        let (derived, rest) = rest.split_once(")]").unwrap();
        if derived.contains("ToSchema") {
            names.extend(declared(rest));
        }
    }
    for (at, _) in code.match_indices("text_enum! {") {
        names.extend(declared(&code[at..]));
    }
    names
}

/// The contract knows a schema by its type's name alone: of two types with one name, one would be told in place of the
/// other.
#[test]
fn no_two_types_of_the_contract_share_a_name() {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (file, text) in files("src", ".rs") {
        for name in schemas(&code_of(&text)) {
            if let Some(other) = known.insert(name.clone(), file.clone()) {
                panic!("{name} is in {other} and in {file}: give one of them a name of its own");
            }
        }
    }
    assert!(known.len() > 400 && known.contains_key("SafeContactPlan"), "the types are not found: {}", known.len());
}

/// A step of a walkthrough: its text up to the file, the file, and the text after it.
type WalkStep = (String, String, String);

fn walk_step(number: &str, text: &str) -> WalkStep {
    let (before, after) = text.split_once(" in `src/").unwrap_or_else(|| panic!("{number} names no file: {text}"));
    let (file, after) = after.split_once('`').unwrap();
    (before.to_owned(), format!("src/{file}"), after.to_owned())
}

/// The walkthroughs of `docs/architecture.md`, each with its title.
fn walkthroughs() -> Vec<(String, Vec<WalkStep>)> {
    let text = read("docs/architecture.md");
    let sections = text.split("\n## ").filter(|section| section.starts_with("Follow "));
    let steps_of = |section: &str| {
        let flat = section.replace("\n    ", " ").replace("\n   ", " ");
        let title = flat.lines().next().unwrap_or_default().to_owned();
        let items = flat.lines().filter_map(|line| line.split_once(". "));
        let items = items.filter(|(number, _)| number.parse::<u8>().is_ok());
        let steps: Vec<WalkStep> = items.map(|(number, text)| walk_step(number, text)).collect();
        (title, steps)
    };
    sections.map(steps_of).collect()
}

/// The words of a text in backticks.
pub fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether a word occurs in code as a whole, and no part of a longer one.
fn has_word(code: &str, word: &str) -> bool {
    let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let mut found = code.match_indices(word);
    found.any(|(at, _)| is_end(code[..at].chars().next_back()) && is_end(code[at + word.len()..].chars().next()))
}

#[test]
fn each_walkthrough_leads_from_file_to_file_as_the_code_does() {
    let walkthroughs = walkthroughs();
    assert!(walkthroughs.len() >= 3, "the walkthroughs are not found: {}", walkthroughs.len());
    for (title, steps) in walkthroughs {
        assert!((10..=16).contains(&steps.len()), "{title}: {} files", steps.len());
        let mut before: Vec<String> = Vec::new();
        for (entries, file, after) in steps {
            let code = code_of(&read(&file));
            assert!(!before.contains(&code), "{title}: {file} is opened twice");
            assert!(quoted(&entries).count() > 0, "{title}: it does not say how {file} is entered");
            for entry in quoted(&entries) {
                let name = entry.rsplit([':', '.']).next().unwrap();
                assert!(code.contains(&format!("fn {name}")), "{title}: {file} has no function {name}");
                let is_called = before.is_empty() || before.iter().any(|code| has_word(code, entry));
                assert!(is_called, "{title}: no file before {file} calls {entry}");
            }
            for word in quoted(&after) {
                assert!(has_word(&code, word), "{title}: {file} says nothing of {word}");
            }
            before.push(code);
        }
    }
}

/// The documents of the project, but for the changelog, which names files as they were.
pub fn documents() -> Vec<(String, String)> {
    let mut found = files("docs", ".md");
    for document in ["README.md", "CONTRIBUTING.md", "SECURITY.md", "migrations/README.md", ".ci/README.md"] {
        found.push((document.to_owned(), read(document)));
    }
    found
}

/// What may be the path of a file in a text, without the part of it that a `#` names.
fn paths_named(text: &str) -> impl Iterator<Item = &str> {
    let is_of_a_path = |c: char| c.is_ascii_alphanumeric() || "_-./:#".contains(c);
    let words = text.split(move |c: char| !is_of_a_path(c)).filter(|word| !word.contains("://"));
    words.map(|word| word.split('#').next().unwrap_or_default().trim_end_matches(['.', ':']))
}

#[test]
fn a_document_that_is_cited_is_there() {
    let mut found = 0;
    for (file, text) in [files("src", ".rs"), files("tests", ".rs"), documents()].concat() {
        let folder = root().join(&file).parent().unwrap().to_owned();
        let is_cited =
            |name: &&str| name.strip_suffix(".md").is_some_and(|stem| !stem.is_empty() && !stem.starts_with('/'));
        for name in paths_named(&text).filter(is_cited) {
            assert!(
                root().join(name).exists() || folder.join(name).exists(),
                "{file} cites {name}, which is not there"
            );
            found += 1;
        }
    }
    assert!(found > 30, "the citations are not found: {found}");
}

#[test]
fn a_file_that_a_document_names_is_there() {
    let folders = ["src/", "tests/", "docs/", "migrations/", "benches/", "scripts/", "packaging/", ".ci/", "clients/"];
    for (file, text) in documents() {
        for name in paths_named(&text).filter(|name| folders.iter().any(|folder| name.starts_with(folder))) {
            assert!(root().join(name).exists(), "{file} names {name}, which is not there");
        }
    }
}

/// The fields under a `garde` rule: the rule, and what follows it up to the next field's.
fn ruled(code: &str) -> impl Iterator<Item = (&str, &str)> {
    let fields = code.split("#[garde(").skip(1).filter_map(|field| field.split("\n}").next());
    fields.map(|field| field.split_once(")]").expect("an attribute ends"))
}

/// What a field of the contract says as its `format`, where that is no format that utoipa knows.
fn format_of(attributes: &str) -> Option<&str> {
    attributes.split_once("format = \"")?.1.split('"').next()
}

#[test]
fn a_limit_of_a_text_field_is_written_once() {
    let mut found = 0;
    for (file, text) in files("src", ".rs") {
        let code = code_of(&text);
        for (rule, rest) in ruled(&code) {
            let at = rest.trim();
            let is_literal = ["max_length = ", "min_length = "].iter().any(|limit| rest.contains(limit));
            assert!(!is_literal || rule == "skip", "{file}: name the kind by `format` and check it by `limits`: {at}");
            let Some((_, named)) = rule.split_once("limits::") else { continue };
            let kind = identifier(named.trim_start_matches("plain_")).to_lowercase();
            let is_list = rest.contains("max_items = ");
            assert!(is_list || format_of(rest) == Some(&kind), "{file}: the format must be \"{kind}\": {at}");
            found += 1;
        }
        for (at, _) in code.match_indices("format = \"") {
            let name = format_of(&code[at..]).unwrap();
            assert!(KINDS.iter().any(|kind| kind.name == name), "{file}: {name} is no kind of text field");
        }
    }
    assert!(found > 150, "the fields are not found: {found}");
    let contract = read("openapi.yaml");
    for kind in KINDS {
        assert!(!contract.contains(&format!("format: {}\n", kind.name)), "{}: its limits are not written", kind.name);
    }
}

/// What people read: everything in `src/` but its tests, which name the words themselves, the contract, the documents.
fn product_texts() -> Vec<(String, String)> {
    let mut texts = files("src", ".rs");
    texts.retain(|(file, _)| !file.ends_with("/tests.rs") && !file.contains("/tests/"));
    for document in ["openapi.yaml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"] {
        if root().join(document).exists() {
            texts.push((document.to_owned(), read(document)));
        }
    }
    if root().join("docs").is_dir() {
        texts.extend(files("docs", ".md"));
    }
    texts
}

#[test]
fn people_may_be_of_any_gender() {
    for (file, text) in product_texts() {
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            // An example of pronouns that a survivor might state.
            if lower.contains("she/her") || lower.contains("he/him") {
                continue;
            }
            let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '_');
            let found = words.find(|word| ["he", "she", "his", "her", "hers", "him"].contains(word));
            assert!(found.is_none(), "{file}:{}: {line}", number + 1);
        }
    }
}

#[test]
fn words_that_blame_the_survivor_are_never_used() {
    for (file, text) in product_texts() {
        let flat = text.to_lowercase().replace(['\n', '_', '-'], " ");
        for word in ["streak", "false alarm", "false allegation"] {
            assert!(!flat.contains(word), "{file} says \"{word}\"");
        }
    }
}
