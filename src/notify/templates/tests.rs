use serde_json::json;

use super::*;

/// Beginnings of words that would tell what this is, in English and Welsh; compared in lower case.
const BANNED: [&str; 58] = [
    // What it is, and whom it is for.
    "holdfast",
    "stalk",
    "survivor",
    "victim",
    "abus",
    "harass",
    "violen",
    "domestic",
    "perpetrator",
    "offend",
    "advocate",
    "support",
    "practitioner",
    "programme",
    "participant",
    "charity",
    "refuge",
    "lighthouse",
    // What may have happened.
    "safe",
    "danger",
    "urgent",
    "emergenc",
    "alert",
    "alarm",
    "threat",
    "risk",
    "help",
    "sos",
    "incident",
    "missed",
    "check-in",
    "check in",
    "checkin",
    "evidence",
    // Who might come.
    "police",
    "officer",
    "999",
    "court",
    "case",
    // The same in Welsh.
    "heddlu",
    "stelcian",
    "stelcio",
    "diogel",
    "perygl",
    "argyfwng",
    "rhybudd",
    "goroes",
    "dioddef",
    "trais",
    "cam-drin",
    "camdrin",
    "aflonydd",
    "cymorth",
    "cefnog",
    "eiriol",
    "digwyddiad",
    "risg",
    "larwm",
];

/// Words about the survivor that not even staff may find in a message outside of the portal.
const NOT_FOR_STAFF: [&str; 14] = [
    "holdfast", "survivor", "victim", "stalk", "police", "missed", "check-in", "help", "duress", "danger", "heddlu",
    "goroes", "dioddef", "perygl",
];

fn all(template: Template) -> Vec<Words> {
    // What must never be taken from the detail is in it.
    let detail = json!({"reference": "AL-6F2K-8C3D-M", "level": 3, "name": "Survivor", "place": "police"});
    let mut words = Vec::new();
    for wording in Wording::ALL {
        for language in Language::ALL {
            words.push(render(template, *wording, *language, &detail));
        }
    }
    words
}

#[test]
fn nothing_on_a_survivors_phone_says_what_this_is() {
    for template in Template::ALL.iter().filter(|template| !template.is_for_staff()) {
        for words in all(*template) {
            let said = format!("{} {}", words.title, words.text).to_lowercase();
            let found = BANNED.iter().find(|banned| said.contains(**banned));
            assert!(found.is_none(), "{template} says {found:?}: {said}");
            assert!(!said.contains("al-"), "{template} names an alert: {said}");
        }
    }
}

#[test]
fn staff_learn_a_reference_and_a_level_and_nothing_of_the_survivor() {
    for template in Template::ALL.iter().filter(|template| template.is_for_staff()) {
        for words in all(*template) {
            let is_of_an_alert = words.text.contains("AL-6F2K-8C3D-M") && words.text.contains('3');
            assert_eq!(is_of_an_alert, *template != Template::NoSupervisor, "{words:?}");
            let said = format!("{} {}", words.title, words.text).to_lowercase();
            let found = NOT_FOR_STAFF.iter().find(|banned| said.contains(**banned));
            assert!(found.is_none(), "{found:?}: {said}");
        }
    }
}

#[test]
fn staff_who_were_told_a_moment_ago_learn_how_often_it_came_since() {
    for (language, count) in [(Language::English, 1), (Language::English, 7), (Language::Welsh, 7)] {
        let detail = json!({"reference": "AL-6F2K-8C3D-M", "level": 4, "triggers_since": count});
        let words = render(Template::TaskWaiting, Wording::Plain, language, &detail);
        let told = if count == 1 { "once more".to_owned() } else { count.to_string() };
        assert!(words.text.contains(&told) && words.text.contains("AL-6F2K-8C3D-M"), "{words:?}");
        assert!(words.text.len() <= 160 && words.text.is_ascii(), "{words:?}");
        let found = NOT_FOR_STAFF.iter().find(|banned| words.text.to_lowercase().contains(**banned));
        assert!(found.is_none(), "{found:?}: {words:?}");
    }
}

#[test]
fn a_drill_says_that_it_is_one_wherever_it_is_read() {
    for (language, word) in [(Language::English, "exercise"), (Language::Welsh, "ymarfer")] {
        let detail = json!({"reference": "AL-6F2K-8C3D-M", "level": 4});
        let words = render(Template::ExerciseWaiting, Wording::Plain, language, &detail);
        for said in [&words.title, &words.text] {
            assert!(said.to_lowercase().contains(word), "{said}");
        }
        let real = render(Template::TaskWaiting, Wording::Plain, language, &detail);
        assert!(!format!("{} {}", real.title, real.text).to_lowercase().contains(word), "{real:?}");
    }
}

#[test]
fn every_text_fits_one_text_message_and_needs_no_unusual_letters() {
    for template in Template::ALL {
        for words in all(*template) {
            assert!(words.text.len() <= 160 && words.text.is_ascii(), "{words:?}");
        }
    }
}

#[test]
fn a_language_tag_finds_its_words_and_any_other_finds_english() {
    let tags = ["cy", "cy-GB", "en", "en-GB", "pl", ""].map(Language::of);
    use Language::{English, Welsh};
    assert_eq!(tags, [Welsh, Welsh, English, English, English, English]);
}
