//! A taste as it is shown: leanings in order, counts, and the flower.

use std::collections::BTreeMap;

use crate::{
    domain::{
        flower::{Flower, Petal},
        notes::{Layer, Note},
        profile::{Analytics, NamedCount, NamedLeaning},
        taste::{Leaning, TargetKind, Taste},
    },
    store::{query_log::Counts, scent_profile::MemoryFacts},
};

/// Petals of a person's flower, at most.
const PETALS: usize = 24;
/// Thorns of a person's flower, at most.
const THORNS: usize = 12;
/// A note is a thorn from this weight down, when it is also as sure as [`SURE`].
const STRONGLY_DISLIKED: f64 = -0.4;
/// From this confidence on, a leaning was said rather than guessed.
const SURE: f64 = 0.4;
/// Names in a drawing of counts, at most.
const COUNTED: usize = 12;

/// How much a leaning stands out: how strong it is and how sure.
fn prominence(leaning: &Leaning) -> f64 {
    leaning.weight.abs() * leaning.confidence
}

/// All leanings of a kind, the most prominent first, liked and avoided.
pub(super) fn leanings(taste: &Taste, kind: TargetKind) -> Vec<NamedLeaning> {
    let mut leanings: Vec<NamedLeaning> =
        taste.of_kind(kind).map(|(name, leaning)| NamedLeaning { name: name.to_owned(), leaning: *leaning }).collect();
    leanings.sort_by(|a, b| prominence(&b.leaning).total_cmp(&prominence(&a.leaning)).then_with(|| a.name.cmp(&b.name)));
    leanings
}

/// The person as a flower: the liked notes as petals, where perfumes mostly carry them; the vetoed and strongly disliked
/// ones as thorns.
pub(super) fn flower<'a>(taste: &Taste, note: impl Fn(&str) -> Option<&'a Note>, layer: impl Fn(&str) -> Layer) -> Flower {
    let mut flower = Flower::default();
    for NamedLeaning { name, leaning } in leanings(taste, TargetKind::Note) {
        let Some(note) = note(&name) else { continue };
        let petal = || Petal {
            note: note.name.clone(),
            category: note.category,
            layer: layer(&name),
            weight: leaning.weight.abs() as f32,
            literal: leaning.confidence >= SURE,
            evocation: note.evocation.clone(),
        };
        let is_thorn = leaning.vetoed || (leaning.weight <= STRONGLY_DISLIKED && leaning.confidence >= SURE);
        if is_thorn && flower.thorns.len() < THORNS {
            flower.thorns.push(petal());
        } else if leaning.weight > 0.0 && flower.petals.len() < PETALS {
            flower.petals.push(petal());
        }
    }
    flower
}

/// What a person has done here, counted.
pub(super) fn analytics(memories: &[MemoryFacts], counts: Counts, layer: impl Fn(&str) -> Layer) -> Analytics {
    let notes = |wanted: &[Layer]| {
        count(memories.iter().flat_map(|m| &m.notes).map(String::as_str).filter(|note| wanted.contains(&layer(note))))
    };
    Analytics {
        memories: memories.len() as u64,
        queries: counts.queries,
        likes: counts.likes,
        top_notes: notes(&[Layer::Top]),
        // A note that no perfume of the catalog places is counted at the heart.
        middle_notes: notes(&[Layer::Middle, Layer::Other]),
        base_notes: notes(&[Layer::Base]),
        emotions: count(memories.iter().filter_map(|m| m.emotion.as_deref())),
        seasons: count(memories.iter().filter_map(|m| m.season.as_deref())),
    }
}

/// Counts names, whatever their case; the most frequent first.
fn count<'a>(names: impl Iterator<Item = &'a str>) -> Vec<NamedCount> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for name in names.map(|n| n.trim().to_lowercase()).filter(|n| !n.is_empty()) {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<NamedCount> = counts.into_iter().map(|(name, count)| NamedCount { name, count }).collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    counts.truncate(COUNTED);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::{NoteId, TasteEventId},
        notes::Category,
        taste::{HALF_LIFE_DAYS, Target, TasteEvent, TasteKind, TasteSource, fold},
        time::Timestamp,
    };

    fn event(n: usize, note: &str, weight: f64, kind: TasteKind) -> TasteEvent {
        TasteEvent {
            id: TasteEventId::from_key(format!("e{n}")),
            target: Target::note(note),
            kind,
            weight,
            source: TasteSource::Feedback,
            source_id: "s".into(),
            reason: String::new(),
            at: Timestamp::from_unix_nanos(0),
            undone: false,
        }
    }

    #[test]
    fn the_flower_has_likes_as_petals_and_dislikes_as_thorns() {
        let note = |name: &str| Note {
            id: NoteId::from_key(name),
            name: name.into(),
            category: Category::Wood,
            synonyms: vec![],
            evocation: String::new(),
            color: "#000000".into(),
            flagged: false,
        };
        let notes = ["cedar", "rose", "musk", "clove", "fig"].map(note);
        let events = [
            event(0, "rose", 0.2, TasteKind::Liked),
            event(1, "cedar", 0.9, TasteKind::Liked),
            event(2, "musk", -1.0, TasteKind::Vetoed),
            event(3, "clove", -0.8, TasteKind::Disliked),
            event(4, "fig", -0.1, TasteKind::Disliked),
            event(5, "no longer a note", 0.9, TasteKind::Liked),
        ];
        let taste = fold(&events, HALF_LIFE_DAYS);
        let flower = flower(&taste, |name| notes.iter().find(|n| n.name == name), |_| Layer::Base);
        let names = |petals: &[Petal]| petals.iter().map(|p| p.note.clone()).collect::<Vec<_>>();
        assert_eq!(names(&flower.petals), ["cedar", "rose"]);
        assert_eq!(names(&flower.thorns), ["musk", "clove"]);
        assert!(flower.petals[0].literal && !flower.petals[1].literal);
    }

    #[test]
    fn counts_are_by_layer_and_most_frequent_first() {
        let memory = |emotion: Option<&str>, notes: &[&str]| MemoryFacts {
            emotion: emotion.map(Into::into),
            season: None,
            notes: notes.iter().map(|n| (*n).to_owned()).collect(),
        };
        let memories = [memory(Some("Calm"), &["cedar", "lemon"]), memory(Some("calm "), &["cedar"]), memory(Some("joy"), &[])];
        let layer = |note: &str| if note == "lemon" { Layer::Top } else { Layer::Base };
        let analytics = analytics(&memories, Counts { queries: 2, likes: 1 }, layer);
        assert_eq!((analytics.memories, analytics.queries, analytics.likes), (3, 2, 1));
        assert_eq!(analytics.base_notes, [NamedCount { name: "cedar".into(), count: 2 }]);
        assert_eq!(analytics.top_notes, [NamedCount { name: "lemon".into(), count: 1 }]);
        assert_eq!(analytics.emotions[0], NamedCount { name: "calm".into(), count: 2 });
    }
}
