//! What follows from a domain event, in order: the twin of [`crate::worker`], which lists what follows from time.
//!
//! A use case emits an [`Event`] and knows nothing of what comes next. Everything here runs in the transaction that emitted
//! the event, so that state, audit, alerts and queued deliveries commit together or not at all. A reaction may emit further
//! events; they are reacted to in the same transaction, after those that came before them.

use crate::access::SystemAccess;
use crate::audit;
use crate::cases;
use crate::checkins;
use crate::consent;
use crate::db::SurvivorId;
use crate::error::Result;
use crate::escalation;
use crate::events::Event;
use crate::identity;
use crate::portal;
use crate::tx::{Actor, PendingEntry, Tx};

/// What follows from an event, in order, in the transaction that emitted it.
pub fn react(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let system = SystemAccess::granted();
    if let Event::DecoyMade { survivor, decoy } = event {
        consent::fill_decoy(tx, *survivor, *decoy)?;
        return checkins::fill_decoy(tx, &system.survivor(*survivor), *decoy);
    }
    if let Some(record) = event.survivor()
        && !tx.is_on_own(record)
        && identity::is_decoy(tx.conn, record)?
    {
        // Nobody is alarmed by a decoy: whatever was said to it, or was not, the survivor's own record has too.
        return escalation::answer_on_decoy(tx, event);
    }
    portal::record_news(tx, event)?; // live updates for staff
    escalation::raise_alerts(tx, system, event)?; // alerts, ladders, tasks, police
    cases::detect_signals(tx, system, event) // what stands out across both sides
}

/// Writes the audit entries of a transaction. What time does to a decoy is no act on anybody's record: of that the audit holds
/// which rows were written, and nothing else.
pub fn record(tx: &mut Tx<'_>, entries: &[PendingEntry]) -> Result<()> {
    let act = entries.first().and_then(|act| act.subject).filter(|_| tx.actor == Actor::System);
    let is_of_decoy = match act.filter(|subject| subject.kind == "survivor") {
        Some(subject) => identity::is_decoy(tx.conn, SurvivorId(subject.id.0))?,
        None => false,
    };
    if !is_of_decoy {
        return audit::record(tx, entries);
    }
    let wrote: String = entries.iter().map(|entry| entry.wrote.as_str()).collect();
    if wrote.is_empty() {
        return Ok(());
    }
    // As whatever time does elsewhere: the word for it does not tell that there is a decoy.
    let action = entries.first().map_or("tick", |act| act.action);
    audit::record(tx, &[PendingEntry { wrote, ..PendingEntry::of(action) }])
}
