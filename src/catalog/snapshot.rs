//! Everything that answers need, in memory: read without waiting, replaced as a whole.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
    sync::{Arc, OnceLock},
};

use anyhow::{Result, ensure};

use super::{
    bm25::{Bm25, Terms},
    gallery::Gallery,
    houses::{Houses, other_names},
    names::Names,
    phrases::key,
    setting::Setting,
    taxonomy::Taxonomy,
    titles::Titles,
    vectors::{FlatVectors, VectorSearch},
};
use crate::domain::{
    flower::{Flower, Petal},
    fragrance::{Family, Fragrance},
    ids::FragranceId,
    notes::{Category, Layer},
};

/// A catalog as it stood when it was loaded.
pub struct Snapshot {
    taxonomy: Arc<Taxonomy>,
    fragrances: Vec<Arc<Fragrance>>,
    places: HashMap<FragranceId, usize>,
    vectors: FlatVectors,
    bm25: Bm25,
    /// By note: in how many perfumes of each layer it is.
    carried: Vec<[u32; 4]>,
    /// By note: how seldom perfumes carry it, 0 to 1.
    rarities: Vec<f64>,
    /// By perfume: its notes with their layer and their part, by note.
    composed: Rows<Part>,
    /// What perfumes carry under names that are none of the taxonomy's own.
    strange_notes: BTreeSet<String>,
    /// Every accord that a perfume has.
    accords: Vec<String>,
    /// By perfume: its accords, strongest first, by their place among the accords.
    felt: Rows<u16>,
    /// By perfume: its family.
    families: Vec<Family>,
    /// By perfume: the taxonomy knows all of its notes, and its accords are counted.
    plain: Vec<bool>,
    /// By perfume: its name and its full name, folded.
    folded: Vec<FoldedName>,
    /// Every house that has a perfume.
    brands: Vec<String>,
    /// By perfume: its house, by its place among them.
    made_by: Vec<usize>,
    houses: Houses,
    titles: Titles,
    names: Names,
    settings: OnceLock<Vec<Setting>>,
    gallery: OnceLock<Gallery>,
}

/// Lists of different lengths, one after another: every question goes through all of them in order.
struct Rows<T> {
    items: Vec<T>,
    /// Where each row begins, and at last where the last one ends.
    starts: Vec<usize>,
}

impl<T> Rows<T> {
    fn of(rows: impl Iterator<Item = Vec<T>>) -> Self {
        let (mut items, mut starts) = (Vec::new(), vec![0]);
        for row in rows {
            items.extend(row);
            starts.push(items.len());
        }
        Self { items, starts }
    }

    fn row(&self, at: usize) -> &[T] {
        &self.items[self.starts[at]..self.starts[at + 1]]
    }
}

/// What a perfume is called, as it is compared.
pub(super) struct FoldedName {
    pub name: Box<str>,
    /// With the house.
    pub full: Box<str>,
}

/// A note in a perfume.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Its place in the taxonomy.
    pub note: usize,
    pub layer: Layer,
    /// Its place in its layer, from 0.
    pub position: usize,
    /// What is named first in a layer weighs most.
    pub weight: f64,
}

