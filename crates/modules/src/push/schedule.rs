//! When a delivery that failed is tried again.

use sha2::{Digest, Sha256};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// A notification is news for so long.
pub(super) const LIFE_MS: i64 = 24 * HOUR_MS;
/// The first pause; each further one is three times as long.
const FIRST_PAUSE_MS: i64 = 5 * SECOND_MS;
/// The longest pause that nobody asked for.
const LONGEST_PAUSE_MS: i64 = 2 * HOUR_MS;
/// So long nothing goes to a service that could not be reached.
pub(super) const HOST_REST_MS: i64 = 30 * SECOND_MS;
/// Pauses are longer by up to so many hundredths, so that what failed together does not come back together.
const JITTER_PERCENT: i64 = 20;

/// How long a delivery waits after its `attempt`th attempt has failed. Whatever the service asked for is kept to.
pub(super) fn pause_ms(id: i64, attempt: i64, asked_ms: Option<i64>) -> i64 {
    let beyond = u32::try_from(attempt - 1).unwrap_or(u32::MAX);
    let pause = FIRST_PAUSE_MS.saturating_mul(3_i64.saturating_pow(beyond)).min(LONGEST_PAUSE_MS);
    let digest = Sha256::new().chain_update(id.to_le_bytes()).chain_update(attempt.to_le_bytes()).finalize();
    let jitter = digest.first().copied().map_or(0, i64::from) % (JITTER_PERCENT + 1);
    (pause + pause / 100 * jitter).max(asked_ms.unwrap_or_default())
}

/// What `Retry-After` asks for: seconds, or a moment.
pub(super) fn asked_ms(header: &str, now_ms: i64) -> Option<i64> {
    if let Ok(seconds) = header.trim().parse::<u32>() {
        return Some(i64::from(seconds) * SECOND_MS);
    }
    let moment = jiff::fmt::rfc2822::parse(header.trim()).ok()?;
    Some((moment.timestamp().as_millisecond() - now_ms).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_for_a_day_and_keep_to_what_was_asked() {
        let pauses: Vec<i64> = (1..20).map(|attempt| pause_ms(7, attempt, None)).collect();
        assert!(pauses.first().is_some_and(|first| (5_000..=6_000).contains(first)));
        assert!(pauses.iter().all(|pause| *pause <= LONGEST_PAUSE_MS / 100 * 120));
        assert!(pauses.iter().sum::<i64>() > LIFE_MS);
        assert!((1..50).any(|id| pause_ms(id, 3, None) != pause_ms(id + 1, 3, None)));
        assert_eq!(pause_ms(7, 1, Some(90_000)), 90_000);
        assert_eq!(pause_ms(7, i64::MAX, None) / LONGEST_PAUSE_MS, 1);
    }

    #[test]
    fn what_a_service_asks_for() {
        let check =
            |header: &str, expect: Option<i64>| assert_eq!(asked_ms(header, 784_111_770_000), expect, "{header}");
        check("120", Some(120_000));
        check(" 0 ", Some(0));
        check("Sun, 06 Nov 1994 08:49:37 GMT", Some(7_000));
        check("Sun, 06 Nov 1994 08:00:00 GMT", Some(0));
        check("-5", None);
        check("soon", None);
    }
}
