//! When to try again: at once, then 5, 15 and 60 seconds after the attempt before ended, then every five minutes, give
//! or take a fifth, for as long as the message is of use (at most 24 hours). `Retry-After` is honoured up to five
//! minutes. Pure: the jitter is passed in.

use crate::db::Instant;

/// The most that a provider may ask us to wait, in seconds.
const LONGEST_RETRY_AFTER: u64 = 300;
/// The most that a message waits between two attempts, in seconds, the jitter included.
pub const LONGEST_SECONDS: i64 = 360;
/// Seconds to wait after the first attempts.
const FIRST_WAITS: [i64; 3] = [5, 15, 60];
/// Seconds to wait after all later ones, before the jitter.
const BACKOFF_SECONDS: i64 = 300;

/// When the attempt after the one with this number (1 is the first) is due. `jitter` is 0 to 255: the least to the most
/// of the ±20 %.
#[must_use]
pub fn next_attempt(attempt: i32, ended_at: Instant, retry_after_seconds: Option<u64>, jitter: u8) -> Instant {
    let first = usize::try_from(attempt - 1).ok().and_then(|at| FIRST_WAITS.get(at));
    let planned = first.copied().unwrap_or_else(|| BACKOFF_SECONDS - 60 + i64::from(jitter) * 120 / 255);
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
        let waits: Vec<i64> = (1..=3).map(|attempt| wait(attempt, None, 128)).collect();
        assert_eq!(waits, [5, 15, 60]);
    }

    proptest! {
        #[test]
        fn later_waits_are_five_minutes_give_or_take_a_fifth(attempt in 4..i32::MAX, jitter: u8) {
            prop_assert!((240..=360).contains(&wait(attempt, None, jitter)));
        }

        #[test]
        fn a_provider_can_ask_for_five_minutes_and_no_more(attempt in 1..100_i32, wish: u64, jitter: u8) {
            let waited = wait(attempt, Some(wish), jitter);
            prop_assert!(waited <= 360 && waited >= wait(attempt, None, jitter));
            prop_assert!(waited >= i64::try_from(wish.min(300)).unwrap());
        }
    }
}
