//! The second stage: who, where, when, and how it felt. Suggestions where the person said nothing; never a replacement.

mod feeling;
mod lexicon;
mod setting;

use super::{
    read::Reading,
    words::{Word, words},
};
use crate::{
    domain::{memory::Suggested, time::Timestamp},
    store::scent_memory::MemoryRow,
};

pub(super) use feeling::{Feelings, known_emotion};
pub(super) use setting::{known_occasion, known_people, may_be_place};

/// What the words say about the circumstances.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Enhanced {
    pub suggested: Suggested,
    /// How good or bad the memory feels, −1 to 1.
    pub valence: f64,
}

pub(super) fn enhance(feelings: &Feelings, memory: &MemoryRow, reading: &Reading) -> Enhanced {
    let title = reading.title.as_deref().unwrap_or_default();
    let mut sentences: Vec<Vec<Word>> = vec![words(title, 0)];
    sentences.extend(reading.sentences.iter().map(|s| words(&reading.text[s.clone()], s.start)));
    let tone = feelings.tone(memory.emotion.as_deref(), &sentences);
    let nothing_said = |said: &Option<String>| said.is_none();
    let facts = &reading.facts;
    let of_day = match memory.happened_at {
        // Of a photo's own day, the photo knows better: it may say where on the globe that was.
        Some(day) if facts.taken_at.map(Timestamp::day) != Some(day.day()) => Some(setting::season_of(day)),
        _ => facts.season,
    };
    let season = setting::season(&sentences).or(of_day);
    Enhanced {
        suggested: Suggested {
            emotion: tone.emotion.filter(|_| nothing_said(&memory.emotion)).map(str::to_owned),
            season: season.filter(|_| memory.season.is_none()),
            happened_at: facts.taken_at.map(Timestamp::day).filter(|_| memory.happened_at.is_none()),
            location: setting::location(&reading.text, &sentences[1..])
                .or_else(|| facts.place.clone())
                .filter(|_| nothing_said(&memory.location)),
            occasion: setting::occasion(&sentences).filter(|_| nothing_said(&memory.occasion)).map(str::to_owned),
            people: setting::people(&sentences),
        },
        valence: tone.valence,
    }
}

#[cfg(test)]
mod tests;
