//! What police are sent: thin and minimised (api.md, "The webhook to police").
//!
//! Identifiers, level, event and facts that help a THRIVE judgement, which is theirs to make. Never names, dates of
//! birth, addresses, the survivor's phone, coordinates, narrative or images: nothing sealed is opened here but the
//! police's own references.

use serde::Serialize;
use serde_json::{Value, json};

use super::model::{AlertRow, Rule, RuleGroup, acknowledge_minutes};
use crate::access;
use crate::checkins;
use crate::consent::{Ledger, Scope};
use crate::db::{CheckInId, Instant};
use crate::error::{Error, Result};
use crate::identity::{self, SurvivorRow};
use crate::incidents;
use crate::programme;
use crate::tx::Tx;

/// Days over which incidents are counted, for each of the two stretches that a trend compares.
const TREND_DAYS: i64 = 7;

#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    message_type: &'a str,
    timestamp: Instant,
    data: Value,
}

/// The body of a message about an alert.
pub(super) fn build(tx: &mut Tx<'_>, alert: &AlertRow, message_type: &str) -> Result<String> {
    let data = data(tx, alert)?;
    Ok(serde_json::to_string(&Envelope { message_type, timestamp: tx.now, data })?)
}

/// The part that is about the alert; the poll fallback gives the same.
pub(super) fn data(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Value> {
    let survivor =
        identity::find_survivor(tx.conn, alert.survivor_id)?.ok_or_else(|| Error::internal("an alert about nobody"))?;
    let organisation = identity::find_organisation(tx.conn, alert.organisation_id)?
        .ok_or_else(|| Error::internal("an alert of nobody"))?;
    let participants = access::linked_participants(tx.conn, alert.survivor_id)?;
    let references = programme::police_references(tx.conn, &tx.app.keys, &participants)?;
    let references: Vec<Value> =
        references.into_iter().map(|held| json!({"kind": held.kind, "ref": held.reference})).collect();
    let (urgency, severity, certainty) = common_alerting_words(alert.rule, alert.level);
    let origin = tx.app.origin();
    let detail_url = format!("{origin}/police/v1/alerts/{}", alert.reference);
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
        "duty_desk": {"organisation": organisation.name, "phone": organisation.duty_desk_phone.unwrap_or_else(not_stated)},
        "agreement": {"setting": agreement(alert)},
        "lawful_basis": "safeguarding",
        "acknowledge_url": format!("{detail_url}/acknowledge"),
        "detail_url": detail_url,
        "acknowledge_by": tx.now.plus_minutes(acknowledge_minutes(alert.level)),
    });
    add_where_there_is_one(tx, alert, &survivor, &mut data)?;
    Ok(data)
}

fn not_stated() -> String {
    "not_stated".to_owned()
}

/// Force, case and location stand there only where there is one.
fn add_where_there_is_one(tx: &mut Tx<'_>, alert: &AlertRow, survivor: &SurvivorRow, data: &mut Value) -> Result<()> {
    let Some(map) = data.as_object_mut() else { return Ok(()) };
    map.insert("force".to_owned(), json!(survivor.home_force_id));
    if alert.case_id.is_some()
        && let Some(case) = access::active_case_of(tx.conn, alert.survivor_id)?
    {
        map.insert("case".to_owned(), json!(case.reference));
    }
    if has_location(tx, alert)? {
        map.insert("location".to_owned(), json!({"available": true}));
    }
    if alert.rule_group == RuleGroup::Duress {
        map.insert("do_not_contact_device".to_owned(), json!(true));
        map.insert("approach".to_owned(), json!("silent"));
    }
    Ok(())
}

/// Whether police may fetch a location: level 3 and above, the survivor has released it, and one is known.
pub(super) fn has_location(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    let now = tx.now;
    let released = Ledger::load(tx.conn, alert.survivor_id)?.standing(Scope::LocationReleaseAlert, now).granted;
    let Some(check_in) = located_check_in(alert).filter(|_| released && alert.level >= 3) else { return Ok(false) };
    Ok(checkins::find_location(tx.conn, alert.survivor_id, check_in)?.is_some())
}

/// The check-in that the alert's location came with.
pub(super) fn located_check_in(alert: &AlertRow) -> Option<CheckInId> {
    serde_json::from_value(alert.facts.0.get("check_in_id")?.clone()).ok()
}

fn facts(tx: &mut Tx<'_>, alert: &AlertRow, survivor: &SurvivorRow) -> Result<Value> {
    let known = |name: &str| alert.facts.0.get(name).filter(|value| !value.is_null()).cloned();
    let (now, id) = (tx.now, alert.survivor_id);
    let week = incidents::count_between(tx.conn, id, now.plus_days(-TREND_DAYS), now)?;
    let before = incidents::count_between(tx.conn, id, now.plus_days(-2 * TREND_DAYS), now.plus_days(-TREND_DAYS))?;
    let trend = match week.cmp(&before) {
        std::cmp::Ordering::Greater => "rising",
        std::cmp::Ordering::Equal => "steady",
        std::cmp::Ordering::Less => "falling",
    };
    let breach = known("breach").map_or_else(|| json!([]), |breach| json!([breach]));
    let interpreter = match survivor.language.split('-').next() {
        Some("en") | None => json!([]),
        Some(other) => json!([format!("interpreter:{other}")]),
    };
    Ok(json!({
        "threat": known("behaviours").unwrap_or_else(|| json!("not_stated")),
        "harm": "not_stated",
        "risk": {"rating": survivor.risk_rating, "incidents_7d": week, "trend": trend},
        "investigation": {"possible_breach": breach},
        "vulnerability": interpreter,
        "engagement": {"contact": "via_duty_desk",
            "police_may_contact": known("police_may_contact").unwrap_or(json!(false))},
    }))
}

/// Urgency, severity and certainty in the words of the Common Alerting Protocol 1.2.
fn common_alerting_words(rule: Rule, level: i32) -> (&'static str, &'static str, &'static str) {
    match rule {
        Rule::HelpNow | Rule::Duress => ("immediate", "extreme", "unknown"),
        Rule::DangerNow => ("immediate", "extreme", "likely"),
        Rule::TimerExpired => ("immediate", "severe", "unknown"),
        Rule::CriticalBehaviour => ("expected", "severe", "likely"),
        Rule::OrderBreach => ("expected", "severe", "possible"),
        Rule::MissedCheckIn | Rule::RepeatedMissed | Rule::Concern if level >= 3 => ("expected", "severe", "unknown"),
        Rule::MissedCheckIn | Rule::RepeatedMissed | Rule::Concern | Rule::DeviceRisk => {
            ("expected", "moderate", "unknown")
        }
    }
}

/// The setting that a message to police rests on.
pub(super) fn agreement(alert: &AlertRow) -> &'static str {
    let setting: Option<Scope> = alert.police_setting.as_deref().and_then(|setting| setting.parse().ok());
    setting.map_or("none", Scope::as_str)
}
