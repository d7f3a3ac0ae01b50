//! Which perfumes of the house are like what a text describes, and so which notes they would lend it.
//!
//! The perfumes are those that come with the house, whatever else the catalog holds: what was learned is fitted to them.
//! Perfumes are weighed by how near they are (a softmax over a weighted sum of likenesses, so the few nearest count), and their
//! notes are averaged, drawn towards what the whole catalog holds: a kernel smoother (Nadaraya 1964, Watson 1964).

use std::sync::Arc;

use anyhow::Result;

use super::{super::words::words, cues, palette::Palette};
use crate::{
    catalog::{FlatVectors, Seed, Snapshot, Taxonomy},
    domain::{fragrance::Gender, text::fold},
};

/// The vectors of the facts of the perfumes in their order, by all-MiniLM-L6-v2, each number times [`FINENESS`]. Another
/// model's vectors are of another length, and near none of these.
const VECTORS: &[u8] = include_bytes!("learned/kinship.i8");
const DIMENSION: usize = 384;
const FINENESS: f32 = 400.0;

/// The ways in which a perfume is like a text.
pub(super) const WAYS: usize = 9;

/// What each way weighs: the mean vector of the sentences, the best of their vectors, shared notes, the house, the name,
/// accords, the gender, the year, the perfumer.
const WEIGHTS: [f64; WAYS] = [14.25, 2.09, 7.95, 1.15, 2.15, 4.34, 0.44, 0.72, 1.41];

/// How many perfumes the nearest ones count as, and how many of the whole catalog are mixed in.
const NEAREST: f64 = 20.0;
const WHOLE: f64 = 5.31;

/// The year of a perfume whose year is unknown.
const USUAL_YEAR: f64 = 2005.0;

/// Years apart that no longer matter, in decades.
const FAR: f64 = 3.0;

/// A perfume as far as likeness needs it.
struct Relative {
    notes: Vec<usize>,
    /// The root of the sum of the squared rarities of its notes.
    length: f64,
    accords: Vec<usize>,
    accords_length: f64,
    /// 1 for women, −1 for men.
    gender: f64,
    year: f64,
    perfumers: Vec<String>,
}

/// The perfumes of the house, ready to be compared with.
pub(super) struct Kinship {
    house: Snapshot,
    relatives: Vec<Relative>,
    /// By listed note: the share of perfumes that hold it, and how rare that makes it.
    shares: Vec<f64>,
    rarity: Vec<f64>,
    accord_rarity: Vec<f64>,
}

/// What a text says that facts of perfumes can be compared with.
pub(super) struct Cues<'a> {
    pub text: &'a str,
    /// Listed notes that it names, each once.
    pub notes: &'a [usize],
    pub vectors: &'a [Vec<f32>],
}

impl Kinship {
    pub fn new(taxonomy: &Arc<Taxonomy>, palette: &Palette) -> Result<Self> {
        let fragrances = Seed::read()?.fragrances;
        let vectors = FlatVectors::new(DIMENSION, &vectors(fragrances.len()))?;
        let house = Snapshot::new(Arc::clone(taxonomy), fragrances, vectors)?;
        let accord = |name: &String| cues::ACCORDS.iter().position(|(accord, _)| accord == name);
        let mut relatives: Vec<Relative> = house
            .fragrances()
            .iter()
            .map(|fragrance| {
                let known = fragrance.notes.notes().filter_map(|(_, name)| taxonomy.resolve(name));
                let mut notes: Vec<usize> =
                    known.filter_map(|note| taxonomy.index_of(&note.name)).map(|note| palette.of(note)).collect();
                notes.sort_unstable();
                notes.dedup();
                Relative {
                    notes,
                    length: 0.0,
                    accords: fragrance.accords.iter().filter_map(accord).collect(),
                    accords_length: 0.0,
                    gender: match fragrance.gender {
                        Some(Gender::Women) => 1.0,
                        Some(Gender::Men) => -1.0,
                        Some(Gender::Unisex) | None => 0.0,
                    },
                    year: fragrance.year.map_or(USUAL_YEAR, f64::from),
                    perfumers: fragrance.perfumers.iter().map(|name| format!(" {} ", fold(name))).collect(),
                }
            })
            .collect();
        let all = relatives.len() as f64;
        let mut held = vec![0.0; palette.listed.len()];
        let mut felt = vec![0.0; cues::ACCORDS.len()];
        for relative in &relatives {
            relative.notes.iter().for_each(|&note| held[note] += 1.0);
            relative.accords.iter().for_each(|&accord| felt[accord] += 1.0);
        }
        let rarity: Vec<f64> = held.iter().map(|held| (all / (held + 2.0)).ln().max(0.2)).collect();
        let accord_rarity: Vec<f64> = felt.iter().map(|felt| (all / (felt + 5.0)).ln().max(0.0)).collect();
        let length = |of: &[usize], rarity: &[f64]| of.iter().map(|&at| rarity[at] * rarity[at]).sum::<f64>().sqrt().max(1e-9);
        for relative in &mut relatives {
            relative.length = length(&relative.notes, &rarity);
            relative.accords_length = length(&relative.accords, &accord_rarity);
        }
        let shares = held.iter().map(|held| held / all.max(1.0) + 1e-3).collect();
        Ok(Self { house, relatives, shares, rarity, accord_rarity })
    }

