//! From a file into the store.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
    time::Instant,
};

use anyhow::Result;

use super::{
    Entry, Harvest, Source,
    entry::record_key,
    merge::{Known, fill},
    read,
};
use crate::{
    catalog::{
        Taxonomy,
        sow::{self, edges, fact_hash},
    },
    domain::{
        fragrance::{Fragrance, Pyramid},
        ids::{FragranceId, NoteId},
        notes::{Category, Layer, Note},
    },
    parallel,
    store::{
        Store,
        fragrance::{self, FragranceFacts},
        fragrance_note,
    },
};

/// Perfumes that are written between two lines about the progress.
const STEP: usize = 2_500;
/// So many rejects and unknown notes are named one by one.
const NAMED: usize = 20;

/// Where what is read is told.
type Say<'a> = &'a (dyn Fn(String) + Send + Sync);

/// Brings catalogs into a store.
pub struct Importer {
    store: Store,
}

/// What an import makes of what it reads.
struct Plan {
    /// New perfumes, and known ones of which more is known now.
    changed: Vec<Fragrance>,
    new: usize,
    unchanged: usize,
}

impl Importer {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Reads a file and writes what is new in it. Running it again writes only what is missing; so an import that was
    /// interrupted is resumed by starting it again.
    pub async fn run(&self, file: &Path, source: Source, dry_run: bool, say: Say<'_>) -> Result<()> {
        let started = Instant::now();
        sow::sow(&self.store).await?;
        let notes = fragrance_note::all(&self.store).await?;
        let names: HashMap<NoteId, String> = notes.iter().map(|note| (note.id.clone(), note.name.clone())).collect();
        let taxonomy = Taxonomy::new(notes);
        let known = fragrance::all(&self.store, &names).await?;
        // Seconds of work for a large file, while others are being answered.
        let (plan, unknown) = parallel::aside(|| {
            let mut harvest = read(file, source, &taxonomy, known.iter().map(|fragrance| fragrance.brand.as_str()))?;
            let unknown = spelled_alike(&mut harvest, &taxonomy);
            report(&harvest, &unknown, say);
            anyhow::Ok((Plan::of(known, harvest), unknown))
        })?;
        say(format!(
            "{} perfumes are new, {} are completed, {} stay as they are",
            plan.new,
            plan.changed.len() - plan.new,
            plan.unchanged
        ));
        if dry_run {
            say("nothing was written: this was a rehearsal".into());
            return Ok(());
        }
        self.keep_notes(&taxonomy, unknown.keys()).await?;
        self.keep(plan.changed, say).await?;
        say(format!("done in {:.0} s", started.elapsed().as_secs_f64()));
        Ok(())
    }

    /// Keeps notes that the taxonomy does not know, marked for the operator.
    async fn keep_notes(&self, taxonomy: &Taxonomy, unknown: impl Iterator<Item = &String>) -> Result<()> {
        let flagged = unknown.map(|name| {
            let note = flagged(taxonomy, name);
            let hash = fact_hash(&note);
            (note, hash)
        });
        Ok(fragrance_note::put_all(&self.store, flagged.collect()).await?)
    }

    async fn keep(&self, changed: Vec<Fragrance>, say: Say<'_>) -> Result<()> {
        let ids: HashMap<String, NoteId> =
            fragrance_note::all(&self.store).await?.into_iter().map(|note| (note.name, note.id)).collect();
        let hashes = fragrance::fact_hashes(&self.store).await?;
        let all = changed.len();
        let mut written = 0;
        let mut changed = changed.into_iter().peekable();
        while changed.peek().is_some() {
            let mut facts = Vec::with_capacity(STEP);
            for fragrance in changed.by_ref().take(STEP) {
                // A perfume of the seed keeps the hash of its entry there, so that the seed does not take back what was added.
                let fact_hash = hashes.get(&fragrance.id).cloned().unwrap_or_else(|| fact_hash(&fragrance));
                facts.push(FragranceFacts { notes: edges(&fragrance, &ids)?, fragrance, fact_hash });
            }
            written += facts.len();
            fragrance::put_all(&self.store, facts).await?;
            say(format!("{written} of {all} written ({} %)", 100 * written / all.max(1)));
        }
        Ok(())
    }
}

