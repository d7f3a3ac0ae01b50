//! What serves who asks for a note: its kinds, and what evokes the like.

use crate::{
    advisor::veto::accords_of_note,
    catalog::{Snapshot, VectorSearch},
};

/// A kind of the wanted note, such as white musk for musk; and the next best where nothing carries the note.
const KIND: f64 = 0.85;
/// A note whose evocation is near to that of the wanted one, by their cosine: fresh grass for a garden.
const EVOCATIVE: f64 = 0.5;
/// The cosine from which two evocations are near, and how many such notes count.
const NEAR_EVOCATION: f32 = 0.45;
const NEAREST: usize = 8;

/// By note: how far it stands for one, 1 for itself.
pub(super) fn stand_ins(snapshot: &Snapshot, name: &str) -> Vec<f64> {
    let taxonomy = snapshot.taxonomy();
    let mut parts = vec![0.0; taxonomy.notes().len()];
    let Some(at) = taxonomy.index_of(name) else { return parts };
    if is_known_here(snapshot, at) {
        near(snapshot, at).take(NEAREST + 1).for_each(|(other, cosine)| parts[other] = EVOCATIVE * cosine);
    } else {
        next_best(snapshot, at).into_iter().for_each(|(other, part)| parts[other] = part);
    }
    for &other in taxonomy.kinds_of(at) {
        parts[other] = KIND;
    }
    parts[at] = 1.0;
    parts
}

/// The accord that stands for a note: that of its name, and for one that nothing carries also that of another name, as `nutty`
/// for nutty notes.
pub(super) fn accord_of(snapshot: &Snapshot, name: &str) -> Option<u16> {
    let accord = |word: &str| snapshot.accords().iter().zip(0..).find(|(accord, _)| *accord == word).map(|(_, at)| at);
    let is_missing = || snapshot.taxonomy().index_of(name).is_some_and(|at| !is_known_here(snapshot, at));
    accord(name).or_else(|| is_missing().then(|| accords_of_note(name).find_map(accord)).flatten())
}

/// Whether a perfume of the catalog carries a note or a kind of it.
fn is_known_here(snapshot: &Snapshot, at: usize) -> bool {
    snapshot.taxonomy().kinds_of(at).iter().chain([&at]).any(|&note| snapshot.carriers(note) > 0)
}

/// For a note that no perfume carries: those of the carried ones that evoke the like, with how far they stand for it, the best
/// first. What is in every other perfume stands for little.
fn next_best(snapshot: &Snapshot, at: usize) -> Vec<(usize, f64)> {
    let nearness = |cosine: f64| (cosine - f64::from(NEAR_EVOCATION)) * (1.0 - f64::from(NEAR_EVOCATION)).recip();
    let carried = near(snapshot, at).filter(|(other, _)| snapshot.carriers(*other) > 0).take(NEAREST);
    let mut best: Vec<(usize, f64)> =
        carried.map(|(other, cosine)| (other, nearness(cosine) * (0.3 + 0.7 * snapshot.rarity_of(other)))).collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let most = best.first().map_or(1.0, |(_, part)| part.max(f64::MIN_POSITIVE));
    best.iter_mut().for_each(|(_, part)| *part *= KIND / most);
    best
}

/// The notes of some that are wanted which nobody carries, each with the carried ones that come nearest to it, if any do.
pub(crate) fn missing<'a>(snapshot: &'a Snapshot, wanted: &'a [String]) -> Vec<(&'a str, Vec<&'a str>)> {
    let taxonomy = snapshot.taxonomy();
    let nearest = |name: &'a String| {
        let at = taxonomy.index_of(name).filter(|&at| !is_known_here(snapshot, at) && accord_of(snapshot, name).is_none())?;
        let names = next_best(snapshot, at).into_iter().map(|(note, _)| taxonomy.notes()[note].name.as_str());
        Some((name.as_str(), names.collect()))
    };
    wanted.iter().filter_map(nearest).collect()
}

/// The notes whose evocations are near to that of one, nearest first, with the cosines; itself among them.
fn near(snapshot: &Snapshot, at: usize) -> impl Iterator<Item = (usize, f64)> {
    let evocations = snapshot.taxonomy().evocations();
    let all = if evocations.is_empty() {
        Vec::new()
    } else {
        evocations.nearest(snapshot.taxonomy().evocation_vector(at), snapshot.taxonomy().notes().len())
    };
    all.into_iter().take_while(|(_, cosine)| *cosine >= NEAR_EVOCATION).map(|(note, cosine)| (note, f64::from(cosine)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        advisor::fixture::vector,
        catalog::{FlatVectors, Seed, Taxonomy, evocation_text, facts_text},
    };

    #[test]
    fn what_nothing_carries_is_stood_for_by_what_evokes_the_like() {
        let Seed { notes, fragrances } = Seed::read().unwrap();
        let evocations: Vec<Vec<f32>> = notes.iter().map(|note| vector(&evocation_text(note))).collect();
        let vectors: Vec<Vec<f32>> = fragrances.iter().map(|fragrance| vector(&facts_text(fragrance))).collect();
        let flat = |vectors: &[Vec<f32>]| FlatVectors::new(vectors[0].len(), vectors).unwrap();
        let taxonomy = Taxonomy::new(notes).with_evocations(flat(&evocations)).unwrap();
        let snapshot = Snapshot::new(Arc::new(taxonomy), fragrances, flat(&vectors)).unwrap();
        let at = |name: &str| snapshot.taxonomy().index_of(name).unwrap();
        assert!(snapshot.carriers(at("bread")) == 0 && snapshot.carriers(at("rose")) > 0);

        let wanted = ["bread".to_owned(), "rose".to_owned()];
        let missing = missing(&snapshot, &wanted);
        let [("bread", nearest)] = missing.as_slice() else { panic!("{missing:?}") };
        assert!(!nearest.is_empty() && nearest.iter().all(|note| snapshot.carriers(at(note)) > 0));
        let parts = stand_ins(&snapshot, "bread");
        assert!(parts[at("bread")] == 1.0 && (parts[at(nearest[0])] - KIND).abs() < 1e-9);
        assert!(nearest.windows(2).all(|pair| parts[at(pair[0])] >= parts[at(pair[1])]));
        assert!(stand_ins(&snapshot, "rose").iter().all(|part| *part <= KIND || *part == 1.0));
    }
}
