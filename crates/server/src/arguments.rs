//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::installation::Place;

/// A CRM in one binary and one file.
#[derive(Debug, Parser)]
#[command(name = "kartoteka", version, about, propagate_version = true)]
pub struct Arguments {
    /// The folder of the installation: database, key, files, backups.
    #[arg(long, global = true, env = "KARTOTEKA_DATA", default_value = "./data", value_name = "DIR")]
    pub data: PathBuf,
    /// The database, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`; a SQLite file in the folder of the installation by default.
    #[arg(long, global = true, env = "KARTOTEKA_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// The file with the key of secrets at rest; `secret.key` in the folder of the installation by default, made at the first start.
    #[arg(long, global = true, env = "KARTOTEKA_SECRET_KEY_FILE", value_name = "FILE")]
    pub secret_key_file: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// Where the installation is.
    pub fn place(&self) -> Place {
        Place::new(&self.data, self.database.as_deref()).with_secret_key(self.secret_key_file.as_deref())
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the web client and the API.
    Serve(ServeOptions),
    /// Bring a file of contacts in: XLSX, XLS, ODS, CSV or vCard.
    Import(ImportOptions),
    /// Write contacts to a file.
    Export(ExportOptions),
    /// Write a consistent copy of the database to a new file while the program runs.
    Backup(FileOption),
    /// Put a backup in the place of the database.
    Restore(RestoreOptions),
    /// Check that the database is whole and agrees with itself.
    Check(CheckOptions),
    /// Fill an empty installation with believable contacts.
    Demo(DemoOptions),
    /// Measure the budgets beside the bare SQL on the same file.
    Bench(BenchOptions),
}

/// Options of `check`.
#[derive(Args, Debug)]
pub struct CheckOptions {
    /// A line of the program's log that tells where the audit log ended then; once for each line to compare with.
    #[arg(long, value_name = "LINE")]
    pub audit_end: Vec<String>,
}

/// Options of `serve`.
#[derive(Args, Debug)]
pub struct ServeOptions {
    /// Address and port to listen at.
    #[arg(long, env = "KARTOTEKA_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Browsers reach the program over TLS, which a proxy in front of it ends.
    #[arg(long, env = "KARTOTEKA_HTTPS")]
    pub https: bool,
    /// A proxy of your own stands in front: its `X-Forwarded-For` names the client.
    #[arg(long, env = "KARTOTEKA_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Where browsers reach the program, such as https://crm.example.org: links in letters begin with it, and passkeys are made for it. Else the settings say it.
    #[arg(long, env = "KARTOTEKA_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Services that an administrator names (the mail server, the address service) may be in the local network.
    #[arg(long, env = "KARTOTEKA_ALLOW_LOCAL_SERVICES")]
    pub allow_local_services: bool,
    /// Jobs (imports, mass edits) that run at the same time.
    #[arg(long, env = "KARTOTEKA_JOBS", default_value_t = 2, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub jobs: u8,
}

/// What an import does with rows that are new, and with rows that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Known ones are updated, the others created.
    CreateAndUpdate,
    /// Known ones are left alone.
    CreateOnly,
    /// New ones are left out.
    UpdateOnly,
}

impl Mode {
    /// The key of the API.
    pub fn key(self) -> &'static str {
        match self {
            Mode::CreateAndUpdate => "create_and_update",
            Mode::CreateOnly => "create_only",
            Mode::UpdateOnly => "update_only",
        }
    }
}

/// What an import does with a row of which only a phone or e-mail is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnPartial {
    /// Leave it out.
    Skip,
    /// Update the contact that has the phone or e-mail.
    Update,
    /// Create a contact that shares it.
    CreateShared,
}

impl OnPartial {
    /// The key of the API.
    pub fn key(self) -> &'static str {
        match self {
            OnPartial::Skip => "skip",
            OnPartial::Update => "update",
            OnPartial::CreateShared => "create_shared",
        }
    }
}

