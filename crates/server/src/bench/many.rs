//! Work over many records: groups by a rule, a change of the whole base with people at work beside it, its undo, search with a wrong letter,
//! merges, and the search for duplicates.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use database::{Query, Tx, Value};
use filter_language::CheckedExpr;
use modules::duplicates::{FindRequest, prepare_search};
use record_engine::access::compile;
use record_engine::bulk::{Bulk, BulkAction, Selection};
use record_engine::catalog::ObjectType;
use record_engine::merge::{MergeRequest, merge};
use record_engine::query::load::Projection;
use record_engine::query::{self, ListQuery, Sort};
use record_engine::undo::{Undo, undo};
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, EngineError, RequestContext, Values, jobs};
use serde_json::{Value as Json, json};

use super::bare::{self, Statement};
use super::base::Base;
use super::report::Report;
use super::timings::{Timings, duration_of, timed};
use crate::job_run::run_job;
use crate::{Failure, Result};

/// What the group asks for, in the language of filters and as SQL.
const RULE: &str = "warmth = hot and kind = person";
const RULE_SQL: &str = "t.deleted_at IS NULL AND t.warmth = 'hot' AND t.kind = 'person'";
/// The same, without an index for its conditions.
const RULE_SQL_IN_ORDER: &str = "t.deleted_at IS NULL AND (t.warmth || '') = 'hot' AND (t.kind || '') = 'person'";
/// The place of a list of records: the last change first.
const ORDER: &str = "t.updated_at DESC, t.id DESC";
/// Counts of lists end here.
const COUNT_CAP: i64 = 10_000;
/// A measurement ends early when its runs have taken so long together …
const ENOUGH: Duration = Duration::from_secs(20);
/// … and there were so many of them.
const MIN_RUNS: usize = 5;
/// So many records are changed at once, or the whole base.
const MASS: i64 = 1_000_000;
/// Records of one transaction on the bare side.
const BATCH: i64 = 1_000;

/// Measures as the administrator. It leaves the base changed but for what it takes back.
pub(super) fn measure(engine: &Engine, base: &Base, runs: u64, report: &mut Report) -> Result<()> {
    let bench = Bench::new(engine, base, runs)?;
    bench.group_by_rule(report)?;
    bench.wrong_letters(report)?;
    bench.merges(report)?;
    bench.mass_changes(report)
}

/// Measures the search for duplicates in the whole base, as the administrator.
pub(super) fn measure_duplicates(engine: &Engine, base: &Base, runs: u64, report: &mut Report) -> Result<()> {
    Bench::new(engine, base, runs)?.search_for_duplicates(report)
}

struct Bench<'a> {
    engine: &'a Engine,
    base: &'a Base,
    context: &'a RequestContext,
    object_type: Arc<ObjectType>,
    runs: u64,
}

