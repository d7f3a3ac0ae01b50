//! A walk over the graph of notes: from where a person is (memories, liked perfumes) over notes to perfumes.

use std::collections::HashMap;

use crate::catalog::Snapshot;

/// How much the first note of a layer counts more than the later ones.
const FADE: f64 = 0.25;

/// Sends the weights of notes on to the perfumes that carry them: −1 to 1 for each perfume, 0 where nothing arrives.
///
/// A note hands on its weight times its rarity, so that musk, which is in everything, leads nowhere. What arrives is divided
/// by the root of the number of notes, so that long lists of notes do not win by their length.
pub fn walk(snapshot: &Snapshot, weights: &HashMap<&str, f64>) -> Vec<f64> {
    if weights.is_empty() {
        return vec![0.0; snapshot.fragrances().len()];
    }
    let handed: HashMap<&str, f64> =
        weights.iter().map(|(note, weight)| (*note, weight * (0.1 + 0.9 * snapshot.rarity(note)))).collect();
    let mut arrived: Vec<f64> = snapshot
        .fragrances()
        .iter()
        .map(|fragrance| {
            let (mut sum, mut count) = (0.0, 0.0_f64);
            for &layer in crate::domain::notes::Layer::ALL {
                for (position, note) in fragrance.notes.layer(layer).iter().enumerate() {
                    count += 1.0;
                    sum += handed.get(note.as_str()).unwrap_or(&0.0) / (1.0 + FADE * position as f64);
                }
            }
            sum / count.max(1.0).sqrt()
        })
        .collect();
    let most = arrived.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    if most > 0.0 {
        arrived.iter_mut().for_each(|x| *x /= most);
    }
    arrived
}
