//! Plain rows for figures without identities: who may be counted, and what they agree to.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::ledger::{self, LedgerEntry, Scope};
use super::store::ConsentEntryRow;
use crate::db::schema::consent_entries;
use crate::db::{DbConn, Instant, OrganisationId, SurvivorId};
use crate::error::{Error, Result};

/// The survivors who agree now that a recipient counts them, each with the scopes and settings that were on at `at`,
/// for whichever recipient, by what was recorded until then.
pub fn agreement_figures(
    conn: &mut DbConn,
    recipient: OrganisationId,
    now: Instant,
    at: Instant,
) -> Result<BTreeMap<SurvivorId, BTreeSet<Scope>>> {
    let order = (consent_entries::survivor_id, consent_entries::sequence);
    let rows: Vec<ConsentEntryRow> = ConsentEntryRow::query().order(order).load(conn)?;
    let mut ledgers: BTreeMap<SurvivorId, Vec<LedgerEntry>> = BTreeMap::new();
    for row in rows {
        let scope: Scope = row.scope.parse().map_err(|_| Error::internal("the ledger names an unknown scope"))?;
        ledgers.entry(row.survivor_id).or_default().push(LedgerEntry {
            scope,
            granted: row.granted,
            recorded_at: row.recorded_at,
            effective_at: row.effective_at,
            expires_at: row.expires_at,
            recipient: row.recipient_id.map(|id| *id.0.as_bytes()),
        });
    }
    let recipient = Some(*recipient.0.as_bytes());
    let needed = [Scope::ServiceCore, Scope::StatsAggregate];
    ledgers.retain(|_, entries| needed.iter().all(|scope| ledger::standing(entries, *scope, recipient, now).granted));
    Ok(ledgers.into_iter().map(|(survivor, entries)| (survivor, agreed(&entries, at))).collect())
}

fn agreed(entries: &[LedgerEntry], at: Instant) -> BTreeSet<Scope> {
    let known: Vec<LedgerEntry> = entries.iter().filter(|entry| entry.recorded_at <= at).copied().collect();
    let mut recipients: BTreeSet<Option<[u8; 16]>> = known.iter().map(|entry| entry.recipient).collect();
    recipients.insert(None);
    let is_on = |scope: &Scope| recipients.iter().any(|to| ledger::standing(&known, *scope, *to, at).granted);
    Scope::ALL.into_iter().filter(is_on).collect()
}
