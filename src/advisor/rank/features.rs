//! The features of a perfume in the light of a question.

use std::collections::HashMap;

use super::{affinity::Affinity, description::Description, kinship::presence, occasion::occasion_fit};
use crate::{
    advisor::{
        interpret::moods::accords_of,
        retrieve::{Found, Recalled, walk},
    },
    catalog::{Snapshot, VectorSearch, similarity},
    domain::{
        fragrance::{Fragrance, Intensity, Longevity},
        intent::Intent,
        notes::{Category, Layer},
        taste::{Leaning, TargetKind},
    },
    learning::ranker::{TRAITS, Trait, Values},
};

/// How many of the perfumes that stand for a taste lend their notes.
const EXAMPLES: usize = 12;
/// How much what a person knows counts where something is asked for.
const ASKED: f64 = 0.35;
/// What was wished for, where the question is for what is on the wishlist: as much as a note that was asked for.
const WISHED: f64 = 5.0;
/// A kind of the wanted note, such as white musk for musk.
const KIND: f64 = 0.85;
/// Only the accord of the wanted note's name.
const ACCORD_ALONE: f64 = 0.45;
/// A note whose evocation is near to that of the wanted one, by their cosine: fresh grass for a garden.
const EVOCATIVE: f64 = 0.5;
/// The cosine from which two evocations are near, and how many such notes count.
const NEAR_EVOCATION: f32 = 0.45;
const NEAREST: usize = 8;
/// An implied note against one that was said.
const IMPLIED: f64 = 0.7;

/// What a request asks for, and what a description says by its own model: the more a text is one, the less it is the other.
const REQUESTED: [Trait; 14] = [
    Trait::Meaning,
    Trait::Words,
    Trait::WantedNotes,
    Trait::WantedKinds,
    Trait::WantedAccords,
    Trait::Moods,
    Trait::WantedFamily,
    Trait::Season,
    Trait::Time,
    Trait::Occasion,
    Trait::Loudness,
    Trait::Longevity,
    Trait::Layers,
    Trait::Popularity,
];

/// Everything about a question that does not depend on the perfume.
pub(crate) struct Lens<'a> {
    snapshot: &'a Snapshot,
    intent: &'a Intent,
    found: &'a Found,
    anchor: Option<usize>,
    meaning: Vec<f64>,
    most_words: f64,
    wanted: Vec<Wanted>,
    categories: HashMap<&'a str, Category>,
    moods: Vec<(&'static str, f64)>,
    memories: Vec<f64>,
    /// How much the memory that is nearest to the question has to do with it, 0 to 1: the walk over the memories' notes tells
    /// perfumes apart, but not how much the memories matter.
    relevance: f64,
    neighbors: Vec<f64>,
    liking: HashMap<&'a str, f64>,
    /// Of everything but notes.
    leanings: HashMap<TargetKind, HashMap<&'a str, Leaning>>,
    typical: HashMap<String, Layer>,
    affinity: Option<Affinity>,
    /// How much the affinity counts.
    share: f64,
    description: Description,
}

/// A wanted note with what stands for it.
struct Wanted {
    name: String,
    /// Notes that stand for it, with how far they do.
    kin: HashMap<String, f64>,
    weight: f64,
}

