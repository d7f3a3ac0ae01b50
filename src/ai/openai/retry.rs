//! When a call is worth another try, and when to make it.

use std::time::Duration;

use rand::Rng;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use time::{OffsetDateTime, PrimitiveDateTime, format_description::BorrowedFormatItem, macros::format_description};

use crate::ai::ModelError;

/// Tries in all.
pub(super) const TRIES: u32 = 3;
/// The longest pause before the second try; it doubles from there.
const FIRST: Duration = Duration::from_millis(400);

/// The longest pause that a provider is believed to ask for: nobody waits longer, and no clock overflows.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3600);

/// How long to wait before the next try; none if there is no use in one.
pub(super) fn pause(error: &ModelError, tries: u32) -> Option<Duration> {
    if tries >= TRIES {
        return None;
    }
    let most = FIRST * 2_u32.pow(tries.saturating_sub(1));
    // Full jitter: who failed together does not come back together.
    let jitter = most.mul_f64(rand::rng().random_range(0.1..=1.0));
    match error {
        ModelError::Busy { retry_after: Some(after) } => Some(*after + jitter / 4),
        ModelError::Busy { retry_after: None } | ModelError::Unreachable(_) | ModelError::Failing(_) => Some(jitter),
        _ => None,
    }
}

/// As of RFC 9110: seconds, or a date.
pub(super) fn retry_after(headers: &HeaderMap, now: OffsetDateTime) -> Option<Duration> {
    const HTTP_DATE: &[BorrowedFormatItem<'_>] =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok().map(|asked| asked.min(LONGEST_ASKED));
    }
    let date = PrimitiveDateTime::parse(text, HTTP_DATE).ok()?.assume_utc();
    Some(Duration::try_from(date - now).unwrap_or_default().min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn seconds_and_dates_are_read() {
        let now = datetime!(2026-11-22 10:00:00 UTC);
        let after = |text: &str| retry_after(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]), now);
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(after("Sun, 22 Nov 2026 10:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(after("Sun, 22 Nov 2026 09:00:00 GMT"), Some(Duration::ZERO));
        for far in ["18000000000000000000", "1e19", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert_eq!(after(far), Some(LONGEST_ASKED), "{far}");
        }
        for nonsense in ["soon", "-3", "NaN", "1e300", ""] {
            assert_eq!(after(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn what_will_not_pass_is_not_tried_again() {
        assert_eq!(pause(&ModelError::OutOfCredit, 1), None);
        assert_eq!(pause(&ModelError::Unauthorized(401), 1), None);
        assert_eq!(pause(&ModelError::Failing(503), TRIES), None);
        for _ in 0..100 {
            assert!(pause(&ModelError::Failing(503), 1).unwrap() <= FIRST);
            assert!(pause(&ModelError::Busy { retry_after: Some(Duration::from_secs(2)) }, 1).unwrap() >= Duration::from_secs(2));
        }
    }
}
