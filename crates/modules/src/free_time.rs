//! Free time: what of some people's hours is taken, and which gaps they have in common. Pure: no database, no clock.
//!
//! What must stay true: a gap that is proposed lies within the hours of each person and meets nothing that takes his time; hours are those of the wall
//! clock of each, so a common gap of people in two zones is one for both. Who has no schedule is taken to work at the usual hours.
//!
//! It requires no module.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use record_engine::query::busy::Taken;

/// Gaps begin on the half hour.
pub const STEP_MS: i64 = 30 * 60_000;
/// The usual hours of somebody without a schedule.
const USUAL: (i8, i8) = (9, 18);
/// Longest span that is looked at, in days.
const MOST_DAYS: usize = 120;

/// A stretch of time, milliseconds UTC; the end does not belong to it.
pub type Stretch = (i64, i64);

/// Somebody whose time is wanted.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// When he works, in order.
    pub hours: Vec<Stretch>,
    /// What takes his time.
    pub busy: Vec<Stretch>,
}

/// Stretches in order, those that touch made one.
pub fn merged(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.retain(|(from, to)| from < to);
    stretches.sort_unstable();
    let mut made: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for (from, to) in stretches {
        match made.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => made.push((from, to)),
        }
    }
    made
}

/// What of some stretches lies within others.
pub fn within(stretches: &[Stretch], hours: &[Stretch]) -> Vec<Stretch> {
    let met = |one: &Stretch| -> Vec<Stretch> {
        hours.iter().map(|other| (one.0.max(other.0), one.1.min(other.1))).filter(|(from, to)| from < to).collect()
    };
    merged(stretches.iter().flat_map(met).collect())
}

/// What takes the time of somebody with these hours, in order; what lasts whole days takes the hours of these.
pub fn busy_of(user_id: i64, all: &[Taken], hours: &[Stretch]) -> Vec<Stretch> {
    let mut busy = Vec::new();
    for one in all.iter().filter(|one| one.user_id == user_id) {
        let stretch = (one.from_ms, one.to_ms);
        busy.extend(if one.is_whole { within(&[stretch], hours) } else { vec![stretch] });
    }
    merged(busy)
}

/// What of some stretches is left without others.
pub fn without(stretches: &[Stretch], taken: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::new();
    let taken = merged(taken.to_vec());
    for (from, to) in merged(stretches.to_vec()) {
        let mut at = from;
        for (begins, ends) in taken.iter().filter(|(begins, ends)| *begins < to && *ends > from) {
            if *begins > at {
                left.push((at, *begins));
            }
            at = at.max(*ends);
        }
        if at < to {
            left.push((at, to));
        }
    }
    left
}

/// The next gaps of a length that all have in common, beginning on the half hour and not before a moment; at most so many of them.
pub fn common_gaps(people: &[Person], not_before: i64, length_ms: i64, most: usize) -> Vec<Stretch> {
    let mut free: Option<Vec<Stretch>> = None;
    for person in people {
        let own = without(&person.hours, &person.busy);
        free = Some(free.map_or(own.clone(), |free| within(&free, &own)));
    }
    let mut found = Vec::new();
    for (from, to) in free.unwrap_or_default() {
        let mut at = next_step(from.max(not_before));
        // Of a long gap the beginnings that follow each other are no choice: the next is proposed behind the first.
        while at + length_ms <= to {
            if found.len() == most {
                return found;
            }
            found.push((at, at + length_ms));
            at = next_step(at + length_ms);
        }
    }
    found
}

fn next_step(at_ms: i64) -> i64 {
    at_ms + (-at_ms).rem_euclid(STEP_MS)
}

/// The usual hours of working days between two moments, by the wall clock of a zone, but for some days.
pub fn usual_hours(zone: &TimeZone, (from_ms, to_ms): Stretch, is_off: impl Fn(Date) -> bool) -> Vec<Stretch> {
    let works = |date: &Date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_off(*date);
    let hours = |date: Date| Some((moment(zone, date, USUAL.0)?, moment(zone, date, USUAL.1)?));
    days(zone, (from_ms, to_ms)).into_iter().filter(works).filter_map(hours).collect()
}

