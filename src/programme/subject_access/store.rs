//! All SQL of subject-access requests.

use diesel::prelude::*;

use super::model::SubjectAccessRequestRow;
use crate::access::ParticipantAccess;
use crate::audit::records;
use crate::db::schema::subject_access_requests;
use crate::db::{DbConn, SubjectAccessRequestId};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::Tx;

pub fn insert(tx: &mut Tx<'_>, row: SubjectAccessRequestRow) -> Result<()> {
    records::subject_access_requests(tx, row.id, row.version, [&row.state.as_str(), &row.redactions, &row.content]);
    diesel::insert_into(subject_access_requests::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// A request by id: it tells whose it is, so that access can be asked for.
pub fn find(conn: &mut DbConn, id: SubjectAccessRequestId) -> Result<Option<SubjectAccessRequestRow>> {
    Ok(SubjectAccessRequestRow::query().find(id).first(conn).optional()?)
}

/// Moves a request on from a version; false when it has moved meanwhile.
pub fn update(tx: &mut Tx<'_>, version: i32, row: &SubjectAccessRequestRow) -> Result<bool> {
    let same = subject_access_requests::table.find(row.id).filter(subject_access_requests::version.eq(version));
    let changed = diesel::update(same)
        .set((
            subject_access_requests::state.eq(row.state),
            subject_access_requests::redactions.eq(&row.redactions),
            subject_access_requests::content.eq(&row.content),
            subject_access_requests::approved_by.eq(row.approved_by),
            subject_access_requests::approved_at.eq(row.approved_at),
            subject_access_requests::released_by.eq(row.released_by),
            subject_access_requests::released_at.eq(row.released_at),
            subject_access_requests::version.eq(row.version),
        ))
        .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        records::subject_access_requests(tx, row.id, row.version, [&row.state.as_str(), &row.redactions, &row.content]);
    }
    Ok(is_kept)
}

/// One page of a participant's requests, the newest first: `limit + 1` rows.
pub fn list(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<SubjectAccessRequestRow>> {
    let rows =
        SubjectAccessRequestRow::query().filter(subject_access_requests::participant_id.eq(access.id())).into_boxed();
    Ok(rows.page(subject_access_requests::id, SubjectAccessRequestId, after, limit).load(conn)?)
}
