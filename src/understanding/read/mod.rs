//! The first stage: from the original to the text that the other stages work on.

mod chars;
mod file;
mod provider;

use std::ops::Range;

pub use file::Readers;
pub use provider::Provider;

use self::chars::CharIndex;
use crate::{
    domain::{
        memory::{FileText, Mark, MemoryType, ScentSource, first_words, mark_at, title_of_file},
        text::{Span, sentences},
    },
    store::{
        file_reading::{FileFacts, FileReading},
        scent_memory::MemoryRow,
    },
};

/// What stands between what the person wrote and what was read out of the file.
const GAP: &str = "\n\n";

/// So much of the words of a file is understood, in Unicode scalar values: a novel is no memory.
const MOST: usize = 300_000;

/// A longer sentence, in bytes, is taken for several: it is a list, or lacks its points.
const LONGEST_SENTENCE: usize = 6_000;

/// The words of a memory: those of the person first, then those of the file.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub text: String,
    /// The title, where it says more than the text does.
    pub title: Option<String>,
    /// In bytes of the text.
    pub sentences: Vec<Range<usize>>,
    /// What the file tells beside its words.
    pub facts: FileFacts,
    parts: Vec<Part>,
    chars: CharIndex,
}

/// A text of its own within the words of a memory.
#[derive(Clone, Debug)]
struct Part {
    /// In bytes.
    start: usize,
    source: ScentSource,
    marks: Vec<Mark>,
}

/// Where a passage stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// Which text the span points into.
    pub source: ScentSource,
    pub span: Span,
}

impl Reading {
    /// Words that nobody said of a file.
    pub fn of_text(text: &str, title: Option<String>) -> Self {
        Self::new(vec![(ScentSource::Text, text, Vec::new())], title, FileFacts::default())
    }

    fn new(texts: Vec<(ScentSource, &str, Vec<Mark>)>, title: Option<String>, facts: FileFacts) -> Self {
        let (mut text, mut found, mut parts) = (String::new(), Vec::new(), Vec::new());
        for (source, words, marks) in texts {
            if !text.is_empty() {
                text.push_str(GAP);
            }
            let start = text.len();
            text.push_str(words);
            let cut = sentences(words).into_iter().flat_map(|sentence| pieces(words, sentence));
            found.extend(cut.map(|s| start + s.start..start + s.end));
            parts.push(Part { start, source, marks });
        }
        if found.is_empty() && !text.is_empty() {
            found.push(0..text.len());
        }
        let chars = CharIndex::new(&text);
        Self { text, title, sentences: found, facts, parts, chars }
    }

    fn part(&self, byte: usize) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.start <= byte)
    }

    /// Where a range of bytes stands, in Unicode scalar values of the part that it lies in.
    pub fn place(&self, bytes: &Range<usize>) -> Place {
        let at = |byte| self.chars.at(&self.text, byte);
        let (start, source) = self.part(bytes.start).map_or((0, ScentSource::Text), |part| (part.start, part.source));
        Place { source, span: Span { start: at(bytes.start) - at(start), end: at(bytes.end) - at(start) } }
    }

    /// The pages and seconds of a passage: the one that it begins in, and those that it reaches.
    pub fn marks(&self, bytes: &Range<usize>) -> Vec<Mark> {
        let Some(part) = self.part(bytes.start) else { return Vec::new() };
        let span = self.place(bytes).span;
        let within = part.marks.iter().filter(|mark| span.start < mark.start && mark.start < span.end);
        mark_at(&part.marks, span.start).into_iter().chain(within.copied()).collect()
    }

    /// The sentences, apart where a passage must not go on: between the person's words and the file's, and between pages.
    pub fn stretches(&self) -> Vec<&[Range<usize>]> {
        let page = |sentence: &Range<usize>| {
            let part = self.part(sentence.start)?;
            let mark = mark_at(&part.marks, self.place(sentence).span.start);
            Some((part.start, mark.and_then(|mark| mark.page)))
        };
        self.sentences.chunk_by(|a, b| page(a) == page(b)).collect()
    }
}

/// Text is taken as it is; of a file, what was read out of it comes after what the person wrote.
pub(super) fn compose(memory: &MemoryRow, file: Option<FileReading>) -> Reading {
    let mut texts = Vec::new();
    if !memory.content.trim().is_empty() || file.is_none() {
        texts.push((ScentSource::Text, memory.content.as_str(), Vec::new()));
    }
    let (text, facts) = file.map(|file| (file.text, file.facts)).unwrap_or_default();
    if !text.text.trim().is_empty() {
        texts.push((source_of(memory.memory_type), beginning(&text.text), text.marks));
    }
    let made_of_content = memory.title == first_words(&memory.content);
    let made_of_name = memory.file.as_ref().is_some_and(|file| memory.title == title_of_file(&file.info.name));
    let title = (!made_of_content && !made_of_name).then(|| memory.title.clone());
    Reading::new(texts, title, facts)
}

/// As much of the text of a file as is understood.
fn beginning(text: &str) -> &str {
    text.char_indices().nth(MOST).map_or(text, |(end, _)| &text[..end])
}

