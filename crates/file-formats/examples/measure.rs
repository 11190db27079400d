//! Speed and peak memory of reading and writing: `cargo run --release --example measure -- 100000`.

#![expect(clippy::print_stdout, reason = "a command line program")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use file_formats::{OutCell, ReadOptions, WriteKind, create, open};

const COLUMNS: usize = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let rows = match std::env::args().nth(1) {
        Some(rows) => rows.parse()?,
        None => 100_000,
    };
    let folder = tempfile::tempdir()?;
    let csv = WriteKind::Csv { delimiter: ';', bom: true };
    for (name, kind) in [("table.csv", csv), ("table.xlsx", WriteKind::Xlsx)] {
        let path = folder.path().join(name);
        let start = Instant::now();
        write(&path, kind, rows)?;
        report(&format!("write {name}"), rows, start);
        let start = Instant::now();
        let count = read(&path)?;
        report(&format!("read {name}"), count, start);
    }
    for path in std::env::args().skip(2) {
        let start = Instant::now();
        let count = read(Path::new(&path))?;
        report(&path, count, start);
    }
    Ok(())
}

fn write(path: &Path, kind: WriteKind, rows: u64) -> Result<(), Box<dyn Error>> {
    let headers: Vec<String> = (0..COLUMNS).map(|column| format!("Поле {column}")).collect();
    let mut writer = create(path, kind, "Контакты", &headers)?;
    for row in 0..rows {
        let cells: Vec<OutCell> =
            (0..COLUMNS).map(|column| OutCell::Text(format!("Значение {row}-{column}"))).collect();
        writer.write_row(&cells)?;
    }
    Ok(writer.finish()?)
}

fn read(path: &Path) -> Result<u64, Box<dyn Error>> {
    let mut reader = open(path, &ReadOptions::default())?;
    let mut rows = 0;
    while reader.next_row()?.is_some() {
        rows += 1;
    }
    Ok(rows)
}

fn report(what: &str, rows: u64, start: Instant) {
    let elapsed = start.elapsed();
    #[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
    let per_second = rows as f64 / elapsed.as_secs_f64();
    println!(
        "{what}: {rows} rows in {:.2} s, {per_second:.0} rows/s, peak so far {} kB",
        elapsed.as_secs_f64(),
        peak_kilobytes().unwrap_or_default()
    );
}

/// The peak of resident memory, where the system tells it.
fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
