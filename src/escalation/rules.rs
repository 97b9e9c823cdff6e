//! What follows from an event: the table of rules, as one pure function.
//!
//! Software may raise a level, never lower one. Unassessed risk is treated as high.

#[cfg(test)]
mod tests;

use super::alerts::model::{Rule, RuleGroup};
use super::trigger_facts::{BreachFacts, Happened, ReportedFacts, TriggerFacts};
use crate::consent::Scope;
use crate::db::IncidentId;
use crate::events::{Event, IncidentReport};
use crate::identity::RiskRating;

/// A rule that applies, and what it asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Which rule.
    pub rule: Rule,
    /// Which open alert it adds to.
    pub group: RuleGroup,
    /// 2 to 4.
    pub level: i32,
    /// The setting that decides whether the police are notified; none: never on the software's own account.
    pub setting: Option<Scope>,
    /// Whether it notifies again and begins the climb again, even where somebody has acknowledged.
    pub is_insistent: bool,
    /// What is known, as codes.
    pub(super) facts: TriggerFacts,
}

impl Trigger {
    /// The code of the ladder for this trigger at its level.
    #[must_use]
    pub fn ladder_code(&self) -> &'static str {
        ladder_code(self.group, self.level)
    }
}

/// The code of the ladder for alerts of a group at a level.
#[must_use]
pub fn ladder_code(group: RuleGroup, level: i32) -> &'static str {
    match (group, level) {
        (RuleGroup::Emergency | RuleGroup::Duress, _) | (_, 4) => "emergency",
        (RuleGroup::Breach, _) => "breach",
        (RuleGroup::Behaviour | RuleGroup::Timer, _) | (RuleGroup::Participant | RuleGroup::Told, 3) => "fast",
        (RuleGroup::Device | RuleGroup::Signal, 2) => "advocate_only",
        (RuleGroup::Unreviewed, 2) => "review",
        (_, 3) => "high_risk",
        _ => "standard",
    }
}

/// Whether an incident names a condition of an order that is live on the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveBreach {
    /// The order's kind, such as `spo`.
    pub order_kind: String,
    /// The condition's code.
    pub condition_code: String,
}

/// The rules that apply to an event, the gravest first. What was said under duress is an alert apart, of which neither the
/// phone nor the programme learns.
#[must_use]
pub fn triggers(event: &Event, risk: RiskRating, breach: Option<&LiveBreach>) -> Vec<Trigger> {
    let mut found = triggers_of(event, risk, breach);
    if is_under_duress(event) {
        for trigger in &mut found {
            trigger.group = match trigger.group {
                RuleGroup::Emergency | RuleGroup::Duress => RuleGroup::Duress,
                _ => RuleGroup::Told,
            };
        }
    }
    found
}

fn is_under_duress(event: &Event) -> bool {
    match event {
        Event::DuressUnlocked { .. } | Event::DangerWordHeard { .. } => true,
        Event::HelpNowPressed { is_duress, .. }
        | Event::ConcernRaised { is_duress, .. }
        | Event::TimerExpired { is_duress, .. }
        | Event::PatternSeen { is_duress, .. } => *is_duress,
        Event::IncidentReported { report, .. } => report.is_duress,
        _ => false,
    }
}

