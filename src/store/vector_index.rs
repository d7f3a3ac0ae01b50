//! The indexes of vectors: defined at run time, since their length belongs to the model that makes the vectors.

use std::collections::BTreeMap;

use surrealdb::types::{SurrealValue, Value};

use super::{Store, StoreResult, statement::statement};

const PREFIX: &str = "nearest_";

/// Drops the vectors of other models from a table of embeddings (fields `model` and `vector`), and indexes the rest by
/// cosine (HNSW: Malkov & Yashunin 2018).
pub(super) async fn fit(store: &Store, table: &'static str, model: &str, dimension: usize) -> StoreResult<()> {
    #[derive(SurrealValue)]
    struct Info {
        indexes: BTreeMap<String, Value>,
    }
    let wanted = format!("{PREFIX}{dimension}");
    let info: Option<Info> = statement(format!("INFO FOR TABLE {table}")).row(store).await?;
    let known: Vec<String> = info.map(|info| info.indexes.into_keys().collect()).unwrap_or_default();
    statement(format!("DELETE {table} WHERE model != $model")).bind("model", model.to_owned()).execute(store).await?;
    for old in known.iter().filter(|name| name.starts_with(PREFIX) && **name != wanted) {
        statement(format!("REMOVE INDEX {old} ON {table}")).execute(store).await?;
    }
    if !known.contains(&wanted) {
        statement(format!(
            "DEFINE INDEX IF NOT EXISTS {wanted} ON {table} FIELDS vector
            HNSW DIMENSION {dimension} DIST COSINE TYPE F32 EFC 150 M 12"
        ))
        .execute(store)
        .await?;
    }
    Ok(())
}
