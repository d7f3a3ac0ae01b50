//! Opening the house: every room with what it needs, in the order in which they depend on each other.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result};

use super::{
    leftovers::Leftovers,
    settings::{JobSettings, ProviderSettings, Settings},
};
use crate::{
    accounts::Accounts,
    advisor::{Advisor, Scribe, WRITING},
    ai::{
        Embedder, ImageReader, SwitchedWriter, TextReader, Transcriber, Writer,
        local::{efficientnet::EfficientNet, minilm::MiniLm, ppocr::PpOcr, whisper::Whisper},
        openai::{ChatWriter, Endpoint, Options, RemoteSeer, RemoteTranscriber, RemoteTuner},
    },
    api::house::{House, Limits, Rooms},
    catalog::{Catalog, import::job::CatalogImport},
    decode::Decoders,
    domain::{
        memory::MemoryType,
        privacy::{Place, Promise, Sent},
    },
    jobs::{JobHandler, Lanes, Queue, Routine, Schedule, Worker},
    learning::{
        Learning, ranker,
        tuning::{BEGIN, Beginner, Serving, TUNE, Tuning, TuningOptions},
    },
    memories::{Files, Memories},
    recall::Recall,
    scratch::{LEFTOVER, Scratch},
    store::{Store, originals::Originals},
    understanding::{Provider, Readers, Understanding},
    usage::Meter,
};

/// How many of the other jobs run at once beside the memories.
const HOUSEKEEPING: usize = 2;

/// How often a training goes over its examples.
const EPOCHS: u32 = 3;
/// How soon to look how far a training at the provider is; later looks are further apart.
const FIRST_LOOK: Duration = Duration::from_secs(10);

/// An open house.
pub struct Open {
    pub house: House,
    pub worker: Worker,
    pub schedule: Schedule,
    pub learning: Arc<Learning>,
    pub store: Store,
    pub catalog: Arc<Catalog>,
    /// What embeds passages by the provider's model, where one is set.
    pub recall: Option<Arc<Recall>>,
    pub leftovers: Leftovers,
}

/// Opens the database and the models, fills the catalog, and puts the rooms together.
pub async fn open(settings: &Settings) -> Result<Open> {
    settings.make_data_folder()?;
    let store = Store::open(&settings.database).await?;
    let embedder: Arc<dyn Embedder> = Arc::new(MiniLm::load(&settings.models)?);
    open_with(settings, store, embedder).await
}

