//! The change to a provider's vectors and from one model to another, with failures under way.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::*;
use crate::{
    advisor::fixture::{WordHashes, vector},
    ai::openai::fake::{Asked, Fake, Reply},
    domain::{
        ids::MemoryId,
        memory::{MemoryDraft, MemoryType, ScentSource, Suggested},
        text::Span,
    },
    store::{
        job::NewJob,
        memory_chunk::{self, NewChunk},
        model_usage::{self, UsageRow},
        new_key,
        scent_memory::{self, Understood},
        user,
    },
    usage::Budgets,
};

/// Hashed words, and that the pairs of the scale belong together.
struct Knowing;

fn meaning(text: &str) -> Vec<f32> {
    vector(scale::PAIRS.iter().find(|pair| pair.contains(&text)).map_or(text, |pair| pair[0]))
}

#[async_trait::async_trait]
impl Embedder for Knowing {
    fn model(&self) -> &str {
        WordHashes.model()
    }

    fn dimension(&self) -> usize {
        WordHashes.dimension()
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        Ok(texts.iter().map(|text| meaning(text)).collect())
    }
}

async fn person(store: &Store) -> UserId {
    user::insert(store, &format!("{}@example.org", new_key()), "Ada", "").await.unwrap().id
}

async fn remember(store: &Store, user: &UserId, content: &str) -> MemoryId {
    let id = MemoryId::from_key(new_key());
    let draft = MemoryDraft {
        title: "T".into(),
        content: content.into(),
        occasion: None,
        emotion: None,
        location: None,
        season: None,
        happened_at: None,
    };
    let job = NewJob::new("test", id.as_str(), json!({}));
    scent_memory::insert(store, user, &id, (MemoryType::Text, None), &draft, job).await.unwrap();
    let row = scent_memory::find(store, user, &id).await.unwrap().unwrap();
    let chunk = NewChunk {
        content: content.into(),
        span: Span { start: 0, end: content.chars().count() },
        source: ScentSource::Text,
        marks: vec![],
        vector: vector(content),
    };
    let understood = Understood {
        suggested: Suggested::default(),
        valence: 0.0,
        notice: None,
        embedding_model: "word-hashes".into(),
        chunks: vec![chunk],
        notes: vec![],
        fragrances: vec![],
    };
    assert!(scent_memory::keep(store, user, &row, understood).await.unwrap());
    id
}

/// A provider whose vectors are those of hashed words with something in common to all; of three dimensions more for `large`.
async fn provider(down: Arc<AtomicBool>) -> Fake {
    Fake::start(move |_, asked| {
        if down.load(Ordering::Relaxed) {
            return Reply::Json(500, json!({}));
        }
        let extra = if asked.body["model"] == "large" { 4 } else { 1 };
        let texts = asked.body["input"].as_array().unwrap();
        let row = |(index, text): (usize, &serde_json::Value)| {
            let mut vector = meaning(text.as_str().unwrap());
            vector.extend(std::iter::repeat_n(1.0, extra));
            json!({ "index": index, "embedding": vector })
        };
        let rows: Vec<_> = texts.iter().enumerate().map(row).collect();
        Reply::Json(200, json!({ "data": rows, "usage": { "prompt_tokens": texts.len() } }))
    })
    .await
}

fn vectors_of(asked: &Asked) -> Reply {
    let texts = asked.body["input"].as_array().unwrap();
    let row =
        |(index, text): (usize, &serde_json::Value)| json!({ "index": index, "embedding": meaning(text.as_str().unwrap()) });
    Reply::Json(200, json!({ "data": texts.iter().enumerate().map(row).collect::<Vec<_>>() }))
}

/// The passages near a text with the model that found them; none where the local ones serve.
async fn found(recall: &Recall, user: &UserId, text: &str) -> Option<(Vec<NearChunk>, String)> {
    recall.nearest(user, text, 5).await.ok().flatten().map(|near| (near.chunks, near.model))
}

fn recall(store: &Store, fake: &Fake, model: &str) -> Recall {
    let meter = Meter::new(store.clone(), Default::default(), Default::default());
    Recall::new(store.clone(), Arc::new(Knowing), fake.endpoint(), model, meter)
}

