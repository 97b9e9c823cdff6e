//! Reading alerts: staff of either side, the survivor themselves, and the case view above.

mod own;
mod triggers;

use std::collections::HashMap;

use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::answers::AnswerView;
use super::changes::FOR_PROGRAMME;
use super::forces::AlertForce;
use super::model::{AlertRow, AlertState, HistoryKind, HistoryRow, Rule, RuleGroup};
use super::police_news::{self, AlertForceView};
use super::sentences::{self, Log, Names};
use super::{step_outcomes, store};
use crate::access;
use crate::consent::{self, Disclosure, DisclosurePurpose, Scope};
use crate::crypto::{Keys, Sealed};
use crate::db::{AlertId, CaseId, DeliveryId, Instant, Json, OrganisationId, SubjectId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::page::{Cursor, Page};
use crate::identity::{OrganisationKind, Staff};
use crate::notify;
use crate::tx::{Subject, Tx};
use crate::webhooks::{self, Delivery, DeliveryState, Endpoint};
use crate::words::Language;

pub(super) use own::truth;
pub use own::{OwnAlertView, find_own};
pub use triggers::TriggerView;

/// An alert, for staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertView {
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
    /// The patterns and signals that it told of, as codes; for the survivor's own side.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<String>,
    /// Where it stands.
    pub state: AlertState,
    /// Whether it is a drill: nobody is in danger.
    pub is_exercise: bool,
    /// The survivor; for their own side alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub survivor_id: Option<SurvivorId>,
    /// The case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// When it was raised.
    pub raised_at: Instant,
    /// When a support-side person took it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Instant>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
    /// Whether the survivor's setting lets the police be told; for their own side alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub police_allowed: Option<bool>,
    /// How far it has come with each force that it is for; for the survivor's own side alone.
    pub forces: Vec<AlertForceView>,
    /// When the first message to police was made; `forces` and `deliveries` say how far one has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub police_told_at: Option<Instant>,
    /// When an officer acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub police_acknowledged_at: Option<Instant>,
    /// What the police said came of it; for the programme's side once the advocate has released it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// When the next step is due, or when it climbs again, or is told of as unanswered; for the survivor's own side alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step_at: Option<Instant>,
    /// Everything that raised it or was added to it, the first first; for the survivor's own side alone.
    pub triggers: Vec<TriggerView>,
    /// When the phone recorded the latest trigger that it sent, where that could be read: it may have reached us later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Instant>,
    /// JSON Pointers of what could not be read or kept of what the phone sent; the empty one is a body as a whole. For the
    /// survivor's own side alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["/location/accuracy_m"]))]
    pub dropped: Vec<String>,
    /// The steps that were taken; for the survivor's own side alone.
    pub steps: Vec<StepView>,
    /// When steps that were due were held back, why, and until when; for the survivor's own side alone.
    pub holds: Vec<StepView>,
    /// The messages to police; for the survivor's own side alone.
    pub deliveries: Vec<DeliveryView>,
    /// Who took it up.
    pub acknowledgements: Vec<AcknowledgementView>,
    /// What the survivor has said since it was raised; closes nothing. For the survivor's own side alone.
    pub answers: Vec<AnswerView>,
    /// How far it has come with people and with the police, in sentences; for the survivor's own side alone.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_attempt_at: Option<Instant>,
    /// When a system of the force received it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Instant>,
    /// When it was sent by mail, which nobody answers for having received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_by_mail_at: Option<Instant>,
}

/// Somebody who took an alert up, or told of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcknowledgementView {
    /// When.
    pub at: Instant,
    /// Of what kind: a support-side acknowledgement, an officer's, progress, an outcome, a level raised, a reopening.
    #[schema(example = "acknowledged")]
    pub kind: String,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<SubjectId>,
    /// What they said; for the survivor's own side alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the force calls it; for the survivor's own side alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "SYP-20261121-0812")]
    pub force_reference: Option<String>,
    /// Codes that go with it; for the survivor's own side alone.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// From which side an alert is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Support,
    Programme,
}

pub(super) fn side(staff: &Staff) -> Result<Side> {
    if staff.works_for(OrganisationKind::SurvivorSupport) {
        Ok(Side::Support)
    } else if staff.works_for(OrganisationKind::ProgrammeProvider) {
        Ok(Side::Programme)
    } else {
        Err(Error::Forbidden(crate::error::Code::WrongRole))
    }
}

