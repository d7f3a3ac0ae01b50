//! The features of a perfume in the light of a question.

use std::collections::HashMap;

use super::{
    affinity::Affinity,
    description::Description,
    impressions::Impressions,
    kinship::stand_in,
    occasion::Occasion,
    stand_ins::{accord_of, stand_ins},
};
use crate::{
    advisor::{
        interpret::moods::accords_of,
        retrieve::{Found, Recalled, walk},
    },
    catalog::{Part, Snapshot, similarity},
    domain::{
        fragrance::{Family, Fragrance, Intensity, Longevity},
        ids::FragranceId,
        intent::Intent,
        notes::Layer,
        taste::TargetKind,
    },
    learning::ranker::{TRAITS, Trait, Values},
};

/// How many of the perfumes that stand for a taste lend their notes.
const EXAMPLES: usize = 12;
/// How much what a person knows counts where something is asked for.
const ASKED: f64 = 0.35;
/// What was wished for, where the question is for what is on the wishlist: as much as a note that was asked for.
const WISHED: f64 = 5.0;
/// Only the accord of the wanted note's name.
const ACCORD_ALONE: f64 = 0.45;
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
    /// What the answer should resemble less.
    unlike: Vec<usize>,
    meaning: Vec<f64>,
    most_words: f64,
    wanted: Vec<Wanted>,
    /// What stands for each wanted accord, with its family's name.
    wanted_accords: Vec<(&'a str, Impressions)>,
    /// By note: it is of a wanted kind. Empty where none is wanted.
    of_wanted_kind: Vec<bool>,
    moods: Impressions,
    occasion: Option<Occasion>,
    memories: Vec<f64>,
    /// How much the memory that is nearest to the question has to do with it, 0 to 1: the walk over the memories' notes tells
    /// perfumes apart, but not how much the memories matter.
    relevance: f64,
    neighbors: Vec<f64>,
    /// By note.
    liking: Vec<f64>,
    liked_accords: Impressions,
    /// By family.
    liked_families: Vec<f64>,
    /// By house.
    liked_houses: Vec<f64>,
    /// By house: it was asked for.
    wanted_houses: Vec<bool>,
    /// By perfume: what was said of itself.
    liked_perfumes: Vec<f64>,
    /// By note, if it was wanted or remembered: where one mostly meets it.
    typical: Vec<Option<Layer>>,
    affinity: Option<Affinity>,
    /// How much the affinity counts.
    share: f64,
    description: Description,
}

/// A wanted note with what stands for it.
struct Wanted {
    /// By note: how far it stands for the wanted one; 1 for itself.
    parts: Vec<f64>,
    /// The accord of its name.
    accord: Option<u16>,
    weight: f64,
}

