//! Messages to people: neutral words on a phone, "something waits" for staff. At least once, never inside a transaction.
//!
//! This outlet takes plain data and decides nothing about people: whoever queues a message ([`enqueue`]) has asked the
//! survivor's consent and safe-contact plan, and the worker's step ([`deliver()`]) asks again through [`Rules`] before
//! every attempt, with the address as it stands then. The machinery is that of webhooks: a lease with the attempt's
//! number as its fencing token, a few places per provider, and "sent" only after a provider's 2xx. A device token that
//! a provider has forgotten ends that address ([`Rules::address_gone`]) and the message looks for another way.
//!
//! Words stand in [`templates`] alone; what goes to a survivor's phone never says what this is.

mod deliver;
mod model;
mod providers;
mod queue;
pub mod retry;
mod store;
pub mod templates;

pub use deliver::{Outlet, Rules, Verdict, Way, deliver, mind_clock, next_due};
pub use model::{Channel, Notification, Recipient};
pub use providers::{Address, has_provider};
pub use queue::{Message, enqueue};
pub use store::{clear_leases, last_queued_at};
pub use templates::{Language, Template, Wording};
