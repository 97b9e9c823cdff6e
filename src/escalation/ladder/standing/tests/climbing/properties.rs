use super::*;
use crate::escalation::ladder::{Repeat, Step};

const AUDIENCES: [Audience; 13] = [
    Audience::Nudge,
    Audience::Advocate,
    Audience::Duty,
    Audience::SecondDuty,
    Audience::Supervisor,
    Audience::SupervisorDecision,
    Audience::SurvivorCall,
    Audience::Call999,
    Audience::Consider999,
    Audience::Police,
    Audience::NextPolice,
    Audience::PoliceReminder,
    Audience::TrustedContact,
];

fn tell() -> impl Strategy<Value = Vec<Audience>> {
    prop::sample::subsequence(&AUDIENCES[..], 1..=4)
}

fn ladders() -> impl Strategy<Value = Ladder> {
    let step = (0_u32..200, tell()).prop_map(|(wait_minutes, tell)| Step { wait_minutes, tell });
    let repeat = (1_u32..60, tell()).prop_map(|(every_minutes, tell)| Repeat { every_minutes, tell });
    let steps = prop::collection::vec(step, 1..6);
    (steps, prop::option::of(repeat)).prop_map(|(steps, repeat)| Ladder {
        code: "any".to_owned(),
        version: 1,
        steps,
        repeat,
    })
}

/// Seconds between one tick of the worker and the next, some of them outages.
fn ticks() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(prop_oneof![4 => 0_i64..600, 1 => 0_i64..90_000], 1..60)
}

/// Everything taken over the ticks, and where the climb is then.
fn climb_all(ladder: &Ladder, ticks: &[i64]) -> (Vec<DueStep>, Position, Instant) {
    let mut position = Position::start(ladder, 1, noon());
    let mut now = noon();
    let mut all = Vec::new();
    for seconds in ticks {
        now = now.plus_seconds(*seconds);
        let (taken, next) = climb(ladder, position, now);
        all.extend(taken);
        position = next;
    }
    (all, position, now)
}

