//! Goals on the Goal Attainment Scale.
//!
//! Each goal says what five levels mean for this participant, from -2 (much less than expected) through 0 (as expected)
//! to 2 (much more than expected): Kiresuk & Sherman, "Goal attainment scaling", Community Mental Health Journal 4
//! (1968). A score never lowers a survivor's risk.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::day::Day;
use super::model::{GoalRow, GoalState, GoalWithReviews};
use super::reviews::GoalReviewView;
use super::store;
use crate::access;
use crate::crypto::{Keys, Private};
use crate::db::{GoalId, Instant, ParticipantId};
use crate::error::{Error, FieldError, Result};
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

/// Characters of one level.
const LEVEL_CHARS: usize = 2_000;

/// What each level of a goal means. No level may be measured by what the survivor reports.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Much less than expected.
    #[schema(min_length = 1, max_length = 2000, example = "Contact or attempts every week")]
    #[serde(rename = "-2")]
    much_less: String,
    /// Less than expected.
    #[schema(min_length = 1, max_length = 2000, example = "One attempt at contact in four weeks")]
    #[serde(rename = "-1")]
    less: String,
    /// As expected.
    #[schema(min_length = 1, max_length = 2000, example = "No attempt in four weeks; urges reported in sessions")]
    #[serde(rename = "0")]
    expected: String,
    /// More than expected.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "No attempt in eight weeks; uses a skill when an urge comes"
    )]
    #[serde(rename = "1")]
    more: String,
    /// Much more than expected.
    #[schema(min_length = 1, max_length = 2000, example = "No attempt in twelve weeks; urges rare and short")]
    #[serde(rename = "2")]
    much_more: String,
}

impl Levels {
    /// Refuses a level that says nothing or too much. Not by `garde`, which would name the field and not its key.
    fn check(&self) -> Result<()> {
        let all = [&self.much_less, &self.less, &self.expected, &self.more, &self.much_more];
        let is_wrong = |text: &str| text.trim().is_empty() || text.chars().count() > LEVEL_CHARS || text.contains('\0');
        let wrong = (-2..).zip(all).filter(|(_, text)| is_wrong(text)).map(|(level, _)| FieldError {
            pointer: format!("/levels/{level}"),
            code: "not_allowed",
            detail: format!("must be 1 to {LEVEL_CHARS} characters"),
        });
        let wrong: Vec<FieldError> = wrong.collect();
        if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
    }
}

/// A new goal.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGoalBody {
    /// What is to be reached.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, min_length = 1, max_length = 12000, example = "No contact with the survivor by any means")]
    statement: Private,
    /// What it is about, as a code.
    #[garde(custom(limits::code))]
    #[schema(pattern = "^[a-z0-9_]{1,64}$", example = "no_contact")]
    domain: String,
    /// How it makes the survivor safer or better.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, min_length = 1, max_length = 12000, example = "They can use their telephone without fear")]
    survivor_benefit: Private,
    /// The words that the participant is given, apart from the statement.
    #[garde(custom(limits::narrative_opt))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 12000, example = "Let urges pass without acting on them")]
    #[serde(default)]
    participant_wording: Option<Private>,
    /// What each of the five levels means.
    #[garde(skip)]
    levels: Levels,
    /// The level at the start.
    #[garde(range(min = -2, max = 2))]
    #[schema(minimum = -2, maximum = 2, default = -1, example = -1)]
    #[serde(default = "less_than_expected")]
    baseline: i32,
    /// How much it counts beside the others.
    #[garde(range(min = 1, max = 10))]
    #[schema(minimum = 1, maximum = 10, default = 1, example = 1)]
    #[serde(default = "once")]
    weight: i32,
    /// By when.
    #[garde(skip)]
    #[serde(default)]
    target_on: Option<Day>,
}

fn less_than_expected() -> i32 {
    -1
}

fn once() -> i32 {
    1
}

/// A goal that was set.
#[derive(Serialize, ToSchema)]
pub struct MadeGoalView {
    /// Id.
    pub id: GoalId,
    /// Where it stands.
    pub state: GoalState,
}

/// A goal with its reviews, for staff. Nothing of it but the participant's wording is meant for the participant.
#[derive(Serialize, ToSchema)]
pub struct GoalView {
    /// Id.
    pub id: GoalId,
    /// Where it stands.
    pub state: GoalState,
    /// What is to be reached.
    pub statement: String,
    /// What it is about, as a code.
    #[schema(example = "no_contact")]
    pub domain: String,
    /// How it makes the survivor safer or better.
    pub survivor_benefit: String,
    /// The words that the participant is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_wording: Option<String>,
    /// What each of the five levels means.
    pub levels: Levels,
    /// The level at the start.
    pub baseline: i32,
    /// How much it counts.
    pub weight: i32,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_on: Option<Day>,
    /// When it was set.
    pub created_at: Instant,
    /// Its reviews, oldest first.
    pub reviews: Vec<GoalReviewView>,
}

