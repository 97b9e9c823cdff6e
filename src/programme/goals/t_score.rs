//! The T-score of goals on the Goal Attainment Scale.
//!
//! T = 50 + 10 Σwx / √((1 − ρ) Σw² + ρ (Σw)²), with ρ = 0.3 as the correlation between goals: Kiresuk & Sherman, "Goal
//! attainment scaling: a general method for evaluating comprehensive community mental health programs", Community Mental
//! Health Journal 4 (1968) 443–453; the same with its parts explained in Turner-Stokes, "Goal attainment scaling (GAS) in
//! rehabilitation: a practical guide", Clinical Rehabilitation 23 (2009) 362–370 (formulas as in its erratum). 50 means
//! that goals were reached as expected; 10 is a standard deviation.

/// How far goals of one person go together, as Kiresuk & Sherman assume.
pub const CORRELATION: f64 = 0.3;

/// A goal's weight and level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// How much it counts, 1 to 10.
    pub weight: i32,
    /// Its level, -2 to 2.
    pub level: i32,
}

/// The T-score of goals; none without goals that count.
#[must_use]
pub fn t_score(goals: &[Level]) -> Option<f64> {
    let sum = |of: fn(&Level) -> f64| goals.iter().map(of).sum::<f64>();
    let attained = sum(|goal| f64::from(goal.weight) * f64::from(goal.level));
    let (weights, squares) = (sum(|goal| f64::from(goal.weight)), sum(|goal| f64::from(goal.weight).powi(2)));
    let spread = ((1.0 - CORRELATION) * squares + CORRELATION * weights.powi(2)).sqrt();
    (spread > 0.0).then(|| 50.0 + 10.0 * attained / spread)
}

/// Rounded to two digits after the point, as it is shown.
#[must_use]
pub fn rounded(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn t(goals: &[(i32, i32)]) -> f64 {
        let goals: Vec<Level> = goals.iter().map(|(weight, level)| Level { weight: *weight, level: *level }).collect();
        t_score(&goals).unwrap()
    }

    #[track_caller]
    fn is_near(goals: &[(i32, i32)], published: f64, within: f64) {
        assert!((t(goals) - published).abs() <= within, "{goals:?}: {} and not {published}", t(goals));
    }

    /// Results that are printed in the manual of an independent implementation: Dunn, `gasr` (R package, after Kiresuk &
    /// Sherman 1968), README at commit 1de118a and as it is since.
    #[test]
    fn the_t_scores_printed_by_an_independent_implementation_come_out() {
        is_near(&[(1, 2), (1, 1), (1, 0), (1, -2), (1, 1)], 56.030_23, 0.000_005);
        is_near(&[(1, 2), (1, 2), (1, 2)], 77.386_13, 0.000_005);
        is_near(&[(1, 1), (1, 0), (1, 2)], 63.693_06, 0.000_005);
        is_near(&[(1, 0), (1, 1), (1, 1)], 59.128_71, 0.000_005);
        is_near(&[(1, 2), (1, 1), (1, 2)], 72.821_77, 0.000_005);
        is_near(&[(1, 0), (1, -1), (1, 1)], 50.0, 0.000_005);
    }

    /// Results of a second one, with weights that differ: `PhysioClinical` (R package), reference page of `scoreGAS` and the
    /// article "Clinical outcomes".
    #[test]
    fn the_t_scores_of_weighted_goals_printed_by_a_second_implementation_come_out() {
        is_near(&[(6, 1), (6, 0)], 56.20, 0.005);
        is_near(&[(6, 1), (9, 0)], 54.91, 0.005);
        is_near(&[(1, 1)], 60.0, 1e-9);
        is_near(&[(1, -1)], 40.0, 1e-9);
    }

    /// With equal weights the formula comes down to a constant for each number of goals: 10 / √(n (0.7 + 0.3 n)) a level.
    #[test]
    fn with_equal_weights_a_level_counts_by_a_constant() {
        for count in 1..=8_u32 {
            let n = f64::from(count);
            let constant = 10.0 / (n * (0.7 + 0.3 * n)).sqrt();
            let mut goals = vec![(3, 0); count as usize];
            goals[0].1 = 1;
            is_near(&goals, 50.0 + constant, 1e-9);
            is_near(&vec![(3, 2); count as usize], 50.0 + 2.0 * n * constant, 1e-9);
        }
    }

    #[test]
    fn without_goals_there_is_no_score() {
        assert_eq!(t_score(&[]), None);
        assert!((rounded(56.030_23) - 56.03).abs() < 1e-9);
    }

    fn goals() -> impl Strategy<Value = Vec<(i32, i32)>> {
        proptest::collection::vec((1..=10_i32, -2..=2_i32), 1..12)
    }

    proptest! {
        #[test]
        fn all_as_expected_is_fifty(weights in proptest::collection::vec(1..=10_i32, 1..12)) {
            let goals: Vec<(i32, i32)> = weights.into_iter().map(|weight| (weight, 0)).collect();
            prop_assert!((t(&goals) - 50.0).abs() < 1e-9);
        }

        #[test]
        fn it_is_symmetric_about_fifty(goals in goals()) {
            let mirrored: Vec<(i32, i32)> = goals.iter().map(|(weight, level)| (*weight, -level)).collect();
            prop_assert!((t(&goals) + t(&mirrored) - 100.0).abs() < 1e-9);
        }

        #[test]
        fn a_goal_that_rises_raises_it(goals in goals(), at in 0..12_usize) {
            let mut better = goals.clone();
            let at = at % goals.len();
            prop_assume!(better[at].1 < 2);
            better[at].1 += 1;
            prop_assert!(t(&better) > t(&goals));
        }

        #[test]
        fn only_the_proportion_of_weights_counts(goals in goals(), factor in 2..5_i32) {
            let heavier: Vec<(i32, i32)> = goals.iter().map(|(weight, level)| (weight * factor, *level)).collect();
            prop_assert!((t(&goals) - t(&heavier)).abs() < 1e-9);
        }

        #[test]
        fn the_order_of_goals_does_not_count(goals in goals()) {
            let reversed: Vec<(i32, i32)> = goals.iter().rev().copied().collect();
            prop_assert!((t(&goals) - t(&reversed)).abs() < 1e-9);
        }
    }
}
