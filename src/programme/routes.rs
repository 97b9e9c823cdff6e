//! URLs of the programme, for staff, by thing.

mod concerns;
mod goal_steps;
mod goals;
mod orders;
mod participants;
mod records;
mod session_steps;
mod sessions;

use utoipa_actix_web::service_config::ServiceConfig;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    participants::routes(routes);
    orders::routes(routes);
    goals::routes(routes);
    goal_steps::routes(routes);
    sessions::routes(routes);
    session_steps::routes(routes);
    records::routes(routes);
    concerns::routes(routes);
}
