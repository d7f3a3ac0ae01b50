//! Between finding and keeping: what was found becomes rows, and what the person put right overrules it.

use std::collections::BTreeMap;

use super::{
    extract::{Found, FoundNote},
    learn::Lesson,
    read::Reading,
};
use crate::{
    catalog::{Snapshot, Taxonomy},
    domain::{memory::ScentSource, notes::Note},
    store::extracted_scent::{NewFragrance, NewNote, NoteRow},
};

/// The notes of a memory as they are kept.
pub(super) fn notes(
    taxonomy: &Taxonomy,
    reading: &Reading,
    found: &Found,
    corrections: &BTreeMap<String, bool>,
    valence: f64,
) -> Vec<NewNote> {
    let row = |found: &FoundNote| {
        let note = &taxonomy.notes()[found.note];
        let place = found.bytes.as_ref().map(|bytes| reading.place(bytes));
        NewNote {
            note: note.id.clone(),
            name: note.name.clone(),
            literal: found.literal,
            confidence: found.confidence,
            source: place.as_ref().map_or(ScentSource::Text, |place| place.source),
            span: place.map(|place| place.span),
            valence: found.valence.unwrap_or(valence),
            confirmed: false,
        }
    };
    let mut kept: Vec<NewNote> = found.notes.iter().map(row).collect();
    kept.extend(seen(taxonomy, reading, &kept, valence));
    kept.retain(|note| corrections.get(&note.name) != Some(&false));
    for name in corrections.iter().filter(|(_, present)| **present).map(|(name, _)| name) {
        match (kept.iter_mut().find(|n| n.name == *name), taxonomy.get(name)) {
            (Some(known), _) => *known = confirmed(known.clone()),
            (None, Some(note)) => kept.push(added(note, valence)),
            // A note that the taxonomy no longer has.
            (None, None) => {}
        }
    }
    kept
}

/// The notes of what a picture shows, where the words do not tell of them already.
fn seen(taxonomy: &Taxonomy, reading: &Reading, known: &[NewNote], valence: f64) -> Vec<NewNote> {
    let unsaid = reading.facts.scents.iter().filter(|(name, _)| known.iter().all(|note| note.name != *name));
    unsaid
        .filter_map(|(name, confidence)| {
            let note = taxonomy.get(name)?;
            let literal = false;
            let source = ScentSource::Image;
            Some(NewNote { literal, source, confidence: *confidence, confirmed: false, ..added(note, valence) })
        })
        .collect()
}

/// A note that was found, and that the person says is there.
pub(crate) fn confirmed(note: NewNote) -> NewNote {
    NewNote { confidence: 1.0, confirmed: true, ..note }
}

/// A note that only the person found.
pub(crate) fn added(note: &Note, valence: f64) -> NewNote {
    NewNote {
        note: note.id.clone(),
        name: note.name.clone(),
        literal: true,
        confidence: 1.0,
        source: ScentSource::Person,
        span: None,
        valence,
        confirmed: true,
    }
}

pub(super) fn fragrances(snapshot: &Snapshot, reading: &Reading, found: &Found, valence: f64) -> Vec<NewFragrance> {
    let row = |found: &super::extract::FoundFragrance| {
        let fragrance = &snapshot.fragrances()[found.fragrance];
        let place = reading.place(&found.bytes);
        NewFragrance {
            fragrance: fragrance.id.clone(),
            brand: fragrance.brand.clone(),
            name: fragrance.name.clone(),
            family: fragrance.family.as_str().to_owned(),
            confidence: found.confidence,
            source: place.source,
            span: place.span,
            valence,
        }
    };
    found.fragrances.iter().map(row).collect()
}

/// A note of a memory, however it came to be known.
pub(crate) struct Heard<'a> {
    name: &'a str,
    literal: bool,
    confidence: f64,
    valence: f64,
}

impl<'a> From<&'a NewNote> for Heard<'a> {
    fn from(note: &'a NewNote) -> Self {
        Self { name: &note.name, literal: note.literal, confidence: note.confidence, valence: note.valence }
    }
}

impl<'a> From<&'a NoteRow> for Heard<'a> {
    fn from(note: &'a NoteRow) -> Self {
        Self { name: &note.scent_name, literal: note.literal, confidence: note.confidence, valence: note.valence }
    }
}

/// What can be learned from the notes that the person has not spoken about.
pub(crate) fn lessons<'a>(
    taxonomy: &Taxonomy,
    notes: impl IntoIterator<Item = Heard<'a>>,
    corrections: &BTreeMap<String, bool>,
) -> Vec<Lesson> {
    let unspoken = notes.into_iter().filter(|note| !corrections.contains_key(note.name));
    unspoken
        .filter_map(|note| {
            let category = taxonomy.get(note.name)?.category;
            let Heard { literal, confidence, valence, .. } = note;
            Some(Lesson { name: note.name.to_owned(), category, literal, confidence, valence })
        })
        .collect()
}
