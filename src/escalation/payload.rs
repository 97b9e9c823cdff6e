//! What police are sent: thin and minimised (api.md, "The webhook to police").
//!
//! Identifiers, level, event and facts that help a THRIVE judgement, which is theirs to make. Never names, dates of
//! birth, addresses, the survivor's phone, coordinates, narrative or images: nothing sealed is opened here but the
//! police's own references.

use serde_json::{Value, json};

use super::model::{AlertRow, Rule, RuleGroup, acknowledge_minutes};
use super::{location, script, store};
use crate::access;
use crate::consent::{self, DisclosurePurpose, Ledger, Scope};
use crate::db::IncidentId;
use crate::error::{Error, Result};
use crate::evidence;
use crate::identity::{self, SurvivorRow};
use crate::incidents::{self, Harm};
use crate::programme;
use crate::tx::Tx;
use crate::webhooks;

/// Days over which incidents are counted, for each of the two stretches that a trend compares.
const TREND_DAYS: i64 = 7;
/// That children were present when it happened.
const CHILDREN_PRESENT: &str = "children_present";

/// What a message says of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// That there is one.
    Raised,
    /// That something happened again.
    Updated,
    /// That its level rose.
    Escalated,
    /// That it is over: done.
    Resolved,
    /// That it is over: safety confirmed.
    Withdrawn,
}

impl Phase {
    fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Updated => "updated",
            Self::Escalated => "escalated",
            Self::Resolved => "resolved",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The type of a message. All those of a drill have one of their own, so that no receiver takes one for real.
pub(super) fn message_type(alert: &AlertRow, phase: Phase) -> &'static str {
    match phase {
        _ if alert.is_exercise => "safety.alert.exercise",
        Phase::Raised => "safety.alert.raised",
        Phase::Updated => "safety.alert.updated",
        Phase::Escalated => "safety.alert.escalated",
        Phase::Resolved => "safety.alert.resolved",
        Phase::Withdrawn => "safety.alert.withdrawn",
    }
}

/// The body of a message about an alert; `first` is the id of the first message, which all later ones refer to.
pub(super) fn build(tx: &mut Tx<'_>, alert: &AlertRow, phase: Phase, first: Option<&str>) -> Result<String> {
    let mut data = data(tx, alert)?;
    if let Some(map) = data.as_object_mut() {
        if let Some(first) = first {
            map.insert("refers_to".to_owned(), json!(first));
        }
        if alert.is_exercise {
            map.insert("phase".to_owned(), json!(phase.as_str()));
        }
    }
    webhooks::envelope(message_type(alert, phase), tx.now, &data)
}

/// The same body without what the survivor no longer shares. Nothing is ever added to it, and where nothing is taken
/// away it stays as it was, byte for byte.
pub(super) fn revise(tx: &mut Tx<'_>, alert: &AlertRow, body: &str) -> Result<String> {
    let shares = Shares::load(tx, alert)?;
    let mut message: Value = serde_json::from_str(body)?;
    let (unknown, none) = (json!("not_stated"), json!([]));
    let is_taken_back = is_taken_back(tx, alert)?;
    let harm = harm(tx, alert, &shares)?;
    let taken_away = [
        ("/data/facts/risk/incidents_7d", !shares.incidents, &unknown),
        ("/data/facts/risk/trend", !shares.incidents, &unknown),
        ("/data/facts/investigation/evidence_items", !shares.evidence, &unknown),
        ("/data/facts/threat", is_taken_back, &unknown),
        ("/data/facts/harm", harm.is_none(), &unknown),
        ("/data/facts/investigation/possible_breach", is_taken_back, &none),
    ];
    let mut is_changed = false;
    for (path, _, nothing) in taken_away.into_iter().filter(|(_, is_taken, _)| *is_taken) {
        let Some(fact) = message.pointer_mut(path).filter(|fact| *fact != nothing) else { continue };
        fact.clone_from(nothing);
        is_changed = true;
    }
    if harm.is_none()
        && let Some(vulnerable) = message.pointer_mut("/data/facts/vulnerability").and_then(Value::as_array_mut)
    {
        let before = vulnerable.len();
        vulnerable.retain(|fact| fact != CHILDREN_PRESENT);
        is_changed |= vulnerable.len() < before;
    }
    if !is_changed {
        return Ok(body.to_owned());
    }
    let timestamp = message.get("timestamp").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let message_type = message.get("type").and_then(Value::as_str).unwrap_or_default();
    webhooks::envelope(message_type, timestamp.unwrap_or(tx.now), message.get("data").unwrap_or(&Value::Null))
}

/// Whether the survivor has taken back the incident that the alert tells of, or narrowed it since so that police may not
/// see it: then what they said in it is told no further. A danger that is happening is told whatever the visibility.
fn is_taken_back(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    let Some(id) = incident(alert) else { return Ok(false) };
    match alert.rule_group {
        RuleGroup::Emergency | RuleGroup::Duress => incidents::is_withdrawn(tx.conn, id),
        _ => Ok(incidents::visible_to_police(tx.conn, alert.survivor_id, &[id])?.is_empty()),
    }
}

