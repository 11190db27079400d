#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::DateTime;

use super::*;

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

#[test]
fn rules_have_one_form() {
    let check = |input: &str, expect: Option<&str>| {
        assert_eq!(Rule::parse(input).map(|rule| rule.to_string()).as_deref(), expect, "{input}");
    };
    check("FREQ=DAILY", Some("FREQ=DAILY"));
    check("rrule:interval=2;byday=we,mo,we;freq=weekly;wkst=mo", Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"));
    check("FREQ=MONTHLY;BYMONTHDAY=15,-1", Some("FREQ=MONTHLY;BYMONTHDAY=-1,15"));
    check("FREQ=MONTHLY;BYDAY=-1FR,1MO;COUNT=5", Some("FREQ=MONTHLY;BYDAY=-1FR,1MO;COUNT=5"));
    check("FREQ=YEARLY;UNTIL=20301231", Some("FREQ=YEARLY;UNTIL=20301231"));
    check("FREQ=YEARLY;UNTIL=20301231T215959Z;INTERVAL=1", Some("FREQ=YEARLY;UNTIL=20301231T215959Z"));
    for wrong in [
        "",
        "DAILY",
        "FREQ=HOURLY",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=+1",
        "FREQ=DAILY;INTERVAL=1000",
        "FREQ=DAILY;COUNT=2;UNTIL=20301231",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;UNTIL=2030-12-31",
        "FREQ=DAILY;UNTIL=20301331",
        "FREQ=WEEKLY;WKST=SU",
        "FREQ=YEARLY;BYMONTHDAY=1",
        "FREQ=WEEKLY;BYDAY=ПН",
    ] {
        check(wrong, None);
    }
}

/// What follows a task due at `due` of the series of `series`, closed at `now`, in Kyiv.
fn next(rule: &str, series: &str, due: &str, now: &str) -> Option<String> {
    let zone = TimeZone::get("Europe/Kyiv").unwrap();
    let next = Rule::parse(rule).unwrap().next(at(series), at(due), at(now), &zone)?;
    Some(format!("{} {}", Timestamp::from_millisecond(next.at_ms).unwrap(), next.rule))
}

#[test]
fn the_next_task_is_due_by_the_clock_on_the_wall() {
    let check = |rule: &str, due: &str, expect: &str| {
        assert_eq!(next(rule, due, due, due).as_deref(), Some(format!("{expect} {rule}").as_str()), "{rule} {due}");
    };
    // Clocks go forward in the night to 28 March 2027 and back in that to 31 October.
    check("FREQ=DAILY", "2027-03-27T07:00:00Z", "2027-03-28T06:00:00Z");
    check("FREQ=DAILY", "2027-10-30T06:00:00Z", "2027-10-31T07:00:00Z");
    // 03:30 is left out on the 28th: the clock jumps at 01:00 UTC.
    check("FREQ=DAILY", "2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z");
    check("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-20T16:00:00Z", "2026-11-23T16:00:00Z");
    check("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-11-20T16:00:00Z", "2026-11-30T16:00:00Z");
    check("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z");
    check("FREQ=MONTHLY", "2027-01-31T10:00:00Z", "2027-03-31T09:00:00Z");
    check("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T10:00:00Z", "2026-12-25T10:00:00Z");
    check("FREQ=MONTHLY;BYDAY=5MO", "2026-11-30T10:00:00Z", "2027-03-29T09:00:00Z");
    check("FREQ=YEARLY", "2028-02-29T10:00:00Z", "2032-02-29T10:00:00Z");
    // A task of the evening in UTC is one of the next day on the wall.
    check("FREQ=MONTHLY;BYMONTHDAY=1", "2026-11-30T22:30:00Z", "2026-12-31T22:30:00Z");
}

#[test]
fn what_was_missed_is_left_out_and_a_task_put_off_moves_no_series() {
    let day = |day: &str| format!("{day}T10:00:00Z");
    let check = |rule: &str, [series, due, now]: [&str; 3], expect: Option<&str>| {
        assert_eq!(next(rule, &day(series), &day(due), &day(now)).as_deref(), expect, "{rule} {series} {due} {now}");
    };
    check("FREQ=DAILY", ["2026-11-10", "2026-11-10", "2026-11-23"], Some("2026-11-24T10:00:00Z FREQ=DAILY"));
    check(
        "FREQ=DAILY;COUNT=20",
        ["2026-11-10", "2026-11-10", "2026-11-23"],
        Some("2026-11-24T10:00:00Z FREQ=DAILY;COUNT=6"),
    );
    check("FREQ=DAILY;COUNT=14", ["2026-11-10", "2026-11-10", "2026-11-23"], None);
    check("FREQ=DAILY;COUNT=1", ["2026-11-10", "2026-11-10", "2026-11-10"], None);
    check(
        "FREQ=DAILY;UNTIL=20261111",
        ["2026-11-10", "2026-11-10", "2026-11-10"],
        Some("2026-11-11T10:00:00Z FREQ=DAILY;UNTIL=20261111"),
    );
    check("FREQ=DAILY;UNTIL=20261111T095959Z", ["2026-11-10", "2026-11-10", "2026-11-10"], None);
    // The report of the quarter, put off by two days into the next month, is due at the end of February all the same.
    let quarter = "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1";
    check(
        quarter,
        ["2026-11-30", "2026-12-02", "2026-12-02"],
        Some("2027-02-28T10:00:00Z FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"),
    );
    // Done early, it is done: the same day does not come again.
    check(
        "FREQ=WEEKLY;BYDAY=MO",
        ["2026-11-23", "2026-11-20", "2026-11-20"],
        Some("2026-11-30T10:00:00Z FREQ=WEEKLY;BYDAY=MO"),
    );
    // Put off beyond the next time, that one is left out.
    check(
        "FREQ=WEEKLY;BYDAY=MO",
        ["2026-11-23", "2026-12-01", "2026-11-23"],
        Some("2026-12-07T10:00:00Z FREQ=WEEKLY;BYDAY=MO"),
    );
}

/// A second, plain way to the same: every day of the calendar is looked at, and every minute around it.
fn naive(rule: &str, series: i64, due: i64, now: i64, zone: &TimeZone) -> Option<(i64, i32)> {
    let part = |name: &str| rule.split(';').find_map(|part| part.strip_prefix(&format!("{name}=")));
    let show = |ms: i64| -> DateTime { Timestamp::from_millisecond(ms).unwrap().to_zoned(zone.clone()).datetime() };
    let (first, wanted) = (show(series).date(), show(due));
    let interval: i64 = part("INTERVAL").map_or(1, |text| text.parse().unwrap());
    let monday = |day: Date| day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap();
    let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let is_of = |day: Date| -> bool {
        let days_since = i64::from((day - first).get_days());
        let name = names[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()];
        match part("FREQ").unwrap() {
            "DAILY" => days_since % interval == 0,
            "WEEKLY" => {
                let weeks = i64::from((monday(day) - monday(first)).get_days()) / 7;
                let own = names[usize::try_from(first.weekday().to_monday_zero_offset()).unwrap()];
                weeks % interval == 0 && part("BYDAY").unwrap_or(own).split(',').any(|one| one == name)
            }
            "MONTHLY" => {
                let length = day.days_in_month();
                let from_end = day.day() - length - 1;
                let own = first.day().to_string();
                let fits = match part("BYDAY") {
                    None => part("BYMONTHDAY").unwrap_or(&own).split(',').any(|one| {
                        let one: i8 = one.parse().unwrap();
                        one == day.day() || one == from_end
                    }),
                    Some(list) => list.split(',').any(|one| {
                        let (week, own) = one.split_at(one.len() - 2);
                        let (ahead, behind) = ((day.day() - 1) / 7 + 1, -((length - day.day()) / 7 + 1));
                        own == name && (week.is_empty() || [ahead, behind].contains(&week.parse().unwrap()))
                    }),
                };
                fits && (months(day) - months(first)) % interval == 0
            }
            _ => {
                let years = i64::from(day.year() - first.year());
                (day.month(), day.day()) == (first.month(), first.day()) && years % interval == 0
            }
        }
    };
    let until = part("UNTIL").map(|text| Date::strptime("%Y%m%d", text).unwrap());
    let count: Option<i32> = part("COUNT").map(|text| text.parse().unwrap());
    let (mut day, mut times) = (first, 0);
    loop {
        day = day.tomorrow().ok()?;
        if day.year() > first.year() + 60 {
            return None;
        }
        if !is_of(day) {
            continue;
        }
        times += 1;
        if until.is_some_and(|until| day > until) || count.is_some_and(|count| times >= count) {
            return None;
        }
        if day <= wanted.date() {
            continue;
        }
        let target = day.to_datetime(wanted.time());
        // The first minute of that day at which the wall shows at least the time; clocks show no more than 14 hours more or less than UTC.
        let start = day.to_datetime(jiff::civil::Time::midnight()).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let from = start.as_millisecond() - 16 * 3_600_000;
        let found = (0..60 * 56).map(|minute| from + minute * 60_000).find(|ms| show(*ms) >= target).unwrap();
        if found > now {
            return Some((found, times));
        }
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % u64::try_from(end).unwrap()).unwrap()
    }

    fn some(&mut self, of: &[&str]) -> String {
        let wanted: Vec<&str> = of.iter().copied().filter(|_| self.below(3) == 0).collect();
        if wanted.is_empty() {
            of[usize::try_from(self.below(of.len().try_into().unwrap())).unwrap()].into()
        } else {
            wanted.join(",")
        }
    }

    fn rule(&mut self) -> String {
        let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let mut rule = match self.below(7) {
            0 => "FREQ=DAILY".into(),
            1 => "FREQ=WEEKLY".into(),
            2 => format!("FREQ=WEEKLY;BYDAY={}", self.some(&days)),
            3 => format!("FREQ=MONTHLY;BYMONTHDAY={}", self.some(&["1", "15", "29", "30", "31", "-1", "-2", "-31"])),
            4 => format!("FREQ=MONTHLY;BYDAY={}", self.some(&["1MO", "5TU", "-1FR", "-5SU", "WE", "2SA"])),
            5 => "FREQ=MONTHLY".into(),
            _ => "FREQ=YEARLY".to_owned(),
        };
        if self.below(2) == 0 {
            rule += &format!(";INTERVAL={}", 1 + self.below(6));
        }
        match self.below(4) {
            0 => rule += &format!(";COUNT={}", 1 + self.below(30)),
            1 => rule += &format!(";UNTIL=20{}{:02}15", 26 + self.below(4), 1 + self.below(12)),
            _ => {}
        }
        rule
    }
}

