//! What staff do about a survivor's phones by themselves: codes for new ones, seeing those that there are, revoking one.
//!
//! Staff on duty may as well as those who are assigned: a survivor whose phone was taken rings at night.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::phones::on_duty_for;
use crate::access;
use crate::contact::{self, RevokeDeviceBody, RevokedDeviceView};
use crate::db::{DeviceId, EnrolmentCodeId, Instant, SurvivorId};
use crate::error::Result;
use crate::identity::{self, Device, EnrolmentCodeLineView, OldPhone, Staff};
use crate::tx::Tx;

/// Making an enrolment code.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentCodeBody {
    /// Whether the phone that the survivor has already is in their hands alone: ask them. Only at `yes` may that phone show that
    /// there is another; without an answer it is as if they were unsure. Means nothing for their first phone.
    #[garde(skip)]
    #[serde(default)]
    pub old_phone_alone_with_them: OldPhone,
}

/// An enrolment code.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentCodeView {
    /// Its id, by which it can be withdrawn.
    pub id: EnrolmentCodeId,
    /// To read out to the survivor.
    #[schema(example = "7QX4-2M9D-KTPW")]
    pub code: String,
    /// Until when it is good.
    pub expires_at: Instant,
}

/// Makes an enrolment code for a survivor's phone.
pub fn create_code(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: SurvivorId,
    body: &EnrolmentCodeBody,
) -> Result<EnrolmentCodeView> {
    let access = on_duty_for(tx, staff, id)?;
    access::record_is_open(tx.conn, &access)?;
    let (id, code, expires_at) = identity::new_code(tx, id, staff.id, body.old_phone_alone_with_them)?;
    Ok(EnrolmentCodeView { id, code, expires_at })
}

/// The codes that were made for a survivor.
pub fn list_codes(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<Vec<EnrolmentCodeLineView>> {
    let access = on_duty_for(tx, staff, id)?;
    identity::list_codes(tx.conn, access.id(), tx.now)
}

/// Withdraws one that nobody has used.
pub fn withdraw_code(tx: &mut Tx<'_>, staff: &Staff, (id, code): (SurvivorId, EnrolmentCodeId)) -> Result<()> {
    let access = on_duty_for(tx, staff, id)?;
    identity::withdraw_code(tx, access.id(), code)
}

/// A survivor's phones.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<Vec<Device>> {
    let access = on_duty_for(tx, staff, survivor)?;
    identity::list_all_phones(tx.conn, access.id())
}

/// Revokes one of them.
pub fn revoke(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, DeviceId),
    body: &RevokeDeviceBody,
) -> Result<RevokedDeviceView> {
    let access = on_duty_for(tx, staff, survivor)?;
    contact::revoke_for(tx, &access, id, body)
}
