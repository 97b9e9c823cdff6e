//! Reporting an incident, for the first time or again.

use super::Report;
use super::amend::AmendBody;
use crate::access::{self, SurvivorAccess};
use crate::crypto::{ExposeSecret, Keys, Sealed, SealedTable, seal};
use crate::db::{ConditionId, DeviceId, IncidentId, Instant, Json, StaffId, SubjectId, SurvivorId};
use crate::error::{Code, Error, FieldError, Result};
use crate::events::{Event, IncidentReport, ReportArrival};
use crate::http::etag::IfMatch;
use crate::http::lenient::{self, SaidSealing};
use crate::identity::{Staff, Survivor};
use crate::incidents::history;
use crate::incidents::machine::{self, IncidentAct, SURVIVOR};
use crate::incidents::model::{Incident, IncidentEventKind, IncidentState, IncidentVersion, Reported, Visibility};
use crate::incidents::pattern::{self, PatternKind};
use crate::incidents::severity::{self, Nature};
use crate::incidents::store::{self, find_known};
use crate::incidents::{release, unread};
use crate::orders;
use crate::tx::{Subject, Tx};

/// Whose report it is, and by whom it reaches us: the survivor's phone, or a member of staff who writes it down for them.
struct Teller {
    survivor: SurvivorAccess,
    /// Whose orders the report may name: of a decoy those of the survivor's own record, so that what was written before the
    /// phone was taken is refused no more than what was not.
    protected: SurvivorAccess,
    device: Option<DeviceId>,
    is_duress: bool,
    /// When a newer phone took the place of the one that sends it.
    away_since: Option<Instant>,
    is_unconfirmed: bool,
    recorded_by: Option<StaffId>,
}

impl From<&Survivor> for Teller {
    fn from(who: &Survivor) -> Self {
        Self {
            survivor: access::own(who),
            protected: access::own(&who.on_own_record()),
            device: Some(who.device),
            is_duress: who.is_duress,
            away_since: who.away_since(),
            is_unconfirmed: who.is_unconfirmed(),
            recorded_by: None,
        }
    }
}

/// Keeps what a survivor said to a member of staff, who writes it down. What the survivor keeps for themselves, nobody else writes.
/// No phone shows it until staff say that it may: it is written down for somebody whose phone may be in other hands.
///
/// # Errors
/// 404 for a survivor whom the caller does not work with; 422 as [`submit`], for a note of the survivor's own, and for what
/// would be kept from staff.
pub(in crate::incidents) fn record_for(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: SurvivorId,
    report: &Report,
) -> Result<Incident> {
    let survivor = access::survivor(tx, staff, id)?;
    if report.visibility == Visibility::Private {
        return Err(Error::field("/visibility", "not_allowed", "what staff write down, staff can read"));
    }
    if report.private_note.is_some() {
        return Err(Error::field("/private_note", "not_allowed", "a note of the survivor's own is theirs to write"));
    }
    let teller = Teller {
        survivor,
        protected: survivor,
        device: None,
        is_duress: false,
        away_since: None,
        is_unconfirmed: false,
        recorded_by: Some(staff.id),
    };
    let incident = submit_naming(tx, &teller, (IncidentId::new(tx.now), None), report, &mut Vec::new())?;
    unread::mark_read(tx, incident.survivor_id, &[incident.id], staff.id)?;
    Ok(incident)
}

/// Keeps a new incident and emits the event.
///
/// # Errors
/// 422 for a report that is none, or that names a condition which is not of an order of a linked participant.
pub fn submit(tx: &mut Tx<'_>, who: &Survivor, report: &Report) -> Result<Incident> {
    let ids = new_ids(tx);
    Ok(submit_as(tx, who, ids, report)?.0)
}

/// Keeps a report of what is happening now, with pointers of what could not be read or kept of it.
///
/// # Errors
/// When the database is at fault.
pub(in crate::incidents) fn submit_cry(
    tx: &mut Tx<'_>,
    who: &Survivor,
    report: &Report,
) -> Result<(Incident, Vec<String>)> {
    let ids = new_ids(tx);
    submit_as(tx, who, ids, report)
}

