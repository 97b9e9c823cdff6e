//! A case for the survivor's own side.

use askama::Template;

use super::axis::{AxisEntry, AxisEvidence, GoalSteps, TimeAxis};
use super::bridge_view::{CaseForms, ShownBridge};
use super::entries;
use super::read::{CaseTrouble, ShownCase};
use super::withheld::{self, KindLine, ShownSignal};
use super::work_view::{GoalLevels, ShownGoal};
use crate::access::Side;
use crate::cases::{CaseLink, SupportParticipantSide, SupportSurvivorSide, Withheld};
use crate::participants::ToldConcernView;
use crate::portal::pages::form::ErrorSummary;
use crate::portal::pages::person_view::ShownAccount;
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::portal::pages::survivors::links::{check_in_path, incident_path};
use crate::programme::SupportGoal;
use crate::words::id_of;

/// Accounts that can be opened, the newest.
const MOST_ACCOUNTS: usize = 10;

/// A case, for the survivor's own side.
#[derive(Template)]
#[template(path = "case_support.html")]
pub struct SupportCasePage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    made_at: When,
    reference: &'a str,
    state: String,
    survivor_reference: &'a str,
    record: Option<&'a str>,
    participant_reference: &'a str,
    axis: TimeAxis,
    survivor_side: Vec<KindLine>,
    participant_side: Vec<KindLine>,
    signals: Vec<ShownSignal>,
    accounts: Vec<ShownAccount>,
    goals: Vec<ShownGoal>,
    fears: Vec<FearLine>,
    bridge: ShownBridge,
    has_unreadable: bool,
}

