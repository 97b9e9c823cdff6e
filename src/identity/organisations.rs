//! What administrators make: organisations, staff, police systems.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod correct;

pub use correct::{OrganisationView, PatchOrganisationBody, change, find, list};

use super::model::{Organisation, OrganisationKind, PoliceClient, Role, StaffRow, new_secret};
use super::names::username_index;
use super::second_person::{
    Readiness, SecondPersonRequestRow, TwoPersonAct, are_guarded, ask_second_person, takes_two_people,
};
use super::store;
use crate::crypto::{NewSubject, Private, SealedTable, seal};
use crate::db::{DbConn, Instant, Json, OrganisationId, PoliceClientId, StaffId};
use crate::directory::ForceId;
use crate::error::{Code, Error, FieldError, Result};
use crate::http::limits;
use crate::tx::{Subject, Tx};
use crate::writing::{self, Extension, PhoneNumber};

/// Days that a setup code stays good.
const SETUP_DAYS: i64 = 7;

/// A new organisation.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrganisationBody {
    /// What it is.
    #[garde(skip)]
    kind: OrganisationKind,
    /// Its name.
    #[garde(custom(limits::plain_line))]
    #[schema(format = "line", example = "South Yorkshire Police")]
    name: String,
    /// The force that it is; a police force needs one, nobody else has one.
    #[garde(skip)]
    #[serde(default)]
    force_id: Option<ForceId>,
    /// The number that police may ring about an alert, with or without a country code.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "+44 114 496 0000")]
    #[serde(default)]
    duty_desk_phone: Option<String>,
}

/// Something that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeOrganisationView {
    /// Its id.
    pub id: OrganisationId,
}

/// Makes an organisation.
pub fn create_organisation(tx: &mut Tx<'_>, body: &CreateOrganisationBody) -> Result<MadeOrganisationView> {
    correct::check_force(tx, body.kind, body.force_id, None)?;
    let id = OrganisationId::new(tx.now);
    let row = Organisation {
        id,
        kind: body.kind,
        name: body.name.clone(),
        force_id: body.force_id.map(String::from),
        duty_desk_phone: body.duty_desk_phone.as_deref().map(|text| desk_number(tx, text)).transpose()?,
        created_at: tx.now,
        version: 1,
    };
    store::insert_organisation(tx, &row)?;
    tx.about(Subject::of("organisation", id));
    Ok(MadeOrganisationView { id })
}

/// The number of a duty desk, as police dial it; a house may have an inner number for it.
///
/// # Errors
/// 422 for what is no number that can be dialled.
pub fn desk_number(tx: &Tx<'_>, text: &str) -> Result<String> {
    let words = "must be a telephone number such as 0114 496 0000 or +44 114 496 0000";
    let number = PhoneNumber::read(text, tx.settings.phone_region, Extension::Kept);
    number.map(String::from).ok_or_else(|| Error::field("/duty_desk_phone", "not_allowed", words))
}

/// A new member of staff.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateStaffBody {
    /// What they sign in with: letters, digits and . _ - @, at most 64. Case does not count: `Asha` and `asha` are one name.
    #[garde(custom(is_username))]
    #[schema(value_type = String, format = "username", example = "asha")]
    username: Private,
    /// Their name, for colleagues.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Asha Rai")]
    display_name: Private,
    /// Where they work.
    #[garde(skip)]
    organisation_id: OrganisationId,
    /// What they may do; each must fit the kind of organisation.
    #[garde(length(min = 1, max = 7))]
    #[schema(min_items = 1, max_items = 7)]
    roles: Vec<Role>,
}

fn is_username(text: &Private, _: &()) -> garde::Result {
    let name = writing::folded(text.expose_secret());
    let allowed = |c: char| c.is_alphanumeric() || writing::is_mark(c) || "._@-".contains(c);
    let fits = limits::USERNAME.fits(&name) && name.chars().all(allowed);
    let most = limits::USERNAME.most;
    limits::refuse_unless(fits, format_args!("must be letters, digits and . _ - @, at most {most}"))
}

/// A new account, with the code by which its holder sets it up.
#[derive(Serialize, ToSchema)]
pub struct MadeStaffView {
    /// Its id.
    pub id: StaffId,
    /// For `POST /partner/v1/setup`; shown once, good for seven days, and not before a second person has approved it where it
    /// waits for one.
    pub setup_code: String,
    /// Whether it is done, or waits for a second person.
    pub state: Readiness,
}

/// Makes a staff account that waits for its holder.
pub fn create_staff(tx: &mut Tx<'_>, new: NewSubject<StaffId>, body: &CreateStaffBody) -> Result<MadeStaffView> {
    let organisation = store::find_organisation(tx.conn, body.organisation_id)?
        .ok_or_else(|| Error::field("/organisation_id", "unknown", "there is no such organisation"))?;
    check_roles(&body.roles, organisation.kind)?;
    let awaits = are_guarded(&body.roles) && takes_two_people(tx)?;
    let code = new_setup_code(tx)?;
    let mut row = new_row(tx, new, &body.username, &body.display_name, &body.roles)?;
    row.organisation_id = Some(organisation.id);
    row.setup_index = Some(code.index);
    row.setup_expires_at = Some(code.expires_at);
    let id = row.id;
    store::insert_staff(tx, row)?;
    tx.about(Subject::of("staff", id));
    if awaits {
        let mut request = SecondPersonRequestRow::new(tx, TwoPersonAct::StaffAccount, id.into(), Some(organisation.id));
        request.setup_expires_at = Some(code.expires_at);
        ask_second_person(tx, request)?;
    }
    Ok(MadeStaffView { id, setup_code: code.text, state: Readiness::of(awaits) })
}

