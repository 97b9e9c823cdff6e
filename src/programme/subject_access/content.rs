//! What a participant is given of their own record: made of the programme's records alone, without what is withheld.
//!
//! Of goals it holds the wording that the supervisor checked for the participant, never the statement or the survivor's
//! benefit; of sessions whether they came; of the diary its figures; of free text what somebody has read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::filter::WithholdingFilter;
use super::model::{RedactionReason, Section, SubjectAccessRedaction};
use crate::access::ParticipantAccess;
use crate::crypto::PrivateText;
use crate::db::{Day, Instant};
use crate::error::{Error, Result};
use crate::orders::{self, OrderView};
use crate::participants::{self, IdentifierKind, ParticipantRow};
use crate::programme::{
    Attendance, DiaryRow, FormulationView, GoalRow, ObservationView, WordingState, find_formulation,
    list_diary_ratings, list_goals, list_observations, list_referrals, list_sessions,
};
use crate::tx::Tx;

/// Rows of one part at most: years of a daily diary.
const ROWS: i64 = 10_000;

/// What a participant is given of their own record.
#[serde_with::skip_serializing_none]
#[derive(Serialize, Deserialize, ToSchema)]
pub struct SubjectAccessContent {
    /// Their name.
    #[serde(default)]
    pub name: Option<String>,
    /// The day they were born.
    #[serde(default)]
    pub date_of_birth: Option<Day>,
    /// Where they live.
    #[serde(default)]
    pub address: Option<String>,
    /// What they are known by.
    pub identifiers: Vec<OwnIdentifier>,
    /// Their referrals.
    pub referrals: Vec<OwnReferral>,
    /// Their orders.
    pub orders: Vec<OwnOrder>,
    /// Their sessions.
    pub sessions: Vec<OwnSession>,
    /// Their goals, in the wording that was made for them.
    pub goals: Vec<OwnGoal>,
    /// What their diary says.
    pub diary: Vec<OwnDiaryRating>,
    /// What was observed of them.
    pub observations: Vec<OwnText>,
    /// The formulation that counts now.
    pub formulation: Vec<OwnText>,
    /// That something is withheld, and on which ground.
    pub withheld: Vec<WithheldFromRequest>,
}

/// A number, handle or vehicle.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OwnIdentifier {
    /// What it is.
    pub kind: IdentifierKind,
    /// The number, handle or vehicle.
    pub value: String,
}

/// A referral.
#[serde_with::skip_serializing_none]
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OwnReferral {
    /// Who referred, as a code.
    pub source: String,
    /// What it rests on, as a code.
    pub basis: String,
    /// Its state, as a code.
    pub state: String,
    /// When it was submitted.
    #[serde(default)]
    pub submitted_at: Option<Instant>,
}

/// An order.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OwnOrder {
    /// Which kind, as a code.
    pub kind: String,
    /// The day it was made.
    pub made_on: Day,
    /// The order's own words, which the court gave them.
    pub conditions: Vec<String>,
}

/// A session.
#[serde_with::skip_serializing_none]
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OwnSession {
    /// Its number.
    pub number: i32,
    /// The module, as a code.
    pub module: String,
    /// When it was to be.
    pub planned_at: Instant,
    /// Whether they came.
    #[serde(default)]
    pub attendance: Option<Attendance>,
}

/// A goal.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OwnGoal {
    /// The wording that was made for them.
    pub wording: String,
}

/// A day of the diary.
#[serde_with::skip_serializing_none]
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OwnDiaryRating {
    /// The day.
    pub rated_on: Day,
    /// The urge to make contact, 0 to 5.
    pub urge: i32,
    /// Whether they acted on it.
    pub acted_on_urge: bool,
    /// Distress, 0 to 5.
    pub distress: i32,
    /// The skill that was used, as a code.
    #[serde(default)]
    pub skill: Option<String>,
}

/// A text about them that somebody has read before it is given.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OwnText {
    /// When it was written or observed.
    pub at: Instant,
    /// What it says.
    pub text: String,
}

/// Something is withheld. Not what, and not the staff's explanation: either could tell it.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct WithheldFromRequest {
    /// The part of the record.
    pub section: Section,
    /// On which ground.
    pub reason: RedactionReason,
}

