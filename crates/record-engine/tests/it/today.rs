//! `today` of a date-time is the day of the reader, from midnight to midnight by the clock on his wall: in SQL and in memory alike.

use std::collections::BTreeSet;

use record_engine::RequestContext;
use record_engine::access::compile;
use record_engine::context::{instant_text, parse_instant};
use record_engine::query::explain::explain_filter;
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench};

const HOUR_MS: i64 = 3_600_000;

/// Somebody in a time zone, at a moment.
fn reader(bench: &Bench, zone: &str, now: &str) -> RequestContext {
    let context = bench.admin().in_zone(zone);
    RequestContext { now_ms: parse_instant(now).unwrap(), ..context }
}

/// Whether each of some things is found by a filter; a list and the evaluator must say the same.
fn found(bench: &Bench, context: &RequestContext, ids: &[i64], filter: &str) -> BTreeSet<i64> {
    let thing = bench.engine.snapshot().object_type("thing").unwrap();
    let listed: BTreeSet<i64> = bench.ids(context, filter).into_iter().collect();
    let checked = compile(filter, &thing, context).unwrap();
    for id in ids {
        let explained = bench.engine.database().read(|tx| explain_filter(tx, context, &thing, *id, &checked)).unwrap();
        assert_eq!(explained.holds, listed.contains(id), "{filter} of {id}");
    }
    listed
}

#[test]
fn today_of_a_date_time_is_the_day_of_the_reader() {
    // Zone, a moment of the day, its first moment and the first of the next: a usual day, one of 25 hours, one of 23, one that begins at one o'clock.
    let days = [
        ("Europe/Kyiv", "2026-11-23T22:30:00Z", "2026-11-23T22:00:00Z", "2026-11-24T22:00:00Z"),
        ("Europe/Kyiv", "2026-10-25T00:30:00Z", "2026-10-24T21:00:00Z", "2026-10-25T22:00:00Z"),
        ("Europe/Kyiv", "2026-03-29T20:59:00Z", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"),
        ("America/New_York", "2026-11-24T03:00:00Z", "2026-11-23T05:00:00Z", "2026-11-24T05:00:00Z"),
        ("Africa/Cairo", "2026-04-24T10:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"),
        ("UTC", "2026-11-24T23:59:59Z", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"),
    ];
    for_each_bench(|bench| {
        for (zone, now, from, to) in days {
            let context = reader(bench, zone, now);
            let (from, to) = (parse_instant(from).unwrap(), parse_instant(to).unwrap());
            let moments = [from - 25 * HOUR_MS, from - 1, from, from + HOUR_MS, to - 1, to, to + 30 * HOUR_MS];
            let mut ids: Vec<i64> = moments
                .iter()
                .map(|at| bench.create(json!({ "name": "Річ", "moment": instant_text(*at), "secret": now })))
                .collect();
            ids.push(bench.create(json!({ "name": "Річ", "secret": now })));
            let check = |condition: &str, places: &[usize]| {
                let listed = found(bench, &context, &ids, &format!("secret = \"{now}\" and ({condition})"));
                let expected: BTreeSet<i64> = places.iter().map(|place| ids[*place]).collect();
                assert_eq!(listed, expected, "{condition} in {zone} at {now}");
            };
            check("moment = today", &[2, 3, 4]);
            check("moment != today", &[0, 1, 5, 6, 7]);
            check("not (moment = today)", &[0, 1, 5, 6, 7]);
            check("moment < today", &[0, 1]);
            check("moment <= today", &[0, 1, 2, 3, 4]);
            check("moment > today", &[5, 6]);
            check("moment >= today", &[2, 3, 4, 5, 6]);
            check("moment = today - 1d", &[1]);
            check("moment between today and today + 1d", &[2, 3, 4, 5]);
            check("moment in (today - 1d, today)", &[1, 2, 3, 4]);
            check("moment not in (today, today + 1d)", &[0, 1, 6, 7]);
        }
    });
}

#[test]
fn a_day_stays_a_day() {
    for_each_bench(|bench| {
        let context = reader(bench, "Europe/Kyiv", "2026-11-23T22:30:00Z");
        let ids: Vec<i64> = ["2026-11-23", "2026-11-24", "2026-11-25"]
            .iter()
            .map(|day| bench.create(json!({ "name": "Річ", "day": day })))
            .collect();
        assert_eq!(found(bench, &context, &ids, "day = today"), BTreeSet::from([ids[1]]));
        assert_eq!(found(bench, &context, &ids, "day >= today"), BTreeSet::from([ids[1], ids[2]]));
        assert_eq!(found(bench, &context, &ids, "day in (today - 1d, today + 1d)"), BTreeSet::from([ids[0], ids[2]]));
    });
}
