//! The vectors of perfumes, put together from those of their notes and accords.
//!
//! A perfume is known by its notes alone, so its vector is a mean of what they evoke. That takes microseconds where running a
//! text of its facts through the model takes tens of milliseconds, and a catalog of 60,000 is searchable at once.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;

use super::{FlatVectors, Taxonomy};
use crate::{
    ai::Embedder,
    domain::{fragrance::Fragrance, notes::Layer},
};

/// What all accords together weigh against all notes together.
const ACCORDS: f64 = 0.5;
/// How much a place further down a list of notes, and of accords, weighs less.
const FADE: f64 = 0.1;
const ACCORD_FADE: f64 = 0.12;
const LEAST: f64 = 0.05;

/// One unit vector for each perfume, in order; of zeros for a perfume without any fact that has a vector.
pub async fn compose(embedder: &dyn Embedder, taxonomy: &Taxonomy, fragrances: &[Fragrance]) -> Result<FlatVectors> {
    let accords: BTreeSet<&str> = fragrances.iter().flat_map(|f| f.accords.iter().map(String::as_str)).collect();
    let texts: Vec<String> = accords.iter().map(|accord| (*accord).to_owned()).collect();
    let accords: HashMap<&str, Vec<f32>> = accords.into_iter().zip(embedder.embed(&texts).await?).collect();

    let dimension = embedder.dimension();
    let mut rows: Vec<Vec<f32>> = fragrances
        .iter()
        .map(|fragrance| {
            let notes = Layer::ALL.iter().flat_map(|&layer| fragrance.notes.layer(layer).iter().enumerate());
            let notes = notes.filter_map(|(position, note)| {
                let at = taxonomy.index_of(note)?;
                Some((1.0 / (1.0 + FADE * position as f64), taxonomy.evocation_vector(at)))
            });
            let felt = fragrance.accords.iter().enumerate();
            let felt = felt.map(|(position, accord)| {
                ((1.0 - ACCORD_FADE * position as f64).max(LEAST), accords[accord.as_str()].as_slice())
            });
            let (notes, felt) = (mean(dimension, notes), mean(dimension, felt));
            notes.iter().zip(&felt).map(|(note, accord)| (note + ACCORDS * accord) as f32).collect()
        })
        .collect();
    center(&mut rows, dimension);
    FlatVectors::new(dimension, &rows)
}

fn mean<'a>(dimension: usize, weighted: impl Iterator<Item = (f64, &'a [f32])>) -> Vec<f64> {
    let (mut sum, mut total) = (vec![0.0; dimension], 0.0);
    for (weight, vector) in weighted {
        sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += weight * f64::from(*x));
        total += weight;
    }
    if total > 0.0 {
        sum.iter_mut().for_each(|x| *x /= total);
    }
    sum
}

/// Takes from each what all have in common (that they speak of perfume), and makes them of unit length.
fn center(rows: &mut [Vec<f32>], dimension: usize) {
    let count = rows.len().max(1) as f32;
    let mut common = vec![0.0_f32; dimension];
    for row in rows.iter() {
        common.iter_mut().zip(row).for_each(|(sum, x)| *sum += x / count);
    }
    // Of a few perfumes, what they have in common is what they are.
    let part = if rows.len() < 50 { 0.0 } else { 1.0 };
    for row in rows {
        row.iter_mut().zip(&common).for_each(|(x, common)| *x -= part * common);
        let length = row.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 1e-6 {
            row.iter_mut().for_each(|x| *x /= length);
        }
    }
}
