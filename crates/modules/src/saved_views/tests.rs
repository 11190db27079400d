//! Who sees saved views: their maker, and nobody else.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use record_engine::access::Access;
use record_engine::catalog::{ObjectType, USER_TYPE};
use record_engine::engine::{EngineOptions, Snapshot};
use record_engine::query::{ListQuery, Sort, get, list};
use record_engine::write::{Change, NoRules, apply_one};
use record_engine::{Clock, Engine, EngineError, RequestContext, Role, Source, Values};
use serde_json::{Value as Json, json};
use test_kit::for_each_backend;

use super::object_type;

struct Base {
    engine: Engine,
    object_type: Arc<ObjectType>,
    _files: tempfile::TempDir,
}

impl Base {
    fn new(database: &test_kit::TestDatabase) -> Base {
        let files = tempfile::tempdir().unwrap();
        // The rule "mine" refers to users, of whom this module otherwise knows nothing.
        let users = record_engine::catalog::ObjectTypeDefinition { name: USER_TYPE, rules: &NoRules, ..object_type() };
        let options = EngineOptions {
            definitions: vec![Arc::new(users), Arc::new(object_type())],
            access: Arc::new(|_: &mut dyn database::Query, _: &Snapshot, id| {
                Ok(Some(Access::standard(id, Role::Employee)))
            }),
            migrations: Vec::new(),
            clock: Clock::fixed(1_700_000_000_000),
            files: files.path().into(),
            secret_key: files.path().join("secret.key"),
            backups: None,
        };
        let engine = Engine::open(database.open(), options).unwrap();
        let object_type = engine.snapshot().object_type("saved_view").unwrap();
        Base { engine, object_type, _files: files }
    }

    fn user(&self, id: i64, role: Role) -> RequestContext {
        RequestContext::user(id, role, Source::Web, self.engine.clock())
    }

    fn change(&self, context: &RequestContext, change: Change) -> Result<i64, EngineError> {
        let snapshot = self.engine.snapshot();
        self.engine.write(|tx| {
            let (outcome, _) = apply_one(tx, snapshot.writer(), context, &self.object_type, change.clone())?;
            Ok(outcome.id())
        })
    }

    fn save(&self, context: &RequestContext, name: &str, position: i64) -> i64 {
        let definition = json!({ "filter": "warmth = hot", "sort": "-updated_at" }).to_string();
        let values = [
            ("name", json!(name)),
            ("object_type", json!("contact")),
            ("definition", json!(definition)),
            ("position", json!(position)),
        ];
        self.change(context, Change::Create { values: values_of(&values) }).unwrap()
    }

    fn names(&self, context: &RequestContext, query: &ListQuery) -> Vec<String> {
        let page = self.engine.database().read(|tx| list(tx, context, &self.object_type, query)).unwrap();
        page.records.iter().map(|record| record.value("name").as_str().unwrap().to_owned()).collect()
    }
}

fn values_of(values: &[(&str, Json)]) -> Values {
    values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

#[test]
fn a_view_is_private_even_to_administrators() {
    for_each_backend(|database| {
        let base = Base::new(&database);
        let maria = base.user(2, Role::Employee);
        let hot = base.save(&maria, "Горячие", 2);
        base.save(&maria, "Мои новые", 1);
        let by_position = ListQuery { sort: Sort::parse("position"), ..ListQuery::default() };
        assert_eq!(base.names(&maria, &by_position), ["Мои новые", "Горячие"]);

        for role in [Role::Administrator, Role::Supervisor, Role::Employee] {
            let other = base.user(1, role);
            let own = base.save(&other, "Своё", 1);
            assert_eq!(base.names(&other, &by_position), ["Своё"]);
            let search = ListQuery { search: Some("Горячие".into()), ..ListQuery::default() };
            assert!(base.names(&other, &search).is_empty());
            let found = base.engine.database().read(|tx| get(tx, &other, &base.object_type, hot)).unwrap();
            assert!(found.is_none());
            let refused = [
                Change::Update { id: hot, base_version: None, values: values_of(&[("name", json!("Чужое"))]) },
                Change::Delete { id: hot, base_version: None },
            ];
            for change in refused {
                assert!(matches!(base.change(&other, change), Err(EngineError::NotFound)));
            }
            base.change(&other, Change::Delete { id: own, base_version: None }).unwrap();
        }
        assert_eq!(base.names(&maria, &by_position).len(), 2);
    });
}

#[test]
fn its_maker_changes_deletes_and_restores_it() {
    for_each_backend(|database| {
        let base = Base::new(&database);
        let maria = base.user(2, Role::Employee);
        let hot = base.save(&maria, "Горячие", 1);
        let rename = values_of(&[("name", json!("Горячие клиенты"))]);
        base.change(&maria, Change::Update { id: hot, base_version: Some(1), values: rename }).unwrap();
        assert_eq!(base.names(&maria, &ListQuery::default()), ["Горячие клиенты"]);
        base.change(&maria, Change::Delete { id: hot, base_version: None }).unwrap();
        let trash = ListQuery { is_trash: true, ..ListQuery::default() };
        assert_eq!(base.names(&maria, &trash), ["Горячие клиенты"]);
        assert!(base.names(&base.user(1, Role::Administrator), &trash).is_empty());
        base.change(&maria, Change::Restore { id: hot }).unwrap();
        assert_eq!(base.names(&maria, &ListQuery::default()), ["Горячие клиенты"]);
    });
}

#[test]
fn a_shared_view_is_seen_by_all_and_changed_by_its_maker_and_administrators() {
    for_each_backend(|database| {
        let base = Base::new(&database);
        let (maria, other) = (base.user(2, Role::Employee), base.user(3, Role::Supervisor));
        let hot = base.save(&maria, "Горячие", 1);
        let share = |sharing: &str| Change::Update {
            id: hot,
            base_version: None,
            values: values_of(&[("sharing", json!(sharing))]),
        };
        let rename =
            || Change::Update { id: hot, base_version: None, values: values_of(&[("name", json!("Свои"))]) };
        base.change(&maria, share("all")).unwrap();
        assert_eq!(base.names(&other, &ListQuery::default()), ["Горячие"]);
        assert!(matches!(base.change(&other, rename()), Err(EngineError::Forbidden)));
        base.change(&base.user(1, Role::Administrator), rename()).unwrap();
        base.change(&maria, share("private")).unwrap();
        assert!(base.names(&other, &ListQuery::default()).is_empty());
        assert!(matches!(base.change(&base.user(1, Role::Administrator), rename()), Err(EngineError::NotFound)));
    });
}
