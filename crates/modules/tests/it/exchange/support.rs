//! An engine with contacts and users over a fresh database, and short words for what the tests do with it.

use database::Query;
use record_engine::EngineError;
use record_engine::access::{Access, AccessSource};
use record_engine::engine::Snapshot;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use modules::exchange::{self, ImportChange, NewImport};
use record_engine::access::{AccessPolicy, Grants};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, USER_TYPE};
use record_engine::context::Source;
use record_engine::engine::EngineOptions;
use record_engine::field_types::{FieldKind, TextSettings};
use record_engine::jobs::{Job, run_now};
use record_engine::query::{ListQuery, Sort, list};
use record_engine::undo::{Undo, UndoJob, undo};
use record_engine::write::{Change, NoRules, apply_one};
use record_engine::{Clock, Engine, Record, RequestContext, Role, Values};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use test_kit::TestDatabase;

/// 2026-11-22T08:00:00Z.
const NOW_MS: i64 = 1_795_334_400_000;

/// An open base.
pub struct Base {
    pub engine: Engine,
    pub clock: Clock,
    access: Arc<KnownUsers>,
    folder: TempDir,
    uploads: AtomicU32,
    _database: TestDatabase,
}

/// The users that a test has spoken of, with their built-in roles: what jobs of theirs may do.
#[derive(Default)]
struct KnownUsers(Mutex<BTreeMap<i64, Role>>);

impl AccessSource for KnownUsers {
    fn load(&self, _: &mut dyn Query, _: &Snapshot, id: i64) -> Result<Option<Access>, EngineError> {
        Ok(self.0.lock().unwrap().get(&id).map(|role| Access::standard(id, *role)))
    }
}

fn users() -> ObjectTypeDefinition {
    let text = || FieldKind::Text(TextSettings::default());
    ObjectTypeDefinition {
        name: USER_TYPE,
        labels: ["User", "Пользователь", "Користувач"],
        labels_plural: ["Users", "Пользователи", "Користувачі"],
        icon: "user",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: vec![
            FieldDefinition::new("name", ["Name", "Имя", "Ім’я"], text()).indexed(),
            FieldDefinition::new("login", ["Login", "Логин", "Логін"], text()).indexed(),
            FieldDefinition::new("is_active", ["Active", "Активен", "Активний"], FieldKind::Checkbox).default(true),
        ],
        sections: Vec::new(),
        default_columns: &["name"],
        default_sort: "name",
        membership: None,
        done_by: None,
        part_of: &[],
        access: AccessPolicy::fixed(Grants::ALL, Grants::READ, Grants::READ),
        rules: &NoRules,
    }
}

impl Base {
    pub fn new(database: TestDatabase) -> Base {
        let folder = TempDir::new().unwrap();
        let clock = Clock::fixed(NOW_MS);
        let access = Arc::new(KnownUsers::default());
        let options = EngineOptions {
            definitions: vec![Arc::new(modules::contacts::object_type()), Arc::new(users())],
            access: access.clone(),
            migrations: modules::migrations(),
            clock: clock.clone(),
            files: folder.path().join("files"),
            secret_key: folder.path().join("secret.key"),
            backups: None,
        };
        let engine = Engine::open(database.open(), options).unwrap();
        let base = Base { engine, clock, access, folder, uploads: AtomicU32::new(0), _database: database };
        for (name, login) in [("Олена Ковальчук", "olena"), ("Ігор Мельник", "igor")] {
            let values = [("name", name), ("login", login)].map(|(field, text)| (field.to_owned(), json!(text)));
            base.create_in(USER_TYPE, &RequestContext::system(&base.clock), values.into());
        }
        base
    }

    /// The administrator, user 1.
    pub fn admin(&self) -> RequestContext {
        self.user(1, Role::Administrator)
    }

    pub fn user(&self, id: i64, role: Role) -> RequestContext {
        self.access.0.lock().unwrap().insert(id, role);
        RequestContext { language: "ru".into(), ..RequestContext::user(id, role, Source::Web, &self.clock) }
    }

    fn create_in(&self, object_type: &str, context: &RequestContext, values: Values) -> i64 {
        let snapshot = self.engine.snapshot();
        let object_type = snapshot.object_type(object_type).unwrap();
        let change = Change::Create { values };
        let (outcome, _) =
            self.engine.write(|tx| apply_one(tx, snapshot.writer(), context, &object_type, change.clone())).unwrap();
        outcome.id()
    }

    /// Makes a contact.
    pub fn create(&self, values: Json) -> i64 {
        let values = values.as_object().unwrap().clone().into_iter().collect();
        self.create_in("contact", &self.admin(), values)
    }

    /// Changes a contact.
    pub fn update(&self, id: i64, values: Json) -> i64 {
        let snapshot = self.engine.snapshot();
        let object_type = snapshot.object_type("contact").unwrap();
        let values: Values = values.as_object().unwrap().clone().into_iter().collect();
        let change = Change::Update { id, base_version: None, values };
        let write =
            |tx: &mut database::Tx| apply_one(tx, snapshot.writer(), &self.admin(), &object_type, change.clone());
        self.engine.write(write).unwrap().1.unwrap()
    }

    /// All live contacts by id.
    pub fn contacts(&self) -> Vec<Record> {
        let snapshot = self.engine.snapshot();
        let object_type = snapshot.object_type("contact").unwrap();
        let context = self.admin();
        let mut query = ListQuery {
            sort: vec![Sort { field: "id".into(), is_descending: false }],
            limit: 200,
            ..ListQuery::default()
        };
        let mut records = Vec::new();
        loop {
            let page = self.engine.database().read(|tx| list(tx, &context, &object_type, &query)).unwrap();
            records.extend(page.records);
            match page.next_cursor {
                Some(cursor) => query.cursor = Some(cursor),
                None => return records,
            }
        }
    }

