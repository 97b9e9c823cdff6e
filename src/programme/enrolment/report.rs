//! The end-of-programme report: written by the practitioner, approved by a supervisor, needed to conclude.
//!
//! Attendance and scores in it are counted from the records each time that it is written or submitted, never typed.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::enrolment_for;
use super::figures::{self, ReportFigures};
use super::machine::{REPORT_TABLE, ReportEvent, ReportGuard};
use super::model::{ReportRow, ReportState};
use super::store;
use crate::crypto::{Keys, Private, PrivateText, SealedRow, SealedTable, open, seal};
use crate::db::{EnrolmentId, Instant, Json, StaffId, SubjectId};
use crate::error::{Code, Error, Result};
use crate::http::etag::IfMatch;
use crate::http::limits;
use crate::identity::Staff;
use crate::participants::history::{self, TransitionCause};
use crate::transitions::{self, ActionsView};
use crate::tx::Tx;

/// What an end-of-programme report says.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndReportBody {
    /// What was reached.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Names urges early and uses two skills.")]
    progress: Private,
    /// What risk remains.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Rises with contact through the court.")]
    risk: Private,
    /// What should follow.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "A review in three months.")]
    recommendations: Private,
}

/// One transition of a report.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndReportTransitionBody {
    /// What to do; `GET …/actions` tells what is open to you now.
    #[garde(skip)]
    event: ReportEvent,
    /// Why, in words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Say more about what remains.")]
    #[serde(default)]
    note: Option<Private>,
}

/// An end-of-programme report, for the staff of the programme provider.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct EndReportView {
    /// Of which enrolment.
    pub enrolment_id: EnrolmentId,
    /// Its state.
    pub state: ReportState,
    /// What was reached.
    pub progress: String,
    /// What risk remains.
    pub risk: String,
    /// What should follow.
    pub recommendations: String,
    /// What was counted when it was written or submitted last.
    pub figures: ReportFigures,
    /// Who began it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// Who approved it.
    pub approved_by: Option<StaffId>,
    /// When.
    pub approved_at: Option<Instant>,
}

impl EndReportView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &ReportRow) -> Result<Self> {
        Ok(Self {
            enrolment_id: row.enrolment_id,
            state: row.state,
            progress: open!(keys, row.progress)?.shown(),
            risk: open!(keys, row.risk)?.shown(),
            recommendations: open!(keys, row.recommendations)?.shown(),
            figures: row.figures.read()?,
            created_by: row.created_by,
            created_at: row.created_at,
            submitted_at: row.submitted_at,
            approved_by: row.approved_by,
            approved_at: row.approved_at,
        })
    }
}

/// Begins the report of an enrolment.
///
/// # Errors
/// 404 for an enrolment that is not the caller's, 409 where there is one.
pub fn create(tx: &mut Tx<'_>, by: &Staff, id: EnrolmentId, body: &EndReportBody) -> Result<ReportRow> {
    let (access, enrolment) = enrolment_for(tx, by, id)?;
    if store::find_report(tx.conn, id)?.is_some() {
        return Err(Error::Conflict(Code::AlreadyExists, "this enrolment has a report".into()));
    }
    let keys = tx.keys;
    let new = ReportRow::sealing(keys, access.id(), id);
    let row = ReportRow {
        enrolment_id: id,
        participant_id: access.id(),
        state: ReportState::Draft,
        progress: seal!(new.progress, &body.progress)?,
        risk: seal!(new.risk, &body.risk)?,
        recommendations: seal!(new.recommendations, &body.recommendations)?,
        figures: Json::of(&figures::count(tx.conn, &access, &enrolment)?)?,
        created_by: by.id,
        created_at: tx.now,
        submitted_by: None,
        submitted_at: None,
        approved_by: None,
        approved_at: None,
        version: 1,
    };
    store::insert_report(tx, row.clone())?;
    Ok(row)
}

/// The report of an enrolment.
///
/// # Errors
/// 404 where there is none, or it is not the caller's.
pub fn read(tx: &mut Tx<'_>, by: &Staff, id: EnrolmentId) -> Result<ReportRow> {
    enrolment_for(tx, by, id)?;
    store::find_report(tx.conn, id)?.ok_or(Error::NotFound)
}

