//! Cards, pages and searches through the engine, each beside its bare counterpart, for each reader.

use std::time::{Duration, Instant};

use database::ReadTx;
use demo_data::{ContactKind, DemoContact};
use filter_language::{CheckedExpr, search_fold, sort_key};
use record_engine::access::compile;
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::query::present::Presented;
use record_engine::query::{ListQuery, Sort, get, list, present, search};
use record_engine::{Engine, EngineError};

use super::bare::{self, Filter, Statement, Wanted};
use super::base::{Base, Reader};
use super::report::Report;
use super::timings::{Timings, duration_of, timed};
use crate::{Failure, Result};

/// Runs of one measurement end after this time.
const LONGEST: Duration = Duration::from_secs(8);
/// Runs before, that warm the caches and do not count.
const WARM_UP: u64 = 5;

/// Measures everything that only reads.
pub(super) fn measure(engine: &Engine, base: &Base, runs: u64, report: &mut Report) -> Result<()> {
    for reader in &base.readers {
        let bench = Bench::new(engine, base, reader, runs)?;
        bench.card(report)?;
        bench.pages(report)?;
        bench.searches(report)?;
    }
    Ok(())
}

struct Bench<'a> {
    engine: &'a Engine,
    base: &'a Base,
    reader: &'a Reader,
    snapshot: Snapshot,
    object_type: std::sync::Arc<ObjectType>,
    /// Ids of cards that the reader sees.
    ids: Vec<i64>,
    /// Runs of each measurement.
    runs: u64,
}

/// The JSON that a client gets: without it, presenting would look cheaper than it is.
fn as_text(presented: &Presented<'_>) -> String {
    serde_json::to_string(presented).unwrap_or_default()
}

/// A number for each run, spread over the whole range.
fn spread(run: u64) -> u64 {
    let mut mixed = run.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^= mixed >> 31;
    mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 16
}

