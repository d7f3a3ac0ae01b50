//! What serves who asks for a note: its kinds, and what evokes the like.

use crate::catalog::{Snapshot, VectorSearch};

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
    let missing = next_best(snapshot, at);
    if missing.is_empty() {
        near(snapshot, at).take(NEAREST + 1).for_each(|(other, cosine)| parts[other] = EVOCATIVE * cosine);
    }
    let nearest = missing.first().map_or(1.0, |(_, cosine)| *cosine);
    for (other, cosine) in missing {
        parts[other] = KIND * cosine / nearest;
    }
    for &other in taxonomy.kinds_of(at) {
        parts[other] = KIND;
    }
    parts[at] = 1.0;
    parts
}

/// For a note that no perfume of the catalog carries, nor a kind of it: those of the carried ones that evoke the like, nearest
/// first, with the cosines. Empty for any other note.
fn next_best(snapshot: &Snapshot, at: usize) -> Vec<(usize, f64)> {
    let is_carried = |note: usize| snapshot.carriers(note) > 0;
    if is_carried(at) || snapshot.taxonomy().kinds_of(at).iter().any(|&kind| is_carried(kind)) {
        return Vec::new();
    }
    near(snapshot, at).filter(|(other, _)| is_carried(*other)).take(NEAREST).collect()
}

/// The notes that nobody carries of some that are wanted, each with the carried ones that come nearest to it.
pub(crate) fn missing<'a>(snapshot: &'a Snapshot, wanted: &'a [String]) -> Vec<(&'a str, Vec<&'a str>)> {
    let taxonomy = snapshot.taxonomy();
    let nearest = |name: &'a String| {
        let best = next_best(snapshot, taxonomy.index_of(name)?);
        let names: Vec<&str> = best.iter().map(|(note, _)| taxonomy.notes()[*note].name.as_str()).collect();
        (!names.is_empty()).then_some((name.as_str(), names))
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
        assert_eq!((parts[at("bread")], parts[at(nearest[0])]), (1.0, KIND));
        assert!(stand_ins(&snapshot, "rose").iter().all(|part| *part <= KIND || *part == 1.0));
    }
}
