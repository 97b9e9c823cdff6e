//! Refusing what waits for a second person, or withdrawing it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{SecondPersonRequestRow, TwoPersonAct, who_may_approve};
use crate::db::{Instant, PoliceClientId, SecondPersonRequestId, StaffId, SubjectId};
use crate::error::{Error, Result};
use crate::identity::accounts::put_out_of_use;
use crate::identity::extract::Staff;
use crate::identity::store;
use crate::tx::{Subject, Tx};

/// What was refused, or withdrawn.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedView {
    /// The request.
    pub id: SecondPersonRequestId,
    /// What was asked for.
    pub act: TwoPersonAct,
    /// The account, the credentials or the endpoint.
    pub subject_id: SubjectId,
    /// When it was refused.
    pub refused_at: Instant,
}

/// Refuses what waits, as somebody who may approve it, or withdraws it as who asked for it. A new account or new credentials are
/// out of use from now on, a new endpoint stays so; an account that was there before stays as it is.
///
/// # Errors
/// 404 for a request that does not wait, or that is not for the caller to decide.
pub fn refuse(tx: &mut Tx<'_>, staff: &Staff, id: SecondPersonRequestId) -> Result<RefusedView> {
    let waiting = store::list_requests(tx.conn)?.into_iter().find(|row| row.id == id);
    let row = waiting.ok_or(Error::NotFound)?;
    if row.asked_by != Some(staff.id) && !who_may_approve(tx.conn, &row)?.contains(&staff.id) {
        return Err(Error::NotFound);
    }
    if !store::decide_request(tx.conn, id, false, (Some(staff.id), tx.now))? {
        return Err(Error::write_conflict());
    }
    let SecondPersonRequestRow { act, subject_id, .. } = row;
    let kind = match act {
        TwoPersonAct::StaffAccount | TwoPersonAct::SetupCode | TwoPersonAct::StaffRoles => "staff",
        TwoPersonAct::PoliceClient => "police_client",
        TwoPersonAct::WebhookEndpoint => "endpoint",
    };
    tx.about(Subject { kind, id: subject_id });
    match act {
        TwoPersonAct::StaffAccount => {
            let account = store::hold_staff(tx.conn, StaffId(subject_id.0))?.ok_or(Error::NotFound)?;
            put_out_of_use(tx, &account, false)?;
        }
        TwoPersonAct::PoliceClient => {
            store::revoke_police_client(tx.conn, PoliceClientId(subject_id.0), tx.now)?;
        }
        // Nothing has come of these: the account goes on as it was, and the endpoint is out of use.
        TwoPersonAct::SetupCode | TwoPersonAct::StaffRoles | TwoPersonAct::WebhookEndpoint => {}
    }
    Ok(RefusedView { id, act, subject_id, refused_at: tx.now })
}
