//! Accounts of staff: all of them, one, and what an administrator does about it.

use actix_web::{HttpResponse, web};

use super::account_pages::{AccountPage, AccountsPage};
use super::{made, names, paths};
use crate::db::StaffId;
use crate::error::Result;
use crate::http::{ListRequest, Page, PageQuery, Query};
use crate::identity::{self, Admin, CreateSetupCodeBody, DisableStaffBody, PatchStaffBody, StaffQuery};
use crate::portal::pages::case::handle;
use crate::portal::pages::form::{FormTrouble, answer};
use crate::portal::pages::frame;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::tx::Tx;

/// Fields of an account that hold several words.
const ROLES: FieldShapes<'static> = FieldShapes { lists: &["roles"], ..FieldShapes::TEXT };

/// `GET /portal/admin/staff`
pub async fn get_accounts(visit: Visit<Admin>, Query(query): Query<PageQuery>) -> Result<HttpResponse> {
    let (after, limit) = (query.after()?, query.limit()?);
    let work = move |tx: &mut Tx<'_>| {
        let rows = identity::list_accounts(tx, &ListRequest { query: StaffQuery::of(None), after, limit })?;
        let names = names::organisations(tx, rows.iter().filter_map(|row| row.organisation_id))?;
        Ok((rows, names))
    };
    let (rows, names) = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    let found = Page::of(rows, limit, |row| (row.created_at, row.id.0), Ok)?;
    answer(&AccountsPage::of(&visit.reader, &found, &names), None)
}

/// `GET /portal/admin/staff/{account}`
pub async fn get_account(visit: Visit<Admin>, letters: web::Path<String>) -> Result<HttpResponse> {
    show(&visit, StaffId(handle::id(&letters)?), None).await
}

async fn show(visit: &Visit<Admin>, id: StaffId, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    let work = move |tx: &mut Tx<'_>| {
        let account = identity::find_account(tx, id)?;
        let organisation = match account.organisation_id {
            Some(own) => identity::find_organisation(tx.conn, own)?,
            None => None,
        };
        Ok((account, organisation))
    };
    let (account, organisation) = visit.app.transact(visit.who.actor(), "list_staff", work).await?;
    let is_own = visit.who.id == id;
    answer(&AccountPage::of(&visit.reader, (&account, organisation.as_ref()), is_own, trouble), trouble)
}

/// `POST …/roles`
pub async fn change_roles(visit: Visit<Admin>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = StaffId(handle::id(&letters)?);
    let done = match form.read_shaped::<PatchStaffBody>(ROLES) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work = move |tx: &mut Tx<'_>| identity::change_roles(tx, &staff, id, &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(&visit, id, ("roles", form), done).await
}

/// `POST …/disable`
pub async fn disable(visit: Visit<Admin>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = StaffId(handle::id(&letters)?);
    let done = match form.read::<DisableStaffBody>(&[]) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work = move |tx: &mut Tx<'_>| identity::disable_staff(tx, &staff, id, &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(&visit, id, ("disable", form), done).await
}

/// `POST …/setup-code`: the code is shown in the answer itself.
pub async fn new_setup_code(visit: Visit<Admin>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = StaffId(handle::id(&letters)?);
    let done = match form.read::<CreateSetupCodeBody>(&[]) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work = move |tx: &mut Tx<'_>| identity::create_setup_code(tx, &staff, id, &body);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(made) => {
            let secrets = [("portal-setup-code", made.setup_code)];
            made::show(&visit.reader, &secrets, made.state, paths::account(made.id))
        }
        Err(error) => settle(&visit, id, ("setup-code", form), Err(error)).await,
    }
}

/// What comes of an act: the account as it is now, or its page with what is wrong.
async fn settle(
    visit: &Visit<Admin>,
    id: StaffId,
    (of, form): (&str, Filled),
    done: Result<()>,
) -> Result<HttpResponse> {
    match done {
        Ok(()) => Ok(frame::see_other(&paths::account(id))),
        Err(error) => show(visit, id, Some(&FormTrouble::of(of, form, error)?)).await,
    }
}
