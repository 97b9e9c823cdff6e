//! The tools by which an organisation assesses risk. Their wording is licensed: the organisation loads it, and Holdfast
//! ships none. A version never changes, so that an assessment can be read as it was made.

use std::collections::HashSet;

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::db::schema::risk_tools;
use crate::db::{Instant, Json, OrganisationId, RiskToolId, StaffId, SubjectId, text_enum};
use crate::error::{Code, Error, FieldError, Result};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{OrganisationKind, Staff};
use crate::tx::{Subject, Tx};

/// Items of one tool.
const MOST_ITEMS: usize = 100;

text_enum! {
    /// How an item is answered.
    pub enum ItemKind {
        /// Yes or no.
        YesNo = "yes_no",
        /// With a number.
        Number = "number",
    }
}

/// A tool's row.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = risk_tools)]
pub struct ToolRow {
    pub id: RiskToolId,
    pub organisation_id: OrganisationId,
    pub code: String,
    pub version: i32,
    pub tool: Json,
    pub created_by: StaffId,
    pub created_at: Instant,
}

/// An item of a tool.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolItem {
    /// Its code, the same in every answer.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "q01")]
    pub code: String,
    /// What is asked, as the organisation is licensed to use it.
    #[garde(custom(limits::plain_paragraph))]
    #[schema(format = "paragraph")]
    pub wording: String,
    /// How it is answered.
    #[garde(skip)]
    #[serde(default = "yes_no")]
    pub kind: ItemKind,
    /// Whether a yes, or a number above 0, counts as critical by itself.
    #[garde(skip)]
    #[serde(default)]
    pub is_critical: bool,
    /// What a yes adds to the score; a number is multiplied by it.
    #[garde(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    #[serde(default = "one")]
    pub points: i32,
}

fn yes_no() -> ItemKind {
    ItemKind::YesNo
}

fn one() -> i32 {
    1
}

/// What a tool says: its items, and from where on a score or a count means something.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its items.
    #[garde(length(min = 1, max = MOST_ITEMS), dive)]
    #[schema(min_items = 1, max_items = 100)]
    pub items: Vec<ToolItem>,
    /// Whether the tool adds its answers up. One that asks for judgement alone does not.
    #[garde(skip)]
    #[serde(default)]
    pub is_scored: bool,
    /// The score from which on it says medium.
    #[garde(inner(range(min = 1, max = 100_000)))]
    #[schema(minimum = 1)]
    #[serde(default)]
    pub medium_from: Option<i32>,
    /// The score from which on it says high: visible high risk.
    #[garde(inner(range(min = 1, max = 100_000)))]
    #[schema(minimum = 1, example = 14)]
    #[serde(default)]
    pub high_from: Option<i32>,
    /// How many incidents in twelve months count as an escalation, by the organisation's own threshold.
    #[garde(inner(range(min = 1, max = 10_000)))]
    #[schema(minimum = 1, example = 3)]
    #[serde(default)]
    pub escalation_from: Option<i32>,
}

/// A tool to be loaded.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToolBody {
    /// Which tool, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "dash_2009")]
    code: String,
    /// Which version of it.
    #[garde(range(min = 1, max = 100_000))]
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// What it says.
    #[garde(dive)]
    tool: Tool,
}

/// A tool.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToolView {
    /// Its id.
    pub id: RiskToolId,
    /// Which tool.
    #[schema(example = "dash_2009")]
    pub code: String,
    /// Which version of it.
    pub version: i32,
    /// What it says.
    pub tool: Tool,
    /// When it was loaded.
    pub created_at: Instant,
}

impl ToolView {
    /// The view of a row.
    ///
    /// # Errors
    /// When the row does not hold a tool.
    pub fn of(row: &ToolRow) -> Result<Self> {
        let (code, tool) = (row.code.clone(), row.tool.read()?);
        Ok(Self { id: row.id, code, version: row.version, tool, created_at: row.created_at })
    }
}

/// Loads a version of a tool for the caller's organisation.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, body: &CreateToolBody) -> Result<ToolView> {
    if !staff.works_for(OrganisationKind::SurvivorSupport) {
        return Err(Error::Forbidden(Code::WrongRole));
    }
    check(&body.tool)?;
    let organisation = staff.organisation()?;
    if store::find_tool(tx.conn, organisation, &body.code, body.version)?.is_some() {
        return Err(Error::Conflict(Code::AlreadyExists, "this version of the tool was loaded already".into()));
    }
    let row = ToolRow {
        id: RiskToolId::new(tx.now),
        organisation_id: organisation,
        code: body.code.clone(),
        version: body.version,
        tool: Json::of(&body.tool)?,
        created_by: staff.id,
        created_at: tx.now,
    };
    store::insert_tool(tx, row.clone())?;
    tx.about(Subject::of("risk_tool", SubjectId(row.id.0)));
    ToolView::of(&row)
}

fn check(tool: &Tool) -> Result<()> {
    let (mut wrong, mut seen) = (Vec::new(), HashSet::new());
    let mut refuse = |pointer: String, code, detail: &str| {
        wrong.push(FieldError { pointer, code, detail: detail.to_owned() });
    };
    for (position, item) in tool.items.iter().enumerate() {
        if !seen.insert(&item.code) {
            refuse(format!("/tool/items/{position}/code"), "duplicate", "this item stands here twice");
        }
    }
    if tool.is_scored && tool.high_from.is_none() {
        refuse("/tool/high_from".to_owned(), "missing", "a tool that is scored says from where on risk is high");
    }
    if !tool.is_scored && (tool.high_from.is_some() || tool.medium_from.is_some()) {
        refuse("/tool/is_scored".to_owned(), "not_allowed", "a tool that is not scored has no such thresholds");
    }
    if tool.medium_from.zip(tool.high_from).is_some_and(|(medium, high)| medium >= high) {
        refuse("/tool/medium_from".to_owned(), "not_allowed", "medium begins below high");
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}

/// The tools of the caller's organisation, those loaded last first.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, after: Option<Cursor>, limit: i64) -> Result<Vec<ToolRow>> {
    store::list_tools(tx.conn, staff.organisation()?, after, limit)
}
