//! An import that is killed again and again ends as one that nobody disturbed (R6).
//!
//! The program runs as a process of its own and is ended with `SIGKILL`: right after a durable batch, and at random moments, also before a
//! restarted import has done anything. `scripts/long-import-test.sh` runs the same with more rows and the optimised program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use demo_data::DemoBase;
use kartoteka::bench::Server;
use kartoteka::check::check;
use kartoteka::demo::{Loader, create_team};
use kartoteka::http_client::Connection;
use kartoteka::installation::{Place, job_handlers};
use modules::exchange;
use record_engine::query::{ListQuery, Sort, list, present};
use record_engine::{Clock, Engine, RequestContext};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use test_kit::TestDatabase;

use crate::it::app::{PASSWORD, expect};

/// How long the whole import may take; a machine that does much else takes its time.
const LONGEST: Duration = Duration::from_secs(1_800);

/// What a long run changes.
struct Plan {
    rows: u64,
    kills: usize,
    binary: PathBuf,
}

impl Plan {
    fn new() -> Plan {
        let number =
            |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
        Plan {
            rows: number("KARTOTEKA_KILL_ROWS", 5_000),
            kills: usize::try_from(number("KARTOTEKA_KILLS", 20)).unwrap(),
            binary: std::env::var_os("KARTOTEKA_KILL_BINARY")
                .map_or_else(|| env!("CARGO_BIN_EXE_kartoteka").into(), PathBuf::from),
        }
    }
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// One installation whose program comes and goes.
struct Run<'a> {
    plan: &'a Plan,
    folder: TempDir,
    database: TestDatabase,
    cookie: Option<String>,
    peak_kb: u64,
}

impl<'a> Run<'a> {
    fn new(plan: &'a Plan, backend: database::Backend) -> Run<'a> {
        let run = Run {
            plan,
            folder: TempDir::new().unwrap(),
            database: TestDatabase::new(backend),
            cookie: None,
            peak_kb: 0,
        };
        let installation = run.place().open(Clock::system()).unwrap();
        create_team(&installation.engine, PASSWORD).unwrap();
        installation.engine.database().close();
        run
    }

    fn place(&self) -> Place {
        Place::new(self.folder.path(), Some(&self.database.url))
    }

    fn start(&mut self) -> (Server, Connection) {
        let server = Server::start(&self.plan.binary, self.folder.path(), Some(&self.database.url)).unwrap();
        let mut connection = Connection::new(server.address);
        if self.cookie.is_none() {
            connection.log_in("olena", PASSWORD).unwrap();
            self.cookie.clone_from(&connection.cookie);
        }
        connection.cookie.clone_from(&self.cookie);
        (server, connection)
    }

    /// Ends the process at once.
    fn kill(&mut self, mut server: Server) {
        self.note_memory(&server);
        server.kill().unwrap();
    }

    fn note_memory(&mut self, server: &Server) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.process())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|text| text.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0);
        self.peak_kb = self.peak_kb.max(peak);
    }

    /// Uploads the workbook and starts the import; gives the path of its job. Ids of another installation mean nothing here.
    fn begin(connection: &mut Connection, workbook: &Path) -> String {
        let bytes = std::fs::read(workbook).unwrap();
        let headers = [("content-type", "application/octet-stream")];
        let uploaded =
            connection.send("POST", "/api/v1/imports?type=contact&file_name=contacts.xlsx", &headers, &bytes).unwrap();
        let import = expect(&uploaded, 201);
        let mapping: Vec<Json> = import["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| {
                let is_id = column["target"].as_str().is_some_and(|target| target == "id" || target.ends_with(".id"));
                json!({ "index": column["index"], "target": if is_id { Json::Null } else { column["target"].clone() } })
            })
            .collect();
        let path = format!("/api/v1/imports/{}", import["id"]);
        let settings = json!({ "mapping": mapping, "on_partial_match": "create_shared" });
        expect(&connection.json("PATCH", &path, &settings).unwrap(), 200);
        let started = expect(&connection.json("POST", &format!("{path}/start"), &json!({})).unwrap(), 202);
        format!("/api/v1/jobs/{}", started["job"]["id"])
    }

    /// Waits until the job has done more than `done`, or has ended.
    fn wait(connection: &mut Connection, job: &str, done: i64) -> Json {
        let started = Instant::now();
        while started.elapsed() < LONGEST {
            let job = expect(&connection.get(job).unwrap(), 200);
            if job["done"].as_i64().unwrap() > done || is_over(&job) {
                return job;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the import does not go on");
    }

    /// Imports without a kill; gives the finished job.
    fn undisturbed(&mut self, workbook: &Path) -> Json {
        let (server, mut connection) = self.start();
        let started = Instant::now();
        let path = Self::begin(&mut connection, workbook);
        let job = Self::wait(&mut connection, &path, i64::MAX);
        println!("undisturbed: {} rows in {:.1} s", job["report"]["read"], started.elapsed().as_secs_f64());
        self.note_memory(&server);
        job
    }

    /// Imports with as many kills as the plan wants; gives the finished job and the kills.
    fn disturbed(&mut self, workbook: &Path) -> (Json, usize) {
        let mut random = Random(42);
        let (mut server, mut connection) = self.start();
        let path = Self::begin(&mut connection, workbook);
        let (mut kills, mut done) = (0, 0);
        let rows = i64::try_from(self.plan.rows).unwrap();
        while kills < self.plan.kills {
            if kills % 2 == 0 {
                // Spread over the whole file, each time right behind a durable batch.
                let next = rows * i64::try_from(kills).unwrap() / i64::try_from(self.plan.kills).unwrap();
                let job = Self::wait(&mut connection, &path, done.max(next));
                done = job["done"].as_i64().unwrap();
                if is_over(&job) {
                    break;
                }
            }
            std::thread::sleep(Duration::from_millis(random.below(250)));
            self.kill(server);
            kills += 1;
            (server, connection) = self.start();
        }
        let job = Self::wait(&mut connection, &path, i64::MAX);
        self.note_memory(&server);
        (job, kills)
    }

    /// Undoes the import over the API.
    fn undo(&mut self, operation: &Json) {
        let (_server, mut connection) = self.start();
        let answer = connection.json("POST", &format!("/api/v1/operations/{operation}/undo"), &json!({})).unwrap();
        if answer.status == 202 {
            let path = format!("/api/v1/jobs/{}", answer.json()["job"]["id"]);
            let job = Self::wait(&mut connection, &path, i64::MAX);
            assert_eq!(job["state"], "done", "{job}");
        } else {
            expect(&answer, 200);
        }
    }

    /// What stands in the base, without ids and times, and a complaint about everything that does not agree with itself.
    fn content(&self) -> BTreeMap<String, usize> {
        let installation = self.place().open(Clock::system()).unwrap();
        let findings = check(&installation.engine, &mut |_| {}).unwrap();
        assert_eq!(findings.problems, Vec::<String>::new());
        let content = contacts(&installation.engine);
        installation.engine.database().close();
        content
    }
}

fn is_over(job: &Json) -> bool {
    matches!(job["state"].as_str(), Some("done" | "failed" | "cancelled"))
}

/// The contacts as texts, each with how often it stands there.
fn contacts(engine: &Engine) -> BTreeMap<String, usize> {
    let snapshot = engine.snapshot();
    let object_type = snapshot.object_type("contact").unwrap();
    let context = RequestContext::system(engine.clock());
    let mut contacts = BTreeMap::new();
    let mut query = ListQuery { sort: Sort::parse("id"), limit: 200, ..ListQuery::default() };
    loop {
        let (page, items) = engine
            .database()
            .read(|tx| {
                let page = list(tx, &context, &object_type, &query)?;
                let presented = present(tx, &context, &snapshot.catalog, &object_type, &page.records)?;
                let items: Vec<Json> = presented.iter().map(|record| record.to_json()).collect();
                Ok::<_, record_engine::EngineError>((page, items))
            })
            .unwrap();
        for item in items {
            let mut values = item["values"].clone();
            if let Some(parent) = values.get_mut("parent") {
                *parent = parent["title"].clone();
            }
            *contacts.entry(format!("{} {values}", item["version"])).or_default() += 1;
        }
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return contacts;
        }
    }
}

