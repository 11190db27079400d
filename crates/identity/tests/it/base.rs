//! An installation for one test: an engine with users, a clock that stands still, an administrator.

use std::sync::Arc;

use database::Query;
use identity::{
    Client, IdentityError, LoggedIn, NewSession, NewUser, OpenSecondStep, PasswordStep, ProviderClient, Secret,
    Session, SetupRequest,
};
use record_engine::engine::EngineOptions;
use record_engine::write::{Change, Outcome, apply_one};
use record_engine::{Clock, Engine, EngineError, RequestContext, Role, Source, Values, outbox};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

pub const MINUTE_MS: i64 = 60_000;
pub const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
pub const START_MS: i64 = 1_700_000_000_000;
pub const PASSWORD: &str = "зелений чай уранці";

/// What asks providers; these tests have none.
pub fn providers() -> ProviderClient {
    ProviderClient::new("test", true)
}

pub struct Base {
    pub engine: Engine,
    pub clock: Clock,
    pub files: tempfile::TempDir,
    pub database: TestDatabase,
}

impl Base {
    /// Nobody has set it up yet.
    pub fn fresh(database: TestDatabase) -> Base {
        let clock = Clock::fixed(START_MS);
        let files = tempfile::tempdir().unwrap();
        let engine = open(&database, &clock, &files);
        Base { engine, clock, files, database }
    }

    /// With the administrator `olena`, who is user 1.
    pub fn new(database: TestDatabase) -> Base {
        let base = Base::fresh(database);
        let token = identity::create_setup_token(&base.engine).unwrap().unwrap();
        identity::complete_setup(&base.engine, &setup_request(&token), &client()).unwrap();
        base
    }

    /// A second process on the same database.
    pub fn other_process(&self) -> Engine {
        open(&self.database, &self.clock, &self.files)
    }

    pub fn administrator(&self) -> RequestContext {
        RequestContext::user(1, Role::Administrator, Source::Web, &self.clock)
    }

    pub fn add_user(&self, login: &str, role: Role) -> i64 {
        identity::create_user(&self.engine, &self.administrator(), &new_user(login, role)).unwrap().id
    }

    pub fn log_in(&self, login: &str, password: &str) -> Result<NewSession, IdentityError> {
        self.log_in_from(login, password, "192.0.2.7")
    }

    pub fn log_in_from(&self, login: &str, password: &str, address: &str) -> Result<NewSession, IdentityError> {
        match identity::log_in(&self.engine, login, &Secret::new(password), &client_at(address))? {
            PasswordStep::Done(LoggedIn::Open(session)) => Ok(session),
            other => panic!("{login}: {other:?}"),
        }
    }

    /// The right password of somebody who has a second step.
    pub fn first_step(&self, login: &str) -> OpenSecondStep {
        match identity::log_in(&self.engine, login, &Secret::new(PASSWORD), &client_at("192.0.2.7")).unwrap() {
            PasswordStep::Done(LoggedIn::SecondStep(step)) => step,
            other => panic!("{login}: {other:?}"),
        }
    }

    pub fn session(&self, session: &NewSession) -> Option<Session> {
        identity::authenticate(&self.engine, &session.token).unwrap()
    }

    pub fn is_open(&self, session: &NewSession) -> bool {
        self.session(session).is_some()
    }

    /// A change through the record API, with the rights of the actor.
    pub fn patch_user(&self, context: &RequestContext, id: i64, values: Json) -> Result<Outcome, EngineError> {
        let change = Change::Update { id, base_version: None, values: values_of(&values) };
        self.change_user(context, change)
    }

    pub fn change_user(&self, context: &RequestContext, change: Change) -> Result<Outcome, EngineError> {
        let snapshot = self.engine.snapshot();
        let object_type = snapshot.object_type("user")?;
        self.engine.write(|tx| {
            apply_one(tx, snapshot.writer(), context, &object_type, change.clone()).map(|(outcome, _)| outcome)
        })
    }

