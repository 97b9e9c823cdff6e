//! All SQL of an organisation's own ladders.

use diesel::prelude::*;

use crate::audit::records;
use crate::db::schema::ladders;
use crate::db::{DbConn, LadderId, OrganisationId};
use crate::error::Result;
use crate::escalation::ladder::drafts::{LadderRow, LadderState};
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::Tx;

pub fn insert_ladder(tx: &mut Tx<'_>, row: LadderRow) -> Result<()> {
    records::ladders(tx, row.id, row.revision, [&row.code, &row.state.as_str(), &row.ladder]);
    diesel::insert_into(ladders::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn find_ladder(conn: &mut DbConn, organisation: OrganisationId, id: LadderId) -> Result<Option<LadderRow>> {
    let own = LadderRow::query().find(id).filter(ladders::organisation_id.eq(organisation));
    Ok(own.first(conn).optional()?)
}

/// The newest published version of a code.
pub fn find_published(conn: &mut DbConn, organisation: OrganisationId, code: &str) -> Result<Option<LadderRow>> {
    let published = LadderRow::query()
        .filter(ladders::organisation_id.eq(organisation))
        .filter(ladders::code.eq(code))
        .filter(ladders::version.is_not_null());
    Ok(published.order(ladders::version.desc()).first(conn).optional()?)
}

/// Ladders of an organisation, newest first: drafts and every published version.
pub fn list_ladders(
    conn: &mut DbConn,
    organisation: OrganisationId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<LadderRow>> {
    let rows = LadderRow::query().filter(ladders::organisation_id.eq(organisation)).into_boxed();
    Ok(rows.page(ladders::id, LadderId, after, limit).load(conn)?)
}

/// Replaces a draft as it was read; false when it changed, or was published, since. A published version never changes.
pub fn update_draft(tx: &mut Tx<'_>, revision: i32, row: &LadderRow) -> Result<bool> {
    let draft = ladders::table
        .find(row.id)
        .filter(ladders::revision.eq(revision))
        .filter(ladders::state.eq(LadderState::Draft));
    let changed = diesel::update(draft)
        .set((
            ladders::code.eq(&row.code),
            ladders::version.eq(row.version),
            ladders::state.eq(row.state),
            ladders::ladder.eq(&row.ladder),
            ladders::revision.eq(row.revision),
            ladders::simulated_revision.eq(row.simulated_revision),
            ladders::uncovered.eq(&row.uncovered),
            ladders::updated_at.eq(row.updated_at),
            ladders::published_by.eq(row.published_by),
            ladders::published_at.eq(row.published_at),
        ))
        .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        records::ladders(tx, row.id, row.revision, [&row.code, &row.state.as_str(), &row.ladder]);
    }
    Ok(is_kept)
}