#[tokio::test]
async fn a_person_is_searched_by_the_new_vectors_once_they_are_whole() {
    let store = Store::in_memory().await.unwrap();
    let (ada, bob) = (person(&store).await, person(&store).await);
    let fig = remember(&store, &ada, "the fig tree by the well").await;
    remember(&store, &ada, "a cold church with incense").await;
    remember(&store, &bob, "coffee").await;
    let down = Arc::new(AtomicBool::new(false));
    let fake = provider(Arc::clone(&down)).await;

    let small = recall(&store, &fake, "small");
    assert!(found(&small, &ada, "a fig tree").await.is_none(), "nothing has a vector yet");
    // The first memory is done, and then the process dies: what is done stays, and the local vectors serve.
    assert!(small.step().await.unwrap());
    let small = recall(&store, &fake, "small");
    let before = fake.asked().len();
    while small.step().await.unwrap() {}
    assert_eq!(
        fake.asked()[before..].iter().filter(|asked| asked.body["input"].as_array().unwrap().len() == 1).count(),
        1 + 2,
        "only what is missing"
    );
    let (near, _) = found(&small, &ada, "a fig tree").await.unwrap();
    assert_eq!((near.len(), &near[0].memory_id), (2, &fig), "ada's alone");
    // The scores are on the local model's scale.
    let local = memory_chunk::nearest(&store, &ada, &vector("a fig tree"), 5).await.unwrap();
    assert!((near[0].score - local[0].score).abs() < 0.25, "{} {}", near[0].score, local[0].score);

    // A new memory: local until it has its vector.
    remember(&store, &ada, "hay in the barn").await;
    assert!(found(&small, &ada, "hay").await.is_none());
    assert!(small.step().await.unwrap());
    assert_eq!(found(&small, &ada, "hay").await.unwrap().0.len(), 3);

    // Out of order: the local ones serve, it is said why, and nothing is lost.
    down.store(true, Ordering::Relaxed);
    assert_eq!(small.nearest(&ada, "hay", 5).await.err(), Some(ModelError::Failing(500)));
    down.store(false, Ordering::Relaxed);
}

#[tokio::test]
async fn the_former_model_serves_until_the_new_one_is_whole() {
    let store = Store::in_memory().await.unwrap();
    let (ada, bob) = (person(&store).await, person(&store).await);
    for content in ["the fig tree by the well", "a cold church with incense", "hay in the barn"] {
        remember(&store, &ada, content).await;
    }
    remember(&store, &bob, "coffee").await;
    let fake = provider(Arc::default()).await;
    let small = recall(&store, &fake, "small");
    while small.step().await.unwrap() {}
    let of = async |model: &str| memory_chunk_vector::count(&store, &RemoteEmbedder::name_of(model)).await.unwrap();

    // Another model, of another dimension: at each step everybody is searched by a whole index.
    let large = recall(&store, &fake, "large");
    let mut steps = 0;
    while large.step().await.unwrap() {
        steps += 1;
        let done = of("large").await;
        assert_eq!(done, steps);
        let (near, model) = found(&large, &ada, "hay").await.unwrap();
        assert_eq!(near.len(), 3, "after {steps}");
        if of("small").await >= 3 {
            assert_eq!(model, small.model());
        }
        // And so after a restart in the middle.
        if steps == 2 {
            let again = recall(&store, &fake, "large");
            again.opened().await.unwrap();
            assert_eq!(found(&again, &ada, "hay").await.unwrap().0.len(), 3);
        }
    }
    assert_eq!((steps, of("large").await, of("small").await), (4, 4, 0));
    for person in [&ada, &bob] {
        assert_eq!(found(&large, person, "hay").await.unwrap().1, large.model());
    }
    // A provider that has the former one no more: the local ones serve.
    let small = recall(&store, &fake, "small");
    assert!(small.step().await.unwrap());
    let gone = Fake::start(|_, asked| match asked.body["model"].as_str() {
        Some("small") => vectors_of(asked),
        _ => Reply::Json(404, json!({ "error": { "message": "no such model" } })),
    })
    .await;
    let small = recall(&store, &gone, "small");
    small.opened().await.unwrap();
    assert!(found(&small, &ada, "hay").await.is_none());
}

#[tokio::test]
async fn a_new_process_searches_by_the_vectors_that_are_there() {
    let store = Store::in_memory().await.unwrap();
    let ada = person(&store).await;
    remember(&store, &ada, "the fig tree by the well").await;
    let fake = provider(Arc::default()).await;
    let before = recall(&store, &fake, "small");
    while before.step().await.unwrap() {}

    let worker = recall(&store, &fake, "small");
    assert!(!worker.step().await.unwrap(), "nothing is missing");
    assert_eq!(found(&worker, &ada, "a fig tree").await.unwrap().0.len(), 1);

    // A process that serves the site alone makes no vectors.
    let late = remember(&store, &ada, "hay in the barn").await;
    let web = recall(&store, &fake, "small");
    let (_stop, stopped) = watch::channel(false);
    web.stand_by(stopped).await;
    assert!(found(&web, &ada, "hay").await.is_none());
    while worker.step().await.unwrap() {}
    assert_eq!(found(&web, &ada, "hay in the barn").await.unwrap().0[0].memory_id, late);
}

