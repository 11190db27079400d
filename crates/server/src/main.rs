//! The binary: reads the arguments, runs one command of the library, turns its result into an exit code.

use std::process::ExitCode;

use clap::Parser;
use kartoteka::arguments::Arguments;
use mimalloc::MiMalloc;

/// Records are many small texts; the allocator of the C library spends a quarter of a list's time on them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    kartoteka::run(Arguments::parse())
}