/// The days of a zone that a span touches.
pub fn days(zone: &TimeZone, (from_ms, to_ms): Stretch) -> Vec<Date> {
    let day = |ms: i64| Some(Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone()).date());
    let (Some(first), Some(last)) = (day(from_ms), day(to_ms - 1)) else { return Vec::new() };
    first.series(1.day()).take(MOST_DAYS).take_while(|date| *date <= last).collect()
}

/// A day of a zone as a stretch.
pub fn day_of(zone: &TimeZone, date: Date) -> Option<Stretch> {
    Some((moment(zone, date, 0)?, moment(zone, date.tomorrow().ok()?, 0)?))
}

fn moment(zone: &TimeZone, date: Date, hour: i8) -> Option<i64> {
    Some(zone.to_ambiguous_timestamp(date.at(hour, 0, 0, 0)).compatible().ok()?.as_millisecond())
}

/// How many milliseconds some stretches take together.
pub fn length(stretches: &[Stretch]) -> i64 {
    stretches.iter().map(|(from, to)| to - from).sum()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn people_in_two_zones_have_few_hours_in_common() {
        // A Monday: nine to six in Kyiv is 07:00 to 16:00 UTC, in New York 14:00 to 23:00.
        let span = (at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z"));
        let of = |zone: &str, busy: Vec<Stretch>| {
            let hours = usual_hours(&TimeZone::get(zone).unwrap(), span, |_| false);
            Person { hours, busy }
        };
        let kyiv = of("Europe/Kyiv", vec![(at("2026-11-23T14:10:00Z"), at("2026-11-23T14:20:00Z"))]);
        let york = of("America/New_York", Vec::new());
        let found = common_gaps(&[kyiv.clone(), york.clone()], span.0, HOUR, 5);
        assert_eq!(found, [(at("2026-11-23T14:30:00Z"), at("2026-11-23T15:30:00Z"))]);
        assert!(common_gaps(&[kyiv, york], at("2026-11-23T15:01:00Z"), HOUR, 5).is_empty());
        assert!(usual_hours(&TimeZone::UTC, span, |_| true).is_empty(), "a holiday");
        assert!(common_gaps(&[], 0, HOUR, 5).is_empty(), "nobody has no time in common");
    }

    fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
        prop::collection::vec((0_i64..96, 1_i64..20), 0..8)
            .prop_map(|all| all.into_iter().map(|(from, long)| (from * HOUR / 4, (from + long) * HOUR / 4)).collect())
    }

    proptest! {
        /// Each gap is asked of each minute of each person; and where nothing is proposed, nothing is there.
        #[test]
        fn gaps_are_those_that_every_quarter_of_an_hour_gives(
            people in prop::collection::vec((stretches(), stretches()), 1..4), not_before in 0_i64..100, halves in 1_i64..6,
        ) {
            let people: Vec<Person> = people.into_iter().map(|(hours, busy)| Person { hours: merged(hours), busy }).collect();
            let is_free = |at: i64| {
                let meets = |all: &[Stretch]| all.iter().any(|(from, to)| *from <= at && at < *to);
                people.iter().all(|person| meets(&person.hours) && !meets(&person.busy))
            };
            let length = halves * STEP_MS;
            let not_before = not_before * HOUR / 4;
            let fits = |from: i64| (0..length / (HOUR / 4)).all(|at| is_free(from + at * HOUR / 4));
            let mut expected = Vec::new();
            let mut at = next_step(not_before);
            while at < 130 * HOUR / 4 {
                if fits(at) {
                    expected.push((at, at + length));
                    at += length;
                } else {
                    at += STEP_MS;
                }
            }
            prop_assert_eq!(common_gaps(&people, not_before, length, 1_000), expected);
        }
    }
}