/// Writes the report again; only a draft can be written on.
///
/// # Errors
/// 409 for one that was submitted, 412 when it changed meanwhile.
pub fn replace(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: EnrolmentId,
    seen: &IfMatch,
    body: &EndReportBody,
) -> Result<ReportRow> {
    let (access, enrolment) = enrolment_for(tx, by, id)?;
    let old = store::find_report(tx.conn, id)?.ok_or(Error::NotFound)?;
    seen.check(old.version)?;
    if old.state != ReportState::Draft {
        return Err(Error::wrong_state("only a draft is written on"));
    }
    let (keys, version) = (tx.keys, old.version + 1);
    let new = ReportRow::sealing(keys, access.id(), id).at_version(version);
    let row = ReportRow {
        progress: seal!(new.progress, &body.progress)?,
        risk: seal!(new.risk, &body.risk)?,
        recommendations: seal!(new.recommendations, &body.recommendations)?,
        figures: Json::of(&figures::count(tx.conn, &access, &enrolment)?)?,
        version,
        ..old.clone()
    };
    if store::update_report(tx, old.version, &row)? { Ok(row) } else { Err(Error::Stale(Code::Stale)) }
}

fn guard(by: &Staff, row: &ReportRow) -> ReportGuard {
    ReportGuard { is_another: row.submitted_by.is_some_and(|author| author != by.id) && row.created_by != by.id }
}

/// What the caller may do with a report now.
///
/// # Errors
/// 404 where there is none, or it is not the caller's.
pub fn actions(tx: &mut Tx<'_>, by: &Staff, id: EnrolmentId) -> Result<ActionsView> {
    let row = read(tx, by, id)?;
    Ok(transitions::actions(REPORT_TABLE, row.state, &transitions::movers(by), &guard(by, &row)))
}

/// Makes one transition of a report.
///
/// # Errors
/// 409 for what the table does not allow now, 403 for what it allows somebody else.
pub fn act(tx: &mut Tx<'_>, by: &Staff, id: EnrolmentId, body: &EndReportTransitionBody) -> Result<()> {
    let (access, enrolment) = enrolment_for(tx, by, id)?;
    let old = store::find_report(tx.conn, id)?.ok_or(Error::NotFound)?;
    let next =
        transitions::transition(REPORT_TABLE, old.state, body.event, &transitions::movers(by), &guard(by, &old))?;
    let mut row = sealed_again(tx, &old)?;
    row.state = next;
    match body.event {
        ReportEvent::Submit => {
            row.figures = Json::of(&figures::count(tx.conn, &access, &enrolment)?)?;
            (row.submitted_by, row.submitted_at) = (Some(by.id), Some(tx.now));
        }
        ReportEvent::GiveBack => (row.submitted_by, row.submitted_at) = (None, None),
        ReportEvent::Approve => (row.approved_by, row.approved_at) = (Some(by.id), Some(tx.now)),
    }
    let step = TransitionCause {
        kind: "end_report",
        subject: SubjectId(id.0),
        event: body.event.as_str(),
        from: old.state.as_str(),
        to: next.as_str(),
        reason: None,
        note: body.note.as_ref(),
    };
    history::write(tx, by, &access, &step)?;
    tx.outcome(body.event.as_str());
    if store::update_report(tx, old.version, &row)? { Ok(()) } else { Err(Error::write_conflict()) }
}

/// The same words at the next version: what is sealed names the version that it belongs to.
fn sealed_again(tx: &Tx<'_>, old: &ReportRow) -> Result<ReportRow> {
    let (keys, version) = (tx.keys, old.version + 1);
    let new = old.own_sealing(keys).at_version(version);
    Ok(ReportRow {
        progress: seal!(new.progress, &open!(keys, old.progress)?)?,
        risk: seal!(new.risk, &open!(keys, old.risk)?)?,
        recommendations: seal!(new.recommendations, &open!(keys, old.recommendations)?)?,
        version,
        ..old.clone()
    })
}
