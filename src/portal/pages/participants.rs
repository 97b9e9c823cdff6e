//! Participants, for the programme's staff who work with them: their record on one page, a session on one page, and the report
//! at the end of a programme.
//!
//! What is done here is done by the use case of the API's own call (`acts.rs`); a form that was refused comes back with what was
//! in it. Nothing here asks for anything of a survivor. While the participant may be looking on, each of these pages is the one
//! that was written for their eyes (`in_session_page.rs`).

mod acts;
mod chart;
mod forms;
mod goal_acts;
mod goals_view;
mod in_session_page;
mod lines_view;
mod list;
mod orders_view;
mod paths;
mod read;
mod record_acts;
mod record_page;
mod report_acts;
mod report_page;
mod session_acts;
mod session_page;

use actix_web::{HttpResponse, web};

use super::at;
use super::frame;
use super::visit::Visit;
use crate::error::Result;
use crate::identity::ProgrammeStaff;
use crate::portal::pages::case::handle::participant_path;

/// `/portal/participants`
pub fn routes(routes: &mut web::ServiceConfig) {
    let of = |end: &str, deed: &'static str| at(&format!("/participants/{{reference}}{end}"), deed);
    routes
        .service(at("/participants", "list_participants").route(web::get().to(list::get_participants)))
        .service(at("/participants/find", "list_participants").route(web::post().to(list::find_participant)))
        .service(of("", "get_participant").route(web::get().to(get_record)))
        .service(of("/sessions/{session}", "get_programme_session").route(web::get().to(get_session)))
        .service(of("/enrolments/{enrolment}", "get_enrolment").route(web::get().to(get_report)))
        .configure(record_acts::routes)
        .configure(goal_acts::routes)
        .configure(session_acts::routes)
        .configure(report_acts::routes);
}

/// `GET /portal/participants/{reference}`
async fn get_record(visit: Visit<ProgrammeStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    record_page::show(&visit.app, &visit.who, &visit.reader, (&reference, visit.deed), None).await
}

/// `GET …/sessions/{session}`
async fn get_session(visit: Visit<ProgrammeStaff>, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    if visit.who.is_in_session() {
        return Ok(frame::see_other(&participant_path(&reference)));
    }
    session_page::show(&visit.app, &visit.who, &visit.reader, (&reference, &letters, visit.deed), None).await
}

/// `GET …/enrolments/{enrolment}`: the programme, and the report at its end.
async fn get_report(visit: Visit<ProgrammeStaff>, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    if visit.who.is_in_session() {
        return Ok(frame::see_other(&participant_path(&reference)));
    }
    report_page::show(&visit.app, &visit.who, &visit.reader, (&reference, &letters, visit.deed), None).await
}

#[cfg(test)]
mod tests;
