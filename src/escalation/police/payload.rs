//! What police are sent: thin and minimised.
//!
//! Identifiers, level, event and facts that help a THRIVE judgement, which is theirs to make. Never names, dates of
//! birth, addresses, the survivor's phone, coordinates, narrative or images: nothing sealed is opened here but the
//! police's own references.

pub(in crate::escalation) mod model;
pub(in crate::escalation) mod thrive;

use serde_json::Value;

use super::forces::AlertForce;
use super::{location, script};
use crate::access;
use crate::consent::{self, DisclosurePurpose, Scope};
use crate::db::OrganisationId;
use crate::error::{Error, Result};
use crate::escalation::alerts::model::{AlertRow, Rule};
use crate::escalation::alerts::sentences;
use crate::escalation::overrides::effect;
use crate::identity;
use crate::orders;
use crate::tx::Tx;
use crate::webhooks;
use crate::words::{Language, say};
use model::{
    AlertAgreement, AlertCertainty, AlertData, AlertDataStatus, AlertSeverity, AlertUrgency, DutyDesk, HeldReference,
    LocationReleased, Phase, ThriveFacts,
};

/// What a message rests on where people decided without the survivor's setting.
pub(in crate::escalation) const OVERRIDE: &str = "override";

/// The type of a message. All those of a drill have one of their own, so that no receiver takes one for real.
pub(in crate::escalation) fn message_type(alert: &AlertRow, phase: Phase) -> &'static str {
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
pub(in crate::escalation) fn build(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    force: &AlertForce,
    phase: Phase,
    first: Option<&str>,
) -> Result<String> {
    let mut data = data(tx, alert, force)?;
    data.refers_to = first.map(str::to_owned);
    data.safety_confirmed = (phase == Phase::Withdrawn && !alert.is_closed()).then_some(false);
    data.phase = alert.is_exercise.then_some(phase);
    webhooks::envelope(message_type(alert, phase), tx.now, &serde_json::to_value(data)?)
}

/// Whether a body says to a force that an alert is over.
pub(in crate::escalation) fn says_it_is_over(body: &str) -> Result<bool> {
    let message: Value = serde_json::from_str(body)?;
    let said = message.get("type").and_then(Value::as_str);
    Ok(said.is_some_and(|said| ["safety.alert.resolved", "safety.alert.withdrawn"].contains(&said)))
}

