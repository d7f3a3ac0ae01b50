//! The adapters against a server that behaves, and that misbehaves in every way that providers do.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::sync::mpsc;

use super::{
    fake::{Fake, KEY, Reply, said, saying},
    *,
};
use crate::ai::{Embedder, Job, ModelError, Prompt, Schema, Usage, Writer, counted};

fn prompt() -> Prompt {
    Prompt {
        instructions: "Write.".into(),
        material: json!({ "question": "rain \"; DROP" }),
        schema: Some(Schema { name: "answer", schema: json!({ "type": "object" }) }),
        max_tokens: 100,
        temperature: 0.4,
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

/// What came live, how it ended, and what was used.
async fn live(writer: &ChatWriter, deadline: Instant) -> (String, Result<String, ModelError>, Vec<Usage>) {
    let (sender, mut pieces) = mpsc::unbounded_channel();
    let (outcome, used) = counted(writer.write_live(&prompt(), deadline, sender)).await;
    let mut heard = String::new();
    while let Some(piece) = pieces.recv().await {
        heard.push_str(&piece);
    }
    (heard, outcome, used)
}

#[tokio::test]
async fn it_writes_live_and_counts() {
    let text = "Vétiver 🌿 after the rain, as you wrote.";
    let fake = Fake::start(move |_, _| {
        // Cut in the middle of characters.
        let bytes = said(text, 3, "stop");
        Reply::Stream(bytes.chunks(5).map(|piece| (Duration::ZERO, piece.to_vec())).collect())
    })
    .await;
    let writer = ChatWriter::new(fake.endpoint(), "gpt-test");
    let (heard, outcome, used) = live(&writer, soon()).await;
    assert_eq!((heard.as_str(), outcome), (text, Ok(text.to_owned())));
    let expected = Usage {
        job: Job::Chat,
        model: "gpt-test".into(),
        prompt_tokens: 120,
        completion_tokens: 30,
        seconds: 0,
        estimated: false,
    };
    assert_eq!(used, [expected]);
    let asked = &fake.asked()[0];
    assert_eq!((asked.path.as_str(), asked.authorization.as_str()), ("/v1/chat/completions", format!("Bearer {KEY}").as_str()));
    assert_eq!(asked.body["stream_options"]["include_usage"], true);
    assert_eq!(asked.body["temperature"], 0.4);
    // What people wrote is one JSON document in a message of its own.
    let material = asked.body["messages"][1]["content"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(material).unwrap(), prompt().material);
    assert!(!asked.body["messages"][0]["content"].as_str().unwrap().contains("DROP"));
}

#[tokio::test]
async fn it_writes_in_one_piece() {
    let fake = Fake::start(|_, _| {
        let choice = json!({ "message": { "role": "assistant", "content": "{\"a\": 1}" }, "finish_reason": "a_new_reason" });
        Reply::Json(200, json!({ "choices": [choice], "usage": { "prompt_tokens": 5, "completion_tokens": 2 } }))
    })
    .await;
    let writer = ChatWriter::new(fake.endpoint(), "m");
    let (text, used) = counted(writer.write(&prompt(), soon())).await;
    assert_eq!(text.unwrap(), "{\"a\": 1}");
    assert_eq!((used[0].prompt_tokens, used[0].completion_tokens), (5, 2));
}

#[tokio::test]
async fn every_misbehaviour_has_its_name() {
    type Case = (&'static str, fn() -> Reply, fn(&ModelError) -> bool);
    let cases: Vec<Case> = vec![
        (
            "unauthorized",
            || Reply::Json(401, json!({ "error": { "message": format!("wrong key {KEY}") } })),
            |e| *e == ModelError::Unauthorized(401),
        ),
        ("no credit", || Reply::Json(402, json!({ "error": "pay" })), |e| *e == ModelError::OutOfCredit),
        (
            "no quota",
            || Reply::Json(429, json!({ "error": { "code": "insufficient_quota", "message": "You exceeded" } })),
            |e| *e == ModelError::OutOfCredit,
        ),
        (
            "busy for long",
            || Reply::With(429, vec![("retry-after", "18000000000000000000".into())], String::new()),
            |e| matches!(e, ModelError::Busy { .. }),
        ),
        (
            "busy for long",
            || Reply::With(429, vec![("retry-after", "30".into())], String::new()),
            |e| *e == ModelError::Busy { retry_after: Some(Duration::from_secs(30)) },
        ),
        (
            "a page",
            || Reply::With(200, vec![("content-type", "text/html".into())], "<html>sign in</html>".into()),
            |e| matches!(e, ModelError::Unreadable(_)),
        ),
        (
            "elsewhere",
            || Reply::With(302, vec![("location", "http://example.org".into())], String::new()),
            |e| matches!(e, ModelError::Unreadable(_)),
        ),
        (
            "half a stream",
            || Reply::Stream(vec![(Duration::ZERO, said("Half a sen", 3, "stop")[..150].to_vec())]),
            |e| *e == ModelError::BrokenOff,
        ),
        ("a broken line", || Reply::Broken(said("Half a sen", 3, "stop")[..150].to_vec()), |e| *e == ModelError::BrokenOff),
        (
            "no JSON",
            || Reply::Stream(vec![(Duration::ZERO, b"data: {\"choices\": [\n\n".to_vec())]),
            |e| matches!(e, ModelError::Unreadable(_)),
        ),
        (
            "an error in the stream",
            || Reply::Stream(vec![(Duration::ZERO, format!("data: {{\"error\": \"{KEY}\"}}\n\n").into_bytes())]),
            |e| matches!(e, ModelError::Unreadable(_)),
        ),
        (
            "nothing",
            || Reply::With(200, vec![("content-type", "text/event-stream".into())], String::new()),
            |e| *e == ModelError::BrokenOff,
        ),
        ("no words", || Reply::Stream(vec![(Duration::ZERO, said("", 3, "stop"))]), |e| matches!(e, ModelError::Unreadable(_))),
        ("filtered", || Reply::Stream(vec![(Duration::ZERO, said("No", 3, "content_filter"))]), |e| *e == ModelError::Declined),
        ("silence", || Reply::Silence, |e| *e == ModelError::Slow),
        (
            "too slow in the middle",
            || Reply::Stream(vec![(Duration::ZERO, said("Half", 3, "stop")[..60].to_vec()), (Duration::from_secs(60), vec![])]),
            |e| *e == ModelError::Slow,
        ),
        (
            "no such model",
            || Reply::Json(404, json!({ "error": { "message": format!("no model {KEY}") } })),
            |e| matches!(e, ModelError::Refused { status: 404, .. }),
        ),
    ];
    for (name, reply, expected) in cases {
        let fake = Fake::start(move |_, _| reply()).await;
        let writer = ChatWriter::new(fake.endpoint(), "m");
        let started = Instant::now();
        let (_, outcome, used) = live(&writer, started + Duration::from_millis(700)).await;
        let error = outcome.expect_err(name);
        assert!(expected(&error), "{name}: {error:?}");
        assert!(started.elapsed() < Duration::from_secs(2), "{name} takes {:?}", started.elapsed());
        assert!(!format!("{error} {error:?}").contains(KEY), "{name}: {error}");
        // What was sent to a model and not reported is estimated.
        assert!(used.iter().all(|usage| usage.prompt_tokens > 0), "{name}: {used:?}");
        assert_eq!(
            used.is_empty(),
            !matches!(error, ModelError::BrokenOff | ModelError::Slow | ModelError::Declined | ModelError::Unreadable(_))
                || ["a page", "elsewhere", "nothing"].contains(&name),
            "{name}: {used:?}"
        );
    }
    let nobody = Endpoint::new("http://127.0.0.1:1/v1", Secret::new(KEY)).unwrap();
    let (_, outcome, _) = live(&ChatWriter::new(Arc::new(nobody), "m"), soon()).await;
    assert!(matches!(outcome.unwrap_err(), ModelError::Unreachable(_)));
}

#[tokio::test]
async fn an_unknown_end_is_an_end() {
    let fake = Fake::start(|_, _| Reply::Stream(vec![(Duration::ZERO, said("All is said.", 4, "end_of_wisdom"))])).await;
    assert_eq!(live(&ChatWriter::new(fake.endpoint(), "m"), soon()).await.1.unwrap(), "All is said.");
}

#[tokio::test]
async fn what_passes_is_tried_again_when_it_says() {
    let fake = Fake::start(|number, _| match number {
        0 => Reply::Json(503, json!({})),
        1 => Reply::With(429, vec![("retry-after", "1".into())], String::new()),
        _ => saying("At last."),
    })
    .await;
    let started = Instant::now();
    let (_, outcome, _) = live(&ChatWriter::new(fake.endpoint(), "m"), soon()).await;
    assert_eq!(outcome.unwrap(), "At last.");
    assert!(started.elapsed() >= Duration::from_secs(1), "it waits as long as it was told");
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn who_keeps_failing_is_left_alone() {
    let fake = Fake::start(|_, _| Reply::Json(500, json!({}))).await;
    let writer = ChatWriter::new(fake.endpoint(), "m");
    let mut last = None;
    for _ in 0..8 {
        last = live(&writer, Instant::now() + Duration::from_millis(900)).await.1.err();
    }
    assert_eq!(last, Some(ModelError::Resting));
    assert!(fake.asked().len() <= 12, "{}", fake.asked().len());
}

#[tokio::test]
async fn what_a_model_does_not_take_is_left_out() {
    let fake = Fake::start(|_, asked| {
        for (name, message) in [
            ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
            ("temperature", "'temperature' does not support 0.4 with this model."),
            ("stream_options", "unknown field `stream_options`"),
        ] {
            if asked.body.get(name).is_some() {
                return Reply::Json(400, json!({ "error": { "message": message } }));
            }
        }
        if asked.body["response_format"]["type"] == "json_schema" {
            return Reply::Json(422, json!({ "error": { "message": "response_format: unknown variant json_schema" } }));
        }
        saying("Fine.")
    })
    .await;
    let writer = ChatWriter::new(fake.endpoint(), "m");
    assert_eq!(live(&writer, soon()).await.1.unwrap(), "Fine.");
    let adapted = fake.asked().len();
    assert_eq!(live(&writer, soon()).await.1.unwrap(), "Fine.");
    assert_eq!(fake.asked().len(), adapted + 1, "it is remembered");
    let body = &fake.asked()[adapted].body;
    assert_eq!(
        (body["response_format"]["type"].as_str(), body["max_completion_tokens"].as_u64()),
        (Some("json_object"), Some(100))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn several_at_once_learn_no_more_than_one() {
    const AT_ONCE: usize = 4;
    // All are on their way before the first is refused.
    let refused: [AtomicUsize; 2] = Default::default();
    let fake = Fake::start(move |_, asked| {
        let refuse = |parameter: usize, status, message: &str| {
            refused[parameter].fetch_add(1, Ordering::SeqCst);
            let begun = Instant::now();
            while refused[parameter].load(Ordering::SeqCst) < AT_ONCE && begun.elapsed() < Duration::from_secs(3) {
                std::thread::sleep(Duration::from_millis(2));
            }
            Reply::Json(status, json!({ "error": { "message": message } }))
        };
        if asked.body["response_format"]["type"] == "json_schema" {
            return refuse(0, 422, "response_format: unknown variant json_schema");
        }
        if asked.body.get("temperature").is_some() {
            return refuse(1, 400, "'temperature' does not support 0.4 with this model.");
        }
        Reply::Json(200, json!({ "choices": [{ "message": { "content": "Fine." }, "finish_reason": "stop" }] }))
    })
    .await;
    let writer = ChatWriter::new(fake.endpoint(), "m");
    let prompt = prompt();
    let answers = futures::future::join_all((0..AT_ONCE).map(|_| writer.write(&prompt, soon()))).await;
    assert!(answers.iter().all(|answer| answer.as_deref() == Ok("Fine.")), "{answers:?}");
    let asked = fake.asked();
    assert_eq!(asked.len(), 3 * AT_ONCE, "each is refused twice");
    assert_eq!(asked[asked.len() - 1].body["response_format"]["type"], "json_object", "JSON was never refused");
}

#[tokio::test]
async fn vectors_are_of_one_length_or_none() {
    let fake = Fake::start(|_, asked| {
        let texts = asked.body["input"].as_array().unwrap();
        let row = |(at, text): (usize, &serde_json::Value)| {
            let vector = match text.as_str().unwrap() {
                "short" => vec![1.0, 0.0],
                "null" => vec![0.0, 0.0, 0.0],
                _ => vec![0.0, 3.0, 4.0],
            };
            json!({ "index": at, "embedding": vector })
        };
        // In any order.
        let rows: Vec<_> = texts.iter().enumerate().map(row).rev().collect();
        Reply::Json(200, json!({ "data": rows, "usage": { "prompt_tokens": 9, "total_tokens": 9 } }))
    })
    .await;
    let embedder = RemoteEmbedder::open(fake.endpoint(), "embed-test").await.unwrap();
    assert_eq!((embedder.dimension(), embedder.model()), (3, "openai/embed-test"));
    let texts: Vec<String> = (0..70).map(|n| format!("text {n}")).collect();
    let (vectors, used) = counted(embedder.embed(&texts)).await;
    assert_eq!(vectors.unwrap(), vec![vec![0.0, 0.6, 0.8]; 70]);
    assert_eq!(used.iter().map(|usage| usage.prompt_tokens).collect::<Vec<_>>(), [9, 9]);
    for bad in ["short", "null"] {
        let error = embedder.embed(&["fine".into(), bad.into()]).await.unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(ModelError::Unreadable(_))), "{error}");
    }
}

#[test]
fn addresses_are_checked_and_keep_their_secrets() {
    for bad in ["", "ollama", "ftp://x/v1", "http://"] {
        assert!(Endpoint::new(bad, None).is_err(), "{bad:?}");
    }
    let endpoint = Endpoint::new("https://user:pw@example.org/v1/?x=1#y", Secret::new(KEY)).unwrap();
    assert!(!format!("{endpoint:?}").contains(KEY));
    assert!(Endpoint::new("http://x", Secret::new("a\nb")).is_err());
}