    /// The share of perfumes that hold each listed note.
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The share of the perfumes that are like a text that hold each listed note.
    pub fn lent(&self, cues: &Cues) -> Vec<f64> {
        let mut lent: Vec<f64> = self.shares.iter().map(|share| share * WHOLE).collect();
        let nearness: Vec<f64> =
            self.likenesses(cues).iter().map(|ways| ways.iter().zip(WEIGHTS).map(|(way, weight)| way * weight).sum()).collect();
        let nearest = nearness.iter().copied().fold(f64::MIN, f64::max);
        let weights: Vec<f64> = nearness.iter().map(|near| (near - nearest).exp()).collect();
        let total: f64 = weights.iter().sum();
        for (relative, weight) in self.relatives.iter().zip(&weights) {
            relative.notes.iter().for_each(|&note| lent[note] += NEAREST * weight / total);
        }
        lent.iter().map(|lent| lent / (NEAREST + WHOLE)).collect()
    }

    /// How like each perfume is to a text, in each way.
    fn likenesses(&self, cues: &Cues) -> Vec<[f64; WAYS]> {
        let text = format!(" {} ", fold(cues.text));
        let (mean, best) = meanings(&self.house, cues.vectors);
        let mut is_named = vec![false; self.rarity.len()];
        cues.notes.iter().for_each(|&note| is_named[note] = true);
        let named_length = cues.notes.iter().map(|&note| self.rarity[note].powi(2)).sum::<f64>().sqrt().max(1e-9);
        let houses = self.house.brand_mentions(cues.text);
        let mut titled = vec![false; self.relatives.len()];
        for (perfumes, _) in self.house.fragrance_mentions(cues.text) {
            perfumes.into_iter().for_each(|at| titled[at] = true);
        }
        let forms: Vec<String> = words(cues.text, 0).into_iter().map(|word| word.form).collect();
        let felt = cues::accords(&forms);
        let felt_length =
            felt.iter().zip(&self.accord_rarity).filter(|(felt, _)| **felt).map(|(_, r)| r * r).sum::<f64>().sqrt().max(1e-9);
        let (gender, year) = (cues::gender(&forms), cues::year(&forms));
        let flag = |is: bool| f64::from(u8::from(is));
        self.relatives
            .iter()
            .zip(self.house.fragrances())
            .enumerate()
            .map(|(at, (relative, fragrance))| {
                let shared: f64 =
                    relative.notes.iter().filter(|&&note| is_named[note]).map(|&note| self.rarity[note].powi(2)).sum();
                let felt: f64 = relative.accords.iter().filter(|&&a| felt[a]).map(|&a| self.accord_rarity[a].powi(2)).sum();
                [
                    mean.get(at).copied().map_or(0.0, f64::from),
                    best.get(at).copied().map_or(0.0, f64::from),
                    shared / (named_length * relative.length),
                    flag(houses.iter().any(|(house, _)| *house == fragrance.brand)),
                    flag(titled[at]),
                    felt / (felt_length * relative.accords_length),
                    gender * relative.gender,
                    year.map_or(0.0, |year| -((relative.year - year).abs() / 10.0).min(FAR)),
                    flag(relative.perfumers.iter().any(|name| text.contains(name.as_str()))),
                ]
            })
            .collect()
    }
}

/// The vectors of so many perfumes; those that are missing are near nothing.
fn vectors(count: usize) -> Vec<Vec<f32>> {
    let (rows, _) = VECTORS.as_chunks::<DIMENSION>();
    let row = |at: usize| rows.get(at).map(|row| row.iter().map(|&x| f32::from(x.cast_signed()) / FINENESS).collect());
    (0..count).map(|at| row(at).unwrap_or_else(|| vec![0.0; DIMENSION])).collect()
}

/// The cosine of every perfume with the mean of some vectors, and with the nearest of them.
fn meanings(house: &Snapshot, vectors: &[Vec<f32>]) -> (Vec<f32>, Vec<f32>) {
    let mut mean = vec![0.0_f32; vectors.iter().map(Vec::len).max().unwrap_or(0)];
    let mut best: Vec<f32> = Vec::new();
    for vector in vectors.iter().filter(|vector| !vector.is_empty()) {
        mean.iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
        let scores = house.vectors().scores(vector);
        if best.is_empty() {
            best = scores;
        } else {
            best.iter_mut().zip(scores).for_each(|(best, score)| *best = best.max(score));
        }
    }
    let length = mean.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    mean.iter_mut().for_each(|x| *x /= length);
    (house.vectors().scores(&mean), best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ai::{
            Embedder,
            local::{minilm::MiniLm, models_folder},
        },
        catalog::facts_text,
    };

    async fn embed(perfumes: impl Iterator<Item = usize>) -> Vec<Vec<f32>> {
        let seed = Seed::read().unwrap().fragrances;
        let texts: Vec<String> = perfumes.map(|at| facts_text(&seed[at])).collect();
        MiniLm::load(&models_folder()).unwrap().embed(&texts).await.unwrap()
    }

    #[tokio::test]
    async fn the_vectors_are_those_of_the_perfumes() {
        let count = Seed::read().unwrap().fragrances.len();
        assert_eq!(VECTORS.len(), count * DIMENSION, "write the vectors anew");
        let kept = vectors(count);
        let some = || (0..count).step_by(count / 5);
        for (at, vector) in some().zip(embed(some()).await) {
            let likeness: f32 = kept[at].iter().zip(&vector).map(|(a, b)| a * b).sum();
            assert!(likeness > 0.99, "{at}: {likeness}: write the vectors anew");
        }
    }

    /// Not a test: after a change to the perfumes, `cargo test writes_the_vectors -- --ignored`.
    #[tokio::test]
    #[ignore]
    async fn writes_the_vectors() {
        let count = Seed::read().unwrap().fragrances.len();
        let bytes: Vec<u8> = embed(0..count)
            .await
            .iter()
            .flatten()
            .map(|x| (x * FINENESS).round().clamp(-127.0, 127.0) as i8)
            .map(i8::cast_unsigned)
            .collect();
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/understanding/extract/learned/kinship.i8"), bytes).unwrap();
    }
}
