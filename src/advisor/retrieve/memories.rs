//! What a person's memories hold, read once and kept until it changes.

use std::{collections::HashSet, sync::Arc};

use crate::{
    catalog::Taxonomy,
    domain::{AppResult, ids::UserId},
    store::{
        Store,
        extracted_scent::{self, RememberedNote},
        fresh::Fresh,
        memory_chunk::{self, NearChunk},
        scent_profile,
    },
};

/// What a remembered note counts as the more general one that it is a kind of.
const AS_GENERAL: f64 = 0.8;

/// The memories of those who asked last.
pub type Memories = Fresh<Remembered>;

/// Everything that a person's memories hold.
#[derive(Default)]
pub struct Remembered {
    /// With their vectors, of unit length.
    passages: Vec<(NearChunk, Vec<f32>)>,
    pub notes: Arc<Vec<RememberedNote>>,
}

impl Remembered {
    /// As they are now.
    pub async fn load(store: &Store, memories: &Memories, user: &UserId, taxonomy: &Taxonomy) -> AppResult<Arc<Self>> {
        let revision = scent_profile::memories_revision(store, user).await?;
        if let Some(kept) = memories.get(user, revision) {
            return Ok(kept);
        }
        let (passages, notes) = tokio::join!(memory_chunk::all(store, user), extracted_scent::of_user(store, user));
        let mut passages = passages?;
        passages.iter_mut().for_each(|(_, vector)| normalize(vector));
        Ok(memories.keep(user, revision, Self { passages, notes: Arc::new(with_generals(taxonomy, notes?)) }))
    }

    /// The `k` passages that are nearest to a vector, nearest first, with their cosines. Exact. Those that another model has
    /// embedded into another space are left out.
    pub fn nearest(&self, vector: &[f32], k: usize) -> Vec<NearChunk> {
        let mut query = vector.to_vec();
        normalize(&mut query);
        let mut near: Vec<(f64, usize)> = (self.passages.iter().enumerate())
            .filter(|(_, (_, vector))| vector.len() == query.len() && !query.is_empty())
            .map(|(at, (_, vector))| (vector.iter().zip(&query).map(|(a, b)| f64::from(a * b)).sum(), at))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(k);
        near.into_iter().map(|(score, at)| NearChunk { score, ..self.passages[at].0.clone() }).collect()
    }
}

fn normalize(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}

/// Adds what the remembered notes are kinds of: who wrote of pipe tobacco is met by tobacco, too, if not quite as well.
fn with_generals(taxonomy: &Taxonomy, mut notes: Vec<RememberedNote>) -> Vec<RememberedNote> {
    let general = |note: &RememberedNote| {
        let general = taxonomy.general_of(taxonomy.get(&note.name)?)?;
        Some(RememberedNote { name: general.name.clone(), confidence: AS_GENERAL * note.confidence, ..note.clone() })
    };
    let generals: Vec<RememberedNote> = notes.iter().filter_map(general).collect();
    let mut said: HashSet<_> = notes.iter().map(|note| (note.memory.clone(), note.name.clone())).collect();
    notes.extend(generals.into_iter().filter(|note| said.insert((note.memory.clone(), note.name.clone()))));
    notes
}
