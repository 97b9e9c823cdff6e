//! What waits for a second person: reading it, approving it, refusing or withdrawing it. Whether somebody is the second person
//! the use cases say.

use actix_web::{HttpResponse, web};

use super::names;
use super::paths;
use super::request_pages::{NamedRequest, RequestsPage};
use crate::db::{EndpointId, PoliceClientId, SecondPersonRequestId, StaffId};
use crate::error::{Error, Result};
use crate::identity::{self, ApproveBody, Approver, SecondPersonRequestView};
use crate::portal::pages::case::handle;
use crate::portal::pages::form::{FormTrouble, answer};
use crate::portal::pages::frame;
use crate::portal::pages::visit::{Filled, Visit};
use crate::tx::Tx;
use crate::webhooks;

/// `GET /portal/admin/requests`
pub async fn get_requests(visit: Visit<Approver>) -> Result<HttpResponse> {
    show(&visit, None).await
}

async fn show(visit: &Visit<Approver>, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    let staff = visit.who.clone();
    let work = move |tx: &mut Tx<'_>| {
        let waiting = identity::list_second_person_requests(tx, &staff)?;
        let named = |request: SecondPersonRequestView| {
            let organisation = names::organisation(tx, request.organisation_id)?;
            let asked_by = names::person(tx, request.asked_by)?;
            Ok::<_, Error>(NamedRequest { request, organisation, asked_by })
        };
        waiting.into_iter().map(named).collect::<Result<Vec<_>>>()
    };
    let waiting = visit.app.transact(visit.who.actor(), "list_second_person_requests", work).await?;
    answer(&RequestsPage::of(&visit.reader, visit.who.id, &waiting, trouble), trouble)
}

/// `POST /portal/admin/staff/{account}/approve/{request}`
pub async fn approve_account(
    visit: Visit<Approver>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (account, letters) = path.into_inner();
    let (staff, id, request_id) = (visit.who.clone(), StaffId(handle::id(&account)?), request(&letters)?);
    let work = move |tx: &mut Tx<'_>| identity::approve_staff(tx, &staff, id, &ApproveBody { request_id }).map(drop);
    let done = visit.app.transact(visit.who.actor(), visit.deed, work).await;
    settle(&visit, (&letters, form), done).await
}

/// `POST /portal/admin/police-clients/{client}/approve/{request}`
pub async fn approve_client(
    visit: Visit<Approver>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (client, letters) = path.into_inner();
    let (staff, id, request_id) = (visit.who.clone(), PoliceClientId(handle::id(&client)?), request(&letters)?);
    let work =
        move |tx: &mut Tx<'_>| identity::approve_police_client(tx, &staff, id, &ApproveBody { request_id }).map(drop);
    let done = visit.app.transact(visit.who.actor(), visit.deed, work).await;
    settle(&visit, (&letters, form), done).await
}

/// `POST /portal/admin/endpoints/{endpoint}/approve/{request}`
pub async fn approve_endpoint(
    visit: Visit<Approver>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (endpoint, letters) = path.into_inner();
    let (staff, id, request_id) = (visit.who.clone(), EndpointId(handle::id(&endpoint)?), request(&letters)?);
    let work = move |tx: &mut Tx<'_>| webhooks::approve_endpoint(tx, &staff, id, &ApproveBody { request_id }).map(drop);
    let done = visit.app.transact(visit.who.actor(), visit.deed, work).await;
    settle(&visit, (&letters, form), done).await
}

/// `POST /portal/admin/requests/{request}/refuse`
pub async fn refuse(visit: Visit<Approver>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let (staff, id) = (visit.who.clone(), request(&letters)?);
    let work = move |tx: &mut Tx<'_>| identity::refuse_request(tx, &staff, id).map(drop);
    let done = visit.app.transact(visit.who.actor(), visit.deed, work).await;
    settle(&visit, (&letters, form), done).await
}

fn request(letters: &str) -> Result<SecondPersonRequestId> {
    handle::id(letters).map(SecondPersonRequestId)
}

/// What comes of an act: what waits now, with what is wrong where it was refused.
async fn settle(visit: &Visit<Approver>, (letters, form): (&str, Filled), done: Result<()>) -> Result<HttpResponse> {
    match done {
        Ok(()) => Ok(frame::see_other(paths::REQUESTS)),
        Err(error) => show(visit, Some(&FormTrouble::of(letters, form, error)?)).await,
    }
}
