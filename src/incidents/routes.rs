//! URLs of incidents: for the survivor's app, their drafts, and their own side's staff.

mod app;
mod drafts;
mod partner;
mod pattern;
mod release;
mod triage;

use utoipa_actix_web::service_config::ServiceConfig;

pub use app::{amend, amend_cry, is_cry, report_of_sync};
pub use drafts::{is_cry as is_cry_of_draft, submit as submit_draft, submit_cry as submit_draft_cry};

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
