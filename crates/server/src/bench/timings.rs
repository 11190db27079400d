//! Durations of one kind of work, and what is read off them.

use std::time::{Duration, Instant};

/// Measured durations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timings {
    sorted: Vec<Duration>,
}

impl Timings {
    pub fn new(mut durations: Vec<Duration>) -> Timings {
        durations.sort_unstable();
        Timings { sorted: durations }
    }

    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The duration that `percent` of the runs did not exceed, in milliseconds; 0 without runs.
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let rank = (self.sorted.len() * percent).div_ceil(100).max(1) - 1;
        self.sorted.get(rank).map_or(0.0, |duration| duration.as_secs_f64() * 1_000.0)
    }
}

/// Runs some work; answers how long it took beside what it gave.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let result = work();
    (started.elapsed(), result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles() {
        let check = |milliseconds: &[u64], percent: usize, expect: f64| {
            let timings = Timings::new(milliseconds.iter().map(|ms| Duration::from_millis(*ms)).collect());
            assert!((timings.percentile_ms(percent) - expect).abs() < 1e-9, "{milliseconds:?} at {percent}");
        };
        check(&[], 95, 0.0);
        check(&[3], 50, 3.0);
        check(&[4, 1, 3, 2], 50, 2.0);
        check(&[4, 1, 3, 2], 95, 4.0);
        check(&(1..=100).collect::<Vec<_>>(), 95, 95.0);
    }
}
