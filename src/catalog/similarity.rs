//! How much two perfumes are alike by their facts: the one measure for similar perfumes, for "like X", and for tastes.

use super::{Snapshot, snapshot::Part, vectors::dot};
use crate::domain::fragrance::Gender;

/// What each kind of likeness counts. They add up to 1. Set by hand, on a list of well-known look-alikes.
const NOTES: f64 = 0.3;
const ACCORDS: f64 = 0.22;
const MEANING: f64 = 0.24;
const HOUSE: f64 = 0.09;
const PERFUMER: f64 = 0.03;
const GENDER: f64 = 0.06;
const ERA: f64 = 0.06;

/// A note that both carry, in different layers.
const ELSEWHERE: f64 = 0.7;
/// How much a place further down the list of accords weighs less.
const FADE: f64 = 0.5;
/// The years after which two perfumes are of different times: the width of the bell.
const YEARS: f64 = 10.0;
/// What counts for a fact that is not known of both.
const UNKNOWN: f64 = 0.5;

/// People are reminded of what they know: what being known brings to a perfume, and being as known as the other one.
const KNOWN: f64 = 0.25;
const AS_KNOWN: f64 = 0.15;

/// In what two perfumes are alike.
#[derive(Clone, Copy, Debug)]
pub struct Likeness {
    /// Shared notes, rare ones first, 0 to 1.
    pub notes: f64,
    /// Shared accords, strong ones first, 0 to 1.
    pub accords: f64,
    /// The cosine of their vectors, −1 to 1.
    pub meaning: f64,
    /// One house, 0 or 1.
    pub house: f64,
    /// A perfumer who made both, 0 or 1.
    pub perfumer: f64,
    /// Marketed to the same people, 0 to 1.
    pub gender: f64,
    /// Nearness of the years, 0 to 1.
    pub era: f64,
}

impl Likeness {
    /// Of two perfumes by their places.
    pub fn between(snapshot: &Snapshot, a: usize, b: usize) -> Self {
        let (one, other) = (&snapshot.fragrances()[a], &snapshot.fragrances()[b]);
        let truth = |is: bool| f64::from(u8::from(is));
        Self {
            notes: shared_notes(snapshot, snapshot.composition(a), snapshot.composition(b)),
            accords: shared_accords(snapshot.accords_of(a), snapshot.accords_of(b)),
            meaning: f64::from(dot(snapshot.vector(a), snapshot.vector(b))),
            house: truth(snapshot.house_of(a) == snapshot.house_of(b)),
            perfumer: truth(one.perfumers.iter().any(|perfumer| other.perfumers.contains(perfumer))),
            gender: match (one.gender, other.gender) {
                (one, other) if one == other => 1.0,
                (Some(one), Some(other)) if one != Gender::Unisex && other != Gender::Unisex => 0.0,
                _ => UNKNOWN,
            },
            era: one.year.zip(other.year).map_or(UNKNOWN, |(a, b)| (-(f64::from(a - b) / YEARS).powi(2)).exp()),
        }
    }

    /// All of it as one number, 0 to 1.
    pub fn overall(&self) -> f64 {
        NOTES * self.notes
            + ACCORDS * self.accords
            + MEANING * self.meaning.max(0.0)
            + HOUSE * self.house
            + PERFUMER * self.perfumer
            + GENDER * self.gender
            + ERA * self.era
    }
}

/// The likeness of two perfumes, 0 to 1 (a perfume to itself).
pub fn similarity(snapshot: &Snapshot, a: usize, b: usize) -> f64 {
    if a == b { 1.0 } else { Likeness::between(snapshot, a, b).overall().clamp(0.0, 1.0) }
}

/// The perfumes that remind people of one, by their places, with how much they do, 0 to 1, the most first: their likeness, and
/// how known they are. Its other concentrations and flankers are among them.
pub fn reminders(snapshot: &Snapshot, of: usize) -> Vec<(usize, f64)> {
    let popularity = |at: usize| snapshot.fragrances()[at].popularity;
    let reminds = |at: usize| {
        let as_known = 1.0 - (popularity(at) - popularity(of)).abs();
        (similarity(snapshot, of, at) + KNOWN * popularity(at) + AS_KNOWN * as_known) / (1.0 + KNOWN + AS_KNOWN)
    };
    let mut reminders: Vec<(usize, f64)> =
        (0..snapshot.fragrances().len()).filter(|&at| at != of).map(|at| (at, reminds(at))).collect();
    reminders.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    reminders
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

/// Weighted Jaccard of two lists, strongest first, none of which names an accord twice.
fn shared_accords(a: &[u16], b: &[u16]) -> f64 {
    let weight = |position: usize| 1.0 / (1.0 + FADE * position as f64);
    let total = |list: &[u16]| (0..list.len()).map(weight).sum::<f64>();
    let shared: f64 = a
        .iter()
        .enumerate()
        .filter_map(|(position, accord)| Some(weight(position.max(b.iter().position(|other| other == accord)?))))
        .sum();
    let all = total(a) + total(b) - shared;
    if all > 0.0 { shared / all } else { 0.0 }
}
