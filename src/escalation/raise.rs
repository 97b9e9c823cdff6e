//! From an event to an alert: one open alert for each survivor and rule group.

use serde_json::json;

use super::alerts::history::{self, Detail, LevelRaise};
use super::alerts::model::{AlertRow, AlertState, RuleGroup, TaskEnd, TaskKind};
use super::alerts::opening::{find_survivor, is_setting_on, name_forces, open_alert, place_of};
use super::alerts::{answers, danger_word, truth};
use super::ladder::standing::{Again, AlertStanding};
use super::ladder::telling::{self, Cause};
use super::ladder::{self, climb, steps};
use super::overrides::lapse;
use super::police::{forces, outcomes};
use super::rules::{self, LiveBreach, Trigger};
use super::support::{closing, phones};
use super::tasks::{self, ends, evidence_tasks, leavers, notices, participant_news};
use super::trigger_facts::TriggerFacts;
use crate::access::{self, SurvivorAccess, SystemAccess};
use crate::crypto::reference;
use crate::db::{AlertId, CaseId, Json, ParticipantId, SurvivorId};
use crate::error::{Result, isolate};
use crate::escalation::alerts::store;
use crate::events::{Event, IncidentReport};
use crate::identity::{Role, SurvivorRow};
use crate::incidents;
use crate::orders;
use crate::tx::{Actor, Raised, Subject, Tx};