/// Alerts that a member of staff may see: of their own support organisation, whoever is assigned, since anybody may be
/// on duty; or, on the programme's side, of linked cases whose survivor shares their status.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, after: Option<Cursor>, limit: i64) -> Result<Page<AlertView>> {
    let side = side(staff)?;
    let own = staff.organisation()?;
    let rows = match side {
        Side::Support => {
            let blocked = access::blocked_survivors(tx.conn, staff)?;
            store::list_of_organisation(tx.conn, own, blocked, after, limit)?
        }
        Side::Programme => {
            let cases = shared_cases(tx, staff)?;
            store::list_of_cases(tx.conn, cases, after, limit)?
        }
    };
    tx.about(Subject::of("organisation", own));
    let page = Page::of(rows, limit, |row| (row.raised_at, row.id.0), Ok)?;
    note_read(tx, &page.items, side, own)?;
    Ok(Page { items: views(tx, page.items, side)?, next_cursor: page.next_cursor })
}

/// One alert.
pub fn find(tx: &mut Tx<'_>, staff: &Staff, id: AlertId) -> Result<(i32, AlertView)> {
    let side = side(staff)?;
    let row = store::find(tx.conn, id)?.ok_or(Error::NotFound)?;
    let may = match side {
        Side::Support => {
            row.organisation_id == staff.organisation()?
                && !access::is_blocked(tx.conn, row.survivor_id, Some(staff.id), None)?
        }
        Side::Programme => {
            let cases = shared_cases(tx, staff)?;
            let is_theirs = !row.is_silent && !RuleGroup::NOT_FOR_PROGRAMME.contains(&row.rule_group);
            is_theirs && row.case_id.is_some_and(|case| cases.contains(&case))
        }
    };
    if !may {
        return Err(Error::NotFound);
    }
    tx.about(Subject::of("alert", id));
    if side == Side::Support {
        notify::note_opened(tx, id, staff.id)?;
    }
    let (version, rows) = (row.version, vec![row]);
    note_read(tx, &rows, side, staff.organisation()?)?;
    let view = views(tx, rows, side)?.pop().ok_or(Error::NotFound)?;
    Ok((version, view))
}

/// Writes that alerts are read: for the programme's side that is a disclosure, one for each survivor.
pub(super) fn note_read(tx: &mut Tx<'_>, rows: &[AlertRow], side: Side, own: OrganisationId) -> Result<()> {
    let mut told: Vec<SurvivorId> = Vec::new();
    for row in rows {
        tx.note("read_alert", row.read_subject(), "alerts");
        if side == Side::Support || told.contains(&row.survivor_id) {
            continue;
        }
        told.push(row.survivor_id);
        let disclosure = Disclosure {
            survivor: row.survivor_id,
            recipient: own,
            officer: None,
            what: &["alerts"],
            reason: None,
            agreement: Scope::ShareProgrammeStatus.as_str(),
            purpose: DisclosurePurpose::Programme,
            alert: None,
        };
        consent::disclose(tx, &disclosure)?;
    }
    Ok(())
}

/// The caller's cases whose survivors let the programme see their status.
pub(super) fn shared_cases(tx: &mut Tx<'_>, staff: &Staff) -> Result<Vec<CaseId>> {
    let mut shared = Vec::new();
    for case in access::case_ids_of(tx, staff)? {
        let found = access::case(tx, staff, case.id);
        if let Ok(access) = found
            && access.sees(Scope::ShareProgrammeStatus).is_some()
        {
            shared.push(case.id);
        }
    }
    Ok(shared)
}

fn views(tx: &mut Tx<'_>, rows: Vec<AlertRow>, side: Side) -> Result<Vec<AlertView>> {
    let ids: Vec<AlertId> = rows.iter().map(|row| row.id).collect();
    let mut history: HashMap<AlertId, Vec<HistoryRow>> = HashMap::new();
    for line in store::list_history_of(tx.conn, &ids)? {
        history.entry(line.alert_id).or_default().push(line);
    }
    let mut deliveries: HashMap<AlertId, Vec<(Delivery, Endpoint)>> = HashMap::new();
    for sent in webhooks::list_deliveries_of(tx.conn, &ids)? {
        if let Some(alert) = sent.0.alert_id {
            deliveries.entry(alert).or_default().push(sent);
        }
    }
    let mut forces: HashMap<AlertId, Vec<AlertForce>> = HashMap::new();
    for force in store::list_forces_of(tx.conn, &ids)? {
        forces.entry(force.alert_id).or_default().push(force);
    }
    let mut records = sentences::records(tx.conn, &ids)?;
    let mut names = Names::default();
    let mut take = |row: AlertRow| {
        let mut lines = history.remove(&row.id).unwrap_or_default();
        let record = records.remove(&row.id).unwrap_or_default();
        let steps = step_outcomes::of_steps(&lines, &record);
        let sent = deliveries.remove(&row.id).unwrap_or_default();
        let forces = forces.remove(&row.id).unwrap_or_default();
        let log = sentences::log_from(tx.conn, &mut names, &row, (&lines, &sent, &forces))?;
        let in_words = sentences::in_words(&sentences::for_staff(&Log { record, ..log }), Language::English);
        let measured = lines.iter_mut().filter(|line| step_outcomes::is_step(line.kind));
        measured.zip(steps).for_each(|(line, detail)| line.detail = Json(detail));
        let view = view(tx.keys, row, side, lines, (forces, sent))?;
        Ok::<_, Error>(if side == Side::Support { AlertView { in_words, ..view } } else { view })
    };
    rows.into_iter().map(&mut take).collect()
}

