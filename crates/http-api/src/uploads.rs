//! Uploads: a body of any size into a file, in constant memory, at a minimum pace, and nothing left behind when it breaks off.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncWriteExt, BufWriter};
use tokio::time::{Instant, timeout_at};

use crate::error::{ApiError, Result};
use crate::problem::Problem;
use crate::request::random_hex;
use crate::state::ApiState;

/// Gathers small pieces into writes of this many bytes.
const BUFFER_BYTES: usize = 256 * 1024;
/// A period of the minimum pace.
const PERIOD: Duration = Duration::from_secs(15);
/// Bytes that each period must bring; slower than the poorest mobile line means that nobody wants to finish.
const BYTES_OF_A_PERIOD: u64 = 16 * 1024;

/// A file on its way in. Dropped, it removes what has been written; the file store moves it away before that when all went well.
pub(crate) struct Incoming {
    path: PathBuf,
}

impl Incoming {
    /// A fresh name in the store's folder for uploads; nothing lies there yet.
    pub fn fresh(state: &ApiState) -> Incoming {
        Incoming { path: state.engine().files().incoming_path(&random_hex::<16>()) }
    }

    /// Where the bytes lie.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.path) {
            Ok(()) => {}
            // Kept: the file store has moved it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "an unfinished upload could not be removed; it is tried again later"),
        }
    }
}

/// Reads a body into a fresh file of the store's folder for uploads.
///
/// # Errors
/// `body_too_large`, `too_slow_upload`, `malformed_request` when the body breaks off, and those of the file system.
pub(crate) async fn receive(state: &ApiState, mut body: Body) -> Result<Incoming> {
    let limit = state.config().max_upload_bytes;
    let too_large = || ApiError::from(Problem::new("body_too_large").with("max", limit));
    if hyper::body::Body::size_hint(&body).lower() > limit {
        return Err(too_large());
    }
    let incoming = Incoming::fresh(state);
    let mut size: u64 = 0;
    let mut file = BufWriter::with_capacity(BUFFER_BYTES, create(&incoming.path).await?);
    let mut pace = Pace::start();
    loop {
        let frame = match timeout_at(pace.deadline, body.frame()).await {
            Ok(Some(frame)) => frame
                .map_err(|error| Problem::new("malformed_request").detail("the body broke off").caused_by(error))?,
            Ok(None) => break,
            Err(_) => return Err(Problem::new("too_slow_upload").into()),
        };
        let Ok(data) = frame.into_data() else { continue };
        size += data.len() as u64;
        if size > limit {
            return Err(too_large());
        }
        pace.count(data.len() as u64)?;
        file.write_all(&data).await?;
    }
    file.flush().await?;
    Ok(incoming)
}

/// A new file that only the program's own user may read.
async fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).await
}

/// The minimum pace of an upload.
struct Pace {
    deadline: Instant,
    bytes: u64,
}

impl Pace {
    fn start() -> Pace {
        Pace { deadline: Instant::now() + PERIOD, bytes: 0 }
    }

    /// Counts a piece; a period is over when it brought its share, and fails when it did not.
    fn count(&mut self, bytes: u64) -> Result<(), Problem> {
        self.bytes += bytes;
        if self.bytes >= BYTES_OF_A_PERIOD {
            *self = Pace::start();
        } else if Instant::now() >= self.deadline {
            return Err(Problem::new("too_slow_upload"));
        }
        Ok(())
    }
}
