//! Questions and concerns from one side of a case to the other: `open → acknowledged → answered`.
//!
//! What the survivor's side says – a question or an answer – carries only what the survivor has agreed to, at the time
//! of writing and at every read. A fear of the practitioner's that may need somebody at once is recorded with the
//! participant instead, and reaches the advocates by itself.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{CaseConcern, CaseConcernKind, CaseConcernState};
use super::notes::{may_cross, own_subject, withheld};
use super::reach::{self, Redaction, Withheld};
use super::{notify_staff, store};
use crate::access::{self, CaseAccess, Side};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal, unseal};
use crate::db::{CaseConcernId, CaseId, Instant, Json, StaffId, SubjectId, text_enum};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{Role, Staff};
use crate::transitions::{ActionsView, Mover, Transition, actions, always, movers, transition};
use crate::tx::{Subject, Tx};

text_enum! {
    /// What the other side does with it.
    pub enum CaseConcernEvent {
        /// Take it up.
        Acknowledge = "acknowledge",
        /// Answer it.
        Answer = "answer",
    }
}

type CaseConcernTransition = Transition<CaseConcernState, CaseConcernEvent>;

/// Anyone who works on a case; the side that raised it is given no movers at all.
const ANYBODY: &[Mover] =
    &[Mover::Role(Role::Advocate), Mover::Role(Role::Practitioner), Mover::Role(Role::Supervisor)];

const fn row(from: CaseConcernState, event: CaseConcernEvent, to: CaseConcernState) -> CaseConcernTransition {
    Transition { from, event, to, by: ANYBODY, unmet: always }
}

const TABLE: &[CaseConcernTransition] = &[
    row(CaseConcernState::Open, CaseConcernEvent::Acknowledge, CaseConcernState::Acknowledged),
    row(CaseConcernState::Open, CaseConcernEvent::Answer, CaseConcernState::Answered),
    row(CaseConcernState::Acknowledged, CaseConcernEvent::Answer, CaseConcernState::Answered),
];

/// A question or concern for the other side.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCaseConcernBody {
    /// Which of the two.
    #[garde(skip)]
    kind: CaseConcernKind,
    /// What it is. Nobody's name, number or place.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Has the participant spoken of moving house?")]
    words: Private,
    /// The kinds of the survivor's record that it draws on, from their side.
    #[garde(length(max = 5))]
    #[schema(max_items = 5)]
    #[serde(default)]
    rests_on: Vec<Withheld>,
}

/// An answer to the other side.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerCaseConcernBody {
    /// What there is to say. Nobody's name, number or place.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Not so far; it will be asked in session 4.")]
    answer: Private,
    /// The kinds of the survivor's record that it draws on, from their side.
    #[garde(length(max = 5))]
    #[schema(max_items = 5)]
    #[serde(default)]
    rests_on: Vec<Withheld>,
}

/// A question or concern between the two sides.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct CaseConcernView {
    /// Id.
    pub id: CaseConcernId,
    /// From which side it comes.
    pub side: Side,
    /// Whether it is a question or a concern.
    pub kind: CaseConcernKind,
    /// How far it has come.
    pub state: CaseConcernState,
    /// What it is; absent where it is withheld.
    pub words: Option<String>,
    /// Who raised it.
    pub raised_by: StaffId,
    /// When.
    pub raised_at: Instant,
    /// Who took it up.
    pub acknowledged_by: Option<StaffId>,
    /// When.
    pub acknowledged_at: Option<Instant>,
    /// The answer; absent where it is withheld.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<StaffId>,
    /// When.
    pub answered_at: Option<Instant>,
    /// Why words are withheld, where they are.
    pub withheld: Vec<Redaction>,
}

/// Raises a question or concern.
///
/// # Errors
/// 404 for another's case, 409 or 422 for what may not cross.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, body: &CreateCaseConcernBody) -> Result<CaseConcernView> {
    let case = access::case(tx, staff, id)?;
    may_cross(tx, &case, Withheld::CaseConcerns, ("/words", &body.words, &body.rests_on))?;
    let (concern, subject) = (CaseConcernId::new(tx.now), own_subject(&case, case.side()));
    let new = CaseConcern::sealing(tx.keys, subject, concern);
    let row = CaseConcern {
        id: concern,
        case_id: id,
        side: case.side(),
        kind: body.kind,
        state: CaseConcernState::Open,
        subject_id: subject,
        words: seal!(new.words, &body.words)?,
        rests_on: Json::of(&body.rests_on)?,
        raised_by: staff.id,
        raised_at: tx.now,
        acknowledged_by: None,
        acknowledged_at: None,
        answered_by: None,
        answered_at: None,
        answer: None,
        answer_rests_on: None,
    };
    store::insert_concern(tx.conn, row.clone())?;
    notify_staff::side(tx, case.case(), other(case.side()))?;
    follow(tx, &case, concern);
    shown(tx, &case, &row)
}

