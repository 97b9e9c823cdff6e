//! Opening an alert again that was closed too soon.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::act::{self, ActedView};
use super::history::{self, Detail};
use crate::crypto::Private;
use crate::db::AlertId;
use crate::error::{Error, Result};
use crate::escalation::alerts::store;
use crate::escalation::ladder::climb;
use crate::escalation::ladder::telling::Cause;
use crate::escalation::overrides;
use crate::escalation::police::{forces, outcomes};
use crate::escalation::support::closing;
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

/// Hours after an alert was closed in which it may be opened again; later, what happens is a new alert.
const HOURS: i64 = 72;

/// Why an alert is opened again.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenAlertBody {
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "new_information")]
    reason: String,
    /// Anything to add.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "The call came from another phone.")]
    #[serde(default)]
    note: Option<Private>,
}

/// Opens an alert again within 72 hours: it climbs from the foot of the ladder that it stood on, and a record that was closed
/// since is open with it. What the police said came of it stays in the history and closes it no more.
pub fn reopen(tx: &mut Tx<'_>, staff: &Staff, id: AlertId, body: &ReopenAlertBody) -> Result<ActedView> {
    let mut alert = act::own_alert(tx, staff, id)?;
    let Some(closed_at) = alert.closed_at else { return Err(Error::wrong_state("this alert is open")) };
    if closed_at.plus_hours(HOURS) < tx.now {
        return Err(Error::wrong_state("an alert may be opened again within 72 hours of its closing"));
    }
    store::lock_survivor(tx.conn, alert.survivor_id)?;
    if store::find_open(tx.conn, alert.survivor_id, alert.rule_group)?.is_some() {
        return Err(Error::wrong_state("a newer alert of this kind is open"));
    }
    let mut standing = alert.standing()?;
    standing.reopen(tx.now);
    alert.stand(&standing)?;
    alert.closed_at = None;
    alert.acknowledged_at = None;
    alert.police_acknowledged_at = None;
    // The person who wants the police notified once more without the survivor's setting decides so again.
    overrides::store::end_governing(tx.conn, alert.id)?;
    alert.restart_deadline(tx.now);
    closing::reopen_for(tx, &alert)?;
    forces::renew(tx, &alert)?;
    outcomes::supersede(tx, &mut alert)?;
    history::write(tx, &alert, &Detail::Reopened { reason: body.reason.clone() }, body.note.as_ref())?;
    climb::take_due_steps(tx, &mut alert, Cause::Time)?;
    store::keep(tx, &mut alert)?;
    tx.notify_worker();
    Ok(ActedView::of(&alert))
}
