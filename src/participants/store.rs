//! SQL of participants and of what is feared of them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{ConcernRow, ParticipantRow, ParticipantsQuery};
use crate::access::ParticipantAccess;
use crate::audit::records;
use crate::crypto::reference;
use crate::db::schema::{participant_concerns, participants};
use crate::db::{ConcernId, DbConn, Instant, ParticipantId};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::Tx;

/// The prefix of a participant's reference.
pub const REFERENCE_PREFIX: &str = "PT";

pub fn insert_participant(tx: &mut Tx<'_>, row: ParticipantRow) -> Result<()> {
    records::participants(tx, row.id, row.version, [&row.name, &row.date_of_birth, &row.address, &row.home_force_id]);
    diesel::insert_into(participants::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Changes a participant's record from a version; false when it has changed meanwhile.
pub fn update_participant(tx: &mut Tx<'_>, version: i32, row: &ParticipantRow) -> Result<bool> {
    let changed = diesel::update(participants::table.find(row.id).filter(participants::version.eq(version)))
        .set((
            participants::name.eq(&row.name),
            participants::date_of_birth.eq(&row.date_of_birth),
            participants::address.eq(&row.address),
            participants::home_force_id.eq(&row.home_force_id),
            participants::version.eq(row.version),
        ))
        .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        records::participants(
            tx,
            row.id,
            row.version,
            [&row.name, &row.date_of_birth, &row.address, &row.home_force_id],
        );
    }
    Ok(is_kept)
}

/// A participant by id. For rules that need force or organisation; reading for a person goes through `access`.
pub fn find_participant(conn: &mut DbConn, id: ParticipantId) -> Result<Option<ParticipantRow>> {
    Ok(ParticipantRow::query().find(id).first(conn).optional()?)
}

/// A participant by reference, however it was written down.
pub fn find_participant_by_reference(conn: &mut DbConn, text: &str) -> Result<Option<ParticipantRow>> {
    let Some(reference) = reference::parse(REFERENCE_PREFIX, text) else { return Ok(None) };
    Ok(ParticipantRow::query().filter(participants::reference.eq(reference)).first(conn).optional()?)
}

/// The references for people of some participants.
pub fn references(conn: &mut DbConn, ids: Vec<ParticipantId>) -> Result<HashMap<ParticipantId, String>> {
    let rows = participants::table.filter(participants::id.eq_any(ids));
    let rows: Vec<(ParticipantId, String)> = rows.select((participants::id, participants::reference)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// These participants, newest first, as the filters ask: `limit + 1` rows.
pub fn list_participants(
    conn: &mut DbConn,
    ids: Vec<ParticipantId>,
    asked: &ListRequest<ParticipantsQuery>,
) -> Result<Vec<ParticipantRow>> {
    let mut rows = ParticipantRow::query().filter(participants::id.eq_any(ids)).into_boxed();
    if let Some(reference) = &asked.query.reference {
        let reference = reference::parse(REFERENCE_PREFIX, reference).unwrap_or_default();
        rows = rows.filter(participants::reference.eq(reference));
    }
    Ok(rows.page(participants::id, ParticipantId, asked.after, asked.limit).load(conn)?)
}

pub fn insert_concern(conn: &mut DbConn, row: ConcernRow) -> Result<()> {
    diesel::insert_into(participant_concerns::table).values(row).execute(conn)?;
    Ok(())
}

/// One page of a participant's concerns, newest first: `limit + 1` rows.
pub fn list_concerns(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    since: Option<Instant>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ConcernRow>> {
    let mut rows = ConcernRow::query().filter(participant_concerns::participant_id.eq(access.id())).into_boxed();
    if let Some(since) = since {
        rows = rows.filter(participant_concerns::created_at.ge(since));
    }
    Ok(rows.page(participant_concerns::id, ConcernId, after, limit).load(conn)?)
}