/// As [`open`], with a store and a model that are already there.
async fn open_with(settings: &Settings, store: Store, embedder: Arc<dyn Embedder>) -> Result<Open> {
    let catalog = Arc::new(Catalog::open(store.clone(), embedder.clone()).await.context("the catalog could not be opened")?);
    let snapshot = catalog.snapshot();
    // The first to ask do not wait for it: they find it half made at worst.
    drop(tokio::task::spawn_blocking(move || snapshot.warm()));
    let originals = Originals::open(&settings.originals())?;
    let folder = |name| Scratch::in_data(&settings.data, name).with_context(|| format!("the folder {name:?} cannot be made"));
    let (waiting_room, reading) = (folder("incoming")?, folder("reading")?);
    let folders = vec![waiting_room.clone(), reading.clone()];
    let readers = Readers {
        originals: originals.clone(),
        decoders: decoders(settings)?.within(reading.path()),
        eyes: eyes(&settings.models),
        letters: letters(&settings.models),
        ears: ears(&settings.models),
    };
    let endpoint = settings.provider.options.endpoint()?;
    let meter = match endpoint {
        Some(_) => Meter::new(store.clone(), settings.provider.prices.clone(), settings.provider.budgets),
        None => Meter::idle(store.clone()),
    };
    let recall = endpoint.clone().zip(settings.provider.options.embedding_model.as_deref());
    let recall =
        recall.map(|(endpoint, model)| Arc::new(Recall::new(store.clone(), embedder.clone(), endpoint, model, meter.clone())));
    if endpoint.is_some() {
        for model in settings.provider.unlimited() {
            tracing::warn!(
                model,
                "it has no price in [flowery.prices], so the budget does not hold for it: FLOWERY_MONTHLY_TOKENS does"
            );
        }
    }
    let provider = endpoint.as_ref().map(|endpoint| provider(endpoint, &settings.provider.options)).unwrap_or_default();
    let writer = endpoint.clone().zip(settings.provider.options.chat_model.as_deref());
    let queue = Queue::new(store.clone());
    let half_life = f64::from(settings.taste_half_life_days);
    let mut learning = Learning::new(store.clone(), catalog.clone()).with_half_life(half_life);
    let writer =
        writer.map(|(endpoint, model)| (Arc::new(SwitchedWriter::new(Arc::new(ChatWriter::new(endpoint, model)))), model));
    // Also without a language model in the settings: what a provider trains already is followed, and can be stopped.
    let tuning = endpoint.map(|endpoint| {
        let serving = writer.clone().map(|(writer, model)| Serving { base_model: model.to_owned(), writer });
        let (tuner, options) = (Arc::new(RemoteTuner::new(endpoint)), tuning_options(settings));
        Arc::new(Tuning::new(store.clone(), queue.clone(), tuner, serving, meter.clone(), options))
    });
    let writer: Option<Arc<dyn Writer>> = writer.map(|(writer, _)| writer as _);
    if let Some(tuning) = &tuning {
        learning = learning.with_tuning(tuning.clone());
    }
    let learning = Arc::new(learning);
    learning.load_models().await.context("the models in service could not be read")?;
    let mut understanding = Understanding::new(store.clone(), catalog.clone(), learning.clone(), embedder.clone(), readers)
        .with_meter(meter.clone())
        .with_provider(provider);
    if let Some(writer) = &writer {
        understanding = understanding.with_second_opinion(Arc::clone(writer));
    }
    let understanding = Arc::new(understanding);
    if settings.is_embedded() {
        // Nobody else can hold a lease in a store that only this process can open.
        queue.recover_all().await?;
    }
    let files = Files { originals, limits: settings.files.limits, waiting_room };
    let memories = Memories::new(store.clone(), queue.clone(), catalog.clone(), understanding.clone(), learning.clone(), files);
    memories.resume().await?;
    if let Some(tuning) = &tuning {
        tuning.resume().await?;
    }
    let imports = CatalogImport::new(store.clone(), queue.clone(), catalog.clone(), settings.data.join("imports"))
        .context("the folder for catalogs on their way in cannot be made")?;
    let imports = Arc::new(imports);
    let mut advisor = Advisor::new(store.clone(), catalog.clone(), learning.clone(), embedder).with_meter(meter.clone());
    if let Some(writer) = writer {
        advisor = advisor.with_scribe(Scribe { writer, patience: settings.provider.ask_deadline });
    }
    if let Some(recall) = &recall {
        advisor = advisor.with_recall(Arc::clone(recall));
    }
    let rooms = Rooms {
        accounts: Accounts::new(store.clone()),
        memories,
        understanding: understanding.clone(),
        advisor: Arc::new(advisor),
        catalog: catalog.clone(),
        learning: learning.clone(),
        meter,
        queue: queue.clone(),
        imports: imports.clone(),
        promise: promise(settings),
        secure_cookies: settings.is_https(),
        limits: Limits::new(settings.rate_limits),
        set_aside: Default::default(),
    };
    let JobSettings { text, image, pdf, audio } = settings.jobs;
    let lanes = [(MemoryType::Text, text), (MemoryType::Image, image), (MemoryType::Pdf, pdf), (MemoryType::Audio, audio)];
    let at_once: usize = lanes.iter().map(|(_, room)| room).sum();
    let lanes = lanes.into_iter().fold(Lanes::default(), |lanes, (kind, room)| lanes.with(kind.as_str(), room));
    let mut handlers: Vec<Arc<dyn JobHandler>> = vec![understanding, learning.ranker().clone(), imports];
    let can_tune = tuning.as_ref().is_some_and(|tuning| tuning.base_model().is_some());
    if let Some(tuning) = tuning {
        handlers.push(Arc::new(Beginner(tuning.clone())));
        handlers.push(tuning);
    }
    let worker = Worker::new(queue.clone(), handlers, at_once + HOUSEKEEPING).with_lanes(lanes.with(TUNE, 1));
    let schedule = Schedule::new(queue, routines(settings, can_tune));
    let house = House::new(rooms);
    let leftovers = Leftovers { house: house.clone(), folders };
    // Nobody else writes beside an embedded database, and nobody is served yet: whatever belongs to nothing was left behind.
    leftovers.clear(if settings.is_embedded() { Duration::ZERO } else { LEFTOVER }).await?;
    Ok(Open { house, worker, schedule, learning, store, catalog, recall, leftovers })
}