/// Raises or updates the alerts, tasks and police messages that follow from an event.
#[expect(clippy::too_many_lines, reason = "one list of all events: one that is forgotten does not compile")]
pub fn raise_alerts(tx: &mut Tx<'_>, system: SystemAccess, event: &Event) -> Result<()> {
    match event {
        Event::CheckInMissed { survivor, in_a_row, .. } => {
            incidents::release_on_missed(tx, *survivor, *in_a_row)?;
            apply(tx, system, *survivor, None, event)
        }
        Event::HelpNowPressed { survivor, check_in, is_duress, .. } => {
            if !is_duress {
                answers::note(tx, &system.survivor(*survivor), *check_in, &[RuleGroup::Emergency, RuleGroup::Duress])?;
            }
            apply(tx, system, *survivor, None, event)
        }
        Event::ConcernRaised { survivor, check_in, .. } => {
            answers::note(tx, &system.survivor(*survivor), *check_in, &[RuleGroup::Concern])?;
            apply(tx, system, *survivor, None, event)
        }
        Event::DeviceAtRisk { survivor, reason, .. } => {
            apply(tx, system, *survivor, None, event)?;
            notices::phone_at_risk(tx, *survivor, reason)
        }
        Event::DangerWordHeard { survivor } => {
            danger_word::silence_open(tx, *survivor)?;
            apply(tx, system, *survivor, None, event)
        }
        Event::TimerExpired { survivor, .. }
        | Event::DuressUnlocked { survivor, .. }
        | Event::IncidentReported { survivor, .. }
        | Event::PatternSeen { survivor, .. }
        | Event::AlertUnanswered { survivor, .. }
        | Event::TaskOverdue { survivor, .. }
        | Event::IncidentUnread { survivor, .. } => apply(tx, system, *survivor, None, event),
        Event::SignalSeen { survivor, case, .. } => apply(tx, system, *survivor, Some(*case), event),
        Event::SessionMissed { participant, .. } | Event::ParticipantConcern { participant, .. } => {
            apply_to_linked(tx, system, *participant, event)
        }
        Event::CheckInAnswered { survivor, check_in } => answers::note(tx, &system.survivor(*survivor), *check_in, &[]),
        Event::AlertSettingTurnedOn { survivor, scope } => {
            allow_police(tx, *survivor, scope)?;
            ends::setting_on(tx, *survivor, scope)
        }
        // What people are asked where no rule raises an alert.
        Event::ProtectionLowered { survivor, lowered, due_at } => notices::lowered(tx, *survivor, *lowered, *due_at),
        Event::LoweringSettled { survivor, lowered } => notices::settled(tx, *survivor, lowered),
        Event::BlockWaits { survivor, block, force, due_at } => {
            notices::block(tx, *survivor, *block, (*force, *due_at))
        }
        Event::BlockSettled { survivor, block } => notices::block_settled(tx, *survivor, *block),
        Event::KeptOut { survivor, staff } => leavers::kept_out(tx, *staff, *survivor),
        Event::EvidenceWaits { survivor, evidence, reference, matter, due_at } => {
            evidence_tasks::ask(tx, *survivor, (*evidence, reference), *matter, *due_at)
        }
        Event::EvidenceSettled { survivor, evidence, matters } => {
            evidence_tasks::settle(tx, *survivor, *evidence, matters)
        }
        Event::SecondPersonAsked { approvers } => notices::second_person(tx, approvers),
        Event::StaffOut { staff, organisation, is_back_soon } => {
            leavers::hand_over(tx, *staff, *organisation, *is_back_soon)
        }
        Event::AlertSettingTurningOff { survivor, scope, effective_at } => {
            notices::setting_turning_off(tx, *survivor, scope, *effective_at)
        }
        Event::PhoneEnrolled { survivor, device, code_by, has_word, is_shown } => {
            phones::enrolled(tx, (*survivor, *device), *code_by, (*has_word, *is_shown))
        }
        Event::FirstPhoneWaits { survivor, device } => phones::first_enrolled(tx, *survivor, *device),
        Event::CodeWordSet { survivor } => phones::word_set(tx, *survivor),
        Event::PhoneRevoked { survivor, device } => phones::revoked(tx, *survivor, *device),
        Event::SafetyReviewDue { survivor, what, review_by_on } => {
            let detail = json!({"what": what, "review_by_on": review_by_on});
            tasks::make_for(tx, *survivor, (Role::Advocate, TaskKind::SafetyReview), detail, None)
        }
        Event::ScheduleRanOut { survivor, schedule } => {
            let (kind, detail) = (TaskKind::ScheduleRanOut, json!({"schedule_id": schedule}));
            tasks::make_for(tx, *survivor, (Role::Advocate, kind), detail, None)?;
            notices::notify_side(tx, *survivor, (Role::Advocate, kind.as_str()), false)
        }
        Event::IncidentReleased { survivor, incident, visibility, cause } => {
            let detail = json!({"incident_id": incident, "visibility": visibility, "cause": cause});
            tasks::make_for(tx, *survivor, (Role::Advocate, TaskKind::IncidentReleased), detail, None)
        }
        // What people are notified of, and which of their tasks end, where nobody is asked for anything.
        Event::TimerEndedLate { survivor, timer } => answers::note_timer(tx, *survivor, *timer),
        Event::CallBackAsked { survivor, check_in } => answers::ask_call_back(tx, *survivor, *check_in),
        Event::ContactRecorded { survivor } => ends::contact_recorded(tx, *survivor),
        Event::IncidentsRead { survivor, incidents } => ends::incidents(tx, *survivor, incidents, TaskEnd::Read),
        Event::IncidentWithdrawn { survivor, incident } => {
            ends::incidents(tx, *survivor, &[*incident], TaskEnd::Withdrawn)
        }
        Event::SafetyReviewed { survivor, what } => ends::reviewed(tx, *survivor, what),
        Event::ScheduleMade { survivor } => ends::schedule_made(tx, *survivor),
        Event::ParticipantChanged { participant, what } => participant_news::notify_advocates(tx, *participant, what),
        Event::UrgeActedOn { participant, .. } => participant_news::notify_advocates(tx, *participant, "urge_acted_on"),
        Event::AlertSettingOff { survivor, scope } => ends::setting_off(tx, *survivor, scope),
        Event::ReportedPersonChanged { survivor, what } => notices::reported(tx, *survivor, what),
        Event::SurvivorOrderChanged { survivor, order, what } => notices::order(tx, *survivor, *order, what),
        Event::StaffRenewed { staff, organisation } => notices::renewed(tx, *staff, *organisation),
        // News. A signal that the first two lead to is an event of its own.
        Event::SessionNotAttended { .. }
        | Event::GoalScored { .. }
        | Event::MessageSent { .. }
        | Event::CaseConcernChanged { .. }
        | Event::TaskMade { .. }
        | Event::ProgrammeTaskMade { .. }
        | Event::DecoyMade { .. } => Ok(()),
    }
}

/// One alert for each survivor who is linked to a participant. What is feared does not wait for a link that has yet to be
/// approved; and what is in the way of one survivor's alert keeps no other's from being raised.
fn apply_to_linked(tx: &mut Tx<'_>, system: SystemAccess, participant: ParticipantId, event: &Event) -> Result<()> {
    let is_feared = matches!(event, Event::ParticipantConcern { is_intent: true, .. });
    for case in access::cases_with(tx.conn, participant, is_feared)? {
        isolate(apply(tx, system, case.survivor_id, Some(case.id), event), |error| {
            tracing::error!(case = %case.id, %error, "an alert of one case could not be raised");
        })?;
    }
    Ok(())
}

