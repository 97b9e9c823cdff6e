//! Ladders: reading them, drafting one as the default is, asking what would happen, and publishing.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::climb_page::ClimbPage;
use super::ladder_pages::{LadderPage, LaddersPage, ladder_path};
use super::watch_page::names_of;
use crate::db::LadderId;
use crate::error::{Error, Result};
use crate::escalation::{
    self, DefaultLadderView, LadderBody, OrganisationLadderView, PublishLadderBody, SimulateBody, SimulationView,
};
use crate::http::{Page, PageQuery, Query, parse};
use crate::identity::{self, ColleagueView, OrganisationKind, Supervisor};
use crate::portal::pages::case::handle;
use crate::portal::pages::form::{FormTrouble, answer};
use crate::portal::pages::frame;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::tx::Tx;

/// Colleagues whose names are known.
const MOST: i64 = 200;
/// Fields of a question that hold a number.
const SHAPES: FieldShapes<'static> =
    FieldShapes { numbers: &["acknowledged_after_minutes"], moments: &["at"], ..FieldShapes::TEXT };

/// `GET /portal/ladders`
pub async fn get_ladders(visit: Visit<Supervisor>, Query(query): Query<PageQuery>) -> Result<HttpResponse> {
    let (after, limit, staff) = (query.after()?, query.limit()?, visit.who.clone());
    let work = move |tx: &mut Tx<'_>| escalation::list_ladders(tx, &staff, after, limit);
    let rows = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    let own = Page::of(rows, limit, |row| (row.created_at, row.id.0), OrganisationLadderView::of)?;
    let may_draft = visit.who.works_for(OrganisationKind::SurvivorSupport);
    frame::answer(StatusCode::OK, &LaddersPage::of(&visit.reader, &own, &DefaultLadderView::all(), may_draft))
}

/// `POST /portal/ladders/draft/{code}`: a draft with the steps of the default.
pub async fn draft(visit: Visit<Supervisor>, code: web::Path<String>, _form: Filled) -> Result<HttpResponse> {
    let known = DefaultLadderView::all().into_iter().find(|ladder| ladder.code == code.as_str());
    let body: LadderBody = parse(&serde_json::to_vec(&known.ok_or(Error::NotFound)?)?)?;
    let staff = visit.who.clone();
    let work = move |tx: &mut Tx<'_>| Ok(escalation::draft_ladder(tx, &staff, &body)?.id);
    let id = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    Ok(frame::see_other(&ladder_path(id)))
}

/// `GET /portal/ladders/{ladder}`
pub async fn get_ladder(visit: Visit<Supervisor>, letters: web::Path<String>) -> Result<HttpResponse> {
    show(&visit, LadderId(handle::id(&letters)?), None).await
}

async fn show(visit: &Visit<Supervisor>, id: LadderId, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    let staff = visit.who.clone();
    let work = move |tx: &mut Tx<'_>| {
        let ladder = OrganisationLadderView::of(escalation::ladder_of(tx, &staff, id)?)?;
        let checked = escalation::validate_ladder(tx, &staff, id)?;
        Ok((ladder, checked))
    };
    let (ladder, checked) = visit.app.transact(visit.who.actor(), "get_organisation_ladder", work).await?;
    answer(&LadderPage::of(&visit.reader, (&ladder, &checked), trouble), trouble)
}

/// `POST …/simulate`: what would happen is shown in the answer itself.
pub async fn simulate(visit: Visit<Supervisor>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = LadderId(handle::id(&letters)?);
    let done = match form.read_shaped::<SimulateBody>(SHAPES) {
        Ok(body) => climb(&visit, id, body).await,
        Err(error) => Err(error),
    };
    match done {
        Ok((found, colleagues)) => {
            let page = ClimbPage::of(&visit.reader, &found, &names_of(&colleagues), ladder_path(id));
            frame::answer(StatusCode::OK, &page)
        }
        Err(error) => show(&visit, id, Some(&FormTrouble::of("simulate", form, error)?)).await,
    }
}

async fn climb(
    visit: &Visit<Supervisor>,
    id: LadderId,
    body: SimulateBody,
) -> Result<(SimulationView, Vec<ColleagueView>)> {
    let staff = visit.who.clone();
    let work = move |tx: &mut Tx<'_>| {
        let found = escalation::simulate_ladder(tx, &staff, id, &body)?;
        let own = staff.organisation()?;
        Ok((found, identity::list_colleagues(tx.conn, tx.keys, (own, None), None, MOST)?))
    };
    visit.app.transact(visit.who.actor(), visit.deed, work).await
}

/// `POST …/publish`
pub async fn publish(visit: Visit<Supervisor>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = LadderId(handle::id(&letters)?);
    let done = match form.read::<PublishLadderBody>(&["uncovered_acknowledged"]) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work = move |tx: &mut Tx<'_>| escalation::publish_ladder(tx, &staff, id, &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(frame::see_other(&ladder_path(id))),
        Err(error) => show(&visit, id, Some(&FormTrouble::of("publish", form, error)?)).await,
    }
}
