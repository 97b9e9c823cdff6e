//! Organisations: all of them, one, and the accounts that are made there.

use actix_web::{HttpResponse, web};

use super::organisation_pages::{OrganisationPage, OrganisationsPage, ReadOrganisation};
use super::{made, paths};
use crate::db::{OrganisationId, StaffId};
use crate::error::Result;
use crate::http::etag::IfMatch;
use crate::http::{ListRequest, Page, PageQuery, Query};
use crate::identity::{
    self, Admin, CreateOrganisationBody, CreateStaffBody, MadeStaffView, OrganisationKind, PatchOrganisationBody,
    StaffQuery,
};
use crate::portal::pages::case::handle;
use crate::portal::pages::form::{FormTrouble, answer};
use crate::portal::pages::frame;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::tx::Tx;
use crate::webhooks;

/// Accounts and endpoints of one organisation that are shown.
const MOST: i64 = 200;
/// Fields of an account that hold several words.
const ROLES: FieldShapes<'static> = FieldShapes { lists: &["roles"], ..FieldShapes::TEXT };

/// `GET /portal/admin/organisations`
pub async fn get_organisations(visit: Visit<Admin>, Query(query): Query<PageQuery>) -> Result<HttpResponse> {
    show_all(&visit, &query, None).await
}

async fn show_all(visit: &Visit<Admin>, query: &PageQuery, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    let (after, limit) = (query.after()?, query.limit()?);
    let work = move |tx: &mut Tx<'_>| identity::list_every_organisation(tx, after, limit);
    let rows = visit.app.transact(visit.who.actor(), "list_organisations", work).await?;
    let found = Page::of(rows, limit, |row| (row.created_at, row.id.0), Ok)?;
    answer(&OrganisationsPage::of(&visit.reader, &found, trouble), trouble)
}

/// `POST /portal/admin/organisations/new`
pub async fn create_organisation(visit: Visit<Admin>, form: Filled) -> Result<HttpResponse> {
    let done = match form.read::<CreateOrganisationBody>(&[]) {
        Ok(body) => {
            let work = move |tx: &mut Tx<'_>| identity::create_organisation(tx, &body);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(made) => Ok(frame::see_other(&paths::organisation(made.id))),
        Err(error) => {
            let trouble = FormTrouble::of("organisation", form, error)?;
            show_all(&visit, &PageQuery::of(None, None), Some(&trouble)).await
        }
    }
}

/// `GET /portal/admin/organisations/{organisation}`
pub async fn get_organisation(visit: Visit<Admin>, letters: web::Path<String>) -> Result<HttpResponse> {
    show(&visit, OrganisationId(handle::id(&letters)?), None).await
}

async fn show(visit: &Visit<Admin>, id: OrganisationId, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    let work = move |tx: &mut Tx<'_>| {
        let organisation = identity::read_organisation(tx, id)?;
        let asked = ListRequest { query: StaffQuery::of(Some(id)), after: None, limit: MOST };
        let accounts = identity::list_accounts(tx, &asked)?;
        let endpoints = match organisation.kind {
            OrganisationKind::PoliceForce => webhooks::list_every_endpoint(tx, Some(id), None, MOST)?,
            _ => Vec::new(),
        };
        Ok((organisation, accounts, endpoints))
    };
    let found = visit.app.transact(visit.who.actor(), "get_organisation", work).await?;
    let (organisation, accounts, endpoints) = found;
    let accounts = Page::of(accounts, MOST, |row| (row.created_at, row.id.0), Ok)?;
    let found = ReadOrganisation { organisation, accounts, endpoints };
    answer(&OrganisationPage::of(&visit.reader, &found, trouble), trouble)
}

/// `POST …/correct/{version}`
pub async fn correct_organisation(
    visit: Visit<Admin>,
    path: web::Path<(String, i32)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (letters, version) = path.into_inner();
    let id = OrganisationId(handle::id(&letters)?);
    let done = match form.read::<PatchOrganisationBody>(&[]) {
        Ok(body) => {
            let work =
                move |tx: &mut Tx<'_>| identity::correct_organisation(tx, id, &IfMatch::of(version), &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(frame::see_other(&paths::organisation(id))),
        Err(error) => show(&visit, id, Some(&FormTrouble::of("correct", form, error)?)).await,
    }
}

/// `POST …/staff`: the setup code is shown in the answer itself.
pub async fn create_account(visit: Visit<Admin>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = OrganisationId(handle::id(&letters)?);
    let done = match form.with("organisation_id", id.to_string()).read_shaped::<CreateStaffBody>(ROLES) {
        Ok(body) => make_account(&visit, body).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(made) => {
            let secrets = [("portal-setup-code", made.setup_code)];
            made::show(&visit.reader, &secrets, made.state, paths::account(made.id))
        }
        Err(error) => show(&visit, id, Some(&FormTrouble::of("account", form, error)?)).await,
    }
}

async fn make_account(visit: &Visit<Admin>, body: CreateStaffBody) -> Result<MadeStaffView> {
    let now = visit.app.clock.now();
    let new = visit.app.key_store.create_subject(StaffId::new(now), now).await?;
    let work = move |tx: &mut Tx<'_>| identity::create_staff(tx, new, &body);
    visit.app.transact(visit.who.actor(), visit.deed, work).await
}
