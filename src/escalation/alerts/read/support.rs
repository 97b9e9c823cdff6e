//! An alert as the survivor's own side reads it: all of it.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::triggers::{self, TriggerView};
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{AlertId, CaseId, DbConn, DeliveryId, HistoryId, Instant, SubjectId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::answers::AnswerView;
use crate::escalation::alerts::history::{self, Detail};
use crate::escalation::alerts::model::{AlertRow, AlertState, HistoryKind, HistoryRow, Rule};
use crate::escalation::alerts::person::view::AlertPersonView;
use crate::escalation::alerts::sentences::{self, Log, Names};
use crate::escalation::alerts::store;
use crate::escalation::ladder::step_outcomes::{self, MessageRecord};
use crate::escalation::overrides::OverrideBasis;
use crate::escalation::police;
use crate::escalation::police::forces::AlertForce;
use crate::escalation::police::police_news::{self, AlertForceView};
use crate::http::page::readable;
use crate::webhooks::{self, Delivery, DeliveryState, Endpoint};
use crate::words::Language;

/// An alert, for the survivor's own side.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportAlert {
    /// Id.
    pub id: AlertId,
    /// Reference for people.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub reference: String,
    /// 1 to 4.
    #[schema(minimum = 1, maximum = 4)]
    pub level: i32,
    /// What raised it last.
    pub rule: Rule,
    /// The patterns and signals that it reported, as codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<String>,
    /// Its state.
    pub state: AlertState,
    /// Whether it is a drill: nobody is in danger.
    pub is_exercise: bool,
    /// The survivor.
    pub survivor_id: SurvivorId,
    /// The case.
    pub case_id: Option<CaseId>,
    /// When it was raised.
    pub raised_at: Instant,
    /// When a support-side person took it up.
    pub acknowledged_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Whether the survivor's setting lets the police be notified.
    pub police_allowed: bool,
    /// On what basis the police are notified without that setting, where people decided so. Not in a list.
    pub police_override: Option<OverrideBasis>,
    /// How far it has come with each force that it is for.
    pub forces: Vec<AlertForceView>,
    /// When the first message to police was made; `forces` and `deliveries` say how far one has come.
    pub police_told_at: Option<Instant>,
    /// When an officer acknowledged.
    pub police_acknowledged_at: Option<Instant>,
    /// What the police said came of it, released to the survivor or not.
    pub outcome: Option<String>,
    /// When the next step is due, or when it climbs again, or is reported as unanswered.
    pub next_step_at: Option<Instant>,
    /// Everything that raised it or was added to it, the first first.
    pub triggers: Vec<TriggerView>,
    /// When the phone recorded the latest trigger that it sent, where that could be read: it may have reached us later.
    pub recorded_at: Option<Instant>,
    /// JSON Pointers of what could not be read or kept of what the phone sent; the empty one is a body as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["/location/accuracy_m"]))]
    pub dropped: Vec<String>,
    /// The steps that were taken.
    pub steps: Vec<StepView>,
    /// When steps that were due were held back, why, and until when.
    pub holds: Vec<StepView>,
    /// The messages to police.
    pub deliveries: Vec<DeliveryView>,
    /// Who took it up.
    pub acknowledgements: Vec<AcknowledgementView>,
    /// What was done about it and cannot be read, by its id; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unreadable: Vec<Uuid>,
    /// What the survivor has said since it was raised; closes nothing.
    pub answers: Vec<AnswerView>,
    /// Whom it is about, for the people who are to answer it: while it is open, at level 3 and above. Not in a list.
    pub person: Option<AlertPersonView>,
    /// How far it has come with people and with the police, in sentences.
    #[schema(example = json!(["Nobody has taken it up.", "No police force has been sent a message about this."]))]
    pub in_words: Vec<String>,
}

