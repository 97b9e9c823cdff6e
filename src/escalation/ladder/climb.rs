//! Climbing: which steps are due by now, and which comes next.

use super::{Audience, Ladder};
use crate::db::Instant;

/// Where an alert stands on its ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// How often the climb was begun anew; a step is unique by (alert, round, index).
    pub round: u32,
    /// The index of the next step; from the number of steps on, a repeat.
    pub next: u32,
    /// When that step is due; none when the climb is stopped, or has ended because nothing repeats.
    pub due: Option<Instant>,
}

/// A step that fell due: to be carried out now, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The round it belongs to.
    pub round: u32,
    /// Its index in the round; repeats count on after the last step.
    pub index: u32,
    /// When it was due, which may be long before now if nothing ran in between.
    pub due: Instant,
    /// Who is told.
    pub tell: Vec<Audience>,
}

impl Position {
    /// At the foot of the ladder: the first step is due its own wait after `at`.
    pub fn start(ladder: &Ladder, round: u32, at: Instant) -> Self {
        let foot = Self { round, next: 0, due: None };
        Self { due: foot.wait_seconds(ladder).map(|wait| at.plus_seconds(wait)), ..foot }
    }

    /// Whether the next index is past the last step, so that only the repeat is left.
    fn is_past_the_steps(self, ladder: &Ladder) -> bool {
        usize::try_from(self.next).map_or(true, |next| next >= ladder.steps.len())
    }

    /// The wait before the next step or repeat; none when nothing is left.
    fn wait_seconds(self, ladder: &Ladder) -> Option<i64> {
        if self.is_past_the_steps(ladder) {
            return repeat_seconds(ladder);
        }
        let step = ladder.steps.get(usize::try_from(self.next).ok()?)?;
        Some(i64::from(step.wait_minutes) * 60)
    }

    /// Who is told by the next step or repeat.
    fn tell(self, ladder: &Ladder) -> Option<&[Audience]> {
        if self.is_past_the_steps(ladder) {
            return ladder.repeat.as_ref().map(|repeat| repeat.tell.as_slice());
        }
        let step = ladder.steps.get(usize::try_from(self.next).ok()?)?;
        Some(&step.tell)
    }
}

/// Takes every step that is due at or before `now`, in order, and says where the alert then stands.
///
/// Each step is anchored on the due instant of the one before, so a late tick postpones nothing. Repeats that an outage
/// swallowed become one, the latest, and the next is due after `now` on the same rhythm: people get neither a burst nor
/// silence. The same position and instant always give the same answer, so a retried transaction takes nothing twice.
pub fn climb(ladder: &Ladder, position: Position, now: Instant) -> (Vec<Taken>, Position) {
    let mut taken = Vec::new();
    let mut position = position;
    while let Some(due) = position.due.filter(|due| *due <= now) {
        let Some(tell) = position.tell(ladder) else {
            return (taken, stop(position));
        };
        let due = if position.is_past_the_steps(ladder) { latest_repeat(ladder, due, now) } else { due };
        taken.push(Taken { round: position.round, index: position.next, due, tell: tell.to_vec() });
        position.next = position.next.saturating_add(1);
        position.due = position.wait_seconds(ladder).and_then(|wait| {
            let next_due = due.plus_seconds(wait);
            // A repeat that does not move on (the end of the calendar) would never leave this loop.
            (next_due > due || !position.is_past_the_steps(ladder)).then_some(next_due)
        });
    }
    (taken, position)
}

/// Stops the climb: nothing falls due until it is resumed or restarted. The place is kept.
///
/// For an acknowledgement by a named support-side person; who may stop which level is the caller's to know.
pub fn stop(position: Position) -> Position {
    Position { due: None, ..position }
}

/// Begins a new round: the first step is due at once, whatever its wait, for a further trigger notifies again even if
/// the alert is acknowledged.
///
/// Steps of the old round that are due but not yet taken are given up: climb first.
pub fn restart(ladder: &Ladder, position: Position, now: Instant) -> Position {
    let foot = Position::start(ladder, position.round.saturating_add(1), now);
    Position { due: foot.due.map(|_| now), ..foot }
}

/// Goes on after a stop, when an acknowledgement brought no progress in the level's time: the first step not yet taken
/// is due at once, for its wait has passed in vain.
///
/// A climb that was not stopped is left as it is, so that resuming never postpones anything; one with no step left
/// begins a new round, since an alert nobody works on must not stay silent.
pub fn resume(ladder: &Ladder, position: Position, now: Instant) -> Position {
    if position.due.is_some() {
        return position;
    }
    if position.tell(ladder).is_none() {
        return restart(ladder, position, now);
    }
    Position { due: Some(now), ..position }
}

/// The seconds between repeats; a minute at least, for an interval of 0 would never end.
fn repeat_seconds(ladder: &Ladder) -> Option<i64> {
    let repeat = ladder.repeat.as_ref()?;
    Some(i64::from(repeat.every_minutes.max(1)) * 60)
}

/// The last repeat at or before `now`, on the rhythm that `due` belongs to.
fn latest_repeat(ladder: &Ladder, due: Instant, now: Instant) -> Instant {
    let Some(every) = repeat_seconds(ladder) else {
        return due;
    };
    // Whole seconds elapsed, rounded down: fractions of a second must not lift the result above `now`.
    let late = now.timestamp().duration_since(due.timestamp()).as_secs();
    due.plus_seconds(late / every * every)
}