#[expect(clippy::too_many_lines, reason = "one list of all events: one that is forgotten does not compile")]
fn triggers_of(event: &Event, risk: RiskRating, breach: Option<&LiveBreach>) -> Vec<Trigger> {
    match event {
        Event::CheckInMissed { check_in, due_at, in_a_row, .. } => {
            let happened = Happened::Missed { due_at: *due_at, in_a_row: *in_a_row };
            vec![missed(risk, *in_a_row, TriggerFacts { check_in_id: Some(*check_in), ..happened.into() })]
        }
        Event::HelpNowPressed { check_in, force, heard, .. } => {
            let happened = named(*force).map_or(Happened::Nothing {}, |force_id| Happened::Pressed { force_id });
            let facts = TriggerFacts::heard(happened, heard);
            vec![emergency(Rule::HelpNow, TriggerFacts { check_in_id: Some(*check_in), ..facts })]
        }
        Event::DangerWordHeard { .. } => vec![emergency(Rule::Duress, TriggerFacts::default())],
        Event::DuressUnlocked { device, .. } => {
            let facts = Happened::Duress { device_id: *device }.into();
            vec![emergency(Rule::Duress, facts)]
        }
        Event::TimerExpired { timer, ends_at, force, .. } => {
            let happened = Happened::RanOut { due_at: *ends_at, force_id: named(*force) };
            vec![timer_expired(TriggerFacts { timer_id: Some(*timer), ..happened.into() })]
        }
        Event::DeviceAtRisk { device, reason, .. } => {
            let reasons = vec![(*reason).to_owned()];
            vec![device_risk(Happened::DeviceAtRisk { device_id: *device, reasons }.into())]
        }
        Event::ConcernRaised { check_in, reasons, force, heard, .. } => {
            let happened = Happened::Concern { reasons: owned(reasons), force_id: named(*force) };
            let facts = TriggerFacts::heard(happened, heard);
            vec![concern(risk, TriggerFacts { check_in_id: Some(*check_in), ..facts })]
        }
        Event::IncidentReported { incident, report, .. } => {
            let facts = TriggerFacts::heard(of_report(*incident, report, breach), &report.heard);
            reported(risk, report, breach, &facts)
        }
        Event::PatternSeen { incident, patterns, .. } => {
            let happened = Happened::Pattern { incident_id: *incident, patterns: owned(patterns) };
            vec![by_a_person(Rule::Pattern, RuleGroup::Pattern, 2, happened.into())]
        }
        Event::SignalSeen { signal, .. } => {
            let happened = Happened::Signal { patterns: owned(&[signal]) };
            vec![by_a_person(Rule::Pattern, RuleGroup::Signal, 2, happened.into())]
        }
        Event::SessionMissed { session, absences, is_ordered, .. } => {
            let (session_id, absences, is_ordered) = (*session, *absences, *is_ordered);
            let happened = Happened::Absence { session_id, absences, is_ordered };
            absence(absences, is_ordered, happened.into()).into_iter().collect()
        }
        Event::ParticipantConcern { concern, kind, is_intent, is_imminent, .. } => {
            let kind = (*kind).to_owned();
            let happened = Happened::Feared { concern_id: *concern, kind, is_imminent: *is_imminent };
            vec![participant_concern(*is_intent, *is_imminent, happened.into())]
        }
        Event::AlertUnanswered { alert, level, .. } => {
            vec![unreviewed(Happened::Unanswered { alert_id: *alert, level: *level })]
        }
        Event::IncidentUnread { incident, .. } => vec![unreviewed(Happened::Unread { incident_id: *incident })],
        Event::TaskOverdue { task, kind, .. } => {
            vec![unreviewed(Happened::Overdue { task_id: *task, task: (*kind).to_owned() })]
        }
        Event::CheckInAnswered { .. }
        | Event::CallBackAsked { .. }
        | Event::ContactRecorded { .. }
        | Event::IncidentsRead { .. }
        | Event::IncidentWithdrawn { .. }
        | Event::SafetyReviewed { .. }
        | Event::ProtectionLowered { .. }
        | Event::LoweringSettled { .. }
        | Event::BlockWaits { .. }
        | Event::BlockSettled { .. }
        | Event::KeptOut { .. }
        | Event::EvidenceWaits { .. }
        | Event::EvidenceSettled { .. }
        | Event::ScheduleMade { .. }
        | Event::DecoyMade { .. }
        | Event::ParticipantChanged { .. }
        | Event::AlertSettingOff { .. }
        | Event::AlertSettingTurnedOn { .. }
        | Event::PhoneEnrolled { .. }
        | Event::FirstPhoneWaits { .. }
        | Event::CodeWordSet { .. }
        | Event::PhoneRevoked { .. }
        | Event::SecondPersonAsked { .. }
        | Event::ReportedPersonChanged { .. }
        | Event::SurvivorOrderChanged { .. }
        | Event::StaffRenewed { .. }
        | Event::StaffOut { .. }
        | Event::AlertSettingTurningOff { .. }
        | Event::IncidentReleased { .. }
        | Event::MessageSent { .. }
        | Event::CaseConcernChanged { .. }
        | Event::TaskMade { .. }
        | Event::ProgrammeTaskMade { .. }
        | Event::SessionNotAttended { .. }
        | Event::UrgeActedOn { .. }
        | Event::GoalScored { .. }
        | Event::SafetyReviewDue { .. }
        | Event::ScheduleRanOut { .. }
        | Event::TimerEndedLate { .. } => Vec::new(),
    }
}

fn owned(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// The force of the place that a phone gave, by its id.
fn named(force: Option<&str>) -> Option<String> {
    force.map(str::to_owned)
}

fn of_report(incident: IncidentId, report: &IncidentReport, breach: Option<&LiveBreach>) -> Happened {
    let breach =
        breach.map(|breach| BreachFacts { order: breach.order_kind.clone(), condition: breach.condition_code.clone() });
    Happened::Reported(ReportedFacts {
        incident_id: incident,
        behaviours: report.behaviours.clone(),
        fear: report.fear,
        police_may_contact: report.police_may_contact,
        force_id: report.force.clone(),
        is_now: report.is_happening_now,
        breach,
    })
}

/// The code of the ladder after a first missed check-in, for showing it to the survivor.
#[must_use]
pub fn missed_ladder_code(risk: RiskRating) -> &'static str {
    missed(risk, 1, TriggerFacts::default()).ladder_code()
}

/// A trigger of which the police learn by a person's decision alone.
fn by_a_person(rule: Rule, group: RuleGroup, level: i32, facts: TriggerFacts) -> Trigger {
    Trigger { rule, group, level, setting: None, is_insistent: false, facts }
}

