//! The first stage: from the original to the text that the other stages work on.

use crate::{
    domain::{
        memory::{ScentSource, first_words},
        text::{CharOffsets, Span, sentences},
    },
    store::scent_memory::MemoryRow,
};
use std::ops::Range;

/// The words of a memory.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// What the spans point into.
    pub text: String,
    /// The title, where it says more than the text does.
    pub title: Option<String>,
    /// In bytes of the text.
    pub sentences: Vec<Range<usize>>,
    pub source: ScentSource,
}

impl Reading {
    /// The place of a range of bytes of the text, in Unicode scalar values.
    pub fn span(&self, bytes: &Range<usize>) -> Span {
        let mut offsets = CharOffsets::new(&self.text);
        Span { start: offsets.at(bytes.start), end: offsets.at(bytes.end) }
    }
}

/// Text is taken as it is.
pub(super) fn read(memory: &MemoryRow) -> Reading {
    let text = memory.content.clone();
    let mut sentences = sentences(&text);
    if sentences.is_empty() {
        sentences.push(0..text.len());
    }
    let made_of_content = memory.title == first_words(&text);
    let title = (!made_of_content).then(|| memory.title.clone());
    Reading { text, title, sentences, source: ScentSource::Text }
}
