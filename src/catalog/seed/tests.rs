//! What every entry of the seed must hold.

use std::collections::{BTreeSet, HashMap};

use super::*;
use crate::{catalog::phrases::key, domain::ids::MAX_ID_LEN, domain::notes::Layer};

#[test]
fn there_is_enough_of_everything() {
    let seed = Seed::read().unwrap();
    let houses: BTreeSet<&str> = seed.fragrances.iter().map(|f| f.brand.as_str()).collect();
    assert!(seed.notes.len() >= 450, "{} notes", seed.notes.len());
    assert!(seed.fragrances.len() >= 600, "{} perfumes", seed.fragrances.len());
    assert!(houses.len() >= 120, "{} houses", houses.len());
    for category in Category::ALL {
        assert!(seed.notes.iter().any(|note| note.category == *category), "no note of {category}");
    }
}

#[test]
fn every_name_names_one_note() {
    let seed = Seed::read().unwrap();
    let mut names: HashMap<String, &str> = HashMap::new();
    let mut twice = Vec::new();
    for note in &seed.notes {
        for name in std::iter::once(&note.name).chain(&note.synonyms) {
            if let Some(other) = names.insert(key(name), &note.name) {
                twice.push(format!("{name:?} of {:?} names {other:?}, too", note.name));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn notes_are_complete() {
    for note in Seed::read().unwrap().notes {
        let words = note.evocation.split_whitespace().count();
        assert!((5..=24).contains(&words), "{}: {words} words", note.name);
        assert_eq!(note.name, note.name.to_lowercase());
        assert!(note.synonyms.iter().all(|s| *s == s.to_lowercase() && !s.trim().is_empty()), "{}", note.name);
        let hex = note.color.strip_prefix('#').unwrap_or_default();
        assert!(hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()), "{}: {}", note.name, note.color);
    }
}

#[test]
fn perfumes_are_plausible_and_unique() {
    let seed = Seed::read().unwrap();
    let mut ids = BTreeSet::new();
    for f in &seed.fragrances {
        let title = f.full_name();
        assert!(ids.insert(f.id.clone()) && f.id.as_str().len() <= MAX_ID_LEN, "{title} stands twice");
        assert!((3..=6).contains(&f.accords.len()), "{title}: {:?}", f.accords);
        assert_eq!(f.accords.iter().collect::<BTreeSet<_>>().len(), f.accords.len(), "{title}: an accord stands twice");
        assert!(f.year.is_none_or(|year| (1500..=2026).contains(&year)), "{title}: {:?}", f.year);
        if let Some(price) = &f.price {
            assert!((5.0..=250.0).contains(&price.ml), "{title}: {} ml", price.ml);
            assert!((0.05..=14.0).contains(&(price.amount / price.ml)), "{title}: {}", price.text());
        }
        let notes: Vec<&str> = f.notes.notes().map(|(_, note)| note).collect();
        assert_eq!(notes.iter().collect::<BTreeSet<_>>().len(), notes.len(), "{title}: a note stands twice in {notes:?}");
        let filled = |layer: &Layer| !f.notes.layer(*layer).is_empty();
        let pyramid = [Layer::Top, Layer::Middle, Layer::Base];
        assert!(
            pyramid.iter().all(filled) || filled(&Layer::Other) && !pyramid.iter().any(filled),
            "{title}: the layers are half empty"
        );
    }
}
