//! What belongs to incidents and follows their visibility: evidence.

use std::collections::BTreeMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{IncidentState, Reported, Visibility};
use super::store;
use super::view::{PoliceIncident, PoliceIncidentVersion};
use crate::access::{self, SurvivorAccess};
use crate::crypto::Keys;
use crate::db::schema::{evidence_files, incidents};
use crate::db::{ConditionId, DbConn, EvidenceId, IncidentId, Instant, SurvivorId};
use crate::error::{Error, Result};
use crate::http::page::{Cursor, readable};
use crate::identity::Survivor;
use crate::tx::Tx;

/// Incidents that are reported in one go.
const TOLD_AT_ONCE: i64 = 100;

/// What a file can belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileHome {
    /// An incident that was sent.
    Incident(IncidentId),
    /// One that was begun: nobody else sees its files until it is sent.
    Draft(IncidentId),
}

/// The survivor's own incident or draft with an id, for a file to belong to; none that the session may not know of.
pub fn find_file_home(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId) -> Result<Option<FileHome>> {
    let own = access::own(who);
    if let Some(found) = store::find_own(tx.conn, &own, id)? {
        return Ok((found.incident.is_duress == who.is_duress).then_some(FileHome::Incident(id)));
    }
    match store::find_known_draft(tx, who, id) {
        Ok(_) => Ok(Some(FileHome::Draft(id))),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The incident with an id, for a file that staff record to belong to: one that they see. None reported under duress, which
/// the phone knows in such a session alone.
pub fn find_staff_file_home(conn: &mut DbConn, access: &SurvivorAccess, id: IncidentId) -> Result<Option<FileHome>> {
    let found = store::find_visible(conn, access, id)?;
    Ok(found.filter(|found| !found.incident.is_duress).map(|found| FileHome::Incident(found.incident.id)))
}

/// Whether the phone shows an incident; one that there is not, it does not show.
pub fn is_on_phone(conn: &mut DbConn, access: &SurvivorAccess, id: IncidentId) -> Result<bool> {
    Ok(store::find_own(conn, access, id)?.is_some())
}

/// States of files that are on their way or here, as their own folder names them; the survivor's side reads those that are
/// here.
const ARRIVING: [&str; 3] = ["uploading", "kept", "held"];
const HERE: [&str; 2] = ["kept", "held"];

/// The files of some incidents or drafts, oldest first.
pub(super) type Files = BTreeMap<IncidentId, Vec<EvidenceId>>;

/// The files of the survivor's own incidents and drafts, those on their way too; none that no phone shows yet. A session knows
/// those that one of its kind began, under duress or not: an incident may have the same id for both.
pub(super) fn own_files(conn: &mut DbConn, who: &Survivor, ids: &[IncidentId]) -> Result<Files> {
    files(conn, ids, &ARRIVING, (&[false], &[who.is_under_duress()]))
}

/// The files of incidents that somebody else may see.
pub(super) fn stored_files(conn: &mut DbConn, ids: &[IncidentId]) -> Result<Files> {
    files(conn, ids, &HERE, (&[false, true], &[false, true]))
}

fn files(
    conn: &mut DbConn,
    ids: &[IncidentId],
    states: &[&str],
    (is_off_phone, is_duress): (&[bool], &[bool]),
) -> Result<Files> {
    let of_them = evidence_files::incident_id.eq_any(ids.to_vec()).or(evidence_files::draft_id.eq_any(ids.to_vec()));
    let rows: Vec<(Option<IncidentId>, Option<IncidentId>, EvidenceId)> = evidence_files::table
        .filter(of_them)
        .filter(evidence_files::state.eq_any(states.to_vec()))
        .filter(evidence_files::is_off_phone.eq_any(is_off_phone.to_vec()))
        .filter(evidence_files::is_duress.eq_any(is_duress.to_vec()))
        .order((evidence_files::created_at, evidence_files::id))
        .select((evidence_files::incident_id, evidence_files::draft_id, evidence_files::id))
        .load(conn)?;
    let mut files = Files::new();
    for (incident, draft, file) in rows {
        if let Some(home) = incident.or(draft) {
            files.entry(home).or_default().push(file);
        }
    }
    Ok(files)
}

/// Gives the files of a draft to the incident that it became: they are seen as that is.
pub(super) fn give_files(conn: &mut DbConn, incident: IncidentId, files: &[EvidenceId]) -> Result<()> {
    diesel::update(evidence_files::table.filter(evidence_files::id.eq_any(files.to_vec())))
        .set((evidence_files::incident_id.eq(Some(incident)), evidence_files::draft_id.eq(None::<IncidentId>)))
        .execute(conn)?;
    Ok(())
}

/// Every file of a draft, in whatever state.
pub(super) fn files_of_draft(conn: &mut DbConn, draft: IncidentId) -> Result<Vec<EvidenceId>> {
    let files = evidence_files::table.filter(evidence_files::draft_id.eq(Some(draft)));
    Ok(files.select(evidence_files::id).load(conn)?)
}

/// Which of some incidents of a survivor are visible at least so far and not withdrawn.
pub fn visible_among(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    least: Visibility,
    ids: &[IncidentId],
) -> Result<Vec<IncidentId>> {
    among(conn, access.id(), least, ids)
}

/// Which of some incidents of a survivor are visible to police, as far as the survivor's word on each goes: consent is
/// for anyone who asks to make sure of.
pub fn visible_to_police(conn: &mut DbConn, access: &SurvivorAccess, ids: &[IncidentId]) -> Result<Vec<IncidentId>> {
    among(conn, access.id(), Visibility::Police, ids)
}

fn among(conn: &mut DbConn, survivor: SurvivorId, least: Visibility, ids: &[IncidentId]) -> Result<Vec<IncidentId>> {
    let mut visible = Vec::new();
    // SQLite takes no more than 32,766 values in one statement.
    for ids in ids.chunks(10_000) {
        let found: Vec<IncidentId> = incidents::table
            .filter(incidents::survivor_id.eq(survivor))
            .filter(incidents::state.ne(IncidentState::Withdrawn))
            .filter(incidents::visibility.eq_any(least.and_wider()))
            .filter(incidents::is_duress.eq_any(least.with_duress()))
            .filter(incidents::id.eq_any(ids.to_vec()))
            .select(incidents::id)
            .load(conn)?;
        visible.extend(found);
    }
    Ok(visible)
}

/// The most incidents that are gone through for one message to police, or shown to one officer.
const MOST_FOR_POLICE: i64 = 500;

/// An incident as far as a message to police may tell of it: codes and numbers.
pub struct KnownIncident {
    /// Its id.
    pub id: IncidentId,
    /// Whether the survivor made it visible to police.
    pub is_for_police: bool,
    /// When it happened, as far as known; else when it was recorded.
    pub happened_at: Instant,
    /// When it arrived.
    pub received_at: Instant,
    /// Behaviour codes.
    pub behaviours: Vec<String>,
    /// 0 to 4.
    pub fear: i32,
    /// 0 to 4.
    pub impact: Option<i32>,
    /// Whether children were present.
    pub children_present: Option<bool>,
    /// The condition of an order that it may breach.
    pub order_condition_id: Option<ConditionId>,
}

/// What a survivor reported that may matter to an alert: the incidents that it names, and what arrived since an instant and
/// is visible to police. The caller checks consent.
pub fn list_for_alert(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    named: &[IncidentId],
    since: Instant,
) -> Result<Vec<KnownIncident>> {
    let rows = store::list_for_police(conn, access.id(), named, (since, MOST_FOR_POLICE))?;
    let known = |Reported { incident, version }: Reported| {
        Ok(KnownIncident {
            id: incident.id,
            is_for_police: incident.visibility == Visibility::Police,
            happened_at: incident.happened_at,
            received_at: incident.received_at,
            behaviours: version.behaviours.read()?,
            fear: version.fear,
            impact: version.impact,
            children_present: version.children_present,
            order_condition_id: incident.order_condition_id,
        })
    };
    rows.into_iter().map(known).collect()
}

/// What a survivor reported and made visible to police, in their words, the newest first, and the ids of what does not
/// open; the caller makes sure of consent.
pub fn accounts_for_police(
    conn: &mut DbConn,
    keys: &Keys,
    access: &SurvivorAccess,
) -> Result<(Vec<PoliceIncident>, Vec<Uuid>)> {
    let ever = Instant::from_microseconds(0);
    let rows = store::list_for_police(conn, access.id(), &[], (ever, MOST_FOR_POLICE))?;
    readable(rows.iter().map(|reported| (reported.incident.id.0, PoliceIncident::of(keys, reported))))
}

/// An incident as it was reported, with every version that was visible so far.
pub struct VisibleIncident {
    /// As it is now.
    pub incident: PoliceIncident,
    /// When it happened, as far as known; else when it was recorded.
    pub happened_at: Instant,
    /// Its versions, oldest first.
    pub versions: Vec<PoliceIncidentVersion>,
}

/// A survivor's incidents that are visible at least so far, with what was reported in them, by when they happened.
pub fn visible_incidents(
    conn: &mut DbConn,
    keys: &Keys,
    access: &SurvivorAccess,
    least: Visibility,
) -> Result<Vec<VisibleIncident>> {
    let (mut told, mut after): (Vec<VisibleIncident>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let rows = store::list_visible(conn, access, least, after, TOLD_AT_ONCE)?;
        let is_last = i64::try_from(rows.len()).is_ok_and(|count| count <= TOLD_AT_ONCE);
        for reported in rows.iter().take(usize::try_from(TOLD_AT_ONCE).unwrap_or(0)) {
            let id = reported.incident.id;
            let versions = store::list_versions(conn, access, id)?;
            // The newest holds as the incident does, also where it was opened further than it was reported.
            let newest = reported.incident.version;
            let visible = versions.iter().filter(|row| row.version == newest || row.visibility >= least);
            told.push(VisibleIncident {
                incident: PoliceIncident::of(keys, reported)?,
                happened_at: reported.incident.happened_at,
                versions: visible.map(|version| PoliceIncidentVersion::of(keys, version)).collect::<Result<_>>()?,
            });
            after = Some((reported.incident.received_at, id.0));
        }
        if is_last {
            break;
        }
    }
    told.sort_by_key(|told| told.happened_at);
    Ok(told)
}
