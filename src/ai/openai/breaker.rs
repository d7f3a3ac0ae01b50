//! Leaving a provider alone that keeps failing.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::ai::ModelError;

/// So many failures in a row, and the provider is left alone.
const FAILURES: u32 = 4;
/// For how long.
const REST: Duration = Duration::from_secs(30);
/// What does not pass by itself is asked about more seldom.
const LONG_REST: Duration = Duration::from_secs(120);

/// Counts failures in a row. After a rest one call is let through, and what becomes of it decides.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Breaker {
    /// Whether a call may be made now.
    pub fn admit(&self, now: Instant) -> Result<(), ModelError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.rests_until {
            Some(until) if now < until => Err(ModelError::Resting),
            Some(_) => {
                // One call tries; the others wait for what it finds.
                state.rests_until = Some(now + REST);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Learns how a call went.
    pub fn learn(&self, outcome: Result<(), &ModelError>, now: Instant) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = match outcome {
            // A refused request is an answer: the provider is there.
            Ok(()) | Err(ModelError::Refused { .. } | ModelError::Declined) => {
                *state = State::default();
                return;
            }
            Err(ModelError::OutOfCredit | ModelError::Unauthorized(_)) => Some(LONG_REST),
            Err(ModelError::Busy { retry_after: Some(after) }) => Some((*after).min(LONG_REST)),
            Err(_) => None,
        };
        state.failures += 1;
        if let Some(rest) = rest.or((state.failures >= FAILURES).then_some(REST)) {
            state.rests_until = Some(now + rest);
        } else if state.rests_until.is_some_and(|until| until <= now) {
            state.rests_until = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rests_after_failures_and_then_tries_once() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            assert_eq!(breaker.admit(start), Ok(()));
            breaker.learn(Err(&ModelError::Slow), start);
        }
        assert_eq!(breaker.admit(start + REST / 2), Err(ModelError::Resting));
        let later = start + REST + Duration::from_millis(1);
        assert_eq!(breaker.admit(later), Ok(()));
        assert_eq!(breaker.admit(later), Err(ModelError::Resting), "one at a time");
        breaker.learn(Ok(()), later);
        assert_eq!(breaker.admit(later), Ok(()));
    }

    #[test]
    fn one_failure_between_successes_is_nothing() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..20 {
            assert_eq!(breaker.admit(now), Ok(()));
            breaker.learn(Err(&ModelError::BrokenOff), now);
            breaker.learn(Err(&ModelError::Refused { status: 400, message: String::new() }), now);
        }
    }

    #[test]
    fn who_says_when_to_come_back_is_believed() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        breaker.learn(Err(&ModelError::Busy { retry_after: Some(Duration::from_secs(7)) }), now);
        assert_eq!(breaker.admit(now + Duration::from_secs(6)), Err(ModelError::Resting));
        assert_eq!(breaker.admit(now + Duration::from_secs(8)), Ok(()));
    }
}
