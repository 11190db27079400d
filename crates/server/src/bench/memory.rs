//! The memory of a process, as Linux counts it.

use std::fs;
use std::path::PathBuf;

/// Resident memory of a process at its peak, in megabytes; `None` where the system does not say.
pub(crate) fn peak_mb(process: u32) -> Option<f64> {
    let status = fs::read_to_string(PathBuf::from("/proc").join(process.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1_024.0)
}

/// Forgets the peak of this process, so that the next one is that of what follows. Not every system allows it.
pub(crate) fn forget_peak() {
    if let Err(error) = fs::write("/proc/self/clear_refs", "5") {
        tracing::debug!(%error, "the peak of the memory cannot be reset");
    }
}
