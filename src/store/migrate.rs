//! Bringing a database up to date.
//!
//! Two kinds of step: the *schema*, one file a table, which is applied again whenever its text has changed (every
//! definition overwrites the one before); and numbered *data steps*, which run once, in order, after the schema.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use surrealdb::types::{SurrealValue, Value};

use super::{Store, identity, statement::statement};

const SCHEMA: &[(&str, &str)] = &[
    ("user", include_str!("schema/user.surql")),
    ("fragrance_note", include_str!("schema/fragrance_note.surql")),
    ("fragrance", include_str!("schema/fragrance.surql")),
    ("scent_memory", include_str!("schema/scent_memory.surql")),
    ("file_reading", include_str!("schema/file_reading.surql")),
    ("memory_chunk", include_str!("schema/memory_chunk.surql")),
    ("extracted_scent", include_str!("schema/extracted_scent.surql")),
    ("scent_profile", include_str!("schema/scent_profile.surql")),
    ("taste_event", include_str!("schema/taste_event.surql")),
    ("query_log", include_str!("schema/query_log.surql")),
    ("collects", include_str!("schema/collects.surql")),
    ("job", include_str!("schema/job.surql")),
    ("fine_tuning_job", include_str!("schema/fine_tuning_job.surql")),
    ("served_model", include_str!("schema/served_model.surql")),
    ("model_usage", include_str!("schema/model_usage.surql")),
    ("training_example", include_str!("schema/training_example.surql")),
];

/// Data steps: a number that only grows, and what it does. A step that has run is never edited.
const DATA_STEPS: &[(&str, &str)] = &[
    ("data/1_perfumes_without_vectors", "REMOVE TABLE IF EXISTS fragrance_embedding"),
    // A model that was tuned knows what it was tuned from by its training; any other one is a base model itself.
    (
        "data/2_what_serves_knows_its_base",
        "UPDATE in_service:openai SET base =
             (SELECT VALUE job.base_model FROM served_model WHERE kind = 'openai' AND name = $parent.name)[0] ?? name
         WHERE base = NONE RETURN NONE",
    ),
    ("data/3_identity", identity::GIVE),
    // When a photo was taken was read once without being asked for, as the season still.
    (
        "data/4_times_that_nobody_agreed_to",
        "UPDATE file_reading SET facts.taken_at = NONE, facts.season = NONE
         WHERE memory.memory_type = 'image' AND memory.file.place_agreed != true RETURN NONE",
    ),
    // Until then stars were dated by the last change of any kind.
    (
        "data/5_stars_have_a_time",
        "UPDATE collects SET rated_at = updated_at WHERE rating != NONE AND rated_at = NONE RETURN NONE",
    ),
];

#[derive(SurrealValue)]
struct Applied {
    name: String,
    checksum: String,
}

/// Applies what is missing. A database that a newer version has written to is refused rather than damaged.
pub(super) async fn run(store: &Store) -> Result<()> {
    bring_to(store, SCHEMA, DATA_STEPS).await
}

type Steps<'a> = &'a [(&'static str, &'static str)];

async fn bring_to(store: &Store, schema: Steps<'_>, data_steps: Steps<'_>) -> Result<()> {
    statement(include_str!("schema/migration.surql")).execute(store).await.context("the migration table could not be made")?;
    for step in due(&applied(store).await?, schema, data_steps)? {
        apply(store, &step).await?;
    }
    Ok(())
}

/// How many steps [`run`] would take. Nothing is changed.
pub(super) async fn missing(store: &Store) -> Result<usize> {
    let info: Option<Value> = statement("INFO FOR DB").row(store).await?;
    let is_new = info.is_none_or(|info| info.into_json_value()["tables"].get("migration").is_none());
    let applied = if is_new { Vec::new() } else { applied(store).await? };
    Ok(due(&applied, SCHEMA, DATA_STEPS)?.len())
}

async fn applied(store: &Store) -> Result<Vec<Applied>> {
    Ok(statement("SELECT name, checksum FROM migration").rows(store).await?)
}

/// A step that is to be taken.
struct Step {
    name: String,
    checksum: String,
    text: &'static str,
}

