//! What police are sent: thin and minimised.
//!
//! Identifiers, level, event and facts that help a THRIVE judgement, which is theirs to make. Never names, dates of
//! birth, addresses, the survivor's phone, coordinates, narrative or images: nothing sealed is opened here but the
//! police's own references.

use serde_json::{Value, json};

use super::forces::AlertForce;
use super::model::{AlertRow, Rule};
use super::{location, overrides, script, sentences, thrive};
use crate::access;
use crate::consent::{self, DisclosurePurpose, Scope};
use crate::db::OrganisationId;
use crate::error::{Error, Result};
use crate::identity;
use crate::programme;
use crate::tx::Tx;
use crate::webhooks;
use crate::words::{Language, say};

/// What a message rests on where people decided without the survivor's setting.
pub(super) const OVERRIDE: &str = "override";

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
    /// That it is over: safety confirmed; or that the force is to do no more about it, and nothing is confirmed.
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

/// The body of a message about an alert to a force; `first` is the id of the first message to it, which all later ones
/// refer to.
pub(super) fn build(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    force: &AlertForce,
    phase: Phase,
    first: Option<&str>,
) -> Result<String> {
    let mut data = data(tx, alert, force)?;
    if let Some(map) = data.as_object_mut() {
        if let Some(first) = first {
            map.insert("refers_to".to_owned(), json!(first));
        }
        if phase == Phase::Withdrawn && !alert.is_closed() {
            map.insert("safety_confirmed".to_owned(), json!(false));
        }
        if alert.is_exercise {
            map.insert("phase".to_owned(), json!(phase.as_str()));
        }
    }
    webhooks::envelope(message_type(alert, phase), tx.now, &data)
}

/// Whether a body says to a force that an alert is over.
pub(super) fn says_it_is_over(body: &str) -> Result<bool> {
    let message: Value = serde_json::from_str(body)?;
    let said = message.get("type").and_then(Value::as_str);
    Ok(said.is_some_and(|said| ["safety.alert.resolved", "safety.alert.withdrawn"].contains(&said)))
}

/// The same body without what the survivor no longer shares with the force. Nothing is ever added to it, and where nothing
/// is taken away it stays as it was, byte for byte.
pub(super) fn revise(tx: &mut Tx<'_>, alert: &AlertRow, force: OrganisationId, body: &str) -> Result<String> {
    if alert.is_exercise {
        return Ok(body.to_owned());
    }
    let mut message: Value = serde_json::from_str(body)?;
    let timestamp = message.get("timestamp").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let at = timestamp.unwrap_or(tx.now);
    let survivor = survivor_of(tx, alert)?;
    let allowed = thrive::facts(tx, alert, &survivor, (force, at))?;
    let is_changed = message.pointer_mut("/data/facts").is_some_and(|facts| thrive::narrow(facts, &allowed));
    if !is_changed {
        return Ok(body.to_owned());
    }
    let message_type = message.get("type").and_then(Value::as_str).unwrap_or_default();
    webhooks::envelope(message_type, at, message.get("data").unwrap_or(&Value::Null))
}

