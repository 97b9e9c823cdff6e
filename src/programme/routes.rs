//! URLs of the programme, for staff, by thing.

mod goal_steps;
mod goals;
mod records;
mod session_steps;
mod sessions;

use utoipa_actix_web::service_config::ServiceConfig;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    goals::routes(routes);
    goal_steps::routes(routes);
    sessions::routes(routes);
    session_steps::routes(routes);
    records::routes(routes);
    super::referrals::routes::partner(routes);
    super::enrolment::routes::partner(routes);
    super::subject_access::routes::partner(routes);
}
