//! Whom a survivor reports, as their own side keeps it. A support service works without any programme: who it is that a
//! survivor fears does not wait for somebody to enrol that person.
//!
//! Staff of the survivor's side alone write and read it; the person who answers a grave alert is shown it, and a named officer of a
//! force that was notified. The programme never is. A record that was wrong is taken off, and another made.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{self, SurvivorAccess};
use crate::audit::records;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::reported_persons;
use crate::db::{Day, DbConn, Instant, ReportedPersonId, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

/// That somebody who was reported is of a police force.
pub const REPORTED_OF_POLICE: &str = "reported_of_police";

/// The most that one answer holds; nobody reports as many.
const MOST: i64 = 200;

/// Somebody whom a survivor reports; never changed but to be taken off.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = reported_persons, treat_none_as_default_value = false)]
pub struct ReportedPerson {
    /// Id.
    pub id: ReportedPersonId,
    /// Who reports them.
    pub survivor_id: SurvivorId,
    /// Their name, as far as it is known.
    pub name: Sealed,
    /// How the two know each other, as a code.
    pub relationship: String,
    /// The day they were born.
    pub date_of_birth: Option<Sealed>,
    /// Where they live.
    pub address: Option<Sealed>,
    /// Vehicles that they are known to use.
    pub vehicles: Option<Sealed>,
    /// What else should be known.
    pub note: Option<Sealed>,
    /// Whether they work for the police.
    pub is_of_police: bool,
    /// Who wrote it down.
    pub recorded_by: StaffId,
    /// When.
    pub recorded_at: Instant,
    /// When it was taken off.
    pub removed_at: Option<Instant>,
}
sealed_row!(ReportedPerson, "reported_persons", survivor_id, id);

/// Somebody whom a survivor reports.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReportedPersonBody {
    /// Their name, as far as it is known.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Jo Merrin, or \"Jay\"")]
    name: Private,
    /// How the two know each other, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "former_partner")]
    relationship: String,
    /// The day they were born.
    #[garde(skip)]
    #[serde(default)]
    date_of_birth: Option<Day>,
    /// Where they live.
    #[garde(inner(custom(limits::paragraph)))]
    #[schema(value_type = Option<String>, format = "paragraph", example = "Near the station")]
    #[serde(default)]
    address: Option<Private>,
    /// Vehicles that they are known to use.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "AB12 CDE, grey van")]
    #[serde(default)]
    vehicles: Option<Private>,
    /// What else should be known.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Has a key to the old flat.")]
    #[serde(default)]
    note: Option<Private>,
    /// Whether they work for the police: then think of whom to keep out.
    #[garde(skip)]
    #[serde(default)]
    is_of_police: bool,
}

/// Somebody whom a survivor reports, for the survivor's side.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ReportedPersonView {
    /// Id.
    pub id: ReportedPersonId,
    /// Their name, as far as it is known.
    pub name: String,
    /// How the two know each other, as a code.
    #[schema(example = "former_partner")]
    pub relationship: String,
    /// The day they were born.
    #[schema(example = "1984-02-29")]
    pub date_of_birth: Option<String>,
    /// Where they live.
    pub address: Option<String>,
    /// Vehicles that they are known to use.
    pub vehicles: Option<String>,
    /// What else should be known.
    pub note: Option<String>,
    /// Whether they work for the police.
    pub is_of_police: bool,
    /// Who wrote it down.
    pub recorded_by: StaffId,
    /// When.
    pub recorded_at: Instant,
}

impl ReportedPersonView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &ReportedPerson) -> Result<Self> {
        Ok(Self {
            id: row.id,
            name: open!(keys, row.name)?.shown(),
            relationship: row.relationship.clone(),
            date_of_birth: open!(keys, row.date_of_birth)?.shown(),
            address: open!(keys, row.address)?.shown(),
            vehicles: open!(keys, row.vehicles)?.shown(),
            note: open!(keys, row.note)?.shown(),
            is_of_police: row.is_of_police,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        })
    }
}

/// Writes down whom a survivor reports.
///
/// # Errors
/// 404 for a survivor whom the caller does not work with.
pub fn create(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &CreateReportedPersonBody,
) -> Result<ReportedPerson> {
    let access = access::survivor(tx, staff, survivor)?;
    let id = ReportedPersonId::new(tx.now);
    let new = ReportedPerson::sealing(tx.keys, access.id(), id);
    let born = body.date_of_birth.map(|day| Private::from(day.to_string()));
    let row = ReportedPerson {
        id,
        survivor_id: access.id(),
        name: seal!(new.name, &body.name)?,
        relationship: body.relationship.clone(),
        date_of_birth: seal!(new.date_of_birth, &born)?,
        address: seal!(new.address, &body.address)?,
        vehicles: seal!(new.vehicles, &body.vehicles)?,
        note: seal!(new.note, &body.note)?,
        is_of_police: body.is_of_police,
        recorded_by: staff.id,
        recorded_at: tx.now,
        removed_at: None,
    };
    records::reported_persons(
        tx,
        row.id,
        [
            &row.survivor_id.0,
            &row.name,
            &row.relationship,
            &row.date_of_birth,
            &row.address,
            &row.vehicles,
            &row.note,
            &row.is_of_police,
            &row.recorded_by.0,
            &row.recorded_at,
        ],
    );
    diesel::insert_into(reported_persons::table).values(row.clone()).execute(tx.conn)?;
    if row.is_of_police {
        tx.emit(Event::ReportedPersonChanged { survivor, what: REPORTED_OF_POLICE });
    }
    Ok(row)
}

/// Takes somebody off; the row is kept. While an alert is open the people on duty hear of it at once.
///
/// # Errors
/// 404 for one that is not there.
pub fn remove(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, ReportedPersonId)) -> Result<()> {
    let access = access::survivor(tx, staff, survivor)?;
    let live = reported_persons::table
        .find(id)
        .filter(reported_persons::survivor_id.eq(access.id()))
        .filter(reported_persons::removed_at.is_null());
    match diesel::update(live).set(reported_persons::removed_at.eq(Some(tx.now))).execute(tx.conn)? {
        0 => Err(Error::NotFound),
        _ => {
            tx.emit(Event::ReportedPersonChanged { survivor, what: "reported_person_removed" });
            Ok(())
        }
    }
}

/// Whom a survivor reports, in the order in which that was written down.
pub fn list_reported(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Vec<ReportedPerson>> {
    let live = ReportedPerson::query()
        .filter(reported_persons::survivor_id.eq(access.id()))
        .filter(reported_persons::removed_at.is_null());
    Ok(live.order(reported_persons::id).limit(MOST).load(conn)?)
}
