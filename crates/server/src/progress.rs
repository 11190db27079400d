//! Progress on standard error: one line that is rewritten on a terminal, a line now and then in a log.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a terminal is refreshed.
const ON_TERMINAL: Duration = Duration::from_millis(200);
/// How often a log gets a line.
const IN_LOG: Duration = Duration::from_secs(10);

/// The progress of one piece of work.
pub(crate) struct Progress {
    what: &'static str,
    started: Instant,
    shown: Instant,
    is_terminal: bool,
    is_shown: bool,
}

impl Progress {
    /// Progress of what, in the words of the line: "contacts".
    pub(crate) fn new(what: &'static str) -> Progress {
        let now = Instant::now();
        Progress { what, started: now, shown: now, is_terminal: std::io::stderr().is_terminal(), is_shown: false }
    }

    /// Shows how much is done, not more often than anybody reads.
    pub(crate) fn show(&mut self, done: u64, total: Option<u64>) {
        let every = if self.is_terminal { ON_TERMINAL } else { IN_LOG };
        if self.shown.elapsed() >= every {
            self.shown = Instant::now();
            self.write(done, total);
        }
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) {
        if self.is_shown && self.is_terminal {
            eprintln!();
        }
    }

    /// Seconds since the beginning.
    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn write(&mut self, done: u64, total: Option<u64>) {
        let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
        let rate = done as f64 / self.seconds().max(0.001);
        let line = format!("{done}{of} {}, {rate:.0}/s", self.what);
        let mut out = std::io::stderr().lock();
        // Nobody to read it is no reason to stop the work.
        let _ = if self.is_terminal { write!(out, "\r{line}   ") } else { writeln!(out, "{line}") };
        self.is_shown = true;
    }
}