impl GoalView {
    /// The view of a goal.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn of(keys: &Keys, found: &GoalWithReviews) -> Result<Self> {
        let goal = &found.goal;
        let place = |column| GoalRow::place(goal.participant_id, goal.id, column);
        let wording = keys.open_opt(place("participant_wording"), goal.participant_wording.as_ref())?;
        let levels = keys.open_sealed(place("levels"), &goal.levels)?;
        Ok(Self {
            id: goal.id,
            state: goal.state,
            statement: keys.open_sealed(place("statement"), &goal.statement)?.expose_secret().to_owned(),
            domain: goal.domain.clone(),
            survivor_benefit: keys
                .open_sealed(place("survivor_benefit"), &goal.survivor_benefit)?
                .expose_secret()
                .to_owned(),
            participant_wording: wording.map(|wording| wording.expose_secret().to_owned()),
            levels: serde_json::from_str(levels.expose_secret())?,
            baseline: goal.baseline,
            weight: goal.weight,
            target_on: goal.target_on,
            created_at: goal.created_at,
            reviews: found.reviews.iter().map(|review| GoalReviewView::of(keys, review)).collect::<Result<_>>()?,
        })
    }
}

/// Sets a goal, which waits for a supervisor's approval.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 422 for a level without words.
pub fn propose(tx: &mut Tx<'_>, by: &Staff, participant: ParticipantId, body: &CreateGoalBody) -> Result<MadeGoalView> {
    let access = access::participant(tx, by, participant)?;
    body.levels.check()?;
    let (keys, id) = (tx.app.keys.clone(), GoalId::new(tx.now));
    let place = |column| GoalRow::place(access.id(), id, column);
    let levels = Private::from(serde_json::to_string(&body.levels)?);
    let row = GoalRow {
        id,
        participant_id: access.id(),
        domain: body.domain.clone(),
        statement: keys.seal(place("statement"), &body.statement)?,
        survivor_benefit: keys.seal(place("survivor_benefit"), &body.survivor_benefit)?,
        participant_wording: keys.seal_opt(place("participant_wording"), body.participant_wording.as_ref())?,
        levels: keys.seal(place("levels"), &levels)?,
        baseline: body.baseline,
        weight: body.weight,
        target_on: body.target_on,
        state: GoalState::Proposed,
        created_at: tx.now,
    };
    let made = MadeGoalView { id, state: row.state };
    store::insert_goal(tx.conn, row)?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::http::body::parse;

    fn goal(levels: serde_json::Value) -> serde_json::Value {
        json!({ "statement": "s", "domain": "no_contact", "survivor_benefit": "b", "levels": levels })
    }

    fn read(body: &serde_json::Value) -> std::result::Result<CreateGoalBody, String> {
        let body = parse(body.to_string().as_bytes());
        let checked = body.and_then(|body: CreateGoalBody| body.levels.check().map(|()| body));
        checked.map_err(|error| match error {
            Error::Invalid { fields, .. } => fields.into_iter().map(|field| field.pointer).collect(),
            other => other.to_string(),
        })
    }

    #[test]
    fn a_goal_names_exactly_five_levels_and_starts_below_the_expected_one() {
        let five = json!({ "-2": "a", "-1": "b", "0": "c", "1": "d", "2": "e" });
        let body = read(&goal(five.clone())).ok().unwrap();
        assert_eq!((body.baseline, body.weight), (-1, 1));
        assert_eq!(serde_json::to_value(&body.levels).unwrap(), five);
        let wrong = [
            (json!({ "-2": "a", "-1": "b", "0": "c", "1": "d" }), "/levels/2"),
            (json!({ "-2": "a", "-1": "b", "0": "c", "1": "d", "2": "e", "3": "f" }), "/levels/3"),
            (json!({ "-2": " ", "-1": "b", "0": "c", "1": "d", "2": "e" }), "/levels/-2"),
        ];
        for (levels, at) in wrong {
            assert_eq!(read(&goal(levels)).err().as_deref(), Some(at));
        }
    }

    proptest! {
        #[test]
        fn baseline_and_weight_stay_on_their_scales(baseline in -20i32..20, weight in -20i32..20) {
            let mut body = goal(json!({ "-2": "a", "-1": "b", "0": "c", "1": "d", "2": "e" }));
            body["baseline"] = json!(baseline);
            body["weight"] = json!(weight);
            prop_assert_eq!(read(&body).is_ok(), (-2..=2).contains(&baseline) && (1..=10).contains(&weight));
        }
    }
}
