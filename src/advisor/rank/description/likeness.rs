//! The likeness to perfumes that a text names.

use std::collections::HashMap;

use crate::catalog::{Portrait, Snapshot};

/// What notes and accords count.
const NOTES: f32 = 0.6;
const ACCORDS: f32 = 0.4;
/// What the named perfume itself counts of its likeness to itself: most texts name it to compare another with it.
const ITSELF: f32 = 0.5;
/// More perfumes than these are a list.
const MOST: usize = 8;

/// The perfumes that a text names.
pub(super) struct Likeness(Vec<Anchor>);

struct Anchor {
    index: usize,
    /// Squares of the rarities of its notes, by note, over the length of their vector.
    notes: HashMap<u32, f32>,
    /// Strengths of its accords over the length of their vector.
    accords: HashMap<u32, f32>,
}

impl Likeness {
    pub fn new(snapshot: &Snapshot, text: &str) -> Self {
        let gallery = snapshot.gallery();
        let mut named: Vec<usize> =
            snapshot.fragrance_mentions(text).iter().filter_map(|(all, _)| all.first().copied()).collect();
        named.sort_unstable();
        named.dedup();
        named.truncate(MOST);
        let anchor = |index: usize| {
            let portrait = &gallery.portraits()[index];
            let note = |note: usize| (note as u32, gallery.rarity(note).powi(2) / portrait.note_length.max(1e-6));
            let accord = |&(accord, strength): &(u32, f32)| (accord, strength / portrait.accord_length.max(1e-6));
            Anchor {
                index,
                notes: portrait.distinct_notes().into_iter().map(note).collect(),
                accords: portrait.accords.iter().map(accord).collect(),
            }
        };
        Self(named.into_iter().map(anchor).collect())
    }

    /// 0 to 1.
    pub fn of(&self, index: usize, portrait: &Portrait) -> f32 {
        let likeness = |anchor: &Anchor| {
            let shared = |at: &usize| anchor.notes.get(&(*at as u32)).copied();
            let notes: f32 = portrait.distinct_notes().iter().filter_map(shared).sum();
            let accords: f32 =
                portrait.accords.iter().filter_map(|(at, strength)| anchor.accords.get(at).map(|other| strength * other)).sum();
            let likeness = NOTES * notes / portrait.note_length.max(1e-6) + ACCORDS * accords / portrait.accord_length.max(1e-6);
            if anchor.index == index { ITSELF * likeness } else { likeness }
        };
        self.0.iter().map(likeness).fold(0.0, f32::max)
    }
}
