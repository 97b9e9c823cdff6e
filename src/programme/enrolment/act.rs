//! What is done with an enrolment: one use case for every transition, by the table.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::machine::{EnrolmentEvent, EnrolmentGuard, TABLE};
use super::model::{EnrolmentRow, EnrolmentState, ReportState};
use super::{figures, store};
use crate::access::{self, ParticipantAccess};
use crate::crypto::Private;
use crate::db::{EnrolmentId, SubjectId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::Staff;
use crate::participants::history::{self, TransitionCause};
use crate::programme::{SessionRow, SessionState, sessions};
use crate::transitions::{self, ActionsView};
use crate::tx::Tx;

/// The reason of a withdrawal that says that the participant stopped coming.
const DROPPED_OUT: &str = "dropped_out";

/// One transition of an enrolment.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentTransitionBody {
    /// What to do; `GET …/actions` tells what is open to you now.
    #[garde(skip)]
    event: EnrolmentEvent,
    /// Why, as a code; needed to hold and to withdraw.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "recalled")]
    #[serde(default)]
    reason: Option<String>,
    /// Why, in words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Recalled to prison on 3 May.")]
    #[serde(default)]
    note: Option<Private>,
}

/// An enrolment, for somebody who works with the participant.
///
/// # Errors
/// 404 for everybody else.
pub fn enrolment_for(tx: &mut Tx<'_>, by: &Staff, id: EnrolmentId) -> Result<(ParticipantAccess, EnrolmentRow)> {
    let row = store::find_enrolment(tx.conn, id)?.ok_or(Error::NotFound)?;
    Ok((access::participant(tx, by, row.participant_id)?, row))
}

fn guard(tx: &mut Tx<'_>, access: &ParticipantAccess, row: &EnrolmentRow) -> Result<EnrolmentGuard> {
    let report = store::find_report(tx.conn, row.id)?;
    Ok(EnrolmentGuard {
        is_attended: figures::count(tx.conn, access, row)?.not_recorded == 0,
        is_reported: report.is_some_and(|report| report.state == ReportState::Approved),
    })
}

/// What the caller may do with an enrolment now.
///
/// # Errors
/// 404 for an enrolment that is not the caller's.
pub fn actions(tx: &mut Tx<'_>, by: &Staff, id: EnrolmentId) -> Result<ActionsView> {
    let (access, row) = enrolment_for(tx, by, id)?;
    let guard = guard(tx, &access, &row)?;
    Ok(transitions::actions(TABLE, row.state, &transitions::movers(by), &guard))
}

/// Makes one transition.
///
/// # Errors
/// 409 for what the table does not allow now, 422 where a reason is missing.
pub fn act(tx: &mut Tx<'_>, by: &Staff, id: EnrolmentId, body: &EnrolmentTransitionBody) -> Result<()> {
    let (access, row) = enrolment_for(tx, by, id)?;
    let guard = guard(tx, &access, &row)?;
    let next = transitions::transition(TABLE, row.state, body.event, &transitions::movers(by), &guard)?;
    if matches!(body.event, EnrolmentEvent::Hold | EnrolmentEvent::Withdraw) && body.reason.is_none() {
        return Err(Error::field("/reason", "required", "say why, as a code"));
    }
    let is_over = matches!(next, EnrolmentState::Concluded | EnrolmentState::Withdrawn);
    let changed = EnrolmentRow {
        state: next,
        reason: body.reason.clone(),
        ended_at: is_over.then_some(tx.now),
        version: row.version + 1,
        ..row.clone()
    };
    let step = TransitionCause {
        kind: "enrolment",
        subject: SubjectId(id.0),
        event: body.event.as_str(),
        from: row.state.as_str(),
        to: next.as_str(),
        reason: body.reason.as_deref(),
        note: body.note.as_ref(),
    };
    history::write(tx, by, &access, &step)?;
    if is_over {
        cancel_planned(tx, by, &row)?;
    }
    if let Some(what) = news(body.event, body.reason.as_deref()) {
        tx.emit(Event::ParticipantChanged { participant: access.id(), what });
    }
    tx.outcome(body.event.as_str());
    if store::update_enrolment(tx, row.version, &changed)? { Ok(()) } else { Err(Error::write_conflict()) }
}

/// What the advocates of the survivors learn of a transition. A reason may say more of the participant than they need, such
/// as an illness: only that somebody dropped out is distinguished.
fn news(event: EnrolmentEvent, reason: Option<&str>) -> Option<&'static str> {
    match event {
        EnrolmentEvent::Hold => Some("programme_paused"),
        EnrolmentEvent::Resume => Some("programme_continuing"),
        EnrolmentEvent::Complete => Some("programme_completed"),
        EnrolmentEvent::Withdraw if reason == Some(DROPPED_OUT) => Some(DROPPED_OUT),
        EnrolmentEvent::Withdraw => Some("programme_ended_early"),
        EnrolmentEvent::Conclude => None,
    }
}

/// The sessions that lie ahead when an enrolment ends are not held; those that have passed wait for somebody to record
/// whether the participant came.
fn cancel_planned(tx: &mut Tx<'_>, by: &Staff, row: &EnrolmentRow) -> Result<()> {
    let ahead = |session: &SessionRow| session.state() == SessionState::Planned && session.planned_at > tx.now;
    let planned: Vec<SessionRow> = store::list_sessions(tx.conn, row)?.into_iter().filter(ahead).collect();
    for session in planned {
        sessions::call_off(tx, by, &session)?;
    }
    Ok(())
}
