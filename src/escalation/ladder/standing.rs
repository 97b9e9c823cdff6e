//! Where an alert is on its ladder, and what each event makes of it: a pure function of policy, alert and time.
//!
//! Nothing here reads a database, or knows of people or messages; `raise`, `act` and `climb` say what happened, and carry
//! out the steps that fall due. The guarantees, held by the model in `standing/tests.rs` whatever the order of events: an
//! emergency that nobody closed is looked at again within five minutes, no step is taken twice, no level falls, and what
//! is closed climbs no more until somebody opens it again. Each step is anchored on the due instant of the one before, so a
//! late tick delays no later step, and a ladder that repeats has a next due instant until somebody stops it.

#[cfg(test)]
mod tests;

use super::{Audience, Ladder};
use crate::db::{Instant, Json};
use crate::error::Result;
use crate::escalation::alerts::model::{AlertRow, AlertState, acknowledge_minutes};

/// Everything that decides what happens to an alert next.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertStanding {
    /// The ladder that it is on.
    pub ladder: Ladder,
    /// 1 to 4; never falls.
    pub level: i32,
    /// Its state.
    pub state: AlertState,
    /// The next step; its due instant counts while the alert is open.
    pub position: Position,
    /// When it is looked at next: a step, the end of an acknowledgement's time, the end of a hold, or of the time after
    /// which a ladder that has ended without an answer is told of.
    pub next_action_at: Option<Instant>,
}

/// What one more trigger brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It is noted; the climb goes on as it was.
    Noted,
    /// The first people of the ladder are notified again; the climb goes on as it was, for beginning again would put later steps off.
    Retold,
    /// The climb begins again, no matter who had acknowledged.
    Restarted,
}

impl AlertRow {
    /// Its ladder.
    pub(in crate::escalation) fn ladder(&self) -> Result<Ladder> {
        self.ladder.read()
    }

    /// Its state.
    pub(in crate::escalation) fn standing(&self) -> Result<AlertStanding> {
        let due = if self.state == AlertState::Open { self.next_action_at } else { None };
        let position = Position { round: self.ladder_round.unsigned_abs(), next: self.ladder_next.unsigned_abs(), due };
        Ok(AlertStanding {
            ladder: self.ladder()?,
            level: self.level,
            state: self.state,
            position,
            next_action_at: self.next_action_at,
        })
    }

    /// Puts it where `standing` says.
    pub(in crate::escalation) fn stand(&mut self, standing: &AlertStanding) -> Result<()> {
        self.ladder = Json::of(&standing.ladder)?;
        self.level = standing.level;
        self.state = standing.state;
        self.ladder_round = i32::try_from(standing.position.round).unwrap_or(i32::MAX);
        self.ladder_next = i32::try_from(standing.position.next).unwrap_or(i32::MAX);
        self.next_action_at = standing.next_action_at;
        Ok(())
    }
}

impl AlertStanding {
    /// An alert that is raised now.
    #[must_use]
    pub fn raised(ladder: Ladder, level: i32, now: Instant) -> Self {
        let position = Position::start(&ladder, 0, now);
        Self { ladder, level, state: AlertState::Open, position, next_action_at: position.due }
    }

    fn is_closed(&self) -> bool {
        matches!(self.state, AlertState::Resolved | AlertState::StoodDown)
    }

    fn move_to(&mut self, position: Position) {
        self.position = position;
        self.next_action_at = position.due;
    }

    /// A rule applies once more. A higher level puts the alert on that level's ladder; an insistent trigger notifies
    /// again, even where somebody has acknowledged.
    pub fn trigger(&mut self, level: i32, ladder: impl FnOnce() -> Ladder, is_insistent: bool, now: Instant) -> Again {
        let rises = level > self.level;
        if rises {
            self.level = level;
            self.ladder = ladder();
        }
        // Where no step is left, beginning again puts nothing off.
        let is_climbing = self.state == AlertState::Open && self.level < 4 && !self.has_ended();
        if is_insistent && !rises && is_climbing {
            Again::Retold
        } else if rises || is_insistent {
            self.restart(now);
            Again::Restarted
        } else {
            Again::Noted
        }
    }

