//! A text as it is read.

use rust_stemmers::{Algorithm, Stemmer};

use crate::catalog::{Word, is_stop_word, words};

/// Words after which what follows is denied.
const NOT: &[&str] = &[
    "aren", "arent", "didn", "doesn", "doesnt", "don", "dont", "hardly", "isn", "isnt", "lacking", "lacks", "never", "no", "non",
    "nor", "not", "wasn", "wasnt", "without",
];
/// How many words are denied, within a clause; short ones are not counted.
const DENIED: usize = 4;

/// The words of a text with their stems.
pub(crate) struct Text {
    pub words: Vec<Word>,
    /// Snowball English, by word.
    pub stems: Vec<String>,
    /// All words, folded, with a blank around each.
    pub line: String,
}

impl Text {
    pub fn new(text: &str) -> Self {
        let words = words(text);
        let stemmer = Stemmer::create(Algorithm::English);
        let stems = words.iter().map(|word| stemmer.stem(&word.folded).into_owned()).collect();
        let mut line = String::from(" ");
        for word in &words {
            line.push_str(&word.folded);
            line.push(' ');
        }
        Self { words, stems, line }
    }

    /// Whether some words stand in it, whole.
    pub fn says(&self, folded: &str) -> bool {
        self.line.contains(&format!(" {folded} "))
    }

    /// Whether some words stand in it, the last of them perhaps going on: `classic` in `classical`.
    pub fn begins(&self, folded: &str) -> bool {
        self.line.contains(&format!(" {folded}"))
    }

    /// The stems of words that tell something.
    pub fn telling_stems(&self) -> Vec<String> {
        let telling = self.words.iter().zip(&self.stems).filter(|(word, _)| !is_stop_word(&word.folded));
        telling.map(|(_, stem)| stem.clone()).collect()
    }

    /// The stems of words that are not denied.
    pub fn meant_stems(&self) -> Vec<&str> {
        let mut left = 0;
        let mut meant = Vec::with_capacity(self.words.len());
        for (word, stem) in self.words.iter().zip(&self.stems) {
            if word.after_break {
                left = 0;
            }
            if NOT.contains(&word.folded.as_str()) {
                left = DENIED;
            } else if left > 0 {
                left -= usize::from(word.folded.len() > 2);
            } else {
                meant.push(stem.as_str());
            }
        }
        meant
    }
}
