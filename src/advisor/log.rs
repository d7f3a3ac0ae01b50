//! Keeping what was asked and answered, and learning a little from the asking itself.

use super::rank::Model;
use crate::{
    domain::{
        AppResult,
        answer::{Answer, Latency, RetrievedChunk, TokenUsage, Writing},
        ids::{QueryId, UserId},
        intent::Intent,
        taste::{Target, TargetKind, TasteKind, TasteSource},
        time::Timestamp,
    },
    learning::{Learning, NewTasteEvent},
    store::{
        Store,
        query_log::{self, QueryRow, RecommendsRow},
    },
};

/// What asking for a thing says for it, and refusing it against it: little, since it may be for somebody else.
const ASKED: f64 = 0.1;
const DECLINED: f64 = -0.15;

/// What an answer came with.
pub struct Record {
    pub user: UserId,
    pub answer: Answer,
    pub retrieved_chunks: Vec<RetrievedChunk>,
    pub latency_ms: Latency,
    pub asked_at: Timestamp,
    pub model_version: String,
    pub token_usage: TokenUsage,
    pub writing: Option<Writing>,
}

/// The ranking model, the embedders and, where its words stand, the language model by name: what an answer was made with.
pub fn model_version(model: &Model, embedder: &str, recalled_by: Option<&str>, writing: Option<&Writing>) -> String {
    let recalled_by = recalled_by.map(|model| format!("+{model}")).unwrap_or_default();
    let local = format!("{}+{embedder}{recalled_by}", model.name);
    match writing {
        Some(writing) if writing.released > 0 => format!("{local}+{}", writing.model),
        _ => local,
    }
}

/// Writes the question with its suggestions, in one transaction.
pub async fn keep(store: &Store, record: &Record) -> AppResult<()> {
    let Record { user, answer, .. } = record;
    let query = QueryRow {
        id: answer.query_id.clone(),
        user: user.clone(),
        text: answer.query.clone(),
        intent: answer.intent.clone(),
        retrieved_chunks: record.retrieved_chunks.clone(),
        response: answer.answer.clone(),
        model_version: record.model_version.clone(),
        token_usage: record.token_usage,
        writing: record.writing.clone(),
        notice: answer.notice.clone(),
        latency_ms: record.latency_ms,
        rating: None,
        created_at: record.asked_at,
    };
    let suggestions = answer
        .recommendations
        .iter()
        .map(|r| RecommendsRow {
            id: r.id.clone(),
            user: user.clone(),
            query: answer.query_id.clone(),
            fragrance: r.fragrance.id.clone(),
            rank: r.rank,
            score: r.score,
            reasoning: r.reasoning.clone(),
            exploratory: r.exploratory,
            evidence: r.evidence.clone(),
            features: r.features.clone(),
            clicked: false,
            liked: false,
            disliked: false,
            purchased: false,
        })
        .collect();
    Ok(query_log::insert(store, query, suggestions).await?)
}

/// What a question says of a taste, in place of what the question it corrects said. The answer does not depend on it.
pub async fn learn(learning: &Learning, user: &UserId, id: &QueryId, intent: &Intent, corrects: Option<&QueryId>) {
    if let Some(corrected) = corrects {
        note_failure(
            learning.replace(user, TasteSource::Query, corrected.as_str(), Vec::new(), "You corrected a question.").await,
        );
    }
    let events = events(intent);
    if !events.is_empty() {
        note_failure(learning.note(user, TasteSource::Query, id.as_str(), events).await);
    }
}

fn note_failure<T>(outcome: AppResult<T>) {
    if let Err(error) = outcome {
        tracing::warn!(error = %error, "nothing was learned from a question");
    }
}

fn events(intent: &Intent) -> Vec<NewTasteEvent> {
    let event = |kind: TargetKind, id: &str, weight: f64| {
        let (kind_of_event, did) =
            if weight > 0.0 { (TasteKind::Asked, "asked for") } else { (TasteKind::Declined, "asked to leave out") };
        NewTasteEvent { target: Target::new(kind, id), kind: kind_of_event, weight, reason: format!("You {did} {id}.") }
    };
    let lists = [
        (TargetKind::Note, &intent.wanted_notes, ASKED),
        (TargetKind::Note, &intent.unwanted_notes, DECLINED),
        (TargetKind::Accord, &intent.wanted_accords, ASKED),
        (TargetKind::Accord, &intent.unwanted_accords, DECLINED),
    ];
    lists.into_iter().flat_map(|(kind, names, weight)| names.iter().map(move |name| event(kind, name, weight))).collect()
}
