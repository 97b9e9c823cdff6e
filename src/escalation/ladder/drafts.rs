//! An organisation's own ladders as versioned data: `draft → validated → simulated → published`.
//!
//! A supervisor drafts, sees every fault, simulates what would happen and when, and publishes. A published version never
//! changes; new alerts stand on the newest of their code, and keep the version that they started on. Without one of its
//! own an organisation has the default. What falls below the floor (`ladder/validate/floor.rs`) cannot be published.

mod simulate;

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use simulate::{SimulateBody, SimulatedStepView, SimulationView};

use crate::db::schema::ladders;
use crate::db::{Instant, Json, LadderId, OrganisationId, StaffId, text_enum};
use crate::error::{Code, Error, FieldError, Result};
use crate::escalation::ladder::{self, Audience, Ladder, Repeat, Step, store};
use crate::escalation::rota::{self, Span, support_side};
use crate::http::etag::IfMatch;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::tx::{Subject, Tx};

/// Days for which the rota must cover a ladder's duty steps when it is published.
pub const COVERED_DAYS: i64 = 14;

text_enum! {
    /// The state of a ladder.
    pub enum LadderState {
        /// It may be changed; no alert climbs it.
        Draft = "draft",
        /// It never changes any more.
        Published = "published",
    }
}

/// A ladder of an organisation.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = ladders, treat_none_as_default_value = false)]
pub struct LadderRow {
    pub id: LadderId,
    pub organisation_id: OrganisationId,
    pub code: String,
    pub version: Option<i32>,
    pub state: LadderState,
    pub ladder: Json,
    pub revision: i32,
    pub simulated_revision: Option<i32>,
    pub uncovered: Option<Json>,
    pub created_by: StaffId,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub published_by: Option<StaffId>,
    pub published_at: Option<Instant>,
}

/// A ladder to draft.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LadderBody {
    /// Which rules it serves: `standard`, `high_risk`, `fast`, `emergency`, `breach`, `advocate_only` or
    /// `review`.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "high_risk")]
    code: String,
    /// Its steps, in order.
    #[garde(length(max = 50))]
    #[schema(max_items = 50, example = json!([{"wait_minutes": 0, "tell": ["advocate", "duty"]}]))]
    steps: Vec<Step>,
    /// What is repeated after the last step until somebody takes the alert up.
    #[garde(skip)]
    #[serde(default)]
    repeat: Option<Repeat>,
}

impl LadderBody {
    fn ladder(&self) -> Result<Json> {
        let Self { code, steps, repeat } = self;
        Json::of(&Ladder { code: code.clone(), version: 1, steps: steps.clone(), repeat: repeat.clone() })
    }
}

/// A ladder of an organisation.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationLadderView {
    /// Id.
    pub id: LadderId,
    /// Which rules it serves.
    #[schema(example = "high_risk")]
    pub code: String,
    /// The published version; the default counts as the first.
    pub version: Option<i32>,
    /// Its state.
    pub state: LadderState,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What is repeated.
    pub repeat: Option<Repeat>,
    /// Whether it was simulated as it is now.
    pub is_simulated: bool,
    /// The hours that the rota left uncovered when it was published.
    pub uncovered: Option<Vec<Span>>,
    /// When it was drafted.
    pub created_at: Instant,
    /// When it was published.
    pub published_at: Option<Instant>,
}

impl OrganisationLadderView {
    /// A ladder as it is shown.
    ///
    /// # Errors
    /// When what is stored is no ladder.
    pub fn of(row: LadderRow) -> Result<Self> {
        let Ladder { steps, repeat, .. } = row.ladder.read()?;
        Ok(Self {
            id: row.id,
            code: row.code,
            version: row.version,
            state: row.state,
            steps,
            repeat,
            is_simulated: row.simulated_revision == Some(row.revision),
            uncovered: row.uncovered.map(|spans| spans.read()).transpose()?,
            created_at: row.created_at,
            published_at: row.published_at,
        })
    }
}

/// A ladder that every organisation has until it publishes its own.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DefaultLadderView {
    /// Which rules it serves.
    #[schema(example = "high_risk")]
    pub code: String,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What is repeated.
    pub repeat: Option<Repeat>,
}

impl DefaultLadderView {
    /// All of them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let view = |Ladder { code, steps, repeat, .. }: Ladder| Self { code, steps, repeat };
        ladder::all().into_iter().map(view).collect()
    }
}

/// The ladders of the caller's organisation.
///
/// # Errors
/// 403 for somebody of no organisation.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, after: Option<Cursor>, limit: i64) -> Result<Vec<LadderRow>> {
    let organisation = staff.organisation()?;
    tx.about(Subject::of("organisation", organisation));
    store::list_ladders(tx.conn, organisation, after, limit)
}

/// One of them.
///
/// # Errors
/// 404 for a ladder of others.
pub fn find(tx: &mut Tx<'_>, staff: &Staff, id: LadderId) -> Result<LadderRow> {
    let row = store::find_ladder(tx.conn, staff.organisation()?, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("ladder", id));
    Ok(row)
}

/// Drafts a ladder.
///
/// # Errors
/// 403 for anybody but the survivor's side.
pub fn draft(tx: &mut Tx<'_>, staff: &Staff, body: &LadderBody) -> Result<LadderRow> {
    let row = LadderRow {
        id: LadderId::new(tx.now),
        organisation_id: support_side(staff)?,
        code: body.code.clone(),
        version: None,
        state: LadderState::Draft,
        ladder: body.ladder()?,
        revision: 1,
        simulated_revision: None,
        uncovered: None,
        created_by: staff.id,
        created_at: tx.now,
        updated_at: tx.now,
        published_by: None,
        published_at: None,
    };
    store::insert_ladder(tx, row.clone())?;
    tx.about(Subject::of("ladder", row.id));
    Ok(row)
}

