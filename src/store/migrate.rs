//! Bringing a database up to date.
//!
//! Two kinds of step: the *schema*, one file a table, which is applied again whenever its text has changed (every
//! definition overwrites the one before); and numbered *data steps*, which run once, in order, after the schema.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use surrealdb::types::SurrealValue;

use super::{Store, statement::statement};

const SCHEMA: &[(&str, &str)] = &[
    ("user", include_str!("schema/user.surql")),
    ("fragrance_note", include_str!("schema/fragrance_note.surql")),
    ("fragrance", include_str!("schema/fragrance.surql")),
    ("scent_memory", include_str!("schema/scent_memory.surql")),
    ("memory_chunk", include_str!("schema/memory_chunk.surql")),
    ("extracted_scent", include_str!("schema/extracted_scent.surql")),
    ("scent_profile", include_str!("schema/scent_profile.surql")),
    ("taste_event", include_str!("schema/taste_event.surql")),
    ("query_log", include_str!("schema/query_log.surql")),
    ("collects", include_str!("schema/collects.surql")),
    ("job", include_str!("schema/job.surql")),
];

/// Data steps: a number that only grows, and what it does. A step that has run is never edited.
const DATA_STEPS: &[(&str, &str)] = &[];

#[derive(SurrealValue)]
struct Applied {
    name: String,
    checksum: String,
}

/// Applies what is missing. A database that a newer version has written to is refused rather than damaged.
pub(super) async fn run(store: &Store) -> Result<()> {
    statement(include_str!("schema/migration.surql")).execute(store).await.context("the migration table could not be made")?;
    let applied: Vec<Applied> = statement("SELECT name, checksum FROM migration").rows(store).await?;
    let checksum_of = |name: &str| applied.iter().find(|a| a.name == name).map(|a| a.checksum.as_str());

    let known = |name: &str| SCHEMA.iter().any(|(n, _)| schema_name(n) == name) || DATA_STEPS.iter().any(|(n, _)| *n == name);
    if let Some(unknown) = applied.iter().find(|a| !known(&a.name)) {
        bail!(
            "this database was written by a newer version of Flowery (it knows the step {:?}); please update first",
            unknown.name
        );
    }
    for (table, text) in SCHEMA {
        let name = schema_name(table);
        let checksum = checksum(text);
        if checksum_of(&name) != Some(checksum.as_str()) {
            apply(store, &name, &checksum, text).await?;
        }
    }
    for (name, text) in DATA_STEPS {
        let checksum = checksum(text);
        match checksum_of(name) {
            None => apply(store, name, &checksum, text).await?,
            Some(done) if done == checksum => {}
            Some(_) => bail!("the data step {name:?} was edited after it had run here"),
        }
    }
    Ok(())
}

fn schema_name(table: &str) -> String {
    format!("schema/{table}")
}

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

async fn apply(store: &Store, name: &str, checksum: &str, text: &'static str) -> Result<()> {
    tracing::info!(migration.name = name, "applying");
    statement(text).execute(store).await.with_context(|| format!("the migration {name} failed"))?;
    statement("UPSERT type::record('migration', $name) SET name = $name, checksum = $checksum, applied_at = time::now()")
        .bind("name", name.to_owned())
        .bind("checksum", checksum.to_owned())
        .execute(store)
        .await
        .with_context(|| format!("the migration {name} could not be noted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn migrating_twice_changes_nothing() {
        let store = Store::in_memory().await.unwrap();
        let count = || async { statement("SELECT name, checksum FROM migration").rows::<Applied>(&store).await.unwrap().len() };
        let before = count().await;
        run(&store).await.unwrap();
        assert_eq!(before, SCHEMA.len());
        assert_eq!(count().await, before);
    }

    #[tokio::test]
    async fn a_newer_database_is_refused() {
        let store = Store::in_memory().await.unwrap();
        statement("CREATE migration SET name = 'schema/of_tomorrow', checksum = 'x', applied_at = time::now()")
            .execute(&store)
            .await
            .unwrap();
        assert!(run(&store).await.unwrap_err().to_string().contains("newer version"));
    }
}
