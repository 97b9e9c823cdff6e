//! News of the programme on its way to the survivor, and what the survivor reads.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{self, ActionsView};
use crate::app::App;
use crate::cases::model::ProgrammeUpdate;
use crate::cases::updates::{self, CaseUpdateView, CreateCaseUpdateBody, EndCaseUpdateBody, UpdateEvent, UpdateView};
use crate::crypto::Keys;
use crate::db::{CaseId, DbConn, ProgrammeUpdateId};
use crate::error::Result;
use crate::http::{EmptyBody, Page, PageQuery, Query, RepeatKey, Request, ok};
use crate::identity::{CaseStaff, Practitioner, Staff, Supervisor, SupportStaff, Survivor};
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    routes.service(list_updates);
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_case_update)
        .service(list_case_updates)
        .service(get_case_update_actions)
        .service(check_case_update)
        .service(refuse_case_update)
        .service(release_case_update)
        .service(decline_case_update);
}

/// See what your advocate has released to you
///
/// What the police said came of an alert; and, while you agree to it, news of the programme.
#[utoipa::path(tag = "alerts", params(PageQuery), responses((status = 200, body = Page<UpdateView>)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/updates")]
async fn list_updates(
    app: web::Data<App>,
    who: Survivor,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, access) = (query.0.limit()?, query.0.after()?, access::own(&who));
    let (now, language) = (app.clock.now(), who.language);
    let find =
        move |conn: &mut DbConn, keys: &Keys| updates::released(conn, keys, &access, (after, limit, now), language);
    let rows = app.read(find).await?;
    Ok(Page::of(rows, limit, UpdateView::key, Ok)?.respond(&http))
}

/// Propose news of the programme for the survivor
///
/// In a code, and a line where that does not say enough. A supervisor of yours checks it, the survivor's advocate
/// releases it.
#[utoipa::path(tag = "cases", request_body = CreateCaseUpdateBody, responses((status = 201, body = CaseUpdateView)),
    params(("id" = CaseId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/cases/{id}/updates")]
async fn create_case_update(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<CaseId>,
    request: Request<CreateCaseUpdateBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| updates::propose(tx, &caller, id, &body);
    answer(&app, &staff, ("create_case_update", StatusCode::CREATED), call, work).await
}

/// Answers with the update as it stands after a use case.
async fn answer(
    app: &App,
    staff: &Staff,
    (action, status): (&'static str, StatusCode),
    call: RepeatKey,
    work: impl Fn(&mut Tx<'_>) -> Result<ProgrammeUpdate> + Send + Sync + 'static,
) -> Result<HttpResponse> {
    let work = move |tx: &mut Tx<'_>| {
        let row = work(tx)?;
        CaseUpdateView::of(tx.keys, &row)
    };
    let kept = (call, crate::http::Keep::Answer);
    crate::http::create(app, staff.actor(), action, status, kept, work, |view, _| view).await
}

/// List the news of a case
///
/// The survivor's side knows of it once it was checked.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), PageQuery),
    responses((status = 200, body = Page<CaseUpdateView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/updates")]
async fn list_case_updates(
    app: web::Data<App>,
    staff: CaseStaff,
    id: web::Path<CaseId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| updates::list(tx, &caller, id, after, limit);
    let rows = app.transact(staff.actor(), "list_case_updates", work).await?;
    let key = |row: &ProgrammeUpdate| (row.proposed_at, row.id.0);
    Ok(app.page(rows, limit, key, CaseUpdateView::of).await?.respond(&http))
}

/// See what you may do with an update now
#[utoipa::path(tag = "cases", responses((status = 200, body = ActionsView)),
    params(("id" = CaseId, Path), ("update_id" = ProgrammeUpdateId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/updates/{update_id}/actions")]
async fn get_case_update_actions(
    app: web::Data<App>,
    staff: CaseStaff,
    path: web::Path<(CaseId, ProgrammeUpdateId)>,
) -> Result<HttpResponse> {
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| updates::open_to(tx, &caller, path);
    Ok(ok(app.transact(staff.actor(), "get_case_update_actions", work).await?))
}

/// Say that an update tells no more of the participant than it must
///
/// By a supervisor of the programme who did not propose it.
#[utoipa::path(tag = "cases", request_body = EmptyBody, responses((status = 200, body = CaseUpdateView)),
    params(("id" = CaseId, Path), ("update_id" = ProgrammeUpdateId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["supervisor"]))))]
#[post("/cases/{id}/updates/{update_id}/check")]
async fn check_case_update(
    app: web::Data<App>,
    staff: Supervisor,
    path: web::Path<(CaseId, ProgrammeUpdateId)>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| updates::act(tx, &caller, path, UpdateEvent::Check, None);
    answer(&app, &staff, ("check_case_update", StatusCode::OK), call, work).await
}

/// Refuse an update
#[utoipa::path(tag = "cases", request_body = EndCaseUpdateBody, responses((status = 200, body = CaseUpdateView)),
    params(("id" = CaseId, Path), ("update_id" = ProgrammeUpdateId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["supervisor"]))))]
#[post("/cases/{id}/updates/{update_id}/refuse")]
async fn refuse_case_update(
    app: web::Data<App>,
    staff: Supervisor,
    path: web::Path<(CaseId, ProgrammeUpdateId)>,
    request: Request<EndCaseUpdateBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| updates::act(tx, &caller, path, UpdateEvent::Refuse, Some(&body.reason));
    answer(&app, &staff, ("refuse_case_update", StatusCode::OK), call, work).await
}

/// Pass an update on to the survivor
///
/// Takes their `updates.programme`.
#[utoipa::path(tag = "cases", request_body = EmptyBody, responses((status = 200, body = CaseUpdateView)),
    params(("id" = CaseId, Path), ("update_id" = ProgrammeUpdateId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/cases/{id}/updates/{update_id}/release")]
async fn release_case_update(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(CaseId, ProgrammeUpdateId)>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| updates::act(tx, &caller, path, UpdateEvent::Release, None);
    answer(&app, &staff, ("release_case_update", StatusCode::OK), call, work).await
}

/// Do not pass an update on
#[utoipa::path(tag = "cases", request_body = EndCaseUpdateBody, responses((status = 200, body = CaseUpdateView)),
    params(("id" = CaseId, Path), ("update_id" = ProgrammeUpdateId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/cases/{id}/updates/{update_id}/decline")]
async fn decline_case_update(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(CaseId, ProgrammeUpdateId)>,
    request: Request<EndCaseUpdateBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| updates::act(tx, &caller, path, UpdateEvent::Decline, Some(&body.reason));
    answer(&app, &staff, ("decline_case_update", StatusCode::OK), call, work).await
}

#[cfg(test)]
mod tests {
    use crate::cases::model::UpdateCode;
    use crate::words::{Language, find, id_of};

    #[test]
    fn every_code_of_an_update_has_its_sentence_in_both_languages() {
        for code in UpdateCode::ALL {
            for language in Language::ALL {
                assert!(find(*language, &id_of("update", code.as_str()), &[]).is_some(), "{code} in {language}");
            }
        }
    }
}