fn view(
    keys: &Keys,
    row: AlertRow,
    side: Side,
    lines: Vec<HistoryRow>,
    (forces, sent): (Vec<AlertForce>, Vec<(Delivery, Endpoint)>),
) -> Result<AlertView> {
    let (mut steps, mut holds, mut acknowledgements, mut answers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let is_support = side == Side::Support;
    let mut patterns = if is_support { patterns_of(&lines) } else { Vec::new() };
    patterns.sort_unstable();
    patterns.dedup();
    let triggers = if is_support { triggers::of(&lines) } else { Vec::new() };
    for line in lines.into_iter().filter(|line| is_support || FOR_PROGRAMME.contains(&line.kind)) {
        match line.kind {
            HistoryKind::Step | HistoryKind::AdministratorWarned => {
                steps.push(StepView { at: line.at, detail: line.detail.0 });
            }
            HistoryKind::Answered => answers.push(AnswerView { at: line.at, detail: line.detail.0 }),
            HistoryKind::Held => holds.push(StepView { at: line.at, detail: line.detail.0 }),
            HistoryKind::LevelRaised if line.actor_kind == "staff" => {
                acknowledgements.push(acknowledgement(keys, line, side)?);
            }
            HistoryKind::Acknowledged
            | HistoryKind::PoliceAcknowledged
            | HistoryKind::Progress
            | HistoryKind::Reopened
            | HistoryKind::PoliceOutcome
            | HistoryKind::OutcomeReleased
            | HistoryKind::OutcomeWithheld
            | HistoryKind::Resolved
            | HistoryKind::StoodDown => acknowledgements.push(acknowledgement(keys, line, side)?),
            _ => {}
        }
    }
    Ok(AlertView {
        id: row.id,
        reference: row.reference,
        level: row.level,
        rule: row.rule,
        patterns,
        state: row.state,
        is_exercise: row.is_exercise,
        survivor_id: is_support.then_some(row.survivor_id),
        case_id: row.case_id,
        raised_at: row.raised_at,
        acknowledged_at: row.acknowledged_at,
        closed_at: row.closed_at,
        police_allowed: is_support.then_some(row.police_allowed),
        forces: if is_support { police_news::of_forces(forces, &sent) } else { Vec::new() },
        police_told_at: row.police_told_at,
        police_acknowledged_at: row.police_acknowledged_at,
        // Before the advocate has released it, an outcome is the survivor's own side's alone.
        outcome: row.outcome.filter(|_| is_support || row.outcome_released_at.is_some()),
        next_step_at: row.act_at.filter(|_| is_support),
        recorded_at: triggers.iter().rev().find_map(|trigger| trigger.recorded_at),
        dropped: triggers::dropped(&triggers),
        triggers,
        steps,
        holds,
        deliveries: if is_support { sent.into_iter().map(delivery).collect() } else { Vec::new() },
        acknowledgements,
        answers,
        in_words: Vec::new(),
    })
}

/// The codes of what triggered an alert of patterns.
fn patterns_of(lines: &[HistoryRow]) -> Vec<String> {
    let triggers = lines.iter().filter(|line| line.kind.is_trigger());
    let named = triggers.filter_map(|line| line.detail.0.get("patterns")?.as_array());
    named.flatten().filter_map(|code| code.as_str().map(str::to_owned)).collect()
}

fn acknowledgement(keys: &Keys, line: HistoryRow, side: Side) -> Result<AcknowledgementView> {
    let open = |column, sealed: Option<&Sealed>| {
        let opened = match side {
            Side::Support => keys.open_opt(HistoryRow::place(line.survivor_id, line.id, column), sealed)?,
            Side::Programme => None,
        };
        Ok::<_, Error>(opened.map(|text| text.expose_secret().to_owned()))
    };
    let note = open("note", line.note.as_ref())?;
    let force_reference = open("force_reference", line.force_reference.as_ref())?;
    Ok(AcknowledgementView {
        at: line.at,
        kind: line.kind.to_string(),
        by: line.actor_id,
        note,
        force_reference,
        detail: if side == Side::Support { line.detail.0 } else { json!({}) },
    })
}

fn delivery((row, endpoint): (Delivery, Endpoint)) -> DeliveryView {
    DeliveryView {
        delivered_at: row.received_at(endpoint.kind),
        sent_by_mail_at: row.mailed_at(endpoint.kind),
        id: row.id,
        message_type: row.message_type,
        state: row.state,
        attempts: row.attempt,
        queued_at: row.queued_at,
        first_attempt_at: row.first_attempt_at,
    }
}