impl<'a> Lens<'a> {
    pub fn new(snapshot: &'a Snapshot, intent: &'a Intent, found: &'a Found) -> Self {
        let taxonomy = snapshot.taxonomy();
        let wanted: Vec<Wanted> = intent
            .wanted_notes
            .iter()
            .map(|name| Wanted { name: name.clone(), kin: kin(snapshot, name), weight: 0.3 + 0.7 * snapshot.rarity(name) })
            .collect();
        let evoked = evoked(&found.recalled);
        let liking: HashMap<&str, f64> = found
            .person
            .taste
            .of_kind(TargetKind::Note)
            .map(|(note, leaning)| (note, leaning.weight * leaning.confidence * (0.3 + 0.7 * snapshot.rarity(note))))
            .collect();
        let kinds = [TargetKind::Accord, TargetKind::Family, TargetKind::Brand, TargetKind::Fragrance];
        let leanings =
            kinds.into_iter().map(|kind| (kind, found.person.taste.of_kind(kind).map(|(id, l)| (id, *l)).collect())).collect();
        let typical = wanted
            .iter()
            .map(|w| w.name.as_str())
            .chain(evoked.iter().filter(|(_, weight)| **weight > 0.0).map(|(note, _)| *note))
            .map(|note| (note.to_owned(), snapshot.typical_layer(note)))
            .collect();
        let liked: Vec<usize> = found.person.examples().filter_map(|id| snapshot.index_of(id)).take(EXAMPLES).collect();
        let ratings: Vec<(usize, f64)> =
            found.person.ratings().into_iter().filter_map(|(id, rating)| Some((snapshot.index_of(id)?, rating))).collect();
        let asks = *intent != Intent::default() || !found.nearness.meaning.is_empty() || !found.nearness.words.is_empty();
        let categories = if intent.wanted_categories.is_empty() {
            HashMap::new()
        } else {
            taxonomy.notes().iter().map(|note| (note.name.as_str(), note.category)).collect()
        };
        Self {
            anchor: intent.like.as_ref().and_then(|anchor| snapshot.index_of(&anchor.fragrance_id)),
            meaning: standardized(&found.nearness.meaning),
            most_words: found.nearness.words.iter().fold(0.0_f32, |most, x| most.max(*x)).into(),
            moods: intent.moods.iter().flat_map(|mood| accords_of(mood)).copied().collect(),
            memories: walk(snapshot, &evoked),
            relevance: found.recalled.relevance().into_values().fold(0.0, f64::max),
            neighbors: walk(snapshot, &notes_of(snapshot, &liked)),
            affinity: Affinity::of(snapshot, &ratings),
            share: if asks { ASKED } else { 1.0 },
            description: Description::read(snapshot, &found.told, &found.nearness.meaning),
            categories,
            snapshot,
            intent,
            found,
            wanted,
            liking,
            leanings,
            typical,
        }
    }

    /// The value of each feature for one perfume.
    pub fn values(&self, index: usize) -> Values {
        let fragrance: &Fragrance = &self.snapshot.fragrances()[index];
        let mut values = [0.0; TRAITS];
        let mut set = |feature: Trait, value: f64| values[feature as usize] = value;
        let intent = self.intent;

        set(Trait::Meaning, self.meaning.get(index).copied().unwrap_or_default());
        if self.most_words > 0.0 {
            set(Trait::Words, self.found.nearness.words.get(index).map_or(0.0, |w| f64::from(*w) / self.most_words));
        }
        set(Trait::WantedNotes, self.wanted_notes(fragrance));
        set(Trait::WantedKinds, self.wanted_kinds(fragrance));
        set(Trait::WantedAccords, mean(intent.wanted_accords.iter().map(|a| accord_of(fragrance, a))));
        set(Trait::WantedFamily, f64::from(u8::from(intent.wanted_families.contains(&fragrance.family))));
        set(Trait::WantedHouse, f64::from(u8::from(intent.wanted_brands.contains(&fragrance.brand))));
        set(Trait::Moods, blend(&fragrance.accords, &self.moods));
        set(Trait::Memories, self.relevance * self.memories[index]);
        set(Trait::Neighbors, self.neighbors[index]);

        let liking: f64 = fragrance.notes.notes().filter_map(|(_, note)| self.liking.get(note)).sum();
        set(Trait::TasteNotes, (liking / 1.5).tanh());
        let leaning = |kind, id: &str| self.leanings.get(&kind).and_then(|of| of.get(id)).copied().unwrap_or_default();
        let accords = fragrance.accords.iter().map(|accord| leaning(TargetKind::Accord, accord));
        set(Trait::TasteAccords, accords.map(|l| l.weight * l.confidence).sum::<f64>().tanh());
        set(Trait::TasteFamily, leaning(TargetKind::Family, fragrance.family.as_str()).weight);
        set(Trait::TasteHouse, leaning(TargetKind::Brand, &fragrance.brand).weight);
        let wished = intent.from_wishlist && self.found.person.wishes_for(&fragrance.id);
        set(Trait::TastePerfume, if wished { WISHED } else { leaning(TargetKind::Fragrance, fragrance.id.as_str()).weight });

        if let Some(anchor) = self.anchor {
            set(Trait::Anchor, similarity(self.snapshot, anchor, index));
        }

        if !intent.seasons.is_empty() || intent.time.is_some() {
            let setting = self.snapshot.setting(index);
            set(Trait::Season, mean(intent.seasons.iter().map(|s| 2.0 * setting.season(*s) - 1.0)));
            set(Trait::Time, intent.time.map_or(0.0, |time| 2.0 * setting.time(time) - 1.0));
        }
        if let Some(occasion) = &intent.occasion {
            set(Trait::Occasion, occasion_fit(fragrance, occasion).unwrap_or_default());
        }
        set(Trait::Loudness, self.loudness(fragrance));
        set(Trait::Longevity, intent.longevity.map_or(0.0, |wanted| longevity_fit(wanted, fragrance.longevity)));
        set(Trait::Layers, self.layers(fragrance));
        set(Trait::Price, self.price(fragrance));
        set(Trait::Popularity, fragrance.popularity);
        self.described(index, &mut values);
        values
    }

