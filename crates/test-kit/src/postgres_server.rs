//! One private PostgreSQL server for all tests of a user.
//!
//! Test processes find it through a port file and take turns, under a file lock, to
//! look whether it answers and to start it when it does not. It keeps nothing: its
//! files live in the temporary directory and are not flushed to disk.

use std::{
    env,
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

/// The variable that names a server to use instead of a private one.
const ADDRESS_VARIABLE: &str = "KARTOTEKA_TEST_POSTGRES";

/// Durability costs time and protects nothing here. The default collation is a
/// linguistic one, so that a text column without an explicit `COLLATE "C"` shows.
const SERVER_OPTIONS: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off \
    -c max_connections=300 -c shared_buffers=64MB -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c log_min_messages=warning";

const INSTALL_HINT: &str = "install PostgreSQL 15 or newer (Debian: apt-get install postgresql), \
    or set KARTOTEKA_TEST_POSTGRES to the address of a server, \
    or set KARTOTEKA_TEST_BACKENDS=sqlite";

/// The address of a database on the server.
pub(crate) fn url_of(database: &str) -> String {
    let (server, parameters) = split_parameters(admin_url());
    let authority_start = server.find("://").map_or(0, |at| at + 3);
    let base = match server.get(authority_start..).and_then(|rest| rest.find('/')) {
        Some(at) => server.get(..authority_start + at).unwrap_or(server),
        None => server,
    };
    format!("{base}/{database}{parameters}")
}

/// Runs a statement outside a transaction in the administrative database.
pub(crate) fn run_sql(sql: &str) {
    if let Err(error) = try_sql(sql) {
        panic!("PostgreSQL refused {sql:?}: {error}");
    }
}

/// Like [`run_sql`], but gives the complaint of the server.
pub(crate) fn try_sql(sql: &str) -> Result<(), String> {
    let output = psql(admin_url(), sql);
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn split_parameters(url: &str) -> (&str, &str) {
    url.find('?').and_then(|at| url.split_at_checked(at)).unwrap_or((url, ""))
}

/// The address of the administrative database of a server that answers.
fn admin_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| env::var(ADDRESS_VARIABLE).unwrap_or_else(|_| find_or_start()))
}

fn find_or_start() -> String {
    let directory = env::temp_dir().join(format!("kartoteka-test-postgres-{}", user_id()));
    fs::create_dir_all(&directory).expect("a directory for the PostgreSQL server of the tests");
    let lock = File::create(directory.join("lock")).expect("the lock of the PostgreSQL server");
    lock.lock().expect("the lock of the PostgreSQL server");

    let port_file = directory.join("port");
    let known_port = fs::read_to_string(&port_file).unwrap_or_default();
    if !known_port.is_empty() && answers(&known_port) {
        return url_at(&known_port);
    }
    let port = start(&directory);
    fs::write(&port_file, &port).expect("the port file of the PostgreSQL server");
    url_at(&port)
}

fn url_at(port: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

fn answers(port: &str) -> bool {
    psql(&url_at(port), "SELECT 1").status.success()
}

/// Starts a server with new files on a free port.
fn start(directory: &Path) -> String {
    // What an earlier server left may be unusable, since it is never flushed to disk.
    let data = directory.join("data");
    if data.exists() {
        run(server_command("pg_ctl", directory).args(["stop", "-s", "-m", "immediate", "-D"]).arg(&data));
        fs::remove_dir_all(&data).expect("the files of an earlier server can be removed");
    }
    if user_id() == "0" {
        // PostgreSQL refuses to run as root.
        run(Command::new("chown").arg("postgres").arg(directory));
    }
    initialise(directory, &data);

    let port = free_port();
    let output = run(server_command("pg_ctl", directory)
        .args(["start", "-s", "-w", "-D"])
        .arg(&data)
        .arg("-l")
        .arg(directory.join("log"))
        .args(["-o", &format!("-p {port} {SERVER_OPTIONS}")]));
    assert!(output.status.success(), "PostgreSQL did not start, see {}", directory.join("log").display());
    port
}

fn initialise(directory: &Path, data: &Path) {
    let initdb = |locale: &[&str]| {
        run(server_command("initdb", directory)
            .args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"])
            .args(locale)
            .arg("-D")
            .arg(data))
    };
    let with_linguistic_order = initdb(&["--locale=C", "--locale-provider=icu", "--icu-locale=und"]);
    if with_linguistic_order.status.success() {
        return;
    }
    let output = initdb(&["--locale=C"]);
    assert!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr));
}

/// A command of the server, run as a user that PostgreSQL accepts.
fn server_command(program: &str, directory: &Path) -> Command {
    let program = find_program(program);
    let mut command = if user_id() == "0" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(directory);
    command
}

fn psql(url: &str, sql: &str) -> Output {
    run(Command::new(find_program("psql"))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        .env("PGCONNECT_TIMEOUT", "10"))
}

/// Runs a command to its end. The output goes through a file, because a server that
/// inherited a pipe would keep it, and with it the test, open.
fn run(command: &mut Command) -> Output {
    let errors = tempfile::NamedTempFile::new().expect("a temporary file");
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(errors.reopen().expect("a temporary file"))
        .status()
        .unwrap_or_else(|error| panic!("{command:?} cannot be run ({error}): {INSTALL_HINT}"));
    Output { status, stdout: Vec::new(), stderr: fs::read(errors.path()).unwrap_or_default() }
}

/// Looks in `PATH` and in Debian's directories, newest version first.
fn find_program(name: &str) -> PathBuf {
    let mut directories: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort();
    directories.extend(versions.into_iter().rev());
    directories
        .into_iter()
        .map(|directory| directory.join(name))
        .find(|program| program.is_file())
        .unwrap_or_else(|| panic!("{name} was not found: {INSTALL_HINT}"))
}

fn free_port() -> String {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
        .to_string()
}

/// The number of the user that runs the tests.
fn user_id() -> &'static str {
    static ID: OnceLock<String> = OnceLock::new();
    ID.get_or_init(|| {
        let output = Command::new("id").arg("-u").output().expect("the id command");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    })
}
