//! Two people with something in every table: one takes everything away, one disappears without a trace.

use std::collections::BTreeMap;

use super::*;
use crate::store::{session, user};

/// Tables that belong to nobody.
const SHARED: &[&str] = &[
    "fragrance",
    "fragrance_note",
    "house",
    "fragrance_note_embedding",
    "has_note",
    "migration",
    "served_model",
    "in_service",
    "deployment",
    "fine_tuning_job",
    "trained_on",
];

async fn plant_catalog(store: &Store) {
    statement(
        "CREATE fragrance_note:cedar SET name = 'cedar', category = 'wood', synonyms = [], evocation = '', color = '#000000';
         CREATE fragrance:one SET brand = 'B', name = 'One', perfumers = [], family = 'woody', accords = [],
             discontinued = false, popularity = 0.5, fact_hash = ''",
    )
    .execute(store)
    .await
    .unwrap();
}

/// Gives a person a row in every private table; `key` marks their words.
async fn plant_person(store: &Store, key: &'static str) -> UserId {
    let user = user::insert(store, &format!("{key}@example.org"), key, "secret-hash").await.unwrap().id;
    session::insert(store, &user, &format!("token-hash-of-{key}"), "Firefox").await.unwrap();
    statement(
        "LET $memory = type::record('scent_memory', $key);
         LET $chunk = type::record('memory_chunk', $key);
         LET $scent = type::record('extracted_scent', $key);
         LET $query = type::record('query_log', $key);
         CREATE $memory SET user = $user, title = $key, content = 'words of ' + $key, memory_type = 'text', status = 'ready',
             emotion = 'calm', suggested = { season: 'winter', emotion: 'joy' };
         RELATE $user->remembers->$memory;
         CREATE $chunk SET memory = $memory, user = $user, content = 'words', chunk_index = 0, span = { start: 0, end: 5 },
             embedding_model = 'm';
         CREATE type::record('memory_chunk_embedding', $key) SET chunk = $chunk, user = $user, vector = [0.5];
         CREATE type::record('memory_chunk_vector', $key) SET chunk = $chunk, user = $user, model = 'm', vector = [0.5];
         CREATE type::record('file_reading', $key) SET memory = $memory, user = $user, text = 'words', marks = [], model = 'm';
         CREATE type::record('image_analysis', $key) SET memory = $memory, user = $user, objects = ['sea'], colors = [],
             mood = ['calm'], caption = 'The sea.', confidence = 0.5, model = 'm';
         CREATE $scent SET memory = $memory, user = $user, scent_name = 'cedar', kind = 'note', literal = true,
             confidence = 0.9, source = 'text';
         RELATE $memory->evokes->fragrance_note:cedar SET weight = 0.5, source = 'text', extracted_scent = $scent;
         RELATE $scent->resembles->fragrance:one SET score = 0.5;
         CREATE taste_event SET user = $user, target = { kind: 'note', id: 'cedar' }, kind = 'liked', weight = 0.5,
             source = 'feedback', source_id = 's', reason = 'because', at = time::now();
         CREATE $query SET user = $user, text = 'question of ' + $key, intent = {}, retrieved_chunks = [], response = 'r',
             model_version = 'm', token_usage = {}, latency_ms = {};
         RELATE $query->recommends->fragrance:one SET user = $user, rank = 1, score = 0.5, reasoning = 'because',
             exploratory = false, evidence = [], features = [];
         CREATE model_usage SET user = $user, purpose = 'answer', subject = $key, job = 'chat', model = 'm', prompt_tokens = 5,
             completion_tokens = 3, cost = 0.25;
         CREATE training_example SET user = $user, query = $query, prompt = 'asked by ' + $key, completion = 'said', source = 'liked',
             quality_score = 0.8, memories = [$key];
         RELATE $user->collects->fragrance:one SET owned = true;
         RELATE $user->prefers->fragrance_note:cedar SET weight = 0.5, confidence = 0.5;
         CREATE job SET kind = 'k', payload = { memory: $key }, subject = $key, state = 'queued', run_at = time::now();
         CREATE job SET kind = 'k', payload = { user: record::id($user) }, subject = 's', state = 'done', run_at = time::now();",
    )
    .bind("user", user.clone())
    .bind("key", key)
    .execute(store)
    .await
    .unwrap();
    user
}

