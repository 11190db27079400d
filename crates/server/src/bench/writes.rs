//! Creating and changing records, durably, one after another and from many clients at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use database::{Backend, Query, Tx, Value};
use demo_data::DemoBase;
use record_engine::catalog::ObjectType;
use record_engine::write::{Change, apply_one, apply_prepared_one, prepare};
use record_engine::{Engine, RequestContext, Values};
use serde_json::json;

use super::base::Base;
use super::report::Report;
use super::rows::{self, Table};
use super::timings::{Timings, timed};
use crate::demo::values_of;
use crate::{Failure, Result};

/// Clients that create at the same time.
const CLIENTS: u64 = 32;
/// For how long each run counts when they do.
const TOGETHER: Duration = Duration::from_millis(20);

/// Measures creating and changing as the administrator.
pub(super) fn measure(engine: &Engine, base: &Base, runs: u64, report: &mut Report) -> Result<()> {
    let context = &base.readers.first().ok_or_else(|| Failure::refused("the base has no readers"))?.context;
    let bench = Bench {
        engine,
        context,
        object_type: engine.snapshot().object_type("contact")?,
        // The contacts behind those of the base: as unique as they are.
        demo: base.demo,
        next: AtomicU64::new(first_unused(engine, base.demo)?),
        runs,
    };
    bench.create(report)?;
    bench.change(report)?;
    bench.create_together(report)
}

/// An earlier run on a kept base has used some.
fn first_unused(engine: &Engine, demo: DemoBase) -> Result<u64> {
    let count = engine
        .database()
        .read(|tx| Ok::<_, Failure>(tx.query_one("SELECT COUNT(*) FROM contact", &[])?.integer(0)?))?;
    Ok(demo.contacts.max(u64::try_from(count).unwrap_or_default()))
}

struct Bench<'a> {
    engine: &'a Engine,
    context: &'a RequestContext,
    object_type: Arc<ObjectType>,
    demo: DemoBase,
    next: AtomicU64,
    runs: u64,
}