impl<'a> Bench<'a> {
    fn new(engine: &'a Engine, base: &'a Base, runs: u64) -> Result<Bench<'a>> {
        let context = &base.readers.first().ok_or_else(|| Failure::refused("the base has no readers"))?.context;
        Ok(Bench { engine, base, context, object_type: engine.snapshot().object_type("contact")?, runs })
    }

    /// Fewer runs of what takes long.
    fn repeat(&self, mut work: impl FnMut(u64) -> Result<Duration>) -> Result<Timings> {
        let (mut durations, mut total) = (Vec::new(), Duration::ZERO);
        for run in 0..self.runs {
            let duration = work(run)?;
            durations.push(duration);
            total = total.saturating_add(duration);
            if total > ENOUGH && durations.len() >= MIN_RUNS {
                break;
            }
        }
        Ok(Timings::new(durations))
    }

    fn change(&self, object_type: &ObjectType, change: Change) -> Result<i64> {
        let snapshot = self.engine.snapshot();
        let made =
            self.engine.write(|tx| apply_one(tx, snapshot.writer(), self.context, object_type, change.clone()))?;
        Ok(made.0.id())
    }

    fn contact_count(&self) -> Result<i64> {
        self.engine
            .database()
            .read(|tx| Ok(tx.query_one("SELECT COALESCE(MAX(id), 0) FROM contact", &[])?.integer(0)?))
    }

    /// The id of a person, spread over the base; what other measurements wrote bare behind it is not looked at.
    fn some_person(&self, run: u64) -> Result<i64> {
        let last = i64::try_from(self.base.demo.contacts).unwrap_or(i64::MAX).max(1);
        let from = i64::try_from(run).unwrap_or_default() * 7_919 % last;
        let row = self.engine.database().read(|tx| {
            Ok::<_, Failure>(tx.query_optional(
                "SELECT id FROM contact WHERE id > ? AND kind = 'person' AND deleted_at IS NULL ORDER BY id LIMIT 1",
                &[from.into()],
            )?)
        })?;
        let row = row.ok_or_else(|| Failure::refused("the base has no persons"))?;
        Ok(row.integer(0)?)
    }

    fn group_by_rule(&self, report: &mut Report) -> Result<()> {
        let groups = self.engine.snapshot().object_type("group")?;
        let values = json!({ "name": "Горячие люди", "kind": "smart", "rule": RULE });
        let values: Values =
            values.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect();
        let group = self.change(&groups, Change::Create { values })?;
        let question = format!("groups has {group}");
        let database = self.engine.database();
        // The catalog knows the rule from now on.
        let object_type = self.engine.snapshot().object_type("contact")?;
        let compiled = |text: &str| compile(text, &object_type, self.context);

        let page = |filter: CheckedExpr| {
            let snapshot = self.engine.snapshot();
            let query =
                ListQuery { filter, sort: Sort::parse("-updated_at"), limit: bare::PAGE, ..ListQuery::default() };
            timed(|| {
                database.read(|tx| {
                    let page = query::list(tx, self.context, &object_type, &query)?;
                    let shown = query::present(tx, self.context, &snapshot.catalog, &object_type, &page.records)?;
                    Ok::<_, EngineError>(serde_json::to_string(&shown).unwrap_or_default())
                })
            })
        };
        let ours = self.repeat(|_| duration_of(page(compiled(&question)?)))?;
        let list = Projection::new(&object_type, None).select_list();
        // By the index of a condition, or in the order of the changes until there are enough.
        let mut bare_pages = Vec::new();
        for rule in [RULE_SQL, RULE_SQL_IN_ORDER] {
            let sql = format!("SELECT {list} FROM contact t WHERE {rule} ORDER BY {ORDER} LIMIT {}", bare::PAGE + 1);
            let statement = Statement { sql, params: Vec::new() };
            bare_pages.push(
                self.repeat(|_| {
                    duration_of(timed(|| database.read(|tx| bare::run_page(tx, &object_type, &statement))))
                })?,
            );
        }
        let best =
            bare_pages.into_iter().min_by(|one, other| one.percentile_ms(95).total_cmp(&other.percentile_ms(95)));
        report.measure("page of a group by a rule, newest change first", ours, best);

        let ours = self.repeat(|_| {
            let filter = compiled(&question)?;
            duration_of(timed(|| {
                database.read(|tx| query::count(tx, self.context, &object_type, &filter, None, false, false))
            }))
        })?;
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM contact t WHERE {RULE_SQL} LIMIT {}) s", COUNT_CAP + 1);
        let bare_count = self.repeat(|_| {
            duration_of(timed(|| database.read(|tx| Ok::<_, Failure>(tx.query_one(&sql, &[])?.integer(0)?))))
        })?;
        report.measure("size of a group by a rule, up to 10,000", ours, Some(bare_count));

        // From the end of the change to the answer that knows of it.
        let follows = self.repeat(|run| {
            let id = self.some_person(run)?;
            for warmth in ["cold", "hot"] {
                let values = Values::from([("warmth".to_owned(), json!(warmth))]);
                self.change(&object_type, Change::Update { id, base_version: None, values })?;
            }
            let filter = compiled(&format!("id = {id} and {question}"))?;
            let (duration, count) =
                timed(|| database.read(|tx| query::count(tx, self.context, &object_type, &filter, None, false, true)));
            match count?.count {
                Some(1) => Ok(duration),
                other => Err(Failure::refused(format!("the group does not follow a change: {other:?}"))),
            }
        })?;
        report.measure("a group by a rule follows a change", follows, None);
        Ok(())
    }

    /// Last names with two neighbouring letters in the wrong order.
    fn wrong_letters(&self, report: &mut Report) -> Result<()> {
        let snapshot = self.engine.snapshot();
        let ours = self.repeat(|run| {
            let name = self.base.demo.contact(run * 7_919 % self.base.demo.contacts.max(1)).last_name;
            let mut letters: Vec<char> = name.chars().collect();
            let middle = letters.len() / 2;
            if middle > 0 {
                letters.swap(middle - 1, middle);
            }
            let text: String = letters.into_iter().collect();
            duration_of(timed(|| {
                let database = self.engine.database();
                database.read(|tx| query::search(tx, self.context, &snapshot.catalog, None, &text, bare::RESULTS))
            }))
        })?;
        report.measure("search with two letters in the wrong order", ours, None);
        Ok(())
    }

    fn merges(&self, report: &mut Report) -> Result<()> {
        let pairs = |run: u64| -> Result<(i64, i64)> {
            let one = self.some_person(run * 2)?;
            let mut two = self.some_person(run * 2 + 1)?;
            if one == two {
                two = self.some_person(run * 2 + 101)?;
            }
            Ok((one, two))
        };
        let snapshot = self.engine.snapshot();
        let ours = self.repeat(|run| {
            let (survivor, loser) = pairs(run)?;
            let request = MergeRequest { survivor, losers: vec![loser], ..MergeRequest::default() };
            let (duration, merged) =
                timed(|| self.engine.write(|tx| merge(tx, &snapshot, self.context, &self.object_type, &request)));
            let merged = merged?;
            undo(self.engine, self.context, merged.operation_id)?;
            Ok(duration)
        })?;
        let bare = self.repeat(|run| {
            let (survivor, loser) = pairs(run + self.runs)?;
            let (duration, merged) = timed(|| self.engine.database().write(|tx| merge_bare(tx, survivor, loser)));
            merged?;
            Ok(duration)
        })?;
        report.measure("merge of two cards, durable", ours, Some(bare));
        Ok(())
    }

    fn search_for_duplicates(&self, report: &mut Report) -> Result<()> {
        let request: FindRequest = serde_json::from_value(json!({ "type": "contact" }))
            .map_err(|error| Failure::refused(error.to_string()))?;
        let snapshot = self.engine.snapshot();
        let job = self.engine.write(|tx| {
            let new = prepare_search(tx, &snapshot, self.context, &request)?;
            jobs::enqueue(tx, self.context, &new)
        })?;
        let (duration, done) = timed(|| run_job(self.engine, job, "records compared"));
        done?;
        let rate = self.contact_count()? as f64 / duration.as_secs_f64().max(0.001);
        report.figure("search for duplicates in the whole base", rate, "records/s");
        Ok(())
    }

    /// Every card, or a million of them, gets a value, while somebody opens cards and lists and saves; then all of it is taken back. Once
    /// with a field like any other, once with one whose text is searched.
    fn mass_changes(&self, report: &mut Report) -> Result<()> {
        let last = self.contact_count()?.min(MASS);
        self.mass_change(last, "a field", ("warmth", json!("warm")), report)?;
        self.mass_change(last, "a searched text", ("remark", json!("Проверено")), report)?;
        let (bare, changed) = timed(|| self.change_bare(last));
        changed?;
        let rate = last as f64 / bare.as_secs_f64().max(0.001);
        report.figure("bare updates with a history, in batches", rate, "records/s");
        Ok(())
    }

    fn mass_change(&self, last: i64, what: &str, (field, value): (&str, Json), report: &mut Report) -> Result<()> {
        let per_second = |duration: Duration| last as f64 / duration.as_secs_f64().max(0.001);
        let bulk = Bulk {
            object_type: "contact".into(),
            action: BulkAction::Update,
            selection: Selection::Filter(format!("id <= {last}")),
            values: Values::from([(field.to_owned(), value)]),
            add: Values::new(),
            remove: Values::new(),
        };
        let new = bulk.into_job(&self.engine.snapshot(), self.context)?;
        let job = self.engine.write(|tx| jobs::enqueue(tx, self.context, &new))?;
        let (changing, beside) = self.beside(|| run_job(self.engine, job, "records changed").map(|_| ()))?;
        report.figure(format!("mass change of {what}, {last} cards"), per_second(changing), "records/s");
        report.figure(format!("mass change of {what}, in all"), changing.as_secs_f64(), "s");
        beside.tell(&format!("beside a mass change of {what}"), report);

        let operation = self.engine.database().read(|tx| {
            Ok::<_, Failure>(tx.query_one("SELECT MAX(id) FROM operations WHERE kind = 'bulk'", &[])?.integer(0)?)
        })?;
        let (undoing, beside) = self.beside(|| match undo(self.engine, self.context, operation)? {
            Undo::Done(_) => Ok(()),
            Undo::Job(job) => run_job(self.engine, job, "records taken back").map(|_| ()),
        })?;
        report.figure(format!("its undo, {what}"), per_second(undoing), "records/s");
        beside.tell(&format!("beside its undo, {what}"), report);
        Ok(())
    }

    /// Runs some work, and until its end, but once at least, what people do meanwhile.
    fn beside(&self, work: impl FnOnce() -> Result<()> + Send) -> Result<(Duration, Beside)> {
        let is_over = AtomicBool::new(false);
        let snapshot = self.engine.snapshot();
        std::thread::scope(|scope| {
            let interface = scope.spawn(|| -> Result<Beside> {
                let (mut cards, mut pages, mut saves) = (Vec::new(), Vec::new(), Vec::new());
                let mut run = 0;
                while run == 0 || !is_over.load(Ordering::Relaxed) {
                    let id = self.some_person(run)?;
                    let database = self.engine.database();
                    let (duration, card) =
                        timed(|| database.read(|tx| query::get(tx, self.context, &self.object_type, id)));
                    card?;
                    cards.push(duration);
                    let query = ListQuery { sort: Sort::parse("name"), limit: bare::PAGE, ..ListQuery::default() };
                    let (duration, page) =
                        timed(|| database.read(|tx| query::list(tx, self.context, &self.object_type, &query)));
                    page?;
                    pages.push(duration);
                    let values = Values::from([("position".to_owned(), json!(format!("менеджер {run}")))]);
                    let (duration, saved) = timed(|| {
                        let change = Change::Update { id, base_version: None, values };
                        self.engine.write(|tx| {
                            apply_one(tx, snapshot.writer(), self.context, &self.object_type, change.clone())
                        })
                    });
                    saved?;
                    saves.push(duration);
                    run += 1;
                }
                Ok(Beside { cards: Timings::new(cards), pages: Timings::new(pages), saves: Timings::new(saves) })
            });
            let (duration, done) = timed(work);
            is_over.store(true, Ordering::Relaxed);
            let beside = interface.join().unwrap_or_else(|_| Err(Failure::refused("the work beside a job broke")));
            done?;
            Ok((duration, beside?))
        })
    }

    /// The column with its index and a row of history for each record: no rights, no events. The base stays one that the program can read.
    fn change_bare(&self, last: i64) -> Result<()> {
        let field = self.object_type.field("warmth").map_or(0, |field| field.id);
        let ids = self.engine.database().write(|tx| tx.allocate_ids("operations", 1))?;
        let operation = ids.first().copied().unwrap_or_default();
        let mut first = 1;
        while first <= last {
            self.engine.database().write(|tx| {
                let range = [Value::Integer(first), Value::Integer(first + BATCH - 1)];
                let mut params = vec![Value::Integer(self.object_type.id), operation.into(), Value::Integer(field), Value::from("\"hot\"")];
                params.extend(range.clone());
                tx.execute(
                    "INSERT INTO changes (object_type_id, record_id, operation_id, field_id, old_value, new_value, record_version) \
                     SELECT ?, id, ?, ?, '\"' || warmth || '\"', ?, version + 1 FROM contact WHERE id BETWEEN ? AND ?",
                    &params,
                )?;
                let mut params = vec![Value::from("hot")];
                params.extend(range);
                tx.execute(
                    "UPDATE contact SET version = version + 1, updated_at = updated_at + 1, warmth = ? WHERE id BETWEEN ? AND ?",
                    &params,
                )?;
                Ok::<_, EngineError>(())
            })?;
            first += BATCH;
        }
        Ok(())
    }
}

/// What people did meanwhile.
struct Beside {
    cards: Timings,
    pages: Timings,
    saves: Timings,
}

impl Beside {
    fn tell(self, what: &str, report: &mut Report) {
        report.measure(format!("card {what}"), self.cards, None);
        report.measure(format!("page by name {what}"), self.pages, None);
        report.measure(format!("save of a field {what}"), self.saves, None);
    }
}

/// The loser's channels and people go to the survivor, the loser to the trash; without history, search text and checks.
fn merge_bare(tx: &mut Tx, survivor: i64, loser: i64) -> Result<(), EngineError> {
    let pair = [Value::Integer(survivor), Value::Integer(loser)];
    tx.execute("UPDATE contact_channels SET record_id = ?, position = position + 100 WHERE record_id = ?", &pair)?;
    tx.execute("UPDATE contact SET parent = ? WHERE parent = ?", &pair)?;
    tx.execute("UPDATE contact SET version = version + 1, updated_at = updated_at + 1 WHERE id = ?", &pair[..1])?;
    tx.execute(
        "UPDATE contact SET version = version + 1, deleted_at = updated_at, merged_into = ? WHERE id = ?",
        &pair,
    )?;
    Ok(())
}