/// The id of something new to tell; on a decoy with that by which the phone knows it.
pub(in crate::incidents) type Ids = (IncidentId, Option<IncidentId>);

pub(in crate::incidents) fn new_ids(tx: &mut Tx<'_>) -> Ids {
    let (id, twin_of) = tx.mint();
    (IncidentId(id), twin_of.map(IncidentId))
}

/// Keeps a report of either kind under an id, such as a draft had before.
pub(in crate::incidents) fn submit_as(
    tx: &mut Tx<'_>,
    who: &Survivor,
    ids: Ids,
    report: &Report,
) -> Result<(Incident, Vec<String>)> {
    let mut dropped = report.cry.as_ref().map(|cry| cry.dropped.clone()).unwrap_or_default();
    let incident = submit_naming(tx, &Teller::from(who), ids, report, &mut dropped)?;
    Ok((incident, dropped))
}

fn submit_naming(
    tx: &mut Tx<'_>,
    who: &Teller,
    (id, twin_of): Ids,
    report: &Report,
    dropped: &mut Vec<String>,
) -> Result<Incident> {
    let (nature, condition) = check(tx, who, report, None)?;
    name_condition(report, condition, dropped);
    let incident = Incident {
        id,
        survivor_id: who.survivor.id(),
        state: machine::next(IncidentState::Draft, IncidentAct::Submit, SURVIVOR)?,
        version: 1,
        severity: report.severity(nature),
        visibility: report.visibility,
        order_condition_id: condition,
        happened_at: report.happened_at(tx.now),
        received_at: tx.now,
        withdrawn_at: None,
        withdrawal_reason: None,
        is_duress: who.is_duress,
        twin_of,
        is_off_phone: who.recorded_by.is_some(),
    };
    store::insert_incident(tx, incident.clone())?;
    let told = keep_version(tx, who, &incident, nature, report, (IncidentEventKind::Submitted, dropped))?;
    tx.emit(Event::IncidentReported { survivor: incident.survivor_id, incident: incident.id, report: told });
    release::begin(tx, &incident, report.release_when.as_ref())?;
    emit_patterns(tx, &incident, &[])?;
    unread::await_reading(tx, &incident)?;
    Ok(incident)
}

/// Keeps a new version of an incident and emits the event again. The severity never falls by it; one that was closed is to
/// be looked at again.
///
/// # Errors
/// 404 for another's incident, 409 when it was withdrawn, 412 when it is not in the version that the caller read, 422 as
/// [`submit`].
pub fn amend(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: IncidentId,
    read: Option<&IfMatch>,
    body: &AmendBody,
) -> Result<Incident> {
    let known = find_amendable(tx, who, id)?;
    read.map_or(Ok(()), |read| read.check(known.before.incident.version))?;
    let report = body.over(tx.keys, &known.before, known.visibility, tx.now)?;
    let kept = keep_amended(tx, who, known, &report, (body.says_when(), &mut Vec::new()))?;
    kept.ok_or_else(|| Error::wrong_state("this incident has changed meanwhile"))
}

/// An incident that may be amended.
pub(super) struct Amendable {
    pub(super) before: Reported,
    /// Its state afterwards.
    state: IncidentState,
    /// Whether a silent alert opened it.
    is_silent: bool,
    /// Who may see it, as the survivor knows it: the phone shows what a silent alert opened as they left it.
    pub(super) visibility: Visibility,
}

pub(super) fn find_amendable(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId) -> Result<Amendable> {
    let before = find_known(tx, who, id)?;
    let state = machine::next(before.incident.state, IncidentAct::Amend, SURVIVOR)?;
    let is_silent = store::find_release(tx.conn, before.incident.id)?.is_some_and(|release| release.is_silent);
    let visibility = if is_silent { before.version.visibility } else { before.incident.visibility };
    Ok(Amendable { before, state, is_silent, visibility })
}

