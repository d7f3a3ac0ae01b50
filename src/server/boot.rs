//! Opening the house: every room with what it needs, in the order in which they depend on each other.

use std::{fs, sync::Arc, time::Duration};

use anyhow::{Context, Result};

use super::settings::{JobSettings, Settings};
use crate::{
    accounts::Accounts,
    advisor::Advisor,
    ai::{Embedder, local::minilm::MiniLm},
    api::house::{House, Limits, Rooms},
    catalog::Catalog,
    domain::memory::MemoryType,
    jobs::{JobHandler, Lanes, Queue, Routine, Schedule, Worker},
    learning::{Learning, ranker},
    memories::{Files, Memories, waiting_room},
    store::{Store, originals::Originals},
    understanding::{Readers, Understanding},
};

/// How many of the other jobs run at once beside the memories.
const HOUSEKEEPING: usize = 1;

/// An open house.
pub struct Open {
    pub house: House,
    pub worker: Worker,
    pub schedule: Schedule,
    pub learning: Arc<Learning>,
    pub store: Store,
    pub catalog: Arc<Catalog>,
}

/// Opens the database and the models, fills the catalog, and puts the rooms together.
pub async fn open(settings: &Settings) -> Result<Open> {
    fs::create_dir_all(&settings.data).with_context(|| format!("the data folder {} cannot be made", settings.data.display()))?;
    let store = Store::open(&settings.database).await?;
    let embedder: Arc<dyn Embedder> = Arc::new(MiniLm::load(&settings.models)?);
    open_with(settings, store, embedder).await
}

/// As [`open`], with a store and a model that are already there.
async fn open_with(settings: &Settings, store: Store, embedder: Arc<dyn Embedder>) -> Result<Open> {
    let catalog = Arc::new(Catalog::open(store.clone(), embedder.clone()).await.context("the catalog could not be opened")?);
    let learning = Arc::new(Learning::new(store.clone(), catalog.clone()));
    learning.ranker().load().await.context("the ranking model in service could not be read")?;
    let originals = Originals::open(&settings.originals())?;
    let readers = Readers { originals: originals.clone() };
    let understanding = Arc::new(Understanding::new(store.clone(), catalog.clone(), learning.clone(), embedder.clone(), readers));
    let queue = Queue::new(store.clone());
    if settings.is_embedded() {
        // Nobody else can hold a lease in a store that only this process can open.
        queue.recover_all().await?;
    }
    let waiting_room = waiting_room(&settings.data).context("the folder for files on their way in cannot be made")?;
    let files = Files { originals, limits: settings.files.limits, waiting_room };
    let memories = Memories::new(store.clone(), queue.clone(), catalog.clone(), understanding.clone(), learning.clone(), files);
    memories.resume().await?;
    let rooms = Rooms {
        accounts: Accounts::new(store.clone()),
        memories,
        understanding: understanding.clone(),
        advisor: Arc::new(Advisor::new(store.clone(), catalog.clone(), learning.clone(), embedder)),
        catalog: catalog.clone(),
        learning: learning.clone(),
        secure_cookies: settings.is_https(),
        limits: Limits::new(settings.rate_limits),
    };
    let JobSettings { text, image, pdf, audio } = settings.jobs;
    let lanes = [(MemoryType::Text, text), (MemoryType::Image, image), (MemoryType::Pdf, pdf), (MemoryType::Audio, audio)];
    let at_once: usize = lanes.iter().map(|(_, room)| room).sum();
    let lanes = lanes.into_iter().fold(Lanes::default(), |lanes, (kind, room)| lanes.with(kind.as_str(), room));
    let handlers: Vec<Arc<dyn JobHandler>> = vec![understanding, learning.ranker().clone()];
    let worker = Worker::new(queue.clone(), handlers, at_once + HOUSEKEEPING).with_lanes(lanes);
    let schedule = Schedule::new(queue, routines(settings));
    Ok(Open { house: House::new(rooms), worker, schedule, learning, store, catalog })
}

/// What is done again and again.
fn routines(settings: &Settings) -> Vec<Routine> {
    let mut routines = Vec::new();
    if settings.train_every_h > 0 {
        let every = Duration::from_secs(settings.train_every_h.saturating_mul(3600));
        routines.push(Routine { kind: ranker::TRAIN, every, payload: serde_json::json!({}) });
    }
    routines
}
