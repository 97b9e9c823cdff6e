//! Somebody opened where a survivor is, or may be found: the people on duty and the supervisors hear of it at once, and of whom.

use serde_json::json;

use super::model::{TaskKind, TaskRow};
use super::{break_glass, notices, store, task_ends, tasks};
use crate::db::{StaffId, SurvivorId};
use crate::error::Result;
use crate::tx::Tx;

/// Tells them; `by` is a member of staff, or the named officer. Somebody looks at it within a working day: a supervisor, or the
/// advocates where there is none but the person who opened it.
pub(super) fn tell(tx: &mut Tx<'_>, survivor: SurvivorId, what: &'static str, by: StaffId) -> Result<()> {
    let kind = TaskKind::PlaceOpened;
    let (role, _) = notices::reviewers(tx, survivor, by)?;
    let due_at = break_glass::a_working_day_later(tx.now);
    tasks::make_for(tx, survivor, (role, kind), json!({"what": what, "by": by}), Some(due_at))?;
    notices::tell(tx, survivor, (role, kind.as_str()), true)
}

/// Tells them that the phone's place was opened once more, unless they have yet to look at that person's last time.
pub(super) fn tell_again(tx: &mut Tx<'_>, survivor: SurvivorId, what: &'static str, by: StaffId) -> Result<()> {
    let person = by.to_string();
    let waits = |task: &TaskRow| task_ends::says(task, "by", &person) && task_ends::says(task, "what", what);
    match store::list_open_tasks(tx.conn, survivor, TaskKind::PlaceOpened)?.iter().any(waits) {
        true => Ok(()),
        false => tell(tx, survivor, what, by),
    }
}
