//! The running program from outside: how soon it answers after its start, how long answers take over HTTP, how much memory it takes.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use demo_data::DemoBase;

use super::base::{PASSWORD, Reader};
use super::memory::peak_mb;
use super::report::Report;
use super::timings::{Timings, timed};
use crate::http_client::Connection;
use crate::installation::Place;
use crate::{Failure, Result};

/// How long a start may take before it is given up.
const LONGEST_START: Duration = Duration::from_secs(60);

/// How long one question is asked.
const LONGEST_QUESTION: Duration = Duration::from_secs(20);

/// A running server; it is stopped when this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub started_in: Duration,
    /// What it printed before it was ready: among other things the set-up link.
    pub greeting: String,
}

impl Server {
    /// Starts the program on a free port and waits until it is ready.
    ///
    /// # Errors
    /// `Refused` when it ends or does not get ready in time.
    pub fn start(binary: &Path, data: &Path, database: Option<&str>) -> Result<Server> {
        Server::start_with(binary, data, database, &[])
    }

    /// [`Server::start`] with more arguments.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_with(binary: &Path, data: &Path, database: Option<&str>, more: &[&str]) -> Result<Server> {
        let started = Instant::now();
        let mut command = Command::new(binary);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).args(more);
        if let Some(database) = database {
            command.env("KARTOTEKA_DATABASE", database);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(Failure::at(binary))?;
        let out = child.stdout.take().ok_or_else(|| Failure::refused("the server has no output"))?;
        let mut out = BufReader::new(out);
        let mut line = String::new();
        out.read_line(&mut line)?;
        let address = line.split("://").nth(1).and_then(|rest| rest.trim().trim_end_matches('/').parse().ok());
        let Some(address) = address else {
            // It ended, and said why on standard error.
            child.kill()?;
            child.wait()?;
            return Err(Failure::refused("the server did not start"));
        };
        let mut server = Server { child, address, started_in: Duration::ZERO, greeting: String::new() };
        server.wait_until_ready(started)?;
        server.read_greeting(&mut out)?;
        Ok(server)
    }

    /// The id of the process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Kills the process at once, as a power cut would.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    fn wait_until_ready(&mut self, started: Instant) -> Result<()> {
        let mut connection = Connection::new(self.address);
        while started.elapsed() < LONGEST_START {
            if connection.get("/api/v1/health/ready").is_ok_and(|answer| answer.status == 200) {
                self.started_in = started.elapsed();
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err(Failure::refused("the server did not get ready"))
    }

    /// Reads the set-up link, which follows while there is no administrator.
    fn read_greeting(&mut self, out: &mut impl BufRead) -> Result<()> {
        let answer = Connection::new(self.address).get("/api/v1/setup")?;
        if answer.json().get("is_open") != Some(&serde_json::Value::Bool(true)) {
            return Ok(());
        }
        while !self.greeting.contains("/setup?token=") {
            if out.read_line(&mut self.greeting)? == 0 {
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            tracing::warn!(%error, "the server could not be stopped");
        }
    }
}

/// Measures the running program on the base.
pub(super) fn measure(
    binary: &Path,
    place: &Place,
    demo: DemoBase,
    reader: &Reader,
    requests: u64,
    report: &mut Report,
) -> Result<()> {
    let server = Server::start(binary, place.folder(), Some(place.database()))?;
    report.figure("start to first answer", server.started_in.as_secs_f64() * 1_000.0, "ms");
    if let Some(peak) = peak_mb(server.process()) {
        report.figure("memory of the server after its start, peak", peak, "MB");
    }
    let mut connection = Connection::new(server.address);
    connection.log_in(reader.login, PASSWORD)?;
    let page = connection.get("/api/v1/records/contact?limit=50")?.json();
    let ids: Vec<i64> = page
        .get("items")
        .and_then(|items| items.as_array())
        .into_iter()
        .flatten()
        .filter_map(|item| item.get("id")?.as_i64())
        .collect();
    let id = |run: u64| usize::try_from(run).ok().and_then(|run| ids.get(run % ids.len().max(1))).copied().unwrap_or(1);
    let name = |run: u64| {
        let name: String = demo.contact(run * 7 % demo.contacts.max(1)).last_name.chars().take(4).collect();
        if name.is_empty() { "пет".to_owned() } else { name }
    };
    let kinds: [(&str, &dyn Fn(u64) -> String); 4] = [
        ("over HTTP: card", &|run| format!("/api/v1/records/contact/{}", id(run))),
        ("over HTTP: page, newest change first", &|_| "/api/v1/records/contact?limit=50".into()),
        ("over HTTP: page of companies by name", &|_| {
            "/api/v1/records/contact?limit=50&sort=name&filter=kind%20%3D%20company".into()
        }),
        ("over HTTP: search by 4 letters of a name", &|run| {
            format!("/api/v1/search?limit=20&q={}", percent_encoded(&name(run)))
        }),
    ];
    for (what, path) in kinds {
        report.measure(what, ask(&mut connection, requests, path)?, None);
    }
    if let Some(peak) = peak_mb(server.process()) {
        report.figure("memory of the server under these requests, peak", peak, "MB");
    }
    Ok(())
}

/// Asks one question again and again; ends before its time when it takes too long.
pub(super) fn ask(connection: &mut Connection, requests: u64, path: &dyn Fn(u64) -> String) -> Result<Timings> {
    let started = Instant::now();
    let mut durations = Vec::new();
    for run in 0..requests {
        let (duration, answer) = timed(|| connection.get(&path(run)));
        let answer = answer?;
        if answer.status != 200 {
            return Err(Failure::refused(format!(
                "{} was answered with {}: {}",
                path(run),
                answer.status,
                answer.text()
            )));
        }
        durations.push(duration);
        if started.elapsed() > LONGEST_QUESTION {
            break;
        }
    }
    Ok(Timings::new(durations))
}

/// A text as a part of a query string.
pub fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