/// Keeps a new version, and states it; none where the incident has changed meanwhile.
pub(super) fn keep_amended(
    tx: &mut Tx<'_>,
    who: &Survivor,
    Amendable { before: Reported { incident: old, version: told }, state, is_silent, .. }: Amendable,
    report: &Report,
    (says_when, dropped): (bool, &mut Vec<String>),
) -> Result<Option<Incident>> {
    let who = &Teller::from(who);
    let (nature, condition) = check(tx, who, report, Some(&told))?;
    name_condition(report, condition, dropped);
    let known = pattern::patterns_with(tx.conn, &old)?;
    // Under duress nothing is hidden from those who could see it, nor what a silent alert opened unseen.
    let keeps_open = who.is_duress || is_silent;
    let incident = Incident {
        state,
        version: old.version + 1,
        severity: severity::amended(old.severity, told.reported_severity()?, report.severity(nature)),
        visibility: if keeps_open { old.visibility.max(report.visibility) } else { report.visibility },
        order_condition_id: condition,
        // One whose time nobody knows stays where it was first reported.
        happened_at: if says_when { report.happened_at(tx.now) } else { old.happened_at },
        ..old.clone()
    };
    if !store::update_incident(tx, &old, &incident)? {
        return Ok(None);
    }
    // That it was going on when it was reported is no news when a witness is named next day.
    let is_now = report.cry.is_some() || report.severity(nature) > told.reported_severity()?;
    let news = keep_version(tx, who, &incident, nature, report, (IncidentEventKind::Amended, dropped))?;
    let news = IncidentReport { is_happening_now: news.is_happening_now && is_now, ..news };
    tx.emit(Event::IncidentReported { survivor: incident.survivor_id, incident: incident.id, report: news });
    emit_patterns(tx, &incident, &known)?;
    unread::await_reading(tx, &incident)?;
    if old.state == IncidentState::Closed {
        unread::await_reading_again(tx, &incident)?;
    }
    Ok(Some(incident))
}

/// Names the condition among what was dropped, where a cry for help goes on without it.
fn name_condition(report: &Report, kept: Option<ConditionId>, dropped: &mut Vec<String>) {
    if kept != report.order_condition {
        dropped.push("/order_condition_id".to_owned());
    }
}

/// Keeps what was reported, with a line in the history; answers what rules are to look at.
fn keep_version(
    tx: &mut Tx<'_>,
    who: &Teller,
    incident: &Incident,
    nature: Nature,
    report: &Report,
    (kind, dropped): (IncidentEventKind, &mut Vec<String>),
) -> Result<IncidentReport> {
    let version = version_row(tx.keys, tx.now, (incident, who), report, dropped)?;
    store::insert_version(tx, version.clone())?;
    // A reason that no key could be had for is not to be sealed again.
    let reason = version.reason.as_ref().and(report.reason.as_ref()).map(ExposeSecret::expose_secret);
    history::write(tx, incident, kind, reason, None)?;
    tx.about(Subject::of("incident", SubjectId(incident.id.0)));
    let reported = Reported { incident: incident.clone(), version };
    let recorded_at = report.cry.as_ref().map_or(Some(report.recorded_at), |cry| cry.recorded_at);
    *dropped = lenient::without_nested(&dropped.drain(..).collect());
    let (reported_at, is_unconfirmed) = (who.away_since, who.is_unconfirmed);
    let heard = ReportArrival { recorded_at, dropped: dropped.clone(), reported_at, is_unconfirmed };
    Ok(IncidentReport { heard, ..report_of(&reported, nature)? })
}

/// States the patterns that an incident now completes, beyond those it was known to belong to.
pub(in crate::incidents) fn emit_patterns(tx: &mut Tx<'_>, incident: &Incident, known: &[PatternKind]) -> Result<()> {
    let mut kinds = pattern::patterns_with(tx.conn, incident)?;
    kinds.retain(|kind| !known.contains(kind));
    if !kinds.is_empty() {
        let patterns = kinds.into_iter().map(PatternKind::as_str).collect();
        let (survivor, is_duress) = (incident.survivor_id, incident.is_duress);
        tx.emit(Event::PatternSeen { survivor, incident: incident.id, patterns, is_duress });
    }
    Ok(())
}

