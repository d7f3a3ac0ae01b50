//! From bytes to Unicode scalar values, for many places of a long text.

/// How many bytes lie between two counts.
const STEP: usize = 512;

/// The number of scalar values that begin before every [`STEP`]th byte of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct CharIndex(Vec<usize>);

/// Whether a scalar value begins with this byte.
fn begins(byte: &&u8) -> bool {
    **byte & 0b1100_0000 != 0b1000_0000
}

impl CharIndex {
    pub fn new(text: &str) -> Self {
        let counts = text.as_bytes().chunks(STEP).scan(0, |sum, chunk| {
            let before = *sum;
            *sum += chunk.iter().filter(begins).count();
            Some(before)
        });
        Self(counts.collect())
    }

    /// How many scalar values of `text` (the one that was indexed) begin before a byte.
    pub fn at(&self, text: &str, byte: usize) -> usize {
        let byte = byte.min(text.len());
        let step = (byte / STEP).min(self.0.len().saturating_sub(1));
        let counted = self.0.get(step).copied().unwrap_or_default();
        counted + text.as_bytes()[step * STEP..byte].iter().filter(begins).count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_are_those_of_the_text(text in "\\PC{0,1200}") {
            let index = CharIndex::new(&text);
            let boundaries = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
            for (chars, byte) in boundaries.enumerate() {
                prop_assert_eq!(index.at(&text, byte), chars);
            }
        }
    }
}