    /// The users whose sessions were said to have ended.
    pub fn ended(&self) -> Vec<i64> {
        let events = self.engine.database().read(|tx| outbox::read_after(tx, 0, 1_000)).unwrap();
        let ended = events.iter().filter(|event| event.topic == "session_ended");
        ended.map(|event| event.payload["user_id"].as_i64().unwrap()).collect()
    }

    /// Everything that stands in the text columns of the tables of this crate.
    pub fn stored_texts(&self) -> String {
        let tables = [
            "SELECT login_key, password_hash FROM user_credentials",
            "SELECT token_hash, user_agent FROM sessions",
            "SELECT token_hash, NULL FROM setup_tokens",
            "SELECT subject, NULL FROM login_attempts",
            "SELECT sealed_key, NULL FROM code_generators",
            "SELECT name, credential_id FROM passkeys",
            "SELECT code_hash, NULL FROM recovery_codes",
            "SELECT ticket_hash, data FROM sign_in_tickets",
            "SELECT topic, payload FROM outbox",
            "SELECT old_value, new_value FROM changes",
            "SELECT name, value FROM settings",
            "SELECT login, name FROM \"user\"",
        ];
        let rows = tables.map(|sql| self.engine.database().read(|tx| tx.query(sql, &[])).unwrap());
        format!("{rows:?}")
    }
}

fn open(database: &TestDatabase, clock: &Clock, files: &tempfile::TempDir) -> Engine {
    let options = EngineOptions {
        definitions: identity::object_types().into_iter().map(Arc::new).collect(),
        access: Arc::new(identity::StoredAccess),
        migrations: [identity::MIGRATIONS, mail::MIGRATIONS].concat(),
        clock: clock.clone(),
        files: files.path().into(),
        secret_key: files.path().join("secret.key"),
        backups: None,
    };
    let engine = Engine::open(database.open(), options).unwrap();
    identity::ensure_roles(&engine).unwrap();
    engine
}

pub fn client_at(address: &str) -> Client {
    Client { address: address.parse().unwrap(), user_agent: Some("Firefox".into()) }
}

pub fn client() -> Client {
    Client { address: "192.0.2.1".parse().unwrap(), user_agent: None }
}

pub fn values_of(json: &Json) -> Values {
    json.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The record of a built-in role: they are made first, in this order.
pub fn role_id(role: Role) -> i64 {
    match role {
        Role::Administrator => 1,
        Role::Supervisor => 2,
        Role::Employee => 3,
    }
}

pub fn new_user(login: &str, role: Role) -> NewUser {
    let body = json!({ "name": format!("Користувач {login}"), "login": login, "password": PASSWORD, "roles": [role_id(role)] });
    serde_json::from_value(body).unwrap()
}

pub fn setup_request(token: &Secret) -> SetupRequest {
    serde_json::from_value(json!({
        "token": token.expose(), "company_name": "Карпати Буд", "country": "PL", "language": "ru",
        "name": "Олена Ковальчук", "login": "olena", "password": PASSWORD,
    }))
    .unwrap()
}

/// The pointers and codes of a refusal.
pub fn problems<T: std::fmt::Debug>(result: Result<T, IdentityError>) -> Vec<(String, String)> {
    match result {
        Err(IdentityError::Engine(error)) => engine_problems::<T>(Err(error)),
        other => panic!("no refusal: {other:?}"),
    }
}

pub fn engine_problems<T: std::fmt::Debug>(result: Result<T, EngineError>) -> Vec<(String, String)> {
    match result {
        Err(EngineError::Invalid(errors)) => errors.into_iter().map(|error| (error.pointer, error.code)).collect(),
        other => panic!("no refusal: {other:?}"),
    }
}

/// Seconds that a throttled guess has to wait.
pub fn wait_of<T: std::fmt::Debug>(result: Result<T, IdentityError>) -> i64 {
    match result {
        Err(IdentityError::Throttled { retry_after_s }) => retry_after_s,
        other => panic!("not throttled: {other:?}"),
    }
}

pub fn is_wrong(result: &Result<NewSession, IdentityError>) -> bool {
    matches!(result, Err(IdentityError::WrongCredentials))
}

pub fn problem(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}
