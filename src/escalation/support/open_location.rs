//! The place that came with an alert, for the support side: the person who rings 999 has to be able to say where.
//!
//! The same release as for an officer, and no wider: an open alert of level 3 and above, `location.release_alert` as it
//! stood when the alert was raised or was turned on since. The person who opens it says why; the first time is a disclosure that
//! the survivor can see, and the people on duty and the supervisors hear of it, also of later times once they have looked at
//! that.

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::place_opened;
use crate::consent::{self, Disclosure, DisclosurePurpose, Scope};
use crate::crypto::Private;
use crate::db::{AlertId, Instant};
use crate::error::{Error, Result};
use crate::escalation::alerts::act;
use crate::escalation::police::location;
use crate::escalation::police::store::{self, LocationOpening};
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

/// Why a location is opened.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenLocationBody {
    /// Why, in words that the survivor will read.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Calling 999 for you")]
    reason: Private,
}

/// The location of an alert, and when the caller first opened it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct AlertLocationView {
    /// Where the survivor's phone was.
    #[schema(value_type = Option<Object>)]
    pub location: Option<Value>,
    /// When the caller first opened it.
    pub opened_at: Instant,
}

/// Opens the location of an alert for a member of its support organisation.
///
/// # Errors
/// 404 where there is none that was released, 409 once the alert is closed.
pub fn open(tx: &mut Tx<'_>, staff: &Staff, id: AlertId, body: &OpenLocationBody) -> Result<AlertLocationView> {
    let alert = act::open_alert(tx, staff, id)?;
    let source = location::released_to_staff(tx, &alert)?.ok_or(Error::NotFound)?;
    let location = location::open(tx, &alert.record(), source)?.ok_or(Error::NotFound)?;
    if let Some(before) = store::find_opening(tx.conn, id, staff.id, source.id())? {
        tx.note("open_location", alert.read_subject(), Scope::LocationReleaseAlert.as_str());
        place_opened::notify_again(tx, alert.survivor_id, "location", staff.id)?;
        return Ok(AlertLocationView { location: Some(location), opened_at: before.opened_at });
    }
    let opening = LocationOpening {
        alert_id: id,
        staff_id: staff.id,
        source_id: source.id(),
        survivor_id: alert.survivor_id,
        opened_at: tx.now,
    };
    store::insert_opening(tx.conn, opening)?;
    place_opened::notify(tx, alert.survivor_id, "location", staff.id)?;
    tx.stated(alert.survivor_id, &body.reason)?;
    tx.note("open_location", alert.read_subject(), Scope::LocationReleaseAlert.as_str());
    let disclosure = Disclosure {
        survivor: alert.survivor_id,
        recipient: alert.organisation_id,
        officer: None,
        what: &["location"],
        reason: Some(&body.reason),
        agreement: Scope::LocationReleaseAlert.as_str(),
        purpose: DisclosurePurpose::PoliceAlert,
        alert: Some(id),
    };
    consent::disclose(tx, &disclosure)?;
    Ok(AlertLocationView { location: Some(location), opened_at: tx.now })
}
