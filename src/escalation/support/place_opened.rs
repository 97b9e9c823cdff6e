//! Somebody opened where a survivor is, or may be found: the people on duty and the supervisors hear of it at once, and of whom.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::db::{Instant, StaffId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::model::{TaskKind, TaskRow};
use crate::escalation::tasks::{self, ends, notices, store};
use crate::identity;
use crate::tx::Tx;

/// That somebody opened where a survivor is, or may be found.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceOpeningView {
    /// When.
    pub at: Instant,
    /// `location` (the phone's place) or `safe_address`.
    #[schema(example = "safe_address")]
    pub what: String,
    /// Who: a colleague, or the named officer.
    #[schema(example = "Asha Rai")]
    pub by: Option<String>,
}

/// What was opened of a survivor since an instant, and by whom: for the people who answer an alert, and are notified of each.
pub(in crate::escalation) fn list_since(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    since: Instant,
) -> Result<Vec<PlaceOpeningView>> {
    let mut opened = Vec::new();
    for task in store::list_tasks_since(tx.conn, survivor, TaskKind::PlaceOpened, since)? {
        let by: Option<StaffId> = ends::id_in(&task, "by");
        let by = match by {
            Some(by) => identity::colleague(tx.conn, tx.keys, by)?.map(|colleague| colleague.name),
            None => None,
        };
        let what = ends::id_in(&task, "what").unwrap_or_default();
        opened.push(PlaceOpeningView { at: task.created_at, what, by });
    }
    Ok(opened)
}

/// Tells them; `by` is a member of staff, or the named officer. Somebody looks at it within a working day: a supervisor, or the
/// advocates where there is none but the person who opened it.
pub(in crate::escalation) fn notify(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    what: &'static str,
    by: StaffId,
) -> Result<()> {
    let kind = TaskKind::PlaceOpened;
    let (role, _) = notices::reviewers(tx, survivor, by)?;
    let due_at = tasks::a_working_day_later(tx.now);
    tasks::make_for(tx, survivor, (role, kind), json!({"what": what, "by": by}), Some(due_at))?;
    notices::notify_side(tx, survivor, (role, kind.as_str()), true)
}

/// Tells them that the phone's place was opened once more, unless they have yet to look at that person's last time.
pub(in crate::escalation) fn notify_again(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    what: &'static str,
    by: StaffId,
) -> Result<()> {
    let person = by.to_string();
    let waits = |task: &TaskRow| ends::says(task, "by", &person) && ends::says(task, "what", what);
    match store::list_open_tasks(tx.conn, survivor, TaskKind::PlaceOpened)?.iter().any(waits) {
        true => Ok(()),
        false => notify(tx, survivor, what, by),
    }
}