impl<'a> Lens<'a> {
    pub fn new(snapshot: &'a Snapshot, intent: &'a Intent, found: &'a Found) -> Self {
        let taxonomy = snapshot.taxonomy();
        let wanted: Vec<Wanted> = intent
            .wanted_notes
            .iter()
            .map(|name| Wanted {
                parts: stand_ins(snapshot, name),
                accord: accord_of(snapshot, name),
                weight: 0.3 + 0.7 * snapshot.rarity(name),
            })
            .collect();
        let evoked = evoked(&found.recalled);
        let taste = &found.person.taste;
        let mut liking = vec![0.0; taxonomy.notes().len()];
        for (note, leaning) in taste.of_kind(TargetKind::Note) {
            if let Some(at) = taxonomy.index_of(note) {
                liking[at] = leaning.weight * leaning.confidence * (0.3 + 0.7 * snapshot.rarity(note));
            }
        }
        let accords: HashMap<&str, f64> = taste.of_kind(TargetKind::Accord).map(|(a, l)| (a, l.weight * l.confidence)).collect();
        let of_family = |family: &Family| taste.leaning(TargetKind::Family, family.as_str()).weight;
        let (mut liked_houses, mut wanted_houses) = (vec![0.0; snapshot.brands().len()], vec![false; snapshot.brands().len()]);
        for (brand, leaning) in taste.of_kind(TargetKind::Brand) {
            snapshot.house_at(brand).into_iter().for_each(|at| liked_houses[at] = leaning.weight);
        }
        for brand in &intent.wanted_brands {
            snapshot.house_at(brand).into_iter().for_each(|at| wanted_houses[at] = true);
        }
        let mut liked_perfumes = vec![0.0; snapshot.fragrances().len()];
        for (id, leaning) in taste.of_kind(TargetKind::Fragrance) {
            if let Some(at) = snapshot.index_of(&FragranceId::from_key(id)) {
                liked_perfumes[at] = leaning.weight;
            }
        }
        let mut typical = vec![None; taxonomy.notes().len()];
        let remembered = evoked.iter().filter(|(_, weight)| **weight > 0.0).map(|(note, _)| *note);
        for note in intent.wanted_notes.iter().map(String::as_str).chain(remembered) {
            if let Some(at) = taxonomy.index_of(note) {
                typical[at] = Some(snapshot.typical_layer(note));
            }
        }
        let liked: Vec<usize> = found.person.examples().filter_map(|id| snapshot.index_of(id)).take(EXAMPLES).collect();
        let ratings: Vec<(usize, f64)> =
            found.person.ratings().into_iter().filter_map(|(id, rating)| Some((snapshot.index_of(id)?, rating))).collect();
        let asks = *intent != Intent::default() || !found.nearness.meaning.is_empty() || !found.nearness.words.is_empty();
        let wanted_kinds = &intent.wanted_categories;
        let of_wanted_kind = if wanted_kinds.is_empty() {
            Vec::new()
        } else {
            taxonomy.notes().iter().map(|note| wanted_kinds.contains(&note.category)).collect()
        };
        let moods: Vec<(&str, f64)> = intent.moods.iter().flat_map(|mood| accords_of(mood)).copied().collect();
        let stands_for = |wanted: &'a String| (wanted.as_str(), Impressions::new(snapshot, |accord| stand_in(accord, wanted)));
        Self {
            anchor: intent.like.as_ref().and_then(|anchor| snapshot.index_of(&anchor.fragrance_id)),
            unlike: intent.unlike.iter().filter_map(|id| snapshot.index_of(id)).collect(),
            meaning: standardized(&found.nearness.meaning),
            most_words: found.nearness.words.iter().fold(0.0_f32, |most, x| most.max(*x)).into(),
            wanted_accords: intent.wanted_accords.iter().map(stands_for).collect(),
            moods: Impressions::mixture(snapshot, &moods),
            occasion: intent.occasion.as_ref().and_then(|occasion| Occasion::of(snapshot, occasion)),
            liked_accords: Impressions::new(snapshot, |accord| accords.get(accord).copied().unwrap_or_default()),
            memories: walk(snapshot, &evoked),
            relevance: found.recalled.relevance.values().copied().fold(0.0, f64::max),
            neighbors: walk(snapshot, &notes_of(snapshot, &liked)),
            affinity: Affinity::of(snapshot, &ratings),
            share: if asks { ASKED } else { 1.0 },
            description: Description::read(snapshot, &found.told, &found.nearness.meaning),
            of_wanted_kind,
            snapshot,
            intent,
            found,
            wanted,
            liking,
            liked_families: Family::ALL.iter().map(of_family).collect(),
            liked_houses,
            wanted_houses,
            liked_perfumes,
            typical,
        }
    }

