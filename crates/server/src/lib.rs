//! The program: one binary that serves the API with the web client, and does from the command line what an operator needs.
//!
//! It wires the other crates together and holds no rule of its own: `import` and `export` run the same job handlers as the API, `demo` writes
//! through the engine's write path, `check` reads what the engine wrote.
//!
//! What must stay true: standard output carries what was asked for (an address, a report), standard error carries progress and complaints; a
//! command that failed says why in one sentence and ends with a code other than 0.

pub mod arguments;
pub mod backup;
pub mod bench;
pub mod check;
pub mod demo;
pub mod export;
pub mod failure;
pub mod http_client;
pub mod import;
pub mod installation;
mod job_run;
mod logging;
mod progress;
mod serve;

use std::process::ExitCode;

use arguments::{Arguments, Command};
pub use failure::{Failure, Result};

/// Runs a command; answers the exit code: 0 done, 1 failed, 2 wrong arguments, 3 done but something was left out.
pub fn run(arguments: Arguments) -> ExitCode {
    // A server tells of its life; a command speaks only when something is wrong.
    logging::start(if matches!(arguments.command, Command::Serve(_)) { "info" } else { "warn" });
    match dispatch(arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("kartoteka: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<ExitCode> {
    let place = arguments.place();
    match arguments.command {
        Command::Serve(options) => serve::run(&place, &options),
        Command::Import(options) => import::run(&place, &options),
        Command::Export(options) => export::run(&place, &options),
        Command::Backup(options) => backup::back_up(&place, &options.file),
        Command::Restore(options) => backup::restore(&place, &options.file, options.force),
        Command::Check(options) => check::run(&place, &options),
        Command::Demo(options) => demo::run(&place, &options),
        Command::Bench(options) => bench::run(arguments.database.as_deref(), &options),
    }
}