impl Snapshot {
    /// Made of perfumes and, in the same order, the vectors that stand for them.
    pub fn new(taxonomy: Arc<Taxonomy>, fragrances: Vec<Fragrance>, vectors: FlatVectors) -> Result<Self> {
        ensure!(vectors.len() == fragrances.len(), "{} perfumes have {} vectors", fragrances.len(), vectors.len());
        let fragrances: Vec<Arc<Fragrance>> = fragrances.into_iter().map(Arc::new).collect();
        let composed = Rows::of(fragrances.iter().map(|fragrance| composition(&taxonomy, fragrance)));
        let mut carried = vec![[0; 4]; taxonomy.notes().len()];
        for part in &composed.items {
            carried[part.note][part.layer as usize] += 1;
        }
        let rarities = carried.iter().map(|layers| rarity(fragrances.len(), layers.iter().sum())).collect();
        let (accords, felt) = interned(&fragrances);
        let is_plain = |(at, f): (usize, &Arc<Fragrance>)| {
            f.notes.notes().count() == composed.row(at).len() && f.accords.len() == felt.row(at).len()
        };
        let plain = fragrances.iter().enumerate().map(is_plain).collect();
        let families = fragrances.iter().map(|fragrance| fragrance.family).collect();
        let brands: Vec<&str> = fragrances.iter().map(|f| f.brand.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
        let made_by = fragrances.iter().filter_map(|f| brands.binary_search(&f.brand.as_str()).ok()).collect();
        let brands = brands.into_iter().map(str::to_owned).collect();
        let carried_names = fragrances.iter().flat_map(|fragrance| fragrance.notes.notes().map(|(_, note)| note));
        let strange_notes = carried_names.filter(|note| taxonomy.get(note).is_none()).map(str::to_owned).collect();
        let mut best_known: Vec<usize> = (0..fragrances.len()).collect();
        best_known.sort_by(|&a, &b| fragrances[b].popularity.total_cmp(&fragrances[a].popularity).then(a.cmp(&b)));
        let folded = |fragrance: &Arc<Fragrance>| FoldedName {
            name: key(&fragrance.name).into(),
            full: key(&fragrance.full_name()).into(),
        };
        let folded = fragrances.iter().map(folded).collect();
        let houses = Houses::new(fragrances.iter().map(|fragrance| fragrance.brand.as_str()));
        Ok(Self {
            places: fragrances.iter().enumerate().map(|(at, fragrance)| (fragrance.id.clone(), at)).collect(),
            bm25: Bm25::new(&fragrances.iter().map(|fragrance| document(&taxonomy, fragrance)).collect::<Vec<_>>()),
            names: Names::of(fragrances.iter().map(|fragrance| fragrance.name.as_str())),
            titles: Titles::new(&fragrances, &best_known, &houses, &taxonomy),
            taxonomy,
            fragrances,
            vectors,
            carried,
            rarities,
            composed,
            strange_notes,
            accords,
            felt,
            families,
            plain,
            folded,
            brands,
            made_by,
            houses,
            settings: OnceLock::new(),
            gallery: OnceLock::new(),
        })
    }

    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// The taxonomy, for another catalog of the same notes.
    pub fn shared_taxonomy(&self) -> Arc<Taxonomy> {
        Arc::clone(&self.taxonomy)
    }

    /// All perfumes. Elsewhere they are named by their place in this list.
    pub fn fragrances(&self) -> &[Arc<Fragrance>] {
        &self.fragrances
    }

    pub fn index_of(&self, id: &FragranceId) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub fn get(&self, id: &FragranceId) -> Option<&Arc<Fragrance>> {
        self.index_of(id).map(|at| &self.fragrances[at])
    }

    /// The unit vector of a perfume's facts.
    pub fn vector(&self, index: usize) -> &[f32] {
        self.vectors.row(index)
    }

    /// The vectors of all perfumes, to search in.
    pub fn vectors(&self) -> &dyn VectorSearch {
        &self.vectors
    }

    /// The BM25 score of each perfume's facts: house, name, notes under all of their names, accords, family, perfumers.
    pub fn bm25(&self, text: &str) -> Vec<f32> {
        self.bm25.scores(&Terms::new(&self.taxonomy).of(text))
    }

    /// How seldom perfumes carry a note, 0 to 1: the inverse document frequency, scaled.
    pub fn rarity(&self, note: &str) -> f64 {
        self.taxonomy.resolve(note).and_then(|note| self.taxonomy.index_of(&note.name)).map_or(1.0, |at| self.rarity_of(at))
    }

    /// The same, by the note's place in the taxonomy.
    pub(crate) fn rarity_of(&self, note: usize) -> f64 {
        self.rarities[note]
    }

    /// How many perfumes carry a note, by its place in the taxonomy.
    pub(crate) fn carriers(&self, note: usize) -> u32 {
        self.carried[note].iter().sum()
    }

    /// Where perfumes mostly carry a note; for one that none carries, where its category belongs.
    pub fn typical_layer(&self, note: &str) -> Layer {
        let Some(at) = self.taxonomy.resolve(note).and_then(|note| self.taxonomy.index_of(&note.name)) else {
            return Layer::Other;
        };
        let placed = [Layer::Top, Layer::Middle, Layer::Base];
        let most = placed
            .into_iter()
            .max_by_key(|&layer| self.carried[at][layer as usize])
            .filter(|&l| self.carried[at][l as usize] > 0);
        most.unwrap_or(match self.taxonomy.notes()[at].category {
            Category::Citrus | Category::Fruit | Category::Green | Category::Herb | Category::Marine => Layer::Top,
            Category::Flower | Category::WhiteFlower | Category::Spice | Category::Powder => Layer::Middle,
            _ => Layer::Base,
        })
    }

    /// The canonical name of a house that goes by another, too: `ysl`, `hermes`, `mfk`.
    pub fn brand(&self, name: &str) -> Option<&str> {
        self.houses.canonical(name)
    }

    /// The houses that a text names, in order.
    pub fn brand_mentions(&self, text: &str) -> Vec<(String, Range<usize>)> {
        self.houses.mentions(text)
    }

    /// The perfumes that a text names, longest match first: for each place, all that bear the name, best known first. A name
    /// that is an everyday word or a note counts only with its house.
    pub fn fragrance_mentions(&self, text: &str) -> Vec<(Vec<usize>, Range<usize>)> {
        self.titles.mentions(text)
    }

    /// The same perfume in another concentration, or a flanker of it: same house, and one name begins with the other.
    pub fn is_same_line(&self, a: usize, b: usize) -> bool {
        if self.made_by[a] != self.made_by[b] {
            return false;
        }
        let (a, b) = (&self.folded[a].name, &self.folded[b].name);
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        // "Rose" is no line that "Rose Noire" belongs to, and "L'Eau" none either.
        let telling =
            !self.taxonomy.is_name(short) && short.split(' ').any(|word| word.len() > 3 || word.chars().any(char::is_numeric));
        long == short || telling && long.strip_prefix(&**short).is_some_and(|rest| rest.starts_with(' '))
    }

    /// A perfume as a flower: what is named first in a layer weighs most.
    pub fn flower(&self, fragrance: &Fragrance) -> Flower {
        let petals = composition(&self.taxonomy, fragrance).into_iter().map(|part| {
            let note = &self.taxonomy.notes()[part.note];
            Petal {
                note: note.name.clone(),
                category: note.category,
                layer: part.layer,
                weight: part.weight as f32,
                literal: true,
                evocation: note.evocation.clone(),
            }
        });
        Flower { petals: petals.collect(), thorns: Vec::new() }
    }

    /// How far the names of two perfumes are about the same, 0 to 1. It says little of the smell.
    pub(crate) fn name_likeness(&self, a: usize, b: usize) -> f64 {
        self.names.likeness(a, b)
    }

    /// When a perfume is worn; told of all perfumes when it is first asked for.
    pub fn setting(&self, index: usize) -> &Setting {
        let told = || self.fragrances.iter().map(|fragrance| Setting::of(&self.taxonomy, fragrance)).collect();
        &self.settings.get_or_init(told)[index]
    }

    /// The perfumes as descriptions are held against them; made when they are first asked for.
    pub(crate) fn gallery(&self) -> &Gallery {
        self.gallery.get_or_init(|| Gallery::new(self))
    }

    /// Makes what would otherwise be made while the first question waits.
    pub fn warm(&self) {
        self.gallery();
        if !self.fragrances.is_empty() {
            self.setting(0);
        }
    }

    /// How much of a perfume's notes is of each category, in the order of [`Category::ALL`]; of zeros without known notes.
    pub(super) fn category_shares(&self, index: usize) -> [f32; Category::ALL.len()] {
        let mut shares = [0.0; Category::ALL.len()];
        for part in self.composed.row(index) {
            shares[self.taxonomy.notes()[part.note].category as usize] += part.weight as f32;
        }
        let all: f32 = shares.iter().sum();
        shares.map(|share| share / all.max(1e-6))
    }

    /// The notes of a perfume that the taxonomy knows, by note.
    pub(crate) fn composition(&self, index: usize) -> &[Part] {
        self.composed.row(index)
    }

    /// Every name under which a perfume may carry a note, each once.
    pub(crate) fn note_names(&self) -> impl Iterator<Item = &str> {
        self.taxonomy.notes().iter().map(|note| note.name.as_str()).chain(self.strange_notes.iter().map(String::as_str))
    }

    /// The family of a perfume.
    pub(crate) fn family_of(&self, index: usize) -> Family {
        self.families[index]
    }

    /// Whether [`Self::composition`] and [`Self::accords_of`] are all of a perfume's notes and accords.
    pub(crate) fn is_plain(&self, index: usize) -> bool {
        self.plain[index]
    }

    /// What the perfumes are called, folded.
    pub(super) fn folded_names(&self) -> &[FoldedName] {
        &self.folded
    }

    /// Every house that has a perfume in the catalog.
    pub(crate) fn brands(&self) -> &[String] {
        &self.brands
    }

    /// The house of a perfume, by its place in [`Self::brands`].
    pub(crate) fn house_of(&self, index: usize) -> usize {
        self.made_by[index]
    }

    /// The place of a house in [`Self::brands`], by its canonical name.
    pub(crate) fn house_at(&self, brand: &str) -> Option<usize> {
        self.brands.binary_search_by(|other| other.as_str().cmp(brand)).ok()
    }

    /// Every accord that a perfume of the catalog has.
    pub(crate) fn accords(&self) -> &[String] {
        &self.accords
    }

    /// The accords of a perfume, strongest first, by their place in [`Self::accords`].
    pub(crate) fn accords_of(&self, index: usize) -> &[u16] {
        self.felt.row(index)
    }
}

/// The inverse document frequency of what so many of all have, scaled to 0…1.
fn rarity(all: usize, with: u32) -> f64 {
    let all = all as f64 + 1.0;
    ((all / (f64::from(with) + 1.0)).ln() / all.ln().max(1.0)).clamp(0.0, 1.0)
}

/// The distinct accords of perfumes, and by perfume their places among these. Far fewer are known than can be counted here;
/// those beyond are left out.
fn interned(fragrances: &[Arc<Fragrance>]) -> (Vec<String>, Rows<u16>) {
    let distinct: BTreeSet<&str> = fragrances.iter().flat_map(|f| f.accords.iter().map(String::as_str)).collect();
    let places: HashMap<&str, u16> = distinct.iter().copied().zip(0..=u16::MAX).collect();
    let felt = Rows::of(fragrances.iter().map(|f| f.accords.iter().filter_map(|a| places.get(a.as_str()).copied()).collect()));
    (distinct.into_iter().map(str::to_owned).collect(), felt)
}

/// The facts of a perfume as a text: what a question means that names it and says little else.
pub fn facts_text(fragrance: &Fragrance) -> String {
    let list = |notes: &[String]| notes.join(", ");
    let notes: Vec<String> =
        Layer::ALL.iter().map(|&layer| list(fragrance.notes.layer(layer))).filter(|notes| !notes.is_empty()).collect();
    format!(
        "{} by {}, {} perfume: {}. Notes of {}.",
        fragrance.name,
        fragrance.brand,
        fragrance.family.label(),
        list(&fragrance.accords),
        notes.join(", ")
    )
}

/// The notes of a perfume that the taxonomy knows, by note.
fn composition(taxonomy: &Taxonomy, fragrance: &Fragrance) -> Vec<Part> {
    let mut parts = Vec::new();
    for &layer in Layer::ALL {
        for (position, name) in fragrance.notes.layer(layer).iter().enumerate() {
            if let Some(note) = taxonomy.resolve(name).and_then(|note| taxonomy.index_of(&note.name)) {
                parts.push(Part { note, layer, position, weight: 1.0 / (1.0 + 0.25 * position as f64) });
            }
        }
    }
    parts.sort_by_key(|part| part.note);
    parts
}

/// What BM25 reads of a perfume. Its names count twice.
fn document(taxonomy: &Taxonomy, fragrance: &Fragrance) -> Vec<String> {
    let terms = Terms::new(taxonomy);
    let mut document = terms.stems(&fragrance.full_name());
    document.extend(terms.stems(&fragrance.full_name()));
    for alias in other_names(&fragrance.brand) {
        document.extend(terms.stems(&alias));
    }
    document.extend(terms.stems(fragrance.family.as_str()));
    for text in fragrance.accords.iter().chain(&fragrance.perfumers) {
        document.extend(terms.stems(text));
    }
    for (_, note) in fragrance.notes.notes() {
        document.extend(terms.stems(note));
        document.extend(terms.note(note));
    }
    document
}
