//! A scent memory and what was understood of it.

use serde::{Deserialize, Serialize};

use super::{
    answer::TokenUsage,
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
        let content = required("content", "The memory", self.content.clone(), limits::CONTENT)?;
        self.check_with(content, "")
    }

    /// The same beside a file: the words may be missing then, and the file's name serves as the last resort for a title.
    pub fn check_beside(self, file: &str) -> Result<MemoryDraft, AppError> {
        let content = optional("content", "The memory", Some(self.content.clone()), limits::CONTENT)?.unwrap_or_default();
        self.check_with(content, file)
    }

    fn check_with(self, content: String, file: &str) -> Result<MemoryDraft, AppError> {
        let made = || if content.trim().is_empty() { title_of_file(file) } else { first_words(&content) };
        let title = optional("title", "The title", Some(self.title), limits::TITLE)?.unwrap_or_else(made);
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

/// A title for a file without words: its name, without the ending and with blanks for what stands in their place.
pub fn title_of_file(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let title = first_words(&stem.replace(['_', '+'], " "));
    if title.is_empty() { "Untitled".to_owned() } else { title }
}

/// A file that a person gave. Where it is kept is nobody's business outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileInfo {
    /// As it was called.
    pub name: String,
    /// As its content says, e.g. `image/jpeg`.
    pub media_type: String,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// How large a file of each kind may be, in megabytes of 1,048,576 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRoom {
    pub image_mb: u64,
    pub pdf_mb: u64,
    pub audio_mb: u64,
}

impl FileRoom {
    /// How many megabytes a file may have; of a kind that is not known, as many as the largest kind.
    pub fn of(self, kind: Option<MemoryType>) -> u64 {
        match kind {
            Some(MemoryType::Image) => self.image_mb,
            Some(MemoryType::Pdf) => self.pdf_mb,
            Some(MemoryType::Audio) => self.audio_mb,
            Some(MemoryType::Text) | None => self.image_mb.max(self.pdf_mb).max(self.audio_mb),
        }
    }
}

/// A place in the text that was read out of a file: where a page begins, or a second is reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// In Unicode scalar values of the text.
    pub start: usize,
    /// The page that begins here, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The second at which this is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_s: Option<f64>,
}

/// The last mark at or before a place. Marks are in order.
pub fn mark_at(marks: &[Mark], start: usize) -> Option<Mark> {
    marks[..marks.partition_point(|mark| mark.start <= start)].last().copied()
}

/// The text that was read out of a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileText {
    pub text: String,
    pub marks: Vec<Mark>,
}

/// A color of a picture with how much of it there is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Swatch {
    /// `#rrggbb`.
    pub color: String,
    /// 0 to 1.
    pub share: f32,
}

/// What was seen in a picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImageAnalysis {
    pub objects: Vec<String>,
    /// The one that covers most first.
    pub colors: Vec<Swatch>,
    pub mood: Vec<String>,
    pub setting: Option<String>,
    pub caption: String,
    /// 0 to 1.
    pub confidence: f64,
    /// What looked at it.
    pub model: String,
}

/// A sentence or a few of a memory: the unit of meaning that is searched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChunkView {
    pub index: usize,
    pub content: String,
    /// In what the person wrote, or in the text of the file: `source` tells which.
    pub span: Span,
    pub source: ScentSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_s: Option<f64>,
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
    /// Where it was said: in the content, or (as `source` tells) in the text of the file.
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
    /// Which text the span points into.
    pub source: ScentSource,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileInfo>,
    /// What was said in a recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<String>,
    /// The text that was read out of the file (of a recording: the transcript again), with its pages or seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_text: Option<FileText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_analysis: Option<ImageAnalysis>,
    /// What the person should know of how it was read and understood: that a provider's model failed and a local one did it, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// What the models of a provider used to understand it so far; none where none had a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_usage: Option<TokenUsage>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What the enhance stage read out of the words, and out of what a camera noted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suggested {
    pub emotion: Option<String>,
    pub season: Option<Season>,
    /// A day, as its midnight.
    #[serde(default)]
    pub happened_at: Option<Timestamp>,
    pub location: Option<String>,
    pub occasion: Option<String>,
    pub people: Vec<String>,
}

/// Where a search has found a memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundPassage {
    /// A few words of the memory.
    pub text: String,
    /// In `text`: the words that were searched for. Missing where the passage only means them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Span>,
    /// In what the person wrote, or in the text of the file: `source` tells which.
    pub place: Span,
    pub source: ScentSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_s: Option<f64>,
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
    /// There is a small picture of it: `/api/memories/original?id=…&size=thumbnail`.
    #[serde(default)]
    pub has_thumbnail: bool,
    /// What a search for words has found in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<FoundPassage>,
}

/// What `add`, `upload` and `update` answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryReceipt {
    pub id: MemoryId,
    pub status: Status,
    /// The very same file was kept before: this is that memory, and nothing new was made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub already_kept: bool,
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
    /// Part of the place.
    pub place: Option<String>,
    pub note: Option<String>,
    /// Those that are not understood: waiting, being read, or failed.
    pub unfinished: bool,
}
