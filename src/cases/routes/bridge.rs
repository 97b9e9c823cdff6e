//! What goes from one side to the other by hand: notes, questions and concerns.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::cases::concerns::{self, AnswerCaseConcernBody, CaseConcernView, CreateCaseConcernBody, ReadConcern};
use crate::cases::fears;
use crate::cases::notes::{self, CaseNoteView, CreateCaseNoteBody, MadeCaseNoteView, ReadNote};
use crate::cases::reach::Redaction;
use crate::db::{CaseConcernId, CaseId};
use crate::http::page::Page;
use crate::http::reply::paged_as;
use crate::http::{Answer, Call, Created, EmptyBody, Listed, Listing, operations};
use crate::identity::{CaseStaff, Staff};
use crate::participants::{ConcernRow, ToldConcernView};
use crate::transitions::ActionsView;
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_case_note list_case_notes create_case_concern list_case_concerns list_case_participant_concerns
        get_case_concern_actions acknowledge_case_concern answer_case_concern
    }
}

/// Create a note about a case
///
/// For your own side, or for both; what was written is never changed, a correction is a note of its own. What the
/// survivor's side writes for both says which kinds of the record it draws on, and crosses only where the survivor has
/// agreed to them.
#[utoipa::path(post, path = "/cases/{id}/notes", tag = "cases")]
async fn create_case_note(call: Call<CaseStaff, CaseId, CreateCaseNoteBody>) -> Created<MadeCaseNoteView> {
    call.once(notes::create).await
}

/// A page of notes, and what is withheld.
#[derive(Serialize, ToSchema)]
struct CaseNotesView {
    /// The notes, newest first.
    items: Vec<CaseNoteView>,
    /// Give this as `cursor` to go on; null at the end.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// Items of this page that are there and could not be read, by their ids; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    unreadable: Vec<Uuid>,
    /// What is withheld as a whole, and why.
    redactions: Vec<Redaction>,
}

/// List the notes about a case that you may read
#[utoipa::path(get, path = "/cases/{id}/notes", tag = "cases")]
async fn list_case_notes(call: Listing<CaseStaff, CaseId>) -> Answer<CaseNotesView> {
    let (app, request) = (call.app.clone(), call.request.clone());
    let (found, limit) = call.list(notes::list).await?;
    let redactions = found.redactions;
    let page = app.page(found.rows, limit, ReadNote::cursor, ReadNote::view).await?;
    paged_as(&request, page, |page| {
        let Page { items, next_cursor, unreadable } = page;
        CaseNotesView { items, next_cursor, unreadable, redactions }
    })
}

/// Ask the other side of a case something, or tell it of a concern
///
/// From the survivor's side it carries only what the survivor has agreed to. A fear that cannot wait is recorded with
/// the participant, or is an alert.
#[utoipa::path(post, path = "/cases/{id}/concerns", tag = "cases")]
async fn create_case_concern(call: Call<CaseStaff, CaseId, CreateCaseConcernBody>) -> Created<CaseConcernView> {
    call.once(concerns::create).await
}

/// A page of questions and concerns, and what is withheld.
#[derive(Serialize, ToSchema)]
struct CaseConcernsView {
    /// The concerns, newest first.
    items: Vec<CaseConcernView>,
    /// Give this as `cursor` to go on; null at the end.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// Items of this page that are there and could not be read, by their ids; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    unreadable: Vec<Uuid>,
    /// What is withheld as a whole, and why.
    redactions: Vec<Redaction>,
}

/// List the questions and concerns of a case
#[utoipa::path(get, path = "/cases/{id}/concerns", tag = "cases")]
async fn list_case_concerns(call: Listing<CaseStaff, CaseId>) -> Answer<CaseConcernsView> {
    let (app, request) = (call.app.clone(), call.request.clone());
    let (found, limit) = call.list(concerns::list).await?;
    let redactions = found.redactions;
    let page = app.page(found.rows, limit, ReadConcern::cursor, ReadConcern::view).await?;
    paged_as(&request, page, |page| {
        let Page { items, next_cursor, unreadable } = page;
        CaseConcernsView { items, next_cursor, unreadable, redactions }
    })
}

/// List what the practitioner fears that the participant will do
///
/// Since both sides approved the case: what is feared, what was written for advocates, and when. What it rests on stays
/// on the programme's side. Not to be reported to the survivor as it is.
#[utoipa::path(get, path = "/cases/{id}/participant-concerns", tag = "cases")]
async fn list_case_participant_concerns(call: Listing<CaseStaff, CaseId>) -> Listed<ToldConcernView> {
    let key = |row: &ConcernRow| (row.created_at, row.id.0);
    call.page(fears::list, key, ToldConcernView::of).await
}

/// Read what you may do with a question or concern now
#[utoipa::path(get, path = "/cases/{id}/concerns/{concern_id}/actions", tag = "cases")]
async fn get_case_concern_actions(call: Call<CaseStaff, (CaseId, CaseConcernId)>) -> Answer<ActionsView> {
    call.run(concerns::open_to).await
}

/// Acknowledge what the other side raised
#[utoipa::path(post, path = "/cases/{id}/concerns/{concern_id}/acknowledge", tag = "cases")]
async fn acknowledge_case_concern(
    call: Call<CaseStaff, (CaseId, CaseConcernId), EmptyBody>,
) -> Answer<CaseConcernView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (CaseId, CaseConcernId)| concerns::act(tx, staff, path, None);
    call.acted(work, concerns::see).await
}

/// Answer what the other side raised
#[utoipa::path(post, path = "/cases/{id}/concerns/{concern_id}/answer", tag = "cases")]
async fn answer_case_concern(
    call: Call<CaseStaff, (CaseId, CaseConcernId), AnswerCaseConcernBody>,
) -> Answer<CaseConcernView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (CaseId, CaseConcernId), body: &AnswerCaseConcernBody| {
        concerns::act(tx, staff, path, Some(body))
    };
    call.acted(work, concerns::see).await
}
