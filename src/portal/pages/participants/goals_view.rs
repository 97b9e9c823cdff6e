//! Goals as a participant's pages show them: what each level means, the levels reached as a drawing and as a table, and what the
//! reader may do with them.

use super::chart::{GoalChart, GoalCourse};
use super::forms::{AGREEMENT, GOAL, REASON, RecordForms, WORDING, code_in_words};
use super::read::{OpenGoal, is_open};
use crate::db::court_day;
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::case::work_view::SCORE;
use crate::portal::pages::form::ShownForm;
use crate::portal::pages::reader::{InEnglish, PageReader};
use crate::programme::{Attainment, GoalReviewView, GoalView, MeasuredBy};
use crate::words::id_of;

/// Scores in the table of a goal, the newest.
const MOST_SCORES: usize = 12;

/// A goal.
pub struct RecordGoal {
    /// Its number on the page, which the id of its heading has.
    pub number: usize,
    /// How the page calls it.
    pub name: String,
    /// What is to be reached.
    pub statement: String,
    /// What it is about, what it is read from, and by when it is to be reached.
    pub details: Vec<InEnglish>,
    /// How that makes the survivor safer.
    pub benefit: String,
    /// The words for the participant, and how far they have come.
    pub wording: Option<(String, String)>,
    /// How far it has come.
    pub level: String,
    /// Its state.
    pub state: String,
    /// The drawing.
    pub chart: GoalChart,
    /// What each level means, the highest first.
    pub levels: Vec<LevelRow>,
    /// What was scored, the newest first.
    pub scores: Vec<ScoreRow>,
    /// What the reader may do with it.
    pub forms: Vec<ShownForm>,
}

/// What a level means.
pub struct LevelRow {
    /// Which.
    pub level: String,
    /// What it means.
    pub words: String,
    /// What it is now: where the goal began, or its latest score.
    pub mark: Option<String>,
}

/// A score.
pub struct ScoreRow {
    /// The day of the review.
    pub day: String,
    /// The level.
    pub level: String,
    /// What it rests on.
    pub note: String,
}

/// The reviews that count, oldest first.
fn counted(goal: &GoalView) -> Vec<&GoalReviewView> {
    let mut reviews: Vec<&GoalReviewView> = goal.reviews.iter().filter(|one| one.withdrawn_at.is_none()).collect();
    reviews.sort_by_key(|review| (review.reviewed_on, review.created_at));
    reviews
}

impl RecordGoal {
    /// One, by its number on the page.
    pub fn of(reader: &PageReader, number: usize, open: &OpenGoal, forms: &mut RecordForms<'_>) -> Self {
        let goal = &open.goal;
        let reviews = counted(goal);
        let latest = reviews.last().map(|review| review.score);
        let scores: Vec<_> = reviews.iter().map(|review| (review.reviewed_on, review.score)).collect();
        let course = GoalCourse { start: (goal.created_at, goal.baseline), scores };
        let score = |review: &&GoalReviewView| ScoreRow {
            day: reader.day(review.reviewed_on).1,
            level: format!("{:+}", review.score),
            note: review.note.clone(),
        };
        let wording = goal.participant_wording.clone().zip(goal.wording_state);
        Self {
            number,
            name: reader.say_with("portal-goal-name", &[("number", number.into())]),
            statement: goal.statement.clone(),
            details: details(reader, goal),
            benefit: goal.survivor_benefit.clone(),
            wording: wording.map(|(words, state)| (words, reader.say(&id_of("portal-wording", state.as_str())))),
            level: level_in_words(reader, goal, latest),
            state: reader.say(&id_of("portal-goal-state", goal.state.as_str())),
            chart: GoalChart::of(reader, &course),
            levels: level_rows(reader, goal, latest),
            scores: reviews.iter().rev().take(MOST_SCORES).map(score).collect(),
            forms: forms_of(reader, open, forms),
        }
    }
}

/// How far a goal has come.
pub fn level_in_words(reader: &PageReader, goal: &GoalView, latest: Option<i32>) -> String {
    let at = |id: &str, level: i32| reader.say_with(id, &[("score", format!("{level:+}").into())]);
    latest.map_or_else(|| at("portal-goal-baseline", goal.baseline), |level| at("portal-goal-latest", level))
}