impl<'a> Bench<'a> {
    fn new(engine: &'a Engine, base: &'a Base, reader: &'a Reader, runs: u64) -> Result<Bench<'a>> {
        let snapshot = engine.snapshot();
        let object_type = snapshot.object_type("contact")?;
        let mut bench = Bench { engine, base, reader, snapshot, object_type, ids: Vec::new(), runs };
        bench.ids = bench.some_ids()?;
        Ok(bench)
    }

    /// Ids of cards from all over the base that the reader sees.
    fn some_ids(&self) -> Result<Vec<i64>> {
        let last = self.read(|tx| {
            let query = ListQuery { sort: Sort::parse("-id"), limit: 1, ..ListQuery::default() };
            Ok(list(tx, &self.reader.context, &self.object_type, &query)?.records.first().map_or(1, |record| record.id))
        })?;
        let mut ids = Vec::new();
        for part in 0..20 {
            let filter = compile(&format!("id >= {}", last / 20 * part), &self.object_type, &self.reader.context)?;
            let query = ListQuery {
                filter,
                sort: Sort::parse("id"),
                limit: 20,
                fields: Some(Vec::new()),
                ..ListQuery::default()
            };
            let page = self.read(|tx| Ok(list(tx, &self.reader.context, &self.object_type, &query)?))?;
            ids.extend(page.records.iter().map(|record| record.id));
        }
        if ids.is_empty() {
            Err(Failure::refused(format!("{} sees nothing in this base", self.reader.name)))
        } else {
            Ok(ids)
        }
    }

    fn read<T>(&self, work: impl FnOnce(&mut ReadTx) -> Result<T>) -> Result<T> {
        self.engine.database().read(work)
    }

    /// A transaction with its duration, its beginning and end included.
    fn timed<T>(&self, work: impl FnOnce(&mut ReadTx) -> Result<T>) -> Result<Duration> {
        duration_of(timed(|| self.read(work)))
    }

    /// Repeats some work with changing numbers; the first runs do not count.
    fn repeat(&self, mut work: impl FnMut(u64) -> Result<Duration>) -> Result<Timings> {
        for run in 0..WARM_UP {
            work(spread(run))?;
        }
        let started = Instant::now();
        let mut durations = Vec::new();
        for run in 0..self.runs {
            durations.push(work(spread(WARM_UP + run))?);
            if started.elapsed() > LONGEST {
                break;
            }
        }
        Ok(Timings::new(durations))
    }

    fn employee(&self) -> bare::Employee {
        self.reader.eyes
    }

    fn some_id(&self, random: u64) -> i64 {
        let at = usize::try_from(random).unwrap_or_default() % self.ids.len();
        self.ids.get(at).copied().unwrap_or_default()
    }

    fn some_contact(&self, random: u64) -> DemoContact {
        self.base.demo.contact(self.reader.some_index(self.base.demo, random))
    }

    fn name(&self, what: &str) -> String {
        format!("{what} ({})", self.reader.name)
    }

    fn card(&self, report: &mut Report) -> Result<()> {
        let (context, object_type) = (&self.reader.context, &self.object_type);
        let ours = self.repeat(|random| {
            let id = self.some_id(random);
            self.timed(|tx| {
                let record = get(tx, context, object_type, id)?.ok_or(EngineError::NotFound)?;
                let presented = [record];
                Ok(as_text(&present(tx, context, &self.snapshot.catalog, object_type, &presented)?))
            })
        })?;
        let bare = self
            .repeat(|random| self.timed(|tx| bare::run_card(tx, object_type, self.employee(), self.some_id(random))))?;
        report.measure(self.name("card"), ours, Some(bare));
        Ok(())
    }

    fn pages(&self, report: &mut Report) -> Result<()> {
        // Of a reader who sees few cards, perhaps none has an address.
        let city = |random: u64| {
            let own = (0..20).map(|offset| self.some_contact(random.wrapping_add(offset)));
            let any =
                (0..200).map(|offset| self.base.demo.contact(random.wrapping_add(offset) % self.base.demo.contacts));
            own.chain(any)
                .find_map(|contact| contact.addresses.first().map(|address| address.city.clone()))
                .unwrap_or_default()
        };
        let manager = |random: u64| {
            let others = &self.base.readers;
            let at = usize::try_from(random).unwrap_or_default() % others.len();
            others.get(at).and_then(|reader| reader.context.actor.user_id()).unwrap_or_default()
        };
        self.page(report, "page, newest change first", "-updated_at", "t.updated_at DESC, t.id DESC", |_| {
            (String::new(), Filter::None)
        })?;
        self.page(report, "page by name", "name", "t.name_key, t.id", |_| (String::new(), Filter::None))?;
        self.page(report, "page of a city by name", "name", "t.name_key, t.id", |random| {
            let city = city(random);
            (
                format!("addresses.city = \"{}\"", city.replace('\\', "\\\\").replace('"', "\\\"")),
                Filter::City(sort_key(&city)),
            )
        })?;
        self.page(
            report,
            "page of a manager, newest change first",
            "-updated_at",
            "t.updated_at DESC, t.id DESC",
            |random| (format!("managers has {}", manager(random)), Filter::Manager(manager(random))),
        )
    }

    fn page(
        &self,
        report: &mut Report,
        what: &str,
        sort: &str,
        order: &str,
        question: impl Fn(u64) -> (String, Filter),
    ) -> Result<()> {
        let (context, object_type) = (&self.reader.context, &self.object_type);
        let ours = self.repeat(|random| {
            let text = question(random).0;
            self.timed(|tx| {
                let filter = if text.is_empty() { CheckedExpr::all() } else { compile(&text, object_type, context)? };
                let query = ListQuery { filter, sort: Sort::parse(sort), limit: bare::PAGE, ..ListQuery::default() };
                let page = list(tx, context, object_type, &query)?;
                Ok(as_text(&present(tx, context, &self.snapshot.catalog, object_type, &page.records)?))
            })
        })?;
        let backend = self.engine.database().backend();
        let plans = |random| bare::page_plans(object_type, backend, self.employee(), &question(random).1, order);
        let bare = self.best(&plans, |tx, statement| bare::run_page(tx, object_type, statement))?;
        report.measure(self.name(what), ours, bare);
        Ok(())
    }

    /// The timings of the best plan.
    fn best(
        &self,
        plans: &dyn Fn(u64) -> Vec<Statement>,
        run: impl Fn(&mut ReadTx, &Statement) -> Result<usize>,
    ) -> Result<Option<Timings>> {
        let mut best: Option<Timings> = None;
        for plan in 0..plans(0).len() {
            let timings = self.repeat(|random| match plans(random).get(plan) {
                Some(statement) => self.timed(|tx| run(tx, statement)),
                None => Ok(Duration::ZERO),
            })?;
            if best.as_ref().is_none_or(|best| timings.percentile_ms(95) < best.percentile_ms(95)) {
                best = Some(timings);
            }
        }
        Ok(best)
    }

    fn searches(&self, report: &mut Report) -> Result<()> {
        let name_part = |random| {
            let contact = self.some_contact(random);
            let name = if contact.kind == ContactKind::Person {
                contact.last_name
            } else {
                contact.company_name.unwrap_or_default()
            };
            let word = search_fold(&name).split(' ').max_by_key(|word| word.len()).unwrap_or_default().to_owned();
            word.chars().take(4).collect::<String>()
        };
        let digits = |random: u64| {
            let own = (0..20).map(|offset| self.some_contact(random.wrapping_add(offset)));
            let any =
                (0..200).map(|offset| self.base.demo.contact(random.wrapping_add(offset) % self.base.demo.contacts));
            let phone = own.chain(any).find_map(|contact| {
                contact.channels.into_iter().find(|channel| channel.kind == "phone").map(|channel| channel.value)
            });
            phone.unwrap_or_default().chars().filter(char::is_ascii_digit).collect::<String>()
        };
        let middle = |random| digits(random).chars().skip(4).take(6).collect::<String>();
        let end = |random| {
            let all = digits(random);
            all.chars().skip(all.len().saturating_sub(7)).collect::<String>()
        };
        self.search(report, "search by 4 letters of a name", &name_part, &Wanted::Part)?;
        self.search(report, "search by 6 digits of a phone", &middle, &Wanted::Part)?;
        self.search(report, "search by the last 7 digits of a phone", &end, &Wanted::Ending)
    }

    fn search(
        &self,
        report: &mut Report,
        what: &str,
        text: &dyn Fn(u64) -> String,
        wanted: &dyn Fn(String) -> Wanted,
    ) -> Result<()> {
        let context = &self.reader.context;
        let ours = self.repeat(|random| {
            let text = text(random);
            self.timed(|tx| Ok(search(tx, context, &self.snapshot.catalog, None, &text, bare::RESULTS)?))
        })?;
        let backend = self.engine.database().backend();
        let plans = |random| bare::search_plans(backend, self.employee(), &wanted(text(random)));
        let bare = self.best(&plans, |tx, statement| bare::run_search(tx, &self.object_type, statement))?;
        report.measure(self.name(what), ours, bare);
        Ok(())
    }
}
