//! Referrals that have waited too long for a practitioner: a task, and a notice to the programme's supervisors.

use super::model::ReferralRow;
use super::store;
use crate::app::App;
use crate::db::{DbConn, Instant, ReferralId, SubjectId};
use crate::error::Result;
use crate::identity::{self, Role};
use crate::participants::tasks::{self, NewTask, ProgrammeTaskKind};
use crate::tx::{Actor, Subject, Tx};

/// Referrals looked at in one go.
const BATCH: i64 = 200;

/// Makes a task of each referral that is overdue, each in a transaction of its own. Returns how many.
pub async fn notify_overdue(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due(conn, now, BATCH)).await?;
    let mut told = 0;
    for id in due {
        let work = move |tx: &mut Tx<'_>| notify_one(tx, id);
        match app.transact(Actor::System, "tell_overdue_allocation", work).await {
            Ok(true) => told += 1,
            Ok(false) => {}
            Err(error) => tracing::error!(referral = %id, %error, "an overdue referral is tried again"),
        }
    }
    Ok(told)
}

fn notify_one(tx: &mut Tx<'_>, id: ReferralId) -> Result<bool> {
    if !store::claim_due(tx.conn, id, tx.now)? {
        tx.outcome("not_due");
        return Ok(false);
    }
    let Some(row) = store::find(tx.conn, id)?.filter(|row| row.is_overdue(tx.now)) else { return Ok(false) };
    tx.about(Subject::of("participant", row.participant_id));
    tasks::open(tx, &task_of(&row))?;
    for supervisor in identity::list_staff_with_role(tx.conn, row.organisation_id, Role::Supervisor)? {
        tasks::notify_staff(tx, supervisor, row.participant_id)?;
    }
    Ok(true)
}

fn task_of(row: &ReferralRow) -> NewTask {
    NewTask {
        organisation: row.organisation_id,
        participant: row.participant_id,
        kind: ProgrammeTaskKind::AllocationOverdue,
        subject: SubjectId(row.id.0),
    }
}

/// When the next referral is to be looked at.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    store::next_due(conn)
}