fn other(side: Side) -> Side {
    match side {
        Side::Support => Side::Programme,
        Side::Programme => Side::Support,
    }
}

/// The movers that a caller is for a concern: none on the side that raised it.
fn movers_for(case: &CaseAccess, concern: &CaseConcern, staff: &Staff) -> Vec<Mover> {
    if concern.side == case.side() { Vec::new() } else { movers(staff) }
}

/// Makes sure that a concern reaches the caller.
fn reaches(case: &CaseAccess, found: Option<CaseConcern>) -> Result<CaseConcern> {
    let concern = found.ok_or(Error::NotFound)?;
    let rests_on: Vec<Withheld> = concern.rests_on.read()?;
    let is_kept = concern.side != case.side() && withheld(case, Withheld::CaseConcerns, &rests_on).is_some();
    if is_kept || case.is_in_session() { Err(Error::NotFound) } else { Ok(concern) }
}

/// What the caller may do with a concern now.
///
/// # Errors
/// 404 for another's, and for one that does not reach the caller.
pub fn open_to(tx: &mut Tx<'_>, staff: &Staff, (id, concern): (CaseId, CaseConcernId)) -> Result<ActionsView> {
    let case = access::case(tx, staff, id)?;
    let found = store::find_concern(tx.conn, &case, concern)?;
    let row = reaches(&case, found)?;
    Ok(actions(TABLE, row.state, &movers_for(&case, &row, staff), &()))
}

/// Takes up, or answers, what the other side raised.
///
/// # Errors
/// 404 for another's, 403 for one's own, 409 where the state does not allow it, 409 or 422 for an answer that may not
/// cross.
pub fn act(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (id, concern): (CaseId, CaseConcernId),
    answer: Option<&AnswerCaseConcernBody>,
) -> Result<()> {
    let case = access::case(tx, staff, id)?;
    let found = store::lock_concern(tx.conn, &case, concern)?;
    let mut row = reaches(&case, found)?;
    let event = if answer.is_some() { CaseConcernEvent::Answer } else { CaseConcernEvent::Acknowledge };
    row.state = transition(TABLE, row.state, event, &movers_for(&case, &row, staff), &())?;
    match answer {
        None => (row.acknowledged_by, row.acknowledged_at) = (Some(staff.id), Some(tx.now)),
        Some(body) => {
            may_cross(tx, &case, Withheld::CaseConcerns, ("/answer", &body.answer, &body.rests_on))?;
            // The answer is sealed under the key of the side that answers.
            let answered = CaseConcern::sealing(tx.keys, own_subject(&case, case.side()), row.id);
            row.answer = Some(seal!(answered.answer, &body.answer)?);
            row.answer_rests_on = Some(Json::of(&body.rests_on)?);
            (row.answered_by, row.answered_at) = (Some(staff.id), Some(tx.now));
            notify_staff::side(tx, case.case(), row.side)?;
        }
    }
    store::update_concern(tx.conn, &row)?;
    follow(tx, &case, row.id);
    Ok(())
}

/// One question or concern, as the caller may see it now.
///
/// # Errors
/// 404 for another's, and for one that does not reach the caller.
pub fn see(tx: &mut Tx<'_>, staff: &Staff, (id, concern): (CaseId, CaseConcernId)) -> Result<CaseConcernView> {
    let case = access::case(tx, staff, id)?;
    let found = store::find_concern(tx.conn, &case, concern)?;
    let row = reaches(&case, found)?;
    shown(tx, &case, &row)
}

/// States that a concern is new, or has come further.
fn follow(tx: &mut Tx<'_>, case: &CaseAccess, concern: CaseConcernId) {
    let row = case.case();
    let sides = [row.support_organisation_id, row.programme_organisation_id];
    tx.emit(Event::CaseConcernChanged { survivor: row.survivor_id, case: row.id, concern, sides });
}

/// Makes sure that a concern reaches a caller, who works on the case.
///
/// # Errors
/// 404 for another's case, and for a concern that does not reach them.
pub fn reaches_concern(tx: &mut Tx<'_>, staff: &Staff, (id, concern): (CaseId, CaseConcernId)) -> Result<()> {
    let case = access::case(tx, staff, id)?;
    let found = store::find_concern(tx.conn, &case, concern)?;
    reaches(&case, found).map(drop)
}

/// The view of one concern, with the disclosure that it is.
fn shown(tx: &mut Tx<'_>, case: &CaseAccess, row: &CaseConcern) -> Result<CaseConcernView> {
    let (read, shown) = ReadConcern::of(case, row.clone())?;
    reach::disclose(tx, case, &shown)?;
    ReadConcern::view(tx.keys, &read)
}

