//! The floor: how slow an organisation's own ladder may be at most. The waits are those of
//! `defaults.rs`: an organisation may notify people sooner, more of them, or more often, and never later or fewer.

use super::LadderFault;
use crate::escalation::ladder::{Audience, Ladder};

/// What a ladder of one code must do at least. Minutes count from when the climb begins.
struct Floor {
    code: &'static str,
    /// By when somebody of the support side is notified.
    support_by: u32,
    /// By when each of these is told.
    notified_by: &'static [(Audience, u32)],
    /// How often, at least, what is repeated is repeated, and who is notified by it.
    repeat: Option<(u32, &'static [Audience])>,
}

const FLOORS: [Floor; 7] = [
    Floor { code: "standard", support_by: 60, notified_by: &[(Audience::Supervisor, 24 * 60)], repeat: None },
    Floor {
        code: "high_risk",
        support_by: 0,
        notified_by: &[(Audience::Supervisor, 20), (Audience::Police, 30)],
        repeat: Some((15, &[Audience::Supervisor, Audience::Police])),
    },
    Floor {
        code: "fast",
        support_by: 0,
        notified_by: &[(Audience::Supervisor, 5), (Audience::Consider999, 5), (Audience::Police, 15)],
        repeat: Some((10, &[Audience::Supervisor, Audience::Police])),
    },
    Floor {
        code: "emergency",
        support_by: 0,
        notified_by: &[
            (Audience::Call999, 0),
            (Audience::Duty, 0),
            (Audience::Supervisor, 0),
            (Audience::Police, 0),
            (Audience::NextPolice, 2),
        ],
        repeat: Some((5, &[Audience::Call999, Audience::Duty, Audience::Supervisor, Audience::Police])),
    },
    Floor {
        code: "breach",
        support_by: 0,
        notified_by: &[(Audience::Police, 0), (Audience::Supervisor, 30)],
        repeat: None,
    },
    Floor {
        code: "advocate_only",
        support_by: 0,
        notified_by: &[(Audience::Advocate, 0)],
        repeat: Some((24 * 60, &[Audience::Advocate])),
    },
    Floor {
        code: "review",
        support_by: 0,
        notified_by: &[(Audience::Supervisor, 0)],
        repeat: Some((24 * 60, &[Audience::Supervisor])),
    },
];

/// Where a ladder falls below the floor of its code.
pub(in crate::escalation::ladder) fn faults(ladder: &Ladder) -> Vec<LadderFault> {
    let Some(floor) = FLOORS.iter().find(|floor| floor.code == ladder.code) else {
        return vec![LadderFault::UnknownCode];
    };
    let mut faults = Vec::new();
    if minutes_to(ladder, Audience::is_support_side).is_none_or(|minutes| minutes > floor.support_by) {
        faults.push(LadderFault::SupportTooLate(floor.support_by));
    }
    for (audience, by) in floor.notified_by {
        if minutes_to(ladder, |told| told == *audience).is_none_or(|minutes| minutes > *by) {
            faults.push(LadderFault::TooLate(*audience, *by));
        }
    }
    let Some((every, tell)) = floor.repeat else { return faults };
    match &ladder.repeat {
        Some(repeat) if repeat.every_minutes <= every => {
            let left_out = tell.iter().filter(|audience| !repeat.tell.contains(audience));
            faults.extend(left_out.map(|audience| LadderFault::RepeatLeavesOut(*audience)));
        }
        _ => faults.push(LadderFault::RepeatTooSlow(every)),
    }
    faults
}

/// Minutes until a step tells somebody for the first time.
fn minutes_to(ladder: &Ladder, is_told: impl Fn(Audience) -> bool) -> Option<u32> {
    let mut minutes = 0_u32;
    for step in &ladder.steps {
        minutes = minutes.saturating_add(step.wait_minutes);
        if step.tell.iter().any(|audience| is_told(*audience)) {
            return Some(minutes);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escalation::ladder::{LadderFault as F, all, emergency, fast, high_risk};

    #[test]
    fn every_default_ladder_stands_on_its_floor() {
        for ladder in all() {
            assert_eq!(ladder.faults(), [], "{}", ladder.code);
        }
    }

    #[test]
    fn an_emergency_asks_for_999_at_once_and_for_the_police_and_repeats() {
        let change = |change: fn(&mut Ladder)| {
            let mut ladder = emergency();
            change(&mut ladder);
            ladder.faults()
        };
        assert_eq!(change(|l| l.steps[0].tell.retain(|a| *a != Audience::Call999)), [F::TooLate(Audience::Call999, 0)]);
        assert_eq!(change(|l| l.steps[1].wait_minutes = 3), [F::TooLate(Audience::NextPolice, 2)]);
        assert_eq!(change(|l| l.repeat.as_mut().unwrap().every_minutes = 6), [F::RepeatTooSlow(5)]);
        assert_eq!(
            change(|l| l.repeat.as_mut().unwrap().tell.retain(|a| *a != Audience::Call999)),
            [F::RepeatLeavesOut(Audience::Call999)]
        );
        assert!(change(|l| l.repeat = None).contains(&F::RepeatTooSlow(5)));
        let late = change(|l| l.steps[0].wait_minutes = 1);
        assert!(late.contains(&F::SupportTooLate(0)) && late.contains(&F::TooLate(Audience::Police, 0)), "{late:?}");
    }

    #[test]
    fn a_ladder_may_be_faster_and_tell_more_people_and_not_slower() {
        let mut faster = high_risk();
        faster.steps[3].wait_minutes = 0;
        faster.steps[0].tell.push(Audience::Supervisor);
        faster.repeat.as_mut().unwrap().every_minutes = 5;
        assert_eq!(faster.faults(), []);
        let mut slower = fast();
        slower.steps[2].wait_minutes = 11;
        assert_eq!(slower.faults(), [F::TooLate(Audience::Police, 15)]);
        slower.code = "quick".to_owned();
        assert_eq!(slower.faults(), [F::UnknownCode]);
    }
}
