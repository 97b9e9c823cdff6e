//! When to try again.
//!
//! At once, then 2, 5, 10, 20, 30 seconds after the attempt before ended, then every 60 seconds give or take 20 %, for
//! 72 hours. `Retry-After` is honoured up to 60 seconds. Pure: the jitter is passed in.

use crate::db::Instant;

/// Hours for which a message is tried.
pub const HOURS: i64 = 72;
/// Seconds beyond which no message waits for its next look, lease and jitter included.
pub const LONGEST_SECONDS: i64 = 90;
/// The most that a receiver may ask us to wait, in seconds.
const LONGEST_RETRY_AFTER: u64 = 60;
/// Seconds to wait after the first attempts.
const FIRST_WAITS: [i64; 5] = [2, 5, 10, 20, 30];
/// Seconds to wait after all later ones, before the jitter.
const BACKOFF_SECONDS: i64 = 60;

/// When the attempt after the one with this number (1 is the first) is due. `jitter` is 0 to 255: the least to the most
/// of the ±20 %, so that many waiting messages do not march in step.
#[must_use]
pub fn next_attempt(attempt: i32, ended_at: Instant, retry_after_seconds: Option<u64>, jitter: u8) -> Instant {
    let first = usize::try_from(attempt - 1).ok().and_then(|at| FIRST_WAITS.get(at));
    let planned = first.copied().unwrap_or_else(|| BACKOFF_SECONDS - 12 + i64::from(jitter) * 24 / 255);
    let wished = retry_after_seconds.map_or(0, |seconds| i64::try_from(seconds.min(LONGEST_RETRY_AFTER)).unwrap_or(0));
    ended_at.plus_seconds(planned.max(wished))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wait(attempt: i32, wish: Option<u64>, jitter: u8) -> i64 {
        let now: Instant = "2026-11-21T12:00:00Z".parse().unwrap();
        next_attempt(attempt, now, wish, jitter).seconds_since(now)
    }

    #[test]
    fn the_first_waits_are_those_promised() {
        let waits: Vec<i64> = (1..=5).map(|attempt| wait(attempt, None, 128)).collect();
        assert_eq!(waits, [2, 5, 10, 20, 30]);
    }

    proptest! {
        #[test]
        fn later_waits_are_a_minute_give_or_take_a_fifth(attempt in 6..i32::MAX, jitter: u8) {
            prop_assert!((48..=72).contains(&wait(attempt, None, jitter)));
        }

        #[test]
        fn a_receiver_can_ask_for_a_minute_and_no_more(attempt in 1..100_i32, wish: u64, jitter: u8) {
            let waited = wait(attempt, Some(wish), jitter);
            prop_assert!(waited >= i64::try_from(wish.min(60)).unwrap().min(waited) && waited <= 72);
            prop_assert!(waited >= wait(attempt, None, jitter));
        }
    }
}
