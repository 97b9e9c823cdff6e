//! The place that came with an alert, for the police: sealed until an officer asks, opened once, and from then on it is
//! told who has it.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::location::{self, Source};
use super::model::AlertRow;
use super::payload;
use super::store::{self, LocationRelease};
use crate::crypto::{Place, Private, PrivateText};
use crate::db::{Instant, StaffId};
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

fn place(alert: &AlertRow, source: Source) -> Place {
    let table = match source {
        Source::CheckIn(_) => "location_releases",
        Source::Timer(_) => "timer_location_releases",
    };
    Place::new(alert.survivor_id, table, "officer", alert.id)
}

/// Opens the location of an alert for an officer. Two who ask at once meet at the row's key: one of them gets it.
pub(super) fn open(tx: &mut Tx<'_>, alert: &AlertRow, officer: StaffId, username: &Private) -> Result<Opened> {
    let Some(source) = location::released(tx, alert)? else { return Ok(Opened::Nothing) };
    if let Some((officer, at)) = store::find_release(tx.conn, alert.id, source)? {
        let officer = tx.keys.open_sealed(place(alert, source), &officer)?.shown();
        return Ok(Opened::Before(LocationReleasedView { at, officer }));
    }
    let Some(location) = location::open(tx, &alert.record(), source)? else { return Ok(Opened::Nothing) };
    let release = LocationRelease {
        alert: alert.id,
        source,
        survivor: alert.survivor_id,
        officer,
        username: tx.keys.seal(place(alert, source), username)?,
        at: tx.now,
    };
    store::insert_release(tx.conn, release)?;
    tx.note("release_location", alert.police_read_subject(), payload::agreement(alert));
    Ok(Opened::Now(location))
}
