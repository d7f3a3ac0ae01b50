//! Everything that is kept of one person, for them to take away.

use serde_json::{Map, Value as Json};
use surrealdb::types::{RecordIdKey, Value};

use super::{
    Store, StoreResult,
    statement::{rows_at, statement},
};
use crate::domain::ids::UserId;

/// The parts of the archive, in the order of the statements of [`archive`].
const PARTS: [&str; 13] = [
    "account",
    "sessions",
    "profile",
    "memories",
    "chunks",
    "scents",
    "taste_events",
    "questions",
    "collection",
    "file_texts",
    "image_analyses",
    "model_usage",
    "training_examples",
];

/// All rows and edges of a person, by kind. Secrets (hashes) and vectors (which are made of the words beside them) stay out.
pub async fn archive(store: &Store, user: &UserId) -> StoreResult<Map<String, Json>> {
    let mut results = statement(
        "SELECT * OMIT password_hash FROM $user;
         SELECT * OMIT user, token_hash FROM session WHERE user = $user ORDER BY created_at;
         SELECT *, (SELECT out.name AS note, weight, confidence FROM $user->prefers ORDER BY weight DESC) AS notes
             OMIT id, user, taste_revision FROM scent_profile WHERE user = $user;
         SELECT *, (SELECT out.name AS note, weight, source, extracted_scent FROM $parent->evokes) AS evokes
             OMIT user FROM scent_memory WHERE user = $user ORDER BY created_at;
         SELECT * OMIT user FROM memory_chunk WHERE user = $user ORDER BY memory, chunk_index;
         SELECT *, (SELECT out AS fragrance, score FROM $parent->resembles) AS resembles
             OMIT user FROM extracted_scent WHERE user = $user ORDER BY memory, id;
         SELECT * OMIT user FROM taste_event WHERE user = $user ORDER BY at, id;
         SELECT *, (SELECT *, out AS fragrance OMIT in, out, user FROM $parent->recommends ORDER BY rank) AS recommendations
             OMIT user FROM query_log WHERE user = $user ORDER BY created_at;
         SELECT *, out AS fragrance OMIT id, in, out FROM $user->collects ORDER BY updated_at;
         SELECT * OMIT user FROM file_reading WHERE user = $user ORDER BY memory;
         SELECT * OMIT user FROM image_analysis WHERE user = $user ORDER BY memory;
         SELECT * OMIT id, user FROM model_usage WHERE user = $user ORDER BY at;
         SELECT * OMIT user FROM training_example WHERE user = $user AND removed = false ORDER BY created_at;",
    )
    .bind("user", user.clone())
    .run(store)
    .await?;
    let mut archive = Map::new();
    for (index, part) in PARTS.into_iter().enumerate() {
        let rows: Vec<Value> = rows_at(&mut results, index)?;
        let mut rows: Vec<Json> = rows.into_iter().map(to_json).collect();
        let value = match part {
            "account" | "profile" => rows.pop().unwrap_or_default(),
            _ => Json::Array(rows),
        };
        archive.insert(part.to_owned(), value);
    }
    Ok(archive)
}

/// A value as the rest of the house writes it: an id is its bare key.
fn to_json(value: Value) -> Json {
    match value {
        Value::RecordId(record) => match record.key {
            RecordIdKey::String(key) => Json::String(key),
            _ => Value::RecordId(record).into_json_value(),
        },
        Value::Array(rows) => Json::Array(rows.into_iter().map(to_json).collect()),
        Value::Object(fields) => Json::Object(fields.into_iter().map(|(name, value)| (name, to_json(value))).collect()),
        other => other.into_json_value(),
    }
}

#[cfg(test)]
mod tests;
