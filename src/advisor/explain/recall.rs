//! Which memory speaks for a perfume.

use std::collections::BTreeSet;

use super::{
    quotes::{Quote, quote},
    reasons::Facts,
};
use crate::{
    domain::{answer::Evidence, fragrance::Fragrance, notes::Layer},
    store::extracted_scent::RememberedNote,
};

/// An implied note against one that was said.
const IMPLIED: f64 = 0.6;
/// A note of a memory that was quoted before against one that was not.
const TOLD: f64 = 0.6;

/// The remembered note of a perfume that says most, with where the perfume has it and the words that tell of it.
///
/// What was `told` already gives way to something else that is nearly as telling. A bad memory is never a reason, and neither is a note that is bad on the whole.
pub fn remembered<'a>(facts: &Facts<'a>, fragrance: &Fragrance, told: &[Evidence]) -> Option<(&'a RememberedNote, Layer, Quote)> {
    let recalled = &facts.found.recalled;
    let weight = |note: &RememberedNote| {
        let said = if note.literal { 1.0 } else { IMPLIED };
        let near = recalled.relevance.get(&note.memory).copied().unwrap_or_default();
        let again = told.iter().any(|e| e.memory_id.as_ref() == Some(&note.memory) && e.note.as_ref() == Some(&note.name));
        let new = if again { TOLD } else { 1.0 };
        new * note.confidence * said * near * (0.3 + 0.7 * facts.snapshot.rarity(&note.name)) * (0.6 + 0.4 * note.valence)
    };
    let mut seen = BTreeSet::new();
    let mut met: Vec<(&RememberedNote, Layer, f64)> = (fragrance.notes.notes())
        .filter(|(_, name)| seen.insert(*name))
        .filter_map(|(layer, name)| Some((layer, facts.remembered.get(name).filter(|smelled| smelled.net > 0.0)?)))
        .flat_map(|(layer, smelled)| smelled.places.iter().map(move |note| (*note, layer)))
        .filter(|(note, _)| note.valence >= 0.0)
        .map(|(note, layer)| (note, layer, weight(note)))
        .collect();
    met.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| (&a.0.memory, &a.0.name).cmp(&(&b.0.memory, &b.0.name))));
    met.into_iter().find_map(|(note, layer, _)| Some((note, layer, quote(recalled, note)?)))
}

/// Where a note stands, in words.
pub fn place_of(layer: Layer) -> &'static str {
    match layer {
        Layer::Top => "in its top",
        Layer::Middle => "in its heart",
        Layer::Base => "in its base",
        Layer::Other => "among its notes",
    }
}