/// What is missing, in order.
fn due(applied: &[Applied], schema: Steps<'_>, data_steps: Steps<'_>) -> Result<Vec<Step>> {
    let checksum_of = |name: &str| applied.iter().find(|a| a.name == name).map(|a| a.checksum.as_str());

    let known = |name: &str| schema.iter().any(|(n, _)| schema_name(n) == name) || data_steps.iter().any(|(n, _)| *n == name);
    if let Some(unknown) = applied.iter().find(|a| !known(&a.name)) {
        bail!(
            "this database was written by a newer version of Flowery (it knows the step {:?}); please update first",
            unknown.name
        );
    }
    let mut due = Vec::new();
    for (table, text) in schema {
        let (name, checksum) = (schema_name(table), checksum(text));
        if checksum_of(&name) != Some(checksum.as_str()) {
            due.push(Step { name, checksum, text });
        }
    }
    for (name, text) in data_steps {
        let checksum = checksum(text);
        match checksum_of(name) {
            None => due.push(Step { name: (*name).to_owned(), checksum, text }),
            Some(done) if done == checksum => {}
            Some(_) => bail!("the data step {name:?} was edited after it had run here"),
        }
    }
    Ok(due)
}

fn schema_name(table: &str) -> String {
    format!("schema/{table}")
}

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