/// What nobody looked at in time.
fn unreviewed(happened: Happened) -> Trigger {
    by_a_person(Rule::Unreviewed, RuleGroup::Unreviewed, 2, happened.into())
}

/// Two unacceptable absences are a concern; one is urgent where an order demands attendance.
fn absence(absences: usize, is_ordered: bool, facts: TriggerFacts) -> Option<Trigger> {
    let level = match (is_ordered, absences) {
        (true, 1..) => 3,
        (false, 2..) => 2,
        _ => return None,
    };
    Some(by_a_person(Rule::SessionAbsence, RuleGroup::Absence, level, facts))
}

/// Intent is urgent, and an emergency when it is about to be acted on; anything else is for the advocate to know. Every
/// further one of intent notifies again.
fn participant_concern(is_intent: bool, is_imminent: bool, facts: TriggerFacts) -> Trigger {
    let level = match (is_intent, is_imminent) {
        (_, true) => 4,
        (true, false) => 3,
        (false, false) => 2,
    };
    // Of an emergency the police are notified on the same setting as for help-now, of an intent on that of the fast ladder; of
    // the rest a person decides.
    let setting = match (is_intent, is_imminent) {
        (_, true) => Some(Scope::AlertPoliceHelpNow),
        (true, false) => Some(Scope::AlertPoliceMissed),
        (false, false) => None,
    };
    let trigger = by_a_person(Rule::ParticipantConcern, RuleGroup::Participant, level, facts);
    Trigger { setting, is_insistent: is_intent || is_imminent, ..trigger }
}

fn missed(risk: RiskRating, in_a_row: u32, facts: TriggerFacts) -> Trigger {
    let base = if risk == RiskRating::Standard { 2 } else { 3 };
    let is_repeated = in_a_row >= 2;
    Trigger {
        rule: if is_repeated { Rule::RepeatedMissed } else { Rule::MissedCheckIn },
        group: RuleGroup::Missed,
        level: if is_repeated { (base + 1).min(3) } else { base },
        setting: Some(Scope::AlertPoliceMissed),
        is_insistent: false,
        facts,
    }
}

fn timer_expired(facts: TriggerFacts) -> Trigger {
    let (rule, group, setting) = (Rule::TimerExpired, RuleGroup::Timer, Some(Scope::AlertPoliceMissed));
    Trigger { rule, group, level: 3, setting, is_insistent: false, facts }
}

fn device_risk(facts: TriggerFacts) -> Trigger {
    let (rule, group) = (Rule::DeviceRisk, RuleGroup::Device);
    Trigger { rule, group, level: 2, setting: None, is_insistent: false, facts }
}

fn emergency(rule: Rule, facts: TriggerFacts) -> Trigger {
    let setting = Some(Scope::AlertPoliceHelpNow);
    Trigger { rule, group: RuleGroup::Emergency, level: 4, setting, is_insistent: true, facts }
}

fn concern(risk: RiskRating, facts: TriggerFacts) -> Trigger {
    let level = if matches!(risk, RiskRating::High | RiskRating::Unassessed) { 3 } else { 2 };
    Trigger { rule: Rule::Concern, group: RuleGroup::Concern, level, setting: None, is_insistent: false, facts }
}

fn reported(
    risk: RiskRating,
    report: &IncidentReport,
    breach: Option<&LiveBreach>,
    facts: &TriggerFacts,
) -> Vec<Trigger> {
    let is_grave = report.base_severity >= 4;
    let mut found = Vec::new();
    let is_danger = report.is_in_person || is_grave || report.behaviours.is_empty();
    if report.is_happening_now && is_danger {
        found.push(emergency(Rule::DangerNow, facts.clone()));
    } else if report.is_private && !report.is_happening_now {
        // What the survivor keeps for themselves is told to nobody, short of a danger that is happening.
        return found;
    } else if is_grave {
        // As the rest of the fast ladder, but never from an incident that the survivor did not mean for the police.
        let setting = report.is_for_police.then_some(Scope::AlertPoliceMissed);
        let (rule, group) = (Rule::CriticalBehaviour, RuleGroup::Behaviour);
        found.push(Trigger { rule, group, level: 3, setting, is_insistent: true, facts: facts.clone() });
    }
    if breach.is_some() {
        // The police learn of a breach only from an incident that the survivor meant for them.
        let setting = report.is_for_police.then_some(Scope::AlertPoliceBreach);
        let (rule, group) = (Rule::OrderBreach, RuleGroup::Breach);
        found.push(Trigger {
            rule,
            group,
            level: 3,
            setting,
            is_insistent: report.is_for_police,
            facts: facts.clone(),
        });
    }
    // Whatever is happening now is looked at, too.
    if report.fear >= 3 || report.base_severity == 3 || report.is_happening_now && found.is_empty() {
        found.push(concern(risk, facts.clone()));
    }
    found
}
