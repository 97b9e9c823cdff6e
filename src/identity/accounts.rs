//! Accounts that are made, in an administrator's hands: who has one, ending it at once, letting its holder begin again.
//!
//! A staff account is `in use → out of use → in use`, and comes back only when its holder sets it up with a new code, so that
//! no old password opens it; the credentials of a police system never come back. Neither is ever deleted: what was done with
//! it is told of for as long as it is kept. Nobody does this to their own account, so that an administrator is always left.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Staff;
use super::model::{PoliceClient, Role, SessionKind, SetupReason, StaffQuery, StaffRow};
use super::names::opened;
use super::organisations::{MadeStaffView, check_roles, new_setup_code};
use super::second_person::{
    self, ApproveBody, ApprovedView, Readiness, SecondPersonRequestRow, TwoPersonAct, takes_two_people,
};
use super::store;
use crate::crypto::{Keys, open};
use crate::db::{Instant, Json, OrganisationId, PoliceClientId, StaffId, SubjectId, text_enum};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::tx::{Subject, Tx};

text_enum! {
    /// Why an account is taken out of use.
    pub enum DisableReason {
        /// Its holder does not work there any more.
        Left = "left",
        /// Its holder is away for long.
        Away = "away",
        /// Somebody else may be able to use it.
        NotSafe = "not_safe",
    }
}

text_enum! {
    /// Why the credentials of a police system are ended.
    pub enum RevokeClientReason {
        /// Others are used in their place.
        Replaced = "replaced",
        /// The system is not used any more.
        NotUsed = "not_used",
        /// Somebody else may be able to use them.
        NotSafe = "not_safe",
    }
}

/// Taking an account out of use.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableStaffBody {
    /// Why.
    #[garde(skip)]
    reason: DisableReason,
}

/// Letting the holder of an account begin again.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSetupCodeBody {
    /// Why.
    #[garde(skip)]
    reason: SetupReason,
}

/// Ending the credentials of a police system.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokePoliceClientBody {
    /// Why.
    #[garde(skip)]
    reason: RevokeClientReason,
}

/// Correcting what a member of staff may do.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchStaffBody {
    /// What they may do from now on, in place of what they could; each must fit the kind of organisation.
    #[garde(length(min = 1, max = 7))]
    #[schema(min_items = 1, max_items = 7)]
    roles: Vec<Role>,
}

/// A staff account, for administrators.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffAccountView {
    /// Id.
    pub id: StaffId,
    /// What its holder signs in with; absent where the account was erased.
    #[schema(example = "asha")]
    pub username: Option<String>,
    /// Its holder's name, for colleagues.
    #[schema(example = "Asha Rai")]
    pub display_name: Option<String>,
    /// Where they work; administrators made at the command line belong to none.
    pub organisation_id: Option<OrganisationId>,
    /// What they may do.
    pub roles: Vec<Role>,
    /// What about it waits for a second person.
    pub awaits_second_person: Option<TwoPersonAct>,
    /// Whether its holder has set it up.
    pub is_set_up: bool,
    /// When it was made.
    pub created_at: Instant,
    /// Since when it is out of use; one with a new setup code is so until its holder has set it up.
    pub disabled_at: Option<Instant>,
}

impl StaffAccountView {
    fn of(keys: &Keys, row: StaffRow, waiting: &[(SubjectId, TwoPersonAct)]) -> Result<Self> {
        let subject = SubjectId::from(row.id);
        Ok(Self {
            awaits_second_person: waiting.iter().find(|(about, _)| *about == subject).map(|(_, act)| *act),
            id: row.id,
            username: opened(open!(keys, row.username))?,
            display_name: opened(open!(keys, row.display_name))?,
            organisation_id: row.organisation_id,
            roles: row.roles()?,
            is_set_up: row.password_hash.is_some(),
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        })
    }
}