async fn apply(store: &Store, Step { name, checksum, text }: &Step) -> Result<()> {
    tracing::info!(migration.name = name, "applying");
    statement(*text).execute(store).await.with_context(|| format!("the migration {name} failed"))?;
    statement("UPSERT type::record('migration', $name) SET name = $name, checksum = $checksum, applied_at = time::now()")
        .bind("name", name.clone())
        .bind("checksum", checksum.clone())
        .execute(store)
        .await
        .with_context(|| format!("the migration {name} could not be noted"))
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, time::Duration};

    use super::*;
    use crate::{
        domain::{
            ids::{MemoryId, NoteId, UserId},
            training::TuningKind,
        },
        store::{file_reading, fragrance, memory_chunk, scent_memory, served_model, user},
    };

    #[tokio::test]
    async fn migrating_twice_changes_nothing() {
        let store = Store::in_memory().await.unwrap();
        let count = || async { statement("SELECT name, checksum FROM migration").rows::<Applied>(&store).await.unwrap().len() };
        let before = count().await;
        run(&store).await.unwrap();
        assert_eq!(before, SCHEMA.len() + DATA_STEPS.len());
        assert_eq!(count().await, before);
    }

    /// The schema of version 0.1, as it was first shipped.
    const FIRST: &[(&str, &str)] = &[
        ("user", include_str!("schema/history/0.1/user.surql")),
        ("fragrance_note", include_str!("schema/history/0.1/fragrance_note.surql")),
        ("fragrance", include_str!("schema/history/0.1/fragrance.surql")),
        ("scent_memory", include_str!("schema/history/0.1/scent_memory.surql")),
        ("memory_chunk", include_str!("schema/history/0.1/memory_chunk.surql")),
        ("extracted_scent", include_str!("schema/history/0.1/extracted_scent.surql")),
        ("scent_profile", include_str!("schema/history/0.1/scent_profile.surql")),
        ("taste_event", include_str!("schema/history/0.1/taste_event.surql")),
        ("query_log", include_str!("schema/history/0.1/query_log.surql")),
        ("collects", include_str!("schema/history/0.1/collects.surql")),
        ("job", include_str!("schema/history/0.1/job.surql")),
    ];

    /// A store as 0.1 left it on disk: its schema, a person, a memory with a passage, a perfume with its vector.
    async fn yesterday(url: &str) {
        let store = Store::open_as_it_is(url).await.unwrap();
        bring_to(&store, FIRST, &[]).await.unwrap();
        statement(include_str!("schema/history/0.1/rows.surql")).execute(&store).await.unwrap();
    }

    /// The engine lets go of its folder some time after the last connection has gone.
    async fn reopened(url: &str) -> Store {
        for _ in 0..200 {
            match Store::open(url).await {
                Err(error) if error.to_string().contains("locked") => tokio::time::sleep(Duration::from_millis(50)).await,
                opened => return opened.unwrap(),
            }
        }
        panic!("the database stays locked");
    }

    #[tokio::test]
    async fn yesterdays_store_opens_today() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("surrealkv://{}", folder.path().join("db").display());
        yesterday(&url).await;

        let store = reopened(&url).await;
        let (ada, attic) = (UserId::from_key("ada"), MemoryId::from_key("attic"));
        assert_eq!(user::find(&store, &ada).await.unwrap().expect("the person is still there").email, "ada@example.org");
        let memory = scent_memory::find(&store, &ada, &attic).await.unwrap().expect("the memory is still there");
        assert_eq!((memory.content.as_str(), memory.revision), ("Cedar chests under the roof.", 3));
        let near = memory_chunk::nearest(&store, &ada, &[0.6, 0.8], 5).await.unwrap();
        assert_eq!(near[0].memory_id, attic);
        let names = HashMap::from([(NoteId::from_key("cedar"), "cedar".to_owned())]);
        let fragrances = fragrance::all(&store, &names).await.unwrap();
        assert_eq!(fragrances[0].notes.base, ["cedar"]);
        assert_eq!(fragrances[0].rating, None);
        // What today no longer keeps is gone, and today's fields can be written.
        let info: Value = statement("INFO FOR DB").row(&store).await.unwrap().unwrap();
        assert!(info.into_json_value()["tables"].get("fragrance_embedding").is_none());
        statement("UPDATE fragrance:one SET rating = { mean: 0.8, count: 12 }").execute(&store).await.unwrap();
    }

    #[tokio::test]
    async fn times_of_photos_that_nobody_agreed_to_are_forgotten() {
        let store = Store::open_as_it_is("mem://").await.unwrap();
        bring_to(&store, SCHEMA, &DATA_STEPS[..3]).await.unwrap();
        statement(
            "CREATE user:ada SET email = 'ada@example.org', name = 'Ada', password_hash = '', role = 'member';
             FOR $photo IN [['asked', true], ['unasked', false]] {
                 LET $memory = type::record('scent_memory', $photo[0]);
                 CREATE $memory SET user = user:ada, title = '', content = '', memory_type = 'image', status = 'ready',
                     file = { name: 'a.jpg', place_agreed: $photo[1] };
                 CREATE type::record('file_reading', $photo[0]) SET memory = $memory, user = user:ada, text = '', model = '',
                     facts = { taken_at: '2016-05-31T18:20:07Z', season: 'spring', place: NONE, scents: [['rose', 0.5]] };
             }",
        )
        .execute(&store)
        .await
        .unwrap();
        run(&store).await.unwrap();
        let ada = UserId::from_key("ada");
        for (key, is_known) in [("asked", true), ("unasked", false)] {
            let read = file_reading::find(&store, &ada, &MemoryId::from_key(key)).await.unwrap().unwrap();
            assert_eq!((read.facts.taken_at.is_some(), read.facts.season.is_some()), (is_known, is_known), "{key}");
            assert_eq!(read.facts.scents.len(), 1);
        }
    }

    #[tokio::test]
    async fn what_serves_learns_its_base() {
        for (serving, base) in [("ft:small:1", "small"), ("small", "small")] {
            let store = Store::open_as_it_is("mem://").await.unwrap();
            bring_to(&store, SCHEMA, &DATA_STEPS[..1]).await.unwrap();
            statement(
                "CREATE fine_tuning_job:one SET kind = 'openai', base_model = 'small', status = 'ended', actor = 'schedule';
                 CREATE served_model SET kind = 'openai', name = 'ft:small:1', job = fine_tuning_job:one;
                 CREATE in_service:ranker SET name = 'ranker-1', since = time::now();
                 CREATE in_service:openai SET name = $serving, since = time::now()",
            )
            .bind("serving", serving)
            .execute(&store)
            .await
            .unwrap();
            assert_eq!(missing(&store).await.unwrap(), DATA_STEPS.len() - 1);
            run(&store).await.unwrap();
            assert_eq!(missing(&store).await.unwrap(), 0);
            let of = |kind: TuningKind, base: &'static str| served_model::in_service(&store, kind, base);
            assert_eq!(of(TuningKind::OpenAi, base).await.unwrap(), serving);
            assert_eq!(of(TuningKind::OpenAi, "large").await.unwrap(), "large");
            assert_eq!(of(TuningKind::Ranker, "linear-9").await.unwrap(), "ranker-1");
        }
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
