//! What follows from a domain event, in order: the twin of [`crate::worker`], which lists what follows from time.
//!
//! A use case emits an [`Event`] and knows nothing of what comes next. Everything here runs in the transaction that emitted
//! the event, so that state, audit, alerts and queued deliveries commit together or not at all. A reaction may emit further
//! events; they are reacted to in the same transaction, after those that came before them.

use crate::access::SystemAccess;
use crate::cases;
use crate::error::Result;
use crate::escalation;
use crate::events::Event;
use crate::portal;
use crate::tx::Tx;

/// What follows from an event, in order, in the transaction that emitted it.
pub fn react(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let system = SystemAccess::granted();
    portal::record_news(tx, event)?; // live updates for staff
    escalation::raise_alerts(tx, system, event)?; // alerts, ladders, tasks, police
    cases::detect_signals(tx, system, event) // what stands out across both sides
}
