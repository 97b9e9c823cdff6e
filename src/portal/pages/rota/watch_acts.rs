//! The rota: reading it, planning a shift, and cancelling one.

use actix_web::{HttpResponse, web};

use super::watch_page::{RotaPage, WatchRead};
use crate::db::ShiftId;
use crate::error::Result;
use crate::escalation::{self, CancelShiftBody, CreateShiftBody, RotaQuery};
use crate::http::Query;
use crate::identity::{self, Supervisor};
use crate::portal::pages::admin::unreached::NamedUnreached;
use crate::portal::pages::case::handle;
use crate::portal::pages::form::{FormTrouble, answer, id_text};
use crate::portal::pages::frame;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::tx::Tx;

/// Colleagues who can be chosen.
const MOST: i64 = 200;
/// The rota.
const ROTA: &str = "/portal/rota";

/// `GET /portal/rota`
pub async fn get_rota(visit: Visit<Supervisor>, Query(query): Query<RotaQuery>) -> Result<HttpResponse> {
    show(&visit, query, None).await
}

async fn show(visit: &Visit<Supervisor>, query: RotaQuery, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    let staff = visit.who.clone();
    let work = move |tx: &mut Tx<'_>| {
        let rota = escalation::show_rota(tx, &staff, &query)?;
        let own = staff.organisation()?;
        let colleagues = identity::list_colleagues(tx.conn, tx.keys, (own, None), None, MOST)?;
        let mut unreached = Vec::new();
        for found in rota.unreached.iter().flatten() {
            unreached.push(NamedUnreached::of(tx, found.why, (None, found.force_id.as_deref()), &found.staff)?);
        }
        Ok(WatchRead { rota, colleagues, unreached })
    };
    let found = visit.app.transact(visit.who.actor(), "get_rota", work).await?;
    answer(&RotaPage::of(&visit.reader, found, trouble), trouble)
}

/// `POST /portal/rota/shifts`
pub async fn plan(visit: Visit<Supervisor>, form: Filled) -> Result<HttpResponse> {
    let sent = form.with("staff_id", id_text(form.get("staff_id")));
    let shapes = FieldShapes { moments: &["starts_at", "ends_at"], ..FieldShapes::TEXT };
    let done = match sent.read_shaped::<CreateShiftBody>(shapes) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work = move |tx: &mut Tx<'_>| escalation::plan_shift(tx, &staff, &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(&visit, ("shift", form), done).await
}

/// `POST …/shifts/{shift}/cancel`
pub async fn cancel(visit: Visit<Supervisor>, letters: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let id = ShiftId(handle::id(&letters)?);
    let done = match form.read::<CancelShiftBody>(&[]) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work = move |tx: &mut Tx<'_>| escalation::cancel_watch(tx, &staff, id, &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(&visit, (&letters, form), done).await
}

/// What comes of an act: the rota as it is now, with what is wrong where it was refused.
async fn settle(visit: &Visit<Supervisor>, (of, form): (&str, Filled), done: Result<()>) -> Result<HttpResponse> {
    match done {
        Ok(()) => Ok(frame::see_other(ROTA)),
        Err(error) => show(visit, RotaQuery::default(), Some(&FormTrouble::of(of, form, error)?)).await,
    }
}