/// A step that was taken, or held back.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// When.
    pub at: Instant,
    /// Who was notified, and what came of it so far: `notified` (they opened the alert), `sent` (a provider took a message,
    /// and nobody knows more), `queued`, `failed`, `shown_in_portal` (no way of theirs rings) or `no_one`, with `at`, since
    /// when, and each of the `people`; `told` in lines from before this was measured. Or why nobody was, and until when.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// A message to police.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Id.
    pub id: DeliveryId,
    /// Its type.
    #[schema(example = "safety.alert.raised")]
    pub message_type: String,
    /// How far it has come.
    pub state: DeliveryState,
    /// Attempts begun.
    pub attempts: i32,
    /// When it was queued.
    pub queued_at: Instant,
    /// When the first attempt began.
    pub first_attempt_at: Option<Instant>,
    /// When a system of the force received it.
    pub delivered_at: Option<Instant>,
    /// When it was sent by mail, which nobody answers for having received.
    pub sent_by_mail_at: Option<Instant>,
}

/// Somebody who acknowledged an alert, or reported on it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AcknowledgementView {
    /// When.
    pub at: Instant,
    /// Of what kind: a support-side acknowledgement, an officer's, progress, an outcome, a level raised, a reopening.
    #[schema(example = "acknowledged")]
    pub kind: String,
    /// Who.
    pub by: Option<SubjectId>,
    /// What they said.
    pub note: Option<String>,
    /// What the force calls it.
    #[schema(example = "SYP-20261121-0812")]
    pub force_reference: Option<String>,
    /// Codes that go with it.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// What is stored about one alert besides its row.
#[derive(Default)]
struct Stored {
    lines: Vec<HistoryRow>,
    sent: Vec<(Delivery, Endpoint)>,
    forces: Vec<AlertForce>,
    record: MessageRecord,
}

/// An alert with all that is shown of it, as it was read: what is sealed is opened for the view.
pub struct WholeAlert {
    pub(super) row: AlertRow,
    lines: Vec<HistoryRow>,
    sent: Vec<(Delivery, Endpoint)>,
    forces: Vec<AlertForce>,
    log: Log,
    /// On what the police know of it without the survivor's setting, where that was read.
    pub(super) police_override: Option<OverrideBasis>,
    /// Whom it is about, where that was read.
    pub(super) person: Option<AlertPersonView>,
}

/// Reads the alerts of some rows, in their order.
pub(super) fn read(conn: &mut DbConn, rows: Vec<AlertRow>) -> Result<Vec<WholeAlert>> {
    let ids: Vec<AlertId> = rows.iter().map(|row| row.id).collect();
    let mut stored: HashMap<AlertId, Stored> = HashMap::new();
    for line in store::list_history_of(conn, &ids)? {
        stored.entry(line.alert_id).or_default().lines.push(line);
    }
    for sent in webhooks::list_deliveries_of(conn, &ids)? {
        if let Some(alert) = sent.0.alert_id {
            stored.entry(alert).or_default().sent.push(sent);
        }
    }
    for force in police::store::list_forces_of(conn, &ids)? {
        stored.entry(force.alert_id).or_default().forces.push(force);
    }
    for (alert, record) in sentences::records(conn, &ids)? {
        stored.entry(alert).or_default().record = record;
    }
    let mut names = Names::default();
    let whole = |row: AlertRow| {
        let Stored { lines, sent, forces, record } = stored.remove(&row.id).unwrap_or_default();
        let log = sentences::log_from(conn, &mut names, &row, (&lines, &sent, &forces))?;
        Ok(WholeAlert { row, lines, sent, forces, log: Log { record, ..log }, police_override: None, person: None })
    };
    rows.into_iter().map(whole).collect()
}

