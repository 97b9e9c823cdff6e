//! A case for the programme's side: of the survivor's side what the survivor shares, and of its own the work.

use askama::Template;

use super::axis::{AxisEntry, AxisEvidence, GoalSteps, TimeAxis};
use super::bridge_view::{CaseForms, ShownBridge};
use super::entries;
use super::handle::participant_path;
use super::read::{CaseTrouble, ShownCase};
use super::withheld::{self, KindLine, ShownSignal};
use super::work_view::{AskedSession, GoalLevels, ShownGoal, asked_sessions, score_form};
use crate::access::Side;
use crate::cases::{CaseLink, ProgrammeParticipantSide, ProgrammeSurvivorSide, Withheld};
use crate::portal::pages::form::{ErrorSummary, ShownForm};
use crate::portal::pages::person_view::ShownAccount;
use crate::portal::pages::reader::{PageReader, When};
use crate::programme::GoalView;
use crate::words::id_of;

/// Accounts that can be opened, the newest.
const MOST_ACCOUNTS: usize = 10;

/// A case, for the programme's side.
#[derive(Template)]
#[template(path = "case_programme.html")]
pub struct ProgrammeCasePage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    made_at: When,
    reference: &'a str,
    state: String,
    participant_reference: &'a str,
    participant_href: String,
    in_session: ShownForm,
    axis: TimeAxis,
    survivor_side: Vec<KindLine>,
    participant_side: Vec<KindLine>,
    signals: Vec<ShownSignal>,
    accounts: Vec<ShownAccount>,
    goals: Vec<ShownGoal>,
    sessions: Vec<AskedSession>,
    bridge: ShownBridge,
    has_unreadable: bool,
}

impl<'a> ProgrammeCasePage<'a> {
    /// That of a case; with what is wrong with a form of it, where one was refused.
    pub fn of(
        reader: &'a PageReader,
        case: &'a ShownCase,
        (link, survivor, participant): (&'a CaseLink, &ProgrammeSurvivorSide, &ProgrammeParticipantSide),
        trouble: Option<&'a CaseTrouble>,
    ) -> Self {
        let mut forms = CaseForms::of(reader, &link.reference, trouble);
        let entries = entries_of(reader, survivor, participant);
        let known = AxisEvidence::of(&entries);
        let steps: Vec<GoalSteps> = participant.goals.iter().map(|goal| steps_of(reader, goal)).collect();
        let redactions = &case.sides.redactions;
        let in_session = forms.form("in-session", "in-session", &[], "portal-start-in-session");
        let sessions = asked_sessions(reader, &participant.sessions, case.may_record, &mut forms);
        let goals = shown_goals(reader, &participant.goals, case.may_record, &mut forms);
        let bridge = ShownBridge::of(reader, case, Side::Programme, &mut forms);
        Self {
            title: reader.title("portal-case-title", trouble.is_some()),
            wrong: forms.wrong,
            made_at: reader.now_by_the_clock(),
            reference: &link.reference,
            state: reader.say(&id_of("portal-case-state", link.state.as_str())),
            participant_reference: &link.participant_reference,
            participant_href: participant_path(&link.participant_reference),
            in_session,
            survivor_side: withheld::kinds(reader, redactions, survivor_kinds(reader, survivor)),
            participant_side: withheld::kinds(reader, redactions, participant_kinds(reader, participant)),
            signals: withheld::signals(reader, &case.sides.signals, &known),
            accounts: accounts(reader, survivor),
            goals,
            sessions,
            axis: TimeAxis::of(reader, entries, &steps),
            bridge,
            has_unreadable: !case.sides.unreadable.is_empty(),
            reader,
        }
    }
}

fn entries_of(
    reader: &PageReader,
    survivor: &ProgrammeSurvivorSide,
    participant: &ProgrammeParticipantSide,
) -> Vec<AxisEntry> {
    let check_ins = survivor.check_ins.items.iter().filter_map(|row| {
        let times = [row.due_at, row.received_at, row.missed_at];
        entries::check_in(reader, (row.id.0, row.state, row.is_proven), times)
    });
    let mut found: Vec<AxisEntry> = check_ins.collect();
    found.extend(survivor.incidents.items.iter().map(|row| {
        let what = (row.id.0, row.severity, row.is_suspected_breach);
        entries::incident(reader, what, (&row.happened, row.received_at), &row.behaviours)
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

fn steps_of(reader: &PageReader, goal: &GoalView) -> GoalSteps {
    let reviews = goal.reviews.iter().filter(|review| review.withdrawn_at.is_none());
    entries::steps(reader, (goal.created_at, goal.baseline), reviews.map(|review| (review.reviewed_on, review.score)))
}

fn shown_goals(reader: &PageReader, goals: &[GoalView], may_record: bool, forms: &mut CaseForms<'_>) -> Vec<ShownGoal> {
    let mut shown = Vec::new();
    for (number, goal) in (1..).zip(goals) {
        let reviews = goal.reviews.iter().filter(|review| review.withdrawn_at.is_none());
        let latest = reviews.max_by_key(|review| (review.reviewed_on, review.created_at)).map(|review| review.score);
        let levels = GoalLevels { baseline: goal.baseline, latest };
        let words = (goal.statement.as_str(), goal.survivor_benefit.as_str());
        let form = (may_record && goal.state.is_open()).then(|| score_form(forms, goal));
        shown.push(ShownGoal { form, ..ShownGoal::of(reader, number, words, (goal.state, levels)) });
    }
    shown
}

fn survivor_kinds(reader: &PageReader, side: &ProgrammeSurvivorSide) -> Vec<(Withheld, Option<String>)> {
    let check_ins = side.check_ins.summary.as_ref().map(|summary| entries::check_in_figures(reader, summary));
    vec![
        (Withheld::SurvivorIdentity, None),
        (Withheld::CheckIns, check_ins),
        (Withheld::CheckInNotes, None),
        (Withheld::Incidents, Some(entries::count(reader, side.incidents.items.len()))),
        (Withheld::IncidentAccounts, None),
        (Withheld::Alerts, Some(entries::count(reader, side.alerts.items.len()))),
        (Withheld::CaseNotes, None),
        (Withheld::CaseConcerns, None),
    ]
}

fn participant_kinds(reader: &PageReader, side: &ProgrammeParticipantSide) -> Vec<(Withheld, Option<String>)> {
    let count = |count: usize| Some(entries::count(reader, count));
    vec![
        (Withheld::Sessions, count(side.sessions.len())),
        (Withheld::Goals, count(side.goals.len())),
        (Withheld::Orders, count(side.orders.len())),
        (Withheld::Observations, count(side.observations.len())),
    ]
}

/// What the survivor wrote and opened to the programme, behind one deliberate step each.
fn accounts(reader: &PageReader, side: &ProgrammeSurvivorSide) -> Vec<ShownAccount> {
    let opened = side.incidents.items.iter().filter_map(|row| {
        let words = row.account.clone()?;
        Some(ShownAccount { at: reader.when(row.received_at), words, is_duress: false })
    });
    opened.take(MOST_ACCOUNTS).collect()
}
