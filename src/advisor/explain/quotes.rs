//! Word-for-word passages of memories, with their places.

use std::ops::Range;

use crate::{
    advisor::retrieve::Recalled,
    domain::{
        answer::Evidence,
        ids::MemoryId,
        memory::{Mark, ScentSource, mark_at},
        text::{CharOffsets, Span, sentences},
    },
    store::{extracted_scent::RememberedNote, memory_chunk::NearChunk},
};

/// The longest quote, in bytes; a longer sentence is cut at a blank.
const LONGEST: usize = 220;

/// A passage of a memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    pub memory: MemoryId,
    pub title: String,
    /// A contiguous part of what the person wrote, or of the text of the file, within one sentence.
    pub text: String,
    /// In that text.
    pub span: Span,
    /// Which of the two it is.
    pub source: ScentSource,
    /// The page on which, or the second at which it is said.
    pub mark: Option<Mark>,
}

impl Quote {
    /// These words as evidence, for a note or for the mood alone.
    pub fn evidence(self, note: Option<&str>) -> Evidence {
        if self.source == ScentSource::Image {
            // The words about a picture are ours, not the person's: they are a fact, and no quote.
            return Evidence {
                memory_id: Some(self.memory),
                memory_title: Some(self.title),
                note: note.map(str::to_owned),
                fact: Some(format!("{}.", self.text)),
                ..Evidence::default()
            };
        }
        Evidence {
            memory_id: Some(self.memory),
            memory_title: Some(self.title),
            quote: Some(self.text),
            span: Some(self.span),
            page: self.mark.and_then(|mark| mark.page),
            at_s: self.mark.and_then(|mark| mark.at_s),
            note: note.map(str::to_owned),
            ..Evidence::default()
        }
    }
}

/// The sentence in which a note was found; for one without a place, the passage of its memory that is nearest to the question.
pub fn quote(recalled: &Recalled, note: &RememberedNote) -> Option<Quote> {
    let of_memory = || recalled.chunks.iter().filter(|chunk| chunk.memory_id == note.memory && chunk.source == note.source);
    let (chunk, at) = match note.span {
        Some(span) => {
            let chunk = of_memory().find(|chunk| chunk.span.start <= span.start && span.start < chunk.span.end)?;
            let start = span.start - chunk.span.start;
            (chunk, Some(Span { start, end: start + span.end.saturating_sub(span.start) }))
        }
        None => (recalled.chunks.iter().find(|chunk| chunk.memory_id == note.memory)?, None),
    };
    cut(chunk, at)
}

/// The first sentence of a passage.
pub fn passage(chunk: &NearChunk) -> Option<Quote> {
    cut(chunk, None)
}

/// One sentence of a passage: the one at a place (in scalar values of the passage), or its first.
fn cut(chunk: &NearChunk, at: Option<Span>) -> Option<Quote> {
    let content = &chunk.content;
    // The passage must be what it says it is, or nothing of it can be placed.
    if content.chars().count() != chunk.span.end.saturating_sub(chunk.span.start) {
        return None;
    }
    let byte = |chars: usize| content.char_indices().map(|(b, _)| b).chain([content.len()]).nth(chars);
    let (from, to) = match at {
        Some(span) => (byte(span.start)?, byte(span.end).unwrap_or(content.len())),
        None => (0, 0),
    };
    let mut range = sentences(content).into_iter().find(|sentence| from < sentence.end)?;
    if range.len() > LONGEST {
        range = around(content, range, from, to);
    }
    let text = content[range.clone()]
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | '?' | '…' | ',' | ';' | ':'));
    if text.is_empty() {
        return None;
    }
    let mut offsets = CharOffsets::new(content);
    let start = chunk.span.start + offsets.at(range.start);
    let end = chunk.span.start + offsets.at(range.start + text.len());
    Some(Quote {
        memory: chunk.memory_id.clone(),
        title: chunk.memory_title.clone(),
        text: text.to_owned(),
        span: Span { start, end },
        source: chunk.source,
        mark: mark_at(&chunk.marks, start),
    })
}

/// A part of a long sentence around what it is quoted for, from blank to blank.
fn around(content: &str, sentence: Range<usize>, from: usize, to: usize) -> Range<usize> {
    let middle = from.clamp(sentence.start, sentence.end).midpoint(to.clamp(sentence.start, sentence.end));
    let boundary = |mut at: usize| {
        while !content.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let low = boundary(middle.saturating_sub(LONGEST / 2).max(sentence.start));
    let high = boundary((low + LONGEST).min(sentence.end));
    let start = if low == sentence.start { low } else { content[low..high].find(char::is_whitespace).map_or(low, |at| low + at) };
    let end =
        if high == sentence.end { high } else { content[start..high].rfind(char::is_whitespace).map_or(high, |at| start + at) };
    let (start, end) = if content[start..end].trim().is_empty() { (low, high) } else { (start, end) };
    start + (content[start..end].len() - content[start..end].trim_start().len())..end
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::ids::ChunkId;

    fn recalled(content: &str, from: usize, to: usize) -> Recalled {
        let chunk = NearChunk {
            chunk_id: ChunkId::from_key("c"),
            memory_id: MemoryId::from_key("m"),
            memory_title: "A memory".into(),
            content: content.chars().skip(from).take(to - from).collect(),
            span: Span { start: from, end: to },
            source: ScentSource::Text,
            marks: vec![],
            valence: 0.0,
            score: 0.5,
        };
        Recalled::new(vec![chunk], Arc::default())
    }

    fn note(span: Option<Span>) -> RememberedNote {
        RememberedNote {
            memory: MemoryId::from_key("m"),
            memory_title: "A memory".into(),
            name: "fig".into(),
            literal: true,
            confidence: 0.9,
            source: ScentSource::Text,
            span,
            valence: 0.5,
        }
    }

    #[test]
    fn the_sentence_of_the_note_is_quoted() {
        let content = "We were in Crete. The fig tree smelled of milk! Then we left.";
        let span = Span { start: 22, end: 25 };
        assert_eq!(span.of(content), Some("fig"));
        let quote = quote(&recalled(content, 0, content.chars().count()), &note(Some(span))).unwrap();
        assert_eq!(quote.text, "The fig tree smelled of milk");
        assert_eq!(quote.span.of(content), Some(quote.text.as_str()));
    }

    proptest! {
        #[test]
        fn quotes_are_parts_of_one_sentence(
            content in "(\\PC{0,40}[ .!?]){1,12}",
            a in 0usize..400,
            b in 0usize..400,
            at in 0usize..400,
            width in 0usize..12,
        ) {
            let length = content.chars().count();
            let (from, to) = (a.min(b).min(length), a.max(b).min(length));
            let passage: String = content.chars().skip(from).take(to - from).collect();
            for span in [Some(Span { start: at, end: at + width }), None] {
                if let Some(quote) = quote(&recalled(&content, from, to), &note(span)) {
                    prop_assert_eq!(quote.span.of(&content), Some(quote.text.as_str()));
                    prop_assert!(sentences(&passage).iter().any(|s| passage[s.clone()].contains(&quote.text)));
                    prop_assert!(quote.text.len() <= LONGEST);
                }
            }
        }
    }
}
