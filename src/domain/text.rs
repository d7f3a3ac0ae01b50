//! Rules about text: how much of it, how it is folded for comparison, and where a passage stands in it.

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use super::error::AppError;

/// Limits in Unicode scalar values.
pub mod limits {
    pub const TITLE: usize = 200;
    pub const CONTENT: usize = 20_000;
    /// Occasion, emotion, location, a person's name.
    pub const SHORT: usize = 120;
    pub const QUERY: usize = 2_000;
    pub const NOTES: usize = 2_000;
    /// Two hours of speech and more.
    pub const TRANSCRIPT: usize = 200_000;
}

/// How large a file is, for people: `640 KB`, `2.3 MB`.
pub fn file_size(bytes: u64) -> String {
    const KB: f64 = 1024.0;
    match bytes as f64 {
        b if b < KB => format!("{bytes} bytes"),
        b if b < KB * KB => format!("{:.0} KB", b / KB),
        b if b < 10.0 * KB * KB => format!("{:.1} MB", b / KB / KB),
        b => format!("{:.0} MB", b / KB / KB),
    }
}

/// A passage: counts of Unicode scalar values from the start of the text it points into, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The passage itself, or nothing if it does not lie in the text.
    pub fn of(self, text: &str) -> Option<&str> {
        let start = char_to_byte(text, self.start)?;
        let end = char_to_byte(text, self.end)?;
        text.get(start..end)
    }
}

fn char_to_byte(text: &str, chars: usize) -> Option<usize> {
    text.char_indices().map(|(b, _)| b).chain([text.len()]).nth(chars)
}

/// Turns byte offsets of one text into scalar offsets; offsets must be asked for in rising order.
pub struct CharOffsets<'a> {
    text: &'a str,
    byte: usize,
    chars: usize,
}

impl<'a> CharOffsets<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, byte: 0, chars: 0 }
    }

    /// The number of scalar values before `byte`, which must lie on a boundary.
    pub fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.chars) = (0, 0);
        }
        self.chars += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.chars
    }
}

/// Lower case, without accents, punctuation as single blanks: `Terre d'Hermès` → `terre d hermes`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ł' => folded.push('l'),
            c if c.is_alphanumeric() => folded.push(c),
            _ if folded.ends_with(' ') || folded.is_empty() => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A key made of a text: folded, ASCII letters and digits joined by underscores.
pub fn slug(text: &str) -> String {
    let words: String = fold(text).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    words.split_whitespace().collect::<Vec<_>>().join("_")
}

/// The sentences of a text as byte ranges, without the white space around them. Line breaks end a sentence, too.
pub fn sentences(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}']) {
        for (at, sentence) in line.split_sentence_bound_indices() {
            let start = line_start + at + (sentence.len() - sentence.trim_start().len());
            let end = start + sentence.trim().len();
            if end > start {
                found.push(start..end);
            }
        }
        line_start += line.len();
    }
    found
}

/// With a capital at its start.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `a` or `an`.
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}

/// The beginning of a text, flat: as long as it may be, up to a blank if that is not far from there.
pub fn beginning(text: &str, most: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(most) {
        None => words,
        Some((end, _)) => {
            let cut = &words[..end];
            let whole = cut.rfind(' ').filter(|at| *at > end / 2).map_or(cut, |at| &cut[..at]);
            format!("{whole}…")
        }
    }
}

/// Checks a text that must be there. It is kept as it was written.
pub fn required(field: &str, label: &str, text: String, limit: usize) -> Result<String, AppError> {
    if text.trim().is_empty() {
        return Err(AppError::bad_input(field, format!("{label} is missing: please write something.")));
    }
    within(field, label, text, limit)
}

/// Checks a text that may be missing; blank is none.
pub fn optional(field: &str, label: &str, text: Option<String>, limit: usize) -> Result<Option<String>, AppError> {
    match text {
        Some(text) if !text.trim().is_empty() => within(field, label, text, limit).map(Some),
        _ => Ok(None),
    }
}

/// Checks a text that may be blank. It is kept as it was written.
pub fn within(field: &str, label: &str, text: String, limit: usize) -> Result<String, AppError> {
    let length = text.chars().count();
    if length > limit {
        return Err(AppError::bad_input(field, format!("{label} may have up to {limit} characters; this has {length}.")));
    }
    if text.contains('\0') {
        return Err(AppError::bad_input(field, format!("{label} holds a NUL character, which no text can.")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_and_slugs() {
        assert_eq!(fold("  Terre d'Hermès "), "terre d hermes");
        assert_eq!(slug("L'Heure Bleue – Eau de Parfum"), "l_heure_bleue_eau_de_parfum");
    }

    #[test]
    fn a_beginning_is_cut_at_a_blank_that_is_near() {
        assert_eq!(beginning(" a  fig \n tree ", 20), "a fig tree");
        assert_eq!(beginning("the fig tree", 9), "the fig…");
        assert_eq!(beginning("a bougainvillea", 9), "a bougain…");
        assert_eq!((capital("éa"), article("iris"), article("rose")), ("Éa".to_owned(), "an", "a"));
    }

    #[test]
    fn sentences_keep_their_places() {
        let text = "It rained.  The stones smelled warm!\nThen tea";
        let found: Vec<&str> = sentences(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["It rained.", "The stones smelled warm!", "Then tea"]);
    }

    proptest! {
        #[test]
        fn sentences_are_in_order_and_in_bounds(text in "\\PC{0,300}") {
            let mut last = 0;
            for r in sentences(&text) {
                prop_assert!(r.start >= last && r.end > r.start);
                prop_assert!(text.get(r.clone()).is_some());
                last = r.end;
            }
        }

        #[test]
        fn spans_agree_with_byte_ranges(text in "\\PC{0,200}") {
            let mut offsets = CharOffsets::new(&text);
            for r in sentences(&text) {
                let span = Span { start: offsets.at(r.start), end: offsets.at(r.end) };
                prop_assert_eq!(span.of(&text), text.get(r));
            }
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,200}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
