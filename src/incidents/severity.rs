//! How grave an incident is, from 1 to 4: the highest of what the behaviours, the survivor and the rules say.

/// The gravest there is.
pub const GRAVEST: i32 = 4;

/// Severity from the highest base of the behaviours (1 to 4), the survivor's own fear (0 to 4), and whether it is going
/// on now; product.md, "Incidents".
///
/// Software raises and never lowers: the answer is never below the base, nor below an earlier severity, and each input
/// can only raise it.
pub fn severity(earlier: Option<i32>, base: i32, fear: i32, is_happening_now: bool, is_in_person: bool) -> i32 {
    let now = if is_happening_now { happening_now(base, is_in_person) } else { 1 };
    [earlier.unwrap_or(1), base, own_rating(fear), now].into_iter().fold(1, i32::max).min(GRAVEST)
}

/// The survivor's fear as a severity: no or little fear says nothing, the rest stands as it was given.
fn own_rating(fear: i32) -> i32 {
    fear.max(1)
}

/// Danger at this moment is the gravest; anything else that is going on is more than a nuisance.
fn happening_now(base: i32, is_in_person: bool) -> i32 {
    if is_in_person || base >= GRAVEST { GRAVEST } else { 2 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::severity;

    #[test]
    fn the_highest_of_base_fear_and_rules_counts() {
        for (base, fear, now, in_person, expected) in [
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
            assert_eq!(severity(None, base, fear, now, in_person), expected, "{base} {fear} {now} {in_person}");
        }
    }

    #[test]
    fn an_amendment_that_reads_milder_leaves_the_severity_where_it_was() {
        assert_eq!(severity(Some(4), 1, 0, false, false), 4);
    }

    proptest! {
        #[test]
        fn software_raises_and_never_lowers(
            earlier in proptest::option::of(1..=4), base in 1..=4, fear in 0..=4, now: bool, in_person: bool,
        ) {
            let found = severity(earlier, base, fear, now, in_person);
            prop_assert!((1..=4).contains(&found));
            prop_assert!(found >= base && found >= fear.max(1) && found >= earlier.unwrap_or(1));
            prop_assert!(severity(earlier, base, fear, true, in_person) >= found);
            prop_assert!(severity(earlier, base, fear, now, true) >= found);
            prop_assert!(severity(earlier, base, (fear + 1).min(4), now, in_person) >= found);
            prop_assert!(severity(earlier, (base + 1).min(4), fear, now, in_person) >= found);
        }
    }
}