/// The accounts of staff: of one organisation, or all.
pub fn list_staff(tx: &mut Tx<'_>, asked: &ListRequest<StaffQuery>) -> Result<Vec<StaffAccountView>> {
    let rows = store::list_staff(tx.conn, asked)?;
    let waiting = second_person::list_waiting(tx.conn)?;
    rows.into_iter().map(|row| StaffAccountView::of(tx.keys, row, &waiting)).collect()
}

/// One account, as the list of them has it.
///
/// # Errors
/// 404 for an account that is not there.
pub fn find_account(tx: &mut Tx<'_>, id: StaffId) -> Result<StaffAccountView> {
    tx.about(Subject::of("staff", id));
    let row = store::find_staff(tx.conn, id)?.ok_or(Error::NotFound)?;
    let waiting = second_person::list_waiting(tx.conn)?;
    StaffAccountView::of(tx.keys, row, &waiting)
}

/// An account that is out of use.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisabledStaffView {
    /// Its id.
    pub id: StaffId,
    /// Since when.
    pub disabled_at: Instant,
}

/// Takes an account out of use. Its sessions and streams, a setup code that waits, and the enrolment codes that its holder
/// made end with this transaction; what waited for them waits for others ([`Event::StaffOut`]). What waits for a second person
/// about the account ends, also where the account was out of use before.
///
/// # Errors
/// 404 for an account that is not there, 409 for the caller's own or one that is out of use already and waits for nobody.
pub fn disable_staff(
    tx: &mut Tx<'_>,
    admin: &Staff,
    id: StaffId,
    body: &DisableStaffBody,
) -> Result<DisabledStaffView> {
    let row = another(tx, admin, id)?;
    let out_since = row.disabled_at.filter(|_| row.setup_index.is_none());
    if out_since.is_some() && !second_person::awaits_second_person(tx.conn, id)? {
        return Err(Error::wrong_state("this account is out of use already"));
    }
    tx.because(body.reason.as_str());
    second_person::end_request(tx, id)?;
    if let Some(disabled_at) = out_since {
        return Ok(DisabledStaffView { id, disabled_at });
    }
    put_out_of_use(tx, &row, false)?;
    Ok(DisabledStaffView { id, disabled_at: tx.now })
}

/// Gives an account a new setup code, also one that is in use: password, second factor and sessions end, and it is out of
/// use until its holder has set it up. A holder who only lost something keeps how they are notified, and the enrolment codes that
/// they made.
///
/// # Errors
/// 404 for an account that is not there, 409 for the caller's own.
pub fn create_setup_code(
    tx: &mut Tx<'_>,
    admin: &Staff,
    id: StaffId,
    body: &CreateSetupCodeBody,
) -> Result<MadeStaffView> {
    let row = another(tx, admin, id)?;
    tx.because(body.reason.as_str());
    let awaits = second_person::are_guarded(&row.roles()?) && takes_two_people(tx)?;
    let code = new_setup_code(tx)?;
    // Its holder is notified, since somebody else may have asked; so are the supervisors.
    tx.emit(Event::StaffRenewed { staff: id, organisation: row.organisation_id });
    if awaits {
        let mut request = SecondPersonRequestRow::new(tx, TwoPersonAct::SetupCode, id.into(), row.organisation_id);
        (request.setup_index, request.setup_expires_at) = (Some(code.index), Some(code.expires_at));
        request.setup_reason = Some(body.reason);
        second_person::ask_second_person(tx, request)?;
    } else {
        begin_again(tx, &row, body.reason, (&code.index, code.expires_at))?;
    }
    Ok(MadeStaffView { id, setup_code: code.text, state: Readiness::of(awaits) })
}

/// Lets an account wait for its holder, with a new code.
fn begin_again(
    tx: &mut Tx<'_>,
    row: &StaffRow,
    reason: SetupReason,
    (index, expires_at): (&[u8], Instant),
) -> Result<()> {
    let is_lost = reason == SetupReason::Lost;
    let is_in_use = row.disabled_at.is_none() && row.password_hash.is_some();
    // One that was never set up has nothing to end; one that waits since something was lost has, once it is more than that.
    if is_in_use || (row.disabled_at.is_some() && !is_lost) {
        put_out_of_use(tx, row, is_lost)?;
    }
    store::renew_staff(tx.conn, row.id, index, expires_at)
}

