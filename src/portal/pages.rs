//! The pages of the portal: signing in, what waits for the person who did, an alert, a case, and what each role looks after.
//!
//! A page is made on the server and is complete without JavaScript. The door (`door.rs`) turns the cookie into what the API's
//! callers prove themselves by; a handler takes a `Visit` of the caller that the API's own handler takes, asks the same use
//! case, and fills one page for one side: what a page's type cannot name it cannot show. What is not the reader's is 404.
//! Nothing of a case is in an address but references and letters that name no one, and nothing in a title. A form counts only
//! with the token of its own session (`Filled`); there is no other way for a handler to get at what was sent.
//!
//! Pages are no operations: the contract knows nothing of them. Logs and figures name them by their templates, since references
//! are in their addresses.
//!
//! Pages are templates of `askama` (`templates/`), which escapes what is put into a page and is checked by the compiler: a page is
//! a type with one field for each thing that its template shows, and what the type has not the template cannot name. Each side has
//! pages of its own. Their words are messages, and their components those of GOV.UK Frontend (`templates/parts.html`).

mod acts_view;
mod admin;
mod alert;
mod alert_view;
mod alert_words;
mod assets;
mod auditor;
mod case;
mod cookie;
mod door;
mod faults;
mod form;
mod frame;
mod notified_view;
mod override_view;
mod participants;
mod person_view;
mod police;
mod qr;
mod reader;
mod reports;
mod rota;
mod second_factor;
mod set_up;
mod shown_alert;
mod sign_in;
mod survivors;
mod visit;
mod welcome;
mod worklist;
mod worklist_view;

use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, Resource, web};

use self::visit::Deed;
use super::open_streams::OpenStreams;
use super::routes::{EventsQuery, follow};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::Query;
use crate::identity::ConnectedStaff;

/// `/portal`
pub fn routes(routes: &mut web::ServiceConfig) {
    let scope = web::scope("/portal")
        .service(web::resource("/assets/{name}").route(web::get().to(assets::get_asset)))
        .service(
            at("/sign-in", "create_session")
                .route(web::get().to(sign_in::get_sign_in))
                .route(web::post().to(sign_in::sign_in)),
        )
        .service(
            at("/second-factor", "create_session")
                .route(web::get().to(second_factor::get_second_factor))
                .route(web::post().to(second_factor::confirm_code)),
        )
        .service(at("/second-factor/enrol", "create_second_factor").route(web::post().to(second_factor::enrol)))
        .service(
            at("/set-up", "create_setup")
                .route(web::get().to(set_up::get_set_up))
                .route(web::post().to(set_up::set_up)),
        )
        .service(at("/stay", "get_me").route(web::post().to(sign_in::stay)))
        .service(at("/sign-out", "lock_session").route(web::post().to(sign_in::sign_out)))
        .service(at("/events", "get_events").route(web::get().to(get_events)))
        .service(at("/alerts/{reference}", "get_alert").route(web::get().to(alert::get_alert)))
        .service(at("/alerts/{reference}/acknowledge", "acknowledge_alert").route(web::post().to(alert::acknowledge)))
        .service(at("/alerts/{reference}/progress", "progress_alert").route(web::post().to(alert::progress)))
        .service(at("/alerts/{reference}/resolve", "resolve_alert").route(web::post().to(alert::resolve)))
        .service(at("/alerts/{reference}/stand-down", "stand_down_alert").route(web::post().to(alert::stand_down)))
        .service(
            at("/alerts/{reference}/location", "create_alert_location_opening")
                .route(web::post().to(alert::open_place)),
        )
        .service(
            at("/alerts/{reference}/overrides/{override}/approve", "approve_override")
                .route(web::post().to(alert::approve_override)),
        )
        .configure(cases)
        .configure(participants::routes)
        .configure(police::routes)
        .configure(auditor::routes)
        .configure(admin::routes)
        .configure(reports::routes)
        .configure(rota::routes)
        .configure(survivors::routes)
        .service(at("", "list_alerts").route(web::get().to(worklist::get_worklist)))
        .default_service(web::to(no_page))
        .wrap(from_fn(door::door));
    routes.service(scope);
}

/// `/portal/cases`
fn cases(routes: &mut web::ServiceConfig) {
    let of_case = |end: &str, deed: &'static str| at(&format!("/cases/{{reference}}{end}"), deed);
    routes
        .service(of_case("", "get_case_view").route(web::get().to(case::get_case)))
        .service(of_case("/notes", "create_case_note").route(web::post().to(case::write_note)))
        .service(of_case("/concerns", "create_case_concern").route(web::post().to(case::raise_concern)))
        .service(
            of_case("/concerns/{concern}/acknowledge", "acknowledge_case_concern")
                .route(web::post().to(case::acknowledge_concern)),
        )
        .service(
            of_case("/concerns/{concern}/answer", "answer_case_concern").route(web::post().to(case::answer_concern)),
        )
        .service(of_case("/goals/{goal}/reviews", "create_goal_review").route(web::post().to(case::record_score)))
        .service(
            of_case("/sessions/{session}/attendance", "put_session_attendance")
                .route(web::post().to(case::record_attendance)),
        )
        .service(of_case("/in-session", "start_in_session").route(web::post().to(case::start_in_session)))
        .service(of_case("/in-session/end", "confirm_staff_session").route(web::post().to(case::end_in_session)));
}

/// An address, and what is done there as the audit calls it.
fn at(path: &str, deed: &'static str) -> Resource {
    web::resource(path).app_data(Deed(deed))
}

async fn no_page() -> Result<HttpResponse> {
    Err(Error::NotFound)
}

/// The stream of events, for the script of pages.
async fn get_events(
    app: web::Data<App>,
    streams: web::Data<OpenStreams>,
    who: ConnectedStaff,
    Query(query): Query<EventsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    follow(&app, &streams, who, &query, &request)
}

#[cfg(test)]
mod tests;
