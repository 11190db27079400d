#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

/// Zones with changes of the clock at midnight, of half an hour, with a skipped day, and none at all.
const ZONES: [&str; 10] = [
    "Europe/Kyiv",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Santiago",
    "Asia/Beirut",
    "UTC",
];

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn kyiv() -> TimeZone {
    TimeZone::get("Europe/Kyiv").unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn offsets_are_counted_from_a_day() {
    let special = |date: &str, is_yearly, is_working| SpecialDay { date: day(date), is_yearly, is_working };
    let days = WorkingDays::new(vec![
        special("2020-01-01", true, false),
        special("2020-12-25", true, false),
        // A Saturday that is worked on, and a Thursday of one year that is not.
        special("2026-12-26", false, true),
        special("2026-12-24", false, false),
        // Of this year alone the yearly holiday is worked on.
        special("2027-01-01", false, true),
    ]);
    let check = |base: &str, amount: i64, unit: Unit, time: &str, expect: &str| {
        let base = Base::chosen(base, &kyiv()).unwrap();
        let offset = Offset { amount, unit, time: time_of(time).unwrap() };
        let found = moment_of(offset, base, &days, &kyiv()).unwrap();
        assert_eq!(Timestamp::from_millisecond(found).unwrap().to_string(), expect, "{base:?} {offset:?}");
    };
    check("2026-11-24", 1, Unit::Day, "18:00", "2026-11-25T16:00:00Z");
    check("2026-11-24", 0, Unit::Day, "18:00", "2026-11-24T16:00:00Z");
    check("2026-11-24", -3, Unit::Day, "09:30", "2026-11-21T07:30:00Z");
    // Friday, the next working day is Monday.
    check("2026-11-27", 1, Unit::WorkingDay, "18:00", "2026-11-30T16:00:00Z");
    check("2026-11-28", 0, Unit::WorkingDay, "18:00", "2026-11-30T16:00:00Z");
    check("2026-11-28", -1, Unit::WorkingDay, "18:00", "2026-11-27T16:00:00Z");
    // Wednesday 23: Thursday and Friday are holidays, Saturday is worked on.
    check("2026-12-23", 1, Unit::WorkingDay, "10:00", "2026-12-26T08:00:00Z");
    check("2026-12-23", 2, Unit::WorkingDay, "10:00", "2026-12-28T08:00:00Z");
    check("2026-12-31", 1, Unit::WorkingDay, "10:00", "2027-01-01T08:00:00Z");
    check("2027-12-31", 1, Unit::WorkingDay, "10:00", "2028-01-03T08:00:00Z");
    // The clock goes back on 25 October: the time stays, and an hour is an hour.
    check("2026-10-24", 1, Unit::Day, "18:00", "2026-10-25T16:00:00Z");
    check("2026-10-24T18:00", 24, Unit::Hour, "00:00", "2026-10-25T15:00:00Z");
    check("2026-10-24", -2, Unit::Hour, "00:00", "2026-10-24T04:00:00Z");
    // It goes forward on 29 March over 03:30.
    check("2026-03-28", 1, Unit::Day, "03:30", "2026-03-29T01:00:00Z");
}

#[test]
fn what_is_no_day_or_time_is_none() {
    for wrong in ["", "24.12.2026", "2026-12-24T", "2026-12-24T25:00", "2026-12-24T9", "2026-13-01", "2026-12-24 10:00"]
    {
        assert_eq!(Base::chosen(wrong, &kyiv()), None, "{wrong}");
    }
    for wrong in ["", "9", "24:00", "9:5", "09:60", "+9:00", "09:+0", "009:00", "09:00:00"] {
        assert_eq!(time_of(wrong), None, "{wrong}");
    }
    assert_eq!(time_of("9:05"), Time::new(9, 5, 0, 0).ok());
}

#[test]
fn nobody_is_looked_for_who_works_on_no_day() {
    let never: Vec<SpecialDay> = (1..=366)
        .filter_map(|day| day_of_year(day).map(|date| SpecialDay { date, is_yearly: true, is_working: false }))
        .collect();
    let base = Base::chosen("2026-01-01", &kyiv()).unwrap();
    let offset = Offset { amount: 1, unit: Unit::WorkingDay, time: Time::midnight() };
    assert_eq!(moment_of(offset, base, &WorkingDays::new(never), &kyiv()), None);
}

fn day_of_year(number: i64) -> Option<Date> {
    day("2024-01-01").checked_add((number - 1).days()).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn the_clock_on_the_wall_shows_the_time_in_every_zone(
        zone in 0..ZONES.len(), start in at("1995-01-01T00:00:00Z")..at("2037-01-01T00:00:00Z"),
        amount in -400_i64..400, hour in 0_i8..24, minute in 0_i8..60, unit in 0..3,
    ) {
        let zone = TimeZone::get(ZONES.get(zone).unwrap()).unwrap();
        let base = Base::now(start, &zone);
        let unit = [Unit::Day, Unit::WorkingDay, Unit::Hour].get(usize::try_from(unit).unwrap()).copied().unwrap();
        let offset = Offset { amount, unit, time: Time::new(hour, minute, 0, 0).unwrap() };
        let days = WorkingDays::default();
        let found = moment_of(offset, base, &days, &zone).unwrap();
        if unit == Unit::Hour {
            prop_assert_eq!(found - base.at_ms, amount * HOUR_MS);
            prop_assert!((0..MINUTE_MS).contains(&(start - base.at_ms)));
            return Ok(());
        }
        let shown = Timestamp::from_millisecond(found).unwrap().to_zoned(zone.clone()).datetime();
        let wanted = match unit {
            Unit::Day => base.day.checked_add(amount.days()).unwrap(),
            _ => days.away(base.day, amount).unwrap(),
        };
        // What the clock jumps over is the moment of the jump: never before the time that was asked for, never a day of work later.
        let asked = wanted.to_datetime(offset.time);
        let is_there = !zone.to_ambiguous_timestamp(asked).is_ambiguous()
            || matches!(zone.to_ambiguous_timestamp(asked).offset(), jiff::tz::AmbiguousOffset::Fold { .. });
        if is_there {
            prop_assert_eq!(shown, asked);
        } else {
            prop_assert!(shown >= asked.date().to_datetime(Time::midnight()));
        }
        if unit == Unit::WorkingDay {
            prop_assert!(days.is_working(wanted));
            let (from, to) = (wanted.min(base.day), wanted.max(base.day));
            let between = from.series(1.day()).take_while(|date| *date <= to).filter(|date| days.is_working(*date)).count();
            // All working days between are counted, the day of use among them where it is one.
            let counted = usize::try_from(amount.abs()).unwrap().max(1) + usize::from(days.is_working(base.day) && amount != 0);
            prop_assert_eq!(between, counted);
        }
    }
}
