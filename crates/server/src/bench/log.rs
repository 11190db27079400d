//! The audit log: how long its pages take when it is long, and how long the check of its chain does.

use std::net::{IpAddr, Ipv4Addr};

use record_engine::audit::{self, AuditFilter, Event, Kind, Outcome, chain};
use record_engine::{Clock, Engine, EngineError, Origin, RequestContext};

use super::report::Report;
use super::timings::{Timings, duration_of, timed};
use crate::Result;

/// Events of one transaction.
const BATCH: u64 = 5_000;
/// Events of a page, as the web client asks for them.
const PAGE: usize = 50;
/// So many users take turns.
const USERS: u64 = 60;
/// So many addresses.
const ADDRESSES: u32 = 400;
/// So many cards.
const CARDS: u64 = 100_000;
/// From one event to the next, milliseconds: a million of them in about a year.
const STEP_MS: i64 = 30_000;

/// Writes so many events and measures what is asked of them.
pub(super) fn measure(engine: &Engine, events: u64, runs: u64, report: &mut Report) -> Result<()> {
    let (duration, filled) = timed(|| fill(engine, events));
    let start_ms = filled?;
    report.figure("events of the audit log were written in", duration.as_secs_f64(), "s");
    let plain = AuditFilter::default;
    let text = |words: &str| AuditFilter { text: Some(words.into()), ..plain() };
    let day = start_ms + i64::try_from(events / 2).unwrap_or(0) * STEP_MS;
    let filters = [
        ("all", plain()),
        ("a user", AuditFilter { user_id: Some(7), ..plain() }),
        ("a person, by him and to him", AuditFilter { person_id: Some(7), ..plain() }),
        ("a frequent kind", AuditFilter { kinds: vec![Kind::Exported], ..plain() }),
        ("three kinds", AuditFilter { kinds: vec![Kind::Login, Kind::Denied, Kind::RoleChanged], ..plain() }),
        ("a kind of which there is none", AuditFilter { kinds: vec![Kind::SetUp, Kind::AuditPruned], ..plain() }),
        ("an address", AuditFilter { address: Some("10.0.0.7".into()), ..plain() }),
        ("a card", AuditFilter { object_type: Some("contact".into()), record_id: Some(77), ..plain() }),
        ("all of a type", AuditFilter { object_type: Some("contact".into()), ..plain() }),
        ("refusals", AuditFilter { outcome: Some(Outcome::Denied), ..plain() }),
        ("failures, of which there are none", AuditFilter { outcome: Some(Outcome::Failure), ..plain() }),
        ("a day", AuditFilter { from_ms: Some(day), to_ms: Some(day + 86_400_000), ..plain() }),
        ("failures of a user", AuditFilter { user_id: Some(7), outcome: Some(Outcome::Failure), ..plain() }),
        ("a frequent word", text("city")),
        ("a word of which there is none", text("absent")),
    ];
    for (name, filter) in filters {
        let mut durations = Vec::new();
        for _ in 0..runs {
            durations.push(duration_of(timed(|| engine.database().read(|tx| audit::list(tx, &filter, None, PAGE))))?);
        }
        report.measure(format!("page of the audit log: {name}"), Timings::new(durations), None);
    }
    let (duration, verified) = timed(|| engine.database().read(|tx| chain::verify(tx)));
    let verified = verified?;
    report.figure("events whose chain was followed", verified.events as f64, "");
    report.figure("check of the chain", duration.as_secs_f64(), "s");
    Ok(())
}

/// Events as an office makes them; answers when the first of them was.
fn fill(engine: &Engine, events: u64) -> Result<i64> {
    let start_ms = engine.clock().now_ms() - i64::try_from(events).unwrap_or(0) * STEP_MS;
    for from in (0..events).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        engine.write_batch(|tx| {
            for number in from..(from + BATCH).min(events) {
                let (context, event) = event(number, start_ms);
                audit::record(tx, &context, event);
            }
            Ok::<(), EngineError>(())
        })?;
    }
    Ok(start_ms)
}

fn event(number: u64, start_ms: i64) -> (RequestContext, Event) {
    let small = |part: u64| i64::try_from(part).unwrap_or(0);
    let clock = Clock::fixed(start_ms + small(number) * STEP_MS);
    let turn = u32::try_from(number % u64::from(ADDRESSES)).unwrap_or(0);
    let address = IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + turn));
    let context = RequestContext::system(&clock).through(Origin { address: Some(address), ..Origin::default() });
    let (user, card) = (small(number % USERS) + 1, small(number.wrapping_mul(7_919) % CARDS) + 1);
    let event = match number % 10 {
        0 => Event::new(Kind::Login).with("user_agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"),
        1 => Event::new(Kind::Exported).about("contact").with("filter", "city = \"Львів\"").with("count", number),
        2 => Event::new(Kind::Denied)
            .denied()
            .on("contact", card)
            .with("path", format!("/api/v1/records/contact/{card}")),
        3 => Event::new(Kind::SharingChanged).on("contact", card).with("fields", vec!["visibility".to_owned()]),
        _ => Event::new(Kind::CardViewed).on("contact", card),
    };
    (context, event.by(user))
}
