//! A made-up object type with a field of every kind, and an engine over it.

use std::path::Path;
use std::sync::Arc;

use database::Query;
use record_engine::access::{Access, AccessPolicy, Grants, RoleGrant, Rows};
use record_engine::catalog::{CalendarPart, FieldDefinition, ObjectTypeDefinition, USER_TYPE, labels};
use record_engine::engine::{EngineOptions, Snapshot};
use record_engine::field_types::*;
use record_engine::files::{StoredFile, insert};
use record_engine::query::{ListQuery, Page, Sort, list};
use record_engine::write::{Change, NoRules, Outcome, apply_one};
use record_engine::{Clock, Engine, EngineError, Record, RequestContext, Role, Source, Values};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

/// 2026-11-22T08:00:00Z.
pub const NOW: i64 = 1_795_334_400_000;

pub struct Bench {
    pub engine: Engine,
    pub clock: Clock,
    files: tempfile::TempDir,
    database: TestDatabase,
}

pub fn for_each_bench(test: impl Fn(&Bench)) {
    test_kit::for_each_backend(|database| test(&Bench::new(database)));
}

pub fn user_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: USER_TYPE,
        labels: ["User"; 3],
        labels_plural: ["Users"; 3],
        icon: "user",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: vec![
            FieldDefinition::new("name", ["Name"; 3], FieldKind::Text(TextSettings::default())).indexed(),
            FieldDefinition::new("role", ["Role"; 3], FieldKind::Text(TextSettings::default())),
            FieldDefinition::new("is_active", ["Active"; 3], FieldKind::Checkbox).default(true),
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

/// Stages of two lines; one that is lost asks why.
pub fn stages() -> ChoiceSettings {
    let keys = ["first", "won", "lost", "begun", "over"];
    let mut stages = ChoiceSettings::of(&keys.map(|key| (key, [key; 3], None))).meaning(
        &["open", "won", "lost"],
        &[("first", "open"), ("won", "won"), ("lost", "lost"), ("begun", "open"), ("over", "won")],
    );
    stages.within = Some("line".into());
    for (keys, line) in [(&keys[..3], "north"), (&keys[3..], "south")] {
        for key in keys {
            stages.set(key, |traits| traits.within = Some(line.into()));
        }
    }
    stages.set("lost", |traits| traits.requires = vec!["story".into()]);
    stages
}

pub fn thing_type() -> ObjectTypeDefinition {
    let field = |name: &'static str, kind: FieldKind| FieldDefinition::new(name, [name; 3], kind);
    let options =
        || ChoiceSettings::of(&[("red", ["Red"; 3], None), ("green", ["Green"; 3], None), ("blue", ["Blue"; 3], None)]);
    let label = |key: &str| ChannelLabel { key: key.into(), labels: labels(["L"; 3]) };
    let kind = |key: &str, format, is_unique| ChannelKind {
        key: key.into(),
        labels: labels(["K"; 3]),
        format,
        is_unique,
        links: String::new(),
    };
    let employee = Grants {
        see: Rows::Matching("team has me or flag = true"),
        change: Rows::Matching("team has me"),
        delete: Rows::Matching("team has me"),
        hidden_fields: &["secret"],
        ..Grants::ALL
    };
    ObjectTypeDefinition {
        name: "thing",
        labels: ["Thing"; 3],
        labels_plural: ["Things"; 3],
        icon: "box",
        title_field: "name",
        is_importable: true,
        is_system: false,
        fields: vec![
            field("name", FieldKind::Text(TextSettings { max_length: 100 })).required().indexed().searched(),
            field("story", FieldKind::LongText(TextSettings { max_length: 500 })).searched(),
            field(
                "weight",
                FieldKind::Number(NumberSettings { decimals: 3, is_exact: true, ..NumberSettings::default() }),
            ),
            field("amount", FieldKind::Number(NumberSettings { decimals: 2, ..NumberSettings::default() })).indexed(),
            field("price", FieldKind::Money(MoneySettings::default())).indexed(),
            field("flag", FieldKind::Checkbox).indexed(),
            field("day", FieldKind::Date).indexed(),
            field("moment", FieldKind::DateTime).indexed().in_calendar(CalendarPart::Begins),
            field("until", FieldKind::DateTime).indexed().in_calendar(CalendarPart::Ends),
            field("page", FieldKind::Link),
            field("again", FieldKind::Recurrence),
            field("color", FieldKind::Choice(options())).indexed().listed_by("moment"),
            field("colors", FieldKind::ChoiceSet(options())),
            field(
                "line",
                FieldKind::Choice(ChoiceSettings::of(&[("north", ["North"; 3], None), ("south", ["South"; 3], None)])),
            ),
            field("stage", FieldKind::Choice(stages())).indexed().listed_by("updated_at"),
            field(
                "parent",
                FieldKind::Reference(ReferenceSettings {
                    target: "thing".into(),
                    target_filter: None,
                    is_hierarchy: true,
                    is_unique: false,
                }),
            )
            .indexed(),
            field(
                "has_red_child",
                FieldKind::Referred(ReferredSettings {
                    by: "parent".into(),
                    only: Some(("color".into(), "red".into())),
                    of: None,
                }),
            )
            .group("system")
            .read_only(),
            field("team", FieldKind::ReferenceSet(ReferenceSettings::to(USER_TYPE))).in_calendar(CalendarPart::People),
            field("paper", FieldKind::File(FileSettings::default())),
            field(
                "channels",
                FieldKind::Channels(ChannelsSettings {
                    kinds: vec![
                        kind("phone", ChannelFormat::Phone, true),
                        kind("email", ChannelFormat::Email, true),
                        kind("website", ChannelFormat::Url, false),
                    ],
                    channel_labels: vec![label("work"), label("home")],
                }),
            )
            .searched(),
            field("addresses", FieldKind::Addresses(AddressesSettings { address_labels: vec![label("office")] })),
            field("secret", FieldKind::Text(TextSettings::default())),
        ],
        sections: Vec::new(),
        default_columns: &["name"],
        default_sort: "-updated_at",
        membership: None,
        done_by: None,
        part_of: &[],
        access: AccessPolicy::fixed(Grants::ALL, Grants::ALL, employee),
        rules: &NoRules,
    }
}

/// A type whose fields point to things; employees see none of its records.
pub fn note_type() -> ObjectTypeDefinition {
    let field = |name: &'static str, kind: FieldKind| FieldDefinition::new(name, [name; 3], kind);
    ObjectTypeDefinition {
        name: "note",
        labels: ["Note"; 3],
        labels_plural: ["Notes"; 3],
        icon: "note",
        title_field: "text",
        is_importable: false,
        is_system: false,
        fields: vec![
            field("text", FieldKind::Text(TextSettings { max_length: 100 })),
            field("about", FieldKind::Reference(ReferenceSettings::to("thing"))).indexed(),
            field("seen_too", FieldKind::Reference(ReferenceSettings::to("thing"))),
            field("members", FieldKind::ReferenceSet(ReferenceSettings::to("thing"))),
        ],
        sections: Vec::new(),
        default_columns: &["text"],
        default_sort: "id",
        membership: None,
        done_by: None,
        part_of: &[],
        access: AccessPolicy::fixed(
            Grants::ALL,
            Grants::ALL,
            Grants { see: Rows::Nothing, change: Rows::Nothing, delete: Rows::Nothing, ..Grants::ALL },
        ),
        rules: &NoRules,
    }
}

/// The built-in role in the column of a user; without one the first is the administrator of [`Bench::admin`], the others employees. The people of each
/// are all who are active.
pub fn access_of(tx: &mut dyn Query, _: &Snapshot, id: i64) -> Result<Option<Access>, EngineError> {
    let sql = "SELECT role, is_active FROM \"user\" WHERE id = ?";
    let Some(row) = tx.query_optional(sql, &[id.into()])?.filter(|row| row.boolean(1).unwrap_or(false)) else {
        return Ok(None);
    };
    let role = row.optional_text(0)?.as_deref().and_then(Role::from_key);
    let role = role.unwrap_or(if id == 1 { Role::Administrator } else { Role::Employee });
    let active = tx.query("SELECT id FROM \"user\" WHERE is_active = ? ORDER BY id", &[true.into()])?;
    let people = active.iter().map(|row| Ok(row.integer(0)?)).collect::<Result<Vec<i64>, EngineError>>()?;
    Ok(Some(Access::new(vec![Arc::new(RoleGrant::standard(role))], people.into(), Arc::default())))
}

fn open_engine(database: &TestDatabase, clock: &Clock, files: &Path) -> Engine {
    Engine::open(
        database.open(),
        EngineOptions {
            definitions: vec![Arc::new(user_type()), Arc::new(thing_type()), Arc::new(note_type())],
            access: Arc::new(access_of),
            migrations: Vec::new(),
            clock: clock.clone(),
            files: files.to_owned(),
            secret_key: files.join("secret.key"),
            backups: None,
        },
    )
    .unwrap()
}

impl Bench {
    pub fn new(database: TestDatabase) -> Bench {
        let files = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(NOW);
        let engine = open_engine(&database, &clock, files.path());
        let bench = Bench { engine, clock, files, database };
        for name in ["Олена", "Дмитро", "Марія"] {
            bench
                .try_apply(&bench.system(), "user", Change::Create { values: values(json!({ "name": name })) })
                .unwrap();
        }
        bench
    }

    /// Another engine over the same database, as after a new start.
    pub fn reopened(&self) -> Engine {
        open_engine(&self.database, &self.clock, self.files.path())
    }

    pub fn system(&self) -> RequestContext {
        RequestContext::system(&self.clock)
    }

    pub fn user(&self, id: i64, role: Role) -> RequestContext {
        RequestContext::user(id, role, Source::Web, &self.clock)
    }

    pub fn admin(&self) -> RequestContext {
        self.user(1, Role::Administrator)
    }

    pub fn employee(&self) -> RequestContext {
        self.user(2, Role::Employee)
    }

    pub fn try_apply(
        &self,
        context: &RequestContext,
        object_type: &str,
        change: Change,
    ) -> Result<(Outcome, Option<i64>), EngineError> {
        let snapshot = self.engine.snapshot();
        let object_type = snapshot.object_type(object_type)?;
        self.clock.advance(1_000);
        let mut context = context.clone();
        context.now_ms = self.clock.now_ms();
        self.engine.write(|tx| apply_one(tx, snapshot.writer(), &context, &object_type, change.clone()))
    }

    /// Records a stored file without bytes: its size, and the pixels of a picture.
    pub fn store_file(&self, id: &str, size: i64, pixels: Option<(i64, i64)>) {
        let (hash, name, media_type) = (id.to_owned(), id.to_owned(), String::from("image/png"));
        let file = StoredFile { id: id.into(), hash, name, size, media_type, user_id: Some(1), pixels };
        self.engine.write(|tx| insert(tx, &self.admin(), &file)).unwrap();
    }

    pub fn create(&self, fields: Json) -> i64 {
        self.try_apply(&self.admin(), "thing", Change::Create { values: values(fields) }).unwrap().0.id()
    }

    pub fn update(&self, id: i64, fields: Json) -> Option<i64> {
        self.try_apply(&self.admin(), "thing", Change::Update { id, base_version: None, values: values(fields) })
            .unwrap()
            .1
    }

    pub fn get(&self, context: &RequestContext, id: i64) -> Option<Record> {
        let object_type = self.engine.snapshot().object_type("thing").unwrap();
        self.engine.database().read(|tx| record_engine::query::get(tx, context, &object_type, id)).unwrap()
    }

    /// A record as it stands, whoever may see it, in the trash or not.
    pub fn stored(&self, object_type: &str, id: i64) -> Record {
        let object_type = self.engine.snapshot().object_type(object_type).unwrap();
        let found =
            self.engine.database().read(|tx| record_engine::query::load_records(tx, &object_type, &[id], false));
        found.unwrap().remove(&id).unwrap()
    }

    pub fn list(&self, context: &RequestContext, filter: &str, sort: &str) -> Result<Page, EngineError> {
        let object_type = self.engine.snapshot().object_type("thing").unwrap();
        let filter = record_engine::access::compile(filter, &object_type, context)?;
        let query = ListQuery { filter, sort: Sort::parse(sort), limit: 200, ..ListQuery::default() };
        self.engine.database().read(|tx| list(tx, context, &object_type, &query))
    }

    pub fn ids(&self, context: &RequestContext, filter: &str) -> Vec<i64> {
        let mut ids: Vec<i64> =
            self.list(context, filter, "id").unwrap().records.iter().map(|record| record.id).collect();
        ids.sort_unstable();
        ids
    }

    pub fn rows(&self, sql: &str) -> i64 {
        self.engine.database().read(|tx| tx.query_one(sql, &[])?.integer(0)).unwrap()
    }
}

pub fn values(fields: Json) -> Values {
    fields.as_object().cloned().unwrap_or_default().into_iter().collect()
}

/// The codes and places of field errors.
pub fn errors(result: Result<(Outcome, Option<i64>), EngineError>) -> Vec<(String, String)> {
    match result {
        Err(EngineError::Invalid(errors)) => errors.into_iter().map(|error| (error.pointer, error.code)).collect(),
        other => panic!("expected field errors, got {other:?}"),
    }
}
