//! Figures without identities in a browser, for commissioners: as tables, drawn, and as CSV.
//!
//! A page has what the API's own report answers, and nothing else: what is withheld there is withheld here, in the drawing as in the
//! table. Each report says who is counted.

mod asked;
mod figures;
mod report_acts;
mod report_pages;

use actix_web::web;

use super::at;

/// `/portal/reports`
pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(at("/reports", "get_reports").route(web::get().to(report_acts::get_reports)))
        .service(
            at("/reports/{report}", "get_report")
                .route(web::get().to(report_acts::get_report))
                .route(web::post().to(report_acts::ask_report)),
        )
        .service(at("/reports/{report}/csv", "get_report").route(web::get().to(report_acts::get_csv)));
}

#[cfg(test)]
mod tests;