    /// The value of each feature for one perfume.
    pub fn values(&self, index: usize) -> Values {
        let fragrance: &Fragrance = &self.snapshot.fragrances()[index];
        let (parts, accords) = (self.snapshot.composition(index), self.snapshot.accords_of(index));
        let mut values = [0.0; TRAITS];
        let mut set = |feature: Trait, value: f64| values[feature as usize] = value;
        let intent = self.intent;

        set(Trait::Meaning, self.meaning.get(index).copied().unwrap_or_default());
        if self.most_words > 0.0 {
            set(Trait::Words, self.found.nearness.words.get(index).map_or(0.0, |w| f64::from(*w) / self.most_words));
        }
        set(Trait::WantedNotes, self.wanted_notes(parts, accords));
        set(Trait::WantedKinds, self.wanted_kinds(parts));
        set(Trait::WantedAccords, mean(self.wanted_accords.iter().map(|wanted| accord_met(wanted, fragrance, accords))));
        set(Trait::WantedFamily, f64::from(u8::from(intent.wanted_families.contains(&fragrance.family))));
        let house = self.snapshot.house_of(index);
        set(Trait::WantedHouse, f64::from(u8::from(self.wanted_houses[house])));
        set(Trait::Moods, self.moods.blend(accords));
        set(Trait::Memories, self.relevance * self.memories[index]);
        set(Trait::Neighbors, self.neighbors[index]);

        let liking: f64 = parts.iter().map(|part| self.liking[part.note]).sum();
        set(Trait::TasteNotes, (liking / 1.5).tanh());
        set(Trait::TasteAccords, self.liked_accords.sum(accords).tanh());
        set(Trait::TasteFamily, self.liked_families[fragrance.family as usize]);
        set(Trait::TasteHouse, self.liked_houses[house]);
        let wished = intent.from_wishlist && self.found.person.wishes_for(&fragrance.id);
        set(Trait::TastePerfume, if wished { WISHED } else { self.liked_perfumes[index] });

        let like = |other: usize| similarity(self.snapshot, other, index);
        set(Trait::Anchor, self.anchor.map_or(0.0, like) - self.unlike.iter().map(|&other| like(other)).fold(0.0, f64::max));

        if !intent.seasons.is_empty() || intent.time.is_some() {
            let setting = self.snapshot.setting(index);
            set(Trait::Season, mean(intent.seasons.iter().map(|s| 2.0 * setting.season(*s) - 1.0)));
            set(Trait::Time, intent.time.map_or(0.0, |time| 2.0 * setting.time(time) - 1.0));
        }
        set(Trait::Occasion, self.occasion.as_ref().map_or(0.0, |occasion| occasion.fit(fragrance, accords)));
        set(Trait::Loudness, self.loudness(fragrance));
        set(Trait::Longevity, intent.longevity.map_or(0.0, |wanted| longevity_fit(wanted, fragrance.longevity)));
        set(Trait::Layers, self.layers(parts));
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
    fn wanted_notes(&self, parts: &[Part], accords: &[u16]) -> f64 {
        let all: f64 = self.wanted.iter().map(|w| w.weight).sum();
        if all == 0.0 {
            return 0.0;
        }
        let met = |wanted: &Wanted| {
            let has_accord = wanted.accord.is_some_and(|accord| accords.contains(&accord));
            let (alone, more) = if has_accord { (ACCORD_ALONE, 0.1) } else { (0.0, 0.0) };
            let in_place = |part: &Part| wanted.parts[part.note] * (0.9 - 0.03 * part.position.min(5) as f64 + more);
            parts.iter().map(in_place).fold(alone, f64::max)
        };
        self.wanted.iter().map(|w| w.weight * met(w)).sum::<f64>() / all
    }

    /// How much of its notes is of the wanted kinds; a third of them is as much as one can ask.
    fn wanted_kinds(&self, parts: &[Part]) -> f64 {
        if self.of_wanted_kind.is_empty() {
            return 0.0;
        }
        let of_kind = parts.iter().filter(|part| self.of_wanted_kind[part.note]).count();
        (3.0 * of_kind as f64 / parts.len().max(1) as f64).min(1.0)
    }

    /// Of what was wanted or remembered and is in it, the part that stands in the layer where one mostly meets it.
    fn layers(&self, parts: &[Part]) -> f64 {
        let (mut agree, mut all) = (0.0, 0.0);
        for part in parts.iter().filter(|part| part.layer != Layer::Other) {
            if let Some(typical) = self.typical[part.note] {
                all += 1.0;
                agree += f64::from(u8::from(typical == part.layer));
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
fn accord_met((wanted, impressions): &(&str, Impressions), fragrance: &Fragrance, accords: &[u16]) -> f64 {
    let family = if fragrance.family.as_str() == *wanted { 0.6 } else { 0.0 };
    impressions.strongest(accords).max(family)
}

/// The notes that the memories evoke, each with how much and with which sign.
///
/// A memory counts as much as it has to do with the question; a bad one counts against its notes, and fully so.
pub(crate) fn evoked(recalled: &Recalled) -> HashMap<&str, f64> {
    let mut evoked: HashMap<&str, f64> = HashMap::new();
    for note in recalled.notes.iter() {
        let feeling = if note.valence < 0.0 { note.valence - 0.3 } else { 0.6 + 0.4 * note.valence };
        let said = if note.literal { 1.0 } else { IMPLIED };
        let near = recalled.relevance.get(&note.memory).copied().unwrap_or(0.3);
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
