//! The notes that a text names, held against those of a perfume.

use std::collections::HashMap;

use super::Text;
use crate::{
    catalog::{Portrait, Snapshot, is_ambiguous},
    domain::notes::Layer,
};

/// What a word with an everyday meaning counts where nobody speaks of smelling.
const DOUBTFUL: f32 = 0.4;
/// What a note gains that is named again.
const AGAIN: f32 = 0.75;
/// Notes that are not named speak against a perfume the more, the more are named: fully from about this many.
const FEW: f32 = 3.0;
/// How far before a note the name of a layer is looked for, in words.
const REACH: usize = 14;
/// Beginnings of words that speak of smelling, and how far before a note they are looked for.
const SMELLING: &[&str] = &[
    "accord", "aroma", "fragran", "nose", "note", "odor", "odour", "perfum", "reek", "scent", "smell", "smelt", "sniff", "whiff",
];
const SMELLING_REACH: usize = 5;
/// Words before a `rose` that is no flower.
const RISING: &[&str] = &["he", "i", "it", "moon", "never", "she", "sun", "they", "we", "which", "who"];

const LAYERS: &[(Layer, &[&str])] = &[
    (Layer::Top, &["begins", "first", "head", "initial", "introduces", "open", "opening", "opens", "starts", "top"]),
    (Layer::Middle, &["center", "core", "heart", "mid", "middle"]),
    (Layer::Base, &["background", "base", "bottom", "dry", "drydown", "foundation", "trail"]),
];

/// The notes of a text.
pub(super) struct NotesTold {
    /// How sure each is that is named, 0 to 1.
    strengths: Vec<f32>,
    /// By note of the catalog: how far it is met, 0 to 1, and its rarity.
    met: Vec<(f32, f32)>,
    /// By note of the catalog that is met: the notes that it stands for, by their place in [`Self::strengths`], and how far.
    standing: HashMap<u32, Vec<(usize, f32)>>,
    /// The notes that the text puts in a layer.
    placed: HashMap<u32, Layer>,
}

/// What they say of one perfume.
pub(super) struct Fit {
    pub hits: f32,
    pub missing: f32,
    pub cover: f32,
    pub layers: f32,
}

impl NotesTold {
    pub fn new(snapshot: &Snapshot, text: &Text) -> Self {
        let gallery = snapshot.gallery();
        let (mut order, mut strengths, mut placed) = (HashMap::new(), Vec::new(), HashMap::new());
        for named in gallery.notes_named(snapshot.taxonomy(), &text.words) {
            let Some(sure) = certainty(text, &named.words) else { continue };
            let at = *order.entry(named.note).or_insert(strengths.len());
            match strengths.get_mut(at) {
                Some(strength) => *strength = 1.0 - (1.0 - *strength) * (1.0 - AGAIN * sure),
                None => strengths.push(sure),
            }
            if let Some(layer) = layer_of(text, &named.words) {
                placed.insert(named.note as u32, layer);
            }
        }
        let mut standing: HashMap<u32, Vec<(usize, f32)>> = HashMap::new();
        let mut met = vec![(0.0_f32, 0.0_f32); gallery.note_count()];
        for (&note, &at) in &order {
            for &(kin, near) in gallery.kin(note) {
                standing.entry(kin as u32).or_default().push((at, near));
                met[kin] = (met[kin].0.max(strengths[at] * near), gallery.rarity(kin));
            }
        }
        Self { strengths, met, standing, placed }
    }

    /// How many notes are named.
    pub fn count(&self) -> usize {
        self.strengths.len()
    }

    pub fn of(&self, portrait: &Portrait) -> Fit {
        let mut best: Vec<(usize, f32)> = Vec::new();
        let (mut met, mut weight, mut layers) = (0.0, 0.0, 0.0);
        for (at, &(note, layer)) in portrait.notes.iter().enumerate() {
            let (most, rarity) = self.met[note as usize];
            if most == 0.0 {
                continue;
            }
            if self.placed.get(&note) == Some(&layer) {
                layers += rarity;
            }
            if portrait.notes[..at].iter().any(|(earlier, _)| *earlier == note) {
                continue;
            }
            met += most;
            weight += most * rarity;
            for &(named, near) in self.standing.get(&note).into_iter().flatten() {
                match best.iter_mut().find(|(known, _)| *known == named) {
                    Some((_, most)) => *most = most.max(near),
                    None => best.push((named, near)),
                }
            }
        }
        let count = self.strengths.len() as f32;
        Fit {
            hits: best.iter().map(|&(named, near)| self.strengths[named] * near).sum(),
            missing: -(portrait.note_count - met) * count / (count + FEW),
            cover: weight / portrait.note_weight.max(1.0),
            layers,
        }
    }
}

/// How surely words name a note; none if they do not.
fn certainty(text: &Text, named: &std::ops::Range<usize>) -> Option<f32> {
    let phrase = text.words[named.clone()].iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
    let before = named.start.checked_sub(1).map(|at| text.words[at].folded.as_str());
    if phrase == "rose" && before.is_some_and(|word| RISING.contains(&word)) {
        return None;
    }
    let first = named.start.saturating_sub(SMELLING_REACH);
    let near = text.words[first..named.start].iter().chain(text.words.get(named.end));
    let smelled = near.into_iter().any(|word| SMELLING.iter().any(|beginning| word.folded.starts_with(beginning)));
    Some(if is_ambiguous(&phrase) && !smelled { DOUBTFUL } else { 1.0 })
}

/// The layer that a text puts a note in: the last one named right before it, or the one named right after.
fn layer_of(text: &Text, named: &std::ops::Range<usize>) -> Option<Layer> {
    let layer =
        |at: usize| LAYERS.iter().find(|(_, names)| names.contains(&text.words[at].folded.as_str())).map(|(layer, _)| *layer);
    let after = Some(named.end).filter(|&at| at < text.words.len()).and_then(layer);
    after.or_else(|| (named.start.saturating_sub(REACH)..named.start).rev().find_map(layer))
}
