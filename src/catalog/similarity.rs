//! How much two perfumes are alike by their facts.

use super::Snapshot;

/// 0 to 1.
pub fn similarity(_snapshot: &Snapshot, _a: usize, _b: usize) -> f64 {
    todo!()
}
