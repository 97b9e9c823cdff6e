//! A model of an alert, written down apart from the code: what may never happen, whatever the order of events.

mod climbing;

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::escalation::alerts::model::RuleGroup;
use crate::escalation::ladder;
use crate::escalation::ladder::hold::{self, Around};

/// What can happen to an alert; the numbers are minutes or levels.
#[derive(Clone, Debug)]
enum ClimbEvent {
    Trigger { level: i32, is_insistent: bool },
    Acknowledge,
    Progress,
    PoliceAcknowledge,
    LetGo,
    LateAnswer,
    Close,
    Reopen,
    RaiseLevel(i32),
    SilenceFor(i64),
    EndSilence,
    StormOf(usize),
    OtherEmergency(bool),
    Wait(i64),
    Outage(i64),
}

fn events() -> impl Strategy<Value = Vec<ClimbEvent>> {
    let event = prop_oneof![
        3 => (2..=4_i32, any::<bool>()).prop_map(|(level, is_insistent)| ClimbEvent::Trigger { level, is_insistent }),
        2 => Just(ClimbEvent::Acknowledge),
        2 => Just(ClimbEvent::Progress),
        2 => Just(ClimbEvent::PoliceAcknowledge),
        1 => Just(ClimbEvent::LetGo),
        1 => Just(ClimbEvent::LateAnswer),
        1 => Just(ClimbEvent::Close),
        2 => Just(ClimbEvent::Reopen),
        1 => (2..=4_i32).prop_map(ClimbEvent::RaiseLevel),
        1 => (1..=24 * 60_i64).prop_map(ClimbEvent::SilenceFor),
        1 => Just(ClimbEvent::EndSilence),
        1 => (0..40_usize).prop_map(ClimbEvent::StormOf),
        1 => any::<bool>().prop_map(ClimbEvent::OtherEmergency),
        6 => (0..40_i64).prop_map(ClimbEvent::Wait),
        1 => (0..5_000_i64).prop_map(ClimbEvent::Outage),
    ];
    prop::collection::vec(event, 1..60)
}

/// An alert under test, beside what the model remembers of it.
struct Model {
    standing: AlertStanding,
    around: Around,
    now: Instant,
    /// Every step that was taken, by round and index.
    taken: HashSet<(u32, u32)>,
    /// How many rounds must have begun.
    rounds: u32,
    /// Steps taken that tell a person of the support side, since the last event that asked for it.
    notified: u32,
}

fn ladder_of(level: i32) -> Ladder {
    match level {
        4 => ladder::emergency(),
        3 => ladder::high_risk(),
        _ => ladder::standard(),
    }
}

