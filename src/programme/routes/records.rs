//! URLs of what is recorded of a participant, for the programme's staff.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::db::{NoticeId, ParticipantId};
use crate::error::Result;
use crate::http::{EmptyBody, Keep, Page, PageQuery, Query, Request, created, ok};
use crate::identity::{Practitioner, ProgrammeStaff, Supervisor};
use crate::programme::record::diary::{self, CreateDiaryRatingBody, DiaryRatingView, MadeDiaryRatingView};
use crate::programme::record::formulation::{self, CreateFormulationBody, FormulationView, MadeFormulationView};
use crate::programme::record::notes::{self, CreatePracticeNoteBody, MadePracticeNoteView, PracticeNoteView};
use crate::programme::record::notices::{self, NoticeView};
use crate::programme::record::observations::{self, CreateObservationBody, MadeObservationView, ObservationView};
use crate::programme::record::own_risk::{self, CreateOwnRiskBody, MadeOwnRiskView, OwnRiskView};
use crate::programme::record::{DiaryRow, FormulationRow, NoticeRow, ObservationRow, OwnRiskRow, PracticeNoteRow};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(create_diary_rating)
        .service(list_diary_ratings)
        .service(create_observation)
        .service(list_observations)
        .service(create_formulation)
        .service(list_formulations)
        .service(create_own_risk)
        .service(list_own_risk)
        .service(create_practice_note)
        .service(list_practice_notes)
        .service(list_notices)
        .service(acknowledge_notice);
}

/// Enter a diary rating
///
/// What the participant's diary card says of a day. An urge that was acted on is laid beside incidents in the case
/// view.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateDiaryRatingBody, responses((status = 201, body = MadeDiaryRatingView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner"]))))]
#[post("/participants/{id}/diary-ratings")]
async fn create_diary_rating(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ParticipantId>,
    request: Request<CreateDiaryRatingBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| diary::enter(tx, &staff, id, &body);
    created(&app, actor, "create_diary_rating", (call, Keep::Answer), work, |made, _| made).await
}

/// List a participant's diary ratings
///
/// The latest entered first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<DiaryRatingView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/diary-ratings")]
async fn list_diary_ratings(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = diary::list(tx, &staff, id, after, limit)?;
        Page::of(rows, limit, DiaryRow::cursor, |row| DiaryRatingView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_diary_ratings", work).await?.respond(&http))
}

/// Record an observation
///
/// In a session or elsewhere.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateObservationBody, responses((status = 201, body = MadeObservationView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner"]))))]
#[post("/participants/{id}/observations")]
async fn create_observation(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ParticipantId>,
    request: Request<CreateObservationBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| observations::record(tx, &staff, id, &body);
    created(&app, actor, "create_observation", (call, Keep::Answer), work, |made, _| made).await
}

/// List what was observed of a participant
///
/// The latest observed first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<ObservationView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/observations")]
async fn list_observations(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = observations::list(tx, &staff, id, after, limit)?;
        Page::of(rows, limit, ObservationRow::cursor, |row| ObservationView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_observations", work).await?.respond(&http))
}

/// Write a formulation
///
/// Why this participant stalks, and which type of stalker that is (Mullen et al. 1999), in place of the one before.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateFormulationBody, responses((status = 201, body = MadeFormulationView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner"]))))]
#[post("/participants/{id}/formulations")]
async fn create_formulation(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ParticipantId>,
    request: Request<CreateFormulationBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| formulation::write(tx, &staff, id, &body);
    created(&app, actor, "create_formulation", (call, Keep::Answer), work, |made, _| made).await
}

/// List the versions of a participant's formulation
///
/// The latest first: that one counts.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<FormulationView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/formulations")]
async fn list_formulations(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = formulation::list(tx, &staff, id, after, limit)?;
        let key = |row: &FormulationRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, |row| FormulationView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_formulations", work).await?.respond(&http))
}

/// Rate a participant's risk to themselves
///
/// Anybody who works with them raises it; lowering it needs a reason, and a high one is told to their supervisor.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateOwnRiskBody, responses((status = 201, body = MadeOwnRiskView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/participants/{id}/own-risk")]
async fn create_own_risk(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    request: Request<CreateOwnRiskBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| own_risk::rate(tx, &staff, id, &body);
    created(&app, actor, "create_own_risk", (call, Keep::Answer), work, |made, _| made).await
}

/// List the ratings of a participant's risk to themselves
///
/// The latest first: that one counts. Without any, nobody has assessed it.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<OwnRiskView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/own-risk")]
async fn list_own_risk(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = own_risk::list(tx, &staff, id, after, limit)?;
        let key = |row: &OwnRiskRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, |row| OwnRiskView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_own_risk", work).await?.respond(&http))
}

/// Write a note of consultation or of clinical supervision
///
/// Notes of the consultation team are for all who work with the participant, those of supervision for you and the
/// supervisor alone.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreatePracticeNoteBody, responses((status = 201, body = MadePracticeNoteView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/participants/{id}/practice-notes")]
async fn create_practice_note(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    request: Request<CreatePracticeNoteBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| notes::write(tx, &staff, id, &body);
    created(&app, actor, "create_practice_note", (call, Keep::Answer), work, |made, _| made).await
}

/// List the notes about a participant that you may read
///
/// The latest first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<PracticeNoteView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/practice-notes")]
async fn list_practice_notes(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = notes::list(tx, &staff, id, after, limit)?;
        let key = |row: &PracticeNoteRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, |row| PracticeNoteView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_practice_notes", work).await?.respond(&http))
}

/// List what waits for you as a supervisor of the programme
///
/// Wordings to check, goals to approve, participants who may harm themselves: what nobody has taken up, the latest first.
#[utoipa::path(tag = "programme", params(PageQuery), responses((status = 200, body = Page<NoticeView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[get("/notices")]
async fn list_notices(
    app: web::Data<App>,
    staff: Supervisor,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| {
        let rows = notices::list(tx, &staff, after, limit)?;
        let key = |row: &NoticeRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, |row| Ok(NoticeView::of(&row)))
    };
    Ok(app.transact(actor, "list_notices", work).await?.respond(&http))
}

/// Take up what waits for you as a supervisor of the programme
#[utoipa::path(tag = "programme", params(("id" = NoticeId, Path, description = "The notice")),
    request_body = EmptyBody, responses((status = 200, body = NoticeView)), security(("staff" = [])),
    extensions(("x-who" = json!(["supervisor"]))))]
#[post("/notices/{id}/acknowledge")]
async fn acknowledge_notice(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<NoticeId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| notices::acknowledge(tx, &staff, id);
    Ok(ok(app.transact(actor, "acknowledge_notice", work).await?))
}