/// What can be promised by these settings.
fn promise(settings: &Settings) -> Promise {
    let ProviderSettings { options, tuning_price, .. } = &settings.provider;
    let is_here = settings.is_embedded() && !settings.originals().contains("://");
    let jobs = [
        (Sent::Words, options.chat_model.is_some() || options.embedding_model.is_some()),
        (Sent::Photos, options.vision_model.is_some()),
        (Sent::Recordings, options.transcription_model.is_some()),
    ];
    let has_provider = options.base_url.is_some() || options.key.is_some();
    Promise {
        place: if is_here { Place::Here } else { Place::Elsewhere },
        sent: jobs.into_iter().filter(|(_, is_set)| has_provider && *is_set).map(|(sent, _)| sent).collect(),
        tunes: has_provider && options.chat_model.is_some() && tuning_price.is_some(),
    }
}

/// How a language model is tuned by these settings.
fn tuning_options(settings: &Settings) -> TuningOptions {
    TuningOptions {
        instructions: WRITING,
        epochs: EPOCHS,
        price: settings.provider.tuning_price,
        cap: settings.provider.tuning_cap,
        pause: FIRST_LOOK,
    }
}

/// What is done again and again.
fn routines(settings: &Settings, can_tune: bool) -> Vec<Routine> {
    let routine = |kind, hours: u64| {
        let every = Duration::from_secs(hours.saturating_mul(3600));
        (hours > 0).then(|| Routine { kind, every, payload: serde_json::json!({}) })
    };
    let ranking = routine(ranker::TRAIN, settings.train_every_h);
    let language_model = routine(BEGIN, settings.tune_every_h).filter(|_| can_tune);
    ranking.into_iter().chain(language_model).collect()
}

/// What takes files apart, within the settings.
pub(super) fn decoders(settings: &Settings) -> Result<Decoders> {
    let mut decoders = Decoders::own().context("the decoders cannot be run")?;
    decoders.image.0.megapixels = settings.files.image_megapixels;
    decoders.pdf.0.pages = settings.files.pdf_pages;
    decoders.audio.0.seconds = settings.files.audio_minutes.saturating_mul(60);
    Ok(decoders)
}

/// The provider's models for files, as far as they are set.
fn provider(endpoint: &Arc<Endpoint>, options: &Options) -> Provider {
    let eyes = options.vision_model.as_deref();
    let eyes = eyes.map(|model| Arc::new(RemoteSeer::new(Arc::clone(endpoint), model)) as _);
    let ears = options.transcription_model.as_deref();
    let ears = ears.map(|model| Arc::new(RemoteTranscriber::new(Arc::clone(endpoint), model)) as _);
    Provider { eyes, ears }
}

/// What looks at pictures. Without its files the house opens all the same.
fn eyes(models: &Path) -> Option<Arc<dyn ImageReader>> {
    match EfficientNet::load(models) {
        Ok(eyes) => Some(Arc::new(eyes)),
        Err(error) => {
            tracing::warn!(error = %error, "of photos, only colors, light and the camera's notes are read");
            None
        }
    }
}

/// What reads the words in pictures. Without its files the house opens all the same.
fn letters(models: &Path) -> Option<Arc<dyn TextReader>> {
    match PpOcr::load(models) {
        Ok(letters) => Some(Arc::new(letters)),
        Err(error) => {
            tracing::warn!(error = %error, "the words in photos are not read");
            None
        }
    }
}

/// What listens to recordings. Without its files the house opens all the same.
fn ears(models: &Path) -> Option<Arc<dyn Transcriber>> {
    let whisper = Whisper::new(models);
    match whisper.check() {
        Ok(()) => Some(Arc::new(whisper)),
        Err(error) => {
            tracing::warn!(error = %error, "recordings cannot be understood");
            None
        }
    }
}
