//! What waits for a second person, for those who may be that person: nobody approves what they have not read.

use serde::Serialize;
use utoipa::ToSchema;

use super::{SecondPersonRequestRow, TwoPersonAct, who_may_approve};
use crate::crypto::open;
use crate::db::{Instant, OrganisationId, PoliceClientId, SecondPersonRequestId, StaffId, SubjectId};
use crate::error::Result;
use crate::identity::extract::Staff;
use crate::identity::model::{Role, SetupReason};
use crate::identity::names::opened;
use crate::identity::store;
use crate::tx::Tx;

/// What waits for a second person.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondPersonRequestView {
    /// The request; approving says it.
    pub id: SecondPersonRequestId,
    /// What was asked for.
    pub act: TwoPersonAct,
    /// The account, the credentials or the endpoint.
    pub subject_id: SubjectId,
    /// Where the account works, or the police force of the credentials or the endpoint; absent for an administrator of the
    /// whole installation.
    pub organisation_id: Option<OrganisationId>,
    /// What the account's holder signs in with.
    #[schema(example = "asha")]
    pub username: Option<String>,
    /// The holder's name, or what the police system is called.
    #[schema(example = "Asha Rai")]
    pub name: Option<String>,
    /// What the account may do once this is approved.
    pub roles: Option<Vec<Role>>,
    /// Why the account is set up again.
    pub reason: Option<SetupReason>,
    /// Where the endpoint sends to.
    #[schema(example = "https://alerts.police.example/holdfast")]
    pub address: Option<String>,
    /// Who asked; absent where it was asked at the command line.
    pub asked_by: Option<StaffId>,
    /// When.
    pub asked_at: Instant,
}

impl SecondPersonRequestView {
    fn of(tx: &mut Tx<'_>, row: SecondPersonRequestRow) -> Result<Self> {
        let (mut username, mut name, mut roles) = (None, None, None);
        match row.act {
            TwoPersonAct::StaffAccount | TwoPersonAct::SetupCode | TwoPersonAct::StaffRoles => {
                if let Some(account) = store::find_staff(tx.conn, StaffId(row.subject_id.0))? {
                    username = opened(open!(tx.keys, account.username))?;
                    name = opened(open!(tx.keys, account.display_name))?;
                    roles = Some(row.roles.as_ref().unwrap_or(&account.roles).read()?);
                }
            }
            TwoPersonAct::PoliceClient => {
                let client = store::find_police_client(tx.conn, PoliceClientId(row.subject_id.0))?;
                name = client.map(|client| client.name);
            }
            TwoPersonAct::WebhookEndpoint => {}
        }
        let SecondPersonRequestRow {
            id,
            act,
            subject_id,
            organisation_id,
            setup_reason,
            address,
            asked_by,
            asked_at,
            ..
        } = row;
        let reason = setup_reason;
        Ok(Self { id, act, subject_id, organisation_id, username, name, roles, reason, address, asked_by, asked_at })
    }
}

/// What waits and the caller may approve, the oldest first; for an administrator all that waits.
pub fn list_requests(tx: &mut Tx<'_>, staff: &Staff) -> Result<Vec<SecondPersonRequestView>> {
    let mut waiting = Vec::new();
    for row in store::list_requests(tx.conn)? {
        if staff.is(Role::Administrator) || who_may_approve(tx.conn, &row)?.contains(&staff.id) {
            waiting.push(SecondPersonRequestView::of(tx, row)?);
        }
    }
    Ok(waiting)
}
