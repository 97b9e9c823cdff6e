//! Where an administrator begins: who would not be reached, and what waits for a second person.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::unreached::{NamedUnreached, UnreachedLine};
use crate::error::Result;
use crate::escalation;
use crate::identity::{self, Admin};
use crate::portal::pages::frame;
use crate::portal::pages::reader::{PageReader, When};
use crate::portal::pages::visit::Visit;
use crate::tx::Tx;

/// Where an administrator begins.
#[derive(Template)]
#[template(path = "admin/home.html")]
struct AdminPage<'a> {
    reader: &'a PageReader,
    title: String,
    made_at: When,
    unreached: Vec<UnreachedLine>,
    waiting: String,
}

/// `GET /portal/admin`
pub async fn get_home(visit: Visit<Admin>) -> Result<HttpResponse> {
    let Visit { app, who, reader, deed } = visit;
    let staff = who.clone();
    let work = move |tx: &mut Tx<'_>| {
        let waiting = identity::list_second_person_requests(tx, &staff)?;
        let found = escalation::list_unreached(tx.conn, tx.settings, tx.now)?;
        Ok((waiting.len(), NamedUnreached::all(tx, &found)?))
    };
    let (waiting, found) = app.transact(who.actor(), deed, work).await?;
    let page = AdminPage {
        title: reader.title("portal-admin-title", false),
        made_at: reader.now_by_the_clock(),
        unreached: found.into_iter().map(|found| UnreachedLine::of(&reader, found)).collect(),
        waiting: reader.say_with("portal-requests-waiting", &[("count", waiting.into())]),
        reader: &reader,
    };
    frame::answer(StatusCode::OK, &page)
}