/// The number of rows in every table that there is.
async fn counts(store: &Store) -> BTreeMap<String, usize> {
    let info: Value = statement("INFO FOR DB").row(store).await.unwrap().unwrap();
    let tables: Vec<String> = info.into_json_value()["tables"].as_object().unwrap().keys().cloned().collect();
    let mut counts = BTreeMap::new();
    for table in tables {
        let rows: Vec<Value> = statement(format!("SELECT VALUE id FROM {table}")).rows(store).await.unwrap();
        counts.insert(table, rows.len());
    }
    counts
}

#[tokio::test]
async fn erasing_a_person_leaves_no_row_of_theirs_and_every_row_of_others() {
    let store = Store::in_memory().await.unwrap();
    plant_catalog(&store).await;
    let bob = plant_person(&store, "bob").await;
    let with_bob = counts(&store).await;
    let ada = plant_person(&store, "ada").await;
    let with_both = counts(&store).await;
    for (table, count) in &with_both {
        let grew = *count > with_bob[table];
        assert_eq!(grew, !SHARED.contains(&table.as_str()), "{table} is not covered by this test");
    }
    user::erase(&store, &ada).await.unwrap();
    let mut left = counts(&store).await;
    // What was spent was spent: the sum stays, nobody's.
    assert_eq!(left.insert("model_usage".into(), with_bob["model_usage"]), Some(with_bob["model_usage"] + 1));
    assert_eq!(left, with_bob);
    let sums: Vec<f64> =
        statement("SELECT VALUE cost FROM model_usage WHERE user IS NONE AND subject IS NONE").rows(&store).await.unwrap();
    assert_eq!(sums, [0.25]);
    assert!(user::find(&store, &bob).await.unwrap().is_some());
    let all: Vec<Value> = statement("SELECT * FROM scent_memory, query_log, user, model_usage").rows(&store).await.unwrap();
    let left = all.into_iter().map(|row| to_json(row).to_string()).collect::<String>();
    assert!(!left.contains("ada") && left.contains("words of bob"));
}

#[tokio::test]
async fn the_archive_holds_everything_of_one_person_and_nothing_of_another() {
    let store = Store::in_memory().await.unwrap();
    plant_catalog(&store).await;
    let (ada, _bob) = (plant_person(&store, "ada").await, plant_person(&store, "bob").await);
    let archive = Json::Object(archive(&store, &ada).await.unwrap());
    assert_eq!(archive["account"]["id"], ada.as_str());
    assert_eq!(archive["sessions"][0]["user_agent"], "Firefox");
    assert_eq!(archive["profile"]["notes"][0]["note"], "cedar");
    assert_eq!(archive["memories"][0]["content"], "words of ada");
    assert_eq!(archive["memories"][0]["evokes"][0]["note"], "cedar");
    assert_eq!(archive["chunks"][0]["memory"], "ada");
    assert_eq!(archive["scents"][0]["resembles"][0]["fragrance"], "one");
    assert_eq!(archive["taste_events"][0]["target"]["id"], "cedar");
    assert_eq!(archive["questions"][0]["recommendations"][0]["fragrance"], "one");
    assert_eq!(archive["collection"][0]["owned"], true);
    assert_eq!(archive["training_examples"][0]["prompt"], "asked by ada");
    for part in
        ["sessions", "memories", "chunks", "scents", "taste_events", "questions", "collection", "file_texts", "image_analyses"]
    {
        assert_eq!(archive[part].as_array().unwrap().len(), 1, "{part}");
    }
    let text = archive.to_string();
    for secret in ["bob", "secret-hash", "token-hash", "embedding\":[", "vector"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
