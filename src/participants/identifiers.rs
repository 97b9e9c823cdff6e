//! Numbers, handles and vehicles that a participant is known by; and what of the identity a named officer may read.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::ParticipantRow;
use super::{open_day, store};
use crate::access::{self, ParticipantAccess};
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::participant_identifiers;
use crate::db::{Day, DbConn, IdentifierId, Instant, ParticipantId, StaffId, text_enum};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::http::page::{Cursor, PageDsl as _, readable};
use crate::identity::Staff;
use crate::tx::Tx;

text_enum! {
    /// What a participant is known by.
    pub enum IdentifierKind {
        /// A telephone number.
        Phone = "phone",
        /// An e-mail address.
        Email = "email",
        /// A name on a service.
        Handle = "handle",
        /// A vehicle, by its registration and looks.
        Vehicle = "vehicle",
        /// Another name.
        Alias = "alias",
        /// Anything else.
        Other = "other",
    }
}

/// One thing that a participant is known by.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = participant_identifiers)]
pub struct IdentifierRow {
    /// Id.
    pub id: IdentifierId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// What it is.
    pub kind: IdentifierKind,
    /// The number, handle or vehicle.
    pub value: Sealed,
    /// Where it is known from, as a code.
    pub source: String,
    /// Who added it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// When it was taken off the list.
    pub removed_at: Option<Instant>,
    /// By whom.
    pub removed_by: Option<StaffId>,
}
sealed_row!(IdentifierRow, "participant_identifiers", participant_id, id);

impl IdentifierRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }

    fn open(&self, keys: &Keys) -> Result<String> {
        Ok(open!(keys, self.value)?.shown())
    }
}

/// Something that a participant is known by.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateIdentifierBody {
    /// What it is.
    #[garde(skip)]
    kind: IdentifierKind,
    /// The number, handle or vehicle.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "AB12 CDE, grey van")]
    value: Private,
    /// Where it is known from, as a code. Never from what a survivor said.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "police_referral")]
    source: String,
}

/// Something that a participant is known by, for the staff of the programme provider.
#[derive(Serialize, ToSchema)]
pub struct IdentifierView {
    /// Id.
    pub id: IdentifierId,
    /// What it is.
    pub kind: IdentifierKind,
    /// The number, handle or vehicle.
    pub value: String,
    /// Where it is known from, as a code.
    pub source: String,
    /// When it was added.
    pub added_at: Instant,
}

impl IdentifierView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &IdentifierRow) -> Result<Self> {
        let (value, source) = (row.open(keys)?, row.source.clone());
        Ok(Self { id: row.id, kind: row.kind, value, source, added_at: row.created_at })
    }
}

/// Adds one to the list.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn add(tx: &mut Tx<'_>, by: &Staff, id: ParticipantId, body: &CreateIdentifierBody) -> Result<IdentifierRow> {
    let access = access::participant(tx, by, id)?;
    let id = IdentifierId::new(tx.now);
    let new = IdentifierRow::sealing(tx.keys, access.id(), id);
    let row = IdentifierRow {
        id,
        participant_id: access.id(),
        kind: body.kind,
        value: seal!(new.value, &body.value)?,
        source: body.source.clone(),
        created_by: by.id,
        created_at: tx.now,
        removed_at: None,
        removed_by: None,
    };
    diesel::insert_into(participant_identifiers::table).values(row.clone()).execute(tx.conn)?;
    Ok(row)
}

/// Takes one off the list; the row is kept.
///
/// # Errors
/// 404 for one that is not on it.
pub fn remove(tx: &mut Tx<'_>, by: &Staff, (participant, id): (ParticipantId, IdentifierId)) -> Result<()> {
    let access = access::participant(tx, by, participant)?;
    let row = participant_identifiers::table
        .find(id)
        .filter(participant_identifiers::participant_id.eq(access.id()))
        .filter(participant_identifiers::removed_at.is_null());
    let gone =
        (participant_identifiers::removed_at.eq(Some(tx.now)), participant_identifiers::removed_by.eq(Some(by.id)));
    if diesel::update(row).set(gone).execute(tx.conn)? == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// The list, newest first: `limit + 1` rows.
pub fn list(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<IdentifierRow>> {
    let rows = IdentifierRow::query()
        .filter(participant_identifiers::participant_id.eq(access.id()))
        .filter(participant_identifiers::removed_at.is_null())
        .into_boxed();
    Ok(rows.page(participant_identifiers::id, IdentifierId, after, limit).load(conn)?)
}

/// What a named officer may read of a person reported, to find them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoliceIdentity {
    /// The programme's reference.
    pub reference: String,
    /// Their name.
    pub name: String,
    /// The day they were born.
    pub date_of_birth: Option<Day>,
    /// Where they live.
    pub address: Option<String>,
    /// What they are known by, newest first.
    pub known_by: Vec<(IdentifierKind, String)>,
}

/// Everything that a participant is known by, newest first. No proof is asked: callers have theirs.
pub(crate) fn open_identifiers(
    conn: &mut DbConn,
    keys: &Keys,
    participant: ParticipantId,
) -> Result<Vec<(IdentifierId, IdentifierKind, String)>> {
    let rows = list_known(conn, participant)?;
    rows.iter().map(|row| Ok((row.id, row.kind, row.open(keys)?))).collect()
}

fn list_known(conn: &mut DbConn, participant: ParticipantId) -> Result<Vec<IdentifierRow>> {
    let known = IdentifierRow::query()
        .filter(participant_identifiers::participant_id.eq(participant))
        .filter(participant_identifiers::removed_at.is_null());
    Ok(known.order(participant_identifiers::id.desc()).load(conn)?)
}

/// Opens what a named officer may read of a participant, and names what they are known by that does not open; none where
/// the record was erased.
pub fn identity_for_police(
    conn: &mut DbConn,
    keys: &Keys,
    access: &ParticipantAccess,
) -> Result<Option<(PoliceIdentity, Vec<Uuid>)>> {
    let Some(row) = store::find_participant(conn, access.id())? else { return Ok(None) };
    let known = list_known(conn, row.id)?;
    let known = known.iter().map(|known| (known.id.0, known.open(keys).map(|value| (known.kind, value))));
    let (known_by, unreadable) = readable(known)?;
    Ok(Some((identity(keys, &row, known_by)?, unreadable)))
}

/// The same of a record that is read already.
pub(crate) fn open_identity(conn: &mut DbConn, keys: &Keys, row: &ParticipantRow) -> Result<PoliceIdentity> {
    let known = open_identifiers(conn, keys, row.id)?;
    identity(keys, row, known.into_iter().map(|(_, kind, value)| (kind, value)).collect())
}

fn identity(keys: &Keys, row: &ParticipantRow, known_by: Vec<(IdentifierKind, String)>) -> Result<PoliceIdentity> {
    Ok(PoliceIdentity {
        reference: row.reference.clone(),
        name: open!(keys, row.name)?.shown(),
        date_of_birth: open_day(keys, row)?,
        address: open!(keys, row.address)?.shown(),
        known_by,
    })
}
