//! The police desk, for an officer who signed in: the alerts that their force was notified of, each with what is known of it.
//!
//! An officer reads here what the force's own systems poll, and not the alerts of survivors who keep that officer out. Details are
//! opened with a reason that the survivor reads: they are shown in the answer itself, and every time is a disclosure. What an
//! officer does here they do in their own name: no form asks for one, and none that brings one is taken.

mod address_page;
mod alert_page;
mod desk_view;
mod details_page;
mod facts_view;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use garde::Validate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use self::address_page::OfficerAddressPage;
use self::alert_page::{OfficerAlertPage, OfficerPastAlertPage};
use self::desk_view::PoliceDesk;
use self::details_page::OfficerDetailsPage;
use super::alert_words::alert_path;
use super::at;
use super::case::handle;
use super::frame;
use super::reader::PageReader;
use super::shown_alert::Trouble;
use super::visit::{Filled, Visit};
use crate::app::App;
use crate::crypto::{Keys, Private};
use crate::db::{DbConn, SafeAddressId};
use crate::error::{Error, Result};
use crate::escalation::{
    self, PoliceAcknowledgeBody, PoliceAlertView, PoliceDetailView, PoliceOpenedAddressView, PoliceOutcomeBody,
    PolledAlertData,
};
use crate::http::{Page, PageQuery, Query, limits};
use crate::identity::{self, Officer};
use crate::tx::Tx;

/// Alerts of one page of the desk; that there are older ones is said.
const MOST: i64 = 200;
/// The field of the API's bodies that names the officer: it is always the officer who signed in.
const OFFICER: &str = "officer";
/// What is done where alerts are read without their details, as the audit calls it.
const THIN: &str = "list_police_alerts";

/// `/portal/police`
pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(at("/police", THIN).route(web::get().to(get_desk)))
        .service(at("/police/{reference}/details", "get_police_alert").route(web::post().to(open_details)))
        .service(at("/police/{reference}/acknowledge", "acknowledge_police_alert").route(web::post().to(acknowledge)))
        .service(at("/police/{reference}/outcome", "create_police_outcome").route(web::post().to(record_outcome)))
        .service(
            at("/police/{reference}/addresses/{address}", "create_police_address_opening")
                .route(web::post().to(open_address)),
        );
}

/// Where the desk goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeskQuery {
    #[serde(default)]
    cursor: Option<String>,
}

/// Why an officer reads.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfficerReason {
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line")]
    reason: Private,
}

/// `GET /portal/police`
async fn get_desk(visit: Visit<Officer>, Query(query): Query<DeskQuery>) -> Result<HttpResponse> {
    show_desk(&visit.app, &visit.who, &visit.reader, query.cursor).await
}

/// The desk, from the newest alert on or from where another page of it ended.
///
/// # Errors
/// 422 for a place that no page of it gave.
pub async fn show_desk(
    app: &App,
    officer: &Officer,
    reader: &PageReader,
    cursor: Option<String>,
) -> Result<HttpResponse> {
    let after = PageQuery::of(None, cursor).after()?;
    let who = officer.clone();
    let work = move |tx: &mut Tx<'_>| escalation::list_alerts_of_force(tx, (&who).into(), None, after, MOST);
    let rows = app.transact(officer.actor(), THIN, work).await?;
    let page = Page::of(rows, MOST, |(row, _)| (row.raised_at, row.id.0), |(_, view)| Ok(view))?;
    frame::answer(StatusCode::OK, &PoliceDesk::of(reader, &page))
}

/// The page of one alert, for an officer.
///
/// # Errors
/// 404 where the alert is not the force's, or not the officer's.
pub async fn show_alert(app: &App, officer: &Officer, reader: &PageReader, reference: &str) -> Result<HttpResponse> {
    show(reader, &read(app, officer, reference).await?, None)
}

/// `POST …/details`: they are shown in the answer itself, and kept nowhere on the way.
async fn open_details(visit: Visit<Officer>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    match details(&visit, &reference, &form).await {
        Ok(found) => frame::answer(StatusCode::OK, &OfficerDetailsPage::of(&visit.reader, &found)),
        Err(error) => refuse(&visit, &reference, Trouble { error, form, act: "details" }).await,
    }
}

