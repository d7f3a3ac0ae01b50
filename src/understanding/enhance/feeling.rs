//! How a memory felt: the emotion its words name, and its sign.

use std::collections::HashMap;

use super::{
    super::words::{Stems, Word},
    lexicon::{COMPANY, DENIALS, FEELINGS},
};

/// What the person says of their emotion counts as much as this many words of the text.
const STATED: f64 = 4.0;

/// A denied feeling is a weak feeling of the other sign.
const DENIED: f64 = -0.5;

/// What nobody says of what they like, once denied: "couldn't stand it".
const ENDURE: &str = "stand bear tolerate abide endure stomach";

/// How many words a denial reaches.
const REACH: usize = 3;

/// What a text feels like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tone {
    /// The emotion that it names most; none if it names none.
    pub emotion: Option<&'static str>,
    /// −1 to 1; 0 if it names no feeling.
    pub valence: f64,
}

/// An emotion of the lexicon by its name, or by one of its words; none if its sign is not that of the memory.
pub(crate) fn known_emotion(word: &str, valence: f64) -> Option<&'static str> {
    let word = word.trim().to_lowercase();
    let named = |(name, _, words): &&(&str, f64, &str)| *name == word || words.split_ascii_whitespace().any(|w| w == word);
    let (name, sign, _) = FEELINGS.iter().find(named)?;
    (sign * valence >= 0.0).then_some(*name)
}

/// The lexicon of feelings, by stem.
pub(crate) struct Feelings {
    by_stem: HashMap<String, (&'static str, f64)>,
    stems: Stems,
}

impl Feelings {
    pub fn new() -> Self {
        let stems = Stems::new();
        let mut by_stem = HashMap::new();
        for (emotion, valence, words) in FEELINGS {
            by_stem.insert(stems.of(emotion), (*emotion, *valence));
            for word in words.split_ascii_whitespace() {
                by_stem.entry(stems.of(word)).or_insert((*emotion, *valence));
            }
        }
        Self { by_stem, stems }
    }

    /// The tone of a memory: what the person says of it first, then its words.
    pub fn tone(&self, stated: Option<&str>, sentences: &[Vec<Word>]) -> Tone {
        let mut tally = Tally::default();
        let stated = super::words(stated.unwrap_or_default(), 0);
        tally.take(&self.feelings(&stated), STATED);
        for sentence in sentences {
            tally.take(&self.feelings(sentence), 1.0);
        }
        tally.tone()
    }

    /// The sign of a few words, −1 to 1; 0 if they name no feeling.
    pub fn valence(&self, words: &[Word]) -> f64 {
        let mut tally = Tally::default();
        tally.take(&self.feelings(words), 1.0);
        tally.tone().valence
    }

    /// Each feeling with its emotion (none if it is denied) and its sign.
    fn feelings(&self, words: &[Word]) -> Vec<(Option<&'static str>, f64)> {
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let denied = words[at.saturating_sub(REACH)..at].iter().any(is_denial);
            if denied && word.is_one_of(ENDURE) {
                found.push((Some("disgust"), -0.8));
                continue;
            }
            let Some((emotion, valence)) = self.by_stem.get(&self.stems.of(&word.form)) else { continue };
            if is_another_word(words, at) {
                continue;
            }
            found.push(if denied { (None, valence * DENIED) } else { (Some(*emotion), *valence) });
        }
        found
    }
}

fn is_denial(word: &Word) -> bool {
    word.is_one_of(DENIALS) || word.form.ends_with("n't")
}

fn is_another_word(words: &[Word], at: usize) -> bool {
    COMPANY.iter().any(|(word, before, after)| {
        words[at].is(word)
            && (at.checked_sub(1).is_some_and(|b| words[b].is_one_of(before))
                || words.get(at + 1).is_some_and(|next| next.is_one_of(after)))
    })
}

#[derive(Default)]
struct Tally {
    signed: f64,
    mass: f64,
    emotions: Vec<(&'static str, f64)>,
}

impl Tally {
    fn take(&mut self, feelings: &[(Option<&'static str>, f64)], weight: f64) {
        for (emotion, valence) in feelings {
            self.signed += weight * valence;
            self.mass += weight * valence.abs();
            let Some(emotion) = emotion else { continue };
            match self.emotions.iter_mut().find(|(e, _)| e == emotion) {
                Some((_, sum)) => *sum += weight * valence.abs(),
                None => self.emotions.push((emotion, weight * valence.abs())),
            }
        }
    }

    fn tone(self) -> Tone {
        // The first of equals: what is named first leads.
        let emotion = self.emotions.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(e, _)| *e);
        // One weak word says little, many say much: the constant is worth half a strong word.
        let valence = if self.mass > 0.0 { (self.signed / (self.mass + 0.4)).clamp(-1.0, 1.0) } else { 0.0 };
        Tone { emotion, valence }
    }
}
