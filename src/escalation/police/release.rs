//! The place that came with an alert, for the police: sealed until an officer asks, and it says who else has it.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{location, payload};
use crate::crypto::{Private, PrivateText, SealContext};
use crate::db::{Instant, StaffId};
use crate::error::Result;
use crate::escalation::alerts::model::AlertRow;
use crate::escalation::overrides::effect;
use crate::escalation::police::store::{self, LocationRelease};
use crate::escalation::support::place_opened;
use crate::escalation::trigger_facts::LocationOrigin;
use crate::tx::Tx;

/// That a location was given to another officer.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationReleasedView {
    /// When.
    pub at: Instant,
    /// To which officer: their username.
    #[schema(example = "pc.4417")]
    pub officer: String,
}

/// What an officer gets.
#[derive(Default)]
pub(in crate::escalation) struct OpenedLocation {
    /// The location, while the alert is open.
    pub location: Option<Value>,
    /// Who of the others was given it first.
    pub released: Option<LocationReleasedView>,
}

fn place(alert: &AlertRow, source: LocationOrigin) -> SealContext {
    let table = match source {
        LocationOrigin::CheckIn(_) => "location_releases",
        LocationOrigin::Timer(_) => "timer_location_releases",
    };
    SealContext::new(alert.survivor_id, table, "officer", alert.id)
}

/// Opens the location of an alert for an officer, as often as they ask while it is open, and for as many as there are: an
/// answer is lost in a tunnel, and the officer who drives there is not the one who read first. The first time tells the people on duty and
/// a supervisor, and so does a later one once they have looked at that.
pub(in crate::escalation) fn open(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    officer: StaffId,
    username: &Private,
) -> Result<OpenedLocation> {
    let Some(source) = location::released(tx, alert)? else { return Ok(OpenedLocation::default()) };
    let before = store::list_releases(tx.conn, alert.id, source)?;
    let mut released = None;
    if let Some((_, name, at)) = before.iter().find(|(other, ..)| *other != officer || alert.is_closed()) {
        let officer = tx.keys.open_sealed(place(alert, source), name)?.shown();
        released = Some(LocationReleasedView { at: *at, officer });
    }
    if alert.is_closed() {
        return Ok(OpenedLocation { location: None, released });
    }
    let location = location::open(tx, &alert.record(), source)?;
    if location.is_some() && before.iter().any(|(other, ..)| *other == officer) {
        place_opened::notify_again(tx, alert.survivor_id, "location", officer)?;
    } else if location.is_some() {
        let release = LocationRelease {
            alert: alert.id,
            source,
            survivor: alert.survivor_id,
            officer,
            username: tx.keys.seal(place(alert, source), username)?,
            at: tx.now,
        };
        store::insert_release(tx.conn, release)?;
        let (subject, agreement) =
            (effect::police_read_subject(tx.conn, alert, tx.now)?, payload::agreement(tx, alert)?);
        tx.note("release_location", subject, agreement);
        place_opened::notify(tx, alert.survivor_id, "location", officer)?;
    }
    Ok(OpenedLocation { location, released })
}