/// Options of `import`.
#[derive(Args, Debug)]
pub struct ImportOptions {
    /// The file.
    pub file: PathBuf,
    /// What the rows are.
    #[arg(long = "type", default_value = "contact", value_name = "TYPE")]
    pub object_type: String,
    /// In whose name; the program itself when nobody is named.
    #[arg(long, value_name = "LOGIN")]
    pub as_user: Option<String>,
    /// What to do with known and new rows.
    #[arg(long, value_enum, default_value = "create-and-update")]
    pub mode: Mode,
    /// What to do with rows of which only a phone or e-mail is known.
    #[arg(long, value_enum, default_value = "skip")]
    pub on_partial: OnPartial,
    /// Only say what would happen.
    #[arg(long)]
    pub check: bool,
    /// Where to write the rows that were left out, with their causes (.xlsx or .csv).
    #[arg(long, value_name = "FILE")]
    pub failed_rows: Option<PathBuf>,
}

/// Formats of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// Comma-separated values, UTF-8.
    Csv,
    /// vCard 3.0.
    Vcard,
}

impl Format {
    /// The key of the API.
    pub fn key(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
            Format::Vcard => "vcard",
        }
    }
}

/// Options of `export`.
#[derive(Args, Debug)]
pub struct ExportOptions {
    /// The format.
    #[arg(long, value_enum)]
    pub format: Format,
    /// Which records, in the filter language: `kind = company and addresses.city = "Київ"`.
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    /// What the records are.
    #[arg(long = "type", default_value = "contact", value_name = "TYPE")]
    pub object_type: String,
    /// In whose name; the program itself when nobody is named.
    #[arg(long, value_name = "LOGIN")]
    pub as_user: Option<String>,
    /// The file to write; it must not exist.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
}

/// A file.
#[derive(Args, Debug)]
pub struct FileOption {
    /// The file.
    pub file: PathBuf,
}

/// Options of `restore`.
#[derive(Args, Debug)]
pub struct RestoreOptions {
    /// The backup.
    pub file: PathBuf,
    /// Move a database that is in use aside instead of refusing.
    #[arg(long)]
    pub force: bool,
}

/// Options of `demo`.
#[derive(Args, Debug)]
pub struct DemoOptions {
    /// How many contacts.
    #[arg(long, default_value_t = 5_000, value_name = "COUNT")]
    pub contacts: u64,
    /// Which of the possible bases; the same seed gives the same contacts.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Password of the demo users; a random one is printed when none is given.
    #[arg(long, env = "KARTOTEKA_DEMO_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
}

/// Options of `bench`.
#[derive(Args, Clone, Debug)]
pub struct BenchOptions {
    /// How many contacts the base holds. `--database` names an empty PostgreSQL database to measure instead of SQLite.
    #[arg(long, default_value_t = 100_000, value_name = "COUNT")]
    pub contacts: u64,
    /// Which of the possible bases.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Rows of the import that is measured.
    #[arg(long, default_value_t = 20_000, value_name = "COUNT")]
    pub import_rows: u64,
    /// Events of the audit log that are written and then looked for.
    #[arg(long, default_value_t = 100_000, value_name = "COUNT")]
    pub events: u64,
    /// Runs of each measurement.
    #[arg(long, default_value_t = 200, value_name = "COUNT")]
    pub runs: u64,
    /// Where to keep the base; an earlier one of the same size is used again. A temporary folder when none is given.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Only these parts, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    pub only: Vec<BenchPart>,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// A part of `bench`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BenchPart {
    /// Cards, pages, searches through the engine.
    Reads,
    /// Creating and changing.
    Writes,
    /// A workbook.
    Import,
    /// The search for duplicates in the whole base.
    Duplicates,
    /// Groups by a rule, merges, a change of up to a million cards and its undo.
    Many,
    /// The audit log with many events.
    Audit,
    /// The program over HTTP.
    Server,
    /// Deals, tasks and events over HTTP; only when it is named, for it takes a base of its own, with a million tasks and half as
    /// many deals.
    Work,
}

impl BenchOptions {
    /// Whether a part is to be measured.
    pub fn measures(&self, part: BenchPart) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Whether the base has deals, tasks and events, and they are measured.
    pub fn measures_work(&self) -> bool {
        self.only.contains(&BenchPart::Work)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
