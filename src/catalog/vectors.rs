//! Exact vector search in this process: at the size of a catalog, nothing approximate is needed.

use std::cmp::Ordering;

use anyhow::{Result, ensure};

use crate::parallel;

/// Finds what is nearest to a vector. All vectors are of unit length, so that their dot product is their cosine.
pub trait VectorSearch: Send + Sync {
    /// The `k` nearest rows with their cosine, nearest first.
    fn nearest(&self, query: &[f32], k: usize) -> Vec<(usize, f32)>;
    /// The cosine of every row.
    fn scores(&self, query: &[f32]) -> Vec<f32>;
}

/// How many rows are worth a thread of their own: about a millisecond's work.
const SHARE: usize = 16_000;

/// Vectors of one length, row after row.
#[derive(Clone, Debug, Default)]
pub struct FlatVectors {
    dimension: usize,
    values: Vec<f32>,
}

impl FlatVectors {
    /// Lays rows out flat. All must have the given length.
    pub fn new(dimension: usize, rows: &[Vec<f32>]) -> Result<Self> {
        let mut values = Vec::with_capacity(rows.len() * dimension);
        for row in rows {
            ensure!(row.len() == dimension, "a vector has {} numbers, not {dimension}", row.len());
            values.extend_from_slice(row);
        }
        Ok(Self { dimension, values })
    }

    /// How many vectors there are.
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.dimension).unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn row(&self, at: usize) -> &[f32] {
        &self.values[at * self.dimension..(at + 1) * self.dimension]
    }
}

impl VectorSearch for FlatVectors {
    fn nearest(&self, query: &[f32], k: usize) -> Vec<(usize, f32)> {
        let mut rows: Vec<(usize, f32)> = self.scores(query).into_iter().enumerate().collect();
        let by_score = |a: &(usize, f32), b: &(usize, f32)| -> Ordering { b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)) };
        if k < rows.len() {
            rows.select_nth_unstable_by(k, by_score);
            rows.truncate(k);
        }
        rows.sort_unstable_by(by_score);
        rows
    }

    /// A query of another length is near nothing.
    fn scores(&self, query: &[f32]) -> Vec<f32> {
        if query.len() != self.dimension || self.dimension == 0 {
            return vec![0.0; self.len()];
        }
        let rows: Vec<&[f32]> = self.values.chunks_exact(self.dimension).collect();
        parallel::map(&rows, SHARE, |row| dot(row, query))
    }
}

/// Eight sums at a time, which the compiler turns into vector instructions.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0.0_f32; LANES];
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    for (x, y) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_comes_first_and_ties_keep_their_order() {
        let vectors = FlatVectors::new(2, &[vec![1.0, 0.0], vec![0.0, 1.0], vec![1.0, 0.0], vec![0.6, 0.8]]).unwrap();
        assert_eq!(vectors.nearest(&[1.0, 0.0], 3), [(0, 1.0), (2, 1.0), (3, 0.6)]);
        assert_eq!(vectors.nearest(&[1.0, 0.0], 9).len(), 4);
        assert_eq!(vectors.scores(&[1.0]), [0.0; 4]);
    }

    #[test]
    fn many_rows_are_scored_in_shares_and_in_order() {
        let rows: Vec<Vec<f32>> = (0..2 * SHARE + 7).map(|at| vec![(at % 1_000) as f32, 1.0]).collect();
        let scores = FlatVectors::new(2, &rows).unwrap().scores(&[2.0, 0.5]);
        assert_eq!(scores.len(), rows.len());
        assert!(scores.iter().zip(&rows).all(|(score, row)| *score == dot(row, &[2.0, 0.5])));
    }

    #[test]
    fn vectors_of_another_length_are_refused() {
        assert!(FlatVectors::new(2, &[vec![1.0]]).is_err());
    }
}
