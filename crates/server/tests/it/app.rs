//! A running application over a database of its own: the real router behind the real accept loop on a free port.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use http_api::{ApiConfig, ApiState, ServerLimits};
use identity::{Client, NewUser, Secret, SetupRequest};
use kartoteka::http_client::{Answer, Connection};
use kartoteka::installation::{Installation, Place, administrator, job_handlers, webhook_senders};
use modules::webhooks::Dispatcher;
use record_engine::jobs::Workers;
use record_engine::{Clock, Engine, Role};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use test_kit::TestDatabase;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// The password of all users of the tests.
pub const PASSWORD: &str = "a long enough secret";
/// How long a test waits for what must come soon.
pub const SOON: Duration = Duration::from_secs(30);

/// See the module. Dropping it fails the test when a job still waits or runs.
pub struct App {
    pub engine: Engine,
    pub address: SocketAddr,
    pub data: TempDir,
    /// Removed after everything that uses it.
    _database: Option<TestDatabase>,
    place: Place,
    clock: Clock,
    is_set_up: bool,
    workers: Option<Workers>,
    dispatcher: Option<Dispatcher>,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<Runtime>,
    installation: Installation,
}

/// Runs a test on a fresh application with an administrator, once on each kind of database.
pub fn for_each_app(test: impl Fn(&App)) {
    test_kit::for_each_backend(|database| test(&App::new(database)));
}

impl App {
    /// An application whose first administrator exists.
    pub fn new(database: TestDatabase) -> App {
        App::with_clock(database, Clock::system())
    }

    /// The same at the time of a clock.
    pub fn with_clock(database: TestDatabase, clock: Clock) -> App {
        let mut app = App::unset(database, clock);
        app.set_up();
        app
    }

    /// An application as it is after its first start.
    pub fn unset(database: TestDatabase, clock: Clock) -> App {
        App::with_limits(database, clock, ServerLimits::default())
    }

    pub fn with_limits(database: TestDatabase, clock: Clock, limits: ServerLimits) -> App {
        let data = TempDir::with_prefix("kartoteka-app-").unwrap();
        let place = Place::new(data.path(), Some(&database.url));
        App::at(place, data, Some(database), clock, limits)
    }

    /// Another process over the same installation; it must end before this one.
    pub fn beside(&self) -> App {
        let data = TempDir::with_prefix("kartoteka-beside-").unwrap();
        let mut app = App::at(self.place.clone(), data, None, self.clock.clone(), ServerLimits::default());
        app.is_set_up = self.is_set_up;
        app
    }

    fn at(place: Place, data: TempDir, database: Option<TestDatabase>, clock: Clock, limits: ServerLimits) -> App {
        let installation = place.open(clock.clone()).unwrap();
        let engine = installation.engine.clone();
        let workers = Workers::start(&engine, job_handlers(true), 2).unwrap();
        let dispatcher = Dispatcher::start(&webhook_senders(&engine, true)).unwrap();
        // Stand-ins of services outside are on this machine.
        let config = ApiConfig {
            allows_local_services: true,
            directory_patience: Duration::from_secs(3),
            ..ApiConfig::default()
        };
        let state = ApiState::new(engine.clone(), config).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let shutdown = async {
                // A dropped sender means the same.
                let _ = stopped.await;
            };
            http_api::serve(listener, http_api::router(state), limits, shutdown).await.unwrap();
        });
        App {
            engine,
            address,
            data,
            _database: database,
            place,
            clock,
            is_set_up: false,
            workers: Some(workers),
            dispatcher: Some(dispatcher),
            stop: Some(stop),
            runtime: Some(runtime),
            installation,
        }
    }

    /// Makes its first administrator.
    pub fn set_up(&mut self) {
        let request = SetupRequest {
            token: identity::create_setup_token(&self.engine).unwrap().unwrap(),
            company_name: "Карпати Буд".into(),
            country: "UA".into(),
            language: "uk".into(),
            name: "Олена Ковальчук".into(),
            login: "administrator".into(),
            password: Secret::new(PASSWORD),
        };
        let client = Client { address: Ipv4Addr::LOCALHOST.into(), user_agent: None };
        identity::complete_setup(&self.engine, &request, &client).unwrap();
        self.is_set_up = true;
    }

    /// A connection that is not logged in.
    pub fn anonymous(&self) -> User {
        User { id: 0, connection: Connection::new(self.address) }
    }

    /// The first administrator, logged in.
    pub fn administrator(&self) -> User {
        assert!(self.is_set_up);
        self.log_in("administrator")
    }

    /// A new user of a role, logged in.
    pub fn with_user(&self, role: Role) -> User {
        static COUNTER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let login = format!("{}{number}", role.key());
        let user = NewUser {
            name: format!("Користувач {number}"),
            login: login.clone(),
            email: None,
            password: Secret::new(PASSWORD),
            roles: vec![self.engine.database().read(|tx| identity::built_in_role(tx, role)).unwrap()],
            language: Some("uk".into()),
            time_zone: None,
            employment: identity::Employment::default(),
        };
        identity::create_user(&self.engine, &administrator(1, &self.engine), &user).unwrap();
        self.log_in(&login)
    }

    /// Another session of a user.
    pub fn log_in(&self, login: &str) -> User {
        let mut connection = Connection::new(self.address);
        connection.log_in(login, PASSWORD).unwrap();
        let session = connection.get("/api/v1/session").unwrap().json();
        User { id: session["user"]["id"].as_i64().unwrap(), connection }
    }

    /// Every row of every table that holds business data, as one text: two equal texts mean that nothing changed.
    pub fn content(&self) -> String {
        content_of(&self.engine, &["operations", "changes", "files"])
    }

    /// Whether a job waits or runs.
    pub fn has_open_jobs(&self) -> bool {
        self.open_jobs() > 0
    }

    fn open_jobs(&self) -> i64 {
        use database::Query;
        let sql = "SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'running')";
        self.engine.database().read(|tx| tx.query_one(sql, &[])?.integer(0)).unwrap()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let open_jobs = if std::thread::panicking() { 0 } else { self.open_jobs() };
        if let Some(stop) = self.stop.take() {
            // The server may have ended by itself.
            let _ = stop.send(());
        }
        drop(self.workers.take());
        drop(self.dispatcher.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
        self.installation.engine.database().close();
        assert_eq!(open_jobs, 0, "the test left jobs behind");
    }
}

