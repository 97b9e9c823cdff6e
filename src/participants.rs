//! Participants: making the record, with its own data key and its practitioner, reading and changing it.
//!
//! The identity is sealed and stays on the programme's side, but for what a named officer reads of an alert
//! ([`identity_for_police`]). Each change seals it again at the next version.

mod change;
mod concerns;
pub mod history;
mod identifiers;
mod model;
pub mod routes;
mod store;
pub mod tasks;

use std::collections::HashMap;

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{self, ParticipantAccess};
use crate::crypto::{Keys, NewSubject, Private, PrivateText, SealedTable, open, reference, seal};
use crate::db::{Day, DbConn, Instant, OrganisationId, ParticipantId, StaffId, not_to_come};
use crate::directory::ForceId;
use crate::error::{Error, Result};
use crate::http::{ListRequest, limits};
use crate::identity::{self, ColleagueNames, Role, Staff};
use crate::tx::{Subject, Tx};

pub use concerns::{
    ConcernView, CreateConcernBody, ToldConcernView, list as list_concerns, list_concerns_since,
    record as record_concern,
};
pub use history::TransitionView;
pub use identifiers::{IdentifierKind, PoliceIdentity, identity_for_police};
pub(crate) use identifiers::{open_identifiers, open_identity};
pub use model::ConcernKind;
pub use model::{ConcernRow, ParticipantRow, ParticipantsQuery};
pub use store::{find_participant, find_participant_by_reference};

/// Years after which nobody lives.
const MOST_YEARS: i64 = 120;

/// A new participant.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateParticipantBody {
    /// Their name.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Robin Marsh")]
    name: Private,
    /// The day they were born.
    #[garde(skip)]
    #[serde(default)]
    date_of_birth: Option<Day>,
    /// Where they live.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "12 Marsh Lane, Sheffield")]
    #[serde(default)]
    address: Option<Private>,
    /// The force of their home; its officers may record orders.
    #[garde(skip)]
    home_force_id: ForceId,
    /// The practitioner who will work with them; without one, you.
    #[garde(skip)]
    #[serde(default)]
    practitioner_id: Option<StaffId>,
}

/// A participant that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeParticipantView {
    /// Id.
    pub id: ParticipantId,
    /// Reference for people.
    #[schema(example = "PT-6F2K-8C3D-M")]
    pub reference: String,
}

/// A participant, for the staff of the programme provider.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ParticipantView {
    /// Id.
    pub id: ParticipantId,
    /// Reference for people.
    #[schema(example = "PT-6F2K-8C3D-M")]
    pub reference: String,
    /// Their name.
    #[schema(example = "Robin Marsh")]
    pub name: String,
    /// The day they were born.
    pub date_of_birth: Option<Day>,
    /// Where they live.
    pub address: Option<String>,
    /// The force of their home (data.police.uk slug).
    #[schema(example = "south-yorkshire")]
    pub home_force_id: String,
    /// Who was assigned first: the practitioner, or the supervisor who received a referral of the police.
    pub practitioner_id: StaffId,
    /// Their name, in a list.
    #[schema(example = "Pilar Ortega")]
    pub practitioner_name: Option<String>,
    /// When the record was made.
    pub created_at: Instant,
}

impl ParticipantView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &ParticipantRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            reference: row.reference.clone(),
            name: open!(keys, row.name)?.shown(),
            date_of_birth: open_day(keys, row)?,
            address: open!(keys, row.address)?.shown(),
            home_force_id: row.home_force_id.clone(),
            practitioner_id: row.practitioner_id,
            practitioner_name: None,
            created_at: row.created_at,
        })
    }
}

/// Makes a participant's record, with a data key of its own, and assigns the practitioner.
///
/// # Errors
/// 422 for a practitioner who is none of the caller's organisation.
pub fn create(
    tx: &mut Tx<'_>,
    new: NewSubject<ParticipantId>,
    by: &Staff,
    body: &CreateParticipantBody,
) -> Result<ParticipantRow> {
    let organisation = by.organisation()?;
    let practitioner = body.practitioner_id.unwrap_or(by.id);
    if !identity::list_staff_with_role(tx.conn, organisation, Role::Practitioner)?.contains(&practitioner) {
        let detail = "must be a practitioner of your own organisation";
        return Err(Error::field("/practitioner_id", "unknown", detail));
    }
    check_birth(body.date_of_birth, tx.now)?;
    let identity = NewIdentity {
        name: &body.name,
        date_of_birth: body.date_of_birth,
        address: body.address.as_ref(),
        home_force_id: body.home_force_id.as_str(),
    };
    insert(tx, new, organisation, practitioner, &identity)
}

