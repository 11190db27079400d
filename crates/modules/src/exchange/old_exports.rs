//! Files of exports whose time is over: they hold what people may since have purged, so they do not lie about for ever.

use record_engine::Engine;
use record_engine::error::Result;

use super::file_job::{release, remove_unheld};

/// How long the file of a finished export can be downloaded. The web client hides the link after the same time.
const KEEP_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// Removes the files of exports that ended more than a week ago; gives how many.
///
/// # Errors
/// Those of the database and of the file system.
pub fn remove_old_exports(engine: &Engine) -> Result<usize> {
    let before = engine.clock().now_ms() - KEEP_MS;
    let hashes = engine.write(|tx| release(tx, " AND finished_at < ?", &[before.into()]))?;
    remove_unheld(engine, &hashes)?;
    Ok(hashes.len())
}
