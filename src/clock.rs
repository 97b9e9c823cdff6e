//! The only place in the crate that reads the wall clock. Everything else is given the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::db::Instant;

/// Where `now` comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock plus an offset that only moves forward when asked to (`serve --test-clock`, the demo).
    Offset(TestClock),
    /// Does not move until moved; for tests within one process.
    Frozen(TestClock),
}

/// The hand that moves a test clock; clones move the same clock. Holds microseconds.
#[derive(Clone, Debug, Default)]
pub struct TestClock(Arc<AtomicI64>);

impl Clock {
    /// A clock that runs with the machine's, shifted by `seconds`.
    #[must_use]
    pub fn shifted_by(seconds: i64) -> Self {
        Self::Offset(TestClock(Arc::new(AtomicI64::new(seconds.saturating_mul(1_000_000)))))
    }

    /// A clock that is at `at`.
    #[must_use]
    pub fn frozen_at(at: Instant) -> Self {
        Self::Frozen(TestClock(Arc::new(AtomicI64::new(at.microseconds()))))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => wall(),
            Self::Offset(offset) => Instant::from_microseconds(wall().microseconds().saturating_add(offset.get())),
            Self::Frozen(at) => Instant::from_microseconds(at.get()),
        }
    }

    /// What time the machine's clock says, wherever this one was moved to: for what outsiders judge by their own clock. One
    /// that does not move is all the time that there is.
    #[must_use]
    pub fn real(&self) -> Instant {
        match self {
            Self::System | Self::Offset(_) => wall(),
            Self::Frozen(at) => Instant::from_microseconds(at.get()),
        }
    }

    /// Moves a test clock forward to `to`; never back, and never the system's clock.
    pub fn advance_to(&self, to: Instant) {
        let missing = to.microseconds().saturating_sub(self.now().microseconds());
        match self {
            Self::System => {}
            Self::Offset(hand) | Self::Frozen(hand) if missing > 0 => {
                hand.0.fetch_add(missing, Ordering::SeqCst);
            }
            Self::Offset(_) | Self::Frozen(_) => {}
        }
    }

    /// Puts a clock that does not move somewhere else, also back: what a machine's clock does when it is set right.
    pub fn jump_to(&self, to: Instant) {
        if let Self::Frozen(hand) = self {
            hand.0.store(to.microseconds(), Ordering::SeqCst);
        }
    }

    /// Whether this clock can be moved by hand.
    #[must_use]
    pub fn is_test(&self) -> bool {
        !matches!(self, Self::System)
    }
}

impl TestClock {
    fn get(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one wall-clock read of the crate")]
fn wall() -> Instant {
    Instant::from_timestamp(jiff::Timestamp::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_time_goes_on_wherever_a_test_clock_was_moved_to() {
        let clock = Clock::shifted_by(-3600);
        let started = clock.real();
        clock.advance_to(started.plus_hours(48));
        assert!(clock.now() >= started.plus_hours(48));
        assert!(clock.real() >= started && clock.real() < started.plus_hours(1));
        let frozen = Clock::frozen_at(started);
        frozen.advance_to(started.plus_hours(1));
        assert_eq!(frozen.real(), frozen.now());
    }
}
