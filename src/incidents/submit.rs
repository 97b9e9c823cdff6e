//! Reporting an incident, for the first time or anew.

use jiff::tz::TimeZone;

use super::model::{Incident, IncidentState, IncidentVersion, Reported};
use super::pattern::{self, PatternKind};
use super::report::{Nature, Report};
use super::severity::severity;
use super::{store, unread};
use crate::access;
use crate::crypto::Keys;
use crate::db::{ConditionId, IncidentId, Instant, Json, SubjectId};
use crate::error::{Code, Error, FieldError, Result};
use crate::facts::{Fact, IncidentReport};
use crate::identity::Survivor;
use crate::programme;
use crate::tx::{Subject, Tx};

/// Orders are made and end by the calendar of the courts.
const COURT_ZONE: &str = "Europe/London";

/// Keeps a new incident and states the fact.
///
/// # Errors
/// 422 for a report that is none, or that names a condition which is not of an order of a linked participant.
pub fn submit(tx: &mut Tx<'_>, who: &Survivor, report: &Report) -> Result<Incident> {
    let nature = check(tx, who, report)?;
    let incident = Incident {
        id: IncidentId::new(tx.now),
        survivor_id: who.id,
        state: IncidentState::Submitted,
        version: 1,
        severity: graded(None, nature, report),
        visibility: report.visibility,
        order_condition_id: report.order_condition,
        happened_at: report.happened_at(tx.now),
        received_at: tx.now,
        withdrawn_at: None,
        withdrawal_reason: None,
        is_duress: who.is_duress,
    };
    store::insert_incident(tx.conn, incident.clone())?;
    store::insert_version(tx.conn, version_row(&tx.app.keys, tx.now, &incident, report)?)?;
    tell(tx, &incident, nature, report);
    tell_patterns(tx, who, &incident, &[])?;
    unread::await_reading(tx, &incident)?;
    Ok(incident)
}

/// Keeps a new version of an incident and states the fact again. The severity never falls by it.
///
/// # Errors
/// 404 for another's incident, 409 when it was withdrawn, 422 as [`submit`].
pub fn amend(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId, report: &Report) -> Result<Incident> {
    let Reported { incident: old, .. } = find_known(tx, who, id)?;
    if old.state == IncidentState::Withdrawn {
        return Err(Error::wrong_state("this incident was withdrawn"));
    }
    let nature = check(tx, who, report)?;
    let known = pattern::patterns_with(tx.conn, &access::own(who), &old)?;
    let incident = Incident {
        version: old.version + 1,
        severity: graded(Some(old.severity), nature, report),
        // Under duress nothing is hidden from those who could see it.
        visibility: if who.is_duress { old.visibility.max(report.visibility) } else { report.visibility },
        order_condition_id: report.order_condition,
        happened_at: report.happened_at(tx.now),
        ..old.clone()
    };
    if !store::update_incident(tx.conn, old.version, &incident)? {
        return Err(Error::wrong_state("this incident has changed meanwhile"));
    }
    store::insert_version(tx.conn, version_row(&tx.app.keys, tx.now, &incident, report)?)?;
    tell(tx, &incident, nature, report);
    tell_patterns(tx, who, &incident, &known)?;
    unread::await_reading(tx, &incident)?;
    Ok(incident)
}

/// An incident that this session may know of: under duress only what was reported under duress.
pub(super) fn find_known(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId) -> Result<Reported> {
    let found = store::find_own(tx.conn, &access::own(who), id)?;
    found.filter(|reported| reported.incident.is_duress || !who.is_duress).ok_or(Error::NotFound)
}

/// States the patterns that an incident now completes, beyond those it was known to belong to.
fn tell_patterns(tx: &mut Tx<'_>, who: &Survivor, incident: &Incident, known: &[PatternKind]) -> Result<()> {
    let mut kinds = pattern::patterns_with(tx.conn, &access::own(who), incident)?;
    kinds.retain(|kind| !known.contains(kind));
    if !kinds.is_empty() {
        let patterns = kinds.into_iter().map(PatternKind::as_str).collect();
        tx.state(Fact::PatternSeen { survivor: incident.survivor_id, incident: incident.id, patterns });
    }
    Ok(())
}

fn check(tx: &mut Tx<'_>, who: &Survivor, report: &Report) -> Result<Nature> {
    let nature = report.check()?;
    if let Some(condition) = report.order_condition {
        check_condition(tx, who, condition, report.happened_at(tx.now))?;
    }
    Ok(nature)
}

/// The condition must be of an order of a participant linked to this survivor, and in force on that day.
fn check_condition(tx: &mut Tx<'_>, who: &Survivor, condition: ConditionId, happened_at: Instant) -> Result<()> {
    let participants = access::linked_participants(tx.conn, who.id)?;
    let zone = TimeZone::get(COURT_ZONE).unwrap_or(TimeZone::UTC);
    let on = happened_at.timestamp().to_zoned(zone).date();
    match programme::find_live_condition(tx.conn, &participants, condition, on)? {
        Some(_) => Ok(()),
        None => Err(Error::Invalid {
            code: Code::UnknownReference,
            detail: Code::UnknownReference.title().into(),
            fields: vec![FieldError {
                pointer: "/order_condition_id".to_owned(),
                code: "unknown_reference",
                detail: "there is no such condition of an order that protects you".to_owned(),
            }],
        }),
    }
}

fn graded(earlier: Option<i32>, nature: Nature, report: &Report) -> i32 {
    severity(earlier, nature.base_severity, report.fear, report.is_happening_now, nature.is_in_person)
}

fn version_row(keys: &Keys, now: Instant, incident: &Incident, report: &Report) -> Result<IncidentVersion> {
    let place = |column| IncidentVersion::place(incident.survivor_id, incident.id, incident.version, column);
    Ok(IncidentVersion {
        incident_id: incident.id,
        version: incident.version,
        survivor_id: incident.survivor_id,
        precision: report.precision,
        happened_from: report.from,
        happened_to: report.to,
        behaviours: Json::of(&report.behaviours)?,
        account: keys.seal(place("account"), &report.account)?,
        private_note: keys.seal_opt(place("private_note"), report.private_note.as_ref())?,
        place: keys.seal_opt(place("place"), report.place.as_ref())?,
        fear: report.fear,
        severity: incident.severity,
        visibility: incident.visibility,
        happening_now: report.is_happening_now,
        police_may_contact: report.police_may_contact,
        order_condition_id: report.order_condition,
        recorded_at: report.recorded_at,
        received_at: now,
        reason: report.reason.clone(),
    })
}

fn tell(tx: &mut Tx<'_>, incident: &Incident, nature: Nature, report: &Report) {
    tx.about(Subject::of("incident", SubjectId(incident.id.0)));
    tx.state(Fact::IncidentReported {
        survivor: incident.survivor_id,
        incident: incident.id,
        report: IncidentReport {
            behaviours: report.behaviours.clone(),
            base_severity: nature.base_severity,
            is_in_person: nature.is_in_person,
            fear: report.fear,
            is_happening_now: report.is_happening_now,
            is_private: report.visibility == super::Visibility::Private,
            is_for_police: report.visibility == super::Visibility::Police,
            police_may_contact: report.police_may_contact,
            is_duress: incident.is_duress,
            condition: report.order_condition,
        },
    });
}
