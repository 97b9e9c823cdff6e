//! Drafts: the survivor's own, and nobody else's.

use diesel::prelude::*;

use crate::access::{self, SurvivorAccess};
use crate::audit::records;
use crate::db::schema::incident_drafts;
use crate::db::{DbConn, IncidentId, SubjectId};
use crate::error::{Error, Result};
use crate::http::page::Cursor;
use crate::identity::{self, ShownAct, Survivor};
use crate::incidents::model::IncidentDraft;
use crate::tx::{Subject, Tx};

pub fn insert_draft(tx: &mut Tx<'_>, row: IncidentDraft) -> Result<()> {
    records::incident_drafts(tx, row.id, row.version, [&row.content]);
    diesel::insert_into(incident_drafts::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn find_draft(conn: &mut DbConn, own: &SurvivorAccess, id: IncidentId) -> Result<Option<IncidentDraft>> {
    let itself = incident_drafts::id.eq(id).and(incident_drafts::twin_of.is_null());
    let named = itself.or(incident_drafts::twin_of.eq(id).assume_not_null());
    let draft = IncidentDraft::query().filter(incident_drafts::survivor_id.eq(own.id())).filter(named);
    Ok(draft.first(conn).optional()?)
}

/// The survivor's drafts but for those of a session under duress, newest first; one too many tells that there are more.
pub fn list_drafts(
    conn: &mut DbConn,
    own: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<IncidentDraft>> {
    let rows = IncidentDraft::query().filter(incident_drafts::survivor_id.eq(own.id()));
    let mut rows = rows.filter(incident_drafts::is_duress.eq(false)).into_boxed();
    if let Some((at, shown)) = after {
        let named = incident_drafts::table.filter(incident_drafts::survivor_id.eq(own.id()));
        let named = named.filter(incident_drafts::twin_of.eq(IncidentId(shown))).select(incident_drafts::id);
        let id = named.first(conn).optional()?.map_or(shown, |id: IncidentId| id.0);
        let same_time_earlier_id = incident_drafts::created_at.eq(at).and(incident_drafts::id.lt(IncidentId(id)));
        rows = rows.filter(incident_drafts::created_at.lt(at).or(same_time_earlier_id));
    }
    Ok(rows.order((incident_drafts::created_at.desc(), incident_drafts::id.desc())).limit(limit + 1).load(conn)?)
}

/// Changes a draft that is still in a version; false when it was changed meanwhile.
pub fn update_draft(tx: &mut Tx<'_>, from_version: i32, row: &IncidentDraft) -> Result<bool> {
    let same = incident_drafts::table.find(row.id).filter(incident_drafts::version.eq(from_version));
    let new = (
        incident_drafts::version.eq(row.version),
        incident_drafts::content.eq(&row.content),
        incident_drafts::updated_at.eq(row.updated_at),
    );
    let is_kept = diesel::update(same).set(new).execute(tx.conn)? == 1;
    if is_kept {
        records::incident_drafts(tx, row.id, row.version, [&row.content]);
    }
    Ok(is_kept)
}

/// Removes a draft; false when it is gone already.
pub fn delete_draft(tx: &mut Tx<'_>, id: IncidentId) -> Result<bool> {
    let is_kept = diesel::delete(incident_drafts::table.find(id)).execute(tx.conn)? == 1;
    if is_kept {
        records::gone(tx, "incident_drafts", id);
    }
    Ok(is_kept)
}

/// A draft that this session may know of: under duress only what was begun under duress, and nothing of that in any other.
pub(in crate::incidents) fn find_known_draft(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId) -> Result<IncidentDraft> {
    let found = find_draft(tx.conn, &access::own(who), id)?;
    tx.about(Subject::of("incident", SubjectId(id.0)));
    let known = found.filter(|draft| draft.is_duress == who.is_duress).ok_or(Error::NotFound)?;
    match who.is_duress && identity::was_shown(tx.conn, ShownAct::Delete, id)? {
        true => Err(Error::NotFound),
        false => Ok(known),
    }
}
