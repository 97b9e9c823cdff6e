//! Signed calls to police endpoints: delivered at least once, with a stable id, for as long as it takes.
//!
//! A message is queued in the transaction that decides it ([`enqueue`]); nothing is sent from within one. The worker's
//! step ([`deliver()`]) takes a lease on what is due, with the number of the attempt as its fencing token, sends, and only
//! then records what came of it. A holder that was paused cannot overwrite newer state, and one that died is followed
//! by another with the same id once its lease has run out. Each endpoint has a few places of its own, so that a dead
//! receiver holds up nobody else. Retries follow [`retry`]; nothing that a receiver answers disables an endpoint.

mod deliver;
mod endpoints;
mod model;
mod queue;
pub mod retry;
pub mod routes;
mod store;

pub use deliver::{InFlight, deliver, mind_clock, next_due};
pub use model::{Delivery, DeliveryState, Endpoint};
pub use queue::{Message, enqueue, stop_retries};
pub use store::{
    clear_leases, find_endpoints, first_delivered_at, is_on_its_way, list_deliveries, list_deliveries_of,
    oldest_undelivered,
};
