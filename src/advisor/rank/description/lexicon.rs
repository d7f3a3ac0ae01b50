//! Words that stand for impressions: `laundry` for musk and aldehydes. Written by hand.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::Text;
use crate::catalog::{Gallery, Portrait};

/// What is added to the deviation of an accord's strength.
const EASE: f32 = 0.1;
/// An impression of this length or less is kept as it is; a stronger one is made as long as one.
const LENGTH: f32 = 1.5;

/// By stem: accords with their weights.
static LEXICON: LazyLock<HashMap<&str, Vec<(&str, f32)>>> = LazyLock::new(|| {
    let lines = include_str!("weights/lexicon.tsv").lines().filter_map(|line| line.split_once('\t'));
    lines
        .map(|(stem, accords)| {
            let weighted = accords.split(',').filter_map(|accord| accord.split_once('='));
            (stem, weighted.filter_map(|(accord, weight)| Some((accord, weight.parse().ok()?))).collect())
        })
        .collect()
});

/// The impression that a text's words make.
pub(super) struct Impression {
    /// By accord of the gallery, for its strength.
    weights: Vec<f32>,
    /// What a perfume without accords has.
    none: f32,
}

impl Impression {
    pub fn new(gallery: &Gallery, text: &Text) -> Self {
        let mut weights = vec![0.0_f32; gallery.accord_spreads().len()];
        let stems: HashSet<&str> = text.meant_stems().into_iter().collect();
        for (accord, weight) in stems.iter().filter_map(|stem| LEXICON.get(stem)).flatten() {
            if let Some(at) = gallery.accord(accord) {
                weights[at] += weight;
            }
        }
        let length = weights.iter().map(|x| x * x).sum::<f32>().sqrt().max(LENGTH);
        let mut none = 0.0;
        for (weight, spread) in weights.iter_mut().zip(gallery.accord_spreads()) {
            *weight /= length * (spread.deviation + EASE);
            none -= *weight * spread.mean;
        }
        Self { weights, none }
    }

    pub fn of(&self, portrait: &Portrait) -> f32 {
        self.none + portrait.accords.iter().map(|&(accord, strength)| strength * self.weights[accord as usize]).sum::<f32>()
    }
}
