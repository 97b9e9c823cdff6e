//! Goals on the Goal Attainment Scale.
//!
//! Each goal says what five levels mean for this participant, from -2 (much less than expected) through 0 (as expected)
//! to 2 (much more than expected): Kiresuk & Sherman, "Goal attainment scaling", Community Mental Health Journal 4
//! (1968). A goal is `proposed → agreed → reviewed → achieved`, and while it is open it may be `discontinued` or `revised`;
//! `machine` holds the table. Its wording for the participant is apart from its statement and is used only once a
//! supervisor has checked it. A score never lowers a survivor's risk.

pub mod act;
pub mod attainment;
mod machine;
mod model;
pub(super) mod reviews;
pub mod revise;
mod store;
pub mod t_score;
pub mod wording;

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use attainment::{Attainment, attainment};
pub use model::{GoalEventRow, GoalReviewRow, GoalRow, GoalState, GoalWithReviews, MeasuredBy, WordingState};
pub(super) use store::{find_review, insert_review, withdraw_review};
pub use store::{list_goals, list_goals_page, list_reviews};

use super::record::notices::{self, NoticeKind};
use crate::access::{self, ParticipantAccess};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{Day, GoalId, Instant, ParticipantId, court_day};
use crate::error::{Error, FieldError, Result};
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;
use reviews::GoalReviewView;

/// What each level of a goal means. No level may be measured by what the survivor reports.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Much less than expected.
    #[schema(format = "paragraph", example = "Contact or attempts every week")]
    #[serde(rename = "-2")]
    much_less: String,
    /// Less than expected.
    #[schema(format = "paragraph", example = "One attempt at contact in four weeks")]
    #[serde(rename = "-1")]
    less: String,
    /// As expected.
    #[schema(format = "paragraph", example = "No attempt in four weeks; urges reported in sessions")]
    #[serde(rename = "0")]
    expected: String,
    /// More than expected.
    #[schema(format = "paragraph", example = "No attempt in eight weeks; uses a skill when an urge comes")]
    #[serde(rename = "1")]
    more: String,
    /// Much more than expected.
    #[schema(format = "paragraph", example = "No attempt in twelve weeks; urges rare and short")]
    #[serde(rename = "2")]
    much_more: String,
}

impl Levels {
    /// What each level means, the lowest first.
    #[must_use]
    pub fn in_order(&self) -> [(i32, &str); 5] {
        [
            (-2, self.much_less.as_str()),
            (-1, self.less.as_str()),
            (0, self.expected.as_str()),
            (1, self.more.as_str()),
            (2, self.much_more.as_str()),
        ]
    }

