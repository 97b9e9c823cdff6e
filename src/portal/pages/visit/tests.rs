//! What a form holds becomes the body of the API's call.

use super::*;
use crate::escalation::AlertActionBody;

#[test]
fn what_is_not_ticked_is_a_no() {
    let sent = [("note", "At home"), ("spoke_to_survivor", "true"), ("reason", "  ")];
    let fields = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let body: AlertActionBody = Filled { fields }.read(&["spoke_to_survivor", "outcome_confirmed"]).unwrap();
    assert_eq!((body.spoke_to_survivor, body.outcome_confirmed, body.reason), (Some(true), Some(false), None));
}

#[test]
fn a_number_is_one_and_a_list_holds_what_was_ticked() {
    let sent = [("score", "-1"), ("weight", "much"), ("rests_on", "alerts"), ("rests_on", "incidents")];
    let fields = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let filled = Filled { fields };
    assert!(filled.has("rests_on", "incidents") && !filled.has("rests_on", "check_ins"));
    let shapes = FieldShapes { numbers: &["score", "weight"], lists: &["rests_on"], ..FieldShapes::TEXT };
    let body: Shaped = filled.read_shaped(shapes).unwrap();
    assert_eq!((body.score, body.weight.as_str(), body.rests_on.len()), (-1, "much", 2));
}

#[derive(serde::Deserialize, Validate)]
struct Shaped {
    #[garde(skip)]
    score: i32,
    #[garde(skip)]
    weight: String,
    #[garde(skip)]
    rests_on: Vec<String>,
}