/// A workbook of demo contacts, made by the program's own export.
fn workbook(rows: u64, folder: &Path) -> PathBuf {
    let installation = Place::new(folder, None).open(Clock::system()).unwrap();
    let engine = &installation.engine;
    let team = create_team(engine, PASSWORD).unwrap();
    Loader::new(engine, DemoBase { contacts: rows, seed: 11 }, team).load(&mut |_| {}).unwrap();
    let context = RequestContext::system(engine.clock());
    let request = serde_json::from_value(json!({ "type": "contact", "format": "xlsx" })).unwrap();
    let job = exchange::start_export(engine, &context, request).unwrap();
    let job = record_engine::jobs::run_now(engine, &job_handlers(true), job).unwrap();
    let target = folder.join("contacts.xlsx");
    std::fs::copy(exchange::export_file(engine, &context, job.id).unwrap().0, &target).unwrap();
    engine.database().close();
    target
}

#[test]
fn an_import_killed_on_the_way_ends_as_an_undisturbed_one() {
    let plan = Plan::new();
    let folder = TempDir::new().unwrap();
    let workbook = workbook(plan.rows, folder.path());
    test_kit::for_each_backend(|database| {
        let mut calm = Run::new(&plan, database.backend);
        let job = calm.undisturbed(&workbook);
        assert_eq!(job["state"], "done", "{job}");
        let expected = calm.content();
        assert_eq!(job["report"]["failed"], 0, "{}", job["report"]);

        let mut rough = Run::new(&plan, database.backend);
        let (finished, kills) = rough.disturbed(&workbook);
        assert_eq!(finished["state"], "done", "{finished}");
        assert!(kills * 2 >= plan.kills, "the import ended after {kills} kills");
        assert_eq!(finished["report"], job["report"]);
        assert_eq!(rough.content(), expected);
        println!("{:?}: {kills} kills, peak memory {} MB", database.backend, rough.peak_kb.max(calm.peak_kb) / 1_024);

        rough.undo(&finished["operation_id"]);
        assert_eq!(rough.content(), BTreeMap::new());
    });
}