impl WholeAlert {
    /// The alert, for the survivor's own side.
    pub(super) fn view(&self, keys: &Keys) -> Result<SupportAlert> {
        let (row, lines) = (&self.row, self.lines.as_slice());
        let triggers = triggers::of(lines);
        let steps = step_outcomes::of_steps(lines, &self.log.record);
        let SupportParts { steps, holds, acts, answers } = parts(lines, steps)?;
        // A note that does not open keeps nobody from an alert.
        let (acknowledgements, unreadable) =
            readable(acts.iter().map(|line| (line.id.0, acknowledgement(keys, line))))?;
        Ok(SupportAlert {
            id: row.id,
            reference: row.reference.clone(),
            level: row.level,
            rule: row.rule,
            patterns: patterns_of(lines),
            state: row.state,
            is_exercise: row.is_exercise,
            survivor_id: row.survivor_id,
            case_id: row.case_id,
            raised_at: row.raised_at,
            acknowledged_at: row.acknowledged_at,
            closed_at: row.closed_at,
            police_allowed: row.police_allowed,
            police_override: self.police_override,
            forces: police_news::of_forces(self.forces.clone(), &self.sent),
            police_told_at: row.police_told_at,
            police_acknowledged_at: row.police_acknowledged_at,
            outcome: row.outcome.clone(),
            next_step_at: row.next_action_at,
            recorded_at: triggers.iter().rev().find_map(|trigger| trigger.recorded_at),
            dropped: triggers::dropped(&triggers),
            triggers,
            steps,
            holds,
            deliveries: self.sent.iter().map(delivery).collect(),
            acknowledgements,
            unreadable,
            answers,
            person: self.person.clone(),
            in_words: sentences::in_words(&sentences::for_staff(&self.log), Language::English),
        })
    }
}

/// The lines of a history, by what they tell of.
#[derive(Default)]
struct SupportParts<'l> {
    steps: Vec<StepView>,
    holds: Vec<StepView>,
    acts: Vec<&'l HistoryRow>,
    answers: Vec<AnswerView>,
}

fn parts(lines: &[HistoryRow], mut steps: HashMap<HistoryId, Detail>) -> Result<SupportParts<'_>> {
    let mut parts = SupportParts::default();
    for line in lines {
        match line.kind {
            HistoryKind::Step | HistoryKind::AdministratorWarned => {
                if let Some(step) = steps.remove(&line.id) {
                    parts.steps.push(StepView { at: line.at, detail: step.stored()? });
                }
            }
            HistoryKind::Answered => {
                if let Some(Detail::Answered(detail)) = Detail::of(line) {
                    parts.answers.push(AnswerView { at: line.at, detail });
                }
            }
            HistoryKind::Held => parts.holds.push(StepView { at: line.at, detail: line.detail.0.clone() }),
            _ if is_act(line) => parts.acts.push(line),
            _ => {}
        }
    }
    Ok(parts)
}

/// Whether a line says what a person did about an alert.
pub(super) fn is_act(line: &HistoryRow) -> bool {
    match line.kind {
        HistoryKind::LevelRaised => line.actor_kind == "staff",
        HistoryKind::Acknowledged
        | HistoryKind::PoliceAcknowledged
        | HistoryKind::Progress
        | HistoryKind::Reopened
        | HistoryKind::PoliceOutcome
        | HistoryKind::OutcomeReleased
        | HistoryKind::OutcomeWithheld
        | HistoryKind::Resolved
        | HistoryKind::StoodDown => true,
        _ => false,
    }
}

/// The codes of what triggered an alert of patterns, each once.
fn patterns_of(lines: &[HistoryRow]) -> Vec<String> {
    let facts = lines.iter().filter_map(history::facts_of);
    let mut patterns: Vec<String> = facts.flat_map(|facts| facts.patterns().to_vec()).collect();
    patterns.sort_unstable();
    patterns.dedup();
    patterns
}

fn acknowledgement(keys: &Keys, line: &HistoryRow) -> Result<AcknowledgementView> {
    Ok(AcknowledgementView {
        at: line.at,
        kind: line.kind.to_string(),
        by: line.actor_id,
        note: open!(keys, line.note)?.shown(),
        force_reference: open!(keys, line.force_reference)?.shown(),
        detail: line.detail.0.clone(),
    })
}

fn delivery((row, endpoint): &(Delivery, Endpoint)) -> DeliveryView {
    DeliveryView {
        delivered_at: row.received_at(endpoint.kind),
        sent_by_mail_at: row.mailed_at(endpoint.kind),
        id: row.id,
        message_type: row.message_type.clone(),
        state: row.state,
        attempts: row.attempt,
        queued_at: row.queued_at,
        first_attempt_at: row.first_attempt_at,
    }
}
