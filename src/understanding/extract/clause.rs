//! A sentence as words with what stands between them: what negation and feeling reach over, and where they stop.

use std::ops::Range;

use super::super::words::{Word, words};

/// What stands between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    Plain,
    Comma,
    /// A dash, a semicolon, a bracket: what is said before does not reach beyond.
    Hard,
}

/// A sentence.
#[derive(Clone, Debug)]
pub(super) struct Sentence<'a> {
    pub text: &'a str,
    /// Where it stands in its text, in bytes; so are the words.
    pub bytes: Range<usize>,
    pub words: Vec<Word>,
    /// What stands before each word.
    gaps: Vec<Gap>,
}

/// Which of these sentences, that stand in their order, reaches into these bytes first.
pub(super) fn reaching(sentences: &[Sentence], bytes: &Range<usize>) -> Option<usize> {
    let at = sentences.partition_point(|sentence| sentence.bytes.end <= bytes.start);
    sentences.get(at).is_some_and(|sentence| sentence.bytes.start < bytes.end).then_some(at)
}

/// Words that begin a clause of its own.
const TURNS: &str = "but yet however although though whereas while because until except";

impl<'a> Sentence<'a> {
    pub fn new(text: &'a str, bytes: Range<usize>) -> Self {
        let sentence = &text[bytes.clone()];
        let words = words(sentence, bytes.start);
        let gap = |at: usize| {
            let before = at.checked_sub(1).map_or(bytes.start, |b| words[b].bytes.end);
            let between = &text[before..words[at].bytes.start];
            if between.contains([';', ':', '(', ')', '[', ']', '–', '—', '…', '.', '!', '?', '"', '“', '”', '«', '»'])
                || between.contains(" -")
                || between.contains("--")
            {
                Gap::Hard
            } else if between.contains([',', '،', '、']) {
                Gap::Comma
            } else {
                Gap::Plain
            }
        };
        let gaps = (0..words.len()).map(gap).collect();
        Self { text: sentence, bytes, words, gaps }
    }

    /// What stands before the word at `at`.
    pub fn gap(&self, at: usize) -> Gap {
        self.gaps[at]
    }

    /// What stands after the word at `at`; a plain gap at the end.
    pub fn gap_after(&self, at: usize) -> Gap {
        self.gaps.get(at + 1).copied().unwrap_or(Gap::Plain)
    }

    /// Whether a hyphen ties the word at `at` to the next one or to the one before: "not-so-innocent", "take-no-prisoners".
    pub fn is_hyphenated(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let word = &self.words[at].bytes;
        let (start, end) = (word.start - self.bytes.start, word.end - self.bytes.start);
        bytes.get(end) == Some(&b'-') || start.checked_sub(1).is_some_and(|before| bytes[before] == b'-')
    }

    /// The words that lie in these bytes.
    pub fn range_of(&self, bytes: &Range<usize>) -> Option<Range<usize>> {
        let start = self.words.partition_point(|w| w.bytes.end <= bytes.start);
        let count = self.words[start..].iter().take_while(|w| w.bytes.start < bytes.end).count();
        (count > 0).then(|| start..start + count)
    }

    /// The clause around some words: up to the next hard gap or turn ("but", "though").
    pub fn clause(&self, range: &Range<usize>) -> &[Word] {
        let turns = |at: usize| self.gaps[at] == Gap::Hard || self.words[at].is_one_of(TURNS);
        let start = (0..=range.start).rev().find(|&at| at == 0 || turns(at)).unwrap_or(0);
        let end = (range.end..self.words.len()).find(|&at| turns(at)).unwrap_or(self.words.len());
        &self.words[start..end]
    }

    /// Whether the word at `at` begins a clause of its own.
    pub fn turns(&self, at: usize) -> bool {
        self.words[at].is_one_of(TURNS)
    }
}
