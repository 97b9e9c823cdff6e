//! What a session under duress reads: a decoy, short, plausible, and the same every time.
//!
//! No handler of a read runs in such a session: this stands before all of them, so that one added later cannot forget
//! it. Whatever is a list and not named here is empty; whatever is a single record does not exist. Writes go on to their
//! handlers, which keep and mark them and lower no protection (see `checkins/answer.rs`).

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::checkins::CheckInView;
use crate::db::DbConn;
use crate::error::{Code, Error, Result};
use crate::http::edge::Routes;
use crate::http::etag::ok_tagged;
use crate::http::page::Cursor;
use crate::http::{Page, PageQuery, ok, whole};
use crate::identity::{self, DeviceView, Survivor};
use crate::{access, checkins, consent, contact, escalation, evidence, incidents, safety};

/// Reads that ask for a PIN of the last minutes, and reads that come in pages: as in a genuine session.
const CONFIRMED: [&str; 4] = ["access-log", "devices", "disclosures", "safety-plan"];
const PAGED: [&str; 9] = [
    "access-log",
    "check-ins",
    "disclosures",
    "evidence",
    "incidents",
    "incidents/drafts",
    "messages",
    "timers",
    "updates",
];

/// Single records that ask for a PIN of the last minutes.
fn asks_for_pin(name: &str) -> bool {
    let is_single = ["/private-note", "/custody"].iter().any(|end| name.ends_with(end));
    let is_below = ["alerts/", "incidents/drafts/"].iter().any(|start| name.starts_with(start));
    CONFIRMED.contains(&name) || is_single || is_below
}

/// Answers the reads of a session under duress; lets everything else pass.
///
/// # Errors
/// None of its own.
pub async fn reads(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.method() != Method::GET {
        return next.call(request).await;
    }
    let who = match identity::survivor_of(request.request()).await {
        // A phone that may not read is refused as in a genuine session.
        Ok(found) => match found.filter(|who| who.is_duress && who.may_read().is_ok()) {
            Some(who) => who,
            None => return next.call(request).await,
        },
        Err(error) => return Ok(request.error_response(error)),
    };
    // As handlers are found by it: with what was escaped for no reason read as what it stands for.
    let path = request.match_info().as_str().to_owned();
    let is_read = request.app_data::<web::Data<Routes>>().is_some_and(|routes| routes.takes(&path, "GET"));
    if !is_read {
        return next.call(request).await;
    }
    let answer = match request.app_data::<web::Data<App>>() {
        Some(app) => answer(app, who, &path, request.request()).await,
        None => Err(Error::internal("no application")),
    };
    Ok(match answer {
        Ok(response) => request.into_response(response),
        Err(error) => request.error_response(error),
    })
}

async fn answer(app: &App, who: Survivor, path: &str, request: &HttpRequest) -> Result<HttpResponse> {
    let query = request.query_string();
    let (id, now, language) = (who.id, app.clock.now(), who.language);
    let own = access::own(&who);
    let name = path.strip_prefix("/app/v1/").unwrap_or_default();
    if asks_for_pin(name) && !who.has_fresh_pin(now) {
        return Err(Error::Forbidden(Code::PinNeeded));
    }
    let (mut limit, mut after) = (i64::MAX, None);
    if PAGED.contains(&name) {
        (limit, after) = place_in(name, query)?;
    }
    // Read from the database whatever is asked for, as a genuine session would.
    let asking = who.device;
    let rows = app.db.read(move |conn| identity::list_phones(conn, &who, now)).await?;
    let enrolled_at = rows.first().ok_or(Error::NotFound)?.created_at;
    let phones = app.views(&rows, |row| row.id.0, |keys, row| DeviceView::of(keys, row, asking)).await?;
    if name == "incidents/timeline" {
        let query = web::Query::<incidents::TimelineQuery>::from_query(query).map_err(|_| wrong_query())?;
        let shown = move |conn: &mut DbConn| incidents::decoy_timeline(conn, &own, &query, now);
        return Ok(ok(app.db.read(shown).await?));
    }
    Ok(match name {
        "check-ins" => {
            let mut rows = app.with_keys(|keys| checkins::decoy(keys, id, enrolled_at, now)).await?;
            let place = |row: &CheckInView| (row.received_at.unwrap_or(enrolled_at), row.id.0);
            rows.retain(|row| after.is_none_or(|after| place(row) < after));
            Page::of(rows, limit, place, Ok)?.respond(request)
        }
        "consents" => whole(consent::decoy(enrolled_at, language)),
        "devices" => ok(phones),
        "ladder" => ok(escalation::decoy_ladder(language)),
        "safety-plan" => ok_tagged(0, safety::decoy_plan()),
        "safe-contact" => ok(contact::decoy()),
        "trusted-contact" => return Err(Error::NotFound),
        "incidents/drafts" => whole::<()>(Vec::new()),
        single if single.contains('/') => return Err(Error::NotFound),
        _ => whole::<()>(Vec::new()),
    })
}

/// How many items a list is to hold and after which, with the parameters that a genuine session may give.
fn place_in(name: &str, query: &str) -> Result<(i64, Option<Cursor>)> {
    if name == "evidence" {
        let query = web::Query::<evidence::EvidenceQuery>::from_query(query).map_err(|_| wrong_query())?;
        let (_, after, limit) = query.into_inner().read()?;
        return Ok((limit, after));
    }
    let page = web::Query::<PageQuery>::from_query(query).map_err(|_| wrong_query())?;
    Ok((page.limit()?, page.after()?))
}

fn wrong_query() -> Error {
    Error::field("query", "not_allowed", "a parameter is unknown, repeated or not of the right form")
}