    /// Refuses a level that says nothing or too much. Not by `garde`, which would name the field and not its key.
    fn check(&self) -> Result<()> {
        let all = [&self.much_less, &self.less, &self.expected, &self.more, &self.much_more];
        let wrong = (-2..).zip(all).filter_map(|(level, text)| {
            let why = limits::plain_paragraph(text, &()).err()?;
            Some(FieldError { pointer: format!("/levels/{level}"), code: "not_allowed", detail: why.to_string() })
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
    #[schema(value_type = String, format = "narrative", example = "No contact with the survivor by any means")]
    statement: Private,
    /// What it is about, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "no_contact")]
    domain: String,
    /// How it makes the survivor safer or better.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "They can use their telephone without fear")]
    survivor_benefit: Private,
    /// The words that the participant is given, apart from the statement.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Let urges pass without acting on them")]
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
    /// What its level is read from; never what the survivor reports.
    // Read as text, so that the refusal can say why.
    #[garde(custom(is_measure))]
    #[schema(value_type = Option<MeasuredBy>)]
    #[serde(default)]
    measured_by: Option<String>,
}

impl CreateGoalBody {
    /// What its level is read from: without a word, what the practitioner observes.
    fn measure(&self) -> MeasuredBy {
        let stated = self.measured_by.as_deref().and_then(|word| word.parse().ok());
        stated.unwrap_or(MeasuredBy::PractitionerObservation)
    }
}

const MEASURE_WORDS: &str = "must be self_report, diary, practitioner_observation, probation_record or police_record: no \
    level may be measured by what the survivor reports";

fn is_measure(text: &Option<String>, _: &()) -> garde::Result {
    let is_known = text.as_deref().is_none_or(|word| word.parse::<MeasuredBy>().is_ok());
    if is_known { Ok(()) } else { Err(garde::Error::new(MEASURE_WORDS)) }
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
    /// Its state.
    pub state: GoalState,
}

/// A goal with its reviews, for staff. Nothing of it but the participant's wording is meant for the participant.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct GoalView {
    /// Id.
    pub id: GoalId,
    /// Its state.
    pub state: GoalState,
    /// What is to be reached.
    pub statement: String,
    /// What it is about, as a code.
    #[schema(example = "no_contact")]
    pub domain: String,
    /// How it makes the survivor safer or better.
    pub survivor_benefit: String,
    /// The words that the participant is given.
    pub participant_wording: Option<String>,
    /// What each of the five levels means.
    pub levels: Levels,
    /// The level at the start.
    pub baseline: i32,
    /// How much it counts.
    pub weight: i32,
    /// What its level is read from.
    pub measured_by: MeasuredBy,
    /// By when.
    pub target_on: Option<Day>,
    /// The state of the participant's wording; it may be used once it is checked.
    pub wording_state: Option<WordingState>,
    /// The day on which the participant agreed.
    pub agreed_on: Option<Day>,
    /// When a supervisor approved it.
    pub approved_at: Option<Instant>,
    /// When it was achieved, discontinued or revised.
    pub closed_at: Option<Instant>,
    /// The goal that it replaces.
    pub supersedes: Option<GoalId>,
    /// The goal that replaces it.
    pub superseded_by: Option<GoalId>,
    /// When it was set.
    pub created_at: Instant,
    /// Its reviews, oldest first; those that were withdrawn or corrected, too, which do not count.
    pub reviews: Vec<GoalReviewView>,
}

impl GoalView {
    /// The view of a goal.
    pub fn of(keys: &Keys, found: &GoalWithReviews) -> Result<Self> {
        let goal = &found.goal;
        let levels = open!(keys, goal.levels)?;
        Ok(Self {
            id: goal.id,
            state: goal.state,
            statement: open!(keys, goal.statement)?.shown(),
            domain: goal.domain.clone(),
            survivor_benefit: open!(keys, goal.survivor_benefit)?.shown(),
            participant_wording: goal.open_wording(keys)?.shown(),
            levels: serde_json::from_str(levels.expose_secret())?,
            baseline: goal.baseline,
            weight: goal.weight,
            measured_by: goal.measured_by,
            target_on: goal.target_on,
            wording_state: goal.wording_state,
            agreed_on: goal.agreed_on,
            approved_at: goal.approved_at,
            closed_at: goal.closed_at,
            supersedes: goal.supersedes_id,
            superseded_by: goal.superseded_by_id,
            created_at: goal.created_at,
            reviews: GoalReviewView::of_goal(keys, found)?,
        })
    }
}

/// Sets a goal, which waits for its wording to be checked, for the participant's agreement, and for approval.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 422 for a level without words.
pub fn propose(tx: &mut Tx<'_>, by: &Staff, participant: ParticipantId, body: &CreateGoalBody) -> Result<MadeGoalView> {
    let access = access::participant(tx, by, participant)?;
    let row = set(tx, by, &access, body, None)?;
    Ok(MadeGoalView { id: row.id, state: row.state })
}

/// Keeps a new goal, which may stand in another's place.
fn set(
    tx: &mut Tx<'_>,
    by: &Staff,
    access: &ParticipantAccess,
    body: &CreateGoalBody,
    supersedes: Option<GoalId>,
) -> Result<GoalRow> {
    body.levels.check()?;
    if body.target_on.is_some_and(|target_on| target_on.0 < court_day(tx.now)) {
        let pointer = if supersedes.is_some() { "/goal/target_on" } else { "/target_on" };
        return Err(Error::field(pointer, "not_allowed", "a target lies ahead"));
    }
    let (keys, id) = (tx.keys, GoalId::new(tx.now));
    let new = GoalRow::sealing(keys, access.id(), id);
    let levels = Private::from(serde_json::to_string(&body.levels)?);
    let wording = body.participant_wording.as_ref();
    let row = GoalRow {
        id,
        participant_id: access.id(),
        domain: body.domain.clone(),
        statement: seal!(new.statement, &body.statement)?,
        survivor_benefit: seal!(new.survivor_benefit, &body.survivor_benefit)?,
        participant_wording: seal!(new.participant_wording, &wording)?,
        levels: seal!(new.levels, &levels)?,
        baseline: body.baseline,
        weight: body.weight,
        target_on: body.target_on,
        state: GoalState::Proposed,
        created_at: tx.now,
        created_by: Some(by.id),
        measured_by: body.measure(),
        wording_state: wording.map(|_| WordingState::Proposed),
        wording_version: 1,
        agreed_on: None,
        approved_by: None,
        approved_at: None,
        closed_at: None,
        supersedes_id: supersedes,
        superseded_by_id: None,
        version: 1,
    };
    store::insert_goal(tx, row.clone())?;
    act::remember(tx, by, &row, act::GoalHistoryStep::of_goal("propose", None, GoalState::Proposed), None)?;
    if let Some(wording) = wording {
        act::remember(
            tx,
            by,
            &row,
            act::GoalHistoryStep::of_wording("propose", None, WordingState::Proposed, wording),
            None,
        )?;
        notices::make(tx, access, NoticeKind::WordingToCheck, Some(id))?;
    }
    Ok(row)
}

/// A goal with its reviews, for somebody who works with its participant.
///
/// # Errors
/// 404 for everybody else.
pub fn read(tx: &mut Tx<'_>, by: &Staff, id: GoalId) -> Result<GoalWithReviews> {
    let goal = store::find_goal(tx.conn, id)?.ok_or(Error::NotFound)?;
    access::participant(tx, by, goal.participant_id)?;
    store::find_with_reviews(tx.conn, goal)
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
            (json!({ "-2": "a", "-1": "b", "0": "c", "1": "d", "2": "e", "3": "f" }), "/levels"),
            (json!({ "-2": " ", "-1": "b", "0": "c", "1": "d", "2": "e" }), "/levels/-2"),
        ];
        for (levels, at) in wrong {
            assert_eq!(read(&goal(levels)).err().as_deref(), Some(at));
        }
    }

    #[test]
    fn no_level_is_measured_by_what_the_survivor_reports() {
        let five = json!({ "-2": "a", "-1": "b", "0": "c", "1": "d", "2": "e" });
        let with = |measure: &str| {
            let mut body = goal(five.clone());
            body["measured_by"] = json!(measure);
            read(&body)
        };
        for measure in MeasuredBy::ALL {
            assert_eq!(with(measure.as_str()).ok().unwrap().measure(), *measure);
            assert!(MEASURE_WORDS.contains(measure.as_str()), "{measure}");
        }
        for refused in ["survivor_report", "survivor", "check_in", "incident", ""] {
            assert_eq!(with(refused).err().as_deref(), Some("/measured_by"), "{refused}");
        }
        assert_eq!(read(&goal(five)).ok().unwrap().measure(), MeasuredBy::PractitionerObservation);
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
