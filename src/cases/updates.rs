//! News of the programme for the survivor: `proposed → checked → released`, or `refused`, or `declined`.
//!
//! A practitioner proposes it in a code and, where needed, a line of words; a supervisor of the programme checks that it
//! tells no more of the participant than it must; the survivor's advocate releases it, which takes the survivor's
//! `updates.programme`. Withdrawing that hides what was released on the next read.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{ProgrammeUpdate, UpdateCode, UpdateState};
use super::{notify_staff, reach, store, words};
use crate::access::{self, CaseAccess, Side, SurvivorAccess};
use crate::consent::{Ledger, Scope};
use crate::contact;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{AlertId, CaseId, DbConn, Instant, ProgrammeUpdateId, StaffId, text_enum};
use crate::error::{Code, Error, Result};
use crate::escalation;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{Role, Staff};
use crate::notify::Template;
use crate::transitions::{ActionsView, Mover, Transition, actions, movers, transition};
use crate::tx::Tx;
use crate::words::{Language, id_of, say};

text_enum! {
    /// What is done with an update.
    pub enum UpdateEvent {
        /// Check that it tells no more of the participant than it must.
        Check = "check",
        /// Refuse it, since it does.
        Refuse = "refuse",
        /// Pass it on to the survivor.
        Release = "release",
        /// Do not pass it on.
        Decline = "decline",
    }
}

/// What the guards look at.
struct Guarded {
    is_proposer: bool,
    may_update: bool,
}

fn another(guarded: &Guarded) -> Option<&'static str> {
    guarded.is_proposer.then_some("another_supervisor")
}

fn agreement(guarded: &Guarded) -> Option<&'static str> {
    (!guarded.may_update).then_some("updates.programme")
}

fn always(_: &Guarded) -> Option<&'static str> {
    None
}

/// A supervisor of the programme; one of the survivor's side represents an advocate here (see [`movers_of`]).
const CHECKER: &[Mover] = &[Mover::Role(Role::Supervisor)];
const ADVOCATE: &[Mover] = &[Mover::Role(Role::Advocate)];

type UpdateTransition = Transition<UpdateState, UpdateEvent, Guarded>;

const TABLE: &[UpdateTransition] = &[
    UpdateTransition {
        from: UpdateState::Proposed,
        event: UpdateEvent::Check,
        to: UpdateState::Checked,
        by: CHECKER,
        unmet: another,
    },
    UpdateTransition {
        from: UpdateState::Proposed,
        event: UpdateEvent::Refuse,
        to: UpdateState::Refused,
        by: CHECKER,
        unmet: always,
    },
    UpdateTransition {
        from: UpdateState::Checked,
        event: UpdateEvent::Release,
        to: UpdateState::Released,
        by: ADVOCATE,
        unmet: agreement,
    },
    UpdateTransition {
        from: UpdateState::Checked,
        event: UpdateEvent::Decline,
        to: UpdateState::Declined,
        by: ADVOCATE,
        unmet: always,
    },
];

/// Who a caller is in the table: anyone who may act for the survivor's side is an advocate there.
fn movers_of(case: &CaseAccess, staff: &Staff) -> Vec<Mover> {
    match case.side() {
        Side::Support => ADVOCATE.to_vec(),
        Side::Programme => movers(staff),
    }
}

fn guarded(case: &CaseAccess, staff: &Staff, row: &ProgrammeUpdate) -> Guarded {
    Guarded { is_proposer: row.proposed_by == staff.id, may_update: case.may_update() }
}

/// News to propose.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCaseUpdateBody {
    /// What is new.
    #[garde(skip)]
    code: UpdateCode,
    /// A line for the survivor, where the code does not say enough. Nobody's name, number or place.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "The sessions go on until the end of March.")]
    #[serde(default)]
    words: Option<Private>,
}

/// Why an update is not passed on.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndCaseUpdateBody {
    /// The reason, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "tells_too_much")]
    pub reason: String,
}

/// News of the programme, for staff.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct CaseUpdateView {
    /// Id.
    pub id: ProgrammeUpdateId,
    /// How far it has come.
    pub state: UpdateState,
    /// What is new.
    pub code: UpdateCode,
    /// The line for the survivor.
    pub words: Option<String>,
    /// Who proposed it.
    pub proposed_by: StaffId,
    /// When.
    pub proposed_at: Instant,
    /// The supervisor who checked it.
    pub checked_by: Option<StaffId>,
    /// Who refused, released or declined it.
    pub decided_by: Option<StaffId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Why it is not passed on, as a code.
    #[schema(example = "tells_too_much")]
    pub reason: Option<String>,
}

