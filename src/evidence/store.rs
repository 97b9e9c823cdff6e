//! All SQL of files and their chunks. `custody` holds that of what happened to them, `bundles` that of bundles.

pub mod bundles;
pub mod custody;

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::model::{self, ChunkRow, Evidence, LegalHoldRow, ORIGINAL};
use super::states::EvidenceState;
use crate::access::SurvivorAccess;
use crate::db::schema::{evidence_chunks, evidence_files, evidence_holds};
use crate::db::{DbConn, EvidenceId, IncidentId, Instant, ObjectId, SurvivorId};
use crate::error::Result;
use crate::http::page::Cursor;
use crate::identity::{self, ShownAct};
use crate::incidents::Visibility;

/// States in which a file is on the survivor's own screens.
const ON_SCREENS: [EvidenceState; 3] = [EvidenceState::Uploading, EvidenceState::Kept, EvidenceState::Held];
/// States in which a file can be read.
const KEPT: [EvidenceState; 2] = [EvidenceState::Kept, EvidenceState::Held];
/// States in which the survivor's own side knows of a file.
const KNOWN: [EvidenceState; 5] =
    [EvidenceState::Kept, EvidenceState::Held, EvidenceState::Removing, EvidenceState::Locked, EvidenceState::Sealed];

/// That a file belongs to what it belonged to, and is as visible as it was.
macro_rules! belongs_as {
    ($before:expr) => {{
        let (incident, draft) = ($before.incident_id, $before.draft_id);
        let is_free = (incident.is_none().into_sql::<Bool>(), draft.is_none().into_sql::<Bool>());
        let of_incident = evidence_files::incident_id.eq(incident);
        let of_draft = evidence_files::draft_id.eq(draft);
        evidence_files::visibility
            .eq($before.visibility)
            .and(of_incident.or(evidence_files::incident_id.is_null().and(is_free.0)))
            .and(of_draft.or(evidence_files::draft_id.is_null().and(is_free.1)))
    }};
}

pub fn insert(conn: &mut DbConn, row: Evidence) -> Result<()> {
    diesel::insert_into(evidence_files::table).values(row).execute(conn)?;
    Ok(())
}

/// Where the chunks are of all files whose bytes are stored, which is for as long as their key is: also of those that are
/// off the survivor's screens.
pub fn list_stored_objects(conn: &mut DbConn) -> Result<Vec<(EvidenceId, ObjectId)>> {
    let stored = evidence_files::table.filter(evidence_files::file_key.is_not_null()).select(evidence_files::id);
    let chunks = evidence_chunks::table.filter(evidence_chunks::evidence_id.eq_any(stored));
    let order = (evidence_chunks::evidence_id, evidence_chunks::copy, evidence_chunks::number);
    Ok(chunks.order(order).select((evidence_chunks::evidence_id, evidence_chunks::object)).load(conn)?)
}

/// Writes a file's row; false when its state, its offset, what it belongs to or whether a phone shows it has changed since it
/// was read.
pub fn update(conn: &mut DbConn, before: &Evidence, row: &Evidence) -> Result<bool> {
    let same = evidence_files::table
        .find(row.id)
        .filter(evidence_files::state.eq(before.state))
        .filter(evidence_files::received.eq(before.received))
        .filter(evidence_files::chunks.eq(before.chunks))
        .filter(evidence_files::is_off_phone.eq(before.is_off_phone))
        .filter(belongs_as!(before));
    Ok(diesel::update(same).set(row.clone()).execute(conn)? == 1)
}

/// Writes what a file belongs to and who may see it; false when that, or its state, has changed since it was read.
pub fn update_home(conn: &mut DbConn, before: &Evidence, row: &Evidence) -> Result<bool> {
    let same =
        evidence_files::table.find(row.id).filter(evidence_files::state.eq(before.state)).filter(belongs_as!(before));
    let home = (
        evidence_files::incident_id.eq(row.incident_id),
        evidence_files::draft_id.eq(row.draft_id),
        evidence_files::visibility.eq(row.visibility),
    );
    Ok(diesel::update(same).set(home).execute(conn)? == 1)
}

/// One of a survivor's files.
pub fn find(conn: &mut DbConn, access: &SurvivorAccess, id: EvidenceId) -> Result<Option<Evidence>> {
    let own = Evidence::query().find(id).filter(evidence_files::survivor_id.eq(access.id()));
    Ok(own.first(conn).optional()?)
}

/// One of a survivor's files for their phone: none that it does not show yet.
pub fn find_own(conn: &mut DbConn, access: &SurvivorAccess, id: EvidenceId) -> Result<Option<Evidence>> {
    Ok(find(conn, access, id)?.filter(|file| !file.is_off_phone))
}

