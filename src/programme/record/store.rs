//! All SQL of what is recorded of a participant.

use diesel::prelude::*;

use super::model::{
    DiaryRow, FormulationRow, NoticeKind, NoticeRow, NoticesQuery, ObservationRow, OwnRiskRow, PracticeNoteKind,
    PracticeNoteRow,
};
use crate::access::ParticipantAccess;
use crate::audit::records;
use crate::db::schema::{
    diary_ratings, formulations, observations, own_risk_ratings, practice_notes, supervisor_notices,
};
use crate::db::{
    DbConn, DiaryRatingId, FormulationId, GoalId, Instant, NoticeId, ObservationId, OrganisationId, OwnRiskId,
    ParticipantId, PracticeNoteId, StaffId,
};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::Tx;

pub fn insert_diary_rating(conn: &mut DbConn, row: DiaryRow) -> Result<()> {
    diesel::insert_into(diary_ratings::table).values(row).execute(conn)?;
    Ok(())
}

/// One page of a participant's diary ratings, the latest entered first: `limit + 1` rows.
pub fn list_diary_ratings(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<DiaryRow>> {
    use diary_ratings::{created_at, id};
    let mut rows = DiaryRow::query().filter(diary_ratings::participant_id.eq(access.id())).into_boxed();
    if let Some((at, last)) = after {
        rows = rows.filter(created_at.lt(at).or(created_at.eq(at).and(id.lt(DiaryRatingId(last)))));
    }
    Ok(rows.order((created_at.desc(), id.desc())).limit(limit + 1).load(conn)?)
}

/// The latest days on which a participant acted on an urge, the latest first: at most `limit`. For the signal "acted on an
/// urge and an incident within 48 hours"; [`DiaryRow::span`] tells between which instants.
pub fn list_acted_urges(conn: &mut DbConn, access: &ParticipantAccess, limit: i64) -> Result<Vec<DiaryRow>> {
    let acted = DiaryRow::query()
        .filter(diary_ratings::participant_id.eq(access.id()))
        .filter(diary_ratings::acted_on_urge.eq(true));
    Ok(acted.order((diary_ratings::rated_on.desc(), diary_ratings::id.desc())).limit(limit).load(conn)?)
}

pub fn insert_observation(conn: &mut DbConn, row: ObservationRow) -> Result<()> {
    diesel::insert_into(observations::table).values(row).execute(conn)?;
    Ok(())
}

/// One page of what was observed of a participant, the latest observed first: `limit + 1` rows.
pub fn list_observations(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ObservationRow>> {
    use observations::{id, observed_at};
    let mut rows = ObservationRow::query().filter(observations::participant_id.eq(access.id())).into_boxed();
    if let Some((at, last)) = after {
        rows = rows.filter(observed_at.lt(at).or(observed_at.eq(at).and(id.lt(ObservationId(last)))));
    }
    Ok(rows.order((observed_at.desc(), id.desc())).limit(limit + 1).load(conn)?)
}

pub fn insert_formulation(tx: &mut Tx<'_>, row: FormulationRow) -> Result<()> {
    records::formulations(tx, row.id, row.version, [&row.typology.as_str(), &row.narrative]);
    diesel::insert_into(formulations::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The formulation of a participant that counts now.
pub fn find_formulation(conn: &mut DbConn, access: &ParticipantAccess) -> Result<Option<FormulationRow>> {
    let theirs = FormulationRow::query().filter(formulations::participant_id.eq(access.id()));
    Ok(theirs.order(formulations::version.desc()).first(conn).optional()?)
}

/// One page of the versions of a participant's formulation, the latest first: `limit + 1` rows.
pub fn list_formulations(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<FormulationRow>> {
    let mut rows = FormulationRow::query().filter(formulations::participant_id.eq(access.id())).into_boxed();
    if let Some((_, id)) = after {
        rows = rows.filter(formulations::id.lt(FormulationId(id)));
    }
    Ok(rows.order(formulations::version.desc()).limit(limit + 1).load(conn)?)
}

pub fn insert_own_risk(tx: &mut Tx<'_>, row: OwnRiskRow) -> Result<()> {
    records::own_risk_ratings(tx, row.id, row.version, [&row.rating.as_str(), &row.narrative, &row.reason]);
    diesel::insert_into(own_risk_ratings::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The rating of a participant's risk to themselves that counts now; none: nobody has assessed it.
pub fn find_own_risk(conn: &mut DbConn, access: &ParticipantAccess) -> Result<Option<OwnRiskRow>> {
    let theirs = OwnRiskRow::query().filter(own_risk_ratings::participant_id.eq(access.id()));
    Ok(theirs.order(own_risk_ratings::version.desc()).first(conn).optional()?)
}

/// One page of the ratings of a participant's risk to themselves, the latest first: `limit + 1` rows.
pub fn list_own_risk(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<OwnRiskRow>> {
    let mut rows = OwnRiskRow::query().filter(own_risk_ratings::participant_id.eq(access.id())).into_boxed();
    if let Some((_, id)) = after {
        rows = rows.filter(own_risk_ratings::id.lt(OwnRiskId(id)));
    }
    Ok(rows.order(own_risk_ratings::version.desc()).limit(limit + 1).load(conn)?)
}

pub fn insert_practice_note(conn: &mut DbConn, row: PracticeNoteRow) -> Result<()> {
    diesel::insert_into(practice_notes::table).values(row).execute(conn)?;
    Ok(())
}

/// One page of the notes about a participant that somebody may read, the latest first: `limit + 1` rows. Those of clinical
/// supervision are for their author and the supervisor alone, and for others they are not there.
pub fn list_practice_notes(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    reader: StaffId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<PracticeNoteRow>> {
    let is_open = practice_notes::kind.eq(PracticeNoteKind::Consultation);
    let is_theirs = practice_notes::created_by.eq(reader).or(practice_notes::supervisor_id.eq(Some(reader)));
    let mut rows = PracticeNoteRow::query().filter(practice_notes::participant_id.eq(access.id())).into_boxed();
    rows = rows.filter(is_open.or(is_theirs));
    Ok(rows.page(practice_notes::id, PracticeNoteId, after, limit).load(conn)?)
}

pub fn insert_notice(conn: &mut DbConn, row: NoticeRow) -> Result<()> {
    diesel::insert_into(supervisor_notices::table).values(row).execute(conn)?;
    Ok(())
}

/// Whether a notice of a kind about a participant, and a goal of theirs, waits already.
pub fn has_open_notice(
    conn: &mut DbConn,
    organisation: OrganisationId,
    participant: ParticipantId,
    kind: NoticeKind,
    goal: Option<GoalId>,
) -> Result<bool> {
    let mut open = supervisor_notices::table
        .filter(supervisor_notices::organisation_id.eq(organisation))
        .filter(supervisor_notices::read_at.is_null())
        .filter(supervisor_notices::participant_id.eq(participant))
        .filter(supervisor_notices::kind.eq(kind))
        .into_boxed();
    if let Some(goal) = goal {
        open = open.filter(supervisor_notices::goal_id.eq(Some(goal)));
    }
    Ok(open.select(supervisor_notices::id).first::<NoticeId>(conn).optional()?.is_some())
}

/// Takes up what waits about a goal.
pub fn settle_notices(
    conn: &mut DbConn,
    organisation: OrganisationId,
    (kind, goal): (NoticeKind, GoalId),
    (by, now): (StaffId, Instant),
) -> Result<()> {
    let open = supervisor_notices::table
        .filter(supervisor_notices::organisation_id.eq(organisation))
        .filter(supervisor_notices::read_at.is_null())
        .filter(supervisor_notices::kind.eq(kind))
        .filter(supervisor_notices::goal_id.eq(Some(goal)));
    let taken = (supervisor_notices::read_at.eq(Some(now)), supervisor_notices::read_by.eq(Some(by)));
    diesel::update(open).set(taken).execute(conn)?;
    Ok(())
}

/// A notice of an organisation.
pub fn find_notice(conn: &mut DbConn, organisation: OrganisationId, id: NoticeId) -> Result<Option<NoticeRow>> {
    let theirs = NoticeRow::query().filter(supervisor_notices::organisation_id.eq(organisation));
    Ok(theirs.filter(supervisor_notices::id.eq(id)).first(conn).optional()?)
}

/// Takes up one notice; false where somebody has.
pub fn read_notice(conn: &mut DbConn, id: NoticeId, by: StaffId, now: Instant) -> Result<bool> {
    let open = supervisor_notices::table.find(id).filter(supervisor_notices::read_at.is_null());
    let taken = (supervisor_notices::read_at.eq(Some(now)), supervisor_notices::read_by.eq(Some(by)));
    Ok(diesel::update(open).set(taken).execute(conn)? == 1)
}

/// One page of what waits for an organisation's supervisors, the latest first, as the filters ask: `limit + 1` rows.
pub fn list_open_notices(
    conn: &mut DbConn,
    organisation: OrganisationId,
    asked: &ListRequest<NoticesQuery>,
) -> Result<Vec<NoticeRow>> {
    let mut rows = NoticeRow::query().filter(supervisor_notices::organisation_id.eq(organisation)).into_boxed();
    rows = rows.filter(supervisor_notices::read_at.is_null());
    if let Some(kind) = asked.query.kind {
        rows = rows.filter(supervisor_notices::kind.eq(kind));
    }
    if let Some(participant) = asked.query.participant_id {
        rows = rows.filter(supervisor_notices::participant_id.eq(participant));
    }
    Ok(rows.page(supervisor_notices::id, NoticeId, asked.after, asked.limit).load(conn)?)
}
