//! Files that a provider's models look at and listen to, over a socket.

use std::{
    path::Path as FilePath,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::json;

use super::*;
use crate::{
    ai::{
        SAMPLE_RATE, Segment, Transcriber, Transcript,
        openai::{
            RemoteTranscriber,
            fake::{Fake, Reply},
        },
    },
    decode::Decoders,
    domain::{
        ids::{MemoryId, UserId},
        memory::{FileInfo, Status},
    },
    jobs::JobError,
    store::{
        file_reading, model_usage, new_key,
        originals::{ORIGINAL, Originals},
        scent_memory::{self, KeptFile},
    },
    understanding::{
        Understanding,
        tests::{HOUSE, draft, names, notes},
    },
    usage::{Budgets, Meter, Price, Prices},
};

/// A local model that always hears the same.
struct Listener(AtomicUsize);

#[async_trait::async_trait]
impl Transcriber for Listener {
    fn model(&self) -> &str {
        "a small network"
    }

    async fn transcribe(&self, samples: Arc<Vec<f32>>) -> anyhow::Result<Transcript> {
        assert!(samples.len() > SAMPLE_RATE as usize);
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Transcript { segments: vec![Segment { start_s: 0.0, end_s: 1.0, text: "Heard here.".into() }] })
    }
}

fn prices() -> Prices {
    [("whisper-1".to_owned(), Price { minute: Some(0.6), ..Price::default() })].into_iter().collect()
}

/// A pipeline of the house with these models, and a memory of somebody's with this file.
struct Given {
    pipeline: Understanding,
    person: UserId,
    id: MemoryId,
}

impl Given {
    async fn new(file: &[u8], media_type: &str, memory_type: MemoryType, ears: Option<Arc<dyn Transcriber>>) -> Self {
        let (base, person, id) = (&HOUSE.understanding, HOUSE.person().await, MemoryId::from_key(new_key()));
        let originals = base.readers.originals.clone();
        let key = Originals::key(&person, &id, ORIGINAL);
        originals.keep(&key, file.to_vec()).await.unwrap();
        let info = FileInfo {
            name: "IMG_Secretville.bin".into(),
            media_type: media_type.into(),
            bytes: file.len() as u64,
            sha256: new_key(),
        };
        let kept = KeptFile { info, key: key.to_string(), place_agreed: false };
        let job = Understanding::job(&person, &id, memory_type);
        scent_memory::insert(&HOUSE.store, &person, &id, (memory_type, Some(kept)), &draft("A file", ""), job).await.unwrap();
        let readers = Readers { originals, decoders: Decoders::here(), eyes: None, ears };
        let (catalog, learning) = (Arc::clone(&HOUSE.catalog), Arc::clone(&HOUSE.learning));
        let pipeline = Understanding::new(HOUSE.store.clone(), catalog, learning, Arc::clone(&base.embedder), readers);
        Self { pipeline: pipeline.with_meter(Meter::new(HOUSE.store.clone(), prices(), Budgets::default())), person, id }
    }

    async fn recording(ears: Option<Arc<dyn Transcriber>>) -> Self {
        let file = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/audio/voice.m4a");
        Self::new(&std::fs::read(file).unwrap(), "audio/mp4", MemoryType::Audio, ears).await
    }

    fn hearing(mut self, fake: &Fake) -> Self {
        let ears: Arc<dyn Transcriber> = Arc::new(RemoteTranscriber::new(fake.endpoint(), "whisper-1"));
        self.pipeline = self.pipeline.with_provider(Provider { ears: Some(ears) });
        self
    }

    fn within(mut self, budgets: Budgets) -> Self {
        self.pipeline = self.pipeline.with_meter(Meter::new(HOUSE.store.clone(), prices(), budgets));
        self
    }

    async fn read(&self) -> FileReading {
        self.pipeline.understand(&self.person, &self.id).await.unwrap();
        let memory = scent_memory::find(&HOUSE.store, &self.person, &self.id).await.unwrap().unwrap();
        assert_eq!(memory.status, Status::Ready);
        file_reading::find(&HOUSE.store, &self.person, &self.id).await.unwrap().unwrap()
    }

