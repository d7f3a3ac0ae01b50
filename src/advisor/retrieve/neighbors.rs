//! A walk over the graph of notes: from where a person is (memories, liked perfumes) over notes to perfumes.

use std::collections::HashMap;

use crate::{catalog::Snapshot, parallel};

/// How many perfumes are worth a thread of their own: a millisecond's work.
const SHARE: usize = 20_000;

/// Sends the weights of notes on to the perfumes that carry them: −1 to 1 for each perfume, 0 where nothing arrives.
///
/// A note hands on its weight times its rarity, so that musk, which is in everything, leads nowhere. What arrives is divided
/// by the root of the number of notes, so that long lists of notes do not win by their length.
pub fn walk(snapshot: &Snapshot, weights: &HashMap<&str, f64>) -> Vec<f64> {
    let taxonomy = snapshot.taxonomy();
    let mut handed = vec![0.0; taxonomy.notes().len()];
    for (note, weight) in weights {
        if let Some(at) = taxonomy.index_of(note) {
            handed[at] = weight * (0.1 + 0.9 * snapshot.rarity(note));
        }
    }
    let arrives = |index: usize| {
        let parts = snapshot.composition(index);
        parts.iter().map(|part| handed[part.note] * part.weight).sum::<f64>() / (parts.len().max(1) as f64).sqrt()
    };
    if handed.iter().all(|weight| *weight == 0.0) {
        return vec![0.0; snapshot.fragrances().len()];
    }
    let all: Vec<usize> = (0..snapshot.fragrances().len()).collect();
    let mut arrived = parallel::map(&all, SHARE, |&index| arrives(index));
    let most = arrived.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    if most > 0.0 {
        arrived.iter_mut().for_each(|x| *x /= most);
    }
    arrived
}