impl CaseUpdateView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &ProgrammeUpdate) -> Result<Self> {
        Ok(Self {
            id: row.id,
            state: row.state,
            code: row.code,
            words: open(keys, row)?,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            checked_by: row.checked_by,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            reason: row.reason.clone(),
        })
    }
}

fn open(keys: &Keys, row: &ProgrammeUpdate) -> Result<Option<String>> {
    Ok(open!(keys, row.words)?.shown())
}

/// Proposes news.
///
/// # Errors
/// 404 for another's case, 403 for the survivor's side, 409 where the case is not active, 422 for words that tell who or
/// where somebody is.
pub fn propose(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, body: &CreateCaseUpdateBody) -> Result<ProgrammeUpdate> {
    let case = access::case(tx, staff, id)?;
    if case.side() != Side::Programme {
        return Err(Error::Forbidden(Code::WrongRole));
    }
    if reach::closed(&case) {
        return Err(Error::wrong_state("the case is not active: nothing crosses it"));
    }
    if let Some(text) = &body.words {
        words::check(tx, &case, "/words", text)?;
    }
    let (update, survivor) = (ProgrammeUpdateId::new(tx.now), case.case().survivor_id);
    let new = ProgrammeUpdate::sealing(tx.keys, survivor, update);
    let row = ProgrammeUpdate {
        id: update,
        case_id: id,
        survivor_id: survivor,
        state: UpdateState::Proposed,
        code: body.code,
        words: seal!(new.words, &body.words)?,
        reason: None,
        proposed_by: staff.id,
        proposed_at: tx.now,
        checked_by: None,
        checked_at: None,
        decided_by: None,
        decided_at: None,
        released_at: None,
    };
    store::insert_update(tx.conn, row.clone())?;
    notify_staff::checkers(tx, case.case(), staff.id)?;
    Ok(row)
}

/// The states in which a side knows of an update: before it was checked it is the programme's alone.
fn known(case: &CaseAccess) -> Vec<UpdateState> {
    let all = UpdateState::ALL.iter().copied();
    match case.side() {
        Side::Programme => all.collect(),
        Side::Support if reach::closed(case) => vec![UpdateState::Released, UpdateState::Declined],
        Side::Support => all.filter(|state| !matches!(state, UpdateState::Proposed | UpdateState::Refused)).collect(),
    }
}

/// Makes sure that the caller's side knows of an update.
fn reaches(case: &CaseAccess, found: Option<ProgrammeUpdate>) -> Result<ProgrammeUpdate> {
    found.filter(|row| known(case).contains(&row.state)).ok_or(Error::NotFound)
}

/// What the caller may do with an update now.
///
/// # Errors
/// 404 for another's, and for one that the caller's side does not know of.
pub fn open_to(tx: &mut Tx<'_>, staff: &Staff, (id, update): (CaseId, ProgrammeUpdateId)) -> Result<ActionsView> {
    let case = access::case(tx, staff, id)?;
    let row = reaches(&case, store::find_update(tx.conn, &case, update)?)?;
    Ok(actions(TABLE, row.state, &movers_of(&case, staff), &guarded(&case, staff, &row)))
}

/// Checks, refuses, releases or declines an update.
///
/// # Errors
/// 404 for another's, 403 for another's to do, 409 where the state or the survivor's agreement does not allow it.
pub fn act(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (id, update): (CaseId, ProgrammeUpdateId),
    event: UpdateEvent,
    reason: Option<&str>,
) -> Result<ProgrammeUpdate> {
    let case = access::case(tx, staff, id)?;
    let mut row = reaches(&case, store::lock_update(tx.conn, &case, update)?)?;
    row.state = transition(TABLE, row.state, event, &movers_of(&case, staff), &guarded(&case, staff, &row))?;
    if event == UpdateEvent::Check {
        (row.checked_by, row.checked_at) = (Some(staff.id), Some(tx.now));
    } else {
        (row.decided_by, row.decided_at) = (Some(staff.id), Some(tx.now));
        row.reason = reason.map(ToOwned::to_owned);
        row.released_at = (event == UpdateEvent::Release).then_some(tx.now);
    }
    store::update_update(tx.conn, &row)?;
    match event {
        UpdateEvent::Check => notify_staff::side(tx, case.case(), Side::Support)?,
        // The phone is notified that something is new, as the safe-contact plan allows.
        UpdateEvent::Release => drop(contact::enqueue_survivor(tx, row.survivor_id, Template::Nudge)?),
        UpdateEvent::Refuse | UpdateEvent::Decline => {}
    }
    Ok(row)
}

/// Updates of a case that the caller's side knows of, newest first: `limit + 1` rows.
///
/// # Errors
/// 404 for another's case.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: CaseId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ProgrammeUpdate>> {
    let case = access::case(tx, staff, id)?;
    store::list_updates(tx.conn, &case, known(&case), after, limit)
}

