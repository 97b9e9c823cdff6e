//! All SQL of what crosses the bridge by hand. The timeline and the view have no table.

use diesel::prelude::*;

use super::model::{CaseConcern, CaseNote, CaseSignal, NoteAudience, ProgrammeUpdate, UpdateState};
use crate::access::{CaseAccess, Side, SurvivorAccess};
use crate::db::schema::{case_concerns, case_notes, case_signals, programme_updates};
use crate::db::{CaseConcernId, CaseNoteId, DbConn, ProgrammeUpdateId};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};

pub fn insert_note(conn: &mut DbConn, row: CaseNote) -> Result<()> {
    diesel::insert_into(case_notes::table).values(row).execute(conn)?;
    Ok(())
}

/// A note of a case.
pub fn find_note(conn: &mut DbConn, case: &CaseAccess, id: CaseNoteId) -> Result<Option<CaseNote>> {
    let of_case = CaseNote::query().filter(case_notes::case_id.eq(case.case().id));
    Ok(of_case.filter(case_notes::id.eq(id)).first(conn).optional()?)
}

/// Whether a note was corrected already.
pub fn has_correction(conn: &mut DbConn, id: CaseNoteId) -> Result<bool> {
    let later = case_notes::table.filter(case_notes::corrects.eq(Some(id))).select(case_notes::id);
    Ok(later.first::<CaseNoteId>(conn).optional()?.is_some())
}

