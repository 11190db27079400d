//! The binary: reads the arguments, runs one command of the library, turns its result into an exit code.

use std::process::ExitCode;

use clap::Parser;
use kartoteka::arguments::Arguments;

fn main() -> ExitCode {
    kartoteka::run(Arguments::parse())
}