/// A file by its id alone: for the worker.
pub fn find_any(conn: &mut DbConn, id: EvidenceId) -> Result<Option<Evidence>> {
    Ok(Evidence::query().find(id).first(conn).optional()?)
}

/// A survivor's files that show on their screens, newest first, of one incident or draft or all; one row more than
/// asked for. In a session under duress those that were begun in one, but for what was shown as removed; in any other those that
/// were not.
pub fn list_own(
    conn: &mut DbConn,
    (access, is_duress): &(SurvivorAccess, bool),
    incident: Option<IncidentId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Evidence>> {
    let mut rows = Evidence::query()
        .filter(evidence_files::survivor_id.eq(access.id()))
        .filter(evidence_files::state.eq_any(ON_SCREENS))
        .filter(evidence_files::is_off_phone.eq(false))
        .into_boxed();
    rows = rows.filter(evidence_files::is_duress.eq(*is_duress));
    if *is_duress {
        let removed = identity::shown_as_done(conn, access.id(), ShownAct::Delete)?;
        let removed: Vec<EvidenceId> = removed.into_iter().map(|id| EvidenceId(id.0)).collect();
        rows = rows.filter(evidence_files::id.ne_all(removed));
    }
    if let Some(id) = incident {
        let of_it = evidence_files::incident_id.eq(Some(id)).or(evidence_files::draft_id.eq(Some(id)));
        rows = rows.filter(of_it);
    }
    if let Some((at, id)) = after {
        let same = evidence_files::created_at.eq(at).and(evidence_files::id.lt(EvidenceId(id)));
        rows = rows.filter(evidence_files::created_at.lt(at).or(same));
    }
    let newest_first = (evidence_files::created_at.desc(), evidence_files::id.desc());
    let mut files: Vec<Evidence> = rows.order(newest_first).limit(limit + 1).load(conn)?;
    // Asked in any session, so that the time taken tells nothing.
    let shown = identity::list_shown(conn, access.id(), &model::SHOWN_TO)?;
    for file in files.iter_mut().filter(|_| *is_duress) {
        let act = shown.iter().find(|(subject, _)| subject.0 == file.id.0).map(|(_, act)| *act);
        file.visibility = act.and_then(model::visible_to).unwrap_or(file.visibility);
    }
    Ok(files)
}

/// A survivor's kept files, oldest first, those of no incident only as far as they are visible. Those who ask for others
/// than the survivor look at the incidents as well.
pub fn list_stored(conn: &mut DbConn, access: &SurvivorAccess, visibilities: Vec<Visibility>) -> Result<Vec<Evidence>> {
    let visible = evidence_files::incident_id.is_not_null().or(evidence_files::visibility.eq_any(visibilities));
    let rows = Evidence::query()
        .filter(evidence_files::survivor_id.eq(access.id()))
        .filter(evidence_files::state.eq_any(KEPT))
        .filter(visible);
    Ok(rows.order((evidence_files::created_at, evidence_files::id)).load(conn)?)
}

/// A page of those that their own side knows of, newest first, of one incident or all: at most so many.
pub fn list_known_page(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    (visibilities, incident): (Vec<Visibility>, Option<IncidentId>),
    after: Option<Cursor>,
    count: i64,
) -> Result<Vec<Evidence>> {
    let visible = evidence_files::incident_id.is_not_null().or(evidence_files::visibility.eq_any(visibilities));
    let mut rows = Evidence::query()
        .filter(evidence_files::survivor_id.eq(access.id()))
        .filter(evidence_files::state.eq_any(KNOWN))
        .filter(visible)
        .into_boxed();
    if let Some(id) = incident {
        rows = rows.filter(evidence_files::incident_id.eq(Some(id)));
    }
    if let Some((at, id)) = after {
        let same = evidence_files::created_at.eq(at).and(evidence_files::id.lt(EvidenceId(id)));
        rows = rows.filter(evidence_files::created_at.lt(at).or(same));
    }
    Ok(rows.order((evidence_files::created_at.desc(), evidence_files::id.desc())).limit(count).load(conn)?)
}

/// Every kept file of a survivor, oldest first: for rules that decide on visibility themselves.
pub fn list_stored_of(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<Evidence>> {
    let rows =
        Evidence::query().filter(evidence_files::survivor_id.eq(survivor)).filter(evidence_files::state.eq_any(KEPT));
    Ok(rows.order((evidence_files::created_at, evidence_files::id)).load(conn)?)
}

/// Of a survivor's kept files, the incident that each belongs to, or how far it is visible.
pub fn list_stored_links(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<(Option<IncidentId>, Visibility)>> {
    let rows = evidence_files::table
        .filter(evidence_files::survivor_id.eq(survivor))
        .filter(evidence_files::state.eq_any(KEPT))
        .select((evidence_files::incident_id, evidence_files::visibility));
    Ok(rows.load(conn)?)
}

/// Bytes that all stored files of a survivor take up, those on their way counted whole. A file that was taken back counts
/// until it is destroyed: to upload and remove in turns would fill the disk. Nothing shows how much is counted.
pub fn sum_bytes(conn: &mut DbConn, survivor: SurvivorId, is_duress: &[bool]) -> Result<i64> {
    let sizes: Vec<i64> = evidence_files::table
        .filter(evidence_files::survivor_id.eq(survivor))
        .filter(evidence_files::is_duress.eq_any(is_duress.to_vec()))
        .filter(evidence_files::file_key.is_not_null())
        .select(evidence_files::bytes)
        .load(conn)?;
    Ok(sizes.into_iter().fold(0, i64::saturating_add))
}

pub fn insert_chunk(conn: &mut DbConn, row: ChunkRow) -> Result<()> {
    diesel::insert_into(evidence_chunks::table).values(row).execute(conn)?;
    Ok(())
}

/// The chunks of a copy, in order.
pub fn list_chunks(conn: &mut DbConn, id: EvidenceId, copy: &str) -> Result<Vec<ChunkRow>> {
    let chunks =
        ChunkRow::query().filter(evidence_chunks::evidence_id.eq(id)).filter(evidence_chunks::copy.eq(copy.to_owned()));
    Ok(chunks.order(evidence_chunks::number).load(conn)?)
}

/// The chunks of every copy.
pub fn list_all_chunks(conn: &mut DbConn, id: EvidenceId) -> Result<Vec<ChunkRow>> {
    Ok(ChunkRow::query().filter(evidence_chunks::evidence_id.eq(id)).load(conn)?)
}

/// Forgets the chunks of the original: an upload begins again.
pub fn delete_chunks(conn: &mut DbConn, id: EvidenceId) -> Result<()> {
    let chunks = evidence_chunks::table.filter(evidence_chunks::evidence_id.eq(id));
    diesel::delete(chunks.filter(evidence_chunks::copy.eq(ORIGINAL))).execute(conn)?;
    Ok(())
}

/// Forgets all chunks of a file that is gone.
pub fn delete_all_chunks(conn: &mut DbConn, id: EvidenceId) -> Result<()> {
    diesel::delete(evidence_chunks::table.filter(evidence_chunks::evidence_id.eq(id))).execute(conn)?;
    Ok(())
}

/// Files that the worker is to look at by now.
pub fn list_due(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<EvidenceId>> {
    let due = evidence_files::table
        .filter(evidence_files::next_action_at.is_not_null())
        .filter(evidence_files::next_action_at.le(now));
    Ok(due.order(evidence_files::next_action_at).limit(limit).select(evidence_files::id).load(conn)?)
}

/// When the worker is to look at a file next.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = evidence_files::table.filter(evidence_files::next_action_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(evidence_files::next_action_at).select(evidence_files::next_action_at).first(conn).optional()?;
    Ok(first.flatten())
}

/// Says when the worker looks at a file again, or not at all.
pub fn set_due(conn: &mut DbConn, id: EvidenceId, at: Option<Instant>) -> Result<()> {
    diesel::update(evidence_files::table.find(id)).set(evidence_files::next_action_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Says when the worker looks at a file again that it has looked at, or not at all. Nothing changes where somebody else has
/// said so meanwhile: the file was taken back or held while the worker looked.
pub fn put_off(conn: &mut DbConn, id: EvidenceId, now: Instant, at: Option<Instant>) -> Result<()> {
    let due = evidence_files::table.find(id).filter(evidence_files::next_action_at.le(now));
    diesel::update(due).set(evidence_files::next_action_at.eq(at)).execute(conn)?;
    Ok(())
}

pub fn insert_hold(conn: &mut DbConn, row: LegalHoldRow) -> Result<()> {
    diesel::insert_into(evidence_holds::table).values(row).execute(conn)?;
    Ok(())
}

pub fn update_hold(conn: &mut DbConn, row: &LegalHoldRow) -> Result<()> {
    diesel::update(evidence_holds::table.find(row.id)).set(row.clone()).execute(conn)?;
    Ok(())
}

/// Every hold on a file, oldest first.
pub fn list_holds(conn: &mut DbConn, id: EvidenceId) -> Result<Vec<LegalHoldRow>> {
    let holds = LegalHoldRow::query().filter(evidence_holds::evidence_id.eq(id));
    Ok(holds.order((evidence_holds::placed_at, evidence_holds::id)).load(conn)?)
}