fn survivor_of(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<identity::SurvivorRow> {
    identity::find_survivor(tx.conn, alert.survivor_id)?.ok_or_else(|| Error::internal("an alert about nobody"))
}

/// The part that is about the alert; the poll fallback gives the same.
pub(super) fn data(tx: &mut Tx<'_>, alert: &AlertRow, force: &AlertForce) -> Result<Value> {
    if alert.is_exercise {
        return drill(tx, alert, force);
    }
    let Some(organisation) = force.organisation_id else { return Err(Error::internal("a message to no force")) };
    let survivor = survivor_of(tx, alert)?;
    let linked = alert.orders(tx.conn)?;
    let references = programme::police_references(tx.conn, tx.keys, &linked)?;
    let references: Vec<Value> =
        references.into_iter().map(|held| json!({"kind": held.kind, "ref": held.reference})).collect();
    let (urgency, severity, certainty) = common_alerting_words(alert.rule, alert.level);
    let detail_url = detail_url(tx, alert);
    let now = tx.now;
    let mut data = json!({
        "alert": alert.reference,
        "sequence": force.message_sequence,
        "status": if alert.is_exercise { "exercise" } else { "actual" },
        "event": alert.rule,
        "level": alert.level,
        "urgency": urgency, "severity": severity, "certainty": certainty,
        "raised_at": alert.raised_at,
        "police_references": references,
        "facts": thrive::facts(tx, alert, &survivor, (organisation, now))?,
        "duty_desk": duty_desk(tx, alert)?,
        "agreement": {"setting": agreement(tx, alert)?},
        "lawful_basis": basis(tx, alert)?,
        "acknowledge_url": format!("{detail_url}/acknowledge"),
        "detail_url": detail_url,
        "acknowledge_by": alert.acknowledge_by,
    });
    add_where_there_is_one(tx, alert, force, &mut data)?;
    Ok(data)
}

fn detail_url(tx: &Tx<'_>, alert: &AlertRow) -> String {
    format!("{}/police/v1/alerts/{}", tx.settings.origin, alert.reference)
}

fn duty_desk(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Value> {
    let organisation = identity::find_organisation(tx.conn, alert.organisation_id)?
        .ok_or_else(|| Error::internal("an alert of nobody"))?;
    let phone = organisation.duty_desk_phone.unwrap_or_else(|| "not_stated".to_owned());
    Ok(json!({"organisation": organisation.name, "phone": phone}))
}

/// A drill looks like an alert in shape, and holds nothing of anybody.
fn drill(tx: &mut Tx<'_>, alert: &AlertRow, force: &AlertForce) -> Result<Value> {
    let (urgency, severity, certainty) = common_alerting_words(alert.rule, alert.level);
    let detail_url = detail_url(tx, alert);
    let unknown = "not_stated";
    Ok(json!({
        "alert": alert.reference,
        "sequence": force.message_sequence,
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
        "acknowledge_by": alert.acknowledge_by,
    }))
}

/// Force, case and location stand there only where there is one.
fn add_where_there_is_one(tx: &mut Tx<'_>, alert: &AlertRow, force: &AlertForce, data: &mut Value) -> Result<()> {
    let Some(map) = data.as_object_mut() else { return Ok(()) };
    map.insert("force".to_owned(), json!(force.force_id));
    if let Some(id) = alert.case_id
        && let Some(case) = access::find_active_case(tx.conn, id)?
    {
        map.insert("case".to_owned(), json!(case.reference));
    }
    if location::released(tx, alert)?.is_some() {
        map.insert("location".to_owned(), json!({"available": !alert.is_closed()}));
    }
    let reported_at = alert.facts().phone_reported_at;
    if let Some(at) = reported_at {
        let said = sentences::of_reported_phone("script-phone-reported", at).say(Language::English);
        map.insert("phone_reported_at".to_owned(), json!(at));
        map.insert("phone_note".to_owned(), json!(said));
    }
    if reported_at.is_none() && alert.facts().is_phone_unconfirmed {
        let said = say(Language::English, "script-phone-unconfirmed");
        map.insert("phone_note".to_owned(), json!(said));
    }
    let is_silent = script::is_silent(tx, alert)?;
    if is_silent || reported_at.is_some() {
        map.insert("do_not_contact_device".to_owned(), json!(true));
    }
    if is_silent {
        map.insert("approach".to_owned(), json!("silent"));
    }
    Ok(())
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

/// On what basis the police are notified: the organisation's own, or that of a decision without the survivor's setting.
pub(super) fn basis(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<&'static str> {
    match overrides::basis_of(tx.conn, alert)? {
        Some(basis) => Ok(basis.as_str()),
        None => {
            let basis = consent::lawful_basis(tx.conn, alert.organisation_id, DisclosurePurpose::PoliceAlert)?;
            Ok(basis.as_str())
        }
    }
}

/// The setting that a message to police rests on; [`OVERRIDE`] where it rests on none.
pub(super) fn agreement(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<&'static str> {
    if overrides::basis_of(tx.conn, alert)?.is_some() {
        return Ok(OVERRIDE);
    }
    let setting: Option<Scope> = alert.police_setting.as_deref().and_then(|setting| setting.parse().ok());
    Ok(setting.map_or("none", Scope::as_str))
}
