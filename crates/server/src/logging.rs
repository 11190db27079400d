//! Logging to standard error; `KARTOTEKA_LOG` chooses what, for example `info` or `http_api=debug,warn`.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging; `default` says what is logged when nothing else is asked for. A second call, from a test for example, changes nothing.
pub(crate) fn start(default: &str) {
    let filter = EnvFilter::try_from_env("KARTOTEKA_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let logging = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = logging.with_ansi(std::io::stderr().is_terminal()).try_init();
    if let Err(error) = started {
        tracing::debug!(%error, "logging was started before");
    }
}
