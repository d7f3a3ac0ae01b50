//! Where in a memory a search has found what it looked for.

use super::view::Written;
use crate::{
    domain::{
        memory::{FoundPassage, MemoryType, ScentSource, mark_at},
        text::{Span, beginning},
    },
    store::{memory_chunk::NearChunk, scent_memory::MemoryRow},
};

/// How much is shown on either side of the words, in scalar values.
const AROUND: usize = 90;

/// The passage of a memory that holds the words (in lower case), else the one that means them.
pub(super) fn passage(row: &MemoryRow, written: Option<&Written>, words: &str, near: &[NearChunk]) -> Option<FoundPassage> {
    let in_file = match row.memory_type {
        MemoryType::Audio => ScentSource::Audio,
        MemoryType::Pdf => ScentSource::Pdf,
        MemoryType::Text | MemoryType::Image => ScentSource::Image,
    };
    let said = place_of(&row.content, words).map(|place| around(&row.content, place, ScentSource::Text));
    let in_text = || {
        let text = &written?.text;
        let place = place_of(&text.text, words)?;
        let mark = mark_at(&text.marks, place.start);
        let (page, at_s) = (mark.and_then(|mark| mark.page), mark.and_then(|mark| mark.at_s));
        Some(FoundPassage { page, at_s, ..around(&text.text, place, in_file) })
    };
    let seen = || {
        let caption = written?.caption.as_ref()?;
        Some(around(caption, place_of(caption, words)?, ScentSource::Image))
    };
    let meant = || {
        let chunk = near.iter().find(|chunk| chunk.memory_id == row.id)?;
        let mark = mark_at(&chunk.marks, chunk.span.start);
        let (page, at_s) = (mark.and_then(|mark| mark.page), mark.and_then(|mark| mark.at_s));
        let text = beginning(&chunk.content, 2 * AROUND);
        Some(FoundPassage { text, said: None, place: chunk.span, source: chunk.source, page, at_s })
    };
    said.or_else(in_text).or_else(seen).or_else(meant)
}

/// Where a text says the words (in lower case) for the first time, whatever the case of its letters.
fn place_of(text: &str, words: &str) -> Option<Span> {
    let mut lower = String::with_capacity(text.len());
    // To which letter each byte belongs: some letters are longer in lower case.
    let mut letters = Vec::with_capacity(text.len());
    for (at, letter) in text.chars().enumerate() {
        lower.extend(letter.to_lowercase());
        letters.resize(lower.len(), at);
    }
    let start = lower.find(words).filter(|_| !words.is_empty())?;
    Some(Span { start: *letters.get(start)?, end: letters.get(start + words.len() - 1)? + 1 })
}

/// The words with what stands around them, from blank to blank.
fn around(text: &str, place: Span, source: ScentSource) -> FoundPassage {
    let letters: Vec<char> = text.chars().collect();
    let is_blank = |at: usize| letters.get(at).is_none_or(|letter| letter.is_whitespace());
    let from = place.start.saturating_sub(AROUND);
    let from = (from..place.start).find(|at| *at == 0 || is_blank(at - 1)).unwrap_or(place.start);
    let to = (place.end + AROUND).min(letters.len());
    let to = (place.end..=to).rev().find(|at| is_blank(*at)).unwrap_or(place.end);
    let flat = |letter: &char| if letter.is_whitespace() { ' ' } else { *letter };
    let mut shown: String = if from > 0 { "…".to_owned() } else { String::new() };
    let before = shown.chars().count();
    shown.extend(letters[from..to].iter().map(flat));
    if to < letters.len() {
        shown.push('…');
    }
    let said = Span { start: place.start - from + before, end: place.end - from + before };
    FoundPassage { text: shown, said: Some(said), place, source, page: None, at_s: None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_shown_with_their_neighbors() {
        let text = format!("{} İt was Tar and salt. {}", "long ago ".repeat(30), "and more ".repeat(30));
        let found = around(&text, place_of(&text, "tar and").unwrap(), ScentSource::Pdf);
        assert_eq!(found.said.unwrap().of(&found.text), Some("Tar and"));
        assert_eq!(found.place.of(&text), Some("Tar and"));
        assert!(found.text.starts_with('…') && found.text.ends_with('…') && found.text.chars().count() < 210, "{}", found.text);
        assert_eq!(place_of("roses", "tar"), None);
        assert_eq!(place_of("roses", ""), None);
    }

    proptest! {
        #[test]
        fn a_passage_points_at_its_words(text in "[aA bİ\n]{0,40}", words in "[ab i]{1,3}") {
            if let Some(place) = place_of(&text, &words) {
                let found = around(&text, place, ScentSource::Text);
                let flat = place.of(&text).unwrap().replace('\n', " ");
                prop_assert_eq!(found.said.unwrap().of(&found.text), Some(flat.as_str()));
            }
        }
    }
}