/// The incident that an alert tells of.
fn incident(alert: &AlertRow) -> Option<IncidentId> {
    serde_json::from_value(alert.facts.0.get("incident_id")?.clone()).ok()
}

/// What that incident tells of harm: where the survivor shares incidents with the force, and made this one visible to
/// police.
fn harm(tx: &mut Tx<'_>, alert: &AlertRow, shares: &Shares) -> Result<Option<Harm>> {
    match incident(alert).filter(|_| shares.incidents) {
        Some(id) => incidents::harm_for_police(tx.conn, alert.survivor_id, id),
        None => Ok(None),
    }
}

/// The force that the alert goes to, by its name in the directory.
fn force_told(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Option<String>> {
    let Some(force) = alert.police_organisation_id else { return Ok(None) };
    Ok(identity::find_organisation(tx.conn, force)?.and_then(|force| force.force_id))
}

/// What the survivor shares with the force now, beside the alert itself.
pub(super) struct Shares {
    incidents: bool,
    pub(super) evidence: bool,
}

impl Shares {
    pub(super) fn load(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Self> {
        let Some(force) = alert.police_organisation_id else { return Ok(Self { incidents: false, evidence: false }) };
        let (ledger, now) = (Ledger::load(tx.conn, alert.survivor_id)?, tx.now);
        let may = |scope| ledger.may_share(scope, force, now).is_some();
        Ok(Self { incidents: may(Scope::SharePoliceIncident), evidence: may(Scope::SharePoliceEvidence) })
    }
}

/// The part that is about the alert; the poll fallback gives the same.
pub(super) fn data(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Value> {
    if alert.is_exercise {
        return drill(tx, alert);
    }
    let survivor =
        identity::find_survivor(tx.conn, alert.survivor_id)?.ok_or_else(|| Error::internal("an alert about nobody"))?;
    let participants = access::linked_participants(tx.conn, alert.survivor_id)?;
    let references = programme::police_references(tx.conn, &tx.app.keys, &participants)?;
    let references: Vec<Value> =
        references.into_iter().map(|held| json!({"kind": held.kind, "ref": held.reference})).collect();
    let (urgency, severity, certainty) = common_alerting_words(alert.rule, alert.level);
    let detail_url = detail_url(tx, alert);
    let mut data = json!({
        "alert": alert.reference,
        "sequence": alert.message_sequence,
        "status": if alert.is_exercise { "exercise" } else { "actual" },
        "event": alert.rule,
        "level": alert.level,
        "urgency": urgency, "severity": severity, "certainty": certainty,
        "raised_at": alert.raised_at,
        "police_references": references,
        "facts": facts(tx, alert, &survivor)?,
        "duty_desk": duty_desk(tx, alert)?,
        "agreement": {"setting": agreement(alert)},
        "lawful_basis": consent::lawful_basis(tx.conn, alert.organisation_id, DisclosurePurpose::PoliceAlert)?,
        "acknowledge_url": format!("{detail_url}/acknowledge"),
        "detail_url": detail_url,
        "acknowledge_by": tx.now.plus_minutes(acknowledge_minutes(alert.level)),
    });
    add_where_there_is_one(tx, alert, &survivor, &mut data)?;
    Ok(data)
}

fn detail_url(tx: &Tx<'_>, alert: &AlertRow) -> String {
    format!("{}/police/v1/alerts/{}", tx.app.origin(), alert.reference)
}

fn duty_desk(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Value> {
    let organisation = identity::find_organisation(tx.conn, alert.organisation_id)?
        .ok_or_else(|| Error::internal("an alert of nobody"))?;
    let phone = organisation.duty_desk_phone.unwrap_or_else(|| "not_stated".to_owned());
    Ok(json!({"organisation": organisation.name, "phone": phone}))
}

/// A drill looks like an alert in shape, and holds nothing of anybody.
fn drill(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Value> {
    let (urgency, severity, certainty) = common_alerting_words(alert.rule, alert.level);
    let detail_url = detail_url(tx, alert);
    let unknown = "not_stated";
    Ok(json!({
        "alert": alert.reference,
        "sequence": alert.message_sequence,
        "status": "exercise",
        "event": alert.rule,
        "level": alert.level,
        "urgency": urgency, "severity": severity, "certainty": certainty,
        "raised_at": alert.raised_at,
        "police_references": [],
        "facts": {"threat": unknown, "harm": unknown,
            "risk": {"rating": unknown, "incidents_7d": unknown, "trend": unknown},
            "investigation": {"evidence_items": unknown, "possible_breach": []}, "vulnerability": [],
            "engagement": {"contact": "via_duty_desk", "police_may_contact": false}},
        "duty_desk": duty_desk(tx, alert)?,
        "agreement": {"setting": "none"},
        "lawful_basis": "not_applicable",
        "acknowledge_url": format!("{detail_url}/acknowledge"),
        "detail_url": detail_url,
        "acknowledge_by": tx.now.plus_minutes(acknowledge_minutes(alert.level)),
    }))
}

/// Force, case and location stand there only where there is one.
fn add_where_there_is_one(tx: &mut Tx<'_>, alert: &AlertRow, survivor: &SurvivorRow, data: &mut Value) -> Result<()> {
    let Some(map) = data.as_object_mut() else { return Ok(()) };
    map.insert("force".to_owned(), json!(force_told(tx, alert)?.unwrap_or_else(|| survivor.home_force_id.clone())));
    if alert.case_id.is_some()
        && let Some(case) = access::active_case_of(tx.conn, alert.survivor_id)?
    {
        map.insert("case".to_owned(), json!(case.reference));
    }
    if let Some(source) = location::released(tx, alert)? {
        let is_open = store::find_release(tx.conn, alert.id, source)?.is_some();
        map.insert("location".to_owned(), json!({"available": !is_open}));
    }
    if script::is_silent(tx, alert)? {
        map.insert("do_not_contact_device".to_owned(), json!(true));
        map.insert("approach".to_owned(), json!("silent"));
    }
    Ok(())
}

fn facts(tx: &mut Tx<'_>, alert: &AlertRow, survivor: &SurvivorRow) -> Result<Value> {
    let is_taken_back = is_taken_back(tx, alert)?;
    let known = |name: &str| alert.facts.0.get(name).filter(|value| !value.is_null() && !is_taken_back).cloned();
    let (now, id) = (tx.now, alert.survivor_id);
    let shares = Shares::load(tx, alert)?;
    let (mut week, mut trend) = (json!("not_stated"), "not_stated");
    if shares.incidents {
        let (since, before) = (now.plus_days(-TREND_DAYS), now.plus_days(-2 * TREND_DAYS));
        let latest = incidents::count_between(tx.conn, id, since, now)?;
        trend = match latest.cmp(&incidents::count_between(tx.conn, id, before, since)?) {
            std::cmp::Ordering::Greater => "rising",
            std::cmp::Ordering::Equal => "steady",
            std::cmp::Ordering::Less => "falling",
        };
        week = json!(latest);
    }
    let evidence = match shares.evidence {
        true => json!(evidence::count_for_police(tx.conn, id)?),
        false => json!("not_stated"),
    };
    let breach = known("breach").map_or_else(|| json!([]), |breach| json!([breach]));
    let harm = harm(tx, alert, &shares)?;
    let interpreter = survivor.language.split('-').next().filter(|language| *language != "en");
    let mut vulnerable: Vec<String> =
        interpreter.map(|language| format!("interpreter:{language}")).into_iter().collect();
    if harm.as_ref().is_some_and(|harm| harm.children_present == Some(true)) {
        vulnerable.push(CHILDREN_PRESENT.to_owned());
    }
    Ok(json!({
        "threat": known("behaviours").unwrap_or_else(|| json!("not_stated")),
        "harm": harm.map_or_else(|| json!("not_stated"), |harm| json!({"fear": harm.fear,
            "impact": harm.impact.map_or_else(|| json!("not_stated"), |impact| json!(impact))})),
        "risk": {"rating": survivor.risk_rating, "incidents_7d": week, "trend": trend},
        "investigation": {"evidence_items": evidence, "possible_breach": breach},
        "vulnerability": vulnerable,
        "engagement": {"contact": "via_duty_desk",
            "police_may_contact": known("police_may_contact").unwrap_or(json!(false))},
    }))
}

/// Urgency, severity and certainty in the words of the Common Alerting Protocol 1.2.
fn common_alerting_words(rule: Rule, level: i32) -> (&'static str, &'static str, &'static str) {
    match rule {
        Rule::HelpNow | Rule::Duress | Rule::Exercise => ("immediate", "extreme", "unknown"),
        Rule::DangerNow => ("immediate", "extreme", "likely"),
        Rule::TimerExpired => ("immediate", "severe", "unknown"),
        Rule::CriticalBehaviour => ("expected", "severe", "likely"),
        Rule::OrderBreach => ("expected", "severe", "possible"),
        Rule::ParticipantConcern if level >= 4 => ("immediate", "extreme", "likely"),
        Rule::ParticipantConcern => ("expected", "severe", "possible"),
        Rule::MissedCheckIn | Rule::RepeatedMissed | Rule::Concern if level >= 3 => ("expected", "severe", "unknown"),
        Rule::MissedCheckIn | Rule::RepeatedMissed | Rule::Concern | Rule::DeviceRisk => {
            ("expected", "moderate", "unknown")
        }
        Rule::Pattern | Rule::SessionAbsence | Rule::Unreviewed if level >= 3 => ("expected", "severe", "possible"),
        Rule::Pattern | Rule::SessionAbsence | Rule::Unreviewed => ("expected", "moderate", "possible"),
    }
}

/// The setting that a message to police rests on.
pub(super) fn agreement(alert: &AlertRow) -> &'static str {
    let setting: Option<Scope> = alert.police_setting.as_deref().and_then(|setting| setting.parse().ok());
    setting.map_or("none", Scope::as_str)
}