/// What was reported, and the condition that it names. One that the incident named before need not be live any more. One that
/// is not there, or not in force, changes nothing while the danger is happening: the phone may not know yet, and no cry for
/// help is refused over it; nor, then, is what is reported of it again.
fn check(
    tx: &mut Tx<'_>,
    who: &Teller,
    report: &Report,
    before: Option<&IncidentVersion>,
) -> Result<(Nature, Option<ConditionId>)> {
    // A cry for help was held against the rules as it was read.
    let nature = match report.cry {
        Some(_) => report.nature(),
        None => report.check(tx.now)?,
    };
    let named = before.and_then(|before| before.order_condition_id);
    let Some(condition) = report.order_condition.filter(|condition| Some(*condition) != named) else {
        return Ok((nature, report.order_condition));
    };
    let was_happening = before.is_some_and(|before| before.happening_now);
    match check_condition(tx, who, condition, report.happened_at(tx.now)) {
        Err(Error::Invalid { .. }) if report.is_happening_now || was_happening => Ok((nature, named)),
        checked => checked.map(|()| (nature, Some(condition))),
    }
}

/// The condition must be of an order of a participant linked to this survivor, and in force on that day.
fn check_condition(tx: &mut Tx<'_>, who: &Teller, condition: ConditionId, happened_at: Instant) -> Result<()> {
    let linked = access::linked_orders_of(tx.conn, &who.protected)?;
    match orders::find_live_condition(tx.conn, &linked, condition, crate::db::court_day(happened_at))? {
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

fn version_row(
    keys: &Keys,
    now: Instant,
    (incident, who): (&Incident, &Teller),
    report: &Report,
    dropped: &mut Vec<String>,
) -> Result<IncidentVersion> {
    let sealing = IncidentVersion::sealing(keys, incident.survivor_id, incident.id).at_version(incident.version);
    // A cry for help goes on without what no key can be had for, and names it.
    let mut said = SaidSealing { sealing, dropped: report.cry.is_some().then_some(dropped) };
    Ok(IncidentVersion {
        incident_id: incident.id,
        version: incident.version,
        survivor_id: incident.survivor_id,
        precision: report.precision,
        happened_from: report.from,
        happened_to: report.to,
        behaviours: Json::of(&report.behaviours)?,
        account: seal!(said.account, &Some(&report.account))?.unwrap_or_else(Sealed::nothing),
        private_note: seal!(said.private_note, &report.private_note)?,
        place: seal!(said.place, &report.place)?,
        fear: report.fear,
        severity: incident.severity,
        // What was said; in a session under duress nothing that was open is written down as closed.
        visibility: if who.is_duress { incident.visibility } else { report.visibility },
        happening_now: report.is_happening_now,
        police_may_contact: report.police_may_contact,
        order_condition_id: incident.order_condition_id,
        recorded_at: report.recorded_at,
        received_at: now,
        reason: seal!(said.reason, &report.reason)?,
        impact: report.impact,
        witnesses: seal!(said.witnesses, &report.witnesses)?,
        third_parties: seal!(said.third_parties, &report.third_parties)?,
        children_present: report.children_present,
        police_reference: seal!(said.police_reference, &report.police_reference)?,
        reporting_wish: report.reporting_wish,
        device_id: who.device,
        recorded_by: who.recorded_by,
        force_id: report.force_id.clone(),
    })
}

/// What rules look at, of an incident as it is now.
pub(in crate::incidents) fn report_of(reported: &Reported, nature: Nature) -> Result<IncidentReport> {
    let Reported { incident, version } = reported;
    Ok(IncidentReport {
        behaviours: reported.behaviours()?,
        base_severity: nature.base_severity,
        is_in_person: nature.is_in_person,
        fear: version.fear,
        is_happening_now: version.happening_now,
        is_private: incident.visibility == Visibility::Private,
        is_for_police: incident.visibility == Visibility::Police,
        police_may_contact: version.police_may_contact,
        is_duress: incident.is_duress,
        condition: incident.order_condition_id,
        happened_at: incident.happened_at,
        force: version.force_id.clone(),
        heard: ReportArrival::default(),
    })
}
