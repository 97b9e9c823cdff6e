//! The place that came with an alert: sealed until an officer asks, opened once, and from then on it is told who has it.

use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::model::AlertRow;
use super::payload;
use super::store::{self, LocationRelease};
use crate::checkins::{self, CheckIn};
use crate::crypto::{Place, Private};
use crate::db::{AlertId, Instant, StaffId, SurvivorId};
use crate::error::Result;
use crate::tx::Tx;

/// That a location was given before.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationReleasedView {
    /// When.
    pub at: Instant,
    /// To which officer: their username.
    #[schema(example = "pc.4417")]
    pub officer: String,
}

/// What an officer gets.
pub(super) enum Opened {
    /// There is none, or it was not released.
    Nothing,
    /// The location, this once.
    Now(Value),
    /// It was given before.
    Before(LocationReleasedView),
}

fn place(survivor: SurvivorId, alert: AlertId) -> Place {
    Place::new(survivor, "location_releases", "officer", alert)
}

/// Opens the location of an alert for an officer. Two who ask at once meet at the row's key: one of them gets it.
pub(super) fn open(tx: &mut Tx<'_>, alert: &AlertRow, officer: StaffId, username: &Private) -> Result<Opened> {
    let Some(check_in) = payload::located_check_in(alert) else { return Ok(Opened::Nothing) };
    if !payload::has_location(tx, alert)? {
        return Ok(Opened::Nothing);
    }
    if let Some(row) = store::find_release(tx.conn, alert.id, check_in)? {
        let name = tx.app.keys.open_sealed(place(alert.survivor_id, alert.id), &row.officer)?;
        let officer = name.expose_secret().to_owned();
        return Ok(Opened::Before(LocationReleasedView { at: row.released_at, officer }));
    }
    let Some(sealed) = checkins::find_location(tx.conn, alert.survivor_id, check_in)? else {
        return Ok(Opened::Nothing);
    };
    let text = tx.app.keys.open_sealed(CheckIn::place(alert.survivor_id, check_in, "location"), &sealed)?;
    let row = LocationRelease {
        alert_id: alert.id,
        check_in_id: check_in,
        survivor_id: alert.survivor_id,
        officer_id: officer,
        officer: tx.app.keys.seal(place(alert.survivor_id, alert.id), username)?,
        released_at: tx.now,
    };
    store::insert_release(tx.conn, row)?;
    tx.note("release_location", alert.read_subject(), payload::agreement(alert));
    Ok(Opened::Now(serde_json::from_str(text.expose_secret())?))
}
