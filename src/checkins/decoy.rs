//! The check-ins that a session under duress is shown: two, from the minutes in which the phone was enrolled.

use super::model::{Answer, CheckIn, StoredState};
use super::view::CheckInView;
use crate::crypto::Keys;
use crate::db::{CheckInId, Instant, SurvivorId};
use crate::error::Result;

/// Minutes after enrolment at which somebody seems to have tried the app, and how safe they felt.
const TRIED: [(i64, i32); 2] = [(6, 4), (2, 3)];

/// The decoy of a phone, newest first; the same every time.
///
/// # Errors
/// Never; the view of a record could fail only where something is sealed in it.
pub fn decoy(keys: &Keys, survivor: SurvivorId, enrolled_at: Instant, now: Instant) -> Result<Vec<CheckInView>> {
    let tried = TRIED.iter().map(|(minutes, feeling)| (enrolled_at.plus_minutes(*minutes), *feeling));
    let view = |(at, feeling_safe): (Instant, i32)| {
        let row = CheckIn {
            id: id(keys, survivor, at),
            state: StoredState::Safe,
            answer: Some(Answer::Safe),
            feeling_safe: Some(feeling_safe),
            recorded_at: Some(at),
            received_at: Some(at),
            ..CheckIn::blank(survivor, at)
        };
        CheckInView::of(keys, &row, now)
    };
    tried.filter(|(at, _)| *at <= now).map(view).collect()
}

/// An id of the same form as any other: its time in front, the rest from a key that nobody else has.
fn id(keys: &Keys, survivor: SurvivorId, at: Instant) -> CheckInId {
    let seed = [survivor.0.as_bytes().as_slice(), &at.microseconds().to_be_bytes()].concat();
    let mut random = [0_u8; 10];
    random.iter_mut().zip(keys.blind("decoy", &seed)).for_each(|(to, from)| *to = from);
    let milliseconds = u64::try_from(at.microseconds() / 1_000).unwrap_or(0);
    CheckInId(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
}
