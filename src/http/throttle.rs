//! Guessing is slowed, never the rightful holder: failures are counted per account and address, and only sign-in with
//! a password or PIN asks here. A valid device, refresh or SOS credential is never held up.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::db::Instant;
use crate::error::{Error, Result};

/// Failures allowed within the window.
const FAILURES: u32 = 10;
/// The window, in seconds.
const WINDOW_SECONDS: i64 = 15 * 60;
/// Keys remembered at once; beyond that, those whose window has passed are forgotten.
const REMEMBERED: usize = 50_000;

/// Counts failed sign-ins in memory. Fails closed: a count that cannot be kept for lack of room refuses.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<Vec<u8>, (u32, Instant)>>);

impl Throttle {
    /// Refuses when this key has failed too often lately.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check(&self, key: &[u8], now: Instant) -> Result<()> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get(key) {
            Some((failures, since)) if *failures >= FAILURES && now < since.plus_seconds(WINDOW_SECONDS) => {
                let wait = since.plus_seconds(WINDOW_SECONDS).seconds_since(now).max(1);
                Err(Error::TooMany { retry_after_seconds: wait.unsigned_abs() })
            }
            None if counts.len() >= 2 * REMEMBERED => Err(Error::TooMany { retry_after_seconds: 60 }),
            _ => Ok(()),
        }
    }

    /// Counts a failure.
    pub fn failed(&self, key: &[u8], now: Instant) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= REMEMBERED {
            counts.retain(|_, (_, since)| now < since.plus_seconds(WINDOW_SECONDS));
        }
        let entry = counts.entry(key.to_vec()).or_insert((0, now));
        if now >= entry.1.plus_seconds(WINDOW_SECONDS) {
            *entry = (0, now);
        }
        entry.0 = entry.0.saturating_add(1);
    }

    /// Forgets the failures of a key that has succeeded.
    pub fn succeeded(&self, key: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_failure_waits_and_another_key_does_not() {
        let (throttle, now): (_, Instant) = (Throttle::default(), "2026-11-21T12:00:00Z".parse().unwrap());
        for _ in 0..FAILURES {
            assert!(throttle.check(b"a", now).is_ok());
            throttle.failed(b"a", now);
        }
        assert!(matches!(throttle.check(b"a", now), Err(Error::TooMany { retry_after_seconds: 900 })));
        assert!(throttle.check(b"b", now).is_ok());
        assert!(throttle.check(b"a", now.plus_seconds(WINDOW_SECONDS)).is_ok());
    }
}