impl Bench<'_> {
    /// A contact that the base does not have yet.
    fn fresh(&self) -> Values {
        let mut contact = self.demo.contact(self.next.fetch_add(1, Ordering::Relaxed));
        contact.managers.clear();
        values_of(&contact, None, &[])
    }

    fn create_one(&self, values: Values) -> Result<i64> {
        let snapshot = self.engine.snapshot();
        let (writer, change) = (snapshot.writer(), Change::Create { values });
        let prepared = prepare(writer, self.context, &self.object_type, vec![change])?;
        let outcome = self
            .engine
            .write(|tx| apply_prepared_one(tx, writer, self.context, &self.object_type, prepared.clone()))?;
        Ok(outcome.0.id())
    }

    fn create(&self, report: &mut Report) -> Result<()> {
        let mut ours = Vec::new();
        let mut last = 0;
        for _ in 0..self.runs {
            let values = self.fresh();
            let (duration, id) = timed(|| self.create_one(values));
            ours.push(duration);
            last = id?;
        }
        let database = self.engine.database();
        let tables = rows::tables_of(&self.object_type, database.backend());
        let template = database.read(|tx| rows::read(tx, &tables, last, last))?;
        let mut bare = Vec::new();
        for _ in 0..self.runs {
            let (duration, written) = timed(|| database.write(|tx| write_bare(tx, &tables, &template)));
            written?;
            bare.push(duration);
        }
        report.measure("create a contact, durable", Timings::new(ours), Some(Timings::new(bare)));
        Ok(())
    }

    fn change(&self, report: &mut Report) -> Result<()> {
        let id = self.create_one(self.fresh())?;
        let snapshot = self.engine.snapshot();
        let mut ours = Vec::new();
        for run in 0..self.runs {
            let values = Values::from([("remark".to_owned(), json!(format!("Перезвонить {run}")))]);
            let (duration, written) = timed(|| {
                self.engine.write(|tx| {
                    let change = Change::Update { id, base_version: None, values: values.clone() };
                    apply_one(tx, snapshot.writer(), self.context, &self.object_type, change)
                })
            });
            written?;
            ours.push(duration);
        }
        let database = self.engine.database();
        let mut bare = Vec::new();
        for run in 0..self.runs {
            let (duration, written) = timed(|| database.write(|tx| change_bare(tx, id, run)));
            written?;
            bare.push(duration);
        }
        report.measure("change a field, durable", Timings::new(ours), Some(Timings::new(bare)));
        Ok(())
    }

    fn create_together(&self, report: &mut Report) -> Result<()> {
        let started = Instant::now();
        let limit = TOGETHER * u32::try_from(self.runs).unwrap_or(u32::MAX);
        let results: Vec<Result<Vec<Duration>>> = std::thread::scope(|scope| {
            let client = || {
                let mut durations = Vec::new();
                while started.elapsed() < limit {
                    let values = self.fresh();
                    let (duration, id) = timed(|| self.create_one(values));
                    id?;
                    durations.push(duration);
                }
                Ok(durations)
            };
            let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
            let failed = || Err(Failure::refused("a client of the measurement broke"));
            clients.into_iter().map(|client| client.join().unwrap_or_else(|_| failed())).collect()
        });
        let elapsed = started.elapsed().as_secs_f64();
        let mut durations = Vec::new();
        for result in results {
            durations.extend(result?);
        }
        let rate = durations.len() as f64 / elapsed;
        let bare = self.bare_together(limit)?;
        report.measure(format!("create a contact, {CLIENTS} clients at once"), Timings::new(durations), None);
        report.figure(format!("contacts created by {CLIENTS} clients at once"), rate, "a second");
        report.figure("bare rows of such contacts, in the same way", bare, "a second");
        Ok(())
    }

    /// The rate at which the same clients write bare rows, through the same group commit.
    fn bare_together(&self, limit: Duration) -> Result<f64> {
        let database = self.engine.database();
        let tables = rows::tables_of(&self.object_type, database.backend());
        let mut templates = Vec::new();
        for _ in 0..CLIENTS {
            let id = self.create_one(self.fresh())?;
            templates.push(database.read(|tx| rows::read(tx, &tables, id, id))?);
        }
        let started = Instant::now();
        let write_some = |template: &rows::Rows| -> Result<usize> {
            let mut count = 0;
            while started.elapsed() < limit {
                database.write(|tx| write_bare(tx, &tables, template))?;
                count += 1;
            }
            Ok(count)
        };
        let counts: Vec<Result<usize>> = std::thread::scope(|scope| {
            let clients: Vec<_> = templates.iter().map(|template| scope.spawn(|| write_some(template))).collect();
            let failed = || Err(Failure::refused("a client of the measurement broke"));
            clients.into_iter().map(|client| client.join().unwrap_or_else(|_| failed())).collect()
        });
        let elapsed = started.elapsed().as_secs_f64();
        Ok(counts.into_iter().sum::<Result<usize>>()? as f64 / elapsed)
    }
}

fn write_bare(tx: &mut Tx, tables: &[Table], template: &rows::Rows) -> Result<()> {
    let id = tx.allocate_ids("contact", 1)?.first().copied().unwrap_or_default();
    let mut rows = template.clone();
    rows::renumber(tables, &mut rows, id);
    Ok(rows::write(tx, tables, &rows)?)
}

/// The columns and the search text, without history and events.
fn change_bare(tx: &mut Tx, id: i64, run: u64) -> Result<()> {
    let remark = format!("Перезвонить {run}");
    let text: Value = format!("перезвонить {run}").into();
    tx.execute(
        "UPDATE contact SET version = version + 1, updated_at = updated_at + 1, remark = ?, remark_key = ? WHERE id = ?",
        &[remark.into(), text.clone(), id.into()],
    )?;
    let old = tx.query_one("SELECT text FROM contact_search WHERE record_id = ?", &[id.into()])?.take_text(0)?;
    tx.execute("UPDATE contact_search SET text = ? WHERE record_id = ?", &[text.clone(), id.into()])?;
    if tx.backend() == Backend::Sqlite {
        // The index keeps no content: whoever takes a row out of it says what it held.
        let taken = "INSERT INTO contact_search_index (contact_search_index, rowid, text) VALUES ('delete', ?, ?)";
        tx.execute(taken, &[id.into(), old.into()])?;
        tx.execute("INSERT INTO contact_search_index (rowid, text) VALUES (?, ?)", &[id.into(), text])?;
    }
    Ok(())
}