/// What each level of a goal means, the highest first.
pub fn level_rows(reader: &PageReader, goal: &GoalView, latest: Option<i32>) -> Vec<LevelRow> {
    let mark = |level: i32| {
        let marks = [(goal.baseline == level, "portal-level-start"), (latest == Some(level), "portal-level-now")];
        let marks: Vec<String> = marks.iter().filter(|(is, _)| *is).map(|(_, id)| reader.say(id)).collect();
        (!marks.is_empty()).then(|| marks.join(", "))
    };
    let row = |(level, words): (i32, &str)| LevelRow {
        level: format!("{level:+}"),
        words: words.to_owned(),
        mark: mark(level),
    };
    goal.levels.in_order().into_iter().rev().map(row).collect()
}

/// The latest score of a goal.
pub fn latest_score(goal: &GoalView) -> Option<i32> {
    counted(goal).last().map(|review| review.score)
}

fn details(reader: &PageReader, goal: &GoalView) -> Vec<InEnglish> {
    let measured = match goal.measured_by {
        MeasuredBy::PoliceRecord => reader.in_english("staff-measured-police_record"),
        own => reader.label(&id_of("portal-measured", own.as_str())),
    };
    let mut details = vec![reader.in_own(code_in_words(reader, "portal-domain", &goal.domain)), measured];
    if let Some(day) = goal.target_on {
        let words = reader.say_with("portal-goal-target", &[("day", reader.day(day).1.into())]);
        details.push(reader.in_own(words));
    }
    let weight = reader.say_with("portal-goal-weight", &[("weight", goal.weight.into())]);
    details.push(reader.in_own(weight));
    details
}

/// The form in which a score of a goal is recorded.
pub fn score_form(reader: &PageReader, goal: &GoalView, forms: &mut RecordForms<'_>) -> ShownForm {
    let handle = letters(goal.id.0);
    let form =
        forms.form(&format!("score-{handle}"), &format!("goals/{handle}/reviews"), &SCORE, "portal-record-score");
    let level = latest_score(goal).unwrap_or(goal.baseline).to_string();
    form.filled("reviewed_on", &court_day(reader.now).to_string()).filled("score", &level)
}

/// What the reader may do with a goal now.
fn forms_of(reader: &PageReader, open: &OpenGoal, forms: &mut RecordForms<'_>) -> Vec<ShownForm> {
    let handle = letters(open.goal.id.0);
    let today = court_day(reader.now).to_string();
    let mut shown = Vec::new();
    let may = |event: &str| is_open(&open.actions, event);
    let may_word = |event: &str| is_open(&open.wording_actions, event);
    if may("review") {
        shown.push(score_form(reader, &open.goal, forms));
    }
    let at = |act: &str, end: &str| (format!("{act}-{handle}"), format!("goals/{handle}/{end}"));
    if may("record_agreement") {
        let (of, end) = at("agreement", "agreement");
        shown.push(forms.form(&of, &end, &AGREEMENT, "portal-record-agreement").filled("agreed_on", &today));
    }
    if may("approve") {
        let (of, end) = at("approve", "approve");
        shown.push(forms.form(&of, &end, &[], "portal-approve-goal"));
    }
    if may_word("check") {
        let (of, end) = at("check", &format!("wording/{}/check", open.wording_version));
        shown.push(forms.form(&of, &end, &[], "portal-check-wording"));
    }
    if may_word("return") {
        let (of, end) = at("return", &format!("wording/{}/return", open.wording_version));
        shown.push(forms.form(&of, &end, &REASON, "portal-return-wording"));
    }
    if may_word("propose") {
        let (of, end) = at("wording", "wordings");
        let known = open.goal.participant_wording.clone().unwrap_or_default();
        let form = forms.form(&of, &end, &WORDING, "portal-propose-wording");
        shown.push(form.filled("participant_wording", &known));
    }
    if may("achieve") {
        let (of, end) = at("achieve", "achieve");
        shown.push(forms.form(&of, &end, &[], "portal-achieve-goal"));
    }
    if may("discontinue") {
        let (of, end) = at("discontinue", "discontinue");
        shown.push(forms.form(&of, &end, &REASON, "portal-discontinue-goal"));
    }
    shown
}

/// The form in which a goal is set.
pub fn goal_form(forms: &mut RecordForms<'_>) -> ShownForm {
    forms.form("goal", "goals", &GOAL, "portal-set-goal").filled("baseline", "-1").filled("weight", "1")
}

/// How far a participant has come on their goals together.
pub fn attainment_in_words(reader: &PageReader, attainment: &Attainment) -> String {
    let (before, now) = (format!("{:.1}", attainment.baseline), format!("{:.1}", attainment.latest));
    reader.say_with(
        "portal-attainment",
        &[("before", before.into()), ("now", now.into()), ("count", attainment.goals.into())],
    )
}
