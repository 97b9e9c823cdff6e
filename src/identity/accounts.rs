//! Accounts that are made, in an administrator's hands: who has one, ending it at once, letting its holder begin anew.
//!
//! An account is never deleted: what its holder did is told of for as long as it is kept. A staff account comes back only
//! through a new setup code, so that no old password opens it; the credentials of a police system never do. Nobody does
//! this to their own account, so that there is always an administrator left.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Staff;
use super::model::{PoliceClient, Role, SessionKind, StaffRow};
use super::organisations::{MadeStaffView, new_setup_code};
use super::store;
use crate::crypto::{Keys, Private, Sealed};
use crate::db::{Instant, OrganisationId, PoliceClientId, StaffId, SubjectId, text_enum};
use crate::error::{Error, Result};
use crate::http::page::Cursor;
use crate::tx::{Subject, Tx};

text_enum! {
    /// Why an account, or a police system's credentials, are ended.
    pub enum EndReason {
        /// Whoever used it does not work there any more.
        Left = "left",
        /// Whoever used it is away for long.
        Away = "away",
        /// Somebody else may be able to use it.
        NotSafe = "not_safe",
        /// Other credentials are used in their place.
        Replaced = "replaced",
    }
}

/// Ending an account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAccountBody {
    /// Why.
    #[garde(skip)]
    reason: EndReason,
}

/// A staff account, for administrators.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffAccountView {
    /// Id.
    pub id: StaffId,
    /// What its holder signs in with; absent where the account was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "asha")]
    pub username: Option<String>,
    /// Its holder's name, for colleagues.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Asha Rai")]
    pub display_name: Option<String>,
    /// Where they work; administrators made at the command line belong to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether its holder has set it up.
    pub is_set_up: bool,
    /// When it was made.
    pub created_at: Instant,
    /// Since when it is out of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Instant>,
}

impl StaffAccountView {
    fn of(keys: &Keys, row: StaffRow) -> Result<Self> {
        let name = |column, sealed: &Sealed| {
            let opened: Option<Private> = keys.open_sealed(StaffRow::place(row.id, column), sealed).ok();
            opened.map(|name| name.expose_secret().to_owned())
        };
        Ok(Self {
            id: row.id,
            username: name("username", &row.username),
            display_name: name("display_name", &row.display_name),
            organisation_id: row.organisation_id,
            roles: row.roles()?,
            is_set_up: row.password_hash.is_some(),
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        })
    }
}

/// The accounts of staff: of one organisation, or all.
pub fn list_staff(
    tx: &mut Tx<'_>,
    organisation: Option<OrganisationId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<StaffAccountView>> {
    let rows = store::list_staff(tx.conn, organisation, after, limit)?;
    rows.into_iter().map(|row| StaffAccountView::of(&tx.app.keys, row)).collect()
}

/// Takes an account out of use. Its sessions and streams end with this transaction; alerts go past its holder from now on.
///
/// # Errors
/// 404 for an account that is not there, 409 for the caller's own or one that is out of use already.
pub fn disable_staff(tx: &mut Tx<'_>, admin: &Staff, id: StaffId, body: &EndAccountBody) -> Result<StaffAccountView> {
    let row = another(tx, admin, id)?;
    if !store::disable_staff(tx.conn, id, tx.now)? {
        return Err(Error::wrong_state("this account is out of use already"));
    }
    end_sessions(tx, id)?;
    tx.note("disable_staff", Subject::of("staff", id), body.reason.as_str());
    StaffAccountView::of(&tx.app.keys, StaffRow { disabled_at: Some(tx.now), ..row })
}

/// Gives an account a new setup code, also one that is out of use: its password, second factor and sessions end, and its
/// holder begins as when it was made.
///
/// # Errors
/// 404 for an account that is not there, 409 for the caller's own.
pub fn create_setup_code(tx: &mut Tx<'_>, admin: &Staff, id: StaffId) -> Result<MadeStaffView> {
    another(tx, admin, id)?;
    let code = new_setup_code(tx)?;
    store::renew_staff(tx.conn, id, &code.index, code.expires_at)?;
    end_sessions(tx, id)?;
    Ok(MadeStaffView { id, setup_code: code.text })
}

/// An account that is not the caller's own.
fn another(tx: &mut Tx<'_>, admin: &Staff, id: StaffId) -> Result<StaffRow> {
    let row = store::find_staff(tx.conn, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("staff", id));
    if id == admin.id {
        return Err(Error::wrong_state("another administrator does this to your account"));
    }
    Ok(row)
}

fn end_sessions(tx: &mut Tx<'_>, id: StaffId) -> Result<()> {
    // What is kept open in them ends, too.
    tx.stir();
    store::revoke_sessions(tx.conn, SubjectId::from(id), SessionKind::Staff, tx.now)
}

/// The credentials of a police system, for administrators.
#[derive(Debug, Serialize, ToSchema)]
pub struct PoliceClientView {
    /// Client id.
    pub client_id: PoliceClientId,
    /// The force.
    pub organisation_id: OrganisationId,
    /// What the system is called.
    #[schema(example = "Control room")]
    pub name: String,
    /// When they were made.
    pub created_at: Instant,
    /// Since when they open nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
}

impl PoliceClientView {
    fn of(row: PoliceClient) -> Self {
        let PoliceClient { id, organisation_id, name, created_at, revoked_at, .. } = row;
        Self { client_id: id, organisation_id, name, created_at, revoked_at }
    }
}

/// The credentials of police systems: of one force, or all.
pub fn list_police_clients(
    tx: &mut Tx<'_>,
    organisation: Option<OrganisationId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<PoliceClientView>> {
    let rows = store::list_police_clients(tx.conn, organisation, after, limit)?;
    Ok(rows.into_iter().map(PoliceClientView::of).collect())
}

/// Ends the credentials of a police system for good, with its tokens. Alerts are still sent to the force's endpoints.
///
/// # Errors
/// 404 for credentials that are not there, 409 for those that were ended before.
pub fn revoke_police_client(tx: &mut Tx<'_>, id: PoliceClientId, body: &EndAccountBody) -> Result<PoliceClientView> {
    let row = store::find_police_client(tx.conn, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("police_client", id));
    if !store::revoke_police_client(tx.conn, id, tx.now)? {
        return Err(Error::wrong_state("these credentials were ended before"));
    }
    store::revoke_sessions(tx.conn, SubjectId::from(id), SessionKind::PoliceClient, tx.now)?;
    tx.note("revoke_police_client", Subject::of("police_client", id), body.reason.as_str());
    Ok(PoliceClientView::of(PoliceClient { revoked_at: Some(tx.now), ..row }))
}
