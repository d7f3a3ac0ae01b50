//! What single words and named notes say for notes that are not named: "crisp" for bergamot, a rose for patchouli.
//!
//! A ridge regression from the words of descriptions (stems, tf-idf) and the notes named in them to the published lists, cut
//! to a few dimensions, which is also its regularization (reduced-rank regression: Izenman 1975). A word has a row here, a
//! note has one in the palette; their product is what the one says for the other.

use std::collections::{BTreeMap, HashMap};

use super::{
    super::words::{Stems, words},
    palette::Palette,
};

/// One line a word: its stem (or, after `#`, a note), its weight, and its row.
const TABLE: &str = include_str!("learned/hints.tsv");

pub(super) struct Hints {
    stems: Stems,
    rows: HashMap<&'static str, (f32, Vec<f32>)>,
    width: usize,
}

impl Hints {
    pub fn new() -> Self {
        let row = |line: &'static str| {
            let (word, rest) = line.split_once('\t')?;
            let (weight, row) = rest.split_once('\t')?;
            let row: Vec<f32> = row.split_ascii_whitespace().filter_map(|n| n.parse().ok()).collect();
            Some((word, (weight.parse().ok()?, row)))
        };
        let rows: HashMap<_, _> = TABLE.lines().filter_map(row).collect();
        let width = rows.values().map(|(_, row): &(f32, Vec<f32>)| row.len()).max().unwrap_or(0);
        Self { stems: Stems::new(), rows, width }
    }

    /// The stems of a text, each with how often it stands there.
    pub fn stems(&self, text: &str) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for word in words(text, 0) {
            *counts.entry(self.stems.of(&word.form)).or_default() += 1;
        }
        counts
    }

    pub fn stem(&self, form: &str) -> String {
        self.stems.of(form)
    }

    /// What a text says for each listed note, about −1 to 1.
    pub fn of(&self, palette: &Palette, names: &[&str], stems: &BTreeMap<String, usize>) -> Vec<f64> {
        let mut sum = vec![0.0_f32; self.width];
        let mut add = |row: &[f32], factor: f32| sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += factor * x);
        let known = stems.iter().filter_map(|(stem, &count)| self.rows.get(stem.as_str()).map(|row| (row, count)));
        let weighed: Vec<(f32, &[f32])> =
            known.map(|((weight, row), count)| (weight * (1.0 + (count as f32).ln()), row.as_slice())).collect();
        let length = weighed.iter().map(|(weight, _)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        weighed.iter().for_each(|(weight, row)| add(row, weight / length));
        let share = 1.0 / (names.len().max(1) as f32).sqrt();
        for (weight, row) in names.iter().filter_map(|name| self.rows.get(format!("#{name}").as_str())) {
            add(row, weight * share);
        }
        let product = |row: &[f32]| row.iter().zip(&sum).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        palette.listed.iter().map(|listed| product(&listed.hints) / SCALE).collect()
    }
}

/// Both tables hold whole numbers; this makes their product what the regression gave.
const SCALE: f64 = 100_000.0;
