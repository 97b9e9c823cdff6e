//! The formulation: why this participant stalks, and which type of stalker that is. A new one is a new version.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{FormulationRow, Typology};
use super::store;
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{FormulationId, Instant, ParticipantId, StaffId};
use crate::error::Result;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::tx::Tx;

/// A formulation.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateFormulationBody {
    /// The type of stalker (Mullen et al. 1999).
    #[garde(skip)]
    typology: Typology,
    /// What drives and what sustains it.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Watching soothes the fear of being left")]
    narrative: Private,
}

/// A version of a formulation, for staff.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FormulationView {
    /// Id.
    pub id: FormulationId,
    /// Which version, from 1.
    pub version: i32,
    /// The type of stalker.
    pub typology: Typology,
    /// What drives and what sustains it.
    pub narrative: String,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}

impl FormulationView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &FormulationRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            version: row.version,
            typology: row.typology,
            narrative: open!(keys, row.narrative)?.shown(),
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

/// A formulation that was written.
#[derive(Serialize, ToSchema)]
pub struct MadeFormulationView {
    /// Id.
    pub id: FormulationId,
    /// Which version.
    pub version: i32,
}

/// Writes a formulation, in place of the one before.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn write(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateFormulationBody,
) -> Result<MadeFormulationView> {
    let access = access::participant(tx, by, participant)?;
    let version = store::find_formulation(tx.conn, &access)?.map_or(1, |row| row.version + 1);
    let id = FormulationId::new(tx.now);
    let new = FormulationRow::sealing(tx.keys, access.id(), id).at_version(version);
    let row = FormulationRow {
        id,
        participant_id: access.id(),
        version,
        typology: body.typology,
        narrative: seal!(new.narrative, &body.narrative)?,
        created_by: by.id,
        created_at: tx.now,
    };
    store::insert_formulation(tx, row)?;
    Ok(MadeFormulationView { id, version })
}

/// The versions of a participant's formulation, the latest first: `limit + 1` rows.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<FormulationRow>> {
    let access = access::participant(tx, by, participant)?;
    store::list_formulations(tx.conn, &access, after, limit)
}
