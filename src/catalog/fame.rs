//! How widely a perfume is known: the logarithm of its votes, 0 to 1, and back.

/// The votes at which a perfume is known to everybody.
const EVERYBODY: f64 = 20_000.0;

/// How widely a perfume of so many votes is known.
pub(super) fn popularity(votes: f64) -> f64 {
    ((1.0 + votes).ln() / (1.0 + EVERYBODY).ln()).clamp(0.0, 1.0)
}

/// The votes of a perfume that is known so widely: where everybody knows it, the fewest that it can have.
pub(super) fn votes(popularity: f64) -> f64 {
    (popularity * (1.0 + EVERYBODY).ln()).exp() - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_undoes_the_other() {
        for count in [0.0, 1.0, 250.0, EVERYBODY] {
            assert!((votes(popularity(count)) - count).abs() < 1e-6, "{count}");
        }
        assert!((popularity(10.0 * EVERYBODY) - 1.0).abs() < 1e-12);
    }
}
