//! Notes that the words name.

use std::ops::Range;

use super::{clause::Sentence, figure::is_figurative, negation::is_negated};
use crate::catalog::Taxonomy;

/// A note that a text names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    pub note: usize,
    pub bytes: Range<usize>,
    /// It is said not to be there.
    pub negated: bool,
}

/// How sure it is that a note is meant that is named.
const SURE: f64 = 0.9;

/// How sure it is of words that name a whole group of scents: "flowers", "spices".
const GENERAL: f64 = 0.6;

/// The notes that a text names; a figure of speech names none, nor does what lies in one of `taken` (names of perfumes).
pub(super) fn named(taxonomy: &Taxonomy, text: &str, sentences: &[Sentence], taken: &[Range<usize>]) -> Vec<Named> {
    let overlaps = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
    let mut found = Vec::new();
    for mention in taxonomy.mentions(text) {
        if taken.iter().any(|t| overlaps(t, &mention.bytes)) {
            continue;
        }
        let Some(sentence) = sentences.iter().find(|s| overlaps(&s.bytes, &mention.bytes)) else { continue };
        let Some(words) = sentence.range_of(&mention.bytes) else { continue };
        if !is_figurative(sentence, &words) {
            let negated = is_negated(sentence, &words);
            found.push(Named { note: mention.note, bytes: mention.bytes, negated });
        }
    }
    found
}

/// How sure it is that a note of this name is meant.
pub(super) fn confidence(name: &str, times: usize) -> f64 {
    let general = ["note", "notes", "accord", "flower", "fruit", "spice", "citrus", "berry", "herb"];
    let base = if name.rsplit(' ').next().is_some_and(|last| general.contains(&last)) && name != "orange flower" {
        GENERAL
    } else {
        SURE
    };
    // What is said again is meant.
    f64::min(base + 0.03 * times.saturating_sub(1) as f64, 0.98)
}
