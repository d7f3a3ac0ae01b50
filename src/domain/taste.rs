//! Taste as the fold of events.
//!
//! A profile is never edited: everything that moves it is a [`TasteEvent`], and the profile is what [`fold`] makes of them.
//! So it can be explained, replayed, undone, and recomputed exactly when a source is deleted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ids::TasteEventId, notes::vocabulary, time::Timestamp};

vocabulary! {
    /// What a taste is about.
    TargetKind { Note => "note", "note"; Family => "family", "family"; Accord => "accord", "accord"; Brand => "brand", "house"; Fragrance => "fragrance", "perfume"; }
}

/// The thing that is liked or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    pub kind: TargetKind,
    /// The canonical name (of a perfume: its id).
    pub id: String,
}

impl Target {
    pub fn new(kind: TargetKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }

    pub fn note(name: impl Into<String>) -> Self {
        Self::new(TargetKind::Note, name)
    }
}

vocabulary! {
    /// Where an event came from.
    TasteSource { Memory => "memory", "a memory"; Feedback => "feedback", "a reaction"; Correction => "correction", "a correction"; Query => "query", "a question"; Statement => "statement", "something you said"; }
}

vocabulary! {
    /// What happened.
    TasteKind {
        Evoked => "evoked", "evoked by a memory";
        Confirmed => "confirmed", "confirmed";
        Rejected => "rejected", "taken out";
        Asked => "asked", "asked for";
        Declined => "declined", "asked to leave out";
        Clicked => "clicked", "opened";
        Liked => "liked", "liked";
        Disliked => "disliked", "disliked";
        Purchased => "purchased", "bought";
        Rated => "rated", "rated";
        Collected => "collected", "collected";
        Wished => "wished", "wished for";
        Preferred => "preferred", "stated as liked";
        Vetoed => "vetoed", "stated as disliked";
    }
}

/// One thing that moved the profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TasteEvent {
    pub id: TasteEventId,
    pub target: Target,
    pub kind: TasteKind,
    /// −1 to 1.
    pub weight: f64,
    pub source: TasteSource,
    /// The memory, recommendation, question or perfume that it came from.
    pub source_id: String,
    /// Why, as a sentence for the person.
    pub reason: String,
    pub at: Timestamp,
    /// Taken back by the person: it stays in the story but no longer counts.
    pub undone: bool,
}

/// How much one target is liked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Leaning {
    /// −1 (avoid) to 1 (love).
    pub weight: f64,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// A stated dislike: a law, not a leaning.
    pub vetoed: bool,
}

/// What [`fold`] makes of the events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taste {
    leanings: BTreeMap<Target, Leaning>,
}

/// Days after which an event counts half.
pub const HALF_LIFE_DAYS: f64 = 365.0;

impl Taste {
    pub fn leaning(&self, kind: TargetKind, id: &str) -> Leaning {
        self.leanings.get(&Target::new(kind, id)).copied().unwrap_or_default()
    }

    pub fn of_kind(&self, kind: TargetKind) -> impl Iterator<Item = (&str, &Leaning)> {
        self.leanings.iter().filter(move |(t, _)| t.kind == kind).map(|(t, l)| (t.id.as_str(), l))
    }

    /// The liked targets of a kind, most liked first.
    pub fn liked(&self, kind: TargetKind) -> Vec<(&str, &Leaning)> {
        let mut liked: Vec<_> = self.of_kind(kind).filter(|(_, l)| l.weight > 0.0 && !l.vetoed).collect();
        liked.sort_by(|a, b| b.1.weight.total_cmp(&a.1.weight).then(a.0.cmp(b.0)));
        liked
    }

    /// The stated dislikes of a kind.
    pub fn vetoed(&self, kind: TargetKind) -> Vec<&str> {
        self.of_kind(kind).filter(|(_, l)| l.vetoed).map(|(id, _)| id).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.leanings.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Target, &Leaning)> {
        self.leanings.iter()
    }
}

