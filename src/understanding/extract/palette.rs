//! The notes as published lists speak of them: those that mean the same are one, and each has its own standing.
//!
//! The table is learned from descriptions of perfumes beside their published lists: how often a list holds a note that its
//! text does not name, how often one that it does, and what the words of a text say for it (see [`super::hints`]).

use std::collections::HashMap;

use crate::catalog::Taxonomy;

/// One line a note: its name, those that count as it, the share of lists that hold it unnamed, the log odds that a list holds
/// it when it is named, and its row of the table of hints.
const TABLE: &str = include_str!("learned/palette.tsv");

/// The share of a note that lists practically never hold.
const NEVER: f64 = 1e-4;

/// A note as lists name it.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    /// The note that stands for all that count as it.
    pub note: usize,
    /// The share of lists that hold it though the text does not name it.
    pub rate: f64,
    /// The log odds that a list holds it if the text names it.
    pub odds: f64,
    /// What the words of a text are multiplied with.
    pub hints: Vec<f32>,
    /// Whether it can be implied: lists hold it often enough to know.
    pub is_known: bool,
}

/// All notes by what lists make of them.
pub(super) struct Palette {
    pub listed: Vec<Listed>,
    /// By note of the taxonomy: its place in `listed`.
    of_note: Vec<usize>,
}

impl Palette {
    pub fn new(taxonomy: &Taxonomy) -> Self {
        let mut listed = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        for (name, others, rest) in lines() {
            let Some(note) = taxonomy.index_of(name) else { continue };
            let mut numbers = rest.split('\t');
            let mut number = || numbers.next().and_then(|n| n.parse::<f64>().ok());
            let (rate, odds) = (number(), number());
            let hints: Vec<f32> =
                numbers.next().unwrap_or_default().split_ascii_whitespace().filter_map(|n| n.parse().ok()).collect();
            let at = listed.len();
            places.insert(note, at);
            for other in others.split('|').filter_map(|other| taxonomy.index_of(other)) {
                places.entry(other).or_insert(at);
            }
            listed.push(Listed { note, rate: rate.unwrap_or(NEVER), odds: odds.unwrap_or(0.0), hints, is_known: rate.is_some() });
        }
        let unknown = lines().find(|(name, ..)| *name == "*").and_then(|(_, _, rest)| rest.split('\t').nth(1)?.parse().ok());
        let of_note = (0..taxonomy.notes().len())
            .map(|note| {
                *places.entry(note).or_insert_with(|| {
                    let odds = unknown.unwrap_or(0.0);
                    listed.push(Listed { note, rate: NEVER, odds, hints: Vec::new(), is_known: false });
                    listed.len() - 1
                })
            })
            .collect();
        Self { listed, of_note }
    }

    /// What lists make of a note, as a place in `listed`.
    pub fn of(&self, note: usize) -> usize {
        self.of_note[note]
    }
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter_map(|line| {
        let (name, rest) = line.split_once('\t')?;
        let (others, rest) = rest.split_once('\t')?;
        Some((name, others, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Seed;

    #[test]
    fn every_line_names_notes_of_the_taxonomy_once() {
        let taxonomy = Taxonomy::new(Seed::read().unwrap().notes);
        let mut names: Vec<&str> = lines()
            .filter(|(name, ..)| *name != "*")
            .flat_map(|(name, others, _)| std::iter::once(name).chain(others.split('|').filter(|o| !o.is_empty())))
            .collect();
        let all = names.len();
        assert!(names.iter().all(|name| taxonomy.index_of(name).is_some()));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        let palette = Palette::new(&taxonomy);
        let width = palette.listed.iter().map(|l| l.hints.len()).max().unwrap();
        assert!(palette.listed.iter().all(|l| l.hints.is_empty() || l.hints.len() == width));
        let of = |name: &str| palette.of(taxonomy.index_of(name).unwrap());
        assert_eq!(of("white musk"), of("musk"));
        assert_ne!(of("musk"), of("cedar"));
    }
}
