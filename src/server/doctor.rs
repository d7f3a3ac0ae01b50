//! `flowery doctor`: what works here, and what to do about the rest.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::sync::mpsc;

use super::settings::{ProviderSettings, Settings};
use crate::{
    ai::{
        Embedder, Prompt, Schema, Transcriber, Writer,
        local::{minilm::MiniLm, whisper::Whisper},
        openai::{ChatWriter, Endpoint, RemoteEmbedder},
    },
    store::Store,
};

/// How long a model is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an examination found.
struct Finding {
    what: &'static str,
    outcome: Result<String, String>,
}

/// Examines the house and prints what it finds; `true` if everything works.
pub async fn examine(settings: &Settings) -> bool {
    println!("Settings");
    for (name, value) in settings.describe() {
        println!("  {name:<32} {value}");
    }
    println!("\nWhat works here");
    let findings = [
        Finding { what: "data folder", outcome: data_folder(&settings.data) },
        Finding { what: "database", outcome: database(settings).await },
        Finding { what: "text understanding", outcome: embedder(&settings.models).await },
        Finding { what: "voice memories", outcome: transcriber(&settings.models) },
        Finding { what: "browser bundle", outcome: bundle(Path::new(settings.leptos.site_root.as_ref())) },
    ];
    let findings: Vec<Finding> = findings.into_iter().chain(provider(&settings.provider).await).collect();
    for finding in &findings {
        match &finding.outcome {
            Ok(detail) => println!("  ok      {:<20} {detail}", finding.what),
            Err(detail) => println!("  FAILS   {:<20} {detail}", finding.what),
        }
    }
    findings.iter().all(|f| f.outcome.is_ok())
}

fn data_folder(path: &Path) -> Result<String, String> {
    let probe = path.join(".doctor");
    fs::create_dir_all(path)
        .and_then(|()| fs::write(&probe, b"x"))
        .and_then(|()| fs::remove_file(&probe))
        .map(|()| format!("{} can be written", path.display()))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

async fn database(settings: &Settings) -> Result<String, String> {
    let store = Store::open(&settings.database).await.map_err(|error| format!("{error:#}"))?;
    if store.ping().await { Ok("opens, and its schema is up to date".into()) } else { Err("opens, but does not answer".into()) }
}

async fn embedder(models: &Path) -> Result<String, String> {
    let model = MiniLm::load(models).map_err(|error| format!("{error:#}"))?;
    let vectors = model.embed(&["rain on dry earth".to_owned()]).await.map_err(|error| format!("{error:#}"))?;
    match vectors.first() {
        Some(vector) if vector.len() == model.dimension() => {
            Ok(format!("{} answers with {} dimensions", model.model(), vector.len()))
        }
        _ => Err(format!("{} answers with a wrong dimension", model.model())),
    }
}

/// Each of the provider's models, tried once.
async fn provider(settings: &ProviderSettings) -> Vec<Finding> {
    let options = &settings.options;
    let endpoint = match options.endpoint() {
        Ok(Some(endpoint)) => endpoint,
        Ok(None) => return vec![Finding { what: "language model", outcome: Ok("none set: the local writer answers".into()) }],
        Err(error) => return vec![Finding { what: "provider", outcome: Err(format!("{error:#}")) }],
    };
    let priced = |model: &str| match settings.prices.of(model) {
        Some(_) => String::new(),
        None => "; it has no price in [flowery.prices], so it counts as free".to_owned(),
    };
    let unset = |job: &str| Ok(format!("none set: {job}"));
    let chat = match &options.chat_model {
        Some(model) => chat(Arc::clone(&endpoint), model).await.map(|said| said + &priced(model)),
        None => unset("the local writer answers"),
    };
    let embedding = match &options.embedding_model {
        Some(model) => match RemoteEmbedder::open(endpoint, model).await {
            Ok(embedder) => Ok(format!("{model} answers with {} dimensions{}", embedder.dimension(), priced(model))),
            Err(error) => Err(format!("{model}: {error}")),
        },
        None => unset("the local model embeds"),
    };
    vec![Finding { what: "language model", outcome: chat }, Finding { what: "provider's vectors", outcome: embedding }]
}

/// Whether a model writes, live and in a given shape.
async fn chat(endpoint: Arc<Endpoint>, model: &str) -> Result<String, String> {
    let shape = json!({
        "type": "object", "additionalProperties": false, "required": ["flower"], "properties": { "flower": { "type": "string" } },
    });
    let prompt = Prompt {
        instructions: "Reply with one JSON object {\"flower\": the name of a flower} and nothing else.".into(),
        material: json!({ "question": "Which flower smells at night?" }),
        schema: Some(Schema { name: "flower", schema: shape }),
        max_tokens: 60,
        temperature: 0.0,
    };
    let started = Instant::now();
    let (pieces, mut heard) = mpsc::unbounded_channel();
    let writer = ChatWriter::new(endpoint, model);
    let answer = writer.write_live(&prompt, started + PATIENCE, pieces).await.map_err(|error| format!("{model}: {error}"))?;
    let mut count = 0;
    while heard.recv().await.is_some() {
        count += 1;
    }
    let keeps_shape = answer
        .find('{')
        .zip(answer.rfind('}'))
        .and_then(|(from, to)| serde_json::from_str::<serde_json::Value>(answer.get(from..=to)?).ok())
        .is_some_and(|value| value["flower"].is_string());
    let shape = if keeps_shape {
        "keeps to a given shape"
    } else {
        "does NOT keep to a given shape, so little of what it says will pass"
    };
    Ok(format!("{model} answers in {} ms, in {count} pieces, and {shape}", started.elapsed().as_millis()))
}

fn transcriber(models: &Path) -> Result<String, String> {
    let whisper = Whisper::new(models);
    whisper.check().map_err(|error| format!("{error:#}"))?;
    Ok(format!("{} writes down what is said", whisper.model()))
}

fn bundle(root: &Path) -> Result<String, String> {
    for file in ["pkg/flowery.js", "pkg/flowery.css"] {
        if !root.join(file).exists() {
            return Err(format!("{} is missing: run `make browser`", root.join(file).display()));
        }
    }
    Ok(format!("lies in {}", root.display()))
}
