//! Making the cosines of one model comparable with another's.
//!
//! Models differ in how near unrelated texts lie: for one it is 0.1, for another 0.7. What counts as near was fitted on the local
//! model, so another's cosines are mapped to its scale: linearly, by what both say of the same pairs of texts.

use anyhow::{Result, ensure};

use crate::ai::Embedder;

/// Pairs that mean the same; texts of different pairs have nothing to do with each other.
pub(super) const PAIRS: &[[&str; 2]] = &[
    ["rain falling on dry earth after a long summer", "the smell of wet soil when the first drops come"],
    ["my grandmother baking bread in her kitchen", "warm loaves out of the oven at nonna's house"],
    ["incense in a cold stone church", "resin smoke rising under the vaults of the chapel"],
    ["sunscreen and salt on the beach", "a hot day by the sea with lotion on my skin"],
    ["old leather books in the library", "worn bindings and dusty paper on the shelves"],
    ["a fresh cup of coffee before work", "espresso in the morning at the office"],
];

/// The least distance between what is near and what is not.
const LEAST: f64 = 0.03;

/// From one model's cosines to the local one's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    factor: f64,
    shift: f64,
}

impl Scale {
    /// Measures both models. One that does not tell meanings apart is refused.
    pub async fn measure(local: &dyn Embedder, other: &dyn Embedder) -> Result<Self> {
        let texts: Vec<String> = PAIRS.iter().flatten().map(|text| (*text).to_owned()).collect();
        let (far, near) = means(&local.embed(&texts).await?);
        let (other_far, other_near) = means(&other.embed(&texts).await?);
        ensure!(
            other_near - other_far >= LEAST,
            "{} does not tell meanings apart: {other_near:.2} for what belongs together, {other_far:.2} for what does not",
            other.model()
        );
        ensure!(near > far, "{} does not tell meanings apart", local.model());
        let factor = (near - far) / (other_near - other_far);
        Ok(Self { factor, shift: far - factor * other_far })
    }

    pub fn local(self, cosine: f64) -> f64 {
        (self.factor * cosine + self.shift).clamp(-1.0, 1.0)
    }
}

/// The mean cosine of texts that do not belong together, and of those that do.
fn means(vectors: &[Vec<f32>]) -> (f64, f64) {
    let (mut far, mut near) = ((0.0, 0.0), (0.0, 0.0));
    for (i, a) in vectors.iter().enumerate() {
        for (j, b) in vectors.iter().enumerate().skip(i + 1) {
            let cosine: f64 = a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum();
            let mean = if i / 2 == j / 2 { &mut near } else { &mut far };
            *mean = (mean.0 + cosine, mean.1 + 1.0);
        }
    }
    (far.0 / f64::max(far.1, 1.0), near.0 / f64::max(near.1, 1.0))
}