/// Tells of a text that is longer than what is understood of it.
fn notice_of_length(text: &FileText) -> Option<String> {
    if beginning(&text.text).len() == text.text.len() {
        return None;
    }
    let page = mark_at(&text.marks, MOST - 1).and_then(|mark| mark.page);
    let reached = page.map_or_else(String::new, |page| format!(", up to page {page},"));
    Some(format!(
        "This file is long: only its first {} characters{reached} were looked through for scents. The rest is kept, and can be \
         searched.",
        grouped(MOST)
    ))
}

fn grouped(number: usize) -> String {
    format!("{},{:03}", number / 1_000, number % 1_000)
}

/// A sentence, in parts if it is too long: cut at a blank where there is one.
fn pieces(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let (mut pieces, mut rest) = (Vec::new(), sentence);
    while rest.len() > LONGEST_SENTENCE {
        let most = text.floor_char_boundary(rest.start + LONGEST_SENTENCE);
        let blank = text[rest.start..most].rfind(char::is_whitespace).filter(|blank| *blank > 0);
        let cut = blank.map_or(most, |blank| rest.start + blank);
        let whole = text[rest.start..cut].trim_end();
        pieces.push(rest.start..rest.start + whole.len());
        let after = &text[cut..rest.end];
        rest.start = rest.end - after.trim_start().len();
    }
    pieces.extend((!rest.is_empty()).then_some(rest));
    pieces
}

/// What is found in the file of such a memory.
pub(super) fn source_of(memory_type: MemoryType) -> ScentSource {
    match memory_type {
        MemoryType::Text => ScentSource::Text,
        MemoryType::Image => ScentSource::Image,
        MemoryType::Pdf => ScentSource::Pdf,
        MemoryType::Audio => ScentSource::Audio,
    }
}

#[cfg(test)]
mod files_tests;

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(content: &str, file: &str, marks: Vec<Mark>) -> Reading {
        let texts = vec![(ScentSource::Text, content, vec![]), (ScentSource::Pdf, file, marks)];
        Reading::new(texts, None, FileFacts::default())
    }

    fn page(start: usize, page: u32) -> Mark {
        Mark { start, page: Some(page), at_s: None }
    }

    #[test]
    fn places_count_within_their_own_text() {
        let reading = reading("Für Ada. 🌹", "Ein Öl. Zwei Öle.", vec![page(0, 1), page(8, 2)]);
        let at = reading.text.find("Zwei").unwrap();
        let place = reading.place(&(at..at + "Zwei Öle".len()));
        assert_eq!(place, Place { source: ScentSource::Pdf, span: Span { start: 8, end: 16 } });
        assert_eq!(reading.marks(&(at..at + 4)), [page(8, 2)]);
        let rose = reading.text.find('🌹').unwrap();
        assert_eq!(reading.place(&(rose..rose + 4)), Place { source: ScentSource::Text, span: Span { start: 9, end: 10 } });
        assert!(reading.marks(&(rose..rose + 4)).is_empty());
    }

    #[test]
    fn passages_end_with_their_page() {
        let reading = reading("Mine.", "One. Two. Three.", vec![page(0, 1), page(10, 2)]);
        let words: Vec<Vec<&str>> =
            reading.stretches().iter().map(|s| s.iter().map(|r| &reading.text[r.clone()]).collect()).collect();
        assert_eq!(words, [vec!["Mine."], vec!["One.", "Two."], vec!["Three."]]);
    }

    #[test]
    fn a_novel_is_understood_in_part_and_that_is_told() {
        let text = "Bergamot. ".repeat(45_000);
        let text = FileText { text, marks: vec![page(0, 1), page(299_999, 7), page(300_000, 8)] };
        assert_eq!(sentences(beginning(&text.text)).len(), 30_000);
        let notice = notice_of_length(&text).unwrap();
        assert!(notice.contains("first 300,000 characters, up to page 7,"), "{notice}");
        let short = FileText { text: "é".repeat(MOST), marks: vec![] };
        assert_eq!((beginning(&short.text).len(), notice_of_length(&short)), (2 * MOST, None));
    }

    #[test]
    fn sentences_without_an_end_are_taken_in_parts() {
        let endless = "rose é ".repeat(2_000);
        let reading = reading(&endless, &"雨".repeat(5_000), vec![]);
        assert!(reading.sentences.iter().all(|s| s.len() <= LONGEST_SENTENCE));
        let words: usize = reading.sentences.iter().map(|s| reading.text[s.clone()].split_whitespace().count()).sum();
        assert_eq!(words, 4_000 + 3, "no word is cut where there is a blank");
        assert_eq!(pieces("A rose.", 0..7), vec![0..7]);
    }

    #[test]
    fn nothing_at_all_has_no_sentences() {
        assert!(Reading::new(vec![], None, FileFacts::default()).stretches().is_empty());
        assert_eq!(Reading::of_text("\u{7}", None).sentences.first(), Some(&(0..1)));
    }
}
