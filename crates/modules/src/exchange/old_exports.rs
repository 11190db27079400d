//! Files of exports whose time is over: they hold what people may since have purged, so they do not lie about for ever.

use database::Query;
use record_engine::Engine;
use record_engine::error::Result;

use super::export::{FILE_JOBS, Finished};

/// How long the file of a finished export can be downloaded. The web client hides the link after the same time.
const KEEP_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// Removes the files of exports that ended more than a week ago; gives how many.
///
/// # Errors
/// Those of the database and of the file system.
pub fn remove_old_exports(engine: &Engine) -> Result<usize> {
    const OLD: &str = "SELECT id, position FROM jobs WHERE kind IN (?, ?, ?) AND finished_at < ? AND position IS NOT NULL ORDER BY id";
    const ELSEWHERE: &str = "SELECT (SELECT COUNT(*) FROM files WHERE hash = ?) + \
        (SELECT COUNT(*) FROM jobs WHERE kind IN (?, ?, ?) AND position LIKE ?)";
    let before = engine.clock().now_ms() - KEEP_MS;
    let kinds = FILE_JOBS.map(Into::into);
    let hashes = engine.write(|tx| {
        let mut left = Vec::new();
        for row in tx.query(OLD, &[kinds.as_slice(), &[before.into()]].concat())? {
            let id = row.integer(0)?;
            tx.execute("UPDATE jobs SET position = NULL WHERE id = ?", &[id.into()])?;
            let finished: Option<Finished> = serde_json::from_str(row.text_str(1)?).ok();
            let Some(Finished { hash, .. }) = finished else { continue };
            // The store keeps equal bytes once: another export, or a file of a record, may be the same.
            let holders = [[hash.as_str().into()].as_slice(), &kinds, &[format!("%{hash}%").into()]].concat();
            if tx.query_one(ELSEWHERE, &holders)?.integer(0)? == 0 {
                left.push(hash);
            }
        }
        Ok::<_, record_engine::EngineError>(left)
    })?;
    for hash in &hashes {
        let path = engine.files().path(hash);
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(hashes.len())
}