#[test]
fn a_time_that_the_clock_leaves_out_comes_again_on_the_next_day() {
    let zone = TimeZone::get("Europe/Kyiv").unwrap();
    let follow = |rule: &str, count: usize| -> Vec<String> {
        let (mut rule, mut series, mut due) =
            (Rule::parse(rule).unwrap(), at("2027-03-26T01:30:00Z"), at("2027-03-26T01:30:00Z"));
        let mut days = Vec::new();
        while let Some(next) = rule.next(series, due, due, &zone).filter(|_| days.len() < count) {
            (rule, series, due) = (next.rule, next.series_ms, next.at_ms);
            days.push(wall(due, &zone).unwrap().to_string());
        }
        days
    };
    let days = ["2027-03-27T03:30:00", "2027-03-28T04:00:00", "2027-03-29T03:30:00", "2027-03-30T03:30:00"];
    assert_eq!(follow("FREQ=DAILY", 4), days);
    // What is left out counts as one of them.
    assert_eq!(follow("FREQ=DAILY;COUNT=4", 9), days[..3]);
}

#[test]
fn a_series_of_centuries_is_not_walked_through() {
    let zone = TimeZone::UTC;
    for rule in ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,FR", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY"] {
        let rule = Rule::parse(rule).unwrap();
        let next = rule.next(at("0001-02-03T10:00:00Z"), at("2026-11-20T10:00:00Z"), at("2026-11-24T10:00:00Z"), &zone);
        let first =
            rule.days_after(wall(at("0001-02-03T10:00:00Z"), &zone).unwrap().date(), jiff::civil::date(2026, 11, 24));
        assert!(first.take(8).any(|day| day > jiff::civil::date(2026, 11, 24)), "{rule}");
        assert!(next.is_some_and(|next| next.at_ms > at("2026-11-24T10:00:00Z")), "{rule}");
    }
}

