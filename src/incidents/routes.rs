//! URLs of incidents: for the survivor's app, their drafts, and their own side's staff.

mod app;
mod drafts;
mod partner;
mod pattern;
mod release;
mod triage;

use utoipa_actix_web::service_config::ServiceConfig;

pub use app::{amend, is_cry, report_of_sync};

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    // Before the single incident, whose id would else be taken to be `drafts` or `timeline`.
    drafts::routes(routes);
    pattern::app(routes);
    app::routes(routes);
    release::routes(routes);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    triage::routes(routes);
    partner::routes(routes);
    pattern::partner(routes);
}
