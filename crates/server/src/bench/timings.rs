//! Durations of one kind of work, and what is read off them.

use std::time::{Duration, Instant};

use record_engine::EngineError;

use crate::Failure;

/// The duration of a run that the program gave up with a clear message, because it took too long.
pub(crate) const GIVEN_UP: Duration = Duration::MAX;

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

    /// The duration that `percent` of the runs did not exceed, in milliseconds; 0 without runs, infinite where it is a run that was given up.
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let rank = (self.sorted.len() * percent).div_ceil(100).max(1) - 1;
        self.sorted.get(rank).map_or(0.0, |duration| match *duration {
            GIVEN_UP => f64::INFINITY,
            duration => duration.as_secs_f64() * 1_000.0,
        })
    }
}

/// How long some [`timed`] work took that the program may give up.
///
/// # Errors
/// What went wrong otherwise.
pub(crate) fn duration_of<T>((duration, result): (Duration, Result<T, impl Into<Failure>>)) -> crate::Result<Duration> {
    match result.map_err(Into::into) {
        Ok(_) => Ok(duration),
        Err(Failure::Engine(EngineError::TooSlow)) => Ok(GIVEN_UP),
        Err(other) => Err(other),
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
        let timings = Timings::new(vec![GIVEN_UP, Duration::from_millis(7)]);
        assert!(timings.percentile_ms(95).is_infinite() && timings.percentile_ms(50).is_finite());
    }
}
