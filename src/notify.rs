//! Messages to people: neutral words on a phone, "something waits" for staff. At least once, never inside a transaction.
//!
//! This outlet takes plain data and decides nothing about people: the code that queues a message ([`enqueue`]) has asked the
//! survivor's consent and safe-contact plan, and the worker's step ([`deliver()`]) asks again through [`Rules`] before
//! every attempt, with the address as it is then. The machinery is that of webhooks: a lease with the attempt's
//! number as its fencing token, a few places per provider, and "sent" only after a provider's 2xx. A device token that
//! a provider has forgotten ends that address ([`Rules::address_gone`]) and the message looks for another way.
//!
//! A message that tells a member of staff of an urgent alert is followed up: where they have not opened the alert a minute after
//! a provider took it, their next way is tried ([`Rules::next_way`]).
//!
//! Words stand in [`templates`] alone; what goes to a survivor's phone never says what this is.

mod deliver;
mod model;
mod providers;
mod queue;
pub mod retry;
mod store;
pub mod templates;

pub use deliver::follow_up::{detail_of_next, follow_up, note_opened, stop_follow_up};
pub use deliver::{MessageRoute, Outlet, Rules, SendVerdict, deliver, next_due, repair_after_clock_rollback};
pub use model::{AlertOpening, Channel, Notification, NotificationState, Recipient};
pub use providers::{Destination, has_provider};
pub use queue::{OutboxMessage, enqueue};
pub use store::{clear_leases, count_waiting, last_queued_at, list_of_alerts, list_openings, oldest_unattempted};
pub use templates::{Language, Template, Wording};
