//! Signed calls to police endpoints: delivered at least once, with a stable id, for as long as it takes.
//!
//! A message is queued in the transaction that decides it ([`enqueue`]); nothing is sent from within one. The worker's
//! step ([`deliver()`]) takes a lease on what is due, with the number of the attempt as its fencing token, sends, and only
//! then records what came of it. A holder that was paused cannot overwrite newer state, and one that died is followed
//! by another with the same id once its lease has run out. Each endpoint has a few places of its own, so that a dead
//! receiver holds up nobody else. Retries follow [`retry`]; nothing that a receiver answers disables an endpoint.
//!
//! What a message about an alert may hold is asked again before each attempt, and where one reaches nobody the police
//! are reached another way: both are decided above, through [`Hooks`](crate::tx::Hooks).

mod deliver;
mod endpoints;
mod log;
mod messages;
mod model;
pub mod retry;
pub mod routes;
mod store;
mod watchdog;

pub use deliver::{
    InFlight, WebhookMessage, deliver, enqueue, envelope, next_due, repair_after_clock_rollback, stop_retries,
};
pub use endpoints::{
    CreateWebhookEndpointBody, EndpointView, MadeEndpointView, PatchWebhookEndpointBody, approve as approve_endpoint,
    change as change_endpoint, create as create_endpoint, find as read_endpoint, list as list_every_endpoint,
    proven_since, rotate as rotate_endpoint, test as send_test,
};
pub use log::{AttemptView, LoggedDeliveryView, list_attempts, list_deliveries, replay};
pub use messages::{EndpointTestData, WatchdogData};
pub use model::{DeliveriesQuery, Delivery, DeliveryState, Endpoint, EndpointKind};
pub use retry::HOURS as TRIED_HOURS;
pub use store::{
    clear_leases, count_unproven, count_waiting, find_endpoints, first_delivered_at, first_mailed_at, is_on_its_way,
    list_deliveries_of, list_deliveries_to_force, list_unreceived, oldest_unattempted, oldest_undelivered, set_proven,
};
pub use watchdog::watch;