#[test]
fn random_rules_agree_with_a_plain_count_of_days() {
    let mut dice = Dice(20_261_123);
    let zones = [
        "Europe/Kyiv",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Cairo",
        "UTC",
        "America/Sao_Paulo",
        "Asia/Gaza",
    ];
    let (mut found, mut ended) = (0, 0);
    for _ in 0..1_500 {
        let zone = TimeZone::get(zones[usize::try_from(dice.below(8)).unwrap()]).unwrap();
        let rule = dice.rule();
        // Whole minutes of some years with changes of the clock.
        let series = at("2026-01-01T00:00:00Z") + dice.below(3 * 365 * 24 * 60) * 60_000;
        let due = series + (dice.below(9) - 2).max(0) * dice.below(40) * 24 * 3_600_000;
        let now = due + (dice.below(9) - 4).max(0) * dice.below(60) * 24 * 3_600_000 - 3_600_000;
        let expect = naive(&rule, series, due, now, &zone);
        let made = Rule::parse(&rule).unwrap().next(series, due, now, &zone);
        let made =
            made.filter(|next| wall(next.at_ms, &zone).unwrap().year() <= wall(series, &zone).unwrap().year() + 60);
        assert_eq!(
            made.as_ref().map(|next| next.at_ms),
            expect.map(|(at, _)| at),
            "{rule} {series} {due} {now} {zone:?}"
        );
        if let (Some(next), Some((_, times)), Some(count)) = (&made, expect, rule.split("COUNT=").nth(1)) {
            let count: i32 = count.parse().unwrap();
            assert!(next.rule.to_string().ends_with(&format!("COUNT={}", count - times)), "{rule} {}", next.rule);
        }
        if made.is_some() { found += 1 } else { ended += 1 }
    }
    assert!(found > 700 && ended > 100, "{found} and {ended}");
}
