//! A check-in, or a press of help-now, read so that no detail keeps a cry for help from being heard.

use serde_json::{Value, json};

use super::answer::{CreateCheckInBody, Given, HelpNowBody};
use super::model::Answer;
use crate::error::Result;
use crate::http::lenient::{self, Field, LenientJson, Shape};
use crate::http::{limits, parse};

const NOTE: Field = Field { name: "note", shape: Shape::Text(limits::NARRATIVE.most) };
const LOCATION: Field = Field { name: "location", shape: Shape::Position };
const BATTERY: Field = Field { name: "battery", shape: Shape::Plain };
const RECORDED_AT: Field = Field { name: "recorded_at", shape: Shape::Moment };

/// What help-now may bring.
const HELP_NOW: [Field; 4] = [NOTE, LOCATION, BATTERY, RECORDED_AT];

/// What a check-in may bring.
const CHECK_IN: [Field; 13] = [
    Field { name: "status", shape: Shape::Plain },
    Field { name: "check_in_id", shape: Shape::Plain },
    Field { name: "feeling_safe", shape: Shape::Plain },
    Field { name: "contact_since_last", shape: Shape::Plain },
    Field { name: "safe_to_contact", shape: Shape::Plain },
    Field { name: "call_back", shape: Shape::Plain },
    Field { name: "contact_by", shape: Shape::List(4, &[]) },
    Field { name: "wellbeing", shape: Shape::Object(&["sleep", "calm", "coping", "support"]) },
    Field { name: "answers", shape: Shape::List(3, &["question_id", "yes", "scale", "text"]) },
    NOTE,
    LOCATION,
    BATTERY,
    RECORDED_AT,
];

/// What an answer says of how it is, where that is a cry for help or a concern. Of two that it says, the graver counts.
#[must_use]
pub fn status(sent: &LenientJson) -> Option<Answer> {
    let words: Vec<String> = sent.said("status").filter_map(Value::as_str).map(plain).collect();
    let says = |word: &str| words.iter().any(|said| said == word);
    match () {
        () if says("helpnow") => Some(Answer::HelpNow),
        () if says("concern") => Some(Answer::Concern),
        () => None,
    }
}

/// A word without what apps write it with: capitals, spaces, hyphens.
fn plain(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}

/// Takes what can be read of an answer that says this much.
#[must_use]
pub fn read(sent: &LenientJson, status: Answer) -> Given {
    let mut said = sent.clone();
    said.fields.insert("status".to_owned(), json!(status));
    said.flaws.remove("/status");
    // Only the strict rules need a moment; one that the phone did not tell is not made up.
    let safe = [("recorded_at", json!("1970-01-01T00:00:00Z"))];
    let taken = lenient::take(&said, &CHECK_IN, &safe, |bytes| Ok(Given::from(parse::<CreateCheckInBody>(bytes)?)));
    let Ok(mut taken) = taken else { return nothing_but(status) };
    let is_told = !taken.missing.contains(&"recorded_at");
    Given {
        recorded_at: taken.body.recorded_at.filter(|_| is_told),
        answer_places: taken.places.remove("answers").unwrap_or_default(),
        dropped: taken.dropped,
        ..taken.body
    }
}

/// Takes what can be read of a press of help-now.
#[must_use]
pub fn read_help_now(sent: &LenientJson) -> Given {
    let strict = |bytes: &[u8]| -> Result<Given> { Ok(Given::from(parse::<HelpNowBody>(bytes)?)) };
    match lenient::take(sent, &HELP_NOW, &[], strict) {
        Ok(taken) => Given { dropped: taken.dropped, ..taken.body },
        Err(_) => nothing_but(Answer::HelpNow),
    }
}

fn nothing_but(status: Answer) -> Given {
    Given { dropped: vec![String::new()], ..Given::only(status) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use utoipa::PartialSchema;
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::Schema;

    use super::*;

    fn names(schema: RefOr<Schema>) -> BTreeSet<String> {
        match schema {
            RefOr::T(Schema::Object(object)) => object.properties.keys().cloned().collect(),
            _ => panic!("the schema of a body is an object"),
        }
    }

    #[test]
    fn the_lenient_reader_knows_every_field_that_the_strict_rules_know() {
        let known = |fields: &[Field]| fields.iter().map(|field| field.name.to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(known(&CHECK_IN), names(CreateCheckInBody::schema()));
        assert_eq!(known(&HELP_NOW), names(HelpNowBody::schema()));
    }

    #[test]
    fn a_status_is_read_however_an_app_writes_it() {
        let of = |text: &str| status(&LenientJson::read(text.as_bytes()));
        for said in ["help_now", "HELP_NOW", "help-now", "helpNow", " Help now "] {
            assert_eq!(of(&json!({"status": said}).to_string()), Some(Answer::HelpNow), "{said}");
        }
        assert_eq!(of("{\"status\":\"safe\",\"status\":\"help_now\",\"note\":\"cut"), Some(Answer::HelpNow));
        assert_eq!(of("{\"status\":\"help_now\",\"status\":\"safe\"}"), Some(Answer::HelpNow));
        assert_eq!(of("{\"status\":\"concern\"}"), Some(Answer::Concern));
        for said in ["{\"status\":\"safe\"}", "{\"status\":1}", "{}", "help_now", "{\"note\":\"help_now\"}"] {
            assert_eq!(of(said), None, "{said}");
        }
    }

    #[test]
    fn a_moment_that_was_not_told_is_not_made_up() {
        let read = |body: &str| read(&LenientJson::read(body.as_bytes()), Answer::HelpNow);
        assert_eq!(read("{}").recorded_at, None);
        assert!(read("{}").dropped.is_empty());
        let wrong = read("{\"recorded_at\":\"yesterday\"}");
        assert_eq!((wrong.recorded_at, wrong.dropped), (None, vec!["/recorded_at".to_owned()]));
    }
}
