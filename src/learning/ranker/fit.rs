//! Learning weights from preferences: pairwise logistic loss, held near to where the weights come from.
//!
//! The weights minimize `Σ w·log(1 + exp(−θ·d)) + ½ Σ ((θ − μ)/σ)²` over a box, where `d` is a pair's difference, `μ` the
//! weights that are known (for all: the hand-set ones; for a person: those of all) and `σ` how far one goes by itself. This is
//! the most likely model when the weights are normally distributed around `μ`. The problem is convex; each weight in turn takes
//! a Newton step with the largest curvature that the logistic function has, which never overshoots, so that the loss never
//! rises and the box is kept exactly.

use super::{
    feedback::Pair,
    model::{TRAITS, Values},
};

/// Where the weights come from and how far they may go.
#[derive(Clone, Debug)]
pub struct Prior {
    pub mean: Values,
    /// The standard deviation of each.
    pub spread: Values,
    /// The least and the most that each may be.
    pub bounds: [(f64, f64); TRAITS],
}

const SWEEPS: usize = 400;
/// Weights that move by less than this part of their spread are at rest.
const AT_REST: f64 = 1e-5;

/// The weights that suit the preferences best.
pub fn fit(prior: &Prior, pairs: &[Pair]) -> Values {
    let mut weights = prior.mean;
    let columns: Vec<Vec<(usize, f64)>> = (0..TRAITS)
        .map(|at| pairs.iter().enumerate().map(|(n, p)| (n, p.difference[at])).filter(|(_, x)| *x != 0.0).collect())
        .collect();
    let mut margins: Vec<f64> = pairs.iter().map(|pair| dot(&weights, &pair.difference)).collect();
    for _ in 0..SWEEPS {
        let mut furthest = 0.0_f64;
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| !column.is_empty()) {
            let precision = prior.spread[at].powi(-2);
            let (mut slope, mut curvature) = ((weights[at] - prior.mean[at]) * precision, precision);
            for &(n, x) in column {
                let weight = pairs[n].weight;
                slope -= weight * x / (1.0 + margins[n].exp());
                curvature += weight * x * x / 4.0;
            }
            let (least, most) = prior.bounds[at];
            let step = (weights[at] - slope / curvature).clamp(least, most) - weights[at];
            if step != 0.0 {
                weights[at] += step;
                column.iter().for_each(|&(n, x)| margins[n] += step * x);
                furthest = furthest.max(step.abs() / prior.spread[at]);
            }
        }
        if furthest < AT_REST {
            break;
        }
    }
    weights
}

fn dot(a: &Values, b: &Values) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::learning::ranker::{Model, personal, prior_for_all};

    /// The loss that [`fit`] minimizes.
    fn loss(prior: &Prior, pairs: &[Pair], weights: &Values) -> f64 {
        let told: f64 = pairs.iter().map(|p| p.weight * (-dot(weights, &p.difference)).exp().ln_1p()).sum();
        let held: f64 = (0..TRAITS).map(|at| ((weights[at] - prior.mean[at]) / prior.spread[at]).powi(2) / 2.0).sum();
        told + held
    }

    fn pairs() -> impl Strategy<Value = Vec<Pair>> {
        let pair = (prop::collection::vec((0..TRAITS, -1.0..1.0_f64), 1..6), 0.1..2.0_f64).prop_map(|(parts, weight)| {
            let mut difference = [0.0; TRAITS];
            parts.into_iter().for_each(|(at, x)| difference[at] = x);
            Pair { difference, weight }
        });
        prop::collection::vec(pair, 0..30)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_weights_are_the_best_in_the_box(pairs in pairs(), at in 0..TRAITS, by in -0.3..0.3_f64) {
            let prior = prior_for_all();
            let weights = fit(&prior, &pairs);
            for (n, weight) in weights.iter().enumerate() {
                prop_assert!((prior.bounds[n].0..=prior.bounds[n].1).contains(weight));
            }
            let mut other = weights;
            other[at] = (other[at] + by).clamp(prior.bounds[at].0, prior.bounds[at].1);
            prop_assert!(loss(&prior, &pairs, &weights) <= loss(&prior, &pairs, &other) + 1e-6);
        }

        #[test]
        fn more_that_speaks_for_a_feature_raises_its_weight(pairs in pairs(), at in 0..TRAITS, times in 1..5_usize) {
            let prior = prior_for_all();
            let before = fit(&prior, &pairs);
            let mut difference = [0.0; TRAITS];
            difference[at] = 0.5;
            let more = pairs.iter().cloned().chain((0..times).map(|_| Pair { difference, weight: 1.0 })).collect::<Vec<_>>();
            let after = fit(&prior, &more);
            prop_assert!(after[at] >= before[at] - 1e-4);
            if before[at] < prior.bounds[at].1 - 0.05 {
                prop_assert!(after[at] > before[at], "{} to {}", before[at], after[at]);
            }
        }

        #[test]
        fn a_persons_weights_stay_near_those_of_all(pairs in pairs()) {
            let model = Model::standard();
            let offsets = personal::offsets(&model, &pairs);
            for (at, offset) in offsets.iter().enumerate() {
                prop_assert!(offset.abs() <= personal::FURTHEST * model.weights()[at] + 1e-9);
            }
        }
    }

    #[test]
    fn without_feedback_the_weights_are_exactly_the_prior() {
        assert_eq!(fit(&prior_for_all(), &[]), *Model::standard().weights());
        assert_eq!(personal::offsets(&Model::standard(), &[]), [0.0; TRAITS]);
    }
}
