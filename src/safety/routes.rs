//! URLs of safety: messages, household, safety plan, assessments of risk.

mod household;
mod messages;
mod plan;
mod reported;
mod risk;

use utoipa_actix_web::service_config::ServiceConfig;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    messages::app(routes);
    household::app(routes);
    plan::app(routes);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    messages::partner(routes);
    household::partner(routes);
    plan::partner(routes);
    risk::partner(routes);
    reported::partner(routes);
}
