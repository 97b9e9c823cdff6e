//! What the pages of a participant name by a code has its words, and every form its labels; how a goal is drawn.

use super::chart::{GoalChart, GoalCourse};
use super::forms;
use crate::db::Instant;
use crate::orders::{DutyKind, DutyState, OrderState};
use crate::participants::ConcernKind;
use crate::portal::pages::form::{FieldKind, FormField};
use crate::portal::pages::reader::PageReader;
use crate::programme::{
    EnrolmentState, Homework, MeasuredBy, OwnRiskRating, ReferralBasis, ReferralSource, ReferralState, ReportState,
    WordingState,
};
use crate::words::{self, Language, id_of};

const ENGLISH: &[Language] = &[Language::English];

fn is_said(language: Language, id: &str) -> bool {
    words::find(language, id, &[]).is_some()
}

#[track_caller]
fn is_said_in_both(prefix: &str, code: &str) {
    for language in Language::ALL.iter().copied() {
        assert!(is_said(language, &id_of(prefix, code)), "{language}: {prefix}: {code}");
    }
}

#[test]
fn every_code_has_its_words_in_both_languages() {
    let states = ReferralState::ALL.iter().map(|state| ("portal-referral-state", state.as_str()));
    let bases = ReferralBasis::ALL.iter().map(|basis| ("portal-referral-basis", basis.as_str()));
    let enrolments = EnrolmentState::ALL.iter().map(|state| ("portal-enrolment", state.as_str()));
    let reports = ReportState::ALL.iter().map(|state| ("portal-report-state", state.as_str()));
    let wordings = WordingState::ALL.iter().map(|state| ("portal-wording", state.as_str()));
    let homework = Homework::ALL.iter().map(|word| ("portal-homework", word.as_str()));
    for (prefix, code) in states.chain(bases).chain(enrolments).chain(reports).chain(wordings).chain(homework) {
        is_said_in_both(prefix, code);
    }
    for measure in MeasuredBy::ALL.iter().filter(|measure| **measure != MeasuredBy::PoliceRecord) {
        is_said_in_both("portal-measured", measure.as_str());
    }
    for duty in DutyKind::ALL.iter().filter(|duty| **duty != DutyKind::NotifyPolice) {
        is_said_in_both("portal-duty", duty.as_str());
    }
    for state in DutyState::ALL.iter().filter(|state| **state != DutyState::Cancelled) {
        is_said_in_both("portal-duty-state", state.as_str());
    }
}

#[test]
fn every_word_of_safety_is_said_in_english() {
    let orders = OrderState::ALL.iter().map(|state| ("staff-order-state", state.as_str()));
    let risks = OwnRiskRating::ALL.iter().map(|rating| ("staff-own-risk", rating.as_str()));
    let fears = ConcernKind::ALL.iter().map(|kind| ("staff-fear", kind.as_str()));
    let sources = ReferralSource::ALL.iter().map(|source| ("staff-referral-source", source.as_str()));
    for (prefix, code) in orders.chain(risks).chain(fears).chain(sources) {
        assert!(is_said(Language::English, &id_of(prefix, code)), "{prefix}: {code}");
    }
    assert!(is_said(Language::English, "staff-duty-notify_police"));
}

#[test]
fn every_field_has_its_words() {
    let all: [&[FormField]; 19] = [
        &forms::REFERENCE,
        &forms::DIARY,
        &forms::OBSERVATION,
        &forms::OBSERVATION_IN_SESSION,
        &forms::FEAR,
        &forms::OWN_RISK,
        &forms::SERVICE,
        &forms::NOTIFICATION,
        &forms::DISCHARGE,
        &forms::SESSION,
        &forms::RESCHEDULE,
        &forms::FEEDBACK,
        &forms::GOAL,
        &forms::AGREEMENT,
        &forms::REASON,
        &forms::WORDING,
        &forms::REPORT,
        &forms::REPORT_STEP,
        &forms::CREDENTIALS,
    ];
    for field in all.into_iter().flatten() {
        let options: &[(&str, &str)] = if let FieldKind::Choice(words) = field.kind { words } else { &[] };
        let options = options.iter().map(|(_, label)| *label);
        for id in [Some(field.label), field.hint].into_iter().flatten().chain(options) {
            let languages = if id.starts_with("staff-") { ENGLISH } else { Language::ALL };
            assert!(languages.iter().all(|language| is_said(*language, id)), "{}: {id}", field.name);
        }
    }
}

#[test]
fn a_goal_is_drawn_from_the_level_at_which_it_began() {
    let now: Instant = "2026-11-21T12:00:00Z".parse().unwrap();
    let reader =
        PageReader { language: Language::English, now, form_token: String::new(), is_signed_in: true, zone: None };
    let scores = vec![("2026-11-11".parse().unwrap(), 1), ("2026-11-21".parse().unwrap(), 0)];
    let chart = GoalChart::of(&reader, &GoalCourse { start: (now.plus_days(-20), -1), scores });
    assert_eq!(chart.steps, "M50 104H335V48H635V76H650");
    assert_eq!((chart.levels.len(), chart.marks.len()), (5, 2));
    let days: Vec<&str> = chart.days.iter().map(|day| day.words.as_str()).collect();
    assert_eq!(days, ["1/11/2026", "21/11/2026"]);
    // A score of the day on which the goal was set counts from the morning on: it lies in the drawing as well.
    let scores = vec![("2026-11-21".parse().unwrap(), 1)];
    let chart = GoalChart::of(&reader, &GoalCourse { start: (now, -1), scores });
    assert_eq!(chart.steps, "M50 104H50V48H650");
}