/// The rows of all record tables and of some others, each table sorted.
pub fn content_of(engine: &Engine, others: &[&str]) -> String {
    use database::Query;
    let snapshot = engine.snapshot();
    let mut tables: Vec<String> = others.iter().map(|table| (*table).to_owned()).collect();
    for object_type in &snapshot.catalog.object_types {
        tables.push(object_type.table().to_owned());
        tables.push(object_type.search_table());
        let children = object_type.value_fields().filter(|field| field.behaviour().child_table().is_some());
        tables.extend(children.map(|field| object_type.child_table(field)));
    }
    let mut text = String::new();
    for table in tables {
        let columns = columns_of(engine, &table).join(", ");
        let sql = format!("SELECT {columns} FROM {}", database::quote_identifier(&table));
        let rows = engine.database().read(|tx| tx.query(&sql, &[])).unwrap();
        let mut lines: Vec<String> = rows.iter().map(|row| format!("{table} {:?}\n", row.values())).collect();
        lines.sort();
        text.extend(lines);
    }
    text
}

/// The columns of a table, quoted.
pub fn columns_of(engine: &Engine, table: &str) -> Vec<String> {
    use database::{Backend, Query};
    let sql = match engine.database().backend() {
        Backend::Sqlite => "SELECT name FROM pragma_table_info(?) ORDER BY cid",
        Backend::Postgres => {
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position"
        }
    };
    let rows = engine.database().read(|tx| tx.query(sql, &[table.into()])).unwrap();
    rows.iter().map(|row| database::quote_identifier(row.text_str(0).unwrap())).collect()
}

/// A logged-in user, or a stranger.
pub struct User {
    pub id: i64,
    pub connection: Connection,
}

/// Checks the status of an answer, shows the body when it is another, gives the body.
#[track_caller]
pub fn expect(answer: &Answer, status: u16) -> Json {
    assert_eq!(answer.status, status, "{}", answer.text());
    answer.json()
}

impl User {
    #[track_caller]
    pub fn get(&mut self, path: &str) -> Answer {
        self.connection.get(&api(path)).unwrap()
    }

    #[track_caller]
    pub fn post(&mut self, path: &str, body: &Json) -> Answer {
        self.connection.json("POST", &api(path), body).unwrap()
    }

    #[track_caller]
    pub fn patch(&mut self, path: &str, body: &Json) -> Answer {
        self.connection.json("PATCH", &api(path), body).unwrap()
    }

    #[track_caller]
    pub fn put(&mut self, path: &str, body: &Json) -> Answer {
        self.connection.json("PUT", &api(path), body).unwrap()
    }

    #[track_caller]
    pub fn delete(&mut self, path: &str) -> Answer {
        self.connection.send("DELETE", &api(path), &[], &[]).unwrap()
    }

    /// A JSON request with more headers.
    #[track_caller]
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &Json) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.connection.send(method, &api(path), &all, body.to_string().as_bytes()).unwrap()
    }

    /// Sends bytes as an upload.
    #[track_caller]
    pub fn upload(&mut self, path: &str, bytes: &[u8]) -> Answer {
        self.connection.send("POST", &api(path), &[("content-type", "application/octet-stream")], bytes).unwrap()
    }

    /// Creates a contact; gives the record.
    #[track_caller]
    pub fn create_contact(&mut self, values: Json) -> Json {
        let answer = self.post("/records/contact", &json!({ "values": values }));
        expect(&answer, 201)["record"].clone()
    }

    /// The ids of a list of contacts.
    #[track_caller]
    pub fn contact_ids(&mut self, query: &str) -> Vec<i64> {
        let page = expect(&self.get(&format!("/records/contact?limit=200&{query}")), 200);
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
    }

    /// Waits until a job has ended; gives it.
    #[track_caller]
    pub fn wait_for_job(&mut self, job: &Json) -> Json {
        let id = job["id"].as_i64().unwrap_or_else(|| panic!("no job: {job}"));
        let mut ended = Json::Null;
        until(|| {
            ended = expect(&self.get(&format!("/jobs/{id}")), 200);
            matches!(ended["state"].as_str(), Some("done" | "failed" | "cancelled"))
        });
        ended
    }
}

fn api(path: &str) -> String {
    format!("/api/v1{path}")
}

/// A text for a query string.
pub fn encoded(text: &str) -> String {
    kartoteka::bench::percent_encoded(text)
}

/// Asks again and again until something is so; fails the test when it does not become so.
#[track_caller]
pub fn until(mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < SOON, "it did not become so");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The codes of field errors with their pointers, sorted.
pub fn field_errors(body: &Json) -> Vec<(String, String)> {
    let mut errors: Vec<(String, String)> = body["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| (error["pointer"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned()))
        .collect();
    errors.sort();
    errors
}
