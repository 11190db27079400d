//! When somebody is reminded: by how much before, by the clock on the wall of who is reminded.
//!
//! What must stay true: a day before is the same time of the day before, also across a change of the clock; a time that a change leaves out is the moment
//! of the change, one that comes twice is the first of the two.

use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};
use record_engine::field_types::ChoiceSettings;

const MINUTE_MS: i64 = 60_000;
/// When whole days begin for whoever is reminded of them: nobody wants to hear of tomorrow at a quarter to midnight.
const MORNING: i8 = 9;

/// What can be chosen, with its names. What has no moment of its own but a span leaves out `at_time`.
pub(crate) fn choices(has_at_time: bool) -> ChoiceSettings {
    let all = [
        ("never", ["Never", "Не напоминать", "Не нагадувати"], None),
        ("at_time", ["At the time", "В момент срока", "У момент терміну"], None),
        ("minutes_5", ["5 minutes before", "За 5 минут", "За 5 хвилин"], None),
        ("minutes_15", ["15 minutes before", "За 15 минут", "За 15 хвилин"], None),
        ("minutes_30", ["Half an hour before", "За полчаса", "За пів години"], None),
        ("hour", ["1 hour before", "За час", "За годину"], None),
        ("hours_2", ["2 hours before", "За 2 часа", "За 2 години"], None),
        ("day", ["1 day before", "За день", "За день"], None),
    ];
    let offered: Vec<_> = all.into_iter().filter(|(key, ..)| has_at_time || *key != "at_time").collect();
    ChoiceSettings::of(&offered)
}

/// The moment before another one that a choice means, milliseconds UTC; `None` for never.
pub(crate) fn before(choice: &str, at_ms: i64, zone: &TimeZone) -> Option<i64> {
    let minutes = match choice {
        "at_time" => 0,
        "minutes_5" => 5,
        "minutes_15" => 15,
        "minutes_30" => 30,
        "hour" => 60,
        "hours_2" => 120,
        "day" => return day_before(at_ms, zone),
        _ => return None,
    };
    Some(at_ms - minutes * MINUTE_MS)
}

/// The morning of the day on which a moment is, by the clock on the wall.
pub(crate) fn morning_of(at_ms: i64, zone: &TimeZone) -> Option<i64> {
    let day = Timestamp::from_millisecond(at_ms).ok()?.to_zoned(zone.clone()).date();
    Some(zone.to_ambiguous_timestamp(day.at(MORNING, 0, 0, 0)).compatible().ok()?.as_millisecond())
}

/// The same time of the day before, by the clock on the wall.
pub(crate) fn day_before(at_ms: i64, zone: &TimeZone) -> Option<i64> {
    let local = Timestamp::from_millisecond(at_ms).ok()?.to_zoned(zone.clone()).datetime();
    let wanted = local.checked_sub(1.day()).ok()?;
    let ambiguous = zone.to_ambiguous_timestamp(wanted);
    let at = match ambiguous.offset() {
        // The wall clock jumps over it: the moment of the jump is the next that there is.
        AmbiguousOffset::Gap { before, .. } => {
            let inside = before.to_timestamp(wanted).ok()?;
            let jump = zone.preceding(inside.checked_add(1.nanosecond()).ok()?).next();
            jump.map_or(inside, |transition| transition.timestamp())
        }
        _ => ambiguous.earlier().ok()?,
    };
    Some(at.as_millisecond())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::DateTime;
    use jiff::tz::db;
    use record_engine::context::instant_text;

    use super::*;
    use crate::reminders::Due;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn a_day_before_is_the_same_time_on_the_wall() {
        let check = |zone: &str, deadline: &str, expect: &str| {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(day_before(at(deadline), &zone), Some(at(expect)), "{deadline}");
        };
        check("Europe/Kyiv", "2026-11-23T08:00:00Z", "2026-11-22T08:00:00Z");
        // Clocks go forward in the night to 29 March 2026 and back in that to 25 October.
        check("Europe/Kyiv", "2026-03-29T09:00:00Z", "2026-03-28T10:00:00Z");
        check("Europe/Kyiv", "2026-10-25T10:00:00Z", "2026-10-24T09:00:00Z");
        // 03:30 is left out on the 29th: the clock jumps at 01:00 UTC.
        check("Europe/Kyiv", "2026-03-30T00:30:00Z", "2026-03-29T01:00:00Z");
        // 03:30 comes twice on the 25th: the first of the two.
        check("Europe/Kyiv", "2026-10-26T01:30:00Z", "2026-10-25T00:30:00Z");
    }

    /// The same worked out minute by minute: the first moment of the day before at which the wall clock shows at least the time of the deadline.
    fn naive(deadline: i64, zone: &TimeZone) -> Option<i64> {
        let wall = |ms: i64| -> DateTime { Timestamp::from_millisecond(ms).unwrap().to_zoned(zone.clone()).datetime() };
        let wanted = wall(deadline).checked_sub(1.day()).unwrap();
        // No clock has been moved by more than three hours at once.
        let from = deadline - 28 * 60 * MINUTE_MS;
        (0..=(8 * 60)).map(|minute| from + minute * MINUTE_MS).find(|moment| wall(*moment) >= wanted)
    }

    #[test]
    fn every_zone_and_every_change_of_the_clock() {
        let from = at("2024-01-01T00:00:00Z");
        let until = Timestamp::from_millisecond(at("2040-01-01T00:00:00Z")).unwrap();
        let mut changes = 0;
        for name in db().available() {
            let zone = TimeZone::get(name.as_str()).unwrap();
            let transitions: Vec<Timestamp> = zone
                .following(Timestamp::from_millisecond(from).unwrap())
                .map(|transition| transition.timestamp())
                .take_while(|at| *at < until)
                .collect();
            for change in transitions {
                changes += 1;
                // Deadlines around the change and a day after it, on whole minutes.
                for hours in [-25, -1, 0, 1, 22, 23, 24, 25, 26] {
                    for minutes in [0, 30] {
                        let deadline = change.as_millisecond() + (hours * 60 + minutes) * MINUTE_MS;
                        let expect = naive(deadline, &zone);
                        for (reminding, field) in crate::reminding().into_iter().zip(["deadline", "starts_at"]) {
                            let mut values = record_engine::Values::new();
                            values.insert(field.into(), instant_text(deadline).into());
                            values.insert("reminder".into(), "day".into());
                            let found =
                                (reminding.moments)(&values, &zone).into_iter().find(|(due, _)| *due == Due::Soon);
                            let found = found.map(|(_, at)| at);
                            assert_eq!(found, expect, "{} {} {deadline}", reminding.object_type, name.as_str());
                        }
                    }
                }
            }
        }
        assert!(changes > 5_000, "{changes} changes of clocks were looked at");
    }

    #[test]
    fn whole_days_begin_in_the_morning() {
        let check = |zone: &str, begins: &str, expect: &str| {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(morning_of(at(begins), &zone), Some(at(expect)), "{begins}");
        };
        check("Europe/Kyiv", "2026-11-22T22:00:00Z", "2026-11-23T07:00:00Z");
        // The night in which the clock goes forward.
        check("Europe/Kyiv", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z");
        // A day that begins an hour late, because its first hour is left out.
        check("Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-24T06:00:00Z");
    }
}
