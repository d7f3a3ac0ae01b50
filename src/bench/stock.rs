//! A catalog and a person of any size, made of what the seed holds.

use std::{collections::HashMap, time::Duration};

use anyhow::{Result, ensure};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use crate::{
    api::house::House,
    catalog::{Catalog, Seed},
    domain::{
        fragrance::{Fragrance, Pyramid},
        ids::{FragranceId, NoteId, UserId},
        memory::{MemoryDraft, MemoryFilter, Status},
        notes::Layer,
        page::Cursor,
    },
    store::{
        Store,
        fragrance::{self, FragranceFacts},
        fragrance_note,
    },
};

/// The same numbers in every run.
const SEED: u64 = 11;

/// Fills the catalog up: each further perfume has the layers of three perfumes of the seed.
pub(super) async fn perfumes(store: &Store, catalog: &Catalog, count: usize) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(SEED);
    let seed = Seed::read()?.fragrances;
    let notes: HashMap<String, NoteId> = fragrance_note::all(store).await?.into_iter().map(|note| (note.name, note.id)).collect();
    let facts = (seed.len()..count).map(|at| {
        let mut pick = || &seed[rng.random_range(0..seed.len())];
        let (one, two, three) = (pick(), pick(), pick());
        let pyramid = Pyramid {
            top: one.notes.top.clone(),
            middle: two.notes.middle.clone(),
            base: three.notes.base.clone(),
            other: Vec::new(),
        };
        let fragrance = Fragrance {
            id: FragranceId::from_key(format!("mixture_{at}")),
            name: format!("Mixture {at}"),
            brand: two.brand.clone(),
            family: three.family,
            accords: one.accords.iter().take(2).chain(three.accords.iter().take(3)).cloned().collect(),
            notes: pyramid,
            ..one.clone()
        };
        facts(fragrance, &notes)
    });
    fragrance::put_all(store, facts.collect()).await?;
    catalog.refresh().await
}

fn facts(fragrance: Fragrance, notes: &HashMap<String, NoteId>) -> FragranceFacts {
    let placed = Layer::ALL.iter().flat_map(|&layer| {
        let layer_notes = fragrance.notes.layer(layer).iter().enumerate();
        layer_notes.filter_map(move |(position, name)| Some((layer, position, notes.get(name)?.clone())))
    });
    FragranceFacts { notes: placed.collect(), fact_hash: String::new(), fragrance: fragrance.clone() }
}

const PLACES: &[&str] =
    &["the garden", "the kitchen", "the harbour", "the old library", "the attic", "the workshop", "the beach"];
const WHEN: &[&str] = &["in the rain", "on a cold morning", "in the heat of noon", "by candlelight", "before the others woke"];

/// Signs somebody up and writes their memories; returns when all are understood.
pub(super) async fn person(house: &House, memories: usize) -> Result<UserId> {
    let mut rng = StdRng::seed_from_u64(SEED);
    let (user, _) = house.accounts.sign_up("bench@example.org", "a-long-enough-password-9", "Bench", "bench").await?;
    let notes: Vec<String> = Seed::read()?.notes.into_iter().map(|note| note.name).collect();
    for at in 0..memories {
        let mut note = || notes.choose(&mut rng).map_or("", String::as_str).to_owned();
        let (one, two) = (note(), note());
        let (place, when) = (PLACES[at % PLACES.len()], WHEN[at % WHEN.len()]);
        let content = format!("It smelled of {one} in {place} {when}. I remember {two}, and how quiet it was. I was happy.");
        let draft = MemoryDraft {
            title: format!("Memory {at}"),
            content,
            occasion: None,
            emotion: None,
            location: None,
            season: None,
            happened_at: None,
        };
        house.memories.add(&user.id, draft).await?;
    }
    let ready = MemoryFilter::default();
    loop {
        let page = house.memories.list(&user.id, ready.clone(), Cursor::default()).await?;
        ensure!(page.items.iter().all(|memory| memory.status != Status::Failed), "a memory could not be understood");
        // The newest is understood last.
        if page.items.first().is_none_or(|memory| memory.status == Status::Ready) {
            return Ok(user.id);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