    /// Whether the person knows perfumes to compare with.
    pub fn compares(&self) -> bool {
        self.affinity.is_some()
    }

    /// The values, completed by what comparing the perfume with those that the person knows tells.
    pub fn compared(&self, index: usize, mut values: Values) -> Values {
        for (feature, value) in self.affinity.iter().flat_map(|affinity| affinity.values(self.snapshot, index)) {
            values[feature as usize] = self.share * value;
        }
        values
    }

    /// What a text describes is read by a model of its own, and so much the less as a request.
    fn described(&self, index: usize, values: &mut Values) {
        for asked in REQUESTED {
            values[asked as usize] *= 1.0 - self.found.told.degree;
        }
        for (part, value) in self.description.of(index) {
            values[part as usize] = value;
        }
    }

    /// The part of the wanted notes that it has, rare ones counting more, and first ones of a layer a little.
    fn wanted_notes(&self, fragrance: &Fragrance) -> f64 {
        let all: f64 = self.wanted.iter().map(|w| w.weight).sum();
        if all == 0.0 {
            return 0.0;
        }
        let met = |wanted: &Wanted| {
            let mut best: f64 = if fragrance.accords.contains(&wanted.name) { ACCORD_ALONE } else { 0.0 };
            for &layer in Layer::ALL {
                for (position, note) in fragrance.notes.layer(layer).iter().enumerate() {
                    let part = if *note == wanted.name { 1.0 } else { wanted.kin.get(note).copied().unwrap_or_default() };
                    if part == 0.0 {
                        continue;
                    }
                    let accord = if fragrance.accords.contains(&wanted.name) { 0.1 } else { 0.0 };
                    best = best.max(part * (0.9 - 0.03 * position.min(5) as f64 + accord));
                }
            }
            best
        };
        self.wanted.iter().map(|w| w.weight * met(w)).sum::<f64>() / all
    }

    /// How much of its notes is of the wanted kinds; a third of them is as much as one can ask.
    fn wanted_kinds(&self, fragrance: &Fragrance) -> f64 {
        if self.intent.wanted_categories.is_empty() {
            return 0.0;
        }
        let (mut of_kind, mut all) = (0.0, 0.0);
        for (_, note) in fragrance.notes.notes() {
            all += 1.0;
            if self.categories.get(note).is_some_and(|category| self.intent.wanted_categories.contains(category)) {
                of_kind += 1.0;
            }
        }
        (3.0 * of_kind / f64::max(all, 1.0)).min(1.0)
    }

    /// Of what was wanted or remembered and is in it, the part that stands in the layer where one mostly meets it.
    fn layers(&self, fragrance: &Fragrance) -> f64 {
        let (mut agree, mut all) = (0.0, 0.0);
        for (layer, note) in fragrance.notes.notes().filter(|(layer, _)| *layer != Layer::Other) {
            if let Some(typical) = self.typical.get(note) {
                all += 1.0;
                agree += f64::from(u8::from(*typical == layer));
            }
        }
        if all > 0.0 { agree / all } else { 0.0 }
    }

    fn loudness(&self, fragrance: &Fragrance) -> f64 {
        let fit = |wanted: Intensity| fragrance.intensity.map_or(0.0, |is| 1.0 - (level(wanted) - level(is)).abs());
        match (self.intent.intensity, self.found.person.intensity) {
            (Some(wanted), _) => fit(wanted),
            (None, Some(wanted)) => 0.5 * fit(wanted),
            (None, None) => 0.0,
        }
    }

    /// A known price under the limit speaks for a perfume; one above what the profile says, against it.
    fn price(&self, fragrance: &Fragrance) -> f64 {
        let asked = self.intent.budget.is_some() || self.intent.like.as_ref().is_some_and(|anchor| anchor.cheaper);
        match (asked, self.found.person.budget, &fragrance.price) {
            (true, _, Some(_)) => 1.0,
            (false, Some(budget), Some(price)) if price.euros() > budget.max_euros() => -2.0,
            (false, Some(_), Some(_)) => 0.5,
            _ => 0.0,
        }
    }
}

