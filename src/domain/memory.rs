//! A scent memory and what was understood of it.

use serde::{Deserialize, Serialize};

use super::{
    error::AppError,
    flower::Flower,
    ids::{ExtractedScentId, FragranceId, MemoryId},
    notes::vocabulary,
    text::{Span, limits, optional, required},
    time::Timestamp,
};

vocabulary! {
    /// The kind of original that was kept.
    MemoryType { Text => "text", "text"; Image => "image", "photo"; Pdf => "pdf", "PDF"; Audio => "audio", "voice"; }
}

vocabulary! {
    /// The four seasons of the contract.
    Season { Spring => "spring", "spring"; Summer => "summer", "summer"; Fall => "fall", "autumn"; Winter => "winter", "winter"; }
}

vocabulary! {
    /// Where a memory is on its way. The stages between `received` and `ready` are walked in this order.
    Status {
        Received => "received", "received";
        Reading => "reading", "reading";
        Enhancing => "enhancing", "placing it";
        Chunking => "chunking", "taking it apart";
        Embedding => "embedding", "finding its meaning";
        Extracting => "extracting", "finding its scents";
        Learning => "learning", "learning from it";
        Ready => "ready", "ready";
        Failed => "failed", "failed";
    }
}

impl Status {
    /// The stages of the pipeline, in order.
    pub const STAGES: [Self; 6] =
        [Self::Reading, Self::Enhancing, Self::Chunking, Self::Embedding, Self::Extracting, Self::Learning];

    /// Nothing more will happen by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Ready | Self::Failed)
    }

    /// How far along a memory is, 0 to 1.
    pub fn progress(self) -> f32 {
        match self {
            Self::Received | Self::Failed => 0.0,
            Self::Ready => 1.0,
            stage => Self::STAGES.iter().position(|s| *s == stage).unwrap_or(0) as f32 / Self::STAGES.len() as f32,
        }
    }
}

/// What a person writes down: checked, but otherwise as it was typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryDraft {
    pub title: String,
    pub content: String,
    pub occasion: Option<String>,
    pub emotion: Option<String>,
    pub location: Option<String>,
    pub season: Option<Season>,
    pub happened_at: Option<Timestamp>,
}

/// The same, as it comes in.
#[derive(Clone, Debug, Default)]
pub struct RawMemoryDraft {
    pub title: String,
    pub content: String,
    pub occasion: Option<String>,
    pub emotion: Option<String>,
    pub location: Option<String>,
    pub season: Option<String>,
    pub happened_at: Option<String>,
}

impl RawMemoryDraft {
    /// Applies the limits. A blank title becomes the first words of the content.
    pub fn check(self) -> Result<MemoryDraft, AppError> {
        let content = required("content", "The memory", self.content, limits::CONTENT)?;
        let title = optional("title", "The title", Some(self.title), limits::TITLE)?.unwrap_or_else(|| first_words(&content));
        Ok(MemoryDraft {
            title,
            content,
            occasion: optional("occasion", "The occasion", self.occasion, limits::SHORT)?,
            emotion: optional("emotion", "The emotion", self.emotion, limits::SHORT)?,
            location: optional("location", "The place", self.location, limits::SHORT)?,
            season: parse_season(self.season.as_deref())?,
            happened_at: Timestamp::parse_optional("happened_at", self.happened_at.as_deref())?,
        })
    }
}

/// Reads a season argument; blank is none.
pub fn parse_season(season: Option<&str>) -> Result<Option<Season>, AppError> {
    match season.map(str::trim).filter(|s| !s.is_empty()) {
        None => Ok(None),
        Some(word) => Season::from_word(&word.to_lowercase())
            .map(Some)
            .ok_or_else(|| AppError::bad_input("season", "A season is one of spring, summer, fall or winter.")),
    }
}

/// A title for a text that has none: its first words.
pub fn first_words(content: &str) -> String {
    let mut words = String::new();
    for word in content.split_whitespace() {
        if words.chars().count() + word.chars().count() > 48 {
            if words.is_empty() {
                words = word.chars().take(48).collect();
            }
            words.push('…');
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// A sentence or a few of a memory: the unit of meaning that is searched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChunkView {
    pub index: usize,
    pub content: String,
    pub span: Span,
}

vocabulary! {
    /// Where a scent was found.
    ScentSource { Text => "text", "in the words"; Image => "image", "in the picture"; Audio => "audio", "in the recording"; Pdf => "pdf", "in the document"; Person => "person", "added by you"; }
}

/// A note that a memory speaks of or evokes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScentView {
    pub id: ExtractedScentId,
    /// The canonical name of the note.
    pub name: String,
    /// Said in so many words, as opposed to implied.
    pub literal: bool,
    /// 0 to 1.
    pub confidence: f64,
    pub source: ScentSource,
    /// Where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The person said that it is there.
    #[serde(default)]
    pub confirmed: bool,
}

/// A perfume that a memory names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedFragrance {
    pub fragrance_id: FragranceId,
    pub brand: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// A memory with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    pub id: MemoryId,
    pub title: String,
    /// As the person wrote it.
    pub content: String,
    pub memory_type: MemoryType,
    pub status: Status,
    /// Why it failed, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub occasion: Option<String>,
    pub emotion: Option<String>,
    pub location: Option<String>,
    pub season: Option<Season>,
    pub happened_at: Option<Timestamp>,
    /// What was understood where the person said nothing: suggestions, never a replacement.
    pub suggested: Suggested,
    /// How good or bad the memory feels, −1 to 1.
    pub valence: f64,
    pub chunks: Vec<ChunkView>,
    pub scents: Vec<ScentView>,
    pub fragrances: Vec<NamedFragrance>,
    pub flower: Flower,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What the enhance stage read out of the words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suggested {
    pub emotion: Option<String>,
    pub season: Option<Season>,
    pub location: Option<String>,
    pub occasion: Option<String>,
    pub people: Vec<String>,
}

/// A memory in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryCard {
    pub id: MemoryId,
    pub title: String,
    /// The first words.
    pub excerpt: String,
    pub memory_type: MemoryType,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub emotion: Option<String>,
    pub location: Option<String>,
    pub season: Option<Season>,
    pub happened_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub flower: Flower,
}

/// What `add` and `update` answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryReceipt {
    pub id: MemoryId,
    pub status: Status,
}

/// One step of a memory, as it happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryEvent {
    pub id: MemoryId,
    pub stage: Status,
    pub progress: f32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What a list of memories is narrowed by. Blank fields do not filter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MemoryFilter {
    pub q: Option<String>,
    pub memory_type: Option<MemoryType>,
    pub emotion: Option<String>,
    pub season: Option<Season>,
    pub note: Option<String>,
}
