//! Raising an alert's level by hand: people may see more danger than a rule does. Nobody lowers one.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::act::{self, ActedView};
use super::history::{self, Detail, LevelRaise, Raiser};
use crate::consent::{Ledger, Scope};
use crate::crypto::Private;
use crate::db::AlertId;
use crate::error::{Error, Result};
use crate::escalation::alerts::store;
use crate::escalation::ladder::telling::Cause;
use crate::escalation::ladder::{self, climb};
use crate::escalation::police::forces;
use crate::escalation::rules;
use crate::http::limits;
use crate::identity::Staff;
use crate::incidents;
use crate::tx::Tx;

/// A level that is to be higher.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RaiseLevelBody {
    /// The new level: above the one that the alert has.
    #[garde(range(min = 2, max = 4))]
    #[schema(minimum = 2, maximum = 4, example = 4)]
    level: i32,
    /// Why.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "A neighbour saw them at the gate.")]
    note: Private,
}

/// Raises the level of an open alert and begins the climb of that level's ladder, no matter who has acknowledged.
///
/// Of an emergency the police are notified on the same setting as of help-now; a setting that let them be notified before stays.
pub fn raise_level(tx: &mut Tx<'_>, staff: &Staff, id: AlertId, body: &RaiseLevelBody) -> Result<ActedView> {
    let mut alert = act::open_alert(tx, staff, id)?;
    if body.level <= alert.level {
        return Err(Error::wrong_state("a level is raised, never lowered"));
    }
    let code = rules::ladder_code(alert.rule_group, body.level);
    let ladder = ladder::chosen(tx.conn, alert.organisation_id, code)?;
    let mut standing = alert.standing()?;
    standing.trigger(body.level, || ladder, true, tx.now);
    alert.stand(&standing)?;
    alert.acknowledged_at = None;
    alert.police_acknowledged_at = None;
    alert.restart_deadline(tx.now);
    forces::renew(tx, &alert)?;
    if body.level >= 4 && !alert.police_allowed {
        let (setting, now) = (Scope::AlertPoliceHelpNow, tx.now);
        alert.police_setting = Some(setting.as_str().to_owned());
        alert.police_allowed = Ledger::load(tx.conn, alert.survivor_id)?.standing(setting, now).granted;
    }
    let detail = Detail::LevelRaised(LevelRaise::ByPerson { by: Raiser::Staff });
    history::write(tx, &alert, &detail, Some(&body.note))?;
    climb::take_due_steps(tx, &mut alert, Cause::Time)?;
    store::keep(tx, &mut alert)?;
    tx.notify_worker();
    if !alert.is_exercise {
        incidents::release_on_alert(tx, alert.survivor_id, alert.level, alert.is_silent)?;
    }
    Ok(ActedView::of(&alert))
}