/// A code by which the holder of an account sets it up.
pub(super) struct SetupCode {
    /// What is shown once.
    pub text: String,
    /// What is kept of it.
    pub index: Vec<u8>,
    /// Until when it is good.
    pub expires_at: Instant,
}

/// A new setup code.
pub(super) fn new_setup_code(tx: &Tx<'_>) -> Result<SetupCode> {
    let code = new_secret("setup_")?;
    let text = code.expose_secret();
    let index = tx.keys.blind("setup code", text.as_bytes());
    Ok(SetupCode { text: text.to_owned(), index, expires_at: tx.now.plus_days(SETUP_DAYS) })
}

pub(super) fn check_roles(roles: &[Role], kind: OrganisationKind) -> Result<()> {
    let misfits = roles.iter().enumerate().filter(|(_, role)| !role.fits(kind)).map(|(at, _)| FieldError {
        pointer: format!("/roles/{at}"),
        code: "wrong_organisation",
        detail: "staff of such an organisation cannot hold this role".to_owned(),
    });
    let misfits: Vec<FieldError> = misfits.collect();
    if roles.contains(&Role::Administrator) && roles.iter().any(|role| role.works_with_records()) {
        let words = "an administrator works with no records: one person, two accounts, and another who approves";
        return Err(Error::field("/roles", "not_allowed", words));
    }
    if misfits.is_empty() { Ok(()) } else { Err(Error::fields(misfits)) }
}

fn new_row(
    tx: &mut Tx<'_>,
    new: NewSubject<StaffId>,
    username: &Private,
    display_name: &Private,
    roles: &[Role],
) -> Result<StaffRow> {
    let index = username_index(tx.keys, username);
    let username = &Private::from(writing::normal(username.expose_secret().trim()));
    if store::find_staff_by_username(tx.conn, &index)?.is_some() {
        return Err(Error::Conflict(Code::AlreadyExists, "this username is taken".into()));
    }
    let (keys, id) = (tx.keys, new.id());
    let new = StaffRow::sealing(keys, id, id);
    Ok(StaffRow {
        id,
        organisation_id: None,
        username_index: index,
        username: seal!(new.username, username)?,
        display_name: seal!(new.display_name, display_name)?,
        roles: Json::of(&roles)?,
        password_hash: None,
        setup_index: None,
        setup_expires_at: None,
        totp_secret: None,
        totp_confirmed_at: None,
        totp_last_step: None,
        created_at: tx.now,
        disabled_at: None,
    })
}

/// Makes an administrator at the command line, ready to sign in; once there are survivors, when somebody who has an account has
/// approved it, whatever the settings at the command line say.
///
/// # Errors
/// 409 when the username is taken, 422 when it cannot be one.
pub fn create_admin(
    tx: &mut Tx<'_>,
    new: NewSubject<StaffId>,
    name: &Private,
    password_hash: &str,
) -> Result<(StaffId, Readiness)> {
    is_username(name, &()).map_err(|error| Error::field("username", "not_allowed", error.message()))?;
    let awaits = store::has_survivors(tx.conn)?;
    let mut row = new_row(tx, new, name, name, &[Role::Administrator])?;
    row.password_hash = Some(password_hash.to_owned());
    row.disabled_at = awaits.then_some(tx.now);
    let id = row.id;
    store::insert_staff(tx, row)?;
    tx.about(Subject::of("staff", id));
    if awaits {
        let request = SecondPersonRequestRow::new(tx, TwoPersonAct::StaffAccount, id.into(), None);
        ask_second_person(tx, request)?;
    }
    Ok((id, Readiness::of(awaits)))
}

/// A new police system.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePoliceClientBody {
    /// The force.
    #[garde(skip)]
    organisation_id: OrganisationId,
    /// What to call the system.
    #[garde(custom(limits::plain_line))]
    #[schema(format = "line", example = "Control room")]
    name: String,
}

/// A police system's credentials.
#[derive(Serialize, ToSchema)]
pub struct MadePoliceClientView {
    /// Client id.
    pub client_id: PoliceClientId,
    /// Client secret; shown once.
    pub client_secret: String,
    /// Whether they open anything, or wait for a second person.
    pub state: Readiness,
}

/// Makes a police system of a force.
pub fn create_police_client(tx: &mut Tx<'_>, body: &CreatePoliceClientBody) -> Result<MadePoliceClientView> {
    let force = find_police_force(tx.conn, body.organisation_id)?;
    let awaits = takes_two_people(tx)?;
    let (secret, id) = (new_secret("hfp_")?, PoliceClientId::new(tx.now));
    let row = PoliceClient {
        id,
        organisation_id: body.organisation_id,
        name: body.name.clone(),
        secret_index: tx.keys.blind("police client secret", secret.expose_secret().as_bytes()),
        created_at: tx.now,
        revoked_at: None,
    };
    store::insert_police_client(tx.conn, row)?;
    tx.about(Subject::of("police_client", id));
    if awaits {
        let request = SecondPersonRequestRow::new(tx, TwoPersonAct::PoliceClient, id.into(), Some(force.id));
        ask_second_person(tx, request)?;
    }
    let client_secret = secret.expose_secret().to_owned();
    Ok(MadePoliceClientView { client_id: id, client_secret, state: Readiness::of(awaits) })
}

/// The police force with this id.
///
/// # Errors
/// 422 when there is none, or it is no police force.
pub fn find_police_force(conn: &mut DbConn, id: OrganisationId) -> Result<Organisation> {
    store::find_organisation(conn, id)?
        .filter(|organisation| organisation.kind == OrganisationKind::PoliceForce)
        .ok_or_else(|| Error::field("/organisation_id", "unknown", "there is no such police force"))
}
