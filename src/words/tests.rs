use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::error::Code;

/// The messages of a file: each with its whole text, lines of its selectors included.
fn messages(text: &str) -> BTreeMap<String, String> {
    let (mut found, mut last) = (BTreeMap::<String, String>::new(), String::new());
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if line.starts_with(' ') {
            found.get_mut(&last).unwrap().push_str(line);
            continue;
        }
        let (id, message) = line.split_once(" = ").unwrap_or_else(|| panic!("{line}"));
        assert!(found.insert(id.to_owned(), message.to_owned()).is_none(), "{id} stands twice");
        last = id.to_owned();
    }
    found
}

fn variables(message: &str) -> BTreeSet<&str> {
    let name = |rest: &'_ str| rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    message.match_indices('$').map(|(at, _)| &message[at + 1..at + 1 + name(&message[at + 1..])]).collect()
}

#[test]
fn every_message_stands_in_both_languages_with_the_same_variables() {
    let mut all = BTreeSet::new();
    for (name, english, welsh) in FILES {
        for (language, text) in [("en", english), ("cy", welsh)] {
            let parsed = FluentResource::try_new((*text).to_owned());
            assert!(parsed.is_ok(), "{language}/{name}: {:?}", parsed.err().map(|(_, errors)| errors));
        }
        let (english, mut welsh) = (messages(english), messages(welsh));
        // The English titles of problems stand with their codes; see below.
        welsh.retain(|id, _| !id.starts_with("problem-"));
        let ids = |messages: &BTreeMap<String, String>| messages.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(ids(&english), ids(&welsh), "{name}");
        for (id, message) in &english {
            assert!(all.insert(id.clone()), "{id} stands in two files");
            let translated = &welsh[id];
            assert_eq!(variables(message), variables(translated), "{id}");
            assert!(translated != message || message.chars().filter(|c| c.is_alphabetic()).count() < 10, "{id}");
        }
    }
    assert!(all.len() > 100, "{}", all.len());
}

#[test]
fn what_staff_read_stands_in_no_other_file_and_can_be_read() {
    for (name, text) in STAFF_FILES {
        assert!(FluentResource::try_new((*text).to_owned()).is_ok(), "{name}");
        for id in messages(text).keys() {
            assert!(
                FILES.iter().all(|(_, english, _)| !messages(english).contains_key(id)),
                "{id} stands in two files"
            );
        }
    }
}

#[test]
fn every_problem_has_its_title_in_welsh() {
    let (_, _, welsh) = FILES.iter().find(|(name, _, _)| *name == "problems").unwrap();
    let titles: BTreeSet<String> =
        messages(welsh).into_keys().filter_map(|id| id.strip_prefix("problem-").map(str::to_owned)).collect();
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| code.word().to_owned()).collect();
    assert_eq!(titles, codes, "a code is new, or gone: say it in src/words/cy/problems.ftl");
}

#[test]
fn people_may_be_of_any_gender_in_both_languages() {
    let english = ["he", "she", "his", "her", "hers", "him", "himself", "herself"];
    let welsh = ["ef", "efe", "fe", "hi", "hithau", "yntau", "ganddo", "ganddi", "iddo", "iddi", "ynddo", "ynddi"];
    let of_staff = STAFF_FILES.iter().map(|(name, english)| (name, english, &""));
    for (name, en, cy) in FILES.iter().map(|(name, en, cy)| (name, en, cy)).chain(of_staff) {
        for (text, words) in [(en, english.as_slice()), (cy, welsh.as_slice())] {
            for (id, message) in messages(text) {
                let lower = message.to_lowercase();
                let mut said = lower.split(|c: char| !c.is_alphanumeric());
                assert_eq!(said.find(|word| words.contains(word)), None, "{name}: {id}");
            }
        }
    }
}

#[test]
fn words_that_blame_the_survivor_are_never_used() {
    let never = ["streak", "false alarm", "false allegation", "victim", "larwm ffug", "honiad ffug"];
    for (name, en, cy) in FILES {
        for (id, message) in messages(en).into_iter().chain(messages(cy)) {
            let lower = message.to_lowercase();
            // The names that services gave themselves.
            let found = never.iter().find(|word| lower.contains(**word) && !id.starts_with("line-"));
            assert_eq!(found, None, "{name}: {id}");
        }
    }
}

#[test]
fn a_tag_finds_its_language() {
    use Language::{English, Welsh};
    let tags = ["cy", "cy-GB", "CY", "en", "en-GB", "pl", ""].map(Language::of);
    assert_eq!(tags, [Welsh, Welsh, Welsh, English, English, English, English]);
    assert_eq!(["cy-GB", "pl"].map(Language::known), [Some(Welsh), None]);
}

#[test]
fn a_message_that_is_missing_is_told_by_its_id() {
    assert_eq!(say(Language::Welsh, "no-such-message"), "no-such-message");
    assert_eq!(find(Language::Welsh, "no-such-message", &[]), None);
}
