//! URLs of referrals.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::act::{self, ReferralTransitionBody};
use super::create::{self, CreateReferralBody, MadeReferralView};
use super::model::{ReferralRow, ReferralView};
use super::receive::{self, ProgrammeProviderView, ReferPersonBody, ReferredPersonView};
use super::store;
use crate::access::{self, ActionsView};
use crate::app::App;
use crate::db::{ParticipantId, ReferralId, SubjectId};
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, create as answer, created, ok};
use crate::identity::{Officer, ProgrammeStaff, ReferralStaff};
use crate::programme::history::{self, TransitionRow, TransitionView};
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_referral)
        .service(create_person_referral)
        .service(list_programme_providers)
        .service(list_referrals)
        .service(list_participant_referrals)
        .service(get_referral)
        .service(get_referral_actions)
        .service(create_referral_transition)
        .service(list_referral_transitions);
}

/// Refer a participant to the programme
///
/// As a draft, by staff who work with the participant or by an officer of their home force; `submit` sends it in.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateReferralBody, responses((status = 201, body = MadeReferralView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor", "police"]))))]
#[post("/participants/{id}/referrals")]
async fn create_referral(
    app: web::Data<App>,
    staff: ReferralStaff,
    id: web::Path<ParticipantId>,
    request: Request<CreateReferralBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| create::create(tx, &staff, id, &body);
    created(&app, actor, "create_referral", (call, Keep::Answer), work, |made, _| made).await
}

/// Refer somebody to a programme provider whom you name
///
/// The provider's record of the person is made with the referral, with your force as their home force, and the referral
/// is submitted. Whether the provider knows them already is never told.
#[utoipa::path(tag = "programme", request_body = ReferPersonBody,
    responses((status = 201, body = ReferredPersonView)), security(("staff" = [])),
    extensions(("x-who" = json!(["police"]))))]
#[post("/referrals")]
async fn create_person_referral(
    app: web::Data<App>,
    officer: Officer,
    request: Request<ReferPersonBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let actor = officer.actor();
    let now = app.clock.now();
    let new = app.key_store.create_subject(ParticipantId::new(now), now).await?;
    let work = move |tx: &mut Tx<'_>| receive::refer(tx, new, &officer, &body);
    created(&app, actor, "create_person_referral", (call, Keep::Answer), work, |made, _| made).await
}

/// List the programme providers that you can refer somebody to
#[utoipa::path(tag = "programme", responses((status = 200, body = ProgrammeProvidersView)), security(("staff" = [])),
    extensions(("x-who" = json!(["police"]))))]
#[get("/programme-providers")]
async fn list_programme_providers(app: web::Data<App>, officer: Officer) -> Result<HttpResponse> {
    let work = move |tx: &mut Tx<'_>| Ok(ProgrammeProvidersView { items: receive::providers(tx)? });
    Ok(ok(app.transact(officer.actor(), "list_programme_providers", work).await?))
}

/// Programme providers.
#[derive(Serialize, ToSchema)]
struct ProgrammeProvidersView {
    /// The providers, the longest known first.
    items: Vec<ProgrammeProviderView>,
}

/// List the referrals of participants you work with
///
/// For a supervisor, all of the organisation. Newest first; `is_overdue` marks those that wait too long for a
/// practitioner.
#[utoipa::path(tag = "programme", params(PageQuery), responses((status = 200, body = Page<ReferralView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/referrals")]
async fn list_referrals(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| {
        let theirs = access::assigned_participants(tx, &staff)?;
        let rows = store::list_of(tx.conn, &theirs, after, limit)?;
        Page::of(rows, limit, ReferralRow::cursor, |row| ReferralView::of(tx.keys, &row, tx.now))
    };
    Ok(app.transact(actor, "list_referrals", work).await?.respond(&http))
}

/// List a participant's referrals
///
/// Newest first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<ReferralView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/referrals")]
async fn list_participant_referrals(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::participant(tx, &staff, id)?;
        let rows = store::list_referrals(tx.conn, &access, after, limit)?;
        Page::of(rows, limit, ReferralRow::cursor, |row| ReferralView::of(tx.keys, &row, tx.now))
    };
    Ok(app.transact(actor, "list_participant_referrals", work).await?.respond(&http))
}

/// See a referral
#[utoipa::path(tag = "programme", params(("id" = ReferralId, Path, description = "The referral")),
    responses((status = 200, body = ReferralView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/referrals/{id}")]
async fn get_referral(app: web::Data<App>, staff: ProgrammeStaff, id: web::Path<ReferralId>) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let (_, row) = act::referral_for(tx, &staff, id)?;
        ReferralView::of(tx.keys, &row, tx.now)
    };
    Ok(ok(app.transact(actor, "get_referral", work).await?))
}

/// See where a referral stands, and what you may do with it now
///
/// By an officer of the home force, for a referral that the police made.
#[utoipa::path(tag = "programme", params(("id" = ReferralId, Path, description = "The referral")),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor", "police"]))))]
#[get("/referrals/{id}/actions")]
async fn get_referral_actions(
    app: web::Data<App>,
    staff: ReferralStaff,
    id: web::Path<ReferralId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::actions(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_referral_actions", work).await?))
}

/// Move a referral on
///
/// One transition of the table that `…/actions` serves; what it does not list is 409. `enrol` is done by making the
/// enrolment.
#[utoipa::path(tag = "programme", params(("id" = ReferralId, Path, description = "The referral")),
    request_body = ReferralTransitionBody, responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor", "police"]))))]
#[post("/referrals/{id}/transitions")]
async fn create_referral_transition(
    app: web::Data<App>,
    staff: ReferralStaff,
    id: web::Path<ReferralId>,
    request: Request<ReferralTransitionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        act::act(tx, &staff, id, &body)?;
        act::actions(tx, &staff, id)
    };
    let name = "create_referral_transition";
    answer(&app, actor, name, StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// See what was done with a referral
///
/// Each transition with who made it, when and why; newest first.
#[utoipa::path(tag = "programme", params(("id" = ReferralId, Path, description = "The referral"), PageQuery),
    responses((status = 200, body = Page<TransitionView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/referrals/{id}/transitions")]
async fn list_referral_transitions(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ReferralId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let (access, _) = act::referral_for(tx, &staff, id)?;
        let rows = history::list(tx.conn, &access, SubjectId(id.0), after, limit)?;
        Page::of(rows, limit, TransitionRow::cursor, |row| TransitionView::of(tx.keys, row))
    };
    Ok(app.transact(actor, "list_referral_transitions", work).await?.respond(&http))
}