    /// The first step of the round that has just begun waits until a moment: people were paged shortly before.
    pub fn put_off(&mut self, until: Instant) {
        if self.state == AlertState::Open && self.position.next == 0 && self.next_action_at.is_some_and(|at| at < until)
        {
            self.move_to(Position { due: Some(until), ..self.position });
        }
    }

    /// Begins a new round at once.
    fn restart(&mut self, now: Instant) {
        self.state = AlertState::Open;
        self.move_to(restart(&self.ladder, self.position, now));
    }

    /// A person takes it up, or tells how it goes: the climb rests for as long as an alert of this level may.
    pub fn acknowledge(&mut self, now: Instant) {
        if self.is_closed() {
            return;
        }
        self.state = AlertState::Acknowledged;
        self.position = stop(self.position);
        self.next_action_at = Some(now.plus_minutes(acknowledge_minutes(self.level)));
    }

    /// The person who took it up cannot see to it any more: their time is over.
    pub fn let_go(&mut self, now: Instant) {
        if self.state == AlertState::Acknowledged {
            self.next_action_at = Some(now);
        }
    }

    /// An officer takes it up: stops the climb of an urgent alert, never of an emergency.
    pub fn acknowledge_for_police(&mut self, now: Instant) {
        if self.level < 4 && self.state == AlertState::Open {
            self.acknowledge(now);
        }
    }

    /// A person closes it.
    pub fn close(&mut self, state: AlertState) {
        self.state = state;
        self.position = stop(self.position);
        self.next_action_at = None;
    }

    /// A person opens it again: it climbs from the foot of its ladder.
    pub fn reopen(&mut self, now: Instant) {
        if self.is_closed() {
            self.restart(now);
        }
    }

    /// Opens the climb again where an acknowledgement's time has passed without progress; true when it did.
    pub fn resume(&mut self, now: Instant) -> bool {
        let Some(over) = self.next_action_at.filter(|at| self.state == AlertState::Acknowledged && *at <= now) else {
            return false;
        };
        self.state = AlertState::Open;
        // The climb goes on from the end of that time, not from when somebody noticed.
        self.move_to(resume(&self.ladder, stop(self.position), over));
        true
    }

    /// Holds back what is due now until later; true when something is held. An emergency is never held.
    pub fn hold(&mut self, until: Instant, now: Instant) -> bool {
        let is_due = self.state == AlertState::Open && self.next_action_at.is_some_and(|at| at <= now);
        let is_held = is_due && self.level < 4 && until > now;
        if is_held {
            self.move_to(Position { due: Some(until), ..self.position });
        }
        is_held
    }

    /// Ends a hold until `until`: what it holds back is due at `at` instead. False when the alert is not held by it, because it
    /// was released before, taken up or begun again, and climbs by its own times.
    pub fn release(&mut self, until: Instant, at: Instant) -> bool {
        let is_held = self.state == AlertState::Open && self.level < 4 && self.next_action_at == Some(until);
        if is_held {
            self.move_to(Position { due: Some(at), ..self.position });
        }
        is_held
    }

    /// Whether the ladder has no step left, nothing repeats, and the time in which somebody should have answered is over.
    #[must_use]
    pub fn is_unanswered(&self, now: Instant) -> bool {
        let is_due = self.state == AlertState::Open && self.next_action_at.is_some_and(|at| at <= now);
        is_due && self.has_ended()
    }

    fn has_ended(&self) -> bool {
        self.ladder.repeat.is_none() && !self.has_steps_left()
    }

    fn has_steps_left(&self) -> bool {
        usize::try_from(self.position.next).is_ok_and(|next| next < self.ladder.steps.len())
    }

    /// The steps that are due by now, which the caller carries out.
    pub fn climb(&mut self, now: Instant) -> Vec<DueStep> {
        if self.state != AlertState::Open {
            return Vec::new();
        }
        let (taken, position) = climb(&self.ladder, self.position, now);
        self.move_to(position);
        taken
    }

