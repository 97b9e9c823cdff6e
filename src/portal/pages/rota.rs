//! Who watches when, and what happens if nobody answers: the rota and the ladders of a support organisation, for its supervisors.
//!
//! What would happen is climbed by the rules by which alerts climb, as the API's own simulation does it; a page draws what that
//! answers, and reckons nothing. Times are those of clocks in the United Kingdom, and each page says so.

mod climb_page;
pub mod drawing;
mod ladder_acts;
mod ladder_pages;
mod spans;
mod watch_acts;
mod watch_page;

use actix_web::web;

use super::at;

/// `/portal/rota` and `/portal/ladders`
pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(at("/rota", "get_rota").route(web::get().to(watch_acts::get_rota)))
        .service(at("/rota/shifts", "create_rota_shift").route(web::post().to(watch_acts::plan)))
        .service(at("/rota/shifts/{shift}/cancel", "cancel_rota_shift").route(web::post().to(watch_acts::cancel)))
        .service(at("/ladders", "list_ladders").route(web::get().to(ladder_acts::get_ladders)))
        .service(at("/ladders/draft/{code}", "create_ladder").route(web::post().to(ladder_acts::draft)))
        .service(at("/ladders/{ladder}", "get_organisation_ladder").route(web::get().to(ladder_acts::get_ladder)))
        .service(at("/ladders/{ladder}/simulate", "simulate_ladder").route(web::post().to(ladder_acts::simulate)))
        .service(at("/ladders/{ladder}/publish", "publish_ladder").route(web::post().to(ladder_acts::publish)));
}

#[cfg(test)]
mod tests;
