//! Each of the provider's models, tried once with a small real request.

use std::{
    io::Cursor,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{super::settings::ProviderSettings, Finding};
use crate::ai::{
    ModelError, Prompt, SAMPLE_RATE, Schema, Seer, Transcriber, Writer, object_in,
    openai::{ChatWriter, Endpoint, RemoteEmbedder, RemoteSeer, RemoteTranscriber},
};

/// How long a model is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// The side of the picture that is shown, in pixels.
const SIDE: u32 = 96;

/// Tries what is set.
pub(super) async fn examine(settings: &ProviderSettings) -> Vec<Finding> {
    let options = &settings.options;
    let endpoint = match options.endpoint() {
        Ok(Some(endpoint)) => endpoint,
        Ok(None) => {
            return vec![Finding { what: "provider", outcome: Ok("none set: the models of this machine do everything".into()) }];
        }
        Err(error) => return vec![Finding { what: "provider", outcome: Err(format!("{error:#}")) }],
    };
    let priced = |model: &str| {
        match settings.prices.of(model) {
        Some(_) => String::new(),
        None if settings.budgets.need_prices() => {
            "; it has no price in [flowery.prices], so its cost is not known and the budget does not hold for it: FLOWERY_MONTHLY_TOKENS does"
                .to_owned()
        }
        None => "; it has no price in [flowery.prices], so its cost is not known".to_owned(),
    }
    };
    let jobs = [
        ("chat", &options.chat_model, "the local writer answers"),
        ("embedding", &options.embedding_model, "the local model embeds"),
        ("vision", &options.vision_model, "the networks of this machine look at photos"),
        ("transcription", &options.transcription_model, "Whisper listens to recordings here"),
    ];
    let mut findings = Vec::new();
    for (what, model, instead) in jobs {
        let outcome = match model.as_deref() {
            None => Ok(format!("none set: {instead}")),
            Some(model) => {
                let endpoint = Arc::clone(&endpoint);
                let tried = match what {
                    "chat" => chat(endpoint, model).await,
                    "embedding" => embedding(endpoint, model).await,
                    "vision" => vision(endpoint, model).await,
                    _ => transcription(endpoint, model).await,
                };
                match tried {
                    Ok(said) => Ok(format!("{model} {said}{}", priced(model))),
                    Err(said) => Err(format!("{model} {said}; {instead} instead")),
                }
            }
        };
        findings.push(Finding { what, outcome });
    }
    findings
}

/// Why a model failed, in words and in detail.
fn why(error: &ModelError) -> String {
    format!("{} ({error})", error.clause())
}

/// The value of a key in the JSON of an answer.
fn value(answer: &str, key: &str) -> Option<String> {
    Some(object_in::<Value>(answer)?.get(key)?.as_str()?.to_owned())
}

fn prompt(instructions: &str, question: &str, key: &str) -> Prompt {
    let shape = json!({
        "type": "object", "additionalProperties": false, "required": [key], "properties": { key: { "type": "string" } },
    });
    Prompt {
        instructions: instructions.into(),
        material: json!({ "question": question }),
        schema: Some(Schema { name: "answer", schema: shape }),
        max_tokens: 60,
        temperature: 0.0,
    }
}

/// Whether a model writes, live and in a given shape.
async fn chat(endpoint: Arc<Endpoint>, model: &str) -> Result<String, String> {
    let instructions = "Reply with one JSON object {\"flower\": the name of a flower} and nothing else.";
    let started = Instant::now();
    let (pieces, mut heard) = mpsc::unbounded_channel();
    let writer = ChatWriter::new(endpoint, model);
    let prompt = prompt(instructions, "Which flower smells at night?", "flower");
    let answer = writer.write_live(&prompt, started + PATIENCE, pieces).await.map_err(|error| why(&error))?;
    let mut count = 0;
    while heard.recv().await.is_some() {
        count += 1;
    }
    let shape = if value(&answer, "flower").is_some() {
        "keeps to a given shape"
    } else {
        "does NOT keep to a given shape, so little of what it says will pass"
    };
    Ok(format!("answers in {} ms, in {count} pieces, and {shape}", started.elapsed().as_millis()))
}

async fn embedding(endpoint: Arc<Endpoint>, model: &str) -> Result<String, String> {
    use crate::ai::Embedder;
    let embedder = RemoteEmbedder::open(endpoint, model).await.map_err(|error| why(&error))?;
    Ok(format!("answers with {} dimensions", embedder.dimension()))
}

/// Whether a model sees: a server that takes pictures and looks at none is no use.
async fn vision(endpoint: Arc<Endpoint>, model: &str) -> Result<String, String> {
    let instructions = "Reply with one JSON object {\"color\": the name of the color that fills the picture} and nothing else.";
    let picture = red().map_err(|error| format!("was not asked: {error}"))?;
    let started = Instant::now();
    let prompt = prompt(instructions, "Which color fills the picture?", "color");
    let seer = RemoteSeer::new(endpoint, model);
    let answer = seer.look(picture.into(), &prompt, started + PATIENCE).await.map_err(|error| why(&error))?;
    match value(&answer, "color") {
        Some(color) if color.to_lowercase().contains("red") => {
            Ok(format!("answers in {} ms, sees that a picture is red, and keeps to a given shape", started.elapsed().as_millis()))
        }
        Some(color) => {
            let color: String = color.chars().filter(|c| !c.is_control()).take(30).collect();
            Err(format!("answers, but does not see: it took a red picture for “{color}”"))
        }
        None => Err("answers, but does not keep to a given shape, so nothing of what it says would pass".into()),
    }
}

/// A red picture, as a JPEG.
fn red() -> image::ImageResult<Vec<u8>> {
    let mut file = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(SIDE, SIDE, image::Rgb([220, 20, 20])).write_to(&mut file, image::ImageFormat::Jpeg)?;
    Ok(file.into_inner())
}

/// Whether a model takes sound: a second of a tone, in which nothing is said.
async fn transcription(endpoint: Arc<Endpoint>, model: &str) -> Result<String, String> {
    let started = Instant::now();
    let ears = RemoteTranscriber::new(endpoint, model);
    ears.transcribe(Arc::new(tone())).await.map_err(|error| match error.downcast_ref::<ModelError>() {
        Some(error) => why(error),
        None => format!("failed ({error:#})"),
    })?;
    let times = if ears.tells_times() { "the seconds of what is said" } else { "no seconds, which are then estimated" };
    Ok(format!("takes sound and answers in {} ms, with {times}", started.elapsed().as_millis()))
}

/// A second of the tone that orchestras tune to.
pub(super) fn tone() -> Vec<f32> {
    let at = |sample: u32| sample as f32 / SAMPLE_RATE as f32;
    (0..SAMPLE_RATE).map(|sample| (at(sample) * 440.0 * std::f32::consts::TAU).sin() * 0.3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ai::Secret;
    use crate::ai::openai::{
        Options,
        fake::{Fake, KEY, Reply, saying},
    };

    fn settings(fake: &Fake) -> ProviderSettings {
        let model = |name: &str| Some(name.to_owned());
        let options = Options {
            base_url: Some(format!("http://{}/v1", fake.address)),
            key: Secret::new(KEY),
            chat_model: model("chat-x"),
            embedding_model: model("embed-x"),
            vision_model: model("vision-x"),
            transcription_model: model("hear-x"),
        };
        ProviderSettings { options, ..ProviderSettings::default() }
    }

    async fn told(fake: &Fake) -> Vec<(&'static str, Result<String, String>)> {
        examine(&settings(fake)).await.into_iter().map(|finding| (finding.what, finding.outcome)).collect()
    }

    #[tokio::test]
    async fn each_capability_is_tried_with_a_real_request() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/embeddings" => Reply::Json(200, json!({ "data": [{ "index": 0, "embedding": [0.1, 0.2, 0.3] }] })),
            "/v1/audio/transcriptions" => Reply::Json(200, json!({ "text": "", "segments": [] })),
            _ if asked.body["stream"] == true => saying("{\"flower\": \"jasmine\"}"),
            _ => {
                let url = asked.body["messages"][1]["content"][1]["image_url"]["url"].as_str().unwrap();
                assert!(url.starts_with("data:image/jpeg;base64,/9j/"));
                let content = "{\"color\": \"Bright red\"}";
                Reply::Json(200, json!({ "choices": [{ "message": { "content": content }, "finish_reason": "stop" }] }))
            }
        })
        .await;
        for (what, outcome) in told(&fake).await {
            let said = outcome.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(said.contains("-x ") && said.contains("cost is not known"), "{said}");
        }
        assert_eq!(fake.asked().len(), 4);
    }

    #[tokio::test]
    async fn what_fails_says_why_and_keeps_the_key() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/embeddings" => Reply::Json(401, json!({ "error": { "message": format!("Incorrect key {KEY}") } })),
            "/v1/audio/transcriptions" => {
                Reply::Json(404, json!({ "error": { "message": format!("no route; you sent {KEY}") } }))
            }
            _ if asked.body["stream"] == true => Reply::Json(402, json!({})),
            // It takes the picture and looks at nothing.
            _ => {
                let content = "{\"color\": \"a calm blue\"}";
                Reply::Json(200, json!({ "choices": [{ "message": { "content": content }, "finish_reason": "stop" }] }))
            }
        })
        .await;
        let reasons = ["is out of credit", "does not accept this house's key", "took a red picture for “a calm blue”", "refused"];
        for ((what, outcome), reason) in told(&fake).await.into_iter().zip(reasons) {
            let said = outcome.expect_err(what);
            assert!(said.contains(reason) && said.contains("instead") && !said.contains(KEY), "{said}");
        }
    }
}
