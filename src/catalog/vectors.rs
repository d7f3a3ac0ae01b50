//! Exact vector search in this process.

/// Finds what is nearest to a vector.
pub trait VectorSearch: Send + Sync {
    /// The `k` nearest rows with their cosine, nearest first.
    fn nearest(&self, query: &[f32], k: usize) -> Vec<(usize, f32)>;
    /// The cosine of every row.
    fn scores(&self, query: &[f32]) -> Vec<f32>;
}