fn noon() -> Instant {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

impl Model {
    fn new(level: i32) -> Self {
        let now = noon();
        let around = Around { raised_at: now, missed_survivors: 0, silenced_until: None, has_open_emergency: false };
        let standing = AlertStanding::raised(ladder_of(level), level, now);
        let mut model = Self { standing, around, now, taken: HashSet::new(), rounds: 0, notified: 0 };
        model.look();
        model
    }

    /// What the worker does at this instant, as `climb.rs` does it.
    fn look(&mut self) {
        if self.standing.next_action_at.is_none_or(|at| at > self.now) {
            return;
        }
        let (was_acknowledged, had_ended) = (self.standing.state, self.standing.has_ended());
        if self.standing.resume(self.now) {
            assert_eq!(was_acknowledged, AlertState::Acknowledged);
            self.rounds += u32::from(had_ended);
        }
        if let Some((_, until)) = hold::decide(self.standing.level, RuleGroup::Missed, &self.around, self.now)
            && self.standing.hold(until, self.now)
        {
            assert!(self.standing.level < 4, "an emergency was held");
            return;
        }
        for step in self.standing.climb(self.now) {
            assert!(self.taken.insert((step.round, step.index)), "{step:?} was taken twice");
            self.notified += u32::from(step.tell.iter().any(|audience| audience.is_support_side()));
        }
        self.standing.await_answer(self.now);
    }

    /// Lets time pass as the worker does: stopping wherever something is due.
    fn wait(&mut self, minutes: i64) {
        let to = self.now.plus_minutes(minutes);
        while let Some(at) = self.standing.next_action_at.filter(|at| *at <= to) {
            self.now = self.now.max(at);
            self.look();
        }
        self.now = to;
    }

    fn apply(&mut self, event: &ClimbEvent) {
        let (now, was) = (self.now, self.standing.clone());
        self.notified = 0;
        match event {
            // A trigger of a closed alert opens another one: this one stays as it is.
            ClimbEvent::Trigger { level, is_insistent } if !was.is_closed() => {
                let again = self.standing.trigger(*level, || ladder_of(*level), *is_insistent, now);
                self.rounds += u32::from(again == Again::Restarted);
                self.look();
                let asks = *level > was.level || (*is_insistent && *level == 4);
                if asks && self.standing.level == 4 {
                    assert_eq!(again, Again::Restarted);
                    assert!(self.notified > 0, "an emergency was triggered and nobody was told");
                }
            }
            ClimbEvent::Acknowledge => self.standing.acknowledge(now),
            ClimbEvent::Progress if was.state == AlertState::Acknowledged => self.standing.acknowledge(now),
            ClimbEvent::PoliceAcknowledge => {
                self.standing.acknowledge_for_police(now);
                assert!(was.level < 4 || self.standing == was, "the police stopped an emergency's climb");
            }
            ClimbEvent::LetGo => {
                self.standing.let_go(now);
                self.look();
                assert_ne!(self.standing.state, AlertState::Acknowledged, "it rests although nobody sees to it");
            }
            ClimbEvent::Close if !was.is_closed() => self.standing.close(AlertState::Resolved),
            ClimbEvent::Reopen => {
                self.standing.reopen(now);
                self.rounds += u32::from(was.is_closed());
                self.look();
            }
            ClimbEvent::RaiseLevel(level) if *level > was.level && !was.is_closed() => {
                assert_eq!(self.standing.trigger(*level, || ladder_of(*level), true, now), Again::Restarted);
                self.rounds += 1;
                self.look();
            }
            ClimbEvent::SilenceFor(minutes) => self.around.silenced_until = Some(now.plus_minutes(*minutes)),
            ClimbEvent::EndSilence => self.around.silenced_until = None,
            ClimbEvent::StormOf(survivors) => self.around.missed_survivors = *survivors,
            ClimbEvent::OtherEmergency(is_open) => self.around.has_open_emergency = *is_open,
            ClimbEvent::Wait(minutes) => self.wait(*minutes),
            ClimbEvent::Outage(minutes) => {
                self.now = now.plus_minutes(*minutes);
                self.look();
            }
            // An answer of the phone changes nothing of where an alert is; nor do acts in the wrong state.
            ClimbEvent::LateAnswer
            | ClimbEvent::Trigger { .. }
            | ClimbEvent::Progress
            | ClimbEvent::Close
            | ClimbEvent::RaiseLevel(_) => {}
        }
        self.check(&was);
    }

    fn check(&self, was: &AlertStanding) {
        let AlertStanding { level, state, next_action_at, position, .. } = &self.standing;
        assert!(*level >= was.level, "a level fell");
        assert_eq!(position.round, self.rounds, "a round began that nobody asked for, or one did not");
        if self.standing.is_closed() {
            assert_eq!(*next_action_at, None, "a closed alert climbs");
            return;
        }
        assert!(next_action_at.is_some(), "an open alert is forgotten: {:?}", self.standing);
        if *level == 4 {
            let soon = self.now.plus_minutes(5);
            assert!(next_action_at.is_some_and(|at| at <= soon), "an emergency rests longer than five minutes");
        }
        if *state == AlertState::Acknowledged {
            assert_eq!(position.due, None, "it climbs although somebody has taken it up");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_order_of_events_loses_an_emergency_and_none_climbs_twice(level in 2..=4_i32, events in events()) {
        let mut model = Model::new(level);
        for event in &events {
            model.apply(event);
        }
    }

    #[test]
    fn an_emergency_left_alone_tells_somebody_every_five_minutes_for_ever(events in events(), hours in 1..48_i64) {
        let mut model = Model::new(4);
        for event in events.iter().filter(|event| !matches!(event, ClimbEvent::Close)) {
            model.apply(event);
        }
        // Whatever happened before, and whatever is silenced: after five minutes of rest at most it climbs again.
        model.wait(5);
        for _ in 0..hours * 12 {
            model.notified = 0;
            model.wait(5);
            prop_assert!(model.notified > 0);
        }
    }

    #[test]
    fn a_hold_ends_and_what_was_held_is_then_taken(level in 2..=3_i32, minutes in 1..24 * 60_i64, storm in 0..40_usize) {
        let now = noon();
        let mut model = Model::new(level);
        model.around.silenced_until = Some(now.plus_minutes(minutes));
        model.around.missed_survivors = storm;
        let before = model.taken.len();
        model.wait(minutes - 1);
        let during = model.taken.len();
        model.wait(48 * 60);
        prop_assert_eq!(before, during);
        prop_assert!(model.taken.len() > during);
    }
}

#[test]
fn a_ladder_that_has_ended_without_an_answer_is_told_of_after_its_levels_time_and_again() {
    let mut model = Model::new(2);
    model.wait(27 * 60);
    let ended = model.standing.clone();
    assert!(ended.has_ended() && !ended.is_unanswered(model.now));
    assert_eq!(ended.next_action_at, Some(model.now.plus_hours(24)));
    model.now = model.now.plus_hours(24);
    assert!(model.standing.is_unanswered(model.now));
    model.look();
    assert_eq!(model.standing.next_action_at, Some(model.now.plus_hours(24)));
    assert!(!model.standing.is_unanswered(model.now));
}

#[test]
fn a_further_insistent_trigger_begins_a_ladder_anew_that_has_ended_and_puts_no_step_off_that_is_still_to_come() {
    let now = noon();
    let trigger = |standing: &mut AlertStanding, now| standing.trigger(3, ladder::breach, true, now);
    let mut model = Model::new(3);
    model.standing = AlertStanding::raised(ladder::breach(), 3, now);
    model.taken.clear();
    model.look();
    let climbing = model.standing.next_action_at;
    assert_eq!((trigger(&mut model.standing, now), model.standing.next_action_at), (Again::Retold, climbing));
    model.wait(30 + 4 * 60 + 24 * 60);
    assert!(model.standing.has_ended());
    assert_eq!(trigger(&mut model.standing, model.now), Again::Restarted);
    assert_eq!((model.standing.position.next, model.standing.next_action_at), (0, Some(model.now)));
}

/// What can happen to the holds of an alert; the numbers are minutes, or which silence is ended.
#[derive(Clone, Debug)]
enum Quiet {
    Silence(i64),
    EndSilence(usize),
    Emergency(bool),
    Wait(i64),
    Outage(i64),
}

/// An alert that nobody answers, the silences and the emergency around it, and its holds as they are kept.
struct Held {
    model: Model,
    silences: Vec<Instant>,
    holds: Vec<(hold::HoldReason, Instant)>,
    /// When each step was due and when it was taken.
    steps: Vec<(Instant, Instant)>,
}

impl Held {
    fn new(level: i32) -> Self {
        let mut model = Model::new(level);
        model.standing = AlertStanding::raised(ladder_of(level), level, noon());
        Self { model, silences: Vec::new(), holds: Vec::new(), steps: Vec::new() }
    }

    fn decide(&mut self) -> Option<(hold::HoldReason, Instant)> {
        let now = self.model.now;
        self.model.around.silenced_until = self.silences.iter().filter(|until| **until > now).max().copied();
        hold::decide(self.model.standing.level, RuleGroup::Missed, &self.model.around, now)
    }

    /// What the worker does, as `climb.rs` and `hold.rs` do it.
    fn look(&mut self) {
        let now = self.model.now;
        if let Some((reason, until)) = self.decide()
            && self.model.standing.hold(until, now)
        {
            return self.holds.push((reason, until));
        }
        for step in self.model.standing.climb(now) {
            self.steps.push((step.due, now));
        }
        self.model.standing.await_answer(now);
    }

    fn wait_until(&mut self, to: Instant) {
        while let Some(at) = self.model.standing.next_action_at.filter(|at| *at <= to) {
            self.model.now = self.model.now.max(at);
            self.look();
        }
        self.model.now = to;
    }

    /// As `hold::release` does it.
    fn release(&mut self, over: hold::HoldReason) {
        let now = self.model.now;
        for index in 0..self.holds.len() {
            let (reason, until) = self.holds[index];
            if reason != over || until <= now {
                continue;
            }
            let held = self.decide();
            if held.is_some_and(|(still, later)| still == reason && later >= until) {
                continue;
            }
            let is_moved = self.model.standing.release(until, held.map_or(now, |(_, until)| until));
            self.holds[index].1 = now;
            if let Some(held) = held.filter(|_| is_moved) {
                self.holds.push(held);
            }
        }
    }

    fn apply(&mut self, event: &Quiet) {
        let now = self.model.now;
        match *event {
            Quiet::Silence(minutes) => self.silences.push(now.plus_minutes(minutes)),
            Quiet::EndSilence(which) if !self.silences.is_empty() => {
                let which = which % self.silences.len();
                self.silences.swap_remove(which);
                self.release(hold::HoldReason::Silence);
            }
            Quiet::EndSilence(_) => {}
            Quiet::Emergency(is_open) => {
                self.model.around.has_open_emergency = is_open;
                if !is_open {
                    self.release(hold::HoldReason::OpenEmergency);
                }
            }
            Quiet::Wait(minutes) => self.wait_until(now.plus_minutes(minutes)),
            Quiet::Outage(minutes) => self.model.now = now.plus_minutes(minutes),
        }
        if self.model.standing.next_action_at.is_some_and(|at| at <= self.model.now) {
            self.look();
        }
    }
}

fn quiets() -> impl Strategy<Value = Vec<Quiet>> {
    let quiet = prop_oneof![
        3 => (1..=24 * 60_i64).prop_map(Quiet::Silence),
        3 => (0..8_usize).prop_map(Quiet::EndSilence),
        3 => any::<bool>().prop_map(Quiet::Emergency),
        4 => (0..40_i64).prop_map(Quiet::Wait),
        1 => (0..600_i64).prop_map(Quiet::Outage),
    ];
    prop::collection::vec(quiet, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_order_of_holds_and_silences_takes_a_step_before_its_time_or_loses_one(level in 2..=3_i32, quiets in quiets()) {
        let mut held = Held::new(level);
        held.look();
        for quiet in &quiets {
            held.apply(quiet);
            let (now, waits) = (held.model.now, held.model.standing.ladder.steps.clone());
            for (index, (due, taken)) in held.steps.iter().enumerate() {
                prop_assert!(taken >= due, "step {index} was taken at {taken}, due at {due}");
                let wait = waits.get(index).map_or(15, |step| i64::from(step.wait_minutes));
                let before = index.checked_sub(1).map_or(noon(), |before| held.steps[before].0);
                prop_assert!(*due >= before.plus_minutes(wait), "step {index} was due {due}, {wait} min after {before}");
            }
            // What is due is taken, or held until a moment to come.
            prop_assert!(held.model.standing.next_action_at.is_some_and(|at| at > now));
        }
        held.silences.clear();
        held.model.around.has_open_emergency = false;
        held.wait_until(held.model.now.plus_hours(24 * 5));
        prop_assert!(held.steps.len() >= held.model.standing.ladder.steps.len());
    }
}
