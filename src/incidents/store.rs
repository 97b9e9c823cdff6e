//! All SQL of incidents.

mod drafts;
mod releases;
mod reported;

use diesel::prelude::*;

use super::model::{
    Incident, IncidentEvent, IncidentState, IncidentVersion, IncidentsQuery, Reported, TriageQuery, Visibility, current,
};
use crate::access::{self, SurvivorAccess};
use crate::audit::records;
use crate::db::schema::{incident_events, incident_reviews, incident_versions, incidents};
use crate::db::{ConditionId, DbConn, IncidentEventId, IncidentId, Instant, Json, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::identity::{self, ShownAct, Survivor};
use crate::tx::Tx;

pub use drafts::*;
pub use releases::*;
pub use reported::*;

/// Newest first from a cursor on: one row too many, which tells that there are more.
macro_rules! page {
    ($rows:expr, $after:expr, $limit:expr, $conn:expr) => {{
        let mut rows = $rows;
        if let Some((at, id)) = $after {
            let same_time_earlier_id = incidents::received_at.eq(at).and(incidents::id.lt(IncidentId(id)));
            rows = rows.filter(incidents::received_at.lt(at).or(same_time_earlier_id));
        }
        Ok(rows.order((incidents::received_at.desc(), incidents::id.desc())).limit($limit + 1).load($conn)?)
    }};
}

/// A survivor's incidents whose newest version is visible at least so far and not withdrawn. Private ones are never among them.
macro_rules! visible {
    ($access:expr, $least:expr) => {
        Reported::query()
            .filter(incidents::survivor_id.eq($access.id()))
            .filter(incidents::state.ne(IncidentState::Withdrawn))
            .filter(incidents::visibility.eq_any($least.and_wider()))
            .filter(incidents::is_duress.eq_any($least.with_duress()))
            .into_boxed()
    };
}

fn bind(tx: &mut Tx<'_>, row: &Incident) {
    records::incidents(
        tx,
        row.id,
        row.version,
        [
            &row.survivor_id.0,
            &row.state.as_str(),
            &row.severity,
            &row.visibility.as_str(),
            &row.order_condition_id.map(|id| id.0),
            &row.withdrawal_reason,
        ],
    );
}

pub fn insert_incident(tx: &mut Tx<'_>, row: Incident) -> Result<()> {
    bind(tx, &row);
    diesel::insert_into(incidents::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn insert_version(tx: &mut Tx<'_>, row: IncidentVersion) -> Result<()> {
    records::incident_versions(
        tx,
        row.incident_id,
        row.version,
        [
            &row.account,
            &row.private_note,
            &row.place,
            &row.reason,
            &row.witnesses,
            &row.third_parties,
            &row.police_reference,
            &row.visibility.as_str(),
            &row.recorded_by.map(|id| id.0),
        ],
    );
    diesel::insert_into(incident_versions::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Moves an incident on from where it stood; false when it has moved meanwhile.
pub fn update_incident(tx: &mut Tx<'_>, from: &Incident, row: &Incident) -> Result<bool> {
    let same = incidents::table
        .find(row.id)
        .filter(incidents::version.eq(from.version))
        .filter(incidents::state.eq(from.state))
        .filter(incidents::severity.eq(from.severity))
        .filter(incidents::visibility.eq(from.visibility))
        .filter(incidents::is_off_phone.eq(from.is_off_phone));
    let changed = diesel::update(same)
        .set((
            incidents::state.eq(row.state),
            incidents::version.eq(row.version),
            incidents::severity.eq(row.severity),
            incidents::visibility.eq(row.visibility),
            incidents::order_condition_id.eq(row.order_condition_id),
            incidents::happened_at.eq(row.happened_at),
            incidents::withdrawn_at.eq(row.withdrawn_at),
            incidents::withdrawal_reason.eq(&row.withdrawal_reason),
            incidents::is_off_phone.eq(row.is_off_phone),
        ))
        .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        bind(tx, row);
    }
    Ok(is_kept)
}

/// One of the survivor's own incidents that their phone may show, by its id or, of a decoy, by that of the one that it mirrors,
/// and by no other.
pub fn find_own(conn: &mut DbConn, own: &SurvivorAccess, id: IncidentId) -> Result<Option<Reported>> {
    Ok(find_of(conn, own, id)?.filter(|found| !found.incident.is_off_phone))
}

fn find_of(conn: &mut DbConn, access: &SurvivorAccess, id: IncidentId) -> Result<Option<Reported>> {
    let itself = incidents::id.eq(id).and(incidents::twin_of.is_null());
    let named = itself.or(incidents::twin_of.eq(id).assume_not_null());
    let rows = Reported::query().filter(incidents::survivor_id.eq(access.id())).filter(named);
    Ok(rows.first(conn).optional()?)
}

/// The same for their phone, which shows nothing that was said under duress: on a decoy nothing is marked so.
pub fn find_shown(conn: &mut DbConn, own: &SurvivorAccess, id: IncidentId) -> Result<Option<Reported>> {
    Ok(find_own(conn, own, id)?.filter(|found| !found.incident.is_duress))
}

/// The survivor's own incidents that their phone may show, private and withdrawn ones too, newest first; without what was said
/// under duress.
pub fn list_own(conn: &mut DbConn, own: &SurvivorAccess, after: Option<Cursor>, limit: i64) -> Result<Vec<Reported>> {
    let after = place(conn, own, after)?;
    let rows = Reported::query()
        .filter(incidents::survivor_id.eq(own.id()))
        .filter(incidents::is_off_phone.eq(false))
        .filter(incidents::is_duress.eq(false));
    page!(rows.into_boxed(), after, limit, conn)
}

/// The place among the rows of one that a list gave, which names a decoy's incident as the phone does: a place gives away no
/// other id than the items do.
fn place(conn: &mut DbConn, own: &SurvivorAccess, after: Option<Cursor>) -> Result<Option<Cursor>> {
    let Some((at, shown)) = after else { return Ok(None) };
    let row = incidents::table.filter(incidents::survivor_id.eq(own.id()));
    let row = row.filter(incidents::twin_of.eq(IncidentId(shown)));
    let id: Option<IncidentId> = row.select(incidents::id).first(conn).optional()?;
    Ok(Some((at, id.map_or(shown, |id| id.0))))
}

/// Every version of one of the survivor's own incidents, oldest first.
pub fn list_versions(conn: &mut DbConn, own: &SurvivorAccess, id: IncidentId) -> Result<Vec<IncidentVersion>> {
    let versions = IncidentVersion::query()
        .filter(incident_versions::incident_id.eq(id))
        .filter(incident_versions::survivor_id.eq(own.id()));
    Ok(versions.order(incident_versions::version).load(conn)?)
}

/// A survivor's incidents whose newest version is visible at least so far and not withdrawn, newest first by arrival.
/// Private ones are never among them. One row more than `limit` tells that there are more.
pub fn list_visible(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    least: Visibility,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Reported>> {
    page!(visible!(access, least), after, limit, conn)
}

/// The same in the order in which they happened, the latest first, from a cursor of that order on.
pub fn list_visible_as_happened(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    least: Visibility,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Reported>> {
    use incidents::{happened_at, id};
    let mut visible = visible!(access, least);
    if let Some((at, last)) = after {
        visible = visible.filter(happened_at.lt(at).or(happened_at.eq(at).and(id.lt(IncidentId(last)))));
    }
    Ok(visible.order((happened_at.desc(), id.desc())).limit(limit + 1).load(conn)?)
}

/// A survivor's incidents for their own side, as the filters ask, from an instant on.
pub fn list_filtered(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    (query, since): (&IncidentsQuery, Option<Instant>),
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Reported>> {
    let mut visible = visible!(access, Visibility::Advocate);
    if let Some(state) = query.state {
        visible = visible.filter(incidents::state.eq(state));
    }
    if let Some(severity) = query.least_severity {
        visible = visible.filter(incidents::severity.ge(severity));
    }
    match query.is_suspected_breach {
        Some(true) => visible = visible.filter(incidents::order_condition_id.is_not_null()),
        Some(false) => visible = visible.filter(incidents::order_condition_id.is_null()),
        None => {}
    }
    if let Some(since) = since {
        visible = visible.filter(incidents::happened_at.ge(since));
    }
    if let Some(until) = query.until {
        visible = visible.filter(incidents::happened_at.lt(until));
    }
    page!(visible, after, limit, conn)
}

/// Incidents of all these survivors for their own side, newest first: `limit + 1` rows. The caller has made sure that the
/// caller may see each of them.
pub fn list_across(
    conn: &mut DbConn,
    survivors: Vec<SurvivorId>,
    asked: &ListRequest<TriageQuery>,
) -> Result<Vec<Reported>> {
    let query = &asked.query;
    let mut visible = Reported::query()
        .filter(incidents::survivor_id.eq_any(survivors))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.eq_any(Visibility::Advocate.and_wider()))
        .into_boxed();
    if let Some(state) = query.state {
        visible = visible.filter(incidents::state.eq(state));
    }
    if let Some(severity) = query.least_severity {
        visible = visible.filter(incidents::severity.ge(severity));
    }
    if let Some(survivor) = query.survivor_id {
        visible = visible.filter(incidents::survivor_id.eq(survivor));
    }
    if let Some(since) = query.since {
        visible = visible.filter(incidents::received_at.ge(since));
    }
    if let Some(until) = query.until {
        visible = visible.filter(incidents::received_at.lt(until));
    }
    page!(visible, asked.after, asked.limit, conn)
}

/// A survivor's incidents that stand visible to police, and some others by their ids, with their newest versions: of those
/// visible only what arrived since an instant, the newest first. Never one that was taken back.
pub fn list_for_police(
    conn: &mut DbConn,
    survivor: SurvivorId,
    also: &[IncidentId],
    (since, limit): (Instant, i64),
) -> Result<Vec<Reported>> {
    let recent = incidents::visibility.eq(Visibility::Police).and(incidents::received_at.gt(since));
    let rows = Reported::query()
        .filter(incidents::survivor_id.eq(survivor))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(recent.or(incidents::id.eq_any(also.to_vec())));
    Ok(rows.order((incidents::received_at.desc(), incidents::id.desc())).limit(limit).load(conn)?)
}

/// What counts are made from: of each visible incident when it happened, its behaviours and the condition it names.
pub fn list_visible_since(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    least: Visibility,
    since: Instant,
) -> Result<Vec<(Instant, Json, Option<ConditionId>)>> {
    let visible = current()
        .filter(incidents::survivor_id.eq(access.id()))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.eq_any(least.and_wider()))
        .filter(incidents::is_duress.eq_any(least.with_duress()))
        .filter(incidents::happened_at.ge(since));
    let columns = (incidents::happened_at, incident_versions::behaviours, incidents::order_condition_id);
    Ok(visible.select(columns).order(incidents::happened_at).load(conn)?)
}

/// When an incident of a survivor's happened.
pub fn happened_at(conn: &mut DbConn, access: &SurvivorAccess, id: IncidentId) -> Result<Option<Instant>> {
    let own = incidents::table.find(id).filter(incidents::survivor_id.eq(access.id()));
    Ok(own.select(incidents::happened_at).first(conn).optional()?)
}

pub fn find_incident(conn: &mut DbConn, id: IncidentId) -> Result<Option<Incident>> {
    Ok(Incident::query().find(id).first(conn).optional()?)
}

/// An incident with its newest version, for rules.
pub fn find_reported(conn: &mut DbConn, id: IncidentId) -> Result<Option<Reported>> {
    Ok(Reported::query().filter(incidents::id.eq(id)).first(conn).optional()?)
}

/// An incident of a survivor that they neither keep for themselves nor took back, for their own side.
pub fn find_visible(conn: &mut DbConn, access: &SurvivorAccess, id: IncidentId) -> Result<Option<Reported>> {
    let found = find_of(conn, access, id)?;
    let is_visible = |found: &Reported| {
        found.incident.state != IncidentState::Withdrawn && found.incident.visibility != Visibility::Private
    };
    Ok(found.filter(is_visible))
}

/// The versions of an incident, newest first from a version on; one too many tells that there are more. Of those that the
/// survivor kept for themselves only the newest, where it was opened since.
pub fn list_versions_for(
    conn: &mut DbConn,
    incident: &Incident,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<IncidentVersion>> {
    let is_open = incident_versions::visibility.ne(Visibility::Private);
    let versions = IncidentVersion::query()
        .filter(incident_versions::incident_id.eq(incident.id))
        .filter(is_open.or(incident_versions::version.eq(incident.version)))
        .filter(incident_versions::version.lt(before.unwrap_or(i32::MAX)));
    Ok(versions.order(incident_versions::version.desc()).limit(limit + 1).load(conn)?)
}

pub fn insert_event(tx: &mut Tx<'_>, row: IncidentEvent) -> Result<()> {
    records::incident_events(
        tx,
        row.id,
        row.version,
        [&row.kind.as_str(), &row.state.as_str(), &row.visibility.as_str(), &row.reason, &row.note],
    );
    diesel::insert_into(incident_events::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// What happened to an incident, newest first from a cursor on; one too many tells that there are more.
pub fn list_events(conn: &mut DbConn, id: IncidentId, after: Option<Cursor>, limit: i64) -> Result<Vec<IncidentEvent>> {
    let mut rows = IncidentEvent::query().filter(incident_events::incident_id.eq(id)).into_boxed();
    if let Some((at, id)) = after {
        let same_time_earlier_id = incident_events::at.eq(at).and(incident_events::id.lt(IncidentEventId(id)));
        rows = rows.filter(incident_events::at.lt(at).or(same_time_earlier_id));
    }
    Ok(rows.order((incident_events::at.desc(), incident_events::id.desc())).limit(limit + 1).load(conn)?)
}

/// Begins the time in which an incident is to be read again.
pub fn reset_review(conn: &mut DbConn, id: IncidentId, due: Instant) -> Result<()> {
    diesel::update(incident_reviews::table.find(id))
        .set((
            incident_reviews::next_action_at.eq(Some(due)),
            incident_reviews::read_at.eq(None::<Instant>),
            incident_reviews::read_by.eq(None::<StaffId>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Begins the time in which an incident is to be read, unless it has begun.
pub fn insert_review(conn: &mut DbConn, id: IncidentId, survivor: SurvivorId, due: Instant) -> Result<()> {
    let known = incident_reviews::table.find(id).select(incident_reviews::incident_id);
    if known.first::<IncidentId>(conn).optional()?.is_none() {
        diesel::insert_into(incident_reviews::table)
            .values((
                incident_reviews::incident_id.eq(id),
                incident_reviews::survivor_id.eq(survivor),
                incident_reviews::next_action_at.eq(Some(due)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Marks incidents read, those that nobody had read before.
pub fn set_read(conn: &mut DbConn, ids: &[IncidentId], by: StaffId, now: Instant) -> Result<()> {
    let unread = incident_reviews::table
        .filter(incident_reviews::incident_id.eq_any(ids.to_vec()))
        .filter(incident_reviews::read_at.is_null());
    diesel::update(unread)
        .set((
            incident_reviews::read_at.eq(Some(now)),
            incident_reviews::read_by.eq(Some(by)),
            incident_reviews::next_action_at.eq(None::<Instant>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Incidents that were to be read by now.
pub fn list_unread(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<IncidentId>> {
    let due = incident_reviews::table
        .filter(incident_reviews::next_action_at.is_not_null())
        .filter(incident_reviews::next_action_at.le(now));
    Ok(due.order(incident_reviews::next_action_at).limit(limit).select(incident_reviews::incident_id).load(conn)?)
}

/// When the next incident was to be read by.
pub fn next_unread(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = incident_reviews::table.filter(incident_reviews::next_action_at.is_not_null());
    let first: Option<Option<Instant>> = waiting
        .order(incident_reviews::next_action_at)
        .select(incident_reviews::next_action_at)
        .first(conn)
        .optional()?;
    Ok(first.flatten())
}

/// Takes an unread incident, so that it is reported once; false when it was read or reported meanwhile.
pub fn claim_unread(conn: &mut DbConn, id: IncidentId, now: Instant) -> Result<bool> {
    let due = incident_reviews::table
        .find(id)
        .filter(incident_reviews::next_action_at.is_not_null())
        .filter(incident_reviews::next_action_at.le(now));
    Ok(diesel::update(due).set(incident_reviews::next_action_at.eq(None::<Instant>)).execute(conn)? == 1)
}

/// How many incidents arrived within a stretch of time, for the figures that go with an alert; withdrawn and private
/// ones do not count.
pub fn count_between(conn: &mut DbConn, access: &SurvivorAccess, from: Instant, to: Instant) -> Result<i64> {
    let counted = incidents::table
        .filter(incidents::survivor_id.eq(access.id()))
        .filter(incidents::received_at.gt(from))
        .filter(incidents::received_at.le(to))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.ne(Visibility::Private));
    Ok(counted.count().get_result(conn)?)
}

/// An incident that this session may know of: under duress only what was reported under duress, and nothing of that in any other.
pub(super) fn find_known(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId) -> Result<Reported> {
    let found = find_own(tx.conn, &access::own(who), id)?;
    let known = found.filter(|reported| reported.incident.is_duress == who.is_duress);
    let mut known = known.ok_or(Error::NotFound)?;
    if who.is_duress && identity::was_shown(tx.conn, ShownAct::Withdraw, id)? {
        known.incident.state = IncidentState::Withdrawn;
    }
    Ok(known)
}