/// The same body without what the survivor no longer shares with the force. Nothing is ever added to it, and where nothing
/// is taken away it stays as it was, byte for byte.
pub(in crate::escalation) fn revise(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    force: OrganisationId,
    body: &str,
) -> Result<String> {
    if alert.is_exercise {
        return Ok(body.to_owned());
    }
    let mut message: Value = serde_json::from_str(body)?;
    let timestamp = message.get("timestamp").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let at = timestamp.unwrap_or(tx.now);
    let survivor = survivor_of(tx, alert)?;
    let allowed = serde_json::to_value(thrive::facts(tx, alert, &survivor, (force, at))?)?;
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
pub(in crate::escalation) fn data(tx: &mut Tx<'_>, alert: &AlertRow, force: &AlertForce) -> Result<AlertData> {
    let mut data = bare(tx, alert, force)?;
    if alert.is_exercise {
        return Ok(data);
    }
    let Some(organisation) = force.organisation_id else { return Err(Error::internal("a message to no force")) };
    let survivor = survivor_of(tx, alert)?;
    let linked = alert.orders(tx.conn)?;
    let references = orders::police_references(tx.conn, tx.keys, &linked)?;
    let held = |held: orders::PoliceReference| HeldReference { kind: held.kind, reference: held.reference };
    data.police_references = references.into_iter().map(held).collect();
    let now = tx.now;
    data.facts = thrive::facts(tx, alert, &survivor, (organisation, now))?;
    data.agreement.setting = agreement(tx, alert)?.to_owned();
    data.lawful_basis = basis(tx, alert)?.to_owned();
    data.force = Some(force.force_id.clone());
    add_where_there_is_one(tx, alert, &mut data)?;
    Ok(data)
}

fn duty_desk(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<DutyDesk> {
    let organisation = identity::find_organisation(tx.conn, alert.organisation_id)?
        .ok_or_else(|| Error::internal("an alert of nobody"))?;
    let phone = organisation.duty_desk_phone.unwrap_or_else(|| "not_stated".to_owned());
    Ok(DutyDesk { organisation: organisation.name, phone })
}

/// What holds nothing of anybody. All of a drill: it looks like an alert in shape.
fn bare(tx: &mut Tx<'_>, alert: &AlertRow, force: &AlertForce) -> Result<AlertData> {
    let (urgency, severity, certainty) = common_alerting_words(alert.rule, alert.level);
    let detail_url = format!("{}/police/v1/alerts/{}", tx.settings.origin, alert.reference);
    Ok(AlertData {
        alert: alert.reference.clone(),
        sequence: force.message_sequence,
        status: if alert.is_exercise { AlertDataStatus::Exercise } else { AlertDataStatus::Actual },
        event: alert.rule,
        level: alert.level,
        urgency,
        severity,
        certainty,
        raised_at: alert.raised_at,
        police_references: Vec::new(),
        facts: ThriveFacts::unstated(),
        duty_desk: duty_desk(tx, alert)?,
        agreement: AlertAgreement { setting: "none".to_owned() },
        lawful_basis: "not_applicable".to_owned(),
        acknowledge_url: format!("{detail_url}/acknowledge"),
        detail_url,
        acknowledge_by: alert.acknowledge_by,
        force: None,
        case: None,
        location: None,
        phone_reported_at: None,
        phone_note: None,
        do_not_contact_device: None,
        approach: None,
        refers_to: None,
        safety_confirmed: None,
        phase: None,
    })
}

/// Case, location and what is known of the phone are given only where there is anything.
fn add_where_there_is_one(tx: &mut Tx<'_>, alert: &AlertRow, data: &mut AlertData) -> Result<()> {
    if let Some(id) = alert.case_id
        && let Some(case) = access::find_active_case(tx.conn, id)?
    {
        data.case = Some(case.reference);
    }
    if location::released(tx, alert)?.is_some() {
        data.location = Some(LocationReleased { available: !alert.is_closed() });
    }
    let reported_at = alert.facts().phone_reported_at;
    data.phone_reported_at = reported_at;
    if let Some(at) = reported_at {
        data.phone_note = Some(sentences::of_reported_phone("script-phone-reported", at).say(Language::English));
    } else if alert.facts().is_phone_unconfirmed {
        data.phone_note = Some(say(Language::English, "script-phone-unconfirmed"));
    }
    let is_silent = script::is_silent(tx, alert)?;
    data.do_not_contact_device = (is_silent || reported_at.is_some()).then_some(true);
    data.approach = is_silent.then(|| "silent".to_owned());
    Ok(())
}

/// Urgency, severity and certainty in the words of the Common Alerting Protocol 1.2.
fn common_alerting_words(rule: Rule, level: i32) -> (AlertUrgency, AlertSeverity, AlertCertainty) {
    use AlertCertainty::{Likely, Possible, Unknown};
    use AlertSeverity::{Extreme, Moderate, Severe};
    use AlertUrgency::{Expected, Immediate};
    match rule {
        Rule::HelpNow | Rule::Duress | Rule::Exercise => (Immediate, Extreme, Unknown),
        Rule::DangerNow => (Immediate, Extreme, Likely),
        Rule::TimerExpired => (Immediate, Severe, Unknown),
        Rule::CriticalBehaviour => (Expected, Severe, Likely),
        Rule::OrderBreach => (Expected, Severe, Possible),
        Rule::ParticipantConcern if level >= 4 => (Immediate, Extreme, Likely),
        Rule::ParticipantConcern => (Expected, Severe, Possible),
        Rule::MissedCheckIn | Rule::RepeatedMissed | Rule::Concern if level >= 3 => (Expected, Severe, Unknown),
        Rule::MissedCheckIn | Rule::RepeatedMissed | Rule::Concern | Rule::DeviceRisk => (Expected, Moderate, Unknown),
        Rule::Pattern | Rule::SessionAbsence | Rule::Unreviewed if level >= 3 => (Expected, Severe, Possible),
        Rule::Pattern | Rule::SessionAbsence | Rule::Unreviewed => (Expected, Moderate, Possible),
    }
}

/// On what basis the police are notified: the organisation's own, or that of a decision without the survivor's setting.
pub(in crate::escalation) fn basis(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<&'static str> {
    match effect::basis_of(tx.conn, alert)? {
        Some(basis) => Ok(basis.as_str()),
        None => {
            let basis = consent::lawful_basis(tx.conn, alert.organisation_id, DisclosurePurpose::PoliceAlert)?;
            Ok(basis.as_str())
        }
    }
}

/// The setting that a message to police rests on; [`OVERRIDE`] where it rests on none.
pub(in crate::escalation) fn agreement(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<&'static str> {
    if effect::basis_of(tx.conn, alert)?.is_some() {
        return Ok(OVERRIDE);
    }
    let setting: Option<Scope> = alert.police_setting.as_deref().and_then(|setting| setting.parse().ok());
    Ok(setting.map_or("none", Scope::as_str))
}
