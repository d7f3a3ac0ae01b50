//! Means and standard deviations over a catalog.

use super::Portrait;

/// How a quantity is spread over a catalog.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Spread {
    pub mean: f32,
    pub deviation: f32,
}

impl Spread {
    pub fn of(values: impl Iterator<Item = f32>) -> Self {
        let (mut count, mut sum, mut squares) = (0.0_f64, 0.0_f64, 0.0_f64);
        for value in values.map(f64::from) {
            (count, sum, squares) = (count + 1.0, sum + value, squares + value * value);
        }
        Self::from_sums(count, sum, squares)
    }

    fn from_sums(count: f64, sum: f64, squares: f64) -> Self {
        let mean = sum / count.max(1.0);
        Self { mean: mean as f32, deviation: (squares / count.max(1.0) - mean * mean).max(0.0).sqrt() as f32 }
    }

    /// How far a value lies from the mean, in deviations, `ease` being added to them: what hardly varies tells little.
    pub fn standing(self, value: f32, ease: f32) -> f32 {
        (value - self.mean) / (self.deviation + ease)
    }
}

/// The spread of each accord: it is 0 where a perfume lacks it.
pub(super) fn of_sparse(accords: usize, portraits: &[Portrait]) -> Vec<Spread> {
    let mut sums = vec![(0.0_f64, 0.0_f64); accords];
    for &(accord, strength) in portraits.iter().flat_map(|portrait| &portrait.accords) {
        let (sum, squares) = &mut sums[accord as usize];
        *sum += f64::from(strength);
        *squares += f64::from(strength).powi(2);
    }
    sums.into_iter().map(|(sum, squares)| Spread::from_sums(portraits.len() as f64, sum, squares)).collect()
}

/// Puts fame and ratings on the scale of their deviations.
pub(super) fn standardize(portraits: &mut [Portrait]) {
    let fame = Spread::of(portraits.iter().map(|portrait| portrait.fame));
    let rating = Spread::of(portraits.iter().filter_map(|portrait| portrait.rating));
    for portrait in portraits {
        portrait.fame = fame.standing(portrait.fame, 1e-6);
        portrait.rating = portrait.rating.map(|mean| rating.standing(mean, 1e-6));
    }
}
