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

const PLANNED: FieldShapes<'static> = FieldShapes { ticked: &[], numbers: &[], lists: &[], moments: &["planned_at"] };

fn planned(at: &str, lowest: &str) -> Result<Planned> {
    let sent = [("planned_at", at), ("levels/-2", lowest), ("levels/2", "More")];
    let fields = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Filled { fields }.read_shaped(PLANNED)
}

fn wrong_at(read: Result<Planned>) -> Option<String> {
    match read.err() {
        Some(Error::Invalid { fields, .. }) => fields.first().map(|field| field.pointer.clone()),
        _ => None,
    }
}

#[test]
fn a_moment_is_by_the_clock_on_the_wall_and_a_part_is_of_its_whole() {
    for (at, expected) in [("2026-07-01T09:30", "2026-07-01T08:30:00Z"), ("2026-12-01T09:30", "2026-12-01T09:30:00Z")] {
        let body = planned(at, "Less").unwrap();
        assert_eq!(body.planned_at.to_string(), expected);
        assert_eq!((body.levels.lowest.as_str(), body.levels.highest.as_str()), ("Less", "More"));
    }
    // What is wrong is said of the field that it was typed into.
    assert_eq!(wrong_at(planned("on Friday", "Less")).as_deref(), Some("/planned_at"));
    assert_eq!(wrong_at(planned("", "Less")).as_deref(), Some("/planned_at"));
    assert_eq!(wrong_at(planned("2026-07-01T09:30", " ")).as_deref(), Some("/levels/-2"));
}

#[derive(serde::Deserialize, Validate)]
struct Planned {
    #[garde(skip)]
    planned_at: Instant,
    #[garde(skip)]
    levels: Parts,
}

#[derive(serde::Deserialize)]
struct Parts {
    #[serde(rename = "-2")]
    lowest: String,
    #[serde(rename = "2")]
    highest: String,
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