/// Notes of a case for these audiences, newest first: `limit + 1` rows. Without `others`, those alone that the caller's
/// own side wrote: what is withheld is not queried.
pub fn list_notes(
    conn: &mut DbConn,
    case: &CaseAccess,
    (audiences, others): (Vec<NoteAudience>, bool),
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CaseNote>> {
    let mut rows = CaseNote::query()
        .filter(case_notes::case_id.eq(case.case().id))
        .filter(case_notes::audience.eq_any(audiences))
        .into_boxed();
    if !others {
        rows = rows.filter(case_notes::side.eq(case.side()));
    }
    Ok(rows.page(case_notes::id, CaseNoteId, after, limit).load(conn)?)
}

/// Which notes stand for which of these.
pub fn list_corrections(conn: &mut DbConn, of: Vec<CaseNoteId>) -> Result<Vec<(Option<CaseNoteId>, CaseNoteId)>> {
    let of: Vec<Option<CaseNoteId>> = of.into_iter().map(Some).collect();
    let rows = case_notes::table.filter(case_notes::corrects.eq_any(of));
    Ok(rows.select((case_notes::corrects, case_notes::id)).load(conn)?)
}

pub fn insert_concern(conn: &mut DbConn, row: CaseConcern) -> Result<()> {
    diesel::insert_into(case_concerns::table).values(row).execute(conn)?;
    Ok(())
}

/// A concern of a case, locked until this transaction ends: two who answer at once meet here.
pub fn lock_concern(conn: &mut DbConn, case: &CaseAccess, id: CaseConcernId) -> Result<Option<CaseConcern>> {
    let row = case_concerns::table.filter(case_concerns::case_id.eq(case.case().id)).filter(case_concerns::id.eq(id));
    diesel::update(row).set(case_concerns::state.eq(case_concerns::state)).execute(conn)?;
    Ok(row.select(CaseConcern::as_select()).first(conn).optional()?)
}

/// A concern of a case.
pub fn find_concern(conn: &mut DbConn, case: &CaseAccess, id: CaseConcernId) -> Result<Option<CaseConcern>> {
    let row = CaseConcern::query().filter(case_concerns::case_id.eq(case.case().id)).filter(case_concerns::id.eq(id));
    Ok(row.first(conn).optional()?)
}

/// Keeps how far a concern has come, and its answer.
pub fn update_concern(conn: &mut DbConn, row: &CaseConcern) -> Result<()> {
    diesel::update(case_concerns::table.find(row.id))
        .set((
            case_concerns::state.eq(row.state),
            case_concerns::acknowledged_by.eq(row.acknowledged_by),
            case_concerns::acknowledged_at.eq(row.acknowledged_at),
            case_concerns::answered_by.eq(row.answered_by),
            case_concerns::answered_at.eq(row.answered_at),
            case_concerns::answer.eq(&row.answer),
            case_concerns::answer_rests_on.eq(&row.answer_rests_on),
        ))
        .execute(conn)?;
    Ok(())
}

/// Concerns of a case, newest first: `limit + 1` rows; without `others`, those alone that one side raised.
pub fn list_concerns(
    conn: &mut DbConn,
    case: &CaseAccess,
    (own, others): (Side, bool),
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CaseConcern>> {
    let mut rows = CaseConcern::query().filter(case_concerns::case_id.eq(case.case().id)).into_boxed();
    if !others {
        rows = rows.filter(case_concerns::side.eq(own));
    }
    Ok(rows.page(case_concerns::id, CaseConcernId, after, limit).load(conn)?)
}

pub fn insert_update(conn: &mut DbConn, row: ProgrammeUpdate) -> Result<()> {
    diesel::insert_into(programme_updates::table).values(row).execute(conn)?;
    Ok(())
}

/// An update of a case, locked until this transaction ends.
pub fn lock_update(conn: &mut DbConn, case: &CaseAccess, id: ProgrammeUpdateId) -> Result<Option<ProgrammeUpdate>> {
    let of_case = programme_updates::table.filter(programme_updates::case_id.eq(case.case().id));
    let row = of_case.filter(programme_updates::id.eq(id));
    diesel::update(row).set(programme_updates::state.eq(programme_updates::state)).execute(conn)?;
    Ok(row.select(ProgrammeUpdate::as_select()).first(conn).optional()?)
}

/// An update of a case.
pub fn find_update(conn: &mut DbConn, case: &CaseAccess, id: ProgrammeUpdateId) -> Result<Option<ProgrammeUpdate>> {
    let of_case = ProgrammeUpdate::query().filter(programme_updates::case_id.eq(case.case().id));
    Ok(of_case.filter(programme_updates::id.eq(id)).first(conn).optional()?)
}

/// Keeps how far an update has come.
pub fn update_update(conn: &mut DbConn, row: &ProgrammeUpdate) -> Result<()> {
    diesel::update(programme_updates::table.find(row.id))
        .set((
            programme_updates::state.eq(row.state),
            programme_updates::reason.eq(&row.reason),
            programme_updates::checked_by.eq(row.checked_by),
            programme_updates::checked_at.eq(row.checked_at),
            programme_updates::decided_by.eq(row.decided_by),
            programme_updates::decided_at.eq(row.decided_at),
            programme_updates::released_at.eq(row.released_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Updates of a case in these states, newest first: `limit + 1` rows.
pub fn list_updates(
    conn: &mut DbConn,
    case: &CaseAccess,
    states: Vec<UpdateState>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ProgrammeUpdate>> {
    let rows = ProgrammeUpdate::query()
        .filter(programme_updates::case_id.eq(case.case().id))
        .filter(programme_updates::state.eq_any(states))
        .into_boxed();
    Ok(rows.page(programme_updates::id, ProgrammeUpdateId, after, limit).load(conn)?)
}

/// Updates that were released to a survivor, newest first: `limit + 1` rows.
pub fn list_released(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ProgrammeUpdate>> {
    use programme_updates::released_at;
    let mut rows = ProgrammeUpdate::query()
        .filter(programme_updates::survivor_id.eq(access.id()))
        .filter(released_at.is_not_null())
        .into_boxed();
    if let Some((at, id)) = after {
        let same = released_at.eq(at).and(programme_updates::id.lt(ProgrammeUpdateId(id)));
        rows = rows.filter(released_at.lt(at).or(same));
    }
    Ok(rows.order((released_at.desc(), programme_updates::id.desc())).limit(limit + 1).load(conn)?)
}

/// Keeps that a signal raised an alert; false where it did before. The caller has locked the case.
pub fn claim_signal(conn: &mut DbConn, row: CaseSignal) -> Result<bool> {
    let same = case_signals::table.find((row.case_id, row.signal, row.record_id));
    if diesel::select(diesel::dsl::exists(same)).get_result(conn)? {
        return Ok(false);
    }
    diesel::insert_into(case_signals::table).values(row).execute(conn)?;
    Ok(true)
}
