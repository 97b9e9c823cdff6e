//! Somebody opened where a survivor is, or may be found: the people on duty and the supervisors hear of it at once, and of whom.

use serde_json::json;

use super::model::TaskKind;
use super::{notices, tasks};
use crate::db::{StaffId, SurvivorId};
use crate::error::Result;
use crate::identity::Role;
use crate::tx::Tx;

/// Tells them; `by` is a member of staff, or the named officer.
pub(super) fn tell(tx: &mut Tx<'_>, survivor: SurvivorId, what: &'static str, by: StaffId) -> Result<()> {
    let kind = TaskKind::PlaceOpened;
    tasks::make_for(tx, survivor, (Role::Supervisor, kind), json!({"what": what, "by": by}), None)?;
    notices::tell(tx, survivor, (Role::Supervisor, kind.as_str()), true)
}