    /// Takes every step that is due by now; `take` carries one out and says whether it reached anybody. A step that
    /// reached nobody is followed by the next at once.
    ///
    /// # Errors
    /// When `take` fails: its first error.
    pub fn take_due<E>(
        &mut self,
        now: Instant,
        mut take: impl FnMut(&DueStep) -> std::result::Result<bool, E>,
    ) -> std::result::Result<(), E> {
        loop {
            let taken = self.climb(now);
            let mut has_reached = taken.is_empty();
            for step in &taken {
                has_reached |= take(step)?;
            }
            let last_due = taken.last().map_or(now, |step| step.due);
            if has_reached || !self.skip(last_due) {
                break;
            }
        }
        self.await_answer(now);
        Ok(())
    }

    /// The steps just taken reached nobody: the next is due when the last of them was. False when none is left; a repeat keeps
    /// its time.
    pub fn skip(&mut self, due: Instant) -> bool {
        let skips = self.state == AlertState::Open && self.has_steps_left();
        if skips {
            self.move_to(Position { due: Some(due), ..self.position });
        }
        skips
    }

    /// Gives an open alert whose ladder has ended the time of its level, after which it is reported as unanswered.
    pub fn await_answer(&mut self, now: Instant) {
        if self.state == AlertState::Open && self.next_action_at.is_none() {
            let due = now.plus_minutes(acknowledge_minutes(self.level));
            self.move_to(Position { due: Some(due), ..self.position });
        }
    }
}

/// How far an alert has climbed its ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// How often the climb was restarted; a step is unique by (alert, round, index).
    pub round: u32,
    /// The index of the next step; from the number of steps on, a repeat.
    pub next: u32,
    /// When that step is due; none when the climb is stopped, or has ended because nothing repeats.
    pub due: Option<Instant>,
}

/// A step that fell due: to be carried out now, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueStep {
    /// The round it belongs to.
    pub round: u32,
    /// Its index in the round; repeats count on after the last step.
    pub index: u32,
    /// When it was due, which may be long before now if nothing ran in between.
    pub due: Instant,
    /// Who is notified.
    pub tell: Vec<Audience>,
}

impl Position {
    /// At the foot of the ladder: the first step is due its own wait after `at`.
    fn start(ladder: &Ladder, round: u32, at: Instant) -> Self {
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

    /// Who is notified by the next step or repeat.
    fn next_audiences(self, ladder: &Ladder) -> Option<&[Audience]> {
        if self.is_past_the_steps(ladder) {
            return ladder.repeat.as_ref().map(|repeat| repeat.tell.as_slice());
        }
        let step = ladder.steps.get(usize::try_from(self.next).ok()?)?;
        Some(&step.tell)
    }
}

/// Takes every step that is due at or before `now`, in order, and says how far the alert has then climbed.
///
/// Each step is anchored on the due instant of the one before, so a late tick postpones nothing. Repeats that an outage
/// swallowed become one, the latest, and the next is due after `now` on the same rhythm: people get neither a burst nor
/// silence. The same position and instant always give the same answer, so a retried transaction takes nothing twice.
fn climb(ladder: &Ladder, position: Position, now: Instant) -> (Vec<DueStep>, Position) {
    let mut taken = Vec::new();
    let mut position = position;
    while let Some(due) = position.due.filter(|due| *due <= now) {
        let Some(tell) = position.next_audiences(ladder) else {
            return (taken, stop(position));
        };
        let due = if position.is_past_the_steps(ladder) { latest_repeat(ladder, due, now) } else { due };
        taken.push(DueStep { round: position.round, index: position.next, due, tell: tell.to_vec() });
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
fn stop(position: Position) -> Position {
    Position { due: None, ..position }
}

/// Begins a new round: the first step is due at once, whatever its wait, for a further trigger notifies again even if
/// the alert is acknowledged.
///
/// Steps of the old round that are due but not yet taken are given up: climb first.
fn restart(ladder: &Ladder, position: Position, now: Instant) -> Position {
    let foot = Position::start(ladder, position.round.saturating_add(1), now);
    Position { due: foot.due.map(|_| now), ..foot }
}

/// Goes on after a stop, when an acknowledgement brought no progress in the level's time: the first step not yet taken
/// is due at once, for its wait has passed in vain.
///
/// A climb that was not stopped is left as it is, so that resuming never postpones anything; one with no step left
/// begins a new round, since an alert nobody works on must not stay silent.
fn resume(ladder: &Ladder, position: Position, now: Instant) -> Position {
    if position.due.is_some() {
        return position;
    }
    if position.next_audiences(ladder).is_none() {
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