    async fn cost(&self) -> f64 {
        model_usage::of_memory(&HOUSE.store, &self.person, &self.id).await.unwrap()
    }
}

fn said() -> Reply {
    let segment = |start: f64, text: &str| json!({ "start": start, "end": start + 1.0, "text": text });
    Reply::Json(
        200,
        json!({ "text": "…", "segments": [segment(0.2, "We baked with cinnamon."), segment(2.5, "There was no vanilla.")] }),
    )
}

#[test]
fn a_provider_listens_and_its_minutes_are_booked() {
    HOUSE.runtime.block_on(async {
        let fake = Fake::start(|_, _| said()).await;
        let local = Arc::new(Listener(AtomicUsize::new(0)));
        let given = Given::recording(Some(Arc::clone(&local) as _)).await.hearing(&fake);
        let read = given.read().await;
        assert_eq!(read.text.text, "We baked with cinnamon. There was no vanilla.");
        assert_eq!(read.text.marks.iter().map(|mark| mark.at_s).collect::<Vec<_>>(), [Some(0.2), Some(2.5)]);
        assert_eq!((read.model.as_str(), read.notice), ("openai/whisper-1", None));
        assert_eq!(local.0.load(Ordering::Relaxed), 0);
        let found = notes(&given.person, &given.id).await;
        assert!(names(&found, true).contains(&"cinnamon") && !names(&found, true).contains(&"vanilla"), "{found:?}");
        // 0.01 a second, and no second of the few is lost.
        let cost = given.cost().await;
        assert!((0.02..0.2).contains(&cost), "{cost}");
        // Of the file itself nothing is sent: not its container, and not its name.
        let asked = fake.asked();
        assert_eq!(asked.len(), 1);
        for secret in [&b"ftyp"[..], b"Secretville"] {
            assert!(!asked[0].bytes.windows(secret.len()).any(|bytes| bytes == secret));
        }
    });
}

#[test]
fn where_the_provider_fails_the_house_listens_and_says_so() {
    HOUSE.runtime.block_on(async {
        for (reply, because) in [
            ((|| Reply::Json(401, json!({}))) as fn() -> Reply, "does not accept this house's key"),
            (|| Reply::Json(404, json!({ "error": "not found" })), "refused the question"),
            (
                || Reply::With(200, vec![("content-type", "text/html".into())], "<html>".into()),
                "gave an answer that makes no sense",
            ),
            (|| Reply::Json(402, json!({})), "is out of credit"),
        ] {
            let fake = Fake::start(move |_, _| reply()).await;
            let given = Given::recording(Some(Arc::new(Listener(AtomicUsize::new(0))))).await.hearing(&fake);
            let read = given.read().await;
            assert_eq!((read.text.text.as_str(), read.model.as_str()), ("Heard here.", "a small network"));
            assert!(read.notice.as_ref().is_some_and(|notice| notice.contains(because)), "{:?}", read.notice);
            assert_eq!(given.cost().await, 0.0);
        }
        // Nobody else to listen: the job is tried again, with the reason.
        let fake = Fake::start(|_, _| Reply::Json(401, json!({}))).await;
        let given = Given::recording(None).await.hearing(&fake);
        let failed = given.pipeline.understand(&given.person, &given.id).await;
        let Err(JobError::Retry(reason)) = failed else { panic!("{failed:?}") };
        assert!(reason.contains("does not accept this house's key") && reason.contains("none of its own"), "{reason}");
    });
}

#[test]
fn without_budget_the_provider_hears_nothing() {
    HOUSE.runtime.block_on(async {
        let fake = Fake::start(|_, _| said()).await;
        let nothing = Budgets { tokens_of_person: Some(0), ..Budgets::default() };
        let given = Given::recording(Some(Arc::new(Listener(AtomicUsize::new(0))))).await.hearing(&fake).within(nothing);
        let read = given.read().await;
        assert!(read.notice.is_some_and(|notice| notice.contains("no budget left")));
        assert!(fake.asked().is_empty());
    });
}
