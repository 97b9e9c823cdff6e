//! All SQL of referrals.

use diesel::prelude::*;

use super::model::{ReferralRow, ReferralState, ReferralsQuery};
use crate::access::ParticipantAccess;
use crate::audit::records;
use crate::db::schema::referrals;
use crate::db::{DbConn, Instant, ParticipantId, ReferralId};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::Tx;

pub fn insert(tx: &mut Tx<'_>, row: ReferralRow) -> Result<()> {
    records::referrals(tx, row.id, row.version, [&row.state.as_str(), &row.note]);
    diesel::insert_into(referrals::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// A referral by id: it tells whose it is, so that access can be asked for.
pub fn find(conn: &mut DbConn, id: ReferralId) -> Result<Option<ReferralRow>> {
    Ok(ReferralRow::query().find(id).first(conn).optional()?)
}

/// Moves a referral on from a version; false when it has moved meanwhile.
pub fn update(tx: &mut Tx<'_>, version: i32, row: &ReferralRow) -> Result<bool> {
    let same = referrals::table.find(row.id).filter(referrals::version.eq(version));
    let changed = diesel::update(same)
        .set((
            referrals::state.eq(row.state),
            referrals::held_from.eq(row.held_from),
            referrals::reason.eq(&row.reason),
            referrals::practitioner_id.eq(row.practitioner_id),
            referrals::submitted_at.eq(row.submitted_at),
            referrals::allocation_due_at.eq(row.allocation_due_at),
            referrals::allocated_at.eq(row.allocated_at),
            referrals::next_action_at.eq(row.next_action_at),
            referrals::version.eq(row.version),
        ))
        .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        records::referrals(tx, row.id, row.version, [&row.state.as_str(), &row.note]);
    }
    Ok(is_kept)
}

/// Whether a participant has a referral that has not ended.
pub fn has_open(conn: &mut DbConn, access: &ParticipantAccess) -> Result<bool> {
    use ReferralState::{Enrolled, NotEligible, NotSuitable, Withdrawn};
    let ended = vec![Enrolled, NotEligible, NotSuitable, Withdrawn];
    let open =
        referrals::table.filter(referrals::participant_id.eq(access.id())).filter(referrals::state.ne_all(ended));
    Ok(open.select(referrals::id).first::<ReferralId>(conn).optional()?.is_some())
}

/// One page of a participant's referrals, the newest first: `limit + 1` rows.
pub fn list_referrals(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ReferralRow>> {
    list_of(conn, &[access.id()], &ListRequest { query: ReferralsQuery::default(), after, limit })
}

/// The same of several participants, as the filters ask. No proof is asked: callers inside this folder have theirs.
pub fn list_of(
    conn: &mut DbConn,
    participants: &[ParticipantId],
    asked: &ListRequest<ReferralsQuery>,
) -> Result<Vec<ReferralRow>> {
    let mut rows = ReferralRow::query().filter(referrals::participant_id.eq_any(participants.to_vec())).into_boxed();
    if let Some(state) = asked.query.state {
        rows = rows.filter(referrals::state.eq(state));
    }
    if let Some(participant) = asked.query.participant_id {
        rows = rows.filter(referrals::participant_id.eq(participant));
    }
    if let Some(practitioner) = asked.query.practitioner_id {
        rows = rows.filter(referrals::practitioner_id.eq(practitioner));
    }
    Ok(rows.page(referrals::id, ReferralId, asked.after, asked.limit).load(conn)?)
}

/// Referrals that were submitted in a span of time, the first included and the last not.
pub fn list_submitted(conn: &mut DbConn, since: Instant, until: Instant) -> Result<Vec<ReferralRow>> {
    let rows = ReferralRow::query().filter(referrals::submitted_at.ge(since)).filter(referrals::submitted_at.lt(until));
    Ok(rows.order(referrals::id).load(conn)?)
}

/// Referrals that somebody is to be notified of, the longest due first.
pub fn list_due(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<ReferralId>> {
    let due =
        referrals::table.filter(referrals::next_action_at.is_not_null()).filter(referrals::next_action_at.le(now));
    Ok(due.order(referrals::next_action_at).limit(limit).select(referrals::id).load(conn)?)
}

/// Takes a referral that is due; false when another did.
pub fn claim_due(conn: &mut DbConn, id: ReferralId, now: Instant) -> Result<bool> {
    let due = referrals::table.find(id).filter(referrals::next_action_at.le(now));
    Ok(diesel::update(due).set(referrals::next_action_at.eq(None::<Instant>)).execute(conn)? == 1)
}

/// When the next is due.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = referrals::table.filter(referrals::next_action_at.is_not_null());
    let next: Option<Option<Instant>> =
        due.order(referrals::next_action_at).select(referrals::next_action_at).first(conn).optional()?;
    Ok(next.flatten())
}