    pub fn contact(&self, id: i64) -> Record {
        self.contacts().into_iter().find(|record| record.id == id).unwrap()
    }

    /// The names of all live contacts, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.contacts().iter().map(|record| text(record, "name")).collect();
        names.sort();
        names
    }

    /// Uploads a file.
    pub fn upload(&self, name: &str, bytes: &[u8]) -> i64 {
        self.upload_as(&self.admin(), name, bytes).unwrap()
    }

    pub fn upload_as(
        &self,
        context: &RequestContext,
        name: &str,
        bytes: &[u8],
    ) -> Result<i64, exchange::ExchangeError> {
        let number = self.uploads.fetch_add(1, Ordering::SeqCst);
        let path = self.engine.files().incoming_path(&format!("upload-{number}"));
        fs::write(&path, bytes).unwrap();
        let new = NewImport { object_type: "contact".into(), file_name: name.into(), path };
        exchange::create_import(&self.engine, context, new)
    }

    /// Uploads a table given as lines of cells separated by `;`.
    pub fn upload_table(&self, lines: &[&str]) -> i64 {
        self.upload("clients.csv", lines.join("\n").as_bytes())
    }

    pub fn import(&self, id: i64) -> Json {
        exchange::import_json(&self.engine, &self.admin(), id).unwrap()
    }

    pub fn change(&self, id: i64, change: Json) -> Json {
        let change: ImportChange = serde_json::from_value(change).unwrap();
        exchange::change_import(&self.engine, &self.admin(), id, change).unwrap()
    }

    pub fn finish(&self, job: i64) -> Job {
        run_now(&self.engine, &modules::job_handlers(), job).unwrap()
    }

    /// Checks an import; answers the report.
    pub fn check(&self, id: i64) -> Json {
        let job = exchange::start_check(&self.engine, &self.admin(), id).unwrap();
        let job = self.finish(job);
        assert_eq!(job.state, "done", "{:?}", job.error);
        job.report.unwrap()
    }

    /// Runs an import to its end; answers the report.
    pub fn run(&self, id: i64) -> Json {
        let job = exchange::start_import(&self.engine, &self.admin(), id).unwrap();
        let job = self.finish(job);
        assert_eq!(job.state, "done", "{:?}", job.error);
        job.report.unwrap()
    }

    /// Uploads a table and imports it as it was recognised.
    pub fn load(&self, lines: &[&str]) -> Json {
        let id = self.upload_table(lines);
        self.run(id)
    }

    pub fn problems(&self, id: i64, kind: Option<&str>) -> Vec<Json> {
        exchange::problems(&self.engine, &self.admin(), id, kind, None, 500).unwrap().0
    }

    /// The failed rows as text.
    pub fn failed_rows(&self, id: i64, format: exchange::TableFormat) -> Vec<u8> {
        let path = self.folder.path().join(format!("failed-{id}.{}", format.extension()));
        exchange::write_failed_rows(&self.engine, &self.admin(), id, format, &path).unwrap();
        fs::read(path).unwrap()
    }

    /// Exports contacts; answers the bytes of the file.
    pub fn export(&self, request: Json) -> Vec<u8> {
        let request = serde_json::from_value(request).unwrap();
        let context = self.admin();
        let job = exchange::start_export(&self.engine, &context, request).unwrap();
        let job = self.finish(job);
        assert_eq!(job.state, "done", "{:?}", job.error);
        let (path, _) = exchange::export_file(&self.engine, &context, job.id).unwrap();
        fs::read(path).unwrap()
    }

    /// Takes the operation of an import back.
    pub fn undo_import(&self, id: i64) {
        let operation = self.import(id)["operation_id"].as_i64().unwrap();
        if let Undo::Job(job) = undo(&self.engine, &self.admin(), operation).unwrap() {
            let job = run_now(&self.engine, &[Arc::new(UndoJob)], job).unwrap();
            assert_eq!(job.state, "done", "{:?}", job.error);
        }
    }

    /// Runs a statement that no part of the program would: to break things on purpose.
    pub fn execute(&self, sql: &str) {
        self.engine.write(|tx| tx.execute(sql, &[]).map_err(record_engine::EngineError::from)).unwrap();
    }
}

/// The text of a field; empty when there is none.
pub fn text(record: &Record, field: &str) -> String {
    record.value(field).as_str().unwrap_or_default().to_owned()
}

/// The values of the channels of a kind, with their labels.
pub fn channels(record: &Record, kind: &str) -> Vec<(String, String)> {
    let part = |entry: &Json, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let entries = record.value("channels").as_array().cloned().unwrap_or_default();
    entries
        .iter()
        .filter(|entry| entry["kind"] == kind)
        .map(|entry| (part(entry, "value"), part(entry, "label")))
        .collect()
}

/// The counts of a report, without those that are zero.
pub fn counts(report: &Json) -> Json {
    let filled = report.as_object().unwrap().iter().filter(|(_, count)| count.as_u64().is_some_and(|count| count > 0));
    Json::Object(filled.map(|(name, count)| (name.clone(), count.clone())).collect())
}

/// Whether a report of an import adds up.
pub fn adds_up(report: &Json) -> bool {
    let of = |name: &str| report[name].as_u64().unwrap();
    of("read") == of("created") + of("updated") + of("unchanged") + of("skipped") + of("failed")
}