/// Approves, as the second person, what waits about an account, and carries it out: a new account can be set up, a setup code
/// renews it, roles become its own.
///
/// # Errors
/// As [`second_person::approve_as_second`].
pub fn approve_staff(tx: &mut Tx<'_>, approver: &Staff, id: StaffId, body: &ApproveBody) -> Result<ApprovedView> {
    tx.about(Subject::of("staff", id));
    let request = second_person::approve_as_second(tx, approver, id, body)?;
    let row = store::hold_staff(tx.conn, id)?.ok_or(Error::NotFound)?;
    match request.act {
        TwoPersonAct::SetupCode => {
            let reason = request.setup_reason.unwrap_or(SetupReason::NotSafe);
            let (Some(index), Some(expires_at)) = (&request.setup_index, request.setup_expires_at) else {
                return Err(Error::internal("a setup code that was asked for is not there"));
            };
            begin_again(tx, &row, reason, (index, expires_at))?;
        }
        TwoPersonAct::StaffRoles => {
            let roles =
                request.roles.as_ref().ok_or_else(|| Error::internal("roles that were asked for are not there"))?;
            give_roles(tx, &row, &roles.read::<Vec<Role>>()?)?;
        }
        // One with a password was made at the command line, and waited out of use.
        _ if row.password_hash.is_some() => store::enable_staff(tx.conn, id)?,
        _ => {}
    }
    Ok(ApprovedView::of(&request, tx.now))
}

/// Replaces the roles of an account, by the rules of a new one. Its sessions have them from their next request on. Where no
/// role is left that works with records, what waited for its holder waits for others ([`Event::StaffOut`]).
///
/// # Errors
/// 404 for an account that is not there, 409 for the caller's own, 422 for a role that does not fit.
pub fn change_roles(tx: &mut Tx<'_>, admin: &Staff, id: StaffId, body: &PatchStaffBody) -> Result<StaffAccountView> {
    let mut row = another(tx, admin, id)?;
    let organisation = row.organisation_id.map(|id| store::find_organisation(tx.conn, id)).transpose()?.flatten();
    match &organisation {
        Some(organisation) => check_roles(&body.roles, organisation.kind)?,
        None if body.roles.iter().any(|role| *role != Role::Administrator) => {
            return Err(Error::field(
                "/roles",
                "wrong_organisation",
                "an account of no organisation is an administrator's",
            ));
        }
        None => {}
    }
    let has = row.roles()?;
    let added: Vec<Role> = body.roles.iter().copied().filter(|role| !has.contains(role)).collect();
    if second_person::are_guarded(&added) && takes_two_people(tx)? {
        let mut request = SecondPersonRequestRow::new(tx, TwoPersonAct::StaffRoles, id.into(), row.organisation_id);
        request.roles = Some(Json::of(&body.roles)?);
        second_person::ask_second_person(tx, request)?;
    } else {
        give_roles(tx, &row, &body.roles)?;
        row.roles = Json::of(&body.roles)?;
    }
    let waiting = second_person::list_waiting(tx.conn)?;
    StaffAccountView::of(tx.keys, row, &waiting)
}

fn give_roles(tx: &mut Tx<'_>, row: &StaffRow, roles: &[Role]) -> Result<()> {
    let works = |roles: &[Role]| roles.iter().any(|role| role.works_with_records());
    let (did, does) = (works(&row.roles()?), works(roles));
    store::set_roles(tx, row, &Json::of(&roles)?)?;
    tx.publish_change();
    if did && !does && row.disabled_at.is_none() {
        store::end_enrolment_codes(tx.conn, row.id, tx.now)?;
        tx.emit(Event::StaffOut { staff: row.id, organisation: row.organisation_id, is_back_soon: false });
    }
    Ok(())
}

