//! How much two perfumes are alike by their facts.

use super::{Snapshot, snapshot::Part, vectors::dot};

/// What each kind of likeness counts. They add up to 1.
const NOTES: f64 = 0.45;
const ACCORDS: f64 = 0.25;
const FAMILY: f64 = 0.1;
const MEANING: f64 = 0.2;

/// A note that both carry, in different layers.
const ELSEWHERE: f64 = 0.7;

/// The cosine below which two texts of facts have nothing in common: all of them speak of perfumes.
const UNRELATED: f64 = 0.35;

/// The likeness of two perfumes, 0 to 1 (a perfume to itself): shared notes, rare ones first; shared accords, strong ones
/// first; the same family; and the nearness of their facts as texts.
pub fn similarity(snapshot: &Snapshot, a: usize, b: usize) -> f64 {
    let (one, other) = (&snapshot.fragrances()[a], &snapshot.fragrances()[b]);
    let notes = shared_notes(snapshot, snapshot.composition(a), snapshot.composition(b));
    let accords = shared_accords(&one.accords, &other.accords);
    let family = f64::from(u8::from(one.family == other.family));
    let meaning = ((f64::from(dot(snapshot.vector(a), snapshot.vector(b))) - UNRELATED) / (1.0 - UNRELATED)).clamp(0.0, 1.0);
    (NOTES * notes + ACCORDS * accords + FAMILY * family + MEANING * meaning).clamp(0.0, 1.0)
}

/// Weighted Jaccard: a note weighs its part in the perfume times its rarity. Both lists are by note.
fn shared_notes(snapshot: &Snapshot, a: &[Part], b: &[Part]) -> f64 {
    let weight = |part: &Part| part.weight * (0.15 + snapshot.rarity_of(part.note));
    let (mut shared, mut all) = (0.0, 0.0);
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) if x.note == y.note => {
                let (low, high) = (weight(x).min(weight(y)), weight(x).max(weight(y)));
                shared += if x.layer == y.layer { low } else { ELSEWHERE * low };
                all += high;
                (i, j) = (i + 1, j + 1);
            }
            (Some(x), Some(y)) if x.note < y.note => {
                all += weight(x);
                i += 1;
            }
            (Some(x), None) => {
                all += weight(x);
                i += 1;
            }
            (_, Some(y)) => {
                all += weight(y);
                j += 1;
            }
            (None, None) => break,
        }
    }
    if all > 0.0 { shared / all } else { 0.0 }
}

/// Weighted Jaccard of two lists, strongest first.
fn shared_accords(a: &[String], b: &[String]) -> f64 {
    let weight =
        |list: &[String], accord: &String| list.iter().position(|x| x == accord).map_or(0.0, |at| 1.0 / (1.0 + 0.5 * at as f64));
    let mut union: Vec<&String> = a.iter().chain(b).collect();
    union.sort_unstable();
    union.dedup();
    let (shared, all) = union.into_iter().fold((0.0, 0.0), |(shared, all), accord| {
        let (x, y) = (weight(a, accord), weight(b, accord));
        (shared + f64::min(x, y), all + f64::max(x, y))
    });
    if all > 0.0 { shared / all } else { 0.0 }
}