impl Plan {
    fn of(known: Vec<Fragrance>, harvest: Harvest) -> Self {
        let mut titles = Known::new(known.iter());
        let before: HashMap<FragranceId, Fragrance> = known.into_iter().map(|f| (f.id.clone(), f)).collect();
        // In the order of the file, so that two runs do the same.
        let (mut order, mut now): (Vec<FragranceId>, HashMap<FragranceId, Fragrance>) = (Vec::new(), HashMap::new());
        for entry in harvest.entries {
            match titles.same(&entry.fragrance).cloned() {
                Some(id) => {
                    if !now.contains_key(&id) {
                        order.push(id.clone());
                    }
                    let fragrance = now.entry(id.clone()).or_insert_with(|| before[&id].clone());
                    fill(fragrance, &entry);
                }
                None => {
                    let mut fragrance = entry.fragrance;
                    let free = |id: &FragranceId| !before.contains_key(id) && !now.contains_key(id);
                    if !free(&fragrance.id) {
                        let numbered = (2..).map(|n| FragranceId::from_key(format!("{}_{n}", fragrance.id)));
                        fragrance.id = numbered.into_iter().find(free).unwrap_or(fragrance.id);
                    }
                    titles.add(&fragrance);
                    order.push(fragrance.id.clone());
                    now.insert(fragrance.id.clone(), fragrance);
                }
            }
        }
        let mut plan = Self { changed: Vec::new(), new: 0, unchanged: 0 };
        for fragrance in order.into_iter().filter_map(|id| now.remove(&id)) {
            match before.get(&fragrance.id) {
                Some(known) if *known == fragrance => plan.unchanged += 1,
                Some(_) => plan.changed.push(fragrance),
                None => {
                    plan.new += 1;
                    plan.changed.push(fragrance);
                }
            }
        }
        plan
    }
}

/// A note that nobody has described yet, in the category that its words point to.
fn flagged(taxonomy: &Taxonomy, name: &str) -> Note {
    let pointed = name.split(' ').rev().find_map(|word| taxonomy.resolve(word)).map(|note| note.category);
    let category = pointed.unwrap_or(Category::Musk);
    let color = taxonomy.in_category(category).next().map_or_else(|| "#888888".to_owned(), |note| note.color.clone());
    let id = note_id(name);
    Note { id, name: name.to_owned(), category, synonyms: Vec::new(), evocation: String::new(), color, flagged: true }
}

fn note_id(name: &str) -> NoteId {
    NoteId::from_key(record_key(name))
}

/// Gives every note that the taxonomy does not know one name, where its spellings differ in signs alone: that of its first
/// mention, also in the pyramids. The notes that are new, each with how often it is mentioned.
fn spelled_alike(harvest: &mut Harvest, taxonomy: &Taxonomy) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let known = taxonomy.notes().iter().map(|note| (note.id.clone(), note.name.clone()));
    let mut names: HashMap<NoteId, String> = known.collect();
    for entry in &mut harvest.entries {
        let Entry { unknown, fragrance, .. } = entry;
        for written in unknown {
            let name = names.entry(note_id(written)).or_insert_with(|| written.clone());
            rename(&mut fragrance.notes, written, name);
            written.clone_from(name);
            if taxonomy.get(name).is_none() {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
    }
    counts
}

/// Calls a note by another name; what stands twice in a layer then, stands there once.
fn rename(notes: &mut Pyramid, from: &str, to: &str) {
    if from == to {
        return;
    }
    for &layer in Layer::ALL {
        let names = notes.layer_mut(layer);
        let Some(at) = names.iter().position(|name| name == from) else { continue };
        if names.iter().any(|name| name == to) {
            names.remove(at);
        } else {
            to.clone_into(&mut names[at]);
        }
    }
}

fn report(harvest: &Harvest, unknown: &BTreeMap<String, usize>, say: Say<'_>) {
    let mentions: usize = harvest.entries.iter().map(|entry| entry.mentions).sum();
    let missed: usize = unknown.values().sum();
    say(format!("{} rows are perfumes, {} are not", harvest.entries.len(), harvest.rejects.len()));
    for (line, reason) in harvest.rejects.iter().take(NAMED) {
        say(format!("  line {line}: {reason}"));
    }
    if harvest.rejects.len() > NAMED {
        let reasons: HashSet<&str> = harvest.rejects.iter().map(|(_, reason)| reason.as_str()).collect();
        for reason in reasons {
            let count = harvest.rejects.iter().filter(|(_, other)| other == reason).count();
            say(format!("  {count} rows in all: {reason}"));
        }
    }
    let share = 100.0 * (1.0 - missed as f64 / mentions.max(1) as f64);
    say(format!("{share:.2} % of {mentions} mentions of notes are known; {} notes are kept and flagged", unknown.len()));
    let mut most: Vec<(&String, &usize)> = unknown.iter().collect();
    most.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for (name, count) in most.into_iter().take(NAMED) {
        say(format!("  {count} × {name}"));
    }
}
