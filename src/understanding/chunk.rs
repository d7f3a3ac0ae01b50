//! The third stage: passages of a few sentences, each a unit of meaning that can be found and quoted.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// About as many words as the embedding model reads without cutting.
const MAX_WORDS: usize = 80;

/// A bound for scripts that put no spaces between words.
const MAX_CHARS: usize = 900;

/// The passages of a text as ranges of bytes: whole sentences as long as they fit, a longer sentence in parts. They come in
/// order, do not overlap, hold no white space at their ends, and cover all sentences.
pub(super) fn chunks(text: &str, sentences: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut chunks: Vec<Range<usize>> = Vec::new();
    let mut open = Size::default();
    for sentence in sentences {
        let size = Size::of(&text[sentence.clone()]);
        if !size.fits() {
            chunks.extend(parts(text, sentence.clone()));
            open = Size::full();
            continue;
        }
        let together = open.plus(size);
        match chunks.last_mut() {
            Some(last) if together.fits() => {
                last.end = sentence.end;
                open = together;
            }
            _ => {
                chunks.push(sentence.clone());
                open = size;
            }
        }
    }
    chunks
}

#[derive(Clone, Copy, Default)]
struct Size {
    words: usize,
    chars: usize,
}

impl Size {
    fn of(text: &str) -> Self {
        Self { words: text.split_whitespace().count(), chars: text.chars().count() }
    }

    fn full() -> Self {
        Self { words: MAX_WORDS, chars: MAX_CHARS }
    }

    fn plus(self, other: Self) -> Self {
        Self { words: self.words + other.words, chars: self.chars + other.chars + 1 }
    }

    fn fits(self) -> bool {
        self.words <= MAX_WORDS && self.chars <= MAX_CHARS
    }
}

/// Cuts a sentence that is too long, at white space where there is some.
fn parts(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut open = Size::full();
    for (at, word) in text[sentence.clone()].split_word_bound_indices() {
        let bytes = sentence.start + at..sentence.start + at + word.len();
        if word.trim().is_empty() {
            open.chars += word.chars().count();
            continue;
        }
        // Punctuation stays with the word before it.
        let counts = usize::from(word.chars().any(char::is_alphanumeric));
        let size = Size { words: counts, chars: word.chars().count() };
        match parts.last_mut() {
            Some(last) if open.plus(size).fits() => {
                last.end = bytes.end;
                open = open.plus(size);
            }
            _ => {
                parts.extend(slices(text, bytes));
                open = if size.fits() { size } else { Size::full() };
            }
        }
    }
    parts
}

/// A single word that is too long: cut by length.
fn slices(text: &str, word: Range<usize>) -> Vec<Range<usize>> {
    let mut slices = Vec::new();
    let mut start = word.start;
    for (count, (at, c)) in text[word.clone()].char_indices().enumerate() {
        if (count + 1) % MAX_CHARS == 0 {
            slices.push(start..word.start + at + c.len_utf8());
            start = word.start + at + c.len_utf8();
        }
    }
    if start < word.end {
        slices.push(start..word.end);
    }
    slices
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::text::sentences;

    fn of(text: &str) -> Vec<&str> {
        chunks(text, &sentences(text)).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn short_sentences_stay_together() {
        assert_eq!(of("It rained.  The stones smelled warm!\nThen tea"), ["It rained.  The stones smelled warm!\nThen tea"]);
        let long = "The garden smelled of lavender and of rain. ".repeat(20);
        let found = of(&long);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|c| c.ends_with("rain.")));
    }

    #[test]
    fn a_sentence_without_end_is_cut() {
        let endless = "word ".repeat(500);
        assert!(of(&endless).iter().all(|c| c.split_whitespace().count() <= MAX_WORDS));
        assert_eq!(of(&"x".repeat(5_000)).concat().len(), 5_000);
        assert!(of(&"雨の匂い".repeat(900)).len() > 1);
    }

    proptest! {
        #[test]
        fn chunks_cover_all_sentences_in_order_and_are_never_empty(text in "(\\PC{0,60}[.!? \n]){0,12}|(\\w{1,9} ){0,400}") {
            let sentences = sentences(&text);
            let chunks = chunks(&text, &sentences);
            let mut last = 0;
            for chunk in &chunks {
                prop_assert!(chunk.start >= last && chunk.end > chunk.start);
                let content = &text[chunk.clone()];
                prop_assert!(!content.trim().is_empty());
                prop_assert!(content.chars().count() <= MAX_CHARS + 60);
                last = chunk.end;
            }
            prop_assert_eq!(chunks.first().map(|c| c.start), sentences.first().map(|s| s.start));
            prop_assert_eq!(chunks.last().map(|c| c.end), sentences.last().map(|s| s.end));
            for s in &sentences {
                let visible = text[s.clone()].char_indices().filter(|(_, c)| !c.is_whitespace());
                for (at, _) in visible {
                    prop_assert!(chunks.iter().any(|c| c.contains(&(s.start + at))));
                }
            }
        }
    }
}
