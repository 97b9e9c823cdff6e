//! Reading the logs of alerts from their rows.

use std::collections::HashMap;

use super::{Log, LogEntry, LogEvent, ToPolice};
use crate::db::{AlertId, DbConn, OrganisationId, StaffId};
use crate::error::Result;
use crate::escalation::alerts::history::{Detail, Notified};
use crate::escalation::alerts::model::{AlertRow, HistoryKind, HistoryRow};
use crate::escalation::alerts::store;
use crate::escalation::ladder::Audience;
use crate::escalation::ladder::step_outcomes::MessageRecord;
use crate::escalation::police;
use crate::escalation::police::forces::AlertForce;
use crate::identity;
use crate::notify;
use crate::webhooks::{self, Delivery, DeliveryState, Endpoint, EndpointKind};

/// The names of forces, each looked up once for however many alerts are read.
#[derive(Default)]
pub(in crate::escalation) struct Names {
    of_organisations: HashMap<OrganisationId, String>,
    of_forces: HashMap<String, Option<String>>,
}

/// The log of one alert.
pub(in crate::escalation) fn log_of(conn: &mut DbConn, alert: &AlertRow, police_will_be_told: bool) -> Result<Log> {
    let lines = store::list_history(conn, alert.id)?;
    let record = records(conn, &[alert.id])?.remove(&alert.id).unwrap_or_default();
    let (sent, forces) =
        (webhooks::list_deliveries_of(conn, &[alert.id])?, police::store::list_forces(conn, alert.id)?);
    let log = log_from(conn, &mut Names::default(), alert, (&lines, &sent, &forces))?;
    Ok(Log { record, police_will_be_told, ..log })
}

/// The log of an alert whose rows are read; without what is known of messages to people.
pub(in crate::escalation) fn log_from(
    conn: &mut DbConn,
    names: &mut Names,
    alert: &AlertRow,
    (lines, sent, forces): (&[HistoryRow], &[(Delivery, Endpoint)], &[AlertForce]),
) -> Result<Log> {
    let mut entries = Vec::new();
    for line in lines {
        if let Some(event) = event_of(conn, names, alert, line)? {
            entries.push(LogEntry { at: line.at, event });
        }
    }
    let mut messages = Vec::new();
    for (message, endpoint) in sent {
        messages.push(ToPolice {
            force: name_of(conn, names, endpoint.organisation_id)?,
            is_mail: endpoint.kind == EndpointKind::Email,
            queued_at: message.queued_at,
            taken_at: message.taken_at(),
            is_waiting: message.state == DeliveryState::Queued,
        });
    }
    // What a force has read by poll or as an officer it has, whatever became of a message.
    for force in forces {
        if let (Some(read_at), Some(organisation)) = (force.read_at, force.organisation_id) {
            messages.push(ToPolice {
                force: name_of(conn, names, organisation)?,
                is_mail: false,
                queued_at: read_at,
                taken_at: Some(read_at),
                is_waiting: false,
            });
        }
    }
    let facts = alert.facts();
    let (phone_reported_at, is_phone_unconfirmed) = (facts.phone_reported_at, facts.is_phone_unconfirmed);
    Ok(Log { entries, messages, phone_reported_at, is_phone_unconfirmed, ..Log::default() })
}

/// The messages that notified staff of alerts, and who opened them.
pub(in crate::escalation) fn records(conn: &mut DbConn, ids: &[AlertId]) -> Result<HashMap<AlertId, MessageRecord>> {
    let mut records: HashMap<AlertId, MessageRecord> = HashMap::new();
    for message in notify::list_of_alerts(conn, ids)? {
        if let Some(alert) = message.alert_id {
            records.entry(alert).or_default().messages.push(message);
        }
    }
    for opening in notify::list_openings(conn, ids)? {
        records.entry(opening.alert_id).or_default().openings.push(opening);
    }
    Ok(records)
}

fn event_of(conn: &mut DbConn, names: &mut Names, alert: &AlertRow, line: &HistoryRow) -> Result<Option<LogEvent>> {
    Ok(Some(match line.kind {
        kind if kind.is_trigger() => LogEvent::Triggered,
        HistoryKind::Step => return Ok(notified(line).map(LogEvent::Notified)),
        HistoryKind::Acknowledged => LogEvent::SupportAcknowledged,
        HistoryKind::PoliceAcknowledged => {
            LogEvent::OfficerAcknowledged { force: acknowledged_by(conn, names, alert, line)? }
        }
        HistoryKind::Resolved => LogEvent::Resolved,
        HistoryKind::StoodDown => LogEvent::StoodDown,
        _ => return Ok(None),
    }))
}

/// The support-side people whom a step notified; none where it was for others alone.
fn notified(line: &HistoryRow) -> Option<Vec<StaffId>> {
    let told = Detail::of(line)?.into_notified();
    let own: Vec<Vec<StaffId>> =
        told.into_iter().filter(|told| sees_to_survivor(told.audience)).map(|told| told.staff).collect();
    (!own.is_empty()).then(|| own.concat())
}

/// Whether an audience is notified so that it sees to the survivor.
fn sees_to_survivor(audience: Notified) -> bool {
    match audience {
        Notified::Audience(audience) => audience.is_support_side() || audience == Audience::SurvivorCall,
        Notified::Other(_) => false,
    }
}

/// The force whose officer acknowledged.
fn acknowledged_by(conn: &mut DbConn, names: &mut Names, alert: &AlertRow, line: &HistoryRow) -> Result<String> {
    if let Some(Detail::PoliceAcknowledged { force: Some(force), .. }) = Detail::of(line)
        && let Some(name) = name_of_force(conn, names, &force)?
    {
        return Ok(name);
    }
    let mut forces = police::store::list_forces(conn, alert.id)?.into_iter();
    match forces.find(|force| force.acknowledged_at.is_some()).and_then(|force| force.organisation_id) {
        Some(organisation) => name_of(conn, names, organisation),
        None => Ok(String::new()),
    }
}

fn name_of_force(conn: &mut DbConn, names: &mut Names, force: &str) -> Result<Option<String>> {
    if let Some(known) = names.of_forces.get(force) {
        return Ok(known.clone());
    }
    let name = identity::find_force(conn, force)?.map(|found| found.name);
    names.of_forces.insert(force.to_owned(), name.clone());
    Ok(name)
}

fn name_of(conn: &mut DbConn, names: &mut Names, organisation: OrganisationId) -> Result<String> {
    if let Some(known) = names.of_organisations.get(&organisation) {
        return Ok(known.clone());
    }
    let found = identity::find_organisation(conn, organisation)?;
    let name = found.map(|found| found.name).unwrap_or_default();
    names.of_organisations.insert(organisation, name.clone());
    Ok(name)
}
