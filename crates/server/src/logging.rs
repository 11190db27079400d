//! Logging to standard error; `KARTOTEKA_LOG` chooses what, for example `info` or `http_api=debug,warn`.
//!
//! What must stay true: one event is one line, whatever it tells of, so that nobody writes lines of his own into the log. Nothing personal and no
//! secret is logged: requests by method and path, never with their query or body.

use std::io::{self, Write};

use record_engine::plain_text::escaped;
use tracing_subscriber::EnvFilter;

/// Starts logging; `default` says what is logged when nothing else is asked for. A second call, from a test for example, changes nothing.
pub(crate) fn start(default: &str) {
    let filter = EnvFilter::try_from_env("KARTOTEKA_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let logging = tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_ansi(false);
    if let Err(error) = logging.with_writer(|| OneLine(io::stderr())).try_init() {
        tracing::debug!(%error, "logging was started before");
    }
}

/// Writes each event, which comes in one piece, without line ends and control characters within.
struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let mut line = escaped(text.strip_suffix('\n').unwrap_or(&text), usize::MAX);
        line.push('\n');
        self.0.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn one_event_is_one_line() {
        let kept = Kept::default();
        let writer = kept.clone();
        let logging = tracing_subscriber::fmt().with_ansi(false).with_writer(move || OneLine(writer.clone())).finish();
        let path = "/x\r\n2026-11-23 INFO admin logged in\u{1b}[2J";
        tracing::subscriber::with_default(logging, || {
            tracing::warn!(path, cause = %path, "refused {path}");
            tracing::warn!("another");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(!text.contains('\r') && !text.contains('\u{1b}'), "{text}");
    }
}
