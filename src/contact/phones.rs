//! Revoking a phone that is lost or in the wrong hands, by the survivor or by their staff: with its sessions and where notices
//! for it were sent. What it can still do is cry for help, until somebody has heard the survivor say that it may not.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::access::SurvivorAccess;
use crate::db::{DeviceId, Instant, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::identity::{self, Survivor};
use crate::tx::{Subject, Tx};

text_enum! {
    /// Why a phone is revoked.
    pub enum RevokeReason {
        /// It is lost.
        Lost = "lost",
        /// It was taken.
        Stolen = "stolen",
        /// Somebody else may be able to use it.
        NotSafe = "not_safe",
        /// Another phone is used in its place.
        Replaced = "replaced",
    }
}

/// Revoking a phone.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeDeviceBody {
    /// Why.
    #[garde(skip)]
    pub reason: RevokeReason,
}

/// A phone that was revoked.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevokedDeviceView {
    /// Its id.
    pub id: DeviceId,
    /// When.
    pub revoked_at: Instant,
}

/// Revokes another phone of the caller's own. The one that asks cannot revoke itself: it is how they call for help, and taking
/// that away is a person's to do. A session under duress knows of no other phone, so that none can be
/// revoked from there; the advocate is notified of every one that is.
///
/// # Errors
/// 404 for a phone that is not theirs, 409 for the one that asks or one that was revoked already.
pub fn revoke_own(tx: &mut Tx<'_>, who: &Survivor, id: DeviceId, body: &RevokeDeviceBody) -> Result<RevokedDeviceView> {
    if id == who.device {
        return Err(Error::wrong_state("a phone cannot revoke itself; your advocate can"));
    }
    if who.is_under_duress() || identity::hides_phone(tx.conn, who, id, tx.now)? {
        return Err(Error::NotFound);
    }
    let view = revoke(tx, who.id, id, body.reason)?;
    tx.emit(Event::DeviceAtRisk { survivor: who.id, device: id, reason: "phone_revoked" });
    Ok(view)
}

/// Revokes a phone of a survivor whom the caller may act for.
///
/// # Errors
/// 404 for another's phone, 409 for one that was revoked already.
pub fn revoke_for(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    id: DeviceId,
    body: &RevokeDeviceBody,
) -> Result<RevokedDeviceView> {
    revoke(tx, access.id(), id, body.reason)
}

fn revoke(tx: &mut Tx<'_>, survivor: SurvivorId, id: DeviceId, reason: RevokeReason) -> Result<RevokedDeviceView> {
    identity::revoke_phone(tx, survivor, id)?;
    store::end_push_of(tx.conn, id, "revoked", tx.now)?;
    tx.about(Subject::of("device", id));
    tx.note("revoke_device", Subject::of("survivor", survivor), reason.as_str());
    tx.emit(Event::PhoneRevoked { survivor, device: id });
    Ok(RevokedDeviceView { id, revoked_at: tx.now })
}