fn level(intensity: Intensity) -> f64 {
    match intensity {
        Intensity::Soft => 0.0,
        Intensity::Moderate => 1.0,
        Intensity::Strong => 2.0,
    }
}

/// −1 to 1. Who asks for what lasts minds what fades, and not the other way round.
fn longevity_fit(wanted: Longevity, is: Option<Longevity>) -> f64 {
    let Some(is) = is else { return 0.0 };
    let gap = wanted as i32 - is as i32;
    if wanted == Longevity::Short { 1.0 - f64::from(gap.abs()) * 0.5 } else { 1.0 - f64::from(gap.max(0)) }.max(-1.0)
}

/// A wanted accord counts also as the family of that name, for a part.
fn accord_of(fragrance: &Fragrance, accord: &str) -> f64 {
    let family = if fragrance.family.as_str() == accord { 0.6 } else { 0.0 };
    presence(&fragrance.accords, accord).max(family)
}

/// How much a perfume's accords are those of a mixture, 0 to 1: the three that fit best, each for its part.
pub(super) fn blend(accords: &[String], mixture: &[(&str, f64)]) -> f64 {
    let mut fits: Vec<f64> = accords
        .iter()
        .enumerate()
        .map(|(position, accord)| {
            let fit = mixture.iter().filter(|(name, _)| name == accord).map(|(_, weight)| *weight).fold(0.0, f64::max);
            fit * (1.0 - 0.08 * position.min(6) as f64)
        })
        .collect();
    fits.sort_by(|a, b| b.total_cmp(a));
    fits.iter().take(3).sum::<f64>() / 2.2
}

/// What stands for a note: its kinds, and notes that evoke the like.
fn kin(snapshot: &Snapshot, name: &str) -> HashMap<String, f64> {
    let taxonomy = snapshot.taxonomy();
    let Some(at) = taxonomy.index_of(name) else { return HashMap::new() };
    let mut kin = HashMap::new();
    if !taxonomy.evocations().is_empty() {
        let near = taxonomy.evocations().nearest(taxonomy.evocation_vector(at), NEAREST + 1);
        for (other, cosine) in near.into_iter().filter(|(other, cosine)| *other != at && *cosine >= NEAR_EVOCATION) {
            kin.insert(taxonomy.notes()[other].name.clone(), EVOCATIVE * f64::from(cosine));
        }
    }
    for &other in taxonomy.kinds_of(at) {
        kin.insert(taxonomy.notes()[other].name.clone(), KIND);
    }
    kin
}

/// The notes that the memories evoke, each with how much and with which sign.
///
/// A memory counts as much as it has to do with the question; a bad one counts against its notes, and fully so.
pub(crate) fn evoked(recalled: &Recalled) -> HashMap<&str, f64> {
    let relevance = recalled.relevance();
    let mut evoked: HashMap<&str, f64> = HashMap::new();
    for note in &recalled.notes {
        let feeling = if note.valence < 0.0 { note.valence - 0.3 } else { 0.6 + 0.4 * note.valence };
        let said = if note.literal { 1.0 } else { IMPLIED };
        let near = relevance.get(&note.memory).copied().unwrap_or(0.3);
        *evoked.entry(note.name.as_str()).or_default() += note.confidence * said * near * feeling;
    }
    evoked.values_mut().for_each(|weight| *weight = weight.tanh());
    evoked
}

/// The notes of some perfumes, each counting once for every perfume.
fn notes_of<'a>(snapshot: &'a Snapshot, places: &[usize]) -> HashMap<&'a str, f64> {
    let mut notes: HashMap<&str, f64> = HashMap::new();
    for &place in places {
        for (_, note) in snapshot.fragrances()[place].notes.notes() {
            *notes.entry(note).or_default() += 1.0;
        }
    }
    notes
}

/// Cosines as distances from their mean in standard deviations, squashed into −1…1: raw cosines differ by hundredths.
fn standardized(scores: &[f32]) -> Vec<f64> {
    let count = scores.len().max(1) as f64;
    let mean = scores.iter().map(|s| f64::from(*s)).sum::<f64>() / count;
    let deviation = (scores.iter().map(|s| (f64::from(*s) - mean).powi(2)).sum::<f64>() / count).sqrt();
    scores.iter().map(|s| if deviation > 1e-9 { ((f64::from(*s) - mean) / (2.0 * deviation)).tanh() } else { 0.0 }).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}
