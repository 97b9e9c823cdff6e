//! What answers come to: the score, the rating that the tool gives it, and what speaks for a Marac. Pure.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tools::{ItemKind, Tool, ToolItem};
use crate::error::{Error, FieldError, Result};
use crate::identity::RiskRating;

/// The largest number that an item is answered with.
const MOST: i32 = 10_000;

/// An answer to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ToolAnswer {
    /// `yes`, `no` or `unknown`.
    Word(AnswerWord),
    /// A number.
    Number(i32),
}

/// An answer in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerWord {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Nobody knows, or it was not asked.
    Unknown,
}

/// An item with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemAnswer {
    /// Which item.
    #[schema(example = "q01")]
    pub code: String,
    /// Its answer.
    pub answer: ToolAnswer,
}

/// Makes sure that the answers are answers to this tool, each given once. What is left out is unknown.
pub fn check(tool: &Tool, answers: &[ItemAnswer]) -> Result<()> {
    let items: HashMap<&str, &ToolItem> = tool.items.iter().map(|item| (item.code.as_str(), item)).collect();
    let (mut wrong, mut seen) = (Vec::new(), std::collections::HashSet::new());
    for (position, given) in answers.iter().enumerate() {
        let mut refuse = |field: &str, code, detail: &str| {
            let pointer = format!("/answers/{position}/{field}");
            wrong.push(FieldError { pointer, code, detail: detail.to_owned() });
        };
        let Some(item) = items.get(given.code.as_str()) else {
            refuse("code", "unknown", "the tool has no such item");
            continue;
        };
        if !seen.insert(given.code.as_str()) {
            refuse("code", "duplicate", "this item was answered before");
        }
        let fits = match (item.kind, given.answer) {
            (_, ToolAnswer::Word(AnswerWord::Unknown)) | (ItemKind::YesNo, ToolAnswer::Word(_)) => true,
            (ItemKind::Number, ToolAnswer::Number(number)) => (0..=MOST).contains(&number),
            _ => false,
        };
        if !fits {
            refuse("answer", "not_allowed", "this item is not answered so");
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}

/// What the answers come to, where the tool adds them up.
pub fn score(tool: &Tool, answers: &[ItemAnswer]) -> Option<i32> {
    let points = |given: &ItemAnswer| {
        let item = tool.items.iter().find(|item| item.code == given.code);
        item.map_or(0, |item| item.points.saturating_mul(amount(given.answer)))
    };
    tool.is_scored.then(|| answers.iter().map(points).fold(0, i32::saturating_add))
}

fn amount(answer: ToolAnswer) -> i32 {
    match answer {
        ToolAnswer::Word(AnswerWord::Yes) => 1,
        ToolAnswer::Word(_) => 0,
        ToolAnswer::Number(number) => number.clamp(0, MOST),
    }
}

/// What the tool says of a score; unassessed where it gives none.
pub fn tool_rating(tool: &Tool, score: Option<i32>) -> RiskRating {
    let reaches = |from: Option<i32>| score.zip(from).is_some_and(|(score, from)| score >= from);
    match score {
        None => RiskRating::Unassessed,
        Some(_) if reaches(tool.high_from) => RiskRating::High,
        Some(_) if reaches(tool.medium_from) => RiskRating::Medium,
        Some(_) => RiskRating::Standard,
    }
}

/// What an assessment comes to: a professional judgement may raise what the tool says, and never lowers it.
pub fn rating(tool: RiskRating, judgement: Option<RiskRating>) -> RiskRating {
    match judgement {
        Some(judged) if tool == RiskRating::Unassessed => judged,
        Some(judged) => tool.raised_to(judged),
        None => tool,
    }
}

/// What speaks for a Marac, as codes. A person decides.
pub fn prompts(
    tool: &Tool,
    answers: &[ItemAnswer],
    (from_tool, judgement): (RiskRating, Option<RiskRating>),
    incidents: i64,
) -> Vec<&'static str> {
    let is_critical = |given: &ItemAnswer| {
        let item = tool.items.iter().find(|item| item.code == given.code);
        item.is_some_and(|item| item.is_critical) && amount(given.answer) > 0
    };
    let escalates = tool.escalation_from.is_some_and(|from| incidents >= i64::from(from));
    [
        (from_tool == RiskRating::High, "visible_high_risk"),
        (judgement == Some(RiskRating::High), "professional_judgement"),
        (escalates, "escalation"),
        (answers.iter().any(is_critical), "critical_answer"),
    ]
    .into_iter()
    .filter_map(|(holds, code)| holds.then_some(code))
    .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tool(count: usize) -> Tool {
        let item = |number: usize| ToolItem {
            code: format!("q{number}"),
            wording: "…".to_owned(),
            kind: if number == 0 { ItemKind::Number } else { ItemKind::YesNo },
            is_critical: number == 1,
            points: 1,
        };
        let items = (0..count).map(item).collect();
        Tool { items, is_scored: true, medium_from: Some(3), high_from: Some(6), escalation_from: Some(3) }
    }

    fn yes(number: usize) -> ItemAnswer {
        ItemAnswer { code: format!("q{number}"), answer: ToolAnswer::Word(AnswerWord::Yes) }
    }

    #[test]
    fn a_threshold_is_reached_inclusively_and_only_where_the_tool_is_scored() {
        let tool = tool(8);
        for (yeses, expected) in [(0, RiskRating::Standard), (2, RiskRating::Standard), (3, RiskRating::Medium)] {
            let answers: Vec<_> = (1..=yeses).map(yes).collect();
            assert_eq!(tool_rating(&tool, score(&tool, &answers)), expected, "{yeses}");
        }
        let six: Vec<_> = (1..=6).map(yes).collect();
        assert_eq!(tool_rating(&tool, score(&tool, &six)), RiskRating::High);
        let by_judgement = Tool { is_scored: false, ..tool };
        assert_eq!(tool_rating(&by_judgement, score(&by_judgement, &six)), RiskRating::Unassessed);
    }

    #[test]
    fn each_prompt_stands_for_its_own_reason() {
        let tool = tool(8);
        let none = (RiskRating::Standard, None);
        assert!(prompts(&tool, &[yes(2)], none, 2).is_empty());
        assert_eq!(prompts(&tool, &[yes(1)], none, 2), ["critical_answer"]);
        assert_eq!(prompts(&tool, &[], none, 3), ["escalation"]);
        assert_eq!(prompts(&tool, &[], (RiskRating::High, None), 0), ["visible_high_risk"]);
        let judged = (RiskRating::Standard, Some(RiskRating::High));
        assert_eq!(prompts(&tool, &[], judged, 0), ["professional_judgement"]);
    }

    #[test]
    fn answers_belong_to_the_tool_and_are_given_once() {
        let tool = tool(3);
        let number = |answer| ItemAnswer { code: "q0".to_owned(), answer };
        assert!(check(&tool, &[number(ToolAnswer::Number(3)), yes(1)]).is_ok());
        assert!(check(&tool, &[number(ToolAnswer::Word(AnswerWord::Unknown))]).is_ok());
        for wrong in [vec![yes(0)], vec![yes(9)], vec![yes(1), yes(1)], vec![number(ToolAnswer::Number(-1))]] {
            assert!(check(&tool, &wrong).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn a_judgement_never_lowers_what_the_tool_says(
            tool in proptest::sample::select(RiskRating::ALL),
            judged in proptest::option::of(proptest::sample::select(RiskRating::ALL)),
        ) {
            let after = rating(tool, judged);
            prop_assert!(tool == RiskRating::Unassessed || !tool.is_lowered_by(after));
            prop_assert!(judged.is_none_or(|judged| judged == RiskRating::Unassessed || !judged.is_lowered_by(after)));
        }

        #[test]
        fn one_more_yes_never_gives_a_lower_rating(yeses in 0usize..7) {
            let tool = tool(8);
            let rated = |count: usize| {
                let answers: Vec<_> = (1..=count).map(yes).collect();
                tool_rating(&tool, score(&tool, &answers))
            };
            prop_assert!(!rated(yeses).is_lowered_by(rated(yeses + 1)));
        }
    }
}
