//! Weights of accords, laid out by a catalog's list of them: what a question asks of impressions, held against every perfume.

use crate::catalog::Snapshot;

/// How much a place further down a perfume's list of accords counts less, and from where on it makes no difference.
const FADE: f64 = 0.08;
const LAST: usize = 6;
/// How many accords of a perfume a mixture is met by, and what three that fit well add up to.
const BLENDED: usize = 3;
const FULL_BLEND: f64 = 2.2;

/// One weight for each accord of a catalog.
pub(super) struct Impressions(Vec<f64>);

impl Impressions {
    pub fn new(snapshot: &Snapshot, weight: impl Fn(&str) -> f64) -> Self {
        Self(snapshot.accords().iter().map(|accord| weight(accord)).collect())
    }

    /// Those of a mixture: the weights of accords by their names.
    pub fn mixture(snapshot: &Snapshot, mixture: &[(&str, f64)]) -> Self {
        let weight = |accord: &str| mixture.iter().filter(|(name, _)| *name == accord).map(|(_, w)| *w).fold(0.0, f64::max);
        Self::new(snapshot, weight)
    }

    fn faded<'a>(&'a self, accords: &'a [u16]) -> impl Iterator<Item = f64> + 'a {
        let place = |position: usize| 1.0 - FADE * position.min(LAST) as f64;
        accords.iter().enumerate().map(move |(position, accord)| self.0[usize::from(*accord)] * place(position))
    }

    /// The most that one of a perfume's accords brings, at least 0. The stronger it is in the perfume, the more.
    pub fn strongest(&self, accords: &[u16]) -> f64 {
        self.faded(accords).fold(0.0, f64::max)
    }

    /// How much a perfume's accords are those of a mixture, 0 to 1: those that fit best, each for its part.
    pub fn blend(&self, accords: &[u16]) -> f64 {
        let mut best = [0.0; BLENDED];
        for fit in self.faded(accords) {
            let place = best.partition_point(|other| *other >= fit);
            if place < BLENDED {
                best[place..].rotate_right(1);
                best[place] = fit;
            }
        }
        best.iter().sum::<f64>() / FULL_BLEND
    }

    /// What all of a perfume's accords bring together, wherever they stand.
    pub fn sum(&self, accords: &[u16]) -> f64 {
        accords.iter().map(|accord| self.0[usize::from(*accord)]).sum()
    }
}
