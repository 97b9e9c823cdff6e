//! How the rooms lie: how much is in a folder, which files import one another in a circle, which types of two rooms share a
//! name, and which files a comment names.

use std::collections::{BTreeMap, BTreeSet};

use super::architecture::{code_of, files, identifier, module_of, paths, quoted, root};

/// Lines that the files of one folder may have together, its subfolders apart.
const MOST_LINES_OF_A_FOLDER: usize = 3_000;

/// A module by its path, such as `["escalation", "alerts", "act"]`.
type Module = Vec<String>;

/// The files in `src` that are no tests, each with its module and its code.
fn modules() -> BTreeMap<Module, (String, String)> {
    let mut found = BTreeMap::new();
    for (file, text) in files("src", ".rs") {
        let path = file.trim_start_matches("src/").trim_end_matches(".rs");
        let module: Module = path.split('/').map(str::to_owned).collect();
        let is_root = ["lib", "main"].contains(&path);
        if !is_root && !module.iter().any(|part| part == "tests") {
            found.insert(module, (file, own_code(&text)));
        }
    }
    found
}

/// The code of a file up to its tests.
pub(super) fn own_code(text: &str) -> String {
    let code = code_of(text);
    let mut parts = code.split("\n#[cfg(test)]\n");
    let mut own = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // `mod tests;` is one line; tests with a body go on to the end of the file.
        let Some((_, rest)) = part.split_once('\n').filter(|(first, _)| first.ends_with(';')) else { break };
        own.push('\n');
        own.push_str(rest);
    }
    own
}

/// The modules that another imports, each as far as it is a file of its own; neither its parents nor its children.
fn imported(module: &Module, code: &str, known: &BTreeMap<Module, (String, String)>) -> BTreeSet<Module> {
    let is_inside =
        |before: &str| before.ends_with("::") || before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let mut found = BTreeSet::new();
    for start in ["crate::", "super::"] {
        let starts = code.match_indices(start).map(|(at, _)| at).filter(|at| !is_inside(&code[..*at]));
        for at in starts {
            let (base, rest) = base_of(module, &code[at..]);
            assert!(
                start == "crate::" || !base.is_empty(),
                "{module:?}: what is outside of a room is named by `crate`"
            );
            for path in paths("", rest).0 {
                let mut whole = base.clone();
                whole.extend(path.split("::").map(str::to_owned));
                while !whole.is_empty() && !known.contains_key(&whole) {
                    whole.pop();
                }
                found.insert(whole);
            }
        }
    }
    found.retain(|other| !other.is_empty() && !other.starts_with(module) && !module.starts_with(other));
    found
}

/// The module where a path begins, and the rest of the path.
fn base_of<'a>(module: &Module, path: &'a str) -> (Module, &'a str) {
    if let Some(rest) = path.strip_prefix("crate::") {
        return (Vec::new(), rest);
    }
    let (mut base, mut rest) = (module.clone(), path);
    while let Some(inner) = rest.strip_prefix("super::") {
        base.pop();
        rest = inner;
    }
    (base, rest)
}

/// All modules that one leads to by its imports.
fn reached<'a>(edges: &'a BTreeMap<Module, BTreeSet<Module>>, from: &'a Module) -> BTreeSet<&'a Module> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(module) = open.pop() {
        for next in edges.get(module).into_iter().flatten() {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}

#[test]
fn no_folder_is_a_heap() {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (file, text) in files("src", ".rs") {
        // The file that opens a folder counts with what is in it.
        let stem = file.trim_end_matches(".rs");
        let folder = if root().join(stem).is_dir() { stem } else { file.rsplit_once('/').unwrap().0 };
        *lines.entry(folder.to_owned()).or_default() += text.lines().count();
    }
    for (folder, lines) in lines {
        assert!(lines <= MOST_LINES_OF_A_FOLDER, "{folder} has {lines} lines: give what belongs together a room");
    }
}

#[test]
fn files_do_not_import_one_another_in_a_circle() {
    let known = modules();
    let edges: BTreeMap<Module, BTreeSet<Module>> =
        known.iter().map(|(module, (_, code))| (module.clone(), imported(module, code, &known))).collect();
    assert!(edges.values().map(BTreeSet::len).sum::<usize>() > 1_000, "the imports are not found");
    let is_in_circle = |module: &Module| reached(&edges, module).contains(module);
    let found: Vec<&str> =
        known.iter().filter(|(module, _)| is_in_circle(module)).map(|(_, (file, _))| file.as_str()).collect();
    assert!(found.is_empty(), "files that import one another in a circle: {found:#?}");
}

#[test]
fn circles_are_found() {
    let module = |text: &str| text.split("::").map(str::to_owned).collect::<Module>();
    let code = |text: &str| (String::new(), text.to_owned());
    let known = BTreeMap::from([
        (module("a"), code("")),
        (module("a::b"), code("use super::c::{self, D};\n")),
        (module("a::c"), code("use crate::{a::b::E, z};\n")),
        (module("a::c::d"), code("use super::F;\n")),
    ]);
    let edges: BTreeMap<Module, BTreeSet<Module>> =
        known.iter().map(|(module, (_, code))| (module.clone(), imported(module, code, &known))).collect();
    let in_circle: Vec<&Module> = known.keys().filter(|module| reached(&edges, module).contains(module)).collect();
    assert_eq!(in_circle, [&module("a::b"), &module("a::c")]);
}

/// What a line of code declares: the name of a struct, an enum or a trait.
fn declared(line: &str) -> Option<String> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub(") {
        Some(rest) => rest.split_once(") ")?.1,
        None => line.strip_prefix("pub ").unwrap_or(line),
    };
    let name = ["struct ", "enum ", "trait "].iter().find_map(|word| line.strip_prefix(word)).map(identifier)?;
    (!name.is_empty()).then_some(name)
}

#[test]
fn types_of_different_rooms_have_different_names() {
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, code) in modules().into_values() {
        for name in code.lines().filter_map(declared) {
            rooms.entry(name).or_default().insert(module_of(&file));
        }
    }
    assert!(rooms.len() > 900, "the types are not found: {}", rooms.len());
    rooms.retain(|_, rooms| rooms.len() > 1);
    assert!(rooms.is_empty(), "types of different rooms that share a name: {rooms:#?}");
}

#[test]
fn a_file_that_a_comment_names_is_there() {
    let all = [files("src", ".rs"), files("tests", ".rs"), files("benches", ".rs")].concat();
    let mut found = 0;
    for (file, text) in &all {
        let comments = text.lines().filter_map(|line| line.get(line.find("//")?..));
        for name in comments.flat_map(quoted) {
            let is_path = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
            if !is_path || !name.ends_with(".rs") || name.starts_with('.') {
                continue;
            }
            let is_there =
                |other: &str| other.strip_suffix(name).is_some_and(|folder| folder.is_empty() || folder.ends_with('/'));
            assert!(all.iter().any(|(other, _)| is_there(other)), "{file} names {name}, which is not there");
            found += 1;
        }
    }
    assert!(found > 40, "the names are not found: {found}");
}

#[test]
fn nothing_but_the_demo_hashes_at_next_to_no_cost() {
    let names = |(_, text): &(String, String)| code_of(text).contains("Cost::MadeUp");
    let found: Vec<String> = files("src", ".rs").into_iter().filter(names).map(|(file, _)| file).collect();
    assert_eq!(found, ["src/cli/demo.rs", "src/crypto/password.rs"]);
}
