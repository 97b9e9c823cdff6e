//! URLs of evidence: for the survivor's app, plain and by tus; for their own side's staff; and the key by which anybody
//! verifies a bundle.

mod app;
mod bundles;
mod partner;
mod recorded;
mod tus;

use utoipa_actix_web::service_config::ServiceConfig;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    tus::app(routes);
    app::app(routes);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    partner::partner(routes);
    recorded::partner(routes);
    bundles::partner(routes);
}

pub use app::EvidenceQuery;
pub use bundles::public;
pub use tus::take_override;