#[tokio::test]
async fn nobody_waits_for_a_passage_that_is_refused_or_a_person_without_a_budget() {
    let store = Store::in_memory().await.unwrap();
    let (poor, ada) = (person(&store).await, person(&store).await);
    remember(&store, &poor, "coffee").await;
    remember(&store, &ada, "a forbidden word").await;
    for content in ["the fig tree", "hay in the barn"] {
        remember(&store, &ada, content).await;
    }
    let fake = Fake::start(|_, asked| {
        let texts = asked.body["input"].as_array().unwrap();
        if texts.iter().any(|text| text.as_str().unwrap().contains("forbidden")) {
            return Reply::Json(400, json!({ "error": { "message": "refused" } }));
        }
        vectors_of(asked)
    })
    .await;
    let used = UsageRow {
        user: Some(poor.clone()),
        purpose: "memory".into(),
        subject: None,
        job: "embedding".into(),
        model: "small".into(),
        prompt_tokens: 1_000_000,
        completion_tokens: 0,
        cost: 0.0,
        priced: false,
        seconds: 0,
        estimated: false,
    };
    model_usage::insert(&store, vec![used]).await.unwrap();
    let budgets = Budgets { tokens_of_person: Some(1_000_000), ..Budgets::default() };
    let meter = Meter::new(store.clone(), Default::default(), budgets);
    let recall = Recall::new(store.clone(), Arc::new(Knowing), fake.endpoint(), "small", meter);
    while recall.step().await.unwrap() {}
    // The person is searched by what the model took; nobody asks it for the rest again.
    assert!(found(&recall, &ada, "a forbidden fig").await.is_none(), "the question itself is refused");
    let (near, _) = found(&recall, &ada, "a fig tree").await.unwrap();
    assert_eq!(near.iter().map(|chunk| chunk.content.as_str()).collect::<Vec<_>>(), ["the fig tree", "hay in the barn"]);
    let before = fake.asked().len();
    assert!(!recall.step().await.unwrap());
    assert_eq!(fake.asked().len(), before);
    let missing = memory_chunk_vector::missing(&store, &recall.model(), (vec![], vec![]), 5).await.unwrap();
    assert_eq!(missing.iter().map(|row| row.content.as_str()).collect::<Vec<_>>(), ["coffee"], "the poor one waits");
}

#[tokio::test]
async fn a_model_that_takes_nothing_refuses_no_passage() {
    let store = Store::in_memory().await.unwrap();
    let ada = person(&store).await;
    remember(&store, &ada, "the fig tree by the well").await;
    let strict = Arc::new(AtomicBool::new(false));
    let fake = Fake::start({
        let strict = Arc::clone(&strict);
        move |_, asked| match strict.load(Ordering::Relaxed) {
            true => Reply::Json(400, json!({ "error": { "message": "float is not supported any more" } })),
            false => vectors_of(asked),
        }
    })
    .await;
    let recall = recall(&store, &fake, "small");
    recall.opened().await.unwrap();
    strict.store(true, Ordering::Relaxed);
    assert!(recall.step().await.is_err());
    assert!(found(&recall, &ada, "a fig tree").await.is_none());
    let missing = memory_chunk_vector::missing(&store, &recall.model(), (vec![], vec![]), 5).await.unwrap();
    assert_eq!(missing.len(), 1, "it waits for better times");
}

#[tokio::test]
async fn a_model_that_knows_no_meaning_is_refused() {
    let store = Store::in_memory().await.unwrap();
    let ada = person(&store).await;
    remember(&store, &ada, "the fig tree by the well").await;
    let fake = Fake::start(|_, asked| {
        let rows: Vec<_> =
            (0..asked.body["input"].as_array().unwrap().len()).map(|n| json!({ "index": n, "embedding": [1.0, 1.0] })).collect();
        Reply::Json(200, json!({ "data": rows }))
    })
    .await;
    let error = recall(&store, &fake, "dull").step().await.unwrap_err();
    assert!(error.to_string().contains("does not tell meanings apart"), "{error}");
}