/// An account that is not the caller's own, held with theirs: of two who do this to each other at once, one comes too late.
fn another(tx: &mut Tx<'_>, admin: &Staff, id: StaffId) -> Result<StaffRow> {
    tx.about(Subject::of("staff", id));
    if id == admin.id {
        return Err(Error::wrong_state("another administrator does this to your account"));
    }
    let mut held = Vec::new();
    for account in [id.min(admin.id), id.max(admin.id)] {
        held.extend(store::hold_staff(tx.conn, account)?);
    }
    if held.iter().any(|row| row.id == admin.id && row.disabled_at.is_some()) {
        return Err(Error::Unauthenticated(Code::Unauthenticated));
    }
    held.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)
}

/// Takes an account out of use, with all that is open in it.
pub(super) fn put_out_of_use(tx: &mut Tx<'_>, row: &StaffRow, is_back_soon: bool) -> Result<()> {
    store::disable_staff(tx.conn, row.id, tx.now)?;
    store::revoke_sessions(tx.conn, SubjectId::from(row.id), SessionKind::Staff, tx.now)?;
    // What is kept open in them ends, too.
    tx.publish_change();
    if !is_back_soon {
        store::end_enrolment_codes(tx.conn, row.id, tx.now)?;
    }
    tx.emit(Event::StaffOut { staff: row.id, organisation: row.organisation_id, is_back_soon });
    Ok(())
}

/// The credentials of a police system, for administrators.
#[serde_with::skip_serializing_none]
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
    /// Whether they open nothing yet, since they wait for a second person.
    pub awaits_second_person: bool,
    /// Since when they open nothing.
    pub revoked_at: Option<Instant>,
}

impl PoliceClientView {
    fn of(row: PoliceClient, waiting: &[(SubjectId, TwoPersonAct)]) -> Self {
        let PoliceClient { id, organisation_id, name, created_at, revoked_at, .. } = row;
        let subject = SubjectId::from(id);
        let awaits_second_person = waiting.iter().any(|(about, _)| *about == subject);
        Self { client_id: id, organisation_id, name, created_at, awaits_second_person, revoked_at }
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
    let waiting = second_person::list_waiting(tx.conn)?;
    Ok(rows.into_iter().map(|row| PoliceClientView::of(row, &waiting)).collect())
}

/// Credentials of a police system that open nothing any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevokedPoliceClientView {
    /// Client id.
    pub client_id: PoliceClientId,
    /// Since when.
    pub revoked_at: Instant,
}

/// Approves, as the second person, credentials that wait: they open the force's door from now on.
///
/// # Errors
/// As [`second_person::approve_as_second`].
pub fn approve_police_client(
    tx: &mut Tx<'_>,
    approver: &Staff,
    id: PoliceClientId,
    body: &ApproveBody,
) -> Result<ApprovedView> {
    tx.about(Subject::of("police_client", id));
    let request = second_person::approve_as_second(tx, approver, id, body)?;
    Ok(ApprovedView::of(&request, tx.now))
}

/// Ends the credentials of a police system for good, with its tokens. Alerts are still sent to the force's endpoints.
///
/// # Errors
/// 404 for credentials that are not there, 409 for those that were ended before.
pub fn revoke_police_client(
    tx: &mut Tx<'_>,
    id: PoliceClientId,
    body: &RevokePoliceClientBody,
) -> Result<RevokedPoliceClientView> {
    tx.about(Subject::of("police_client", id));
    store::find_police_client(tx.conn, id)?.ok_or(Error::NotFound)?;
    if !store::revoke_police_client(tx.conn, id, tx.now)? {
        return Err(Error::wrong_state("these credentials were ended before"));
    }
    tx.because(body.reason.as_str());
    second_person::end_request(tx, id)?;
    store::revoke_sessions(tx.conn, SubjectId::from(id), SessionKind::PoliceClient, tx.now)?;
    Ok(RevokedPoliceClientView { client_id: id, revoked_at: tx.now })
}
