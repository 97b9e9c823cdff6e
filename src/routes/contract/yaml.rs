//! The contract as YAML that every reader understands alike.
//!
//! Readers of YAML 1.1 take `yes`, `no` and `on` for booleans, and `09:00` for a number. What is not plainly a word is
//! therefore quoted, as JSON quotes it. Names keep the order in which people look for them. Crates that write YAML quote by YAML
//! 1.2 alone, or leave names and times bare.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Bytes of a line up to which a short list or record is written on it.
const LINE: usize = 118;

/// Words that some reader takes for something else.
const TAKEN: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// What is looked for first in each record; all else follows by its name.
const FIRST: [&str; 20] = [
    "openapi",
    "info",
    "servers",
    "name",
    "in",
    "tags",
    "type",
    "title",
    "format",
    "summary",
    "description",
    "required",
    "operationId",
    "x-who",
    "security",
    "parameters",
    "requestBody",
    "responses",
    "paths",
    "webhooks",
];

/// Writes a document.
pub fn write(document: &Value) -> String {
    let mut out = String::new();
    block(document, 0, &mut out);
    out
}

fn block(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(map) => {
            for (name, value) in ordered(map) {
                entry(&format!("{:indent$}{}:", "", scalar(name)), value, indent, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                item_of(item, indent, out);
            }
        }
        _ => {}
    }
}

fn entry(head: &str, value: &Value, indent: usize, out: &mut String) {
    match on_one_line(value, head.len()) {
        Some(text) => {
            let _infallible = writeln!(out, "{head} {text}");
        }
        None => {
            let _infallible = writeln!(out, "{head}");
            block(value, indent + 2, out);
        }
    }
}

/// An item of a list: its first line is behind the dash.
fn item_of(item: &Value, indent: usize, out: &mut String) {
    if let Some(text) = on_one_line(item, indent + 1) {
        let _infallible = writeln!(out, "{:indent$}- {text}", "");
        return;
    }
    let mut inner = String::new();
    block(item, indent + 2, &mut inner);
    let _infallible = write!(out, "{:indent$}- {}", "", inner.trim_start());
}

fn on_one_line(value: &Value, before: usize) -> Option<String> {
    let text = match value {
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let parts: Option<Vec<String>> = ordered(map)
                .into_iter()
                .map(|(name, value)| Some(format!("{}: {}", scalar(name), flat(value)?)))
                .collect();
            format!("{{{}}}", parts?.join(", "))
        }
        other => return flat(other).filter(|text| !other.is_array() || before + text.len() < LINE),
    };
    (before + text.len() < LINE).then_some(text)
}

/// A value that holds no record.
fn flat(value: &Value) -> Option<String> {
    match value {
        Value::Object(_) => None,
        Value::Array(items) => {
            let parts: Option<Vec<String>> =
                items.iter().map(|item| if item.is_array() { None } else { flat(item) }).collect();
            Some(format!("[{}]", parts?.join(", ")))
        }
        Value::String(text) => Some(scalar(text)),
        other => Some(other.to_string()),
    }
}

fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " _/.()$-".contains(c);
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || "_$/".contains(c))
        && text.chars().all(is_plain)
        && !text.ends_with(' ')
        && !TAKEN.contains(&text.to_ascii_lowercase().as_str());
    if is_word { text.to_owned() } else { Value::from(text).to_string() }
}

fn ordered(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let place = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(name, _)| place(name));
    entries
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_some_reader_takes_for_something_else_is_quoted() {
        for word in ["yes", "No", "on", "y", "null", "09:00", "2026-11-20", "1.0", "*/*", "a: b", "#x", "", "- x", "x "]
        {
            assert_eq!(scalar(word), format!("\"{word}\""));
        }
        for word in [
            "unsure",
            "share.police.alert",
            "$ref",
            "/app/v1/sync",
            "The survivor (of the record)",
            "en-GB",
            "yesterday",
        ] {
            assert_eq!(scalar(word), word);
        }
    }

    #[test]
    fn short_things_stand_on_one_line_and_the_rest_is_indented() {
        let document = json!({
            "paths": {"/a": {"get": {"tags": ["x", "on"], "responses": {"200": {"$ref": "#/b"}}}}},
            "openapi": "3.1.0", "components": {}, "of": [{"a": {"b": 1}, "c": null}],
        });
        let expected = "openapi: \"3.1.0\"\npaths:\n  /a:\n    get:\n      tags: [x, \"on\"]\n      responses:\n        \
            \"200\": {$ref: \"#/b\"}\ncomponents: {}\nof:\n  - a: {b: 1}\n    c: null\n";
        assert_eq!(write(&document), expected);
    }
}