/// Raising protection is instant: open alerts that the survivor's setting kept from the police are theirs from now on, and
/// where their step was taken already it is taken again. One that somebody has taken up waits for its next step.
fn allow_police(tx: &mut Tx<'_>, survivor: SurvivorId, setting: &str) -> Result<()> {
    store::lock_survivor(tx.conn, survivor)?;
    for mut alert in store::list_withheld_from_police(tx.conn, survivor, setting)? {
        alert.police_allowed = true;
        history::write(tx, &alert, &Detail::PoliceAllowed { setting: setting.to_owned() }, None)?;
        tx.note("allow_police", Subject::of("alert", alert.id), "alert_setting");
        lapse::end_waiting(tx, alert.id)?;
        if alert.state == AlertState::Open && tasks::store::has_task(tx.conn, alert.id, TaskKind::PoliceNotAllowed)? {
            steps::notify_police_now(tx, &mut alert)?;
        }
        store::keep(tx, &mut alert)?;
    }
    tx.notify_worker();
    Ok(())
}

fn apply(
    tx: &mut Tx<'_>,
    system: SystemAccess,
    survivor: SurvivorId,
    case: Option<CaseId>,
    event: &Event,
) -> Result<()> {
    let row = find_survivor(tx, survivor)?;
    let breach = match event {
        Event::IncidentReported { report, .. } => live_breach(tx, &system.survivor(survivor), report)?,
        _ => None,
    };
    let triggers = rules::triggers(event, row.risk_rating, breach.as_ref());
    if triggers.is_empty() {
        return Ok(());
    }
    store::lock_survivor(tx.conn, survivor)?;
    // Read again: another organisation may have taken the record over before it was this one's turn.
    let row = find_survivor(tx, survivor)?;
    for trigger in triggers {
        trigger_alert(tx, &row, (case, place_of(event)), &trigger)?;
    }
    Ok(())
}

/// The condition that an incident breaches: one that was in force on the day it happened, however late it is reported.
fn live_breach(tx: &mut Tx<'_>, survivor: &SurvivorAccess, report: &IncidentReport) -> Result<Option<LiveBreach>> {
    let Some(condition) = report.condition else { return Ok(None) };
    let linked = access::linked_orders_of(tx.conn, survivor)?;
    let on = crate::db::court_day(report.happened_at);
    let live = orders::find_live_condition(tx.conn, &linked, condition, on)?;
    Ok(live.map(|live| LiveBreach { order_kind: live.order_kind, condition_code: live.code }))
}

/// Opens an alert or adds to the open one; `place` is the force of where it happened, where that is known.
fn trigger_alert(
    tx: &mut Tx<'_>,
    survivor: &SurvivorRow,
    (case, place): (Option<CaseId>, Option<&str>),
    trigger: &Trigger,
) -> Result<()> {
    let mut alert = match store::find_open(tx.conn, survivor.id, trigger.group)? {
        Some(open) => add_to(tx, open, (survivor, place), trigger)?,
        None => {
            let ladder = ladder::chosen(tx.conn, survivor.organisation_id, trigger.ladder_code())?;
            let standing = AlertStanding::raised(ladder, trigger.level, tx.now);
            open_alert(tx, survivor, (case, place), trigger, &standing)?
        }
    };
    closing::reopen_for(tx, &alert)?;
    climb::take_due_steps(tx, &mut alert, Cause::Time)?;
    store::keep(tx, &mut alert)?;
    // Nobody waits for an answer where time passed; and of a signal the person who wrote one side of it must not learn the other.
    if tx.actor != Actor::System && trigger.group != RuleGroup::Signal {
        answer_caller(tx, &alert, trigger.facts.may_be_anothers())?;
    }
    tx.notify_worker();
    incidents::release_on_alert(tx, alert.survivor_id, alert.level, alert.is_silent)
}

/// Answers the caller with the alert that the call raised or added to. The holder of a phone that was reported lost, or that
/// nobody has confirmed, reads nothing of what others have done about it.
fn answer_caller(tx: &mut Tx<'_>, alert: &AlertRow, may_be_anothers: bool) -> Result<()> {
    let mut raised = truth::truth(tx.conn, (tx.settings.ways, tx.now), alert)?;
    if may_be_anothers {
        raised = Raised { delivered_at: None, sent_by_mail_at: None, acknowledged_at: None, ..raised };
    }
    if alert.is_silent || tx.actor.is_duress() {
        // As the decoy has it: nobody outside is notified, and nothing happened before this.
        raised = Raised {
            police_will_be_told: false,
            delivered_at: None,
            sent_by_mail_at: None,
            acknowledged_at: None,
            ..raised
        };
    }
    if tx.actor.is_duress() {
        // What is added to an older alert would tell by its id that there is one, and since when.
        let (id, reference, state) = (AlertId::new(tx.now), reference::generate("AL")?, AlertState::Open.to_string());
        raised = Raised { id, reference, state, ..raised };
    }
    tx.raised(raised);
    Ok(())
}

