//! The programmes there are: COBI, and what an organisation adds for itself.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::ProgrammeRow;
use super::store;
use crate::db::{Json, ProgrammeId};
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::identity::{OrganisationKind, Staff};
use crate::tx::{Subject, Tx};

/// A programme of an organisation's own.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateProgrammeBody {
    /// Its code; each once.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "group_dbt")]
    code: String,
    /// Its name.
    #[garde(custom(limits::plain_line))]
    #[schema(format = "line", example = "Group programme")]
    name: String,
    /// How many sessions it has.
    #[garde(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, example = 12)]
    sessions: i32,
    /// Over how many weeks.
    #[garde(range(min = 1, max = 104))]
    #[schema(minimum = 1, maximum = 104, example = 12)]
    weeks: i32,
    /// Its modules, in order, as codes.
    #[garde(length(min = 1, max = 40), inner(custom(limits::code)))]
    #[schema(min_items = 1, max_items = 40, example = json!(["mindfulness"]))]
    modules: Vec<String>,
}

/// A programme.
#[derive(Serialize, ToSchema)]
pub struct ProgrammeView {
    /// Id.
    pub id: ProgrammeId,
    /// Its code.
    #[schema(example = "cobi")]
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many sessions it has.
    pub sessions: i32,
    /// Over how many weeks.
    pub weeks: i32,
    /// Its modules, in order, as codes.
    pub modules: Vec<String>,
    /// Whether it is your organisation's own.
    pub is_own: bool,
}

impl ProgrammeView {
    /// The view of a row.
    pub fn of(row: ProgrammeRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            code: row.code,
            name: row.name,
            sessions: row.sessions,
            weeks: row.weeks,
            modules: row.modules.read()?,
            is_own: row.organisation_id.is_some(),
        })
    }
}

/// Adds a programme of the caller's organisation.
///
/// # Errors
/// 403 for staff of no programme provider, 409 for a code that is taken.
pub fn create(tx: &mut Tx<'_>, by: &Staff, body: &CreateProgrammeBody) -> Result<ProgrammeRow> {
    let organisation = by.organisation()?;
    if !by.works_for(OrganisationKind::ProgrammeProvider) {
        return Err(Error::Forbidden(Code::Forbidden));
    }
    if store::find_programme(tx.conn, organisation, &body.code)?.is_some() {
        return Err(Error::Conflict(Code::AlreadyExists, "there is a programme of that code".into()));
    }
    let row = ProgrammeRow {
        id: ProgrammeId::new(tx.now),
        organisation_id: Some(organisation),
        code: body.code.clone(),
        name: body.name.clone(),
        sessions: body.sessions,
        weeks: body.weeks,
        modules: Json::of(&body.modules)?,
        created_at: tx.now,
    };
    store::insert_programme(tx.conn, row.clone())?;
    tx.about(Subject::of("organisation", organisation));
    Ok(row)
}
