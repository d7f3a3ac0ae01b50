//! Opening the house: every room with what it needs, in the order in which they depend on each other.

use std::{fs, sync::Arc};

use anyhow::{Context, Result};

use super::settings::Settings;
use crate::{
    accounts::Accounts,
    advisor::Advisor,
    ai::{Embedder, local::minilm::MiniLm},
    api::house::{House, Limits, Rooms},
    catalog::Catalog,
    jobs::{Queue, Worker},
    learning::Learning,
    memories::Memories,
    store::Store,
    understanding::Understanding,
};

/// How many jobs run at once in one process.
const JOBS_AT_ONCE: usize = 2;

/// An open house.
pub struct Open {
    pub house: House,
    pub worker: Worker,
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
    let understanding = Arc::new(Understanding::new(store.clone(), catalog.clone(), learning.clone(), embedder.clone()));
    let queue = Queue::new(store.clone());
    if settings.is_embedded() {
        // Nobody else can hold a lease in a store that only this process can open.
        queue.recover_all().await?;
    }
    let memories = Memories::new(store.clone(), queue.clone(), catalog.clone(), understanding.clone(), learning.clone());
    memories.resume().await?;
    let rooms = Rooms {
        accounts: Accounts::new(store.clone()),
        memories,
        understanding: understanding.clone(),
        advisor: Arc::new(Advisor::new(store.clone(), catalog.clone(), learning.clone(), embedder)),
        catalog: catalog.clone(),
        learning,
        secure_cookies: settings.is_https(),
        limits: Limits::new(settings.rate_limits),
    };
    let worker = Worker::new(queue, vec![understanding], JOBS_AT_ONCE);
    Ok(Open { house: House::new(rooms), worker, store, catalog })
}