/// Folds events into a taste. The order of the events does not matter, and undone ones count for nothing.
///
/// For each target the weights are summed, each halved for every `half_life_days` that it is older than the newest event;
/// the sum is squashed by `tanh` into −1…1, and the confidence is `1 − e^(−Σ|w|)`. A veto stands until it is undone.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a TasteEvent>, half_life_days: f64) -> Taste {
    let mut live: Vec<&TasteEvent> = events.into_iter().filter(|e| !e.undone).collect();
    // A sum of floats depends on its order: fix it, so that equal sets of events give equal tastes to the last bit.
    live.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
    let Some(newest) = live.last().map(|e| e.at) else { return Taste::default() };
    let mut sums: BTreeMap<&Target, (f64, f64, bool)> = BTreeMap::new();
    for event in live {
        let fade = 0.5_f64.powf(newest.days_since(event.at) / half_life_days);
        let (sum, mass, vetoed) = sums.entry(&event.target).or_default();
        *sum += event.weight * fade;
        *mass += event.weight.abs() * fade;
        *vetoed |= event.kind == TasteKind::Vetoed;
    }
    let leanings = sums
        .into_iter()
        .map(|(target, (sum, mass, vetoed))| {
            let weight = if vetoed { -1.0 } else { sum.tanh() };
            (target.clone(), Leaning { weight, confidence: if vetoed { 1.0 } else { 1.0 - (-mass).exp() }, vetoed })
        })
        .collect();
    Taste { leanings }
}

/// How one target moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TasteChange {
    pub target: Target,
    pub before: f64,
    pub after: f64,
    pub reason: String,
}

/// What moved between two tastes, biggest first.
pub fn changes(before: &Taste, after: &Taste, reason: &str) -> Vec<TasteChange> {
    let targets: std::collections::BTreeSet<&Target> = before.leanings.keys().chain(after.leanings.keys()).collect();
    let weight = |taste: &Taste, target: &Target| taste.leanings.get(target).map_or(0.0, |l| l.weight);
    let mut moved: Vec<TasteChange> = targets
        .into_iter()
        .map(|t| TasteChange { target: t.clone(), before: weight(before, t), after: weight(after, t), reason: reason.to_owned() })
        .filter(|c| (c.after - c.before).abs() > 1e-9)
        .collect();
    moved.sort_by(|a, b| (b.after - b.before).abs().total_cmp(&(a.after - a.before).abs()).then(a.target.cmp(&b.target)));
    moved
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(n: usize, note: u8, weight: f64, day: i64, undone: bool, veto: bool) -> TasteEvent {
        TasteEvent {
            id: TasteEventId::from_key(format!("e{n}")),
            target: Target::note(format!("note{note}")),
            kind: if veto { TasteKind::Vetoed } else { TasteKind::Liked },
            weight,
            source: TasteSource::Feedback,
            source_id: "s".into(),
            reason: String::new(),
            at: Timestamp::from_unix_nanos(0).plus_seconds(day * 86_400),
            undone,
        }
    }

    fn events() -> impl Strategy<Value = Vec<TasteEvent>> {
        prop::collection::vec((0u8..6, -1.0f64..1.0, 0i64..900, any::<bool>(), prop::bool::weighted(0.1)), 0..40).prop_map(
            |rows| {
                rows.into_iter()
                    .enumerate()
                    .map(|(n, (note, w, day, undone, veto))| event(n, note, w, day, undone, veto))
                    .collect()
            },
        )
    }

    proptest! {
        #[test]
        fn order_does_not_matter(events in events(), seed in any::<u64>()) {
            let mut shuffled = events.clone();
            shuffled.sort_by_key(|e| e.id.as_str().bytes().fold(seed, |h, b| h.wrapping_mul(31).wrapping_add(b.into())));
            prop_assert_eq!(fold(&events, HALF_LIFE_DAYS), fold(&shuffled, HALF_LIFE_DAYS));
        }

        #[test]
        fn undoing_is_the_same_as_never_having_happened(events in events()) {
            let remaining: Vec<_> = events.iter().filter(|e| !e.undone).cloned().collect();
            prop_assert_eq!(fold(&events, HALF_LIFE_DAYS), fold(&remaining, HALF_LIFE_DAYS));
        }

        #[test]
        fn weights_and_confidences_stay_in_bounds(events in events()) {
            for (_, leaning) in fold(&events, HALF_LIFE_DAYS).iter() {
                prop_assert!((-1.0..=1.0).contains(&leaning.weight) && (0.0..=1.0).contains(&leaning.confidence));
            }
        }
    }

    #[test]
    fn a_veto_outweighs_any_number_of_likes() {
        let mut all: Vec<_> = (0..20).map(|n| event(n, 1, 1.0, 0, false, false)).collect();
        all.push(event(99, 1, -1.0, 0, false, true));
        let leaning = fold(&all, HALF_LIFE_DAYS).leaning(TargetKind::Note, "note1");
        assert!(leaning.vetoed && leaning.weight == -1.0);
    }
}
