use garde::Validate;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;
use crate::http::parse;

#[derive(Debug, PartialEq, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
struct Body {
    #[garde(range(min = 0, max = 4))]
    fear: i32,
    #[garde(range(min = 0, max = 100))]
    battery: Option<i32>,
    #[garde(skip)]
    note: Option<String>,
    #[garde(length(max = 3), inner(range(min = 1, max = 9)))]
    #[serde(default)]
    marks: Vec<u8>,
    #[garde(skip)]
    is_sure: Option<bool>,
    #[garde(dive)]
    mood: Option<Mood>,
    #[garde(skip)]
    place: Option<Spot>,
    #[garde(skip)]
    at: Option<Instant>,
}

#[derive(Debug, PartialEq, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
struct Mood {
    #[garde(range(min = 0, max = 4))]
    calm: Option<i32>,
    #[garde(range(min = 0, max = 4))]
    sleep: Option<i32>,
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Spot {
    lat: f64,
    lon: f64,
    accuracy_m: Option<f64>,
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field { name, shape }
}

const FIELDS: [Field; 8] = [
    field("fear", Shape::Plain),
    field("battery", Shape::Plain),
    field("note", Shape::Text(10)),
    field("marks", Shape::List(3, &[])),
    field("is_sure", Shape::Plain),
    field("mood", Shape::Object(&["calm", "sleep"])),
    field("place", Shape::Position),
    field("at", Shape::Moment),
];

fn read(sent: &[u8]) -> LenientRead<Body> {
    take(&LenientJson::read(sent), &FIELDS, &[("fear", json!(4))], parse).unwrap()
}

#[test]
fn what_can_be_read_is_taken_and_what_cannot_is_named() {
    let cases: [(Value, Value, &[&str]); 12] = [
        (json!({"fear": 2, "battery": 101}), json!({"fear": 2}), &["/battery"]),
        (json!({"fear": "2", "is_sure": "true", "app": {"version": 3}}), json!({"fear": 2, "is_sure": true}), &[]),
        (json!({"fear": 5}), json!({"fear": 4}), &["/fear"]),
        (json!({"fear": 1, "note": " "}), json!({"fear": 1}), &[]),
        (json!({"fear": 1, "note": "abcdefghijkl"}), json!({"fear": 1, "note": "abcdefghij"}), &["/note"]),
        (json!({"fear": 1, "note": 7}), json!({"fear": 1}), &["/note"]),
        (json!({"fear": 1, "marks": [0, 3, "x", 4]}), json!({"fear": 1, "marks": [3]}), &["/marks"]),
        (json!({"fear": 1, "marks": [3, 0, 12]}), json!({"fear": 1, "marks": [3]}), &["/marks/1", "/marks/2"]),
        (
            json!({"fear": 1, "mood": {"calm": 9, "sleep": 2, "x": 1}}),
            json!({"fear": 1, "mood": {"sleep": 2}}),
            &["/mood/calm"],
        ),
        (
            json!({"fear": 1, "place": {"lat": "53.5", "lon": -1, "accuracy_m": -1, "altitude": 80}}),
            json!({"fear": 1, "place": {"lat": 53.5, "lon": -1.0}}),
            &["/place/accuracy_m"],
        ),
        (json!({"fear": 1, "place": {"lat": 91, "lon": -1, "accuracy_m": 3}}), json!({"fear": 1}), &["/place"]),
        (json!({"fear": 1, "at": "٢٠٢٦-١١-٢٩T٢٠:١٤:٠٥Z"}), json!({"fear": 1, "at": "2026-11-29T20:14:05Z"}), &[]),
    ];
    for (sent, taken, named) in cases {
        let read = read(sent.to_string().as_bytes());
        assert_eq!(read.body, serde_json::from_value(taken).unwrap(), "{sent}");
        assert_eq!(read.dropped, named, "{sent}");
    }
}

#[test]
fn what_is_cut_off_says_so_of_the_whole_and_of_nothing_else() {
    let read = read(b"{\"fear\":2,\"battery\":101,\"note\":\"He is");
    assert_eq!((read.body.fear, read.body.note.as_deref()), (2, Some("He is")));
    assert_eq!((read.dropped, read.missing.len()), (vec![String::new()], 0));
}

#[test]
fn what_has_to_be_there_stands_on_what_is_safe() {
    let read = read(b"nothing");
    assert_eq!((read.body.fear, read.missing, read.dropped), (4, vec!["fear"], vec![String::new()]));
}

#[test]
fn moments_in_no_script_at_all_are_none() {
    for sent in ["2026-11-29T8:14:05 PMZ", "2026-11-29T20:14:05", "yesterday", ""] {
        assert_eq!(moment(&json!(sent)), None, "{sent}");
    }
    assert_eq!((moment(&json!(1_764_447_245)), moment(&Value::Null)), (None, None));
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("(lat|lon|accuracy_m|calm|x)", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_sent_is_read_and_only_known_names_are_said(
        fields in prop::collection::btree_map("(fear|battery|note|marks|is_sure|mood|place|at|app)", anything(), 0..9),
        cut in prop::option::of(0..200_usize),
    ) {
        let text = Value::Object(fields.into_iter().collect()).to_string();
        let sent = text.as_bytes();
        let taken = read(sent.get(..cut.unwrap_or(sent.len()).min(sent.len())).unwrap_or_default());
        for pointer in &taken.dropped {
            let name = pointer.split('/').nth(1);
            prop_assert!(name.is_none_or(|name| FIELDS.iter().any(|field| field.name == name)), "{}", pointer);
        }
        // What was taken would have been taken by the strict rules, too.
        prop_assert!(parse::<Body>(&serde_json::to_vec(&taken.body).unwrap()).is_ok());
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes);
    }
}
