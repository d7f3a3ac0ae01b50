//! How long to wait before the next try.

use std::time::Duration;

use rand::Rng;

/// Exponential backoff with a cap and "equal jitter": half of the delay is fixed, half is random, so that jobs that failed
/// together do not come back together (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog 2015).
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    /// The delay after the first failure.
    pub first: Duration,
    /// The longest delay.
    pub cap: Duration,
}

impl Backoff {
    /// The delay after the failure of the `attempt`th try, counted from 1.
    pub fn delay(&self, attempt: u32) -> Duration {
        let full = self.first.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(self.cap);
        full.mul_f64(0.5 + 0.5 * rand::rng().random::<f64>())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn delays_double_up_to_the_cap(attempt in 1_u32..100) {
            let backoff = Backoff { first: Duration::from_secs(2), cap: Duration::from_secs(300) };
            let full = 2.0_f64.powi(attempt.min(20).cast_signed()).min(300.0);
            let delay = backoff.delay(attempt).as_secs_f64();
            prop_assert!(delay >= full * 0.5 - 1e-6 && delay <= full + 1e-6, "{} of {}", delay, full);
        }
    }
}