proptest! {
    #[test]
    fn steps_are_taken_once_in_order_and_none_is_skipped(ladder in ladders(), ticks in ticks()) {
        let (taken, position, now) = climb_all(&ladder, &ticks);
        for (index, step) in taken.iter().enumerate() {
            prop_assert_eq!(step.index, u32::try_from(index).unwrap());
            prop_assert_eq!(step.round, 1);
            prop_assert!(step.due <= now);
        }
        prop_assert!(taken.windows(2).all(|pair| pair[0].due <= pair[1].due));
        prop_assert_eq!(usize::try_from(position.next).unwrap(), taken.len());
        prop_assert!(position.due.is_none_or(|due| due > now));
    }

    #[test]
    fn each_step_is_anchored_on_the_one_before(ladder in ladders(), ticks in ticks()) {
        let (taken, ..) = climb_all(&ladder, &ticks);
        let mut before = noon();
        for (index, step) in taken.iter().enumerate() {
            let waited = step.due.seconds_since(before);
            if let Some(plan) = ladder.steps.get(index) {
                prop_assert_eq!(waited, i64::from(plan.wait_minutes) * 60);
                prop_assert_eq!(&step.tell, &plan.tell);
            } else {
                let repeat = ladder.repeat.as_ref().unwrap();
                prop_assert!(waited > 0);
                prop_assert_eq!(waited % (i64::from(repeat.every_minutes) * 60), 0);
                prop_assert_eq!(&step.tell, &repeat.tell);
            }
            before = step.due;
        }
    }

    #[test]
    fn a_ladder_that_repeats_always_has_a_next_due(ladder in ladders(), ticks in ticks()) {
        let (taken, position, now) = climb_all(&ladder, &ticks);
        if let Some(repeat) = &ladder.repeat {
            let due = position.due.unwrap();
            let past = taken.len() > ladder.steps.len();
            prop_assert!(!past || due <= now.plus_minutes(i64::from(repeat.every_minutes)));
        } else {
            prop_assert_eq!(position.due.is_none(), taken.len() == ladder.steps.len());
        }
    }

    #[test]
    fn an_emergency_nobody_stopped_is_never_more_than_five_minutes_away(ticks in ticks()) {
        let (_, position, now) = climb_all(&emergency(), &ticks);
        prop_assert!(position.due.is_some_and(|due| due > now && due <= now.plus_minutes(5)));
    }

    #[test]
    fn small_advances_and_a_large_one_take_the_same_steps(ladder in ladders(), ticks in ticks()) {
        let (small, after_small, now) = climb_all(&ladder, &ticks);
        let start = Position::start(&ladder, 1, noon());
        let (large, after_large) = climb(&ladder, start, now);
        let plain = |taken: &[DueStep]| taken.iter().take(ladder.steps.len()).cloned().collect();
        let (small_steps, large_steps): (Vec<_>, Vec<_>) = (plain(&small), plain(&large));
        prop_assert_eq!(small_steps, large_steps);
        // Repeats collapse: one who climbed late notified the same people at the last instant, or will.
        prop_assert!(large.len() <= ladder.steps.len() + 1);
        prop_assert_eq!(small.last().map(|step| step.due), large.last().map(|step| step.due));
        prop_assert_eq!(after_small.due, after_large.due);
    }

    #[test]
    fn climbing_again_at_the_same_instant_takes_nothing(ladder in ladders(), ticks in ticks()) {
        let (_, position, now) = climb_all(&ladder, &ticks);
        prop_assert_eq!(climb(&ladder, position, now), (Vec::new(), position));
    }

    #[test]
    fn a_fraction_of_a_second_never_takes_a_step_early(
        ladder in ladders(),
        start in 0_i64..1_000_000,
        later in 0_i64..90_000_000_000,
    ) {
        let fraction = |micros| {
            Instant::from_timestamp(jiff::Timestamp::from_microsecond(micros).unwrap())
        };
        let position = Position::start(&ladder, 1, fraction(start));
        let now = fraction(start + later);
        let (taken, position) = climb(&ladder, position, now);
        prop_assert!(taken.iter().all(|step| step.due <= now));
        prop_assert!(position.due.is_none_or(|due| due > now));
    }

    #[test]
    fn a_restart_takes_the_first_step_at_once_in_a_new_round(
        ladder in ladders(),
        ticks in ticks(),
    ) {
        let (_, position, now) = climb_all(&ladder, &ticks);
        for before in [position, stop(position)] {
            let (taken, _) = climb(&ladder, restart(&ladder, before, now), now);
            prop_assert_eq!((taken[0].round, taken[0].index, taken[0].due), (2, 0, now));
        }
    }

    #[test]
    fn a_stopped_climb_that_is_resumed_tells_somebody_at_once(
        ladder in ladders(),
        ticks in ticks(),
    ) {
        let (_, position, now) = climb_all(&ladder, &ticks);
        prop_assert!(climb(&ladder, stop(position), now.plus_hours(999)).0.is_empty());
        let (taken, _) = climb(&ladder, resume(&ladder, stop(position), now), now);
        prop_assert_eq!(taken[0].due, now);
    }

    #[test]
    fn a_ladder_survives_its_storage(ladder in ladders()) {
        let json = serde_json::to_string(&ladder).unwrap();
        prop_assert_eq!(serde_json::from_str::<Ladder>(&json).unwrap(), ladder);
    }

    #[test]
    fn a_valid_ladder_never_tells_the_police_before_the_support_side(ladder in ladders()) {
        if ladder.validate().is_ok() {
            let start = Position::start(&ladder, 1, noon());
            let (taken, _) = climb(&ladder, start, noon().plus_hours(24 * 60));
            let support = taken.iter().position(|s| s.tell.iter().any(|a| a.is_support_side()));
            let police = taken.iter().position(|s| s.tell.iter().any(|a| a.is_police()));
            prop_assert!(support.is_some());
            prop_assert!(police.is_none_or(|police| support <= Some(police)));
        }
    }
}
