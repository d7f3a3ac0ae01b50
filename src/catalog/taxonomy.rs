//! The vocabulary of notes: which words name which note.

use std::ops::Range;

use crate::domain::notes::{Category, Note};

pub struct Taxonomy {
    notes: Vec<Note>,
}

/// A note that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteMention {
    /// Index into [`Taxonomy::notes`].
    pub note: usize,
    /// Where, in bytes of the original text.
    pub bytes: Range<usize>,
}

impl Taxonomy {
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
    pub fn get(&self, _canonical: &str) -> Option<&Note> {
        todo!()
    }
    pub fn resolve(&self, _name: &str) -> Option<&Note> {
        todo!()
    }
    pub fn mentions(&self, _text: &str) -> Vec<NoteMention> {
        todo!()
    }
    pub fn in_category(&self, category: Category) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |n| n.category == category)
    }
    pub fn evocation_vector(&self, _note: usize) -> &[f32] {
        todo!()
    }
}
