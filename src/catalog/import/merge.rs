//! Which entries are the same perfume: across files, and against what the catalog has.

use std::collections::HashMap;

use super::Entry;
use crate::{
    catalog::phrases::key,
    domain::{
        fragrance::{Concentration, Fragrance},
        ids::FragranceId,
        notes::Layer,
    },
};

/// What tells perfumes apart: house, name without concentration, and concentration where it is told.
type Title = (String, String);

/// Perfumes by their titles.
pub(super) struct Known {
    by_title: HashMap<Title, Vec<(FragranceId, Option<Concentration>)>>,
}

impl Known {
    pub fn new<'a>(fragrances: impl Iterator<Item = &'a Fragrance>) -> Self {
        let mut known = Self { by_title: HashMap::new() };
        fragrances.for_each(|fragrance| known.add(fragrance));
        known
    }

    pub fn add(&mut self, fragrance: &Fragrance) {
        let entry = self.by_title.entry(title(fragrance)).or_default();
        entry.push((fragrance.id.clone(), fragrance.concentration));
    }

    /// The perfume that an entry speaks of: of the same concentration, or of the only one there is when one side tells none.
    pub fn same(&self, fragrance: &Fragrance) -> Option<&FragranceId> {
        let known = self.by_title.get(&title(fragrance))?;
        let exact = known.iter().find(|(_, concentration)| *concentration == fragrance.concentration);
        let only = || match (known.as_slice(), fragrance.concentration) {
            ([only], _) if only.1.is_none() => Some(only),
            ([first, ..], None) => Some(first),
            _ => None,
        };
        exact.or_else(only).map(|(id, _)| id)
    }
}

/// `La Vie est Belle Eau de Parfum` and `La vie est belle` are one title.
fn title(fragrance: &Fragrance) -> Title {
    let name = key(&fragrance.name);
    let tails = [" eau de parfum", " eau de toilette", " eau de cologne", " extrait de parfum", " edp", " edt"];
    let name = tails.iter().find_map(|tail| name.strip_suffix(tail)).unwrap_or(&name).to_owned();
    (key(&fragrance.brand), name)
}

/// Adds to a perfume what another account of it knows and it does not. What is known stays.
pub(super) fn fill(fragrance: &mut Fragrance, entry: &Entry) {
    let other = &entry.fragrance;
    fragrance.year = fragrance.year.or(other.year);
    fragrance.concentration = fragrance.concentration.or(other.concentration);
    fragrance.gender = fragrance.gender.or(other.gender);
    fragrance.price = fragrance.price.or(other.price);
    fragrance.description = fragrance.description.take().or_else(|| other.description.clone());
    fragrance.popularity = fragrance.popularity.max(other.popularity);
    // The account with more voices speaks for the public.
    if other.rating.is_some_and(|rating| fragrance.rating.is_none_or(|known| known.count < rating.count)) {
        fragrance.rating = other.rating;
    }
    if fragrance.perfumers.is_empty() {
        fragrance.perfumers.clone_from(&other.perfumers);
    }
    if fragrance.accords.is_empty() {
        fragrance.accords.clone_from(&other.accords);
    }
    let is_placed = |fragrance: &Fragrance| {
        [Layer::Top, Layer::Middle, Layer::Base].iter().any(|&layer| !fragrance.notes.layer(layer).is_empty())
    };
    if fragrance.notes.is_empty() || (!is_placed(fragrance) && is_placed(other)) {
        fragrance.notes.clone_from(&other.notes);
    }
}
