//! Closing a survivor's record, and opening it again: by people, or by an alert.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::phones::on_duty_for;
use crate::access::{self, RecordChange, RecordChangeKind};
use crate::checkins;
use crate::crypto::Private;
use crate::db::SurvivorId;
use crate::error::{Code, Error, Result};
use crate::escalation::alerts::model::AlertRow;
use crate::escalation::alerts::store;
use crate::escalation::tasks::notices;
use crate::http::limits;
use crate::identity::{self, Staff};
use crate::tx::{Subject, Tx};

/// Why a record is closed, or opened again.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRecordBody {
    /// Why.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "The work is done, as we agreed.")]
    reason: Private,
}

/// Closes a record with which nothing waits: no alert is open, and nobody watches over check-ins.
///
/// # Errors
/// 404 for a survivor whom the caller does not work with; 409 where it is closed, an alert is open, or a schedule has not ended.
pub(in crate::escalation) fn close(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &ChangeRecordBody,
) -> Result<RecordChange> {
    let access = access::survivor(tx, staff, survivor)?;
    identity::lock_survivor(tx.conn, survivor)?;
    store::lock_survivor(tx.conn, survivor)?;
    let unmet = |what: &'static str| Err(Error::Conflict(Code::GuardNotMet, what.into()));
    if !store::list_open_of(tx.conn, survivor)?.is_empty() {
        return unmet("an alert of theirs is open: close it first");
    }
    if checkins::has_schedule_to_end(tx.conn, &access)? {
        return unmet("their check-ins are watched over: agree how that ends first");
    }
    access::change_record(tx, &access, RecordChangeKind::Closed, Some(&body.reason))
}

/// Opens a record again, as somebody who works with it or is on duty: a survivor whose record was closed rings at night. The others
/// on duty and the supervisors are notified.
///
/// # Errors
/// 404 for a survivor whom the caller does not work with, where they are not on duty; 409 where it is open.
pub(in crate::escalation) fn reopen(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &ChangeRecordBody,
) -> Result<RecordChange> {
    let access = on_duty_for(tx, staff, survivor)?;
    // An alert opens the record, too: the second of the two finds it open.
    store::lock_survivor(tx.conn, survivor)?;
    let change = access::change_record(tx, &access, RecordChangeKind::Reopened, Some(&body.reason))?;
    notices::notify_at_once(tx, survivor, "record_reopened")?;
    Ok(change)
}

/// Opens a record that was closed, since an alert of theirs is open.
pub(in crate::escalation) fn reopen_for(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<()> {
    if alert.is_exercise {
        return Ok(());
    }
    // Read here: of several alerts that one event raises, the first has opened it.
    let survivor = identity::find_survivor(tx.conn, alert.survivor_id)?;
    if survivor.is_none_or(|survivor| survivor.closed_at.is_none()) {
        return Ok(());
    }
    tx.note("reopen_record", Subject::of("alert", alert.id), "alert");
    access::change_record(tx, &alert.record(), RecordChangeKind::Reopened, None).map(drop)
}
