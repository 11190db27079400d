//! Deals, tasks and events over HTTP, as the screens ask for them: lists, boards, what is to be done, the calendar, the timeline of a card.

use record_engine::Clock;
use record_engine::context::instant_text;

use super::base::{PASSWORD, Reader};
use super::busy_card::BusyCard;
use super::report::Report;
use super::server::{Server, ask, percent_encoded};
use crate::http_client::Connection;
use crate::installation::Place;
use crate::{Failure, Result};

const DAY_MS: i64 = 86_400_000;
/// How far down a timeline somebody scrolls.
const PAGES: usize = 20;

/// A list by a filter, a hundred records, as a screen asks for it.
fn list(object_type: &str, sort: &str, filter: &str) -> String {
    format!("/api/v1/records/{object_type}?limit=100&sort={sort}&filter={}", percent_encoded(filter))
}

/// A board of deals by their stage, with the numbers of its columns or without.
fn board(filter: &str, counts: bool) -> String {
    let filter = percent_encoded(filter);
    format!(
        "/api/v1/records/deal/board?field=stage&within=sales&sum=budget&limit=20&counts={counts}&fields=title,contact,budget&filter={filter}"
    )
}

fn board_of_tasks(filter: &str) -> String {
    let filter = percent_encoded(filter);
    format!(
        "/api/v1/records/task/board?field=status&limit=20&counts=false&sort=deadline&fields=title,deadline&filter={filter}"
    )
}

/// A part of what a screen of the calendar asks for: one request for each type, and one for the hours of the people.
fn calendar((from, to): (i64, i64), users: &[i64], types: &str, is_open: bool) -> String {
    let moment = |at: i64| percent_encoded(&instant_text(at));
    let users = users.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let open = if is_open { "&open=true" } else { "" };
    format!("/api/v1/calendar?from={}&to={}&users={users}&types={types}{open}", moment(from), moment(to))
}

/// Measures the work of each reader.
pub(super) fn measure(
    binary: &std::path::Path,
    place: &Place,
    readers: &[Reader],
    card: &BusyCard,
    requests: u64,
    report: &mut Report,
) -> Result<()> {
    let server = Server::start(binary, place.folder(), Some(place.database()))?;
    for reader in readers {
        let mut connection = Connection::new(server.address);
        connection.log_in(reader.login, PASSWORD)?;
        let mut paths = lists();
        paths.extend(days(reader, card));
        for (what, path) in paths {
            let timings = ask(&mut connection, requests, &|_| path.clone())?;
            report.measure(format!("{what} ({})", reader.name), timings, None);
        }
        measure_timeline(&mut connection, reader, card, requests, report)?;
    }
    Ok(())
}

fn lists() -> Vec<(String, String)> {
    let mine = "responsible = me and status.meaning = open";
    let named = [
        ("tasks, mine by deadline", list("task", "deadline", mine)),
        ("tasks, late ones", list("task", "deadline", &format!("{mine} and deadline < now"))),
        ("tasks, all by deadline", list("task", "deadline", "all")),
        ("tasks, all that are open by deadline", list("task", "deadline", "status.meaning = open")),
        ("tasks, all late ones", list("task", "deadline", "status.meaning = open and deadline < now")),
        ("board of tasks, all, cards", board_of_tasks("all")),
        ("deals, mine", list("deal", "-updated_at", "responsible = me and stage.meaning = open")),
        ("deals, all", list("deal", "-updated_at", "all")),
        ("board of deals, mine, cards", board("responsible = me", false)),
        ("board of deals, mine, cards and sums", board("responsible = me", true)),
        ("board of deals, all, cards", board("all", false)),
        ("board of deals, all, cards and sums", board("all", true)),
    ];
    named.into_iter().map(|(what, path)| (what.to_owned(), path)).collect()
}

/// What is to be done today, this week and this month.
fn days(reader: &Reader, card: &BusyCard) -> Vec<(String, String)> {
    let now_ms = Clock::system().now_ms();
    let today = now_ms - now_ms.rem_euclid(DAY_MS);
    // The first of January 1970 was a Thursday.
    let monday = today - (today / DAY_MS + 3).rem_euclid(7) * DAY_MS;
    let (week, month) = ((monday, monday + 7 * DAY_MS), (monday - 14 * DAY_MS, monday + 28 * DAY_MS));
    let me: Vec<i64> = reader.context.actor.user_id().into_iter().collect();
    let mut paths = vec![
        ("my day, list".to_owned(), "/api/v1/work?limit=100".to_owned()),
        ("my day, counts".to_owned(), "/api/v1/work/counts".to_owned()),
        ("workload of the team".to_owned(), "/api/v1/work/load?limit=30".to_owned()),
    ];
    for (span, span_name) in [(week, "week"), (month, "month")] {
        for (users, whose) in [(me.as_slice(), "mine"), (card.users.as_slice(), "of eight people")] {
            for (types, what) in [("task", "tasks"), ("event", "events"), ("", "hours")] {
                let name = format!("calendar, {span_name} {whose}, {what}");
                paths.push((name, calendar(span, users, types, false)));
            }
            let name = format!("calendar, {span_name} {whose}, open tasks");
            paths.push((name, calendar(span, users, "task", true)));
        }
    }
    paths
}

/// The timeline of the busy card, for those who see it.
fn measure_timeline(
    connection: &mut Connection,
    reader: &Reader,
    card: &BusyCard,
    requests: u64,
    report: &mut Report,
) -> Result<()> {
    let path = |with_others: bool, more: &str| {
        format!("/api/v1/records/contact/{}/timeline?limit=30&with_others={with_others}{more}", card.company)
    };
    if connection.get(&path(false, ""))?.status == 404 {
        return Ok(());
    }
    for (with_others, whose) in [(false, "its own"), (true, "its people's, too")] {
        let mut pages = vec![path(with_others, "")];
        while pages.len() <= PAGES {
            let Some(last) = pages.last() else { break };
            let answer = connection.get(last)?;
            if answer.status != 200 {
                return Err(Failure::refused(format!("{last} was answered with {}: {}", answer.status, answer.text())));
            }
            let answer = answer.json();
            let Some(cursor) = answer.get("next_cursor").and_then(|cursor| cursor.as_str()) else { break };
            pages.push(path(with_others, &format!("&cursor={cursor}")));
        }
        let named = [("first page", pages.first()), ("second page", pages.get(1)), ("page 21", pages.get(PAGES))];
        for (page, path) in named.into_iter().filter_map(|(page, path)| Some((page, path?))) {
            let timings = ask(connection, requests, &|_| path.clone())?;
            report.measure(format!("timeline of 100,000 entries, {whose}, {page} ({})", reader.name), timings, None);
        }
    }
    Ok(())
}