/// A draft of the caller's organisation.
fn find_draft(tx: &mut Tx<'_>, staff: &Staff, id: LadderId) -> Result<LadderRow> {
    let row = find(tx, staff, id)?;
    if row.state != LadderState::Draft {
        return Err(Error::wrong_state("a published ladder never changes; draft a new one"));
    }
    Ok(row)
}

fn keep(tx: &mut Tx<'_>, revision: i32, mut row: LadderRow) -> Result<LadderRow> {
    row.updated_at = tx.now;
    if store::update_draft(tx, revision, &row)? { Ok(row) } else { Err(Error::Stale(Code::Stale)) }
}

/// Replaces a draft. What was simulated before was another ladder.
pub(in crate::escalation) fn replace(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: LadderId,
    read: &IfMatch,
    body: &LadderBody,
) -> Result<LadderRow> {
    let row = find_draft(tx, staff, id)?;
    read.check(row.revision)?;
    let revision = row.revision;
    keep(tx, revision, LadderRow { code: body.code.clone(), ladder: body.ladder()?, revision: revision + 1, ..row })
}

/// A fault of a ladder.
#[derive(Debug, Serialize, ToSchema)]
pub struct LadderFaultView {
    /// Where, as a JSON Pointer into the ladder.
    #[schema(example = "/steps/2/wait_minutes")]
    pub pointer: String,
    /// A stable word.
    #[schema(example = "too_late")]
    pub code: String,
    /// One sentence.
    #[schema(example = "police must be told by minute 30")]
    pub detail: String,
}

/// Whether a ladder may be published.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationView {
    /// Whether there is no fault.
    pub is_valid: bool,
    /// Every fault.
    pub faults: Vec<LadderFaultView>,
}

fn faults(ladder: &Ladder) -> Vec<FieldError> {
    let steps = ladder.steps.len();
    let fault = |fault: ladder::LadderFault| FieldError {
        pointer: fault.pointer(steps),
        code: fault.word(),
        detail: fault.to_string(),
    };
    ladder.faults().into_iter().map(fault).collect()
}

/// Tells every fault of a ladder.
///
/// # Errors
/// 404 for a ladder of others.
pub fn validate(tx: &mut Tx<'_>, staff: &Staff, id: LadderId) -> Result<ValidationView> {
    let ladder: Ladder = find(tx, staff, id)?.ladder.read()?;
    let view = |fault: FieldError| LadderFaultView {
        pointer: fault.pointer,
        code: fault.code.to_owned(),
        detail: fault.detail,
    };
    let faults: Vec<LadderFaultView> = faults(&ladder).into_iter().map(view).collect();
    Ok(ValidationView { is_valid: faults.is_empty(), faults })
}

/// Simulates a ladder on the rota as it is planned; see [`simulate()`].
///
/// # Errors
/// 404 for a ladder of others.
pub fn simulate(tx: &mut Tx<'_>, staff: &Staff, id: LadderId, body: &SimulateBody) -> Result<SimulationView> {
    let row = find(tx, staff, id)?;
    let ladder: Ladder = row.ladder.read()?;
    let view = simulate::run(tx, row.organisation_id, ladder, body)?;
    if row.state == LadderState::Draft && row.simulated_revision != Some(row.revision) {
        let revision = row.revision;
        keep(tx, revision, LadderRow { simulated_revision: Some(revision), ..row })?;
    }
    Ok(view)
}

/// What is known as a ladder is published.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishLadderBody {
    /// That the rota leaves hours uncovered in the coming 14 days, if it does: they are kept with the version, and every
    /// survivor sees at which hours nobody is watching.
    #[garde(skip)]
    #[serde(default)]
    uncovered_acknowledged: bool,
}

/// Publishes a draft that is valid and was simulated as it is now.
///
/// # Errors
/// 404 for a ladder of others, 409 for one that is published or was not simulated, or where the rota has gaps that nobody
/// knows of, 422 for one with faults.
pub fn publish(tx: &mut Tx<'_>, staff: &Staff, id: LadderId, body: &PublishLadderBody) -> Result<LadderRow> {
    let row = find_draft(tx, staff, id)?;
    let mut ladder: Ladder = row.ladder.read()?;
    let faults = faults(&ladder);
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    if row.simulated_revision != Some(row.revision) {
        return Err(Error::Conflict(Code::LadderNotSimulated, Code::LadderNotSimulated.title().into()));
    }
    let uncovered = match notifies_duty(&ladder) {
        true => rota::uncovered(tx.conn, row.organisation_id, tx.now, COVERED_DAYS)?,
        false => Vec::new(),
    };
    if !uncovered.is_empty() && !body.uncovered_acknowledged {
        return Err(Error::Conflict(Code::RotaUncovered, Code::RotaUncovered.title().into()));
    }
    let before = store::find_published(tx.conn, row.organisation_id, &row.code)?.and_then(|row| row.version);
    ladder.version = before.unwrap_or(1) + 1;
    let revision = row.revision;
    let published = LadderRow {
        version: Some(ladder.version),
        state: LadderState::Published,
        ladder: Json::of(&ladder)?,
        revision: revision + 1,
        simulated_revision: Some(revision + 1),
        uncovered: Some(Json::of(&uncovered)?),
        published_by: Some(staff.id),
        published_at: Some(tx.now),
        ..row
    };
    keep(tx, revision, published)
}

/// Whether a ladder relies on the duty place of the rota.
fn notifies_duty(ladder: &Ladder) -> bool {
    let told = ladder.steps.iter().map(|step| &step.tell).chain(ladder.repeat.iter().map(|repeat| &repeat.tell));
    told.flatten().any(|audience| *audience == Audience::Duty)
}
