//! Finding known phrases in a text: folded words with their places, and a table of phrases looked up longest first.

use std::{collections::HashMap, ops::Range};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::domain::text::fold;

/// A word of a text, folded, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub folded: String,
    /// In bytes of the original text.
    pub bytes: Range<usize>,
    /// Something that no phrase reaches across stands before it.
    pub after_break: bool,
    /// A sentence starts with it.
    pub starts_sentence: bool,
    /// It is written with a capital.
    pub capital: bool,
}

/// Words after which a dot ends no sentence, besides all of one or two letters.
const ABBREVIATED: &[&str] = &["geo", "mme", "mrs"];

/// The words of a text. Joined by blanks, they are what [`fold`] makes of it, save that trade marks are no letters here.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open: Option<Word> = None;
    let (mut after_break, mut starts_sentence) = (false, true);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if is_combining_mark(c) {
            if let Some(word) = &mut open {
                word.bytes.end = end;
            }
        } else if c.is_alphanumeric() {
            let word = open.get_or_insert_with(|| Word {
                folded: String::new(),
                bytes: at..end,
                after_break,
                starts_sentence,
                capital: c.is_uppercase(),
            });
            word.bytes.end = end;
            word.folded
                .extend(std::iter::once(c).nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).flat_map(latin));
            (after_break, starts_sentence) = (false, false);
        } else {
            let abbreviated =
                open.as_ref().is_some_and(|word| word.folded.len() <= 2 || ABBREVIATED.contains(&word.folded.as_str()));
            words.extend(open.take());
            match c {
                '.' if abbreviated => {}
                '.' | '!' | '?' | '\n' | '\r' | '…' | '\u{2028}' | '\u{2029}' => (after_break, starts_sentence) = (true, true),
                ',' | ';' | ':' | '(' | ')' | '[' | ']' | '|' | '/' | '"' | '–' | '—' | '•' | '“' | '”' => {
                    after_break = true
                }
                _ => {}
            }
        }
    }
    words.extend(open);
    words.retain(|word| !word.folded.is_empty());
    words
}

/// The letters that [`fold`] spells out.
fn latin(c: char) -> impl Iterator<Item = char> {
    let spelled = match c {
        'ß' => "ss",
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'ł' => "l",
        _ => "",
    };
    spelled.chars().chain(spelled.is_empty().then_some(c))
}

/// Folded words of a text, joined.
pub(crate) fn key(text: &str) -> String {
    words(text).iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

/// Phrases and what they stand for.
#[derive(Debug)]
pub(crate) struct Phrases<T> {
    meanings: HashMap<String, T>,
    /// By first word, the length in words of the longest phrase.
    longest: HashMap<String, usize>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { meanings: HashMap::new(), longest: HashMap::new() }
    }
}

impl<T> Phrases<T> {
    /// The meaning of a phrase, made if it is new. Blank phrases have none.
    pub fn entry(&mut self, phrase: &str, new: impl FnOnce() -> T) -> Option<&mut T> {
        let phrase = fold(phrase);
        let first = phrase.split(' ').next().filter(|word| !word.is_empty())?;
        let length = phrase.split(' ').count();
        let longest = self.longest.entry(first.to_owned()).or_default();
        *longest = length.max(*longest);
        Some(self.meanings.entry(phrase).or_insert_with(new))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.meanings.iter().map(|(phrase, meaning)| (phrase.as_str(), meaning))
    }

    /// What a folded phrase stands for.
    pub fn get(&self, folded: &str) -> Option<&T> {
        self.meanings.get(folded)
    }

    /// The longest phrase that starts at a word, as a range of words, of those that `fits` lets pass.
    pub fn longest_at(
        &self,
        words: &[Word],
        start: usize,
        fits: impl Fn(&str, &T, Range<usize>) -> bool,
    ) -> Option<(&T, Range<usize>)> {
        let longest = *self.longest.get(&words[start].folded)?;
        let reach = (start + 1..words.len()).take(longest - 1).take_while(|&at| !words[at].after_break).count();
        let mut phrase = words[start].folded.clone();
        let mut ends = vec![(phrase.len(), start + 1)];
        for word in &words[start + 1..=start + reach] {
            phrase.push(' ');
            phrase.push_str(&word.folded);
            ends.push((phrase.len(), ends.len() + start + 1));
        }
        ends.into_iter().rev().find_map(|(length, end)| {
            let meaning = self.meanings.get(&phrase[..length])?;
            fits(&phrase[..length], meaning, start..end).then_some((meaning, start..end))
        })
    }

    /// All phrases of a text, longest first where they overlap, in order.
    pub fn find(&self, words: &[Word], fits: impl Fn(&str, &T, Range<usize>) -> bool) -> Vec<(&T, Range<usize>)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.longest_at(words, at, &fits) {
                Some((meaning, range)) => {
                    at = range.end;
                    found.push((meaning, range));
                }
                None => at += 1,
            }
        }
        found
    }
}

/// The bytes that a range of words covers.
pub(crate) fn bytes_of(words: &[Word], range: &Range<usize>) -> Range<usize> {
    words[range.start].bytes.start..words[range.end - 1].bytes.end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_longest_phrase_wins_and_none_crosses_a_comma() {
        let mut phrases = Phrases::default();
        for phrase in ["orange", "orange blossom", "blossom"] {
            phrases.entry(phrase, || phrase);
        }
        let find = |text: &str| phrases.find(&words(text), |_, _, _| true).into_iter().map(|(p, _)| *p).collect::<Vec<_>>();
        assert_eq!(find("Orange-blossom water"), ["orange blossom"]);
        assert_eq!(find("orange, blossom"), ["orange", "blossom"]);
    }

    #[test]
    fn trade_marks_are_no_letters() {
        assert_eq!(key("Ambroxan™"), "ambroxan");
    }

    proptest! {
        #[test]
        fn words_lie_in_order_in_the_text(text in "\\PC{0,200}") {
            let mut last = 0;
            for word in words(&text) {
                prop_assert!(word.bytes.start >= last && word.bytes.end > word.bytes.start);
                prop_assert!(text.get(word.bytes.clone()).is_some());
                last = word.bytes.end;
            }
        }

        #[test]
        fn words_are_folded_as_everywhere(text in "[a-zA-ZäéßœŁ ',.-]{0,80}") {
            prop_assert_eq!(key(&text), fold(&text));
        }
    }
}
