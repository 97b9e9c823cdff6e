//! URLs of check-ins: the survivor's app (`app.rs`, `timers.rs`), and the staff of their side (`partner.rs`,
//! `schedules.rs`).

mod app;
mod partner;
mod schedules;
mod timers;

use utoipa_actix_web::service_config::ServiceConfig;

pub use app::{answer_of_sync, help_now_of_sync, is_cry};
pub use timers::{end, extend, start};

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    app::routes(routes);
    timers::routes(routes);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    partner::routes(routes);
    schedules::routes(routes);
}