impl<'a> SupportCasePage<'a> {
    /// That of a case; with what is wrong with a form of it, where one was refused.
    pub fn of(
        reader: &'a PageReader,
        case: &'a ShownCase,
        (link, survivor, participant): (&'a CaseLink, &SupportSurvivorSide, &SupportParticipantSide),
        trouble: Option<&'a CaseTrouble>,
    ) -> Self {
        let mut forms = CaseForms::of(reader, &link.reference, trouble);
        let record = case.record.as_ref().map(|_| link.survivor_reference.as_str());
        let entries = entries_of(reader, (survivor, record), participant);
        let known = AxisEvidence::of(&entries);
        let steps: Vec<GoalSteps> = participant.goals.iter().map(|goal| steps_of(reader, goal)).collect();
        let redactions = &case.sides.redactions;
        let bridge = ShownBridge::of(reader, case, Side::Support, &mut forms);
        Self {
            title: reader.title("portal-case-title", trouble.is_some()),
            wrong: forms.wrong,
            made_at: reader.now_by_the_clock(),
            reference: &link.reference,
            state: reader.say(&id_of("portal-case-state", link.state.as_str())),
            survivor_reference: &link.survivor_reference,
            record: case.record.as_deref(),
            participant_reference: &link.participant_reference,
            survivor_side: withheld::kinds(reader, redactions, survivor_kinds(reader, survivor)),
            participant_side: withheld::kinds(reader, redactions, participant_kinds(reader, participant)),
            signals: withheld::signals(reader, &case.sides.signals, &known),
            accounts: accounts(reader, survivor),
            goals: (1..).zip(&participant.goals).map(|(n, goal)| shown_goal(reader, n, goal)).collect(),
            fears: case.fears.items.iter().map(|fear| FearLine::of(reader, fear)).collect(),
            axis: TimeAxis::of(reader, entries, &steps),
            bridge,
            has_unreadable: !case.sides.unreadable.is_empty() || !case.fears.unreadable.is_empty(),
            reader,
        }
    }
}

/// What the practitioner fears that the participant will do.
pub struct FearLine {
    /// What.
    pub kind: InEnglish,
    /// Whether it may happen at any moment.
    pub is_imminent: bool,
    /// What was written for advocates.
    pub words: Option<String>,
    /// When it was recorded.
    pub at: When,
}

impl FearLine {
    fn of(reader: &PageReader, fear: &ToldConcernView) -> Self {
        Self {
            kind: reader.in_english(&id_of("staff-fear", fear.kind.as_str())),
            is_imminent: fear.is_imminent,
            words: fear.words.clone(),
            at: reader.when(fear.created_at),
        }
    }
}

fn entries_of(
    reader: &PageReader,
    (survivor, record): (&SupportSurvivorSide, Option<&str>),
    participant: &SupportParticipantSide,
) -> Vec<AxisEntry> {
    let check_ins = survivor.check_ins.items.iter().filter_map(|row| {
        let times = [row.due_at, row.received_at, row.missed_at];
        let href = record.map(|reference| check_in_path(reference, row.id));
        let entry = entries::check_in(reader, (row.id.0, row.state, row.is_proven), times)?;
        Some(AxisEntry { href, ..entry })
    });
    let mut found: Vec<AxisEntry> = check_ins.collect();
    found.extend(survivor.incidents.items.iter().map(|row| {
        let what = (row.id.0, row.severity, row.is_suspected_breach);
        let href = record.map(|reference| incident_path(reference, row.id));
        let entry = entries::incident(reader, what, (&row.happened, row.received_at), &row.behaviours);
        AxisEntry { href, ..entry }
    }));
    found.extend(survivor.alerts.items.iter().map(|row| entries::alert(reader, row)));
    found.extend(
        participant
            .sessions
            .iter()
            .filter(|row| row.superseded_by.is_none())
            .map(|row| entries::session(reader, (row.id.0, row.number, row.planned_at), row.attendance)),
    );
    for (number, goal) in (1..).zip(&participant.goals) {
        let reviews = goal.reviews.iter().filter(|review| review.withdrawn_at.is_none());
        found.extend(
            reviews.map(|review| entries::score(reader, review.id.0, number, (review.reviewed_on, review.score))),
        );
    }
    found.extend(participant.orders.iter().flat_map(|row| {
        let days = [Some(row.made_on), row.served_on, row.expires_on, row.ended_on];
        entries::order(reader, (row.id.0, row.kind), days)
    }));
    found
}

fn steps_of(reader: &PageReader, goal: &SupportGoal) -> GoalSteps {
    let reviews = goal.reviews.iter().filter(|review| review.withdrawn_at.is_none());
    entries::steps(reader, (goal.created_at, goal.baseline), reviews.map(|review| (review.reviewed_on, review.score)))
}

fn shown_goal(reader: &PageReader, number: usize, goal: &SupportGoal) -> ShownGoal {
    let reviews = goal.reviews.iter().filter(|review| review.withdrawn_at.is_none());
    let latest = reviews.max_by_key(|review| (review.reviewed_on, review.created_at)).map(|review| review.score);
    let levels = GoalLevels { baseline: goal.baseline, latest };
    let words = (goal.statement.as_str(), goal.survivor_benefit.as_str());
    ShownGoal::of(reader, number, words, (goal.state, levels))
}

fn survivor_kinds(reader: &PageReader, side: &SupportSurvivorSide) -> Vec<(Withheld, Option<String>)> {
    let check_ins = side.check_ins.summary.as_ref().map(|summary| entries::check_in_figures(reader, summary));
    vec![
        (Withheld::CheckIns, check_ins),
        (Withheld::Incidents, Some(entries::count(reader, side.incidents.items.len()))),
        (Withheld::Alerts, Some(entries::count(reader, side.alerts.items.len()))),
    ]
}

fn participant_kinds(reader: &PageReader, side: &SupportParticipantSide) -> Vec<(Withheld, Option<String>)> {
    let count = |count: usize| Some(entries::count(reader, count));
    vec![
        (Withheld::Sessions, count(side.sessions.len())),
        (Withheld::Goals, count(side.goals.len())),
        (Withheld::Orders, count(side.orders.len())),
        (Withheld::Observations, count(side.observations.len())),
    ]
}

/// What the survivor wrote, behind one deliberate step each.
fn accounts(reader: &PageReader, side: &SupportSurvivorSide) -> Vec<ShownAccount> {
    let shown = side.incidents.items.iter().take(MOST_ACCOUNTS).map(|row| ShownAccount {
        at: reader.when(row.received_at),
        words: row.account.clone(),
        is_duress: row.is_duress,
    });
    shown.collect()
}
