//! Alerts of a decoy: so that a session under duress can read what it was told. Nobody is notified of one, no step is taken,
//! and no list holds it; the alarm is that of the survivor's own record, which was raised before.

use super::history::{self, Detail};
use super::model::AlertRow;
use super::rules::{self, Trigger};
use super::{climb, raise, read, store};
use crate::error::Result;
use crate::events::Event;
use crate::identity::SurvivorRow;
use crate::incidents;
use crate::tx::{Actor, Tx};

/// What follows on a decoy from what happened to it.
pub fn answer_on_decoy(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    if let Event::CheckInMissed { survivor, in_a_row, .. } = event {
        return incidents::release_on_missed(tx, *survivor, *in_a_row);
    }
    let Some(decoy) = event.survivor().filter(|_| tx.actor != Actor::System) else { return Ok(()) };
    let row = raise::find_survivor(tx, decoy)?;
    for trigger in rules::triggers(event, row.risk_rating, None) {
        show(tx, &row, raise::place_of(event), &trigger)?;
    }
    Ok(())
}

fn show(tx: &mut Tx<'_>, decoy: &SurvivorRow, place: Option<&str>, trigger: &Trigger) -> Result<()> {
    let mut alert = match store::find_open(tx.conn, decoy.id, trigger.group)? {
        Some(open) => {
            history::write(tx, &open, &Detail::TriggeredAgain(trigger.facts.clone()), None)?;
            let level = open.level.max(trigger.level);
            AlertRow { level, ..open }
        }
        None => raise::open_alert(tx, decoy, (None, place), trigger)?,
    };
    alert.act_at = None;
    climb::keep(tx, &mut alert)?;
    let truth = read::truth(tx.conn, tx.settings.ways, &alert)?;
    tx.raised(truth);
    incidents::release_on_alert(tx, decoy.id, alert.level, false)
}