/// Makes the content of a request without what is withheld.
///
/// # Errors
/// 422 for a redaction that meets nothing and for free text that nobody decided; when a record was erased.
pub fn make(
    tx: &mut Tx<'_>,
    access: &ParticipantAccess,
    redactions: &[SubjectAccessRedaction],
    given: &[Uuid],
) -> Result<SubjectAccessContent> {
    let mut filter = WithholdingFilter::new(redactions, given);
    let row = participants::find_participant(tx.conn, access.id())?.ok_or(Error::NotFound)?;
    let withheld =
        redactions.iter().map(|hidden| WithheldFromRequest { section: hidden.section, reason: hidden.reason });
    let mut content = SubjectAccessContent {
        name: None,
        date_of_birth: None,
        address: None,
        identifiers: Vec::new(),
        referrals: Vec::new(),
        orders: Vec::new(),
        sessions: Vec::new(),
        goals: Vec::new(),
        diary: Vec::new(),
        observations: Vec::new(),
        formulation: Vec::new(),
        withheld: withheld.collect(),
    };
    identity(tx, &row, &mut filter, &mut content)?;
    records(tx, access, &mut filter, &mut content)?;
    goals(tx, access, &mut filter, &mut content)?;
    progress(tx, access, &mut filter, &mut content)?;
    filter.check()?;
    Ok(content)
}

fn identity(
    tx: &mut Tx<'_>,
    row: &ParticipantRow,
    filter: &mut WithholdingFilter<'_>,
    content: &mut SubjectAccessContent,
) -> Result<()> {
    let known = participants::open_identity(tx.conn, tx.keys, row)?;
    if filter.gives(Section::Identity, None) {
        content.name = Some(known.name);
        (content.date_of_birth, content.address) = (known.date_of_birth, known.address);
    }
    for (id, kind, value) in participants::open_identifiers(tx.conn, tx.keys, row.id)? {
        if filter.gives(Section::Identifiers, Some(id.0)) {
            content.identifiers.push(OwnIdentifier { kind, value });
        }
    }
    Ok(())
}

fn records(
    tx: &mut Tx<'_>,
    access: &ParticipantAccess,
    filter: &mut WithholdingFilter<'_>,
    content: &mut SubjectAccessContent,
) -> Result<()> {
    for row in list_referrals(tx.conn, access, None, ROWS)? {
        if filter.gives(Section::Referrals, Some(row.id.0)) {
            let (source, basis, state) = (row.source.to_string(), row.basis.to_string(), row.state.to_string());
            content.referrals.push(OwnReferral { source, basis, state, submitted_at: row.submitted_at });
        }
    }
    for found in orders::list_orders(tx.conn, access)? {
        if filter.gives(Section::Orders, Some(found.order.id.0)) {
            let view = OrderView::of(tx.keys, &found)?;
            let conditions = view.conditions.into_iter().map(|condition| condition.wording).collect();
            content.orders.push(OwnOrder { kind: view.kind.to_string(), made_on: view.made_on, conditions });
        }
    }
    for row in list_sessions(tx.conn, access, None, ROWS)? {
        if filter.gives(Section::Sessions, Some(row.id.0)) {
            let (number, planned_at, attendance) = (row.number, row.planned_at, row.attendance);
            content.sessions.push(OwnSession { number, module: row.module, planned_at, attendance });
        }
    }
    Ok(())
}

fn goals(
    tx: &mut Tx<'_>,
    access: &ParticipantAccess,
    filter: &mut WithholdingFilter<'_>,
    content: &mut SubjectAccessContent,
) -> Result<()> {
    for found in list_goals(tx.conn, access)? {
        let goal: &GoalRow = &found.goal;
        if filter.gives(Section::Goals, Some(goal.id.0))
            && let Some(wording) = checked_wording(tx, goal)?
        {
            content.goals.push(OwnGoal { wording });
        }
    }
    Ok(())
}

fn progress(
    tx: &mut Tx<'_>,
    access: &ParticipantAccess,
    filter: &mut WithholdingFilter<'_>,
    content: &mut SubjectAccessContent,
) -> Result<()> {
    let keys = tx.keys;
    for row in list_diary_ratings(tx.conn, access, None, ROWS)? {
        if filter.gives(Section::Diary, Some(row.id.0)) {
            let DiaryRow { rated_on, urge, acted_on_urge, distress, skill, .. } = row;
            content.diary.push(OwnDiaryRating { rated_on, urge, acted_on_urge, distress, skill });
        }
    }
    for row in list_observations(tx.conn, access, None, ROWS)? {
        if filter.gives_text(Section::Observations, row.id.0) {
            let view = ObservationView::of(keys, &row)?;
            content.observations.push(OwnText { at: view.observed_at, text: view.note });
        }
    }
    if let Some(row) = find_formulation(tx.conn, access)?
        && filter.gives_text(Section::Formulation, row.id.0)
    {
        let view = FormulationView::of(keys, &row)?;
        content.formulation.push(OwnText { at: view.created_at, text: view.narrative });
    }
    Ok(())
}

/// The wording of a goal, where a supervisor has checked it.
fn checked_wording(tx: &Tx<'_>, goal: &GoalRow) -> Result<Option<String>> {
    if goal.wording_state != Some(WordingState::Checked) {
        return Ok(None);
    }
    Ok(goal.open_wording(tx.keys)?.shown())
}
