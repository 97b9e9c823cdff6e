//! Recording a request, stating what is withheld, agreeing to it, and giving it out.

use garde::Validate;
use jiff::Span;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::content::{self, SubjectAccessContent};
use super::machine::{SubjectAccessEvent, SubjectAccessGuard, SubjectAccessState, TABLE};
use super::model::{SubjectAccessRedaction, SubjectAccessRequestRow};
use super::store;
use crate::access::{self, ParticipantAccess};
use crate::crypto::{Private, SealedRow, open, seal};
use crate::db::{Day, OrganisationId, ParticipantId, SubjectAccessRequestId, SubjectId, not_to_come};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::Staff;
use crate::participants::history::{self, TransitionCause};
use crate::participants::tasks::{self, NewTask, ProgrammeTaskKind};
use crate::transitions::{self, ActionsView};
use crate::tx::Tx;

/// Months within which a request is answered (UK GDPR, article 12(3)).
const MONTHS: i64 = 1;
/// How much may be withheld item by item.
const MOST_REDACTIONS: usize = 200;

/// A participant's request to see their record.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSubjectAccessRequestBody {
    /// The day it came.
    #[garde(skip)]
    received_on: Day,
}

/// One transition of a request.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectAccessTransitionBody {
    /// What to do; `GET …/actions` tells what is open to you now.
    #[garde(skip)]
    event: SubjectAccessEvent,
    /// For `prepare`: what is withheld, and why; an empty list withholds nothing.
    #[garde(dive)]
    #[schema(max_items = 200)]
    #[serde(default)]
    redactions: Option<Vec<SubjectAccessRedaction>>,
    /// For `prepare`: the free text that you have read and give, by id. Each observation, and the formulation, is either
    /// here or withheld.
    #[garde(inner(length(max = 1000)))]
    #[schema(max_items = 1000)]
    #[serde(default)]
    given: Option<Vec<Uuid>>,
    /// For `refuse`: why, as a code.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "identity_not_proved")]
    #[serde(default)]
    reason: Option<String>,
    /// Why, in words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Nobody answered at the address.")]
    #[serde(default)]
    note: Option<Private>,
}

/// What a request gives, and what it withholds: for the two people who decide.
#[derive(Serialize, ToSchema)]
pub struct SubjectAccessContentView {
    /// The state of the request.
    pub state: SubjectAccessState,
    /// What the participant is given, as it was prepared.
    pub content: SubjectAccessContent,
    /// What is withheld, with the explanation for the file.
    pub redactions: Vec<SubjectAccessRedaction>,
}

/// Records a request.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn record(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateSubjectAccessRequestBody,
) -> Result<SubjectAccessRequestRow> {
    let access = access::participant(tx, by, participant)?;
    not_to_come("/received_on", body.received_on, tx.now)?;
    let far = |_| Error::field("/received_on", "out_of_range", "too far away");
    let due_on = body.received_on.0.checked_add(Span::new().months(MONTHS)).map_err(far)?;
    let row = SubjectAccessRequestRow {
        id: SubjectAccessRequestId::new(tx.now),
        participant_id: access.id(),
        state: SubjectAccessState::Received,
        received_on: body.received_on,
        due_on: Day(due_on),
        redactions: None,
        content: None,
        created_by: by.id,
        created_at: tx.now,
        approved_by: None,
        approved_at: None,
        released_by: None,
        released_at: None,
        version: 1,
    };
    store::insert(tx, row.clone())?;
    tasks::open(tx, &task_of(by.organisation()?, &row))?;
    Ok(row)
}

/// What waits until the participant is answered.
fn task_of(organisation: OrganisationId, row: &SubjectAccessRequestRow) -> NewTask {
    let (participant, subject) = (row.participant_id, SubjectId(row.id.0));
    NewTask { organisation, participant, kind: ProgrammeTaskKind::SubjectAccess, subject }
}

/// A request, for somebody who works with the participant.
///
/// # Errors
/// 404 for everybody else.
pub fn request_for(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: SubjectAccessRequestId,
) -> Result<(ParticipantAccess, SubjectAccessRequestRow)> {
    let row = store::find(tx.conn, id)?.ok_or(Error::NotFound)?;
    Ok((access::participant(tx, by, row.participant_id)?, row))
}

fn guard(by: &Staff, row: &SubjectAccessRequestRow) -> SubjectAccessGuard {
    SubjectAccessGuard { is_another: row.approved_by.is_some_and(|first| first != by.id) }
}

