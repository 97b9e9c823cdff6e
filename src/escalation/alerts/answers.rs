//! What the survivor says while alerts of theirs are open: each has a line of it, and closes by it never. And the calls that
//! they ask for.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::history::{self, AnswerDetail, Detail, TimerAnswer};
use super::model::{RuleGroup, TaskKind};
use crate::access::SurvivorAccess;
use crate::checkins::{self, Answer};
use crate::db::{CheckInId, Instant, SurvivorId, TimerId};
use crate::error::Result;
use crate::escalation::alerts::store;
use crate::escalation::tasks::{self, ends, notices};
use crate::identity::Role;
use crate::tx::{Actor, Tx};

/// What the survivor said while an alert was open.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerView {
    /// When it reached us.
    pub at: Instant,
    /// The check-in or the timer, what it said, and whether it was late.
    #[schema(value_type = Object, example = json!({"check_in_id": "0193…", "status": "safe", "is_late": true}))]
    pub(in crate::escalation) detail: AnswerDetail,
}

impl AnswerView {
    /// What was said, in a word. A "safe" that came without the PIN may be somebody else's.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match &self.detail {
            AnswerDetail::CheckIn { status: Some(Answer::Safe), is_proven: false, .. } => "safe_unproven",
            AnswerDetail::CheckIn { status: Some(status), .. } => status.as_str(),
            AnswerDetail::CheckIn { status: None, .. } => "unread",
            AnswerDetail::Timer { .. } => "timer_ended",
        }
    }
}

/// Hours in which a survivor who asked for it is rung.
const CALL_BACK_HOURS: i64 = 24;

/// Notes an answer on each open alert of a survivor, apart from those of some groups, to which it is a trigger.
pub(in crate::escalation) fn note(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    check_in: CheckInId,
    but: &[RuleGroup],
) -> Result<()> {
    let survivor = access.id();
    let open = store::list_open_of(tx.conn, survivor)?;
    if open.is_empty() && !matches!(tx.actor, Actor::Staff { .. }) {
        return Ok(());
    }
    let said = checkins::find_answered(tx.conn, access, check_in)?;
    let detail = Detail::Answered(AnswerDetail::CheckIn {
        check_in_id: check_in,
        status: said.as_ref().map(|said| said.answer),
        is_late: said.as_ref().is_some_and(|said| said.is_late),
        is_recorded_by_staff: said.as_ref().is_some_and(|said| said.is_recorded_by_staff),
        is_proven: said.as_ref().is_none_or(|said| said.is_proven),
        recorded_at: said.as_ref().and_then(|said| said.recorded_at),
    });
    for alert in open {
        if !but.contains(&alert.rule_group) {
            history::write(tx, &alert, &detail, None)?;
        }
    }
    // The person who recorded it has spoken to the survivor.
    match said.is_some_and(|said| said.is_recorded_by_staff) {
        true => ends::contact_recorded(tx, survivor),
        false => Ok(()),
    }
}

/// Notes on each open alert of a survivor that a timer was ended after it had run out.
pub(in crate::escalation) fn note_timer(tx: &mut Tx<'_>, survivor: SurvivorId, timer: TimerId) -> Result<()> {
    let status = TimerAnswer::TimerEnded;
    let detail = Detail::Answered(AnswerDetail::Timer { timer_id: timer, status, is_late: true });
    for alert in store::list_open_of(tx.conn, survivor)? {
        history::write(tx, &alert, &detail, None)?;
    }
    Ok(())
}

/// Asks the survivor's advocates to ring them. One task for each check-in that asks; each ends when somebody has spoken to
/// the survivor, and goes on to a supervisor when nobody has in time.
pub(in crate::escalation) fn ask_call_back(tx: &mut Tx<'_>, survivor: SurvivorId, check_in: CheckInId) -> Result<()> {
    let (kind, due_at) = (TaskKind::CallBack, tx.now.plus_hours(CALL_BACK_HOURS));
    tasks::make_due(tx, survivor, kind, json!({"check_in_id": check_in}), due_at)?;
    notices::notify_side(tx, survivor, (Role::Advocate, kind.as_str()), false)
}
