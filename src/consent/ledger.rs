//! What a survivor agrees to at an instant: the pure fold of the append-only ledger.
//!
//! Nothing is overwritten; the answer follows from the entries and the time passed in. The guarantee: raising
//! protection and withdrawing a sharing scope bite at once, an alert setting that is turned off stays on until its
//! delay has ended, and turning it off again never moves that end.

use jiff::{ToSpan, tz::TimeZone};

use crate::db::Instant;

mod scope;

pub use scope::{Scope, UnknownScope};

#[cfg(test)]
mod tests;

/// One line of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// What was agreed to or withdrawn.
    pub scope: Scope,
    /// Agreed (turned on), or withdrawn (turned off).
    pub granted: bool,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// When it takes effect: see [`effective_at`]; later than `recorded_at` only where a delay applies.
    pub effective_at: Instant,
    /// When an agreement runs out: see [`expires_at`]; heeded only for scopes that expire.
    pub expires_at: Option<Instant>,
    /// The organisation it is for; none covers every organisation of that kind.
    pub recipient: Option<[u8; 16]>,
}

/// What is true of a scope at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeStatus {
    /// Whether it is on.
    pub granted: bool,
    /// Since when; none where nothing was ever recorded and the default holds.
    pub since: Option<Instant>,
    /// A recorded change that has yet to take effect.
    pub pending: Option<Pending>,
    /// When the agreement runs out, or ran out; none when withdrawn, and for scopes that do not expire.
    pub expires_at: Option<Instant>,
}

/// A change that takes effect later unless it is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// What the scope will be.
    pub granted: bool,
    /// From when on.
    pub effective_at: Instant,
}

/// What is true of a scope for a recipient at `now`, from all entries of one survivor in recording order.
///
/// For a named organisation its own entries count together with those for every organisation, and the latest wins; but
/// where a sharing scope was refused to it by name, an agreement for every organisation, such as the yearly renewal, does
/// not let it in again: only one by name does. With no recipient only entries for every organisation count: an agreement
/// for one is none for all, and a refusal of one is none of the others. An effect without delay never waits for `now`, so that a clock set back cannot undo a
/// withdrawal; an agreement is over at its expiry, and a delay at its end, to the instant.
pub fn standing(entries: &[LedgerEntry], scope: Scope, recipient: Option<[u8; 16]>, now: Instant) -> ScopeStatus {
    let mut fold = Fold::start(scope);
    let applicable = entries
        .iter()
        .filter(|entry| entry.scope == scope && (entry.recipient.is_none() || entry.recipient == recipient));
    let mut is_refused_by_name = false;
    for entry in applicable {
        if entry.recipient.is_some() {
            is_refused_by_name = !entry.granted;
        } else if entry.granted && is_refused_by_name && !scope.is_alert_setting() {
            continue;
        }
        fold.settle(entry.recorded_at);
        fold.apply(entry);
    }
    fold.settle(now);
    fold.standing()
}

/// When a change recorded at `now` takes effect: turning an alert setting off after the delay (24 h by default), all
/// else at once.
///
/// An advocate who confirms a turn-off with the code word records a further entry that takes effect when recorded.
pub fn effective_at(scope: Scope, granted: bool, now: Instant, delay_hours: u32) -> Instant {
    if scope.is_alert_setting() && !granted { now.plus_hours(i64::from(delay_hours)) } else { now }
}

/// When a change recorded at `now` runs out: an agreement to a scope that expires after 12 calendar months (UTC), all
/// else never.
pub fn expires_at(scope: Scope, granted: bool, now: Instant) -> Option<Instant> {
    if !granted || !scope.expires() {
        return None;
    }
    let today = now.timestamp().to_zoned(TimeZone::UTC);
    // Past the end of the calendar the agreement is over at once: without an expiry it would never be reviewed.
    let end = today.checked_add(12.months());
    Some(end.map_or(now, |end| Instant::from_timestamp(end.timestamp())))
}

/// The state between two entries.
struct Fold {
    scope: Scope,
    granted: bool,
    since: Option<Instant>,
    expires_at: Option<Instant>,
    /// The change to come, and the expiry of the agreement if it is one.
    pending: Option<(Pending, Option<Instant>)>,
}

impl Fold {
    fn start(scope: Scope) -> Self {
        Self { scope, granted: scope.starts_on(), since: None, expires_at: None, pending: None }
    }

    /// Lets happen what time alone brings about by `now`: the end of an agreement, the end of a delay.
    fn settle(&mut self, now: Instant) {
        let due = self.pending.filter(|(pending, _)| pending.effective_at <= now);
        if let Some((pending, expires_at)) = due {
            self.run_out(pending.effective_at);
            self.set(pending.granted, pending.effective_at, expires_at);
        }
        self.run_out(now);
    }

    fn run_out(&mut self, now: Instant) {
        if let Some(end) = self.expires_at
            && self.granted
            && end <= now
        {
            self.granted = false;
            self.since = Some(end);
        }
    }

    fn apply(&mut self, entry: &LedgerEntry) {
        let expires_at = entry.expires_at.filter(|_| entry.granted && self.scope.expires());
        let is_delayed = entry.effective_at > entry.recorded_at;
        // Turning off what is off lowers nothing, so there is nothing to delay.
        if !is_delayed || (!entry.granted && !self.granted) {
            let at = entry.effective_at.min(entry.recorded_at);
            self.set(entry.granted, at, expires_at);
            return;
        }
        let turn_off_ends = self
            .pending
            .filter(|(pending, _)| !pending.granted && !entry.granted)
            .map(|(pending, _)| pending.effective_at);
        let pending = Pending {
            granted: entry.granted,
            // A second turn-off never postpones the first.
            effective_at: turn_off_ends.map_or(entry.effective_at, |ends| ends.min(entry.effective_at)),
        };
        self.pending = Some((pending, expires_at));
    }

    /// The scope is `granted` from `at` on, and whatever was to come is cancelled.
    fn set(&mut self, granted: bool, at: Instant, expires_at: Option<Instant>) {
        // Renewing what is in force does not begin it again; the default is not an answer, so the first answer does.
        if self.granted != granted || self.since.is_none() {
            self.since = Some(at);
        }
        self.granted = granted;
        self.expires_at = expires_at;
        self.pending = None;
    }

    fn standing(self) -> ScopeStatus {
        ScopeStatus {
            granted: self.granted,
            since: self.since,
            pending: self.pending.map(|(pending, _)| pending),
            expires_at: self.expires_at,
        }
    }
}