/// Something that the advocate released.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct UpdateView {
    /// What it is.
    #[schema(example = "police_outcome")]
    pub kind: &'static str,
    /// The alert that it is about.
    pub alert_id: Option<AlertId>,
    /// Its reference.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub alert: Option<String>,
    /// What the police said came of it.
    #[schema(example = "safe_and_well")]
    pub outcome: Option<String>,
    /// What the force calls it.
    #[schema(example = "SYP-20261121-0812")]
    pub force_reference: Option<String>,
    /// The grade that the force gave it.
    #[schema(example = "grade_1")]
    pub grade: Option<String>,
    /// Whether this is out of date: the police have said something else since, or it began again. Left out where not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_superseded: bool,
    /// What is new in the programme.
    pub code: Option<UpdateCode>,
    /// A line about it.
    pub words: Option<String>,
    /// What it is in a sentence, in the reader's language.
    #[schema(example = "The police told us that you are safe and well.")]
    pub in_words: String,
    /// When it was released.
    pub at: Instant,
}

/// What was released to a survivor, newest first: police outcomes, and news of the programme while they agree to it; each
/// with its place in the list, or why it cannot be read. `limit + 1` rows.
pub fn released(
    conn: &mut DbConn,
    keys: &Keys,
    access: &SurvivorAccess,
    (after, limit, now): (Option<Cursor>, i64, Instant),
    language: Language,
) -> Result<Vec<(Cursor, Result<UpdateView>)>> {
    let mut found = Vec::new();
    for outcome in escalation::list_released_outcomes(conn, keys, access, after, limit)? {
        let (place, in_words) = ((outcome.at, outcome.id.0), outcome.in_words(language));
        let view = UpdateView {
            kind: "police_outcome",
            at: outcome.at,
            alert_id: Some(outcome.alert_id),
            alert: Some(outcome.reference),
            in_words,
            is_superseded: outcome.is_superseded,
            outcome: Some(outcome.outcome),
            force_reference: outcome.force_reference,
            grade: outcome.grade,
            code: None,
            words: None,
        };
        found.push((place, Ok(view)));
    }
    let ledger = Ledger::load(conn, access.id())?;
    if [Scope::ServiceCore, Scope::UpdatesProgramme].iter().all(|scope| ledger.standing(*scope, now).granted) {
        for row in store::list_released(conn, access, after, limit)? {
            let at = row.released_at.unwrap_or(row.proposed_at);
            let view = |words| UpdateView {
                kind: "programme_update",
                at,
                alert_id: None,
                alert: None,
                outcome: None,
                force_reference: None,
                grade: None,
                is_superseded: false,
                in_words: say(language, &id_of("update", row.code.as_str())),
                code: Some(row.code),
                words,
            };
            found.push(((at, row.id.0), open(keys, &row).map(view)));
        }
    }
    found.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
    found.truncate(usize::try_from(limit).unwrap_or(0).saturating_add(1));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is to hold, written apart from the table.
    fn told(
        from: UpdateState,
        event: UpdateEvent,
        mover: Mover,
        guarded: &Guarded,
    ) -> std::result::Result<UpdateState, &'static str> {
        let (to, by, is_met) = match (from, event) {
            (UpdateState::Proposed, UpdateEvent::Check) => {
                (UpdateState::Checked, Role::Supervisor, !guarded.is_proposer)
            }
            (UpdateState::Proposed, UpdateEvent::Refuse) => (UpdateState::Refused, Role::Supervisor, true),
            (UpdateState::Checked, UpdateEvent::Release) => (UpdateState::Released, Role::Advocate, guarded.may_update),
            (UpdateState::Checked, UpdateEvent::Decline) => (UpdateState::Declined, Role::Advocate, true),
            _ => return Err("wrong_state"),
        };
        match (mover == Mover::Role(by), is_met) {
            (false, _) => Err("wrong_role"),
            (true, false) => Err("guard_not_met"),
            (true, true) => Ok(to),
        }
    }

    #[test]
    fn an_update_moves_as_told_and_in_no_other_way() {
        let movers = [Role::Advocate, Role::Practitioner, Role::Supervisor].map(Mover::Role);
        for (is_proposer, may_update) in [(false, false), (false, true), (true, false), (true, true)] {
            let guarded = Guarded { is_proposer, may_update };
            for from in UpdateState::ALL.iter().copied() {
                for event in UpdateEvent::ALL.iter().copied() {
                    for mover in movers {
                        let done =
                            transition(TABLE, from, event, &[mover], &guarded).map_err(|error| error.code().word());
                        assert_eq!(done, told(from, event, mover, &guarded), "{event} in {from} by {mover:?}");
                    }
                }
            }
        }
    }
}