/// A stretch of the concerns that a caller may read.
pub struct Concerns {
    /// The concerns, newest first: `limit + 1`.
    pub rows: Vec<ReadConcern>,
    /// What is withheld as a whole, and was not queried.
    pub redactions: Vec<Redaction>,
}

/// Questions and concerns of a case, newest first.
///
/// # Errors
/// 404 for another's case.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, after: Option<Cursor>, limit: i64) -> Result<Concerns> {
    let case = access::case(tx, staff, id)?;
    let barrier = withheld(&case, Withheld::CaseConcerns, &[]);
    if case.is_in_session() {
        return Ok(Concerns { rows: Vec::new(), redactions: barrier.into_iter().collect() });
    }
    let found = store::list_concerns(tx.conn, &case, (case.side(), barrier.is_none()), after, limit)?;
    let (mut rows, mut shown) = (Vec::with_capacity(found.len()), Vec::new());
    for row in found {
        let (read, more) = ReadConcern::of(&case, row)?;
        rows.push(read);
        shown.extend(more);
    }
    shown.sort_unstable();
    shown.dedup();
    reach::disclose(tx, &case, &shown)?;
    if case.side() == Side::Support {
        tx.note("list_case_concerns", Subject::of("survivor", case.case().survivor_id), "support");
    }
    Ok(Concerns { rows, redactions: barrier.into_iter().collect() })
}

/// A concern as it was read for a caller: the words that they may see are opened for the view.
pub struct ReadConcern {
    row: CaseConcern,
    shows_words: bool,
    /// Under whose key the answer is sealed, where there is one that the caller may see.
    shows_answer_of: Option<SubjectId>,
    withheld: Vec<Redaction>,
}

impl ReadConcern {
    /// With what of the survivor's side is opened for it.
    fn of(case: &CaseAccess, row: CaseConcern) -> Result<(Self, Vec<Withheld>)> {
        let (mut kept, mut shown) = (Vec::new(), Vec::new());
        let mut may_open = |from: Side, rests_on: Vec<Withheld>| {
            let barrier = if from == case.side() { None } else { withheld(case, Withheld::CaseConcerns, &rests_on) };
            if barrier.is_none() && from == Side::Support {
                shown.push(Withheld::CaseConcerns);
                shown.extend(rests_on);
            }
            kept.extend(barrier);
            barrier.is_none()
        };
        let (asks, answers) = (row.side, other(row.side));
        let shows_words = may_open(asks, row.rests_on.read()?);
        let shows_answer = match &row.answer_rests_on {
            Some(rests_on) if row.answer.is_some() => may_open(answers, rests_on.read()?),
            _ => false,
        };
        let shows_answer_of = shows_answer.then(|| own_subject(case, answers));
        Ok((Self { row, shows_words, shows_answer_of, withheld: kept }, shown))
    }

    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.row.raised_at, self.row.id.0)
    }

    /// What the caller may see of it.
    pub fn view(keys: &Keys, read: &Self) -> Result<CaseConcernView> {
        let row = &read.row;
        let words = if read.shows_words { Some(open!(keys, row.words)?.shown()) } else { None };
        let answer = match read.shows_answer_of {
            Some(subject) => {
                let answered = CaseConcern::sealing(keys, subject, row.id);
                unseal!(answered.answer, &row.answer)?.shown()
            }
            None => None,
        };
        Ok(CaseConcernView {
            id: row.id,
            side: row.side,
            kind: row.kind,
            state: row.state,
            words,
            raised_by: row.raised_by,
            raised_at: row.raised_at,
            acknowledged_by: row.acknowledged_by,
            acknowledged_at: row.acknowledged_at,
            answer,
            answered_by: row.answered_by,
            answered_at: row.answered_at,
            withheld: read.withheld.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_no_row_is_refused_in_every_state() {
        use {CaseConcernEvent as Event, CaseConcernState as State};
        for from in State::ALL.iter().copied() {
            for event in Event::ALL.iter().copied() {
                let done = transition(TABLE, from, event, ANYBODY, &()).map_err(|error| error.code().word());
                let told = match (from, event) {
                    (State::Open, Event::Acknowledge) => Ok(State::Acknowledged),
                    (State::Open | State::Acknowledged, Event::Answer) => Ok(State::Answered),
                    _ => Err("wrong_state"),
                };
                assert_eq!(done, told, "{event} in {from}");
                // The side that raised it has no movers: it answers nothing of its own.
                let own = transition(TABLE, from, event, &[], &()).map_err(|error| error.code().word());
                assert_eq!(own, told.and(Err("wrong_role")), "{event} in {from}");
            }
        }
    }
}
