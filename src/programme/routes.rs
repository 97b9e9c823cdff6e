//! URLs of the programme, for staff, by thing.

mod concerns;
mod goals;
mod orders;
mod participants;
mod sessions;

use utoipa_actix_web::service_config::ServiceConfig;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    participants::routes(routes);
    orders::routes(routes);
    goals::routes(routes);
    sessions::routes(routes);
    concerns::routes(routes);
}