/// Refuses a day of birth that cannot be.
///
/// # Errors
/// 422 with the field.
pub(crate) fn check_birth(born: Option<Day>, now: Instant) -> Result<()> {
    let Some(born) = born else { return Ok(()) };
    not_to_come("/date_of_birth", born, now)?;
    let oldest = Day::of(now.plus_days(-MOST_YEARS * 366));
    if born < oldest {
        return Err(Error::field("/date_of_birth", "out_of_range", "nobody is that old"));
    }
    Ok(())
}

/// Refuses a day on which a participant was not born yet, as far as their day of birth is known.
///
/// # Errors
/// 422 with the field.
pub(crate) fn check_born_before(tx: &mut Tx<'_>, id: ParticipantId, (pointer, day): (&str, Day)) -> Result<()> {
    let Some(row) = store::find_participant(tx.conn, id)? else { return Ok(()) };
    if open_day(tx.keys, &row)?.is_some_and(|born| day <= born) {
        return Err(Error::field(pointer, "too_early", "must be after the participant was born"));
    }
    Ok(())
}

/// Who a new participant is.
pub(crate) struct NewIdentity<'a> {
    pub name: &'a Private,
    pub date_of_birth: Option<Day>,
    pub address: Option<&'a Private>,
    pub home_force_id: &'a str,
}

/// Keeps a new participant of a provider, under a data key of their own, and assigns the first who works with them.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: NewSubject<ParticipantId>,
    organisation: OrganisationId,
    first: StaffId,
    identity: &NewIdentity<'_>,
) -> Result<ParticipantRow> {
    let (keys, id) = (tx.keys, new.id());
    let new = ParticipantRow::sealing(keys, id, id);
    let row = ParticipantRow {
        id,
        reference: reference::generate(store::REFERENCE_PREFIX)?,
        organisation_id: organisation,
        name: seal!(new.name, identity.name)?,
        home_force_id: identity.home_force_id.to_owned(),
        practitioner_id: first,
        version: 1,
        created_at: tx.now,
        date_of_birth: seal!(new.date_of_birth, &sealable(identity.date_of_birth))?,
        address: seal!(new.address, &identity.address)?,
    };
    store::insert_participant(tx, row.clone())?;
    let subject = Subject::of("participant", id);
    access::assign(tx, subject, organisation, first)?;
    tx.about(subject);
    Ok(row)
}

/// A day as text that can be sealed.
fn sealable(day: Option<Day>) -> Option<Private> {
    day.map(|day| Private::from(day.to_string()))
}

fn open_day(keys: &Keys, row: &ParticipantRow) -> Result<Option<Day>> {
    let text = open!(keys, row.date_of_birth)?;
    let parse = |text: Private| text.expose_secret().parse::<Day>().map_err(Error::internal);
    text.map(parse).transpose()
}

/// A participant, for somebody who works with them.
///
/// # Errors
/// 404 for everybody else.
pub fn read(tx: &mut Tx<'_>, by: &Staff, id: ParticipantId) -> Result<ParticipantRow> {
    let access = access::participant(tx, by, id)?;
    store::find_participant(tx.conn, access.id())?.ok_or(Error::NotFound)
}

/// A participant's name, as the programme's own side knows it.
///
/// # Errors
/// 404 where the record was erased.
pub fn participant_name(conn: &mut DbConn, keys: &Keys, access: &ParticipantAccess) -> Result<Private> {
    store::find_participant(conn, access.id())?.ok_or(Error::NotFound)?.open_name(keys)
}

/// The references for people of some participants, which name nobody.
pub fn participant_references(conn: &mut DbConn, ids: Vec<ParticipantId>) -> Result<HashMap<ParticipantId, String>> {
    store::references(conn, ids)
}

/// The participants whom the caller works with, newest first: `limit + 1` rows, and the names of their practitioners. The filters
/// only narrow that.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    asked: &ListRequest<ParticipantsQuery>,
) -> Result<(Vec<ParticipantRow>, ColleagueNames)> {
    let ids = access::assigned_participants(tx, by, asked.query.mine)?;
    let rows = store::list_participants(tx.conn, ids, asked)?;
    let practitioners = rows.iter().map(|row| row.practitioner_id).collect();
    let names = identity::colleague_names(tx.conn, by.organisation()?, practitioners)?;
    Ok((rows, names))
}
