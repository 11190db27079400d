//! The interface over a fresh database with a made-up object type, and callers of every role.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use http_api::{ApiConfig, ApiState, router};
use http_body_util::BodyExt;
use identity::{Client, LoggedIn, NewUser, PasswordHash, PasswordStep, Secret, built_in_role, insert_user, log_in};
use record_engine::access::{AccessPolicy, Grants, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, USER_TYPE};
use record_engine::engine::EngineOptions;
use record_engine::field_types::{
    ChoiceSettings, FieldKind, FileSettings, NumberSettings, ReferenceSettings, TextSettings,
};
use record_engine::write::NoRules;
use record_engine::{Clock, Engine, RequestContext, Role};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;
use tower::ServiceExt;

/// 2026-11-22T08:00:00Z.
pub const NOW: i64 = 1_795_334_400_000;
pub const PASSWORD: &str = "correct horse battery";

pub struct App {
    pub engine: Engine,
    pub router: Router,
    pub administrator: User,
    pub supervisor: User,
    pub employee: User,
    pub other: User,
    _folder: tempfile::TempDir,
    _database: TestDatabase,
}

#[derive(Clone)]
pub struct User {
    pub id: i64,
    pub cookie: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Json,
}

/// Runs an asynchronous test on each kind of database.
pub fn for_each_app<F: Future<Output = ()>>(test: impl Fn(Arc<App>) -> F) {
    test_kit::for_each_backend(|database| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let app = Arc::new(App::new(database, ApiConfig::default()));
        // The last owner of a PostgreSQL connection may not be a task: closing one blocks.
        runtime.block_on(test(app.clone()));
    });
}

/// A card: private to its managers unless it is shared; its secret is not for employees.
pub fn card_type() -> ObjectTypeDefinition {
    let field = |name: &'static str, kind: FieldKind| FieldDefinition::new(name, [name; 3], kind);
    let text = || FieldKind::Text(TextSettings { max_length: 100 });
    let employee = Grants {
        see: Rows::Matching("managers has me or shared != no"),
        change: Rows::Matching("managers has me or shared = write"),
        delete: Rows::Matching("managers has me"),
        create: true,
        export: false,
        hidden_fields: &["secret"],
        read_only_fields: &[],
    };
    ObjectTypeDefinition {
        name: "card",
        labels: ["Card"; 3],
        labels_plural: ["Cards"; 3],
        icon: "card",
        title_field: "name",
        is_importable: false,
        is_system: false,
        fields: vec![
            field("name", text()).required().indexed().searched(),
            field("position", text()),
            field("secret", text()),
            field("amount", FieldKind::Number(NumberSettings::default())),
            field(
                "shared",
                FieldKind::Choice(ChoiceSettings::of(&[
                    ("no", ["No"; 3], None),
                    ("read", ["Read"; 3], None),
                    ("write", ["Write"; 3], None),
                ])),
            )
            .default("no"),
            field("managers", FieldKind::ReferenceSet(ReferenceSettings::to(USER_TYPE))),
            field("contract", FieldKind::File(FileSettings::default())),
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

impl App {
    pub fn new(test: TestDatabase, config: ApiConfig) -> App {
        let folder = tempfile::tempdir().unwrap();
        let mut definitions = modules::object_types();
        definitions.extend(identity::object_types().into_iter().chain([card_type()]).map(Arc::new));
        let options = EngineOptions {
            definitions,
            access: Arc::new(identity::StoredAccess),
            migrations: [identity::MIGRATIONS, mail::MIGRATIONS, &modules::migrations()].concat(),
            clock: Clock::fixed(NOW),
            files: folder.path().join("files"),
            secret_key: folder.path().join("secret.key"),
            backups: None,
        };
        let engine = Engine::open(test.open(), options).unwrap();
        identity::ensure_roles(&engine).unwrap();
        let state = ApiState::new(engine.clone(), config).unwrap();
        let hash = PasswordHash::new(&Secret::new(PASSWORD)).unwrap();
        let user = |login: &str, role: Role| make_user(&engine, &hash, login, role);
        App {
            router: router(state),
            administrator: user("olena", Role::Administrator),
            supervisor: user("serhii", Role::Supervisor),
            employee: user("taras", Role::Employee),
            other: user("iryna", Role::Employee),
            engine,
            _folder: folder,
            _database: test,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn call(
        &self,
        user: Option<&User>,
        method: Method,
        path: &str,
        body: Option<Json>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(user) = user {
            request = request.header("cookie", &user.cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        read(self.send(request.body(body).unwrap()).await).await
    }

    pub async fn get(&self, user: &User, path: &str) -> Answer {
        self.call(Some(user), Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, user: &User, path: &str, body: Json) -> Answer {
        self.call(Some(user), Method::POST, path, Some(body), &[]).await
    }

    pub async fn patch(&self, user: &User, path: &str, body: Json, headers: &[(&str, &str)]) -> Answer {
        self.call(Some(user), Method::PATCH, path, Some(body), headers).await
    }

    /// Makes a card and answers its id.
    pub async fn card(&self, user: &User, values: Json) -> i64 {
        let answer = self.post(user, "/records/card", json!({ "values": values })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json["record"]["id"].as_i64().unwrap()
    }
}

pub async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer {
        status: parts.status,
        headers: parts.headers,
        json: serde_json::from_str(&text).unwrap_or(Json::Null),
        text,
    }
}

fn make_user(engine: &Engine, hash: &PasswordHash, login: &str, role: Role) -> User {
    let new = NewUser {
        name: format!("{login} the {}", role.key()),
        login: login.into(),
        email: None,
        password: Secret::new(PASSWORD),
        roles: vec![engine.database().read(|tx| built_in_role(tx, role)).unwrap()],
        language: Some("uk".into()),
        time_zone: None,
        employment: identity::Employment::default(),
    };
    let context = RequestContext::system(engine.clock());
    let snapshot = engine.snapshot();
    let created = engine.write(|tx| insert_user(tx, &snapshot, &context, &new, hash)).unwrap();
    let client = Client { address: [127, 0, 0, 1].into(), user_agent: None };
    let step = log_in(engine, login, &Secret::new(PASSWORD), &client).unwrap();
    let PasswordStep::Done(LoggedIn::Open(session)) = step else {
        panic!("{login} has no second step");
    };
    User { id: created.id, cookie: format!("kartoteka_session={}", session.token.expose()) }
}
