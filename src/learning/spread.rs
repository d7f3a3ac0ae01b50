//! What a reaction to a perfume says about its parts.

use std::collections::BTreeMap;

use super::NewTasteEvent;
use crate::domain::{
    fragrance::Fragrance,
    notes::Layer,
    taste::{Target, TargetKind, TasteKind},
};

/// How much of a reaction reaches the strongest note of a layer, if no other perfume had it.
const NOTES: f64 = 0.5;
/// How much of a rejection does: one note may be to blame, and the others are not.
const REJECTED_NOTES: f64 = 0.3;
const ACCORDS: f64 = 0.4;
const FAMILY: f64 = 0.3;
const BRAND: f64 = 0.15;
/// A weaker event is not worth a line in the story.
const FAINTEST: f64 = 0.004;

/// Turns a reaction of some weight into events: on the perfume, and weaker ones on its notes, accords, family and house.
///
/// A note counts the more, the rarer it is (`rarity`, 0 to 1: a rose says less than a fig leaf) and the higher it stands in
/// its layer; an accord, the higher it stands. `said` is what the person did, as in `You liked Guerlain Shalimar`.
pub(super) fn spread(
    fragrance: &Fragrance,
    kind: TasteKind,
    weight: f64,
    said: &str,
    rarity: impl Fn(&str) -> f64,
) -> Vec<NewTasteEvent> {
    let mut shares: BTreeMap<Target, (f64, String)> = BTreeMap::new();
    let mut share = |target: Target, part: f64, reason: String| {
        let entry = shares.entry(target).or_insert((0.0, reason));
        entry.0 = entry.0.max(part);
    };
    let fade = |position: usize| 1.0 / (1.0 + 0.25 * position as f64);

    share(Target::new(TargetKind::Fragrance, fragrance.id.as_str()), 1.0, format!("{said}."));
    let notes = if weight < 0.0 { REJECTED_NOTES } else { NOTES };
    for &layer in Layer::ALL {
        for (position, note) in fragrance.notes.layer(layer).iter().enumerate() {
            let part = notes * (0.4 + 0.6 * rarity(note).clamp(0.0, 1.0)) * fade(position);
            share(Target::note(note), part, format!("{said}, which has {note} in it."));
        }
    }
    for (position, accord) in fragrance.accords.iter().enumerate() {
        let part = ACCORDS * fade(position);
        share(Target::new(TargetKind::Accord, accord), part, format!("{said}, which smells {accord}."));
    }
    let family = fragrance.family;
    share(Target::new(TargetKind::Family, family.as_str()), FAMILY, format!("{said}, which is of the {family} family."));
    share(Target::new(TargetKind::Brand, &fragrance.brand), BRAND, format!("{said}, which is by {}.", fragrance.brand));

    shares
        .into_iter()
        .map(|(target, (part, reason))| NewTasteEvent { target, kind, weight: weight * part, reason })
        .filter(|event| event.weight.abs() >= FAINTEST)
        .collect()
}

/// Joins events about the same target (from several perfumes of one answer) into one each. The first reason stays.
pub(super) fn join(events: Vec<NewTasteEvent>) -> Vec<NewTasteEvent> {
    let mut joined: BTreeMap<Target, NewTasteEvent> = BTreeMap::new();
    for event in events {
        match joined.get_mut(&event.target) {
            Some(same) => same.weight = (same.weight + event.weight).clamp(-1.0, 1.0),
            None => {
                joined.insert(event.target.clone(), event);
            }
        }
    }
    joined.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        fragrance::{Family, Pyramid},
        ids::FragranceId,
    };

    fn fragrance() -> Fragrance {
        Fragrance {
            id: FragranceId::from_key("house_fig"),
            brand: "House".into(),
            name: "Fig".into(),
            concentration: None,
            year: None,
            perfumers: vec![],
            family: Family::Woody,
            accords: vec!["green".into(), "woody".into()],
            notes: Pyramid {
                top: vec!["fig leaf".into(), "bergamot".into()],
                base: vec!["cedar".into(), "fig leaf".into()],
                ..Pyramid::default()
            },
            intensity: None,
            longevity: None,
            sillage: None,
            gender: None,
            price: None,
            discontinued: false,
            description: None,
            popularity: 0.5,
            rating: None,
        }
    }

    fn weight_of(events: &[NewTasteEvent], target: &Target) -> f64 {
        events.iter().find(|e| e.target == *target).unwrap().weight
    }

    #[test]
    fn rare_and_high_notes_count_most_and_the_perfume_more_than_its_parts() {
        let rarity = |note: &str| if note == "fig leaf" { 1.0 } else { 0.1 };
        let events = spread(&fragrance(), TasteKind::Liked, 0.5, "You liked House Fig", rarity);
        let of = |note| weight_of(&events, &Target::note(note));
        assert!(of("fig leaf") > of("cedar") && of("cedar") > of("bergamot") && of("bergamot") > 0.0);
        let perfume = weight_of(&events, &Target::new(TargetKind::Fragrance, "house_fig"));
        assert_eq!(perfume, 0.5);
        assert!(events.iter().all(|e| e.weight <= perfume));
        assert!(weight_of(&events, &Target::new(TargetKind::Brand, "House")) < of("fig leaf"));
        assert_eq!(events.iter().filter(|e| e.target == Target::note("fig leaf")).count(), 1);
    }

    #[test]
    fn a_rejection_pushes_every_part_away_but_each_less_than_a_like_draws() {
        let liked = spread(&fragrance(), TasteKind::Liked, 0.5, "x", |_| 0.5);
        let disliked = spread(&fragrance(), TasteKind::Disliked, -0.5, "x", |_| 0.5);
        assert!(disliked.iter().all(|e| e.weight < 0.0));
        let cedar = Target::note("cedar");
        assert!(weight_of(&disliked, &cedar).abs() < weight_of(&liked, &cedar));
    }

    #[test]
    fn joined_events_are_one_a_target() {
        let twice = [
            spread(&fragrance(), TasteKind::Rated, 0.2, "x", |_| 0.5),
            spread(&fragrance(), TasteKind::Rated, 0.2, "x", |_| 0.5),
        ];
        let one = twice[0].clone();
        let joined = join(twice.concat());
        assert_eq!(joined.len(), one.len());
        assert!((weight_of(&joined, &Target::note("cedar")) - 2.0 * weight_of(&one, &Target::note("cedar"))).abs() < 1e-12);
    }
}
