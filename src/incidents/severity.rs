//! How grave an incident is, from 1 to 4: the highest of what the behaviours, the survivor and the rules say.

use crate::directory;

/// The gravest there is.
pub const GRAVEST: i32 = 4;
/// The least that an act believed to break an order is: the base of `order_breach_other`.
const BREACH: i32 = 3;

/// What a report says about how grave it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct StatedSeverity {
    /// The highest base of the behaviours, 1 to 4.
    pub base: i32,
    /// How afraid they were, 0 to 4.
    pub fear: i32,
    /// How much it changed their life, 0 to 4.
    pub impact: Option<i32>,
    /// Whether a behaviour is in person.
    pub is_in_person: bool,
    /// Whether it is going on.
    pub is_happening_now: bool,
    /// Whether it names a condition of an order that it may break.
    pub is_breach: bool,
}

/// What the behaviours of a report say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nature {
    /// The highest base severity among them.
    pub base_severity: i32,
    /// Whether one of them happens in person.
    pub is_in_person: bool,
}

impl Nature {
    /// What codes say together; those that stand in no list say nothing.
    pub(super) fn of(codes: &[String]) -> Self {
        let mut nature = Self { base_severity: 1, is_in_person: false };
        for behaviour in codes.iter().filter_map(|code| directory::behaviour(code)) {
            nature.base_severity = nature.base_severity.max(behaviour.base_severity);
            nature.is_in_person |= behaviour.is_in_person;
        }
        nature
    }
}

/// The severity of a report: the highest of the behaviours' base, the survivor's own rating, and
/// the rules. Each of them can only raise it.
pub fn severity(said: StatedSeverity) -> i32 {
    let now = if said.is_happening_now { happening_now(said.base, said.is_in_person) } else { 1 };
    let breach = if said.is_breach { BREACH } else { 1 };
    // No or little fear says nothing, the rest is as it was given; so does what it changed.
    let own = said.fear.max(said.impact.unwrap_or(0));
    [said.base, own, now, breach].into_iter().fold(1, i32::max).min(GRAVEST)
}

/// Danger at this moment is the gravest; anything else that is going on is more than a nuisance.
fn happening_now(base: i32, is_in_person: bool) -> i32 {
    if is_in_person || base >= GRAVEST { GRAVEST } else { 2 }
}

/// The severity after an amendment. Software raises it when what is reported is graver than what was reported before, and never
/// lowers it; what a supervisor decided holds until then.
pub fn amended(standing: i32, told_before: i32, told_now: i32) -> i32 {
    if told_now > told_before { standing.max(told_now) } else { standing }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_highest_of_base_fear_and_rules_counts() {
        for (base, fear, is_happening_now, is_in_person, expected) in [
            (1, 0, false, false, 1),
            (1, 1, false, false, 1),
            (1, 2, false, false, 2),
            (1, 4, false, false, 4),
            (3, 0, false, true, 3),
            (3, 4, false, true, 4),
            (1, 0, true, false, 2),
            (3, 0, true, false, 3),
            (2, 0, true, true, 4),
            (4, 0, true, false, 4),
        ] {
            let said = StatedSeverity { base, fear, is_happening_now, is_in_person, ..StatedSeverity::default() };
            assert_eq!(severity(said), expected, "{said:?}");
        }
        assert_eq!(severity(StatedSeverity { base: 1, fear: 1, impact: Some(3), ..StatedSeverity::default() }), 3);
        assert_eq!(severity(StatedSeverity { base: 2, is_breach: true, ..StatedSeverity::default() }), 3);
    }

    #[test]
    fn an_amendment_that_reads_milder_or_the_same_leaves_the_severity_where_it_was() {
        assert_eq!(amended(4, 4, 1), 4);
        // A supervisor had lowered it to 2, and nothing graver is reported.
        assert_eq!((amended(2, 4, 4), amended(2, 3, 3)), (2, 2));
        assert_eq!(amended(2, 3, 4), 4);
    }

    fn any_said() -> impl Strategy<Value = StatedSeverity> {
        (1..=4_i32, 0..=4_i32, proptest::option::of(0..=4_i32), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(base, fear, impact, is_in_person, is_happening_now, is_breach)| StatedSeverity {
                base,
                fear,
                impact,
                is_in_person,
                is_happening_now,
                is_breach,
            },
        )
    }

    proptest! {
        #[test]
        fn more_of_anything_never_makes_a_report_milder(said in any_said()) {
            let found = severity(said);
            prop_assert!((1..=4).contains(&found));
            prop_assert!(found >= said.base && found >= said.fear.max(1) && found >= said.impact.unwrap_or(1));
            let graver = [
                StatedSeverity { base: (said.base + 1).min(4), ..said },
                StatedSeverity { fear: (said.fear + 1).min(4), ..said },
                StatedSeverity { impact: Some(4), ..said },
                StatedSeverity { is_in_person: true, ..said },
                StatedSeverity { is_happening_now: true, ..said },
                StatedSeverity { is_breach: true, ..said },
            ];
            prop_assert!(graver.into_iter().all(|said| severity(said) >= found));
        }

        #[test]
        fn software_never_lowers_a_severity_whatever_is_told(
            first in any_said(), told in prop::collection::vec(any_said(), 0..10),
        ) {
            let (mut standing, mut before) = (severity(first), severity(first));
            for said in told {
                let now = severity(said);
                let after = amended(standing, before, now);
                prop_assert!(after >= standing && after <= 4);
                prop_assert!(now <= before || after >= now);
                (standing, before) = (after, now);
            }
        }
    }
}