async fn details(visit: &Visit<Officer>, reference: &str, form: &Filled) -> Result<PoliceDetailView> {
    let OfficerReason { reason } = form.read(&[])?;
    let own = Private::from(own_name(&visit.app, &visit.who).await?);
    let (officer, named) = (visit.who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| escalation::open_for_officer(tx, (&officer).into(), &named, &own, &reason);
    visit.app.transact(visit.who.actor(), visit.deed, work).await
}

/// `POST …/acknowledge`
async fn acknowledge(visit: Visit<Officer>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let done = match in_own_name::<PoliceAcknowledgeBody>(&visit, &form).await {
        Ok(body) => {
            let (officer, named) = (visit.who.clone(), reference.to_string());
            let work = move |tx: &mut Tx<'_>| {
                escalation::acknowledge_for_force(tx, (&officer).into(), &named, &body).map(drop)
            };
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(&visit, &reference, (form, "acknowledge"), done).await
}

/// `POST …/outcome`
async fn record_outcome(visit: Visit<Officer>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let done = match in_own_name::<PoliceOutcomeBody>(&visit, &form).await {
        Ok(body) => {
            let (officer, named) = (visit.who.clone(), reference.to_string());
            let work = move |tx: &mut Tx<'_>| escalation::store_outcome(tx, (&officer).into(), &named, &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(&visit, &reference, (form, "outcome"), done).await
}

/// `POST …/addresses/{address}`: one place at a time, shown in the answer itself.
async fn open_address(visit: Visit<Officer>, path: web::Path<(String, String)>, form: Filled) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    match address(&visit, (&reference, &letters), &form).await {
        Ok(place) => frame::answer(StatusCode::OK, &OfficerAddressPage::of(&visit.reader, &reference, &place)),
        Err(error) => refuse(&visit, &reference, Trouble { error, form, act: "address" }).await,
    }
}

async fn address(
    visit: &Visit<Officer>,
    (reference, letters): (&str, &str),
    form: &Filled,
) -> Result<PoliceOpenedAddressView> {
    let id = SafeAddressId(handle::id(letters)?);
    let OfficerReason { reason } = form.read(&[])?;
    let own = Private::from(own_name(&visit.app, &visit.who).await?);
    let (officer, named) = (visit.who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        escalation::open_address_for_officer(tx, (&officer).into(), (&named, id), (&own, &reason))
    };
    visit.app.transact(visit.who.actor(), visit.deed, work).await
}

/// The name that an officer signs in with, by which the API's calls name them.
async fn own_name(app: &App, officer: &Officer) -> Result<String> {
    let id = officer.id;
    let read = move |conn: &mut DbConn, keys: &Keys| identity::usernames(conn, keys, vec![id]);
    app.read(read).await?.remove(&id).ok_or_else(|| Error::internal("an officer without a name"))
}

/// A form as the body of the API's call, in the name of the officer who sent it.
async fn in_own_name<B>(visit: &Visit<Officer>, form: &Filled) -> Result<B>
where
    B: DeserializeOwned + Validate<Context = ()>,
{
    if !form.get(OFFICER).is_empty() {
        return Err(Error::field("/officer", "not_allowed", "an officer answers for nobody else"));
    }
    form.with(OFFICER, own_name(&visit.app, &visit.who).await?).read(&[])
}

async fn read(app: &App, officer: &Officer, reference: &str) -> Result<PoliceAlertView> {
    let own = Private::from(own_name(app, officer).await?);
    let (who, named) = (officer.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| escalation::find_for_officer(tx, (&who).into(), &named, &own);
    app.transact(officer.actor(), THIN, work).await
}

/// What comes of an act: the alert as it is now, or its page with what is wrong.
async fn settle(
    visit: &Visit<Officer>,
    reference: &str,
    (form, act): (Filled, &'static str),
    done: Result<()>,
) -> Result<HttpResponse> {
    match done {
        Ok(()) => Ok(frame::see_other(&alert_path(reference))),
        Err(error) => refuse(visit, reference, Trouble { error, form, act }).await,
    }
}

/// The page again, where the officer can do something about it; else the fault.
async fn refuse(visit: &Visit<Officer>, reference: &str, trouble: Trouble) -> Result<HttpResponse> {
    if !matches!(trouble.error, Error::Invalid { .. } | Error::Conflict(..)) {
        return Err(trouble.error);
    }
    let alert = read(&visit.app, &visit.who, reference).await?;
    show(&visit.reader, &alert, Some(&trouble))
}

/// The page of an alert; of one that is long over what is left of it.
fn show(reader: &PageReader, alert: &PoliceAlertView, trouble: Option<&Trouble>) -> Result<HttpResponse> {
    let PolledAlertData::Present(data) = &alert.data else {
        return match trouble {
            Some(trouble) => Err(trouble.error.repeat()),
            None => frame::answer(StatusCode::OK, &OfficerPastAlertPage::of(reader, alert)),
        };
    };
    let page = OfficerAlertPage::of(reader, (alert, data.as_ref()), trouble);
    match trouble.map(|trouble| trouble.error.code()) {
        Some(code) => frame::refusal(frame::status(code), code, &page),
        None => frame::answer(StatusCode::OK, &page),
    }
}

#[cfg(test)]
mod tests;
