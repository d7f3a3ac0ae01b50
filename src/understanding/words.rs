//! Words with their places: what the stages look at.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::fold;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Lower case, without accents, with plain apostrophes: `couldn't`, `nonna's`, `cafe`.
    pub form: String,
    /// In bytes of the text.
    pub bytes: Range<usize>,
    /// It begins with a capital letter, and not because a sentence begins with it.
    pub capital: bool,
}

impl Word {
    pub fn is(&self, form: &str) -> bool {
        self.form == form
    }

    /// Whether it is one of these, which blanks keep apart.
    pub fn is_one_of(&self, forms: &str) -> bool {
        forms.split_ascii_whitespace().any(|form| form == self.form)
    }
}

/// The words of one sentence that begins at byte `offset` of its text.
pub(super) fn words(sentence: &str, offset: usize) -> Vec<Word> {
    sentence
        .unicode_word_indices()
        .enumerate()
        .map(|(place, (at, word))| Word {
            form: form(word),
            bytes: offset + at..offset + at + word.len(),
            capital: place > 0 && word.chars().next().is_some_and(char::is_uppercase),
        })
        .collect()
}

fn form(word: &str) -> String {
    word.split(['\'', '’', 'ʼ']).map(fold).collect::<Vec<_>>().join("'")
}

/// Reduces words to their stems (Snowball, Porter 2).
pub(super) struct Stems(Stemmer);

impl Stems {
    pub fn new() -> Self {
        Self(Stemmer::create(Algorithm::English))
    }

    pub fn of(&self, form: &str) -> String {
        self.0.stem(form.strip_suffix("'s").unwrap_or(form)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_forms_and_places() {
        let text = "Nonna’s Café didn't smell.";
        let found = words(text, 10);
        let forms: Vec<&str> = found.iter().map(|w| w.form.as_str()).collect();
        assert_eq!(forms, ["nonna's", "cafe", "didn't", "smell"]);
        assert_eq!(found[1].bytes, 20..25);
        assert_eq!(found.iter().map(|w| w.capital).collect::<Vec<_>>(), [false, true, false, false]);
        assert_eq!(Stems::new().of("nonna's"), Stems::new().of("nonna"));
    }
}
