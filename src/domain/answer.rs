//! What the house answers: recommendations with their evidence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    flower::Flower,
    fragrance::Fragrance,
    ids::{ChunkId, FragranceId, MemoryId, QueryId, RecommendationId},
    intent::{Chip, Intent},
    notes::vocabulary,
    taste::TasteChange,
    text::Span,
    time::Timestamp,
};

/// What a claim rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_id: Option<MemoryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_title: Option<String>,
    /// A contiguous part of the memory's content, at most one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_s: Option<f64>,
    /// The note that the claim is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A fact of the catalog, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
}

/// One named part of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    pub name: String,
    /// What it brought to the score, after its weight.
    pub contribution: f64,
    /// What was measured, before its weight: what the ranking learns from. Not kept with the answers of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

/// What a person has said of a recommendation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reactions {
    pub clicked: bool,
    pub liked: bool,
    pub disliked: bool,
    pub purchased: bool,
}

vocabulary! {
    /// A reaction to a recommendation.
    Reaction { Clicked => "clicked", "opened"; Liked => "liked", "liked"; Disliked => "disliked", "disliked"; Purchased => "purchased", "bought"; }
}

impl Reactions {
    pub fn get(&self, reaction: Reaction) -> bool {
        match reaction {
            Reaction::Clicked => self.clicked,
            Reaction::Liked => self.liked,
            Reaction::Disliked => self.disliked,
            Reaction::Purchased => self.purchased,
        }
    }

    pub fn set(&mut self, reaction: Reaction, value: bool) {
        match reaction {
            Reaction::Clicked => self.clicked = value,
            Reaction::Liked => self.liked = value,
            Reaction::Disliked => self.disliked = value,
            Reaction::Purchased => self.purchased = value,
        }
    }
}

/// A suggested perfume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    pub id: RecommendationId,
    /// 1 is first.
    pub rank: usize,
    /// 0 to 1; never rises with rank.
    pub score: f64,
    pub reasoning: String,
    pub exploratory: bool,
    pub evidence: Vec<Evidence>,
    pub features: Vec<Feature>,
    pub fragrance: Fragrance,
    pub flower: Flower,
    pub reactions: Reactions,
    pub owned: bool,
    pub wishlist: bool,
}

/// A passage of a memory that was found for a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrievedChunk {
    pub chunk_id: ChunkId,
    pub memory_id: MemoryId,
    pub score: f64,
}

/// What a question cost at a provider. Zero for the local models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TokenUsage {
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
    pub cost: f64,
    /// The price of a model that took part is not known, so it cost more than that by nobody knows how much.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unpriced: bool,
}

impl TokenUsage {
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens + other.prompt_tokens,
            completion_tokens: self.completion_tokens + other.completion_tokens,
            cost: self.cost + other.cost,
            unpriced: self.unpriced || other.unpriced,
        }
    }
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub query_id: QueryId,
    pub query: String,
    pub intent: Intent,
    /// The intent as removable chips.
    pub chips: Vec<Chip>,
    pub recommendations: Vec<Recommendation>,
    /// The answer in words.
    pub answer: String,
    /// What the person should know of how it was written: that the language model failed, say, and the local writer answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

/// What a language model had to do with an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Writing {
    pub model: String,
    /// Sentences that passed the check.
    pub released: usize,
    /// Sentences that did not, by what was wrong with them.
    pub removed: BTreeMap<String, u32>,
    /// Why it did not come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoggedAnswer {
    #[serde(flatten)]
    pub answer: Answer,
    pub asked_at: Timestamp,
    pub model_version: String,
    pub retrieved_chunks: Vec<RetrievedChunk>,
    pub rating: Option<u8>,
    pub token_usage: TokenUsage,
    /// Milliseconds by stage.
    pub latency_ms: Latency,
}

/// Milliseconds that each stage of an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    pub interpret: f64,
    pub retrieve: f64,
    pub rank: f64,
    pub explain: f64,
    pub total: f64,
}

/// A question in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedQuestion {
    pub query_id: QueryId,
    pub query: String,
    pub asked_at: Timestamp,
    pub rating: Option<u8>,
}

/// Why a perfume is not among the answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhyNot {
    pub fragrance_id: FragranceId,
    /// The laws that it breaks, as sentences.
    pub laws: Vec<String>,
    /// What it scored, and where it would have stood; none when a law kept it out.
    pub rank: Option<usize>,
    pub features: Vec<Feature>,
}

/// What a reaction did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedbackReceipt {
    pub changes: Vec<TasteChange>,
}
