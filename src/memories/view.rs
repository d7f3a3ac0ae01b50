//! Memories as people see them.

use std::borrow::Borrow;

use crate::{
    catalog::Snapshot,
    domain::{
        answer::TokenUsage,
        flower::{Flower, Petal},
        memory::{ChunkView, FoundPassage, Memory, MemoryCard, MemoryType, NamedFragrance, ScentView, Status},
        notes::Note,
        text::beginning,
    },
    store::{
        extracted_scent::{FragranceRow, NewNote, NoteRow},
        file_reading::FileReading,
        scent_memory::MemoryRow,
    },
};

pub(super) use crate::store::file_reading::Written;

/// How much of the words a card shows, in Unicode scalar values.
pub(super) const EXCERPT: usize = 180;

/// What was understood of a memory.
pub(super) struct Found {
    pub chunks: Vec<ChunkView>,
    pub notes: Vec<NoteRow>,
    pub named: Vec<FragranceRow>,
    pub read: Option<FileReading>,
    pub used: Option<TokenUsage>,
}

pub(super) fn memory(snapshot: &Snapshot, row: MemoryRow, found: Found) -> Memory {
    let Found { chunks, notes, named, read, used } = found;
    let notices: Vec<String> = read.as_ref().and_then(|read| read.notice.clone()).into_iter().chain(row.notice).collect();
    let (file_text, image_analysis) = read.map(|read| (read.text, read.image)).unzip();
    let transcript = file_text.as_ref().filter(|_| row.memory_type == MemoryType::Audio).map(|text| text.text.clone());
    Memory {
        file: row.file.map(|file| file.info),
        transcript,
        // Of a picture, the caption stands in the analysis.
        file_text: file_text.filter(|_| row.memory_type != MemoryType::Image),
        image_analysis: image_analysis.flatten(),
        notice: (!notices.is_empty()).then(|| notices.join(" ")),
        token_usage: used,
        flower: flower(snapshot, &notes),
        id: row.id,
        title: row.title,
        content: row.content,
        memory_type: row.memory_type,
        status: row.status,
        error: row.error,
        occasion: row.occasion,
        emotion: row.emotion,
        location: row.location,
        season: row.season,
        happened_at: row.happened_at,
        suggested: row.suggested,
        valence: row.valence,
        chunks,
        scents: notes.into_iter().map(scent).collect(),
        fragrances: named.into_iter().filter_map(|f| fragrance(snapshot, f)).collect(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// A memory in a list. Where the person said nothing, it shows what was understood, as the list's filters do.
pub(super) fn card(
    snapshot: &Snapshot,
    row: MemoryRow,
    notes: &[&NoteRow],
    written: Option<&Written>,
    passage: Option<FoundPassage>,
) -> MemoryCard {
    // A file without words is told by its own.
    let in_file =
        || written.map_or("", |w| if w.text.text.is_empty() { w.caption.as_deref().unwrap_or("") } else { &w.text.text });
    let words = if row.content.trim().is_empty() { in_file() } else { &row.content };
    MemoryCard {
        has_thumbnail: row.memory_type == MemoryType::Image && row.status == Status::Ready,
        flower: flower(snapshot, notes),
        excerpt: beginning(words, EXCERPT),
        passage,
        id: row.id,
        title: row.title,
        memory_type: row.memory_type,
        status: row.status,
        error: row.error,
        emotion: row.emotion.or(row.suggested.emotion),
        location: row.location.or(row.suggested.location),
        season: row.season.or(row.suggested.season),
        happened_at: row.happened_at,
        created_at: row.created_at,
    }
}

fn scent(row: NoteRow) -> ScentView {
    ScentView {
        id: row.id,
        name: row.scent_name,
        literal: row.literal,
        confidence: row.confidence,
        source: row.source,
        span: row.span,
        confirmed: row.confirmed,
    }
}

fn fragrance(snapshot: &Snapshot, row: FragranceRow) -> Option<NamedFragrance> {
    let known = snapshot.get(&row.fragrance)?;
    let (brand, name) = (known.brand.clone(), known.name.clone());
    Some(NamedFragrance { fragrance_id: row.fragrance, brand, name, span: row.span, source: row.source })
}

/// The flower that the notes of a memory grow: each in the ring where perfumes mostly carry it.
fn flower<N: Borrow<NoteRow>>(snapshot: &Snapshot, notes: &[N]) -> Flower {
    let petal = |row: &N| {
        let row = row.borrow();
        let note = snapshot.taxonomy().get(&row.scent_name)?;
        Some(Petal {
            note: note.name.clone(),
            category: note.category,
            layer: snapshot.typical_layer(&note.name),
            weight: row.confidence as f32,
            literal: row.literal,
            evocation: note.evocation.clone(),
        })
    };
    Flower { petals: notes.iter().filter_map(petal).collect(), thorns: Vec::new() }
}

/// A kept note, to be kept again.
pub(super) fn new_note(row: NoteRow, note: &Note) -> NewNote {
    NewNote {
        note: note.id.clone(),
        name: row.scent_name,
        literal: row.literal,
        confidence: row.confidence,
        source: row.source,
        span: row.span,
        valence: row.valence,
        confirmed: row.confirmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_end_at_a_word() {
        assert_eq!(beginning(" a\n b ", EXCERPT), "a b");
        let long = beginning(&"lavender and rain ".repeat(40), EXCERPT);
        assert!(long.ends_with('…') && long.chars().count() <= EXCERPT + 1 && !long.contains("lavend…"));
        assert_eq!(beginning(&"🌹".repeat(300), EXCERPT).chars().count(), EXCERPT + 1);
    }
}
