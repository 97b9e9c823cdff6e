//! What callers were refused, so that the audit has an entry of it: one a caller, act, record and minute, and one more that
//! counts what followed. A flood of refusals fills no disk. The counts are in memory; what a process that ends has not written yet is
//! lost, the first of each minute never.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::db::{Instant, SubjectId};
use crate::tx::{Actor, PendingEntry};

/// Seconds in which refusals of the same are counted together.
const WINDOW_SECONDS: i64 = 60;
/// Windows open at once; beyond that, what a caller is refused counts as being about nothing in particular.
const MOST_WINDOWS: usize = 10_000;

/// What somebody was refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Who.
    pub actor: Actor,
    /// What they asked for, about which record, which officer a police system named and why; no record where there is none.
    pub entry: PendingEntry,
}

impl Refusal {
    /// What counts those that follow; the words are with the first.
    fn again(&self) -> Self {
        let entry = PendingEntry { times: 0, reason: None, ..self.entry.clone() };
        Self { actor: self.actor.clone(), entry }
    }

    fn key(&self) -> RefusalKey {
        let who = self.entry.officer.map(|officer| officer.0).or_else(|| self.actor.id());
        (who, self.entry.action, self.entry.subject.map(|subject| subject.id))
    }
}

/// Who, what they asked for, and about what.
type RefusalKey = (Option<Uuid>, &'static str, Option<SubjectId>);

/// A refusal that was written, and how many more there were since.
#[derive(Debug)]
struct RefusalWindow {
    since: Instant,
    more: Refusal,
}

#[derive(Debug, Default)]
struct Windows {
    open: HashMap<RefusalKey, RefusalWindow>,
    swept_at: Option<Instant>,
}

/// Counts refusals in memory.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<Windows>);

impl Refusals {
    /// Counts a refusal; what is to be written of it, and of those before.
    pub fn add(&self, mut refusal: Refusal, now: Instant) -> Vec<Refusal> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = windows.sweep(now);
        let is_full = windows.open.len() >= MOST_WINDOWS && !windows.open.contains_key(&refusal.key());
        if is_full {
            let entry = &mut refusal.entry;
            (entry.subject, entry.person, entry.reason) = (None, None, None);
        }
        let fresh = RefusalWindow { since: now, more: refusal.again() };
        match windows.open.entry(refusal.key()) {
            Slot::Occupied(mut window) if is_open(window.get().since, now) => {
                let more = &mut window.get_mut().more.entry;
                more.times = more.times.saturating_add(1);
                return due;
            }
            Slot::Occupied(mut window) => {
                let more = window.insert(fresh).more;
                due.extend((more.entry.times > 0).then_some(more));
            }
            Slot::Vacant(window) => {
                window.insert(fresh);
            }
        }
        due.push(refusal);
        due
    }

    /// What is to be written of windows that are over.
    pub fn due(&self, now: Instant) -> Vec<Refusal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).sweep(now)
    }
}

fn is_open(since: Instant, now: Instant) -> bool {
    now.seconds_since(since).unsigned_abs() < WINDOW_SECONDS.unsigned_abs()
}

impl Windows {
    /// Closes the windows that are over, once a window's time.
    fn sweep(&mut self, now: Instant) -> Vec<Refusal> {
        if self.swept_at.is_some_and(|at| is_open(at, now)) {
            return Vec::new();
        }
        self.swept_at = Some(now);
        let over = self.open.extract_if(|_, window| !is_open(window.since, now));
        over.map(|(_, window)| window.more).filter(|more| more.entry.times > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::db::StaffId;
    use crate::tx::Subject;

    fn refusal(actor: u128, subject: Option<u128>) -> Refusal {
        let actor = Actor::Staff { id: StaffId(Uuid::from_u128(actor)), organisation: None, roles: String::new() };
        let subject = subject.map(|id| Subject::of("survivor", SubjectId(Uuid::from_u128(id))));
        Refusal { actor, entry: PendingEntry { subject, ..PendingEntry::of("get_survivor") } }
    }

    fn start() -> Instant {
        Instant::from_microseconds(1_700_000_000_000_000)
    }

    proptest! {
        #[test]
        fn every_refusal_is_written_or_counted_and_a_minute_has_one_of_each(
            calls in prop::collection::vec((0_u128..3, prop::option::of(0_u128..3), 0_i64..40), 0..200)
        ) {
            let refusals = Refusals::default();
            let (mut now, mut written, total) = (start(), Vec::new(), calls.len());
            for (actor, subject, seconds) in calls {
                now = now.plus_seconds(seconds);
                written.extend(refusals.add(refusal(actor, subject), now).into_iter().map(|due| (due.entry.times, now)));
            }
            let end = now.plus_seconds(2 * WINDOW_SECONDS);
            written.extend(refusals.due(end).into_iter().map(|due| (due.entry.times, end)));
            let sum: i32 = written.iter().map(|(times, _)| times).sum();
            prop_assert_eq!(usize::try_from(sum).unwrap(), total);
            // Twelve pairs, each with one entry at the begin of a window and one for what followed.
            let minutes = usize::try_from(end.seconds_since(start()) / WINDOW_SECONDS + 2).unwrap();
            prop_assert!(written.len() <= 24 * minutes);
        }
    }

    #[test]
    fn a_caller_who_tries_ever_other_records_takes_up_no_more_room() {
        let refusals = Refusals::default();
        for id in 0..u128::try_from(MOST_WINDOWS).unwrap() {
            assert_eq!(refusals.add(refusal(1, Some(id)), start()).len(), 1);
        }
        assert_eq!(
            refusals.add(refusal(1, Some(u128::MAX)), start()).len(),
            1,
            "the first about nothing in particular"
        );
        assert_eq!(refusals.add(refusal(1, Some(u128::MAX - 1)), start()).len(), 0);
        let counted: i32 = refusals.due(start().plus_seconds(WINDOW_SECONDS)).iter().map(|due| due.entry.times).sum();
        assert_eq!(counted, 1);
    }
}
