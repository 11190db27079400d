//! When a delivery that failed is tried again, and when the receiver as a whole is left alone for a while.

use sha2::{Digest, Sha256};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The pauses of Standard Webhooks after each failed attempt; after the last one the delivery has failed for good.
const PAUSES_MS: [i64; 9] = [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];
/// Pauses differ by up to so many hundredths either way, so that what failed together does not come back together.
const JITTER_PERCENT: i64 = 10;

/// So many failures in a row mean that the receiver is in trouble, not the message.
const TROUBLE: i64 = 5;
/// Its first pause; each further failure doubles it.
const FIRST_REST_MS: i64 = 5 * SECOND_MS;
/// Its longest pause.
const LONGEST_REST_MS: i64 = 5 * MINUTE_MS;

/// A webhook that has only failed for so long is switched off.
pub(super) const GIVEN_UP_AFTER_MS: i64 = 7 * 24 * HOUR_MS;

/// How long a delivery waits after its `attempts`th attempt has failed; `None` when it was the last.
pub(super) fn pause_ms(delivery_id: i64, attempts: i64) -> Option<i64> {
    let at = usize::try_from(attempts - 1).ok()?;
    PAUSES_MS.get(at).map(|pause| pause + pause / 100 * jitter(delivery_id, attempts))
}

/// How long a receiver is left alone after so many failures in a row.
pub(super) fn rest_ms(failures_in_row: i64) -> Option<i64> {
    let beyond = u32::try_from(failures_in_row.checked_sub(TROUBLE).filter(|beyond| *beyond >= 0)?).unwrap_or(u32::MAX);
    Some(FIRST_REST_MS.saturating_mul(2_i64.saturating_pow(beyond)).min(LONGEST_REST_MS))
}

/// From minus to plus [`JITTER_PERCENT`]: another one for each attempt, the same for the same one.
fn jitter(delivery_id: i64, attempts: i64) -> i64 {
    let digest = Sha256::new().chain_update(delivery_id.to_le_bytes()).chain_update(attempts.to_le_bytes()).finalize();
    let byte = digest.first().copied().map_or(0, i64::from);
    byte % (2 * JITTER_PERCENT + 1) - JITTER_PERCENT
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_delivery_is_tried_ten_times_within_some_days() {
        for id in 1..50 {
            let pauses: Vec<i64> = (1..).map_while(|attempts| pause_ms(id, attempts)).collect();
            assert_eq!(pauses.len(), 9);
            assert!(pauses.is_sorted());
            assert!((4_500..=5_500).contains(pauses.first().unwrap()));
            assert!((68 * HOUR_MS..84 * HOUR_MS).contains(&pauses.iter().sum()), "{pauses:?}");
        }
        assert!((1..50).any(|id| pause_ms(id, 3) != pause_ms(id + 1, 3)));
        assert_eq!(pause_ms(1, 0), None);
    }

    #[test]
    fn a_receiver_in_trouble_rests_longer_and_longer() {
        assert_eq!((0..5).find_map(rest_ms), None);
        let rests: Vec<i64> = (5..14).filter_map(rest_ms).collect();
        assert_eq!(rests, [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
        assert_eq!(rest_ms(i64::MAX), Some(300_000));
    }
}