/// What the caller may do with a request now.
///
/// # Errors
/// 404 for a request that is not the caller's.
pub fn actions(tx: &mut Tx<'_>, by: &Staff, id: SubjectAccessRequestId) -> Result<ActionsView> {
    let (_, row) = request_for(tx, by, id)?;
    Ok(transitions::actions(TABLE, row.state, &transitions::movers(by), &guard(by, &row)))
}

/// What a request gives and withholds.
///
/// # Errors
/// 404 for a request that is not the caller's, and before it is prepared.
pub fn see(tx: &mut Tx<'_>, by: &Staff, id: SubjectAccessRequestId) -> Result<SubjectAccessContentView> {
    let (_, row) = request_for(tx, by, id)?;
    let (Some(redactions), Some(content)) = (open!(tx.keys, row.redactions)?, open!(tx.keys, row.content)?) else {
        return Err(Error::NotFound);
    };
    Ok(SubjectAccessContentView {
        state: row.state,
        content: serde_json::from_str(content.expose_secret())?,
        redactions: serde_json::from_str(redactions.expose_secret())?,
    })
}

/// Makes one transition of a request.
///
/// # Errors
/// 409 for what the table does not allow now, 403 for what it allows somebody else, 422 where what it needs is missing.
pub fn act(tx: &mut Tx<'_>, by: &Staff, id: SubjectAccessRequestId, body: &SubjectAccessTransitionBody) -> Result<()> {
    let (access, old) = request_for(tx, by, id)?;
    let next = transitions::transition(TABLE, old.state, body.event, &transitions::movers(by), &guard(by, &old))?;
    check(body)?;
    let mut row = SubjectAccessRequestRow { state: next, version: old.version + 1, ..old.clone() };
    match body.event {
        SubjectAccessEvent::Prepare => prepare(tx, &access, &mut row, body)?,
        SubjectAccessEvent::Approve => (row.approved_by, row.approved_at) = (Some(by.id), Some(tx.now)),
        SubjectAccessEvent::Release => (row.released_by, row.released_at) = (Some(by.id), Some(tx.now)),
        SubjectAccessEvent::Refuse => {}
    }
    if matches!(next, SubjectAccessState::Released | SubjectAccessState::Refused) {
        tasks::close(tx, SubjectId(id.0), ProgrammeTaskKind::SubjectAccess, Some(by.id))?;
    }
    let step = TransitionCause {
        kind: "subject_access",
        subject: SubjectId(id.0),
        event: body.event.as_str(),
        from: old.state.as_str(),
        to: next.as_str(),
        reason: body.reason.as_deref(),
        note: body.note.as_ref(),
    };
    history::write(tx, by, &access, &step)?;
    tx.outcome(body.event.as_str());
    if store::update(tx, old.version, &row)? { Ok(()) } else { Err(Error::write_conflict()) }
}

/// Fixes what is given and what is withheld; who agreed before agreed to something else.
fn prepare(
    tx: &mut Tx<'_>,
    access: &ParticipantAccess,
    row: &mut SubjectAccessRequestRow,
    body: &SubjectAccessTransitionBody,
) -> Result<()> {
    let redactions = body.redactions.as_deref().unwrap_or_default();
    let content = content::make(tx, access, redactions, body.given.as_deref().unwrap_or_default())?;
    let request = row.own_sealing(tx.keys);
    row.redactions = Some(seal!(request.redactions, &Private::from(serde_json::to_string(redactions)?))?);
    row.content = Some(seal!(request.content, &Private::from(serde_json::to_string(&content)?))?);
    (row.approved_by, row.approved_at) = (None, None);
    Ok(())
}

fn check(body: &SubjectAccessTransitionBody) -> Result<()> {
    if (body.event == SubjectAccessEvent::Prepare) != body.redactions.is_some() {
        return Err(Error::field("/redactions", "required", "stated with prepare, and with nothing else"));
    }
    if body.redactions.as_ref().is_some_and(|redactions| redactions.len() > MOST_REDACTIONS) {
        return Err(Error::field("/redactions", "out_of_range", "200 at most: withhold a whole part instead"));
    }
    if body.event != SubjectAccessEvent::Prepare && body.given.is_some() {
        return Err(Error::field("/given", "not_allowed", "stated with prepare alone"));
    }
    if body.event == SubjectAccessEvent::Refuse && body.reason.is_none() {
        return Err(Error::field("/reason", "required", "say why, as a code"));
    }
    Ok(())
}