/// Adds a trigger to the open alert of its group. A higher level puts it on that level's ladder; an insistent trigger
/// notifies again, no matter who has acknowledged.
fn add_to(
    tx: &mut Tx<'_>,
    mut alert: AlertRow,
    (survivor, place): (&SurvivorRow, Option<&str>),
    trigger: &Trigger,
) -> Result<AlertRow> {
    let rises = trigger.level > alert.level;
    // What police may not be sent never takes the place of what they may, and names no force; nor does what comes from a
    // phone that was reported lost, where another phone gave a place.
    let is_for_police = trigger.setting.is_some() || alert.police_setting.is_none();
    if is_for_police && !gives_way(tx, &alert, &trigger.facts)? {
        alert.rule = trigger.rule;
        alert.facts = Json::of(&with_known_location(tx, &alert, trigger.facts.clone())?)?;
        name_forces(tx, &alert, (survivor, place), &trigger.facts)?;
    } else {
        forces::renew(tx, &alert)?;
    }
    alert.is_silent |= trigger.group.is_under_duress();
    // An officer took up what was known then; of this they have not heard.
    alert.police_acknowledged_at = None;
    if trigger.setting.is_some() {
        alert.police_setting = trigger.setting.map(|setting| setting.as_str().to_owned());
    }
    // Raising protection is instant: a setting that was turned on since counts; one turned off since does not.
    alert.police_allowed = alert.police_allowed || is_setting_on(tx, alert.survivor_id, trigger)?;
    let ladder = ladder::chosen(tx.conn, alert.organisation_id, trigger.ladder_code())?;
    let mut standing = alert.standing()?;
    let again = standing.trigger(trigger.level, || ladder, trigger.is_insistent, tx.now);
    // Those who were paged a moment ago are paged again when the minute is over, with the count.
    let rest = telling::rests_until(&alert, tx.now).filter(|_| again == Again::Restarted && !rises);
    if let Some(until) = rest {
        standing.put_off(until);
        alert.unpaged_triggers = alert.unpaged_triggers.saturating_add(1);
    }
    alert.stand(&standing)?;
    let facts = trigger.facts.clone();
    let detail = if rises { Detail::LevelRaised(LevelRaise::ByTrigger(facts)) } else { Detail::TriggeredAgain(facts) };
    history::write(tx, &alert, &detail, None)?;
    match again {
        Again::Retold => climb::notify_again(tx, &mut alert)?,
        Again::Restarted => {
            alert.acknowledged_at = None;
            alert.restart_deadline(tx.now);
            // What the police said came of it was said before this.
            outcomes::supersede(tx, &mut alert)?;
            if rest.is_some() {
                steps::notify_police_alone(tx, &mut alert)?;
            }
        }
        Again::Noted => {}
    }
    if again != Again::Restarted && trigger.setting.is_some() && alert.police_told_at.is_some() {
        // The police's step of this climb is past, and puts nothing in their way.
        climb::notify_police_who_know(tx, &mut alert)?;
    }
    tx.note("add_to_alert", Subject::of("alert", alert.id), trigger.rule.as_str());
    Ok(alert)
}

/// A trigger that brings no location leaves the one that is known.
fn with_known_location(tx: &mut Tx<'_>, alert: &AlertRow, mut facts: TriggerFacts) -> Result<TriggerFacts> {
    let Some(known) = alert.facts().source() else { return Ok(facts) };
    let brings_one = match facts.source() {
        Some(new) => new.sealed(tx.conn, &alert.record())?.is_some(),
        None => false,
    };
    if !brings_one && known.sealed(tx.conn, &alert.record())?.is_some() {
        facts.name_source(known);
        facts.phone_reported_at = alert.facts().phone_reported_at;
        facts.is_phone_unconfirmed = alert.facts().is_phone_unconfirmed;
    }
    Ok(facts)
}

/// Whether a trigger came from a phone that was reported lost, while the place that is known came from another.
fn gives_way(tx: &mut Tx<'_>, alert: &AlertRow, facts: &TriggerFacts) -> Result<bool> {
    let known = alert.facts();
    if facts.phone_reported_at.is_none() || known.phone_reported_at.is_some() {
        return Ok(false);
    }
    match known.source() {
        Some(source) => Ok(source.sealed(tx.conn, &alert.record())?.is_some()),
        None => Ok(false),
    }
}
